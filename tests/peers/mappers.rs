//! Mappers and claims at random, held against go-jsonnet, which Kratos runs them with.

use doctor::Doctor;
use doctor::mapper::{Flaw, Identity, MapperError};
use serde_json::{Map, Value, json};

use crate::go::{Answer, Go};
use crate::random::Random;
use crate::{Tally, shown};

/// How many claims each mapper is given.
const CLAIMS: usize = 4;

pub(crate) fn judge(go: &mut Go, random: &mut Random, cases: usize, tally: &mut Tally) {
    let program = Doctor::at(env!("CARGO_BIN_EXE_doctor"));
    for _ in 0..cases {
        let mapper = mapper(random);
        let claims: Vec<Value> = (0..CLAIMS).map(|_| claims(random, 0)).collect();
        let texts: Vec<String> = claims.iter().map(Value::to_string).collect();
        let ours = program.evaluate_each(&mapper, &claims.iter().collect::<Vec<_>>(), "idp");
        for ((ours, theirs), claims) in ours.iter().zip(go.jsonnet(&mapper, &texts)).zip(&texts) {
            let Some(ours) = verdict(ours) else {
                tally.skip();
                continue;
            };
            let Some(theirs) = their_verdict(&theirs) else {
                tally.skip();
                continue;
            };
            let differs = match (&ours, &theirs) {
                (Ok(ours), Ok(theirs)) => difference(ours, theirs),
                (Err(_), Err(_)) => None,
                (Ok(ours), Err(theirs)) => Some(format!("ours {ours}, Go's error {theirs:?}")),
                (Err(ours), Ok(theirs)) => Some(format!("ours error {ours:?}, Go's {theirs}")),
            };
            tally.hold(differs.is_none(), || {
                let (mapper, claims) = (shown(&mapper), shown(claims));
                let differs = differs.unwrap_or_default();
                format!("mapper {mapper}\n  claims {claims}\n  {differs}")
            });
        }
    }
}

/// What the charm says: what Kratos would store, or why nothing. `None` where it gave up by
/// a limit of its own.
fn verdict(ours: &Result<Identity, MapperError>) -> Option<Result<Value, String>> {
    match ours {
        // Kratos has no such variable.
        Ok(identity) if identity.asked_for_provider => Some(Err("asks for provider".to_owned())),
        Ok(identity) => Some(Ok(json!({
            "traits": identity.traits,
            "metadata_public": identity.metadata_public,
            "metadata_admin": identity.metadata_admin,
        }))),
        Err(
            MapperError::TooSlow
            | MapperError::TooMuchMemory
            | MapperError::TooDeep
            | MapperError::TooLarge
            | MapperError::RequestTooLarge
            | MapperError::NoAnswer,
        ) => None,
        Err(MapperError::Syntax(error)) if error.flaw == Flaw::Unchecked => None,
        Err(error) => Some(Err(error.to_string())),
    }
}

/// The same of what go-jsonnet says, taken apart as Kratos does it.
fn their_verdict(theirs: &Answer) -> Option<Result<Value, String>> {
    if theirs.error == "too slow" || theirs.error.contains("max stack frames exceeded") {
        return None;
    }
    if !theirs.error.is_empty() {
        return Some(Err(theirs.error.clone()));
    }
    let Ok(result) = serde_json::from_str::<Value>(&theirs.json) else {
        return None;
    };
    let identity = &result["identity"];
    let is_object_or_missing = |key: &str| identity.get(key).is_none_or(Value::is_object);
    let has_addresses = identity.get("verified_addresses").is_some();
    Some(match &identity["traits"] {
        _ if has_addresses => return None,
        traits @ Value::Object(_)
            if is_object_or_missing("metadata_public")
                && is_object_or_missing("metadata_admin") =>
        {
            Ok(json!({
                "traits": traits,
                "metadata_public": identity["metadata_public"],
                "metadata_admin": identity["metadata_admin"],
            }))
        }
        _ => Err(format!("not as Kratos wants it: {result}")),
    })
}

/// Where two values differ first, and what is there; `None` if they are the same, however
/// their numbers are written.
fn difference(ours: &Value, theirs: &Value) -> Option<String> {
    let within = |key: &str, ours: &Value, theirs: &Value| {
        difference(ours, theirs).map(|what| format!("{key}/{what}"))
    };
    match (ours, theirs) {
        (Value::Number(ours), Value::Number(theirs)) => {
            let (one, other) = (ours.as_f64()?, theirs.as_f64()?);
            // serde_json may be wrong in the last digit.
            let is_same = (one - other).abs() <= one.abs() * f64::EPSILON * 2.0;
            (!is_same).then(|| format!(": ours {ours}, Go's {theirs}"))
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            let mut pairs = ours.iter().zip(theirs).enumerate();
            pairs.find_map(|(at, (ours, theirs))| within(&at.to_string(), ours, theirs))
        }
        (Value::Object(ours), Value::Object(theirs)) if ours.len() == theirs.len() => ours
            .iter()
            .find_map(|(key, ours)| within(key, ours, theirs.get(key).unwrap_or(&Value::Null))),
        _ => (ours != theirs).then(|| format!(": ours {ours}, Go's {theirs}")),
    }
}

/// Claims that are texts.
const TEXTS: &[&str] = &[
    "sub",
    "email",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "phone_number",
    "hd",
];

const SWITCHES: &[&str] = &["email_verified", "phone_number_verified"];

/// Some of the claims that there may be, of the types that they should have; and `odd`, which
/// may be anything.
fn claims(random: &mut Random, depth: usize) -> Value {
    let mut claims = Map::new();
    let mut add = |name: &str, claim: Value| claims.insert(name.to_owned(), claim);
    add("iss", "https://idp.example.com".into());
    for name in TEXTS {
        if random.chance(70) {
            add(name, text_claim(random).into());
        }
    }
    for name in SWITCHES {
        if random.chance(70) {
            add(name, random.chance(70).into());
        }
    }
    if random.chance(70) {
        let groups: Vec<_> = (0..random.below(4)).map(|_| text_claim(random)).collect();
        add("groups", groups.into());
    }
    if random.chance(70) {
        add(
            "updated_at",
            (*random.pick(&[0, 1, -1, 42, 1_764_000_000])).into(),
        );
    }
    if random.chance(70) {
        add("odd", odd(random, 0));
    }
    if depth == 0 && random.chance(70) {
        add("raw_claims", self::claims(random, 1));
    }
    claims.into()
}

fn text_claim(random: &mut Random) -> String {
    match random.below(3) {
        0 => random.pieces(
            &["a", "B", "ß", "1", " ", "@", ".", "-", "😀", ",", "%s"],
            0,
            6,
        ),
        1 => "Ada.Example@Example.COM".to_owned(),
        _ => random
            .word(&[
                "Ada",
                "ada lovelace",
                "",
                "1",
                "0x1f",
                "true",
                "é",
                "😀x",
                "a\tb\n",
                "\0",
                "%s",
                "%d %s",
                "a,b,c",
                "Ünïcödé",
                "'\"\\",
                "{\"a\": 1}",
                "[1, 2]",
                "admins",
            ])
            .to_owned(),
    }
}

fn odd(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth < 2 { 8 } else { 6 }) {
        0 => Value::Null,
        1 => random.chance(50).into(),
        2 => (*random.pick(&[0_i64, 1, -1, 1_764_000_000, 9_007_199_254_740_993])).into(),
        3 => (*random.pick(&[0.1, -0.0, 1e21, 1.5, 1e-7, 1e300, 5e-324])).into(),
        4 | 5 => text_claim(random).into(),
        6 => (0..random.below(4))
            .map(|_| odd(random, depth + 1))
            .collect::<Vec<_>>()
            .into(),
        _ => {
            let some: Map<_, _> = (0..random.below(4))
                .map(|_| {
                    (
                        random.word(&["a", "b", "c d", "é", ""]).to_owned(),
                        odd(random, depth + 1),
                    )
                })
                .collect();
            some.into()
        }
    }
}

/// Mappers as people write them. None has digits in groups, as `1_000`, which go-jsonnet 0.21
/// does not know, or is a function, which it calls.
const REAL: &[&str] = &[
    "local claims = { email_verified: false } + std.extVar('claims');\n{ identity: { traits: {\n  \
     [if 'email' in claims && claims.email_verified then 'email' else null]: claims.email,\n  \
     [if 'name' in claims then 'name' else null]: claims.name,\n  \
     [if 'phone_number' in claims && claims.phone_number_verified then 'phone_number' else null]: \
     claims.phone_number,\n} } }\n",
    "local claims = std.extVar('claims');\n{\n  identity: {\n    traits: {\n      email: claims.email,\n    \
     },\n  },\n}\n",
    "local claims = std.extVar('claims');\nif std.length(claims.sub) == 0 then error 'no sub' else {\n  \
     identity: { traits: { email: claims.email, username: claims.preferred_username },\n  \
     metadata_public: { groups: claims.raw_claims.groups } } }",
    "local claims = std.extVar('claims');\nassert std.member(std.get(claims, 'groups', []), 'admins') : \
     'only admins';\n{ identity: { traits: { email: std.asciiLower(claims.email), groups: [g for g in \
     claims.groups if g != ''] }, metadata_admin: { n: std.length(claims.groups) } } }",
    "local claims = { email_verified: true } + std.extVar('claims');\nlocal parts = \
     std.split(claims.email, '@');\n{ identity: { traits: { email: claims.email, name: { first: \
     claims.given_name, last: claims['family_name'] }, domain: parts[1] } } }",
    "local claims = std.extVar('claims'); { identity: { traits: { id: std.md5(claims.sub), p: \
     std.extVar('provider') } } }",
    "# a comment\nlocal claims = std.extVar(\"claims\"); // another\n/* and one more */\n{ identity: { \
     traits: { email: |||\n  text %s\n||| % claims.email, local x = self, y:: 1, z+: { a: 1 }, 'q r': \
     x.y } } }",
];

/// What a mutation puts in.
const PIECES: &[&str] = &[
    "claims",
    "email",
    "std",
    ".",
    ",",
    ":",
    "::",
    "+:",
    ";",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "@'",
    "|||",
    "\n",
    " ",
    "\t",
    "=",
    "==",
    "!=",
    "<",
    "<=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "!",
    "~",
    "&",
    "&&",
    "|",
    "||",
    "^",
    "<<",
    ">>",
    "$",
    "self",
    "super",
    "null",
    "true",
    "if ",
    " then ",
    " else ",
    "for x in ",
    " in ",
    "local a = 1; ",
    "assert ",
    "error ",
    "import ",
    "importstr ",
    "function",
    "0",
    "1",
    "2",
    "01",
    "1.",
    ".5",
    "1e2",
    "1e",
    "#",
    "//",
    "/*",
    "*/",
    "\\",
    "\\u0041",
    "é",
    "\u{a0}",
    "\r",
];

/// A mapper. The standard libraries differ where a function is given a value of a wrong type,
/// or one that cannot be had and is not needed: what goes into one here can be had and is of
/// the right type. They also differ in how a fraction is written as a text, in base64 of what
/// is not ASCII, in whether JSON within a text escapes U+2028, in the last digits of
/// `std.pow`, in `std.round` of negative halves, and in the shift by a zero that is negative.
fn mapper(random: &mut Random) -> String {
    let kind = random.below(10);
    if kind < 3 {
        let real = random.word(REAL);
        return if kind == 0 {
            real.to_owned()
        } else {
            random.mutated(real, PIECES)
        };
    }
    let traits: Vec<_> = (0..random.within(1, 4))
        .map(|at| field(random, at))
        .collect();
    let metadata = match random.below(4) {
        0 => format!(", metadata_public: {}", expression(random, 2)),
        1 => format!(", metadata_admin: {{ a: {} }}", expression(random, 2)),
        _ => String::new(),
    };
    let traits = traits.join(", ");
    let mapper = format!(
        "local claims = std.extVar('claims');\n{{ identity: {{ traits: {{ {traits} }}{metadata} }} }}"
    );
    if kind < 6 {
        random.mutated(&mapper, PIECES)
    } else {
        mapper
    }
}

fn field(random: &mut Random, at: usize) -> String {
    let value = expression(random, 3);
    match random.below(10) {
        0 => format!(
            "[if {} then 'f{at}' else null]: {value}",
            condition(random, 2)
        ),
        1 => format!("['f' + {}]: {value}", text(random, 1)),
        2 => format!("f{at}+: {value}"),
        3 => format!("f{at}:: {value}, g{at}: self.f{at}"),
        4 => format!("local l{at} = {value}, f{at}: l{at}"),
        5 => format!("f{at}: claims.{}", random.word(TEXTS)),
        6 => format!("f{at}: claims.raw_claims.{}", random.word(TEXTS)),
        7 => format!("f{at}: claims.odd"),
        _ => format!("f{at}: {value}"),
    }
}

fn expression(random: &mut Random, depth: usize) -> String {
    let Some(less) = depth.checked_sub(1) else {
        return text(random, 0);
    };
    let a = if random.chance(50) {
        text(random, less)
    } else {
        expression(random, less)
    };
    let b = expression(random, less);
    match random.below(14) {
        0 => number(random, depth),
        1 | 2 => list(random, depth),
        3 => condition(random, less),
        4 => format!("if {} then {a} else {b}", condition(random, less)),
        5 => format!("{{ a: {a}, [{}]: {b} }}", text(random, less)),
        6 => format!("std.prune({{ a: {a}, b: {b}, c: claims.odd }})"),
        7 => format!("(local y = {a}; [y, {b}])"),
        8 => format!(
            "std.get({{ a: {a} }}, {}, {b})",
            random.word(&["'a'", "'b'"])
        ),
        9 => format!("{{ [k]: {a} for k in std.set({}) }}", list(random, less)),
        10 => format!("{{ a: {a}, b+: {{ c: 1 }} }} + {{ b+: {{ d: {b} }}, a+: {a} }}"),
        11 => format!("std.mergePatch({{ a: 1, c: {a} }}, {{ a: null, b: {b} }})"),
        12 => format!("std.parseJson(std.manifestJsonEx([{a}, {b}], ' '))"),
        _ => text(random, depth),
    }
}

/// An expression that is a text, and can be had.
fn text(random: &mut Random, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else {
        return match random.below(3) {
            0 => random
                .word(&[
                    "'a'",
                    "\"ü\"",
                    "'@'",
                    "''",
                    "'%s'",
                    "'😀'",
                    "'\\u00e9\\n'",
                    "@'\\'",
                    "','",
                ])
                .to_owned(),
            _ => format!("std.get(claims, '{}', 'none')", random.word(TEXTS)),
        };
    };
    let (a, b) = (text(random, depth), text(random, depth));
    let (from, to) = (index(random), index(random));
    match random.below(18) {
        0..3 => {
            let function = random.word(&[
                "asciiLower",
                "asciiUpper",
                "md5",
                "escapeStringJson",
                "escapeStringPython",
                "escapeStringBash",
                "toString",
                "trim",
                "sha1",
                "sha256",
                "sha512",
                "sha3",
                "manifestJson",
                "manifestPython",
                "type",
            ]);
            format!("std.{function}({a})")
        }
        3 => format!("({a} + {b})"),
        4 => format!("std.join({a}, {})", list(random, depth)),
        5 => format!(
            "std.strReplace({a}, {}, {b})",
            random.word(&["'a'", "'@'", "'%s'", "'é'"])
        ),
        6 => format!("std.substr({a}, {from}, {to})"),
        7 => {
            let form = random.word(&["'%s'", "'%5s|'", "'%-4s|'", "'<%s>%%'", "'%(a)s'", "'%#s'"]);
            let given = if form.contains("(a)") {
                format!("{{ a: {a} }}")
            } else {
                format!("[{a}]")
            };
            format!("({form} % {given})")
        }
        8 => {
            let form = random.word(&[
                "'%d'", "'%05d'", "'%x'", "'%X'", "'%o'", "'%+d'", "'%5.2f|'", "'%e'", "'%g'",
                "'%c'", "'% d'", "'%-6d|'", "'%.3d'", "'%#x'", "'%i'",
            ]);
            format!("({form} % std.length({a}))")
        }
        9 => format!("({a} + '0123')[{from}]"),
        10 => format!("{a}[{from}:{to}]"),
        11 => format!("{a}[::{}]", random.word(&["1", "2"])),
        12 => {
            let function = random.word(&["lstripChars", "rstripChars", "stripChars"]);
            format!("std.{function}({a}, {b})")
        }
        13 => format!(
            "std.char({})",
            random.word(&["97", "0", "10", "233", "128512"])
        ),
        14 => format!("std.toString({})", list(random, depth)),
        15 => format!("std.manifestJsonEx([{a}, {{ b: {b} }}, true, null, 1], '  ')"),
        16 => format!("('' + [{a}, {{ b: {b} }}, true, null, {from}])"),
        _ => format!("std.toString(claims == {{ a: {a} }})"),
    }
}

/// A whole number: of others go-jsonnet leaves out the fraction where we refuse them.
fn index(random: &mut Random) -> &'static str {
    random.word(&["0", "1", "2", "3"])
}

/// An expression that is a number, and can be had.
fn number(random: &mut Random, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else {
        return random
            .word(&[
                "0",
                "1",
                "2",
                "-1",
                "3",
                "1.5",
                "0.1",
                "1e3",
                "100",
                "std.get(claims, 'updated_at', 7)",
            ])
            .to_owned();
    };
    let (a, b) = (number(random, depth), number(random, depth));
    match random.below(8) {
        0 => format!("std.length({})", text(random, depth)),
        1 => format!("std.length({})", list(random, depth)),
        2 => format!("({a} {} {b})", random.word(&["+", "-", "*", "/", "%"])),
        3 => {
            let sign = random.word(&["&", "|", "^"]);
            format!("(std.floor({a}) {sign} std.floor({b}))")
        }
        4 => {
            let function = random.word(&["floor", "ceil", "abs", "sqrt", "sign", "exp"]);
            format!("std.{function}({a})")
        }
        5 => format!("std.{}({a}, {b})", random.word(&["max", "min", "mod"])),
        6 => {
            let calls = [
                "parseInt('-7')",
                "parseHex('fF')",
                "parseOctal('017')",
                "codepoint('é')",
            ];
            format!("std.{}", random.word(&calls))
        }
        _ => format!("-{a}"),
    }
}

/// An expression that is a list of texts, and can be had.
fn list(random: &mut Random, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else {
        return random
            .word(&[
                "std.get(claims, 'groups', [])",
                "[]",
                "['a', 'b', 'a']",
                "['ü', '😀', 'Z', '']",
            ])
            .to_owned();
    };
    let (a, b) = (list(random, depth), list(random, depth));
    match random.below(13) {
        0 => format!("[{}, {}]", text(random, depth), text(random, depth)),
        1 => format!("[x for x in {a} if {}]", condition(random, depth)),
        2 => format!("[x + y for x in {a} for y in {b}]"),
        3 => format!(
            "std.split({}, {})",
            text(random, depth),
            random.word(&["'@'", "','", "'a'"])
        ),
        4 => format!(
            "std.{}({a})",
            random.word(&["sort", "uniq", "set", "reverse"])
        ),
        5 => format!("std.map(function(x) x + {}, {a})", text(random, depth)),
        6 => "std.objectFields(claims)".to_owned(),
        7 => format!("({a} + {b})"),
        8 => format!(
            "std.filter(function(x) std.length(x) > {}, {a})",
            index(random)
        ),
        9 => {
            let function = random.word(&["setUnion", "setInter", "setDiff"]);
            format!("std.{function}(std.set({a}), std.set({b}))")
        }
        10 => format!("std.flattenArrays([{a}, {b}])"),
        11 => format!("std.stringChars({})", text(random, depth)),
        _ => format!("{a}[{}:]", index(random)),
    }
}

/// An expression that is true or false, and can be had.
fn condition(random: &mut Random, depth: usize) -> String {
    let less = depth.saturating_sub(1);
    let (a, b) = (text(random, less), text(random, less));
    match random.below(10) {
        0 => format!("'{}' in claims", random.word(TEXTS)),
        1 => format!("std.objectHas(claims, '{}')", random.word(TEXTS)),
        2 => format!("std.get(claims, '{}', false)", random.word(SWITCHES)),
        3 => format!("std.member({}, {a})", list(random, less)),
        4 => format!(
            "({a} {} {b})",
            random.word(&["==", "!=", "<", ">", "<=", ">="])
        ),
        5 => format!("std.isString({a})"),
        6 if depth > 0 => format!("!({})", condition(random, less)),
        7 if depth > 0 => {
            let sign = random.word(&["&&", "||"]);
            format!(
                "({} {sign} {})",
                condition(random, less),
                condition(random, less)
            )
        }
        8 => format!("({} < {})", list(random, less), list(random, less)),
        _ => format!("std.{}({a}, {b})", random.word(&["startsWith", "endsWith"])),
    }
}
