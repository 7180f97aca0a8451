//! What a reader of YAML 1.1 finds that differs from what yaml.v3 does.

use super::reading::{Reading, Why};
use super::rest::{Rest, date, is_digit, is_space, split_sign};

/// How `PyYAML` reads a plain scalar that is a string for yaml.v3: the patterns of `resolver.py`,
/// and where `SafeConstructor` raises.
pub(super) fn resolve_1_1(value: &str) -> Reading {
    match value {
        // Tags for which `SafeConstructor` has nothing: `value` and `merge`.
        "=" | "<<" => return Reading::Bent(Why::Yaml1_1),
        "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => {
            return Reading::OtherInYaml1_1;
        }
        _ => {}
    }
    match timestamp_1_1(value) {
        Some(true) => Reading::OtherInYaml1_1,
        Some(false) => Reading::Bent(Why::NoSuchDate),
        None => match number_1_1(value) {
            Some(true) => Reading::OtherInYaml1_1,
            Some(false) => Reading::Bent(Why::Yaml1_1),
            None => Reading::Same,
        },
    }
}

/// Whether `value` is a timestamp, and then whether `construct_yaml_timestamp` can
/// build it: Python's `datetime` begins with the year 1 and ends offsets before 24
/// hours.
fn timestamp_1_1(value: &str) -> Option<bool> {
    let mut rest = Rest(value);
    let (year, in_calendar) = date(&mut rest)?;
    let date_exists = year > 0 && in_calendar;
    if rest.is_empty() {
        // Without a time, month and day need both digits.
        return (value.len() == "2001-01-01".len()).then_some(date_exists);
    }
    if !rest.eat("Tt") && rest.run(is_space).is_empty() {
        return None;
    }
    let hour = rest.number(1, 2)?;
    rest.expect(":")?;
    let minute = rest.number(2, 2)?;
    rest.expect(":")?;
    let second = rest.number(2, 2)?;
    if rest.eat(".") {
        rest.run(is_digit);
    }
    let mut offset = 0;
    if !rest.is_empty() {
        rest.run(is_space);
        if !rest.eat("Z") {
            rest.expect("+-")?;
            offset = 60 * rest.number(1, 2)?;
            if rest.eat(":") {
                offset += rest.number(2, 2)?;
            }
        }
    }
    rest.is_empty()
        .then_some(date_exists && hour < 24 && minute < 60 && second < 60 && offset < 24 * 60)
}

/// Whether `value` is a number, and then whether `construct_yaml_int` or
/// `construct_yaml_float` can build it.
fn number_1_1(value: &str) -> Option<bool> {
    let (_, number) = split_sign(value);
    // `[-+]?0b[0-1_]+` and `[-+]?0x[0-9a-fA-F_]+`, which may be no digits at all.
    let bits = number.strip_prefix("0b");
    let nibbles = number.strip_prefix("0x");
    if let Some(digits) = bits.or(nibbles).filter(|digits| !digits.is_empty()) {
        let base = if bits.is_some() { 2 } else { 16 };
        return digits
            .chars()
            .all(|c| c == '_' || c.is_digit(base))
            .then(|| digits.contains(|c| c != '_'));
    }
    let mut rest = Rest(number);
    let whole = rest.run(|b| is_digit(b) || b == b'_');
    if whole.starts_with('_') {
        return None;
    }
    if whole.is_empty() {
        // `\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?`, and never with a sign.
        let fraction = value.strip_prefix('.')?;
        rest = Rest(fraction);
        return (rest.number(1, 1).is_some() && is_end_of_float_1_1(&mut rest)).then_some(true);
    }
    // `(?::[0-5]?[0-9])*`, base 60.
    let mut places = 0;
    while rest.eat(":") {
        rest.number(1, 2).filter(|place| *place < 60)?;
        places += 1;
    }
    if rest.eat(".") {
        return if places > 0 {
            rest.run(|b| is_digit(b) || b == b'_');
            rest.is_empty().then_some(places <= PLACES_IN_A_FLOAT)
        } else {
            is_end_of_float_1_1(&mut rest).then_some(true)
        };
    }
    if !rest.is_empty() {
        return None;
    }
    if whole.starts_with('0') {
        // `[-+]?0[0-7_]*`; base 60 needs another first digit, and so does base 10.
        let octal = whole.bytes().all(|b| matches!(b, b'0'..=b'7' | b'_'));
        return (places == 0 && octal).then_some(true);
    }
    Some(whole.bytes().filter(|b| *b != b'_').count() <= DIGITS_IN_AN_INT)
}

/// `[0-9_]*(?:[eE][-+][0-9]+)?` to the end: an exponent needs a sign in YAML 1.1.
fn is_end_of_float_1_1(rest: &mut Rest<'_>) -> bool {
    rest.run(|b| is_digit(b) || b == b'_');
    if rest.eat("eE") && (!rest.eat("+-") || rest.run(is_digit).is_empty()) {
        return false;
    }
    rest.is_empty()
}

/// How many decimal digits `CPython` makes an `int` of: `sys.int_info`. More raise a
/// `ValueError`; octals and the like have no limit.
const DIGITS_IN_AN_INT: usize = 4_300;

/// How many places of base 60 `construct_yaml_float` can add: the next power of 60
/// is not a double, and Python raises an `OverflowError`.
const PLACES_IN_A_FLOAT: usize = 173;
