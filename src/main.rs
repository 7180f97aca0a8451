//! The charm's binary.
fn main() {}
