//! Options as juju/gnuflag reads them: anywhere among the arguments, until `--`.

use super::call::{Call, Failure};
use super::spec::help;
pub(super) use super::spec::{Spec, Takes};
use crate::agent::context::Context;
use crate::go::{atoi, parse_bool, quote_list, to_bytes};
use crate::names;
use crate::refusals;

/// What was given.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    given: Vec<(&'static str, String)>,
    relation: Option<u32>,
    /// The arguments that are not options.
    pub(super) arguments: Vec<String>,
}

impl Parsed {
    /// Whether a [`Takes::Nothing`] option is on; the last one counts.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name)
            .is_some_and(|value| parse_bool(value) == Ok(true))
    }

    /// The last value that was given for an option.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.given
            .iter()
            .rev()
            .find(|(given, _)| *given == name)
            .map(|(_, value)| value.as_str())
    }

    /// The same for an option with two names.
    pub(super) fn either(&self, one: &str, other: &str) -> Option<&str> {
        self.given
            .iter()
            .rev()
            .find(|(given, _)| *given == one || *given == other)
            .map(|(_, value)| value.as_str())
    }

    /// The last relation that was given, or else the hook's own.
    pub(super) fn relation(&self, context: &Context<'_>) -> Option<u32> {
        self.relation
            .or_else(|| context.event().relation().map(|hook| hook.relation))
    }

    fn set(
        &mut self,
        name: &'static str,
        takes: Takes,
        value: &str,
        context: &Context<'_>,
    ) -> Result<(), String> {
        match takes {
            Takes::Nothing => drop(parse_bool(value)?),
            Takes::Text => {}
            // gnuflag reads it with strconv.ParseInt.
            Takes::Number => {
                atoi(value).map_err(|reason| reason.replacen("Atoi", "ParseInt", 1))?;
            }
            Takes::Relation => self.relation = Some(relation_id(value, context)?),
            Takes::Storage => check_storage(value, context)?,
            Takes::Format(known) if known.contains(&value) => {}
            Takes::Format(_) => return Err(refusals::unknown_format(value)),
        }
        self.given.push((name, value.to_owned()));
        Ok(())
    }
}

/// The text after the last colon must be the number of a relation; the endpoint is ignored.
fn relation_id(value: &str, context: &Context<'_>) -> Result<u32, String> {
    let number = value.rsplit(':').next().unwrap_or(value);
    let number = atoi(number).map_err(|_| refusals::invalid_relation_id())?;
    u32::try_from(number)
        .ok()
        .filter(|id| context.knows_relation(*id))
        .ok_or_else(refusals::relation_not_found)
}

/// `storageIdValue.Set`.
fn check_storage(id: &str, context: &Context<'_>) -> Result<(), String> {
    if !names::is_storage(id) {
        return Err(refusals::invalid_storage_id(id));
    }
    let known = context.storage_ids().iter().any(|known| known == id);
    known.then_some(()).ok_or_else(refusals::storage_not_found)
}

/// An option as gnuflag shows it: what counts is how many bytes its name has.
fn dashed(name: &str) -> String {
    if to_bytes(name).len() > 1 {
        format!("--{name}")
    } else {
        format!("-{name}")
    }
}

/// Reads the options of a call (`FlagSet.Parse`).
pub(super) fn parse(
    call: &Call,
    context: &Context<'_>,
    specs: &[&[Spec]],
) -> Result<Parsed, Failure> {
    let mut parsed = Parsed::default();
    let mut args = call.args.iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            parsed.arguments.extend(args.cloned());
            break;
        }
        if let Some(long) = arg.strip_prefix("--") {
            let (name, value) = long
                .split_once('=')
                .map_or((long, None), |(name, value)| (name, Some(value)));
            if name.is_empty() {
                return Err(Failure::Usage(refusals::empty_option(arg)));
            }
            option(&mut parsed, name, value, &mut args, context, specs)?;
        } else if arg.len() > 1 && arg.starts_with('-') {
            let mut letters = &arg[1..];
            while let Some(letter) = letters.chars().next() {
                let (name, rest) = letters.split_at(letter.len_utf8());
                let takes_rest = option(&mut parsed, name, Some(rest), &mut args, context, specs)?;
                letters = if takes_rest { "" } else { rest };
            }
        } else {
            parsed.arguments.push(arg.clone());
        }
    }
    Ok(parsed)
}

/// Reads one option, and returns whether `attached` was its value. A short option always has
/// something attached, if only an empty text, which is its value only if it needs one.
fn option<'a>(
    parsed: &mut Parsed,
    name: &str,
    attached: Option<&str>,
    args: &mut impl Iterator<Item = &'a String>,
    context: &Context<'_>,
    specs: &[&[Spec]],
) -> Result<bool, Failure> {
    let short = name.chars().count() == 1;
    let Some((known, takes)) = specs
        .iter()
        .copied()
        .flatten()
        .find(|(known, _)| *known == name)
    else {
        if name == "help" || name == "h" {
            return Err(Failure::Help(help(specs)));
        }
        return Err(Failure::Usage(refusals::undefined_option(dashed(name))));
    };
    let attached = match attached {
        Some(value) if short && value.is_empty() => None,
        Some(value) if short && *takes == Takes::Nothing && !value.starts_with('=') => None,
        other => other,
    };
    let value = match attached {
        Some(value) => value,
        None if *takes == Takes::Nothing => "true",
        None => args
            .next()
            .ok_or_else(|| Failure::Usage(refusals::option_needs_argument(dashed(name))))?,
    };
    parsed
        .set(known, *takes, value, context)
        .map_err(|reason| Failure::Usage(refusals::invalid_option(value, dashed(name), reason)))?;
    Ok(attached.is_some())
}

/// Refuses arguments that are left over (`cmd.CheckEmpty`).
pub(super) fn check_empty(rest: &[String]) -> Result<(), Failure> {
    if rest.is_empty() {
        Ok(())
    } else {
        Err(Failure::Usage(refusals::unrecognized_arguments(
            quote_list(rest),
        )))
    }
}

/// Some tools used to have a `--format`, and now only complain about it.
pub(super) fn complain_about_format(tool: &str, options: &Parsed, call: &mut Call) {
    if options
        .text("format")
        .is_some_and(|format| !format.is_empty())
    {
        call.stderr
            .extend(refusals::format_deprecated(tool).bytes());
    }
}
