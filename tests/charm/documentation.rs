//! The documentation held against the code: what it says is true, and what is true of the
//! code is in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use doctor::mapper::{Identity, MapperError, Position};
use external_provider::{KEY, Kind};
use juju_hook::{Databag, Refusal, RelationId, Secret, SecretUri};
use juju_sandbox::{ActionOutcome, Fault};
use kratos_external_idp_integrator::applications::{Applications, Requests};
use kratos_external_idp_integrator::checks::redirect;
use kratos_external_idp_integrator::config::{
    Answers, Configuration, Request, UserSecrets, is_option,
};
use kratos_external_idp_integrator::finding::{Code, Finding, Fix, Severity};
use kratos_external_idp_integrator::mapper::{ClaimsError, DryRun, Outcome, TrialError};
use kratos_external_idp_integrator::observe::Relation;
use kratos_external_idp_integrator::reconcile;
use kratos_external_idp_integrator::registration::{Registration, changed_ids};
use kratos_external_idp_integrator::status::{LENGTH_LIMIT, status_and_news};
use oauth::ClientConfig;
use serde_json::{Value, json};

use crate::check_provider::honest;
use crate::support::{
    ANSWER, APPLE_KEY, GOOGLE, PUBLIC_URL, World, charm, charm_with, stdout, unset,
};

// Reading Markdown, as far as these pages go.

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The headings of `text` with what is below each, up to the next of its own level
/// or a higher one.
fn sections(text: &str) -> Vec<(usize, String, String)> {
    let mut fenced = false;
    let mut sections: Vec<(usize, String, String)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        let level = line.chars().take_while(|c| *c == '#').count();
        if !fenced && level > 0 && line[level..].starts_with(' ') {
            open.retain(|at| sections[*at].0 < level);
            for &at in &open {
                sections[at].2 += line;
                sections[at].2 += "\n";
            }
            open.push(sections.len());
            sections.push((level, line[level..].trim().to_owned(), String::new()));
        } else {
            for &at in &open {
                sections[at].2 += line;
                sections[at].2 += "\n";
            }
        }
    }
    sections
}

/// What is below `heading` on a page.
fn section(page: &str, heading: &str) -> String {
    let found = sections(page)
        .into_iter()
        .find(|(_, title, _)| title == heading);
    found.unwrap_or_else(|| panic!("a heading {heading:?}")).2
}

/// The rows of every table in `text` whose first column is called `header`.
fn table(text: &str, header: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut wanted = None;
    for line in text.lines() {
        let Some(line) = line.strip_prefix("| ") else {
            wanted = None;
            continue;
        };
        let line = line.replace("\\|", "\0");
        let cells: Vec<_> = line
            .trim_end()
            .trim_end_matches('|')
            .split('|')
            .map(|cell| cell.trim().replace('\0', "|"))
            .collect();
        match wanted {
            None => wanted = Some(cells[0] == header),
            Some(true) if cells[0] != "---" => rows.push(cells),
            Some(_) => {}
        }
    }
    rows
}

/// The texts in backticks.
fn code(cell: &str) -> Vec<String> {
    let fence = if cell.contains("``") { "``" } else { "`" };
    let parts = cell.split(fence).skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

/// The first text in backticks of a cell.
fn first_code(cell: &str) -> String {
    code(cell).into_iter().next().unwrap_or_default()
}

/// `text` on one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether `text` is `pattern`, in which `<n>` stands for a number, `<id>` and other
/// words of [`ONE_WORD`] for something without spaces, and any other `<word>` for
/// some text.
fn matches(pattern: &str, text: &str) -> bool {
    const ONE_WORD: [&str; 7] = ["app", "id", "key", "kind", "option", "relation", "tool"];

    let wild = pattern
        .find('<')
        .and_then(|start| Some((start, start + pattern[start..].find('>')?)));
    let Some((start, end)) = wild else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(&pattern[..start]) else {
        return false;
    };
    let fits = |c: char| match &pattern[start + 1..end] {
        "n" => c.is_ascii_digit(),
        word => c != ' ' || !ONE_WORD.contains(&word),
    };
    let mut cuts = rest
        .char_indices()
        .take_while(|(_, c)| fits(*c))
        .map(|(at, c)| at + c.len_utf8());
    cuts.any(|cut| matches(&pattern[end + 1..], &rest[cut..]))
}

/// Says which of `patterns` match no text, and which texts match no pattern.
fn assert_alike(what: &str, patterns: &[String], texts: &BTreeSet<String>) {
    for text in texts {
        assert!(
            patterns.iter().any(|pattern| matches(pattern, text)),
            "{what}: the page lacks {text}"
        );
    }
    for pattern in patterns {
        assert!(
            texts.iter().any(|text| matches(pattern, text)),
            "{what}: nothing says {pattern}"
        );
    }
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The code blocks in `language` on a page, without the indentation of a list.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<(usize, String)> = None;
    for line in page.lines() {
        let indent = line.len() - line.trim_start().len();
        match &mut block {
            None if line.trim_start() == format!("```{language}") => {
                block = Some((indent, String::new()));
            }
            None => {}
            Some(_) if line.trim() == "```" => blocks.push(block.take().unwrap().1),
            Some((margin, text)) => {
                *text += line.get(*margin..).unwrap_or_default();
                *text += "\n";
            }
        }
    }
    blocks
}

/// The commands in a block, each as its words. What is behind a pipe is left out.
fn commands(block: &str) -> Vec<Vec<String>> {
    let joined = block.replace("\\\n", " ");
    joined
        .lines()
        .map(words)
        .filter(|one| !one.is_empty())
        .collect()
}

fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut started) = (Vec::new(), String::new(), None, false);
    for c in line.chars() {
        match (c, quote) {
            ('"' | '\'', None) => (quote, started) = (Some(c), true),
            (c, Some(mark)) if c == mark => quote = None,
            (' ', None) => {
                if std::mem::take(&mut started) {
                    words.push(std::mem::take(&mut word));
                }
            }
            ('|', None) => break,
            (c, _) => {
                started = true;
                word.push(c);
            }
        }
    }
    if started {
        words.push(word);
    }
    words
}

// The reference.

#[test]
fn every_option_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "Options");
    let config: Value = serde_yaml::from_str(&read("config.yaml")).unwrap();
    let options = config["options"].as_object().unwrap();
    for (name, option) in options {
        let said = section(&reference, &format!("`{name}`"));
        let default = match &option["default"] {
            Value::Null => "none".to_owned(),
            Value::String(text) => format!("`{text}`"),
            other => format!("`{other}`"),
        };
        let kind = option["type"].as_str().unwrap();
        let first = format!("Type `{kind}`, default {default}.");
        let description = option["description"].as_str().unwrap();
        let expected = format!("{first}\n\n{description}");
        assert_eq!(said.trim(), expected.trim(), "{name}");
    }
    let headings: BTreeSet<_> = sections(&reference)
        .into_iter()
        .flat_map(|(_, title, _)| code(&title))
        .collect();
    assert_eq!(headings, options.keys().cloned().collect());
}

#[test]
fn every_kind_is_in_the_reference_with_what_it_needs() {
    let reference = section(&read("docs/reference.md"), "Options");
    let mut documented = BTreeSet::new();
    for row in table(&reference, "`provider`") {
        let needs = row[1].split(", no ").next().unwrap();
        for kind in code(&row[0]) {
            let client_id = "5c09f0c4-7d0b-4f4f-9a53-6d0f1f5b7a11";
            let mut options = json!({ "provider": kind, "client_id": client_id });
            let unusable = row[2].starts_with("refused");
            let needs = if unusable {
                vec!["client_secret".to_owned()]
            } else {
                code(needs)
            };
            for option in &needs {
                options[option.as_str()] = match option.as_str() {
                    "issuer_url" => "https://idp.example.com",
                    "microsoft_tenant_id" => "common",
                    "apple_team_id" | "apple_private_key_id" => "ABCDE12345",
                    "apple_private_key" => "secret:d0erdgfmp25c762i8np0",
                    _ => "s3cret",
                }
                .into();
            }
            let scope = first_code(&row[2]);
            options["scope"] = if scope.is_empty() { "openid" } else { &scope }.into();
            let found = validate(&options.to_string());
            if unusable {
                let problem = &found[0].problem;
                assert!(
                    problem.starts_with("Kratos cannot use"),
                    "{kind}: {problem}"
                );
            } else {
                // Problems with the kind itself, or with a mapper, do not count here.
                let of_kind = ["provider", "jsonnet_mapper"];
                let is_wrong = |one: &&Found| {
                    !of_kind.contains(&one.option.as_str()) && one.code != "scope-without-email"
                };
                let wrong = found.iter().filter(is_wrong).count();
                assert_eq!(wrong, 0, "{kind}: {found:?}");
            }
            for need in &needs {
                let mut less = options.clone();
                less.as_object_mut().unwrap().remove(need);
                let found = validate(&less.to_string());
                let missing = |one: &Found| one.option == *need && one.problem == "not set";
                assert!(
                    found.iter().any(missing),
                    "{kind} without {need}: {found:?}"
                );
            }
            documented.insert(kind);
        }
    }
    let kinds = Kind::ALL.iter().flat_map(|kind| kind.words());
    assert_eq!(documented, kinds.map(|word| (*word).to_owned()).collect());
}

#[test]
fn every_action_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "Actions");
    let actions: Value = serde_yaml::from_str(&read("actions.yaml")).unwrap();
    let actions = actions.as_object().unwrap();
    let story = Story::told();
    for (name, action) in actions {
        let said = section(&reference, &format!("`{name}`"));
        let description = flat(action["description"].as_str().unwrap());
        assert!(
            flat(&said).starts_with(&description),
            "{name}: {description}"
        );

        let none = serde_json::Map::new();
        let parameters = action["params"].as_object().unwrap_or(&none);
        let expected: BTreeSet<_> = parameters
            .iter()
            .map(|(key, parameter)| {
                let kinds = match &parameter["type"] {
                    Value::Array(kinds) => kinds.clone(),
                    kind => vec![kind.clone()],
                };
                let kinds = kinds
                    .iter()
                    .map(|kind| format!("`{}`", kind.as_str().unwrap()));
                (
                    key.clone(),
                    kinds.collect::<Vec<_>>().join(" or "),
                    flat(parameter["description"].as_str().unwrap()),
                )
            })
            .collect();
        let documented = table(&said, "Parameter")
            .into_iter()
            .map(|row| (first_code(&row[0]), row[1].clone(), row[2].clone()));
        assert_eq!(documented.collect::<BTreeSet<_>>(), expected, "{name}");
        let has_none = said.contains("It has no parameters.");
        assert_eq!(has_none, parameters.is_empty(), "{name}");

        let first = |header| -> Vec<String> {
            let rows = table(&said, header).into_iter();
            rows.map(|row| first_code(&row[0])).collect()
        };
        let results: BTreeSet<_> = first("Result").into_iter().collect();
        assert_eq!(results, story.results[name], "{name}: results");
        assert_alike(
            &format!("{name}: failures"),
            &first("Failure"),
            &story.failures[name],
        );
    }
    let headings: BTreeSet<_> = sections(&reference)
        .into_iter()
        .flat_map(|(_, title, _)| code(&title))
        .collect();
    assert_eq!(headings, actions.keys().cloned().collect());
}

/// The possible outcomes of a dry run.
fn outcomes() -> Vec<Outcome> {
    let at = Some(Position { line: 2, column: 7 });
    let text = || "words".to_owned();
    let mut outcomes: Vec<_> = [
        MapperError::Failed {
            at,
            problem: text(),
        },
        MapperError::Refused {
            at,
            message: text(),
        },
        MapperError::NotAnObject,
        MapperError::Part {
            part: text(),
            wanted: text(),
        },
        MapperError::TooSlow,
        MapperError::TooMuchMemory,
        MapperError::TooDeep,
        MapperError::TooLarge,
        MapperError::RequestTooLarge,
        MapperError::Function,
        MapperError::NoAnswer,
    ]
    .map(TrialError::from)
    .into_iter()
    .chain([
        TrialError::PhoneUnverified,
        TrialError::Claims(ClaimsError::NotAnObject),
        TrialError::Claims(ClaimsError::Undecodable {
            field: "updated_at",
        }),
        TrialError::Claims(ClaimsError::Missing { field: "sub" }),
    ])
    .map(|error| Outcome {
        claims: "verified",
        identity: Err(error),
    })
    .collect();
    outcomes.push(Outcome {
        claims: "phone",
        identity: Err(TrialError::PhoneUnverified),
    });
    outcomes.extend(["given", "unverified"].map(|claims| Outcome {
        claims,
        identity: Ok(Identity {
            traits: serde_json::Map::new(),
            metadata_public: None,
            metadata_admin: None,
            verified_addresses: Vec::new(),
            asked_for_provider: true,
        }),
    }));
    outcomes
}

#[test]
fn every_finding_of_a_dry_run_is_in_the_reference() {
    // Of a provider that never says that an email is verified.
    let never = outcomes()
        .into_iter()
        .filter(|one| one.claims == "unverified");
    let never = DryRun::of(&never.collect::<Vec<_>>()).findings;
    let found = findings_of_mappers().into_iter();
    let found = found.chain(never.into_iter().map(Found::from));
    let with_mapper = |mapper: &str| {
        validate(&format!(
            "{{provider: github, client_id: c, client_secret: s, jsonnet_mapper: '{mapper}'}}"
        ))
    };
    let said = found
        .chain(with_mapper("{"))
        .chain(with_mapper("base64://e30="))
        .chain(with_mapper(&"[".repeat(300)))
        .chain(with_mapper(&"1".repeat(30_000)))
        .map(|one| format!("{} {}: {}", one.severity, one.problem, one.fix));
    let reference = section(&read("docs/reference.md"), "`test-mapper`");
    let patterns: Vec<_> = table(&reference, "Finding")
        .iter()
        .map(|row| {
            let (problem, fix, severity) = (first_code(&row[0]), first_code(&row[1]), &row[2]);
            format!("{severity} {problem}: {fix}")
        })
        .collect();
    assert_alike("findings", &patterns, &said.collect());
}

#[test]
fn every_status_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "Statuses");
    let documented: Vec<_> = table(&reference, "Status")
        .into_iter()
        .map(|row| format!("{} {}", row[0], first_code(&row[1])))
        .collect();
    assert_alike("statuses", &documented, &Story::told().statuses);
}

/// What the charm says in the course of a deployment.
#[derive(Default)]
struct Story {
    /// Statuses: the word, and the message.
    statuses: BTreeSet<String>,
    /// The messages.
    messages: BTreeSet<String>,
    /// The keys of results, by action.
    results: BTreeMap<String, BTreeSet<String>>,
    /// Why actions failed, by action.
    failures: BTreeMap<String, BTreeSet<String>>,
    /// Lines of the log, and of the result `warning`.
    lines: BTreeSet<String>,
}

impl Story {
    /// Told once, for all tests.
    fn told() -> &'static Self {
        static STORY: LazyLock<Story> = LazyLock::new(Story::play);
        &STORY
    }

    /// What an application on the endpoint `oauth` leads to.
    fn serve_applications(&mut self) {
        let mut world = World::with_idp(2, &GOOGLE);
        let relation = world.add_application("grafana");
        self.look(&mut world);
        let grants = r#"["client_credentials"]"#;
        world.ask(relation, "grafana", &[("grant_types", grants)]);
        self.look(&mut world);
        let elsewhere = [
            ("provider", "generic"),
            ("issuer_url", "https://idp.example.com"),
        ];
        world.config(&elsewhere);
        self.look(&mut world);
        world.config(&[("ca_chain", "x")]);
        self.look(&mut world);
        world.add_stand_in("kratos");
        self.look(&mut world);
    }

    fn play() -> Self {
        let mut story = Self::default();
        let mut world = World::with_idp(2, &[]);
        story.look(&mut world);
        world.config(&GOOGLE);
        story.look(&mut world);
        world.config(&[("client_secret", "")]);
        story.look(&mut world);
        world.config(&GOOGLE);
        let relation = world.add_stand_in("kratos");
        story.look(&mut world);
        for answer in ["{", r#"[{"provider_id":"google"}]"#, ANSWER] {
            world.answer(relation, answer);
            story.look(&mut world);
        }
        world.config(&[("provider_id", "a/b")]);
        world.answer(relation, &ANSWER.replace("google", "a/b"));
        story.look(&mut world);
        world.config(&[("client_secret", "")]);
        story.look(&mut world);
        world.config(&[("enabled", "false"), ("client_secret", "s")]);
        story.look(&mut world);
        let mapper = "{ identity: { traits: { email: std.extVar('claims').email } } }";
        world.config(&[("jsonnet_mapper", mapper)]);
        let claims = json!({ "iss": "i", "sub": "s", "email": "alice@example.org" });
        for parameter in [
            ("claims", claims),
            ("claims", json!("{")),
            ("provider-id", json!("nobody")),
        ] {
            let outcome = world
                .run_action("idp/1", "test-mapper", &[parameter])
                .unwrap();
            story.note("test-mapper", &outcome);
        }
        story.look(&mut world);
        world.config(&[("provider_id", "google")]);
        story.look(&mut world);

        let item = |number| {
            format!(
                "- {{provider: google, client_id: c, client_secret: s, scope: openid, provider_id: \
                 p{number}}}"
            )
        };
        let list: Vec<_> = (0..1000).map(item).collect();
        world.config(&unset(GOOGLE));
        let item = |id| {
            format!(
                "- {{provider: google, client_id: c, client_secret: s, provider_id: {id}, \
                 jsonnet_mapper: '{{}}'}}\n"
            )
        };
        let two = item("one") + &item("two");
        world.config(&[("jsonnet_mapper", ""), ("providers", &two)]);
        let outcome = world.run("idp/0", "test-mapper");
        story.note("test-mapper", &outcome);
        let okta = "- {client_id: c, client_secret: s, issuer_url: 'https://i.example.com', \
                    jsonnet_mapper: '{identity: {traits: {}}}'}";
        let outcome = world.run("idp/0", "check-provider");
        story.note("check-provider", &outcome);
        for providers in ["[]", okta] {
            world.config(&[("providers", providers)]);
            let outcome = world.run("idp/0", "test-mapper");
            story.note("test-mapper", &outcome);
        }
        story.ask_providers();
        story.serve_applications();
        world.config(&[("enabled", "true"), ("providers", &list.join("\n"))]);
        world.answer(relation, &ANSWER.replace("google", "p999"));
        let outcome = world.run("idp/0", "get-redirect-uri");
        story.note("get-redirect-uri", &outcome);

        let fault = Fault {
            tool: "config-get".into(),
            ..Fault::default()
        };
        world.inject(fault);
        let run = world.update_status("idp/0");
        story.lines.extend(run.stderr.lines().map(str::to_owned));
        story
    }

    /// Asks a provider that is here, and some that are not.
    fn ask_providers(&mut self) {
        let mut world = World::with_idp(1, &[]);
        let web = honest();
        let here = format!(
            "- {{client_id: c, client_secret: s, issuer_url: '{}', scope: openid email}}",
            web.url()
        );
        for (providers, parameters) in [
            ("- {enabled: false, client_id: c}", vec![]),
            ("{", vec![]),
            (&*here, vec![("provider-id", json!("nobody"))]),
            (&*here, vec![("public-url", json!("iam.example.com"))]),
            (&*here, vec![("ca", json!("nonsense"))]),
            (&*here, vec![]),
        ] {
            world.config(&[("providers", providers)]);
            let outcome = world.run_action("idp/0", "check-provider", &parameters);
            self.note("check-provider", &outcome.unwrap());
        }
        // A program beside which there is no doctor.
        let mut world = World::new();
        let dispatch = world.idp_charm().join("dispatch");
        let program = fs::read(&dispatch).unwrap();
        fs::remove_file(&dispatch).unwrap();
        fs::write(&dispatch, program).unwrap();
        fs::set_permissions(&dispatch, fs::Permissions::from_mode(0o755)).unwrap();
        world.deploy_idp(1, &GOOGLE);
        let outcome = world.run("idp/0", "check-provider");
        self.note("check-provider", &outcome);
    }

    /// Looks at the statuses, runs every action, and reads the log.
    fn look(&mut self, world: &mut World) {
        for unit in ["idp/0", "idp/1"] {
            let url = |url: &str| [("public-url", json!(url))];
            for parameters in [url(PUBLIC_URL), url("iam.example.com")] {
                let outcome = world
                    .run_action(unit, "validate-config", &parameters)
                    .unwrap();
                self.note("validate-config", &outcome);
            }
            for action in ["get-redirect-uri", "test-mapper"] {
                let outcome = world.run(unit, action);
                self.note(action, &outcome);
            }

            let (level, message) = world.status(unit);
            self.messages.insert(message.clone());
            self.statuses.insert(format!("{level} {message}"));
        }
        let lines = world.log().iter().flat_map(|record| record.message.lines());
        self.lines.extend(lines.map(str::to_owned));
    }

    fn note(&mut self, action: &str, outcome: &ActionOutcome) {
        let failures = self.failures.entry(action.into()).or_default();
        if !outcome.message.is_empty() {
            failures.insert(outcome.message.clone());
        }
        let results = self.results.entry(action.into()).or_default();
        results.extend(outcome.results.keys().cloned());
        if let Some(warning) = outcome.results.get("warning").and_then(Value::as_str) {
            self.lines.extend(warning.lines().map(str::to_owned));
        }
    }
}

// Findings.

/// A finding, as `validate` prints it.
#[derive(Debug)]
struct Found {
    code: String,
    severity: String,
    option: String,
    problem: String,
    fix: String,
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
fn validate(options: &str) -> Vec<Found> {
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
fn intricate() -> String {
    let line = |(name, of): (char, &str)| format!("{name}: &{name} [{}]", [of; 10].join(", "));
    let names = ["x", "*a", "*b", "*c", "*d", "*e", "*f", "*g"];
    let lines: Vec<_> = ('a'..='h').zip(names).map(line).collect();
    lines.join("\n")
}

/// Configurations of which each has something wrong with it.
#[expect(clippy::too_many_lines, reason = "a table")]
fn bad_configurations() -> Vec<String> {
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
fn relation(ours: Option<&str>, theirs: &str) -> Relation {
    Relation {
        id: RelationId::new("kratos-external-idp:7"),
        requirer: "kratos".into(),
        ours: ours.map(|ours| Databag::from([(KEY, ours)])),
        theirs: Databag::from([(KEY, theirs)]),
        secrets: BTreeMap::new(),
    }
}

/// Findings that need Juju, or something that is published already.
fn findings_with_juju() -> Vec<Found> {
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
fn findings_of_mappers() -> Vec<Found> {
    let run = DryRun::of(&outcomes());
    run.findings.into_iter().map(Found::from).collect()
}

/// What may be found about applications and the options for them.
fn findings_of_applications() -> Vec<Found> {
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

#[test]
fn every_finding_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "Findings");
    let documented: BTreeMap<_, _> = [
        ("Errors", Severity::Error),
        ("Warnings", Severity::Warning),
        ("Notes", Severity::Note),
    ]
    .into_iter()
    .flat_map(|(heading, severity)| {
        let rows = table(&section(&reference, heading), "Code").into_iter();
        rows.map(move |row| (first_code(&row[0]), (severity, code(&row[1]))))
    })
    .collect();
    let severities = documented
        .iter()
        .map(|(word, (severity, _))| (word.as_str(), *severity));
    let expected = Code::ALL.iter().map(|code| (code.word(), code.severity()));
    assert_eq!(
        severities.collect::<BTreeMap<_, _>>(),
        expected.collect(),
        "the codes and their severities"
    );

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
    let mut unseen: BTreeSet<_> = documented.keys().cloned().collect();
    for one in found {
        let option = one.option.split("].").last().unwrap().to_owned();
        let (_, options) = &documented[&one.code];
        assert!(
            options.is_empty() || options.contains(&option),
            "the reference does not list {option} for {}",
            one.code
        );
        unseen.remove(&one.code);
    }
    assert_eq!(
        unseen,
        BTreeSet::new(),
        "codes that no configuration leads to"
    );
}

#[test]
fn every_reason_why_a_value_is_not_carried_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "Why Kratos misreads a value");
    let rows = table(&reference, "Reason");
    let mut examples: Vec<(String, &str)> = ["x ", "x\ny", "x\u{1}y", "x\ty"]
        .map(|value| (value.to_owned(), "label"))
        .into();
    let mut seen = BTreeSet::new();
    for row in &rows {
        let option = if row[1].contains("`scope`") {
            "scope"
        } else {
            "label"
        };
        let shown = code(&row[1])
            .into_iter()
            .filter(|example| example != "scope");
        for example in shown {
            let reasons = reasons(option, &example);
            assert!(
                reasons.contains(&first_code(&row[0])),
                "{example}: {reasons:?}"
            );
            examples.push((example, option));
        }
    }
    for (example, option) in examples {
        seen.extend(reasons(option, &example));
    }
    let documented: BTreeSet<_> = rows.iter().map(|row| first_code(&row[0])).collect();
    assert_eq!(documented, seen);
}

/// Why `value` cannot be carried as `option`.
fn reasons(option: &str, value: &str) -> BTreeSet<String> {
    let mut options = json!({ "provider": "google", "client_id": "c", "client_secret": "s", "scope": "openid", "unsafe_values": "block" });
    options[option] = value.into();
    let found = validate(&options.to_string()).into_iter();
    let why = found.filter_map(|one| {
        let (_, why) = one.problem.split_once("would misread this value (")?;
        Some(why.strip_suffix(')')?.to_owned())
    });
    why.collect()
}

// Troubleshooting.

/// The statuses with one finding of every code, in a deployment that works otherwise. Most are
/// not in the story, as they need secrets or many configurations.
fn statuses_of_findings() -> BTreeSet<String> {
    let options = GOOGLE.map(|(option, value)| (option.to_owned(), json!(value)));
    let options = serde_json::from_value(Value::Object(options.into_iter().collect())).unwrap();
    let configuration = Configuration::check(Request::new(options), &Answers::default());
    let relation = relation(None, ANSWER);
    let registrations = [Registration::read(&configuration, &relation)];
    assert!(registrations[0].complete, "nothing else is shown");
    let long = Fix::instruction("x".repeat(LENGTH_LIMIT));
    let mut statuses = BTreeSet::new();
    for &code in Code::ALL {
        for fix in [Fix::set("x"), long.clone()] {
            for kept in [false, true] {
                let found = [Finding::new(code, "option", "problem", fix.clone())];
                for (of_kratos, of_applications) in [(&found[..], &[][..]), (&[], &found)] {
                    let requests = Requests {
                        is_any: !of_applications.is_empty(),
                        silent: vec![],
                        asked: vec![],
                        findings: of_applications.to_vec(),
                    };
                    let (status, _) = status_and_news(
                        "idp",
                        &configuration,
                        of_kratos,
                        &registrations,
                        &requests,
                        kept,
                    );
                    statuses.insert(status.message);
                }
            }
        }
    }
    statuses
}

#[test]
fn every_message_in_troubleshooting_is_said() {
    let page = read("docs/troubleshooting.md");
    let story = Story::told();
    let mut messages = story.messages.clone();
    messages.extend(statuses_of_findings());
    let failures: BTreeSet<_> = story.failures.values().flatten().cloned().collect();
    let lines: BTreeSet<_> = story
        .lines
        .iter()
        .map(|line| line.trim_start().trim_start_matches("WARN "))
        // Juju puts the relation before what is logged in its hooks.
        .map(|line| {
            line.trim_start_matches("kratos-external-idp:0: ")
                .to_owned()
        })
        .collect();
    for (heading, said) in [
        ("The status", messages),
        ("Actions", failures),
        ("Log lines and warnings", lines),
    ] {
        let rows = table(&section(&page, heading), "Message");
        assert!(rows.len() > 4, "{heading}");
        for row in rows {
            let pattern = first_code(&row[0]);
            assert!(
                said.iter().any(|text| matches(&pattern, text)),
                "{heading}: nothing says {pattern}: {said:#?}"
            );
        }
    }
}

#[test]
fn every_error_of_the_command_line_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "The command line");
    let rows = table(&reference, "Message on standard error");
    let patterns: Vec<_> = rows.iter().map(|row| first_code(&row[0])).collect();
    let two = "a: {label: x}\nb: {label: y}";
    let disabled = "{provider: github, client_id: c, client_secret: s, enabled: false}";
    let complaint = |args: &str, input: &str, code| {
        let args: Vec<_> = args.split(' ').collect();
        let output = charm(&args, input);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {input:.40}");
        String::from_utf8(output.stderr).unwrap().trim().to_owned()
    };
    let refusal = |args, input| complaint(args, input, 1);
    let complaints = [
        refusal("validate /nowhere/at-all.yaml", ""),
        refusal("validate -", "label: ["),
        refusal("validate -", "label: x\n---\nlabel: y"),
        refusal("validate -", &intricate()),
        refusal("validate -", "text"),
        refusal("validate -", two),
        refusal("validate --app c -", two),
        refusal("test-mapper - --claims {", disabled),
        complaint("render -", disabled, 0),
    ];
    assert_alike("complaints", &patterns, &complaints.into());
}

// Recipes.

fn recipe_files() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("examples/recipes")).unwrap();
    let files = folder.map(|entry| entry.unwrap().path());
    files
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect()
}

#[test]
fn every_recipe_has_a_valid_file() {
    let page = read("docs/recipes.md");
    let mut files = BTreeSet::new();
    for path in recipe_files() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let args = [
            "validate",
            path.to_str().unwrap(),
            "--public-url",
            PUBLIC_URL,
        ];
        let output = charm(&args, "");
        let said = stdout(&output);
        let (verdict, uri) = said.split_once('\n').unwrap();
        assert_eq!(verdict, "valid", "{stem}: {said}");
        assert_eq!(output.status.code(), Some(0), "{stem}");
        let (id, uri) = uri.trim().split_once(": ").unwrap();
        assert_eq!(
            section_of(&page, &stem).matches(uri).count().min(1),
            1,
            "{stem}: {uri}"
        );
        assert!(uri.ends_with(&format!("/{id}")), "{stem}");
        files.insert(stem);
    }
    let rows = table(&page, "Provider").into_iter();
    let listed: BTreeSet<_> = rows
        .map(|row| row[2].split(['/', '.']).rev().nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(listed, files, "the table of recipes");
    assert_eq!(files.len(), 9);
}

/// The recipe under the heading that is linked as `#slug`.
fn section_of(page: &str, anchor: &str) -> String {
    let found = sections(page)
        .into_iter()
        .find(|(_, title, _)| slug(title) == anchor);
    found.unwrap_or_else(|| panic!("a heading for #{anchor}")).2
}

#[test]
fn the_commands_of_a_recipe_set_what_its_file_sets() {
    let page = read("docs/recipes.md");
    for path in recipe_files() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let recipe = section(&section_of(&page, &stem), "Here");
        let commands: Vec<_> = blocks(&recipe, "shell")
            .iter()
            .flat_map(|block| commands(block))
            .collect();
        let names: Vec<_> = commands.iter().map(|command| command[1].as_str()).collect();
        assert_eq!(names, ["add-secret", "grant-secret", "config"], "{stem}");
        let set: serde_json::Map<_, _> = commands[2][3..]
            .iter()
            .map(|word| {
                let (option, value) = word.split_once('=').unwrap();
                let value = value.strip_prefix('@').map_or(value.to_owned(), read);
                (option.to_owned(), value.into())
            })
            .collect();
        assert_eq!(Value::from(set), file["idp"], "{stem}");
        let key = commands[0][3].split(['=', '#']).next().unwrap();
        assert!(
            !file["idp"][key.replace('-', "_")].is_null(),
            "{stem}: {key}"
        );
    }
}

/// Options as texts.
fn texts(options: &Value) -> Vec<(&str, &str)> {
    let options = options.as_object().unwrap().iter();
    options
        .map(|(option, value)| (option.as_str(), value.as_str().unwrap()))
        .collect()
}

#[test]
fn every_recipe_leads_to_a_redirect_uri() {
    for path in recipe_files() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let mut options = file["idp"].clone();
        let apple = stem == "apple";
        let (option, key, value) = if apple {
            ("apple_private_key", "apple-private-key", APPLE_KEY)
        } else {
            ("client_secret", "client-secret", "s3cret")
        };
        let mut world = World::with_idp(1, &[]);
        world.deploy_kratos("kratos", &[("public-url", PUBLIC_URL)]);
        let uri = world.add_secret("idp-client", &[(key, value)]).unwrap();
        world.grant_secret("idp-client", "idp").unwrap();
        options[option] = uri.into();
        world.config(&texts(&options));
        let relation = world.integrate("idp", "kratos").unwrap();
        world.settle().unwrap();
        assert_eq!(world.status("idp/0").0, "active", "{stem}");
        let uri = world.run("idp/0", "get-redirect-uri").results["redirect-uri"].clone();
        let id = options["provider_id"].as_str().unwrap();
        assert!(
            uri.as_str().unwrap().ends_with(&format!("/callback/{id}")),
            "{stem}: {uri}"
        );
        let published: Value = serde_json::from_str(&world.published(relation).unwrap()).unwrap();
        assert_eq!(
            published[0][option],
            if apple {
                json!(value).to_string()
            } else {
                value.into()
            }
        );
    }
}

#[test]
fn the_guide_to_secrets_can_be_followed() {
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.answer(relation, ANSWER);
    let before = world.published(relation);
    let uri = world
        .add_secret("idp-client", &[("password", GOOGLE[2].1)])
        .unwrap();
    world.config(&[("client_secret", &uri)]);
    let (level, message) = world.status("idp/0");
    assert!(
        level == "blocked" && message.contains("not granted: run juju grant-secret "),
        "granted late: {message}"
    );
    world.grant_secret("idp-client", "idp").unwrap();
    world.settle().unwrap();
    assert_eq!(
        world.status("idp/0").0,
        "blocked",
        "a grant is not an event"
    );
    world.update_status("idp/0");
    assert_eq!(world.status("idp/0").0, "active");
    assert_eq!(
        world.published(relation),
        before,
        "from the option to the secret"
    );

    world
        .update_secret("idp-client", &[("password", "new")])
        .unwrap();
    world.settle().unwrap();
    let rotated = world.published(relation).unwrap();
    assert_eq!(
        rotated,
        before.unwrap().replace(GOOGLE[2].1, "new"),
        "at once"
    );

    world.announce_secrets(relation);
    world.config(&[("secret_backend", "secret")]);
    assert!(!world.published(relation).unwrap().contains("new"));
    assert_eq!(world.secrets().count(), 2);
    world.config(&[("secret_backend", "relation")]);
    assert_eq!(world.published(relation).unwrap(), rotated);
    assert_eq!(world.secrets().count(), 1, "removed again");
}

// Everything else that can be run.

/// The commands of Juju that the pages use.
const JUJU: [&str; 13] = [
    "add-secret",
    "config",
    "debug-log",
    "deploy",
    "grant-secret",
    "integrate",
    "refresh",
    "remove-application",
    "remove-relation",
    "remove-secret",
    "run",
    "status",
    "update-secret",
];

#[test]
fn commands_in_the_pages_still_work() {
    let actions: Value = serde_yaml::from_str(&read("actions.yaml")).unwrap();
    let known = is_option;
    let (mut run, mut checked) = (0, 0);
    for page in pages(&root().join("docs")) {
        for command in blocks(&read(&page), "shell")
            .iter()
            .flat_map(|block| commands(block))
        {
            let name = format!("{}: {command:?}", page.display());
            let words: Vec<_> = command.iter().map(String::as_str).collect();
            match words.as_slice() {
                ["cargo", "run", "--", args @ ..]
                | ["target/release/kratos-external-idp-integrator", args @ ..] => {
                    // The reader's own file.
                    let own = |arg: &&str| arg.starts_with("idp.");
                    let args: Vec<_> = args
                        .iter()
                        .map(|arg| {
                            if own(arg) {
                                "examples/recipes/google.yaml"
                            } else {
                                arg
                            }
                        })
                        .collect();
                    // Nobody is asked: there is no such proxy.
                    let output = charm_with(&args, "", &[("https_proxy", "http://127.0.0.1:1")]);
                    assert_eq!(output.status.code(), Some(0), "{name}: {output:?}");
                    assert!(!output.stdout.is_empty(), "{name}");
                    run += 1;
                }
                ["juju", "config", "idp", "--reset", options] => {
                    assert!(options.split(',').all(known), "{name}");
                    checked += 1;
                }
                ["juju", "config", "idp", "--file" | "--format", ..] => {}
                ["juju", "config", "idp", set @ ..] => {
                    for word in set {
                        let (option, value) = word.split_once('=').unwrap();
                        assert!(known(option), "{name}: {option}");
                        if let Some(file) = value.strip_prefix("@examples/") {
                            read(format!("examples/{file}"));
                        }
                    }
                    checked += 1;
                }
                ["juju", "run", "idp/0", action, parameters @ ..] => {
                    let action = &actions[*action];
                    assert!(action.is_object(), "{name}");
                    for parameter in parameters {
                        let (key, _) = parameter.split_once('=').unwrap();
                        assert!(action["params"][key].is_object(), "{name}: {key}");
                    }
                    checked += 1;
                }
                ["juju", command, ..] => assert!(JUJU.contains(command), "{name}"),
                _ => {
                    let others = [
                        "cargo build",
                        "cargo build --release",
                        "umask 077",
                        "rm idp.json",
                        "> idp.json",
                    ];
                    assert!(others.contains(&words.join(" ").as_str()), "{name}");
                }
            }
        }
    }
    assert!(run > 8 && checked > 20, "{run} run, {checked} checked");
}

#[test]
fn lists_of_providers_are_valid() {
    let mut count = 0;
    for page in pages(&root().join("docs")) {
        for block in blocks(&read(&page), "yaml") {
            let options = json!({ "providers": block }).to_string();
            let found = validate(&options);
            assert!(found.is_empty(), "{}: {found:?}", page.display());
            count += 1;
        }
    }
    assert!(count > 0);
}

/// The anchor that GitHub makes of a heading.
fn slug(title: &str) -> String {
    let kept = title
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .collect::<String>();
    kept.replace(' ', "-")
}

#[test]
fn links_lead_somewhere() {
    let mut count = 0;
    for page in pages(root()) {
        let text = fs::read_to_string(&page).unwrap();
        let mut fenced = false;
        for line in text.lines() {
            fenced ^= line.trim_start().starts_with("```");
            if fenced {
                continue;
            }
            for link in line.split("](").skip(1) {
                let target = link.split(')').next().unwrap();
                if target.contains("://") {
                    continue;
                }
                let name = format!("{}: {target}", page.display());
                let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
                let there = if file.is_empty() {
                    page.clone()
                } else {
                    page.with_file_name(file)
                };
                assert!(there.exists(), "{name}");
                if !anchor.is_empty() {
                    let headings = sections(&fs::read_to_string(&there).unwrap());
                    let mut anchors = headings.iter().map(|(_, title, _)| slug(title));
                    assert!(anchors.any(|known| known == anchor), "{name}");
                }
                count += 1;
            }
        }
    }
    assert!(count > 50, "{count} links");
}

#[test]
fn every_proof_is_a_test() {
    fn sources(folder: &Path) -> String {
        let mut all = String::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                all += &sources(&path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all += &fs::read_to_string(&path).unwrap();
            }
        }
        all
    }
    let tests = sources(&root().join("src")) + &sources(&root().join("tests"));
    let rows = table(&read("docs/explanation.md"), "The Python charm");
    assert!(rows.len() > 10);
    for row in rows {
        let proof = first_code(&row[2]);
        let (before, _) = tests
            .split_once(&format!("fn {proof}("))
            .unwrap_or_else(|| panic!("{proof} does not exist"));
        let attributes = before.rsplit("\n\n").next().unwrap();
        assert!(attributes.contains("#[test]"), "{proof} is not a test");
    }
}
