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
        struct Case {
            name: &'static str,
            text: &'static str,
            offset: usize,
            line: usize,
            column: usize,
        }

        for Case {
            name,
            text,
            offset,
            line,
            column,
        } in [
            Case {
                name: "start",
                text: "abc",
                offset: 0,
                line: 1,
                column: 1,
            },
            Case {
                name: "same line",
                text: "abc",
                offset: 2,
                line: 1,
                column: 3,
            },
            Case {
                name: "after a newline",
                text: "a\nbc",
                offset: 2,
                line: 2,
                column: 1,
            },
            Case {
                name: "characters, not bytes",
                text: "é\n🔐x",
                offset: 7,
                line: 2,
                column: 2,
            },
            Case {
                name: "the end",
                text: "ab\n",
                offset: 3,
                line: 2,
                column: 1,
            },
            Case {
                name: "beyond the end",
                text: "ab",
                offset: 9,
                line: 1,
                column: 3,
            },
            Case {
                name: "within a character",
                text: "é",
                offset: 1,
                line: 1,
                column: 2,
            },
        ] {
            assert_eq!(
                Position::of(text, offset),
                Position { line, column },
                "{name}"
            );
        }
    }
}
