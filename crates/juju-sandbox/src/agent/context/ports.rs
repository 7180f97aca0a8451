//! Opening and closing ports. Source: `context/ports.go`.

use super::view::Context;
use crate::refusals;
use crate::state::Port;
use std::collections::BTreeSet;

impl Context<'_> {
    /// The open ports, including pending changes (`mergeWithPendingChanges`).
    pub(crate) fn ports(&self) -> BTreeSet<Port> {
        let mut ports = self.open_ports();
        ports.extend(self.pending.ports.opens.iter().cloned());
        for port in &self.pending.ports.closes {
            ports.remove(port);
        }
        ports
    }

    /// The ports that were open when the hook began.
    fn open_ports(&self) -> BTreeSet<Port> {
        let unit = self.unit_state();
        unit.map(|unit| unit.ports.clone()).unwrap_or_default()
    }

    /// `open-port` for one endpoint (`OpenPortRange`).
    pub(crate) fn open_port(&mut self, port: Port) -> Result<(), String> {
        remove(&mut self.pending.ports.closes, &port);
        let fits = |others: &[Port], when| {
            fits(&port, others).map_err(|other| {
                let (port, other) = (port.range(), other.range());
                refusals::cannot_open_port(port, self.unit(), other, when)
            })
        };
        let open: Vec<Port> = self.open_ports().into_iter().collect();
        if fits(&self.pending.ports.opens, EARLIER)? && fits(&open, "")? {
            self.pending.ports.opens.push(port);
        }
        Ok(())
    }

    /// `close-port` for one endpoint (`ClosePortRange`). What is not open may be closed, too.
    pub(crate) fn close_port(&mut self, port: Port) -> Result<(), String> {
        remove(&mut self.pending.ports.opens, &port);
        let fits = |others: &[Port], when| {
            fits(&port, others).map_err(|other| {
                let (port, other) = (port.range(), other.range());
                refusals::cannot_close_port(port, self.unit(), other, when)
            })
        };
        let open: Vec<Port> = self.open_ports().into_iter().collect();
        if fits(&self.pending.ports.closes, EARLIER)? {
            fits(&open, "")?;
            self.pending.ports.closes.push(port);
        }
        Ok(())
    }
}

/// What the refusal of a range adds if the other one is still pending.
const EARLIER: &str = " requested earlier";

fn remove(ports: &mut Vec<Port>, port: &Port) {
    if let Some(index) = ports.iter().position(|other| other == port) {
        ports.remove(index);
    }
}

/// Whether a range is new among the unit's others; the one that it overlaps, if it is not the same.
/// The same range may be there for several endpoints (`checkForConflict`, which looks at the
/// endpoints in random order).
fn fits(port: &Port, others: &[Port]) -> Result<bool, Port> {
    let mut others: Vec<&Port> = others.iter().collect();
    others.sort_by_key(|other| &other.endpoint);
    for other in others {
        if other == port {
            return Ok(false);
        }
        if port.overlaps(other) && !port.is_same_range(other) {
            return Err(other.clone());
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(from: i64, to: i64, protocol: &str, endpoint: &str) -> Port {
        Port {
            protocol: protocol.into(),
            from,
            to,
            endpoint: endpoint.into(),
        }
    }

    #[test]
    fn ranges_that_fit() {
        struct Case {
            name: &'static str,
            port: Port,
            outcome: Result<bool, &'static str>,
        }

        let others = [port(80, 90, "tcp", "db"), port(85, 85, "udp", "")];
        for Case {
            name,
            port,
            outcome,
        } in [
            Case {
                name: "new",
                port: port(91, 99, "tcp", ""),
                outcome: Ok(true),
            },
            Case {
                name: "another protocol",
                port: port(80, 84, "udp", ""),
                outcome: Ok(true),
            },
            Case {
                name: "the same",
                port: port(80, 90, "tcp", "db"),
                outcome: Ok(false),
            },
            Case {
                name: "the same for another endpoint",
                port: port(80, 90, "tcp", "web"),
                outcome: Ok(true),
            },
            Case {
                name: "overlapping",
                port: port(90, 91, "tcp", "web"),
                outcome: Err("80-90/tcp"),
            },
            Case {
                name: "within",
                port: port(85, 85, "tcp", "db"),
                outcome: Err("80-90/tcp"),
            },
        ] {
            let outcome = outcome.map_err(str::to_owned);
            let seen = fits(&port, &others).map_err(|other| other.range());
            assert_eq!(seen, outcome, "{name}");
        }
    }
}
