//! Mappers are read and run in the second program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use doctor::Doctor;
use doctor::mapper::{Identity, MapperError, Position};
use external_provider::Kind;
use kratos_external_idp_integrator::mapper::{DryRun, Trial, dry_run, sample_claims};
use serde_json::{Value, json};

/// `claim_mappers/default_schema.jsonnet` of Charmed Kratos, cut short.
const CHARMED_DEFAULT: &str = "
local claims = {
  email_verified: false,
} + std.extVar('claims');

{
  identity: {
    traits: {
      [if 'email' in claims && claims.email_verified then 'email' else null]: claims.email,
      [if 'name' in claims then 'name' else null]: claims.name,
      [if 'phone_number' in claims && claims.phone_number_verified then 'phone_number' else null]:
        claims.phone_number,
    },
  },
}
";

/// `claim_mappers/microsoft_schema.jsonnet` of Charmed Kratos.
const CHARMED_MICROSOFT: &str = "
local claims = std.extVar('claims');
{
  identity: {
    traits: {
      email: claims.email,
    },
  },
}
";

fn doctor() -> Doctor {
    Doctor::at(env!("CARGO_BIN_EXE_doctor"))
}

fn run(jsonnet: &str, claims: &Value) -> Result<Identity, MapperError> {
    doctor().evaluate(jsonnet, claims, "corporate")
}

fn claims() -> Value {
    json!({
        "sub": "hunter2",
        "email": "hunter2@example.com",
        "raw_claims": {"groups": ["admins"]},
    })
}

#[test]
fn traits_are_those_that_kratos_would_store() {
    let verified = json!({"email": "ada@example.com", "email_verified": true, "name": "Ada"});
    let unverified = json!({"email": "ada@example.com", "name": "Ada"});
    for (name, jsonnet, claims, traits) in [
        (
            "default, verified",
            CHARMED_DEFAULT,
            &verified,
            json!({"email": "ada@example.com", "name": "Ada"}),
        ),
        (
            "default, not verified",
            CHARMED_DEFAULT,
            &unverified,
            json!({"name": "Ada"}),
        ),
        (
            "Entra ID, not verified",
            CHARMED_MICROSOFT,
            &unverified,
            json!({"email": "ada@example.com"}),
        ),
        (
            "email if there is one",
            "local claims = std.extVar('claims'); { identity: { traits: \
             { [if 'email' in claims then 'email']: claims.email } } }",
            &json!({}),
            json!({}),
        ),
        (
            "raw claims",
            "{ identity: { traits: { g: std.extVar('claims').raw_claims.groups[0] } } }",
            &self::claims(),
            json!({"g": "admins"}),
        ),
        (
            "numbers, text and its escapes",
            "local c = std.extVar('claims'); { identity: { traits: c + { n: 1.5, m: -3 } } }",
            &json!({"t": "é \" \\ \n \u{1f510} \u{0} ${x}"}),
            json!({"t": "é \" \\ \n \u{1f510} \u{0} ${x}", "n": 1.5, "m": -3}),
        ),
    ] {
        let identity = run(jsonnet, claims).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(Value::from(identity.traits), traits, "{name}");
        assert!(!identity.asked_for_provider, "{name}");
    }
}

#[test]
fn provider_is_the_id_but_kratos_does_not_set_it() {
    let jsonnet = "{ identity: { traits: { p: std.extVar('provider') } } }";
    let identity = run(jsonnet, &json!({})).unwrap();
    assert_eq!(identity.traits["p"], "corporate");
    assert!(identity.asked_for_provider);
}

#[test]
fn a_failure_has_its_place_and_our_words() {
    for (name, jsonnet, expected, place) in [
        (
            "missing claim",
            "local claims = std.extVar('claims');\n{ identity: { traits: { a: claims.hunter2 } } }",
            "a field that the object does not have",
            Some((2, 28)),
        ),
        (
            "wrong type",
            "{ identity: { traits: { a: std.extVar('claims').email - 1 } } }",
            "an operator on wrong types",
            Some((1, 28)),
        ),
        (
            "in a function of std",
            "{ identity: { traits:\n  std.parseJson(std.extVar('claims').email) } }",
            "a function of std with a wrong argument",
            Some((2, 3)),
        ),
        (
            "unknown variable of Kratos",
            "{ identity: { traits: std.extVar('hunter2') } }",
            "it sets only claims",
            Some((1, 23)),
        ),
        (
            "function in the result",
            "{ identity: { traits: { a(b): b } } }",
            "a function in the result",
            None,
        ),
    ] {
        match run(jsonnet, &claims()) {
            Err(MapperError::Failed { at, problem }) => {
                assert!(problem.contains(expected), "{name}: {problem}");
                assert!(!problem.contains("hunter2"), "{name}: {problem}");
                if let Some((line, column)) = place {
                    assert_eq!(at, Some(Position { line, column }), "{name}");
                }
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn what_the_mapper_says_is_kept_short() {
    for (name, jsonnet, said) in [
        (
            "error",
            "error 'only staff\\n\\u001b[31m'",
            "only staff[31m",
        ),
        ("assert", "assert false : 'only staff'; {}", "only staff"),
        ("long", "error std.repeat('x', 100000)", &"x".repeat(200)),
    ] {
        match run(jsonnet, &claims()) {
            Err(MapperError::Refused { message, .. }) => assert_eq!(message, said, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn results_that_kratos_refuses() {
    for (name, jsonnet, error) in [
        ("a list", "[]", Some(MapperError::NotAnObject)),
        ("a text", "'hunter2'", Some(MapperError::NotAnObject)),
        ("no traits", "{ identity: {} }", None),
        ("traits are a list", "{ identity: { traits: [] } }", None),
        (
            "metadata is null",
            "{ identity: { traits: {}, metadata_public: null } }",
            None,
        ),
        ("hidden traits", "{ identity: { traits:: {} } }", None),
        (
            "too large",
            "{ identity: { traits: { a: std.repeat('x', 600000) } } }",
            Some(MapperError::TooLarge),
        ),
        (
            "deep",
            "local f(n) = if n == 0 then {} else { a: f(n - 1) }; { identity: { traits: f(150) } }",
            // By the white space with which go-jsonnet prints it.
            Some(MapperError::TooLarge),
        ),
    ] {
        let refused = run(jsonnet, &claims()).unwrap_err();
        match error {
            Some(error) => assert_eq!(refused, error, "{name}"),
            None => assert!(
                matches!(refused, MapperError::Part { .. }),
                "{name}: {refused}"
            ),
        }
    }
    assert!(matches!(
        run("{ hunter2: }", &claims()),
        Err(MapperError::Syntax(error)) if (error.line, error.column) == (1, 12)
    ));
}

/// How a hostile mapper ends.
#[derive(Debug, PartialEq)]
enum Ends {
    /// As one that goes too deep.
    Deep,
    /// For want of time or memory, whichever is first on this machine.
    Heavy,
    /// By a function of std that does not do that.
    Refused,
    /// In another way.
    Otherwise,
}

/// Mappers that ask for more than there is.
const HOSTILE: &[(&str, Ends, &str)] = &[
    ("recursion", Ends::Deep, "local f(x) = f(x) + f(x); f(1)"),
    ("recursion of a value", Ends::Deep, "local a = a; a"),
    (
        "recursion of objects",
        Ends::Deep,
        "local o = { a: o { b: self.a } }; o.a",
    ),
    (
        "tail recursion",
        Ends::Heavy,
        "local f(x) = f(x + 1) tailstrict; f(1)",
    ),
    (
        "endless object",
        Ends::Deep,
        "local f(x) = { a: f(x) }; f(1)",
    ),
    (
        "loop",
        Ends::Heavy,
        "std.foldl(function(a, b) a + b, std.range(1, 1000000000), 0)",
    ),
    (
        "nested loops",
        Ends::Heavy,
        "std.length([1 for a in std.range(1, 9999) for b in std.range(1, 9999)])",
    ),
    (
        "exponential calls",
        Ends::Heavy,
        "local f(n) = if n == 0 then 1 else f(n - 1) + f(n - 1); f(60)",
    ),
    ("huge text", Ends::Refused, "std.repeat('x', 1e12)"),
    (
        "large text",
        Ends::Heavy,
        "std.length(std.repeat('x', 1e9))",
    ),
    (
        "doubled text",
        Ends::Heavy,
        "std.foldl(function(a, b) a + a, std.range(1, 60), 'x')",
    ),
    (
        "doubled list",
        Ends::Heavy,
        "std.length(std.foldl(function(a, b) a + a, std.range(1, 60), [1]))",
    ),
    ("huge range", Ends::Heavy, "std.length(std.range(0, 1e9))"),
    (
        "huge list",
        Ends::Refused,
        "std.makeArray(1e15, function(i) i)",
    ),
    ("wide format", Ends::Heavy, "'%1000000000d' % 1"),
    ("precise format", Ends::Refused, "'%.1000000000f' % 1"),
    (
        "width from an argument",
        Ends::Heavy,
        "'%*d' % [2000000000, 1]",
    ),
    (
        "joined",
        Ends::Heavy,
        "std.join(std.repeat('x', 1e6), std.repeat(['y'], 1e6))",
    ),
    (
        "replaced",
        Ends::Heavy,
        "std.strReplace(std.repeat('x', 1e6), 'x', std.repeat('y', 1e6))",
    ),
    (
        "sorted",
        Ends::Heavy,
        "std.sort(std.range(1, 1e7), function(x) -x)",
    ),
    (
        "escaped again and again",
        Ends::Heavy,
        "std.foldl(function(a, b) std.escapeStringJson(a), std.range(1, 99), '\"')",
    ),
    (
        "deep list",
        Ends::Heavy,
        "std.foldl(function(a, b) [a], std.range(1, 1e6), [])",
    ),
    (
        "deep text",
        Ends::Refused,
        "std.parseJson(std.repeat('[', 1e6))",
    ),
    (
        "deep YAML",
        Ends::Refused,
        "std.parseYaml(std.repeat('[', 1e5))",
    ),
    (
        "YAML aliases",
        Ends::Heavy,
        "std.parseYaml('a: &a [1,1,1,1,1,1,1,1,1]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f]\\nh: &h [*g,*g,*g,*g,*g,*g,*g,*g]')",
    ),
    (
        "deep comparison",
        Ends::Deep,
        "local d = std.foldl(function(a, b) [a], std.range(1, 1e5), []); d == d",
    ),
    ("unique", Ends::Heavy, "std.set(std.range(1, 1e7))"),
    (
        "split",
        Ends::Heavy,
        "std.length(std.split(std.repeat('x,', 1e8), ','))",
    ),
    (
        "chars",
        Ends::Heavy,
        "std.length(std.stringChars(std.repeat('x', 1e8)))",
    ),
    (
        "large result",
        Ends::Heavy,
        "{ identity: { traits: { a: std.repeat('x', 1e8) } } }",
    ),
    (
        "wide result",
        Ends::Heavy,
        "{ identity: { traits: { ['a%d' % i]: i for i in std.range(1, 1e7) } } }",
    ),
    ("powers", Ends::Refused, "std.pow(10, 308) * 10"),
    (
        "flattened",
        Ends::Heavy,
        "std.flattenDeepArray(std.foldl(function(a, b) [a, a], std.range(1, 60), [1]))",
    ),
    (
        "pruned",
        Ends::Heavy,
        "std.prune(std.foldl(function(a, b) [a, a], std.range(1, 60), [1]))",
    ),
];

#[test]
fn hostile_mappers_end() {
    for (name, ends, hostile) in HOSTILE {
        let jsonnet = format!("{{ identity: {{ traits: {{ a: ({hostile}) }} }} }}");
        let answer = run(&jsonnet, &claims());
        let ended = match &answer {
            Err(MapperError::TooDeep) => Ends::Deep,
            Err(MapperError::TooSlow | MapperError::TooMuchMemory) => Ends::Heavy,
            Err(MapperError::Failed { .. }) => Ends::Refused,
            _ => Ends::Otherwise,
        };
        assert_eq!(&ended, ends, "{name}: {answer:?}");
    }
}

#[test]
fn several_claims_share_the_second() {
    let jsonnet = "if 'slow' in std.extVar('claims') then \
                   std.foldl(function(a, b) a + b, std.range(1, 1000000000), 0) \
                   else { identity: { traits: {} } }";
    let (quick, slow) = (json!({}), json!({"slow": true}));
    let answers = doctor().evaluate_each(jsonnet, &[&quick, &slow, &quick], "corporate");
    assert!(answers[0].is_ok());
    assert!(answers[1..].iter().all(Result::is_err), "{answers:?}");
}

/// A trial of `jsonnet`, or of what Charmed Kratos does.
fn trial(jsonnet: Option<&str>, kind: Kind) -> Trial {
    Trial {
        jsonnet: jsonnet.map(str::to_owned),
        claims: None,
        provider_id: "corporate".to_owned(),
        kind,
        with_phone: false,
    }
}

fn problems(run: &DryRun) -> Vec<&str> {
    run.findings
        .iter()
        .map(|finding| finding.problem.as_str())
        .collect()
}

#[test]
fn without_a_mapper_what_charmed_kratos_does_is_played() {
    for &kind in Kind::ALL {
        let run = dry_run(&doctor(), trial(None, kind));
        let samples = sample_claims(kind, false);
        // And the word that no mapper is set.
        assert_eq!(run.results.len(), samples.len() + 1, "{kind:?}");
        let has_email = |name: &str| {
            let key = format!("traits-{name}");
            let mut results = run.results.iter();
            results.any(|(known, traits)| *known == key && traits.contains("ada@example.com"))
        };
        for (name, _) in &samples {
            let expected = *name == "verified" || kind == Kind::Microsoft;
            assert_eq!(has_email(name), expected, "{kind:?}, {name}");
        }
    }
    let with_phone = Trial {
        with_phone: true,
        ..trial(None, Kind::Generic)
    };
    let run = dry_run(&doctor(), with_phone);
    assert!(
        problems(&run).iter().any(|problem| problem
            .starts_with("with the phone claims, Charmed Kratos' own mapper fails")),
        "{run:?}"
    );
}

#[test]
fn a_mapper_for_other_claims_fails_where_they_are_missing() {
    let jsonnet = "local claims = std.extVar('claims');
{ identity: { traits: { email: claims.email, firstname: claims.given_name } } }";
    for (kind, works) in [
        (Kind::Google, true),
        (Kind::Facebook, true),
        (Kind::Discord, false),
        (Kind::Slack, false),
        (Kind::Spotify, false),
    ] {
        let run = dry_run(&doctor(), trial(Some(jsonnet), kind));
        assert_eq!(run.findings.is_empty(), works, "{kind:?}: {run:?}");
    }
    let oid = "{ identity: { traits: { email: 'a', oid: std.extVar('claims').oid } } }";
    let run = dry_run(&doctor(), trial(Some(oid), Kind::Microsoft));
    assert_eq!(problems(&run), [""; 0], "oid is handed over");
}

#[test]
fn a_kind_that_never_works_is_said_so() {
    for kind in [Kind::Gitlab, Kind::Dingtalk] {
        let run = dry_run(&doctor(), trial(Some("{ identity: { traits: {} } }"), kind));
        assert!(
            problems(&run)[0].starts_with("logins fail with the kind"),
            "{kind:?}"
        );
    }
}

#[test]
fn a_dry_run_takes_claims_as_the_provider_sends_them() {
    let jsonnet = "local c = std.extVar('claims'); \
                   { identity: { traits: { email: c.email, g: c.raw_claims.groups } } }";
    let run_with = |claims: Value| {
        let claims = Some(claims);
        dry_run(
            &doctor(),
            Trial {
                claims,
                ..trial(Some(jsonnet), Kind::Generic)
            },
        )
    };
    let claims = json!({"iss": "i", "sub": "s", "email": "ada@example.com", "groups": ["a"]});
    assert_eq!(
        run_with(claims).results,
        [(
            "traits-given".to_owned(),
            r#"{"email":"ada@example.com","g":["a"]}"#.to_owned()
        )]
    );
    for (name, claims, problem) in [
        (
            "not an object",
            json!([]),
            "with the given claims, Kratos refuses the claims before the mapper runs: they are not \
             an object",
        ),
        (
            "of another type",
            json!({"iss": "i", "sub": "s", "updated_at": "2026-01-01T00:00:00.000Z"}),
            "with the given claims, Kratos refuses the claims before the mapper runs: it cannot \
             decode updated_at, which is of another type",
        ),
        (
            "nobody",
            json!({"iss": "i"}),
            "with the given claims, Kratos refuses the claims before the mapper runs: sub is \
             missing",
        ),
    ] {
        assert_eq!(problems(&run_with(claims)), [problem], "{name}");
    }
}

#[test]
fn results_are_as_large_as_kratos_takes_them() {
    // With the 92 bytes around it, and a zero at the end: 64 KiB, and one more.
    for (bytes, fits) in [(65_443, true), (65_444, false)] {
        let jsonnet =
            format!("{{ identity: {{ traits: {{ email: 'a', x: std.repeat('x', {bytes}) }} }} }}");
        let run = dry_run(&doctor(), trial(Some(&jsonnet), Kind::Google));
        let is_too_large = |problem: &&str| problem.contains("larger than the 64 KiB");
        assert_eq!(!problems(&run).iter().any(is_too_large), fits, "{bytes}");
    }
}

#[test]
fn a_mapper_and_claims_are_as_large_as_kratos_hands_over() {
    let jsonnet = "{ identity: { traits: { email: 'a' } } }";
    for (bytes, fits) in [(65_000, true), (66_000, false)] {
        let claims = json!({"iss": "i", "sub": "s", "name": "x".repeat(bytes)});
        let trial = Trial {
            claims: Some(claims),
            ..trial(Some(jsonnet), Kind::Github)
        };
        let run = dry_run(&doctor(), trial);
        let is_too_large = |problem: &&str| problem.contains("larger than Kratos hands over");
        assert_eq!(!problems(&run).iter().any(is_too_large), fits, "{bytes}");
    }
}

#[test]
fn what_kratos_does_not_know_is_refused() {
    let traits = |value: &str| format!("{{ identity: {{ traits: {{ email: {value} }} }} }}");
    for (name, jsonnet, problem) in [
        (
            "digit separators",
            traits("1_000"),
            Some("a number with _ in it"),
        ),
        (
            "an import",
            traits("import 'a.libsonnet'"),
            Some("an import"),
        ),
        ("a text import", traits("importstr 'a'"), Some("an import")),
        ("signs in a text", traits("'1_000 import'"), None),
        (
            "a name with such signs",
            traits("local a_1 = 'x'; a_1"),
            None,
        ),
        (
            "a function with defaults",
            "function(a='x') { identity: { traits: { email: a } } }".into(),
            None,
        ),
        (
            "a function without",
            "function(a) { identity: { traits: { email: a } } }".into(),
            Some("cannot be called without arguments"),
        ),
        ("base64", "base64://e30=".into(), Some("that is base64")),
        (
            "a URL",
            "https://example.com/a.jsonnet".into(),
            Some("that is a URL"),
        ),
        (
            "a file",
            "file:///etc/a.jsonnet".into(),
            Some("that is a URL"),
        ),
        (
            "a file's name",
            "@mapper.jsonnet".into(),
            Some("that is the name of a file"),
        ),
    ] {
        let run = dry_run(&doctor(), trial(Some(&jsonnet), Kind::Google));
        match problem {
            Some(problem) => assert!(problems(&run)[0].contains(problem), "{name}: {run:?}"),
            None => assert_eq!(problems(&run), [""; 0], "{name}"),
        }
    }
}

#[test]
fn what_nests_without_end_is_answered() {
    for piece in [
        "[",
        "(",
        "{",
        "-",
        "!",
        "$",
        "+",
        "a[",
        "a(",
        "{[",
        "{a:",
        "{a:super[",
        "if ",
        "if true then 1 else ",
        "local a=1;",
        "local a=",
        "function(x) ",
        "f(x=",
        "local f(x=",
        "[x for x in ",
        "{assert ",
        "assert true;",
        "error ",
        "{local a=",
        "{a+:",
        "{}{",
        "import ",
        "a.b",
        ".a",
        "()",
        "[0]",
        "in ",
        "for x in [] ",
        "'",
        "|||\n ",
        "/*",
        "//",
        "[:",
        "{a(b)::",
        "|",
        "=",
        "<",
        "1",
        "local a=1,",
        "local a=b,c=",
        "local a=assert true;1,b=",
        "local a = local b = 1, c = ",
        "x{",
        "1e9",
    ] {
        for (start, end) in [("", ""), ("{a:local a=1;a", "1}")] {
            // As much as Kratos takes: 64 KiB, in which the mapper is twice, in base64 and in JSON.
            let in_json = piece.chars().map(|c| match c {
                '"' | '\\' | '\n' => 2,
                '<' | '>' | '&' => 6,
                _ => 1,
            });
            let cost = piece.len() * 4 + 3 * in_json.sum::<usize>();
            for repeats in [65_000 * 3 / cost, 400] {
                let jsonnet = format!("{start}{}{end}", piece.repeat(repeats));
                // Perhaps that it is too intricate, but never with a crash.
                if let Err(error) = doctor().check(&jsonnet) {
                    let is_answer = error.problem != "its check did not answer";
                    assert!(is_answer, "{start}{piece}…{end}: {error}");
                }
            }
        }
    }
}
