//! The model's clock. It is not the machine's: it starts at a fixed time and moves one second for
//! each thing that happens, so that two runs of the same story show the same times.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The model's first second: 2026-01-01T00:00:00Z, in seconds since 1970.
const START: u64 = 1_767_225_600;

/// A moment in the model, in seconds since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub(crate) u64);

impl Timestamp {
    /// Year, month, day, hour, minute, second.
    fn civil(self) -> [u64; 6] {
        let seconds = START + self.0;
        let day_seconds = seconds % 86_400;
        // Days since 0000-03-01, so that the leap day ends a year; Howard Hinnant's civil_from_days.
        let days = seconds / 86_400 + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        [
            year,
            month,
            day,
            day_seconds / 3600,
            day_seconds / 60 % 60,
            day_seconds % 60,
        ]
    }

    /// As Juju's status shows a moment: `01 Jan 2026 00:00:00Z`.
    #[must_use]
    pub fn since(self) -> String {
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let [year, month, day, hour, minute, second] = self.civil();
        let month = usize::try_from(month)
            .ok()
            .and_then(|month| MONTHS.get(month - 1))
            .unwrap_or(&"");
        format!("{day:02} {month} {year} {hour:02}:{minute:02}:{second:02}Z")
    }

    /// As Juju's log shows a moment: `00:00:00`.
    #[must_use]
    pub fn time_of_day(self) -> String {
        let [.., hour, minute, second] = self.civil();
        format!("{hour:02}:{minute:02}:{second:02}")
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day, hour, minute, second] = self.civil();
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        assert_eq!(Timestamp(0).to_string(), "2026-01-01T00:00:00Z");
        assert_eq!(
            Timestamp(86_400 * 59 + 3661).since(),
            "01 Mar 2026 01:01:01Z"
        );
        assert_eq!(
            Timestamp(86_400 * (365 + 365 + 59)).to_string(),
            "2028-02-29T00:00:00Z"
        );
    }
}
