//! What go-yaml v2 takes a plain scalar for: its `resolve.go`.

/// Whether a plain scalar is read as the string that it looks like, so that it needs no quotes.
pub(super) fn is_string(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let resolved = match first {
        'y' | 'Y' | 'n' | 'N' | 't' | 'T' | 'f' | 'F' | 'o' | 'O' | '~' => WORDS.contains(&text),
        '.' => NUMBERS.contains(&text) || is_go_float(text),
        '0'..='9' | '+' | '-' => NUMBERS.contains(&text) || is_time(text) || is_number(text),
        // `<<` is among the words, but go-yaml never looks for it.
        _ => false,
    };
    !resolved && !is_base_60(text)
}

/// Booleans and null (`resolveMapList`).
const WORDS: [&str; 26] = [
    "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", "y", "Y", "n",
    "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF",
];

/// Numbers that are words.
const NUMBERS: [&str; 12] = [
    ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf",
    "-.INF",
];

/// An integer in one of Go's notations, or a float in YAML's.
fn is_number(text: &str) -> bool {
    let plain = text.replace('_', "");
    is_go_integer(&plain) || is_yaml_float(&plain)
}

/// `strconv.ParseInt` or `ParseUint` with base 0: in base 16, 8 or 2 after a prefix, in base 8 after
/// a zero.
fn is_go_integer(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, radix) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&unsigned[2..], 16),
        [b'0', b'o' | b'O', ..] => (&unsigned[2..], 8),
        [b'0', b'b' | b'B', ..] => (&unsigned[2..], 2),
        [b'0', _, ..] => (&unsigned[1..], 8),
        _ => (unsigned, 10),
    };
    let most = match text.as_bytes().first() {
        Some(b'-') => 1 << 63,
        Some(b'+') => i64::MAX.unsigned_abs(),
        _ => u64::MAX,
    };
    // A second sign is none of the digits.
    digits.chars().all(|digit| digit.is_digit(radix))
        && u64::from_str_radix(digits, radix).is_ok_and(|number| number <= most)
}

/// `strconv.ParseFloat`, of a text that begins with a point.
fn is_go_float(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// `yamlStyleFloat`: `^[-+]?[0-9]*\.?[0-9]+([eE][-+][0-9]+)?$`, as far as a float can hold it.
fn is_yaml_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or(("", mantissa));
    is_digits(fraction)
        && (whole.is_empty() || is_digits(whole))
        && exponent.is_none_or(|exponent| exponent.strip_prefix(['-', '+']).is_some_and(is_digits))
        && is_go_float(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A date, perhaps with a time (`parseTimestamp`): the time zone belongs to `T`, and after a space
/// there is none.
fn is_time(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some((&text[at..=at], &text[at + 1..]))),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let date = year.len() == 4
        && is_digits(year)
        && within(month, 1, 12)
        && day_of(year, month).is_some_and(|last| within(day, 1, last));
    date && match time {
        None => true,
        Some((" ", clock)) => is_clock(clock),
        Some((_, time)) => time.strip_suffix('Z').map_or_else(
            || {
                let zone = time.rfind(['+', '-']);
                zone.is_some_and(|at| is_clock(&time[..at]) && is_zone(&time[at + 1..]))
            },
            is_clock,
        ),
    }
}

/// One or two digits, in a range.
fn within(text: &str, least: u32, most: u32) -> bool {
    text.len() <= 2
        && is_digits(text)
        && text
            .parse()
            .is_ok_and(|number: u32| (least..=most).contains(&number))
}

/// The last day of a month.
fn day_of(year: &str, month: &str) -> Option<u32> {
    let year: u32 = year.parse().ok()?;
    Some(match month.parse::<u32>().ok()? {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    })
}

/// `15:4:5`, with a fraction or without.
fn is_clock(text: &str) -> bool {
    let (clock, fraction) = match text.find(['.', ',']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else {
        return false;
    };
    within(hour, 0, 23)
        && within(minute, 0, 59)
        && within(second, 0, 59)
        && fraction.is_none_or(is_digits)
}

/// `07:00`.
fn is_zone(text: &str) -> bool {
    text.len() == 5
        && text
            .split_once(':')
            .is_some_and(|(hours, minutes)| within(hours, 0, 24) && within(minutes, 0, 60))
}

/// `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`, which YAML 1.1 reads in base 60
/// (`isBase60Float`).
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some((first, rest)) = unsigned.split_once(':') else {
        return false;
    };
    let is_loose = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    let (rest, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    first.starts_with(|c: char| c.is_ascii_digit())
        && is_loose(first)
        && rest.split(':').all(|part| within(part, 0, 59))
        && is_loose(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_others() {
        for text in [
            "a",
            "<<",
            "=",
            "1e3",
            "1.",
            "1.2.3",
            "-",
            "+",
            ".",
            "-a",
            "0o",
            "08a",
            "12:60",
            "1:2a",
            "2001-13-01",
            "2001-02-29",
            "2001-1-1 1:2:3Z",
            "2026-01-01 00:00:29Z",
            "nul",
            "yEs",
            "0x",
            "1_a",
            "2001-01-01T1:2:3",
            ".e",
            "1e400",
            "é",
        ] {
            assert!(is_string(text), "{text}");
        }
        for text in [
            "",
            "~",
            "null",
            "yes",
            "Off",
            "y",
            ".5",
            "1.5",
            "+1",
            "-0",
            "1_000",
            "0x1F",
            "0b11",
            "017",
            "08",
            "1e+3",
            "1.5E-7",
            ".inf",
            "-.INF",
            ".nan",
            "2001-1-1",
            "2004-02-29",
            "2001-01-01T00:00:00Z",
            "2001-01-01t0:0:0.5+01:00",
            "2001-01-01 1:2:3.5",
            "190:20:30",
            "1:59.5",
            "12345678901234567890123",
        ] {
            assert!(!is_string(text), "{text}");
        }
    }
}
