//! The `oauth` interface, both halves of it.
//!
//! The *provider* has, or stands for, an OpenID provider: it publishes the endpoints, and a client
//! for each relation. The *requirer* is what users log in to: it says what client it needs. Both
//! write only in the databags of their applications, and the client secret is in a Juju secret of
//! the provider's.
//!
//! * [`Endpoints`], loose, become a [`ProviderInfo`], strict; a [`ClientConfig`] becomes a
//!   [`ClientRequest`]. Whoever reads gets the loose one, and whoever writes needs the strict one,
//!   of which no value puts the other side into error. [`Credentials`] are strict from the start.
//! * [`provider`]: the provider half, a pure function with a thin shell.
//! * [`Requirer`]: the requirer half.
//! * [`value`]: how one value stands in a databag.
//!
//! A whole charm that provides one client to everybody:
//!
//! ```no_run
//! use juju_hook::{Context, HookTools, Secret};
//! use oauth::{Credentials, Endpoints, ProviderInfo, provider};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let context = Context::from_env()?.ok_or("this is a charm: Juju runs it")?;
//!     let info = ProviderInfo::try_from(Endpoints {
//!         issuer_url: "https://op.example.com".to_owned(),
//!         ..Endpoints::default()
//!     })?;
//!     let credentials = Credentials::new("my-client".into(), Secret::new("s3cr3t".into()))?;
//!     let wanted = provider::Wanted::Offer(&info, Some(&credentials));
//!     provider::settle(&HookTools::on_path(), &context, oauth::ENDPOINT, |_| wanted)??;
//!     Ok(())
//! }
//! ```
//!
//! And one that requires it:
//!
//! ```no_run
//! use juju_hook::{Context, HookTools};
//! use oauth::{ClientConfig, ClientRequest, GrantType, Provided, Requirer};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let context = Context::from_env()?.ok_or("this is a charm: Juju runs it")?;
//!     let tools = HookTools::on_path();
//!     let request = ClientRequest::try_from(ClientConfig {
//!         redirect_uris: vec!["https://app.example.com/callback".to_owned()],
//!         scope: "openid email".to_owned(),
//!         grant_types: vec![GrantType::AuthorizationCode],
//!         ..ClientConfig::default()
//!     })?;
//!     let requirer = Requirer::new(&tools, &context, oauth::ENDPOINT);
//!     for relation in requirer.relations()? {
//!         requirer.publish(&relation, &request)?;
//!         if let Provided::Available(client) = requirer.provided(&relation)? {
//!             // Log in as `client.client_id` with `client.client_secret`.
//!             let _ = client;
//!         }
//!     }
//!     Ok(())
//! }
//! ```
//!
//! `examples` has larger ones of both, and `tests/life.rs` runs them without a controller.
//!
//! # What is left behind
//!
//! Two keys in the provider's databag are this crate's own. To remove `retired_client_secret_id` is
//! one more relation-changed for the requirer after each new client secret. `requirer` is the name of
//! its application, which is written with the endpoints, and then asked of Juju only by units that do
//! not lead. Only the provider's leader can write there, and so a name is believed.
//!
//! The Juju secret before a new one goes in a later hook that is not one of those that change client
//! secrets: Juju 4 runs config-changed twice in a row. A leader that loses its relation while nobody
//! leads leaves a secret behind that nobody can read, until a hook of the next leader that looks for
//! such: leader-elected and upgrade-charm while something is integrated, and relation-broken.
//!
//! # Where the rules come from
//!
//! From `interfaces/oauth/v0` of charm-relation-interfaces, and where that is silent or the libraries
//! differ, from what the libraries do: `charmlibs-interfaces-oauth` 1.2.0, which the databags in
//! the tests were tried with, and `charms.hydra.v0.oauth` up to LIBPATCH 12. The interface needs
//! Juju 3 or newer on both sides, for its secrets.

mod client_config;
mod credentials;
mod errors;
mod fields;
mod interface;
pub mod provider;
mod provider_info;
mod requirer;
pub mod value;

pub use self::client_config::{AuthMethod, ClientConfig, ClientRequest, GrantType};
pub use self::credentials::Credentials;
pub use self::errors::{MalformedError, Problem, Reason, UnwritableError};
pub use self::interface::{ENDPOINT, INTERFACE, SECRET_KEY};
pub use self::provider_info::{Endpoints, ProviderInfo};
pub use self::requirer::{Change, Client, Provided, Requirer};

/// The README's examples compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
