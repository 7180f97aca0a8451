//! As much of an HTTP client as the tests need: it follows nothing, and keeps cookies.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// An answer as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        Some(&headers.find(|(other, _)| other == name)?.1)
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// A field of the query that the answer redirects to.
    pub(crate) fn sent_back(&self, name: &str) -> Option<String> {
        field(self.location().split_once('?')?.1, name)
    }
}

/// A field of a query or a form.
pub(crate) fn field(text: &str, name: &str) -> Option<String> {
    let mut fields = form_urlencoded::parse(text.as_bytes());
    let (_, value) = fields.find(|(other, _)| other == name)?;
    Some(value.into_owned())
}

/// Fields as a form or a query.
pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(fields).finish()
}

/// The header for HTTP Basic.
pub(crate) fn basic(id: &str, secret: &str) -> String {
    let credentials = STANDARD.encode(format!("{id}:{secret}"));
    format!("Authorization: Basic {credentials}\r\n")
}

/// A client of one provider.
#[derive(Debug, Clone, Default)]
pub(crate) struct Client {
    /// `host:port`.
    pub(crate) address: String,
    cookies: BTreeMap<String, String>,
}

impl Client {
    /// A client of whoever listens at the host and port of this URL.
    pub(crate) fn of(url: &str) -> Self {
        let rest = url.strip_prefix("http://").unwrap();
        let address = rest.split('/').next().unwrap().to_owned();
        Self {
            address,
            ..Self::default()
        }
    }

    /// Sends a request with these header lines, each with its line break.
    pub(crate) fn send(&mut self, method: &str, target: &str, headers: &str, body: &str) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        let cookies = match cookies.as_slice() {
            [] => String::new(),
            some => format!("Cookie: {}\r\n", some.join("; ")),
        };
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Content-Length: {}\r\n{cookies}{headers}\r\n{body}",
            self.address,
            body.len(),
        );
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        });
        let answer = Answer {
            status: status.parse().unwrap(),
            headers: headers.collect(),
            body: body.to_owned(),
        };
        if let Some(cookie) = answer.header("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    pub(crate) fn get(&mut self, target: &str) -> Answer {
        self.send("GET", target, "", "")
    }

    /// Sends a form, with more header lines.
    pub(crate) fn post(&mut self, target: &str, headers: &str, form: &[(&str, &str)]) -> Answer {
        let headers = format!("Content-Type: application/x-www-form-urlencoded\r\n{headers}");
        self.send("POST", target, &headers, &encoded(form))
    }

    /// Asks the userinfo endpoint with an access token.
    pub(crate) fn user_info(&mut self, token: &str) -> Answer {
        let header = format!("Authorization: Bearer {token}\r\n");
        self.send("GET", "/auth/openid/userinfo", &header, "")
    }

    /// Logs in by the form, as a browser with no page open would.
    pub(crate) fn log_in(&mut self, username: &str, password: &str) {
        let form = [("username", username), ("password", password)];
        let answer = self.post("/login", "", &form);
        assert_eq!(answer.status, 303, "{answer:?}");
    }
}
