//! Values that no log line can show, and whose memory is wiped.

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A text that must reach whom it is for, and nobody else.
///
/// It cannot be printed, logged or serialised by accident: `Debug` shows no
/// part of it, and it has neither `Display` nor `Serialize`. Its memory is wiped
/// when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes charge of `value`.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The text itself. Every use is a place to look at when reviewing what may
    /// leave this process.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text itself, for who takes charge of it: it is wiped no more.
    #[must_use]
    pub fn into_exposed(mut self) -> String {
        std::mem::take(&mut self.0)
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::FileExt as _;

    use super::*;

    #[test]
    fn debug_shows_no_part_of_it() {
        let secret = Secret::new("hunter2".into());
        assert_eq!(
            format!("{secret:?} {:?}", Some(&secret)),
            "Secret(…) Some(Secret(…))"
        );
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn what_is_dropped_is_wiped() {
        let secret = Secret::new("hunter2 ".repeat(16));
        let place = secret.expose().as_ptr().addr();
        drop(secret);
        let memory = File::open("/proc/self/mem").unwrap();
        let mut left = [0; 128];
        let place = place.try_into().unwrap();
        memory.read_exact_at(&mut left, place).unwrap();
        // What is free begins with a note of the allocator's.
        assert_eq!(left[16..], [0; 112]);
    }
}
