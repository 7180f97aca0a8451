//! What is said between the charm and its second program, in JSON: a request on the standard
//! input, and on the standard output a line for each answer. Nothing is an argument or a
//! variable, which others can see.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::provider::Question;

/// What is asked of the second program.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Request {
    /// Is this mapper Jsonnet? One answer: `Result<(), SyntaxError>`.
    Check {
        /// The mapper.
        jsonnet: String,
    },
    /// What would Kratos store of each of these claims? As many answers:
    /// `Result<Identity, MapperError>`.
    Evaluate {
        /// The mapper.
        jsonnet: String,
        /// The provider's id.
        provider: String,
        /// The claims.
        claims: Vec<Value>,
    },
    /// Can a login work at this provider? One answer: `Result<Examination, String>`.
    Examine(Box<Question>),
}
