//! One address that curl tries to reach, and how far it has come.

use std::net::{IpAddr, Ipv6Addr};

use super::super::request::split_port;
use crate::fact::{Endpoint, Outcome};

/// An address that curl tries to reach.
pub(super) struct Trying {
    pub to: Endpoint,
    pub first: u32,
    pub last: u32,
    pub connected: bool,
    pub client_hello: bool,
    /// The server has asked for a client certificate.
    pub certificate_wanted: bool,
    pub secured: bool,
    /// What curl told the server when it broke the handshake off.
    pub objected: Option<Outcome>,
    pub sent: bool,
    pub seconds: Option<f64>,
}

impl Trying {
    pub(super) fn new(to: Endpoint, number: u32) -> Trying {
        Trying {
            to,
            first: number,
            last: number,
            connected: false,
            client_hello: false,
            certificate_wanted: false,
            secured: false,
            objected: None,
            sent: false,
            seconds: None,
        }
    }

    /// Whether this is the address that a later line names. An unbracketed port may have been taken for its last part.
    pub(super) fn is_to(&mut self, address: IpAddr) -> bool {
        if self.to.address == Some(address) {
            return true;
        }
        let joined = self.to.address.map(|known| known.to_string()).unwrap_or_default();
        let port = joined.strip_prefix(&format!("{address}:")).and_then(|port| port.parse().ok());
        if address.is_ipv6() && port.is_some() {
            (self.to.address, self.to.port) = (Some(address), port);
            return true;
        }
        false
    }
}

/// Splits `ADDRESS:PORT`. From 7.71 to 7.87 curl prints IPv6 without brackets: the port can be told if it is known.
pub(super) fn place(target: &str, known: Option<u16>) -> (&str, Option<u16>) {
    let ending = known.map(|port| format!(":{port}"));
    match ending.and_then(|ending| target.strip_suffix(ending.as_str())) {
        Some(address) if address.parse::<Ipv6Addr>().is_ok() => (address, known),
        _ => split_port(target),
    }
}
