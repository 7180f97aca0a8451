//! Commands of Juju's that have nothing to act on here.

use super::command::Cli;
use super::printed::Printed;
use super::suggest;
use crate::refusals;
use clap::CommandFactory;

const CROSS_MODEL: &str = "models do not offer anything to each other";
const ONE_CONTROLLER: &str = "there is one controller with one cloud, which cannot be changed";
const NO_CHARMHUB: &str = "it does not reach Charmhub: deploy a charm from here";
const NO_POOLS: &str = "storage is a folder here, whatever its pool is called";
const NO_NETWORK: &str = "there are no firewalls and spaces";

/// Commands, and why they are not here; no reason means that they are about machines.
const KNOWN: [(&str, &str); 43] = [
    ("add-machine", ""),
    ("add-ssh-key", ""),
    ("import-ssh-key", ""),
    ("list-machines", ""),
    ("machines", ""),
    ("remove-machine", ""),
    ("remove-ssh-key", ""),
    ("show-machine", ""),
    ("ssh-keys", ""),
    ("consume", CROSS_MODEL),
    ("find-offers", CROSS_MODEL),
    ("offer", CROSS_MODEL),
    ("offers", CROSS_MODEL),
    ("remove-offer", CROSS_MODEL),
    ("remove-saas", CROSS_MODEL),
    ("show-offer", CROSS_MODEL),
    ("add-cloud", ONE_CONTROLLER),
    ("add-credential", ONE_CONTROLLER),
    ("add-k8s", ONE_CONTROLLER),
    ("add-user", ONE_CONTROLLER),
    ("bootstrap", ONE_CONTROLLER),
    ("clouds", ONE_CONTROLLER),
    ("controller-config", ONE_CONTROLLER),
    ("controllers", ONE_CONTROLLER),
    ("credentials", ONE_CONTROLLER),
    ("destroy-controller", ONE_CONTROLLER),
    ("kill-controller", ONE_CONTROLLER),
    ("login", ONE_CONTROLLER),
    ("migrate", ONE_CONTROLLER),
    ("remove-cloud", ONE_CONTROLLER),
    ("show-controller", ONE_CONTROLLER),
    ("update-cloud", ONE_CONTROLLER),
    (
        "wait-for",
        "nothing is left to wait for when a command has ended: see status",
    ),
    (
        "upgrade-model",
        "a model imitates one version of Juju: see add-model --juju-version",
    ),
    ("download", NO_CHARMHUB),
    ("find", NO_CHARMHUB),
    ("info", NO_CHARMHUB),
    ("create-storage-pool", NO_POOLS),
    ("import-filesystem", NO_POOLS),
    ("remove-storage-pool", NO_POOLS),
    ("storage-pools", NO_POOLS),
    ("update-storage-pool", NO_POOLS),
    ("bind", NO_NETWORK),
];

/// The refusal of a command that Juju has not had since 3.0.
pub(super) fn gone(name: &str) -> Printed {
    let today = match name {
        "run-action" => "run",
        "show-action-output" => "show-task",
        _ => "operations",
    };
    let unknown = refusals::unknown_command_line(name);
    let reason = format!("{unknown}\n\nSince Juju 3, there is {today} for this.");
    Printed::error(&reason, 2)
}

/// The refusal of a command that is not here.
pub(super) fn refused(words: &[String]) -> Printed {
    let name = words.first().map_or("", String::as_str);
    match KNOWN.iter().find(|(known, _)| *known == name) {
        Some((_, "")) => Printed::error(&refusals::not_on_containers(name), 1),
        Some((_, reason)) => Printed::error(&refusals::not_here(name, reason), 1),
        None => Printed::error(&suggest::unknown_command(&Cli::command(), name), 2),
    }
}
