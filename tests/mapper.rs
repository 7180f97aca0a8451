//! What the charm's second program, the doctor, says of mappers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use doctor::Doctor;
use doctor::mapper::{Flaw, Identity, MapperError, Position};
use external_provider::Kind;
use kratos_external_idp_integrator::finding::Code;
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
    struct Case {
        name: &'static str,
        jsonnet: &'static str,
        claims: Value,
        traits: Value,
    }

    let verified = json!({"email": "ada@example.com", "email_verified": true, "name": "Ada"});
    let unverified = json!({"email": "ada@example.com", "name": "Ada"});
    for Case {
        name,
        jsonnet,
        claims,
        traits,
    } in [
        Case {
            name: "default, verified",
            jsonnet: CHARMED_DEFAULT,
            claims: verified,
            traits: json!({"email": "ada@example.com", "name": "Ada"}),
        },
        Case {
            name: "default, not verified",
            jsonnet: CHARMED_DEFAULT,
            claims: unverified.clone(),
            traits: json!({"name": "Ada"}),
        },
        Case {
            name: "Entra ID, not verified",
            jsonnet: CHARMED_MICROSOFT,
            claims: unverified,
            traits: json!({"email": "ada@example.com"}),
        },
        Case {
            name: "email if there is one",
            jsonnet: "local claims = std.extVar('claims'); { identity: { traits: \
             { [if 'email' in claims then 'email']: claims.email } } }",
            claims: json!({}),
            traits: json!({}),
        },
        Case {
            name: "raw claims",
            jsonnet: "{ identity: { traits: { g: std.extVar('claims').raw_claims.groups[0] } } }",
            claims: self::claims(),
            traits: json!({"g": "admins"}),
        },
        Case {
            name: "numbers, text and its escapes",
            jsonnet: "local c = std.extVar('claims'); { identity: { traits: c + { n: 1.5, m: -3 } } }",
            claims: json!({"t": "é \" \\ \n \u{1f510} \u{0} ${x}"}),
            traits: json!({"t": "é \" \\ \n \u{1f510} \u{0} ${x}", "n": 1.5, "m": -3}),
        },
    ] {
        let identity = run(jsonnet, &claims).unwrap_or_else(|error| panic!("{name}: {error}"));
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
    struct Case {
        name: &'static str,
        jsonnet: &'static str,
        problem: &'static str,
        at: Option<(usize, usize)>,
    }

    for Case {
        name,
        jsonnet,
        problem: expected,
        at: place,
    } in [
        Case {
            name: "missing claim",
            jsonnet: "local claims = std.extVar('claims');\n{ identity: { traits: { a: claims.hunter2 } } }",
            problem: "a field that the object does not have",
            at: Some((2, 28)),
        },
        Case {
            name: "wrong type",
            jsonnet: "{ identity: { traits: { a: std.extVar('claims').email - 1 } } }",
            problem: "an operator on wrong types",
            at: Some((1, 28)),
        },
        Case {
            name: "in a function of std",
            jsonnet: "{ identity: { traits:\n  std.parseJson(std.extVar('claims').email) } }",
            problem: "a function of std with a wrong argument",
            at: Some((2, 3)),
        },
        Case {
            name: "unknown variable of Kratos",
            jsonnet: "{ identity: { traits: std.extVar('hunter2') } }",
            problem: "it sets only claims",
            at: Some((1, 23)),
        },
        Case {
            name: "function in the result",
            jsonnet: "{ identity: { traits: { a(b): b } } }",
            problem: "a function in the result",
            at: None,
        },
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
    struct Case<'a> {
        name: &'static str,
        jsonnet: &'static str,
        message: &'a str,
    }

    for Case {
        name,
        jsonnet,
        message: said,
    } in [
        Case {
            name: "error",
            jsonnet: "error 'only staff\\n\\u001b[31m'",
            message: "only staff[31m",
        },
        Case {
            name: "assert",
            jsonnet: "assert false : 'only staff'; {}",
            message: "only staff",
        },
        Case {
            name: "long",
            jsonnet: "error std.repeat('x', 100000)",
            message: &"x".repeat(200),
        },
    ] {
        match run(jsonnet, &claims()) {
            Err(MapperError::Refused { message, .. }) => assert_eq!(message, said, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn results_that_kratos_refuses() {
    struct Case {
        name: &'static str,
        jsonnet: &'static str,
        error: Option<MapperError>,
    }

    for Case {
        name,
        jsonnet,
        error,
    } in [
        Case {
            name: "a list",
            jsonnet: "[]",
            error: Some(MapperError::NotAnObject),
        },
        Case {
            name: "a text",
            jsonnet: "'hunter2'",
            error: Some(MapperError::NotAnObject),
        },
        Case {
            name: "no traits",
            jsonnet: "{ identity: {} }",
            error: None,
        },
        Case {
            name: "traits are a list",
            jsonnet: "{ identity: { traits: [] } }",
            error: None,
        },
        Case {
            name: "metadata is null",
            jsonnet: "{ identity: { traits: {}, metadata_public: null } }",
            error: None,
        },
        Case {
            name: "hidden traits",
            jsonnet: "{ identity: { traits:: {} } }",
            error: None,
        },
        Case {
            name: "too large",
            jsonnet: "{ identity: { traits: { a: std.repeat('x', 600000) } } }",
            error: Some(MapperError::TooLarge),
        },
        Case {
            name: "deep",
            jsonnet: "local f(n) = if n == 0 then {} else { a: f(n - 1) }; { identity: { traits: f(150) } }",

            // By the white space with which go-jsonnet prints it.
            error: Some(MapperError::TooLarge),
        },
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
        Err(MapperError::Syntax(error)) if error.at == Some(Position { line: 1, column: 12 })
    ));
}

/// How a hostile mapper ends: the system sees to it that it does.
#[derive(Debug, PartialEq)]
enum Ends {
    /// As one that goes too deep.
    Deep,
    /// For want of time.
    Slow,
    /// For want of time or memory, whichever is first on this machine.
    Heavy,
    /// By a function of std that does not do that.
    Refused,
    /// In another way.
    Otherwise,
}

/// A mapper that asks for more than there is.
struct Hostile {
    name: &'static str,
    ends: Ends,
    jsonnet: &'static str,
}

const HOSTILE: &[Hostile] = &[
    Hostile {
        name: "recursion",
        ends: Ends::Deep,
        jsonnet: "local f(x) = f(x) + f(x); f(1)",
    },
    Hostile {
        name: "recursion of a value",
        ends: Ends::Deep,
        jsonnet: "local a = a; a",
    },
    Hostile {
        name: "recursion of objects",
        ends: Ends::Deep,
        jsonnet: "local o = { a: o { b: self.a } }; o.a",
    },
    Hostile {
        name: "tail recursion",
        ends: Ends::Heavy,
        jsonnet: "local f(x) = f(x + 1) tailstrict; f(1)",
    },
    Hostile {
        name: "endless object",
        ends: Ends::Deep,
        jsonnet: "local f(x) = { a: f(x) }; f(1)",
    },
    Hostile {
        name: "loop",
        ends: Ends::Heavy,
        jsonnet: "std.foldl(function(a, b) a + b, std.range(1, 1000000000), 0)",
    },
    Hostile {
        name: "nested loops",
        ends: Ends::Heavy,
        jsonnet: "std.length([1 for a in std.range(1, 9999) for b in std.range(1, 9999)])",
    },
    Hostile {
        name: "exponential calls",
        ends: Ends::Slow,
        jsonnet: "local f(n) = if n == 0 then 1 else f(n - 1) + f(n - 1); f(60)",
    },
    Hostile {
        name: "huge text",
        ends: Ends::Refused,
        jsonnet: "std.repeat('x', 1e12)",
    },
    Hostile {
        name: "large text",
        ends: Ends::Heavy,
        jsonnet: "std.length(std.repeat('x', 1e9))",
    },
    Hostile {
        name: "doubled text",
        ends: Ends::Heavy,
        jsonnet: "std.foldl(function(a, b) a + a, std.range(1, 60), 'x')",
    },
    Hostile {
        name: "doubled list",
        ends: Ends::Heavy,
        jsonnet: "std.length(std.foldl(function(a, b) a + a, std.range(1, 60), [1]))",
    },
    Hostile {
        name: "huge range",
        ends: Ends::Heavy,
        jsonnet: "std.length(std.range(0, 1e9))",
    },
    Hostile {
        name: "huge list",
        ends: Ends::Refused,
        jsonnet: "std.makeArray(1e15, function(i) i)",
    },
    Hostile {
        name: "wide format",
        ends: Ends::Heavy,
        jsonnet: "'%1000000000d' % 1",
    },
    Hostile {
        name: "precise format",
        ends: Ends::Refused,
        jsonnet: "'%.1000000000f' % 1",
    },
    Hostile {
        name: "width from an argument",
        ends: Ends::Heavy,
        jsonnet: "'%*d' % [2000000000, 1]",
    },
    Hostile {
        name: "joined",
        ends: Ends::Heavy,
        jsonnet: "std.join(std.repeat('x', 1e6), std.repeat(['y'], 1e6))",
    },
    Hostile {
        name: "replaced",
        ends: Ends::Heavy,
        jsonnet: "std.strReplace(std.repeat('x', 1e6), 'x', std.repeat('y', 1e6))",
    },
    Hostile {
        name: "sorted",
        ends: Ends::Heavy,
        jsonnet: "std.sort(std.range(1, 1e7), function(x) -x)",
    },
    Hostile {
        name: "escaped again and again",
        ends: Ends::Heavy,
        jsonnet: "std.foldl(function(a, b) std.escapeStringJson(a), std.range(1, 99), '\"')",
    },
    Hostile {
        name: "deep list",
        ends: Ends::Heavy,
        jsonnet: "std.foldl(function(a, b) [a], std.range(1, 1e6), [])",
    },
    Hostile {
        name: "deep text",
        ends: Ends::Refused,
        jsonnet: "std.parseJson(std.repeat('[', 1e6))",
    },
    Hostile {
        name: "deep YAML",
        ends: Ends::Refused,
        jsonnet: "std.parseYaml(std.repeat('[', 1e5))",
    },
    Hostile {
        name: "YAML aliases",
        ends: Ends::Heavy,
        jsonnet: "std.parseYaml('a: &a [1,1,1,1,1,1,1,1,1]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f]\\nh: &h [*g,*g,*g,*g,*g,*g,*g,*g]')",
    },
    Hostile {
        name: "deep comparison",
        ends: Ends::Deep,
        jsonnet: "local d = std.foldl(function(a, b) [a], std.range(1, 1e5), []); d == d",
    },
    Hostile {
        name: "unique",
        ends: Ends::Heavy,
        jsonnet: "std.set(std.range(1, 1e7))",
    },
    Hostile {
        name: "split",
        ends: Ends::Heavy,
        jsonnet: "std.length(std.split(std.repeat('x,', 1e8), ','))",
    },
    Hostile {
        name: "chars",
        ends: Ends::Heavy,
        jsonnet: "std.length(std.stringChars(std.repeat('x', 1e8)))",
    },
    Hostile {
        name: "large result",
        ends: Ends::Heavy,
        jsonnet: "{ identity: { traits: { a: std.repeat('x', 1e8) } } }",
    },
    Hostile {
        name: "wide result",
        ends: Ends::Heavy,
        jsonnet: "{ identity: { traits: { ['a%d' % i]: i for i in std.range(1, 1e7) } } }",
    },
    Hostile {
        name: "powers",
        ends: Ends::Refused,
        jsonnet: "std.pow(10, 308) * 10",
    },
    Hostile {
        name: "flattened",
        ends: Ends::Heavy,
        jsonnet: "std.flattenDeepArray(std.foldl(function(a, b) [a, a], std.range(1, 60), [1]))",
    },
    Hostile {
        name: "pruned",
        ends: Ends::Heavy,
        jsonnet: "std.prune(std.foldl(function(a, b) [a, a], std.range(1, 60), [1]))",
    },
];

#[test]
fn hostile_mappers_end() {
    for Hostile {
        name,
        ends,
        jsonnet,
    } in HOSTILE
    {
        let jsonnet = format!("{{ identity: {{ traits: {{ a: ({jsonnet}) }} }} }}");
        assert_eq!(doctor().check(&jsonnet), Ok(()), "{name}");
        let answer = run(&jsonnet, &claims());
        let ended = match &answer {
            Err(MapperError::TooDeep) => Ends::Deep,
            Err(MapperError::TooSlow) if *ends == Ends::Slow => Ends::Slow,
            Err(MapperError::TooSlow | MapperError::TooMuchMemory) => Ends::Heavy,
            Err(MapperError::Failed { .. }) => Ends::Refused,
            _ => Ends::Otherwise,
        };
        assert_eq!(&ended, ends, "{name}: {answer:?}");
    }
}

#[test]
fn a_program_that_gives_no_answer_leaves_a_mapper_unchecked() {
    for program in ["/nowhere", "/bin/false", "/bin/echo"] {
        let doctor = Doctor::at(program);
        let error = doctor.check("{").unwrap_err();
        assert_eq!((error.at, error.flaw), (None, Flaw::Unchecked), "{error}");
        let answers = doctor.evaluate_each("{", &[&claims(), &claims()], "corporate");
        assert_eq!(
            answers,
            [Err(MapperError::NoAnswer), Err(MapperError::NoAnswer)]
        );
    }
}

/// The lexer looks at all of a row of signs for each of them.
#[test]
fn rows_of_signs_are_answered() {
    for (row, flaw) in [(510, None), (513, Some(Flaw::Unchecked))] {
        let item = format!("{}1, ", "-".repeat(row));
        let checked = doctor().check(&format!("[{}]", item.repeat(9)));
        assert_eq!(checked.err().map(|error| error.flaw), flaw, "{row}");
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
fn a_kind_that_never_works_is_reported() {
    for kind in [Kind::Gitlab, Kind::Dingtalk] {
        let run = dry_run(&doctor(), trial(Some("{ identity: { traits: {} } }"), kind));
        assert_eq!(run.findings[0].code, Code::KindBroken, "{kind:?}");
    }
}

#[test]
fn a_dry_run_takes_claims_as_the_provider_sends_them() {
    struct Case {
        name: &'static str,
        claims: Value,
        problem: &'static str,
    }

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
    for Case {
        name,
        claims,
        problem,
    } in [
        Case {
            name: "not an object",
            claims: json!([]),
            problem: "with the given claims, Kratos refuses the claims before the mapper runs: they are not \
             an object",
        },
        Case {
            name: "of another type",
            claims: json!({"iss": "i", "sub": "s", "updated_at": "2026-01-01T00:00:00.000Z"}),
            problem: "with the given claims, Kratos refuses the claims before the mapper runs: it cannot \
             decode updated_at, which is of another type",
        },
        Case {
            name: "nobody",
            claims: json!({"iss": "i"}),
            problem: "with the given claims, Kratos refuses the claims before the mapper runs: sub is \
             missing",
        },
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
    struct Case {
        name: &'static str,
        jsonnet: String,
        problem: Option<&'static str>,
    }

    let traits = |value: &str| format!("{{ identity: {{ traits: {{ email: {value} }} }} }}");
    for Case {
        name,
        jsonnet,
        problem,
    } in [
        Case {
            name: "digit separators",
            jsonnet: traits("1_000"),
            problem: Some("a number with _ in it"),
        },
        Case {
            name: "an import",
            jsonnet: traits("import 'a.libsonnet'"),
            problem: Some("an import"),
        },
        Case {
            name: "a text import",
            jsonnet: traits("importstr 'a'"),
            problem: Some("an import"),
        },
        Case {
            name: "signs in a text",
            jsonnet: traits("'1_000 import'"),
            problem: None,
        },
        Case {
            name: "a name with such signs",
            jsonnet: traits("local a_1 = 'x'; a_1"),
            problem: None,
        },
        Case {
            name: "a function with defaults",
            jsonnet: "function(a='x') { identity: { traits: { email: a } } }".into(),
            problem: None,
        },
        Case {
            name: "a function without",
            jsonnet: "function(a) { identity: { traits: { email: a } } }".into(),
            problem: Some("cannot be called without arguments"),
        },
        Case {
            name: "base64",
            jsonnet: "base64://e30=".into(),
            problem: Some("that is base64"),
        },
        Case {
            name: "a URL",
            jsonnet: "https://example.com/a.jsonnet".into(),
            problem: Some("that is a URL"),
        },
        Case {
            name: "a file",
            jsonnet: "file:///etc/a.jsonnet".into(),
            problem: Some("that is a URL"),
        },
        Case {
            name: "a file's name",
            jsonnet: "@mapper.jsonnet".into(),
            problem: Some("that is the name of a file"),
        },
    ] {
        let run = dry_run(&doctor(), trial(Some(&jsonnet), Kind::Google));
        match problem {
            Some(problem) => assert!(problems(&run)[0].contains(problem), "{name}: {run:?}"),
            None => assert_eq!(problems(&run), [""; 0], "{name}"),
        }
    }
}
