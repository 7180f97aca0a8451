//! The claims that a mapper is given.
//!
//! Kratos decodes what a provider says into its `Claims` struct (`provider.go` of its
//! `selfservice/strategy/oidc`), whose fields have types and are all `omitempty`, and hands
//! that to the mapper. What cannot be decoded fails the login before the mapper runs.

use std::collections::BTreeMap;

use external_provider::Kind;
use serde_json::{Map, Value, json};

/// Why Kratos refuses claims before the mapper sees them. Contains none of their values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsError {
    /// They are not an object.
    #[error("they are not an object")]
    NotAnObject,
    /// A claim is of another type than Kratos decodes.
    #[error("it cannot decode {field}, which is of another type")]
    Undecodable {
        /// Which.
        field: &'static str,
    },
    /// A claim that every login needs is missing or empty.
    #[error("{field} is missing")]
    Missing {
        /// Which.
        field: &'static str,
    },
}

/// The type of a field of that struct.
#[derive(Clone, Copy)]
enum Type {
    /// `string`.
    Text,
    /// `Locale`, which also takes an object with a language and a country.
    Locale,
    /// `ConvertibleBoolean` (`x/json_bool.go`), which also takes the strings `true` and
    /// `false`, for Apple, and no null.
    Convertible,
    /// `bool`.
    Boolean,
    /// `int64`.
    Integer,
}

/// What Kratos' struct has room for, in its order. A mapper finds anything else in
/// `raw_claims` only.
const FIELDS: [(&str, Type); 26] = [
    ("iss", Type::Text),
    ("sub", Type::Text),
    ("oid", Type::Text),
    ("name", Type::Text),
    ("given_name", Type::Text),
    ("family_name", Type::Text),
    ("last_name", Type::Text),
    ("middle_name", Type::Text),
    ("nickname", Type::Text),
    ("preferred_username", Type::Text),
    ("profile", Type::Text),
    ("picture", Type::Text),
    ("website", Type::Text),
    ("email", Type::Text),
    ("email_verified", Type::Convertible),
    ("gender", Type::Text),
    ("birthdate", Type::Text),
    ("zoneinfo", Type::Text),
    ("locale", Type::Locale),
    ("phone_number", Type::Text),
    ("phone_number_verified", Type::Boolean),
    ("updated_at", Type::Integer),
    ("hd", Type::Text),
    ("team", Type::Text),
    ("nonce", Type::Text),
    ("nonce_supported", Type::Boolean),
];

/// Claims as a provider of this kind sends them, made into those that Kratos hands to the
/// mapper. Claims may have `raw_claims` already, as those that Kratos logs.
///
/// What is false, empty or zero is not there when the mapper looks.
///
/// # Errors
///
/// If Kratos cannot decode them, or lacks who the user is.
pub fn handed_over(kind: Kind, mut claims: Map<String, Value>) -> Result<Value, ClaimsError> {
    let raw = match claims.remove("raw_claims") {
        None | Some(Value::Null) => None,
        Some(raw @ Value::Object(_)) => Some(raw),
        Some(_) => {
            return Err(ClaimsError::Undecodable {
                field: "raw_claims",
            });
        }
    };
    let mut handed = Map::new();
    for (name, value) in &claims {
        // Go's `encoding/json` takes keys whatever their case.
        let field = FIELDS
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name));
        let Some((field, kind_of_field)) = field else {
            continue;
        };
        // `provider_auth0.go` makes a number of it before it decodes.
        let is_auth0s = kind == Kind::Auth0 && *field == "updated_at" && value.is_string();
        let decoded = match value.as_str().filter(|_| is_auth0s) {
            Some(text) => unix_time(text).map(Value::from),
            None => decode(*kind_of_field, value),
        };
        let decoded = decoded.ok_or(ClaimsError::Undecodable { field })?;
        let is_zero = [json!(null), json!(false), json!(""), json!(0)].contains(&decoded);
        // The exact name wins, whatever the order.
        if !is_zero && (name == field || !handed.contains_key(*field)) {
            handed.insert((*field).to_owned(), decoded);
        }
    }
    for field in ["iss", "sub"] {
        if !handed.contains_key(field) {
            return Err(ClaimsError::Missing { field });
        }
    }
    if has_raw_claims(kind) {
        handed.insert("raw_claims".into(), raw.unwrap_or_else(|| claims.into()));
    }
    Ok(handed.into())
}

/// What Go makes of a value in a field of this type; `None` if it refuses it.
fn decode(kind: Type, value: &Value) -> Option<Value> {
    match (kind, value) {
        (Type::Convertible, Value::String(text)) => match text.as_str() {
            "true" => Some(json!(true)),
            "false" => Some(json!(false)),
            _ => None,
        },
        (Type::Convertible | Type::Boolean, Value::Bool(_))
        | (Type::Text | Type::Locale, Value::String(_)) => Some(value.clone()),
        (Type::Locale, Value::Object(parts)) => locale(parts).map(Value::from),
        (Type::Integer, Value::Number(number)) => number.as_i64().map(Value::from),
        (Type::Text | Type::Locale | Type::Boolean | Type::Integer, Value::Null) => {
            Some(Value::Null)
        }
        _ => None,
    }
}

/// Such as `en-GB`; nothing of an object that says neither part.
fn locale(parts: &Map<String, Value>) -> Option<String> {
    let part = |wanted: &str| {
        let mut parts = parts.iter();
        match parts.find(|(name, _)| name.eq_ignore_ascii_case(wanted)) {
            None | Some((_, Value::Null)) => Some(""),
            Some((_, part)) => part.as_str(),
        }
    };
    let (language, country) = (part("language")?, part("country")?);
    let is_whole = !language.is_empty() && !country.is_empty();
    let dash = if is_whole { "-" } else { "" };
    Some(format!("{language}{dash}{country}"))
}

/// The seconds since 1970 of a time such as `2026-01-01T00:00:00.000Z`, as Auth0 has it, or in
/// another zone, such as `2026-01-01T01:00:00+01:00` (RFC 3339).
fn unix_time(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let (time, minutes_ahead) = if let Some(time) = time.strip_suffix('Z') {
        (time, 0)
    } else {
        let (time, zone) = time.split_at_checked(time.rfind(['+', '-'])?)?;
        let (hours, minutes) = zone.get(1..)?.split_once(':')?;
        let ahead = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
        (time, if zone.starts_with('-') { -ahead } else { ahead })
    };
    let numbers = |text: &str, separator| -> Option<Vec<i64>> {
        text.split(separator)
            .map(|part| part.parse().ok())
            .collect()
    };
    let [year, month, day] = numbers(date, '-')?.try_into().ok()?;
    let time = time.split('.').next()?;
    let [hours, minutes, seconds] = numbers(time, ':')?.try_into().ok()?;
    if !((1..=12).contains(&month) && (1..=31).contains(&day)) {
        return None;
    }
    // Let years begin in March, so that the leap day comes last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468;
    Some(((days * 24 + hours) * 60 + minutes - minutes_ahead) * 60 + seconds)
}

/// Whether Kratos also passes the whole ID token on, besides the claims that it knows: seen for
/// these four kinds.
fn has_raw_claims(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Generic | Kind::Google | Kind::Microsoft | Kind::Apple
    )
}

/// Claims as Kratos hands them to a mapper for a provider of this kind, each with a name that
/// can be part of a result's key: with `email_verified` where there is any; without, as for a
/// provider that says false or nothing; and, if `with_phone`, with a phone number that is not
/// verified. None for a kind with which no login works.
///
/// The fields are those that were seen at the real Kratos.
#[must_use]
pub fn sample_claims(kind: Kind, with_phone: bool) -> Vec<(&'static str, Value)> {
    let Some(said) = of(kind) else {
        return Vec::new();
    };
    let sample = |verified: bool, phone: bool| {
        let mut said = said.clone();
        if !verified && said.contains_key("email_verified") {
            said.insert("email_verified".into(), false.into());
        }
        if phone {
            said.insert("phone_number".into(), "+441632960000".into());
            said.insert("phone_number_verified".into(), false.into());
        }
        // The samples are what Kratos takes.
        let mut handed = handed_over(kind, said).unwrap_or_default();
        if kind == Kind::Apple {
            // It has the name from the form that Apple posts with the first login, and puts
            // it in twice; it is not in the token.
            handed["given_name"] = "Ada".into();
            handed["family_name"] = "Example".into();
            handed["last_name"] = "Example".into();
        }
        handed
    };
    let can_be_verified = said.contains_key("email_verified");
    let mut samples = Vec::new();
    if can_be_verified {
        samples.push(("verified", sample(true, false)));
    }
    samples.push(("unverified", sample(false, false)));
    if with_phone {
        samples.push(("phone", sample(can_be_verified, true)));
    }
    samples
}

/// What a provider of this kind says of an imaginary person, verified if it ever says so, by the
/// word of the kind. Not there are kinds with which no login works, and those that the charm
/// refuses. Entra ID's `sub` is another one for each application.
const SAMPLES: &str = include_str!("samples.json");

/// What a provider of this kind says, of [`SAMPLES`].
fn of(kind: Kind) -> Option<Map<String, Value>> {
    let mut samples: BTreeMap<String, Map<String, Value>> = serde_json::from_str(SAMPLES).ok()?;
    samples.remove(kind.word())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(value: &Value) -> BTreeSet<&str> {
        let keys = value.as_object().into_iter().flat_map(Map::keys);
        keys.map(String::as_str).collect()
    }

    #[test]
    fn every_kind_that_can_log_in_has_samples() {
        for &kind in Kind::ALL {
            let facts = crate::kinds::facts(kind);
            let never_logs_in = facts.refused || facts.broken.is_some();
            let samples = sample_claims(kind, false);
            assert_eq!(samples.is_empty(), never_logs_in, "{}", kind.word());
        }
    }

    #[test]
    fn samples_have_the_fields_that_were_seen_at_kratos() {
        let vectors = include_str!("../../tests/vectors/claims-by-kind.json");
        let vectors: Value = serde_json::from_str(vectors).unwrap();
        let seen = vectors["claims"].as_object().unwrap();
        assert!(seen.len() > 10, "the vectors are there");
        for (word, claims) in seen {
            let kind = Kind::from_word(word).unwrap();
            let samples = sample_claims(kind, false);
            // The first has most.
            let (_, sample) = &samples[0];
            assert_eq!(keys(sample), keys(claims), "{word}");
            let raw = keys(&sample["raw_claims"]);
            assert_eq!(raw, keys(&claims["raw_claims"]), "{word}: raw claims");
        }
    }

    #[test]
    fn only_what_a_provider_may_say_is_played() {
        struct Case {
            kind: Kind,
            with_phone: bool,
            names: Vec<&'static str>,
        }

        for Case {
            kind,
            with_phone,
            names,
        } in [
            Case {
                kind: Kind::Generic,
                with_phone: true,
                names: vec!["verified", "unverified", "phone"],
            },
            Case {
                kind: Kind::Google,
                with_phone: false,
                names: vec!["verified", "unverified"],
            },
            Case {
                kind: Kind::Microsoft,
                with_phone: false,
                names: vec!["unverified"],
            },
            Case {
                kind: Kind::Spotify,
                with_phone: false,
                names: vec!["unverified"],
            },
            Case {
                kind: Kind::Gitlab,
                with_phone: false,
                names: vec![],
            },
            Case {
                kind: Kind::Dingtalk,
                with_phone: true,
                names: vec![],
            },
        ] {
            let samples = sample_claims(kind, with_phone);
            let found: Vec<_> = samples.iter().map(|(name, _)| *name).collect();
            assert_eq!(found, names, "{kind:?}");
            for (name, claims) in &samples {
                let is_verified = claims["email_verified"] == true;
                assert!(is_verified || *name != "verified", "{kind:?} {name}");
                assert_eq!(
                    claims["phone_number"].is_string(),
                    *name == "phone",
                    "{name}"
                );
                assert!(
                    claims["phone_number_verified"].is_null(),
                    "false is left out"
                );
            }
        }
    }

    #[test]
    fn kratos_hands_over_what_it_knows() {
        struct Case {
            name: &'static str,
            kind: Kind,
            claims: Value,
            handed: Value,
        }

        let full = |claims: Value| {
            let mut claims = claims;
            claims["iss"] = "i".into();
            claims["sub"] = "s".into();
            claims
        };
        for Case {
            name,
            kind,
            claims,
            handed,
        } in [
            Case {
                name: "unknown claims are raw",
                kind: Kind::Generic,
                claims: json!({"groups": ["a"]}),
                handed: json!({"iss": "i", "sub": "s", "raw_claims": {"iss": "i", "sub": "s", "groups": ["a"]}}),
            },
            Case {
                name: "of other kinds nothing is raw",
                kind: Kind::Github,
                claims: json!({"groups": ["a"]}),
                handed: json!({"iss": "i", "sub": "s"}),
            },
            Case {
                name: "what is false, empty or null is not there",
                kind: Kind::Github,
                claims: json!({"email_verified": false, "name": "", "updated_at": 0, "email": null}),
                handed: json!({"iss": "i", "sub": "s"}),
            },
            Case {
                name: "verified as a text",
                kind: Kind::Github,
                claims: json!({"email_verified": "true"}),
                handed: json!({"iss": "i", "sub": "s", "email_verified": true}),
            },
            Case {
                name: "keys in another case",
                kind: Kind::Github,
                claims: json!({"Email": "a@example.com", "NAME": "A"}),
                handed: json!({"iss": "i", "sub": "s", "email": "a@example.com", "name": "A"}),
            },
            Case {
                name: "a locale that is an object",
                kind: Kind::Github,
                claims: json!({"locale": {"country": "GB", "language": "en"}}),
                handed: json!({"iss": "i", "sub": "s", "locale": "en-GB"}),
            },
            Case {
                name: "a locale that says the country",
                kind: Kind::Github,
                claims: json!({"locale": {"Country": "GB", "language": null}}),
                handed: json!({"iss": "i", "sub": "s", "locale": "GB"}),
            },
            Case {
                name: "a locale that says nothing",
                kind: Kind::Github,
                claims: json!({"locale": {"a": "b"}}),
                handed: json!({"iss": "i", "sub": "s"}),
            },
            Case {
                name: "fields that newer releases know",
                kind: Kind::Github,
                claims: json!({"oid": "o", "nonce": "n", "nonce_supported": true}),
                handed: json!({"iss": "i", "sub": "s", "oid": "o", "nonce": "n", "nonce_supported": true}),
            },
        ] {
            let Value::Object(claims) = full(claims) else {
                panic!("{name}");
            };
            assert_eq!(handed_over(kind, claims), Ok(handed), "{name}");
        }
        let before = json!({"iss": "i", "sub": "s", "groups": [], "raw_claims": {"groups": ["a"]}});
        for (kind, handed) in [
            (
                Kind::Generic,
                json!({"iss": "i", "sub": "s", "raw_claims": {"groups": ["a"]}}),
            ),
            (Kind::Github, json!({"iss": "i", "sub": "s"})),
        ] {
            let claims = before.as_object().unwrap().clone();
            assert_eq!(
                handed_over(kind, claims),
                Ok(handed),
                "raw claims, {kind:?}"
            );
        }
    }

    #[test]
    fn auth0s_times_are_counted_from_1970() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00.000Z", Some(0)),
            ("2026-01-01T00:00:00.000Z", Some(1_767_225_600)),
            ("2026-01-01T01:30:00+01:30", Some(1_767_225_600)),
            ("2025-12-31T16:00:00.5-08:00", Some(1_767_225_600)),
            ("2026-01-01T00:00:00+1", None),
            ("2026-01-01T00:00:00", None),
            ("2024-02-29T12:30:15Z", Some(1_709_209_815)),
            ("2026-13-01T00:00:00Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(unix_time(text), seconds, "{text}");
        }
    }

    #[test]
    fn what_kratos_cannot_decode_is_reported() {
        struct Case {
            name: &'static str,
            claims: Value,
            field: &'static str,
        }

        for Case {
            name,
            claims,
            field,
        } in [
            Case {
                name: "Auth0 as generic",
                claims: json!({"updated_at": "2026-01-01T00:00:00.000Z"}),
                field: "updated_at",
            },
            Case {
                name: "a fraction",
                claims: json!({"updated_at": 1.5}),
                field: "updated_at",
            },
            Case {
                name: "null",
                claims: json!({"email_verified": null}),
                field: "email_verified",
            },
            Case {
                name: "a number for a switch",
                claims: json!({"email_verified": 1}),
                field: "email_verified",
            },
            Case {
                name: "another text",
                claims: json!({"email_verified": "yes"}),
                field: "email_verified",
            },
            Case {
                name: "a text in capitals",
                claims: json!({"email_verified": "True"}),
                field: "email_verified",
            },
            Case {
                name: "raw claims that are a list",
                claims: json!({"raw_claims": []}),
                field: "raw_claims",
            },
            Case {
                name: "a text for a switch",
                claims: json!({"phone_number_verified": "true"}),
                field: "phone_number_verified",
            },
            Case {
                name: "a number for a text",
                claims: json!({"name": 7}),
                field: "name",
            },
            Case {
                name: "a list",
                claims: json!({"email": ["a@example.com"]}),
                field: "email",
            },
            Case {
                name: "in another case",
                claims: json!({"Email": 7}),
                field: "email",
            },
            Case {
                name: "a number for a locale",
                claims: json!({"locale": 7}),
                field: "locale",
            },
            Case {
                name: "a number in a locale",
                claims: json!({"locale": {"language": 7}}),
                field: "locale",
            },
        ] {
            let mut claims = claims.as_object().unwrap().clone();
            claims.insert("iss".into(), "i".into());
            claims.insert("sub".into(), "s".into());
            let refused = ClaimsError::Undecodable { field };
            assert_eq!(
                handed_over(Kind::Generic, claims.clone()),
                Err(refused),
                "{name}"
            );
            let is_auth0s = field == "updated_at" && claims[field].is_string();
            assert_eq!(
                handed_over(Kind::Auth0, claims).is_ok(),
                is_auth0s,
                "{name}, for auth0"
            );
        }
        for (name, claims, field) in [
            ("no subject", json!({"iss": "i"}), "sub"),
            ("no issuer", json!({"sub": "s", "iss": ""}), "iss"),
        ] {
            let claims = claims.as_object().unwrap().clone();
            let missing = ClaimsError::Missing { field };
            assert_eq!(handed_over(Kind::Github, claims), Err(missing), "{name}");
        }
    }
}
