//! Whether Kratos can read a mapper: a program, of a size that it can run, in Jsonnet.

use rsjsonnet_lang::arena::Arena;
use rsjsonnet_lang::interner::StrInterner;
use rsjsonnet_lang::lexer::Lexer;
use rsjsonnet_lang::program::{LoadError, Program, Thunk};
use rsjsonnet_lang::span::{SpanContextId, SpanId, SpanManager};
use rsjsonnet_lang::token::{STokenKind, Token, TokenKind};
use serde::{Deserialize, Serialize};

use super::position::Position;
use super::size;
use super::wording::{of_analysis, of_lexer, of_parser};

/// How deep a mapper may nest, in units of [`nesting`].
const NESTING_LIMIT: usize = 250;

/// The stack of the thread that reads a mapper, in bytes. The parser and the
/// analysis recurse. The worst that was measured for one unit of [`nesting`] are
/// 35 KiB in a debug build and 4 KiB in a release build, so at most 9 MiB are used.
/// What is not used is never backed by memory.
pub(crate) const STACK: usize = 32 * 1024 * 1024;

/// How many of [`SIGNS`] may stand in a row. The lexer looks at all of them for
/// each, which takes long for a large mapper.
const SIGNS_LIMIT: usize = 512;

/// What no operator of more than one character ends with.
const SIGNS: &[u8] = b"+-~!$";

/// A mapper is not Jsonnet, or more than is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}{problem}", place(*.at))]
pub struct SyntaxError {
    /// Where, if it is at one place.
    pub at: Option<Position>,
    /// What is wrong there, without any text of the mapper.
    pub problem: String,
    /// In what way it is wrong.
    pub flaw: Flaw,
}

/// In what way a mapper is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flaw {
    /// It is not Jsonnet.
    Mistake,
    /// It is not a program but a reference to one.
    NotAProgram,
    /// It is larger than Kratos can run.
    TooLarge,
    /// It is beyond a limit of ours: Kratos may well take it.
    Unchecked,
}

impl SyntaxError {
    fn at(text: &str, offset: usize, problem: impl Into<String>) -> Self {
        Self {
            at: Some(Position::of(text, offset)),
            problem: problem.into(),
            flaw: Flaw::Mistake,
        }
    }

    /// It is not known whether it is Jsonnet.
    pub(crate) fn unchecked(problem: impl Into<String>) -> Self {
        Self {
            at: None,
            problem: problem.into(),
            flaw: Flaw::Unchecked,
        }
    }
}

fn place(at: Option<Position>) -> String {
    at.map_or_else(String::new, |Position { line, column }| {
        format!("line {line}, column {column}: ")
    })
}

/// Reads a mapper as Kratos would before it runs it: its syntax, and what can be said of its
/// names without running it. Needs [`STACK`].
///
/// # Errors
///
/// The first mistake, or the limit of ours that the mapper is beyond.
pub(crate) fn check(jsonnet: &str) -> Result<(), SyntaxError> {
    let arena = Arena::new();
    load(&mut Program::new(&arena), jsonnet)?;
    refuse_imports(jsonnet)
}

/// Reads a mapper into `program`: its value, and in which source its places are.
/// Needs [`STACK`].
pub(super) fn load<'p>(
    program: &mut Program<'p>,
    text: &str,
) -> Result<(Thunk<'p>, SpanContextId), SyntaxError> {
    bound_text(text)?;
    bound_nesting(text)?;
    let (context, _) = program.span_manager_mut().insert_source_context(text.len());
    program
        .load_source(context, text.as_bytes(), true, "jsonnet_mapper")
        .map(|thunk| (thunk, context))
        .map_err(|error| {
            let (span, problem) = match &error {
                LoadError::Lex(error) => of_lexer(error),
                LoadError::Parse(error) => of_parser(error),
                LoadError::Analyze(error) => of_analysis(error),
            };
            located(text, program.span_manager(), span, problem)
        })
}

/// Refuses what is not a program but leads to one: people give a URL, a file's name, or what
/// Kratos' own configuration has.
fn refuse_wrappers(text: &str) -> Result<(), SyntaxError> {
    let text = text.trim();
    let starts = |start: &str| text.starts_with(start);
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-/@~".contains(c);
    let has_ending = [".jsonnet", ".libsonnet", ".json"]
        .iter()
        .any(|ending| text.ends_with(ending));
    let problem = if starts("base64://") {
        "that is base64: give the program itself"
    } else if ["file://", "http://", "https://"]
        .iter()
        .any(|start| starts(start))
    {
        "that is a URL: give the program itself"
    } else if has_ending && text.chars().all(is_name) {
        "that is the name of a file: give the program in it"
    } else {
        return Ok(());
    };
    Err(SyntaxError {
        flaw: Flaw::NotAProgram,
        ..SyntaxError::at(text, 0, problem)
    })
}

fn bound_text(text: &str) -> Result<(), SyntaxError> {
    refuse_wrappers(text)?;
    if size::of_request(text) > size::LIMIT {
        return Err(SyntaxError {
            flaw: Flaw::TooLarge,
            ..SyntaxError::at(text, 0, "larger than the about 27 KiB that Kratos can run")
        });
    }
    let mut offset = 0;
    for run in text
        .as_bytes()
        .chunk_by(|one, next| SIGNS.contains(one) && SIGNS.contains(next))
    {
        if run.len() > SIGNS_LIMIT {
            return Err(SyntaxError {
                flaw: Flaw::Unchecked,
                ..SyntaxError::at(text, offset, "too many signs in a row")
            });
        }
        offset += run.len();
    }
    Ok(())
}

/// Lets `judge` look at the tokens of `text`. The lexer does not recurse.
fn with_tokens(
    text: &str,
    judge: impl FnOnce(&SpanManager, &[Token<'_, '_>]) -> Result<(), SyntaxError>,
) -> Result<(), SyntaxError> {
    let (arena, tokens_arena, interner) = (Arena::new(), Arena::new(), StrInterner::new());
    let mut spans = SpanManager::new();
    let (context, _) = spans.insert_source_context(text.len());
    let tokens = Lexer::new(
        &arena,
        &tokens_arena,
        &interner,
        &mut spans,
        context,
        text.as_bytes(),
    )
    .lex_to_eof(false)
    .map_err(|error| {
        let (span, problem) = of_lexer(&error);
        located(text, &spans, span, problem)
    })?;
    judge(&spans, &tokens)
}

/// Refuses what would nest too deeply, and what our interpreter takes and Kratos' does not:
/// go-jsonnet 0.21 has no digit separators.
fn bound_nesting(text: &str) -> Result<(), SyntaxError> {
    with_tokens(text, |spans, tokens| {
        for token in tokens {
            let (_, start, end) = spans.get_span(token.span);
            let is_number = matches!(token.kind, TokenKind::Number(_));
            if is_number && text.get(start..end).is_some_and(|text| text.contains('_')) {
                let problem = "a number with _ in it, which Kratos does not know";
                return Err(SyntaxError::at(text, start, problem));
            }
        }
        match nesting(tokens) {
            Some(span) => Err(SyntaxError {
                flaw: Flaw::Unchecked,
                ..located(text, spans, span, "nested too deeply".into())
            }),
            None => Ok(()),
        }
    })
}

/// Refuses imports: Kratos lets a mapper import nothing. That fails only where the import is
/// evaluated, so that [`load`] takes it; but nobody writes an import without using it.
fn refuse_imports(text: &str) -> Result<(), SyntaxError> {
    with_tokens(text, |spans, tokens| {
        let is_import = |token: &&Token<'_, '_>| {
            matches!(
                token.kind,
                TokenKind::Simple(
                    STokenKind::Import | STokenKind::Importstr | STokenKind::Importbin
                )
            )
        };
        match tokens.iter().find(is_import) {
            Some(token) => {
                let problem = "an import, which Kratos does not allow".to_owned();
                Err(located(text, spans, token.span, problem))
            }
            None => Ok(()),
        }
    })
}

fn located(text: &str, spans: &SpanManager, span: SpanId, problem: String) -> SyntaxError {
    let (_, start, _) = spans.get_span(span);
    SyntaxError::at(text, start, problem)
}

/// What one bracket holds that is not closed yet, as far as it may nest.
#[derive(Default)]
struct Bracket {
    /// Words whose expression may go on: `local a = 1; local b = 2; …` nests.
    words: usize,
    /// Of those, the ones after which a comma does not end the expression.
    commas: usize,
    /// Fields, indices and calls, one after the other: `a.b[0].c()` nests.
    suffixes: usize,
}

/// Where an upper bound of how deeply the parser recurses first is beyond
/// [`NESTING_LIMIT`], if it is: the open brackets, and within each what [`Bracket`]
/// counts. Operators do not count, since the parser does not recurse for them.
fn nesting(tokens: &[Token<'_, '_>]) -> Option<SpanId> {
    let mut open = vec![Bracket::default()];
    let mut depth = 1;
    for token in tokens {
        let last = open.last_mut()?;
        let before = last.words + last.suffixes;
        match token.kind {
            TokenKind::Simple(
                STokenKind::LeftBrace | STokenKind::LeftBracket | STokenKind::LeftParen,
            ) => {
                open.push(Bracket::default());
                depth += 1;
            }
            TokenKind::Simple(
                STokenKind::RightBrace | STokenKind::RightBracket | STokenKind::RightParen,
            ) => {
                // More brackets closed than opened are the parser's to refuse.
                if open.len() > 1 {
                    open.pop();
                    depth -= 1 + before;
                }
                if let Some(last) = open.last_mut() {
                    last.suffixes += 1;
                    depth += 1;
                }
            }
            TokenKind::Simple(kind) => {
                match kind {
                    STokenKind::Dot => last.suffixes += 1,
                    STokenKind::Local | STokenKind::Assert => {
                        last.words += 1;
                        last.commas += 1;
                    }
                    STokenKind::If
                    | STokenKind::Function
                    | STokenKind::Error
                    | STokenKind::Import
                    | STokenKind::Importstr
                    | STokenKind::Importbin => last.words += 1,
                    STokenKind::Semicolon => last.commas = last.commas.saturating_sub(1),
                    STokenKind::Comma if last.commas == 0 => last.words = 0,
                    _ => {}
                }
                if !matches!(
                    kind,
                    STokenKind::Dot
                        | STokenKind::Tailstrict
                        | STokenKind::Self_
                        | STokenKind::Super
                        | STokenKind::Dollar
                ) {
                    last.suffixes = 0;
                }
                depth = depth - before + last.words + last.suffixes;
            }
            TokenKind::OtherOp(_) => {
                depth -= last.suffixes;
                last.suffixes = 0;
            }
            TokenKind::EndOfFile
            | TokenKind::Whitespace
            | TokenKind::Comment
            | TokenKind::Ident(_)
            | TokenKind::Number(_)
            | TokenKind::String(_)
            | TokenKind::TextBlock(_) => {}
        }
        if depth > NESTING_LIMIT {
            return Some(token.span);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::thread;

    use proptest::prelude::*;

    use super::*;

    /// As Charmed Kratos has it in `claim_mappers`, cut short.
    const MAPPER: &str = "local claims = {
  email_verified: false,
} + std.extVar('claims');

{
  identity: {
    traits: {
      // Only a verified address is one.
      [if 'email' in claims && claims.email_verified then 'email' else null]: claims.email,
      name: std.join(' ', [claims.given_name, claims.family_name]),
      tags: [tag for tag in ['a', 'b'] if tag != 'a'],
    },
  },
}
";

    #[test]
    fn a_mistake_has_its_place_and_our_words() {
        struct Case {
            name: &'static str,
            jsonnet: &'static str,
            place: (usize, usize),
            problem: &'static str,
        }

        for Case {
            name,
            jsonnet,
            place,
            problem,
        } in [
            Case {
                name: "empty",
                jsonnet: "",
                place: (1, 1),
                problem: "the end where a value is expected",
            },
            Case {
                name: "forgotten comma",
                jsonnet: "{\n  a: 1\n  b: 2\n}",
                place: (3, 3),
                problem: "a name where , or } is expected",
            },
            Case {
                name: "forgotten brace",
                jsonnet: "{\n  hunter2: 'hunter2',\n",
                place: (3, 1),
                problem: "the end",
            },
            Case {
                name: "unclosed string",
                jsonnet: "{ a: 'hunter2 }",
                place: (1, 6),
                problem: "a string that is never closed",
            },
            Case {
                name: "unclosed comment",
                jsonnet: "{} /* hunter2",
                place: (1, 4),
                problem: "a comment that is never closed",
            },
            Case {
                name: "not Jsonnet",
                jsonnet: "é hunter2",
                place: (1, 1),
                problem: "a character that has no meaning here",
            },
            Case {
                name: "unknown variable",
                jsonnet: "{\n  a: hunter2 }",
                place: (2, 6),
                problem: "a variable that is not defined",
            },
            Case {
                name: "field twice",
                jsonnet: "{ a: 1,\n a: 2 }",
                place: (2, 2),
                problem: "a field that is defined twice",
            },
            Case {
                name: "no then",
                jsonnet: "if true 1",
                place: (1, 9),
                problem: "a number where then is expected",
            },
            Case {
                name: "escape",
                jsonnet: r#"{ a: "\hunter2" }"#,
                place: (1, 7),
                problem: "a malformed escape in a string",
            },
        ] {
            let error = check(jsonnet).unwrap_err();
            let at = error.at.map(|at| (at.line, at.column));
            assert_eq!(at, Some(place), "{name}: {error}");
            assert!(error.problem.contains(problem), "{name}: {error}");
            assert!(!error.to_string().contains("hunter2"), "{name}: {error}");
        }
    }

    #[test]
    fn mappers_that_kratos_takes_pass() {
        for (name, jsonnet) in [
            ("typical", MAPPER.to_owned()),
            ("object", "{}".to_owned()),
            ("text block", "{ a: |||\n  text\n||| }".to_owned()),
            (
                "many fields",
                format!(
                    "{{{}}}",
                    (0..400).fold(String::new(), |fields, number| format!(
                        "{fields} f{number}: if 'a' in {{}} then std.toString(1).x[0] else null,"
                    ))
                ),
            ),
            (
                "many in one expression",
                format!("[{}]", "std.length('a') + ".repeat(1500) + "1"),
            ),
            ("else-if chain", "if false then 1 else ".repeat(200) + "2"),
        ] {
            assert_eq!(check(&jsonnet), Ok(()), "{name}");
        }
    }

    #[test]
    fn the_limits_say_what_they_are() {
        struct Case {
            name: &'static str,
            jsonnet: String,
            problem: &'static str,
        }

        for Case {
            name,
            jsonnet,
            problem,
        } in [
            Case {
                name: "too many signs",
                jsonnet: "-".repeat(SIGNS_LIMIT + 1),
                problem: "too many signs in a row",
            },
            Case {
                name: "too deep",
                jsonnet: "[".repeat(NESTING_LIMIT + 1),
                problem: "nested too deeply",
            },
            Case {
                name: "too long a chain",
                jsonnet: format!("{{}}{}", ".a".repeat(NESTING_LIMIT)),
                problem: "nested too deeply",
            },
            Case {
                name: "too many locals",
                jsonnet: "local a = 1;".repeat(NESTING_LIMIT),
                problem: "nested too deeply",
            },
        ] {
            let error = check(&jsonnet).unwrap_err();
            assert_eq!(
                (error.problem.as_str(), error.flaw),
                (problem, Flaw::Unchecked),
                "{name}"
            );
        }
    }

    #[test]
    fn what_kratos_cannot_run_is_too_large() {
        let with_comment = |bytes: usize| format!("{{}} //{}", "y".repeat(bytes - 5));
        assert_eq!(check(&with_comment(27 * 1024)), Ok(()));
        let error = check(&with_comment(28 * 1024)).unwrap_err();
        assert_eq!(error.flaw, Flaw::TooLarge);
    }

    /// Pieces that make a program more often than letters do.
    const PIECES: [&str; 44] = [
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ":",
        "::",
        "+:",
        ",",
        ";",
        ".",
        "=",
        "==",
        "if ",
        " then ",
        " else ",
        "local ",
        "function",
        "for ",
        " in ",
        "self",
        "super",
        "$",
        "std",
        "claims",
        "'email'",
        "\"\\u",
        "|||\n",
        "null",
        "true",
        "1e400",
        "0.5",
        "error ",
        "assert ",
        "-",
        "!",
        "/*",
        "//",
        "\n",
        "é",
        "tailstrict",
        "import ",
        "1_0",
    ];

    /// [`super::check`] with the stack that it needs.
    fn check(text: &str) -> Result<(), SyntaxError> {
        let text = text.to_owned();
        let checked = thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || super::check(&text));
        checked.unwrap().join().unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_panics_on_any_text(text in any::<String>()) {
            let _ = check(&text);
        }

        #[test]
        fn nothing_panics_on_pieces(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
            let _ = check(&pieces.concat());
        }

        #[test]
        fn nothing_panics_on_a_changed_mapper(
            at in 0..MAPPER.len(),
            length in 0..20usize,
            piece in prop::sample::select(&PIECES[..]),
        ) {
            let end = (at + length).min(MAPPER.len());
            let text = format!("{}{piece}{}", &MAPPER[..at], &MAPPER[end..]);
            let _ = check(&text);
        }
    }
}
