//! What the other side wrote may be anything: reading it fails without a quote of it.

use juju_hook::Refusal;
use serde::Deserialize;
use serde_json::value::RawValue;

/// What the other side wrote cannot be read. Holds no part of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableError {
    /// It is not JSON, or JSON of another shape.
    #[error("not JSON of the expected shape, at line {line}, column {column}")]
    Shape {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// A secret that it refers to cannot be read.
    #[error("{0}")]
    Secret(Refusal),
    /// A provider lacks something that its kind needs.
    #[error("provider {index}: {option}: {problem}")]
    Provider {
        /// Which in the list, counted from 1.
        index: usize,
        /// The field, under the name of the option that it comes from.
        option: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl From<serde_json::Error> for UnreadableError {
    fn from(error: serde_json::Error) -> Self {
        Self::Shape {
            line: error.line(),
            column: error.column(),
        }
    }
}

/// The items of a JSON list; `None` in place of one of another shape, which hides no
/// other.
pub(crate) fn items<'a, T: Deserialize<'a>>(
    value: &'a str,
) -> Result<Vec<Option<T>>, serde_json::Error> {
    let items: Vec<&RawValue> = serde_json::from_str(value)?;
    Ok(items
        .into_iter()
        .map(|item| serde_json::from_str(item.get()).ok())
        .collect())
}
