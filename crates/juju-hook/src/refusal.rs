//! What Juju refuses, in Juju's words: one table for each of the two kinds.
//!
//! A text is matched as a whole, so that a failure that only mentions another one is not taken for it.

/// A secret that cannot be read for a reason that an administrator can do something about: all
/// that there are. It is not a failure, and to run the hook again would not help.
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

/// What Juju denies a charm that asks for what it may not have, or what is not there. A charm
/// may do something about it: [`crate::ToolError::denial`] tells it from other failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// Only the leader may do this.
    NotLeader,
    /// This unit may not read or write this, leader or not.
    NotAllowed,
    /// The relation does not exist, or no longer.
    NoSuchRelation,
    /// The unit was never in this relation.
    NoSuchUnit,
    /// `metadata.yaml` has no endpoint or extra binding of this name.
    NoSuchBinding,
    /// The secret does not exist, or is not one of ours.
    NoSuchSecret,
    /// Another secret of the application has this label.
    LabelTaken,
    /// The ports overlap with others that a unit on this machine has opened.
    PortConflict,
    /// Juju does not keep as much as this.
    TooLarge,
}

// In the tables, `%q` is what Go quotes with its own `%q`, `%d` a number and `%w` anything without
// spaces. A text that begins with `^` is all that the line says. Others may only end it: Juju says
// before them what it was about to do, as in "getting latest secret revision: ".

/// What `secret-get` and `secret-info-get` say. A Juju without secrets says nothing: the tool is
/// absent.
static REFUSALS: [(Refusal, &str); 7] = [
    // getSecretContent in apiserver/facades/agent/secretsmanager, 3.0 to 3.6. Sockets and back ends
    // have permissions, too.
    (Refusal::NotGranted, "^permission denied"),
    // The same, and context/secrets.go for our own.
    (Refusal::NotFound, "secret %q not found"),
    (Refusal::NotFound, "consumer label %q not found"),
    // domain/secret of 4.0, as a controller of 4.0.14 said it.
    (Refusal::NotGranted, "%q is not allowed to read this secret"),
    (Refusal::NotFound, "secret not found"),
    (
        Refusal::NotFound,
        "secret URI for consumer label %q not found",
    ),
    // core/secrets/uri.go. Juju checks the form of an id more closely than `SecretUri` does.
    (Refusal::NotFound, "^secret URI %q not valid"),
];

/// What the other tools say.
static DENIALS: [(Denial, &str); 16] = [
    // context/leader.go and context.go; jujuc/relation-set.go.
    (Denial::NotLeader, "this unit is not the leader"),
    (Denial::NotLeader, "^cannot write relation settings"),
    // ReadRemoteSettings in apiserver/facades/agent/uniter, up to 3.6.
    (Denial::NotAllowed, "^permission denied"),
    // domain/secret of 4.0, read and not seen.
    (
        Denial::NotAllowed,
        "%q is not allowed to manage this secret",
    ),
    // jujuc/context.go.
    (Denial::NoSuchRelation, "relation not found"),
    // ReadSettings in state/relationunit.go, up to 3.6; a controller of 4.0.14.
    (Denial::NoSuchUnit, "unit %q: settings not found"),
    (Denial::NoSuchUnit, "relation unit not found"),
    // jujuc/network-get.go.
    (
        Denial::NoSuchBinding,
        "no network config found for binding %q",
    ),
    // context/context.go and context/secrets.go.
    (Denial::NoSuchSecret, "secret %q not found"),
    (Denial::NoSuchSecret, "secret not found"),
    (Denial::LabelTaken, "secret with label %q already exists"),
    // context/ports.go.
    (
        Denial::PortConflict,
        "port range conflicts with %w (unit %q) requested earlier",
    ),
    // core/quota.
    (Denial::TooLarge, "max allowed key length (%d) exceeded"),
    (Denial::TooLarge, "max allowed value length (%d) exceeded"),
    // core/secrets/createsecret.go, since 3.6.9 and before.
    (
        Denial::TooLarge,
        "base64 encoded secret content for key %q too large: %d bytes",
    ),
    (
        Denial::TooLarge,
        "secret content for key %q too large: %d bytes",
    ),
];

impl Refusal {
    /// The refusal that a tool printed; `None` for a failure, such as of a back end that is out
    /// of order.
    pub(crate) fn of(said: &str) -> Option<Self> {
        meaning(&REFUSALS, said)
    }
}

impl Denial {
    /// The denial that a tool printed; `None` for a failure.
    pub(crate) fn of(said: &str) -> Option<Self> {
        meaning(&DENIALS, said)
    }
}

/// What the last line of what a tool said means.
fn meaning<T: Copy>(table: &[(T, &str)], said: &str) -> Option<T> {
    let line = said.lines().last()?;
    let line = line.strip_prefix("ERROR ").unwrap_or(line).trim();
    let mut ends = line.match_indices(": ").map(|(at, _)| &line[at + 2..]);
    let whole = |(_, text): &&(T, &str)| is_like(text.trim_start_matches('^'), line);
    let find_end = |end| table.iter().find(|(_, text)| is_like(text, end));
    let found = table.iter().find(whole).or_else(|| ends.find_map(find_end));
    found.map(|(means, _)| *means)
}

/// Whether `text` is `pattern`, with something in each place that the pattern leaves open.
fn is_like(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    while let Some((before, after)) = pattern.split_once('%') {
        let (kind, rest) = after.split_at(1);
        let length = text.strip_prefix(before).and_then(|text| match kind {
            "q" => quoted_length(text),
            "d" => Some(text.bytes().take_while(u8::is_ascii_digit).count()),
            _ => text.find(' '),
        });
        let Some(length) = length else {
            return false;
        };
        (pattern, text) = (rest, &text[before.len() + length..]);
    }
    pattern == text
}

/// The length of the quoted text that `text` begins with.
fn quoted_length(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    let inside = text.strip_prefix('"')?;
    let end = inside.find(|c| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    end.map(|end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_known_in_the_words_of_every_juju() {
        use Refusal::{NotFound, NotGranted};
        struct Case {
            name: &'static str,
            said: &'static str,
            refusal: Refusal,
        }
        for Case {
            name,
            said,
            refusal,
        } in [
            Case {
                name: "3.x, not granted",
                said: "ERROR permission denied\n",
                refusal: NotGranted,
            },
            Case {
                name: "4.x, not granted",
                said: "ERROR \"idp/0\" is not allowed to read this secret\n",
                refusal: NotGranted,
            },
            Case {
                name: "3.x, no such id",
                said: "ERROR secret \"secret:d0erdgfmp25c762i8np0\" not found\n",
                refusal: NotFound,
            },
            Case {
                name: "4.x, no such id",
                said: "ERROR getting latest secret revision: secret not found\n",
                refusal: NotFound,
            },
            Case {
                name: "3.x, no such id in the end",
                said: "ERROR getting latest secret revision: secret \"d0erdgfmp25c762i8np0\" not found\n",
                refusal: NotFound,
            },
            Case {
                name: "malformed",
                said: "ERROR secret URI \"secret:aaaaaaaaaaaaaaaaaaaa\" not valid\n",
                refusal: NotFound,
            },
            Case {
                name: "3.x, no such label",
                said: "ERROR consumer label \"x/y\" not found\n",
                refusal: NotFound,
            },
            Case {
                name: "4.x, no such label",
                said: "ERROR secret URI for consumer label \"x/y\" not found\n",
                refusal: NotFound,
            },
            Case {
                name: "no such label of ours",
                said: "ERROR secret \"x/y\" not found\n",
                refusal: NotFound,
            },
            Case {
                name: "a label with quotes and a colon",
                said: "ERROR consumer label \"x:7/a\\\": model\\\\\" not found\n",
                refusal: NotFound,
            },
            Case {
                name: "a warning before it",
                said: "WARNING slow\nERROR permission denied\n",
                refusal: NotGranted,
            },
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

    #[test]
    fn a_denial_is_told_from_a_failure() {
        for (said, denial) in [
            // As Juju 3.6.28's tools and a controller of 4.0.14 said it.
            ("this unit is not the leader", Some(Denial::NotLeader)),
            (
                "finding application status: this unit is not the leader",
                Some(Denial::NotLeader),
            ),
            ("cannot write relation settings", Some(Denial::NotLeader)),
            ("permission denied", Some(Denial::NotAllowed)),
            (
                "invalid value \"99\" for option -r: relation not found",
                Some(Denial::NoSuchRelation),
            ),
            ("relation unit not found", Some(Denial::NoSuchUnit)),
            (
                "cannot read settings for unit \"a/9\" in relation \"x:p y:r\": unit \"a/9\": \
                 settings not found",
                Some(Denial::NoSuchUnit),
            ),
            (
                "no network config found for binding \"nosuch\"",
                Some(Denial::NoSuchBinding),
            ),
            (
                "secret \"d5arik7v4jlpbk800020\" not found",
                Some(Denial::NoSuchSecret),
            ),
            (
                "secret with label \"x\" already exists",
                Some(Denial::LabelTaken),
            ),
            (
                "cannot open 80-90/tcp (unit \"idp/0\"): port range conflicts with 80/tcp \
                 (unit \"idp/0\") requested earlier",
                Some(Denial::PortConflict),
            ),
            (
                "max allowed value length (65536) exceeded",
                Some(Denial::TooLarge),
            ),
            (
                "secret content for key \"token\" too large: 8193 bytes",
                Some(Denial::TooLarge),
            ),
            ("not running an action", None),
            (
                "invalid value \"abc\" for option -r: invalid relation id",
                None,
            ),
            ("dial unix @/x: connect: permission denied", None),
            ("max allowed value length (many) exceeded", None),
            ("secret \"x not found", None),
        ] {
            assert_eq!(Denial::of(&format!("ERROR {said}\n")), denial, "{said}");
        }
    }
}
