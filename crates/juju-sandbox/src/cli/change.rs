//! The commands that change a model. Source of texts: `cmd/juju/application`.

use super::inert::HEADING;
use super::printed::key_value;
use crate::error::Error;
use crate::model::Model;
use crate::refusals;
use clap::Args;

/// The units in error, each with its message.
pub(super) fn failed_units(model: &Model) -> Vec<(String, String)> {
    model
        .applications()
        .flat_map(|application| application.units())
        .filter(|unit| unit.failed_hook().is_some())
        .map(|unit| (unit.name(), unit.workload().1.to_owned()))
        .collect()
}

pub(super) fn update_status(model: &mut Model, units: &[String]) -> Result<(), Error> {
    let all = model
        .applications()
        .flat_map(|application| application.units());
    let all: Vec<String> = all.map(|unit| unit.name()).collect();
    let units = if units.is_empty() { &all } else { units };
    units.iter().try_for_each(|unit| model.update_status(unit))
}

pub(super) fn write_databag(
    model: &mut Model,
    relation: u32,
    owner: &str,
    pairs: &[String],
) -> Result<(), Error> {
    let pairs = pairs
        .iter()
        .map(|pair| key_value(pair))
        .collect::<Result<Vec<_>, _>>()?;
    if owner.contains('/') {
        model.write_unit_databag(relation, owner, &pairs)
    } else {
        model.write_app_databag(relation, owner, &pairs)
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox trust web
  juju-sandbox trust web --remove")]
pub(super) struct Trust {
    /// The application.
    pub(super) application: String,
    /// Trust it no longer.
    #[arg(long)]
    pub(super) remove: bool,
    /// Accepted because Juju has it: nothing is granted.
    #[arg(long, value_parser = ["cluster"])]
    scope: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox expose web")]
pub(super) struct Expose {
    /// The application.
    pub(super) application: String,
    #[command(flatten)]
    _inert: ExposeInert,
}

#[derive(Debug, Args)]
struct ExposeInert {
    #[arg(long, help_heading = HEADING)]
    endpoints: Option<String>,
    #[arg(long, help_heading = HEADING)]
    to_cidrs: Option<String>,
    #[arg(long, help_heading = HEADING)]
    to_spaces: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox unexpose web")]
pub(super) struct Unexpose {
    /// The application.
    pub(super) application: String,
    #[command(flatten)]
    _inert: UnexposeInert,
}

#[derive(Debug, Args)]
struct UnexposeInert {
    #[arg(long, help_heading = HEADING)]
    endpoints: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox integrate web db
  juju-sandbox integrate web:db postgresql:database")]
pub(super) struct Integrate {
    /// One application, or application:endpoint.
    one: String,
    /// The other application, or application:endpoint.
    other: String,
    #[command(flatten)]
    _inert: IntegrateInert,
}

#[derive(Debug, Args)]
struct IntegrateInert {
    #[arg(long, help_heading = HEADING)]
    via: Option<String>,
}

impl Integrate {
    pub(super) fn apply(&self, model: &mut Model) -> Result<(), Error> {
        for side in [&self.one, &self.other] {
            if side.contains('.') {
                return Err(Error::Refused(refusals::no_cross_model(side)));
            }
        }
        model.integrate(&self.one, &self.other).map(drop)
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox remove-relation web db
  juju-sandbox remove-relation web:db postgresql:database
  juju-sandbox remove-relation 3")]
pub(super) struct RemoveRelation {
    /// An application, an application:endpoint, or a relation's id.
    one: String,
    /// The other application, unless an id was given.
    other: Option<String>,
    /// Remove it even if units that are in error cannot leave it.
    #[arg(long)]
    force: bool,
    /// Accepted because Juju has it: nothing is waited for.
    #[arg(long, hide = true)]
    no_wait: bool,
}

impl RemoveRelation {
    pub(super) fn apply(&self, model: &mut Model) -> Result<(), Error> {
        if let Some(other) = &self.other {
            model.remove_relation(&self.one, other)?;
        } else {
            let id = self.one.parse();
            let id = id.map_err(|_| Error::Refused(refusals::two_applications()))?;
            model.remove_relation_id(id)?;
        }
        if self.force {
            model.settle()?;
            model.abandon_relations();
        }
        Ok(())
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox add-unit web
  juju-sandbox add-unit web -n 2")]
pub(super) struct AddUnit {
    /// The application.
    application: String,
    /// The number of units.
    #[arg(short, long, default_value_t = 1)]
    num_units: u32,
    /// Storage that no unit has, for the new unit; can be repeated.
    #[arg(long, value_name = "STORAGE", value_delimiter = ',')]
    attach_storage: Vec<String>,
    #[command(flatten)]
    _inert: AddUnitInert,
}

impl AddUnit {
    pub(super) fn apply(&self, model: &mut Model) -> Result<(), Error> {
        if self.attach_storage.is_empty() {
            return model.add_units(&self.application, self.num_units);
        }
        if self.num_units != 1 {
            return Err(Error::Refused(refusals::attach_storage_of_several()));
        }
        model.add_unit_with_storage(&self.application, &self.attach_storage)
    }
}

#[derive(Debug, Args)]
struct AddUnitInert {
    #[arg(long, help_heading = HEADING)]
    to: Option<String>,
}

/// What Juju asks and waits for when something is removed.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "options of Juju's")]
struct Removal {
    /// Accepted because Juju has it: nothing is asked.
    #[arg(long, hide = true)]
    no_prompt: bool,
    /// Remove units even if they are in error.
    #[arg(long)]
    force: bool,
    /// Remove the units' storage, too; otherwise storage of other pools than loop, rootfs and tmpfs
    /// stays in the model.
    #[arg(long)]
    destroy_storage: bool,
    /// Accepted because Juju has it: nothing is waited for.
    #[arg(long, hide = true)]
    no_wait: bool,
}

impl Removal {
    /// Decides on the storage of units and applications that are to be removed.
    fn take_storage(&self, model: &mut Model, name: &str) {
        if self.destroy_storage {
            model.destroy_storage_of(name);
        }
    }

    /// Runs the last hooks, and removes the units for which they fail.
    fn enforce(&self, model: &mut Model) -> Result<(), Error> {
        if self.force {
            model.settle()?;
            model.abandon_units()?;
        }
        Ok(())
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox remove-unit web/1 web/2
  juju-sandbox remove-unit web --num-units 2")]
pub(super) struct RemoveUnit {
    /// The units, or one application.
    #[arg(required = true, value_name = "UNIT|APPLICATION")]
    units: Vec<String>,
    /// How many of the application's units; the newest go first.
    #[arg(long)]
    num_units: Option<u32>,
    #[command(flatten)]
    removal: Removal,
}

impl RemoveUnit {
    pub(super) fn apply(&self, model: &mut Model) -> Result<(), Error> {
        for name in &self.units {
            if name.contains('/') {
                model.remove_unit(name)?;
                self.removal.take_storage(model, name);
                continue;
            }
            let application = model.application(name)?;
            let count = self
                .num_units
                .filter(|count| *count > 0)
                .ok_or_else(|| Error::Refused(refusals::number_of_units()))?;
            let mut units: Vec<String> = application
                .units()
                .filter(|unit| !unit.is_dying())
                .map(|unit| unit.name())
                .collect();
            units.reverse();
            for unit in units.iter().take(count.try_into().unwrap_or(usize::MAX)) {
                model.remove_unit(unit)?;
                self.removal.take_storage(model, unit);
            }
        }
        self.removal.enforce(model)
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox remove-application web db
  juju-sandbox remove-application web --force")]
pub(super) struct RemoveApplication {
    /// The applications.
    #[arg(required = true)]
    applications: Vec<String>,
    #[command(flatten)]
    removal: Removal,
}

impl RemoveApplication {
    pub(super) fn apply(&self, model: &mut Model) -> Result<(), Error> {
        for application in &self.applications {
            model.remove_application(application)?;
            self.removal.take_storage(model, application);
        }
        self.removal.enforce(model)
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox resolved web/0
  juju-sandbox resolved --all --no-retry")]
pub(super) struct Resolved {
    /// The units.
    units: Vec<String>,
    /// All units in error.
    #[arg(long, conflicts_with = "units")]
    all: bool,
    /// Treat the failed hook as done instead of running it again.
    #[arg(long)]
    no_retry: bool,
}

impl Resolved {
    pub(super) fn apply(&self, model: &mut Model) -> Result<(), Error> {
        let failed = failed_units(model)
            .into_iter()
            .map(|(unit, _)| unit)
            .collect();
        let units: Vec<String> = if self.all { failed } else { self.units.clone() };
        units
            .iter()
            .try_for_each(|unit| model.resolved(unit, !self.no_retry))
    }
}
