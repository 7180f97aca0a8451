//! Every finding: configurations that have it, and the table of findings.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::{env, fs};

use external_provider::{KEY, Kind};
use juju_hook::{Databag, Refusal, RelationId, Secret, SecretUri};
use kratos_external_idp_integrator::applications::{Applications, Requests};
use kratos_external_idp_integrator::checks::redirect;
use kratos_external_idp_integrator::config::{
    Answers, Configuration, Request, UserSecrets, is_option,
};
use kratos_external_idp_integrator::finding::{Code, Finding};
use kratos_external_idp_integrator::mapper::DryRun;
use kratos_external_idp_integrator::observe::Relation;
use kratos_external_idp_integrator::reconcile;
use kratos_external_idp_integrator::registration::{Registration, changed_ids};
use oauth::ClientConfig;
use serde_json::{Value, json};

use super::dry_runs::outcomes;
use super::markdown::{read, root};
use crate::support::{ANSWER, charm, stdout};

/// A finding, as `validate` prints it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) code: String,
    pub(super) severity: String,
    pub(super) option: String,
    pub(super) problem: String,
    pub(super) fix: String,
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        Self {
            code: finding.code.word().to_owned(),
            severity: finding.severity.to_string(),
            option: finding.place.to_string(),
            problem: finding.problem.clone(),
            fix: finding.what_to_do("idp"),
        }
    }
}

/// What `validate` finds in the options of an application called `idp`.
pub(super) fn validate(options: &str) -> Vec<Found> {
    let file = format!("idp: {options}");
    let output = charm(&["validate", "--format", "json", "-"], &file);
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap_or_else(|error| {
        let said = String::from_utf8_lossy(&output.stderr);
        panic!("{options}: {error}: {said}")
    });
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let found = |one: &Value| Found {
        code: text(&one["code"]),
        severity: text(&one["severity"]),
        option: text(&one["option"]),
        problem: text(&one["problem"]),
        fix: text(&one["fix"]),
    };
    findings.map(found).collect()
}

/// A short YAML text that expands to a very large one.
pub(super) fn intricate() -> String {
    let line = |(name, of): (char, &str)| format!("{name}: &{name} [{}]", [of; 10].join(", "));
    let names = ["x", "*a", "*b", "*c", "*d", "*e", "*f", "*g"];
    let lines: Vec<_> = ('a'..='h').zip(names).map(line).collect();
    lines.join("\n")
}

/// Configurations of which each has something wrong with it.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn bad_configurations() -> Vec<String> {
    let google = |more: &str| {
        format!("{{provider: google, client_id: c, client_secret: s, scope: openid, {more}}}")
    };
    let generic = |issuer: &str| {
        format!("{{client_id: c, client_secret: s, scope: openid, issuer_url: {issuer:?}}}")
    };
    let kind = |kind: &str| format!("{{provider: {kind}, client_id: c, client_secret: s}}");
    let apple = |key: &str| {
        let key = json!(key);
        format!(
            "{{provider: apple, client_id: c, apple_team_id: T, apple_private_key_id: K, \
             apple_private_key: {key}, scope: profile, client_secret: s}}"
        )
    };
    let list = |list: &str| format!("{{providers: {}}}", json!(list));
    let pem = |kind: &str| format!("-----BEGIN {kind}-----\nAAAA\n-----END {kind}-----\n");
    let one = "{provider: google, client_id: c, client_secret: s, scope: email}";
    let large = "x".repeat(6000);
    let mut all = vec![
        "{}".to_owned(),
        "{provider: apple}".into(),
        "{provider: microsoft}".into(),
        google("label: x").replace("secret: s,", "secret: 'secret:d0erd',"),
        google("label: x").replace("scope: openid", "scope: 'openid,email'"),
        generic("https://login.microsoftonline.com/common/v2.0"),
        google("secret_backend: vault, unsafe_values: x, enabled: maybe, lable: x"),
        google("secret_backend: x, label: 7, provider_id: [x]"),
        google("secret_backend: secret").replace("secret: s,", &format!("secret: {large},")),
        google(
            "issuer_url: x, microsoft_tenant_id: x, apple_team_id: x, apple_private_key_id: x, \
             apple_private_key: x",
        ),
        google(r#"label: "yes", provider_id: a/b"#),
        google(r#"label: "x\ufeff""#),
        google("label: '\"quoted\"', provider_id: 'a b'"),
        google("label: 'a: b', unsafe_values: block"),
        google("label: 'a: b', unsafe_values: verbatim"),
        google("x: x").replace("scope: openid", "scope: ' '"),
        google("x: x").replace("secret: s,", "secret: d0erdgfmp25c762i8np0,"),
        generic("urn:x"),
        generic("https://accounts.google.com/"),
        generic("https://sts.windows.net/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/"),
        generic("https://github.com"),
        generic("https://appleid.apple.com"),
        generic("https://idp.okta.com"),
        generic("https://idp.example.com").replace("id: c,", "id: 'https://c',"),
        generic("https://idp.example.com").replace("scope: openid", "scope: 'email phone'"),
        google("x: x").replace("secret: s,", "secret: 1-a.apps.googleusercontent.com,"),
        google("x: x")
            .replace("id: c,", "id: GOCSPX-x,")
            .replace("secret: s,", "secret: 1-a.apps.googleusercontent.com,"),
        google("x: x").replace("id: c,", "id: '<client-id>',"),
        google("x: x").replace("scope: openid", "scope: 'x,y'"),
        "{provider: microsoft, client_id: 8eaef023-2b34-4da1-9baa-8bc8c9d6a490, client_secret: s, \
         microsoft_tenant_id: 8eaef023-2b34-4da1-9baa-8bc8c9d6a490, issuer_url: \
         'https://login.microsoftonline.us/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0'}"
            .into(),
        "{provider: microsoft, client_id: 8eaef023-2b34-4da1-9baa-8bc8c9d6a490, client_secret: s, \
         microsoft_tenant_id: corp.ciamlogin.com}"
            .into(),
        kind("linkedin"),
        google("jsonnet_mapper: '{'"),
        google("jsonnet_mapper: 'mapper.jsonnet'"),
        google(&format!("jsonnet_mapper: '{}'", "[".repeat(300))),
        google(&format!("jsonnet_mapper: '{}'", "1".repeat(30_000))),
        google("x: x").replace("scope: openid", "scope: address"),
        google("x: x").replace("scope: openid", "scope: café"),
        google("x: x")
            .replace("id: c,", "id: ' c',")
            .replace("secret: s,", "secret: 's ',"),
        google("x: x").replace("secret: s,", r#"secret: "a\tb","#),
        list("x: y"),
        list("- ["),
        list("[]"),
        list("- x"),
        list("- x: y\n---\n- x: y"),
        list(&intricate()),
        list(&format!("- {one}\n- {one}")),
        list("- {client_id: 7, provider: [x], secret_backend: relation}"),
        list(
            "- {provider: google, client_id: c, client_secret: s, issuer_url: x, provider_id: a/b}",
        ),
        format!("{{label: x, providers: '[{one}]'}}"),
        "{provider: microsoft, client_id: c, microsoft_tenant_id: x, client_secret: \
         8eaef023-2b34-4da1-9baa-8bc8c9d6a490}"
            .into(),
        google("issuer_url: x")
            .replace("google", "gitlab")
            .replace("openid", "email"),
        "{provider: github, client_id: c, client_secret: s, scope: openid}".into(),
        apple("x"),
        apple(r"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
        apple(&pem("EC PRIVATE KEY")),
        apple(&pem("PRIVATE KEY")),
    ];
    let issuers = [
        "a b",
        "idp",
        "https://idp/.well-known/openid-configuration",
        "https://idp?x",
        "http://idp",
    ];
    all.extend(issuers.map(generic));
    let kinds = [
        "Google", "Azure", "banana", "twitch", "yander", "yandex", "auth0", "gitlab", "slack",
        "spotify", "discord", "dingtalk", "google", "apple",
    ];
    all.extend(kinds.map(kind));
    all
}

/// A relation with this on our side and this on the side of Kratos.
pub(super) fn relation(ours: Option<&str>, theirs: &str) -> Relation {
    Relation {
        id: RelationId::new("kratos-external-idp:7"),
        requirer: "kratos".into(),
        ours: ours.map(|ours| Databag::from([(KEY, ours)])),
        theirs: Databag::from([(KEY, theirs)]),
        secrets: BTreeMap::new(),
    }
}

/// Findings that need Juju, or something that is published already.
pub(super) fn findings_with_juju() -> Vec<Found> {
    let options = |json: Value| Request::new(serde_json::from_value(json).unwrap());
    let uri = "secret:d0erdgfmp25c762i8np0";
    let read = |secrets: &Answers, more: Value| {
        let mut set = json!({
            "provider": "google",
            "client_id": "c",
            "client_secret": uri,
            "scope": "openid",
        });
        set.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        Configuration::check(options(set), secrets)
    };
    let content = |keys: &[(&str, &str)]| {
        let secret = |value: &str| Secret::new(value.to_owned());
        Ok(keys
            .iter()
            .map(|(key, value)| ((*key).to_owned(), secret(value)))
            .collect())
    };
    let mut found = Vec::new();
    for outcome in [
        Err(Refusal::NotGranted),
        Err(Refusal::NotFound),
        Err(Refusal::NoSecrets),
        content(&[("client-secret", "")]),
        content(&[("client-secret", "\u{fffd}")]),
        content(&[("a", "1"), ("b", "2")]),
        content(&[("client-secret", "secret:d0erdgfmp25c762i8npg")]),
        content(&[]),
    ] {
        let user = UserSecrets::from([(SecretUri::parse(uri).unwrap(), outcome)]);
        let secrets = Answers {
            user_secrets: user,
            secrets_unsupported: true,
            ..Answers::default()
        };
        found.extend(read(&secrets, json!({ "secret_backend": "secret" })).findings);
    }
    let now = read(&Answers::default(), json!({ "provider_id": "new" }));
    let old = relation(Some(r#"[{"provider":"google","id":"old"}]"#), "");
    let registration = Registration::read(&now, &old);
    found.extend(changed_ids(&now, [(&registration, &old.published()[..])]));
    for (theirs, answered) in [("", false), (ANSWER, true)] {
        let by_secret = json!({ "provider_id": "google", "secret_backend": "secret" });
        let now = read(&Answers::default(), by_secret);
        let relation = relation(None, theirs);
        let registration = Registration::read(&now, &relation);
        assert_eq!(registration.complete, answered);
        found.extend(reconcile::findings(&now, &[registration]));
    }
    found.into_iter().map(Found::from).collect()
}

/// What a dry run of a mapper may find.
pub(super) fn findings_of_mappers() -> Vec<Found> {
    let run = DryRun::of(&outcomes());
    run.findings.into_iter().map(Found::from).collect()
}

/// What may be found about applications and the options for them.
pub(super) fn findings_of_applications() -> Vec<Found> {
    let client = |providers: Value, more: Value| {
        let mut options = providers;
        let more = more.as_object().unwrap().clone();
        options.as_object_mut().unwrap().extend(more);
        let options = Request::new(serde_json::from_value(options).unwrap());
        Configuration::check(options, &Answers::default()).applications
    };
    let of = |kind: &str, more: Value| {
        let common = json!({ "provider": kind, "client_id": "c", "client_secret": "s",
            "issuer_url": "https://idp.example.com", "microsoft_tenant_id": "common",
            "apple_team_id": "ABCDE12345", "apple_private_key_id": "ABCDE12345",
            "apple_private_key": "k" });
        client(common, more)
    };
    let asked = |scope: &str, grants: &str, method: &str| {
        let databag = Databag::from([
            ("redirect_uri", "http://app.example.com/callback"),
            ("scope", scope),
            ("grant_types", grants),
            ("audience", "[]"),
            ("token_endpoint_auth_method", method),
        ]);
        let relation = oauth::provider::Relation {
            id: RelationId::new("oauth:8"),
            requirer: "grafana".into(),
            request: ClientConfig::read(&databag),
            ours: None,
            secret: None,
        };
        let relations = vec![relation];
        Ok(oauth::provider::Observed {
            relations,
            ..Default::default()
        })
    };
    let usual = asked("openid", r#"["authorization_code"]"#, "client_secret_basic");
    let mut found = Vec::new();
    let mut say = |applications: &Applications, seen: &Result<_, _>| {
        found.extend(Requests::new(applications, seen).findings);
    };
    let url = "https://idp.example.com/x";
    for wrong in [
        json!({}),
        json!({ "token_endpoint": "x" }),
        json!({ "jwks_endpoint": "https://idp/.well-known/openid-configuration" }),
        json!({ "token_endpoint": "http://idp/x", "authorization_endpoint": "http://idp/x" }),
        json!({ "groups_claim": "a\nb" }),
        json!({ "jwt_access_token": "maybe", "groups_claim": 7 }),
        json!({ "ca_chain": "x" }),
        json!({ "ca_chain": "-----BEGIN PRIVATE KEY-----" }),
        json!({ "client_secret": "s".repeat(5 * 1024 + 1), "token_endpoint": url,
            "authorization_endpoint": url, "jwks_endpoint": url }),
    ] {
        say(&of("generic", wrong), &usual);
    }
    let both = r#"["authorization_code", "client_credentials"]"#;
    say(
        &of("google", json!({})),
        &asked("openid", both, "client_secret_basic"),
    );
    let mut moved = asked("openid", r#"["authorization_code"]"#, "client_secret_basic");
    let other = "https://other.example.org/x";
    for relation in moved.iter_mut().flat_map(|seen| &mut seen.relations) {
        relation.ours = Some(Databag::from([
            ("issuer_url", "https://other.example.org"),
            ("authorization_endpoint", other),
            ("token_endpoint", other),
            ("userinfo_endpoint", other),
            ("introspection_endpoint", other),
            ("jwks_endpoint", other),
            ("scope", "openid"),
        ]));
    }
    let stale =
        json!({ "token_endpoint": other, "authorization_endpoint": other, "jwks_endpoint": other });
    say(&of("generic", stale), &moved);
    let fixed = json!({ "token_endpoint": "https://idp.example.com/token" });
    for kind in ["github", "microsoft", "google"] {
        say(&of(kind, fixed.clone()), &usual);
    }
    say(&of("google", json!({})), &Err(Refusal::NoSecrets));
    let odd = asked("openid", "7", "client_secret_basic");
    let demanding = asked(
        "openid phone other",
        r#"["client_credentials"]"#,
        "client_secret_basic",
    );
    for seen in [
        odd,
        demanding,
        asked("openid other", "[]", "client_secret_post"),
    ] {
        say(&of("apple", json!({})), &seen);
    }
    found.into_iter().map(Found::from).collect()
}

/// The table of findings: the worst first, and otherwise as in the code. Cells without spaces around
/// them, as nobody edits them.
fn table_of_findings() -> String {
    let mut codes = Code::ALL.to_vec();
    codes.sort_by_key(|code| Reverse(code.severity()));
    let row = |code: Code| {
        let (word, severity, meaning) = (code.word(), code.severity(), code.meaning());
        format!("|`{word}`|{severity}|{meaning}|\n")
    };
    let rows: String = codes.into_iter().map(row).collect();
    format!("|Code|Severity|What is wrong|\n|---|---|---|\n{rows}")
}

/// With `UPDATE_DOCS=1` it writes the table.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the test asks for it"
)]
fn the_page_of_findings_is_that_of_the_code() {
    let path = "docs/findings.md";
    let page = read(path);
    let prose: Vec<_> = page
        .lines()
        .take_while(|line| !line.starts_with('|'))
        .collect();
    let expected = format!("{}\n{}", prose.join("\n"), table_of_findings());
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(path), &expected).unwrap();
    } else {
        assert!(
            page == expected,
            "{path} is not that of the code: UPDATE_DOCS=1 cargo test --test charm documentation"
        );
    }
}

#[test]
fn every_finding_occurs_and_is_about_its_options() {
    let bad = bad_configurations();
    let found = bad.iter().flat_map(|options| {
        let found = validate(options);
        assert!(!found.is_empty(), "nothing is wrong with {options}");
        found
    });
    let found = found
        .chain(findings_with_juju())
        .chain(findings_of_mappers())
        .chain(findings_of_applications())
        .chain(redirect::check(Kind::Google, "https://10.0.0.1").map(Found::from));
    let codes: BTreeMap<_, _> = Code::ALL.iter().map(|code| (code.word(), *code)).collect();
    for option in Code::ALL.iter().flat_map(|code| code.options()) {
        let others = ["oauth", "public-url"];
        assert!(is_option(option) || others.contains(option), "{option}");
    }
    let mut unseen: BTreeSet<_> = codes.keys().copied().collect();
    for one in found {
        let option = one.option.split("].").last().unwrap();
        let code = codes[one.code.as_str()];
        let options = code.options();
        assert!(
            options.is_empty() || options.contains(&option),
            "the code does not list {option} for {code:?}"
        );
        let severity = code.severity().to_string();
        assert_eq!(one.severity, severity, "{code:?}: {}", one.option);
        assert!(!one.fix.is_empty(), "{code:?} says what to do");
        unseen.remove(code.word());
    }
    assert_eq!(
        unseen,
        BTreeSet::new(),
        "codes that no configuration leads to"
    );
}

#[test]
fn a_value_that_kratos_would_misread_is_refused_with_the_reason() {
    for (option, value, reason) in [
        ("label", "x\ny", "it has a line break"),
        ("label", "x\u{1}y", "it has a control character"),
        (
            "label",
            "x\ty",
            "it has a tab, which YAML 1.1 does not allow",
        ),
        (
            "label",
            "'Corp",
            "a quote at its start is read as YAML quoting",
        ),
        ("label", "%x", "its first character has a meaning in YAML"),
        (
            "label",
            "Okta: Corp",
            "a colon at its end or before a space makes it a map",
        ),
        (
            "label",
            "Corp #1",
            "a # at its start or after a space starts a comment",
        ),
        ("label", "null", "YAML reads it as nothing (null)"),
        ("label", "true", "YAML reads it as true or false"),
        ("label", "1e5", "YAML reads it as a number"),
        ("label", "2001-01-01", "YAML reads it as a date"),
        (
            "label",
            "2001-02-30",
            "YAML 1.1 reads it as a date that does not exist",
        ),
        ("label", "=", "YAML 1.1 cannot read it"),
        (
            "scope",
            "@openid",
            "its first character has a meaning in YAML",
        ),
    ] {
        let reasons = reasons(option, value);
        assert!(reasons.contains(reason), "{value:?}: {reasons:?}");
    }
}

/// Why `value` cannot be carried as `option`.
pub(super) fn reasons(option: &str, value: &str) -> BTreeSet<String> {
    let mut options = json!({ "provider": "google", "client_id": "c", "client_secret": "s", "scope": "openid", "unsafe_values": "block" });
    options[option] = value.into();
    let found = validate(&options.to_string()).into_iter();
    let why = found.filter_map(|one| {
        let (_, why) = one.problem.split_once("would misread this value (")?;
        Some(why.strip_suffix(')')?.to_owned())
    });
    why.collect()
}
