//! Answers that may differ from Juju's, and why.

/// A class of calls whose answers differ. Each of its calls has to: the class can neither grow, nor
/// be left here when it is gone.
pub(crate) struct Allowed {
    pub(crate) reason: &'static str,
    /// The scenarios, and which of their calls they are.
    pub(crate) calls: &'static [(&'static str, &'static [usize])],
}

/// All of it.
pub(crate) const ALLOWED: &[Allowed] = &[
    Allowed {
        reason: "that a secret expires in 24 hours was recorded with the clock of the machine",
        calls: &[
            ("sec/leader/secret-add", &[87]),
            ("sec/minion/secret-add", &[87]),
        ],
    },
    Allowed {
        reason: "of several ports in the way, Juju names any: it looks at the endpoints in the \
                 random order of a Go map",
        calls: &[("mut/minion/ports", &[120])],
    },
];
