//! Faults on demand, to see what a charm does when a hook tool does not work.

use crate::run::ToolCall;

/// A hook tool that is to fail, by default once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The tool's name; empty means any tool.
    pub tool: String,
    /// Which of the matching calls: 1 is the first, 0 means every call.
    pub nth: u32,
    /// What happens instead.
    pub kind: FaultKind,
    /// Only calls of this unit.
    pub unit: Option<String>,
    /// Only calls in this hook or action.
    pub hook: Option<String>,
}

/// What happens instead of the tool's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// The tool does nothing and fails.
    Fail {
        /// Its exit code.
        exit_code: u8,
        /// What it prints as an error, newline included.
        stderr: String,
    },
    /// The tool does nothing, prints this and exits 0.
    Garbage(String),
    /// The tool is not on `PATH` while the hook runs; `nth` is ignored.
    Absent,
    /// Another unit becomes the leader just before the tool runs; if there is no other unit, nobody
    /// leads.
    LoseLeadership,
    /// The commit at the end of the hook stops after this step, and what has been done by then
    /// stays done; `tool` is ignored. Juju commits secrets in separate calls, and databags last
    /// (`commitHookChangesForOneUnit` in `apiserver/facades/agent/uniter/uniter.go`).
    CommitStops(CommitStep),
}

/// How far the commit of a hook gets. Each step includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitStep {
    /// Nothing is done.
    Nothing,
    /// Secrets are created.
    Created,
    /// Secrets are updated.
    Updated,
    /// Secrets are granted, and grants revoked.
    Granted,
    /// Secrets are removed: everything is done except the databags.
    Removed,
}

impl Default for Fault {
    /// The first call of any tool fails.
    fn default() -> Self {
        Self {
            tool: String::new(),
            nth: 1,
            kind: FaultKind::Fail {
                exit_code: 1,
                stderr: "ERROR connection is shut down\n".into(),
            },
            unit: None,
            hook: None,
        }
    }
}

/// A fault and how many calls it has seen.
#[derive(Debug, Clone)]
pub(crate) struct Armed {
    fault: Fault,
    seen: u32,
}

impl Armed {
    pub(crate) fn new(fault: Fault) -> Self {
        Self { fault, seen: 0 }
    }

    /// Whether the fault is about this hook of this unit.
    fn is_about(&self, unit: &str, hook: &str) -> bool {
        let fits = |wanted: &Option<String>, seen: &str| {
            let wanted = wanted.as_deref();
            wanted.is_none_or(|wanted| wanted == seen)
        };
        fits(&self.fault.unit, unit) && fits(&self.fault.hook, hook)
    }

    /// Whether the fault is about this tool.
    fn is_about_tool(&self, tool: &str) -> bool {
        self.fault.tool.is_empty() || self.fault.tool == tool
    }

    /// Counts a match, and says whether it is one that the fault waits for.
    fn count_match(&mut self) -> bool {
        self.seen += 1;
        self.fault.nth == 0 || self.fault.nth == self.seen
    }

    /// The fault, if it waits for this call.
    pub(crate) fn strikes(
        &mut self,
        unit: &str,
        hook: &str,
        call: &ToolCall,
    ) -> Option<&FaultKind> {
        let waits_for_calls = match self.fault.kind {
            FaultKind::Fail { .. } | FaultKind::Garbage(_) | FaultKind::LoseLeadership => true,
            FaultKind::Absent | FaultKind::CommitStops(_) => false,
        };
        let matches =
            waits_for_calls && self.is_about(unit, hook) && self.is_about_tool(&call.tool);
        (matches && self.count_match()).then_some(&self.fault.kind)
    }

    /// Where the commit of this hook stops, if the fault waits for that.
    pub(crate) fn stops_commit(&mut self, unit: &str, hook: &str) -> Option<CommitStep> {
        let FaultKind::CommitStops(step) = self.fault.kind else {
            return None;
        };
        (self.is_about(unit, hook) && self.count_match()).then_some(step)
    }

    /// Whether the tool is absent in this hook.
    pub(crate) fn hides(&self, unit: &str, hook: &str, tool: &str) -> bool {
        self.fault.kind == FaultKind::Absent
            && self.is_about(unit, hook)
            && self.is_about_tool(tool)
    }
}
