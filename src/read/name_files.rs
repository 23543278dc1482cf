//! Reads the files that decide how a host resolves names: `/etc/resolv.conf`, `/etc/hosts`, and whom unbound forwards to.
//!
//! ```text
//! nameserver 10.50.0.53
//! search shop.svc.cluster.local svc.cluster.local cluster.local
//! options ndots:5
//!
//! 127.0.0.1   localhost
//! 10.20.7.15  config.internal
//!
//!     forward-addr: 10.50.0.53@5353
//! ```

use std::net::IpAddr;

use super::observable::{HOSTS_FILE, NAMESERVER};
use super::settings::bare;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "cat", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let asked =
        |file: &str| part.command.as_ref().is_some_and(|command| command.words().any(|word| word.ends_with(file)));
    match () {
        () if part.any(|text| nameserver(text).is_some()) => 0.97,
        // A whole file of settings that nobody printed tells of no host's state.
        () if part.command.is_some() && part.any(|text| forwarder(text).is_some()) => 0.97,
        () if asked("/etc/hosts") || part.any(is_localhost) => {
            if part.any(|text| host(text).is_some()) {
                0.95
            } else {
                0.0
            }
        }
        () => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    // The zone of which unbound asks whomever it forwards to.
    let mut zone = String::new();
    for line in &part.lines {
        let at = Lines::one(line.number);
        if let Some(server) = nameserver(&line.text) {
            findings.state(at, NAMESERVER, "set", server, "");
        } else if let Some(server) = forwarder(&line.text) {
            findings.state(at, NAMESERVER, "set", server, zone.as_str());
        } else if let Some(name) = bare(&line.text).strip_prefix("name:") {
            zone = format!("for {}", name.trim().trim_matches('"'));
            findings.noise(line.number);
        } else if ["search ", "domain ", "options ", "#", ";", "forward-zone:"]
            .iter()
            .any(|start| bare(&line.text).starts_with(start))
        {
            findings.noise(line.number);
        } else if let Some((address, names)) = host(&line.text) {
            findings.noise(line.number);
            // Every host names itself here; only other names are overrides.
            if !address.is_loopback() && !address.is_multicast() {
                for name in names {
                    let of = Endpoint { host: Some(name.to_ascii_lowercase()), ..Endpoint::at(address, None) };
                    findings.state(at, HOSTS_FILE, "set", of, format!("{name} is {address}"));
                }
            }
        }
    }
}

fn nameserver(text: &str) -> Option<Endpoint> {
    let text = bare(text);
    // macOS' `scutil --dns`: `  nameserver[0] : 10.50.0.53`.
    let server = match text.strip_prefix("nameserver[") {
        Some(rest) => rest.split_once("] : ")?.1,
        None => text.strip_prefix("nameserver ")?,
    };
    Some(Endpoint::at(server.trim().parse().ok()?, None))
}

/// `forward-addr: 10.50.0.53@853#dns.example`: address, port, and the name its certificate must have.
fn forwarder(text: &str) -> Option<Endpoint> {
    let to = bare(text).strip_prefix("forward-addr:")?.split('#').next()?.trim();
    let (address, port) = to.split_once('@').unwrap_or((to, ""));
    Some(Endpoint::at(address.trim().parse().ok()?, port.trim().parse().ok()))
}

/// An address and the names it is given.
fn host(text: &str) -> Option<(IpAddr, Vec<&str>)> {
    let text = text.split('#').next()?;
    let mut words = text.split_whitespace();
    let address = words.next()?.parse().ok()?;
    let names: Vec<&str> = words.collect();
    let plausible = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    (!names.is_empty() && names.iter().all(plausible)).then_some((address, names))
}

fn is_localhost(text: &str) -> bool {
    host(text).is_some_and(|(address, names)| address.is_loopback() && names.contains(&"localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{told, told_below};

    #[test]
    fn name_servers_and_overrides_are_told() {
        let text = "nameserver 10.50.0.53\noptions ndots:5\n127.0.0.1 localhost\n10.20.7.15 config.internal # old";
        assert_eq!(
            told(READER, text),
            ["nameserver is set at 10.50.0.53", "hosts file is set at 10.20.7.15 (config.internal is 10.20.7.15)"]
        );
        let forwarders =
            "forward-zone:\n    name: \".\"\n    forward-addr: 10.50.0.53\n    forward-addr: 10.50.0.54@5353";
        assert_eq!(
            told_below("cat /etc/unbound/unbound.conf", forwarders, read),
            ["nameserver is set at 10.50.0.53 (for .)", "nameserver is set at 10.50.0.54:5353 (for .)"]
        );
        let scutil = "resolver #1\n  nameserver[0] : 75.75.75.75\n  if_index : 15 (en0)\n  timeout  : 5";
        assert_eq!(told(READER, scutil), ["nameserver is set at 75.75.75.75"]);
    }
}
