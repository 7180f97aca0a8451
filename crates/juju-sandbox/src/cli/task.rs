//! How the results of `run` and `exec` are shown. Source of texts and keys: `cmd/juju/action`.

use super::printed::Printed;
use crate::clock::Timestamp;
use crate::go::to_yaml;
use crate::names;
use crate::refusals;
use crate::run::ActionStatus;
use crate::state::{Operation, Task};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The keys of results that the plain format shows elsewhere (`filteredOutputKeys`).
const FILTERED: [&str; 3] = ["return-code", "stdout", "stderr"];

/// An operation that has just been run, and how to show it (`processOperationResults`).
pub(super) struct Results<'a> {
    pub(super) operation: &'a Operation,
    pub(super) format: &'a str,
    /// Whether it was `exec`, which says less about what it does.
    pub(super) is_command: bool,
    pub(super) hides_completion: bool,
}

impl Results<'_> {
    /// What `--background` prints.
    pub(super) fn scheduled(&self) -> Printed {
        let operation = self.operation.id;
        let tasks = &self.operation.tasks;
        let mut printed = self.refused();
        let (what, which) = match tasks.as_slice() {
            [] => return printed,
            [task] => (format!("task {}", task.id), task.id.to_string()),
            tasks => (format!("{} tasks", tasks.len()), "<id>".to_owned()),
        };
        let lines = [
            format!("Scheduled operation {operation} with {what}\n"),
            format!("Check operation status with 'juju show-operation {operation}'\n"),
            format!("Check task status with 'juju show-task {which}'\n"),
        ];
        printed.info.extend(lines);
        if tasks.len() > 1 {
            let ids: Map<String, Value> = tasks
                .iter()
                .map(|task| (task.unit.clone(), json!({"id": task.id.to_string()})))
                .collect();
            printed.stdout = to_yaml(&ids.into());
        }
        printed
    }

    /// What is printed when the operation has ended, or would have been given up.
    pub(super) fn waited(&self, took: Duration, limit: Option<i64>) -> Printed {
        let tasks = &self.operation.tasks;
        let mut printed = self.refused();
        if tasks.is_empty() {
            return printed;
        }
        if !self.is_command {
            printed.info.insert_str(0, &self.log());
        }
        let limit = limit.and_then(|limit| u128::try_from(limit).ok());
        if limit.is_some_and(|limit| took.as_millis() > limit) {
            let receivers: Vec<String> = tasks
                .iter()
                .map(|task| format!("unit {}", task.unit))
                .collect();
            let late = Printed::error(&refusals::timed_out(receivers.join(", ")), 1);
            printed.failure = late.failure;
            printed.code = late.code;
            return printed;
        }
        let info: Map<String, Value> = tasks
            .iter()
            .map(|task| (task.unit.clone(), described(task, self.hides_completion)))
            .collect();
        printed.stdout = match self.format {
            "plain" if self.is_command => outputs(tasks),
            "plain" => plain(tasks),
            format => Printed::value(&info.into(), format).stdout,
        };
        let failed: Vec<String> = tasks
            .iter()
            .filter_map(|task| Some((task.id, return_code(task).filter(|code| *code > 0)?)))
            .map(|(id, code)| format!(" - id \"{id}\" with return code {code}"))
            .collect();
        if !failed.is_empty() {
            let plural = if failed.len() > 1 { "s" } else { "" };
            let failed = refusals::tasks_failed(plural, failed.join("\n"));
            let failed = Printed::error(&failed, 1);
            printed.failure = failed.failure;
            printed.code = failed.code;
        }
        printed
    }

    /// What is said of units that got no task; it is not a failure of the command.
    fn refused(&self) -> Printed {
        let reasons = self.operation.refused.join("\n");
        if self.operation.tasks.is_empty() {
            return Printed::note(format!(
                "Operation {} failed to schedule any tasks:\n{reasons}",
                self.operation.id
            ));
        }
        if reasons.is_empty() {
            return Printed::default();
        }
        Printed::note(format!(
            "Some actions could not be scheduled:\n{reasons}\n\n"
        ))
    }

    /// The log of a single task, which Juju shows while it runs.
    fn log(&self) -> String {
        let [task] = self.operation.tasks.as_slice() else {
            return String::new();
        };
        if task.log.is_empty() {
            return String::new();
        }
        let at = task.started.unwrap_or(task.enqueued).time_of_day();
        let lines = task.log.iter().map(|message| format!("{at} {message}\n"));
        lines.collect::<String>() + "\n\n"
    }
}

/// What is said of an operation before it is waited for.
pub(super) fn progress(operation: &Operation) -> String {
    let tasks = &operation.tasks;
    if tasks.is_empty() {
        return String::new();
    }
    let plural = if tasks.len() > 1 { "s" } else { "" };
    let mut lines = vec![format!(
        "Running operation {} with {} task{plural}",
        operation.id,
        tasks.len()
    )];
    lines.extend(tasks.iter().map(|task| {
        let receiver = names::tag(&task.unit);
        format!("  - task {} on {receiver}", task.id)
    }));
    for task in tasks {
        lines.extend([String::new(), format!("Waiting for task {}...", task.id)]);
    }
    lines.join("\n") + "\n\n"
}

fn return_code(task: &Task) -> Option<i64> {
    task.results.get("return-code").and_then(Value::as_i64)
}

/// Go's `Time.String`, in UTC.
fn moment(at: Timestamp) -> String {
    at.to_string().replace('T', " ").replace('Z', " +0000 UTC")
}

fn timing(task: &Task, hides_completion: bool) -> Map<String, Value> {
    let completed = task.completed.filter(|_| !hides_completion);
    let times = [
        ("enqueued", Some(task.enqueued)),
        ("started", task.started),
        ("completed", completed),
    ];
    times
        .into_iter()
        .filter_map(|(key, at)| Some((key.to_owned(), json!(moment(at?)))))
        .collect()
}

fn log(task: &Task) -> Vec<String> {
    let at = moment(task.started.unwrap_or(task.enqueued));
    task.log.iter().map(|line| format!("{at} {line}")).collect()
}

/// A task as `--format` shows it (`formatActionResult`).
pub(super) fn described(task: &Task, hides_completion: bool) -> Value {
    let mut shown = json!({
        "id": task.id.to_string(),
        "status": task.status.word(),
        "unit": task.unit,
        "timing": timing(task, hides_completion),
    });
    if !task.message.is_empty() {
        shown["message"] = json!(task.message);
    }
    if !task.results.is_empty() {
        shown["results"] = json!(task.results);
    }
    if !task.log.is_empty() {
        shown["log"] = json!(log(task));
    }
    shown
}

/// `printPlainOutput`.
pub(super) fn plain(tasks: &[Task]) -> String {
    let output = |task: &Task| {
        if task.results.is_empty() {
            return format!("Task {} {}\n", task.id, task.status.word());
        }
        let mut results = task.results.clone();
        results.retain(|key, _| !FILTERED.contains(&key.as_str()));
        if results.is_empty() {
            String::new()
        } else {
            to_yaml(&results.into())
        }
    };
    let [task] = tasks else {
        let info = tasks.iter().map(|task| {
            let mut shown = json!({
                "id": task.id.to_string(),
                "output": output(task),
                "status": task.status.word(),
            });
            if !task.message.is_empty() {
                shown["message"] = json!(task.message);
            }
            (task.unit.clone(), shown)
        });
        return to_yaml(&info.collect::<Map<_, _>>().into());
    };
    let mut text = String::new();
    if task.status == ActionStatus::Failed {
        let id = task.id.to_string();
        text.extend(["Action id ", &id, " failed: ", &task.message, "\n"]);
    }
    text.push_str(&output(task));
    text.push('\n');
    for key in ["stdout", "stderr"] {
        if let Some(printed) = task.results.get(key).and_then(Value::as_str) {
            text.push_str(printed.trim_matches('\n'));
            text.push('\n');
        }
    }
    text
}

/// What commands printed (`printExecOutput`).
fn outputs(tasks: &[Task]) -> String {
    let output = |task: &Task| {
        let texts = ["stdout", "stderr"].map(|key| {
            let text = task.results.get(key).and_then(Value::as_str);
            let mut text = text.unwrap_or_default().to_owned();
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text
        });
        texts.concat()
    };
    let shown: Vec<(&str, String)> = tasks
        .iter()
        .map(|task| (task.unit.as_str(), output(task)))
        .filter(|(_, output)| !output.is_empty())
        .collect();
    if let [(_, output)] = shown.as_slice() {
        return output.clone();
    }
    let blocks = shown.iter();
    let blocks: Vec<String> = blocks
        .map(|(unit, output)| format!("{unit}:\n{output}\n"))
        .collect();
    blocks.concat()
}

/// An operation as `show-operation` shows it (`formatOperationResult`).
pub(super) fn described_operation(operation: &Operation, hides_completion: bool) -> Value {
    let tasks: Map<String, Value> = operation
        .tasks
        .iter()
        .map(|task| {
            let mut shown = described(task, hides_completion);
            shown["host"] = json!(task.unit);
            if let Value::Object(keys) = &mut shown {
                keys.remove("id");
                keys.remove("unit");
            }
            (task.id.to_string(), shown)
        })
        .collect();
    let mut times = json!({"enqueued": moment(operation.enqueued)});
    if let Some(started) = operation.tasks.iter().filter_map(|task| task.started).min() {
        times["started"] = json!(moment(started));
    }
    if let Some(completed) = operation.completed() {
        times["completed"] = json!(moment(completed));
    }
    let mut shown = json!({
        "summary": operation.summary,
        "status": operation.status().word(),
        "action": {"name": operation.action, "parameters": operation.parameters},
        "timing": times,
    });
    if !tasks.is_empty() {
        shown["tasks"] = tasks.into();
    }
    if !operation.refused.is_empty() {
        shown["error"] = json!(refusals::not_enqueued(operation.refused.join(", ")));
    }
    shown
}
