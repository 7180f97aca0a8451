//! The endpoints of a provider that applications use without Kratos between.

use external_provider::plain_scalar;

use super::absolute_uri::is_absolute_uri;
use super::url::Url;
use crate::finding::{Code, Finding, Fix};

/// What a discovery document's URL contains.
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// The URL that `text` stands for, the value of `option`, and what may be wrong with it. An endpoint
/// has no fragment (RFC 6749, 3.1 and 3.2).
///
/// # Errors
///
/// What is certainly wrong with it.
pub fn check(option: &str, text: &str) -> Result<(String, Option<Finding>), Finding> {
    let text = plain_scalar::trimmed(text);
    let refuse =
        |code, problem: &str, to: &str| Err(Finding::new(code, option, problem, Fix::set(to)));
    let not_a_url = |problem| refuse(Code::EndpointNotAUrl, problem, "<URL of the endpoint>");
    if text.contains(DISCOVERY) {
        let member = if option == "jwks_endpoint" {
            "jwks_uri"
        } else {
            option
        };
        return refuse(
            Code::EndpointIsDiscovery,
            "this is the URL of the discovery document, not the endpoint",
            &format!("<the value of {member} in that document>"),
        );
    }
    if !text.bytes().all(is_of_a_url) {
        return not_a_url("has a character that a URL cannot have");
    }
    let Some(url) = Url::parse(text).filter(|_| is_absolute_uri(text)) else {
        return not_a_url("must start with https:// (or http://) and a host");
    };
    if url.fragment.is_some() {
        return not_a_url("an endpoint cannot have a fragment, which is the part from # on");
    }
    if url.origin.contains('@') {
        return not_a_url("must not contain a user's name or password");
    }
    let is_insecure = url.scheme == "http" && !url.is_loopback();
    let finding = is_insecure.then(|| {
        Finding::new(
            Code::EndpointWithoutTls,
            option,
            "with http, others can read and change what the provider sends",
            Fix::set("<the same with https, if the provider supports it>"),
        )
    });
    Ok((text.to_owned(), finding))
}

/// Whether two URLs are at one host, or in one domain: the last two labels are the same. Some
/// providers have endpoints in another domain than their issuer, so this proves nothing.
#[must_use]
pub fn is_near(one: &str, other: &str) -> bool {
    let domain = |url| {
        let url = Url::parse(url)?;
        let host = url.host.to_ascii_lowercase();
        let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
        let start = dots.nth(1).filter(|_| url.address().is_none());
        Some(host[start.map_or(0, |at| at + 1)..].to_owned())
    };
    domain(one) == domain(other)
}

/// Whether a URL may contain this (RFC 3986, appendix A). The templates in documentation have
/// braces and angle brackets.
fn is_of_a_url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_web_url_without_a_fragment() {
        struct Case {
            name: &'static str,
            text: &'static str,
            found: Option<Code>,
        }

        use Code::{EndpointIsDiscovery, EndpointNotAUrl, EndpointWithoutTls};
        for Case { name, text, found } in [
            Case {
                name: "a URL",
                text: "https://op.example.com/token",
                found: None,
            },
            Case {
                name: "with a query, as of Azure AD B2C",
                text: "https://login.example.com/token?p=b2c_1_signin",
                found: None,
            },
            Case {
                name: "with a port and white space around it",
                text: " https://[2001:db8::1]:8443/token\n",
                found: None,
            },
            Case {
                name: "keys at a well-known path",
                text: "https://op.example.com/.well-known/jwks.json",
                found: None,
            },
            Case {
                name: "this machine",
                text: "http://127.0.0.1:8080/token",
                found: None,
            },
            Case {
                name: "no TLS",
                text: "http://op.example.com/token",
                found: Some(EndpointWithoutTls),
            },
            Case {
                name: "a path",
                text: "/oauth2/token",
                found: Some(EndpointNotAUrl),
            },
            Case {
                name: "a host",
                text: "op.example.com/token",
                found: Some(EndpointNotAUrl),
            },
            Case {
                name: "no host",
                text: "https:///token",
                found: Some(EndpointNotAUrl),
            },
            Case {
                name: "another scheme",
                text: "ftp://op.example.com/token",
                found: Some(EndpointNotAUrl),
            },
            Case {
                name: "a template",
                text: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
                found: Some(EndpointNotAUrl),
            },
            Case {
                name: "two URLs",
                text: "https://op.example.com/token https://op.example.com/auth",
                found: Some(EndpointNotAUrl),
            },
            Case {
                name: "a bad escape",
                text: "https://op.example.com/%zz",
                found: Some(EndpointNotAUrl),
            },
            Case {
                name: "a fragment",
                text: "https://op.example.com/token#x",
                found: Some(EndpointNotAUrl),
            },
            Case {
                name: "a password",
                text: "https://me:secret@op.example.com/token",
                found: Some(EndpointNotAUrl),
            },
            Case {
                name: "the discovery document",
                text: "https://op.example.com/.well-known/openid-configuration",
                found: Some(EndpointIsDiscovery),
            },
        ] {
            let outcome = check("token_endpoint", text);
            let code = match &outcome {
                Ok((url, finding)) => {
                    assert_eq!(url, text.trim(), "{name}");
                    finding.as_ref().map(|one| one.code)
                }
                Err(finding) => Some(finding.code),
            };
            assert_eq!(code, found, "{name}: {outcome:?}");
        }
    }

    #[test]
    fn endpoints_are_near_their_issuer_or_not() {
        let issuer = "https://op.example.com/realms/x";
        for (url, is_near) in [
            ("https://op.example.com/token", true),
            ("https://login.EXAMPLE.com:8443/token", true),
            ("https://example.com/token", true),
            ("https://op.example.org/token", false),
            ("https://10.0.0.1/token", false),
            ("", false),
        ] {
            assert_eq!(super::is_near(url, issuer), is_near, "{url}");
        }
        assert!(!super::is_near("http://10.0.0.1/a", "http://11.0.0.1/b"));
        assert!(super::is_near(
            "http://localhost:1/a",
            "http://localhost:2/b"
        ));
    }

    #[test]
    fn the_document_calls_the_keys_by_another_name() {
        let url = "https://op.example.com/.well-known/openid-configuration";
        let advice = |option| check(option, url).unwrap_err().advice("idp");
        assert!(advice("jwks_endpoint").contains("the value of jwks_uri"));
        assert!(advice("token_endpoint").contains("the value of token_endpoint"));
    }
}
