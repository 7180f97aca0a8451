//! The endpoint `oauth`: applications that log their users in at the same provider, with the same
//! client, and without Kratos between.
//!
//! The crate [`oauth`] knows the interface. Here is what the charm makes of it: what applications
//! get ([`Applications`]), and what is to be said about what they ask for ([`Requests`]).
//!
//! Nothing here affects Kratos: what is wrong with these options, or with what an application asks
//! for, keeps nothing from it.

mod identity;
mod offer;
mod options;
mod requests;

use external_provider::Shape;

pub use self::identity::is_of;
pub use self::offer::{Applications, Shared};
pub use self::options::{ENDPOINTS, Options};
pub use self::requests::{Request, Requests};

/// Whether what is wrong with the value of `option` concerns applications, too: it is about the client
/// or where the provider is, and not about what Kratos does with it.
#[must_use]
pub fn concerns(option: &str) -> bool {
    option == "client_id" || Shape::any_needs(option)
}
