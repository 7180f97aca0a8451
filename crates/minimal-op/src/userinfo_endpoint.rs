//! The userinfo endpoint: a client comes with an access token, and learns who its user is.

use crate::reply::Reply;
use crate::request::{Authorization, Request};
use crate::service::OidcService;
use crate::tokens::UserInfoError;

/// A refusal with a challenge (RFC 6750, 3).
fn challenge(service: &OidcService, status: u16, error: Option<(&str, &str)>) -> Reply {
    let realm = service.host();
    let (kind, text) = error.unwrap_or(("no_authorization", "Authentication required"));
    // Who sent nothing is told of no error (RFC 6750, 3.1).
    let header = match error {
        None => format!("Bearer realm=\"{realm}\""),
        Some(_) => {
            format!("Bearer realm=\"{realm}\", error=\"{kind}\", error_description=\"{text}\"")
        }
    };
    Reply::detail(status, kind, text, None).with("www-authenticate", header)
}

/// Answers a request at the userinfo endpoint.
pub(crate) fn answer(service: &OidcService, request: &Request) -> Reply {
    let token = match request.authorization() {
        Authorization::Bearer(token) => token,
        Authorization::BadBasic | Authorization::Malformed => {
            let error = ("invalid_request", "Malformed Authorization header");
            return challenge(service, 403, Some(error));
        }
        Authorization::None | Authorization::Basic(..) => return challenge(service, 401, None),
    };
    match service.user_info(token.expose()) {
        Ok(info) => Reply::json(200, &info),
        Err(UserInfoError::InvalidToken) => {
            let error = ("invalid_token", "Invalid or expired token");
            challenge(service, 401, Some(error))
        }
        Err(UserInfoError::OtherKind(kind)) => {
            let text = format!("Token of type {kind} not allowed");
            challenge(service, 401, Some(("invalid_token", &text)))
        }
        Err(UserInfoError::Failed(error)) => {
            tracing::error!("no user information: {error}");
            Reply::text_detail(500, "Internal Server Error")
        }
    }
}
