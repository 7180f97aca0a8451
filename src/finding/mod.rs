//! What is wrong with a configuration, in which option, and how to fix it.

mod code;
mod severity;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt;

pub use self::code::Code;
pub use self::severity::Severity;

/// Where in the configuration something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The item of the list in the option `providers`, counted from 1; `None` for an
    /// option of the charm.
    pub item: Option<usize>,
    /// The option's name, or the item's key.
    pub option: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.item {
            Some(item) => write!(f, "providers[{item}].{}", self.option),
            None => f.write_str(&self.option),
        }
    }
}

/// Something that the administrator should know about one option.
///
/// A finding never contains the value of an option, because people paste secrets into the wrong one.
/// Exceptions are parts that cannot be secret: ids of providers, known scopes, parts of issuers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub code: Code,
    /// How much it matters: as the code says, except for a value that is not published because
    /// of it.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What is wrong, in a sentence.
    pub problem: String,
    /// What to do about it.
    pub fix: Fix,
    /// The id to keep, if the fix would change it.
    pub kept_id: Option<String>,
}

/// What the administrator can do about a finding. In instructions `{app}` stands for the
/// application's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// Give the option this value: a placeholder such as `<client id>`, or something that can
    /// be typed as it is.
    Set(String),
    /// Give each of these options its value; the empty one unsets it.
    SetAll(Vec<(&'static str, String)>),
    /// Leave the option unset.
    Unset,
    /// Follow this instruction.
    Do(String),
    /// Ask the provider, whose document has the value; the one with this id, if there are several.
    AskProvider(Option<String>),
    /// Follow the instruction, then give the option this value.
    DoThenSet(String, String),
}

impl Fix {
    /// Give the option the value `to`.
    pub fn set(to: impl Into<String>) -> Self {
        Self::Set(to.into())
    }

    /// Give each of these options its value.
    #[must_use]
    pub fn set_all<const N: usize>(settings: [(&'static str, &str); N]) -> Self {
        Self::SetAll(
            settings
                .map(|(option, to)| (option, to.to_owned()))
                .to_vec(),
        )
    }

    /// Use the kind `generic`, with this issuer.
    #[must_use]
    pub fn as_generic(issuer: &str) -> Self {
        Self::set_all([("provider", "generic"), ("issuer_url", issuer)])
    }

    /// Use another provider: this one cannot work.
    #[must_use]
    pub fn another_provider() -> Self {
        Self::instruction("use another provider")
    }

    /// Follow an instruction.
    pub fn instruction(text: impl Into<String>) -> Self {
        Self::Do(text.into())
    }
}

/// The options that an id is made from if `provider_id` is not set: changing one changes the id.
const MAKE_THE_ID: [&str; 4] = ["provider", "client_id", "issuer_url", "microsoft_tenant_id"];

impl Finding {
    /// Something about an option of the charm.
    pub fn new(
        code: Code,
        option: impl Into<String>,
        problem: impl Into<String>,
        fix: Fix,
    ) -> Self {
        let place = Place {
            item: None,
            option: option.into(),
        };
        Self {
            code,
            severity: code.severity(),
            place,
            problem: problem.into(),
            fix,
            kept_id: None,
        }
    }

    /// The same about an item of the list in the option `providers`; with `None`, about
    /// an option of the charm.
    #[must_use]
    pub fn in_item(mut self, item: impl Into<Option<usize>>) -> Self {
        self.place.item = item.into();
        self
    }

    /// The same, with a fix that keeps the provider's `id`. Kratos stores it with every user who
    /// logged in, so no advice may change it without saying so.
    #[must_use]
    pub fn keeping_id(mut self, id: &str) -> Self {
        self.kept_id = Some(id.to_owned());
        self
    }

    /// What to type, for the application named `application`.
    #[must_use]
    pub fn what_to_do(&self, application: &str) -> String {
        self.fix
            .command(&self.place, self.kept_id.as_deref(), application)
    }

    /// `<option>: <problem>: <what to type>`.
    #[must_use]
    pub fn advice(&self, application: &str) -> String {
        format!(
            "{}: {}: {}",
            self.place,
            self.problem,
            self.what_to_do(application)
        )
    }

    /// [`Self::advice`] with the severity before it: a line of `validate-config`.
    #[must_use]
    pub fn line(&self, application: &str) -> String {
        format!("{}: {}", self.severity, self.advice(application))
    }
}

impl Fix {
    /// What to type about what is at `place`, for the application named `application`. An id that
    /// would change is set to `kept_id`.
    #[must_use]
    pub fn command(&self, place: &Place, kept_id: Option<&str>, application: &str) -> String {
        let Place { item, option } = place;
        let set_all =
            |settings: &[(&str, &str)]| what_to_set(settings, *item, kept_id, application);
        let set = |to: &str| set_all(&[(option, to)]);
        match self {
            Self::Set(to) => set(to),
            Self::SetAll(settings) => {
                let settings = settings.iter().map(|(option, to)| (*option, to.as_str()));
                set_all(&settings.collect::<Vec<_>>())
            }
            // Not `--reset`, after which Juju 4.0 runs no hook.
            Self::Unset => set(""),
            Self::Do(instruction) => instruction.replace("{app}", application),
            Self::AskProvider(id) => {
                let which = id
                    .as_deref()
                    .map(|id| format!(" provider-id={}", shell_word(id)));
                format!(
                    "run juju run {application}/leader check-provider{}, and then the command that it \
                     prints",
                    which.unwrap_or_default()
                )
            }
            Self::DoThenSet(instruction, to) => {
                let set = set(to);
                let then = if item.is_none() { "then " } else { "and " };
                format!("{}, {then}{set}", instruction.replace("{app}", application))
            }
        }
    }
}

/// How to give each option its value, in an item of the list or by itself.
fn what_to_set(
    settings: &[(&str, &str)],
    item: Option<usize>,
    kept_id: Option<&str>,
    application: &str,
) -> String {
    let mut settings = settings.to_vec();
    let changes_id = |(option, _): &(&str, &str)| MAKE_THE_ID.contains(option);
    if let Some(id) = kept_id.filter(|_| settings.iter().any(changes_id)) {
        settings.push(("provider_id", id));
    }
    let Some(item) = item else {
        let settings = settings
            .iter()
            .map(|(option, to)| format!("{option}={}", shell_word(to)));
        let settings: Vec<_> = settings.collect();
        return format!("run juju config {application} {}", settings.join(" "));
    };
    let set = |(option, to): &(&str, &str)| match to.strip_prefix('@') {
        _ if to.is_empty() => format!("remove {option} from item {item}"),
        // `juju config` reads a file, but nothing reads one that is named within the list.
        Some(file) => format!("set {option} of item {item} to the text of {file}"),
        None => format!("set {option} of item {item} to {to}"),
    };
    let settings: Vec<_> = settings.iter().map(set).collect();
    format!("{} in the list providers", settings.join(" and "))
}

/// `text` as one word of a POSIX shell, quoted if it needs to be, so that a command can be
/// pasted.
#[must_use]
pub fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+=@%/:.,".contains(&byte);
    if text.bytes().all(is_plain) {
        return text.into();
    }
    format!("'{}'", text.replace('\'', r"'\''")).into()
}

/// Keeps one finding for each mistake: the worst about each option, and among equals the first in
/// the order of the checks. A value that is wrong in itself need not be escaped too, so where
/// unsafe values are refused, the finding says what is wrong with it.
#[must_use]
pub fn one_for_each_mistake(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let Some(other) = kept.iter_mut().find(|one| one.place == finding.place) else {
            kept.push(finding);
            continue;
        };
        let is_unsafe = |one: &Finding| one.code == Code::UnsafeValue;
        let is_wrong_in_itself =
            |one: &Finding| one.severity == Severity::Warning || one.code == Code::PlaceHolder;
        if is_unsafe(&finding) && is_wrong_in_itself(other) {
            other.severity = Severity::Error;
        } else if finding.severity > other.severity {
            *other = finding;
        }
    }
    sort(&mut kept);
    kept
}

/// Puts the worst first, and among equals those about the charm before those about an item.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|one| (Reverse(one.severity), one.place.item));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_what_to_type() {
        struct Case {
            name: &'static str,
            fix: Fix,
            as_option: &'static str,
            in_item: &'static str,
        }

        let then = Fix::DoThenSet("run juju grant-secret s {app}".into(), "<URI>".into());
        for Case {
            name,
            fix,
            as_option,
            in_item,
        } in [
            Case {
                name: "set",
                fix: Fix::set("<client id>"),
                as_option: "run juju config idp client_id='<client id>'",
                in_item: "set client_id of item 2 to <client id> in the list providers",
            },
            Case {
                name: "set several",
                fix: Fix::as_generic("https://gitlab.com"),
                as_option: "run juju config idp provider=generic issuer_url=https://gitlab.com",
                in_item: "set provider of item 2 to generic and set issuer_url of item 2 to \
                 https://gitlab.com in the list providers",
            },
            Case {
                name: "set from a file",
                fix: Fix::set("@key.p8"),
                as_option: "run juju config idp client_id=@key.p8",
                in_item: "set client_id of item 2 to the text of key.p8 in the list providers",
            },
            Case {
                name: "unset",
                fix: Fix::Unset,
                as_option: "run juju config idp client_id=",
                in_item: "remove client_id from item 2 in the list providers",
            },
            Case {
                name: "do",
                fix: Fix::instruction("wait for {app}"),
                as_option: "wait for idp",
                in_item: "wait for idp",
            },
            Case {
                name: "do, then set",
                fix: then,
                as_option: "run juju grant-secret s idp, then run juju config idp client_id='<URI>'",
                in_item: "run juju grant-secret s idp, and set client_id of item 2 to <URI> in the list \
                 providers",
            },
        ] {
            let finding = Finding::new(Code::NotSet, "client_id", "not set", fix);
            let line = format!("error: client_id: not set: {as_option}");
            assert_eq!(finding.line("idp"), line, "{name}");
            let line = format!("error: providers[2].client_id: not set: {in_item}");
            assert_eq!(finding.in_item(2).line("idp"), line, "{name}, in a list");
        }
    }

    #[test]
    fn worse_is_greater() {
        assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Note);
    }
}
