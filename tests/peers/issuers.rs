//! Texts that are URIs or nearly so, held against Go's `net/url`.

use kratos_external_idp_integrator::checks::absolute_uri::is_absolute_uri;
use serde_json::Value;

use crate::Tally;
use crate::go::Go;
use crate::random::Random;

/// What means something in a URI, and what must not be there.
const PIECES: &[&str] = &[
    "https",
    "http",
    "a",
    "1x",
    "mailto",
    "idp",
    ".com",
    "8443",
    "0",
    "9",
    "b",
    "F",
    "g",
    ":",
    "://",
    "//",
    "/",
    "///",
    "?",
    "#",
    "@",
    "[",
    "]",
    "[::1]",
    "::1",
    "::ffff:1.2.3.4",
    "1:2:3:4:5:6:7:8",
    "1.2.3.4",
    "01",
    "256",
    "%",
    "%2",
    "%25",
    "%41",
    "%C3",
    "%zz",
    "%20",
    "%00",
    "%ff",
    "%25en0",
    "+",
    "-",
    ".",
    "_",
    "~",
    "!",
    "$",
    "&",
    "'",
    "(",
    ")",
    "*",
    ",",
    ";",
    "=",
    "\"",
    "<",
    ">",
    "{",
    "}",
    "|",
    "\\",
    "^",
    "`",
    " ",
    "\t",
    "\n",
    "\0",
    "\u{7f}",
    "\u{80}",
    "\u{fc}",
    "\u{2028}",
    "\u{feff}",
    "😀",
];

const STARTS: &[&str] = &[
    "https://",
    "http://",
    "HTTPS://",
    "a:",
    "a:/",
    "x+1.-://",
    "https:///",
    "//",
    "/",
    "://",
    "",
];

pub(crate) fn judge(go: &mut Go, random: &mut Random, cases: usize, tally: &mut Tally) {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/issuer-uri.json")).unwrap();
    let known: Vec<&str> = vectors["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["value"].as_str().unwrap())
        .collect();
    let mut left = cases;
    while left > 0 {
        let texts: Vec<String> = (0..left.min(1_000)).map(|_| text(random, &known)).collect();
        left -= texts.len();
        for (text, answer) in texts.iter().zip(go.uris(&texts)) {
            let ours = is_absolute_uri(text);
            tally.hold(ours == answer.absolute, || {
                format!("issuer {text:?}: ours {ours}, Go's {}", answer.absolute)
            });
        }
    }
}

fn text(random: &mut Random, known: &[&str]) -> String {
    match random.below(10) {
        0..3 => {
            let text = random.word(known);
            random.mutated(text, PIECES)
        }
        3..7 => uri(random),
        7..9 => {
            let text = uri(random);
            random.mutated(&text, PIECES)
        }
        _ => random.pieces(PIECES, 0, 8),
    }
}

/// By the grammar, with parts that are right and parts that are not.
fn uri(random: &mut Random) -> String {
    let start = random.word(STARTS);
    let user = match random.below(6) {
        0 => random.pieces(PIECES, 0, 3) + "@",
        1 => "u:p@".to_owned(),
        _ => String::new(),
    };
    let host = match random.below(5) {
        0 => "idp.example.com".to_owned(),
        1 => random.pieces(PIECES, 0, 4),
        _ => format!("[{}{}]", address(random), zone(random)),
    };
    let port = match random.below(5) {
        0 => ":8443".to_owned(),
        1 => random.pieces(&[":", "8443", "1", "x", "-", "%"], 1, 3),
        _ => String::new(),
    };
    let rest = random.word(&["", "/", "?", "#"]);
    format!(
        "{start}{user}{host}{port}{rest}{}",
        random.pieces(PIECES, 0, 3)
    )
}

/// An IPv6 address, or nearly one.
fn address(random: &mut Random) -> String {
    let groups = &[
        "",
        "",
        "0",
        "1",
        "a",
        "F0",
        "ffff",
        "0001",
        "12345",
        "g",
        "1.2.3.4",
        "1.2.3",
        "01.2.3.4",
        "1.2.3.256",
        "255.0.0.255",
    ];
    if random.chance(20) {
        return (random.word(&["::", "::1", "fe80::1", "1:2:3:4:5:6:7:8"])).to_owned();
    }
    let groups: Vec<&str> = (0..random.within(1, 9))
        .map(|_| random.word(groups))
        .collect();
    let address = groups.join(":");
    match random.below(4) {
        0 => format!("::{address}"),
        1 => format!("{address}::"),
        _ => address,
    }
}

fn zone(random: &mut Random) -> String {
    match random.below(4) {
        0 => "%25".to_owned() + &random.pieces(PIECES, 0, 3),
        1 => random.pieces(PIECES, 0, 1),
        _ => String::new(),
    }
}
