//! The unit agent: what a unit does next, the charm's process, and its hook tools.

pub(crate) mod context;
pub(crate) mod fault;
pub(crate) mod hook;
pub(crate) mod resolver;
pub(crate) mod tools;
