//! All checks of a provider, in their order.

use super::credentials;
use super::document::{self, Document};
use super::keys;
use super::network::{Network, Offset};
use super::printable::Redaction;
use super::question::{Check, Credentials, Examination, Name, Question, Remedy, Verdict};
use super::redirect_uri::{self, SentBack};

/// How many seconds another clock may be off.
const CLOCK_TOLERANCE: u64 = 60;

/// Asks a provider. Takes no longer than a minute, whatever it does.
///
/// # Errors
///
/// What is wrong with the question.
pub(crate) fn examine(question: &Question) -> Result<Examination, String> {
    let secrets = match &question.credentials {
        Credentials::Secret(secret) | Credentials::Signed(secret) => Some(secret),
        Credentials::Unsigned | Credentials::Unknown => None,
    };
    let redaction = Redaction::new(&question.client_id, secrets);
    let issuer = question.endpoints.issuer.as_ref();
    let plain = issuer.is_some_and(|issuer| issuer.url.starts_with("http://"));
    let network = Network::new(&question.certificates, question.proxies.clone(), plain)?;
    let mut visit = Visit {
        question,
        network,
        redaction,
        checks: Vec::new(),
    };
    let document = visit.discovery();
    visit.keys(document.as_ref());
    let wrong_redirect_uri = visit.credentials(document.as_ref());
    let sent_back = visit.redirect_uri(document.as_ref(), wrong_redirect_uri);
    visit.scopes(document.as_ref(), sent_back.as_ref());
    visit.pkce(document.as_ref(), sent_back.as_ref());
    visit.clock();
    let found = document.map(|document| document.found(&visit.redaction));
    Ok(Examination {
        checks: visit.checks,
        found,
    })
}

/// What is known while a provider is asked.
struct Visit<'a> {
    question: &'a Question,
    network: Network,
    redaction: Redaction,
    checks: Vec<Check>,
}

impl Visit<'_> {
    fn say(&mut self, name: Name, verdict: Verdict, seen: impl Into<String>, to_do: Option<&str>) {
        let remedy = to_do.map(Remedy::instruction);
        self.checks.push(Check::new(name, verdict, seen, remedy));
    }

    fn discovery(&mut self) -> Option<Document> {
        let endpoints = &self.question.endpoints;
        let issuer = endpoints.issuer.as_ref()?;
        let answer = self.network.document(&document::url(&issuer.url));
        let is_fixed = endpoints.fixed.is_some();
        let (check, document) = document::judge(issuer, is_fixed, answer.as_ref(), &self.redaction);
        self.checks.push(check);
        document
    }

    fn keys(&mut self, document: Option<&Document>) {
        if self.question.endpoints.issuer.is_none() {
            return;
        }
        let Some(document) = document else {
            let seen = "not asked, since the discovery document cannot be used";
            return self.say(Name::Keys, Verdict::Unknown, seen, None);
        };
        // What is missing there is said of the document.
        let Some(url) = document.endpoint("jwks_uri") else {
            let seen = "the discovery document does not say where they are";
            return self.say(Name::Keys, Verdict::Unknown, seen, None);
        };
        let answer = self.network.document(&url);
        let check = keys::judge(answer.as_ref(), &document.algorithms());
        self.checks.push(check);
    }

    /// The endpoint that Kratos uses: the one in its code, or the one in the document.
    fn endpoint(&self, document: Option<&Document>, name: Endpoint) -> Option<String> {
        let fixed = self.question.endpoints.fixed.as_ref();
        let fixed = fixed.map(|fixed| match name {
            Endpoint::Authorization => fixed.authorization.as_str(),
            Endpoint::Token => fixed.token.as_str(),
        });
        let key = match name {
            Endpoint::Authorization => "authorization_endpoint",
            Endpoint::Token => "token_endpoint",
        };
        fixed.map_or_else(|| document?.endpoint(key), |fixed| Some(fixed.to_owned()))
    }

    fn credentials(&mut self, document: Option<&Document>) -> bool {
        let Some(endpoint) = self.endpoint(document, Endpoint::Token) else {
            let seen = "not asked, since no token endpoint is known";
            self.say(Name::Credentials, Verdict::Unknown, seen, None);
            return false;
        };
        let heard = credentials::ask(&self.network, self.question, &endpoint, &self.redaction);
        self.checks.push(heard.check);
        heard.wrong_redirect_uri
    }

    fn redirect_uri(&mut self, document: Option<&Document>, is_wrong: bool) -> Option<SentBack> {
        let name = Name::RedirectUri;
        let Some(redirect_uri) = self.question.redirect_uri.as_deref() else {
            let to_do = "integrate with Kratos, or give the URL where users reach it as public-url";
            self.say(name, Verdict::Unknown, "it is not known yet", Some(to_do));
            return None;
        };
        if is_wrong {
            let shown = self.redaction.shown(redirect_uri);
            let to_do = format!("register {shown} at the provider, character for character");
            let seen = "the provider refuses it";
            self.say(name, Verdict::Bad, seen, Some(&to_do));
            return None;
        }
        let Some(endpoint) = self.endpoint(document, Endpoint::Authorization) else {
            let seen = "not asked, since no authorization endpoint is known";
            self.say(name, Verdict::Unknown, seen, None);
            return None;
        };
        let pkce = document.is_some_and(Document::offers_pkce);
        let url = redirect_uri::url(&endpoint, self.question, redirect_uri, pkce);
        let answer = self.network.get(&url);
        let answer = answer.as_ref();
        let sent_back = answer.ok();
        let sent_back = sent_back.and_then(|answer| redirect_uri::sent_back(answer, redirect_uri));
        let (sent, redaction) = (sent_back.as_ref(), &self.redaction);
        let check = redirect_uri::judge(answer, sent, redirect_uri, redaction);
        self.checks.push(check);
        sent_back
    }

    fn scopes(&mut self, document: Option<&Document>, sent_back: Option<&SentBack>) {
        let name = Name::Scopes;
        let is_refused = |one: &&SentBack| one.error.as_deref() == Some("invalid_scope");
        if let Some(sent_back) = sent_back.filter(is_refused) {
            let said = self.redaction.shown(&sent_back.description);
            let seen = format!("the provider refuses them: invalid_scope ({said})");
            let to_do = "set scope to what the provider's documentation has";
            return self.say(name, Verdict::Bad, seen, Some(to_do));
        }
        let Some(document) = document else { return };
        let Some(listed) = document.list("scopes_supported") else {
            let seen = "the discovery document does not list any";
            return self.say(name, Verdict::Unknown, seen, None);
        };
        let asked = self.question.scopes.iter();
        let unlisted = asked
            .filter(|one| !listed.contains(one))
            .map(String::as_str);
        let unlisted: Vec<_> = unlisted.collect();
        if unlisted.is_empty() {
            let seen = "the provider lists all that Kratos asks for";
            return self.say(name, Verdict::Good, seen, None);
        }
        let unlisted = self.redaction.shown(&unlisted.join(" "));
        let seen =
            format!("the provider does not list {unlisted}, but such lists are often incomplete");
        let to_do = "leave them out of scope, unless the provider's documentation has them";
        self.say(name, Verdict::Unknown, seen, Some(to_do));
    }

    fn pkce(&mut self, document: Option<&Document>, sent_back: Option<&SentBack>) {
        let name = Name::Pkce;
        let Some(document) = document else { return };
        // The kinds whose endpoints Kratos knows go without, unless they are told otherwise.
        if document.offers_pkce() {
            return self.say(name, Verdict::Good, "the provider offers S256", None);
        }
        let demands = |one: &&SentBack| {
            let said = one.description.to_lowercase();
            let is_about = ["pkce", "code_challenge", "code challenge"]
                .iter()
                .any(|word| said.contains(word));
            one.error.as_deref() == Some("invalid_request") && is_about
        };
        if let Some(sent_back) = sent_back.filter(demands) {
            let said = self.redaction.shown(&sent_back.description);
            let seen = format!(
                "the provider demands it ({said}), but its document does not say so, and Kratos goes \
                 without"
            );
            let to_do = "turn the demand off for this client, or have S256 announced in \
                         code_challenge_methods_supported";
            return self.say(name, Verdict::Bad, seen, Some(to_do));
        }
        let seen = "the provider does not announce S256, so Kratos goes without";
        self.say(name, Verdict::Good, seen, None);
    }

    fn clock(&mut self) {
        let (by, way) = match self.network.offset() {
            Some(Offset::Ahead(by)) => (by.as_secs(), "behind"),
            Some(Offset::Behind(by)) => (by.as_secs(), "ahead of"),
            None => {
                let seen = "no answer of the provider had the time";
                return self.say(Name::Clock, Verdict::Unknown, seen, None);
            }
        };
        if by <= CLOCK_TOLERANCE {
            let seen = "this machine's clock agrees with the provider's";
            return self.say(Name::Clock, Verdict::Good, seen, None);
        }
        let seen = format!("this machine's clock is {by} seconds {way} the provider's");
        let to_do = "set the clocks, Kratos' too: ID tokens are valid for minutes only";
        self.say(Name::Clock, Verdict::Bad, seen, Some(to_do));
    }
}

#[derive(Clone, Copy)]
enum Endpoint {
    Authorization,
    Token,
}
