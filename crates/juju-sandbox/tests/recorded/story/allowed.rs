//! What of the story may differ.

/// Hooks and commands that differ, and why.
pub(super) struct Allowed {
    pub(super) reason: &'static str,
    /// The unit or `exec`, which of its hooks or commands it is, and how many differences there
    /// are.
    pub(super) places: &'static [(&'static str, usize, usize)],
}

/// All of them. Each has to differ.
pub(super) const ALLOWED: &[Allowed] = &[
    Allowed {
        reason: "there, units run at the same time, and here in turn: what another one has written \
                 already depends on it",
        places: &[
            ("idp/0", 35, 1),
            ("idp/0", 38, 1),
            ("idp/0", 45, 1),
            ("idp/0", 46, 1),
            ("idp/1", 34, 1),
            ("idp/1", 35, 1),
            ("kratos/0", 4, 1),
            ("kratos/0", 25, 1),
        ],
    },
    Allowed {
        reason: "for the same reason, a unit there may have heard that another one has joined before \
                 it hears that its application has written; here it knows both, and the \
                 application comes first, before the unit itself has written anything",
        places: &[
            ("kratos/0", 28, 2),
            ("kratos/0", 39, 2),
            ("kratos/0", 47, 2),
        ],
    },
    Allowed {
        reason: "start after a reboot: there is no machine to be started again",
        places: &[("kratos/0", 48, 1), ("py/0", 18, 1), ("py/1", 7, 1)],
    },
];
