//! Reads `resolvectl` of systemd's resolver: what its host gets for a name, an address or a record, and whom it asks.
//!
//! ```text
//! api.shop.example: 2001:db8:2::10                            -- link: to-edge
//!                   203.0.113.10                              -- link: to-edge
//!
//! -- Information acquired via protocol DNS in 5.6ms.
//! old.shop.example: Name 'gone.pets.example' not found
//! www.broken.example: resolve call failed: Could not resolve 'www.broken.example', server or network returned error SERVFAIL
//! Current DNS Server: 10.77.1.20
//!         DNS Servers 10.77.1.22 10.77.1.20
//! ```

use std::net::IpAddr;

use super::dns::{name, of_rcode};
use super::observable::{DNS_RECORD, NAMESERVER};
use super::pick::between;
use super::request::endpoint;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Lookup, Outcome};

pub(super) const READER: Reader = Reader { kind: "resolvectl", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let told = |text: &str| text.starts_with("-- Information acquired via protocol ") || failure(text).is_some();
    let whom = |text: &str| {
        let text = text.trim_start();
        text.starts_with("Current Scopes: ") || text.starts_with("resolv.conf mode: ")
    };
    let asked = part.runs("resolvectl") && part.any(|text| link(text).is_some());
    if asked || part.any(told) || part.any(whom) { 0.97 } else { 0.0 }
}

/// The servers of `resolvectl dns`: `Link 2 (eth0): 10.77.1.20`.
fn link(text: &str) -> Option<&str> {
    let (link, servers) = text.split_once(':')?;
    (link == "Global" || link.starts_with("Link ") && link.ends_with(')')).then_some(servers)
}

/// The servers of `resolvectl status`, which leaves the colon out where it speaks of all links.
fn servers(text: &str) -> Option<&str> {
    Some(text.trim_start().strip_prefix("DNS Servers")?.trim_start_matches(':'))
}

/// The name that was asked for, how that failed, and the name behind it of which this is told.
fn failure(text: &str) -> Option<(&str, Outcome, Option<&str>)> {
    let (asked, said) = text.split_once(": ").filter(|(asked, _)| !asked.contains(' '))?;
    // Before systemd 247 without the first word.
    let bare = || between(said, "'", "' not found").filter(|missing| *missing == asked);
    if let Some(missing) = between(said, "Name '", "' not found").or_else(bare) {
        return Some((asked, Outcome::Nxdomain, Some(missing)));
    }
    let why = said.strip_prefix("resolve call failed: ")?;
    let outcome = match why.split_once("returned error ") {
        Some((_, rcode)) => of_rcode(rcode.trim()).unwrap_or(Outcome::Unresolved),
        // A server that says nothing, again and again.
        None if why.starts_with("All attempts to contact name servers") || why == "Query timed out" => {
            Outcome::DnsTimeout
        }
        None if why.ends_with("does not have any RR of the requested type") => Outcome::NoData,
        None if why.ends_with("system error: Connection refused") => Outcome::DnsUnreachable,
        None if why.starts_with("DNSSEC validation failed") => Outcome::DnsBogus,
        None => Outcome::Unresolved,
    };
    Some((asked, outcome, None))
}

fn read(part: &Part, findings: &mut Findings) {
    let command = part.command.as_ref();
    let only = |letter, record| command.filter(|command| command.flag(letter, "\0")).map(|_| record);
    let wanted = command.and_then(|command| command.option("-t", "--type"));
    let wanted = wanted.or_else(|| only('6', "AAAA").or(only('4', "A"))).unwrap_or_default();
    let is_status = part.any(|text| servers(text).is_some());
    let mut open: Option<(Lines, Lookup)> = None;
    // Older ones list one server a line below the first.
    let (mut current, mut listing) = ("", false);
    for line in &part.lines {
        let text = line.text.trim_end();
        let (shown, on_a_link) =
            text.split_once(" -- link: ").map_or((text, false), |(shown, _)| (shown.trim_end(), true));
        let below = Some(text).filter(|text| listing && text.trim().parse::<IpAddr>().is_ok());
        listing = false;
        if let Some(list) = servers(text).or(below).or_else(|| link(text)) {
            listing = true;
            findings.noise(line.number);
            for server in list.split_whitespace() {
                let Some(address) = server.split(['%', '#']).next().and_then(|server| server.parse().ok()) else {
                    continue;
                };
                let detail = if server == current { "in use" } else { "" };
                findings.state(Lines::one(line.number), NAMESERVER, "set", Endpoint::at(address, None), detail);
            }
        } else if let Some((key, value)) = text.split_once(':').filter(|_| is_status) {
            current = if key.trim() == "Current DNS Server" { value.trim() } else { current };
            findings.noise(line.number);
        } else if let Some((asked, outcome, missing)) = failure(text) {
            tell(open.take(), findings);
            let mut lookup = Lookup { record: wanted.to_ascii_uppercase(), ..Lookup::new(asked, outcome) };
            lookup.aliases.extend(missing.map(name).filter(|missing| *missing != lookup.name));
            tell(Some((Lines::one(line.number), lookup)), findings);
        } else if let Some((asked, record)) = shown.split_once(" IN ").filter(|_| on_a_link) {
            findings.state(Lines::one(line.number), DNS_RECORD, "seen", endpoint(asked, None), record);
            let new = || Lookup { record: wanted.to_ascii_uppercase(), ..Lookup::new(asked, Outcome::Ok) };
            let (lines, lookup) = open.get_or_insert_with(|| (Lines::one(line.number), new()));
            lines.last = line.number;
            lookup.addresses.extend(record.split_once(' ').and_then(|(_, data)| data.parse::<IpAddr>().ok()));
        } else if let Some((asked, first)) = shown.split_once(": ").filter(|_| on_a_link && !text.starts_with(' ')) {
            tell(open.take(), findings);
            match first.trim().parse::<IpAddr>() {
                Ok(address) => {
                    let lookup = Lookup { addresses: vec![address], ..Lookup::new(asked, Outcome::Ok) };
                    open = Some((Lines::one(line.number), lookup));
                }
                // Of an address it is asked for the name.
                Err(_) => {
                    let record = format!("PTR {}", first.trim());
                    findings.state(Lines::one(line.number), DNS_RECORD, "seen", endpoint(asked, None), record);
                }
            }
        } else if let Some((lines, lookup)) = open.as_mut().filter(|_| text.starts_with(' ')) {
            lines.last = line.number;
            let alias = between(shown, "(", ")").map(name);
            lookup.addresses.extend(shown.trim().parse::<IpAddr>());
            lookup.aliases.extend(alias);
        } else if let Some(took) = text.strip_prefix("-- Information acquired via protocol ") {
            if let Some((_, lookup)) = &mut open {
                let spent =
                    took.split_once(" in ").and_then(|(_, spent)| spent.trim_end_matches('.').strip_suffix("ms"));
                lookup.seconds = spent.and_then(|spent| spent.parse::<f64>().ok()).map(|spent| spent / 1000.0);
            }
            findings.noise(line.number);
            tell(open.take(), findings);
        } else if text.is_empty() || text.starts_with("-- Data ") {
            findings.noise(line.number);
        }
    }
    tell(open, findings);
}

fn tell(open: Option<(Lines, Lookup)>, findings: &mut Findings) {
    if let Some((lines, lookup)) = open {
        findings.fact(lines, Claim::Lookup(lookup));
    }
}
