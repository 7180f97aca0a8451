//! `resources` of `metadata.yaml`. Source: `resource/meta.go` of `juju/charm`, and `resources.go`
//! beside it.

use crate::refusals;
use serde::{Deserialize, Serialize};

/// What a resource is (`resource.Type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ResourceKind {
    File,
    Image,
}

impl ResourceKind {
    /// The word for it in `metadata.yaml`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Image => "oci-image",
        }
    }
}

/// A resource that a charm declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ResourceMeta {
    pub(crate) kind: ResourceKind,
    /// The name of the file that the charm finds; empty for an image.
    pub(crate) filename: String,
    pub(crate) description: String,
}

/// A resource as it is written.
#[derive(Debug, Default, Deserialize)]
pub(super) struct RawResource {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    filename: Option<String>,
    #[serde(default)]
    description: Option<String>,
}

impl RawResource {
    /// `Meta.Validate`.
    pub(super) fn check(self, name: &str) -> Result<ResourceMeta, String> {
        if name.is_empty() {
            return Err(refusals::resource_without_name());
        }
        // Names and file names become paths, which must not lead elsewhere.
        let filename = self.filename.as_deref().unwrap_or_default();
        if name.contains('/')
            || [name, filename]
                .iter()
                .any(|name| [".", ".."].contains(name))
        {
            return Err(refusals::invalid_resource(name, filename));
        }
        let kind = match self.kind.as_deref().unwrap_or("file") {
            "file" => ResourceKind::File,
            "oci-image" => ResourceKind::Image,
            other => return Err(refusals::unsupported_resource_type(other)),
        };
        let filename = self.filename.unwrap_or_default();
        if kind == ResourceKind::File && filename.is_empty() {
            return Err(refusals::resource_without_filename());
        }
        if kind == ResourceKind::File && filename.contains('/') {
            return Err(refusals::resource_filename_slash(filename));
        }
        Ok(ResourceMeta {
            kind,
            filename,
            description: self.description.unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations() {
        struct Case {
            name: &'static str,
            text: &'static str,
            outcome: Result<(ResourceKind, &'static str), &'static str>,
        }

        for Case {
            name,
            text,
            outcome,
        } in [
            Case {
                name: "a file, which is the default",
                text: "{filename: a.tgz}",
                outcome: Ok((ResourceKind::File, "a.tgz")),
            },
            Case {
                name: "an image",
                text: "{type: oci-image, upstream-source: ubuntu}",
                outcome: Ok((ResourceKind::Image, "")),
            },
            Case {
                name: "another type",
                text: "{type: tape}",
                outcome: Err("unsupported resource type \"tape\""),
            },
            Case {
                name: "a file without a name",
                text: "{type: file}",
                outcome: Err("resource missing filename"),
            },
            Case {
                name: "another folder",
                text: "{filename: ..}",
                outcome: Err("invalid resource \"r\" with filename \"..\""),
            },
            Case {
                name: "a path",
                text: "{filename: a/b}",
                outcome: Err("filename cannot contain \"/\" (got \"a/b\")"),
            },
        ] {
            let raw: RawResource = serde_yaml::from_str(text).unwrap();
            let seen = raw.check("r").map(|meta| (meta.kind, meta.filename));
            let wanted = outcome.map(|(kind, name)| (kind, name.to_owned()));
            assert_eq!(seen, wanted.map_err(str::to_owned), "{name}");
        }
    }
}
