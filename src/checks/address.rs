//! Whether Charmed Kratos lets a user in: there must be an email address, and a phone number must
//! not get in the way.
//!
//! Charmed Kratos' identity schema requires an email address. Its own mapper accepts one only if
//! the provider says that it is verified, except for the kind microsoft. If the administrator
//! gives another mapper, we cannot tell without running it.

use external_provider::Kind;

use super::entra::has_issuer_of_entra;
use super::subject::Subject;
use super::well_known::is_of_okta;
use crate::finding::{Code, Finding, Fix};
use crate::kinds::{brings_phone_number, facts};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    if subject.settings.jsonnet_mapper.is_some() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    // Seen at the real Kratos: `provider_spotify.go` and the like never set `email_verified`,
    // and Entra ID's tokens have none.
    if facts(subject.kind).never_verified || has_issuer_of_entra(subject) {
        findings.push(Finding::new(
            Code::NoAddress,
            "jsonnet_mapper",
            "this provider never says that an email address is verified, so Charmed Kratos' own \
             mapper ignores it, and nobody can log in without one",
            Fix::set("@email-unverified.jsonnet"),
        ));
    }
    // Its ID tokens have the address without `email_verified` (UsefulSoftwareCo/executor#1972). A
    // custom authorization server can be told to add it.
    if subject.has_issuer(is_of_okta) {
        findings.push(Finding::new(
            Code::AddressUnverified,
            "jsonnet_mapper",
            "Okta does not say that an email address is verified, unless a custom authorization \
             server adds email_verified, so Charmed Kratos' own mapper ignores it, and nobody can \
             log in without one",
            Fix::set("@email-unverified.jsonnet"),
        ));
    }
    findings.extend(scope(subject));
    findings
}

/// What is missing without some scopes, and what goes wrong with others.
fn scope(subject: &Subject<'_>) -> Option<Finding> {
    let configured = subject.settings.scope.as_deref();
    let of_email: &[&str] = match subject.kind {
        Kind::Generic
        | Kind::Auth0
        | Kind::Microsoft
        | Kind::Discord
        | Kind::Facebook
        | Kind::Apple
        | Kind::Netid => &["email"],
        Kind::Google => &["email", "https://www.googleapis.com/auth/userinfo.email"],
        Kind::Github => &["user:email", "user"],
        Kind::Slack => &["identity.email"],
        // Either no login works, or there is no address whatever the scope.
        Kind::Gitlab
        | Kind::Spotify
        | Kind::Twitch
        | Kind::Yander
        | Kind::Yandex
        | Kind::Vk
        | Kind::Dingtalk => return None,
    };
    if !of_email.iter().any(|scope| subject.asks_for(scope)) {
        let problem = format!(
            "without {} the provider may not give an email address",
            of_email[0]
        );
        let suggestion = facts(subject.kind).scope.suggestion;
        return Some(Finding::new(
            Code::ScopeWithoutEmail,
            "scope",
            problem,
            Fix::set(super::scope::with(configured, of_email[0], suggestion)),
        ));
    }
    // Kratos leaves out `phone_number_verified` if it is false, and Charmed Kratos' own mappers
    // read it without checking whenever there is a number.
    brings_phone_number(subject.kind, subject.settings).then(|| {
        Finding::new(
            Code::PhoneUnverified,
            "scope",
            "with phone, users whose number is not verified cannot log in: Charmed Kratos' own \
             mapper fails for them",
            Fix::set(super::scope::without(
                configured,
                "phone",
                facts(subject.kind).scope.suggestion,
            )),
        )
    })
}
