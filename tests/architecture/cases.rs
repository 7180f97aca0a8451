//! What the checks find in packages made for it: a picture that shows nothing proves nothing.

use crate::modules::Sources;
use crate::packages::refused_arrows;
use crate::picture::Picture;

/// The files of a package, each with code that makes no edge.
const FIXTURE: &str = "
    src/lib.rs | mod a; mod c;
    src/main.rs |
    src/a/mod.rs | mod b;
    src/a/b.rs |
    src/c.rs | mod d;
    src/c/d.rs |
";

/// `FIXTURE` with other code in some files.
fn fixture(changed: &[[&str; 2]]) -> Picture {
    let mut sources = Sources::new();
    for [file, code] in rows(FIXTURE).iter().chain(changed) {
        sources.insert((*file).to_owned(), (*code).to_owned());
    }
    let mut picture = Picture::default();
    picture.add("fix-ture", "src", &sources);
    picture
}

/// The cells of a table: rustfmt would make four lines of each row of an array.
fn rows<const N: usize>(table: &str) -> Vec<[&str; N]> {
    let lines = table.lines().filter(|line| !line.trim().is_empty());
    let cells = lines.map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    cells.map(|cells| cells.try_into().unwrap()).collect()
}

#[test]
fn paths_lead_to_files() {
    let cases = r#"
        a declaration | a/mod.rs | mod b; |
        a tree | a/b.rs | use crate::{c::{self as e, d::*}, a::X as Y}; | a/mod.rs c.rs c/d.rs
        a module itself | a/b.rs | use crate::c::{self}; | c.rs
        an item of the root | a/b.rs | use crate::X; | lib.rs
        an item of a mod.rs | c/d.rs | use crate::a::{X, Y}; | a/mod.rs
        a re-export | a/mod.rs | mod b; pub use self::b::X; | a/b.rs
        a child's bare path | a/mod.rs | mod b; fn f() { b::g() } | a/b.rs
        a child's bare use | a/mod.rs | mod b; use b::X; | a/b.rs
        a variable like a child | a/mod.rs | mod b; fn f(b: u8) -> u8 { b } |
        another crate | a/b.rs | use std::c::X; use c::X; fn f() { d::g() } |
        another crate like a child | a/mod.rs | mod b; use ::b::X; fn f() { ::b::g() } |
        the parent's items | a/b.rs | use super::*; | a/mod.rs
        a type | a/b.rs | struct S(Vec<crate::X>); | lib.rs
        a pattern | a/b.rs | fn f() { if let super::super::c::X = x {} } | c.rs
        a use in a function | a/b.rs | fn f() { use crate::c::g; } | c.rs
        a module with a body | a/b.rs | mod i { use super::super::X; use super::Y; } | a/mod.rs
        a macro | a/b.rs | fn f() { m!(x, [super::g(y::<crate::c::d::X>::z)]) } | a/mod.rs c/d.rs
        a child in a macro | a/mod.rs | mod b; fn f() { m!("", b::X, y) } | a/b.rs
        an attribute | a/b.rs | #[x(y = "crate::c::d", z = super::X)] struct S; | a/mod.rs c/d.rs
        visibility | a/b.rs | pub(super) fn f() {} pub(in crate::a) fn g() {} |
        tests | a/b.rs | #[cfg(test)] mod tests { use crate::X; } #[cfg(test)] use crate::X; |
        a test's function | a/b.rs | impl X { #[cfg(test)] fn f() { crate::c::g() } } |
        what no test has | a/b.rs | #[cfg(not(test))] use crate::X; | lib.rs
        a program's own library | main.rs | use fix_ture::{X, c::Y}; | c.rs lib.rs
        a file by its path | main.rs | #[path = "c/d.rs"] mod e; use e::X; | c/d.rs
    "#;
    for [name, file, code, expected] in rows(cases) {
        let file = format!("src/{file}");
        let imports = &fixture(&[[&file, code]]).imports[&file];
        let found: Vec<_> = imports.keys().map(|file| &file["src/".len()..]).collect();
        assert_eq!(found.join(" "), expected, "{name}");
    }
}

#[test]
fn circles_are_found() {
    let [a, b, c, d] = ["src/a/mod.rs", "src/a/b.rs", "src/c.rs", "src/c/d.rs"];
    let reads_b = [a, "mod b; pub use b::X;"];
    let reads_d = [c, "mod d; pub use d::X;"];
    let circles = |changed: &[[&str; 2]]| {
        let picture = fixture(changed);
        let rounds = picture
            .circles()
            .into_iter()
            .map(|(_, round)| round.join(" "));
        rounds.collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    let from_d = [d, "use crate::a::X;"];
    assert_eq!(circles(&[reads_b, reads_d, from_d]), none, "a tree");
    assert_eq!(circles(&[[c, "mod d; use crate::c::X;"]]), none, "itself");
    let two = "src/a/b.rs src/a/mod.rs";
    assert_eq!(circles(&[reads_b, [b, "use super::X;"]]), [two]);
    assert_eq!(
        circles(&[reads_b, from_d, [b, "use super::X;"]]),
        [two],
        "d is outside"
    );
    let three = "src/a/mod.rs src/c.rs src/c/d.rs";
    assert_eq!(
        circles(&[reads_d, from_d, [a, "mod b; use crate::c::X;"]]),
        [three]
    );
    let both = [reads_b, reads_d, [b, "use super::X;"], [d, "use super::X;"]];
    assert_eq!(circles(&both), [two, "src/c.rs src/c/d.rs"]);
}

#[test]
fn only_code_is_counted() {
    let code = "//! Doc.\n\nfn f() {\n    // Why.\n    g();\n}\n\n\
        #[cfg(test)]\nmod tests {\n    fn t() {}\n}\n#[cfg(test)]\nmod long;\n";
    let lines = fixture(&[["src/c/d.rs", code], ["src/c/d/long.rs", "fn t() {}"]]).lines;
    // The declaration of tests that stand elsewhere is code.
    assert_eq!(lines["src/c/d.rs"], 5);
    assert!(!lines.contains_key("src/c/d/long.rs"));
}

#[test]
#[should_panic = "no module declares src/c/e.rs"]
fn no_file_is_missed() {
    fixture(&[["src/c/e.rs", ""]]);
}

#[test]
fn arrows_are_refused() {
    let refused = refused_arrows(&[
        "[package]\nname = \"juju-hook\"\n[dependencies]\noauth.workspace = true\nserde = \"1\"",
        "[package]\nname = \"oauth\"\n[dependencies]\njuju-hook = { path = \"../juju-hook\" }",
        "[workspace]\n\n[package]\nname = \"doctor\"\n\n[dependencies]\noauth.path = \"../oauth\"",
        "[package]\nname = \"new\"\n[dev-dependencies]\noauth.workspace = true",
    ]);
    let expected = [
        "juju-hook -> oauth",
        "doctor -> oauth",
        "new is not in the table",
    ];
    assert_eq!(refused, expected);
}
