//! Which texts Kratos accepts as an issuer.
//!
//! The schema of Kratos' configuration requires a `uri` here. If it is not one, Kratos does not
//! start, and nobody can log in through any provider. [`is_absolute_uri`] tells beforehand.
//!
//! The schema's library, `ory/jsonschema`, decides what a `uri` is: a text that Go's `url.Parse`
//! accepts and that has a scheme (`IsAbs`). That is neither RFC 3986 nor what browsers do. A space
//! is allowed in the path but not in the host, and anything goes after `keycloak:` if no slash
//! follows.
//!
//! The rules are those of `net/url` in Go 1.26. Each function below names its counterpart there.
//! We compared them with Go itself on a million texts.
//!
//! Where Go's versions differ, these are the rules:
//!
//! * If a host has several colons, the port follows the last. This holds up to Go 1.25, and for a
//!   program whose `go.mod` names a Go before 1.26 (`urlstrictcolons=0`). Otherwise `http` and
//!   `https` allow only one.
//! * Brackets contain an IPv6 address. Go before 1.24.8 and 1.25.2 accepts any host there.

use std::net::Ipv6Addr;

/// Whether Kratos accepts `text` as an absolute URI.
///
/// It may still be the wrong issuer, but then only its own provider fails.
#[must_use]
pub fn is_absolute_uri(text: &str) -> bool {
    // `Parse`: the first `#` ends the URI. The fragment after it may have control characters
    // (`setFragment`).
    let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
    // `getScheme`: the scheme ends at the first colon. Without one, the URI is relative at best.
    let Some((scheme, rest)) = uri.split_once(':') else {
        return false;
    };
    // `parse`: a query may have anything but control characters, which are allowed nowhere.
    let hierarchy = rest.split_once('?').map_or(rest, |(before, _)| before);
    is_scheme(scheme)
        && !uri.bytes().any(|byte| byte.is_ascii_control())
        && is_hierarchy(hierarchy)
        && is_well_escaped(fragment)
}

/// `getScheme`.
fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Whether this may be between the scheme and the query: `parse`.
fn is_hierarchy(hierarchy: &str) -> bool {
    // Opaque, as in `mailto:`: Go does not look at it.
    if !hierarchy.starts_with('/') {
        return true;
    }
    let (authority, path) = match hierarchy.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", hierarchy),
    };
    is_authority(authority) && is_well_escaped(path)
}

/// `parseAuthority`: the last `@` ends the user.
fn is_authority(authority: &str) -> bool {
    match authority.rsplit_once('@') {
        Some((user, host)) => is_user(user) && is_host(host),
        None => is_host(authority),
    }
}

/// `validUserinfo`, with a password or without.
fn is_user(user: &str) -> bool {
    let is_allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
    each_byte(user, is_allowed, |_| true)
}

/// A host, with a port or without: `parseHost`.
fn is_host(host: &str) -> bool {
    match host.rfind('[') {
        // The last `]` counts: there cannot be another within the brackets.
        Some(0) => host[1..]
            .rsplit_once(']')
            .is_some_and(|(address, port)| is_address(address) && is_port(port)),
        Some(_) => false,
        // The check for bytes that a host cannot have includes the port.
        None => {
            is_port(host.rfind(':').map_or("", |colon| &host[colon..]))
                && each_byte(host, is_literal_in_host, |byte| {
                    byte == b'%' || !byte.is_ascii()
                })
        }
    }
}

/// The part in brackets: an IPv6 address, perhaps with a zone after an escaped `%`.
///
/// Go's parser, `netip.ParseAddr`, accepts the same addresses as Rust's.
fn is_address(address: &str) -> bool {
    let (address, zone) = match address.split_once("%25") {
        Some((address, zone)) => (address, Some(zone)),
        None => (address, None),
    };
    address.parse::<Ipv6Addr>().is_ok() && zone.is_none_or(is_zone)
}

/// `unescape` with `encodeZone`: an escape may stand for a character that needs none, for a space
/// (Windows has zones with spaces), or for a `%`.
fn is_zone(zone: &str) -> bool {
    let is_escapable = |byte: u8| matches!(byte, b'%' | b' ') || is_in_host(byte);
    !zone.is_empty() && each_byte(zone, is_literal_in_host, is_escapable)
}

/// `validOptionalPort`: a port may be missing, empty or too large, but not a word.
fn is_port(port: &str) -> bool {
    port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The bytes that a host may contain unescaped.
fn is_literal_in_host(byte: u8) -> bool {
    is_in_host(byte) || !byte.is_ascii()
}

/// The ASCII characters of hosts: `shouldEscape` with `encodeHost`. They include quotation marks and
/// angle brackets, since there is no way to escape those.
fn is_in_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"".contains(&byte)
}

/// Whether two hexadecimal digits follow every `%`: `unescape`. A path and a fragment need nothing
/// else.
fn is_well_escaped(text: &str) -> bool {
    each_byte(text, |_| true, |_| true)
}

/// Whether each byte of `text` is allowed: by `is_literal` if it stands for itself, by
/// `is_escapable` if it is escaped. Escapes must be complete.
fn each_byte(
    text: &str,
    is_literal: impl Fn(u8) -> bool,
    is_escapable: impl Fn(u8) -> bool,
) -> bool {
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [] => return true,
            [b'%', high, low, after @ ..] => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) if is_escapable(high << 4 | low) => after,
                _ => return false,
            },
            [b'%', ..] => return false,
            [byte, after @ ..] if is_literal(*byte) => after,
            _ => return false,
        };
    }
}

/// The value of a hexadecimal digit.
fn hex(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks named rows: what Go 1.26 takes, and what it does not. The vectors have
    /// no reasons, and not all corners of the rules.
    fn check(taken: &[(&str, &str)], refused: &[(&str, &str)]) {
        for (name, text) in taken {
            assert!(is_absolute_uri(text), "{name}: {text:?}");
        }
        for (name, text) in refused {
            assert!(!is_absolute_uri(text), "{name}: {text:?}");
        }
    }

    #[test]
    fn a_uri_has_a_scheme() {
        check(
            &[
                ("an issuer", "https://idp.example.com/realms/x"),
                ("in capitals", "HTTPS://IDP.EXAMPLE.COM"),
                ("unknown, with all that it may have", "a1+-.://x"),
                ("of one letter", "a:b"),
                ("a host's name, with its port", "idp.example.com:8443"),
                ("and nothing else", "a:"),
            ],
            &[
                ("nothing", ""),
                ("a path", "/realms/x"),
                ("a host and a path", "idp.example.com/realms/x"),
                ("a host after slashes", "//idp.example.com"),
                ("a star", "*"),
                ("a colon first", "://idp.example.com"),
                ("a digit first", "1https://x"),
                ("an address with its port", "1.2.3.4:8080"),
                ("a plus first", "+a:b"),
                ("a space first", " https://x"),
                ("a space in it", "https ://x"),
                ("an underscore in it", "my_idp:8080"),
                ("an escape in it", "https%3A//x"),
                ("a letter that is not ASCII", "https\u{fc}://x"),
                ("a slash before the colon", "https/x:y"),
                ("a query before the colon", "https?x:y"),
                ("a fragment before the colon", "https#x:y"),
            ],
        );
    }

    #[test]
    fn control_characters_are_for_fragments_only() {
        check(
            &[
                ("in a fragment", "https://x/#\t\n\0\u{7f}"),
                ("of Latin 1, anywhere", "https://x\u{80}/\u{85}?\u{9f}"),
            ],
            &[
                ("a line feed at the end", "https://idp.example.com\n"),
                ("a tab in a path", "https://x/\ty"),
                ("a null in a query", "https://x?\0"),
                ("a delete in what is opaque", "a:\u{7f}"),
            ],
        );
    }

    #[test]
    fn an_escape_is_whole() {
        check(
            &[
                ("in a path", "https://x/%2f%2F"),
                ("of any byte", "https://x/%00%ff"),
                ("in a fragment", "https://x#%20"),
                ("in a user", "https://%00:%ff@x"),
                ("nobody looks at the query", "https://x?%zz"),
                ("nor at what is opaque", "a:%zz"),
            ],
            &[
                ("in a path", "https://x/%"),
                ("with one digit", "https://x/%2"),
                ("with a sign", "https://x/%+2"),
                ("with a letter", "https://x/%2g"),
                ("with a character that is not ASCII", "https://x/%2\u{fc}"),
                ("without a host", "https:/%zz"),
                ("in a fragment", "a:#%"),
                ("in a second fragment, which is the same", "a:#x#%"),
                ("in a user", "https://%@x"),
                ("in a password", "https://u:%4@x"),
            ],
        );
    }

    #[test]
    fn a_path_may_hold_anything_else() {
        check(
            &[
                ("spaces and brackets", "https://x/a b[{<|^`\\>}]\""),
                ("what is not ASCII", "https://x/\u{fc}\u{2028}"),
                ("a colon and an at sign", "https://x/:@"),
                ("without a host", "https:///a b"),
                ("without its slashes", "https:/a b"),
                ("slashes only", "https:////"),
                ("in a query", "https://x? {}#"),
                ("in a second query, which is the same", "https://x?a?b%"),
            ],
            &[],
        );
    }

    #[test]
    fn a_host_may_hold_little() {
        check(
            &[
                ("no host", "https://"),
                ("no host, but a query", "https://?x"),
                ("every sign there may be", "https://-_.~!$&'()*+,;=]<>\""),
                ("what is not ASCII", "https://\u{fc}\u{2028}"),
                ("the same, escaped", "https://%C3%bc%80"),
                ("a percent sign, escaped", "https://%25"),
            ],
            &[
                ("a space", "https://a b"),
                ("a space, escaped", "https://a%20b"),
                ("a letter, escaped", "https://%41"),
                ("half of an escape", "https://a%C"),
                ("a brace", "https://${HOST}/x"),
                ("a back slash", "https://x\\y"),
                ("a grave accent", "https://`x`"),
                ("a caret", "https://^"),
                ("a bar", "https://a|b"),
                ("a percent sign", "https://50%/"),
            ],
        );
    }

    #[test]
    fn a_port_is_digits() {
        check(
            &[
                ("a port", "https://x:8443/"),
                ("an empty one", "https://x:/"),
                ("one without a host", "https://:8443"),
                ("one that is too large", "https://x:99999999999999999999"),
                ("several colons, the last before the port", "https://::1/"),
                ("a word before the last colon", "https://x:y:8443"),
            ],
            &[
                ("a word", "https://x:https/"),
                ("a sign", "https://x:-1"),
                ("a digit that is not ASCII", "https://x:\u{663}"),
                ("an escape", "https://x:%38"),
                ("a word after the last colon", "https://x:1:y"),
            ],
        );
    }

    #[test]
    fn a_user_may_hold_less_than_a_host() {
        check(
            &[
                ("a user", "https://u@x"),
                ("and a password", "https://u:p:q@x"),
                ("none, but the sign", "https://@x"),
                ("without a host", "https://u@"),
                ("every sign there may be", "https://-._~!$&'()*+,;=:@@x"),
            ],
            &[
                ("a space", "https://user name@x"),
                ("what is not ASCII", "https://\u{fc}@x"),
                ("a quotation mark", "https://\"@x"),
                ("a bracket", "https://[::1]@x"),
                ("a brace", "https://{u}@x"),
            ],
        );
    }

    #[test]
    fn brackets_are_for_ipv6() {
        check(
            &[
                ("an address", "https://[::1]/"),
                ("and a port", "https://[2001:DB8::1]:8443/"),
                ("and an empty one", "https://[::]:"),
                ("a user", "https://u@[::1]"),
                ("IPv4 within IPv6", "https://[::ffff:1.2.3.4]"),
                ("eight groups", "https://[1:2:3:4:5:6:7:8]"),
                ("colons for one group", "https://[1:2:3:4:5:6:7::]"),
                ("a zone", "https://[fe80::1%25en0]:1"),
                ("a zone of odd signs", "https://[::1%25<\"']&]"),
                ("a zone with a space, escaped", "https://[::1%25a%20b]"),
                ("a zone of a percent sign", "https://[::1%25%25]"),
                ("a zone with a letter, escaped", "https://[::1%25%41]"),
                ("a zone that is not ASCII", "https://[::1%25\u{fc}]"),
            ],
            &[
                ("nothing", "https://[]"),
                ("a name", "https://[idp]"),
                ("IPv4", "https://[1.2.3.4]"),
                ("no end", "https://[::1"),
                ("no start, but colons", "https://::1]"),
                ("something before it", "https://a[::1]"),
                ("something after it", "https://[::1]a"),
                ("a second one", "https://[::1][::1]"),
                ("a second end", "https://[::1]]"),
                ("a port that is a word", "https://[::1]:x"),
                ("seven groups", "https://[1:2:3:4:5:6:7]"),
                ("nine groups", "https://[1:2:3:4:5:6:7:8:9]"),
                ("colons for no group", "https://[1:2:3:4::5:6:7:8]"),
                ("five digits", "https://[::12345]"),
                ("IPv4 with a zero before", "https://[::01.2.3.4]"),
                ("an escape", "https://[::%31]"),
                ("a percent sign that is not escaped", "https://[::1%en0]"),
                ("an empty zone", "https://[::1%25]"),
                ("a zone with a space", "https://[::1%25a b]"),
                ("a zone with a slash, escaped", "https://[::1%25%2f]"),
                ("a zone escaped for nothing", "https://[::1%25%C3%BC]"),
                ("a zone of IPv4", "https://[1.2.3.4%25a]"),
                ("a zone with a bracket", "https://[::1%25[]"),
            ],
        );
    }
}
