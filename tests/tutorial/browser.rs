//! The browser of the tutorial, which remembers one cookie.

use percent_encoding::percent_decode_str;
use ureq::http::Response;
use ureq::{Agent, Body};

pub(crate) struct Browser {
    agent: Agent,
    cookie: String,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        Self {
            agent,
            cookie: String::new(),
        }
    }

    /// The page at `url`, or where that leads, and its address; nothing, if nobody listens there.
    pub(crate) fn open(&mut self, url: &str) -> Option<(String, String)> {
        let request = self.agent.get(url).header("Cookie", &self.cookie);
        let answer = request.call().ok()?;
        Some(self.follow(url, answer))
    }

    /// Sends a form.
    pub(crate) fn send(&mut self, url: &str, fields: [(&str, &str); 2]) -> (String, String) {
        let answer = self.agent.post(url).send_form(fields).unwrap();
        self.follow(url, answer)
    }

    fn follow(&mut self, url: &str, mut answer: Response<Body>) -> (String, String) {
        let header = |name| Some(answer.headers().get(name)?.to_str().unwrap().to_owned());
        if let Some(cookie) = header("Set-Cookie") {
            cookie
                .split(';')
                .next()
                .unwrap()
                .clone_into(&mut self.cookie);
        }
        match header("Location") {
            None => (url.to_owned(), answer.body_mut().read_to_string().unwrap()),
            Some(path) if path.starts_with('/') => {
                let host = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
                self.open(&(host + &path)).unwrap()
            }
            Some(next) => self.open(&next).unwrap(),
        }
    }
}

/// A parameter of `url`.
pub(crate) fn parameter(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').unwrap();
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, _)| *key == name).unwrap();
    percent_decode_str(value)
        .decode_utf8()
        .unwrap()
        .into_owned()
}
