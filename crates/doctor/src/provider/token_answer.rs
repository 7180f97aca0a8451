//! What a token endpoint's answer to a code that cannot exist says of the client: one table.
//!
//! A provider looks at the client before it looks at the code (RFC 6749, 5.2), so that
//! `invalid_grant` means that the client is right. How providers differ is known from their
//! documentation, from recorded answers and from the source of programs that ask the same.

use serde_json::{Map, Value};

use super::form;
use super::network::Answer;

/// What an answer means. Kratos asks in two ways, and the better answer counts: the former of two
/// here. What may be better another time comes before what is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    /// A token for a code that does not exist.
    TokenForNothing,
    /// The client is right; only the code is not.
    Accepted,
    /// The provider does not send users to this redirect URI.
    RedirectUri,
    /// Too many have asked.
    TooMany,
    /// Not now.
    NotNow,
    /// The client may not log users in, or it is not who it says.
    NotAllowed,
    /// The secret has expired.
    Expired,
    /// The tenant is unknown.
    UnknownTenant,
    /// The client's id is unknown.
    UnknownClient,
    /// The client is not who it says: its secret is wrong, or its id.
    Refused,
    /// Nothing that is known.
    Unclear,
}

/// What a token endpoint said.
#[derive(Debug)]
pub(super) struct TokenAnswer {
    /// The status.
    pub(super) status: u16,
    /// What it means.
    pub(super) meaning: Meaning,
    /// The word for the error, if there is one.
    pub(super) error: Option<String>,
    /// What the provider says beside it.
    pub(super) description: Option<String>,
}

/// A row: the word, and what it means. The status says nothing, except where it is named.
const WORDS: [(&str, Meaning); 14] = [
    ("invalid_grant", Meaning::Accepted),
    // GitHub, with HTTP 200.
    ("bad_verification_code", Meaning::Accepted),
    ("incorrect_client_credentials", Meaning::Refused),
    ("unverified_user_email", Meaning::Accepted),
    // Slack, with HTTP 200.
    ("invalid_code", Meaning::Accepted),
    ("bad_client_secret", Meaning::Refused),
    ("invalid_client_id", Meaning::UnknownClient),
    ("bad_redirect_uri", Meaning::RedirectUri),
    // GitHub and others.
    ("redirect_uri_mismatch", Meaning::RedirectUri),
    ("invalid_client", Meaning::Refused),
    // Okta and doorkeeper know the client, and do not let it do this.
    ("unauthorized_client", Meaning::NotAllowed),
    ("slow_down", Meaning::TooMany),
    ("temporarily_unavailable", Meaning::NotNow),
    ("ratelimited", Meaning::TooMany),
];

/// What Entra ID writes at the start of a description says more than the word.
const OF_ENTRA: [(&str, Meaning); 5] = [
    ("AADSTS7000215", Meaning::Refused),
    ("AADSTS7000222", Meaning::Expired),
    ("AADSTS7000218", Meaning::Refused),
    ("AADSTS700016", Meaning::UnknownClient),
    ("AADSTS90002", Meaning::UnknownTenant),
];

/// What providers write in a description of `invalid_client` where they know no such client.
const UNKNOWN_CLIENTS: [&str; 3] = [
    // Google.
    "client was not found",
    // Authlib.
    "client does not exist",
    // Gafaelfawr.
    "Unknown client ID",
];

/// What Keycloak writes beside `unauthorized_client` where the secret is wrong, in two versions.
const WRONG_SECRETS: [&str; 2] = ["client credentials", "client secret"];

impl TokenAnswer {
    /// Reads an answer: JSON, or a form, which GitHub once answered with.
    pub(super) fn read(answer: &Answer) -> Self {
        let json: Option<Map<String, Value>> = serde_json::from_str(&answer.body).ok();
        let in_json = |key| {
            let value = json.as_ref()?.get(key)?;
            value.as_str().map(str::to_owned)
        };
        // A page may have something like a form in it.
        let is_page = answer.body.contains(['<', ' ', '\n']);
        let in_form = |key| form::value(&answer.body, key).filter(|_| !is_page);
        let text = |key| in_json(key).or_else(|| in_form(key).filter(|_| json.is_none()));
        // Okta names an unknown client so.
        let okta = in_json("errorCode");
        let description = text("error_description").or_else(|| in_json("errorSummary"));
        let error = text("error").or_else(|| okta.clone());
        let is_issued = |key| text(key).is_some_and(|token| !token.is_empty());
        if error.is_none() && (is_issued("access_token") || is_issued("id_token")) {
            return Self {
                status: answer.status,
                meaning: Meaning::TokenForNothing,
                error: None,
                description: None,
            };
        }
        let meaning = meaning(
            answer.status,
            error.as_deref(),
            description.as_deref().unwrap_or_default(),
            okta.is_some(),
        );
        Self {
            status: answer.status,
            meaning,
            error,
            description,
        }
    }
}

fn meaning(status: u16, error: Option<&str>, description: &str, of_okta: bool) -> Meaning {
    let of_entra = OF_ENTRA.iter().find(|(code, _)| {
        let rest = description.strip_prefix(code);
        rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
    });
    if let Some((_, meaning)) = of_entra {
        return *meaning;
    }
    match (status, error) {
        (429, _) => Meaning::TooMany,
        (500.., _) => Meaning::NotNow,
        // Auth0.
        (401, Some("access_denied")) => Meaning::Refused,
        // GitHub.
        (404, Some("Not Found")) => Meaning::UnknownClient,
        (_, Some("invalid_client")) => {
            let is_unknown = of_okta || UNKNOWN_CLIENTS.iter().any(|one| description.contains(one));
            if is_unknown {
                Meaning::UnknownClient
            } else {
                Meaning::Refused
            }
        }
        (_, Some("unauthorized_client"))
            if WRONG_SECRETS
                .iter()
                .any(|words| description.contains(words)) =>
        {
            Meaning::Refused
        }
        (_, Some(error)) => {
            let known = WORDS.iter().find(|(word, _)| *word == error);
            known.map_or(Meaning::Unclear, |(_, meaning)| *meaning)
        }
        (_, None) => Meaning::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn the_word_decides() {
        struct Case {
            name: &'static str,
            status: u16,
            body: &'static str,
            meaning: Meaning,
        }

        for Case {
            name,
            status,
            body,
            meaning,
        } in [
            Case {
                name: "the standard's",
                status: 400,
                body: r#"{"error":"invalid_grant"}"#,
                meaning: Meaning::Accepted,
            },
            Case {
                name: "the standard's, refused",
                status: 401,
                body: r#"{"error":"invalid_client"}"#,
                meaning: Meaning::Refused,
            },
            Case {
                name: "Gafaelfawr, refused",
                status: 400,
                body: r#"{"error":"invalid_client","error_description":"Invalid secret for c"}"#,
                meaning: Meaning::Refused,
            },
            Case {
                name: "Gafaelfawr, unknown",
                status: 400,
                body: r#"{"error":"invalid_client","error_description":"Unknown client ID c"}"#,
                meaning: Meaning::UnknownClient,
            },
            Case {
                name: "Google, unknown",
                status: 401,
                body: r#"{"error":"invalid_client","error_description":"The OAuth client was not found."}"#,
                meaning: Meaning::UnknownClient,
            },
            Case {
                name: "GitHub",
                status: 200,
                body: r#"{"error":"bad_verification_code"}"#,
                meaning: Meaning::Accepted,
            },
            Case {
                name: "GitHub, as a form",
                status: 200,
                body: "error=incorrect_client_credentials&error_description=The+client_id+is+wrong",
                meaning: Meaning::Refused,
            },
            Case {
                name: "GitHub, unknown",
                status: 404,
                body: r#"{"error":"Not Found"}"#,
                meaning: Meaning::UnknownClient,
            },
            Case {
                name: "GitHub, another redirect URI",
                status: 200,
                body: r#"{"error":"redirect_uri_mismatch"}"#,
                meaning: Meaning::RedirectUri,
            },
            Case {
                name: "Slack",
                status: 200,
                body: r#"{"ok":false,"error":"invalid_code"}"#,
                meaning: Meaning::Accepted,
            },
            Case {
                name: "Slack, refused",
                status: 200,
                body: r#"{"ok":false,"error":"bad_client_secret"}"#,
                meaning: Meaning::Refused,
            },
            Case {
                name: "Auth0",
                status: 403,
                body: r#"{"error":"invalid_grant","error_description":"Invalid authorization code"}"#,
                meaning: Meaning::Accepted,
            },
            Case {
                name: "Auth0, refused",
                status: 401,
                body: r#"{"error":"access_denied","error_description":"Unauthorized"}"#,
                meaning: Meaning::Refused,
            },
            Case {
                name: "denied for another reason",
                status: 403,
                body: r#"{"error":"access_denied"}"#,
                meaning: Meaning::Unclear,
            },
            Case {
                name: "Okta, unknown",
                status: 401,
                body: r#"{"errorCode":"invalid_client","errorSummary":"Invalid value for 'client_id' parameter."}"#,
                meaning: Meaning::UnknownClient,
            },
            Case {
                name: "Okta, not allowed",
                status: 400,
                body: r#"{"error":"unauthorized_client"}"#,
                meaning: Meaning::NotAllowed,
            },
            Case {
                name: "Entra ID, unknown",
                status: 400,
                body: r#"{"error":"unauthorized_client","error_description":"AADSTS700016: Application with identifier"}"#,
                meaning: Meaning::UnknownClient,
            },
            Case {
                name: "Entra ID, refused",
                status: 401,
                body: r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}"#,
                meaning: Meaning::Refused,
            },
            Case {
                name: "Entra ID, expired",
                status: 401,
                body: r#"{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys are expired."}"#,
                meaning: Meaning::Expired,
            },
            Case {
                name: "Entra ID, no such tenant",
                status: 400,
                body: r#"{"error":"invalid_request","error_description":"AADSTS90002: Tenant 'x' not found."}"#,
                meaning: Meaning::UnknownTenant,
            },
            Case {
                name: "Keycloak, refused",
                status: 401,
                body: r#"{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}"#,
                meaning: Meaning::Refused,
            },
            Case {
                name: "too many requests",
                status: 429,
                body: r#"{"error":"invalid_client"}"#,
                meaning: Meaning::TooMany,
            },
            Case {
                name: "out of order",
                status: 502,
                body: "",
                meaning: Meaning::NotNow,
            },
            Case {
                name: "an error beside an empty token",
                status: 400,
                body: r#"{"access_token":"","error":"invalid_grant"}"#,
                meaning: Meaning::Accepted,
            },
            Case {
                name: "a page with links",
                status: 404,
                body: r#"<a href="/x?a=1&access_token=abc&error=invalid_grant&b=2">"#,
                meaning: Meaning::Unclear,
            },
            Case {
                name: "a token",
                status: 200,
                body: r#"{"access_token":"t"}"#,
                meaning: Meaning::TokenForNothing,
            },
            Case {
                name: "a page",
                status: 200,
                body: "<html>error=invalid_grant&x=y</html>",
                meaning: Meaning::Unclear,
            },
            Case {
                name: "Facebook's object",
                status: 400,
                body: r#"{"error":{"message":"Invalid verification code format."}}"#,
                meaning: Meaning::Unclear,
            },
            Case {
                name: "nothing",
                status: 400,
                body: "",
                meaning: Meaning::Unclear,
            },
        ] {
            let answer = Answer {
                status,
                location: None,
                body: body.into(),
            };
            assert_eq!(TokenAnswer::read(&answer).meaning, meaning, "{name}");
        }
    }
}
