//! The outcome of an action.

use juju_hook::{ARGUMENT_LIMIT, is_shown_whole, printable};

/// The outcome of an action.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Results, by key. Each is short enough for an argument of a process.
    pub results: Vec<(String, String)>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

impl Reply {
    /// Adds a result that consists of lines. If it is too long, it is cut after a line.
    pub(super) fn lines(&mut self, key: &str, text: &str) {
        // Replace characters first, since that may make it longer.
        self.results.push((key.to_owned(), cut(&printable(text))));
    }

    /// Adds a result that is useless if a part of it is missing, such as JSON or a URI. If it cannot
    /// be shown as it is, it is left out, and `warning` says so.
    pub(super) fn whole(&mut self, key: &str, text: String) {
        if is_shown_whole(&text) {
            self.results.push((key.to_owned(), text));
        } else {
            let why = if text.len() > ARGUMENT_LIMIT {
                "it is too long"
            } else {
                "it has characters that cannot be shown"
            };
            self.warn(&format!("{key} is left out: {why}"));
        }
    }

    /// Adds a line to the result `warning`.
    pub(super) fn warn(&mut self, line: &str) {
        let mut results = self.results.iter_mut();
        match results.find(|(key, _)| key == "warning") {
            Some((_, text)) => *text = cut(&format!("{text}\n{line}")),
            None => self.lines("warning", line),
        }
    }

    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self {
            failure: Some(message.into()),
            ..Self::default()
        }
    }
}

/// As much of `text` as fits into an argument: lines from its start, and how many were left out.
fn cut(text: &str) -> String {
    if text.len() <= ARGUMENT_LIMIT {
        return text.to_owned();
    }
    let room = ARGUMENT_LIMIT - "\n… and 18446744073709551615 more lines".len();
    let mut length = 0;
    let fits = text.lines().take_while(|line| {
        length += line.len() + 1;
        length <= room
    });
    let mut lines: Vec<_> = fits.collect();
    let more = match text.lines().count() - lines.len() {
        1 => "… and 1 more line".to_owned(),
        more => format!("… and {more} more lines"),
    };
    lines.push(&more);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_after_a_line() {
        struct Case {
            name: &'static str,
            text: String,
            end: &'static str,
        }

        let long = vec!["x".repeat(1000); 200].join("\n");
        for Case { name, text, end } in [
            Case {
                name: "short",
                text: "x\ny".to_owned(),
                end: "x\ny",
            },
            Case {
                name: "long",
                text: long,
                end: "… and 98 more lines",
            },
            Case {
                name: "one line",
                text: "x".repeat(ARGUMENT_LIMIT + 1),
                end: "… and 1 more line",
            },
        ] {
            let cut = cut(&text);
            assert!(cut.len() <= ARGUMENT_LIMIT && cut.ends_with(end), "{name}");
        }
    }

    #[test]
    fn what_is_replaced_still_fits() {
        let mut reply = Reply::default();
        reply.lines("ids", &vec!["\0".repeat(1000); 60].join("\n"));
        let (_, text) = &reply.results[0];
        assert!(is_shown_whole(text), "{}", text.len());
        assert!(text.ends_with("more lines"));
    }

    #[test]
    fn a_result_that_is_useless_in_part_is_left_out() {
        let mut reply = Reply::default();
        reply.whole("a", "x".repeat(ARGUMENT_LIMIT + 1));
        reply.whole("b", "y".into());
        reply.whole("c", "\0".into());
        reply.warn("z");
        let warning = "a is left out: it is too long\n\
                       c is left out: it has characters that cannot be shown\nz"
            .to_owned();
        assert_eq!(
            reply.results,
            [
                ("warning".into(), warning),
                ("b".to_owned(), "y".to_owned())
            ]
        );
    }
}
