//! Jsonnet mappers: is it Jsonnet, and what would Kratos store?
//!
//! A mapper is a program: it may loop, recurse or fill the memory, and memory that runs out ends
//! the process. So all of this is for the second program ([`crate::serve`]), which
//! [`crate::Doctor`] starts and bounds. Kratos does likewise (`jsonnetsecure` of `ory/x`).
//!
//! No error holds a value of the mapper or of the claims: only places and our own words. What an
//! `error` or `assert` of the mapper says is the administrator's own text and is kept, cut short.
//!
//! Two differences to Kratos' go-jsonnet are known, both seen in cases at random (`make
//! peers-kratos`): it refuses a `std.strReplace` of the empty string, and the last digits of a
//! `std.exp` are others.

mod error;
pub(crate) mod evaluation;
mod identity;
mod position;
mod size;
pub(crate) mod syntax;
mod wording;

pub use self::error::MapperError;
pub use self::identity::{Identity, VerifiedAddress};
pub use self::position::Position;
pub use self::syntax::{Flaw, SyntaxError};
