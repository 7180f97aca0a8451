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
    Some(Finding::new(
        Code::RedirectUriRefused,
        "public-url",
        problem(kind, public_url)?,
        Fix::instruction("give Kratos an ingress with a host name and TLS"),
    ))
}

/// Whether this is a URL that a browser can be sent back to, in the characters of RFC 3986.
#[must_use]
pub fn is_web_url(uri: &str) -> bool {
    let is_visible = uri.bytes().all(|byte| byte.is_ascii_graphic());
    is_visible && Url::parse(uri).is_some()
}

/// What a provider of this kind requires of redirect URIs, if one that begins with `url` is not
/// like that.
#[must_use]
pub fn problem(kind: Kind, url: &str) -> Option<String> {
    let url = Url::parse(url)?;
    let want = wants(kind).iter().find(|want| !want.is_met(&url))?;
    Some(format!("{} {}", kind.word(), want.problem()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn providers_want_different_things_of_a_redirect_uri() {
        struct Case {
            name: &'static str,
            kind: Kind,
            url: &'static str,
            refused: bool,
        }

        for Case {
            name,
            kind,
            url,
            refused,
        } in [
            Case {
                name: "a name and TLS",
                kind: Kind::Google,
                url: "https://iam.example.com",
                refused: false,
            },
            Case {
                name: "an address",
                kind: Kind::Google,
                url: "https://10.64.140.43/iam-kratos",
                refused: true,
            },
            Case {
                name: "IPv6",
                kind: Kind::Google,
                url: "https://[fd00::1]/",
                refused: true,
            },
            Case {
                name: "no TLS",
                kind: Kind::Google,
                url: "http://iam.example.com",
                refused: true,
            },
            Case {
                name: "a name of one's own",
                kind: Kind::Google,
                url: "https://iam.internal/x",
                refused: true,
            },
            Case {
                name: "a bare name",
                kind: Kind::Google,
                url: "https://kratos/x",
                refused: true,
            },
            Case {
                name: "a name of one's own, for Apple",
                kind: Kind::Apple,
                url: "https://iam.internal",
                refused: false,
            },
            Case {
                name: "this machine, for Spotify",
                kind: Kind::Spotify,
                url: "http://localhost:4433",
                refused: true,
            },
            Case {
                name: "its number, for Spotify",
                kind: Kind::Spotify,
                url: "http://[::1]:4433",
                refused: false,
            },
            Case {
                name: "this machine",
                kind: Kind::Google,
                url: "http://localhost:4433",
                refused: false,
            },
            Case {
                name: "this machine, for Apple",
                kind: Kind::Apple,
                url: "https://localhost:4433",
                refused: true,
            },
            Case {
                name: "Entra and an address",
                kind: Kind::Microsoft,
                url: "https://10.64.140.43",
                refused: false,
            },
            Case {
                name: "Entra without TLS",
                kind: Kind::Microsoft,
                url: "http://iam.example.com",
                refused: true,
            },
            Case {
                name: "GitHub takes all",
                kind: Kind::Github,
                url: "http://10.64.140.43",
                refused: false,
            },
            Case {
                name: "who knows",
                kind: Kind::Generic,
                url: "http://10.64.140.43",
                refused: false,
            },
        ] {
            assert_eq!(check(kind, url).is_some(), refused, "{name}");
        }
    }
}
