//! The Jsonnet mapper is only parsed here. The action `test-mapper` runs it.

use doctor::mapper::{Flaw, SyntaxError};

use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let finding = subject.mapper.map(finding);
    finding.into_iter().collect()
}

/// The finding for a mapper that cannot be parsed. It is a warning: logins with this provider
/// cannot work, but all others can. If the mapper only exceeds a limit of ours, it is a note.
#[must_use]
pub fn finding(error: &SyntaxError) -> Finding {
    let again = || Fix::set("@mapper.jsonnet");
    let (code, problem, fix) = match error.flaw {
        Flaw::Mistake => (
            Code::MapperNotJsonnet,
            format!("not valid Jsonnet: {error}"),
            again(),
        ),
        Flaw::NotAProgram => (Code::MapperNotAProgram, error.problem.clone(), again()),
        Flaw::TooLarge => (
            Code::MapperTooLarge,
            error.problem.clone(),
            Fix::instruction("shorten it: comments count too"),
        ),
        Flaw::Unchecked => (
            Code::MapperUnchecked,
            format!("not checked: {error}"),
            Fix::instruction("if logins work, ignore this"),
        ),
    };
    Finding::new(code, "jsonnet_mapper", problem, fix)
}

#[cfg(test)]
mod tests {
    use doctor::mapper::Position;

    use super::*;

    #[test]
    fn a_flaw_says_what_to_do() {
        for (flaw, expected) in [
            (
                Flaw::Mistake,
                "warning: jsonnet_mapper: not valid Jsonnet: line 2, column 6: a problem: run juju \
                 config idp jsonnet_mapper=@mapper.jsonnet",
            ),
            (
                Flaw::NotAProgram,
                "warning: jsonnet_mapper: a problem: run juju config idp \
                 jsonnet_mapper=@mapper.jsonnet",
            ),
            (
                Flaw::TooLarge,
                "warning: jsonnet_mapper: a problem: shorten it: comments count too",
            ),
            (
                Flaw::Unchecked,
                "note: jsonnet_mapper: not checked: line 2, column 6: a problem: if logins work, \
                 ignore this",
            ),
        ] {
            let error = SyntaxError {
                at: Some(Position { line: 2, column: 6 }),
                problem: "a problem".into(),
                flaw,
            };
            assert_eq!(finding(&error).line("idp"), expected);
        }
    }
}
