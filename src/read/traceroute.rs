//! Reads `traceroute` over UDP, TCP or ICMP (Linux, busybox, GNU, the BSDs, macOS and Cisco's IOS) and Windows' `tracert`.
//!
//! ```text
//! traceroute to 203.0.113.138 (203.0.113.138), 30 hops max, 60 byte packets
//!  1  198.51.100.1  0.032 ms  0.018 ms  0.008 ms
//!  2  * * *
//!  3  192.0.2.2  0.045 ms !X  0.026 ms !X  0.018 ms !X
//! ```
//!
//! Windows' `pathping` counts below its trace what got lost on the way to each hop, and in the hop itself:
//!
//! ```text
//!   2   22ms    16/ 100 = 16%     3/ 100 =  3%  192.168.52.1
//! ```

use super::request::endpoint;
use super::trace::{Ending, Hop, Refusal, Trace, addresses, by_tcp};
use super::{Findings, Part, Reader, driver, mtr};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Lookup, Outcome};

pub(super) const READER: Reader = Reader { kind: "traceroute", most: 0.99, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| banner(text).is_some() || unresolved(text).is_some()) {
        return 0.99;
    }
    let rows = part.lines.iter().filter(|line| hop(&line.text).is_some()).count();
    match (rows, part.runs("traceroute") || part.runs("tracert")) {
        (1.., true) => 0.95,
        (2.., false) => 0.75,
        _ if part.any(|text| text.starts_with("Cannot handle \"host\" cmdline arg")) => 0.95,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let by = by_tcp(part.command.as_ref());
    let mut trace = Trace::by_port(target_of(part), &by);
    let mut counted: Vec<(u32, Counted)> = Vec::new();
    for line in &part.lines {
        let text = line.text.as_str();
        let mut known = true;
        counted.extend(counted_row(text).map(|row| (line.number, row)));
        if let Some(target) = banner(text) {
            let next = Trace::by_port(Some(target), &by);
            std::mem::replace(&mut trace, next).finish(findings);
            trace.at(line.number);
        } else if let Some(hop) = hop(text) {
            if trace.has_passed(hop.distance) {
                // Another trace whose heading is missing.
                let again = Trace::by_port(trace.target.clone(), &by);
                std::mem::replace(&mut trace, again).finish(findings);
            }
            trace.at(line.number);
            trace.hops.push(hop);
        } else if text.trim() == "Trace complete." {
            trace.at(line.number);
            // Windows says so, too, where a router has refused.
            if trace.hops.iter().all(|hop| hop.refusal.is_none()) {
                trace.ending = Some(Ending::Arrived);
            }
        } else if let Some(target) = bracketed(text).filter(|_| trace.hops.is_empty()) {
            // "到 shop.example [192.0.2.1] 的路由:": Windows' heading in another language.
            trace.target = Some(target);
            trace.at(line.number);
        } else if let Some(last) = trace.hops.last_mut().filter(|_| is_continuation(text)) {
            // Several routers at one distance: the BSDs print each on a line of its own.
            last.from.extend(addresses(text));
            trace.at(line.number);
        } else if let Some(name) = unresolved(text) {
            findings.fact(Lines::one(line.number), Claim::Lookup(Lookup::new(name, Outcome::Unresolved)));
        } else if let Some((name, outcome)) =
            text.rsplit_once(": ").and_then(|(name, reason)| Some((name, driver::unresolved(reason)?)))
        {
            let name = name.trim_start_matches("traceroute: ");
            findings.fact(Lines::one(line.number), Claim::Lookup(Lookup::new(name, outcome)));
        } else {
            known = text.trim().is_empty()
                || text.to_ascii_lowercase().starts_with("over a maximum of ")
                || text.starts_with("Selected device ")
                || text.starts_with("Cannot handle \"host\" cmdline arg")
                || text.trim() == "^C";
        }
        if known {
            findings.noise(line.number);
        }
    }
    if let Some((number, last)) = counted.last()
        && trace.is_target(last.at)
    {
        let clean = counted.iter().rev().find(|(_, row)| row.lost == 0).map(|(_, row)| row.at);
        let percent = (f64::from(last.lost) * 100.0 / f64::from(last.sent.max(1))).round();
        let clean = clean.filter(|_| last.lost > 0);
        let of = trace.target.clone().unwrap_or_default();
        mtr::tell_loss(Lines::one(*number), of, (percent, last.sent), last.milliseconds, clean, findings);
    }
    trace.finish(findings);
}

/// What pathping has counted on the way to one hop.
struct Counted<'a> {
    at: &'a str,
    lost: u32,
    sent: u32,
    milliseconds: Option<f64>,
}

/// `  2   22ms    16/ 100 = 16%     3/ 100 =  3%  192.168.52.1`
fn counted_row(text: &str) -> Option<Counted<'_>> {
    let mut words = text.split_whitespace();
    words.next()?.parse::<u8>().ok()?;
    let milliseconds = words.next()?.strip_suffix("ms").and_then(|time| time.parse().ok());
    let lost = words.next()?.strip_suffix('/')?.parse().ok()?;
    let sent = words.next()?.parse().ok()?;
    let at = words.last()?.trim_matches(['[', ']']);
    at.contains(['.', ':']).then_some(Counted { at, lost, sent, milliseconds })
}

/// `traceroute to name (address), 30 hops max`, or `Tracing route to name [address]`.
fn banner(text: &str) -> Option<Endpoint> {
    let text = text.trim_start_matches("Warning: ");
    let rest = text
        .strip_prefix("traceroute to ")
        .or_else(|| text.strip_prefix("traceroute6 to "))
        .or_else(|| text.strip_prefix("Tracing the path to "))
        .or_else(|| text.strip_prefix("Tracing the route to "))
        .or_else(|| text.strip_prefix("Tracing route to "))?;
    let name = rest.split([' ', ',']).next()?;
    let mut target = endpoint(name, None);
    target.address = target.address.or(addresses(rest).first().and_then(|address| address.parse().ok()));
    Some(target)
}

/// A name and its address in brackets, in whatever words.
fn bracketed(text: &str) -> Option<Endpoint> {
    let (before, rest) = text.split_once(" [")?;
    let address = rest.split_once(']')?.0.parse().ok()?;
    let name = before.split_whitespace().next_back()?;
    Some(Endpoint { address: Some(address), ..endpoint(name, None) })
}

/// `Unable to resolve target system name api.shop.example.`
fn unresolved(text: &str) -> Option<&str> {
    let name = text.strip_prefix("Unable to resolve target system name ").map(|rest| rest.trim_end_matches('.'));
    name.or_else(|| text.strip_prefix("traceroute: bad address '")?.strip_suffix('\''))
}

/// ` 2  192.0.2.2 (192.0.2.2)  0.03 ms !X  *`, or `  2     *        *        *     Request timed out.`
fn hop(text: &str) -> Option<Hop> {
    let row = text.trim_start();
    let (distance, rest) = row.split_once([' ', '\t'])?;
    let distance = distance.parse().ok().filter(|distance| (1..=255).contains(distance))?;
    let from = addresses(rest);
    let silent = rest.split_whitespace().any(|word| word == "*");
    let timed = rest.split_whitespace().any(|word| word == "msec" || word.ends_with("ms"));
    let reports = rest.split_once("  reports: Destination ").map(|(_, reports)| reports);
    let refusal = rest.split_whitespace().find_map(Refusal::of).or(reports.map(|_| Refusal::Unreachable));
    let only_stars = rest.split_whitespace().all(|word| word == "*");
    // The address in brackets may be blacked out.
    let named = rest.trim_start().split_once(" (").filter(|(name, _)| timed && from.is_empty() && !name.contains(' '));
    let from = if let Some((name, _)) = named { vec![name.to_owned()] } else { from };
    let row_of_trace = (timed && !from.is_empty())
        || only_stars
        || reports.is_some()
        || (silent && rest.split_whitespace().take(3).all(|word| word == "*"));
    row_of_trace.then_some(Hop { distance, from, refusal })
}

fn is_continuation(text: &str) -> bool {
    text.starts_with("  ") && text.contains(" ms") && !addresses(text).is_empty()
}

fn target_of(part: &Part) -> Option<Endpoint> {
    let command = part.command.as_ref().filter(|command| command.runs("traceroute") || command.runs("tracert"))?;
    let word = command.words().filter(|word| !word.starts_with('-') && word.contains(['.', ':'])).last()?;
    Some(endpoint(word, None))
}
