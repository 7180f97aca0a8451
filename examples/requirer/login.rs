//! A login, as Kratos would do it; and the browser's part, for when nobody sits before one.

use std::collections::BTreeMap;
use std::error::Error;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use external_provider::{Client, Provider, SecretValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};
use ureq::Agent;
use ureq::http::Response;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What comes back from the provider, as it went there. One login at a time is enough here.
const STATE: &str = "a-state";

/// What Go encodes of a client's id and secret, and so Kratos (RFC 6749, 2.3.1).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A provider that Kratos could log users in at: it has read its discovery document.
pub(crate) struct Login<'a> {
    client: &'a Client,
    client_secret: &'a SecretValue,
    redirect_uri: &'a str,
    agent: Agent,
    base: &'a str,
    document: Map<String, Value>,
}

impl<'a> Login<'a> {
    /// Reads what the provider says of itself.
    pub(crate) fn at(provider: &'a Provider, redirect_uri: &'a str) -> Result<Self> {
        let Provider::Generic {
            client,
            client_secret,
            issuer_url,
            ..
        } = provider
        else {
            return Err("only generic providers can be logged in with here".into());
        };
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        let base = issuer_url.trim_end_matches('/');
        let document = json(
            agent
                .get(format!("{base}/.well-known/openid-configuration"))
                .call()?,
        )?;
        Ok(Self {
            client,
            client_secret,
            redirect_uri,
            agent,
            base,
            document,
        })
    }

    fn endpoint(&self, key: &str) -> Result<&str> {
        let endpoint = self.document.get(key).and_then(Value::as_str);
        Ok(endpoint.ok_or_else(|| format!("the discovery document has no {key}"))?)
    }

    /// Where Kratos sends the browser.
    pub(crate) fn start(&self) -> Result<String> {
        let query = [
            ("response_type", "code"),
            ("client_id", &self.client.client_id),
            ("redirect_uri", self.redirect_uri),
            ("scope", &format!("openid {}", self.client.scope)),
            ("state", STATE),
            ("nonce", "a-nonce"),
        ]
        .map(|(key, value)| format!("{key}={}", encoded(value)));
        let endpoint = self.endpoint("authorization_endpoint")?;
        Ok(format!("{endpoint}?{}", query.join("&")))
    }

    /// What a browser would do for `username`, at a provider whose login page asks for a name only.
    /// Gives the query with which it comes back.
    pub(crate) fn browse(&self, username: &str) -> Result<String> {
        let asked = self.agent.get(self.start()?).call()?;
        let page = location(&asked).ok_or("the provider does not ask who it is")?;
        let page = seen_from(self.base, &page);
        let (form, rd) = page.split_once("?rd=").ok_or("there is no login page")?;
        let rd = percent_decode_str(rd).decode_utf8()?;
        let answers = [("rd", &*rd), ("username", username)];
        let logged_in = self.agent.post(form).send_form(answers)?;
        let cookie = logged_in.headers().get("Set-Cookie");
        let cookie = cookie
            .ok_or("the provider does not know this user")?
            .to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default();
        let back = self
            .agent
            .get(seen_from(self.base, &rd))
            .header("Cookie", cookie)
            .call()?;
        let back = location(&back).ok_or("the provider sends nobody back")?;
        let query = back
            .strip_prefix(self.redirect_uri)
            .ok_or("it leads somewhere else")?;
        Ok(query.trim_start_matches('?').to_owned())
    }

    /// What Kratos does when the browser comes back with `query`: the code against tokens, and the
    /// access token against the user's data. Gives what the provider says of the user: the claims of
    /// the ID token, and of the userinfo endpoint.
    ///
    /// The ID token comes straight from the token endpoint, so that its signature need not be looked
    /// at (OpenID Connect Core 1.0, 3.1.3.7).
    pub(crate) fn redeem(&self, query: &str) -> Result<Map<String, Value>> {
        let answers: BTreeMap<_, _> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .collect();
        if answers.get("state") != Some(&STATE) {
            return Err("that is another login".into());
        }
        let code = answers.get("code").ok_or("there is no code")?;
        let pair = [self.client.client_id.as_str(), self.client_secret.expose()].map(encoded);
        let basic = format!("Basic {}", STANDARD.encode(pair.join(":")));
        let tokens = self.agent.post(self.endpoint("token_endpoint")?);
        let tokens = tokens.header("Authorization", basic).send_form([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri),
        ])?;
        let tokens = json(tokens)?;
        let token = |key: &str| -> Result<&str> {
            let token = tokens.get(key).and_then(Value::as_str);
            Ok(token.ok_or("the provider refuses the code")?)
        };
        let claims = token("id_token")?
            .split('.')
            .nth(1)
            .ok_or("the ID token is not a JWT")?;
        let mut claims: Map<String, Value> =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims)?)?;
        let bearer = format!("Bearer {}", token("access_token")?);
        let userinfo = self.agent.get(self.endpoint("userinfo_endpoint")?);
        claims.extend(json(userinfo.header("Authorization", bearer).call()?)?);
        Ok(claims)
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

fn json(mut answer: Response<ureq::Body>) -> Result<Map<String, Value>> {
    Ok(serde_json::from_str(&answer.body_mut().read_to_string()?)?)
}

fn location(answer: &Response<ureq::Body>) -> Option<String> {
    let location = answer.headers().get("Location")?;
    Some(location.to_str().ok()?.to_owned())
}

/// A URL, or a path at the provider.
fn seen_from(base: &str, location: &str) -> String {
    if location.starts_with('/') {
        format!("{base}{location}")
    } else {
        location.to_owned()
    }
}
