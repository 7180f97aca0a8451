//! `open-port`, `close-port`, `opened-ports`.
//! Source: `jujuc/ports.go`, `jujuc/opened-ports.go`, `core/network/portrange.go`.

use super::call::{Call, Failure};
use super::options::{Takes, check_empty, complain_about_format, parse};
use super::output;
use crate::agent::context::Context;
use crate::go::{atoi, through_json};
use crate::refusals;
use crate::state::Port;
use serde_json::json;
use std::collections::BTreeMap;

pub(super) const USAGE: &str = "<port>[/<protocol>] or <from>-<to>[/<protocol>] or icmp";

pub(super) fn open(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    change(context, call, "open-port", Context::open_port)
}

pub(super) fn close(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    change(context, call, "close-port", Context::close_port)
}

fn change<'m>(
    context: &mut Context<'m>,
    call: &mut Call,
    tool: &str,
    act: fn(&mut Context<'m>, Port) -> Result<(), String>,
) -> Result<(), Failure> {
    let options = parse(
        call,
        context,
        &[&[("endpoints", Takes::Text), ("format", Takes::Text)]],
    )?;
    let Some(range) = options.arguments.first() else {
        return Err(Failure::Usage(refusals::no_port()));
    };
    // `strings.ToLower` replaces what is no character, as JSON does.
    let range = through_json(&range.to_lowercase());
    let port = parse_range(&range).map_err(Failure::Usage)?;
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    complain_about_format(tool, &options, call);
    let endpoints = options.text("endpoints").unwrap_or_default().split(',');
    for endpoint in endpoints.map(str::trim) {
        let port = Port {
            endpoint: endpoint.to_owned(),
            ..port.clone()
        };
        act(context, port).map_err(Failure::Work)?;
    }
    Ok(())
}

/// `ParsePortRange` and `PortRange.Validate`.
fn parse_range(text: &str) -> Result<Port, String> {
    let (range, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let number = |text: &str| atoi(text).map_err(|reason| refusals::invalid_port(text, reason));
    let bounds: Vec<&str> = range.split('-').collect();
    let (from, to) = match bounds.as_slice() {
        ["icmp"] => (-1, -1),
        [one] => (number(one)?, number(one)?),
        [from, to] => (number(from)?, number(to)?),
        _ => return Err(refusals::invalid_port_range(range)),
    };
    let protocol = if from == -1 { "icmp" } else { protocol };
    let port = Port {
        protocol: protocol.to_owned(),
        from,
        to,
        endpoint: String::new(),
    };
    match protocol {
        "icmp" if from == -1 && to == -1 => Ok(port),
        "icmp" => Err(refusals::icmp_with_port(from)),
        "tcp" | "udp" if from > to => Err(refusals::reversed_port_range(port.range())),
        "tcp" | "udp" if from < 0 || to > 65_535 => Err(refusals::port_out_of_range(from, to)),
        "tcp" | "udp" => Ok(port),
        other => Err(refusals::invalid_protocol(other)),
    }
}

pub(super) fn opened(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(
        call,
        context,
        &[output::STANDARD, &[("endpoints", Takes::Nothing)]],
    )?;
    check_empty(&options.arguments)?;
    // By protocol, then by number (`SortPortRanges`).
    let mut endpoints: BTreeMap<(String, i64, i64), (String, Vec<String>)> = BTreeMap::new();
    for port in context.ports() {
        let text = port.range();
        let Port {
            protocol,
            from,
            to,
            endpoint,
        } = port;
        endpoints
            .entry((protocol, from, to))
            .or_insert((text, Vec::new()))
            .1
            .push(endpoint);
    }
    let lines: Vec<String> = endpoints
        .into_values()
        .map(|(text, endpoints)| match options.flag("endpoints") {
            false => text,
            true if endpoints.iter().any(String::is_empty) => format!("{text} (*)"),
            true => format!("{text} ({})", endpoints.join(", ")),
        })
        .collect();
    output::print(call, &options, &json!(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (text, outcome) in [
            ("80", Ok("80/tcp")),
            ("80-90/udp", Ok("80-90/udp")),
            ("icmp", Ok("icmp")),
            (
                "x",
                Err("invalid port \"x\": strconv.Atoi: parsing \"x\": invalid syntax"),
            ),
            ("9-8/tcp", Err("invalid port range 9-8/tcp")),
            (
                "80/sctp",
                Err("invalid protocol \"sctp\", expected \"tcp\", \"udp\", or \"icmp\""),
            ),
            (
                "70000",
                Err("port range bounds must be between 0 and 65535, got 70000-70000"),
            ),
            (
                "80/icmp",
                Err("protocol \"icmp\" doesn't support any ports; got \"80\""),
            ),
            ("1-2-3", Err("invalid port range \"1-2-3\"")),
        ] {
            let parsed = parse_range(text).map(|port| port.range());
            assert_eq!(
                parsed,
                outcome.map(str::to_owned).map_err(str::to_owned),
                "{text}"
            );
        }
    }
}
