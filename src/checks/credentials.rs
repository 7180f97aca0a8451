//! Client ids and secrets that can be told to be wrong by how they look.

use super::{Subject, is_guid};
use crate::finding::{Code, Finding, Fix};
use crate::hooktools::SecretUri;
use crate::plain_scalar;
use crate::provider::{Kind, Shape};

/// What Google's secrets start with, and its client ids end in: its console shows them so.
const GOOGLE_SECRET: &str = "GOCSPX-";
const GOOGLE_ID: &str = ".apps.googleusercontent.com";

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let id = subject
        .settings
        .client_id
        .as_deref()
        .map(plain_scalar::meant);
    let secret = subject
        .secret
        .filter(|(option, _)| *option == "client_secret")
        .map(|(_, secret)| plain_scalar::meant(secret.expose()));
    let mut findings = Vec::new();
    let id_is_secret = id
        .as_deref()
        .is_some_and(|id| id.starts_with(GOOGLE_SECRET));
    if id_is_secret
        || secret
            .as_deref()
            .is_some_and(|secret| secret.ends_with(GOOGLE_ID))
    {
        let option = if id_is_secret {
            "client_id"
        } else {
            "client_secret"
        };
        findings.push(Finding::new(
            Code::CredentialsSwapped,
            option,
            "the client id and the client secret are swapped; a secret that was in client_id was \
             shown to many: make a new one",
            Fix::set_all([("client_id", "<client id>"), ("client_secret", "<secret>")]),
        ));
    }
    if let Some(id) = &id {
        findings.extend(client_id(subject, id));
    }
    findings.extend(tenant(subject, id.as_deref()));
    findings
}

/// What is wrong with a client id of this kind.
fn client_id(subject: &Subject<'_>, id: &str) -> Option<Finding> {
    let is_known_form = !matches!(subject.kind.shape(), Shape::Generic);
    let is_of_entra = subject.kind.shape() == Shape::Microsoft || subject.has_issuer_of_entra();
    let is_number = id.len() < 20 && id.bytes().all(|byte| byte.is_ascii_digit());
    let (code, problem, to) = if SecretUri::parse(id).is_some() {
        (
            Code::ClientIdMalformed,
            "that is the URI of a secret, and a client id is not secret",
            "<client id>",
        )
    } else if is_of_entra && id.starts_with("api://") {
        (
            Code::ClientIdMalformed,
            "that is the Application ID URI, and not the id of the client",
            "<Application (client) ID>",
        )
    } else if is_of_entra && !is_guid(id) {
        (
            Code::ClientIdMalformed,
            "a client id of Entra ID is a GUID",
            "<Application (client) ID>",
        )
    } else if subject.kind == Kind::Github && is_number {
        // The client id of an app starts with `Iv`, that of an OAuth app with `Ov` or is 20
        // characters long.
        (
            Code::ClientIdMalformed,
            "that is the App ID of a GitHub App, and not its client id",
            "<client id>",
        )
    } else if id.contains(char::is_whitespace) || id.contains("://") {
        let code = if is_known_form {
            Code::ClientIdMalformed
        } else {
            // Some servers take any text.
            Code::ClientIdOdd
        };
        (
            code,
            "a client id has no white space and is not a URL, with most providers",
            "<client id>",
        )
    } else {
        return None;
    };
    Some(Finding::new(code, "client_id", problem, Fix::set(to)))
}

/// What is wrong with a tenant of Entra ID, beside its form.
fn tenant(subject: &Subject<'_>, client_id: Option<&str>) -> Option<Finding> {
    let tenant = subject.settings.microsoft_tenant_id.as_deref();
    let tenant = tenant.filter(|_| subject.kind.shape() == Shape::Microsoft)?;
    let tenant = plain_scalar::meant(tenant).to_ascii_lowercase();
    if client_id.is_some_and(|id| id.eq_ignore_ascii_case(&tenant)) {
        return Some(Finding::new(
            Code::TenantIsClientId,
            "microsoft_tenant_id",
            "that is the client id, and not the tenant's",
            Fix::set(super::microsoft::TENANT),
        ));
    }
    // External ID has an issuer for each tenant, which the kind microsoft does not ask.
    tenant.ends_with(".ciamlogin.com").then(|| {
        Finding::new(
            Code::TenantOfExternalId,
            "microsoft_tenant_id",
            "Entra External ID is generic, with an issuer of its own",
            Fix::set_all([
                ("provider", "generic"),
                (
                    "issuer_url",
                    "https://<Directory (tenant) ID>.ciamlogin.com/<Directory (tenant) ID>/v2.0",
                ),
            ]),
        )
    })
}
