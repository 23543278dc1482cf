//! What a table of routes says, whichever program printed it: `route` or `netstat -r`.
//!
//! ```text
//! Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
//! 0.0.0.0         198.51.100.1    0.0.0.0         UG    0      0        0 eth0
//!
//! Destination        Gateway            Flags     Netif Expire
//! default            192.168.71.2       UGS         em0
//! ```

use std::net::{IpAddr, Ipv4Addr};

use super::{Findings, ip_route};
use crate::evidence::Lines;

/// The columns of a table, told by its head.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    /// Linux, IPv4: destination, gateway, mask, flags …, interface.
    Masked,
    /// Linux, IPv6: network, next hop, flags …, interface.
    NextHop,
    /// The BSDs, macOS and AIX: destination (often cut short), gateway, flags …, interface.
    Bsd,
    /// Windows: destination, mask, gateway, interface, metric.
    Windows,
}

/// A table while its lines are coming.
#[derive(Default)]
pub(super) struct Table {
    layout: Option<Layout>,
}

impl Table {
    /// Takes in one line and records the route it shows; false if it belongs to no table.
    pub(super) fn line(&mut self, number: u32, text: &str, findings: &mut Findings) -> bool {
        if let Some(layout) = head(text) {
            self.layout = Some(layout);
            return true;
        }
        if is_title(text) {
            return true;
        }
        let Some(layout) = self.layout else { return false };
        let words: Vec<&str> = text.split_whitespace().collect();
        let row = match layout {
            Layout::Masked => masked(&words),
            Layout::NextHop => next_hop(&words),
            Layout::Bsd => bsd(&words),
            Layout::Windows => windows(&words),
        };
        if let Some(Row { to, value, way }) = row.filter(|row| !stays_on_its_link(&row.to)) {
            ip_route::tell(Lines::one(number), &to, value, &way, findings);
            return true;
        }
        words.len() >= 3
    }
}

struct Row {
    /// An address, a network, or `default`.
    to: String,
    value: &'static str,
    way: String,
}

/// The line that names the columns of a table of routes.
fn head(text: &str) -> Option<Layout> {
    let text = text.trim();
    match () {
        () if text.starts_with("Network Destination ") && text.contains("Netmask") => Some(Layout::Windows),
        () if !text.starts_with("Destination ") => None,
        () if text.contains(" Genmask ") => Some(Layout::Masked),
        () if text.contains(" Next Hop ") => Some(Layout::NextHop),
        () if text.contains(" Gateway ") && text.contains(" Flags") => Some(Layout::Bsd),
        () => None,
    }
}

fn is_title(text: &str) -> bool {
    matches!(
        text.trim(),
        "Kernel IP routing table" | "Kernel IPv6 routing table" | "Routing tables" | "Internet:" | "Internet6:"
    ) || text.starts_with("Route Tree for Protocol Family")
        || text.starts_with("IPv4 Route Table")
        || text.starts_with("IPv6 Route Table")
        || matches!(text.trim(), "Active Routes:" | "Persistent Routes:" | "Interface List")
}

/// Whether the line is the head of a table of routes.
pub(super) fn follow(text: &str) -> bool {
    head(text).is_some()
}

/// `0.0.0.0  198.51.100.1  0.0.0.0  UG  0 0  0 eth0`; without `-n` names stand for addresses.
fn masked(words: &[&str]) -> Option<Row> {
    let [to, gateway, mask, flags, .., interface] = words else { return None };
    let mask: Ipv4Addr = mask.parse().ok()?;
    let to = match (mask.to_bits().count_ones(), to.parse::<Ipv4Addr>()) {
        (0, _) => "default".to_owned(),
        (prefix, Ok(address)) => format!("{address}/{prefix}"),
        (_, Err(_)) => (*to).to_owned(),
    };
    flagged(to, gateway, flags, interface)
}

/// `2001:db8::/64  fe80::1  UG  100 1  0 eth0`
fn next_hop(words: &[&str]) -> Option<Row> {
    let [to, gateway, flags, .., interface] = words else { return None };
    let (address, prefix) = to.split_once('/')?;
    let address = address.trim_matches(['[', ']']);
    let to = if prefix == "0" { "default".to_owned() } else { format!("{address}/{prefix}") };
    (prefix == "0" || address.parse::<IpAddr>().is_ok()).then_some(())?;
    flagged(to, gateway.trim_matches(['[', ']']), flags, interface)
}

/// `default  192.168.1.1  UGSc  en0`, `10.1/16  link#4  UCS  en0`: trailing zeros of a network are left out.
fn bsd(words: &[&str]) -> Option<Row> {
    let [to, gateway, flags, rest @ ..] = words else { return None };
    let interface = rest.iter().find(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let to = if *to == "default" { "default".to_owned() } else { whole_network(to)? };
    flagged(to, gateway, flags, interface)
}

/// `0.0.0.0  0.0.0.0  192.168.1.1  192.168.1.20  25`; what is on the same network says `On-link`.
fn windows(words: &[&str]) -> Option<Row> {
    let [to, mask, gateway, interface, _] = words else { return None };
    let (address, mask): (Ipv4Addr, Ipv4Addr) = (to.parse().ok()?, mask.parse().ok()?);
    let to = match mask.to_bits().count_ones() {
        0 => "default".to_owned(),
        prefix => format!("{address}/{prefix}"),
    };
    let way = if *gateway == "On-link" { format!("dev {interface}") } else { format!("via {gateway} dev {interface}") };
    Some(Row { to, value: "present", way })
}

/// `10.1/16` is 10.1.0.0/16, `127` is 127.0.0.0/8, `192.168.1` is 192.168.1.0/24, a full address is a host.
fn whole_network(text: &str) -> Option<String> {
    let (network, prefix) = text.split_once('/').map_or((text, None), |(network, prefix)| (network, Some(prefix)));
    let network = network.split('%').next().unwrap_or(network);
    if network.contains(':') {
        let address: IpAddr = network.parse().ok()?;
        return Some(prefix.map_or(address.to_string(), |prefix| format!("{address}/{prefix}")));
    }
    let octets: Vec<&str> = network.split('.').collect();
    (octets.len() <= 4 && octets.iter().all(|octet| octet.parse::<u8>().is_ok())).then_some(())?;
    let zeros = ".0".repeat(4_usize.saturating_sub(octets.len()));
    match (prefix, octets.len()) {
        (Some(prefix), _) => Some(format!("{network}{zeros}/{prefix}")),
        (None, 4) => Some(network.to_owned()),
        (None, count) => Some(format!("{network}{zeros}/{}", count * 8)),
    }
}

/// The flags are those of route(8): `U` up, `G` through a gateway, `!` or `R` refused, `B` dropped silently.
fn flagged(to: String, gateway: &str, flags: &str, interface: &str) -> Option<Row> {
    // The kernel keeps entries of its own there, also one that refuses what no other route takes.
    if interface == "lo" {
        return None;
    }
    if flags.contains('!') || (flags.starts_with('U') && flags.contains('R')) {
        return Some(Row { to, value: "unreachable", way: String::new() });
    }
    // The kernel's own blackholes lead to no interface.
    if flags.starts_with('U') && (flags.contains('B') || interface == "*") {
        return Some(Row { to, value: "blackhole", way: String::new() });
    }
    let way = if flags.contains('G') { format!("via {gateway} dev {interface}") } else { format!("dev {interface}") };
    flags.starts_with('U').then_some(Row { to, value: "present", way })
}

/// Loopback, multicast and link-local destinations say nothing of the way to other hosts.
fn stays_on_its_link(to: &str) -> bool {
    let address = to.split('/').next().and_then(|address| address.parse::<IpAddr>().ok());
    match address {
        Some(IpAddr::V4(address)) => {
            address.is_loopback() || address.is_multicast() || address.is_broadcast() || address.is_link_local()
        }
        Some(IpAddr::V6(address)) => address.is_loopback() || address.is_multicast() || address.is_unicast_link_local(),
        None => false,
    }
}
