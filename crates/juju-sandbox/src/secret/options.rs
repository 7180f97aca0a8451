//! The options of a secret that concern time. Source: `core/secrets/rotate.go`,
//! `jujuc/secret-add.go`.

use crate::clock::Moment;
use crate::go::milliseconds;
use crate::refusals;
use serde::{Deserialize, Serialize};

/// How often a secret's owner is to rotate it (`secrets.RotatePolicy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Rotation {
    Never,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Yearly,
}

impl Rotation {
    const ALL: [Self; 7] = [
        Self::Never,
        Self::Hourly,
        Self::Daily,
        Self::Weekly,
        Self::Monthly,
        Self::Quarterly,
        Self::Yearly,
    ];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
        }
    }

    pub(crate) fn parse(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|rotation| rotation.word() == word)
            .ok_or_else(|| refusals::invalid_rotation(word))
    }

    /// When it is due next (`NextRotateTime`).
    pub(crate) fn next(self, now: Moment) -> Option<Moment> {
        Some(match self {
            Self::Never => return None,
            Self::Hourly => now.plus_seconds(3600),
            Self::Daily => now.plus_seconds(86_400),
            Self::Weekly => now.plus_seconds(7 * 86_400),
            Self::Monthly => now.plus_months(1),
            Self::Quarterly => now.plus_months(3),
            Self::Yearly => now.plus_months(12),
        })
    }
}

/// What `--expire` means: a time, or a duration from now.
pub(crate) fn expiry(text: &str, now: Moment) -> Result<Moment, String> {
    if let Some(moment) = Moment::parse(text) {
        return Ok(moment);
    }
    let duration = milliseconds(text).ok_or_else(|| refusals::invalid_expiry(text))?;
    let duration = u64::try_from(duration)
        .ok()
        .filter(|duration| *duration > 0);
    let duration = duration.ok_or_else(|| refusals::negative_expiry(text))?;
    Ok(now.plus_seconds((duration + 500) / 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiries() {
        let now = Moment::parse("2026-01-31T00:00:00Z").unwrap();
        for (text, moment) in [
            ("2025-01-01T06:06:06", Ok("2025-01-01T06:06:06Z")),
            ("2025-01-01T06:06:06Z", Ok("2025-01-01T06:06:06Z")),
            ("2025-01-01T06:06:06.9+02:00", Ok("2025-01-01T04:06:07Z")),
            ("24h", Ok("2026-02-01T00:00:00Z")),
            ("1h30m5s", Ok("2026-01-31T01:30:05Z")),
            ("1.5h", Ok("2026-01-31T01:30:00Z")),
            ("soon", Err("expire time or duration \"soon\" not valid")),
            ("24", Err("expire time or duration \"24\" not valid")),
            ("-1h", Err("negative expire duration \"-1h\" not valid")),
            ("0", Err("negative expire duration \"0\" not valid")),
        ] {
            let seen = expiry(text, now).map(|moment| moment.to_string());
            assert_eq!(
                seen,
                moment.map(str::to_owned).map_err(str::to_owned),
                "{text}"
            );
        }
    }

    #[test]
    fn rotations() {
        let now = Moment::parse("2026-01-31T00:00:00Z").unwrap();
        for (word, next) in [
            ("never", None),
            ("hourly", Some("2026-01-31T01:00:00Z")),
            ("weekly", Some("2026-02-07T00:00:00Z")),
            // As Go's AddDate: February has no 31st.
            ("monthly", Some("2026-03-03T00:00:00Z")),
            ("yearly", Some("2027-01-31T00:00:00Z")),
        ] {
            let rotation = Rotation::parse(word).unwrap();
            let seen = rotation.next(now).map(|moment| moment.to_string());
            assert_eq!(seen.as_deref(), next, "{word}");
        }
        assert!(Rotation::parse("often").is_err());
    }
}
