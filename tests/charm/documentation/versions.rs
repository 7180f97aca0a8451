//! What the charm was tried on.

use super::markdown::{read, section, table};

#[test]
fn versions_of_juju_are_those_of_the_tests() {
    let page = read("docs/versions.md");
    let rows = table(&section(&page, "Juju"), "Juju");
    assert!(rows.len() > 4);
    let mut of_charm_tests = Vec::new();
    for row in &rows {
        let (_, link) = row[2].split_once("](../").unwrap();
        let file = link.strip_suffix(')').unwrap();
        let text = read(file);
        for version in row[0].split(", ") {
            assert!(text.contains(version), "{file}: {version}");
            if row[1].starts_with("In the sandbox only") {
                of_charm_tests.push(version.to_owned());
            }
        }
    }
    of_charm_tests.sort();
    of_charm_tests.dedup();
    assert_eq!(of_charm_tests.len(), 5, "{of_charm_tests:?}");

    let others = section(&page, "Other consumers");
    let peers = read("tests/peers/oauth.py");
    let (_, jujus) = peers.split_once("\nJUJUS = (").unwrap();
    for version in jujus.split(')').next().unwrap().split(", ") {
        let version = version.trim_matches('"');
        assert!(others.contains(version), "{version}");
    }
}
