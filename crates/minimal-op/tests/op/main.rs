//! The provider as clients, browsers and checkers meet it: over HTTP, and most of it from the built
//! program. What needs a clock that is put forward runs in the process of the test.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]
#![allow(clippy::too_many_lines, reason = "most of them are tables")]

mod authorize;
mod client;
mod codes;
mod dialects;
mod discovery;
mod login;
mod program;
mod server;
mod token;
mod userinfo;
mod world;
