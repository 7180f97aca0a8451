//! Go's strings, which hold any bytes, in Rust's, which hold only UTF-8: each byte that is not part
//! of a character is kept as a character that nobody uses.

/// The first of 128 characters from the end of Unicode's private use area: it stands for 0x80.
const FIRST: char = '\u{10ff80}';
/// The last one.
const LAST: char = '\u{10ffff}';

/// A text that keeps every byte.
pub(crate) fn from_bytes(bytes: &[u8]) -> String {
    let lone = |byte: u8| char::from_u32(u32::from(FIRST) - 0x80 + u32::from(byte));
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if (FIRST..=LAST).contains(&character) {
                // Such a character in the input itself is kept byte by byte, so that it comes back.
                let mut buffer = [0; 4];
                text.extend(character.encode_utf8(&mut buffer).bytes().filter_map(lone));
            } else {
                text.push(character);
            }
        }
        text.extend(chunk.invalid().iter().copied().filter_map(lone));
    }
    text
}

/// The byte that a character stands for.
pub(crate) fn lone_byte(character: char) -> Option<u8> {
    let offset = u32::from(character).checked_sub(u32::from(FIRST))?;
    u8::try_from(offset + 0x80).ok()
}

/// The bytes of a text.
pub(crate) fn to_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match lone_byte(character) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(character.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    bytes
}

/// A text as it arrives at the controller: through JSON, in which each byte that is not part of a
/// character becomes U+FFFD.
pub(crate) fn through_json(text: &str) -> String {
    let replaced = text.chars().map(|character| match lone_byte(character) {
        Some(_) => char::REPLACEMENT_CHARACTER,
        None => character,
    });
    replaced.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        struct Case {
            bytes: &'static [u8],
            through_json: &'static str,
        }

        for Case {
            bytes,
            through_json: expected,
        } in [
            Case {
                bytes: b"",
                through_json: "",
            },
            Case {
                bytes: "a\u{e9}\u{1f600}".as_bytes(),
                through_json: "a\u{e9}\u{1f600}",
            },
            Case {
                bytes: b"a\xff\xc3b",
                through_json: "a\u{fffd}\u{fffd}b",
            },
            Case {
                bytes: "\u{10ffff}".as_bytes(),
                through_json: "\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
            },
        ] {
            let text = from_bytes(bytes);
            assert_eq!(to_bytes(&text), bytes);
            assert_eq!(through_json(&text), expected);
        }
    }
}
