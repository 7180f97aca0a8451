//! The hook tools: a table, and a file for each family.

mod action;
mod call;
mod config;
mod goal;
mod leader;
mod log;
mod network;
mod options;
mod output;
mod ports;
mod relation;
mod resource;
mod secret;
mod settings;
mod state;
mod status;
mod storage;

use crate::agent::context::Context;
use crate::go::to_bytes;
use crate::version::Version;
use call::Failure;
pub(crate) use call::{Call, End};

/// A hook tool.
pub(crate) struct Tool {
    /// Its name.
    pub(crate) name: &'static str,
    /// What its arguments look like, for `--help`.
    usage: &'static str,
    /// What it is for, for `--help`.
    purpose: &'static str,
    /// Whether a Juju of this version has it.
    exists: fn(&Version) -> bool,
    work: fn(&mut Context<'_>, &mut Call) -> Result<(), Failure>,
}

impl Tool {
    /// Runs the tool (`cmd.Main` of juju/cmd).
    pub(crate) fn call(&self, context: &mut Context<'_>, call: &mut Call) -> End {
        let (code, text) = match (self.work)(context, call) {
            Ok(()) => return End::Exit(0),
            Err(Failure::NeedsStdin) => return End::NeedsStdin,
            Err(Failure::Help) => {
                let Self {
                    name,
                    usage,
                    purpose,
                    ..
                } = self;
                let usage = if usage.is_empty() {
                    String::new()
                } else {
                    format!(" {usage}")
                };
                call.stdout.extend(
                    format!("Usage: {name} [options]{usage}\n\nSummary:\n{purpose}\n").bytes(),
                );
                return End::Exit(0);
            }
            Err(Failure::Usage(text)) => (2, text),
            Err(Failure::Work(text)) => (1, text),
        };
        call.stderr.extend(to_bytes(&format!("ERROR {text}\n")));
        End::Exit(code)
    }
}

/// The tools of a Juju version.
pub(crate) fn available(juju: &Version) -> impl Iterator<Item = &'static Tool> {
    TOOLS.iter().filter(|tool| (tool.exists)(juju))
}

/// Whether any Juju has a hook tool of this name. When the `juju-sandbox` binary is called by such
/// a name, it acts as that tool.
#[must_use]
pub fn is_hook_tool(name: &str) -> bool {
    TOOLS.iter().any(|tool| tool.name == name)
}

fn always(_: &Version) -> bool {
    true
}

/// All tools of the sandbox (`baseCommands` and its neighbours in `jujuc/server.go`).
static TOOLS: &[Tool] = &[
    Tool {
        name: "action-fail",
        usage: "[\"<failure message>\"]",
        purpose: "Set action fail status with message.",
        exists: always,
        work: action::fail,
    },
    Tool {
        name: "action-get",
        usage: "[<key>[.<key>.<key>...]]",
        purpose: "Get action parameters.",
        exists: always,
        work: action::get,
    },
    Tool {
        name: "action-log",
        usage: "<message>",
        purpose: "Record a progress message for the current action.",
        exists: always,
        work: action::log,
    },
    Tool {
        name: "action-set",
        usage: "<key>=<value> [<key>=<value> ...]",
        purpose: "Set action results.",
        exists: always,
        work: action::set,
    },
    Tool {
        name: "application-version-set",
        usage: "<new-version>",
        purpose: "Specify which version of the application is deployed.",
        exists: always,
        work: status::application_version_set,
    },
    Tool {
        name: "close-port",
        usage: ports::USAGE,
        purpose: "Register a request to close a port or port range.",
        exists: always,
        work: ports::close,
    },
    Tool {
        name: "config-get",
        usage: "[<key>]",
        purpose: "Print application configuration.",
        exists: always,
        work: config::get,
    },
    Tool {
        name: "goal-state",
        usage: "",
        purpose: "Print the status of the charm's peers and related units.",
        exists: always,
        work: goal::state,
    },
    Tool {
        name: "is-leader",
        usage: "",
        purpose: "Print application leadership status.",
        exists: always,
        work: leader::is_leader,
    },
    Tool {
        name: "juju-log",
        usage: "<message>",
        purpose: "Write a message to the juju log.",
        exists: always,
        work: log::juju_log,
    },
    Tool {
        name: "leader-get",
        usage: "[<key>]",
        purpose: "Print application leadership settings.",
        exists: Version::has_leader_settings,
        work: leader::get,
    },
    Tool {
        name: "leader-set",
        usage: "<key>=<value> [...]",
        purpose: "Write application leadership settings.",
        exists: Version::has_leader_settings,
        work: leader::set,
    },
    Tool {
        name: "network-get",
        usage: "<binding-name> [--ingress-address] [--bind-address] [--egress-subnets]",
        purpose: "Get network config.",
        exists: always,
        work: network::get,
    },
    Tool {
        name: "open-port",
        usage: ports::USAGE,
        purpose: "Register a request to open a port or port range.",
        exists: always,
        work: ports::open,
    },
    Tool {
        name: "opened-ports",
        usage: "",
        purpose: "List all ports or port ranges opened by the unit.",
        exists: always,
        work: ports::opened,
    },
    Tool {
        name: "relation-get",
        usage: "<key> <unit id>",
        purpose: "Get relation settings.",
        exists: always,
        work: relation::get,
    },
    Tool {
        name: "relation-ids",
        usage: "<name>",
        purpose: "List all relation IDs for the given endpoint.",
        exists: always,
        work: relation::ids,
    },
    Tool {
        name: "relation-list",
        usage: "",
        purpose: "List relation units.",
        exists: always,
        work: relation::list,
    },
    Tool {
        name: "relation-model-get",
        usage: "",
        purpose: "Get details about the model hosting a related application.",
        exists: Version::has_relation_model_get,
        work: relation::model_get,
    },
    Tool {
        name: "relation-set",
        usage: "<key>=<value> [<key>=<value> ...]",
        purpose: "Set relation settings.",
        exists: always,
        work: relation::set,
    },
    Tool {
        name: "resource-get",
        usage: "<resource name>",
        purpose: "Get the path to the locally cached resource file.",
        exists: always,
        work: resource::get,
    },
    Tool {
        name: "secret-add",
        usage: "[key[#base64|#file]=value...]",
        purpose: "Add a new secret.",
        exists: Version::has_secrets,
        work: secret::add,
    },
    Tool {
        name: "secret-get",
        usage: "<ID> [key[#base64]]",
        purpose: "Get the content of a secret.",
        exists: Version::has_secrets,
        work: secret::get,
    },
    Tool {
        name: "secret-grant",
        usage: "<ID>",
        purpose: "Grant access to a secret.",
        exists: Version::has_secrets,
        work: secret::grant,
    },
    Tool {
        name: "secret-ids",
        usage: "",
        purpose: "Print secret IDs.",
        exists: Version::has_secrets,
        work: secret::ids,
    },
    Tool {
        name: "secret-info-get",
        usage: "<ID>",
        purpose: "Get a secret's metadata info.",
        exists: Version::has_secrets,
        work: secret::info_get,
    },
    Tool {
        name: "secret-remove",
        usage: "<ID>",
        purpose: "Remove a existing secret.",
        exists: Version::has_secrets,
        work: secret::remove,
    },
    Tool {
        name: "secret-revoke",
        usage: "<ID>",
        purpose: "Revoke access to a secret.",
        exists: Version::has_secrets,
        work: secret::revoke,
    },
    Tool {
        name: "secret-set",
        usage: "<ID> [key[#base64]=value...]",
        purpose: "Update an existing secret.",
        exists: Version::has_secrets,
        work: secret::set,
    },
    Tool {
        name: "state-delete",
        usage: "<key>",
        purpose: "Delete server-side-state key value pairs.",
        exists: always,
        work: state::delete,
    },
    Tool {
        name: "state-get",
        usage: "[<key>]",
        purpose: "Print server-side-state value.",
        exists: always,
        work: state::get,
    },
    Tool {
        name: "state-set",
        usage: "<key>=<value> [<key>=<value> ...]",
        purpose: "Set server-side-state values.",
        exists: always,
        work: state::set,
    },
    Tool {
        name: "status-get",
        usage: "[--include-data] [--application]",
        purpose: "Print status information.",
        exists: always,
        work: status::get,
    },
    Tool {
        name: "status-set",
        usage: "<maintenance | blocked | waiting | active> [message]",
        purpose: "Set status information.",
        exists: always,
        work: status::set,
    },
    Tool {
        name: "storage-add",
        usage: "<charm storage name>[=count] ...",
        purpose: "Add storage instances.",
        exists: always,
        work: storage::add,
    },
    Tool {
        name: "storage-get",
        usage: "[<key>]",
        purpose: "Print information for the storage instance with the specified ID.",
        exists: always,
        work: storage::get,
    },
    Tool {
        name: "storage-list",
        usage: "[<storage-name>]",
        purpose: "List storage attached to the unit.",
        exists: always,
        work: storage::list,
    },
];
