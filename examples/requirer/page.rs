//! A login page for a browser, with a button for each provider, as Kratos' users see one. It is there
//! until somebody has logged in.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use external_provider::{Provider, Registered};
use juju_hook::json;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::login::{Login, Result};

/// Browsers open connections on which they say nothing.
const PATIENCE: Duration = Duration::from_millis(500);
const LONGEST_HEAD: u64 = 8192;

/// Shows the page at `public_url`, and gives what the provider says of the first user who logs in.
pub(crate) fn log_in(
    public_url: &str,
    providers: &[Provider],
    registered: &[Registered],
) -> Result<Map<String, Value>> {
    let address = public_url.strip_prefix("http://").unwrap_or(public_url);
    let address: SocketAddr = address.trim_end_matches('/').parse().map_err(|_| {
        format!(
            "a browser reaches this charm only at a public-url such as http://127.0.0.1:4433, not at \
             {public_url}"
        )
    })?;
    if !address.ip().is_loopback() {
        return Err(format!("{} is not an address of this machine only", address.ip()).into());
    }
    let listener = TcpListener::bind(address).map_err(|error| format!("{address}: {error}"))?;
    loop {
        let (mut browser, _) = listener.accept()?;
        // A browser that has gone away, or says nothing, is nobody's failure.
        let Some(target) = target(&browser) else {
            continue;
        };
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        if path == "/" {
            let _ = answer(&mut browser, "200 OK", "", &buttons(providers, registered));
            continue;
        }
        let chosen = providers.iter().zip(registered).find(|(_, one)| {
            let start = query.strip_prefix("provider=");
            let start = start.map(|id| percent_decode_str(id).decode_utf8_lossy());
            (path == "/login" && start.as_deref() == Some(&one.provider_id))
                || one.redirect_uri == format!("{}{path}", public_url.trim_end_matches('/'))
        });
        let Some((provider, one)) = chosen else {
            let _ = answer(
                &mut browser,
                "404 Not Found",
                "",
                "<p>There is nothing here.</p>",
            );
            continue;
        };
        let login = Login::at(provider, &one.redirect_uri);
        if path == "/login" {
            let _ = match login.and_then(|login| login.start()) {
                Ok(url) => answer(
                    &mut browser,
                    "303 See Other",
                    &format!("Location: {url}\r\n"),
                    "",
                ),
                Err(error) => refuse(&mut browser, &error.to_string()),
            };
            continue;
        }
        match login.and_then(|login| login.redeem(query)) {
            Ok(claims) => {
                let said = json::encode(&claims).into_exposed();
                let page = format!("<h1>Logged in</h1>\n<pre>{}</pre>", escaped(&said));
                let _ = answer(&mut browser, "200 OK", "", &page);
                return Ok(claims);
            }
            Err(error) => {
                let _ = refuse(&mut browser, &error.to_string());
            }
        }
    }
}

/// What the browser asks for.
fn target(browser: &TcpStream) -> Option<String> {
    browser.set_read_timeout(Some(PATIENCE)).ok()?;
    let mut lines = BufReader::new(browser.take(LONGEST_HEAD));
    let mut first = String::new();
    lines.read_line(&mut first).ok()?;
    // What is not read makes the answer get lost.
    let mut header = String::new();
    while lines.read_line(&mut header).ok()? > 2 {
        header.clear();
    }
    let target = first.strip_prefix("GET ")?.split(' ').next()?;
    Some(target.to_owned())
}

fn buttons(providers: &[Provider], registered: &[Registered]) -> String {
    let mut page = "<h1>Sign in</h1>\n<form action=\"/login\">\n".to_owned();
    for (provider, one) in providers.iter().zip(registered) {
        // Writing to a string does not fail.
        let _ = writeln!(
            page,
            "<button name=\"provider\" value=\"{}\">Sign in with {}</button>",
            escaped(&one.provider_id),
            escaped(&provider.client().label),
        );
    }
    page + "</form>"
}

fn refuse(browser: &mut TcpStream, error: &str) -> std::io::Result<()> {
    let page = format!("<h1>The login failed</h1>\n<p>{}</p>", escaped(error));
    answer(browser, "502 Bad Gateway", "", &page)
}

const STYLE: &str = "body { font: 1rem/1.5 sans-serif; max-width: 30rem; margin: 4rem auto; \
                     padding: 0 1rem } button { font: inherit; display: block; width: 100%; \
                     margin: 1rem 0; padding: .5rem } pre { white-space: pre-wrap } small { color: \
                     #555 }";

fn answer(
    browser: &mut TcpStream,
    status: &str,
    headers: &str,
    content: &str,
) -> std::io::Result<()> {
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>Sign in</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{content}\n\
         <p><small>examples/requirer, in the place of Kratos</small></p>\n</body>\n</html>\n"
    );
    let length = page.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n\
         Content-Length: {length}\r\nConnection: close\r\n{headers}\r\n"
    );
    browser.write_all((head + &page).as_bytes())
}

/// A text as it stands in HTML, between tags or in a quoted attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
