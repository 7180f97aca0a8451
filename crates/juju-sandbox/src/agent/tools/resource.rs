//! `resource-get`. Source: `jujuc/resource-get.go`.

use super::call::{Call, Failure};
use super::options::{check_empty, parse};
use crate::agent::context::Context;
use crate::refusals;
use std::os::unix::ffi::OsStrExt;

pub(super) fn get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[])?;
    let (name, rest) = options
        .arguments
        .split_first()
        .ok_or_else(|| Failure::Usage(refusals::no_resource_name_given()))?;
    check_empty(rest)?;
    let path = context.download_resource(name).map_err(Failure::Work)?;
    // Without a newline.
    call.stdout.extend(path.as_os_str().as_bytes());
    Ok(())
}
