//! What we know about each kind of provider beyond the interface: how Kratos and the provider
//! treat it, where its endpoints are, and what people call it.

mod facts;
mod filled;
mod openid;
pub mod tenant;
mod words;

pub use self::facts::{Facts, KnownEndpoints, ScopeFacts, brings_phone_number, facts};
pub use self::filled::{OpenIdProvider, openid_of};
pub use self::openid::{KnownOpenId, OpenId};
pub use self::words::{instead_of, unknown_kind};
