//! `secret-get`, `secret-add`, `secret-set`, `secret-grant`, `secret-remove`,
//! `secret-info-get` and `secret-ids`. All of Juju 3.0 or newer.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::memory_file::MemoryFile;
use crate::relation::RelationId;
use crate::secret::Secret;
use crate::tools::{HookTools, ToolError};

/// How long the id of a secret is: an xid in base 32 (`juju/core/secrets`).
const ID_LENGTH: usize = 20;

/// The longest name of a model in a URI: its UUID.
const MODEL_LENGTH: usize = 36;

/// The URI of a Juju secret.
///
/// Juju prints the same secret as `secret:<id>`, `secret:<model>/<id>` or
/// `secret://<model>/<id>`, depending on its version and on who asks; ids are
/// unique, so that two URIs with one id are equal.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct SecretUri(String);

/// The text is not a URI of a Juju secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a URI of a Juju secret")]
pub struct NoSecretUri;

impl SecretUri {
    /// Reads a URI in any form that Juju prints; `None` if `text` is none. What it reads fits
    /// into an argument, whoever typed it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("secret:")?;
        let (model, id) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_once('/')?,
            None => rest.split_once('/').unwrap_or(("model", rest)),
        };
        let is_id = id.len() == ID_LENGTH
            && id
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'v'));
        let is_model = (1..=MODEL_LENGTH).contains(&model.len())
            && model
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (is_id && is_model).then(|| Self(text.to_owned()))
    }

    /// The URI of the secret with the bare id that `secret-info-get` and `secret-ids` print.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::parse(&format!("secret:{id}"))
    }

    /// Only the id, which every hook tool and `juju` itself take too.
    #[must_use]
    pub fn id(&self) -> &str {
        // What was parsed ends in the id, which is ASCII.
        &self.0[self.0.len() - ID_LENGTH..]
    }

    /// The URI as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SecretUri {
    type Error = NoSecretUri;

    fn try_from(text: String) -> Result<Self, NoSecretUri> {
        Self::parse(&text).ok_or(NoSecretUri)
    }
}

impl PartialEq for SecretUri {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for SecretUri {}

impl PartialOrd for SecretUri {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SecretUri {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.id().cmp(other.id())
    }
}

/// A URI is not a secret: whoever has it still has to be granted the secret.
impl fmt::Debug for SecretUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for SecretUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a secret holds, by key.
pub type SecretContent = BTreeMap<String, Secret>;

/// A refusal of Juju that an administrator can do something about: all that there are. It is
/// not a failure, and to run the hook again would not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is there, but not for this application.
    #[error("the secret is not granted")]
    NotGranted,
    /// It was removed, or never made.
    #[error("the secret does not exist")]
    NotFound,
    /// This Juju has no secrets.
    #[error("this Juju has no secrets")]
    NoSecrets,
}

impl HookTools {
    /// The newest content of the secret at `uri`, which this unit tracks from now
    /// on (`secret-get --refresh`): Juju tells it of new revisions.
    ///
    /// # Errors
    ///
    /// If the tool fails for a reason that is not a [`Refusal`].
    pub fn secret_get(&self, uri: &SecretUri) -> Result<Result<SecretContent, Refusal>, ToolError> {
        sort_out(self.read("secret-get", &[uri.as_str(), "--refresh"]))
    }

    /// The newest content of the secret of our own with this label, which this unit tracks
    /// from now on (`secret-get --refresh`): a revision that any unit tracks is one that
    /// Juju takes for needed. `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the tool fails for another reason.
    pub fn own_secret_get(&self, label: &str) -> Result<Option<SecretContent>, ToolError> {
        let answer = self.read("secret-get", &["--label", label, "--refresh"]);
        found(sort_out(answer)?, "secret-get")
    }

    /// The URI of the secret of our own with this label (`secret-info-get`). `None`
    /// if there is none. Only the leader knows of the application's secrets.
    ///
    /// # Errors
    ///
    /// If the tool fails for another reason.
    pub fn own_secret_uri(&self, label: &str) -> Result<Option<SecretUri>, ToolError> {
        // Keyed by the bare id.
        let answer = self.read("secret-info-get", &["--label", label]);
        let info: Option<serde_json::Map<String, serde_json::Value>> =
            found(sort_out(answer)?, "secret-info-get")?;
        Ok(info.and_then(|info| info.keys().find_map(|id| SecretUri::from_id(id))))
    }

    /// Makes a secret that the application owns, with one key (`secret-add`). It
    /// exists once the hook succeeds. Leader only.
    ///
    /// # Errors
    ///
    /// If this unit does not lead, the label is taken, or the content is too large.
    pub fn secret_add(
        &self,
        label: &str,
        key: &str,
        value: &Secret,
    ) -> Result<SecretUri, ToolError> {
        let tool = "secret-add";
        let (file, content) = content(tool, key, value)?;
        let printed = self.run_with_secret(tool, &["--label", label, &content])?;
        drop(file);
        let text = String::from_utf8_lossy(&printed);
        SecretUri::parse(text.trim()).ok_or(ToolError::Output {
            tool,
            line: 1,
            column: 1,
        })
    }

    /// Gives a secret of the application a new revision, with one key
    /// (`secret-set`). Leader only.
    ///
    /// # Errors
    ///
    /// If the secret does not exist, or the content is too large.
    pub fn secret_set(&self, uri: &SecretUri, key: &str, value: &Secret) -> Result<(), ToolError> {
        let tool = "secret-set";
        let (file, content) = content(tool, key, value)?;
        let done = self
            .run_with_secret(tool, &[uri.as_str(), &content])
            .map(drop);
        drop(file);
        done
    }

    /// Lets the application on the other side of `relation` read the secret, for as
    /// long as the relation lives (`secret-grant`). Leader only.
    ///
    /// # Errors
    ///
    /// If the secret is not ours, or the relation does not exist.
    pub fn secret_grant(&self, uri: &SecretUri, relation: &RelationId) -> Result<(), ToolError> {
        self.run("secret-grant", &[uri.as_str(), "-r", relation.as_str()])
            .map(drop)
    }

    /// The newest content of the secret at `uri`, without tracking it (`secret-get --peek`).
    ///
    /// # Errors
    ///
    /// If the tool fails for a reason that is not a [`Refusal`].
    pub fn secret_peek(
        &self,
        uri: &SecretUri,
    ) -> Result<Result<SecretContent, Refusal>, ToolError> {
        sort_out(self.read("secret-get", &[uri.as_str(), "--peek"]))
    }

    /// The secrets that the application owns, on its leader, and those of this unit
    /// (`secret-ids`).
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn secret_ids(&self) -> Result<Vec<SecretUri>, ToolError> {
        // Bare ids; `null` if there are none.
        let ids: Option<Vec<String>> = self.read("secret-ids", &[])?;
        let ids = ids.unwrap_or_default();
        Ok(ids.iter().filter_map(|id| SecretUri::from_id(id)).collect())
    }

    /// Removes one revision of a secret of the application (`secret-remove --revision`),
    /// which is what the event secret-remove asks for. Leader only.
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn secret_remove_revision(&self, uri: &SecretUri, revision: u32) -> Result<(), ToolError> {
        let revision = revision.to_string();
        let args = [uri.as_str(), "--revision", &revision];
        self.run("secret-remove", &args).map(drop)
    }

    /// Removes a secret of the application with all its revisions
    /// (`secret-remove`). Leader only: on another unit the hook fails at its end.
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn secret_remove(&self, uri: &SecretUri) -> Result<(), ToolError> {
        self.run("secret-remove", &[uri.as_str()]).map(drop)
    }
}

/// `<key>#file=<path>`, and the file, which must live as long as the call.
fn content(
    tool: &'static str,
    key: &str,
    value: &Secret,
) -> Result<(MemoryFile, String), ToolError> {
    let file =
        MemoryFile::new(value.expose()).map_err(|source| ToolError::Start { tool, source })?;
    let argument = format!("{key}#file={}", file.path());
    Ok((file, argument))
}

impl Refusal {
    /// The refusal that a secret tool prints, in the words of every Juju with secrets;
    /// `None` for a failure, such as of a back end that is out of order.
    ///
    /// Sources: `getSecretContent` in Juju's `apiserver/facades/agent/secretsmanager`, 3.0 to
    /// 3.6; `domain/secret` of 4.0, as seen on a controller.
    fn of(said: &str) -> Option<Self> {
        let line = said.lines().last()?;
        let line = line.strip_prefix("ERROR ").unwrap_or(line).trim();
        if line == "permission denied" || line.ends_with("\" is not allowed to read this secret") {
            return Some(Self::NotGranted);
        }
        // Juju also checks the form of an id more closely than `SecretUri` does.
        let is_not_valid = is_about("secret URI", line, " not valid");
        // Juju says before it what it was about to do: "getting latest secret revision: ". What
        // it says after it is what is not there.
        let clauses = line.match_indices(": ").map(|(at, _)| &line[at + 2..]);
        let is_not_found = std::iter::once(line).chain(clauses).any(|clause| {
            clause == "secret not found"
                || ["secret", "consumer label", "secret URI for consumer label"]
                    .iter()
                    .any(|noun| is_about(noun, clause, " not found"))
        });
        (is_not_valid || is_not_found).then_some(Self::NotFound)
    }
}

/// Whether `clause` is `<noun> "<anything>"<says>` and nothing else, with what is in the
/// quotes as Go quotes it.
fn is_about(noun: &str, clause: &str, says: &str) -> bool {
    let quoted = clause
        .strip_prefix(noun)
        .and_then(|rest| rest.strip_prefix(" \""))
        .and_then(|rest| rest.strip_suffix(says))
        .and_then(|rest| rest.strip_suffix('"'));
    quoted.is_some_and(|text| {
        let mut is_escaped = false;
        let mut ends_early = false;
        for c in text.chars() {
            ends_early |= c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
        }
        !ends_early && !is_escaped
    })
}

/// Tells what the administrator can do something about from what is Juju's own failure.
fn sort_out<T>(answer: Result<T, ToolError>) -> Result<Result<T, Refusal>, ToolError> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(ToolError::Absent { .. }) => Ok(Err(Refusal::NoSecrets)),
        Err(error) => match &error {
            ToolError::Failed { reason, .. } => Refusal::of(reason).map(Err).ok_or(error),
            _ => Err(error),
        },
    }
}

/// `None` for a secret that is not there; a Juju without secrets is an error where
/// the charm would write some.
fn found<T>(answer: Result<T, Refusal>, tool: &'static str) -> Result<Option<T>, ToolError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(Refusal::NotFound | Refusal::NotGranted) => Ok(None),
        Err(Refusal::NoSecrets) => Err(ToolError::Absent { tool }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    const ID: &str = "d0erdgfmp25c762i8np0";

    #[test]
    fn every_form_that_juju_prints_is_a_uri() {
        let model = "6c4c3c4e-3c4e-4c4e-8c4e-6c4c3c4e3c4e";
        for text in [
            format!("secret:{ID}"),
            format!("secret:{model}/{ID}"),
            format!("secret://{model}/{ID}"),
        ] {
            let uri = SecretUri::parse(&text).unwrap();
            assert_eq!((uri.id(), uri.as_str()), (ID, text.as_str()));
            assert_eq!(uri, SecretUri::from_id(ID).unwrap(), "one id, one secret");
        }
        for text in [
            "",
            "secret:",
            "secret:abc",
            ID,
            "secret://",
            "secret:///d0erdgfmp25c762i8np0",
            "secret:d0erdgfmp25c762i8npz",
            "secret:d0erdgfmp25c762i8np00",
            "s3cr3t: value",
            "secret://d0erdgfmp25c762i8np0",
            "secret:m/x/d0erdgfmp25c762i8np0",
            &format!("secret:{model}{model}/{ID}"),
            &format!("secret://{}/{ID}", "a".repeat(140_000)),
        ] {
            assert_eq!(SecretUri::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn refusals_are_known_in_the_words_of_every_juju() {
        use Refusal::{NotFound, NotGranted};
        for (name, said, refusal) in [
            ("3.x, not granted", "ERROR permission denied\n", NotGranted),
            (
                "4.x, not granted",
                "ERROR \"idp/0\" is not allowed to read this secret\n",
                NotGranted,
            ),
            (
                "3.x, no such id",
                "ERROR secret \"secret:d0erdgfmp25c762i8np0\" not found\n",
                NotFound,
            ),
            (
                "4.x, no such id",
                "ERROR getting latest secret revision: secret not found\n",
                NotFound,
            ),
            (
                "3.x, no such id in the end",
                "ERROR getting latest secret revision: secret \"d0erdgfmp25c762i8np0\" not found\n",
                NotFound,
            ),
            (
                "malformed",
                "ERROR secret URI \"secret:aaaaaaaaaaaaaaaaaaaa\" not valid\n",
                NotFound,
            ),
            (
                "3.x, no such label",
                "ERROR consumer label \"x/y\" not found\n",
                NotFound,
            ),
            (
                "4.x, no such label",
                "ERROR secret URI for consumer label \"x/y\" not found\n",
                NotFound,
            ),
            (
                "no such label of ours",
                "ERROR secret \"x/y\" not found\n",
                NotFound,
            ),
            (
                "a label with quotes and a colon",
                "ERROR consumer label \"x:7/a\\\": model\\\\\" not found\n",
                NotFound,
            ),
            (
                "a warning before it",
                "WARNING slow\nERROR permission denied\n",
                NotGranted,
            ),
        ] {
            assert_eq!(Refusal::of(said), Some(refusal), "{name}");
        }
    }

    #[test]
    fn a_failure_of_juju_is_not_a_refusal() {
        for (name, said) in [
            ("another thing is not there", "ERROR model not found\n"),
            (
                "a back end is not there",
                "ERROR secret backend \"vault\" not found\n",
            ),
            (
                "a back end is out of order",
                "ERROR dial tcp 127.0.0.1:8200: connect: connection refused\n",
            ),
            ("a back end is sealed", "ERROR Vault is sealed\n"),
            (
                "a back end that denies",
                "ERROR Error making API request.\n\nCode: 403. Errors:\n\n* permission denied\n",
            ),
            (
                "what was asked for, and another thing that is not there",
                "ERROR reading secret \"secret:d0erdgfmp25c762i8np0\": model \"m\" not found\n",
            ),
            (
                "a thing that is named after a secret",
                "ERROR secret \"x\" of unit \"idp/0\" not found\n",
            ),
            ("a unit", "ERROR unit \"idp/0\" not found\n"),
            (
                "a revision that a back end has lost",
                "ERROR secret revision \"d0erdgfmp25c762i8np0-1\" not found\n",
            ),
            (
                "a key",
                "ERROR secret key value \"client-secret\" not found\n",
            ),
            (
                "the socket",
                "ERROR dial unix @/var/lib/juju: connect: permission denied\n",
            ),
            (
                "to write is not to read",
                "ERROR \"idp/0\" is not allowed to manage this secret\n",
            ),
            ("nothing", ""),
        ] {
            assert_eq!(Refusal::of(said), None, "{name}");
        }
    }

    /// Tools of which each prints `answer`, and their folder, where the arguments of the last
    /// call are.
    fn tools(answer: &str) -> (HookTools, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let does = format!("printf '%s ' \"$@\" > \"${{0%/*}}/args\"\necho '{answer}'\n");
        for tool in ["secret-get", "secret-ids", "secret-remove"] {
            let path = folder.path().join(tool);
            fs::write(path.with_extension("sh"), &does).unwrap();
            let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bin/hook-tool");
            symlink(program, path).unwrap();
        }
        (HookTools::in_dir(folder.path()), folder)
    }

    #[test]
    fn each_call_has_the_arguments_that_juju_takes() {
        let uri = SecretUri::from_id(ID).unwrap();
        let (tools, folder) = tools(r#"{"client-secret":"s"}"#);
        let args = || fs::read_to_string(folder.path().join("args")).unwrap();
        let content = tools.secret_peek(&uri).unwrap().unwrap();
        assert_eq!(content["client-secret"].expose(), "s");
        assert_eq!(args(), format!("--format=json secret:{ID} --peek "));
        tools.secret_get(&uri).unwrap().unwrap();
        assert_eq!(args(), format!("--format=json secret:{ID} --refresh "));
        tools.own_secret_get("x:7/a").unwrap();
        assert_eq!(args(), "--format=json --label x:7/a --refresh ");
        tools.secret_remove(&uri).unwrap();
        assert_eq!(args(), format!("secret:{ID} "));
        tools.secret_remove_revision(&uri, 3).unwrap();
        assert_eq!(args(), format!("secret:{ID} --revision 3 "));
    }

    #[test]
    fn ids_are_a_list_or_null() {
        for (answer, expected) in [
            ("null", vec![]),
            ("[]", vec![]),
            (r#"["d0erdgfmp25c762i8np0"]"#, vec![ID]),
        ] {
            let (tools, folder) = tools(answer);
            let ids = tools.secret_ids().unwrap();
            assert_eq!(ids.iter().map(SecretUri::id).collect::<Vec<_>>(), expected);
            let args = fs::read_to_string(folder.path().join("args")).unwrap();
            assert_eq!(args, "--format=json ");
        }
    }
}
