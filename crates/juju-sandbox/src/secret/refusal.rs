//! The words in which Juju refuses a secret, by version: those of 3.x from
//! `apiserver/facades/agent/secretsmanager`, those of 4.x as a controller of 4.0.14 said them.

use super::uri::SecretUri;
use crate::go::quote;
use crate::version::Version;

/// `unit` may not read the secret.
pub(crate) fn not_readable(juju: &Version, unit: &str) -> String {
    if is_4(juju) {
        format!("{} is not allowed to read this secret", quote(unit))
    } else {
        "permission denied".to_owned()
    }
}

/// `unit` may not change the secret.
pub(crate) fn not_manageable(juju: &Version, unit: &str) -> String {
    if is_4(juju) {
        format!("{} is not allowed to manage this secret", quote(unit))
    } else {
        "permission denied".to_owned()
    }
}

/// There is nothing to read.
pub(crate) fn unknown(juju: &Version, uri: &SecretUri) -> String {
    if is_4(juju) {
        "getting latest secret revision: secret not found".to_owned()
    } else {
        format!("secret {} not found", quote(&uri.to_string()))
    }
}

/// No secret that the unit knows has this label.
pub(crate) fn unknown_label(juju: &Version, label: &str) -> String {
    let of = if is_4(juju) {
        "secret URI for consumer label"
    } else {
        "consumer label"
    };
    format!("{of} {} not found", quote(label))
}

fn is_4(juju: &Version) -> bool {
    juju.at_least(4, 0, 0)
}
