//! Answers that may differ from Juju's, and why.

use crate::recording::{Call, Scenario};

/// A class of calls whose answers differ. Each of its calls has to: the class can neither grow, nor
/// be left here when it is gone.
pub(crate) struct Allowed {
    pub(crate) class: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) calls: Calls,
}

/// Which calls differ.
pub(crate) enum Calls {
    /// So many whose answers the recording leaves out.
    Unrecorded(usize),
    /// These steps of these scenarios.
    These(&'static [(&'static str, &'static [usize])]),
}

impl Allowed {
    /// How many calls differ.
    pub(crate) fn count(&self) -> usize {
        match self.calls {
            Calls::Unrecorded(count) => count,
            Calls::These(calls) => calls.iter().map(|(_, steps)| steps.len()).sum(),
        }
    }

    fn includes(&self, scenario: &Scenario, step: usize, call: &Call) -> bool {
        match self.calls {
            Calls::Unrecorded(_) => call.answer().is_none(),
            Calls::These(calls) => calls
                .iter()
                .any(|(name, steps)| *name == scenario.name && steps.contains(&step)),
        }
    }
}

/// The class of a difference, if it is allowed.
pub(crate) fn class(scenario: &Scenario, step: usize, call: &Call) -> Option<&'static str> {
    let mut classes = ALLOWED.iter();
    let class = classes.find(|class| class.includes(scenario, step, call));
    class.map(|class| class.class)
}

/// All of it.
pub(crate) const ALLOWED: &[Allowed] = &[
    Allowed {
        class: "help texts",
        reason: "they are long, change with each version, and no charm reads them: the recording \
                 leaves them out",
        calls: Calls::Unrecorded(250),
    },
    Allowed {
        class: "the time",
        reason: "that a secret expires in 24 hours was recorded with the clock of the machine",
        calls: Calls::These(&[
            ("sec/leader/secret-add", &[87]),
            ("sec/minion/secret-add", &[87]),
        ]),
    },
    Allowed {
        class: "which port is in the way",
        reason: "of several, Juju names any: it looks at the endpoints in the random order of a Go \
                 map",
        calls: Calls::These(&[("mut/minion/ports", &[120])]),
    },
];
