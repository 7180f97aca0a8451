//! What Juju or we got wrong.

use std::error;

use juju_hook::{ContextError, ToolError};

/// What keeps the charm from doing its work. Never the administrator's mistake.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Juju started the program but did not say why.
    #[error("the hook's context cannot be read")]
    Context(#[from] ContextError),
    /// A hook tool failed.
    #[error("Juju did not do what the charm asked of it")]
    Tool(#[from] ToolError),
}

/// An error and all its causes, as one line.
#[must_use]
pub fn chain(error: &dyn error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
