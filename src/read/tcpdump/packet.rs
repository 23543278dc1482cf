//! Splits a line of tcpdump: when it was seen, from whom, to whom, and what it says.

use crate::fact::Endpoint;

/// One line, split at the arrow.
pub(super) struct Packet<'a> {
    pub from: Endpoint,
    pub to: Endpoint,
    /// Both ends as they are written.
    pub ends: (&'a str, &'a str),
    pub says: &'a str,
    pub heading: Heading,
    /// Where it came in or went out, in such a capture.
    pub interface: &'a str,
}

/// Where a packet was going when it was seen, which only a capture on all interfaces tells.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Heading {
    In,
    Out,
    Untold,
}

/// Splits off the time, the interface and the link layer of `-e`; names of ports are not resolved back.
pub(super) fn packet(text: &str) -> Option<Packet<'_>> {
    let rest = stamped(text)?;
    for arp in [": Request who-has ", "ARP, Request who-has ", ": Reply ", "ARP, Reply "] {
        if let Some(at) = rest.find(arp).filter(|_| rest.contains("ARP")) {
            let says = rest.get(at..)?.trim_start_matches([':', ' ']).trim_start_matches("ARP, ");
            let (from, to) = (Endpoint::default(), Endpoint::default());
            return Some(Packet { from, to, ends: ("", ""), says, heading: Heading::Untold, interface: "" });
        }
    }
    let below_link = |kind: &str| rest.split_once(kind).and_then(|(_, rest)| rest.split_once(": "));
    let (before, rest) = below_link("ethertype IPv4")
        .or_else(|| below_link("ethertype IPv6"))
        .or_else(|| rest.split_once("IP "))
        .or_else(|| rest.split_once("IP6 "))?;
    // "eth1  In  IP 198.51.100.40.56636 > …": what -i any puts in front.
    let mut words = before.split_whitespace().rev();
    let heading = match words.next() {
        Some("In") => Heading::In,
        Some("Out") => Heading::Out,
        _ => Heading::Untold,
    };
    Some(Packet { heading, interface: words.next().unwrap_or_default(), ..addressed(rest)? })
}

/// What follows the time, which a packet's number or a date may precede.
pub(super) fn stamped(text: &str) -> Option<&str> {
    let (mut word, mut rest) = text.trim_start().split_once(' ')?;
    let numbered = word.bytes().all(|b| b.is_ascii_digit()) && text.starts_with(' ');
    let dated = word.len() == 10 && word.matches('-').count() == 2;
    if numbered || dated {
        (word, rest) = rest.trim_start().split_once(' ')?;
    }
    let timed = word.matches(':').count() == 2
        && word.contains('.')
        && word.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'.');
    timed.then_some(rest)
}

/// `203.0.113.10.4430 > 198.51.100.23.60306: Flags [R.], seq 0, …`
pub(super) fn addressed(rest: &str) -> Option<Packet<'_>> {
    let (from, rest) = rest.split_once(" > ")?;
    let (to, says) = rest.split_once(": ")?;
    // "[udp sum ok] 33106+ A? api.shop.example. (57)"
    let says = says.strip_prefix('[').and_then(|rest| rest.split_once("] ")).map_or(says, |(_, says)| says);
    Some(Packet { from: end(from)?, to: end(to)?, ends: (from, to), says, heading: Heading::Untold, interface: "" })
}

/// `203.0.113.10.4430`, `2001:db8::10.80`, `192.0.2.2`.
fn end(text: &str) -> Option<Endpoint> {
    if let Ok(address) = text.parse() {
        return Some(Endpoint::at(address, None));
    }
    let (address, port) = text.rsplit_once('.')?;
    match (address.parse(), port.parse()) {
        (Ok(address), Ok(port)) => Some(Endpoint::at(address, Some(port))),
        (Ok(address), Err(_)) => Some(Endpoint::at(address, None)),
        // Without -n names stand here; they may contain dots themselves.
        _ => Some(Endpoint { host: Some(address.to_owned()), port: port.parse().ok(), ..Endpoint::default() }),
    }
}
