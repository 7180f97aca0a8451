//! `network-get`: each unit has one address, on one interface, for every binding.
//! Source: `jujuc/network-get.go`.

use super::call::{Call, Failure};
use super::options::{Takes, check_empty, parse};
use super::output;
use crate::agent::context::Context;
use crate::go::fields;
use crate::refusals;
use serde_json::{Map, Value, json};

pub(super) fn get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let own = &[
        ("primary-address", Takes::Nothing),
        ("bind-address", Takes::Nothing),
        ("ingress-address", Takes::Nothing),
        ("egress-subnets", Takes::Nothing),
        ("r", Takes::Relation),
        ("relation", Takes::Relation),
    ];
    let options = parse(call, context, &[output::STANDARD, own])?;
    let binding = match options.arguments.split_first() {
        None => return Err(Failure::Usage(refusals::no_arguments())),
        Some((binding, _)) if binding.is_empty() => {
            return Err(Failure::Usage(refusals::no_binding()));
        }
        Some((binding, rest)) => check_empty(rest).map(|()| binding)?,
    };
    let Some(address) = context.address_for(binding) else {
        return Err(Failure::Work(refusals::unknown_binding(binding)));
    };
    let subnets = json!([format!("{address}/32")]);
    let mut asked = Map::new();
    for (key, value) in [
        ("bind-address", &json!(address)),
        ("ingress-address", &json!(address)),
        ("egress-subnets", &subnets),
    ] {
        if options.flag(key) {
            asked.insert(key.into(), value.clone());
        }
    }
    let value = match (options.flag("primary-address"), asked.len()) {
        (true, 0) => json!(address),
        (true, _) => {
            return Err(Failure::Work(refusals::primary_address_only()));
        }
        (false, 1) => asked
            .into_iter()
            .next()
            .map_or(Value::Null, |(_, value)| value),
        (false, 0) => {
            let names_host = context.juju().names_hosts_by_address();
            let host = if names_host { address.as_str() } else { "" };
            let is_json = options.text("format") == Some("json");
            everything(host, &address, &subnets, is_json)
        }
        (false, _) => asked.into(),
    };
    output::print(call, &options, &value)
}

/// `resultToDisplay`; YAML also has some keys in an older spelling.
fn everything(host: &str, address: &str, subnets: &Value, json: bool) -> Value {
    const MAC: &str = "00:16:3e:00:00:01";
    let mut place = vec![
        ("hostname", json!(host)),
        ("value", json!(address)),
        ("cidr", json!("10.0.0.0/8")),
    ];
    if !json {
        place.push(("address", json!(address)));
    }
    let mut interface = vec![
        ("mac-address", json!(MAC)),
        ("interface-name", json!("eth0")),
        ("addresses", json!([fields(place)])),
    ];
    if !json {
        interface.push(("macaddress", json!(MAC)));
        interface.push(("interfacename", json!("eth0")));
    }
    fields([
        ("bind-addresses", json!([fields(interface)])),
        ("egress-subnets", subnets.clone()),
        ("ingress-addresses", json!([address])),
    ])
}
