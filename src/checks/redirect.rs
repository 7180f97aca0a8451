//! Redirect URIs that a provider would not accept.

use external_provider::Kind;

use super::url::Url;
use crate::finding::{Code, Finding, Fix};

/// What a provider may want of a redirect URI.
#[derive(Clone, Copy)]
enum Want {
    /// `https`, except for this machine.
    Https,
    /// Any machine but this one.
    Elsewhere,
    /// This machine's IP address, not its name.
    Number,
    /// A name, not an IP address, except for this machine.
    Name,
    /// A name that can exist in the public DNS, except for this machine.
    PublicName,
}

/// Endings of names that cannot exist in the public DNS: RFC 2606, 6762 and 8375, and those reserved
/// for private networks.
const PRIVATE_NAMES: [&str; 8] = [
    ".corp",
    ".home.arpa",
    ".internal",
    ".invalid",
    ".lan",
    ".local",
    ".localdomain",
    ".test",
];

impl Want {
    fn is_met(self, url: &Url<'_>) -> bool {
        let here = url.is_loopback();
        match self {
            Self::Https => url.scheme == "https" || here,
            Self::Elsewhere => !here,
            Self::Number => !here || url.address().is_some(),
            Self::Name => here || url.address().is_none(),
            Self::PublicName => {
                let host = url.host.to_ascii_lowercase();
                let is_private = PRIVATE_NAMES.iter().any(|private| host.ends_with(private));
                here || (host.contains('.') && !is_private)
            }
        }
    }

    fn problem(self) -> &'static str {
        match self {
            Self::Https => "requires a redirect URI that starts with https://",
            Self::Elsewhere => "does not accept a redirect URI at localhost",
            Self::Number => "requires 127.0.0.1 in a redirect URI instead of localhost",
            Self::Name => "requires a redirect URI with a host name, not an IP address",
            Self::PublicName => "requires a redirect URI with a public host name",
        }
    }
}

/// What a provider of this kind wants, according to its documentation of redirect URIs.
fn wants(kind: Kind) -> &'static [Want] {
    match kind {
        // "Using OAuth 2.0 for Web Server Applications", validation rules.
        Kind::Google => &[Want::Https, Want::Name, Want::PublicName],
        // "Configure Sign in with Apple for the web".
        Kind::Apple => &[Want::Https, Want::Elsewhere, Want::Name],
        // "Redirect URI (reply URL) outline and restrictions" of Entra ID; at Facebook "Enforce
        // HTTPS" cannot be turned off.
        Kind::Microsoft | Kind::Facebook | Kind::Slack => &[Want::Https],
        // "Redirect URIs", in force since 2025.
        Kind::Spotify => &[Want::Https, Want::Number],
        _ => &[],
    }
}

/// What is wrong with `public_url` for a provider of this kind: it is the URL of Kratos, with
/// which the redirect URI begins.
#[must_use]
pub fn check(kind: Kind, public_url: &str) -> Option<Finding> {
    let url = Url::parse(public_url)?;
    let want = wants(kind).iter().find(|want| !want.is_met(&url))?;
    Some(Finding::new(
        Code::RedirectUriRefused,
        "public-url",
        format!("{} {}", kind.word(), want.problem()),
        Fix::instruction("give Kratos an ingress with a host name and TLS"),
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
            (
                "a name of one's own",
                Kind::Google,
                "https://iam.internal/x",
                true,
            ),
            ("a bare name", Kind::Google, "https://kratos/x", true),
            (
                "a name of one's own, for Apple",
                Kind::Apple,
                "https://iam.internal",
                false,
            ),
            (
                "this machine, for Spotify",
                Kind::Spotify,
                "http://localhost:4433",
                true,
            ),
            (
                "its number, for Spotify",
                Kind::Spotify,
                "http://[::1]:4433",
                false,
            ),
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
