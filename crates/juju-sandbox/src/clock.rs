//! The model's clock. It is not the machine's: it starts at a fixed time and moves one second for
//! each thing that happens, so that two runs of the same steps show the same times.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The model's first second: 2026-01-01T00:00:00Z, in seconds since 1970.
const START: u64 = 1_767_225_600;

/// A moment in the model, in seconds since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub(crate) u64);

/// A moment that a person or a charm names: in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Moment(u64);

impl Moment {
    /// Reads RFC 3339, or the same without a time zone, which then means UTC; fractions of a second
    /// are rounded, as Juju does when it stores them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        let (clock, zone) = match time.find(['Z', '+', '-']) {
            Some(start) => time.split_at(start),
            None => (time, "Z"),
        };
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let [year, month, day] = fields(date, '-', [4, 2, 2])?;
        let [hour, minute, second] = fields(clock, ':', [2, 2, 2])?;
        let fraction_is_valid =
            !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
        let known = (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        if year < 1970 || !known || !fraction_is_valid {
            return None;
        }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
        let seconds = seconds + u64::from(fraction.as_bytes()[0] >= b'5');
        let offset = |zone: &str| {
            let [hours, minutes] = fields(zone, ':', [2, 2])?;
            Some(hours * 3600 + minutes * 60)
        };
        Some(Self(match zone.split_at(1) {
            ("Z", "") => seconds,
            ("+", zone) => seconds.checked_sub(offset(zone)?)?,
            ("-", zone) => seconds + offset(zone)?,
            _ => return None,
        }))
    }

    /// The number of seconds since 1970.
    pub(crate) fn seconds(self) -> u64 {
        self.0
    }

    pub(crate) fn plus_seconds(self, seconds: u64) -> Self {
        Self(self.0 + seconds)
    }

    /// The same day and time in another month; a day that the month does not have falls in the next
    /// one (Go's `AddDate`).
    pub(crate) fn plus_months(self, months: u64) -> Self {
        let [year, month, day, ..] = civil(self.0);
        let months = year * 12 + month - 1 + months;
        Self(days(months / 12, months % 12 + 1, day) * 86_400 + self.0 % 86_400)
    }
}

impl fmt::Display for Moment {
    /// RFC 3339.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day, hour, minute, second] = civil(self.0);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

/// Numbers with a fixed count of digits, between separators.
fn fields<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[u64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits)?;
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        *number = is_number.then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(numbers)
}

/// The days from 1970 to a date; Howard Hinnant's `days_from_civil`.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let year_of_era = year % 400;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    year / 400 * 146_097 + day_of_era - 719_468
}

/// Year, month, day, hour, minute, second of a number of seconds since 1970.
fn civil(seconds: u64) -> [u64; 6] {
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

impl Timestamp {
    /// Year, month, day, hour, minute, second.
    fn civil(self) -> [u64; 6] {
        civil(START + self.0)
    }

    /// A moment, as far as the model has existed by then.
    pub(crate) fn at(moment: Moment) -> Self {
        Self(moment.0.saturating_sub(START))
    }

    /// The same moment, counted from 1970.
    pub(crate) fn moment(self) -> Moment {
        Moment(START + self.0)
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
