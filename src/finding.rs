//! What is wrong with a configuration, in which option, and how to mend it.

use std::fmt;

use serde::Serialize;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing: published all the same, shown by `validate-config` only.
    Note,
    /// The provider's own login cannot work: published, counted in the status.
    Warning,
    /// Not published; the unit is blocked.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

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
/// A finding never holds the value of an option, whatever the option: people paste
/// secrets into the wrong one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What is wrong, in a few words.
    pub problem: String,
    /// What to do about it.
    pub fix: Fix,
}

/// What the administrator can do about a finding. In every text `{app}` stands for
/// the application's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// Give the option this value: a placeholder such as `<client id>`, or something
    /// that can be typed.
    Set(String),
    /// Give each of these options its value.
    SetAll(Vec<(&'static str, String)>),
    /// Leave the option unset.
    Unset,
    /// Something else, as an instruction.
    Do(String),
    /// An instruction, and then to give the option this value.
    DoThenSet(String, String),
}

impl Fix {
    /// Give the option the value `to`.
    pub fn set(to: impl Into<String>) -> Self {
        Self::Set(to.into())
    }

    /// Use the provider as a generic one, with its issuer.
    #[must_use]
    pub fn as_generic(issuer: &str) -> Self {
        let settings = [("provider", "generic"), ("issuer_url", issuer)];
        Self::SetAll(settings.map(|(option, to)| (option, to.to_owned())).into())
    }

    /// Follow an instruction.
    pub fn instruction(text: impl Into<String>) -> Self {
        Self::Do(text.into())
    }
}

impl Finding {
    /// Something about an option of the charm.
    pub fn new(
        severity: Severity,
        option: impl Into<String>,
        problem: impl Into<String>,
        fix: Fix,
    ) -> Self {
        let place = Place {
            item: None,
            option: option.into(),
        };
        Self {
            severity,
            place,
            problem: problem.into(),
            fix,
        }
    }

    /// Something that keeps the configuration from being published.
    pub fn error(option: impl Into<String>, problem: impl Into<String>, fix: Fix) -> Self {
        Self::new(Severity::Error, option, problem, fix)
    }

    /// Something that keeps the provider's login from working.
    pub fn warning(option: impl Into<String>, problem: impl Into<String>, fix: Fix) -> Self {
        Self::new(Severity::Warning, option, problem, fix)
    }

    /// Something worth knowing.
    pub fn note(option: impl Into<String>, problem: impl Into<String>, fix: Fix) -> Self {
        Self::new(Severity::Note, option, problem, fix)
    }

    /// The same about an item of the list in the option `providers`; with `None`, about
    /// an option of the charm.
    #[must_use]
    pub fn in_item(mut self, item: impl Into<Option<usize>>) -> Self {
        self.place.item = item.into();
        self
    }

    /// What to type, for the application named `application`.
    #[must_use]
    pub fn what_to_do(&self, application: &str) -> String {
        let Place { item, option } = &self.place;
        let set = |to: &str| self.what_to_set(application, &[(option, to)]);
        let text = match &self.fix {
            Fix::Set(to) => set(to),
            Fix::SetAll(settings) => {
                let settings = settings.iter().map(|(option, to)| (*option, to.as_str()));
                self.what_to_set(application, &settings.collect::<Vec<_>>())
            }
            Fix::Unset => match item {
                Some(item) => format!("remove {option} from item {item} in the list providers"),
                None => format!("run juju config {application} --reset {option}"),
            },
            Fix::Do(instruction) => instruction.clone(),
            Fix::DoThenSet(instruction, to) => format!("{instruction}, then {}", set(to)),
        };
        text.replace("{app}", application)
    }

    /// How to give each option its value.
    fn what_to_set(&self, application: &str, settings: &[(&str, &str)]) -> String {
        let Some(item) = self.place.item else {
            let settings = settings.iter().map(|(option, to)| format!("{option}={to}"));
            let settings: Vec<_> = settings.collect();
            return format!("run juju config {application} {}", settings.join(" "));
        };
        let set = |(option, to): &(&str, &str)| match to.strip_prefix('@') {
            // `juju config` reads a file; nothing does so within the list.
            Some(file) => format!("set {option} of item {item} to the text of {file}"),
            None => format!("set {option} of item {item} to {to}"),
        };
        let settings: Vec<_> = settings.iter().map(set).collect();
        format!("{} in the list providers", settings.join(" and "))
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

/// How many of `findings` are of `severity`.
#[must_use]
pub fn count(findings: &[Finding], severity: Severity) -> usize {
    findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_what_to_type() {
        let then = Fix::DoThenSet("run juju grant-secret s {app}".into(), "<URI>".into());
        for (name, fix, alone, in_item) in [
            (
                "set",
                Fix::set("<client id>"),
                "run juju config idp client_id=<client id>",
                "set client_id of item 2 to <client id> in the list providers",
            ),
            (
                "set several",
                Fix::as_generic("https://gitlab.com"),
                "run juju config idp provider=generic issuer_url=https://gitlab.com",
                "set provider of item 2 to generic and set issuer_url of item 2 to \
                 https://gitlab.com in the list providers",
            ),
            (
                "set from a file",
                Fix::set("@<file>.p8"),
                "run juju config idp client_id=@<file>.p8",
                "set client_id of item 2 to the text of <file>.p8 in the list providers",
            ),
            (
                "unset",
                Fix::Unset,
                "run juju config idp --reset client_id",
                "remove client_id from item 2 in the list providers",
            ),
            (
                "do",
                Fix::instruction("wait for {app}"),
                "wait for idp",
                "wait for idp",
            ),
            (
                "do, then set",
                then,
                "run juju grant-secret s idp, then run juju config idp client_id=<URI>",
                "run juju grant-secret s idp, then set client_id of item 2 to <URI> in the list \
                 providers",
            ),
        ] {
            let finding = Finding::error("client_id", "not set", fix);
            let line = format!("error: client_id: not set: {alone}");
            assert_eq!(finding.line("idp"), line, "{name}");
            let line = format!("error: providers[2].client_id: not set: {in_item}");
            assert_eq!(finding.in_item(2).line("idp"), line, "{name}, in a list");
        }
    }

    #[test]
    fn worse_is_more() {
        assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Note);
    }
}
