//! PEM, as Kratos reads it.
//!
//! Go's `encoding/pem` is more lenient than RFC 7468 in some ways and stricter in others. [`decode`]
//! follows its `Decode`, as of Go 1.26. We compared the two on a million randomly changed keys. One
//! difference is left: if a block is empty and its END line has a colon, Go finds nothing at all,
//! while this finds the next block.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, PAD};
use juju_hook::Secret;
use zeroize::Zeroizing;

/// `base64.StdEncoding`, which accepts leftover bits.
const AS_GO: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    PAD.with_decode_allow_trailing_bits(true),
);

/// A block of PEM.
pub(super) struct Block<'a> {
    /// The label on its BEGIN line.
    pub(super) label: &'a str,
    /// Its decoded content.
    pub(super) content: Zeroizing<Vec<u8>>,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "\n-----END ";
const DASHES: &str = "-----";

/// The first block in `text` that Go finds.
pub(super) fn decode(text: &str) -> Option<Block<'_>> {
    let mut rest = text;
    loop {
        // The first END at the start of a line, and the last BEGIN before that.
        let end = rest.find(END)?;
        let (before, after) = (&rest[..end], &rest[end + END.len()..]);
        match block(before, after) {
            Some(block) => return Some(block),
            // Not a block: continue after its END.
            None => rest = after,
        }
    }
}

/// The block that `before` ends in, if `after` is the rest of its END line.
fn block<'a>(before: &'a str, after: &'a str) -> Option<Block<'a>> {
    let begin = before.rfind(BEGIN)?;
    // Go wants it at the start of a line.
    if !(begin == 0 || before[..begin].ends_with('\n')) {
        return None;
    }
    let (first, mut body) = line(&before[begin + BEGIN.len()..]);
    let label = first.strip_suffix(DASHES)?;
    // Headers, such as those of an encrypted key: Go treats every line with a colon as one.
    while let Some(here) = body {
        let (header, next) = line(here);
        if next.is_none() || !header.contains(':') {
            break;
        }
        body = next;
    }
    // Only white space may follow the label on the END line.
    let rest = after.strip_prefix(label)?.strip_prefix(DASHES)?;
    if !line(rest).0.is_empty() {
        return None;
    }
    let base64: String = body
        .unwrap_or_default()
        .chars()
        .filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n'))
        .collect();
    let content = AS_GO.decode(Secret::new(base64).expose()).ok()?;
    Some(Block {
        label,
        content: Zeroizing::new(content),
    })
}

/// The first line without trailing white space, and what follows it: `None` if there is no line
/// break.
fn line(text: &str) -> (&str, Option<&str>) {
    let (line, rest) = match text.split_once('\n') {
        Some((line, rest)) => (line.strip_suffix('\r').unwrap_or(line), Some(rest)),
        None => (text, None),
    };
    (line.trim_end_matches([' ', '\t']), rest)
}
