//! Keys and values that tools accept: `k=v` arguments, and a YAML file.

use super::call::{Call, Failure};
use crate::go::Pairs;
use crate::go::{normal_path, open_error, to_bytes, yaml_pairs};
use crate::refusals;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

/// Reads `k=v` arguments; keys and values are trimmed, and a value may be empty
/// (`keyvalues.Parse`).
pub(super) fn parse(arguments: &[String]) -> Result<Pairs, Failure> {
    let mut pairs = Pairs::new();
    for argument in arguments.iter().filter(|argument| !argument.is_empty()) {
        let (key, value) = argument
            .split_once('=')
            .map(|(key, value)| (key.trim(), value.trim()))
            .filter(|(key, _)| !key.is_empty())
            .ok_or_else(|| Failure::Usage(refusals::not_key_value(argument)))?;
        if pairs.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(Failure::Usage(refusals::key_twice(key)));
        }
    }
    Ok(pairs)
}

/// Adds the pairs of `--file`, which the arguments override (`handleSettingsFile`).
pub(super) fn with_file(
    call: &Call,
    file: Option<&str>,
    arguments: Pairs,
) -> Result<Pairs, Failure> {
    let bytes = match file {
        None | Some("") => return Ok(arguments),
        Some("-") => call.stdin.clone().ok_or(Failure::NeedsStdin)?,
        Some(path) => {
            let path = normal_path(path).map_err(Failure::Work)?;
            let path = call.directory.join(OsString::from_vec(to_bytes(&path)));
            std::fs::read(&path)
                .map_err(|error| Failure::Work(open_error(&path.to_string_lossy(), &error)))?
        }
    };
    let mut pairs = yaml_pairs(&bytes, "map[string]string").map_err(Failure::Work)?;
    pairs.extend(arguments);
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Pairs {
        pairs
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn arguments() {
        let read = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments
                .iter()
                .map(|&argument| argument.to_owned())
                .collect();
            parse(&arguments).map_err(|failure| match failure {
                Failure::Usage(text) => text,
                other => format!("{other:?}"),
            })
        };
        assert_eq!(
            read(&["a=1", "", " b = x=y "]),
            Ok(pairs([("a", "1"), ("b", "x=y")]))
        );
        assert_eq!(read(&["a="]), Ok(pairs([("a", "")])));
        assert_eq!(
            read(&["haha"]),
            Err("expected \"key=value\", got \"haha\"".into())
        );
        assert_eq!(
            read(&["a=1", "a=2"]),
            Err("key \"a\" specified more than once".into())
        );
    }
}
