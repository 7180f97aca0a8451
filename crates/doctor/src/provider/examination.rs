//! All checks of a provider, in their order.

use super::application;
use super::credentials::{self, Methods};
use super::document::{self, Document};
use super::keys;
use super::logins::{Asked, Logins};
use super::network::{Network, Offset};
use super::printable::Redaction;
use super::question::{
    Application, Check, Credentials, Examination, Name, Question, Remedy, Verdict,
};
use super::redirect_uri::{self, Login, SentBack, Unheard};
use super::scopes::{self, Asker};

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
    let (wrong_redirect_uri, methods) = visit.credentials(document.as_ref());
    let heard = visit.logins(document.as_ref(), wrong_redirect_uri);
    visit.redirect_uri(&heard);
    visit.scopes(document.as_ref(), heard.sent_back_to_kratos());
    visit.pkce(document.as_ref(), heard.sent_back_to_kratos());
    visit.clock();
    for (application, asked) in question.applications.iter().zip(&heard.of_applications) {
        let checks = visit.application(application, asked, document.as_ref(), &methods, &heard);
        visit.checks.extend(checks);
    }
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

    /// Whether the provider complains of Kratos' redirect URI, and in which ways it knows the
    /// client.
    fn credentials(&mut self, document: Option<&Document>) -> (bool, Methods) {
        let Some(endpoint) = self.endpoint(document, Endpoint::Token) else {
            let seen = "not asked, since no token endpoint is known";
            self.say(Name::Credentials, Verdict::Unknown, seen, None);
            return (false, Methods::default());
        };
        let heard = credentials::ask(&self.network, self.question, &endpoint, &self.redaction);
        self.checks.push(heard.check);
        (heard.wrong_redirect_uri, heard.methods)
    }

    /// Asks for logins: Kratos', unless `is_wrong` is known of its redirect URI, and those of the
    /// applications.
    fn logins(&self, document: Option<&Document>, is_wrong: bool) -> Heard {
        let question = self.question;
        let endpoint = self.endpoint(document, Endpoint::Authorization);
        let pkce = document.is_some_and(Document::offers_pkce);
        let mut logins = Logins::at(endpoint, &self.network, question, pkce);
        let of_kratos = question.redirect_uri.as_deref().filter(|_| !is_wrong);
        Heard {
            of_kratos: of_kratos.map(|uri| logins.ask(uri, &question.scopes)),
            of_applications: question
                .applications
                .iter()
                .map(|one| logins.ask_for(one, &self.redaction))
                .collect(),
        }
    }

    fn redirect_uri(&mut self, heard: &Heard) {
        let name = Name::RedirectUri;
        let Some(redirect_uri) = self.question.redirect_uri.as_deref() else {
            let to_do = "integrate with Kratos, or give the URL where users reach it as public-url";
            return self.say(name, Verdict::Unknown, "it is not known yet", Some(to_do));
        };
        let Some(answer) = &heard.of_kratos else {
            let to_do = redirect_uri::register(&self.redaction.shown(redirect_uri));
            return self.say(name, Verdict::Bad, "the provider refuses it", Some(&to_do));
        };
        let (tells, redaction) = (heard.tells(), &self.redaction);
        let check = redirect_uri::judge(answer.as_ref(), redirect_uri, tells, redaction);
        self.checks.push(check);
    }

    fn scopes(&mut self, document: Option<&Document>, sent_back: Option<&SentBack>) {
        let scopes = &self.question.scopes;
        let check = scopes::judge(Asker::Kratos, scopes, document, sent_back, &self.redaction);
        self.checks.extend(check);
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

    /// The checks of one application, of whose redirect URIs became what is in `asked`.
    fn application(
        &self,
        application: &Application,
        asked: &[Asked],
        document: Option<&Document>,
        methods: &Methods,
        heard: &Heard,
    ) -> Vec<Check> {
        let redaction = &self.redaction;
        let redirect_uris = asked.iter().map(|one| {
            let (uri, answer) = (&one.redirect_uri, one.answer.as_ref());
            let mut check = redirect_uri::judge(answer, uri, heard.tells(), redaction);
            // What is good names it.
            if check.verdict != Verdict::Good {
                check.seen = format!("for {}, {}", redaction.shown(uri), check.seen);
            }
            check
        });
        let mut checks: Vec<_> = redirect_uris.collect();
        let answers = asked.iter().filter_map(|one| one.answer.as_ref().ok());
        let answers = answers.filter_map(|login| login.sent_back.as_ref());
        let (who, scopes) = (Asker::Application, &application.scopes);
        checks.extend(scopes::judge(who, scopes, document, answers, redaction));
        let grant_types =
            |document| application::grant_types(application, document, methods, redaction);
        checks.extend(document.map(grant_types));
        checks.extend(application::auth_method(
            application,
            document,
            methods,
            redaction,
        ));
        let name = redaction.shown(&application.name);
        checks.into_iter().map(|check| check.of(&name)).collect()
    }
}

/// What became of the logins.
struct Heard {
    /// `None` if Kratos' redirect URI is not known, or known to be wrong.
    of_kratos: Option<Result<Login, Unheard>>,
    /// One for each application, in their order.
    of_applications: Vec<Vec<Asked>>,
}

impl Heard {
    fn sent_back_to_kratos(&self) -> Option<&SentBack> {
        self.of_kratos.as_ref()?.as_ref().ok()?.sent_back.as_ref()
    }

    /// Whether the provider has sent users back to some redirect URI.
    fn tells(&self) -> bool {
        let asked = self.of_applications.iter().flatten();
        let answers = asked.map(|one| &one.answer).chain(&self.of_kratos);
        let mut logins = answers.filter_map(|answer| answer.as_ref().ok());
        logins.any(|login| login.sent_back.is_some())
    }
}

#[derive(Clone, Copy)]
enum Endpoint {
    Authorization,
    Token,
}
