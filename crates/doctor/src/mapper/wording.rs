//! What the interpreter finds wrong, in our words: without any text of the mapper.

use rsjsonnet_lang::lexer::LexError;
use rsjsonnet_lang::parser::{ActualToken, ExpectedToken, ParseError};
use rsjsonnet_lang::program::AnalyzeError;
use rsjsonnet_lang::span::SpanId;
use rsjsonnet_lang::token::STokenKind;

pub(super) fn of_lexer(error: &LexError) -> (SpanId, String) {
    let (span, problem) = match *error {
        LexError::InvalidChar { span, .. } | LexError::InvalidUtf8 { span, .. } => {
            (span, "a character that has no meaning here")
        }
        LexError::UnfinishedMultilineComment { span } => (span, "a comment that is never closed"),
        LexError::LeadingZeroInNumber { span }
        | LexError::MissingFracDigits { span }
        | LexError::MissingExpDigits { span }
        | LexError::MissingDigitAfterUnderscore { span }
        | LexError::ExpOverflow { span } => (span, "a malformed number"),
        LexError::InvalidEscapeInString { span, .. }
        | LexError::IncompleteUnicodeEscape { span }
        | LexError::InvalidUtf16EscapeSequence { span, .. } => {
            (span, "a malformed escape in a string")
        }
        LexError::UnfinishedString { span } => (span, "a string that is never closed"),
        LexError::MissingLineBreakAfterTextBlockStart { span }
        | LexError::MissingWhitespaceTextBlockStart { span }
        | LexError::InvalidTextBlockTermination { span } => (span, "a malformed text block"),
    };
    (span, problem.into())
}

pub(super) fn of_parser(error: &ParseError) -> (SpanId, String) {
    let ParseError::Expected {
        span,
        expected,
        instead,
    } = error;
    let found = match instead {
        ActualToken::EndOfFile => "the end",
        ActualToken::Simple(kind) => symbol(*kind).unwrap_or("a word or an operator"),
        ActualToken::OtherOp(_) => "an unknown operator",
        ActualToken::Ident(_) => "a name",
        ActualToken::Number => "a number",
        ActualToken::String | ActualToken::TextBlock => "a string",
    };
    let mut wanted: Vec<_> = expected
        .iter()
        .filter_map(|token| match token {
            ExpectedToken::Simple(kind) => symbol(*kind),
            ExpectedToken::Ident => Some("a name"),
            ExpectedToken::Expr => Some("a value"),
            ExpectedToken::EndOfFile => Some("the end"),
            // Always possible after a value, and never what was forgotten.
            ExpectedToken::BinaryOp => None,
            ExpectedToken::Number => Some("a number"),
            ExpectedToken::String | ExpectedToken::TextBlock => Some("a string"),
        })
        .collect();
    wanted.dedup();
    // Opening brackets are possible after any value too.
    wanted.retain(|word| !matches!(*word, "{" | "[" | "(" | "."));
    let problem = if wanted.is_empty() {
        format!("{found} where it has no meaning")
    } else {
        format!("{found} where {} is expected", wanted.join(" or "))
    };
    (*span, problem)
}

/// How a token is written that people forget, or have too many of.
fn symbol(kind: STokenKind) -> Option<&'static str> {
    Some(match kind {
        STokenKind::Colon => ":",
        STokenKind::Comma => ",",
        STokenKind::Dot => ".",
        STokenKind::Else => "else",
        STokenKind::Eq => "=",
        STokenKind::For => "for",
        STokenKind::If => "if",
        STokenKind::In => "in",
        STokenKind::LeftBrace => "{",
        STokenKind::LeftBracket => "[",
        STokenKind::LeftParen => "(",
        STokenKind::Local => "local",
        STokenKind::RightBrace => "}",
        STokenKind::RightBracket => "]",
        STokenKind::RightParen => ")",
        STokenKind::Semicolon => ";",
        STokenKind::Then => "then",
        _ => return None,
    })
}

pub(super) fn of_analysis(error: &AnalyzeError) -> (SpanId, String) {
    let (span, problem) = match *error {
        AnalyzeError::UnknownVariable { span, .. } => (span, "a variable that is not defined"),
        AnalyzeError::SelfOutsideObject { self_span: span } => (span, "self outside an object"),
        AnalyzeError::SuperOutsideObject { super_span: span } => (span, "super outside an object"),
        AnalyzeError::DollarOutsideObject { dollar_span: span } => (span, "$ outside an object"),
        AnalyzeError::RepeatedLocalName { repeated_span, .. } => {
            (repeated_span, "a variable that is defined twice")
        }
        AnalyzeError::RepeatedFieldName { repeated_span, .. } => {
            (repeated_span, "a field that is defined twice")
        }
        AnalyzeError::RepeatedParamName { repeated_span, .. } => {
            (repeated_span, "a parameter that is defined twice")
        }
        AnalyzeError::PositionalArgAfterNamed { arg_span } => {
            (arg_span, "an argument without a name after one with a name")
        }
        AnalyzeError::TextBlockAsImportPath { span }
        | AnalyzeError::ComputedImportPath { span } => (span, "an import of something computed"),
    };
    (span, problem.into())
}
