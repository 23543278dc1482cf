//! Reads `ping`: iputils', busybox's, GNU's, the BSDs' (macOS), Windows' and those of routers.
//!
//! ```text
//! PING wiki.north.internal (10.89.2.10) 56(84) bytes of data.
//! 64 bytes from 10.89.2.10 (10.89.2.10): icmp_seq=1 ttl=62 time=0.101 ms
//! From 192.0.2.2 icmp_seq=2 Destination Host Unreachable
//!
//! --- wiki.north.internal ping statistics ---
//! 20 packets transmitted, 15 received, 25% packet loss, time 3875ms
//! ```

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::request::endpoint;
use super::{Findings, Part, Reader, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

mod asked;
mod counts;
mod labelled;
mod routers;
mod translated;
mod unsent;

use asked::{lives_shortly, size_asked, target_of};
use counts::{Counts, average, windows_counts};
use labelled::labelled;
use translated::{foreign_banner, foreign_complaint, foreign_counts, translated_counts};
use unsent::{name_unknown, unresolved, unroutable};

pub(super) const READER: Reader = Reader { kind: "ping", most: 0.98, recognize, read };

const OWN_HOST: &str = "its own host";

/// From here on a packet tests the size that fits through the path: Ethernet takes 1472 bytes of payload, most tunnels less.
const LARGE: u32 = 1400;

fn recognize(part: &Part) -> f64 {
    let certain = |text: &str| banner(text).is_some() || text.contains(" ping statistics ---") || windows_counts(text);
    if part.any(|text| certain(text) || routers::is_certain(text)) {
        return 0.98;
    }
    if part.any(|text| translated_counts(text).is_some())
        && part.any(|text| {
            (text.starts_with("--- ") && text.contains(" ping")) || text.starts_with("rtt min/avg/max/mdev")
        })
    {
        return 0.97;
    }
    if part.any(|text| foreign_counts(text).is_some())
        && part.any(|text| text.contains("TTL=") || foreign_banner(text).is_some())
    {
        return 0.98;
    }
    if part.any(|text| unresolved(text).is_some() || text.starts_with("ping: sending packet:") || unroutable(text)) {
        return 0.95;
    }
    // Cut down to its summary: "ping -c 2 -q 10.0.0.5 | grep loss".
    let summed_up = |text: &str| text.contains("% packet loss") && Counts::read(text).is_some();
    if part.any(|text| summed_up(text) && (part.runs("ping") || labelled(text).is_some())) {
        return 0.95;
    }
    match (part.any(|text| reply(text).is_some() || complaint(text).is_some()), part.runs("ping")) {
        (true, true) => 0.95,
        (true, false) => 0.8,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let short = lives_shortly(part);
    let mut run = Run { short, ..Run::default() };
    for line in &part.lines {
        let text = line.text.trim();
        let mut known = true;
        if let Some(target) = banner(text).or_else(|| foreign_banner(text)) {
            run.finish(findings);
            run = Run { target: Some(target), large: payload(text) >= LARGE, short, ..Run::default() };
            run.foreign = banner(text).is_none();
            run.at(line.number);
        } else if routers::line(line.number, text, &mut run, findings) {
            // A router's own ping.
        } else if let Some(from) = reply(text) {
            run.at(line.number);
            run.replies += 1;
            // macOS says "timeout" after a second, and the answer may come yet.
            run.silent -= u32::from(sequence(text).is_some_and(|number| run.overdue.remove(&number)));
            run.resolved_to(from);
        } else if let Some((kind, from)) = complaint(text).or_else(|| foreign_complaint(text).filter(|_| run.foreign)) {
            run.at(line.number);
            run.turned_back += 1;
            // A router's word on the size comes before the own host's, which has learned it there.
            if kind != Trouble::TooBig || !from.starts_with(OWN_HOST) || run.trouble.is_none() {
                run.trouble = Some((kind, from));
            }
        } else if let Some(name) = unresolved(text) {
            name_unknown(part, line.number, text, name, findings);
        } else if unanswered(text) {
            run.at(line.number);
            run.silent += 1;
            run.overdue.extend(sequence(text));
        } else if unroutable(text) {
            run.at(line.number);
            run.trouble = Some((Trouble::Unreachable, OWN_HOST.to_owned()));
        } else if let Some(counts) = Counts::read(text) {
            let label = labelled(text);
            if label.is_some() || run.counts.is_some() {
                // A loop of which only the summaries were kept.
                let again = Run { target: label.or_else(|| run.target.clone()), large: run.large, ..Run::default() };
                std::mem::replace(&mut run, again).finish(findings);
            }
            if run.target.is_none() {
                run.target = target_of(part);
                run.large = size_asked(part) >= LARGE;
            }
            run.at(line.number);
            run.counts = Some(counts);
        } else {
            run.average = run.average.take().or_else(|| average(text));
            known = is_decoration(text);
            // A text cut at its upper end names its target again above the summary.
            if let Some(named) = text.strip_prefix("--- ").and_then(|rest| rest.strip_suffix(" ping statistics ---")) {
                run.target.get_or_insert_with(|| endpoint(named, None));
            }
            if known && !text.is_empty() && run.first.is_some() {
                run.at(line.number);
            }
        }
        if known {
            findings.noise(line.number);
        }
        if line.closes {
            run.finish(findings);
        }
    }
    if run.target.is_none() {
        run.target = target_of(part);
    }
    run.finish(findings);
}

/// One run of the program while its lines are coming.
#[derive(Default)]
struct Run {
    first: Option<u32>,
    last: u32,
    target: Option<Endpoint>,
    replies: u32,
    /// Packets of which a line says that nothing came back.
    silent: u32,
    /// Their sequence numbers, where the line tells them.
    overdue: BTreeSet<u32>,
    /// Packets that a router or the own host said to go no further.
    turned_back: u32,
    /// Whether the heading is Windows' in another language.
    foreign: bool,
    /// Whether a sign for each packet stands below.
    signs: bool,
    trouble: Option<(Trouble, String)>,
    counts: Option<Counts>,
    /// What the summary says of the round trips, in milliseconds.
    average: Option<String>,
    /// Packets of nearly the full size of an Ethernet frame.
    large: bool,
    /// The command line lets its packets pass only a few routers.
    short: bool,
}

/// The number of `icmp_seq=4` or `icmp_seq 4`.
fn sequence(text: &str) -> Option<u32> {
    text.split_once("icmp_seq")?.1.get(1..)?.split(' ').next()?.parse().ok()
}

#[derive(Clone, Copy, PartialEq)]
enum Trouble {
    Unreachable,
    TooBig,
    TimeToLive,
}

impl Trouble {
    fn value(self) -> &'static str {
        match self {
            Trouble::Unreachable => "unreachable",
            Trouble::TooBig => "too_big",
            Trouble::TimeToLive => "ttl_exceeded",
        }
    }
}

impl Run {
    fn at(&mut self, number: u32) {
        self.first = self.first.or(Some(number));
        self.last = number;
    }

    /// A text cut at its upper end still names the target in its replies.
    fn resolved_to(&mut self, from: IpAddr) {
        self.target.get_or_insert_default().address.get_or_insert(from);
    }

    fn finish(&mut self, findings: &mut Findings) {
        let mut run = std::mem::take(self);
        self.short = run.short;
        let Some(first) = run.first else { return };
        // Windows counts a router's word that it cannot go on as an answer.
        if let Some(counts) = &mut run.counts
            && run.turned_back > 0
            && run.replies < counts.received
            && run.replies + run.turned_back >= counts.received
        {
            counts.received = run.replies;
        }
        let value = match (&run.counts, &run.trouble) {
            (Some(counts), _) if counts.received > 0 && counts.received >= counts.sent => "answers",
            (Some(counts), _) if counts.received > 0 => "loss",
            (_, Some((trouble, _))) if run.replies == 0 => trouble.value(),
            (Some(counts), None) if counts.sent > 0 => "silent",
            // Interrupted before its summary: only what it did print counts.
            (None, None) if run.replies > 0 && run.silent == 0 => "answers",
            (None, _) if run.replies > 0 => "loss",
            (None, None) if run.silent > 0 => "silent",
            _ => return,
        };
        // A packet that was to go no further shows who stands there, and nothing of the way behind.
        if let (true, "ttl_exceeded", Some((_, from))) = (run.short, value, &run.trouble) {
            let of = run.target.unwrap_or_default();
            return findings.state(
                Lines::new(first, run.last),
                observable::PATH_END,
                "seen",
                of,
                format!("not shown, {from} answered last"),
            );
        }
        let mut detail = match &run.counts {
            Some(counts) if run.replies > 0 || run.trouble.is_none() => {
                format!("{} of {} answered", counts.received, counts.sent)
            }
            Some(counts) => format!("0 of {} answered", counts.sent),
            None if run.silent > 0 => format!("{} of {} answered", run.replies, run.replies + run.silent),
            None if run.replies > 0 => format!("{} answered", run.replies),
            None => String::new(),
        };
        if let Some(average) = run.average.filter(|_| value == "answers" || value == "loss") {
            detail.push_str(&format!(", {average} ms on average"));
        }
        if let Some((_, from)) = run.trouble.as_ref().filter(|_| value != "answers") {
            detail.push_str(if detail.is_empty() { "so said " } else { ", so said " });
            detail.push_str(from);
        }
        let (name, value) = match (run.large, value) {
            (false, value) => (observable::PING, value),
            (true, "silent") => (observable::PING_LARGE, "lost"),
            (true, value) => (observable::PING_LARGE, value),
        };
        let state =
            State { observable: name.to_owned(), value: value.to_owned(), of: run.target.unwrap_or_default(), detail };
        findings.fact(Lines::new(first, run.last), Claim::State(state));
    }
}

/// The bytes of one packet's payload: `PING a.example (192.0.2.1) 1472(1500) bytes of data.`; 0 where the banner does not say.
fn payload(banner: &str) -> u32 {
    let words = banner.split([' ', '(', ')']).filter(|word| !word.is_empty());
    words.filter_map(|word| word.parse().ok()).find(|bytes| *bytes >= 8).unwrap_or(0)
}

/// `PING name (address) …`, `PING name(name (address)) 56 data bytes` of v6, `Pinging name [address] with 32 bytes`.
fn banner(text: &str) -> Option<Endpoint> {
    if let Some(rest) = text.strip_prefix("Pinging ") {
        rest.contains(" bytes of data").then_some(())?;
        let target = rest.split(' ').next()?;
        let address = rest.split_once('[').and_then(|(_, rest)| rest.split(']').next()?.parse().ok());
        return Some(named(target, address));
    }
    let rest = text.strip_prefix("PING ").or_else(|| text.strip_prefix("PING6("))?;
    rest.contains("data bytes").then_some(()).or_else(|| rest.contains("bytes of data").then_some(()))?;
    let target = rest.split([' ', '(']).next()?;
    let address = rest.split(['(', ')', ' ']).find_map(|word| word.split('%').next()?.parse().ok());
    Some(named(target, address))
}

fn named(target: &str, address: Option<IpAddr>) -> Endpoint {
    let to = if target.is_empty() { Endpoint::default() } else { endpoint(target, None) };
    Endpoint { address: to.address.or(address), ..to }
}

/// `64 bytes from 10.89.2.10: icmp_seq=1 …`, `64 bytes from host (10.89.2.10): …`, `Reply from 10.0.0.1: bytes=32 …`.
fn reply(text: &str) -> Option<IpAddr> {
    let text = without_stamp(text);
    if let Some(rest) = text.strip_prefix("Reply from ") {
        let (from, rest) = rest.split_once(": ")?;
        return rest.starts_with("bytes=").then(|| from.parse().ok())?;
    }
    // Windows in another language: "Antwort von 10.0.0.1: Bytes=32 Zeit=13ms TTL=53".
    if text.contains("TTL=") && text.matches('=').count() >= 3 {
        return address_in(text);
    }
    let (bytes, rest) = text.split_once(" bytes from ")?;
    bytes.parse::<u32>().ok()?;
    (rest.contains("seq=") && rest.contains("time") || rest.contains("ttl=")).then_some(())?;
    address_in(rest)
}

/// A router's, or the own host's, word that the packet cannot go on, and who said so.
fn complaint(text: &str) -> Option<(Trouble, String)> {
    let text = without_stamp(text);
    if text.contains("essage too long") || text.contains("DF set") {
        let from = text.strip_prefix("From ").and_then(|rest| rest.split(' ').next().map(|said| (rest, said)));
        let mtu = text.split_once("mtu").map(|(_, rest)| rest.trim_matches(['=', ' ', ':', ')']));
        let named = |(rest, said)| address_in(rest).map_or_else(|| str::to_owned(said), |from| from.to_string());
        let from = from.map_or_else(|| OWN_HOST.to_owned(), named);
        return Some((Trouble::TooBig, mtu.map_or(from.clone(), |mtu| format!("{from} (mtu {mtu})"))));
    }
    let rest = text
        .strip_prefix("From ")
        .or_else(|| text.strip_prefix("Reply from "))
        .or_else(|| text.split_once(" bytes from ").map(|(_, rest)| rest))?;
    let lower = rest.to_ascii_lowercase();
    let trouble =
        if lower.contains("time to live exceeded") || lower.contains("ttl expired") || lower.contains("hop limit") {
            Trouble::TimeToLive
        } else if lower.contains("unreachable") || lower.contains("filtered") || lower.contains("prohibited") {
            Trouble::Unreachable
        } else {
            return None;
        };
    let from = address_in(rest).map(|address| address.to_string())?;
    let filtered = if lower.contains("filtered") || lower.contains("prohibited") { " (filtered)" } else { "" };
    Some((trouble, from + filtered))
}

fn address_in(text: &str) -> Option<IpAddr> {
    text.split([' ', '(', ')', ',']).find_map(|word| word.trim_end_matches(':').split('%').next()?.parse().ok())
}

/// `[1763693600.123456] ` of `ping -D`.
fn without_stamp(text: &str) -> &str {
    let text = text.trim_start();
    match text.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((stamp, rest)) if stamp.bytes().all(|b| b.is_ascii_digit() || b == b'.') => rest,
        _ => text,
    }
}

/// A line that tells of one packet that nothing came back for.
fn unanswered(text: &str) -> bool {
    let text = without_stamp(text);
    text.starts_with("no answer yet for icmp_seq=")
        || text.starts_with("Request timeout for icmp_seq")
        || text == "Request timed out."
        || text == "Zeitüberschreitung der Anforderung."
}

fn is_decoration(text: &str) -> bool {
    text.is_empty()
        || (text.starts_with("--- ") && text.ends_with(" ---"))
        || text.starts_with("Ping statistics for ")
        || text.starts_with("rtt min/avg/max")
        || text.starts_with("round-trip min/avg/max")
        || text.starts_with("Approximate round trip times")
        || text.starts_with("Minimum = ")
        || text == "^C"
        || text.starts_with("pipe ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn an_answer_that_comes_late_is_not_lost() {
        let text = "PING 192.0.2.1 (192.0.2.1): 56 data bytes\nRequest timeout for icmp_seq 0\nRequest timeout for icmp_seq 1\n\
                    64 bytes from 192.0.2.1: icmp_seq=0 ttl=60 time=1337.262 ms\n64 bytes from 192.0.2.1: icmp_seq=1 ttl=60 time=435.680 ms";
        assert_eq!(told(READER, text), ["ping is answered at 192.0.2.1 (2 answered)"]);
    }

    #[test]
    fn what_a_router_says_is_no_answer_although_windows_counts_it_as_one() {
        let text = "Pinging 192.168.1.72 with 32 bytes of data:\nReply from 192.168.1.69: Destination host unreachable.\n\
                    Reply from 192.168.1.69: Destination host unreachable.\n\nPing statistics for 192.168.1.72:\n\
                    Packets: Sent = 2, Received = 2, Lost = 0 (0% loss),";
        let said = "ping is unreachable at 192.168.1.72 (0 of 2 answered, so said 192.168.1.69)";
        assert_eq!(told(READER, text), [said]);
    }
}
