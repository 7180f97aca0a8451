//! What is answered.

use std::fmt;

use serde::Serialize;
use serde_json::json;

/// An answer, before it goes out. `Debug` shows its status only: the rest may be tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// The headers, in order, their names in small letters.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl Reply {
    fn new(status: u16, content_type: &str, body: String) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self {
            status,
            headers,
            body,
        }
    }

    /// An answer in JSON.
    pub(crate) fn json(status: u16, value: &impl Serialize) -> Self {
        // Nothing here has keys that are no strings, which is all that could fail.
        let body = serde_json::to_string(value).unwrap_or_default();
        Self::new(status, "application/json", body)
    }

    /// An answer as a form, as OAuth servers before RFC 6749 gave it.
    pub(crate) fn form(status: u16, fields: &[(&str, &str)]) -> Self {
        let mut body = form_urlencoded::Serializer::new(String::new());
        let body = body.extend_pairs(fields).finish();
        Self::new(
            status,
            "application/x-www-form-urlencoded; charset=utf-8",
            body,
        )
    }

    /// A page. It may load nothing, be framed nowhere, and tells other pages nothing of its address.
    pub(crate) fn html(status: u16, body: String) -> Self {
        Self::new(status, "text/html; charset=utf-8", body)
            .with(
                "content-security-policy",
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            )
            .with("referrer-policy", "no-referrer")
            .with("x-content-type-options", "nosniff")
            .with("cache-control", "no-store")
    }

    /// Sends the browser elsewhere: with 307, which Gafaelfawr uses, or 303 after a form.
    pub(crate) fn redirect(status: u16, location: &str) -> Self {
        Self {
            status,
            headers: vec![("location", location.to_owned())],
            body: String::new(),
        }
    }

    /// An error in the form of FastAPI, in which Gafaelfawr is written.
    pub(crate) fn detail(status: u16, kind: &str, message: &str, place: Option<&str>) -> Self {
        let mut detail = json!({"type": kind, "msg": message});
        if let Some(place) = place {
            detail["loc"] = json!(["query", place]);
        }
        Self::json(status, &json!({"detail": [detail]}))
    }

    /// What FastAPI says of fields that a query lacks.
    pub(crate) fn missing(fields: &[&str]) -> Self {
        let one = |field: &&str| {
            let place = ["query", field];
            json!({"type": "missing", "loc": place, "msg": "Field required", "input": null})
        };
        let details: Vec<_> = fields.iter().map(one).collect();
        Self::json(422, &json!({"detail": details}))
    }

    /// An error that is one text.
    pub(crate) fn text_detail(status: u16, message: &str) -> Self {
        Self::json(status, &json!({"detail": message}))
    }

    /// The same with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same, not to be kept by caches: it holds tokens (RFC 6749, 5.1).
    pub(crate) fn not_stored(self) -> Self {
        self.with("cache-control", "no-store")
            .with("pragma", "no-cache")
    }

    /// The value of a header, by its name in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        Some(headers.find(|(other, _)| *other == name)?.1.as_str())
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({})", self.status)
    }
}
