//! What the token endpoints of different providers answer to the same trouble.
//!
//! The words are the providers' own: clients and checkers tell faults apart by them.

use serde_json::{Value, json};

use crate::redemption::ClientAuth;
use crate::reply::Reply;
use crate::secret::Secret;
use crate::token_error::{CodeFault, TokenError};

/// What of a request decides the form of its answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    /// `Accept` names JSON.
    pub(crate) accepts_json: bool,
    /// How the client authenticated.
    pub(crate) auth: ClientAuth,
}

/// What a client gets for a code.
#[derive(Debug, Clone)]
pub struct IssuedTokens {
    /// Opaque; for the userinfo endpoint.
    pub access_token: Secret,
    /// A JWT.
    pub id_token: Secret,
    /// How long both are valid, in seconds.
    pub expires_in: u64,
    /// The scopes that were understood, sorted, with spaces between.
    pub scope: String,
}

/// RFC 6749, 5.1, and the ID token of OpenID Connect Core, 3.1.3.3.
pub(crate) fn tokens(issued: &IssuedTokens, _: Asked) -> Reply {
    let body = json!({
        "access_token": issued.access_token.expose(),
        "id_token": issued.id_token.expose(),
        "expires_in": issued.expires_in,
        "scope": issued.scope,
        "token_type": "Bearer",
    });
    Reply::json(200, &body).not_stored()
}

/// The fields of RFC 6749, 5.2.
fn error(status: u16, error: &str, description: &str) -> Reply {
    let body = json!({"error": error, "error_description": description});
    Reply::json(status, &body)
}

/// Gafaelfawr, and every dialect that differs from it elsewhere.
pub(crate) fn gafaelfawr(fault: &TokenError, _: Asked) -> Reply {
    error(400, fault.error(), &fault.description())
}

pub(crate) fn github(fault: &TokenError, asked: Asked) -> Reply {
    let (error, description) = match fault {
        TokenError::UnknownClient(_) => return Reply::json(404, &json!({"error": "Not Found"})),
        TokenError::NoSecret | TokenError::WrongSecret(_) => (
            "incorrect_client_credentials",
            "The client_id and/or client_secret passed are incorrect.",
        ),
        TokenError::ReturnUri | TokenError::Code(CodeFault::OtherReturnUri) => (
            "redirect_uri_mismatch",
            "The redirect_uri MUST match the registered callback URL for this application.",
        ),
        _ => (
            "bad_verification_code",
            "The code passed is incorrect or expired.",
        ),
    };
    github_form(
        &[("error", error), ("error_description", description)],
        asked,
    )
}

pub(crate) fn github_tokens(issued: &IssuedTokens, asked: Asked) -> Reply {
    let fields = [
        ("access_token", issued.access_token.expose()),
        ("scope", &issued.scope),
        ("token_type", "bearer"),
    ];
    github_form(&fields, asked)
}

/// A form, unless the client says that it reads JSON.
fn github_form(fields: &[(&str, &str)], asked: Asked) -> Reply {
    let reply = if asked.accepts_json {
        let pairs = fields
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.into()));
        Reply::json(200, &Value::Object(pairs.collect()))
    } else {
        Reply::form(200, fields)
    };
    reply.not_stored()
}

pub(crate) fn auth0(fault: &TokenError, _: Asked) -> Reply {
    match fault.error() {
        "invalid_client" => error(401, "access_denied", "Unauthorized"),
        "invalid_grant" => error(403, "invalid_grant", "Invalid authorization code"),
        other => error(400, other, &fault.description()),
    }
}

pub(crate) fn okta(fault: &TokenError, _: Asked) -> Reply {
    match fault {
        TokenError::UnknownClient(_) => {
            let body = json!({
                "errorCode": "invalid_client",
                "errorSummary": "Invalid value for 'client_id' parameter.",
                "errorLink": "invalid_client",
                "errorId": "oae0123456789ABCDEFGHIJKL",
                "errorCauses": [],
            });
            Reply::json(401, &body)
        }
        TokenError::NoSecret | TokenError::WrongSecret(_) => error(
            401,
            "invalid_client",
            "The client secret supplied for a confidential client is invalid.",
        ),
        _ if fault.error() == "invalid_grant" => error(
            400,
            "invalid_grant",
            "The authorization code is invalid or has expired.",
        ),
        _ => gafaelfawr_like(fault),
    }
}

/// Where nothing special is known of a provider.
fn gafaelfawr_like(fault: &TokenError) -> Reply {
    error(400, fault.error(), &fault.description())
}

pub(crate) fn entra(fault: &TokenError, _: Asked) -> Reply {
    let (status, error, number, text) = match fault {
        TokenError::NoSecret => (
            401,
            "invalid_client",
            7_000_218,
            "The request body must contain 'client_assertion' or 'client_secret'.",
        ),
        TokenError::WrongSecret(_) => (
            401,
            "invalid_client",
            7_000_215,
            "Invalid client secret provided.",
        ),
        TokenError::UnknownClient(_) => (
            400,
            "unauthorized_client",
            700_016,
            "The application was not found in the directory.",
        ),
        TokenError::Code(CodeFault::Expired) => (
            400,
            "invalid_grant",
            70_008,
            "The provided authorization code has expired.",
        ),
        TokenError::MalformedCode | TokenError::Code(CodeFault::Unknown) => (
            400,
            "invalid_grant",
            9_002_313,
            "Invalid request. Request is malformed or invalid.",
        ),
        TokenError::ReturnUri | TokenError::Code(_) => {
            (400, "invalid_grant", 70_000, "The grant is not valid.")
        }
        _ => return gafaelfawr_like(fault),
    };
    let description = format!("AADSTS{number}: {text}");
    let body = json!({
        "error": error,
        "error_description": description,
        "error_codes": [number],
    });
    Reply::json(status, &body)
}

pub(crate) fn google(fault: &TokenError, _: Asked) -> Reply {
    match fault {
        TokenError::UnknownClient(_) => {
            error(401, "invalid_client", "The OAuth client was not found.")
        }
        TokenError::NoSecret | TokenError::WrongSecret(_) => error(
            401,
            "invalid_client",
            "The provided client secret is invalid.",
        ),
        _ if fault.error() == "invalid_grant" => {
            error(400, "invalid_grant", "Malformed auth code.")
        }
        _ => gafaelfawr_like(fault),
    }
}

pub(crate) fn slack(fault: &TokenError, _: Asked) -> Reply {
    let error = match fault {
        TokenError::UnknownClient(_) => "invalid_client_id",
        TokenError::NoSecret | TokenError::WrongSecret(_) => "bad_client_secret",
        TokenError::ReturnUri | TokenError::Code(CodeFault::OtherReturnUri) => "bad_redirect_uri",
        _ => "invalid_code",
    };
    Reply::json(200, &json!({"ok": false, "error": error}))
}

pub(crate) fn slack_tokens(issued: &IssuedTokens, _: Asked) -> Reply {
    let body = json!({
        "ok": true,
        "access_token": issued.access_token.expose(),
        "scope": issued.scope,
    });
    Reply::json(200, &body).not_stored()
}

/// oidc-provider-mock with registration: by Basic and by form it answers differently.
pub(crate) fn by_method(fault: &TokenError, asked: Asked) -> Reply {
    let refused = |status, description| {
        let reply = error(status, "invalid_client", description).with("cache-control", "no-store");
        if status != 401 {
            return reply;
        }
        let challenge =
            format!("Basic error=\"invalid_client\", error_description=\"{description}\"");
        reply.with("www-authenticate", challenge)
    };
    match fault {
        TokenError::UnknownClient(_) => {
            let status = match asked.auth {
                ClientAuth::Basic => 401,
                ClientAuth::Body => 400,
            };
            refused(status, "The client does not exist on this server.")
        }
        TokenError::NoSecret | TokenError::WrongSecret(_) | TokenError::WrongMethod(_) => refused(
            401,
            "The client cannot authenticate with methods: ['client_secret_basic', \
             'client_secret_post']",
        ),
        TokenError::UnsupportedGrantType(_) => {
            Reply::json(400, &json!({"error": "unsupported_grant_type"}))
                .with("cache-control", "no-store")
        }
        _ => error(400, "invalid_grant", "Invalid 'code' in request.")
            .with("cache-control", "no-store"),
    }
}
