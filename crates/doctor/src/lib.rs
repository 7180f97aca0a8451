//! What is slow or hostile, and so is not for the process that Juju waits for.
//!
//! * [`mapper`]: is a mapper Jsonnet, and what would Kratos store?

pub mod mapper;
