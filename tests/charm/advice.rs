//! Whoever does what the findings say, word for word, ends with a provider that is
//! published and has nothing against it.

use std::collections::BTreeMap;

use external_provider::{Kind, Settings};
use juju_hook::Secret;
use kratos_external_idp_integrator::config::{Answers, Configuration, Loose, Request};
use kratos_external_idp_integrator::finding::{Finding, Severity};
use kratos_external_idp_integrator::kinds::facts;

use crate::support::APPLE_KEY;

/// Options by name.
type Set = BTreeMap<String, String>;

/// How often somebody may be told to fix something before they give up.
const ROUNDS: usize = 8;

const CLIENT: &str = "5c09f0c4-7d0b-4f4f-9a53-6d0f1f5b7a11";

const TENANT: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

/// What people give, most of it wrong for most options.
const VALUES: [&str; 29] = [
    "",
    " x ",
    "x\n",
    "x\ty",
    "true",
    "12345",
    "Corp: x",
    "#x",
    "yes",
    "a\u{feff}b",
    "a/b",
    "openid,email",
    "openid email profile address",
    "café",
    "https://idp.example.com/.well-known/openid-configuration",
    "https://accounts.google.com/.well-known/openid-configuration",
    "https://acme-admin.okta.com",
    "https://appleid.apple.com",
    "http://idp.example.com",
    "https://idp.example.com?x",
    "https://login.microsoftonline.com/common/v2.0",
    "https://login.microsoftonline.com/{tenantid}/v2.0",
    "idp.example.com",
    "11111111-2222-4333-8444-555555555555",
    "secret:d0erd",
    "-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----",
    "{",
    "Azure AD",
    "GitHub",
];

/// What an administrator has set: for one provider, by the options of the charm or as the
/// one item of a list; and for all of them.
#[derive(Clone, Debug)]
struct Given {
    in_list: bool,
    provider: Set,
    all: Set,
}

impl Given {
    fn findings(&self) -> Vec<Finding> {
        let mut options = self.all.clone();
        if self.in_list {
            let list = serde_json::to_string(&[&self.provider]).unwrap();
            options.insert("providers".into(), list);
        } else {
            options.extend(self.provider.clone());
        }
        let loose = |(name, value)| (name, Loose::Text(Secret::new(value)));
        let options = Request::new(options.into_iter().map(loose).collect());
        Configuration::check(options, &Answers::default()).findings
    }

    fn set(&mut self, option: &str, to: &str) {
        let value = self.sensible(option, to);
        if value.is_empty() {
            self.provider.remove(option);
            return;
        }
        let set = if Settings::OPTIONS.contains(&option) {
            &mut self.provider
        } else {
            &mut self.all
        };
        set.insert(option.to_owned(), value);
    }

    /// What somebody gives who is told to set `option` to `to`.
    fn sensible(&self, option: &str, to: &str) -> String {
        let has = self.provider.get(option).map_or("", String::as_str);
        let value = match to {
            "<client id>" => "abc",
            "<secret>" | "<the value from the column Value>" => "s3cret",
            "<issuer>"
            | "<the issuer from the discovery document>"
            | "<the value of issuer in that document>"
            | "<the part before ? or #>"
            | "<the same with https, if the provider supports it>" => "https://idp.example.com",
            "<tenant>" | "<the Directory (tenant) ID>" => TENANT,
            "<Application (client) ID>" => CLIENT,
            "https://login.microsoftonline.com/<Directory (tenant) ID>/v2.0" => {
                "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0"
            }
            "<team id>" | "<key id>" | "<the id on the Apple developer site>" => "KP76DQS54M",
            // Nothing reads a file within the list.
            file if file.starts_with('@') && self.in_list => "@file",
            "@AuthKey.p8" | "the text of AuthKey.p8" => APPLE_KEY,
            "@mapper.jsonnet"
            | "@email-unverified.jsonnet"
            | "the text of mapper.jsonnet"
            | "the text of email-unverified.jsonnet" => "{}",
            "<letters, digits or dashes>" => "corp-sso",
            "<the URI that juju add-secret printed>" => "secret:d0erdgfmp25c762i8np0",
            "<scopes that the provider supports>" => "openid email",
            "<the same, copied again>" => return has.replace(char::is_whitespace, ""),
            "<the same without it>" => return has.replace('\u{feff}', ""),
            "<scope> <scope>" => return has.replace(',', " "),
            "openid <the other scopes>" => return format!("openid {has}"),
            other => match other.strip_prefix("<the same without ") {
                Some(scopes) => {
                    let gone: Vec<_> = scopes.trim_end_matches('>').split(' ').collect();
                    let left = has.split_whitespace().filter(|one| !gone.contains(one));
                    return left.collect::<Vec<_>>().join(" ");
                }
                None => other,
            },
        };
        assert!(
            !value.contains(['<', '>']),
            "{option} is to be {to}: what is that?"
        );
        value.to_owned()
    }

    /// Does what `fix` says.
    fn follow(&mut self, fix: &str) {
        let todo = fix.rsplit_once(", then ").map_or(fix, |(_, last)| last);
        if let Some(rest) = todo.strip_prefix("run juju config idp ") {
            for (option, to) in assignments(rest) {
                let of_provider = Settings::OPTIONS.contains(&option.as_str());
                assert!(!(self.in_list && of_provider), "not in the list: {fix}");
                self.set(&option, &to);
            }
            return;
        }
        assert!(self.in_list, "how to do this: {fix}");
        let rest = todo.strip_suffix(" in the list providers").unwrap();
        let rest = rest.rsplit_once(", and ").map_or(rest, |(_, last)| last);
        for one in rest.split(" and ") {
            if let Some(option) = one.strip_prefix("remove ") {
                let option = option.strip_suffix(" from item 1").unwrap();
                self.provider.remove(option);
            } else {
                let one = one.strip_prefix("set ").unwrap();
                let (option, to) = one.split_once(" of item 1 to ").unwrap();
                self.set(option, to);
            }
        }
    }
}

/// `a=x b='y z' c=`: options and their values, as a shell reads them.
fn assignments(text: &str) -> Vec<(String, String)> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for c in text.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    assert!(!quoted, "{text}");
    words
        .iter()
        .map(|word| word.split_once('=').unwrap())
        .map(|(option, to)| (option.to_owned(), to.to_owned()))
        .collect()
}

/// A client id as the provider makes them.
fn client_id(kind: Kind) -> &'static str {
    if kind == Kind::Microsoft {
        CLIENT
    } else {
        "abc"
    }
}

/// A provider of `kind` with nothing against it.
fn good(kind: Kind) -> Set {
    let mut set = Set::from([
        ("provider".to_owned(), kind.word().to_owned()),
        ("client_id".to_owned(), client_id(kind).to_owned()),
        ("scope".to_owned(), facts(kind).scope.suggestion.to_owned()),
    ]);
    for option in kind.shape().options() {
        let value = match *option {
            "client_secret" => "s3cret",
            "issuer_url" => "https://idp.example.com",
            "microsoft_tenant_id" => TENANT,
            "apple_private_key" => APPLE_KEY,
            _ => "KP76DQS54M",
        };
        set.insert((*option).to_owned(), value.to_owned());
    }
    set
}

#[test]
fn what_is_advised_helps() {
    for &kind in Kind::ALL {
        for option in Settings::OPTIONS {
            for value in VALUES {
                for in_list in [false, true] {
                    let mut given = Given {
                        in_list,
                        provider: good(kind),
                        all: Set::new(),
                    };
                    given
                        .provider
                        .insert((*option).to_owned(), value.to_owned());
                    let name = format!("{} with {option}={value:?}", kind.word());
                    fix_until_good(&name, given);
                }
            }
        }
    }
}

/// Follows the first finding, and the first one then, until only notes are left.
fn fix_until_good(name: &str, mut given: Given) {
    let mut told = Vec::new();
    for _ in 0..ROUNDS {
        let findings = given.findings();
        let worst = findings.iter().find(|one| one.severity != Severity::Note);
        let Some(finding) = worst else {
            return;
        };
        let fix = finding.what_to_do("idp");
        told.push(finding.line("idp"));
        if fix == "use another provider" {
            return;
        }
        given.follow(&fix);
    }
    panic!("{name}: {}", told.join("\n"));
}
