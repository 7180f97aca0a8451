//! Files with a configuration, in all the forms that people have them in.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::mem;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use juju_hook::Secret;

use crate::config::{
    Answers, Configuration, Loose, Request, YamlError, is_option, switch_of_yaml_1_1,
};
use crate::observe;

/// The application's name in advice if the file does not have it: the one that Juju chooses.
const NO_NAME: &str = env!("CARGO_PKG_NAME");

/// Where a configuration is.
#[derive(clap::Args)]
pub(super) struct Source {
    /// A file for `juju deploy --config` or `juju config --file`, a file with only the options, a
    /// bundle, or the output of `juju config`; - for standard input.
    file: PathBuf,
    /// The application to check, if the file configures several.
    #[arg(long)]
    app: Option<String>,
}

/// Why a file cannot be used. Contains no value from it.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
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
}

/// Reads the file that `source` names, and checks it as Juju and the charm would.
pub(super) fn configuration(source: &Source) -> Result<(String, Configuration), FileError> {
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
pub(super) fn read(file: &Path) -> Result<String, FileError> {
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
