//! Texts without what no other machine or run has.

use std::net::Ipv4Addr;

/// A text with words in the place of addresses, times and random numbers.
pub(super) fn masked(text: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(is_between).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        masked.push_str(&word(token));
        let next = after.chars().next();
        masked.extend(next);
        rest = &after[next.map_or(0, char::len_utf8)..];
    }
    masked
}

/// Whether this is between the tokens that may be masked.
fn is_between(c: char) -> bool {
    !(c.is_ascii_alphanumeric() || ".:-/_".contains(c))
}

/// What stands for a token.
fn word(token: &str) -> String {
    let is_address = |text: &str| text.parse::<Ipv4Addr>().is_ok();
    let is_of = |text: &str, by: char, lengths: &[usize]| {
        let parts: Vec<&str> = text.split(by).collect();
        let is_hex = |part: &&str| u32::from_str_radix(part, 16).is_ok();
        parts.iter().all(is_hex)
            && parts
                .iter()
                .map(|part| part.len())
                .eq(lengths.iter().copied())
    };
    let script = token.strip_suffix("/script.sh:");
    let script = script.is_some_and(|folder| folder.contains("/juju-exec"));
    match token.split_once('/') {
        _ if is_address(token) => "<address>".into(),
        Some((address, "32")) if is_address(address) => "<address>/32".into(),
        Some((address, _)) if is_address(address) => "<network>".into(),
        _ if is_of(token, ':', &[2; 6]) => "<hardware address>".into(),
        _ if is_of(token, '-', &[4, 2, 2]) => "<day>".into(),
        _ if is_of(token.trim_end_matches('Z'), ':', &[2; 3]) => "<time>".into(),
        _ if script => "<script>:".into(),
        _ => token.to_owned(),
    }
}

#[test]
fn masks() {
    for (text, expected) in [
        ("\"10.77.0.1\"", "\"<address>\""),
        ("[\"10.77.0.1/32\"]", "[\"<address>/32\"]"),
        ("\"10.77.0.0/24\"", "\"<network>\""),
        ("\"12:c1:6e:25:45:81\"", "\"<hardware address>\""),
        ("2026-11-25 16:37:52Z", "<day> <time>"),
        ("/tmp/juju-exec127/script.sh: line 1", "<script>: line 1"),
        ("é 1.2.3 task 43", "é 1.2.3 task 43"),
    ] {
        assert_eq!(masked(text), expected);
    }
}
