//! Whether something in the model is being removed.

use serde::{Deserialize, Serialize};

/// Whether something is being removed (`core/life`; what is dead is no longer in the state).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Life {
    #[default]
    Alive,
    Dying,
}
