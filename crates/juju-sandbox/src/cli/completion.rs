//! `completion`: for shells.

use super::printed::Printed;
use clap::Args;
use clap_complete::Shell;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox completion bash > ~/.local/share/bash-completion/completions/juju-sandbox
  juju-sandbox completion zsh > ~/.zfunc/_juju-sandbox
  juju-sandbox completion fish > ~/.config/fish/completions/juju-sandbox.fish")]
pub(super) struct Completion {
    /// The shell.
    #[arg(value_parser = ["bash", "zsh", "fish"])]
    shell: String,
}

impl Completion {
    pub(super) fn run(&self, command: &mut clap::Command) -> Printed {
        let shell = match self.shell.as_str() {
            "bash" => Shell::Bash,
            "zsh" => Shell::Zsh,
            _ => Shell::Fish,
        };
        let mut script = Vec::new();
        clap_complete::generate(shell, command, "juju-sandbox", &mut script);
        Printed::out(String::from_utf8_lossy(&script).into_owned())
    }
}
