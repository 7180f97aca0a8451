//! Logins without a user: one for Kratos, and one for each redirect URI of the applications. Not
//! more of them than a provider should bear.

use super::network::Network;
use super::printable::Redaction;
use super::question::{Application, Question};
use super::redirect_uri::{self, Login, Unheard};
use super::unreachable::Unreachable;

/// The most redirect URIs of applications that are asked about.
const MOST: usize = 16;

/// The most of one application, which may ask for more than it needs.
const MOST_OF_ONE: usize = 8;

/// The longest redirect URI of an application that is asked about, and the longest scopes with it,
/// in bytes: the longest that are read of the interface `oauth`.
const TEXT_LIMIT: usize = 2048;

/// What became of a redirect URI of an application.
#[derive(Debug)]
pub(super) struct Asked {
    /// The redirect URI, or several with spaces between, as none was asked about.
    pub(super) redirect_uri: String,
    /// What was answered.
    pub(super) answer: Result<Login, Unheard>,
}

/// The authorization endpoint, and who asks there.
pub(super) struct Logins<'a> {
    network: &'a Network,
    /// `None` if it is not known.
    endpoint: Option<String>,
    client_id: &'a str,
    pkce: bool,
    /// How many redirect URIs of applications have been asked about.
    count: usize,
    /// Why the provider is not asked again.
    given_up: Option<&'static str>,
}

impl<'a> Logins<'a> {
    /// At `endpoint`, with a challenge if `pkce`.
    pub(super) fn at(
        endpoint: Option<String>,
        network: &'a Network,
        question: &'a Question,
        pkce: bool,
    ) -> Self {
        Self {
            network,
            endpoint,
            client_id: &question.client_id,
            pkce,
            count: 0,
            given_up: None,
        }
    }

    /// Asks for a login with this redirect URI.
    pub(super) fn ask(&mut self, redirect_uri: &str, scopes: &[String]) -> Result<Login, Unheard> {
        let Some(endpoint) = &self.endpoint else {
            return Err(Unheard::not_asked(
                "no authorization endpoint is known",
                None,
            ));
        };
        let url = redirect_uri::url(endpoint, self.client_id, redirect_uri, scopes, self.pkce);
        let answer = self.network.get(&url);
        self.given_up = match &answer {
            // One does not wait for it sixteen times.
            Err(Unreachable::TooSlow) => Some("the provider took too long before"),
            Ok(answer) if answer.status == 429 => Some("the provider had too many requests"),
            _ => self.given_up,
        };
        let login = answer.map(|answer| Login::read(&answer, redirect_uri));
        login.map_err(|why| Unheard::from(&why))
    }

    /// Asks for a login with each redirect URI of an application, as far as the provider and the
    /// limit let it.
    pub(super) fn ask_for(
        &mut self,
        application: &Application,
        redaction: &Redaction,
    ) -> Vec<Asked> {
        if !application.sends_users() {
            return Vec::new();
        }
        let mut asked: Vec<Asked> = Vec::new();
        let mut left_out: Vec<&str> = Vec::new();
        let most = MOST.min(self.count + MOST_OF_ONE);
        for uri in &application.redirect_uris {
            let is_known = asked.iter().any(|one| one.redirect_uri == *uri);
            if is_known || left_out.contains(&uri.as_str()) {
                continue;
            }
            let answer = match (refusal(uri, &application.scopes, redaction), self.given_up) {
                (Some(why), _) => Err(Unheard::not_asked(why, Some(CORRECT))),
                (None, Some(why)) => Err(Unheard::not_asked(why, Some("try again later"))),
                (None, None) if self.count == most => {
                    left_out.push(uri);
                    continue;
                }
                (None, None) => {
                    self.count += 1;
                    self.ask(uri, &application.scopes)
                }
            };
            asked.push(Asked {
                redirect_uri: uri.clone(),
                answer,
            });
        }
        if !left_out.is_empty() {
            let why = format!(
                "{MOST_OF_ONE} redirect URIs of an application and {MOST} in all are asked about at most"
            );
            let to_do = "check that it is registered at the provider, character for character";
            asked.push(Asked {
                redirect_uri: left_out.join(" "),
                answer: Err(Unheard::not_asked(&why, Some(to_do))),
            });
        }
        asked
    }
}

/// What to do about what is not sent to any provider.
const CORRECT: &str = "correct what the application asks for";

/// Why a redirect URI of an application is not sent to the provider, with these scopes.
fn refusal(uri: &str, scopes: &[String], redaction: &Redaction) -> Option<&'static str> {
    if uri.len() > TEXT_LIMIT {
        Some("it is longer than 2048 bytes")
    } else if !uri.contains(':') || !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        // RFC 3986, sections 2 and 3. What is not ASCII does not come back in a header as it was.
        Some("it is not a URI")
    } else if redaction.hides(uri) {
        // What is in a query is in the logs of whoever hands it on.
        Some("the client's secret is in it")
    } else if scopes.iter().map(String::len).sum::<usize>() > TEXT_LIMIT {
        Some("the scopes are longer than 2048 bytes")
    } else if redaction.hides(&scopes.join(" ")) {
        Some("the client's secret is in the scopes")
    } else {
        None
    }
}
