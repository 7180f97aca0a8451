//! The claims that a mapper is given.

use serde_json::{Map, Value, json};

use crate::provider::Kind;

/// What Kratos' `Claims` struct has room for (its `selfservice/strategy/oidc`), in
/// the order of that struct. A mapper finds anything else in `raw_claims` alone.
const KNOWN: [&str; 23] = [
    "iss",
    "sub",
    "name",
    "given_name",
    "family_name",
    "last_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "updated_at",
    "hd",
    "team",
];

/// Claims as a provider sends them in an ID token, made into those that Kratos hands
/// to the mapper. Claims that have `raw_claims` already are left as they are.
///
/// Kratos reads them into its `Claims` struct, whose fields are all `omitempty`: an
/// `email_verified` of false is not there at all when the mapper looks. `"true"` is
/// true there (`ConvertibleBoolean`, for Apple).
#[must_use]
pub fn handed_over(claims: Map<String, Value>) -> Map<String, Value> {
    if claims.contains_key("raw_claims") {
        return claims;
    }
    let mut handed: Map<_, _> = KNOWN
        .iter()
        .filter_map(|&name| Some((name.to_owned(), claims.get(name)?.clone())))
        .collect();
    if let Some(verified) = handed.get_mut("email_verified") {
        *verified = (*verified == json!(true) || *verified == json!("true")).into();
    }
    handed.retain(|_, value| ![json!(null), json!(false), json!(""), json!(0)].contains(value));
    handed.insert("raw_claims".into(), claims.into());
    handed
}

/// Claims as Kratos hands them to a mapper for a provider of this kind, with and
/// without `email_verified`, each with a name that can be part of a result's key.
///
/// Those without stand for a provider that does not send it, such as Entra ID, and
/// for one that says false.
#[must_use]
pub fn sample_claims(kind: Kind) -> Vec<(&'static str, Value)> {
    [("verified", true), ("unverified", false)]
        .map(|(name, verified)| (name, sample(kind, verified).into()))
        .to_vec()
}

/// Where Kratos has the claims from.
enum Source {
    /// An ID token: what is in it is also in `raw_claims`.
    Token,
    /// The provider's own interface: there are no `raw_claims`.
    Interface,
}

/// The claims of an imaginary person: those that every kind has, those of this kind,
/// and `email_verified` or not.
fn sample(kind: Kind, verified: bool) -> Map<String, Value> {
    let (source, own) = of(kind);
    let mut claims = Map::new();
    claims.insert("sub".into(), "248289761001".into());
    claims.insert("email".into(), "ada@example.com".into());
    if let Value::Object(own) = own {
        claims.extend(own);
    }
    if verified {
        claims.insert("email_verified".into(), true.into());
    }
    match source {
        Source::Token => handed_over(claims),
        Source::Interface => claims,
    }
}

fn person() -> Value {
    json!({
        "name": "Ada Example",
        "given_name": "Ada",
        "family_name": "Example",
    })
}

/// Where the claims of a kind come from, and those that it adds: what Kratos'
/// `provider_<kind>.go` fills in, or what the provider documents of its ID tokens.
fn of(kind: Kind) -> (Source, Value) {
    match kind {
        Kind::Generic | Kind::Auth0 | Kind::Netid => (
            Source::Token,
            with(
                person(),
                json!({
                    "iss": "https://idp.example.com",
                    "aud": "client-id",
                    "nickname": "ada",
                    "preferred_username": "ada",
                    "picture": "https://idp.example.com/ada.png",
                    "locale": "en-GB",
                }),
            ),
        ),
        Kind::Google => (
            Source::Token,
            with(
                person(),
                json!({
                    "iss": "https://accounts.google.com",
                    "aud": "client-id.apps.example.com",
                    "hd": "example.com",
                    "picture": "https://photos.example.com/ada.png",
                    "locale": "en-GB",
                }),
            ),
        ),
        // Entra ID has no first and last name unless they are asked for, and `sub` is
        // another one for each application.
        Kind::Microsoft => (
            Source::Token,
            json!({
                "iss": "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001/v2.0",
                "aud": "00000000-0000-0000-0000-000000000002",
                "sub": "AAAAAAAAAAAAAAAAAAAAAExampleSubject",
                "tid": "00000000-0000-0000-0000-000000000001",
                "oid": "00000000-0000-0000-0000-000000000003",
                "ver": "2.0",
                "name": "Ada Example",
                "preferred_username": "ada@example.com",
            }),
        ),
        // The name comes with the first login only, and not in the token.
        Kind::Apple => (
            Source::Token,
            json!({
                "iss": "https://appleid.apple.com",
                "aud": "com.example.login",
                "sub": "000001.0123456789abcdef0123456789abcdef.0001",
                "is_private_email": "true",
            }),
        ),
        Kind::Gitlab => (
            Source::Token,
            json!({
                "iss": "https://gitlab.com",
                "name": "Ada Example",
                "nickname": "ada",
                "preferred_username": "ada",
                "profile": "https://gitlab.com/ada",
                "picture": "https://gitlab.com/uploads/ada.png",
                "website": "https://www.example.com",
                "groups": ["example"],
            }),
        ),
        Kind::Github => (
            Source::Interface,
            json!({
                "iss": "https://github.com/login/oauth/access_token",
                "sub": "1234567",
                "name": "Ada Example",
                "nickname": "ada",
                "profile": "https://github.com/ada",
                "picture": "https://avatars.example.com/u/1234567",
                "website": "https://www.example.com",
                "updated_at": 1_700_000_000,
            }),
        ),
        Kind::Facebook
        | Kind::Slack
        | Kind::Spotify
        | Kind::Discord
        | Kind::Twitch
        | Kind::Yander
        | Kind::Yandex
        | Kind::Vk
        | Kind::Dingtalk => (
            Source::Interface,
            with(
                person(),
                json!({
                    "iss": "https://idp.example.com/token",
                    "nickname": "ada",
                    "picture": "https://idp.example.com/ada.png",
                }),
            ),
        ),
    }
}

fn with(mut claims: Value, more: Value) -> Value {
    if let (Value::Object(claims), Value::Object(more)) = (&mut claims, more) {
        claims.extend(more);
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_claims_with_and_without() {
        for &kind in Kind::ALL {
            let samples = sample_claims(kind);
            let verified: Vec<_> = samples
                .iter()
                .map(|(_, claims)| claims.get("email_verified").is_some())
                .collect();
            assert_eq!(verified, [true, false], "{kind:?}");
            for (name, claims) in &samples {
                // Kratos refuses claims without these.
                assert!(
                    claims["iss"].is_string() && claims["sub"].is_string(),
                    "{kind:?} {name}"
                );
                assert_eq!(claims["email"], "ada@example.com", "{kind:?} {name}");
                let unknown = claims
                    .as_object()
                    .unwrap()
                    .keys()
                    .find(|claim| *claim != "raw_claims" && !KNOWN.contains(&claim.as_str()));
                assert_eq!(unknown, None, "{kind:?} {name}");
            }
        }
    }

    #[test]
    fn kratos_hands_over_what_it_knows() {
        for (name, claims, handed) in [
            (
                "unknown claims are raw",
                json!({"sub": "1", "groups": ["a"]}),
                json!({"sub": "1", "raw_claims": {"sub": "1", "groups": ["a"]}}),
            ),
            (
                "not verified is not there",
                json!({"email_verified": false}),
                json!({"raw_claims": {"email_verified": false}}),
            ),
            (
                "verified as a text",
                json!({"email_verified": "true"}),
                json!({"email_verified": true, "raw_claims": {"email_verified": "true"}}),
            ),
            (
                "as Kratos has them already",
                json!({"groups": [], "raw_claims": {}}),
                json!({"groups": [], "raw_claims": {}}),
            ),
        ] {
            let Value::Object(claims) = claims else {
                panic!("{name}");
            };
            assert_eq!(Value::from(handed_over(claims)), handed, "{name}");
        }
    }
}
