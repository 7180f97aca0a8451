//! The order of a map's keys in go-yaml v2: its `sorter.go`.

use std::cmp::Ordering;

/// Letters come after everything else, and numbers by their value: `a9` before `a10`
/// (`keyList.Less`).
pub(super) fn key_order(one: &str, other: &str) -> Ordering {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let differ = one.iter().zip(&other).position(|(one, other)| one != other);
    let Some(at) = differ else {
        return one.len().cmp(&other.len());
    };
    let (a, b) = (one[at], other[at]);
    match (a.is_alphabetic(), b.is_alphabetic()) {
        (true, true) => a.cmp(&b),
        (false, true) => Ordering::Less,
        (true, false) => Ordering::Greater,
        (false, false) => {
            // A zero at the difference counts as a digit of the number before it, if there is one.
            let digits = one[..at].iter().rev().take_while(|c| c.is_ascii_digit());
            let within = (a == '0' || b == '0') && digits.into_iter().any(|digit| *digit != '0');
            let number = |text: &[char]| number(&text[at..], i64::from(within));
            number(&one).cmp(&number(&other)).then(a.cmp(&b))
        }
    }
}

/// The number at the start of a text, after what is already known of it, and how many digits it
/// has.
fn number(text: &[char], before: i64) -> (i64, usize) {
    let digits: Vec<i64> = text
        .iter()
        .map_while(|c| c.to_digit(10))
        .map(i64::from)
        .collect();
    let value = digits.iter().fold(before, |value, digit| {
        // Go's integers wrap.
        value.wrapping_mul(10).wrapping_add(*digit)
    });
    (value, digits.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_order() {
        let sorted = [
            "", "-a", "=", "1", "01", "2", "10", "A", "a", "a-b", "a1", "a2", "a02", "a9", "a10",
            "a100", "ab", "b", "é",
        ];
        for window in sorted.windows(2) {
            assert_eq!(
                key_order(window[0], window[1]),
                Ordering::Less,
                "{window:?}"
            );
        }
    }
}
