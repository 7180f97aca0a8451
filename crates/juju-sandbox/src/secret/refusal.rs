//! How each version of Juju words the refusal of a secret.

use super::uri::SecretUri;
use crate::refusals;
use crate::version::Version;

/// `unit` may not read the secret.
pub(crate) fn not_readable(juju: &Version, unit: &str) -> String {
    if juju.is_4() {
        refusals::cannot_read_secret_4(unit)
    } else {
        refusals::permission_denied()
    }
}

/// `unit` may not change the secret.
pub(crate) fn not_manageable(juju: &Version, unit: &str) -> String {
    if juju.is_4() {
        refusals::cannot_manage_secret_4(unit)
    } else {
        refusals::permission_denied()
    }
}

/// The secret does not exist.
pub(crate) fn unknown(juju: &Version, uri: &SecretUri) -> String {
    if juju.is_4() {
        refusals::secret_not_found_4()
    } else {
        refusals::secret_not_found(uri)
    }
}

/// No secret that the unit knows has this label.
pub(crate) fn unknown_label(juju: &Version, label: &str) -> String {
    if juju.is_4() {
        refusals::consumer_label_not_found_4(label)
    } else {
        refusals::consumer_label_not_found(label)
    }
}
