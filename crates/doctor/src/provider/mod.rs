//! Asks an identity provider, as Kratos would, whether a login can work: without a user, and
//! without a token being issued.
//!
//! No answer is trusted: each is bounded in size and time, and what is shown of it has neither
//! the secret nor a control character in it.
//!
//! ```text
//! examination  all checks in their order
//! ├ document, keys, token_answer   what an answer means: pure
//! ├ application, scopes            what all answers mean for those who log users in: pure
//! ├ credentials, redirect_uri      what to ask, and what an answer means
//! ├ logins                         how often to ask for the redirect URIs
//! ├ network, unreachable           the only door, and why there is no answer
//! └ printable                      what may be shown
//! question     what goes in, and what comes out
//! ```

mod application;
mod credentials;
mod document;
mod examination;
mod form;
mod keys;
mod logins;
mod network;
mod printable;
mod question;
mod redirect_uri;
mod scopes;
mod token_answer;
mod unreachable;

pub(crate) use self::examination::examine;
pub use self::question::{
    Application, Check, Comparison, Credentials, Endpoints, Examination, Fixed, Found, Issuer,
    Name, Proxies, Question, Remedy, Verdict,
};
