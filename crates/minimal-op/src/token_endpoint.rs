//! The token endpoint: a client comes with a code, and leaves with tokens.

use crate::answers::Asked;
use crate::redemption::{ClientAuth, TokenRequest};
use crate::reply::Reply;
use crate::request::{Authorization, Request};
use crate::secret::Secret;
use crate::service::OidcService;

/// Answers a request at the token endpoint. By Basic or by form, the client may choose; where it
/// does both, Basic counts, as at Gafaelfawr.
pub(crate) fn answer(service: &OidcService, request: &Request) -> Reply {
    let field = |name: &str| request.form.get(name);
    let (id, secret) = (field("client_id"), field("client_secret"));
    let (id, secret, auth) = match request.authorization() {
        Authorization::BadBasic => {
            return Reply::text_detail(401, "Not authenticated").with("www-authenticate", "Basic");
        }
        Authorization::Basic(id, secret) => (Some(id), Some(secret), ClientAuth::Basic),
        Authorization::None | Authorization::Bearer(_) | Authorization::Malformed => (
            id.map(str::to_owned),
            secret.map(Secret::new),
            ClientAuth::Body,
        ),
    };
    let asked = TokenRequest {
        grant_type: field("grant_type").map(str::to_owned),
        client_id: id.filter(|id| !id.is_empty()),
        client_secret: secret.filter(|secret| !secret.expose().is_empty()),
        redirect_uri: field("redirect_uri").map(str::to_owned),
        code: field("code").map(Secret::new),
        code_verifier: field("code_verifier").map(Secret::new),
        auth,
    };
    let accept = request.header("accept").unwrap_or_default();
    let form = Asked {
        accepts_json: accept.contains("json"),
        auth,
    };
    match service.redeem_code(&asked) {
        Ok(issued) => (service.dialect.row().grant)(&issued, form),
        Err(error) => {
            // The reason, which the client may not be told.
            tracing::info!("no tokens: {error}");
            if error.error() == "server_error" {
                return Reply::text_detail(500, &error.description());
            }
            (service.dialect.row().refuse)(&error, form)
        }
    }
}
