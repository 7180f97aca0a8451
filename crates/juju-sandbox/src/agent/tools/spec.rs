//! The options of hook tools, and what `--help` says of them.

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing, or `=true`.
    Nothing,
    /// Any text.
    Text,
    /// A whole number.
    Number,
    /// The id of a relation that the hook knows (`relationIdValue` in `jujuc/context.go`).
    Relation,
    /// The id of a storage of the unit (`storageIdValue` in `jujuc/storage.go`).
    Storage,
    /// One of the output formats.
    Format(&'static [&'static str]),
}

/// An option's name, without dashes, and what it takes.
pub(super) type Spec = (&'static str, Takes);

/// The options in order, as `FlagSet.PrintDefaults` of juju/gnuflag lists them. A short name stands
/// before the long one of the same option.
pub(super) fn help(specs: &[&[Spec]]) -> String {
    let specs = specs.concat();
    let mut options: Vec<(Vec<&str>, Takes)> = Vec::new();
    for (name, takes) in specs {
        match options.last_mut() {
            Some((names, _)) if name.starts_with(names[0]) => {
                names.push(name);
            }
            _ => options.push((vec![name], takes)),
        }
    }
    options.sort_by_key(|(names, _)| names[0]);
    let options = options.iter();
    options
        .map(|(names, takes)| listed(names, *takes))
        .collect()
}

/// An option as juju/gnuflag lists it: the names, the default, and what it is for.
fn listed(names: &[&str], takes: Takes) -> String {
    let dashed: Vec<String> = names
        .iter()
        .map(|name| match name.len() {
            1 => format!("-{name}"),
            _ => format!("--{name}"),
        })
        .collect();
    let (dashed, about) = (dashed.join(", "), about(names, takes));
    match takes {
        Takes::Nothing => format!("{dashed}  (= false)\n    {about}\n"),
        Takes::Number => format!("{dashed}  (= 0)\n    {about}\n"),
        Takes::Relation | Takes::Storage => format!("{dashed}  (= )\n    {about}\n"),
        Takes::Format(known) => {
            let mut sorted = known.to_vec();
            sorted.sort_unstable();
            let (default, sorted) = (known[0], sorted.join("|"));
            format!("{dashed}  (= {default})\n    {about} ({sorted})\n")
        }
        Takes::Text => {
            let default = if names == ["owner"] {
                "application"
            } else {
                ""
            };
            format!("{dashed} (= \"{default}\")\n    {about}\n")
        }
    }
}

/// What an option is for, whichever tool has it.
fn about(names: &[&str], takes: Takes) -> &'static str {
    match (names[names.len() - 1], takes) {
        ("all", _) => "Print every key",
        ("app", Takes::Nothing) => "The application, rather than one of its units",
        ("app" | "application", Takes::Text) => "The application that is not to read it any more",
        ("application", _) => "The application's status, rather than the unit's",
        ("bind-address", _) => "Print the address on which the unit should listen",
        ("debug", _) => "Log at the level DEBUG",
        ("description", _) => "What the secret is for",
        ("egress-subnets", _) => "Print the subnets from which the unit's traffic comes",
        ("endpoints", Takes::Nothing) => "Print the endpoints of each port, too",
        ("endpoints", _) => "The endpoints that the ports are for, separated by commas",
        ("expire", _) => "When the secret expires: after a duration, or at a time",
        ("file", _) => "A YAML file of keys and values",
        ("format", Takes::Text) => "Deprecated: has no effect",
        ("format", _) => "The format of the output",
        ("include-data", _) => "Print the data of the status, too",
        ("ingress-address", _) => "Print the address at which others reach the unit",
        ("label", _) => "A name for the secret that hooks can use",
        ("log-level", _) => "The level of the message",
        ("output", _) => "A file for the output",
        ("owner", _) => "Who owns the secret: the application or the unit",
        ("peek", _) => "Read the newest revision, and go on tracking the present one",
        ("primary-address", _) => "Print the unit's address (deprecated)",
        ("refresh", _) => "Read the newest revision, and track it from now on",
        ("relation", _) => "The relation, by its id",
        ("revision", _) => "Remove only this revision",
        ("rotate", _) => "How often the secret is to be rotated",
        ("s", _) => "The storage, by its id",
        ("strict", _) => "Fail if there is no such key",
        ("unit", _) => "Only this unit of the application",
        _ => "",
    }
}
