//! The `external_provider` interface, both halves of it.
//!
//! The *provider* (kratos-external-idp-integrator) publishes identity providers; the *requirer*
//! (Charmed Kratos) registers them and answers with their redirect URIs. Both write one key,
//! [`KEY`], in the databag of their application.
//!
//! * [`Settings`], loose, become a [`Provider`], strict: the model.
//! * The provider half: [`offer()`] makes what to publish, [`redirect_uris`] assigns the answers.
//! * The requirer half: [`Requirer`], for charms that act as Kratos' charm does.
//! * [`plain_scalar`]: whether a value survives the way Charmed Kratos writes it.
//!
//! This is a whole charm, which answers for every identity provider that it gets.
//! `examples/requirer` in the workspace is a more complete one.
//!
//! ```no_run
//! use external_provider::{ENDPOINT, Offer, Registered, Requirer};
//! use juju_hook::{Context, HookTools, Status, StatusLevel};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let Some(context) = Context::from_env()? else {
//!         return Err("this is a charm: Juju runs it".into());
//!     };
//!     let tools = HookTools::on_path();
//!     let requirer = Requirer::new(&tools, &context, ENDPOINT);
//!     for relation in requirer.relations()? {
//!         if let Offer::Providers(providers) = requirer.offer(&relation)? {
//!             let registered: Vec<_> = providers
//!                 .iter()
//!                 .map(|provider| Registered {
//!                     provider_id: provider.id().into(),
//!                     redirect_uri: format!("https://iam.example.com/callback/{}", provider.id()),
//!                 })
//!                 .collect();
//!             requirer.publish(&relation, &registered)?;
//!         }
//!     }
//!     let message = "Registered what there is".to_owned();
//!     tools.status_set(&Status { level: StatusLevel::Active, message })?;
//!     Ok(())
//! }
//! ```

mod answer;
mod callback;
mod id;
mod interface;
mod kind;
mod offer;
pub mod plain_scalar;
mod provider;
mod received;
mod redirect_uri;
mod requirer;
mod settings;
mod unreadable;

pub use self::answer::{
    Answer, BOTH_BACKENDS, Registered, SECRET_BACKENDS, answer, read_answer, reads_secrets,
};
pub use self::callback::{of_kratos, path_segment};
pub use self::id::digest;
pub use self::interface::{ENDPOINT, INTERFACE, KEY};
pub use self::kind::{Kind, Shape};
pub use self::offer::{Carried, Form, MASK, SecretBackend, content_key, offer, offer_in_plain};
pub use self::provider::{Client, Lack, Provider};
pub use self::received::{Published, is_offer_of, published, read_offer, without};
pub use self::redirect_uri::{
    Origin, RedirectUri, as_answered, derived, may_be_of_kratos, redirect_uris,
};
pub use self::requirer::{Change, Offer, Requirer};
pub use self::settings::{SecretValue, Settings};
pub use self::unreadable::UnreadableError;
