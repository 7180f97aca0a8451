//! `assumes` of `metadata.yaml`: what a charm needs from its model. Source: `core/assumes`.

use crate::refusals;
use crate::version::Version;
use serde_yaml::Value;

/// Says what is missing, if anything. Features other than `juju` are taken to be there.
pub(super) fn missing(assumes: &[Value], juju: &Version) -> Vec<String> {
    assumes
        .iter()
        .filter_map(|expression| unmet(expression, juju))
        .collect()
}

fn unmet(expression: &Value, juju: &Version) -> Option<String> {
    match expression {
        Value::String(text) => unmet_feature(text, juju),
        Value::Mapping(map) => {
            let parts = |key: &str| {
                map.get(key)
                    .and_then(Value::as_sequence)
                    .map(|parts| missing_each(parts, juju))
            };
            let any = parts("any-of").filter(|parts| parts.iter().all(Option::is_some));
            let all = parts("all-of").filter(|parts| parts.iter().any(Option::is_some));
            let reasons: Vec<String> = any.into_iter().chain(all).flatten().flatten().collect();
            (!reasons.is_empty()).then(|| reasons.join("; "))
        }
        _ => None,
    }
}

fn missing_each(parts: &[Value], juju: &Version) -> Vec<Option<String>> {
    parts.iter().map(|part| unmet(part, juju)).collect()
}

/// `juju >= 3.1`, `juju < 5`.
fn unmet_feature(text: &str, juju: &Version) -> Option<String> {
    let constraint = text.trim().strip_prefix("juju")?.trim_start();
    let (least, wanted) = match (constraint.strip_prefix(">="), constraint.strip_prefix('<')) {
        (Some(wanted), _) => (true, wanted.trim()),
        (None, Some(wanted)) => (false, wanted.trim()),
        (None, None) => return None,
    };
    let operator = if least { ">=" } else { "<" };
    let met = juju.is_at_least(wanted)? == least;
    (!met).then(|| refusals::unmet_version(operator, wanted, juju))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let juju = "3.5.1".parse().unwrap();
        for (assumes, reasons) in [
            ("[juju]", vec![]),
            ("[juju >= 3.5, juju < 4, k8s-api]", vec![]),
            (
                "[juju >= 3.6]",
                vec!["charm requires Juju version >= 3.6, model has version 3.5.1"],
            ),
            (
                "[juju < 3.5.1]",
                vec!["charm requires Juju version < 3.5.1, model has version 3.5.1"],
            ),
            ("[any-of: [juju < 3, juju >= 3.5]]", vec![]),
            (
                "[all-of: [juju >= 3, juju >= 4]]",
                vec!["charm requires Juju version >= 4, model has version 3.5.1"],
            ),
            (
                "[any-of: [{all-of: [juju >= 2.9, juju < 3]}, {all-of: [juju >= 3.4, juju < 5]}]]",
                vec![],
            ),
        ] {
            let read: Vec<Value> = serde_yaml::from_str(assumes).unwrap();
            assert_eq!(missing(&read, &juju), reasons, "{assumes}");
        }
    }
}
