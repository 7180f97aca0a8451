//! `add-secret` and the other secret commands. Source of texts and keys: `cmd/juju/secrets`.

use super::printed::Printed;
use super::table::{Align, Table};
use crate::clock::Timestamp;
use crate::error::Error;
use crate::go::time;
use crate::model::{Model, SecretView};
use crate::names;
use crate::refusals;
use crate::secret::Content;
use crate::state::SecretChange;
use crate::state::SecretOwner;
use clap::Args;
use serde_json::{Map, Value, json};

/// The arguments that `add-secret` and `update-secret` share.
#[derive(Debug, Args)]
struct Given {
    /// Keys and values; key#base64=… is in base 64, key#file=… names a file with the value.
    #[arg(value_name = "KEY=VALUE")]
    content: Vec<String>,
    /// A YAML or JSON file of keys and values, which override those on the command line.
    #[arg(long)]
    file: Option<String>,
    /// What the secret is for.
    #[arg(long)]
    info: Option<String>,
}

impl Given {
    fn change(&self, model: &Model) -> Result<SecretChange, Error> {
        let juju = model.settings().version();
        let content = Content::read(&self.content, self.file.as_deref(), &juju);
        let content = content.map_err(Error::Refused)?;
        Ok(SecretChange {
            description: self.info.clone(),
            content: Some(content).filter(|content| !content.is_empty()),
            ..SecretChange::default()
        })
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox add-secret login token=s3cr3t
  juju-sandbox add-secret login --file login.yaml --info \"for web\"")]
pub(super) struct AddSecret {
    /// The secret's name.
    name: String,
    #[command(flatten)]
    given: Given,
}

impl AddSecret {
    pub(super) fn run(&self, model: &mut Model) -> Result<Printed, Error> {
        let change = self.given.change(model)?;
        let uri = model.create_user_secret(&self.name, change)?;
        Ok(Printed::out(uri + "\n"))
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox update-secret login token=0ther
  juju-sandbox update-secret login --name web-login --auto-prune")]
pub(super) struct UpdateSecret {
    /// The secret's ID or name.
    secret: String,
    #[command(flatten)]
    given: Given,
    /// A new name.
    #[arg(long)]
    name: Option<String>,
    /// Remove revisions that no unit tracks any more.
    #[arg(
        long,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    auto_prune: Option<bool>,
}

impl UpdateSecret {
    pub(super) fn apply(&self, model: &mut Model) -> Result<(), Error> {
        let change = SecretChange {
            label: self.name.clone(),
            auto_prune: self.auto_prune,
            ..self.given.change(model)?
        };
        model.change_user_secret(&self.secret, change)
    }
}

#[derive(Debug, Args)]
pub(super) struct Access {
    /// The secret's ID or name.
    secret: String,
    /// The applications.
    #[arg(required = true, value_delimiter = ',', value_name = "APPLICATION,…")]
    applications: Vec<String>,
}

impl Access {
    pub(super) fn grant(&self, model: &mut Model) -> Result<(), Error> {
        self.each(|application| model.grant_secret(&self.secret, application))
    }

    pub(super) fn revoke(&self, model: &mut Model) -> Result<(), Error> {
        self.each(|application| model.revoke_secret(&self.secret, application))
    }

    /// Continues after a refusal, and reports all of them (`processGrantRevokeErrors`).
    fn each(&self, mut act: impl FnMut(&str) -> Result<(), Error>) -> Result<(), Error> {
        let applications = self.applications.iter();
        let refusals: Vec<String> = applications
            .filter_map(|application| act(application).err())
            .map(|error| error.to_string())
            .collect();
        if refusals.is_empty() {
            return Ok(());
        }
        let refusals = refusals.join(", ");
        Err(Error::Refused(refusals::cannot_grant_or_revoke(refusals)))
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox remove-secret login
  juju-sandbox remove-secret login --revision 1")]
pub(super) struct RemoveSecret {
    /// The secret's ID or name.
    secret: String,
    /// Remove only this revision.
    #[arg(long)]
    revision: Option<u32>,
}

impl RemoveSecret {
    pub(super) fn apply(&self, model: &mut Model) -> Result<(), Error> {
        match self.revision {
            Some(revision) => model.remove_secret_revision(&self.secret, revision),
            None => model.remove_secret(&self.secret),
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox secrets
  juju-sandbox secrets --owner application-web --revisions --format yaml")]
pub(super) struct Secrets {
    /// The format of the list.
    #[arg(long, default_value = "tabular", value_parser = ["tabular", "yaml", "json"])]
    format: String,
    /// Only those of this owner: application-web or unit-web-0.
    #[arg(long, value_name = "TAG")]
    owner: Option<String>,
    /// List the revisions, too.
    #[arg(long)]
    revisions: bool,
}

impl Secrets {
    fn shows(&self, secret: &SecretView<'_>) -> bool {
        let tag = match secret.owner() {
            SecretOwner::User => return self.owner.is_none(),
            SecretOwner::Application(name) | SecretOwner::Unit(name) => names::tag(name),
        };
        self.owner.as_ref().is_none_or(|wanted| *wanted == tag)
    }

    /// `listSecretsCommand.Run`.
    fn check(&self) -> Result<(), Error> {
        let owner = self.owner.as_deref().unwrap_or("application-");
        let kinds = ["application-", "unit-"];
        if kinds.iter().any(|kind| owner.starts_with(kind)) {
            return Ok(());
        }
        let others = ["model-", "machine-", "user-"];
        Err(Error::Refused(
            if others.iter().any(|kind| owner.starts_with(kind)) {
                refusals::invalid_owner(owner)
            } else {
                refusals::invalid_owner_tag(owner)
            },
        ))
    }

    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        self.check()?;
        let shown = || {
            let secrets = model.secrets().filter(|secret| self.shows(secret));
            let shown: Map<String, Value> = secrets
                .map(|secret| {
                    let mut shown = described(&secret);
                    if self.revisions {
                        shown.insert("revisions".into(), revisions(&secret));
                    }
                    (secret.id().to_owned(), shown.into())
                })
                .collect();
            Value::Object(shown)
        };
        Ok(match self.format.as_str() {
            "tabular" => Printed::out(self.table(model)),
            format => Printed::value(&shown(), format),
        })
    }

    /// `formatSecretsTabular`.
    fn table(&self, model: &Model) -> String {
        let mut table = Table::new([
            ("ID", Align::Left),
            ("Name", Align::Left),
            ("Owner", Align::Left),
            ("Rotation", Align::Left),
            ("Revision", Align::Right),
            ("Last updated", Align::Left),
        ]);
        let secrets = model.secrets().filter(|secret| self.shows(secret));
        let mut secrets: Vec<SecretView<'_>> = secrets.collect();
        secrets.sort_by_key(|secret| (owner(secret), u32::MAX - secret.latest_revision()));
        for secret in secrets {
            table.row([
                secret.id().to_owned(),
                secret.name().unwrap_or("-").to_owned(),
                owner(&secret),
                secret.rotation().unwrap_or("never").to_owned(),
                secret.latest_revision().to_string(),
                age(secret.updated(), model.now()),
            ]);
        }
        table.render()
    }
}

/// How long ago, or the day (`common.UserFriendlyDuration`).
fn age(when: Timestamp, now: Timestamp) -> String {
    let seconds = now.moment().seconds() - when.moment().seconds();
    let (count, unit) = match seconds {
        0..2 => return "just now".into(),
        2..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => {
            let day = when.to_string();
            return day.split('T').next().unwrap_or_default().to_owned();
        }
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox show-secret login
  juju-sandbox show-secret login --reveal --format json")]
pub(super) struct ShowSecret {
    /// The secret's ID or name, or a charm's label for it.
    secret: String,
    /// Show the content.
    #[arg(long)]
    reveal: bool,
    /// The revision whose content is shown; by default the latest.
    #[arg(short, long)]
    revision: Option<u32>,
    /// List the revisions.
    #[arg(long, conflicts_with_all = ["reveal", "revision"])]
    revisions: bool,
    /// The output format.
    #[arg(long, default_value = "yaml", value_parser = ["yaml", "json"])]
    format: String,
}

impl ShowSecret {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        let secret = model.secret(&self.secret)?;
        let revision = self.revision.unwrap_or(secret.latest_revision());
        let values = secret.content(revision).ok_or_else(|| {
            Error::Refused(refusals::secret_revision_not_found(secret.id(), revision))
        })?;
        let json = self.format == "json";
        let mut shown = described(&secret);
        if self.reveal {
            // Go's JSON does not inline what its YAML does.
            let values = if json {
                json!({"Data": values})
            } else {
                json!(values)
            };
            shown.insert("content".into(), values);
            if model.settings().version().has_secret_checksums() {
                shown.insert("checksum".into(), json!(secret.checksum()));
            }
        }
        if self.revisions {
            shown.insert("revisions".into(), revisions(&secret));
        }
        let grants = secret.grants();
        if !grants.is_empty() {
            let access = grants.into_iter().map(|(subject, scope)| {
                json!({
                    "target": names::tag(subject),
                    "scope": model.scope_tag(scope),
                    "role": "view",
                })
            });
            shown.insert("access".into(), access.collect());
        }
        let shown = json!({ secret.id(): shown });
        Ok(Printed::value(&shown, &self.format))
    }
}

/// `secretRevisionDetails`.
fn revisions(secret: &SecretView<'_>) -> Value {
    let revisions = secret.revisions().into_iter();
    let revisions = revisions.map(|revision| {
        let made = time(&secret.made(revision).to_string());
        json!({
            "revision": revision,
            "backend": "internal",
            "created": made,
            "updated": made,
        })
    });
    revisions.collect()
}

/// `gatherSecretInfo`, without content.
fn described(secret: &SecretView<'_>) -> Map<String, Value> {
    let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(|text| json!(text));
    let at = |moment: Option<String>| moment.map(|moment| time(&moment));
    let fields = [
        ("owner", text(Some(&owner(secret)))),
        ("name", text(secret.name())),
        ("label", text(Some(secret.label()))),
        ("description", text(Some(secret.description()))),
        ("rotation", text(secret.rotation())),
        ("rotates", at(secret.rotates())),
        ("expires", at(secret.expires())),
        ("created", at(Some(secret.created().to_string()))),
        ("updated", at(Some(secret.updated().to_string()))),
    ];
    let fields = fields
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)));
    let mut shown: Map<String, Value> = fields.collect();
    shown.insert("revision".into(), json!(secret.latest_revision()));
    shown
}

fn owner(secret: &SecretView<'_>) -> String {
    match secret.owner() {
        SecretOwner::User => "<model>".into(),
        SecretOwner::Application(name) | SecretOwner::Unit(name) => name.clone(),
    }
}
