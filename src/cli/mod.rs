//! What a person can run: checks that need no Juju.

mod file;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use doctor::Doctor;
use doctor::provider::Verdict;
use external_provider::Carried;
use juju_hook::{Proxies, json};
use serde_json::{Value, json};

use self::file::{FileError, Source, configuration, read};
use crate::action::test_mapper;
use crate::config::Configuration;
use crate::error::chain;
use crate::finding::{self, Finding, Severity};
use crate::inquiry::{self, Inquiry};
use crate::mapper::{self, DryRun};
use crate::report::{Line, Report, check_public_url};

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
    /// Ask the identity provider whether logins can work, over the network.
    ///
    /// Checks its discovery document and keys, the client's id and secret, the redirect URI, scopes,
    /// PKCE and the clock. No token is issued, and no user is needed. Exits with 1 if a check is bad.
    Check {
        #[command(flatten)]
        source: Source,
        /// The provider to ask, if there are several.
        #[arg(long, default_value_t)]
        provider_id: String,
        /// The URL where users reach Kratos. If given, the redirect URI is checked.
        #[arg(long, value_name = "URL", value_parser = public_url)]
        public_url: Option<String>,
        /// A file with certificates in PEM to trust beside those of the system.
        #[arg(long, value_name = "FILE")]
        ca: Option<PathBuf>,
        /// Make one more request, with a wrong secret on purpose: if the provider tells the
        /// difference, the secret is proven. It may log a failed attempt.
        #[arg(long)]
        control: bool,
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

/// Why a command cannot be carried out.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{0}")]
    Question(String),
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

fn execute(command: &Command, out: &mut impl Write) -> Result<ExitCode, CommandError> {
    let valid = match command {
        Command::Validate {
            source,
            public_url,
            format,
        } => {
            let (app, configuration) = configuration(source)?;
            let url = public_url.as_deref();
            let mut findings = configuration.findings.clone();
            findings.extend(configuration.applications.set.iter().cloned());
            finding::sort(&mut findings);
            let report = Report::new(&app, &configuration, &findings, url);
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
            let trial = trial.map_err(CommandError::Question)?;
            let run = mapper::dry_run(&Doctor::beside_this_program(), trial);
            try_mapper(&app, &run, *format, out)?
        }
        Command::Check {
            source,
            provider_id,
            public_url,
            ca,
            control,
            format,
        } => {
            let (app, configuration) = configuration(source)?;
            let ca = ca.as_deref().map(read).transpose()?;
            let parameters = inquiry::Parameters {
                provider_id: provider_id.clone(),
                public_url: public_url.clone().unwrap_or_default(),
                ca: ca.unwrap_or_default(),
                control: *control,
            };
            check(&app, &configuration, parameters, *format, out)?
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
    match text.strip_prefix('@') {
        Some(file) => read(Path::new(file)),
        None => Ok(text.to_owned()),
    }
}

/// Asks the provider, and prints the outcome. If it cannot be asked because the configuration is
/// wrong, the reason goes to standard error.
fn check(
    app: &str,
    configuration: &Configuration,
    parameters: inquiry::Parameters,
    format: Format,
    out: &mut impl Write,
) -> Result<bool, CommandError> {
    if configuration.providers().is_none() {
        return Ok(refuse(app, configuration)?);
    }
    let proxies = Proxies::of_shell();
    let outcome = Inquiry::new(
        configuration,
        parameters,
        |_| None,
        |_| Vec::new(),
        &proxies,
    )
    .and_then(|inquiry| {
        let doctor = Doctor::beside_this_program();
        inquiry.ask(&doctor, configuration, app)
    })
    .map_err(CommandError::Question)?;
    match format {
        Format::Json => writeln!(out, "{}", outcome.json())?,
        Format::Text => {
            writeln!(out, "{}", outcome.lines())?;
            if let Some(configure) = &outcome.configure {
                writeln!(out, "{configure}")?;
            }
            writeln!(out, "{}", outcome.verdict.word())?;
        }
    }
    Ok(outcome.verdict != Verdict::Bad)
}

/// Says why nothing can be done with a wrong configuration.
fn refuse(app: &str, configuration: &Configuration) -> io::Result<bool> {
    let report = Report::new(app, configuration, &configuration.findings, None);
    writeln!(io::stderr(), "{}", report.lines())?;
    Ok(false)
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
        return refuse(app, configuration);
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
    check_public_url(text).map(|()| text.to_owned())
}
