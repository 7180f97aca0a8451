//! Whether a user who logs in is let in by Charmed Kratos: with an email address in the end, and
//! in spite of a phone number.
//!
//! Charmed Kratos' identity schema requires one, and its own mapper takes it only where the
//! provider says that it is verified, but for the kind microsoft. With a mapper of the
//! administrator's nothing can be told without running it.

use external_provider::Kind;

use super::entra::has_issuer_of_entra;
use super::subject::Subject;
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
            "this provider never says that an email is verified, so that Charmed Kratos' own \
             mapper takes none, and its schema requires one",
            Fix::set("@email-unverified.jsonnet"),
        ));
    }
    findings.extend(scope(subject));
    findings
}

/// What the scopes that are asked for bring, and do not bring.
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
        // No login works, or there is no address whatever the scope.
        Kind::Gitlab
        | Kind::Spotify
        | Kind::Twitch
        | Kind::Yander
        | Kind::Yandex
        | Kind::Vk
        | Kind::Dingtalk => return None,
    };
    if !of_email.iter().any(|scope| subject.asks_for(scope)) {
        let problem = format!("without {} there may be no email", of_email[0]);
        let suggestion = facts(subject.kind).scope.suggestion;
        return Some(Finding::new(
            Code::ScopeWithoutEmail,
            "scope",
            problem,
            Fix::set(super::scope::with(configured, of_email[0], suggestion)),
        ));
    }
    // Kratos leaves out `phone_number_verified` where it is false, and Charmed Kratos' own
    // mappers read it unguarded wherever there is a number.
    brings_phone_number(subject.kind, subject.settings).then(|| {
        Finding::new(
            Code::PhoneUnverified,
            "scope",
            "with phone a user whose number is not verified cannot log in: Charmed Kratos' own \
             mapper fails then",
            Fix::set(super::scope::without(
                configured,
                "phone",
                facts(subject.kind).scope.suggestion,
            )),
        )
    })
}
