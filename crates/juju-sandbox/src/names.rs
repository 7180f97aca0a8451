//! What Juju accepts as a name. Source: `juju/names`, and the patterns in `juju/charm`.

/// `app/0` → (`app`, 0), if it is a valid unit name (`names.IsValidUnit`).
pub(crate) fn split_unit(name: &str) -> Option<(&str, u32)> {
    let (application, number) = name.split_once('/')?;
    let canonical = number == "0" || !number.starts_with('0');
    let number = number
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| number.parse().ok())??;
    (canonical && is_application(application)).then_some((application, number))
}

/// The application of a unit, or the name itself if it is an application's.
pub(crate) fn application_of(name: &str) -> &str {
    name.split_once('/')
        .map_or(name, |(application, _)| application)
}

/// `unit-app-0` or `application-app` (`names.Tag`).
pub(crate) fn tag(name: &str) -> String {
    if name.contains('/') {
        format!("unit-{}", name.replace('/', "-"))
    } else {
        format!("application-{name}")
    }
}

/// `[a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*`: applications and charms (`names.IsValidApplication`).
pub(crate) fn is_application(name: &str) -> bool {
    let mut parts = name.split('-');
    let word = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    parts
        .next()
        .is_some_and(|first| first.starts_with(|c: char| c.is_ascii_lowercase()) && word(first))
        && parts.all(|part| word(part) && part.contains(|c: char| c.is_ascii_lowercase()))
}

/// `[a-z0-9]+[a-z0-9-]*`: models (`names.IsValidModelName`).
pub(crate) fn is_model(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('-')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// `[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*`: endpoints (`names.RelationSnippet`).
pub(crate) fn is_endpoint(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.split(['_', '-']).all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

/// `data/0` (`names.IsValidStorage`).
pub(crate) fn is_storage(text: &str) -> bool {
    text.split_once('/').is_some_and(|(name, number)| {
        is_endpoint(name) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// `^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$`: actions, and the keys of their results.
pub(crate) fn is_action(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('-')
        && !name.ends_with('-')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        struct Case {
            name: &'static str,
            application: bool,
            endpoint: bool,
            action: bool,
        }

        for Case {
            name,
            application,
            endpoint,
            action,
        } in [
            Case {
                name: "idp",
                application: true,
                endpoint: true,
                action: true,
            },
            Case {
                name: "my-app2",
                application: true,
                endpoint: true,
                action: true,
            },
            Case {
                name: "my-2",
                application: false,
                endpoint: true,
                action: true,
            },
            Case {
                name: "2a",
                application: false,
                endpoint: false,
                action: true,
            },
            Case {
                name: "a_b",
                application: false,
                endpoint: true,
                action: false,
            },
            Case {
                name: "-a",
                application: false,
                endpoint: false,
                action: false,
            },
            Case {
                name: "a-",
                application: false,
                endpoint: false,
                action: false,
            },
            Case {
                name: "",
                application: false,
                endpoint: false,
                action: false,
            },
            Case {
                name: "A",
                application: false,
                endpoint: false,
                action: false,
            },
        ] {
            assert_eq!(
                (is_application(name), is_endpoint(name), is_action(name)),
                (application, endpoint, action),
                "{name}"
            );
        }
        for (name, parts) in [
            ("a/0", Some(("a", 0))),
            ("a-b/12", Some(("a-b", 12))),
            ("a/01", None),
            ("a/x", None),
            ("a", None),
            ("a/", None),
        ] {
            assert_eq!(split_unit(name), parts, "{name}");
        }
    }
}
