//! A login, as Kratos and a browser would do it together: the browser's part is played, too, since
//! nobody sits before it.

use std::collections::BTreeMap;
use std::error::Error;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use external_provider::Provider;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};
use ureq::Agent;
use ureq::http::Response;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What Go encodes of a client's id and secret, and so Kratos (RFC 6749, 2.3.1).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Logs `username` in at a provider whose login page asks for a name only, and gives back what the
/// provider says of the user: the claims of the ID token, and of the userinfo endpoint.
///
/// The ID token comes straight from the token endpoint, so that its signature need not be looked
/// at (OpenID Connect Core 1.0, 3.1.3.7).
pub(crate) fn log_in(
    provider: &Provider,
    redirect_uri: &str,
    username: &str,
) -> Result<Map<String, Value>> {
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
    let endpoint = |key: &str| -> Result<&str> {
        let endpoint = document.get(key).and_then(Value::as_str);
        Ok(endpoint.ok_or_else(|| format!("the discovery document has no {key}"))?)
    };

    // The browser: to the provider, to its login page, and back with a code.
    let scope = format!("openid {}", client.scope);
    let asked = agent
        .get(endpoint("authorization_endpoint")?)
        .query("response_type", "code")
        .query("client_id", &client.client_id)
        .query("redirect_uri", redirect_uri)
        .query("scope", &scope)
        .query("state", "a-state")
        .query("nonce", "a-nonce")
        .call()?;
    let page = location(&asked).ok_or("the provider does not ask who it is")?;
    let page = seen_from(base, &page);
    let (form, rd) = page.split_once("?rd=").ok_or("there is no login page")?;
    let rd = percent_decode_str(rd).decode_utf8()?;
    let answers = [("rd", &*rd), ("username", username)];
    let logged_in = agent.post(form).send_form(answers)?;
    let cookie = logged_in.headers().get("Set-Cookie");
    let cookie = cookie
        .ok_or("the provider does not know this user")?
        .to_str()?;
    let cookie = cookie.split(';').next().unwrap_or_default();
    let back = agent
        .get(seen_from(base, &rd))
        .header("Cookie", cookie)
        .call()?;
    let back = location(&back).ok_or("the provider sends nobody back")?;
    let query = back
        .strip_prefix(redirect_uri)
        .ok_or("it leads somewhere else")?;
    let answers: BTreeMap<_, _> = query
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .collect();
    let code = answers.get("code").ok_or("there is no code")?;

    // Kratos: the code against tokens, and the access token against the user's data.
    let pair = [client.client_id.as_str(), client_secret.expose()]
        .map(|part| utf8_percent_encode(part, ENCODED).to_string());
    let basic = format!("Basic {}", STANDARD.encode(pair.join(":")));
    let tokens = agent.post(endpoint("token_endpoint")?);
    let tokens = tokens.header("Authorization", basic).send_form([
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
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
    let mut claims: Map<String, Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims)?)?;
    let bearer = format!("Bearer {}", token("access_token")?);
    let userinfo = agent.get(endpoint("userinfo_endpoint")?);
    claims.extend(json(userinfo.header("Authorization", bearer).call()?)?);
    Ok(claims)
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
