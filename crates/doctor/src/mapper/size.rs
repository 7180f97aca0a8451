//! How much Kratos hands to the process that runs a mapper.
//!
//! It writes the mapper, the claims and the mapper's URL, which is the mapper once more in
//! base64, as one JSON text: `processParameters` of `jsonnetsecure` of `ory/x`, and
//! `newIdentityFromClaims`, which names the program by its URL. The process reads that with
//! Go's `bufio.Scanner`, which keeps its default limit: a longer one ends the process. Tried with
//! that package: 65,530 bytes pass, and 65,537 do not.

/// The most that the process reads, in bytes, but for the zero at the end.
pub(super) const LIMIT: usize = 64 * 1024 - 1;

/// All that is there whatever the mapper and the claims.
const FRAME: &str = r#"{"Filename":"base64://","Snippet":"","TLACodes":null,"TLAVars":null,"ExtCodes":[{"Key":"claims","Value":"\n"}],"ExtVars":null}"#;

/// How large a request with this mapper is, in bytes, without any claims.
pub(super) fn of_request(jsonnet: &str) -> usize {
    let escaped: usize = jsonnet.chars().map(|char| escaped(char, 6)).sum();
    FRAME.len() + jsonnet.len().div_ceil(3) * 4 + escaped
}

/// Whether a mapper and claims, as compact JSON, are as small together as Kratos hands over.
pub(super) fn fits(jsonnet: &str, claims: &str) -> bool {
    // They are JSON within JSON: what was `\u003c` is `\\u003c`.
    let claims: usize = claims.chars().map(|char| escaped(char, 7)).sum();
    of_request(jsonnet) + claims <= LIMIT
}

/// How many bytes Go's `encoding/json` writes for a character; `unicode` for one that it
/// writes as `\u` and four digits.
fn escaped(char: char, unicode: usize) -> usize {
    match char {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => unicode,
        _ => char.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_as_large_as_kratos_makes_it() {
        // Sizes of Go's json.Marshal, and what its process did then.
        let claims = r#"{"iss":"i","sub":"s","email":"a<b"}"#;
        for (bytes, expected) in [(28_008_usize, true), (28_011, false)] {
            let mapper = format!("{{a: 1}} /* {} */", "y".repeat(bytes - 13));
            assert_eq!(fits(&mapper, claims), expected, "{bytes}");
        }
        let of_text = |text: &str| of_request(text) - FRAME.len() - text.len().div_ceil(3) * 4;
        let text = "a\"\\\n\t<>&\u{1}\u{2028}é ";
        assert_eq!(of_text(text), 1 + 8 + 18 + 12 + 3);
    }
}
