//! The Go program beside this file, which asks the libraries that Kratos is made of.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};

/// The running program. It ends when its input does.
pub(crate) struct Go {
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    _child: Child,
}

#[derive(Serialize)]
struct Request<'a> {
    ask: &'a str,
    mapper: &'a str,
    texts: &'a [String],
}

/// What it says of one text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Answer {
    /// Of YAML: its values.
    pub(crate) leaves: Vec<Leaf>,
    /// Of a URI: whether it is one, and absolute.
    pub(crate) absolute: bool,
    /// Of claims: what a mapper makes of them.
    pub(crate) json: String,
    /// Why there is nothing of the others.
    pub(crate) error: String,
}

/// A value of a YAML document that is not a map or a list with something in it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Leaf {
    /// The keys and indices that lead to it.
    pub(crate) path: Vec<String>,
    /// Its type in Go.
    pub(crate) r#type: String,
    /// As Go prints it.
    pub(crate) text: String,
}

impl Go {
    #[expect(clippy::disallowed_methods, reason = "runs the program that judges")]
    pub(crate) fn start(program: &Path) -> Self {
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        Self {
            requests: child.stdin.take().unwrap(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            _child: child,
        }
    }

    /// What yaml.v3 finds in each of these documents.
    pub(crate) fn yaml(&mut self, documents: &[String]) -> Vec<Answer> {
        self.ask("yaml", "", documents)
    }

    /// Whether `net/url` takes each of these for an absolute URI.
    pub(crate) fn uris(&mut self, texts: &[String]) -> Vec<Answer> {
        self.ask("uri", "", texts)
    }

    /// What go-jsonnet makes of each of these claims.
    pub(crate) fn jsonnet(&mut self, mapper: &str, claims: &[String]) -> Vec<Answer> {
        self.ask("jsonnet", mapper, claims)
    }

    /// The program reads a whole request before it answers, and one answer is read
    /// before the next request, so that neither waits for the other for ever.
    fn ask(&mut self, ask: &str, mapper: &str, texts: &[String]) -> Vec<Answer> {
        let request = Request { ask, mapper, texts };
        let mut line = serde_json::to_vec(&request).unwrap();
        line.push(b'\n');
        self.requests.write_all(&line).unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answers: Vec<Answer> = serde_json::from_str(&line).unwrap();
        assert_eq!(answers.len(), texts.len(), "an answer for each text");
        answers
    }
}
