//! How Kratos makes redirect URIs.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The path of a redirect URI up to the provider's id, as Kratos makes it
/// (`StrategyMethod callback` of its `selfservice/strategy/oidc`).
pub(crate) const CALLBACK: &str = "/self-service/methods/oidc/callback/";

/// The redirect URI that Kratos makes for the provider called `id`, if users reach Kratos at
/// `public_url`.
#[must_use]
pub fn of_kratos(public_url: &str, id: &str) -> String {
    let base = public_url.trim_end_matches('/');
    format!("{base}{CALLBACK}{}", path_segment(id))
}

/// `id` as it appears in a redirect URI. Characters that cannot be in a path are percent-encoded, as
/// by `escape` of Go's `net/url` in its mode for paths, which Kratos uses. A slash is not encoded, so
/// an id with one leads elsewhere.
#[must_use]
pub fn path_segment(id: &str) -> Cow<'_, str> {
    let stays = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte);
    if id.bytes().all(stays) {
        return id.into();
    }
    let mut segment = String::new();
    for byte in id.bytes() {
        if stays(byte) {
            segment.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment.into()
}
