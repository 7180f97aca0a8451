//! Whether a thing of the model is there to stay.

use serde::{Deserialize, Serialize};

/// Whether something is there to stay (`core/life`; what is dead is gone from the state).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Life {
    #[default]
    Alive,
    Dying,
}
