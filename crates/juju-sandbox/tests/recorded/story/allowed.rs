//! Hooks of the story that may differ.

/// Hooks that differ, and why.
pub(super) struct Allowed {
    pub(super) reason: &'static str,
    /// The unit, which of its hooks it is, and how many differences there are.
    pub(super) hooks: &'static [(&'static str, usize, usize)],
}

/// All of them. Each has to differ.
pub(super) const ALLOWED: &[Allowed] = &[
    Allowed {
        reason: "nothing runs here because of a timer: neither update-status nor another try of a \
                 failed hook",
        hooks: &[("kratos/0", 12, 1), ("idp/0", 22, 1)],
    },
    Allowed {
        reason: "there, units run at the same time, and here in turn: what one of them has written, \
                 or which event comes first, depends on it",
        hooks: &[
            ("kratos/0", 4, 1),
            ("kratos/0", 25, 1),
            ("kratos/0", 26, 1),
            ("kratos/0", 27, 1),
            ("kratos/0", 29, 2),
            ("idp/0", 35, 1),
            ("idp/0", 38, 1),
            ("idp/0", 45, 1),
            ("idp/1", 34, 1),
        ],
    },
];
