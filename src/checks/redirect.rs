//! Redirect URIs that a provider would not register.

use super::url::Url;
use crate::finding::{Code, Finding, Fix};
use crate::provider::Kind;

/// What a provider wants of redirect URIs, from its documentation of them.
struct Wants {
    /// `https`, but for this machine.
    https: bool,
    /// A name and not an IP address.
    name: bool,
    /// Another machine than this one.
    elsewhere: bool,
}

fn wants(kind: Kind) -> Wants {
    let (https, name, elsewhere) = match kind {
        // "Using OAuth 2.0 for Web Server Applications", validation rules.
        Kind::Google => (true, true, false),
        // "Configure Sign in with Apple for the web".
        Kind::Apple => (true, true, true),
        // "Redirect URI (reply URL) outline and restrictions" of Entra ID; at Facebook "Enforce
        // HTTPS" cannot be turned off.
        Kind::Microsoft | Kind::Facebook | Kind::Slack | Kind::Spotify => (true, false, false),
        _ => (false, false, false),
    };
    Wants {
        https,
        name,
        elsewhere,
    }
}

/// Whether the provider of this kind takes redirect URIs of a Kratos under `public_url`.
#[must_use]
pub fn check(kind: Kind, public_url: &str) -> Option<Finding> {
    let url = Url::parse(public_url)?;
    let wants = wants(kind);
    let here = url.is_loopback();
    let problem = if wants.https && url.scheme != "https" && !here {
        "a redirect URI that starts with https://"
    } else if wants.elsewhere && here {
        "no redirect URI at localhost"
    } else if wants.name && !here && url.address().is_some() {
        "a redirect URI with a name, and no IP address"
    } else {
        return None;
    };
    let verb = if problem.starts_with("no ") {
        "takes"
    } else {
        "wants"
    };
    Some(Finding::new(
        Code::RedirectUriRefused,
        "public-url",
        format!("{} {verb} {problem}", kind.word()),
        Fix::instruction("give Kratos an ingress with a name and TLS"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_want_different_things_of_a_redirect_uri() {
        for (name, kind, url, refused) in [
            (
                "a name and TLS",
                Kind::Google,
                "https://iam.example.com",
                false,
            ),
            (
                "an address",
                Kind::Google,
                "https://10.64.140.43/iam-kratos",
                true,
            ),
            ("IPv6", Kind::Google, "https://[fd00::1]/", true),
            ("no TLS", Kind::Google, "http://iam.example.com", true),
            ("this machine", Kind::Google, "http://localhost:4433", false),
            (
                "this machine, for Apple",
                Kind::Apple,
                "https://localhost:4433",
                true,
            ),
            (
                "Entra and an address",
                Kind::Microsoft,
                "https://10.64.140.43",
                false,
            ),
            (
                "Entra without TLS",
                Kind::Microsoft,
                "http://iam.example.com",
                true,
            ),
            (
                "GitHub takes all",
                Kind::Github,
                "http://10.64.140.43",
                false,
            ),
            ("who knows", Kind::Generic, "http://10.64.140.43", false),
        ] {
            assert_eq!(check(kind, url).is_some(), refused, "{name}");
        }
    }
}
