//! The authorization endpoint: a browser comes with a request, and leaves with a code.

use crate::dialect::Quirk;
use crate::html;
use crate::login;
use crate::reply::Reply;
use crate::request::{Fields, Request};
use crate::return_uri;
use crate::secret::Digest;
use crate::service::{CodeRequest, IssueError, OidcService};

/// The client and the return URI of a request: once they are known to be right, trouble goes back
/// by redirect.
struct Asker<'a> {
    client_id: &'a str,
    redirect_uri: &'a str,
}

/// Why there is nobody to send trouble back to.
enum NoAsker {
    Missing(Vec<&'static str>),
    UnknownClient,
    ReturnUriMismatch,
}

impl<'a> Asker<'a> {
    fn of(service: &OidcService, query: &'a Fields) -> Result<Self, NoAsker> {
        let (id, uri) = (query.get("client_id"), query.get("redirect_uri"));
        let (Some(client_id), Some(redirect_uri)) = (id, uri) else {
            let missing = [("client_id", id), ("redirect_uri", uri)];
            let missing = missing.into_iter().filter(|(_, value)| value.is_none());
            return Err(NoAsker::Missing(missing.map(|(name, _)| name).collect()));
        };
        let client = service.client(client_id).ok_or(NoAsker::UnknownClient)?;
        if !return_uri::matches(&client.return_uri, redirect_uri) {
            return Err(NoAsker::ReturnUriMismatch);
        }
        Ok(Self {
            client_id,
            redirect_uri,
        })
    }
}

impl NoAsker {
    /// Gafaelfawr's answer.
    fn reply(&self) -> Reply {
        match self {
            Self::Missing(names) => Reply::missing(names),
            Self::UnknownClient => Reply::detail(
                403,
                "invalid_client",
                "Unknown client_id in OpenID Connect request",
                Some("client_id"),
            ),
            Self::ReturnUriMismatch => Reply::detail(
                403,
                "return_uri_mismatch",
                "Mismatched return URI in OpenID Connect request",
                Some("redirect_uri"),
            ),
        }
    }

    /// The answer of providers that look at this first: a page, since a person sees it.
    fn page(&self) -> Reply {
        let text = match self {
            Self::Missing(names) => format!("The request lacks {}.", names.join(" and ")),
            Self::UnknownClient => "No client has this id.".to_owned(),
            Self::ReturnUriMismatch => {
                "The redirect_uri is not the one that the client registered.".to_owned()
            }
        };
        Reply::html(400, html::message_page("This login cannot go on", &text))
    }
}

/// What is wrong with a request whose client and return URI are right (RFC 6749, 4.1.2.1).
fn trouble(service: &OidcService, query: &Fields) -> Option<&'static str> {
    match query.get("response_type") {
        None => return Some("response_type is missing"),
        Some("code") => {}
        Some(_) => return Some("response_type is not code"),
    }
    let Some(scope) = query.get("scope") else {
        return Some("scope is missing");
    };
    if !scope.split_whitespace().any(|scope| scope == "openid") {
        return Some("openid is not in scope");
    }
    if service.dialect.has(Quirk::NeedsPkce) {
        let challenge = query.get("code_challenge").and_then(Digest::from_base64);
        if challenge.is_none() || query.get("code_challenge_method") != Some("S256") {
            return Some("a code_challenge with code_challenge_method S256 is needed");
        }
    }
    None
}

/// Back to the client.
fn back(asker: &Asker<'_>, query: &Fields, status: u16, fields: &[(&str, &str)]) -> Reply {
    let mut fields = fields.to_vec();
    if let Some(state) = query.get("state") {
        fields.push(("state", state));
    }
    let location = return_uri::with_query(asker.redirect_uri, &fields);
    Reply::redirect(status, &location)
}

/// Answers a request at the authorization endpoint.
///
/// The session is looked for first, as at Gafaelfawr: who has none learns nothing of clients and
/// return URIs. The dialect `prompt-none` has it the other way round.
pub(crate) fn answer(service: &OidcService, request: &Request) -> Reply {
    let query = request.query();
    let session = login::session(service, request);
    if service.dialect.has(Quirk::ChecksBeforeLogin) {
        let asker = match Asker::of(service, &query) {
            Ok(asker) => asker,
            Err(no_asker) => return no_asker.page(),
        };
        if session.is_none() && query.get("prompt") == Some("none") {
            let login_required = [
                ("error", "login_required"),
                ("error_description", "End-User authentication is required"),
            ];
            return back(&asker, &query, 303, &login_required);
        }
    }
    let Some(session) = session else {
        let origin = return_uri::origin(&service.issuer).unwrap_or_default();
        let here = format!("{origin}{}?{}", request.path, request.raw_query);
        let login = return_uri::with_query(&service.path("/login"), &[("rd", &here)]);
        return Reply::redirect(307, &login);
    };
    let asker = match Asker::of(service, &query) {
        Ok(asker) => asker,
        Err(no_asker) => return no_asker.reply(),
    };
    if let Some(trouble) = trouble(service, &query) {
        let error = [("error", "invalid_request"), ("error_description", trouble)];
        return back(&asker, &query, 307, &error);
    }
    let owned = |name: &str| query.get(name).map(str::to_owned);
    let wanted = CodeRequest {
        client_id: asker.client_id.to_owned(),
        redirect_uri: asker.redirect_uri.to_owned(),
        scope: owned("scope").unwrap_or_default(),
        nonce: owned("nonce"),
        code_challenge: owned("code_challenge"),
    };
    match service.issue_code(&wanted, &session) {
        Ok(code) => back(&asker, &query, 307, &[("code", code.whole().expose())]),
        // What was there a line ago is gone: a log-out at the same time, perhaps.
        Err(IssueError::UnauthorizedClient(_)) => NoAsker::UnknownClient.reply(),
        Err(IssueError::ReturnUri) => NoAsker::ReturnUriMismatch.reply(),
        Err(error @ (IssueError::Session | IssueError::Failed(_))) => {
            tracing::error!("no code: {error}");
            Reply::html(500, html::message_page("Trouble", "No code could be kept."))
        }
    }
}
