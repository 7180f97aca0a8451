//! Cuts a long list in YAML between its items.
//!
//! The reader of YAML keeps more than ten times what it reads until it is done.
//!
//! Outside all quotes and brackets a dash in the first column begins an item. Within
//! them it does not, but they would be open at the end of the piece before, which then
//! cannot be read. So if every piece can be read, they say what the whole says; a test
//! of [`super::list`] holds the two together.

use crate::plain_scalar::is_break;

/// How long a piece is, in bytes, but for the rest of its last item.
pub(super) const SIZE: usize = 4096;

/// Cuts `text` into pieces of `size` bytes or a little more, each a list of some items.
/// `None` if it is laid out in another way than most lists are: an item begins with a
/// dash and a space in the first column, and its other lines with a space.
pub(super) fn cut(text: &str, size: usize) -> Option<impl Iterator<Item = &str>> {
    let text = text.strip_prefix("---\n").unwrap_or(text);
    let is_of_an_item = |line: &str| line.starts_with([' ', '#', '\r']) || line.starts_with("- ");
    let mut lines = text.split('\n').filter(|line| !line.is_empty());
    let begins = |line: &str| !line.trim_start().is_empty() && !line.trim_start().starts_with('#');
    let is_usual = lines.clone().all(is_of_an_item)
        && lines.find(|line| begins(line))?.starts_with('-')
        && !has_other_breaks(text);
    let mut rest = text;
    let next = move || {
        let from = rest.len().min(size);
        let dash = rest.as_bytes()[from..]
            .windows(3)
            .position(|three| three == b"\n- ");
        let (piece, after) = rest.split_at(dash.map_or(rest.len(), |at| from + at + 1));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    };
    is_usual.then(|| std::iter::from_fn(next))
}

/// Whether `text` has a break of YAML 1.1 that is not one of the two usual ones.
fn has_other_breaks(text: &str) -> bool {
    text.matches('\r').count() > text.matches("\r\n").count()
        || !text.is_ascii() && text.contains(|c: char| !c.is_ascii() && is_break(c))
}
