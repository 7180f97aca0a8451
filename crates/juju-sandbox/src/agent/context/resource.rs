//! Resources as a hook gets them. Source: `context/resources` of the uniter's runner.

use super::view::Context;
use crate::charm::ResourceKind;
use crate::refusals;
use std::fs;
use std::path::PathBuf;

impl Context<'_> {
    /// `resource-get`: copies the resource, as it is now, into the unit's folder, and returns the
    /// path of the copy (`DownloadResource`). The controller remembers at once what the unit got.
    pub(crate) fn download_resource(&mut self, name: &str) -> Result<PathBuf, String> {
        let application = self.application();
        let state = self.state.applications.get(application);
        let found = state.and_then(|state| {
            let declared = state.charm.metadata.resources.get(name)?;
            Some((declared, state.resources.get(name)?.clone()))
        });
        let Some((declared, resource)) = found else {
            return Err(self.no_such_resource(name));
        };
        // `OpenResource`.
        let filename = match declared.kind {
            ResourceKind::File => &declared.filename,
            ResourceKind::Image => "content.yaml",
        };
        let target = self.files.resources.join(name).join(filename);
        let copied = fs::create_dir_all(self.files.resources.join(name))
            .and_then(|()| fs::copy(self.files.kept_resources.join(name), &target));
        copied.map_err(|error| error.to_string())?;
        if let Some(unit) = self.state.unit_mut(&self.unit) {
            unit.resources.insert(name.to_owned(), resource);
        }
        Ok(target)
    }

    fn no_such_resource(&self, name: &str) -> String {
        let url = format!(
            "https://10.0.0.1:17070/model/{}/units/unit-{}/resources/{name}",
            self.state.settings.uuid,
            self.unit.replace('/', "-")
        );
        let reason = if self.juju().is_4() {
            refusals::resource_not_found_4(self.application(), name)
        } else {
            refusals::resource_not_found(self.application(), name)
        };
        refusals::cannot_download_resource(url, reason)
    }
}
