//! Resources: what is uploaded for an application. Source: `cmd/juju/resource`, and
//! `apiserver/resources.go`.

use super::handle::Model;
use super::view::{ApplicationView, UnitView};
use crate::charm::{ResourceKind, ResourceMeta};
use crate::clock::Timestamp;
use crate::error::Error;
use crate::go::open_error;
use crate::refusals;
use crate::state::{Application, Resource};
use serde::Deserialize;
use sha2::{Digest, Sha384};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// A resource of an application as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceView {
    /// Its name.
    pub name: String,
    /// `file` or `oci-image`.
    pub kind: String,
    /// The name of the file that the charm finds; empty for an image.
    pub filename: String,
    /// What the charm says about it.
    pub description: String,
    /// What was uploaded; `None` if nothing was.
    pub upload: Option<UploadView>,
}

/// What was uploaded for a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadView {
    /// The content's SHA-384, in hexadecimal.
    pub fingerprint: String,
    /// The content's length in bytes.
    pub size: u64,
    /// When it was uploaded.
    pub uploaded: Timestamp,
}

impl Model {
    /// Gives a resource its content (`juju attach-resource`): the path of a file, or for an
    /// `oci-image` the path of the image in a registry. Units that are installed are told with
    /// `upgrade-charm`.
    ///
    /// # Errors
    ///
    /// When there is no such application or resource, or the value is neither.
    pub fn attach_resource(
        &mut self,
        application: &str,
        name: &str,
        value: &str,
    ) -> Result<(), Error> {
        let refused = |reason| Error::Refused(refusals::cannot_upload_resource(name, reason));
        let declared = self.app(application)?.charm.metadata.resources.get(name);
        let declared =
            declared.ok_or_else(|| refused(refusals::resource_not_found(application, name)))?;
        let content = content(name, declared, value).map_err(refused)?;
        self.store_resource(application, name, &content)?;
        self.app_mut(application)?.resources_version += 1;
        Ok(())
    }

    /// Reads what is given with `juju deploy --resource`, before anything is deployed
    /// (`ValidateResourceDetails`).
    pub(super) fn read_resources(
        declared: &BTreeMap<String, ResourceMeta>,
        given: &[(String, String)],
    ) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let read = |(name, value): &(String, String)| {
            let meta = declared
                .get(name)
                .ok_or_else(|| refusals::unrecognized_resource(name))?;
            let content = content(name, meta, value).map_err(|reason| match meta.kind {
                ResourceKind::File => reason,
                ResourceKind::Image => refusals::resource(name, reason),
            })?;
            Ok((name.clone(), content))
        };
        let contents: Result<Vec<_>, String> = given.iter().map(read).collect();
        contents.map_err(Error::Refused)
    }

    pub(super) fn store_resource(
        &mut self,
        application: &str,
        name: &str,
        content: &[u8],
    ) -> Result<(), Error> {
        self.folder.keep_resource(application, name, content)?;
        let resource = Resource {
            fingerprint: hexadecimal(&Sha384::digest(content)),
            size: content.len() as u64,
            uploaded: self.state.tick(),
        };
        let resources = &mut self.app_mut(application)?.resources;
        resources.insert(name.to_owned(), resource);
        Ok(())
    }
}

impl ApplicationView<'_> {
    /// The resources that its charm declares, sorted by name.
    #[must_use]
    pub fn resources(&self) -> Vec<ResourceView> {
        let state = self.state();
        viewed(state, &state.resources)
    }
}

impl UnitView<'_> {
    /// The resources that its charm declares, sorted by name, each with what `resource-get` has
    /// given the unit.
    #[must_use]
    pub fn resources(&self) -> Vec<ResourceView> {
        let application = self.application().into_iter();
        application
            .flat_map(|application| viewed(application, &self.state().resources))
            .collect()
    }
}

fn viewed(application: &Application, contents: &BTreeMap<String, Resource>) -> Vec<ResourceView> {
    let declared = application.charm.metadata.resources.iter();
    declared
        .map(|(name, meta)| ResourceView {
            name: name.clone(),
            kind: meta.kind.word().to_owned(),
            filename: meta.filename.clone(),
            description: meta.description.clone(),
            upload: contents.get(name).map(|resource| UploadView {
                fingerprint: resource.fingerprint.clone(),
                size: resource.size,
                uploaded: resource.uploaded,
            }),
        })
        .collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The content that a value stands for (`OpenResource`).
fn content(name: &str, declared: &ResourceMeta, value: &str) -> Result<Vec<u8>, String> {
    match declared.kind {
        ResourceKind::File => std::fs::read(value)
            .map_err(|error| refusals::resource_file(name, open_error(value, &error))),
        ResourceKind::Image => image(value).map(String::into_bytes),
    }
}

/// The details of an image, by which it can be pulled (`docker.DockerImageDetails`).
#[derive(Deserialize)]
struct Image {
    #[serde(alias = "ImageName")]
    registrypath: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

/// The details of an image as the charm finds them: of a path in a registry, or of a file that has
/// them (`getDockerDetailsData`).
fn image(value: &str) -> Result<String, String> {
    let image = if Path::new(value).is_file() {
        let text = std::fs::read_to_string(value).map_err(|error| open_error(value, &error))?;
        let image: Image = serde_yaml::from_str(&text).map_err(|error| error.to_string())?;
        if !is_image(&image.registrypath) {
            return Err(refusals::invalid_image(image.registrypath));
        }
        image
    } else if is_image(value) {
        Image {
            registrypath: value.to_owned(),
            username: String::new(),
            password: String::new(),
        }
    } else {
        return Err(refusals::not_image(value));
    };
    let text = |value: &str| crate::go::to_yaml(&value.into()).trim_end().to_owned();
    Ok(format!(
        "registrypath: {}\nusername: {}\npassword: {}\n",
        text(&image.registrypath),
        text(&image.username),
        text(&image.password)
    ))
}

/// Whether this may be the path of an image. The whole grammar is in
/// `github.com/distribution/reference`; the sandbox pulls nothing, so it only looks for slips.
fn is_image(path: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
    let (name, _) = path.split_once([':', '@']).unwrap_or((path, ""));
    let edges = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    edges(path) && path.bytes().all(known) && !name.bytes().any(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Case {
        name: &'static str,
        value: String,
        outcome: Result<&'static str, &'static str>,
    }

    #[test]
    fn images() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("image.yaml");
        let details = "{\"ImageName\": \"example.com/a@sha256:00\", \"username\": \"me\"}";
        std::fs::write(&file, details).unwrap();
        let file = file.to_str().unwrap().to_owned();

        for Case {
            name,
            value,
            outcome,
        } in [
            Case {
                name: "a path in a registry",
                value: "ghcr.io/a/b:1.0".into(),
                outcome: Ok("registrypath: ghcr.io/a/b:1.0\nusername: \"\"\npassword: \"\"\n"),
            },
            Case {
                name: "a file with details",
                value: file,
                outcome: Ok(
                    "registrypath: example.com/a@sha256:00\nusername: me\npassword: \"\"\n",
                ),
            },
            Case {
                name: "neither",
                value: "./image.yaml".into(),
                outcome: Err("filepath or registry path: ./image.yaml not valid"),
            },
        ] {
            let wanted = outcome.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(image(&value), wanted, "{name}");
        }
    }
}
