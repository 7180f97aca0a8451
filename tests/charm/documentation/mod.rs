//! The documentation held against the code: what it says is true, and what is true of the
//! code is in it.

mod commands;
mod dry_runs;
mod findings;
mod markdown;
mod recipes;
mod reference;
mod story;
mod troubleshooting;
