//! Values that YAML has opinions on, published by the charm, read by both generations of
//! the library, written by Charmed Kratos, and read by Kratos' own YAML.

use std::collections::{BTreeMap, BTreeSet};

use external_provider::{Carried, offer};
use juju_hook::Secret;
use kratos_external_idp_integrator::checks::absolute_uri::is_absolute_uri;
use kratos_external_idp_integrator::config::{Answers, Configuration, Loose, Request};
use kratos_external_idp_integrator::finding::Severity;
use serde_json::{Map, Value};

use crate::go::{Answer, Go, Leaf};
use crate::libraries::{LIBRARIES, Told};
use crate::random::Random;
use crate::{Tally, shown};

/// Kinds, one of each shape and a few more, and the options that end up as values.
const KINDS: [(&str, &[&str]); 7] = [
    ("microsoft", &["client_secret", "microsoft_tenant_id"]),
    ("microsoft", &["client_secret", "microsoft_tenant_id"]),
    ("generic", &["client_secret", "issuer_url"]),
    ("auth0", &["client_secret", "issuer_url"]),
    ("google", &["client_secret"]),
    ("github", &["client_secret"]),
    (
        "apple",
        &["apple_team_id", "apple_private_key_id", "apple_private_key"],
    ),
];

/// The option that ends up under this key of Kratos.
fn option_of(key: &str) -> &str {
    match key {
        "id" => "provider_id",
        "microsoft_tenant" => "microsoft_tenant_id",
        other => other,
    }
}

/// The words of the option `unsafe_values`.
const POLICIES: [&str; 3] = ["block", "escape", "verbatim"];

/// The values of one provider, by option.
type Values = BTreeMap<&'static str, String>;

/// What the charm makes of a configuration.
struct Published {
    /// The provider as it is in the databag; `None` if nothing is published.
    item: Option<Map<String, Value>>,
    /// The options about which there is a warning.
    warned: BTreeSet<String>,
}

/// Asks the charm. All that depends on its API is here.
fn published(kind: &str, values: &Values, policy: &str) -> Published {
    let text = |text: &str| Loose::Text(Secret::new(text.to_owned()));
    let mut options: BTreeMap<_, _> = values
        .iter()
        .map(|(option, value)| ((*option).to_owned(), text(value)))
        .collect();
    options.insert("provider".to_owned(), text(kind));
    options.insert("unsafe_values".to_owned(), text(policy));
    let configuration = Configuration::check(Request::new(options), &Answers::default());
    let warnings = configuration
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Warning);
    Published {
        warned: warnings
            .map(|finding| finding.place.option.clone())
            .collect(),
        item: configuration.providers().and_then(|providers| {
            let value = offer(
                providers.iter().map(|provider| (provider, Carried::Plain)),
                configuration.form(),
            );
            let mut items: Vec<_> = serde_json::from_str(value.expose()).unwrap();
            items.pop()
        }),
    }
}

/// For a person to type again.
fn all(values: &Values) -> String {
    let each = values
        .iter()
        .map(|(option, value)| format!("{option} {}", shown(value)));
    each.collect::<Vec<_>>().join(", ")
}

/// What Kratos is to find.
#[derive(PartialEq)]
enum Meant {
    This(String),
    /// What is in quotes, whose escapes are up to YAML.
    SomeText,
}

impl Meant {
    fn is(&self, text: &str) -> bool {
        match self {
            Self::This(this) => this == text,
            Self::SomeText => true,
        }
    }
}

/// What Kratos is to find of what was typed for an option and is published like this.
fn meant(option: &str, typed: &str, published: &str) -> Meant {
    let text = trimmed(typed);
    if option == "apple_private_key" && text.contains('\n') && published != typed {
        return Meant::This(typed.to_owned());
    }
    if trimmed(published) == text {
        if let Some(inner) = quoted_as_a_whole(text) {
            return inner;
        }
    }
    Meant::This(text.to_owned())
}

/// `text` without the white space around it that YAML leaves out.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
}

/// What is in the quotes of a text that somebody quoted by hand; `None` of any other.
fn quoted_as_a_whole(text: &str) -> Option<Meant> {
    if let Some(inner) = text
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''))
    {
        let apart = inner.replace("''", "");
        return (!apart.contains('\'')).then(|| Meant::This(inner.replace("''", "'")));
    }
    let inner = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))?;
    let mut is_escaped = false;
    for character in inner.chars() {
        match character {
            '"' if !is_escaped => return None,
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    if inner.contains('\\') {
        return (!is_escaped).then_some(Meant::SomeText);
    }
    Some(Meant::This(inner.to_owned()))
}

/// Whether somebody who quotes a value by hand would write it like this.
fn is_quoted_simply(text: &str) -> bool {
    let is_simple =
        |inner: &str| !inner.is_empty() && inner.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    matches!(quoted_as_a_whole(text), Some(Meant::This(inner)) if is_simple(&inner))
}

/// Whether there must be something to publish: the policy refuses nothing, each option has a
/// value, and Kratos takes the issuer.
fn must_be_published(policy: &str, values: &Values) -> bool {
    let has_issuer = values.get("issuer_url").is_none_or(|typed| {
        let text = trimmed(typed);
        is_absolute_uri(text) && quoted_as_a_whole(text).is_none()
    });
    policy != "block" && has_issuer && values.values().all(|typed| !trimmed(typed).is_empty())
}

/// A document to be read, and what must be found in it.
struct Expectation<'a> {
    document: String,
    leaves: BTreeMap<Vec<String>, Meant>,
    kind: &'static str,
    policy: &'static str,
    library: &'static str,
    values: &'a Values,
    /// The option, where the document is about one value that may be bent, and whether
    /// the charm warns of it.
    only: Option<(&'a str, bool)>,
}

pub(crate) fn judge(
    go: &mut Go,
    random: &mut Random,
    cases: usize,
    values: &mut Tally,
    readings: &mut Tally,
) {
    let mut left = cases;
    while left > 0 {
        let some: Vec<_> = (0..left.min(200)).map(|_| case(random)).collect();
        left -= some.len();
        let mut expected = Vec::new();
        for (kind, typed) in &some {
            for policy in POLICIES {
                expect(kind, typed, policy, &mut expected, readings);
            }
        }
        let documents: Vec<_> = expected.iter().map(|one| one.document.clone()).collect();
        for (expected, read) in expected.iter().zip(go.yaml(&documents)) {
            compare(expected, &read, values);
        }
    }
}

/// Publishes a provider, and lets the libraries read it.
fn expect<'a>(
    kind: &'static str,
    values: &'a Values,
    policy: &'static str,
    expected: &mut Vec<Expectation<'a>>,
    readings: &mut Tally,
) {
    let Published { item, warned } = published(kind, values, policy);
    let Some(item) = item else {
        readings.hold(!must_be_published(policy, values), || {
            format!("{policy}: nothing is published of {kind} {}", all(values))
        });
        return;
    };
    let [v0, v1] = LIBRARIES.map(|library| {
        let told = library.read(&item);
        readings.hold(told.is_ok(), || {
            let why = told.as_ref().unwrap_err();
            let (library, values) = (library.name, all(values));
            format!("{policy}: library {library} refuses {kind} {values}: {why}")
        });
        told
    });
    let (Ok(v0), Ok(v1)) = (v0, v1) else { return };
    readings.hold(v0 == v1, || {
        format!(
            "{policy}: of {kind} {} one library tells {v0:?}, one {v1:?}",
            all(values)
        )
    });
    let about = |document, leaves, library, only| Expectation {
        document,
        leaves,
        kind,
        policy,
        library,
        values,
        only,
    };
    if policy != "verbatim" {
        for (key, value) in &v1.values {
            let typed = values
                .get(option_of(key))
                .map_or("", |typed| trimmed(typed));
            readings.hold(!is_quoted_simply(typed) || value == typed, || {
                format!(
                    "{policy}: {key} {} is published as {}",
                    shown(typed),
                    shown(value)
                )
            });
        }
        for (library, told) in [("v0", &v0), ("v1", &v1)] {
            let (document, leaves) = written(told, values);
            expected.push(about(document, leaves, library, None));
        }
        return;
    }
    // A value that is bent may bend others: each goes on its own.
    for (key, value) in &v1.values {
        let option = option_of(key);
        let Some(typed) = values.get(option) else {
            continue;
        };
        readings.hold(value == typed, || {
            format!(
                "{policy}: {option} {} is published as {}",
                shown(typed),
                shown(value)
            )
        });
        let told = Told {
            values: BTreeMap::from([(*key, value.clone())]),
            scope: Vec::new(),
        };
        let (document, leaves) = written(&told, values);
        let only = Some((option, warned.contains(option)));
        expected.push(about(document, leaves, "v1", only));
    }
}

/// What the template of Charmed Kratos makes of a provider, with the beginning and the end
/// of a configuration around it; and what is meant by it.
fn written(told: &Told, values: &Values) -> (String, BTreeMap<Vec<String>, Meant>) {
    let path = |keys: &[&str]| -> Vec<String> {
        let start = ["oidc", "config", "providers", "0"];
        start
            .iter()
            .chain(keys)
            .map(|key| (*key).to_owned())
            .collect()
    };
    let exactly = |text: &str| Meant::This(text.to_owned());
    let mut document = "oidc:\n  config:\n    providers:\n      - first: one\n".to_owned();
    let mut leaves = BTreeMap::from([(path(&["first"]), exactly("one"))]);
    for (key, value) in &told.values {
        document.extend(["        ", key, ": ", value, "\n"]);
        let option = option_of(key);
        // What nobody typed is fit for YAML as it is.
        let meant = values
            .get(option)
            .map_or_else(|| exactly(value), |typed| meant(option, typed, value));
        leaves.insert(path(&[key]), meant);
    }
    if !told.scope.is_empty() {
        document.push_str("        scope:\n");
    }
    for (at, word) in told.scope.iter().enumerate() {
        document.extend(["          - ", word, "\n"]);
        leaves.insert(path(&["scope", &at.to_string()]), exactly(word));
    }
    document.push_str("        last: one\n  methods: all\n");
    leaves.insert(path(&["last"]), exactly("one"));
    leaves.insert(
        vec!["oidc".to_owned(), "methods".to_owned()],
        exactly("all"),
    );
    (document, leaves)
}

fn compare(expected: &Expectation<'_>, read: &Answer, tally: &mut Tally) {
    let Expectation {
        document,
        leaves,
        kind,
        policy,
        library,
        values,
        only,
    } = expected;
    let is_right = |leaf: &Leaf| {
        let meant = leaves.get(&leaf.path);
        leaf.r#type == "string" && meant.is_some_and(|meant| meant.is(&leaf.text))
    };
    let is_same = read.leaves.len() == leaves.len() && read.leaves.iter().all(is_right);
    if let Some((option, is_warned)) = only {
        // A warning may be right although Go reads the value: there is another reader.
        let is_told = is_same || *is_warned;
        tally.hold(is_told, || {
            format!(
                "{policy}: no warning of {option} {}",
                shown(&values[option])
            )
        });
        return;
    }
    tally.hold(is_same, || {
        let context = format!("{policy}, library {library}, {kind}");
        if !read.error.is_empty() {
            return format!("{context}: {}: {}", read.error, shown(document));
        }
        let wrong = read.leaves.iter().filter(|leaf| !is_right(leaf));
        let wrong = wrong.map(|leaf| {
            let path = leaf.path.join("/");
            let key = leaf.path.last().map_or("", String::as_str);
            let typed = values.get(option_of(key)).map(|typed| shown(typed));
            let (kind, text) = (&leaf.r#type, shown(&leaf.text));
            format!("; {path} of {typed:?} is {kind} {text}")
        });
        context + &wrong.collect::<String>()
    });
}

fn case(random: &mut Random) -> (&'static str, Values) {
    let (kind, options) = *random.pick(&KINDS);
    let mut values = Values::new();
    for option in ["client_id", "label", "provider_id"].iter().chain(options) {
        // Some are as they should be, so that not all stands or falls with one.
        let value = match random.below(10) {
            0..3 if *option != "provider_id" => "fine".to_owned(),
            0..3 => continue,
            _ => value(random),
        };
        values.insert(option, value);
    }
    if let Some(issuer) = values.get_mut("issuer_url") {
        if random.chance(50) {
            issuer.insert_str(0, "https://idp.example.com/");
        }
    }
    (kind, values)
}

const DIGITS: &[&str] = &[
    "0",
    "1",
    "7",
    "8",
    "9",
    "00",
    "12",
    "30",
    "59",
    "60",
    "308",
    "2001",
    "4300",
    "-",
    "+",
    "_",
    ".",
    "e",
    "E",
    ":",
    ",",
    "0x",
    "0b",
    "0o",
    "0X",
    "0B",
    "f",
    "F",
    "_",
    "e+",
    "e-",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
];
const DATES: &[&str] = &[
    "2001", "0000", "9999", "1900", "2000", "-1", "-02", "-29", "-31", "-00", "-12", "-13", "T",
    "t", " ", "10", ":30", ":59", ":60", ":61", ".5", ",5", ".", "Z", "+01:00", "-5", "+24:60",
    "+24:61", "-", "24",
];
const WORDS: &[&str] = &[
    "true", "False", "NULL", "null", "~", "yes", "No", "on", "OFF", "y", "<<", "=", ".inf",
    "-.INF", ".nan", "nan", "e", "1", "-", ".", "+",
];
const SIGNS: &[&str] = &[
    "-",
    "?",
    ":",
    ",",
    "[",
    "]",
    "{",
    "}",
    "#",
    "&",
    "*",
    "!",
    "|",
    ">",
    "'",
    "\"",
    "%",
    "@",
    "`",
    "\\",
    "/",
    "=",
    "<",
    "~",
    "(",
    ")",
    "---",
    "...",
    "!!str",
    "{{",
    "a",
    "b",
    "é",
    "😀",
    " ",
    " ",
    ": ",
    " #",
    "- ",
    "\\n",
    "\\\"",
    "''",
    "\\u0041",
    "\\x41",
    "\\/",
    "\\ud83d\\ude00",
];
const ODD: &[&str] = &[
    "\t",
    "\n",
    "\r",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{ffff}",
    "\0",
    "\u{1b}",
    "\u{7f}",
    "\u{9f}",
    "\u{d7ff}",
    "\u{e000}",
    "\u{10ffff}",
    " ",
];
/// As people have them.
const REAL: &[&str] = &[
    "Okta: Corp",
    "Corp #1",
    "Corp (EU)",
    "1234567890",
    "1234567890.apps.googleusercontent.com",
    "abc~DEF.ghi",
    "@x",
    "GOCSPX-a_b-C",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "123e4567",
    "common",
    "\"quoted\"",
    "'quoted'",
    "sign in: 'now'",
    "*secret*",
    "p@ss: word",
    "a,b",
    "[x]",
    "${SECRET}",
    "{{ secret }}",
    "C:\\keys",
    "-----BEGIN PRIVATE KEY-----\nMIGT: #\n-----END PRIVATE KEY-----\n",
];

/// A value that one reader of YAML or another may take for something else.
fn value(random: &mut Random) -> String {
    let value = match random.below(16) {
        0..3 => random.pieces(DIGITS, 1, 8),
        3..5 => random.pieces(DATES, 2, 9),
        5 => random.pieces(&[WORDS, DIGITS].concat(), 1, 4),
        6..9 => random.pieces(SIGNS, 1, 8),
        9 => random.pieces(&[SIGNS, ODD, WORDS].concat(), 1, 8),
        10 => (0..random.within(1, 8))
            .map(|_| random.character())
            .collect(),
        11 => long_number(random),
        12 => based_number(random),
        13 => quoted(random),
        14 => (random.word(REAL)).to_owned(),
        _ => {
            let real = random.word(REAL);
            random.mutated(real, &[SIGNS, ODD, DIGITS].concat())
        }
    };
    let mut value = value;
    if random.chance(5) {
        value.insert_str(0, random.word(ODD));
    }
    if random.chance(5) {
        value.push_str(random.word(ODD));
    }
    // That would be unset.
    if trimmed(&value).is_empty() {
        "x".to_owned()
    } else {
        value
    }
}

/// A number with so many digits, zeros and such an exponent that it is near one of the
/// limits of the readers.
fn long_number(random: &mut Random) -> String {
    let mut digits = |most| {
        let length = match random.below(8) {
            0 => random.within(300, 330),
            1 => random.within(780, 820),
            2 => random.within(4_290, 4_310),
            3 => random.within(0, 10_000),
            _ => random.within(0, 25),
        };
        let all = random.chance(50).then(|| random.word(&["0", "9", "1"]));
        let some = ["0", "1", "5", "9", "_"];
        (0..length.min(most))
            .map(|_| all.unwrap_or(random.word(&some)))
            .collect::<String>()
    };
    let (whole, zeros, fraction) = (digits(10_000), digits(10_000), digits(1_000));
    let sign = random.word(&["", "", "-", "+"]);
    let dot = random.word(&["", ".", "."]);
    let first = random.word(&[
        "1",
        "9",
        "0",
        "",
        "1.7976931348623157",
        "1.7976931348623159",
    ]);
    // So that it all comes to a number that is nearly too large.
    let exact = 308_usize.abs_diff(whole.len() + zeros.len()) + random.below(3);
    let exponent = match random.below(6) {
        0 => String::new(),
        1 => format!("e-{exact}"),
        2 => format!("e{exact}"),
        3 => format!("E+{}", random.below(400)),
        4 => format!("e-{}", random.below(12_000)),
        _ => format!(
            "e{}",
            random.word(&["99999", "100000", "300000", "4294967296", "_1", ""])
        ),
    };
    format!("{sign}{first}{whole}{zeros}{dot}{fraction}{exponent}")
}

/// How numbers of one base are written.
struct Base {
    prefix: &'static str,
    /// The last is not one of them.
    digits: &'static [&'static str],
    /// How many a number of 64 bits has.
    places: usize,
}

const BASES: [Base; 4] = [
    Base {
        prefix: "0b",
        digits: &["0", "1", "1", "_", "2"],
        places: 64,
    },
    Base {
        prefix: "0o",
        digits: &["0", "7", "7", "_", "8"],
        places: 22,
    },
    Base {
        prefix: "0x",
        digits: &["0", "f", "F", "_", "8", "g"],
        places: 16,
    },
    Base {
        prefix: "0",
        digits: &["0", "7", "7", "_", "8"],
        places: 22,
    },
];

/// A number of another base, near the limits of 64 bits, or no number.
fn based_number(random: &mut Random) -> String {
    let Base {
        prefix,
        digits,
        places,
    } = random.pick(&BASES);
    // The last of them does not belong there: seldom.
    let end = digits.len() - usize::from(random.chance(80));
    let length = match random.below(3) {
        0 => random.within(places - 2, places + 2),
        _ => random.within(0, 4),
    };
    let sign = random.word(&["", "", "-", "+"]);
    let inner = random.word(&["", "", "", "-", "+", "_"]);
    let digits: String = (0..length).map(|_| *random.pick(&digits[..end])).collect();
    format!("{sign}{prefix}{inner}{digits}")
}

/// A value in quotes, or nearly.
fn quoted(random: &mut Random) -> String {
    let quote = random.word(&["\"", "'"]);
    let inner = random.pieces(&[SIGNS, WORDS].concat(), 0, 5);
    let end = if random.chance(80) {
        quote
    } else {
        random.word(&["", " ", "\" #", "' x", ":"])
    };
    format!("{quote}{inner}{end}")
}
