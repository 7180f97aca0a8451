//! A relying party made of the crate `openidconnect`, for `tests/peers/providers.py`, which
//! says what is passed, printed and read. All that matters is done by the crate: it checks the
//! issuer, the signature and the claims of the ID token with its nonce, and the subject of the
//! userinfo.

#![allow(
    clippy::disallowed_methods,
    reason = "it is told by variables what to do: there is no file or argument"
)]

use std::env;
use std::error::Error;
use std::io::{self, Write as _};

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::url::Url;
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, Scope,
    TokenResponse as _,
};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    // Redirects are not followed: the crate asks for that, and none is due.
    let agent = ureq::Agent::new_with_config(
        ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build(),
    );
    let ask = |request: HttpRequest| -> Result<HttpResponse, ureq::Error> {
        let (parts, mut body) = agent.run(request)?.into_parts();
        Ok(HttpResponse::from_parts(parts, body.read_to_vec()?))
    };

    let issuer = IssuerUrl::new(env::var("ISSUER")?)?;
    let metadata = CoreProviderMetadata::discover(&issuer, &ask)?;
    let client = CoreClient::from_provider_metadata(
        metadata,
        ClientId::new(env::var("CLIENT_ID")?),
        Some(ClientSecret::new(env::var("CLIENT_SECRET")?)),
    )
    .set_redirect_uri(RedirectUrl::new(env::var("REDIRECT_URI")?)?)
    .set_auth_type(match env::var("AUTH_METHOD")?.as_str() {
        "client_secret_post" => AuthType::RequestBody,
        _ => AuthType::BasicAuth,
    });

    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scope(Scope::new("profile".into()))
        .add_scope(Scope::new("email".into()));
    let mut verifier = None;
    if env::var("PKCE")? == "S256" {
        let (challenge, secret) = PkceCodeChallenge::new_random_sha256();
        request = request.set_pkce_challenge(challenge);
        verifier = Some(secret);
    }
    let (url, state, nonce) = request.url();
    let mut stdout = io::stdout();
    writeln!(stdout, "{url}")?;
    stdout.flush()?;

    let mut back = String::new();
    io::stdin().read_line(&mut back)?;
    let back = Url::parse(back.trim())?;
    let parameter = |name: &str| {
        let mut pairs = back.query_pairs();
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    if parameter("state").as_deref() != Some(state.secret()) {
        return Err("the state is another".into());
    }
    if let Some(error) = parameter("error") {
        let why = parameter("error_description").unwrap_or_default();
        return Err(format!("{error}: {why}").into());
    }

    let code = AuthorizationCode::new(parameter("code").ok_or("there is no code")?);
    let mut exchange = client.exchange_code(code)?;
    if let Some(verifier) = verifier {
        exchange = exchange.set_pkce_verifier(verifier);
    }
    let tokens = exchange.request(&ask)?;
    let id_token = tokens.id_token().ok_or("there is no ID token")?;
    let claims = id_token.claims(&client.id_token_verifier(), &nonce)?;
    let userinfo: CoreUserInfoClaims = client
        .user_info(
            tokens.access_token().clone(),
            Some(claims.subject().clone()),
        )?
        .request(&ask)?;
    let other = id_token.claims(&client.id_token_verifier(), &Nonce::new("other".into()));
    if other.is_ok() {
        return Err("another nonce is as good".into());
    }
    writeln!(
        stdout,
        "{}",
        json!({ "id_token": claims, "userinfo": userinfo })
    )?;
    Ok(())
}
