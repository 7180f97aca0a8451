//! Places in a mapper.

use serde::{Deserialize, Serialize};

/// A place in a mapper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
}

impl Position {
    /// The place of the byte `offset` of `text`.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_from_one_in_characters() {
        for (name, text, offset, line, column) in [
            ("start", "abc", 0, 1, 1),
            ("same line", "abc", 2, 1, 3),
            ("after a newline", "a\nbc", 2, 2, 1),
            ("characters, not bytes", "é\n🔐x", 7, 2, 2),
            ("the end", "ab\n", 3, 2, 1),
            ("beyond the end", "ab", 9, 1, 3),
            ("within a character", "é", 1, 1, 2),
        ] {
            assert_eq!(
                Position::of(text, offset),
                Position { line, column },
                "{name}"
            );
        }
    }
}
