//! Reads `wg show`: which networks each peer of a tunnel may send and is sent.
//!
//! ```text
//! interface: wg0
//!   listening port: 51820
//!
//! peer: OHg9HeNbkOq6Hz5l2BIM7GFNzk50DP3I66cjcEJ+yig=
//!   endpoint: 198.51.100.130:51820
//!   allowed ips: 10.255.44.2/32, 10.44.2.0/24
//!   latest handshake: 8 seconds ago
//!   transfer: 740 B received, 912 B sent
//! ```
//!
//! As wireguard-tools 1.0 prints it.

use super::observable::TUNNEL_NETWORKS;
use super::pick::host_port;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "wg", most: 0.97, recognize, read };

/// What stands below an interface or a peer.
const FIELDS: &[&str] = &[
    "public key",
    "private key",
    "preshared key",
    "listening port",
    "fwmark",
    "endpoint",
    "allowed ips",
    "latest handshake",
    "transfer",
    "persistent keepalive",
];

fn recognize(part: &Part) -> f64 {
    if part.any(|text| field(text).is_some_and(|(name, _)| name == "allowed ips")) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut peer = Endpoint::default();
    for line in &part.lines {
        let text = line.text.as_str();
        if text.starts_with("interface: ") || text.starts_with("peer: ") {
            peer = Endpoint::default();
            findings.noise(line.number);
            continue;
        }
        match field(text) {
            Some(("endpoint", value)) => {
                peer = host_port(value).unwrap_or_default();
                findings.noise(line.number);
            }
            Some(("allowed ips", networks)) => {
                findings.state(Lines::one(line.number), TUNNEL_NETWORKS, "listed", peer.clone(), networks);
            }
            Some(_) => findings.noise(line.number),
            None => {}
        }
    }
}

/// `  allowed ips: 10.255.44.2/32, 10.44.2.0/24`
fn field(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.strip_prefix("  ")?.split_once(": ")?;
    FIELDS.contains(&name).then(|| (name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn each_peer_has_its_networks() {
        let text = "interface: wg0\n  public key: ETCJB3A3fhy9yqnM/Z+AMUSOEM1V18wPMZm29DqdiTQ=\n  listening port: 51820\n\n\
                    peer: OHg9HeNbkOq6Hz5l2BIM7GFNzk50DP3I66cjcEJ+yig=\n  endpoint: 198.51.100.130:51820\n\
                    \x20 allowed ips: 10.255.44.2/32, 10.44.2.0/24\n  latest handshake: 8 seconds ago\n";
        assert_eq!(
            told(READER, text),
            ["tunnel networks is listed at 198.51.100.130:51820 (10.255.44.2/32, 10.44.2.0/24)"]
        );
    }
}
