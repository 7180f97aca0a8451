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
mod spec;
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
            Err(Failure::Help(options)) => {
                call.stdout.extend(self.help(&options).bytes());
                return End::Exit(0);
            }
            Err(Failure::Usage(text)) => (2, text),
            Err(Failure::Work(text)) => (1, text),
        };
        call.stderr.extend(to_bytes(&format!("ERROR {text}\n")));
        End::Exit(code)
    }

    /// What `--help` prints: the layout is that of juju/cmd (`Info.Help`), the words are our own.
    fn help(&self, options: &str) -> String {
        let words: Vec<&str> = [self.name, "[options]", self.usage]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect();
        let mut text = format!("Usage: {}\n\nSummary:\n{}\n", words.join(" "), self.purpose);
        if !options.is_empty() {
            text.extend(["\nOptions:\n", options]);
        }
        text
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
        purpose: "Say that the action has failed, and why.",
        exists: always,
        work: action::fail,
    },
    Tool {
        name: "action-get",
        usage: "[<key>[.<key>.<key>...]]",
        purpose: "Print the action's parameters.",
        exists: always,
        work: action::get,
    },
    Tool {
        name: "action-log",
        usage: "<message>",
        purpose: "Tell whoever waits for the action how far it is.",
        exists: always,
        work: action::log,
    },
    Tool {
        name: "action-set",
        usage: "<key>=<value> [<key>=<value> ...]",
        purpose: "Set results of the action.",
        exists: always,
        work: action::set,
    },
    Tool {
        name: "application-version-set",
        usage: "<new-version>",
        purpose: "Say which version of the application runs.",
        exists: always,
        work: status::application_version_set,
    },
    Tool {
        name: "close-port",
        usage: ports::USAGE,
        purpose: "Close ports when the hook is done.",
        exists: always,
        work: ports::close,
    },
    Tool {
        name: "config-get",
        usage: "[<key>]",
        purpose: "Print the application's configuration.",
        exists: always,
        work: config::get,
    },
    Tool {
        name: "goal-state",
        usage: "",
        purpose: "Print which units and relations there are meant to be.",
        exists: always,
        work: goal::state,
    },
    Tool {
        name: "is-leader",
        usage: "",
        purpose: "Print whether the unit is the application's leader.",
        exists: always,
        work: leader::is_leader,
    },
    Tool {
        name: "juju-log",
        usage: "<message>",
        purpose: "Write a message to the log.",
        exists: always,
        work: log::juju_log,
    },
    Tool {
        name: "leader-get",
        usage: "[<key>]",
        purpose: "Print what the leader has set for its application's units.",
        exists: Version::has_leader_settings,
        work: leader::get,
    },
    Tool {
        name: "leader-set",
        usage: "<key>=<value> [...]",
        purpose: "Set values that all of the application's units can read.",
        exists: Version::has_leader_settings,
        work: leader::set,
    },
    Tool {
        name: "network-get",
        usage: "<binding-name> [--ingress-address] [--bind-address] [--egress-subnets]",
        purpose: "Print the unit's addresses for an endpoint.",
        exists: always,
        work: network::get,
    },
    Tool {
        name: "open-port",
        usage: ports::USAGE,
        purpose: "Open ports when the hook is done.",
        exists: always,
        work: ports::open,
    },
    Tool {
        name: "opened-ports",
        usage: "",
        purpose: "Print the ports that the unit has opened.",
        exists: always,
        work: ports::opened,
    },
    Tool {
        name: "relation-get",
        usage: "<key> <unit id>",
        purpose: "Print the databag of a unit or an application.",
        exists: always,
        work: relation::get,
    },
    Tool {
        name: "relation-ids",
        usage: "<name>",
        purpose: "Print the ids of an endpoint's relations.",
        exists: always,
        work: relation::ids,
    },
    Tool {
        name: "relation-list",
        usage: "",
        purpose: "Print the units on the other side of a relation.",
        exists: always,
        work: relation::list,
    },
    Tool {
        name: "relation-model-get",
        usage: "",
        purpose: "Print which model the other side of a relation is in.",
        exists: Version::has_relation_model_get,
        work: relation::model_get,
    },
    Tool {
        name: "relation-set",
        usage: "<key>=<value> [<key>=<value> ...]",
        purpose: "Write to the databag of the unit or the application.",
        exists: always,
        work: relation::set,
    },
    Tool {
        name: "resource-get",
        usage: "<resource name>",
        purpose: "Print the path of a resource's file.",
        exists: always,
        work: resource::get,
    },
    Tool {
        name: "secret-add",
        usage: "[key[#base64|#file]=value...]",
        purpose: "Add a secret.",
        exists: Version::has_secrets,
        work: secret::add,
    },
    Tool {
        name: "secret-get",
        usage: "<ID> [key[#base64]]",
        purpose: "Print the content of a secret.",
        exists: Version::has_secrets,
        work: secret::get,
    },
    Tool {
        name: "secret-grant",
        usage: "<ID>",
        purpose: "Let the other side of a relation read a secret.",
        exists: Version::has_secrets,
        work: secret::grant,
    },
    Tool {
        name: "secret-ids",
        usage: "",
        purpose: "Print the ids of the secrets that the unit owns.",
        exists: Version::has_secrets,
        work: secret::ids,
    },
    Tool {
        name: "secret-info-get",
        usage: "<ID>",
        purpose: "Print what is known of a secret, but not its content.",
        exists: Version::has_secrets,
        work: secret::info_get,
    },
    Tool {
        name: "secret-remove",
        usage: "<ID>",
        purpose: "Remove a secret, or one of its revisions.",
        exists: Version::has_secrets,
        work: secret::remove,
    },
    Tool {
        name: "secret-revoke",
        usage: "<ID>",
        purpose: "Let others no longer read a secret.",
        exists: Version::has_secrets,
        work: secret::revoke,
    },
    Tool {
        name: "secret-set",
        usage: "<ID> [key[#base64]=value...]",
        purpose: "Change a secret.",
        exists: Version::has_secrets,
        work: secret::set,
    },
    Tool {
        name: "state-delete",
        usage: "<key>",
        purpose: "Remove a key from the state that Juju keeps for the unit.",
        exists: always,
        work: state::delete,
    },
    Tool {
        name: "state-get",
        usage: "[<key>]",
        purpose: "Print the state that Juju keeps for the unit.",
        exists: always,
        work: state::get,
    },
    Tool {
        name: "state-set",
        usage: "<key>=<value> [<key>=<value> ...]",
        purpose: "Set keys of the state that Juju keeps for the unit.",
        exists: always,
        work: state::set,
    },
    Tool {
        name: "status-get",
        usage: "[--include-data] [--application]",
        purpose: "Print the status of the unit or the application.",
        exists: always,
        work: status::get,
    },
    Tool {
        name: "status-set",
        usage: "<maintenance | blocked | waiting | active> [message]",
        purpose: "Set the status of the unit or the application.",
        exists: always,
        work: status::set,
    },
    Tool {
        name: "storage-add",
        usage: "<charm storage name>[=count] ...",
        purpose: "Add storage to the unit.",
        exists: always,
        work: storage::add,
    },
    Tool {
        name: "storage-get",
        usage: "[<key>]",
        purpose: "Print the location and the kind of a storage.",
        exists: always,
        work: storage::get,
    },
    Tool {
        name: "storage-list",
        usage: "[<storage-name>]",
        purpose: "Print the storage that is attached to the unit.",
        exists: always,
        work: storage::list,
    },
];
