//! What a dry run of a mapper says.

use doctor::Doctor;
use doctor::mapper::{Identity, MapperError};
use external_provider::Kind;
use juju_hook::json;
use serde_json::Value;

use super::charmed;
use super::claims::{ClaimsError, handed_over, sample_claims};
use crate::checks::jsonnet_mapper;
use crate::finding::{Code, Finding, Fix};
use crate::kinds::{facts, instead_of};

/// Why there is no identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrialError {
    /// Kratos does not get as far as the mapper with these claims.
    #[error("Kratos refuses the claims before the mapper runs: {0}")]
    Claims(ClaimsError),
    /// Charmed Kratos' own mapper, for a user whose phone number is not verified.
    #[error(
        "Charmed Kratos' own mapper fails: it looks at phone_number_verified, which Kratos leaves \
         out where it is false"
    )]
    PhoneUnverified,
    /// The mapper gives none.
    #[error(transparent)]
    Mapper(#[from] MapperError),
}

/// The option that holds the mapper.
const OPTION: &str = "jsonnet_mapper";

/// What became of one set of claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Which claims: the name of a sample, or `given`.
    pub claims: &'static str,
    /// What Kratos would take.
    pub identity: Result<Identity, TrialError>,
}

/// What the action `test-mapper` prints.
#[derive(Debug, Clone, PartialEq)]
pub struct DryRun {
    /// Results by key: for each claims the traits, as compact JSON.
    pub results: Vec<(String, String)>,
    /// What is wrong, each once.
    pub findings: Vec<Finding>,
}

impl DryRun {
    /// What is said of `outcomes`.
    #[must_use]
    pub fn of(outcomes: &[Outcome]) -> Self {
        let mut run = Self {
            results: Vec::new(),
            findings: Vec::new(),
        };
        let is_ever_verified = outcomes.iter().any(|one| one.claims == "verified");
        for Outcome { claims, identity } in outcomes {
            match identity {
                Ok(identity) => {
                    let traits = json::encode(&identity.traits).into_exposed();
                    run.results.push((format!("traits-{claims}"), traits));
                    run.warn_of(claims, identity, is_ever_verified);
                }
                Err(TrialError::Mapper(MapperError::Syntax(error))) => {
                    run.add(jsonnet_mapper::finding(error));
                }
                Err(error) => {
                    let (code, fix) = match error {
                        TrialError::Claims(_) => (
                            Code::MapperFails,
                            Fix::instruction("look at what the provider sends"),
                        ),
                        TrialError::PhoneUnverified => (
                            // Those of the sample few users may have; what is given happened.
                            if *claims == "phone" {
                                Code::PhoneUnverified
                            } else {
                                Code::MapperFails
                            },
                            Fix::instruction("leave phone out of scope, or set jsonnet_mapper"),
                        ),
                        TrialError::Mapper(_) => (Code::MapperFails, Fix::set("@mapper.jsonnet")),
                    };
                    run.warn(code, format!("with the {claims} claims, {error}"), fix);
                }
            }
        }
        run
    }

    fn warn_of(&mut self, claims: &str, identity: &Identity, is_ever_verified: bool) {
        // The identity schema of Charmed Kratos knows a person by this trait.
        let email = identity.traits.get("email").and_then(Value::as_str);
        if email.is_none_or(str::is_empty) {
            // Whether a provider that may say so ever says less is not known.
            let code = if claims == "unverified" && is_ever_verified {
                Code::MapperNeedsVerified
            } else {
                Code::MapperWithoutEmail
            };
            self.warn(
                code,
                format!("with the {claims} claims, the identity has no email"),
                Fix::instruction(advice(claims, is_ever_verified)),
            );
        }
        if identity.asked_for_provider {
            self.warn(
                Code::MapperAsksForProvider,
                "std.extVar('provider') is not set by Kratos: its login fails there".into(),
                Fix::instruction("use std.extVar('claims').iss, or a mapper for each provider"),
            );
        }
    }

    fn warn(&mut self, code: Code, problem: String, fix: Fix) {
        self.add(Finding::new(code, OPTION, problem, fix));
    }

    fn add(&mut self, finding: Finding) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}

fn advice(claims: &str, is_ever_verified: bool) -> &'static str {
    if claims == "unverified" && !is_ever_verified {
        "let the mapper take claims.email without email_verified, which this provider never \
         sends, if it is trusted to verify addresses"
    } else if claims == "unverified" {
        "fine if the provider always sends email_verified: else let the mapper take \
         claims.email without it, if the provider is trusted to verify addresses"
    } else {
        "let the mapper set identity.traits.email"
    }
}

/// A mapper to try out.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The program; `None` for what Charmed Kratos does without one.
    pub jsonnet: Option<String>,
    /// The claims to give it; the samples for the kind if there are none.
    pub claims: Option<Value>,
    /// The id of the provider.
    pub provider_id: String,
    /// Its kind.
    pub kind: Kind,
    /// Whether the scopes bring a phone number.
    pub with_phone: bool,
}

/// Runs the mapper of `trial` over its claims, or over the samples of its kind if there are
/// none.
///
/// Claims may be those of an ID token or those that Kratos hands over. `doctor` runs
/// it. Ends after a second of a processor's time, whatever the mapper.
#[must_use]
pub fn dry_run(doctor: &Doctor, trial: Trial) -> DryRun {
    let Trial {
        jsonnet,
        claims,
        provider_id,
        kind,
        with_phone,
    } = trial;
    let samples = match claims {
        None => sample_claims(kind, with_phone)
            .into_iter()
            .map(|(name, claims)| (name, Ok(claims)))
            .collect(),
        Some(Value::Object(claims)) => vec![("given", handed_over(kind, claims))],
        Some(_) => vec![("given", Err(ClaimsError::NotAnObject))],
    };
    let is_own = jsonnet.is_some();
    let jsonnet = jsonnet.unwrap_or_else(|| charmed::mapper(kind));
    let values: Vec<_> = samples
        .iter()
        .filter_map(|(_, claims)| claims.as_ref().ok())
        .collect();
    let mut identities = doctor
        .evaluate_each(&jsonnet, &values, &provider_id)
        .into_iter();
    let outcomes: Vec<_> = samples
        .iter()
        .map(|(name, claims)| Outcome {
            claims: name,
            identity: match claims {
                Ok(_) => match identities.next().unwrap_or(Err(MapperError::NoAnswer)) {
                    // Our copy of it can fail in one place only. The place would mean nothing to users.
                    Err(MapperError::Failed { .. }) if !is_own => Err(TrialError::PhoneUnverified),
                    identity => identity.map_err(TrialError::from),
                },
                Err(error) => Err(TrialError::Claims(error.clone())),
            },
        })
        .collect();
    let mut run = DryRun::of(&outcomes);
    if let Some(problem) = facts(kind).broken {
        let fix = instead_of(kind);
        run.add(Finding::new(Code::KindBroken, "provider", problem, fix));
    }
    if !is_own {
        let played = "what Charmed Kratos does without jsonnet_mapper".to_owned();
        run.results.insert(0, ("mapper".to_owned(), played));
    }
    run
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(claims: &'static str, traits: &Value) -> Outcome {
        let identity = Identity {
            traits: traits.as_object().cloned().unwrap(),
            metadata_public: None,
            metadata_admin: None,
            verified_addresses: Vec::new(),
            asked_for_provider: false,
        };
        Outcome {
            claims,
            identity: Ok(identity),
        }
    }

    #[test]
    fn an_identity_without_email_is_warned_of() {
        struct Case {
            name: &'static str,
            traits: Value,
            warned: bool,
        }

        for Case {
            name,
            traits,
            warned,
        } in [
            Case {
                name: "an address",
                traits: json!({"email": "ada@example.com"}),
                warned: false,
            },
            Case {
                name: "none",
                traits: json!({"name": "Ada"}),
                warned: true,
            },
            Case {
                name: "null",
                traits: json!({"email": null}),
                warned: true,
            },
            Case {
                name: "empty",
                traits: json!({"email": ""}),
                warned: true,
            },
            Case {
                name: "not text",
                traits: json!({"email": ["ada@example.com"]}),
                warned: true,
            },
        ] {
            let run = DryRun::of(&[outcome("given", &traits)]);
            assert_eq!(
                run.results,
                [("traits-given".into(), traits.to_string())],
                "{name}"
            );
            assert_eq!(!run.findings.is_empty(), warned, "{name}");
        }
    }

    #[test]
    fn each_set_of_claims_has_its_line_and_repeats_are_reported_once() {
        let traits = json!({"email": "ada@example.com"});
        let asks = |claims| match outcome(claims, &traits) {
            Outcome {
                identity: Ok(identity),
                ..
            } => Outcome {
                claims,
                identity: Ok(Identity {
                    asked_for_provider: true,
                    ..identity
                }),
            },
            other => other,
        };
        let run = DryRun::of(&[asks("verified"), asks("unverified")]);
        let keys: Vec<_> = run.results.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["traits-verified", "traits-unverified"]);
        assert_eq!(run.findings.len(), 1);
        assert!(run.findings[0].problem.contains("std.extVar('provider')"));
    }

    #[test]
    fn a_failure_says_with_which_claims() {
        let run = DryRun::of(&[Outcome {
            claims: "verified",
            identity: Err(TrialError::Mapper(MapperError::TooSlow)),
        }]);
        assert_eq!(
            run.findings[0].line("idp"),
            "warning: jsonnet_mapper: with the verified claims, it takes too long: it is stopped \
             after a second: run juju config idp jsonnet_mapper=@mapper.jsonnet"
        );
    }
}
