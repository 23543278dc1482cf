//! Reads `ip addr` and `ip link`, in full and `-br`.
//!
//! ```text
//! 2: eth0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
//!     inet 198.51.100.23/24 scope global eth0
//! eth1             DOWN           9e:d0:2b:02:9f:d0 <BROADCAST,MULTICAST>
//! ```

use std::net::IpAddr;

use super::{Findings, Part, Reader, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

pub(super) const READER: Reader = Reader { kind: "ip", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| heading(text).is_some()) {
        return 0.98;
    }
    let row = |text: &str| brief(text).is_some() || one_line(text).is_some();
    let rows = part.lines.iter().filter(|line| row(&line.text)).count();
    match (rows, part.runs("ip")) {
        (1.., true) => 0.96,
        (2.., false) => 0.8,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut inside = false;
    let mut current = String::new();
    // What "-s" counts of the interface above: the heading, and errors and dropped packets of the rows so far.
    let mut counters: Option<(u32, [u64; 2])> = None;
    let mut lines = part.lines.iter().peekable();
    while let Some(line) = lines.next() {
        let text = line.text.as_str();
        if let Some((name, value)) = heading(text) {
            inside = true;
            counters = None;
            current = name.to_owned();
            interface(line.number, name, value, findings);
        } else if let Some((name, address)) = one_line(text) {
            present(line.number, address, name, findings);
        } else if let Some((name, value, addresses)) = brief(text) {
            interface(line.number, name, value, findings);
            for address in addresses {
                present(line.number, address, name, findings);
            }
        } else if let Some(address) = text.trim_start().strip_prefix("inet").and_then(|rest| rest.split(' ').nth(1)) {
            present(line.number, address, &current, findings);
        } else if let Some(more) = lines.peek().and_then(|row| counted(text, &row.text)) {
            let (first, before) = counters.unwrap_or((line.number, [0; 2]));
            let sums = [before[0].saturating_add(more[0]), before[1].saturating_add(more[1])];
            counters = Some((first, sums));
            findings.noise(line.number);
            if text.trim_start().starts_with("TX:")
                && let Some(row) = lines.next()
            {
                for (observable, sum) in
                    [observable::INTERFACE_ERRORS, observable::PACKETS_DROPPED].into_iter().zip(sums)
                {
                    let value = if sum > 0 { "some" } else { "none" };
                    let of = Endpoint::named(current.as_str());
                    findings.state(Lines::new(first, row.number), observable, value, of, sum.to_string());
                }
            }
        } else if text.trim().is_empty() || (inside && text.starts_with("    ")) {
            findings.noise(line.number);
        }
    }
}

/// Errors and dropped packets in a row below `RX:  bytes packets errors dropped  missed   mcast` of `ip -s link`, where the numbers are
/// written out.
fn counted(heading: &str, row: &str) -> Option<[u64; 2]> {
    let names = heading.trim_start().strip_prefix("RX:").or_else(|| heading.trim_start().strip_prefix("TX:"))?;
    let cell = |wanted: &str| {
        let column = names.split_whitespace().position(|name| name == wanted)?;
        row.split_whitespace().nth(column)?.parse().ok()
    };
    Some([cell("errors")?, cell("dropped")?])
}

/// The loopback interface and addresses that never leave their link say nothing.
pub(super) fn interface(line: u32, name: &str, value: &str, findings: &mut Findings) {
    findings.noise(line);
    if name != "lo" {
        let of = Endpoint { name: Some(name.to_owned()), ..Endpoint::default() };
        let state =
            State { observable: observable::INTERFACE.to_owned(), value: value.to_owned(), of, detail: String::new() };
        findings.fact(Lines::one(line), Claim::State(state));
    }
}

/// An address of the host itself.
pub(super) fn present(line: u32, address: &str, name: &str, findings: &mut Findings) {
    findings.noise(line);
    let Some(address) = address.split('/').next().and_then(|address| address.parse::<IpAddr>().ok()) else { return };
    let of_link = matches!(address, IpAddr::V6(address) if address.is_unicast_link_local());
    if !address.is_loopback() && !of_link {
        let state = State {
            observable: observable::ADDRESS.to_owned(),
            value: "present".to_owned(),
            of: Endpoint::at(address, None),
            detail: name.to_owned(),
        };
        findings.fact(Lines::one(line), Claim::State(state));
    }
}

/// `2: eth0@if2: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 … state DOWN …`
fn heading(text: &str) -> Option<(&str, &'static str)> {
    let (number, rest) = text.split_once(": ")?;
    number.parse::<u32>().ok()?;
    let (name, rest) = rest.split_once(": <")?;
    let (flags, rest) = rest.split_once('>')?;
    rest.contains(" mtu ").then_some(())?;
    Some((plain_name(name), of_flags(flags)))
}

/// `2: eth0    inet 203.0.113.10/24 brd … scope global eth0\       valid_lft …`, as `ip -o addr` prints it.
fn one_line(text: &str) -> Option<(&str, &str)> {
    let (number, rest) = text.split_once(": ")?;
    number.parse::<u32>().ok()?;
    let mut words = rest.split_whitespace();
    let (name, family, address) = (words.next()?, words.next()?, words.next()?);
    (matches!(family, "inet" | "inet6") && address.contains('/')).then(|| (plain_name(name), address))
}

/// `eth0@if3  UP  203.0.113.10/24 …`, or with a hardware address and the flags.
fn brief(text: &str) -> Option<(&str, &'static str, Vec<&str>)> {
    let mut words = text.split_whitespace();
    let name = words.next()?;
    let state =
        words.next().filter(|word| matches!(*word, "UP" | "DOWN" | "UNKNOWN" | "LOWERLAYERDOWN" | "DORMANT"))?;
    let rest: Vec<&str> = words.collect();
    let flags = rest.iter().find_map(|word| word.strip_prefix('<')?.strip_suffix('>'));
    let value = match flags {
        Some(flags) => of_flags(flags),
        None if state == "LOWERLAYERDOWN" => "no_carrier",
        None if state == "DOWN" => "down",
        None => "up",
    };
    Some((plain_name(name), value, rest.into_iter().filter(|word| word.contains('/')).collect()))
}

/// What the flags of an interface say of it, with commas between them.
pub(super) fn of_flags(flags: &str) -> &'static str {
    let has = |flag: &str| flags.split(',').any(|known| known == flag);
    match (has("UP"), has("NO-CARRIER") || !has("LOWER_UP")) {
        (false, _) => "down",
        (true, true) => "no_carrier",
        (true, false) => "up",
    }
}

/// Without the other end of a pair: `eth0@if3`.
fn plain_name(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}
