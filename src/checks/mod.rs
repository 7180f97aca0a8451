//! The configuration checks: options that are set, but cannot work or may be wrong.
//!
//! There is one file per concern. A check that looks only at the settings is a function from a
//! `Subject` to findings, with a line in the table `CHECKS`. [`unsafe_values`] and [`redirect`] are
//! called elsewhere, since they need a whole provider or a redirect URI, and so are [`endpoint`] and
//! [`ca_chain`], which concern applications only. No check uses the network.

pub mod absolute_uri;
mod address;
pub mod apple;
pub mod ca_chain;
mod credentials;
pub mod endpoint;
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
                at: None,
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
        struct Case<'a> {
            name: &'static str,
            set: Vec<(&'a str, &'a str)>,
            expected: Vec<(Severity, &'static str)>,
        }

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
        for Case {
            name,
            set,
            expected,
        } in [
            Case {
                name: "a good issuer",
                set: generic("https://idp.example.com/realms/main"),
                expected: vec![],
            },
            Case {
                name: "a slash at its end is its own",
                set: generic("https://idp.example.com/"),
                expected: vec![],
            },
            Case {
                name: "not a URL",
                set: generic("not a url"),
                expected: vec![(Error, "issuer_url")],
            },
            Case {
                name: "no scheme",
                set: generic("idp.example.com"),
                expected: vec![(Error, "issuer_url")],
            },
            Case {
                name: "another scheme",
                set: generic("ftp://idp.example.com"),
                expected: vec![(Warning, "issuer_url")],
            },
            Case {
                name: "no host",
                set: generic("https:///realms"),
                expected: vec![(Warning, "issuer_url")],
            },
            Case {
                name: "white space",
                set: generic("https://idp.example.com/a b"),
                expected: vec![(Warning, "issuer_url")],
            },
            Case {
                name: "query",
                set: generic("https://idp.example.com/?x=1"),
                expected: vec![(Warning, "issuer_url")],
            },
            Case {
                name: "fragment",
                set: generic("https://idp.example.com/#x"),
                expected: vec![(Warning, "issuer_url")],
            },
            Case {
                name: "the document's URL",
                set: generic("https://idp.example.com/.well-known/openid-configuration"),
                expected: vec![(Warning, "issuer_url")],
            },
            Case {
                name: "http",
                set: generic("http://idp.example.com"),
                expected: vec![(Note, "issuer_url")],
            },
            Case {
                name: "http at home",
                set: generic("http://localhost:8080/x"),
                expected: vec![],
            },
            Case {
                name: "http at home, by number",
                set: generic("http://127.0.1.1"),
                expected: vec![],
            },
            Case {
                name: "http at home, IPv6",
                set: generic("http://[::1]:8080"),
                expected: vec![],
            },
            Case {
                name: "http at a lookalike",
                set: generic("http://localhost.evil"),
                expected: vec![(Note, "issuer_url")],
            },
            Case {
                name: "space after the id",
                set: google("client_id", "c "),
                expected: vec![(Note, "client_id")],
            },
            Case {
                name: "newline after the secret",
                set: google("client_secret", "GOCSPX-abc\n"),
                expected: vec![(Note, "client_secret")],
            },
            Case {
                name: "half a URI",
                set: google("client_secret", "secret:d0erdgfmp25c762i8np"),
                expected: vec![(Error, "client_secret")],
            },
            Case {
                name: "scopes with commas",
                set: scope("generic", "openid,email"),
                expected: vec![(Warning, "scope")],
            },
            Case {
                name: "Entra ID as generic",
                set: generic("https://login.microsoftonline.com/common/v2.0"),
                expected: vec![(Warning, "issuer_url")],
            },
            Case {
                name: "space inside",
                set: google("client_secret", "GOCSPX abc"),
                expected: vec![],
            },
            Case {
                name: "the secret's id",
                set: microsoft("client_secret", guid),
                expected: vec![(Warning, "client_secret")],
            },
            Case {
                name: "a GUID elsewhere is fine",
                set: google("client_secret", guid),
                expected: vec![],
            },
            Case {
                name: "common",
                set: microsoft("microsoft_tenant_id", "common"),
                expected: vec![],
            },
            Case {
                name: "a tenant's id",
                set: microsoft("microsoft_tenant_id", guid),
                expected: vec![],
            },
            Case {
                name: "a domain",
                set: microsoft("microsoft_tenant_id", "contoso.onmicrosoft.com"),
                expected: vec![],
            },
            Case {
                name: "a display name",
                set: microsoft("microsoft_tenant_id", "Contoso Ltd"),
                expected: vec![(Warning, "microsoft_tenant_id")],
            },
            Case {
                name: "another word",
                set: microsoft("microsoft_tenant_id", "Common"),
                expected: vec![(Warning, "microsoft_tenant_id")],
            },
            Case {
                name: "a good key",
                set: apple("apple_private_key", KEY),
                expected: vec![],
            },
            Case {
                name: "a good key from Windows",
                set: apple("apple_private_key", &windows),
                expected: vec![],
            },
            Case {
                name: "a good key in quotes",
                set: apple("apple_private_key", &quoted),
                expected: vec![],
            },
            Case {
                name: "a key on one line",
                set: apple("apple_private_key", &one_line),
                expected: vec![(Warning, "apple_private_key")],
            },
            Case {
                name: "a SEC1 key",
                set: apple("apple_private_key", &sec1),
                expected: vec![(Warning, "apple_private_key")],
            },
            Case {
                name: "not a key",
                set: apple("apple_private_key", "garbage"),
                expected: vec![(Warning, "apple_private_key")],
            },
            Case {
                name: "a team",
                set: apple("apple_team_id", "KP76DQS54M"),
                expected: vec![],
            },
            Case {
                name: "not a team",
                set: apple("apple_team_id", "TEAM"),
                expected: vec![(Warning, "apple_team_id")],
            },
            Case {
                name: "not a key's id",
                set: apple("apple_private_key_id", "UX56C6672?"),
                expected: vec![(Warning, "apple_private_key_id")],
            },
            Case {
                name: "a provider id",
                set: google("provider_id", "corp-sso_2"),
                expected: vec![],
            },
            Case {
                name: "a slash in the id",
                set: google("provider_id", "a/b"),
                expected: vec![(Warning, "provider_id")],
            },
            Case {
                name: "a digit first",
                set: google("provider_id", "2fa.corp"),
                expected: vec![],
            },
            Case {
                name: "a long id",
                set: google("provider_id", &"a".repeat(165)),
                expected: vec![],
            },
            Case {
                name: "a colon",
                set: google("provider_id", "a:b+c"),
                expected: vec![],
            },
            Case {
                name: "a space",
                set: google("provider_id", "a b"),
                expected: vec![(Note, "provider_id")],
            },
            Case {
                name: "a folder",
                set: google("provider_id", ".."),
                expected: vec![(Warning, "provider_id")],
            },
            Case {
                name: "Google's default scope",
                set: kind("google"),
                expected: vec![(Note, "scope")],
            },
            Case {
                name: "Apple's default scope",
                set: kind("apple"),
                expected: vec![(Warning, "scope")],
            },
            Case {
                name: "Auth0's default scope",
                set: kind("auth0"),
                expected: vec![(Warning, "scope")],
            },
            Case {
                name: "Auth0 with openid",
                set: scope("auth0", "openid email"),
                expected: vec![],
            },
            Case {
                name: "GitLab without openid",
                set: scope("gitlab", "email"),
                expected: vec![(Warning, "scope"), (Warning, "provider")],
            },
            Case {
                name: "generic adds openid",
                set: scope("generic", "email"),
                expected: vec![],
            },
            Case {
                name: "GitHub's default scope",
                set: kind("github"),
                expected: vec![],
            },
            Case {
                name: "GitHub with another's scope",
                set: scope("github", "openid email"),
                expected: vec![(Warning, "scope")],
            },
            Case {
                name: "Discord's default scope",
                set: kind("discord"),
                expected: vec![(Warning, "scope")],
            },
            Case {
                name: "Discord",
                set: scope("discord", "identify email"),
                expected: vec![],
            },
            Case {
                name: "Slack's default scope",
                set: kind("slack"),
                expected: vec![(Warning, "scope")],
            },
            Case {
                name: "Spotify's default scope",
                set: kind("spotify"),
                expected: vec![(Warning, "scope"), (Warning, "jsonnet_mapper")],
            },
            Case {
                name: "DingTalk's default scope",
                set: kind("dingtalk"),
                expected: vec![
                    (Warning, "scope"),
                    (Warning, "jsonnet_mapper"),
                    (Warning, "provider"),
                ],
            },
            Case {
                name: "DingTalk",
                set: scope("dingtalk", "openid corpid"),
                expected: vec![(Warning, "jsonnet_mapper"), (Warning, "provider")],
            },
            Case {
                name: "an issuer that the libraries drop",
                set: vec![
                    ("provider", "gitlab"),
                    ("scope", "openid"),
                    ("issuer_url", "https://gitlab.example.com"),
                ],
                expected: vec![(Warning, "provider")],
            },
            Case {
                name: "options of other kinds",
                set: vec![
                    ("client_id", "c"),
                    ("apple_team_id", "T"),
                    ("microsoft_tenant_id", "t"),
                ],
                expected: vec![(Note, "microsoft_tenant_id"), (Note, "apple_team_id")],
            },
            Case {
                name: "Apple takes no client secret",
                set: apple("client_secret", "s"),
                expected: vec![(Note, "client_secret")],
            },
            Case {
                name: "a mapper",
                set: google("jsonnet_mapper", "{ identity: { traits: {} } }"),
                expected: vec![],
            },
            Case {
                name: "not a mapper",
                set: google("jsonnet_mapper", NOT_JSONNET),
                expected: vec![(Warning, "jsonnet_mapper")],
            },
            Case {
                name: "an unknown kind",
                set: kind("go0gle"),
                expected: vec![],
            },
            Case {
                name: "id and secret swapped",
                set: vec![
                    ("provider", "google"),
                    ("client_id", "GOCSPX-example"),
                    ("client_secret", "123-abc.apps.googleusercontent.com"),
                ],
                expected: vec![(Warning, "client_id")],
            },
            Case {
                name: "an id for a secret",
                set: google("client_secret", "123-abc.apps.googleusercontent.com"),
                expected: vec![(Warning, "client_secret")],
            },
            Case {
                name: "Google's secret",
                set: google("client_secret", "GOCSPX-example"),
                expected: vec![],
            },
            Case {
                name: "a secret's URI for an id",
                set: google("client_id", "secret:d0erdgfmp25c762i8np0"),
                expected: vec![(Warning, "client_id")],
            },
            Case {
                name: "an Application ID URI",
                set: microsoft("client_id", "api://8eaef023-2b34-4da1-9baa-8bc8c9d6a490"),
                expected: vec![(Warning, "client_id")],
            },
            Case {
                name: "a client's name",
                set: microsoft("client_id", "kratos"),
                expected: vec![(Warning, "client_id")],
            },
            Case {
                name: "Entra's client id",
                set: microsoft("client_id", guid),
                expected: vec![],
            },
            Case {
                name: "the tenant is the client",
                set: vec![
                    ("provider", "microsoft"),
                    ("client_id", guid),
                    ("microsoft_tenant_id", guid),
                ],
                expected: vec![(Warning, "microsoft_tenant_id")],
            },
            Case {
                name: "External ID",
                set: microsoft("microsoft_tenant_id", "contoso.ciamlogin.com"),
                expected: vec![(Warning, "microsoft_tenant_id")],
            },
            Case {
                name: "a GitHub App's id",
                set: vec![("provider", "github"), ("client_id", "123456")],
                expected: vec![(Warning, "client_id")],
            },
            Case {
                name: "a GitHub App's client id",
                set: vec![
                    ("provider", "github"),
                    ("client_id", "Iv1.0123456789abcdef"),
                ],
                expected: vec![],
            },
            Case {
                name: "a URL for an id, which some servers take",
                set: vec![
                    ("client_id", "https://client.example.com"),
                    ("issuer_url", "https://idp.example.com"),
                ],
                expected: vec![(Note, "client_id")],
            },
            Case {
                name: "a URL for an id",
                set: google("client_id", "https://client.example.com"),
                expected: vec![(Warning, "client_id")],
            },
            Case {
                name: "a placeholder",
                set: google("client_id", "<client-id>"),
                expected: vec![(Note, "client_id")],
            },
            Case {
                name: "Entra as generic, without a mapper",
                set: vec![
                    ("client_id", guid),
                    (
                        "issuer_url",
                        "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
                    ),
                ],
                expected: vec![(Warning, "jsonnet_mapper")],
            },
            Case {
                name: "Okta, without a mapper",
                set: generic("https://dev-123456.okta.com"),
                expected: vec![(Note, "jsonnet_mapper")],
            },
            Case {
                name: "Okta with a mapper",
                set: [
                    generic("https://dev-123456.okta.com"),
                    vec![("jsonnet_mapper", "{}")],
                ]
                .concat(),
                expected: vec![],
            },
            Case {
                name: "Entra in China as generic, without a mapper",
                set: vec![
                    ("client_id", guid),
                    (
                        "issuer_url",
                        "https://login.partner.microsoftonline.cn/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
                    ),
                ],
                expected: vec![(Warning, "jsonnet_mapper")],
            },
            Case {
                name: "VK, without a mapper",
                set: vec![("provider", "vk"), ("client_id", "c")],
                expected: vec![(Warning, "jsonnet_mapper")],
            },
            Case {
                name: "VK, with one",
                set: vec![
                    ("provider", "vk"),
                    ("jsonnet_mapper", "{ identity: { traits: {} } }"),
                ],
                expected: vec![],
            },
            Case {
                name: "the default scope brings a phone number",
                set: vec![
                    ("client_id", "c"),
                    ("issuer_url", "https://idp.example.com"),
                    ("scope", "profile email address phone"),
                ],
                expected: vec![(Note, "scope")],
            },
            Case {
                name: "no email",
                set: scope("google", "openid profile"),
                expected: vec![(Note, "scope")],
            },
            Case {
                name: "scopes with semicolons",
                set: scope("google", "openid;email"),
                expected: vec![(Warning, "scope")],
            },
            Case {
                name: "scopes with pluses",
                set: scope("google", "openid+email"),
                expected: vec![(Warning, "scope")],
            },
            Case {
                name: "encoded scopes",
                set: scope("google", "openid%20email"),
                expected: vec![(Warning, "scope")],
            },
            Case {
                name: "commas that Facebook takes",
                set: scope("facebook", "email,public_profile"),
                expected: vec![(Note, "scope")],
            },
            Case {
                name: "commas within a scope of its own",
                set: scope("generic", "corp,all openid email"),
                expected: vec![(Note, "scope")],
            },
            Case {
                name: "a scope of its own, joined to another",
                set: scope("generic", "corp,openid email"),
                expected: vec![(Warning, "scope")],
            },
            Case {
                name: "Facebook's default scope",
                set: kind("facebook"),
                expected: vec![(Note, "scope")],
            },
            Case {
                name: "a scope of white space",
                set: scope("google", "  "),
                expected: vec![(Note, "scope")],
            },
            Case {
                name: "an indented key",
                set: apple("apple_private_key", &indented),
                expected: vec![(Warning, "apple_private_key")],
            },
            Case {
                name: "a key with text before it",
                set: apple("apple_private_key", &prefaced),
                expected: vec![],
            },
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
