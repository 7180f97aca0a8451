//! Juju versions: what a model of some age offers.

use std::fmt;
use std::str::FromStr;

/// A Juju version such as `3.6.12` or `4.0-rc1`; the tag and build are kept in the text only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Version {
    numbers: [u32; 3],
    text: String,
}

impl Version {
    /// Whether this is the version of a text, such as `3.1`, or later; `None` if that is none.
    pub(crate) fn is_at_least(&self, text: &str) -> Option<bool> {
        numbers(text).map(|numbers| self.numbers >= numbers)
    }

    /// Whether this is `major.minor.patch` or later.
    pub(crate) fn at_least(&self, major: u32, minor: u32, patch: u32) -> bool {
        self.numbers >= [major, minor, patch]
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            numbers(text).ok_or_else(|| format!("invalid version {}", crate::go::quote(text)))?;
        // Anything older has neither application databags nor `dispatch`.
        if numbers < [2, 8, 0] {
            return Err(format!(
                "Juju {text} is too old for this sandbox: 2.9 is the oldest"
            ));
        }
        Ok(Self {
            numbers,
            text: text.to_owned(),
        })
    }
}

/// Major, minor and patch, without a tag; what is left out is 0.
fn numbers(text: &str) -> Option<[u32; 3]> {
    let (numbers, _tag) = text.split_at(text.find('-').unwrap_or(text.len()));
    let mut parts = numbers.split('.');
    let mut next = || parts.next().unwrap_or("0").parse().ok();
    Some([next()?, next()?, next()?])
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        assert!(version("3.6.12").at_least(3, 6, 9));
        assert!(!version("3.5.12").at_least(3, 6, 0));
        assert!(version("4.0-rc1").at_least(4, 0, 0));
        assert!("2.7.1".parse::<Version>().is_err());
        assert!("three".parse::<Version>().is_err());
    }
}
