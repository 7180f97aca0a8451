//! The only door to the network: requests that are bounded, and go nowhere that they should not.

use std::cell::RefCell;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use ureq::http::{HeaderMap, Response, Uri};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Proxy};

use super::question::Proxies;
use super::unreachable::Unreachable;

/// The longest that one answer may take.
const ANSWER_TIME: Duration = Duration::from_secs(10);

/// The longest that all answers together may take.
const TIME: Duration = Duration::from_secs(45);

/// The most that is read of an answer, in bytes: as much as Kratos reads of a discovery document.
const BODY_LIMIT: u64 = 1024 * 1024;

/// The most that is read of an answer's headers, in bytes.
const HEADER_LIMIT: usize = 64 * 1024;

/// How often a request for a document is sent elsewhere: as often as Go's client, which Kratos
/// uses, follows.
const REDIRECTS: usize = 9;

/// A way to one provider.
pub(super) struct Network {
    agent: Agent,
    proxies: Proxies,
    /// Whether requests may go out in plain text.
    plain: bool,
    start: Instant,
    /// What the answers so far say of the time.
    offsets: RefCell<Vec<Offset>>,
}

/// An answer.
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// Where it sends whoever asked, if it does.
    pub(super) location: Option<String>,
    /// The body, as text; empty where it sends elsewhere, since nobody reads that.
    pub(super) body: String,
}

/// How far another clock is off, at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offset {
    /// It is ahead of ours.
    Ahead(Duration),
    /// It is behind ours.
    Behind(Duration),
}

impl Network {
    /// A way out of here through `proxies`, on which `certificates`, in PEM, are trusted beside
    /// those of the system. Everything together takes no more than [`TIME`].
    ///
    /// # Errors
    ///
    /// What is wrong with `certificates`.
    pub(super) fn new(
        certificates: &[String],
        proxies: Proxies,
        plain: bool,
    ) -> Result<Self, &'static str> {
        // Those that cannot be read are not trusted; what fails then says so.
        let of_the_system = rustls_native_certs::load_native_certs().certs.into_iter();
        let of_the_system = of_the_system.map(|one| Certificate::from_der(&one).to_owned());
        let mut roots: Vec<_> = of_the_system.collect();
        for pem in certificates {
            roots.extend(certificates_in(pem)?);
        }
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&roots))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(HEADER_LIMIT)
            .user_agent("kratos-external-idp-integrator")
            .proxy(None)
            .tls_config(tls)
            .build();
        Ok(Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), Public::default()),
            proxies,
            plain,
            start: Instant::now(),
            offsets: RefCell::default(),
        })
    }

    /// Gets a document, wherever it is.
    ///
    /// # Errors
    ///
    /// If there is no answer.
    pub(super) fn document(&self, url: &str) -> Result<Answer, Unreachable> {
        let mut url = url.to_owned();
        for _ in 0..=REDIRECTS {
            let answer = self.get(&url)?;
            match &answer.location {
                Some(location) => url = joined(&url, location).ok_or(Unreachable::NotAUrl)?,
                None => return Ok(answer),
            }
        }
        Err(Unreachable::TooManyRedirects(REDIRECTS))
    }

    /// Asks once, and follows nothing.
    ///
    /// # Errors
    ///
    /// If there is no answer.
    pub(super) fn get(&self, url: &str) -> Result<Answer, Unreachable> {
        let (uri, proxy, time) = self.prepared(url)?;
        let asked = SystemTime::now();
        let request = self
            .agent
            .get(uri)
            .config()
            .proxy(proxy)
            .timeout_global(Some(time));
        let request = request
            .build()
            .header("Accept", "application/json, */*;q=0.5");
        self.read(request.call()?, asked)
    }

    /// Posts a form once, and follows nothing. `authorization` is the header of that name.
    ///
    /// # Errors
    ///
    /// If there is no answer.
    pub(super) fn post(
        &self,
        url: &str,
        authorization: Option<&str>,
        form: &str,
    ) -> Result<Answer, Unreachable> {
        let (uri, proxy, time) = self.prepared(url)?;
        let asked = SystemTime::now();
        let request = self
            .agent
            .post(uri)
            .config()
            .proxy(proxy)
            .timeout_global(Some(time));
        let mut request = request
            .build()
            .header("Accept", "application/json")
            .content_type("application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization);
        }
        self.read(request.send(form)?, asked)
    }

    fn read(&self, mut answer: Response<Body>, asked: SystemTime) -> Result<Answer, Unreachable> {
        let offset = offset(answer.headers(), asked, SystemTime::now());
        self.offsets.borrow_mut().extend(offset);
        let status = answer.status().as_u16();
        let is_redirect = matches!(status, 301 | 302 | 303 | 307 | 308);
        let location = answer.headers().get("Location").filter(|_| is_redirect);
        let location = location.and_then(|location| Some(location.to_str().ok()?.to_owned()));
        let body = if location.is_none() {
            let body = answer.body_mut().with_config().limit(BODY_LIMIT);
            body.read_to_vec()?
        } else {
            Vec::new()
        };
        Ok(Answer {
            status,
            location,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    /// How far the provider's clock is off, if an answer so far says so. What a cache has kept is
    /// behind, and ahead by accident only: the answer that is least off counts.
    pub(super) fn offset(&self) -> Option<Offset> {
        let by = |one: &Offset| match one {
            Offset::Ahead(by) | Offset::Behind(by) => *by,
        };
        self.offsets.borrow().iter().copied().min_by_key(by)
    }

    /// `url`, if it may be asked, by which proxy, and how long that may take.
    fn prepared(&self, url: &str) -> Result<(Uri, Option<Proxy>, Duration), Unreachable> {
        let uri: Uri = url.parse().map_err(|_| Unreachable::NotAUrl)?;
        let host = uri.host().ok_or(Unreachable::NotAUrl)?;
        let proxy = match uri.scheme_str() {
            Some("https") => &self.proxies.https,
            Some("http") if self.plain => &self.proxies.http,
            Some("http") => return Err(Unreachable::PlainText),
            _ => return Err(Unreachable::NotAUrl),
        };
        // Where a proxy asks for us, nobody else looks at the address; and it may take more for one
        // than we do.
        match address(host) {
            Some(address) if is_link_local(address) => return Err(Unreachable::LinkLocal),
            None if looks_like_an_address(host) => return Err(Unreachable::NotAUrl),
            _ => {}
        }
        let none = self.proxies.none.as_deref();
        let goes_by_proxy = |_: &&String| !is_direct(host, uri.port_u16(), none);
        let proxy = proxy.as_ref().filter(goes_by_proxy);
        let proxy = proxy.map(|proxy| match proxy.split_once("://") {
            None | Some(("http" | "https", _)) => {
                Proxy::new(proxy).map_err(|_| Unreachable::BadProxy)
            }
            Some(_) => Err(Unreachable::BadProxy),
        });
        let left = TIME.saturating_sub(self.start.elapsed());
        if left.is_zero() {
            return Err(Unreachable::TooSlow);
        }
        let proxy = proxy.transpose()?;
        Ok((uri, proxy, left.min(ANSWER_TIME)))
    }
}

/// The certificates in a text. Juju reads the parameters of actions as YAML, which makes spaces of
/// the line breaks.
fn certificates_in(pem: &str) -> Result<Vec<Certificate<'static>>, &'static str> {
    let [begin, end] = ["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"];
    let unfolded = pem
        .replace(begin, &format!("\n{begin}\n"))
        .replace(end, &format!("\n{end}\n"));
    let items = parse_pem(unfolded.as_bytes()).map(|item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    });
    let certificates: Option<Vec<_>> = items.collect();
    let is_right = |found: &Vec<_>| !found.is_empty() || pem.trim().is_empty();
    let certificates = certificates.filter(is_right);
    certificates.ok_or("ca must contain certificates in PEM, and nothing else")
}

/// How far the clock is off that wrote the header `Date` between `asked` and `answered`. What a
/// cache has kept for a while (RFC 9111, 5.1) says nothing.
fn offset(headers: &HeaderMap, asked: SystemTime, answered: SystemTime) -> Option<Offset> {
    if headers.contains_key("Age") {
        return None;
    }
    let date = headers.get("Date")?.to_str().ok()?;
    let date = httpdate::parse_http_date(date).ok()?;
    // It has no fractions of a second.
    let behind = asked.duration_since(date + Duration::from_secs(1));
    Some(match (behind, date.duration_since(answered)) {
        (Ok(behind), _) => Offset::Behind(behind),
        (_, Ok(ahead)) => Offset::Ahead(ahead),
        _ => Offset::Ahead(Duration::ZERO),
    })
}

/// `location` seen from `url` (RFC 3986, 5.2), if it is of the usual forms.
fn joined(url: &str, location: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let start = location.split(['/', '?', '#']).next()?;
    if start.contains(':') {
        return Some(location.to_owned());
    }
    if let Some(rest) = location.strip_prefix("//") {
        return Some(format!("{scheme}://{rest}"));
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    if location.starts_with('/') {
        return Some(format!("{scheme}://{authority}{location}"));
    }
    let path = rest[authority.len()..].split(['?', '#']).next()?;
    if start.is_empty() {
        return Some(format!("{scheme}://{authority}{path}{location}"));
    }
    let (folder, _) = path.rsplit_once('/').unwrap_or_default();
    Some(format!("{scheme}://{authority}{folder}/{location}"))
}

/// The address that a host is, if it is not a name.
fn address(host: &str) -> Option<IpAddr> {
    unbracketed(host).parse().ok()
}

fn unbracketed(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

/// Whether a host is no address as we write them, but one for `inet_aton`, which takes `2852039166`
/// and `0xa9.254.1`: no top-level domain is a number.
fn looks_like_an_address(host: &str) -> bool {
    let last = host.trim_end_matches('.').rsplit('.').next();
    let last = last.unwrap_or_default().to_ascii_lowercase();
    let digits = last.strip_prefix("0x").unwrap_or(&last);
    let is_decimal = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal || (last.starts_with("0x") && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether an address is of the range that never leaves its network: `169.254.0.0/16`
/// (RFC 3927), `fe80::/10` (RFC 4291), or the former written as the latter.
fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => {
            address.is_unicast_link_local() || embedded(address).is_some_and(is_link_local)
        }
    }
}

/// The IPv4 address within an IPv6 one: `::ffff:0:0/96` and `::/96` (RFC 4291, 2.5.5),
/// `64:ff9b::/96` (RFC 6052), `64:ff9b:1::/48` (RFC 8215), and `2002::/16` (RFC 3056).
fn embedded(address: Ipv6Addr) -> Option<IpAddr> {
    let ([0x64, 0xff9b, 0 | 1, .., high, low] | [0x2002, high, low, ..]) = address.segments()
    else {
        return address.to_ipv4().map(IpAddr::V4);
    };
    let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
    Some(IpAddr::from([a, b, c, d]))
}

/// Whether `host` is reached without a proxy, as in Go's `httpproxy`: it is this machine, or on the
/// list `none`, which has hosts and what is below them, what is below a domain (`.` or `*.` before
/// it), networks, each with or without a port, or `*`.
fn is_direct(host: &str, port: Option<u16>, none: Option<&str>) -> bool {
    let bare = unbracketed(host);
    let is_loopback = address(host).is_some_and(|address| address.is_loopback());
    if bare.eq_ignore_ascii_case("localhost") || is_loopback {
        return true;
    }
    let entries = none.unwrap_or_default().split(',').map(str::trim);
    let mut entries = entries.filter(|entry| !entry.is_empty());
    entries.any(|entry| {
        if let Some((network, length)) = entry.split_once('/') {
            return is_within(bare, network, length).unwrap_or_default();
        }
        let (name, of_port) = match entry.rsplit_once(':') {
            // All that an IPv6 address without brackets has is colons.
            Some((name, digits)) if !name.contains(':') || name.ends_with(']') => {
                (name, digits.parse().ok())
            }
            _ => (entry, None),
        };
        if of_port.is_some() && of_port != port {
            return false;
        }
        let name = unbracketed(name);
        let domain = name.trim_start_matches('*').trim_start_matches('.');
        let is_it = domain == name && bare.eq_ignore_ascii_case(name);
        let start = bare.len().checked_sub(domain.len());
        let below = start.and_then(|start| Some((bare.get(..start)?, bare.get(start..)?)));
        let is_below = below
            .is_some_and(|(before, end)| before.ends_with('.') && end.eq_ignore_ascii_case(domain));
        name == "*" || is_it || is_below
    })
}

/// Whether `host` is an address of a network such as `10.0.0.0/8`.
fn is_within(host: &str, network: &str, length: &str) -> Option<bool> {
    let bits = |address: &str| match address.parse().ok()? {
        IpAddr::V4(address) => Some((u128::from(address.to_bits()), 32)),
        IpAddr::V6(address) => Some((address.to_bits(), 128_u32)),
    };
    let ((host, of_host), (network, of_network)) = (bits(host)?, bits(network)?);
    let ignored = of_network.checked_sub(length.parse().ok()?)?;
    let shifted = |bits: u128| bits.checked_shr(ignored).unwrap_or_default();
    Some(of_host == of_network && shifted(host) == shifted(network))
}

/// Finds addresses that are not link-local.
#[derive(Debug, Default)]
struct Public(DefaultResolver);

impl Resolver for Public {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self
            .0
            .resolve(uri, config, timeout)
            .map_err(|error| match error {
                // Why `getaddrinfo` fails is in its words only.
                ureq::Error::Io(_) => ureq::Error::HostNotFound,
                other => other,
            })?;
        let mut public = self.empty();
        for address in found.iter().filter(|one| !is_link_local(one.ip())) {
            public.push(*address);
        }
        if public.is_empty() {
            return Err(ureq::Error::Other(Box::new(Unreachable::LinkLocal)));
        }
        Ok(public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_local_addresses_are_known_in_every_form() {
        for (host, expected) in [
            ("169.254.169.254", true),
            ("[fe80::1]", true),
            ("[febf::1]", true),
            ("[::ffff:169.254.169.254]", true),
            ("[::169.254.1.1]", true),
            ("[64:ff9b::169.254.169.254]", true),
            ("[64:ff9b:1::169.254.169.254]", true),
            ("[2002:a9fe:a9fe::1]", true),
            ("169.253.0.1", false),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("[fec0::1]", false),
            ("[::1]", false),
        ] {
            assert_eq!(is_link_local(address(host).unwrap()), expected, "{host}");
        }
        for host in [
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "169.254.43518",
            "169.254.1.1.",
        ] {
            assert!(looks_like_an_address(host), "{host}");
        }
        for host in ["example.com", "0x.example", "1.example.", "a-1", ""] {
            assert!(!looks_like_an_address(host), "{host}");
            assert_eq!(address(host), None, "{host}");
        }
    }

    #[test]
    fn a_redirect_is_seen_from_where_it_is() {
        let url = "https://a.example/b/c?d";
        for (location, expected) in [
            ("https://x.example/y", "https://x.example/y"),
            ("//x.example/y", "https://x.example/y"),
            ("/y", "https://a.example/y"),
            ("y", "https://a.example/b/y"),
            ("?y", "https://a.example/b/c?y"),
            (
                "/y?z=https://x.example/",
                "https://a.example/y?z=https://x.example/",
            ),
            ("file:///etc/passwd", "file:///etc/passwd"),
        ] {
            assert_eq!(
                joined(url, location).as_deref(),
                Some(expected),
                "{location}"
            );
        }
        assert_eq!(
            joined("https://a.example", "y").unwrap(),
            "https://a.example/y"
        );
    }

    #[test]
    fn what_needs_no_proxy() {
        let none = Some(
            "plain.example, .corp.example,*.lab,10.0.0.0/8,fd00::/8,2001:db8::1,[2001:db8::2]:8443,port.example:8443",
        );
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST", true),
            ("127.0.0.1", true),
            ("corp.example", false),
            ("idp.corp.example", true),
            ("plain.example", true),
            ("idp.plain.example", true),
            ("port.example", false),
            ("a.lab", true),
            ("10.200.1.1", true),
            ("[fd12::1]", true),
            ("[::1]", true),
            ("[2001:db8::1]", true),
            ("[2001:db8::2]", false),
            ("notcorp.example", false),
            ("11.0.0.1", false),
            ("localhost.example", false),
            ("é.example", false),
        ] {
            assert_eq!(is_direct(host, Some(443), none), expected, "{host}");
        }
        let direct = |host, port, none| is_direct(host, Some(port), Some(none));
        assert!(direct("port.example", 8443, "port.example:8443"));
        assert!(direct("[2001:db8::2]", 8443, "[2001:db8::2]:8443"));
        assert!(direct("anything", 443, "*"));
        assert!(!direct("anything", 443, ""));
        assert!(!direct("10.0.0.1", 443, "10.0.0.0/99,x/8,10.0.0.0/"));
    }

    #[test]
    fn a_clock_is_off_by_what_the_way_does_not_explain() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let seconds = Duration::from_secs;
        let offset = |date, age: bool| {
            let mut headers = HeaderMap::new();
            let date = httpdate::fmt_http_date(at(date));
            headers.insert("Date", date.parse().unwrap());
            if age {
                headers.insert("Age", "7".parse().unwrap());
            }
            offset(&headers, at(1000), at(1010))
        };
        assert_eq!(offset(1005, false), Some(Offset::Ahead(seconds(0))));
        assert_eq!(offset(1000, false), Some(Offset::Ahead(seconds(0))));
        assert_eq!(offset(1100, false), Some(Offset::Ahead(seconds(90))));
        assert_eq!(offset(900, false), Some(Offset::Behind(seconds(99))));
        assert_eq!(offset(900, true), None, "a cache's");
    }

    #[test]
    fn certificates_are_certificates() {
        assert!(certificates_in("").unwrap().is_empty());
        for pem in [
            "nonsense",
            "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ] {
            assert!(certificates_in(pem).is_err(), "{pem}");
        }
    }
}
