//! The page where people log in, and the cookie that they get for it.

use crate::html::{self, LoginForm};
use crate::reply::Reply;
use crate::request::Request;
use crate::return_uri;
use crate::secret::Digest;
use crate::service::{LoginError, OidcService};
use crate::ticket::{Ticket, TicketKind};

/// The name of the cookie. It has a piece of the issuer's hash, since cookies do not mind ports: two
/// providers on one machine would log each other's people out.
pub(crate) fn cookie_name(service: &OidcService) -> String {
    let hash = Digest::of(service.issuer()).to_base64();
    format!("minimal-op-{}", hash.get(..8).unwrap_or_default())
}

/// The session of whoever sent the request, if they have logged in.
pub(crate) fn session(service: &OidcService, request: &Request) -> Option<Ticket> {
    let cookie = request.cookie(&cookie_name(service))?;
    let session = Ticket::parse(TicketKind::Session, cookie)?;
    service.user_of(&session).is_some().then_some(session)
}

/// Whether a login may lead there: to this provider, and nowhere else. Otherwise a link to this page
/// would be as good as one to any page, and look better.
fn is_own(service: &OidcService, rd: &str) -> bool {
    // Browsers take a backslash for a slash, and leave out tabs and line breaks.
    let is_path = rd.starts_with('/') && !rd.starts_with("//") && !rd.starts_with("/\\");
    let is_plain = rd.bytes().all(|byte| byte.is_ascii_graphic());
    let own = return_uri::origin(service.issuer());
    is_plain && (is_path || (own.is_some() && return_uri::origin(rd) == own))
}

fn form(
    service: &OidcService,
    status: u16,
    rd: &str,
    username: &str,
    trouble: Option<&str>,
) -> Reply {
    let users = service.users.iter().map(|user| user.username.as_str());
    let page = html::login_page(LoginForm {
        action: &service.path("/login"),
        rd,
        username,
        users: users.collect(),
        trouble,
    });
    Reply::html(status, page)
}

fn refuse_rd() -> Reply {
    let text = "The address to go to after the login is not one of this provider.";
    Reply::html(400, html::message_page("Not here", text))
}

/// Answers a request for the form.
pub(crate) fn show(service: &OidcService, request: &Request) -> Reply {
    let query = request.query();
    let start = service.path("/");
    let rd = query.get("rd").unwrap_or(&start);
    if !is_own(service, rd) {
        return refuse_rd();
    }
    form(service, 200, rd, "", None)
}

/// Answers the form: with a session, and back to where the login was needed.
pub(crate) fn submit(service: &OidcService, request: &Request) -> Reply {
    let start = service.path("/");
    let rd = request.form.get("rd").unwrap_or(&start);
    if !is_own(service, rd) {
        return refuse_rd();
    }
    let username = request.form.get("username").unwrap_or_default();
    match service.log_in(username, request.form.get("password")) {
        Ok(session) => {
            let (name, session) = (cookie_name(service), session.whole());
            let value = session.expose();
            let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax");
            Reply::redirect(303, rd)
                .with("set-cookie", cookie)
                .with("cache-control", "no-store")
        }
        Err(LoginError::Refused) => {
            let trouble = "The user or the password is wrong.";
            form(service, 403, rd, username, Some(trouble))
        }
        Err(LoginError::Failed(error)) => {
            tracing::error!("no session: {error}");
            Reply::html(
                500,
                html::message_page("Trouble", "No session could be kept."),
            )
        }
    }
}

/// Answers a request for the first page, which says what this is and who is logged in.
pub(crate) fn start(service: &OidcService, request: &Request) -> Reply {
    let session = session(service, request);
    let user = session
        .as_ref()
        .and_then(|session| service.user_of(session));
    let text = match user {
        Some(user) => format!("You are logged in as {}.", user.username),
        None => "Nobody is logged in here.".to_owned(),
    };
    Reply::html(200, html::message_page("An OpenID provider", &text))
}
