//! Which code a command calls.

use super::change;
use super::command::Command;
use super::juju2;
use super::printed::{Printed, read};
use crate::error::Error;
use crate::model::Model;

/// What a command that only looks prints; `None` if it may change the model.
pub(super) fn shown(model: &Model, command: &Command) -> Option<Result<Printed, Error>> {
    Some(match command {
        Command::Status(arguments) => Ok(arguments.run(model)),
        Command::ShowUnit(arguments) => arguments.run(model),
        Command::ShowApplication(arguments) => arguments.run(model),
        Command::ShowStatusLog(arguments) => arguments.run(model),
        Command::Resources(arguments) => arguments.run(model),
        Command::Storage(arguments) => Ok(arguments.run(model)),
        Command::ShowStorage(arguments) => arguments.run(model),
        Command::Secrets(arguments) => arguments.run(model),
        Command::ShowSecret(arguments) => arguments.run(model),
        Command::Actions(arguments) => arguments.run(model),
        Command::Operations(arguments) => Ok(arguments.run(model)),
        Command::ShowOperation(arguments) => arguments.run(model),
        Command::ShowTask(arguments) => arguments.run(model),
        Command::ShowActionOutput(arguments) => arguments.run(model),
        Command::ShowActionStatus(arguments) => arguments.run(model),
        Command::ModelConstraints(arguments) => Ok(arguments.run(model)),
        Command::Ssh(arguments) => arguments.run(model),
        Command::Scp(arguments) => arguments.run(model),
        Command::Config(arguments) if !arguments.changes() => arguments.show(model),
        Command::ModelConfig(arguments) if !arguments.changes() => arguments.show(model),
        _ => return None,
    })
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
