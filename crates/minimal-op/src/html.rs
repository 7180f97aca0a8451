//! The pages: plain HTML without scripts.

use std::fmt::Write as _;

/// A text as it stands in HTML, between tags or in a quoted attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

const STYLE: &str = "body { font: 1rem/1.5 sans-serif; max-width: 30rem; margin: 4rem auto; \
                     padding: 0 1rem } label { display: block; margin: 1rem 0 } input { display: \
                     block; font: inherit; width: 100%; box-sizing: border-box } button { font: \
                     inherit } small { color: #555 }";

/// A page with a heading and HTML below it.
fn page(heading: &str, content: &str) -> String {
    let heading = escaped(heading);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{heading}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{heading}</h1>\n\
         {content}\n<p><small>minimal-op: for tests and demos only</small></p>\n</body>\n</html>\n"
    )
}

/// A page that says one thing.
pub(crate) fn message_page(heading: &str, text: &str) -> String {
    page(heading, &format!("<p>{}</p>", escaped(text)))
}

/// What the form to log in shows.
pub(crate) struct LoginForm<'a> {
    /// Where the form is sent.
    pub(crate) action: &'a str,
    /// Where to go after it.
    pub(crate) rd: &'a str,
    /// What was typed the last time.
    pub(crate) username: &'a str,
    /// Who can log in.
    pub(crate) users: Vec<&'a str>,
    /// What was wrong the last time.
    pub(crate) trouble: Option<&'a str>,
}

/// The form to log in. It names all users: there are no secrets in a demo but passwords.
pub(crate) fn login_page(form: LoginForm<'_>) -> String {
    let mut options = String::new();
    for user in form.users {
        // Writing to a string does not fail.
        let _ = write!(options, "<option value=\"{}\">", escaped(user));
    }
    let trouble = form.trouble.map_or_else(String::new, |text| {
        format!("<p role=\"alert\"><strong>{}</strong></p>\n", escaped(text))
    });
    let content = format!(
        "{trouble}<form method=\"post\" action=\"{action}\">\n\
         <input type=\"hidden\" name=\"rd\" value=\"{rd}\">\n\
         <label>User <input name=\"username\" value=\"{username}\" list=\"users\" required \
         autofocus></label>\n<datalist id=\"users\">{options}</datalist>\n\
         <label>Password, if there is one <input name=\"password\" type=\"password\"></label>\n\
         <button>Log in</button>\n</form>",
        action = escaped(form.action),
        rd = escaped(form.rd),
        username = escaped(form.username),
    );
    page("Log in", &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_comes_from_outside_is_html() {
        let evil = "\"'><script>&";
        let form = LoginForm {
            action: evil,
            rd: evil,
            username: evil,
            users: vec![evil],
            trouble: Some(evil),
        };
        for html in [login_page(form), message_page(evil, evil)] {
            assert!(!html.contains("<script"), "{html}");
            assert!(!html.contains("\"'>"), "{html}");
            assert!(
                html.contains("&quot;&#39;&gt;&lt;script&gt;&amp;"),
                "{html}"
            );
        }
    }
}
