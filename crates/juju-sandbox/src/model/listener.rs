//! Who is told what is about to run.

use std::fmt;

/// A hook, an action or a command that is about to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Starting<'a> {
    /// The unit that runs it.
    pub unit: &'a str,
    /// The hook's or action's name, with the endpoint in front for relation hooks.
    pub hook: &'a str,
    /// Whether it is an action, as the command of `juju exec` is, too.
    pub action: bool,
}

type Call = dyn FnMut(Starting<'_>) + Send;

/// The function that is called, if there is one.
#[derive(Default)]
pub(super) struct Listener(Option<Box<Call>>);

impl Listener {
    pub(super) fn new(call: impl FnMut(Starting<'_>) + Send + 'static) -> Self {
        Self(Some(Box::new(call)))
    }

    pub(super) fn tell(&mut self, action: bool, unit: &str, hook: &str) {
        if let Some(call) = &mut self.0 {
            call(Starting { unit, hook, action });
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let call = self.0.as_ref().map(|_| "FnMut(Starting)");
        f.debug_tuple("Listener").field(&call).finish()
    }
}
