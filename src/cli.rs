//! What a person can run: checks that need no Juju.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::{Parser, Subcommand, ValueEnum};
use doctor::Doctor;
use external_provider::Carried;
use juju_hook::{Secret, json};
use serde_json::{Value, json};

use crate::action::test_mapper;
use crate::config::{
    Answers, Configuration, Loose, Request, YamlError, is_option, switch_of_yaml_1_1,
};
use crate::error::chain;
use crate::finding::{Finding, Severity};
use crate::mapper::{self, DryRun};
use crate::observe;
use crate::report::{Line, Report, is_public_url};

/// The application's name in advice if the file does not have it: the one that Juju chooses.
const NO_NAME: &str = env!("CARGO_PKG_NAME");

/// Juju starts this program for every hook and action of the charm. Started by hand, it checks a
/// configuration without Juju.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Report what is wrong with a configuration, and how to fix it.
    ///
    /// Exits with 0 if the charm would publish the configuration, and with 1 otherwise.
    Validate {
        #[command(flatten)]
        source: Source,
        /// The URL where users reach Kratos. If given, the redirect URIs are printed.
        #[arg(long, value_name = "URL", value_parser = public_url)]
        public_url: Option<String>,
        /// The output format.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Run a mapper on sample claims, or on your own, as Kratos would.
    ///
    /// Exits with 0 if logins would work, and with 1 if one would fail.
    TestMapper {
        #[command(flatten)]
        source: Source,
        /// What the provider says about a user, as JSON or YAML; @FILE to read a file, @- to read
        /// standard input.
        #[arg(long)]
        claims: Option<String>,
        /// The provider whose mapper to run, if there are several.
        #[arg(long, default_value_t)]
        provider_id: String,
        /// The output format.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print what the charm would publish: the value of the key `providers` in its databag.
    Render {
        #[command(flatten)]
        source: Source,
        /// Print secrets too, instead of masking them.
        #[arg(long)]
        reveal: bool,
    },
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

#[derive(clap::Args)]
struct Source {
    /// A file for `juju deploy --config` or `juju config --file`, a file with only the options, a
    /// bundle, or the output of `juju config`; - for standard input.
    file: PathBuf,
    /// The application to check, if the file configures several.
    #[arg(long)]
    app: Option<String>,
}

/// Why a file cannot be used. Contains no value from it.
#[derive(Debug, thiserror::Error)]
enum FileError {
    #[error("{file} cannot be read")]
    Read { file: String, source: io::Error },
    #[error("{file} is {problem}")]
    Unreadable { file: String, problem: YamlError },
    #[error("{file} contains no options: it must be a map")]
    NoMap { file: String },
    #[error("{file} does not configure {app}")]
    NoSuchApp { file: String, app: String },
    #[error("{file} configures several applications: choose one with --app")]
    SeveralApps { file: String },
    #[error("{0}")]
    Trial(String),
    #[error("cannot write to standard output")]
    Print(#[from] io::Error),
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let command = Arguments::parse().command;
    match execute(&command, &mut io::stdout().lock()) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", chain(&error));
            ExitCode::FAILURE
        }
    }
}

fn execute(command: &Command, out: &mut impl Write) -> Result<ExitCode, FileError> {
    let valid = match command {
        Command::Validate {
            source,
            public_url,
            format,
        } => {
            let (app, configuration) = configuration(source)?;
            let url = public_url.as_deref();
            let report = Report::new(&app, &configuration, &configuration.findings, url);
            validate(&report, *format, out)?
        }
        Command::TestMapper {
            source,
            claims,
            provider_id,
            format,
        } => {
            let (app, configuration) = configuration(source)?;
            let claims = claims.as_deref().map(read_claims).transpose()?;
            let parameters = test_mapper::Parameters {
                claims: claims.map(Value::from),
                provider_id: provider_id.clone(),
            };
            let trial = test_mapper::trial(&configuration, parameters);
            let trial = trial.map_err(FileError::Trial)?;
            let run = mapper::dry_run(&Doctor::beside_this_program(), trial);
            try_mapper(&app, &run, *format, out)?
        }
        Command::Render { source, reveal } => {
            let (app, configuration) = configuration(source)?;
            render(&app, &configuration, *reveal, out)?
        }
    };
    Ok(if valid {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn validate(report: &Report, format: Format, out: &mut impl Write) -> io::Result<bool> {
    match format {
        Format::Json => writeln!(out, "{}", report.json())?,
        Format::Text => {
            report
                .findings
                .iter()
                .try_for_each(|line| writeln!(out, "{}", line.text))?;
            writeln!(out, "{}", if report.valid { "valid" } else { "invalid" })?;
            for provider in &report.providers {
                if let Some(uri) = &provider.redirect_uri {
                    writeln!(out, "{}: {uri}", provider.id)?;
                }
            }
        }
    }
    Ok(report.valid)
}

/// The claims in `text`, or in the file that it names.
fn read_claims(text: &str) -> Result<String, FileError> {
    let Some(file) = text.strip_prefix('@') else {
        return Ok(text.to_owned());
    };
    read(Path::new(file))
}

/// Prints the outcome of a dry run.
fn try_mapper(app: &str, run: &DryRun, format: Format, out: &mut impl Write) -> io::Result<bool> {
    let lines: Vec<_> = run.findings.iter().map(|one| Line::new(one, app)).collect();
    match format {
        Format::Json => {
            let results: BTreeMap<_, _> = run.results.iter().cloned().collect();
            let all = json!({ "results": results, "findings": lines });
            writeln!(out, "{}", json::encode(&all).expose())?;
        }
        Format::Text => {
            for (key, text) in &run.results {
                writeln!(out, "{key}: {text}")?;
            }
            for line in &lines {
                writeln!(out, "{}", line.text)?;
            }
        }
    }
    let fails = |one: &Finding| one.severity > Severity::Note;
    Ok(!run.findings.iter().any(fails))
}

/// Prints what would be published. If nothing would be, the reason goes to standard error.
fn render(
    app: &str,
    configuration: &Configuration,
    reveal: bool,
    out: &mut impl Write,
) -> io::Result<bool> {
    let Some(providers) = configuration.providers() else {
        let report = Report::new(app, configuration, &configuration.findings, None);
        writeln!(io::stderr(), "{}", report.lines())?;
        return Ok(false);
    };
    if configuration.enabled {
        let carried = if reveal {
            Carried::Plain
        } else {
            Carried::Masked(configuration.secret_backend)
        };
        let providers = providers.iter().map(|provider| (provider, carried));
        let offer = external_provider::offer(providers, configuration.form());
        writeln!(out, "{}", offer.expose())?;
    } else {
        writeln!(
            io::stderr(),
            "nothing is published: the provider is disabled"
        )?;
    }
    Ok(true)
}

fn public_url(text: &str) -> Result<String, &'static str> {
    if is_public_url(text) {
        Ok(text.to_owned())
    } else {
        Err("must be a URL that starts with https:// or http://, without a query")
    }
}

/// Reads the file that `source` names, and checks it as Juju and the charm would.
fn configuration(source: &Source) -> Result<(String, Configuration), FileError> {
    let file = source.file.display().to_string();
    let text = read(&source.file)?;
    let (app, values) = options_of(&file, &text, source.app.as_deref())?;
    let values = as_juju_reads(&text, values);
    let request = Request::new(values);
    let answers = Answers {
        mappers: observe::ask_doctor(&request),
        // Without Juju, user secrets cannot be read: their URIs are checked instead.
        ..Answers::default()
    };
    Ok((app, Configuration::check(request, &answers)))
}

/// The text of `file`, or of standard input for `-`.
fn read(file: &Path) -> Result<String, FileError> {
    let text = if file == Path::new("-") {
        io::read_to_string(io::stdin())
    } else {
        fs::read_to_string(file)
    };
    text.map_err(|source| FileError::Read {
        file: file.display().to_string(),
        source,
    })
}

/// The options in a file, by name.
type Values = BTreeMap<String, Loose>;

/// The application and its options, from `<app>: {option: value}`, only the options, a bundle, or the
/// output of `juju config`.
fn options_of(file: &str, text: &str, app: Option<&str>) -> Result<(String, Values), FileError> {
    let value = Loose::read(text).map_err(|problem| FileError::Unreadable {
        file: file.into(),
        problem,
    })?;
    let mut top = match value {
        Loose::Map(top) => top,
        Loose::Unset => Values::new(),
        _ => return Err(FileError::NoMap { file: file.into() }),
    };
    if let Some(shown) = shown(&mut top) {
        return Ok(shown);
    }
    let in_bundle = ["applications", "services"]
        .into_iter()
        .find_map(|key| top.remove(key));
    if let Some(Loose::Map(applications)) = in_bundle {
        let (name, mut values) = chosen(file, in_a_bundle(applications, app), app)?;
        include(Path::new(file), &mut values)?;
        return Ok((name, values));
    }
    let is_app = |(key, value): (&String, &Loose)| {
        matches!(value, Loose::Map(_) | Loose::Unset) && !is_option(key)
    };
    if top.is_empty() || !top.iter().all(is_app) {
        return Ok((app.unwrap_or(NO_NAME).to_owned(), top));
    }
    chosen(file, top, app)
}

/// The options of `app` among `applications`, or of the only one.
fn chosen(
    file: &str,
    applications: Values,
    app: Option<&str>,
) -> Result<(String, Values), FileError> {
    let several = applications.len() > 1 && app.is_none();
    let mut apps = applications
        .into_iter()
        .filter(|(name, _)| app.is_none_or(|app| app == name));
    match apps.next() {
        _ if several => Err(FileError::SeveralApps { file: file.into() }),
        Some((name, Loose::Map(values))) => Ok((name, values)),
        Some((name, _)) => Ok((name, Values::new())),
        None => Err(FileError::NoSuchApp {
            file: file.into(),
            app: app.unwrap_or(NO_NAME).to_owned(),
        }),
    }
}

/// The options of each application in a bundle that uses this charm; of all applications, if one is
/// chosen by name.
fn in_a_bundle(applications: Values, app: Option<&str>) -> Values {
    let options = |(name, application)| {
        let Loose::Map(mut application) = application else {
            return None;
        };
        let is_ours = match application.get("charm") {
            Some(Loose::Text(charm)) => charm.expose().contains(env!("CARGO_PKG_NAME")),
            // An overlay contains only what it changes.
            None => application.contains_key("options"),
            Some(_) => false,
        };
        let options = application.remove("options").unwrap_or(Loose::Unset);
        (is_ours || app.is_some()).then_some((name, options))
    };
    applications.into_iter().filter_map(options).collect()
}

/// Replaces `include-file://` and `include-base64://` by the content of the files, as Juju does when
/// it deploys the bundle.
fn include(bundle: &Path, values: &mut Values) -> Result<(), FileError> {
    for value in values.values_mut() {
        let Loose::Text(text) = value else { continue };
        let (name, in_base64) = match text.expose().split_once("://") {
            Some(("include-file", name)) => (name, false),
            Some(("include-base64", name)) => (name, true),
            _ => continue,
        };
        let content = read(&bundle.with_file_name(name))?;
        let content = if in_base64 {
            STANDARD.encode(Secret::new(content).expose())
        } else {
            content
        };
        *text = Secret::new(content);
    }
    Ok(())
}

/// `values` of the file `text` as Juju reads them: it uses YAML 1.1, in which a plain `yes`, `no`, `on`
/// or `off` is a boolean. In quotes such a word stays a string.
fn as_juju_reads(text: &str, mut values: Values) -> Values {
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or_default();
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let key = key.trim_matches([' ', '-', '{', '"', '\'']);
        let word = value.trim_matches([' ', ',', '}']);
        let is_it = |value: &Loose| matches!(value, Loose::Text(text) if text.expose() == word);
        let value = values.get_mut(key).filter(|value| is_it(value));
        if let Some((value, on)) = value.zip(switch_of_yaml_1_1(word)) {
            *value = Loose::Switch(on);
        }
    }
    values
}

/// The output of `juju config <app>`: the application, and under `settings` each option with its value
/// and source. `None` if `top` is anything else.
fn shown(top: &mut Values) -> Option<(String, Values)> {
    let name = match top.get("application")? {
        Loose::Text(name) => name.expose().to_owned(),
        _ => NO_NAME.to_owned(),
    };
    let Loose::Map(settings) = top.get_mut("settings")? else {
        return None;
    };
    let value = |(option, setting)| match setting {
        Loose::Map(mut setting) => Some((option, setting.remove("value")?)),
        _ => None,
    };
    let values = mem::take(settings).into_iter().filter_map(value);
    Some((name, values.collect()))
}
