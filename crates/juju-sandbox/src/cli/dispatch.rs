//! Which code a command calls.

use super::change;
use super::command::Command;
use super::juju2;
use super::printed::{Printed, read};
use super::unsupported;
use crate::error::Error;
use crate::model::Model;
use std::path::Path;

/// What a command that only looks prints; `None` if it may change the model, which is not read then.
pub(super) fn shown(folder: &Path, command: &Command) -> Option<Result<Printed, Error>> {
    let show: &dyn Fn(&Model) -> Result<Printed, Error> = match command {
        Command::DebugLog(arguments) => return Some(arguments.run(folder)),
        Command::Status(arguments) if arguments.is_watching() => {
            return Some(arguments.keep_running(|| Model::look(folder)));
        }
        Command::Status(arguments) => &|model| Ok(arguments.run(model)),
        Command::ShowUnit(arguments) => &|model| arguments.run(model),
        Command::ShowApplication(arguments) => &|model| arguments.run(model),
        Command::ShowStatusLog(arguments) => &|model| arguments.run(model),
        Command::Resources(arguments) => &|model| arguments.run(model),
        Command::Storage(arguments) => &|model| Ok(arguments.run(model)),
        Command::ShowStorage(arguments) => &|model| arguments.run(model),
        Command::Secrets(arguments) => &|model| arguments.run(model),
        Command::ShowSecret(arguments) => &|model| arguments.run(model),
        Command::Actions(arguments) => &|model| arguments.run(model),
        Command::Operations(arguments) => &|model| Ok(arguments.run(model)),
        Command::ShowOperation(arguments) => &|model| arguments.run(model),
        Command::ShowTask(arguments) => &|model| arguments.run(model),
        Command::ShowActionOutput(arguments) => &|model| arguments.run(model),
        Command::ShowActionStatus(arguments) => &|model| arguments.run(model),
        Command::ModelConstraints(arguments) => &|model| Ok(arguments.run(model)),
        Command::Ssh(arguments) => &|model| arguments.run(model),
        Command::Scp(arguments) => &|model| arguments.run(model),
        Command::Config(arguments) if !arguments.changes() => &|model| arguments.show(model),
        Command::ModelConfig(arguments) if !arguments.changes() => &|model| arguments.show(model),
        _ => return None,
    };
    let looked = Model::look(folder);
    Some(looked.and_then(|model| gone(&model, command).map_or_else(|| show(&model), Ok)))
}

/// The refusal of a command that the Juju which a model imitates no longer has.
pub(super) fn gone(model: &Model, command: &Command) -> Option<Printed> {
    let old = command.of_juju_2()?;
    (!model.settings().version().is_2()).then(|| unsupported::gone(old))
}

/// Does what a command asks for; the hooks run afterwards. If it is quiet, it says nothing meanwhile.
pub(super) fn act(model: &mut Model, command: &Command, quiet: bool) -> Result<Printed, Error> {
    match command {
        Command::Deploy(arguments) => return arguments.run(model),
        Command::Run(arguments) => {
            let old = arguments.old();
            return match old.filter(|_| model.settings().version().is_2()) {
                Some(command) => juju2::run(command, model),
                None => arguments.run(model, quiet),
            };
        }
        Command::RunAction(arguments) => return arguments.run(model),
        Command::Refresh(arguments) => return arguments.run(model),
        Command::Exec(arguments) => return arguments.run(model),
        Command::AddSecret(arguments) => return arguments.run(model),
        Command::ModelConfig(arguments) => return arguments.apply(model),
        Command::SetModelConstraints(arguments) => return arguments.apply(model),
        Command::AddStorage(arguments) => return arguments.apply(model),
        Command::AttachStorage(arguments) => return arguments.apply(model),
        Command::DetachStorage(arguments) => return arguments.apply(model),
        Command::RemoveStorage(arguments) => return arguments.apply(model),
        Command::Config(arguments) => arguments.apply(model)?,
        Command::Trust(arguments) => model.trust(&arguments.application, !arguments.remove)?,
        Command::Expose(arguments) => model.expose(&arguments.application, true)?,
        Command::Unexpose(arguments) => model.expose(&arguments.application, false)?,
        Command::UpdateSecret(arguments) => arguments.apply(model)?,
        Command::GrantSecret(arguments) => arguments.grant(model)?,
        Command::RevokeSecret(arguments) => arguments.revoke(model)?,
        Command::RemoveSecret(arguments) => arguments.apply(model)?,
        Command::Integrate(arguments) => arguments.apply(model)?,
        Command::RemoveRelation(arguments) => arguments.apply(model)?,
        Command::AddUnit(arguments) => arguments.apply(model)?,
        Command::RemoveUnit(arguments) => arguments.apply(model)?,
        Command::RemoveApplication(arguments) => arguments.apply(model)?,
        Command::Resolved(arguments) => arguments.apply(model)?,
        Command::StandIn {
            metadata,
            application,
        } => model.deploy_stand_in(application, &read(metadata)?)?,
        Command::UpdateStatus { units } => change::update_status(model, units)?,
        Command::Advance(arguments) => arguments.apply(model)?,
        Command::AttachResource(arguments) => arguments.apply(model)?,
        Command::SetLeader { unit } => model.set_leader(unit)?,
        Command::WriteDatabag {
            relation,
            owner,
            pairs,
        } => change::write_databag(model, *relation, owner, pairs)?,
        // The others only look, and have been handled.
        _ => {}
    }
    Ok(Printed::default())
}
