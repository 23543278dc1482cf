//! Learns from a log by which name a program calls an address.
//!
//! ```text
//! INFO berth-sync: starting, endpoint arrivals.port.example:8080 resolved to 10.142.5.21
//! ERROR berth-sync: sync with arrivals.port.example failed (10.142.5.21:8080): [Errno 111] Connection refused
//! ```

use std::net::IpAddr;

use crate::fact::Claim;
use crate::read::request::split_port;

/// What stands between a name and its address.
const BETWEEN: [&str; 3] = [" resolved to ", " resolves to ", " failed ("];

/// Names and the addresses that they stand for.
#[derive(Default)]
pub(super) struct Called(Vec<(IpAddr, String)>);

impl Called {
    pub(super) fn learn(&mut self, text: &str) {
        let pair = BETWEEN.iter().find_map(|mark| {
            let (before, after) = text.split_once(mark)?;
            let (name, _) = split_port(before.rsplit(' ').next()?.trim_matches(['"', '\'']));
            let (address, _) = split_port(after.split([' ', ',', ')']).next()?.trim_matches(['"', '\'', '[', ']']));
            let plausible = name.contains('.') && name.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
            let name = Some(name.to_ascii_lowercase()).filter(|name| plausible && name.parse::<IpAddr>().is_err());
            Some((address.parse().ok()?, name?))
        });
        self.0.extend(pair);
    }

    /// Adds to a call of an address the name it was last called by. Who looked a name up long ago was not told the way now.
    pub(super) fn name(&self, claim: &mut Claim) {
        if let Claim::Attempt(attempt) = claim
            && attempt.to.host.is_none()
            && let Some((_, name)) = self.0.iter().rev().find(|(ip, _)| Some(*ip) == attempt.to.address)
        {
            attempt.to.host = Some(name.clone());
        }
    }
}
