//! The other side may have written anything: errors about it do not quote it.

use juju_hook::Refusal;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The other side's data cannot be read. The error contains no part of it.
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
        /// Its position in the list, counted from 1.
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

/// The items of a JSON list. An item of another shape becomes `None`, so that the others can still be
/// read.
pub(crate) fn items<'a, T: Deserialize<'a>>(
    value: &'a str,
) -> Result<Vec<Option<T>>, serde_json::Error> {
    let items: Vec<&RawValue> = serde_json::from_str(value)?;
    Ok(items
        .into_iter()
        .map(|item| serde_json::from_str(item.get()).ok())
        .collect())
}
