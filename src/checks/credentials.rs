//! Client ids and secrets that look wrong.

use external_provider::{Kind, Shape, plain_scalar};
use juju_hook::SecretUri;

use super::entra::has_issuer_of_entra;
use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};
use crate::kinds::tenant::is_guid;

/// What a provider's client ids and secrets look like, if they can be told apart.
struct Form {
    /// Whose they are.
    of: &'static str,
    is_about: fn(&Subject<'_>) -> bool,
    is_secret: fn(&str) -> bool,
    is_id: fn(&str) -> bool,
    /// For an id where the secret should be: the code, the problem, and what to set.
    not_the_secret: (Code, &'static str, &'static str),
}

/// As the providers' consoles show them. Google's are recognised whatever the kind.
const FORMS: [Form; 3] = [
    Form {
        of: "Google",
        is_about: |_| true,
        is_secret: |text| text.starts_with("GOCSPX-"),
        is_id: |text| text.ends_with(".apps.googleusercontent.com"),
        not_the_secret: (
            Code::SecretIsClientId,
            "this is a Google client id, not the client secret",
            "<secret>",
        ),
    },
    Form {
        of: "GitHub",
        is_about: |subject| subject.kind == Kind::Github,
        // Ids have at most 20 of these.
        is_secret: |text| text.len() == 40 && is_hex(text),
        is_id: |text| {
            let starts = ["Ov23", "Iv1.", "Iv23"];
            starts.iter().any(|start| text.starts_with(start))
        },
        not_the_secret: (
            Code::SecretIsClientId,
            "this is a GitHub client id, not the client secret",
            "<secret>",
        ),
    },
    Form {
        of: "Entra ID",
        is_about: is_of_entra,
        is_secret: |text| text.len() == 40 && text.contains("Q~"),
        is_id: is_guid,
        // The portal shows the two side by side: the id always, the value only once. With the id,
        // Entra answers AADSTS7000215.
        not_the_secret: (
            Code::SecretIdOfEntra,
            "this looks like the id of the secret, not the secret itself",
            "<the value from the column Value>",
        ),
    },
];

fn is_of_entra(subject: &Subject<'_>) -> bool {
    subject.kind.shape() == Shape::Microsoft || has_issuer_of_entra(subject)
}

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let id = subject.settings.client_id.as_deref();
    let id = id.map(plain_scalar::meant);
    let mut findings = Vec::from_iter(misplaced(subject, id.as_deref().unwrap_or_default()));
    findings.extend(id.and_then(|id| client_id(subject, &id)));
    findings
}

/// An id where the secret should be, or the other way round.
fn misplaced(subject: &Subject<'_>, id: &str) -> Option<Finding> {
    let secret = subject
        .secret
        .filter(|(option, _)| *option == "client_secret")
        .map(|(_, secret)| plain_scalar::meant(secret.expose()));
    let mut forms = FORMS.iter().filter(|form| (form.is_about)(subject));
    forms.find_map(|form| {
        let id_is_secret = (form.is_secret)(id);
        let secret_is_id = secret.as_deref().is_some_and(form.is_id);
        let (code, option, problem, fix) = match (id_is_secret, secret_is_id) {
            (true, true) => (
                Code::CredentialsSwapped,
                "client_id",
                "the client id and the client secret are swapped; client_id is not kept secret, so \
                 create a new secret"
                    .to_owned(),
                Fix::set_all([("client_id", "<client id>"), ("client_secret", "<secret>")]),
            ),
            (true, false) => (
                Code::ClientIdMalformed,
                "client_id",
                format!(
                    "this is a {} client secret; client_id is not kept secret, so create a new one",
                    form.of
                ),
                Fix::set("<client id>"),
            ),
            (false, true) => {
                let (code, problem, to) = form.not_the_secret;
                (code, "client_secret", problem.to_owned(), Fix::set(to))
            }
            (false, false) => return None,
        };
        Some(Finding::new(code, option, problem, fix))
    })
}

/// What is wrong with a client id of this kind.
fn client_id(subject: &Subject<'_>, id: &str) -> Option<Finding> {
    let is_known_form = !matches!(subject.kind.shape(), Shape::Generic);
    let is_of_entra = is_of_entra(subject);
    let is_number = id.len() < 20 && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let (code, problem, to) = if SecretUri::parse(id).is_some() {
        (
            Code::ClientIdMalformed,
            "this is the URI of a secret, but this option must have the client id itself",
            "<client id>",
        )
    } else if is_of_entra && id.starts_with("api://") {
        (
            Code::ClientIdMalformed,
            "this is the Application ID URI, not the client id",
            "<Application (client) ID>",
        )
    } else if is_of_entra && !is_guid(id) {
        (
            Code::ClientIdMalformed,
            "an Entra ID client id is a GUID",
            "<Application (client) ID>",
        )
    } else if subject.kind == Kind::Github && is_number {
        // The client id of a GitHub App starts with `Iv`. That of an OAuth app starts with `Ov`, or
        // is 20 characters long.
        (
            Code::ClientIdMalformed,
            "this is the App ID of a GitHub App, not its client id",
            "<client id>",
        )
    } else if subject.kind == Kind::Google && (is_number || id.contains('@')) {
        // The console shows these as well.
        (
            Code::ClientIdOdd,
            "this looks like a Google project or service account, not a client id",
            "<client id>",
        )
    } else if subject.kind == Kind::Google && is_google_id_cut_short(id) {
        (
            Code::ClientIdOdd,
            "Google client ids end in .apps.googleusercontent.com",
            "<client id>",
        )
    } else if id.contains(char::is_whitespace) || id.contains("://") {
        let code = if is_known_form {
            Code::ClientIdMalformed
        } else {
            // Some servers accept any text.
            Code::ClientIdOdd
        };
        (
            code,
            "with most providers a client id is not a URL and has no white space",
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

/// `<project number>-<32 letters and digits>`, without the rest.
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
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn what_is_not_a_client_id_is_known() {
        struct Case<'a> {
            name: &'static str,
            kind: &'static str,
            id: &'a str,
            code: Option<Code>,
        }

        use Code::{ClientIdMalformed, ClientIdOdd};
        let hex = "0123456789abcdef0123456789abcdef01234567";
        let guid = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
        let api = format!("api://{guid}");
        for Case {
            name,
            kind,
            id,
            code,
        } in [
            Case {
                name: "Google",
                kind: "google",
                id: "123-abc.apps.googleusercontent.com",
                code: None,
            },
            Case {
                name: "Google, in short",
                kind: "google",
                id: "c",
                code: None,
            },
            Case {
                name: "Google's secret",
                kind: "generic",
                id: "GOCSPX-example",
                code: Some(ClientIdMalformed),
            },
            Case {
                name: "Google, project",
                kind: "google",
                id: "407408718192",
                code: Some(ClientIdOdd),
            },
            Case {
                name: "Google, account",
                kind: "google",
                id: "x@y.iam.gserviceaccount.com",
                code: Some(ClientIdOdd),
            },
            Case {
                name: "Google, cut short",
                kind: "google",
                id: "407408718192-0123456789abcdefghijklmnopqrstuv",
                code: Some(ClientIdOdd),
            },
            Case {
                name: "a user secret",
                kind: "generic",
                id: "secret:d0erdgfmp25c762i8np0",
                code: Some(ClientIdMalformed),
            },
            Case {
                name: "a name with a colon",
                kind: "generic",
                id: "secret:agent",
                code: None,
            },
            Case {
                name: "GitHub",
                kind: "github",
                id: "Ov23liExampleClient",
                code: None,
            },
            Case {
                name: "GitHub App",
                kind: "github",
                id: "Iv1.0123456789abcdef",
                code: None,
            },
            Case {
                name: "GitHub, older",
                kind: "github",
                id: "01234567890123456789",
                code: None,
            },
            Case {
                name: "GitHub, App ID",
                kind: "github",
                id: "123456",
                code: Some(ClientIdMalformed),
            },
            Case {
                name: "GitHub, secret",
                kind: "github",
                id: hex,
                code: Some(ClientIdMalformed),
            },
            Case {
                name: "the same elsewhere",
                kind: "generic",
                id: hex,
                code: None,
            },
            Case {
                name: "a number elsewhere",
                kind: "vk",
                id: "123456",
                code: None,
            },
            Case {
                name: "a URL",
                kind: "generic",
                id: "https://kratos.example.com/",
                code: Some(ClientIdOdd),
            },
            Case {
                name: "a URL where none can be",
                kind: "github",
                id: "https://github.com/settings/apps/1",
                code: Some(ClientIdMalformed),
            },
            Case {
                name: "white space",
                kind: "generic",
                id: "my client",
                code: Some(ClientIdOdd),
            },
            Case {
                name: "white space where none can be",
                kind: "google",
                id: "my client",
                code: Some(ClientIdMalformed),
            },
            Case {
                name: "Entra ID",
                kind: "microsoft",
                id: guid,
                code: None,
            },
            Case {
                name: "Entra ID, API",
                kind: "microsoft",
                id: &api,
                code: Some(ClientIdMalformed),
            },
            Case {
                name: "Entra ID, name",
                kind: "microsoft",
                id: "kratos",
                code: Some(ClientIdMalformed),
            },
        ] {
            let found = about("client_id", &[("provider", kind), ("client_id", id)]);
            assert_eq!(found.map(|(code, _)| code), code, "{name}");
        }
    }

    #[test]
    fn what_is_misplaced_is_known() {
        struct Case {
            name: &'static str,
            kind: &'static str,
            client_id: &'static str,
            secret: &'static str,
        }

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
        for Case {
            name,
            kind,
            client_id,
            secret,
        } in [
            Case {
                name: "GitHub",
                kind: "github",
                client_id: "0123456789abcdef0123456789abcdef01234567",
                secret: "Ov23liExampleClient",
            },
            Case {
                name: "Entra ID",
                kind: "microsoft",
                client_id: "abc8Q~exampleexampleexampleexampleexampl",
                secret: "8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
            },
        ] {
            let set = [
                ("provider", kind),
                ("client_id", client_id),
                ("client_secret", secret),
            ];
            let (code, _) = about("client_id", &set).unwrap();
            assert_eq!(code, Code::CredentialsSwapped, "{name}");
            assert_eq!(about("client_secret", &set), None, "{name}: one mistake");
        }
    }

    #[test]
    fn another_service_is_not_a_tenant() {
        struct Case {
            name: &'static str,
            tenant: &'static str,
            code: Option<Code>,
        }

        for Case { name, tenant, code } in [
            Case {
                name: "External ID",
                tenant: "contoso.ciamlogin.com",
                code: Some(Code::TenantOfExternalId),
            },
            Case {
                name: "a tenant",
                tenant: "contoso.onmicrosoft.com",
                code: None,
            },
            Case {
                name: "like it",
                tenant: "ciamlogin.com.example.org",
                code: None,
            },
        ] {
            let set = [("provider", "microsoft"), ("microsoft_tenant_id", tenant)];
            let found = about("microsoft_tenant_id", &set);
            assert_eq!(found.map(|(code, _)| code), code, "{name}");
        }
    }
}
