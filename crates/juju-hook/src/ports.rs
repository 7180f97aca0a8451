//! `open-port`, `close-port` and `opened-ports`.

use std::fmt;

use crate::tools::{HookTools, ToolError};

/// A protocol with ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Protocol {
    Tcp,
    Udp,
}

/// What a unit lets in once its application is exposed. Source: `PortRange` in Juju's
/// `core/network/portrange.go`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Port {
    /// ICMP, which has no ports.
    Icmp,
    /// A range of ports, both ends included.
    Range {
        /// The first.
        from: u16,
        /// The last; the same, for one port.
        to: u16,
        /// Of which protocol.
        protocol: Protocol,
    },
}

impl Port {
    /// One port of TCP.
    #[must_use]
    pub fn tcp(port: u16) -> Self {
        Self::range(port, port, Protocol::Tcp)
    }

    /// One port of UDP.
    #[must_use]
    pub fn udp(port: u16) -> Self {
        Self::range(port, port, Protocol::Udp)
    }

    fn range(from: u16, to: u16, protocol: Protocol) -> Self {
        Self::Range { from, to, protocol }
    }

    /// Reads what `opened-ports` prints: `80/tcp`, `8000-8080/udp` or `icmp`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let Some((ports, protocol)) = text.split_once('/') else {
            return (text == "icmp").then_some(Self::Icmp);
        };
        let (from, to) = ports.split_once('-').unwrap_or((ports, ports));
        let protocol = match protocol {
            "tcp" => Protocol::Tcp,
            "udp" => Protocol::Udp,
            _ => return None,
        };
        Some(Self::range(from.parse().ok()?, to.parse().ok()?, protocol))
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Range { from, to, protocol } = self else {
            return f.write_str("icmp");
        };
        let protocol = match protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        };
        if from == to {
            write!(f, "{from}/{protocol}")
        } else {
            write!(f, "{from}-{to}/{protocol}")
        }
    }
}

impl HookTools {
    /// Lets connections in for all endpoints, once the application is exposed (`open-port`). It
    /// counts once the hook has succeeded.
    ///
    /// # Errors
    ///
    /// If the range is reversed, or overlaps with another one that is open.
    pub fn open_port(&self, port: Port) -> Result<(), ToolError> {
        self.run("open-port", &[&port.to_string()]).map(drop)
    }

    /// Lets them in no longer (`close-port`). What is not open may be closed.
    ///
    /// # Errors
    ///
    /// If the range is reversed, or overlaps with another one that is open.
    pub fn close_port(&self, port: Port) -> Result<(), ToolError> {
        self.run("close-port", &[&port.to_string()]).map(drop)
    }

    /// What this unit has open, what this hook has changed included (`opened-ports`), less what
    /// a Juju to come may call otherwise.
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn opened_ports(&self) -> Result<Vec<Port>, ToolError> {
        let ports: Vec<String> = self.read("opened-ports", &[])?;
        Ok(ports.iter().filter_map(|port| Port::parse(port)).collect())
    }
}
