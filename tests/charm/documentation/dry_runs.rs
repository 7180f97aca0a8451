//! The possible outcomes of a dry run of a mapper.

use doctor::mapper::{Identity, MapperError, Position};
use kratos_external_idp_integrator::mapper::{ClaimsError, Outcome, TrialError};

/// The possible outcomes of a dry run.
pub(super) fn outcomes() -> Vec<Outcome> {
    let at = Some(Position { line: 2, column: 7 });
    let text = || "words".to_owned();
    let mut outcomes: Vec<_> = [
        MapperError::Failed {
            at,
            problem: text(),
        },
        MapperError::Refused {
            at,
            message: text(),
        },
        MapperError::NotAnObject,
        MapperError::Part {
            part: text(),
            wanted: text(),
        },
        MapperError::TooSlow,
        MapperError::TooMuchMemory,
        MapperError::TooDeep,
        MapperError::TooLarge,
        MapperError::RequestTooLarge,
        MapperError::Function,
        MapperError::NoAnswer,
    ]
    .map(TrialError::from)
    .into_iter()
    .chain([
        TrialError::PhoneUnverified,
        TrialError::Claims(ClaimsError::NotAnObject),
        TrialError::Claims(ClaimsError::Undecodable {
            field: "updated_at",
        }),
        TrialError::Claims(ClaimsError::Missing { field: "sub" }),
    ])
    .map(|error| Outcome {
        claims: "verified",
        identity: Err(error),
    })
    .collect();
    outcomes.push(Outcome {
        claims: "phone",
        identity: Err(TrialError::PhoneUnverified),
    });
    outcomes.extend(["given", "unverified"].map(|claims| Outcome {
        claims,
        identity: Ok(Identity {
            traits: serde_json::Map::new(),
            metadata_public: None,
            metadata_admin: None,
            verified_addresses: Vec::new(),
            asked_for_provider: true,
        }),
    }));
    outcomes
}
