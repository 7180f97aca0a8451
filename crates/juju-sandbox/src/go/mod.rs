//! How Go prints and parses values, where Juju's texts depend on it.

mod bytes;
mod fields;
mod json;
mod keys;
mod number;
mod os;
mod pairs;
pub(crate) mod quote;
mod resolve;
mod scalar;
pub(crate) mod size;
mod tags;
mod time;
mod value;
mod yaml;

pub(crate) use bytes::{from_bytes, through_json, to_bytes};
pub(crate) use fields::fields;
pub(crate) use json::{json_pairs, to_json};
pub(crate) use number::{atoi, milliseconds, parse_bool};
pub(crate) use os::{normal_path, open_error, os_reason};
pub(crate) use pairs::{Pairs, yaml_pairs};
pub(crate) use quote::{quote, quote_list};
pub(crate) use time::time;
pub(crate) use value::to_text;
pub(crate) use yaml::to_yaml;
