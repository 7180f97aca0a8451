//! What becomes of a plain scalar, and why.

use std::fmt;

/// How a value that is written unquoted after `key: ` is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Both readers find the same string.
    Same,
    /// Kratos finds the same string, but a YAML 1.1 reader does not: `yes`, `1:30`.
    OtherInYaml1_1,
    /// Kratos finds something else, or one of the readers fails.
    Bent(Why),
}

/// Why a value is misread. The text never shows any part of the value, which may be a
/// secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is empty, which is null in YAML.
    Empty,
    /// A space or tab at either end.
    WhiteSpace,
    /// One of the line breaks of YAML 1.1, which has more than two.
    LineBreak,
    /// A character that is not allowed anywhere in a YAML file.
    Unprintable,
    /// A tab inside.
    Tab,
    /// It starts like a quoted text.
    Quote,
    /// It starts like something other than a plain scalar.
    Indicator,
    /// A colon that turns the part before it into a key.
    Colon,
    /// A `#` that starts a comment.
    Comment,
    /// A word for null.
    Null,
    /// A word for true or false.
    Boolean,
    /// A number, including infinity and not-a-number.
    Number,
    /// A date, with or without a time.
    Date,
    /// A date that does not exist, which makes a YAML 1.1 reader fail.
    NoSuchDate,
    /// A YAML 1.1 reader fails for another reason.
    Yaml1_1,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "YAML reads an empty value as nothing (null)",
            Self::WhiteSpace => "YAML drops the white space around it",
            Self::LineBreak => "it has a line break",
            Self::Unprintable => "it has a control character",
            Self::Tab => "it has a tab, which YAML 1.1 does not allow",
            Self::Quote => "a quote at its start is read as YAML quoting",
            Self::Indicator => "its first character has a meaning in YAML",
            Self::Colon => "a colon at its end or before a space makes it a map",
            Self::Comment => "a # at its start or after a space starts a comment",
            Self::Null => "YAML reads it as nothing (null)",
            Self::Boolean => "YAML reads it as true or false",
            Self::Number => "YAML reads it as a number",
            Self::Date => "YAML reads it as a date",
            Self::NoSuchDate => "YAML 1.1 reads it as a date that does not exist",
            Self::Yaml1_1 => "YAML 1.1 cannot read it",
        })
    }
}
