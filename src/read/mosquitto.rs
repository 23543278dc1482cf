//! Reads the log of mosquitto, an MQTT broker, for one thing: two clients that use one client ID, each of which ends the other's connection.
//!
//! ```text
//! 2026-11-29T08:33:48: New client connected from 10.71.20.12:48332 as weir-01 (p2, c0, k60).
//! 2026-11-29T08:33:49: Client weir-01 already connected, closing old connection.
//! 2026-11-29T08:33:49: New client connected from 10.71.20.11:41038 as weir-01 (p2, c0, k60).
//! ```
//!
//! Wordings: mosquitto 2.0, `src/handle_connect.c`. One client that comes again from its own address has only lost its connection.

use std::net::IpAddr;

use super::observable::CLIENT_ID;
use super::request::split_port;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "mosquitto", most: 0.9, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| newcomer(text).is_some()) { 0.9 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut before: Option<(&str, IpAddr)> = None;
    let mut told: Vec<(&str, IpAddr)> = Vec::new();
    let mut closed = None;
    for line in &part.lines {
        if let Some((_, rest)) = line.text.split_once(": Client ") {
            closed = rest.strip_suffix(" already connected, closing old connection.").or(closed);
        } else if let Some((id, address)) = newcomer(&line.text) {
            let other = before.replace((id, address)).filter(|_| closed.take() == Some(id));
            if let Some((_, other)) = other.filter(|(known, other)| *known == id && *other != address)
                && !told.contains(&(id, other))
            {
                told.extend([(id, other), (id, address)]);
                let detail = format!("{id} from {other} and {address}");
                findings.state(Lines::one(line.number), CLIENT_ID, "shared", Endpoint::default(), detail);
            }
        } else if !line.text.contains(": New connection from ") {
            continue;
        }
        findings.noise(line.number);
    }
}

/// Who connected: `…: New client connected from 10.71.20.12:48332 as weir-01 (p2, c0, k60).`
fn newcomer(text: &str) -> Option<(&str, IpAddr)> {
    let (from, rest) = text.split_once(": New client connected from ")?.1.split_once(" as ")?;
    Some((rest.split_once(" (")?.0, split_port(from).0.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn one_client_that_comes_again_shares_its_id_with_nobody() {
        let log = |second: &str| {
            format!(
                "1764405228: New client connected from 10.0.0.1:48332 as a (p2, c0, k60).\n\
                 1764405229: Client a already connected, closing old connection.\n\
                 1764405229: New client connected from {second}:41038 as a (p2, c0, k60).\n"
            )
        };
        assert_eq!(told(READER, &log("10.0.0.2")), ["client id is shared (a from 10.0.0.1 and 10.0.0.2)"]);
        assert!(told(READER, &log("10.0.0.1")).is_empty());
    }
}
