//! What a client or a browser asks.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::secret::Secret;

/// The fields of a query or a form, in order. `Debug` shows their names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, Secret)>);

impl Fields {
    /// Reads `a=b&c=d`, with `+` and `%` as forms have them.
    #[must_use]
    pub fn parse(text: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(text)
            .map(|(name, value)| (name.into_owned(), Secret::new(value.into_owned())));
        Self(pairs.collect())
    }

    /// The value of a field: the last one, where there are more. An empty one counts as missing
    /// (RFC 6749, 3.1 and 3.2).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter().rev();
        let (_, value) = fields.find(|(other, _)| other == name)?;
        Some(value.expose()).filter(|value| !value.is_empty())
    }

    /// The names of the fields, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// A request as it came in. `Debug` shows nothing that may be secret.
#[derive(Clone, Default)]
pub struct Request {
    /// `GET`, `POST` or another.
    pub method: String,
    /// The path, as it was written: `/auth/openid/token`.
    pub path: String,
    /// The query, as it was written.
    pub raw_query: String,
    /// The headers, in order, their names in small letters.
    pub headers: Vec<(String, Secret)>,
    /// The form in the body. It is empty where the body is anything else.
    pub form: Fields,
}

/// What an `Authorization` header holds.
#[derive(Debug, Clone)]
pub enum Authorization {
    /// There is none, or it is of a kind that nobody asked for.
    None,
    /// The name and secret of a client, which are not percent-decoded: Gafaelfawr and others do
    /// not, against RFC 6749, 2.3.1.
    Basic(String, Secret),
    /// A token (RFC 6750, 2.1).
    Bearer(Secret),
    /// It is Basic, without a name and a secret that can be read.
    BadBasic,
    /// It is no kind with one word behind it.
    Malformed,
}

impl Request {
    /// The value of a header, by its name in small letters. The first one counts.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(other, _)| other == name)?;
        Some(value.expose())
    }

    /// The query's fields.
    #[must_use]
    pub fn query(&self) -> Fields {
        Fields::parse(self.raw_query.as_bytes())
    }

    /// The value of a cookie (RFC 6265, 4.2).
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.header("cookie")?.split(';');
        let mut pairs = cookies.filter_map(|pair| pair.trim().split_once('='));
        Some(pairs.find(|(other, _)| *other == name)?.1)
    }

    /// What the `Authorization` header holds.
    #[must_use]
    pub fn authorization(&self) -> Authorization {
        let Some(header) = self.header("authorization") else {
            return Authorization::None;
        };
        let (scheme, rest) = header.split_once(' ').unwrap_or((header, ""));
        let rest = rest.trim();
        match scheme.to_ascii_lowercase().as_str() {
            "basic" => basic(rest).unwrap_or(Authorization::BadBasic),
            _ if rest.is_empty() => Authorization::Malformed,
            "bearer" if rest.contains(' ') => Authorization::Malformed,
            "bearer" => Authorization::Bearer(Secret::new(rest)),
            _ => Authorization::None,
        }
    }
}

fn basic(text: &str) -> Option<Authorization> {
    let decoded = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some(Authorization::Basic(id.to_owned(), Secret::new(secret)))
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {:?}", self.method, self.path, self.form)
    }
}
