//! The pictures of the pages: `make pictures` draws them, and the tests tell when they are out of
//! date.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Output;

use crate::{command, root, target, variable};

/// What is typed in the picture.
const SCENES: [&[&str]; 6] = [
    &["deploy", "./kratos-external-idp-integrator", "idp"],
    &["status", "idp"],
    &[
        "config",
        "idp",
        "provider=google",
        "client_id=1234.apps.googleusercontent.com",
        "client_secret=GOCSPX-example",
        "provider_id=google",
        "label=Google",
    ],
    &["integrate", "idp", "kratos"],
    &["status", "idp"],
    &["run", "idp/0", "get-redirect-uri"],
];

/// Fails if the picture `name` is not `drawn`; or draws it, if `UPDATE_PICTURES` is set.
pub(crate) fn compare(name: &str, drawn: &str) {
    let path = root().join("docs/pictures").join(name);
    if variable("UPDATE_PICTURES").is_some() {
        fs::write(path, drawn).unwrap();
    } else {
        let there = fs::read_to_string(path).unwrap_or_default();
        assert!(there == drawn, "{name} is out of date: make pictures");
    }
}

fn output(program: impl AsRef<OsStr>, arguments: &[&str], folder: &Path) -> Output {
    let output = command(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    output
}

#[test]
fn the_picture_of_the_status_is_what_the_commands_print() {
    let everything = [
        "build",
        "--locked",
        "--workspace",
        "--bins",
        "--example",
        "requirer",
    ];
    output(env!("CARGO"), &everything, root());
    let built = target().join("debug");
    let folder = tempfile::tempdir().unwrap();
    for (name, program, files) in [
        (
            "kratos-external-idp-integrator",
            "kratos-external-idp-integrator",
            ".",
        ),
        ("kratos", "examples/requirer", "examples/requirer"),
    ] {
        let charm = folder.path().join(name);
        fs::create_dir(&charm).unwrap();
        symlink(built.join(program), charm.join("dispatch")).unwrap();
        for file in ["metadata.yaml", "config.yaml", "actions.yaml"] {
            fs::copy(root().join(files).join(file), charm.join(file)).unwrap();
        }
    }
    let sandbox = built.join("juju-sandbox");
    let kratos = [
        "deploy",
        "./kratos",
        "kratos",
        "--config",
        "public-url=https://iam.example.com",
    ];
    output(&sandbox, &kratos, folder.path());
    let mut screen = Vec::new();
    for scene in SCENES {
        screen.push(format!("$ juju-sandbox {}", scene.join(" ")));
        // Without how far the command is, which goes to standard error.
        let text = String::from_utf8(output(&sandbox, scene, folder.path()).stdout).unwrap();
        let lines = text.lines().skip_while(|line| is_about_the_model(line));
        screen.extend(lines.map(str::to_owned));
        screen.push(String::new());
    }
    while screen.last().is_some_and(String::is_empty) {
        screen.pop();
    }
    screen.dedup_by(|line, before| line.is_empty() && before.is_empty());
    compare("status.svg", &drawn(&screen));
}

/// The heading of a status, which tells a time: that changes with all that hooks do.
fn is_about_the_model(line: &str) -> bool {
    line.is_empty() || line.starts_with("Model ") || line.starts_with("sandbox ")
}

/// As many characters as a line of the picture holds.
const COLUMNS: usize = 104;

/// A terminal with these lines.
fn drawn(lines: &[String]) -> String {
    let rows: Vec<_> = lines
        .iter()
        .flat_map(|line| wrapped(line).into_iter().map(|row| (colour(line), row)))
        .collect();
    let (width, height) = (COLUMNS * 8 + 32, rows.len() * 18 + 24);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" font-family=\"'DejaVu Sans Mono', monospace\" \
         font-size=\"13\">\n<title>What the commands print</title>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#2b2b2b\"/>\n\
         <g>\n"
    );
    for (at, (colour, row)) in rows.iter().enumerate() {
        let y = at * 18 + 26;
        // Browsers would make one space of several.
        let text = row.replace(' ', "\u{a0}");
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        // Writing to a string does not fail.
        let _ = writeln!(
            svg,
            "<text x=\"16\" y=\"{y}\" fill=\"{colour}\">{text}</text>"
        );
    }
    svg + "</g>\n</svg>\n"
}

fn colour(line: &str) -> &'static str {
    if line.starts_with("$ ") {
        "#ffffff"
    } else if line.contains(" blocked ") {
        "#ff9a90"
    } else if line.contains(" active ") {
        "#7ee787"
    } else {
        "#c8c8c8"
    }
}

/// `line` in pieces that fit, as a shell would take it.
fn wrapped(line: &str) -> Vec<String> {
    let mut rows = vec![String::new()];
    for word in line.split_inclusive(' ') {
        let row = rows.last_mut().unwrap();
        if row.len() + word.trim_end().len() + 2 > COLUMNS {
            if line.starts_with("$ ") {
                row.push('\\');
            }
            rows.push(format!("    {word}"));
        } else {
            row.push_str(word);
        }
    }
    rows.iter().map(|row| row.trim_end().to_owned()).collect()
}
