//! Web URLs, parsed as far as the checks need.

/// A URL with the scheme `http` or `https` and a host.
#[derive(Debug, Clone, Copy)]
pub(super) struct Url<'a> {
    /// All of it, without the query and the fragment.
    pub(super) whole: &'a str,
    /// `http` or `https`.
    pub(super) scheme: &'a str,
    /// As it was written, without the user, the port and the brackets of IPv6.
    pub(super) host: &'a str,
    /// Scheme, host and port: everything before the path.
    pub(super) origin: &'a str,
    /// From the slash after the host up to the query or the fragment.
    pub(super) path: &'a str,
    /// The fragment, without its `#`.
    pub(super) fragment: Option<&'a str>,
}

impl<'a> Url<'a> {
    /// Parses `text`; `None` if it is not such a URL.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (before, fragment) = match text.split_once('#') {
            Some((before, fragment)) => (before, Some(fragment)),
            None => (text, None),
        };
        let whole = before.split('?').next()?;
        let (scheme, rest) = whole.split_once("://")?;
        let end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let host = authority.rsplit('@').next()?;
        let host = match host.strip_prefix('[') {
            Some(v6) => v6.split(']').next()?,
            None => host.split(':').next()?,
        };
        let origin = &whole[..whole.len() - path.len()];
        (matches!(scheme, "http" | "https") && !host.is_empty()).then_some(Self {
            whole,
            scheme,
            host,
            origin,
            path,
            fragment,
        })
    }

    /// Whether the host is `domain` or below it.
    pub(super) fn is_at(&self, domain: &str) -> bool {
        let host = self.host.to_ascii_lowercase();
        host == domain
            || host
                .strip_suffix(domain)
                .is_some_and(|rest| rest.ends_with('.'))
    }

    /// The segments of the path, without the empty ones at its ends.
    pub(super) fn segments(&self) -> Vec<&'a str> {
        let path = self.path.trim_matches('/');
        if path.is_empty() {
            return Vec::new();
        }
        path.split('/').collect()
    }

    /// Whether the host is this machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.address().is_some_and(|address| address.is_loopback())
    }

    /// The host, if it is an IP address.
    pub(super) fn address(&self) -> Option<std::net::IpAddr> {
        self.host.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        for (text, parts) in [
            (
                "https://a.b/c/d/",
                Some(("a.b", "https://a.b", "/c/d/", None)),
            ),
            (
                "https://u:p@a.b:1/c?d#e",
                Some(("a.b", "https://u:p@a.b:1", "/c", Some("e"))),
            ),
            ("http://[::1]:8", Some(("::1", "http://[::1]:8", "", None))),
            ("https://a#b/c", Some(("a", "https://a", "", Some("b/c")))),
            ("https:///a", None),
            ("ftp://a", None),
            ("a.b", None),
        ] {
            let url = Url::parse(text).map(|url| (url.host, url.origin, url.path, url.fragment));
            assert_eq!(url, parts, "{text}");
        }
    }
}
