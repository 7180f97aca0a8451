//! What a person can run: checks that need no Juju.

use std::fs;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde_yaml::{Mapping, Value};

use crate::config::{Configuration, OPTIONS, OptionType, Options, Secrets};
use crate::external_provider::databag::{self, Carried};
use crate::finding::{Finding, Fix};
use crate::mapper;

/// The application's name in advice, where the file does not say it.
const NO_NAME: &str = "<application>";

/// Juju starts this program for every hook and action of the charm. Started by
/// hand, it checks a configuration without Juju.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Command {
    /// Say what is wrong with a configuration, and how to mend it.
    ///
    /// Exits with 0 if the charm would publish it, with 1 if not.
    Validate(Source),
    /// Print what the charm would publish: the value of the databag key
    /// `providers`.
    Render {
        #[command(flatten)]
        source: Source,
        /// Print the secrets too.
        #[arg(long)]
        reveal: bool,
    },
}

/// All that the program is started for, beside Juju's hooks and actions.
#[derive(Subcommand)]
enum Task {
    #[command(flatten)]
    Check(Command),
    /// Answer what [`mapper::evaluate`] asks. The program starts itself for it.
    #[command(name = mapper::ARGUMENT, hide = true)]
    EvaluateMapper,
}

#[derive(clap::Args)]
struct Source {
    /// The file that `juju deploy --config` and `juju config --file` take, or a
    /// file with the options alone; - for standard input.
    file: PathBuf,
    /// Which application, if the file configures several.
    #[arg(long)]
    app: Option<String>,
}

/// Why a file cannot be used. Holds no value that is in it.
#[derive(Debug, thiserror::Error)]
enum FileError {
    #[error("{file} cannot be read")]
    Read { file: String, source: io::Error },
    #[error("{file} is no YAML, see line {line}")]
    Yaml { file: String, line: usize },
    #[error("{file} holds no options: it should be a map")]
    NoMap { file: String },
    #[error("{file} does not configure {app}")]
    NoSuchApp { file: String, app: String },
    #[error("{file} configures several applications: choose one with --app")]
    SeveralApps { file: String },
    #[error("nothing more can be printed")]
    Print(#[from] io::Error),
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let command = match Arguments::parse().task {
        Task::Check(command) => command,
        Task::EvaluateMapper => return mapper::serve(),
    };
    match execute(&command, &mut io::stdout().lock()) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", crate::chain(&error));
            ExitCode::FAILURE
        }
    }
}

fn execute(command: &Command, out: &mut impl Write) -> Result<ExitCode, FileError> {
    let (Command::Validate(source) | Command::Render { source, .. }) = command;
    let (app, configuration) = configuration(source)?;
    let (valid, enabled) = (configuration.providers.is_some(), configuration.enabled);
    match (command, &configuration.providers) {
        (Command::Render { reveal, .. }, Some(providers)) if enabled => {
            let carried = if *reveal {
                Carried::Plain
            } else {
                Carried::Masked(configuration.secret_backend)
            };
            let offer = databag::offer(providers.iter().map(|provider| (provider, carried)));
            writeln!(out, "{}", offer.expose())?;
        }
        (Command::Render { .. }, Some(_)) => {
            writeln!(
                io::stderr(),
                "nothing is published: the provider is disabled"
            )?;
        }
        (Command::Render { .. }, None) => {
            print_findings(&app, &configuration, &mut io::stderr())?;
        }
        (Command::Validate(_), _) => {
            print_findings(&app, &configuration, out)?;
            writeln!(out, "{}", if valid { "valid" } else { "invalid" })?;
        }
    }
    Ok(if valid {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print_findings(
    app: &str,
    configuration: &Configuration,
    out: &mut impl Write,
) -> io::Result<()> {
    configuration
        .findings
        .iter()
        .try_for_each(|finding| writeln!(out, "{}", finding.line(app)))
}

/// Reads the file that `source` names, and checks it as Juju and the charm would.
fn configuration(source: &Source) -> Result<(String, Configuration), FileError> {
    let file = source.file.display().to_string();
    let text = read(&source.file).map_err(|source| FileError::Read {
        file: file.clone(),
        source,
    })?;
    let (app, values) = options_of(&file, &text, source.app.as_deref())?;
    let (options, mut refused) = typed(values);
    let mut configuration = Configuration::read(options, &Secrets::default());
    if !refused.is_empty() {
        refused.append(&mut configuration.findings);
        configuration = Configuration {
            providers: None,
            findings: refused,
            ..configuration
        };
    }
    Ok((app, configuration))
}

fn read(file: &Path) -> io::Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    fs::read_to_string(file)
}

/// The application and its options: `<app>: {option: value}`, or the options alone.
fn options_of(file: &str, text: &str, app: Option<&str>) -> Result<(String, Mapping), FileError> {
    let no_map = || FileError::NoMap { file: file.into() };
    let value = serde_yaml::from_str(text).map_err(|error| FileError::Yaml {
        file: file.into(),
        line: error.location().map_or(0, |location| location.line()),
    })?;
    let top = match value {
        Value::Mapping(top) => top,
        Value::Null => Mapping::new(),
        _ => return Err(no_map()),
    };
    let is_app = |(key, value): &(&Value, &Value)| {
        matches!(value, Value::Mapping(_) | Value::Null)
            && key.as_str().is_some_and(|key| option_type(key).is_none())
    };
    if !top.is_empty() && top.iter().all(|entry| is_app(&entry)) {
        let mut apps = top.into_iter();
        let (name, values) = match app {
            Some(app) => apps
                .find(|(name, _)| name.as_str() == Some(app))
                .ok_or_else(|| FileError::NoSuchApp {
                    file: file.into(),
                    app: app.into(),
                })?,
            None if apps.len() > 1 => return Err(FileError::SeveralApps { file: file.into() }),
            None => apps.next().ok_or_else(no_map)?,
        };
        let values = match values {
            Value::Mapping(values) => values,
            _ => Mapping::new(),
        };
        return Ok((name.as_str().unwrap_or(NO_NAME).to_owned(), values));
    }
    Ok((app.unwrap_or(NO_NAME).to_owned(), top))
}

fn option_type(name: &str) -> Option<OptionType> {
    OPTIONS
        .iter()
        .find(|(option, _)| *option == name)
        .map(|(_, kind)| *kind)
}

/// The values under the types of `config.yaml`, and what Juju would refuse
/// (`ParseSettingsYAML` of its charm library): an unknown option, or a value of
/// another type. One thing that Juju refuses is not seen here: a plain `yes`, `no`,
/// `on` or `off` is no text in its YAML 1.1, and the reader here cannot tell it
/// from one in quotes.
#[expect(
    clippy::expect_used,
    reason = "the map is built to the types that are read from it"
)]
fn typed(values: Mapping) -> (Options, Vec<Finding>) {
    let mut options = serde_json::Map::new();
    let mut refused = Vec::new();
    for (key, value) in values {
        let name = key.as_str().unwrap_or("a key that is no text");
        match (option_type(name), value) {
            (None, _) => refused.push(Finding::error(
                shortened(name),
                "this charm has no such option",
                Fix::Do("remove it, or correct its name".into()),
            )),
            // Juju resets an option that is given as null.
            (Some(_), Value::Null) => {}
            (Some(OptionType::Text), Value::String(text)) => {
                options.insert(name.into(), text.into());
            }
            (Some(OptionType::Switch), Value::Bool(on)) => {
                options.insert(name.into(), on.into());
            }
            (Some(OptionType::Switch), Value::String(text)) if switch(&text).is_some() => {
                options.insert(name.into(), switch(&text).into());
            }
            (Some(kind), _) => {
                let todo = match kind {
                    OptionType::Text => "put it in quotes",
                    OptionType::Switch => "make it true or false",
                };
                let problem = "Juju refuses a value of this type";
                refused.push(Finding::error(name, problem, Fix::Do(todo.into())));
            }
        }
    }
    let options = serde_json::from_value(options.into()).expect("the types are those of the table");
    (options, refused)
}

/// `strconv.ParseBool` of Go, which Juju uses where a switch is given as a text,
/// and the words of YAML 1.1.
fn switch(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" | "y" | "Y" | "yes" | "Yes" | "YES" | "on"
        | "On" | "ON" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" | "n" | "N" | "no" | "No" | "NO" | "off"
        | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// A name to print: somebody may have pasted a whole file where a name belongs.
fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}
