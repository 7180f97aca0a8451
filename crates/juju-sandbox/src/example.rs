//! Where cargo has put the examples of whoever tests with this crate.

use std::path::PathBuf;
use std::{env, io};

/// The built example called `name` of the package whose test this process is. Cargo builds examples
/// with all tests, but says to no test where: it is in the folder `examples` beside that of the
/// tests.
///
/// # Errors
///
/// If there is no such file: `cargo build --examples` makes it.
pub fn built_example(name: &str) -> io::Result<PathBuf> {
    let test = env::current_exe()?;
    let profile = test.ancestors().nth(2).unwrap_or(&test);
    let built = profile.join("examples").join(name);
    if built.exists() {
        Ok(built)
    } else {
        let missing = format!("cargo build --examples makes {}", built.display());
        Err(io::Error::new(io::ErrorKind::NotFound, missing))
    }
}
