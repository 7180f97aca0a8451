//! Where a browser may be sent back to.

use std::net::IpAddr;

use form_urlencoded::Serializer;

/// The parts of a URI that Gafaelfawr compares, as they are written.
struct Parts<'a> {
    scheme: String,
    /// Host and port, and whatever else is between the slashes.
    authority: &'a str,
    path: &'a str,
}

impl<'a> Parts<'a> {
    fn of(uri: &'a str) -> Option<Self> {
        // Anything else has no place in a header, where the URI goes.
        if !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let (scheme, rest) = uri.split_once("://")?;
        let rest = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        Some(Self {
            scheme: scheme.to_ascii_lowercase(),
            authority,
            path,
        })
    }

    /// Parameters of the last segment, which hardly anybody uses: `/callback;version=1`.
    fn has_parameters(&self) -> bool {
        let last = self.path.rsplit('/').next();
        last.is_some_and(|segment| segment.contains(';'))
    }

    fn is_on_loopback(&self) -> bool {
        let (host, port) = match self.authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port),
            _ => (self.authority, ""),
        };
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let is_loopback = address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        port.bytes().all(|byte| byte.is_ascii_digit()) && (is_loopback || host == "localhost")
    }
}

/// Whether a client that registered one URI may have browsers sent to the other.
///
/// The rule is Gafaelfawr's: the given one is https, has no `;` parameters, and has the host, port
/// and path of the registered one; query and fragment do not count. A registered URI that breaks
/// the rule matches nothing.
///
/// One thing is added, because this provider is for tests on one machine: where the registered URI
/// is http on loopback (127.0.0.0/8, `[::1]` or `localhost`), http is allowed.
#[must_use]
pub fn matches(registered: &str, given: &str) -> bool {
    let (Some(registered), Some(given)) = (Parts::of(registered), Parts::of(given)) else {
        return false;
    };
    let is_allowed = match given.scheme.as_str() {
        "https" => true,
        "http" => registered.scheme == "http" && registered.is_on_loopback(),
        _ => false,
    };
    is_allowed
        && !given.has_parameters()
        && given.authority == registered.authority
        && given.path == registered.path
}

/// A URI with more in its query. What it has there already stays (RFC 6749, 3.1.2).
#[must_use]
pub(crate) fn with_query(uri: &str, more: &[(&str, &str)]) -> String {
    let (uri, fragment) = uri.split_at(uri.find('#').unwrap_or(uri.len()));
    let joint = match uri.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    let more = Serializer::new(String::new()).extend_pairs(more).finish();
    format!("{uri}{joint}{more}{fragment}")
}

/// What comes before the path: `https://host:port`. None for what is no such URI.
#[must_use]
pub(crate) fn origin(uri: &str) -> Option<String> {
    let parts = Parts::of(uri)?;
    let is_web = matches!(parts.scheme.as_str(), "http" | "https");
    (is_web && !parts.authority.is_empty())
        .then(|| format!("{}://{}", parts.scheme, parts.authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_registered_matches() {
        struct Case {
            name: &'static str,
            given: &'static str,
            matches: bool,
        }
        let registered = "https://iam.example.com:8443/callback/corp?own=1";
        let cases = [
            Case {
                name: "the same",
                given: "https://iam.example.com:8443/callback/corp?own=1",
                matches: true,
            },
            Case {
                name: "another query",
                given: "https://iam.example.com:8443/callback/corp?other=2",
                matches: true,
            },
            Case {
                name: "a fragment",
                given: "https://iam.example.com:8443/callback/corp#top",
                matches: true,
            },
            Case {
                name: "http",
                given: "http://iam.example.com:8443/callback/corp",
                matches: false,
            },
            Case {
                name: "another scheme",
                given: "ftp://iam.example.com:8443/callback/corp",
                matches: false,
            },
            Case {
                name: "another host",
                given: "https://iam.example.org:8443/callback/corp",
                matches: false,
            },
            Case {
                name: "a longer host",
                given: "https://iam.example.com:8443.evil.example/callback/corp",
                matches: false,
            },
            Case {
                name: "a user before the host",
                given: "https://iam.example.com:8443@evil.example/callback/corp",
                matches: false,
            },
            Case {
                name: "another port",
                given: "https://iam.example.com:8444/callback/corp",
                matches: false,
            },
            Case {
                name: "no port",
                given: "https://iam.example.com/callback/corp",
                matches: false,
            },
            Case {
                name: "another path",
                given: "https://iam.example.com:8443/callback/corpx",
                matches: false,
            },
            Case {
                name: "a trailing slash",
                given: "https://iam.example.com:8443/callback/corp/",
                matches: false,
            },
            Case {
                name: "a path in capitals",
                given: "https://iam.example.com:8443/callback/Corp",
                matches: false,
            },
            Case {
                name: "a parameter",
                given: "https://iam.example.com:8443/callback/corp;v=1",
                matches: false,
            },
            Case {
                name: "a line break",
                given: "https://iam.example.com:8443/callback/corp?a\r\nSet-Cookie:b",
                matches: false,
            },
            Case {
                name: "no URI",
                given: "corp",
                matches: false,
            },
        ];
        for case in cases {
            assert_eq!(
                super::matches(registered, case.given),
                case.matches,
                "{}",
                case.name
            );
        }
    }

    #[test]
    fn http_is_for_loopback_only() {
        struct Case {
            registered: &'static str,
            given: &'static str,
            matches: bool,
        }
        let cases = [
            Case {
                registered: "http://127.0.0.1:8080/callback",
                given: "http://127.0.0.1:8080/callback",
                matches: true,
            },
            Case {
                registered: "http://[::1]:8080/callback",
                given: "http://[::1]:8080/callback",
                matches: true,
            },
            Case {
                registered: "http://[::1]/callback",
                given: "http://[::1]/callback",
                matches: true,
            },
            Case {
                registered: "http://localhost/callback",
                given: "http://localhost/callback",
                matches: true,
            },
            Case {
                registered: "https://127.0.0.1/callback",
                given: "http://127.0.0.1/callback",
                matches: false,
            },
            Case {
                registered: "http://10.0.0.1/callback",
                given: "http://10.0.0.1/callback",
                matches: false,
            },
            Case {
                registered: "http://localhost.example.com/callback",
                given: "http://localhost.example.com/callback",
                matches: false,
            },
            Case {
                registered: "http://localhost:80@example.com/callback",
                given: "http://localhost:80@example.com/callback",
                matches: false,
            },
            Case {
                registered: "https://iam.example.com/callback;v=1",
                given: "https://iam.example.com/callback;v=1",
                matches: false,
            },
        ];
        for case in cases {
            assert_eq!(
                super::matches(case.registered, case.given),
                case.matches,
                "{} {}",
                case.registered,
                case.given
            );
        }
    }

    #[test]
    fn a_query_grows() {
        struct Case {
            uri: &'static str,
            grown: &'static str,
        }
        let cases = [
            Case {
                uri: "https://a.example/b",
                grown: "https://a.example/b?state=x+%26y",
            },
            Case {
                uri: "https://a.example/b?",
                grown: "https://a.example/b?state=x+%26y",
            },
            Case {
                uri: "https://a.example/b?c=d",
                grown: "https://a.example/b?c=d&state=x+%26y",
            },
            Case {
                uri: "https://a.example/b?c=d#e",
                grown: "https://a.example/b?c=d&state=x+%26y#e",
            },
        ];
        for Case { uri, grown } in cases {
            assert_eq!(with_query(uri, &[("state", "x &y")]), grown, "{uri}");
        }
    }
}
