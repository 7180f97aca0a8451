//! The secret tools. Source: `jujuc/secret-*.go`.

use super::call::{Call, Failure};
use super::options::{Parsed, Spec, Takes, check_empty, parse};
use super::output::{self, Unmade};
use super::relation::RELATION;
use crate::agent::context::{Context, Grant, SecretInfo};
use crate::go::{atoi, fields, through_json, time};
use crate::names;
use crate::refusals;
use crate::secret::{Content, Rotation, SecretUri, expiry};
use crate::state::{Reading, SecretChange};
use crate::state::{SecretOwner, SecretScope};
use serde_json::{Value, json};

/// The options of `secret-add` and `secret-set`.
const CHANGE: &[Spec] = &[
    ("expire", Takes::Text),
    ("rotate", Takes::Text),
    ("description", Takes::Text),
    ("label", Takes::Text),
    ("file", Takes::Text),
    ("owner", Takes::Text),
];

pub(super) fn add(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[CHANGE])?;
    if options.arguments.is_empty() && given(&options, "file").is_none() {
        return Err(Failure::Usage(refusals::no_secret_value()));
    }
    let change = change(context, &options, &options.arguments)?;
    if change.content.is_none() {
        return Err(Failure::Work(refusals::empty_secret_value()));
    }
    let owner = if options.text("owner") == Some("unit") {
        SecretOwner::Unit(context.unit().to_owned())
    } else {
        SecretOwner::Application(context.application().to_owned())
    };
    let uri = context.add_secret(owner, change).map_err(Failure::Work)?;
    call.stdout.extend(format!("{uri}\n").bytes());
    Ok(())
}

pub(super) fn set(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[CHANGE])?;
    let (uri, rest) = needed(&options)?;
    let change = change(context, &options, rest)?;
    context.set_secret(uri, change).map_err(Failure::Work)
}

/// `secretUpsertCommand.Init`.
fn change(
    context: &Context<'_>,
    options: &Parsed,
    arguments: &[String],
) -> Result<SecretChange, Failure> {
    let expires = given(options, "expire")
        .map(|text| expiry(text, context.now()))
        .transpose()
        .map_err(Failure::Usage)?;
    let rotation = given(options, "rotate")
        .map(Rotation::parse)
        .transpose()
        .map_err(Failure::Usage)?;
    let owner = options.text("owner").unwrap_or("application");
    if owner != "application" && owner != "unit" {
        return Err(Failure::Usage(refusals::invalid_secret_owner(owner)));
    }
    let given_content = Content::read(arguments, options.text("file"), &context.juju());
    Ok(SecretChange {
        label: given(options, "label").map(through_json),
        description: given(options, "description").map(through_json),
        rotation,
        expires,
        auto_prune: None,
        content: Some(given_content.map_err(Failure::Usage)?).filter(|read| !read.is_empty()),
    })
}

pub(super) fn get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(
        call,
        context,
        &[
            output::STRUCTURED,
            &[
                ("label", Takes::Text),
                ("peek", Takes::Nothing),
                ("refresh", Takes::Nothing),
            ],
        ],
    )?;
    let (uri, label) = named(&options)?;
    let reading = match (options.flag("peek"), options.flag("refresh")) {
        (true, true) => return Err(Failure::Usage(refusals::peek_and_refresh())),
        (true, false) => Reading::Peek,
        (false, true) => Reading::Refresh,
        (false, false) => Reading::Tracked,
    };
    check_empty(options.arguments.get(2..).unwrap_or_default())?;
    let read = context
        .get_secret(uri.as_ref(), label, reading)
        .map_err(Failure::Work)?;
    let values = read.values().map_err(Failure::Work)?;
    let key = options.arguments.get(1).filter(|key| !key.is_empty());
    let value = match key.map(|key| (key.strip_suffix("#base64"), key.as_str())) {
        None => Some(json!(values)),
        Some((Some(key), _)) => read.base64(key).map(Value::String),
        Some((None, key)) => values.get(key).map(|value| json!(value)),
    };
    let value = value.ok_or_else(|| {
        let key = key.map_or("", String::as_str);
        let key = key.strip_suffix("#base64").unwrap_or(key);
        Failure::Work(refusals::secret_key_not_found(key))
    })?;
    output::print_structured(call, &options, &value)
}

pub(super) fn info_get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(
        call,
        context,
        &[output::STRUCTURED, &[("label", Takes::Text)]],
    )?;
    let (uri, label) = named(&options)?;
    if uri.is_some() && label.is_some() {
        return Err(Failure::Usage(refusals::uri_and_label()));
    }
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    let infos = context.secret_infos();
    let (id, info) = infos
        .iter()
        .find(|(id, info)| match &uri {
            Some(uri) => uri.id() == *id,
            None => label == Some(info.label.as_str()),
        })
        .ok_or_else(|| {
            let wanted = uri.as_ref().map(SecretUri::id).or(label);
            Failure::Work(refusals::secret_not_found(wanted.unwrap_or_default()))
        })?;
    let value = json!({ id.as_str(): described(context, info) });
    output::print_structured(call, &options, &value)
}

/// `metadataDisplay`.
fn described(context: &Context<'_>, info: &SecretInfo) -> Value {
    let owner = match info.owner {
        SecretOwner::Unit(_) => "unit",
        _ => "application",
    };
    let mut shown = vec![
        ("revision", json!(info.revision)),
        ("label", json!(info.label)),
        ("owner", json!(owner)),
    ];
    if !info.description.is_empty() {
        shown.push(("description", json!(info.description)));
    }
    if let Some(rotation) = info.rotation {
        shown.push(("rotation", json!(rotation.word())));
    }
    for (key, moment) in [("expiry", info.expires), ("rotates", info.rotates)] {
        if let Some(moment) = moment {
            shown.push((key, time(&moment.to_string())));
        }
    }
    if !info.access.is_empty() {
        let access = info.access.iter().map(|grant| {
            fields([
                ("target", json!(names::tag(&grant.subject))),
                ("scope", json!(context.state().scope_tag(grant.scope))),
                ("role", json!("view")),
            ])
        });
        shown.push(("access", access.collect()));
    }
    fields(shown)
}

pub(super) fn ids(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[output::STANDARD])?;
    check_empty(&options.arguments)?;
    let ids: Vec<String> = context.secret_infos().into_keys().collect();
    if ids.is_empty() {
        return output::print_unmade(call, &options, &Unmade::Slice);
    }
    output::print(call, &options, &json!(ids))
}

pub(super) fn grant(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[RELATION, &[("unit", Takes::Text)]])?;
    let (uri, rest) = needed(&options)?;
    let relation = options
        .relation(context)
        .ok_or_else(|| Failure::Usage(refusals::no_relation_id()))?;
    let application = context.remote_application(relation).unwrap_or_default();
    let unit = given(&options, "unit");
    if let Some(unit) = unit {
        check_unit(unit)?;
        if names::application_of(unit) != application {
            return Err(Failure::Usage(refusals::unit_not_of(unit, application)));
        }
    }
    check_empty(rest)?;
    let grant = Grant {
        subject: unit.unwrap_or(application).to_owned(),
        scope: SecretScope::Relation(relation),
    };
    context.grant_secret(&uri, grant).map_err(Failure::Work)
}

pub(super) fn revoke(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let specs: &[Spec] = &[
        ("app", Takes::Text),
        ("application", Takes::Text),
        ("unit", Takes::Text),
    ];
    let options = parse(call, context, &[RELATION, specs])?;
    let (uri, rest) = needed(&options)?;
    let application = options
        .either("app", "application")
        .filter(|name| !name.is_empty());
    if let Some(name) = application.filter(|name| !names::is_application(name)) {
        return Err(Failure::Usage(refusals::application_not_valid(name)));
    }
    let unit = given(&options, "unit");
    unit.map(check_unit).transpose()?;
    if application.is_some() && unit.is_some() {
        return Err(Failure::Usage(refusals::application_and_unit()));
    }
    let relation = options.relation(context);
    if relation.is_some() && application.is_some() {
        return Err(Failure::Usage(refusals::relation_and_application()));
    }
    let remote = relation.and_then(|id| context.remote_application(id));
    let subject = unit
        .or(application)
        .or(remote)
        .ok_or_else(|| Failure::Usage(refusals::no_revoke_subject()))?
        .to_owned();
    check_empty(rest)?;
    context.revoke_secret(&uri, subject).map_err(Failure::Work)
}

pub(super) fn remove(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[&[("revision", Takes::Number)]])?;
    let (uri, rest) = needed(&options)?;
    check_empty(rest)?;
    let revision = options.text("revision").and_then(|text| atoi(text).ok());
    let revision = revision
        .and_then(|revision| u32::try_from(revision).ok())
        .filter(|revision| *revision > 0);
    context.remove_secret(uri, revision).map_err(Failure::Work)
}

/// An option's text; these commands ignore an empty one.
fn given<'a>(options: &'a Parsed, name: &str) -> Option<&'a str> {
    options.text(name).filter(|text| !text.is_empty())
}

fn check_unit(name: &str) -> Result<(), Failure> {
    names::split_unit(name)
        .map(drop)
        .ok_or_else(|| Failure::Usage(refusals::unit_not_valid(name)))
}

/// The URI that must be the first argument, and the arguments after it.
fn needed(options: &Parsed) -> Result<(SecretUri, &[String]), Failure> {
    let (uri, rest) = options
        .arguments
        .split_first()
        .ok_or_else(|| Failure::Usage(refusals::no_secret_uri()))?;
    let uri = SecretUri::parse(uri).map_err(Failure::Usage)?;
    Ok((uri, rest))
}

/// The URI or the label of the secret that is meant.
fn named(options: &Parsed) -> Result<(Option<SecretUri>, Option<&str>), Failure> {
    let uri = options.arguments.first().map(|text| {
        SecretUri::parse(text).map_err(|_| Failure::Usage(refusals::invalid_secret_uri(text)))
    });
    let (uri, label) = (uri.transpose()?, given(options, "label"));
    if uri.is_none() && label.is_none() {
        return Err(Failure::Usage(refusals::no_uri_or_label()));
    }
    Ok((uri, label))
}
