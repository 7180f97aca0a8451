//! The configuration checks: options that are set, but cannot work or may be wrong.
//!
//! There is one file per concern. A check that looks only at the settings is a function from a
//! `Subject` to findings, with a line in the table `CHECKS`. [`unsafe_values`] and [`redirect`] are
//! called elsewhere, since they need a whole provider or Kratos' URL. No check uses the network.

pub mod absolute_uri;
mod address;
mod apple;
mod credentials;
mod entra;
mod ignored;
mod issuer;
pub mod jsonnet_mapper;
mod kind;
mod microsoft;
mod mistake;
mod pem;
mod place_holder;
mod provider_id;
pub mod redirect;
mod scope;
mod secret_uri;
mod subject;
pub mod unsafe_values;
mod url;
mod well_known;
mod white_space;

use external_provider::Settings;

pub use self::subject::Mappers;
use self::subject::Subject;
pub use self::unsafe_values::UnsafeValues;
use crate::finding::Finding;

/// Every check, the most specific first: one mistake is one finding, and of two that find
/// something about one option, the first counts where both are as bad.
const CHECKS: [fn(&Subject<'_>) -> Vec<Finding>; 14] = [
    place_holder::check,
    well_known::check,
    issuer::check,
    credentials::check,
    secret_uri::check,
    microsoft::check,
    apple::check,
    provider_id::check,
    scope::check,
    jsonnet_mapper::check,
    address::check,
    ignored::check,
    kind::check,
    white_space::check,
];

/// The findings about one provider's settings, in which user secrets have replaced their URIs.
/// There are none if the kind is unknown. `mappers` is what the doctor says about each mapper.
#[must_use]
pub fn check(settings: &Settings, mappers: &Mappers) -> Vec<Finding> {
    let Some(kind) = settings.kind() else {
        return Vec::new();
    };
    let secret = settings.secret();
    let secret = secret.and_then(|(option, value)| Some((option, value.given()?)));
    let subject = Subject {
        kind,
        settings,
        secret,
        mapper: settings
            .jsonnet_mapper
            .as_deref()
            .and_then(|text| mappers.get(text)?.as_ref().err()),
    };
    CHECKS.iter().flat_map(|check| check(&subject)).collect()
}

#[cfg(test)]
mod tests {
    use doctor::mapper::{Flaw, SyntaxError};
    use external_provider::Kind;
    use juju_hook::Secret;

    use super::*;
    use crate::finding::{self, Severity};
    use crate::kinds::facts;

    /// The one mapper of which the doctor says that it is not Jsonnet.
    const NOT_JSONNET: &str = "{ identity: ";

    /// All that is found in these settings.
    fn findings(set: &[(&str, &str)]) -> Vec<Finding> {
        let mut settings = Settings::default();
        for (option, value) in set {
            settings.set(option, Some(Secret::new((*value).to_owned())));
        }
        let mapper = settings.jsonnet_mapper.clone();
        let asked = mapper.map(|text| {
            let flawed = || SyntaxError {
                line: 1,
                column: 1,
                problem: "a flaw".into(),
                flaw: Flaw::Mistake,
            };
            let answer = if text == NOT_JSONNET {
                Err(flawed())
            } else {
                Ok(())
            };
            (text, answer)
        });
        check(&settings, &asked.into_iter().collect())
    }

    /// What is kept of what is found about `option`: its code, and what to do.
    pub(super) fn about(option: &str, set: &[(&str, &str)]) -> Option<(finding::Code, String)> {
        let findings = finding::one_for_each_mistake(findings(set));
        let mut findings = findings.into_iter();
        let finding = findings.find(|one| one.place.option == option)?;
        Some((finding.code, finding.what_to_do("idp")))
    }

    /// The severities and options of what is found in these settings.
    fn found(set: &[(&str, &str)]) -> Vec<(Severity, String)> {
        let findings = finding::one_for_each_mistake(findings(set));
        let long = |(option, value): &&(&str, &str)| {
            value.len() > 13 && !matches!(*option, "issuer_url" | "scope")
        };
        for (_, value) in set.iter().filter(long) {
            assert!(
                !format!("{findings:?}").contains(value),
                "a value is quoted: {findings:?}"
            );
        }
        findings
            .into_iter()
            .map(|finding| (finding.severity, finding.place.option))
            .collect()
    }

    /// A P-256 key in PKCS#8, made for this test.
    pub(super) const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgU2BY0Fewmrx/4Rpq\n\
        NLCN2v+AXx10P/Jd3v/9n82G57ShRANCAAT3te3pbAxaKbCucv4dKndLSj5rT3OG\n\
        QE40CMWfp/Z5Tl1l+G+sLF8vHF5s3h3FZZU7Lk02cu0nkw5Ey1GYKZTi\n\
        -----END PRIVATE KEY-----\n";

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn real_mistakes_are_found() {
        use Severity::{Error, Note, Warning};
        let generic = |issuer| vec![("client_id", "c"), ("issuer_url", issuer)];
        let google = |option, value| vec![("provider", "google"), (option, value)];
        let microsoft = |option, value| vec![("provider", "microsoft"), (option, value)];
        let apple = |option, value| {
            vec![
                ("provider", "apple"),
                ("scope", "name email"),
                (option, value),
            ]
        };
        let kind = |kind| vec![("provider", kind)];
        let scope = |kind, scope| vec![("provider", kind), ("scope", scope)];
        let guid = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
        let (one_line, sec1) = (
            KEY.replace('\n', "\\n"),
            KEY.replace("BEGIN PRIVATE", "BEGIN EC PRIVATE")
                .replace("END PRIVATE", "END EC PRIVATE"),
        );
        let (indented, prefaced) = (
            format!("  {}", KEY.trim_end().replace('\n', "\n  ")),
            format!("Apple's key\n{KEY}"),
        );
        let (windows, quoted) = (KEY.replace('\n', "\r\n"), format!("{KEY:?}"));
        for (name, set, expected) in [
            (
                "a good issuer",
                generic("https://idp.example.com/realms/main"),
                vec![],
            ),
            (
                "a slash at its end is its own",
                generic("https://idp.example.com/"),
                vec![],
            ),
            (
                "not a URL",
                generic("not a url"),
                vec![(Error, "issuer_url")],
            ),
            (
                "no scheme",
                generic("idp.example.com"),
                vec![(Error, "issuer_url")],
            ),
            (
                "another scheme",
                generic("ftp://idp.example.com"),
                vec![(Warning, "issuer_url")],
            ),
            (
                "no host",
                generic("https:///realms"),
                vec![(Warning, "issuer_url")],
            ),
            (
                "white space",
                generic("https://idp.example.com/a b"),
                vec![(Warning, "issuer_url")],
            ),
            (
                "query",
                generic("https://idp.example.com/?x=1"),
                vec![(Warning, "issuer_url")],
            ),
            (
                "fragment",
                generic("https://idp.example.com/#x"),
                vec![(Warning, "issuer_url")],
            ),
            (
                "the document's URL",
                generic("https://idp.example.com/.well-known/openid-configuration"),
                vec![(Warning, "issuer_url")],
            ),
            (
                "http",
                generic("http://idp.example.com"),
                vec![(Note, "issuer_url")],
            ),
            ("http at home", generic("http://localhost:8080/x"), vec![]),
            (
                "http at home, by number",
                generic("http://127.0.1.1"),
                vec![],
            ),
            ("http at home, IPv6", generic("http://[::1]:8080"), vec![]),
            (
                "http at a lookalike",
                generic("http://localhost.evil"),
                vec![(Note, "issuer_url")],
            ),
            (
                "space after the id",
                google("client_id", "c "),
                vec![(Note, "client_id")],
            ),
            (
                "newline after the secret",
                google("client_secret", "GOCSPX-abc\n"),
                vec![(Note, "client_secret")],
            ),
            (
                "half a URI",
                google("client_secret", "secret:d0erdgfmp25c762i8np"),
                vec![(Error, "client_secret")],
            ),
            (
                "scopes with commas",
                scope("generic", "openid,email"),
                vec![(Warning, "scope")],
            ),
            (
                "Entra ID as generic",
                generic("https://login.microsoftonline.com/common/v2.0"),
                vec![(Warning, "issuer_url")],
            ),
            (
                "space inside",
                google("client_secret", "GOCSPX abc"),
                vec![],
            ),
            (
                "the secret's id",
                microsoft("client_secret", guid),
                vec![(Warning, "client_secret")],
            ),
            (
                "a GUID elsewhere is fine",
                google("client_secret", guid),
                vec![],
            ),
            ("common", microsoft("microsoft_tenant_id", "common"), vec![]),
            (
                "a tenant's id",
                microsoft("microsoft_tenant_id", guid),
                vec![],
            ),
            (
                "a domain",
                microsoft("microsoft_tenant_id", "contoso.onmicrosoft.com"),
                vec![],
            ),
            (
                "a display name",
                microsoft("microsoft_tenant_id", "Contoso Ltd"),
                vec![(Warning, "microsoft_tenant_id")],
            ),
            (
                "another word",
                microsoft("microsoft_tenant_id", "Common"),
                vec![(Warning, "microsoft_tenant_id")],
            ),
            ("a good key", apple("apple_private_key", KEY), vec![]),
            (
                "a good key from Windows",
                apple("apple_private_key", &windows),
                vec![],
            ),
            (
                "a good key in quotes",
                apple("apple_private_key", &quoted),
                vec![],
            ),
            (
                "a key on one line",
                apple("apple_private_key", &one_line),
                vec![(Warning, "apple_private_key")],
            ),
            (
                "a SEC1 key",
                apple("apple_private_key", &sec1),
                vec![(Warning, "apple_private_key")],
            ),
            (
                "no key",
                apple("apple_private_key", "garbage"),
                vec![(Warning, "apple_private_key")],
            ),
            ("a team", apple("apple_team_id", "KP76DQS54M"), vec![]),
            (
                "not a team",
                apple("apple_team_id", "TEAM"),
                vec![(Warning, "apple_team_id")],
            ),
            (
                "not a key's id",
                apple("apple_private_key_id", "UX56C6672?"),
                vec![(Warning, "apple_private_key_id")],
            ),
            ("a provider id", google("provider_id", "corp-sso_2"), vec![]),
            (
                "a slash in the id",
                google("provider_id", "a/b"),
                vec![(Warning, "provider_id")],
            ),
            ("a digit first", google("provider_id", "2fa.corp"), vec![]),
            ("a long id", google("provider_id", &"a".repeat(165)), vec![]),
            ("a colon", google("provider_id", "a:b+c"), vec![]),
            (
                "a space",
                google("provider_id", "a b"),
                vec![(Note, "provider_id")],
            ),
            (
                "a folder",
                google("provider_id", ".."),
                vec![(Warning, "provider_id")],
            ),
            (
                "Google's default scope",
                kind("google"),
                vec![(Note, "scope")],
            ),
            (
                "Apple's default scope",
                kind("apple"),
                vec![(Warning, "scope")],
            ),
            (
                "Auth0's default scope",
                kind("auth0"),
                vec![(Warning, "scope")],
            ),
            ("Auth0 with openid", scope("auth0", "openid email"), vec![]),
            (
                "GitLab without openid",
                scope("gitlab", "email"),
                vec![(Warning, "scope"), (Warning, "provider")],
            ),
            ("generic adds openid", scope("generic", "email"), vec![]),
            ("GitHub's default scope", kind("github"), vec![]),
            (
                "GitHub with another's scope",
                scope("github", "openid email"),
                vec![(Warning, "scope")],
            ),
            (
                "Discord's default scope",
                kind("discord"),
                vec![(Warning, "scope")],
            ),
            ("Discord", scope("discord", "identify email"), vec![]),
            (
                "Slack's default scope",
                kind("slack"),
                vec![(Warning, "scope")],
            ),
            (
                "Spotify's default scope",
                kind("spotify"),
                vec![(Warning, "scope"), (Warning, "jsonnet_mapper")],
            ),
            (
                "DingTalk's default scope",
                kind("dingtalk"),
                vec![
                    (Warning, "scope"),
                    (Warning, "jsonnet_mapper"),
                    (Warning, "provider"),
                ],
            ),
            (
                "DingTalk",
                scope("dingtalk", "openid corpid"),
                vec![(Warning, "jsonnet_mapper"), (Warning, "provider")],
            ),
            (
                "an issuer that the libraries drop",
                vec![
                    ("provider", "gitlab"),
                    ("scope", "openid"),
                    ("issuer_url", "https://gitlab.example.com"),
                ],
                vec![(Warning, "provider")],
            ),
            (
                "options of other kinds",
                vec![
                    ("client_id", "c"),
                    ("apple_team_id", "T"),
                    ("microsoft_tenant_id", "t"),
                ],
                vec![(Note, "microsoft_tenant_id"), (Note, "apple_team_id")],
            ),
            (
                "Apple takes no client secret",
                apple("client_secret", "s"),
                vec![(Note, "client_secret")],
            ),
            (
                "a mapper",
                google("jsonnet_mapper", "{ identity: { traits: {} } }"),
                vec![],
            ),
            (
                "no mapper",
                google("jsonnet_mapper", NOT_JSONNET),
                vec![(Warning, "jsonnet_mapper")],
            ),
            ("an unknown kind", kind("go0gle"), vec![]),
            (
                "id and secret swapped",
                vec![
                    ("provider", "google"),
                    ("client_id", "GOCSPX-example"),
                    ("client_secret", "123-abc.apps.googleusercontent.com"),
                ],
                vec![(Warning, "client_id")],
            ),
            (
                "an id for a secret",
                google("client_secret", "123-abc.apps.googleusercontent.com"),
                vec![(Warning, "client_secret")],
            ),
            (
                "Google's secret",
                google("client_secret", "GOCSPX-example"),
                vec![],
            ),
            (
                "a secret's URI for an id",
                google("client_id", "secret:d0erdgfmp25c762i8np0"),
                vec![(Warning, "client_id")],
            ),
            (
                "an Application ID URI",
                microsoft("client_id", "api://8eaef023-2b34-4da1-9baa-8bc8c9d6a490"),
                vec![(Warning, "client_id")],
            ),
            (
                "a client's name",
                microsoft("client_id", "kratos"),
                vec![(Warning, "client_id")],
            ),
            ("Entra's client id", microsoft("client_id", guid), vec![]),
            (
                "the tenant is the client",
                vec![
                    ("provider", "microsoft"),
                    ("client_id", guid),
                    ("microsoft_tenant_id", guid),
                ],
                vec![(Warning, "microsoft_tenant_id")],
            ),
            (
                "External ID",
                microsoft("microsoft_tenant_id", "contoso.ciamlogin.com"),
                vec![(Warning, "microsoft_tenant_id")],
            ),
            (
                "a GitHub App's id",
                vec![("provider", "github"), ("client_id", "123456")],
                vec![(Warning, "client_id")],
            ),
            (
                "a GitHub App's client id",
                vec![
                    ("provider", "github"),
                    ("client_id", "Iv1.0123456789abcdef"),
                ],
                vec![],
            ),
            (
                "a URL for an id, which some servers take",
                vec![
                    ("client_id", "https://client.example.com"),
                    ("issuer_url", "https://idp.example.com"),
                ],
                vec![(Note, "client_id")],
            ),
            (
                "a URL for an id",
                google("client_id", "https://client.example.com"),
                vec![(Warning, "client_id")],
            ),
            (
                "a placeholder",
                google("client_id", "<client-id>"),
                vec![(Note, "client_id")],
            ),
            (
                "Entra as generic, without a mapper",
                vec![
                    ("client_id", guid),
                    (
                        "issuer_url",
                        "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
                    ),
                ],
                vec![(Warning, "jsonnet_mapper")],
            ),
            (
                "Entra in China as generic, without a mapper",
                vec![
                    ("client_id", guid),
                    (
                        "issuer_url",
                        "https://login.partner.microsoftonline.cn/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
                    ),
                ],
                vec![(Warning, "jsonnet_mapper")],
            ),
            (
                "VK, without a mapper",
                vec![("provider", "vk"), ("client_id", "c")],
                vec![(Warning, "jsonnet_mapper")],
            ),
            (
                "VK, with one",
                vec![
                    ("provider", "vk"),
                    ("jsonnet_mapper", "{ identity: { traits: {} } }"),
                ],
                vec![],
            ),
            (
                "the default scope brings a phone number",
                vec![
                    ("client_id", "c"),
                    ("issuer_url", "https://idp.example.com"),
                    ("scope", "profile email address phone"),
                ],
                vec![(Note, "scope")],
            ),
            (
                "no email",
                scope("google", "openid profile"),
                vec![(Note, "scope")],
            ),
            (
                "scopes with semicolons",
                scope("google", "openid;email"),
                vec![(Warning, "scope")],
            ),
            (
                "scopes with pluses",
                scope("google", "openid+email"),
                vec![(Warning, "scope")],
            ),
            (
                "encoded scopes",
                scope("google", "openid%20email"),
                vec![(Warning, "scope")],
            ),
            (
                "commas that Facebook takes",
                scope("facebook", "email,public_profile"),
                vec![(Note, "scope")],
            ),
            (
                "commas within a scope of its own",
                scope("generic", "corp,all openid email"),
                vec![(Note, "scope")],
            ),
            (
                "a scope of its own, joined to another",
                scope("generic", "corp,openid email"),
                vec![(Warning, "scope")],
            ),
            (
                "Facebook's default scope",
                kind("facebook"),
                vec![(Note, "scope")],
            ),
            (
                "a scope of white space",
                scope("google", "  "),
                vec![(Note, "scope")],
            ),
            (
                "an indented key",
                apple("apple_private_key", &indented),
                vec![(Warning, "apple_private_key")],
            ),
            (
                "a key with text before it",
                apple("apple_private_key", &prefaced),
                vec![],
            ),
        ] {
            // The default scope is of no interest to the rows that are not about it.
            let mut set = set;
            let is_about_it = set.len() == 1 || set.iter().any(|(option, _)| *option == "scope");
            let word = set.iter().find(|(option, _)| *option == "provider");
            let kind = word.map_or(Some(Kind::Generic), |(_, word)| Kind::from_word(word));
            if let (false, Some(kind)) = (is_about_it, kind) {
                set.push(("scope", facts(kind).scope.suggestion));
            }
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(severity, option): (Severity, &str)| (severity, option.to_owned()))
                .collect();
            assert_eq!(found(&set), expected, "{name}");
        }
    }
}
