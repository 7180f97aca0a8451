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
    let secret_is_id = secret
        .as_deref()
        .is_some_and(|secret| secret.ends_with(GOOGLE_ID));
    let misplaced = match (id_is_secret, secret_is_id) {
        (true, true) => Some((
            Code::CredentialsSwapped,
            "client_id",
            "the client id and the client secret are swapped; a secret that was in client_id was \
             shown to many: make a new one",
            Fix::set_all([("client_id", "<client id>"), ("client_secret", "<secret>")]),
        )),
        (true, false) => Some((
            Code::ClientIdMalformed,
            "client_id",
            "that is a client secret of Google, which was shown to many by that: make a new one",
            Fix::set("<client id>"),
        )),
        (false, true) => Some((
            Code::SecretIsClientId,
            "client_secret",
            "that is a client id of Google, and not the secret",
            Fix::set("<secret>"),
        )),
        (false, false) => None,
    };
    findings.extend(
        misplaced.map(|(code, option, problem, fix)| Finding::new(code, option, problem, fix)),
    );
    if let Some(id) = &id {
        findings.extend(client_id(subject, id));
    }
    findings
}

/// What is wrong with a client id of this kind.
fn client_id(subject: &Subject<'_>, id: &str) -> Option<Finding> {
    let is_known_form = !matches!(subject.kind.shape(), Shape::Generic);
    let is_of_entra = subject.kind.shape() == Shape::Microsoft || subject.has_issuer_of_entra();
    let is_number = id.len() < 20 && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
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
    } else if subject.kind == Kind::Github && id.len() == 40 && is_hex(id) {
        // Ids have 20 of these at most.
        (
            Code::ClientIdMalformed,
            "that is a client secret of GitHub, and not a client id",
            "<client id>",
        )
    } else if subject.kind == Kind::Google && (is_number || id.contains('@')) {
        // The console shows these, too.
        (
            Code::ClientIdOdd,
            "that looks like a project or a service account of Google, and not like a client id",
            "<client id>",
        )
    } else if subject.kind == Kind::Google && is_google_id_cut_short(id) {
        (
            Code::ClientIdOdd,
            "client ids of Google end in .apps.googleusercontent.com",
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

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `<number of the project>-<32 letters and digits>` without what comes after it.
fn is_google_id_cut_short(id: &str) -> bool {
    id.split_once('-').is_some_and(|(project, rest)| {
        project.len() >= 6
            && project.bytes().all(|byte| byte.is_ascii_digit())
            && rest.len() == 32
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::tests::about;

    #[test]
    fn what_is_not_a_client_id_is_known() {
        use Code::{ClientIdMalformed, ClientIdOdd};
        let hex = "0123456789abcdef0123456789abcdef01234567";
        let guid = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
        let api = format!("api://{guid}");
        for (name, kind, id, code) in [
            (
                "Google",
                "google",
                "123-abc.apps.googleusercontent.com",
                None,
            ),
            ("Google, in short", "google", "c", None),
            (
                "Google's secret",
                "generic",
                "GOCSPX-example",
                Some(ClientIdMalformed),
            ),
            (
                "Google, project",
                "google",
                "407408718192",
                Some(ClientIdOdd),
            ),
            (
                "Google, account",
                "google",
                "x@y.iam.gserviceaccount.com",
                Some(ClientIdOdd),
            ),
            (
                "Google, cut short",
                "google",
                "407408718192-0123456789abcdefghijklmnopqrstuv",
                Some(ClientIdOdd),
            ),
            (
                "a user secret",
                "generic",
                "secret:d0erdgfmp25c762i8np0",
                Some(ClientIdMalformed),
            ),
            ("a name with a colon", "generic", "secret:agent", None),
            ("GitHub", "github", "Ov23liExampleClient", None),
            ("GitHub App", "github", "Iv1.0123456789abcdef", None),
            ("GitHub, older", "github", "01234567890123456789", None),
            (
                "GitHub, App ID",
                "github",
                "123456",
                Some(ClientIdMalformed),
            ),
            ("GitHub, secret", "github", hex, Some(ClientIdMalformed)),
            ("the same elsewhere", "generic", hex, None),
            ("a number elsewhere", "vk", "123456", None),
            (
                "a URL",
                "generic",
                "https://kratos.example.com/",
                Some(ClientIdOdd),
            ),
            (
                "a URL where none can be",
                "github",
                "https://github.com/settings/apps/1",
                Some(ClientIdMalformed),
            ),
            ("white space", "generic", "my client", Some(ClientIdOdd)),
            (
                "white space where none can be",
                "google",
                "my client",
                Some(ClientIdMalformed),
            ),
            ("Entra ID", "microsoft", guid, None),
            ("Entra ID, API", "microsoft", &api, Some(ClientIdMalformed)),
            (
                "Entra ID, name",
                "microsoft",
                "kratos",
                Some(ClientIdMalformed),
            ),
        ] {
            let found = about("client_id", &[("provider", kind), ("client_id", id)]);
            assert_eq!(found.map(|(code, _)| code), code, "{name}");
        }
    }

    #[test]
    fn what_is_misplaced_is_known() {
        let id = "123-abc.apps.googleusercontent.com";
        let set = |client_id, secret| {
            [
                ("provider", "google"),
                ("client_id", client_id),
                ("client_secret", secret),
            ]
        };
        let swapped = set("GOCSPX-example", id);
        let (code, fix) = about("client_id", &swapped).unwrap();
        assert_eq!(code, Code::CredentialsSwapped);
        let to = "run juju config idp client_id='<client id>' client_secret='<secret>'";
        assert_eq!(fix, to);
        assert_eq!(about("client_secret", &swapped), None, "one mistake");
        let (code, _) = about("client_secret", &set(id, id)).unwrap();
        assert_eq!(code, Code::SecretIsClientId);
        let right = set(id, "GOCSPX-example");
        assert_eq!(about("client_id", &right), None);
        assert_eq!(about("client_secret", &right), None);
    }

    #[test]
    fn another_service_is_not_a_tenant() {
        for (name, tenant, code) in [
            (
                "External ID",
                "contoso.ciamlogin.com",
                Some(Code::TenantOfExternalId),
            ),
            ("a tenant", "contoso.onmicrosoft.com", None),
            ("like it", "ciamlogin.com.example.org", None),
        ] {
            let set = [("provider", "microsoft"), ("microsoft_tenant_id", tenant)];
            let found = about("microsoft_tenant_id", &set);
            assert_eq!(found.map(|(code, _)| code), code, "{name}");
        }
    }
}
