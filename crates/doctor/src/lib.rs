//! What is slow or hostile, and so is not for the process that Juju waits for.
//!
//! It is in a second program, which calls [`serve`] and does nothing else. [`Doctor`] starts it,
//! bounds its time, its memory and what it says, and asks it one thing.
//!
//! * [`mapper`]: is a mapper Jsonnet, and what would Kratos store?
//! * [`provider`]: can a login work at an identity provider? Asked over the network.

mod client;
pub mod mapper;
mod protocol;
pub mod provider;
mod server;

pub use self::client::Doctor;
pub use self::server::serve;
