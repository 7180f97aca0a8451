//! `juju run` and `juju exec`: one action or command, on one unit or several.

use super::handle::Model;
use crate::agent::context::ActionRun;
use crate::agent::hook::Finished;
use crate::error::Error;
use crate::event::Event;
use crate::go::to_text;
use crate::names;
use crate::refusals;
use crate::run::{ActionOutcome, ActionStatus};
use crate::state::{Operation, Task};
use crate::version::Version;
use serde_json::{Map, Value, json};

/// What the units are to do.
#[derive(Debug, Clone)]
pub(crate) enum Job {
    /// An action of the charm, with parameters as they were given.
    Action(String, Map<String, Value>),
    /// A shell command, in the context of the unit's hooks.
    Command(Command),
}

/// A shell command of `juju exec`.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    /// The script.
    pub(crate) script: String,
    /// How long it may take, in milliseconds; nothing here stops it.
    pub(crate) timeout: i64,
    /// Whether it would not run where the workload does (`--operator`).
    pub(crate) operator: bool,
}

impl Command {
    /// The parameters of the action that it is (`createRunActionsParams` in the facade action).
    fn parameters(&self, juju: &Version) -> Map<String, Value> {
        let mut parameters = Map::new();
        let nanoseconds = self.timeout.saturating_mul(1_000_000);
        parameters.insert("command".into(), json!(self.script));
        parameters.insert("timeout".into(), json!(nanoseconds));
        if juju.tells_workload_context() {
            parameters.insert("workload-context".into(), json!(!self.operator));
        }
        parameters
    }
}

impl Job {
    /// What an operation's tasks are to do.
    fn of(operation: &Operation, juju: &Version) -> Self {
        let parameters = &operation.parameters;
        if operation.action != juju.exec_action() {
            return Self::Action(operation.action.clone(), parameters.clone());
        }
        let script = parameters.get("command").and_then(Value::as_str);
        let timeout = parameters.get("timeout").and_then(Value::as_i64);
        Self::Command(Command {
            script: script.unwrap_or_default().to_owned(),
            timeout: timeout.unwrap_or_default() / 1_000_000,
            operator: parameters.get("workload-context") == Some(&json!(false)),
        })
    }
}

/// How long `juju exec` waits by default, in milliseconds.
pub(crate) const EXEC_WAIT: i64 = 300_000;

/// Why a unit gets no task.
enum Refusal {
    /// There is no such unit or action, or the unit is not ready.
    Task(String),
    /// The parameters are not what the charm declares.
    Parameters(String),
}

impl Model {
    /// Runs an action at once, between hooks; the unit may be given as `app/leader`. If the charm
    /// fails, that is an outcome, not an error.
    ///
    /// # Errors
    ///
    /// When there is no such unit or action, the parameters are not what the charm declares, or the
    /// unit has not run a hook yet.
    pub fn run_action(
        &mut self,
        unit: &str,
        action: &str,
        parameters: &[(&str, Value)],
    ) -> Result<ActionOutcome, Error> {
        let unit = &self.resolve_unit(unit)?;
        let parameters: Map<String, Value> = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        self.run_one(unit, &Job::Action(action.to_owned(), parameters))
    }

    /// Runs a shell command as `juju exec` does (`runJujuExecAction` in `runner.go`): in the unit's
    /// charm directory, with the environment and the hook tools of an action. The unit may be given
    /// as `app/leader`. What the command writes takes effect whatever its exit code.
    ///
    /// # Errors
    ///
    /// When there is no such unit, or it has not run a hook yet.
    pub fn exec(&mut self, unit: &str, command: &str) -> Result<ActionOutcome, Error> {
        let unit = &self.resolve_unit(unit)?;
        let command = Command {
            script: command.to_owned(),
            timeout: EXEC_WAIT,
            operator: false,
        };
        self.run_one(unit, &Job::Command(command))
    }

    fn run_one(&mut self, unit: &str, job: &Job) -> Result<ActionOutcome, Error> {
        let prepared = self.prepare(unit, job);
        if let Err(Refusal::Task(reason)) = prepared {
            return Err(Error::Refused(reason));
        }
        let mut operation = self.begin(&[unit.to_owned()], job);
        if let Err(Refusal::Task(reason) | Refusal::Parameters(reason)) = prepared {
            self.refuse_parameters(&mut operation, unit, reason.clone())?;
            self.state.operations.push(operation);
            return Err(Error::Refused(reason));
        }
        let task = self.pending_task(unit);
        let id = task.id;
        operation.tasks.push(task);
        self.state.operations.push(operation);
        let outcomes = self.run_pending_tasks()?;
        let mut outcomes = outcomes.into_iter();
        let outcome = outcomes.find(|outcome| outcome.id == id);
        outcome.ok_or_else(|| Error::not_found("task", &id.to_string()))
    }

    /// The same on several units, each given by its name or as `app/leader`, as the command line
    /// asks for it: a unit's refusal does not stop the others. Who asks is shown what there is to do
    /// before any of it is done.
    pub(crate) fn operate(
        &mut self,
        units: &[String],
        job: &Job,
        on_enqueued: impl FnOnce(&Operation),
    ) -> Result<Operation, Error> {
        let is_4 = self.state.settings.version().is_4();
        if let (true, Job::Action(action, _)) = (is_4, job) {
            for unit in units {
                let application = names::application_of(unit);
                let application = self.state.applications.get(application);
                if application.is_some_and(|known| known.charm.actions.get(action).is_none()) {
                    return Err(Error::Refused(refusals::action_not_defined_4(action, unit)));
                }
            }
        }
        let mut operation = self.begin(units, job);
        for unit in units {
            let prepared = self
                .resolve_unit(unit)
                .map_err(|error| Refusal::Task(self.no_receiver(unit, &error)))
                .and_then(|unit| Ok((self.prepare(&unit, job)?, unit)));
            match prepared {
                Ok((_, unit)) => operation.tasks.push(self.pending_task(&unit)),
                Err(Refusal::Parameters(reason)) => {
                    self.refuse_parameters(&mut operation, unit, reason)?;
                }
                Err(Refusal::Task(reason)) => operation.refused.push(reason),
            }
        }
        on_enqueued(&operation);
        let id = operation.id;
        self.state.operations.push(operation);
        self.run_pending_tasks()?;
        let mut operations = self.state.operations.iter();
        let operation = operations.find(|operation| operation.id == id);
        let operation = operation.ok_or_else(|| Error::not_found("operation", &id.to_string()))?;
        Ok(operation.clone())
    }

    /// A new task, which waits for its turn.
    fn pending_task(&mut self, unit: &str) -> Task {
        let id = self.state.next_number();
        Task::pending(id, unit.to_owned(), self.state.tick())
    }

    /// Runs the tasks that wait for their turn: those of an operation that has just been asked for,
    /// and of one that was interrupted, whose units would go on by themselves in Juju.
    pub(super) fn run_pending_tasks(&mut self) -> Result<Vec<ActionOutcome>, Error> {
        let mut outcomes = Vec::new();
        while let Some((operation, task)) = self.state.pending_task() {
            let (id, unit) = (task.id, task.unit.clone());
            let job = Job::of(operation, &self.state.settings.version());
            match self.prepare(&unit, &job) {
                Ok(run) => outcomes.push(self.run_task(id, &unit, &job, run)?),
                Err(Refusal::Task(reason) | Refusal::Parameters(reason)) => {
                    let completed = self.state.tick();
                    if let Some(task) = self.state.task_mut(id) {
                        task.status = ActionStatus::Cancelled;
                        task.message = reason;
                        task.completed = Some(completed);
                    }
                }
            }
        }
        Ok(outcomes)
    }

    /// What has been run, oldest first.
    pub(crate) fn operations(&self) -> &[Operation] {
        &self.state.operations
    }

    /// Why something cannot be run on a unit that cannot be found (`tagToActionReceiver` and
    /// `getLeader` of the facade action).
    fn no_receiver(&self, unit: &str, error: &Error) -> String {
        if unit.ends_with("/leader") {
            return refusals::no_leader(names::application_of(unit));
        }
        if self.state.settings.version().is_4() {
            return error.to_string();
        }
        refusals::receiver_not_found(names::tag(unit))
    }

    fn begin(&mut self, units: &[String], job: &Job) -> Operation {
        let juju = self.state.settings.version();
        let (action, parameters) = match job {
            Job::Action(name, parameters) => (name.clone(), parameters.clone()),
            Job::Command(command) => (juju.exec_action().to_owned(), command.parameters(&juju)),
        };
        let receivers = units.iter().map(|unit| {
            if unit.ends_with("/leader") {
                unit.clone()
            } else {
                names::tag(unit)
            }
        });
        let receivers: Vec<String> = receivers.collect();
        Operation {
            id: self.state.next_number(),
            summary: format!("{action} run on {}", receivers.join(",")),
            action,
            parameters,
            enqueued: self.state.tick(),
            tasks: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Checks what is asked of a unit.
    fn prepare(&self, unit: &str, job: &Job) -> Result<ActionRun, Refusal> {
        let not_found = || Refusal::Task(Error::not_found("unit", unit).to_string());
        let state = self.state.unit(unit).ok_or_else(not_found)?;
        let application = names::application_of(unit);
        let application = self.state.applications.get(application);
        let application = application.ok_or_else(not_found)?;
        let parameters = match job {
            Job::Action(action, parameters) => {
                let schema = application.charm.actions.get(action);
                let schema = schema
                    .ok_or_else(|| Refusal::Task(refusals::action_not_defined(action, unit)))?;
                let complete = schema
                    .complete(&Value::Object(parameters.clone()))
                    .map_err(Refusal::Parameters)?;
                self.as_delivered(complete)
            }
            Job::Command(command) => {
                let juju = self.state.settings.version();
                command.parameters(&juju).into()
            }
        };
        if state.memory.charm_seen == 0 {
            return Err(Refusal::Task(refusals::no_charm_yet(unit)));
        }
        Ok(ActionRun::new(parameters))
    }

    /// Parameters as they reach the charm.
    fn as_delivered(&self, mut parameters: Value) -> Value {
        if self.state.settings.version().flattens_parameters() {
            let values = parameters.as_object_mut().into_iter().flatten();
            for (_, value) in values.filter(|(_, value)| value.is_object()) {
                *value = to_text(value).into();
            }
        }
        parameters
    }

    /// Runs a unit's task.
    fn run_task(
        &mut self,
        id: u32,
        unit: &str,
        job: &Job,
        run: ActionRun,
    ) -> Result<ActionOutcome, Error> {
        let event = match job {
            Job::Action(name, _) => Event::Action {
                name: name.clone(),
                id,
            },
            Job::Command(command) => Event::Exec {
                name: self.state.settings.version().exec_action().to_owned(),
                id,
                command: command.script.clone(),
            },
        };
        let started = self.state.tick();
        if let Some(task) = self.state.task_mut(id) {
            task.status = ActionStatus::Running;
            task.started = Some(started);
        }
        let ran = self.run_event(unit, &event, Some(run));
        let completed = self.state.tick();
        let ran = match ran {
            Ok(ran) => ran,
            // Not what the charm did, but it ends here all the same.
            Err(error) => {
                self.state.interrupt();
                return Err(error);
            }
        };
        let outcome = outcome(id, unit, &ran);
        self.state.end_running();
        if let Some(task) = self.state.task_mut(id) {
            task.status = outcome.status;
            task.message.clone_from(&outcome.message);
            task.results = outcome.stored_results();
            task.log.clone_from(&outcome.log);
            task.completed = Some(completed);
        }
        self.runs.push(ran.record);
        self.folder.keep_step(&self.state)?;
        Ok(outcome)
    }

    /// Notes what became of an action that is not started, because of its parameters.
    fn refuse_parameters(
        &mut self,
        operation: &mut Operation,
        unit: &str,
        reason: String,
    ) -> Result<(), Error> {
        if self.state.settings.version().makes_tasks_of_refusals() {
            let message = refusals::cannot_run_action(&operation.action, reason);
            operation.tasks.push(self.refused_task(unit, message)?);
        } else {
            operation.refused.push(reason);
        }
        Ok(())
    }

    /// The task of an action that is not started.
    fn refused_task(&mut self, unit: &str, message: String) -> Result<Task, Error> {
        let unit = self.resolve_unit(unit)?;
        Ok(Task {
            id: self.state.next_number(),
            unit,
            status: ActionStatus::Error,
            message,
            results: Map::new(),
            log: Vec::new(),
            enqueued: self.state.tick(),
            started: None,
            completed: Some(self.state.tick()),
        })
    }

    /// The names of an application's actions.
    ///
    /// # Errors
    ///
    /// When there is no such application.
    pub fn actions(&self, application: &str) -> Result<Vec<&str>, Error> {
        Ok(self.app(application)?.charm.actions.names().collect())
    }

    /// The schema of the parameters of each action of an application, which contains the action's
    /// description (`juju actions --schema`).
    ///
    /// # Errors
    ///
    /// When there is no such application.
    pub fn action_schemas(&self, application: &str) -> Result<Map<String, Value>, Error> {
        let actions = &self.app(application)?.charm.actions;
        let schemas = actions.names().filter_map(|name| {
            let schema = actions.get(name)?;
            Some((name.to_owned(), schema.value().clone()))
        });
        Ok(schemas.collect())
    }

    /// A unit's name, with `app/leader` resolved.
    ///
    /// # Errors
    ///
    /// When there is no such unit, or the application has no leader.
    pub fn resolve_unit(&self, unit: &str) -> Result<String, Error> {
        let Some(application) = unit.strip_suffix("/leader") else {
            return self
                .state
                .unit(unit)
                .map(|_| unit.to_owned())
                .ok_or_else(|| Error::not_found("unit", unit));
        };
        let leader = self.app(application)?.leader;
        let leader = leader.ok_or_else(|| Error::Refused(refusals::no_leader(application)))?;
        Ok(format!("{application}/{leader}"))
    }
}

/// What a task has come to (`finalizeAction` in `context/context.go`): what the charm said takes
/// precedence over the exit code.
fn outcome(id: u32, unit: &str, ran: &Finished) -> ActionOutcome {
    let left = ran.action.clone().unwrap_or_default();
    let record = &ran.record;
    let (mut message, mut stderr) = (String::new(), record.stderr.clone());
    let mut return_code = record.exit_code;
    match (&left.failure, &record.error) {
        (failure, Some(error)) if return_code == Some(0) => {
            // The charm succeeded, but the commit was refused.
            message = failure.clone().unwrap_or_else(refusals::commit_failed);
            stderr.push_str(error);
            return_code = Some(1);
        }
        (Some(failure), _) => message.clone_from(failure),
        (None, Some(error)) => message.clone_from(error),
        (None, None) => {}
    }
    let failed = left.failure.is_some() || record.error.is_some();
    ActionOutcome {
        id,
        unit: unit.to_owned(),
        status: if failed {
            ActionStatus::Failed
        } else {
            ActionStatus::Completed
        },
        message,
        results: left.results,
        log: left.log,
        stdout: record.stdout.clone(),
        stderr,
        return_code,
    }
}
