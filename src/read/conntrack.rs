//! Reads `conntrack -L`, `-S` and `-C`, and the size of the table from sysctl.
//!
//! ```text
//! tcp      6 119 SYN_SENT src=198.51.100.23 dst=203.0.113.10 sport=40936 dport=8500 [UNREPLIED] src=203.0.113.10 …
//! cpu=0    found=0 invalid=12 insert=0 insert_failed=431 drop=431 early_drop=0 error=0 search_restart=0
//! insert_failed 6
//! net.netfilter.nf_conntrack_count = 262144
//! net.netfilter.nf_conntrack_max = 262144
//! ```

use super::{Findings, Part, Reader, observable};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage, State};

pub(super) const READER: Reader = Reader { kind: "conntrack", most: 0.97, recognize, read };

/// Above this share of its size the table is as good as full: entries come and go in bursts. In percent.
const NEARLY_FULL: u64 = 95;

fn recognize(part: &Part) -> f64 {
    if of_proc(part).is_some() {
        return 0.97;
    }
    let certain = |text: &str| {
        entry(text).is_some() || insert_failed(text).is_some() || text.starts_with("conntrack v") || full(text)
    };
    if part.any(certain) {
        return 0.97;
    }
    let counts = |text: &str| text.trim().parse::<u64>().is_ok();
    let asked = part.runs("conntrack") && part.any(counts);
    if asked || part.any(|text| setting(text, "nf_conntrack_max").is_some()) { 0.9 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut count: Option<(u32, u64)> = None;
    let mut failed: Option<(Lines, u64)> = None;
    let mut events = Events::default();
    let proc = of_proc(part);
    if let Some((lines, used, size)) = proc {
        room(lines, used, size, findings);
    }
    for line in &part.lines {
        let (number, text) = (line.number, line.text.as_str());
        if proc.is_some() {
            // They are told below.
        } else if let Some(more) = insert_failed(text) {
            let (first, sum) = failed.map_or((number, 0), |(lines, sum)| (lines.first, sum));
            failed = Some((Lines::new(first, number), sum.saturating_add(more)));
        } else if let Some(used) = setting(text, "nf_conntrack_count") {
            count = Some((number, used));
        } else if let Some(size) = setting(text, "nf_conntrack_max") {
            if let Some((above, used)) = count {
                room(Lines::new(above, number), used, size, findings);
            }
        } else if full(text) {
            let detail = "the kernel dropped packets".to_owned();
            tell(Lines::one(number), observable::CONNTRACK_TABLE, "full", Endpoint::default(), detail, findings);
        } else if let Some(event) = Event::of(text) {
            events.take(number, event, text);
        } else if let Some(entry) = entry(text) {
            // Of UDP only what always asks for an answer: questions for a name or the time.
            let asks = text.contains(" SYN_SENT ") || text.contains("udp") && matches!(entry.port, Some(53 | 123));
            let answered = text.contains("[ASSURED]") && entry.port.is_some();
            if text.contains("[UNREPLIED]") && asks {
                let detail = "nobody answered the first packet".to_owned();
                tell(Lines::one(number), observable::CONNTRACK_ENTRY, "unanswered", entry, detail, findings);
            } else if answered {
                tell(Lines::one(number), observable::CONNTRACK_ENTRY, "answered", entry, String::new(), findings);
            }
        } else if !(text.trim().is_empty() || text.starts_with("conntrack v") || text.trim().parse::<u64>().is_ok()) {
            continue;
        }
        findings.noise(number);
    }
    events.finish(findings);
    if let Some((lines, sum)) = failed {
        let value = if sum > 0 { "growing" } else { "none" };
        // What else was lost is counted since the start, for one reason or another: it is told, and no state.
        let mut detail = sum.to_string();
        for column in ["drop", "early_drop", "error", "chaintoolong"] {
            let counts = part.lines.iter().filter_map(|line| processor(&line.text, column));
            let all = counts.fold(0, u64::saturating_add);
            if all > 0 {
                detail = format!("{detail}, {column} {all}");
            }
        }
        tell(lines, observable::CONNTRACK_INSERT_FAILED, value, Endpoint::default(), detail, findings);
    }
}

/// How much of the table is taken.
fn room(lines: Lines, used: u64, size: u64, findings: &mut Findings) {
    let value = if used.saturating_mul(100) >= size.saturating_mul(NEARLY_FULL) { "full" } else { "ok" };
    tell(lines, observable::CONNTRACK_TABLE, value, Endpoint::default(), format!("{used} of {size}"), findings);
}

/// Two bare numbers below a command line that asks /proc for both, in its order: `cat …/nf_conntrack_count …/nf_conntrack_max`.
fn of_proc(part: &Part) -> Option<(Lines, u64, u64)> {
    let mut files = part.command.as_ref()?.words().filter_map(|word| word.rsplit_once("/nf_conntrack_"));
    let (first, second) = (files.next()?.1, files.next()?.1);
    let mut numbers = part.lines.iter().filter(|line| !line.text.trim().is_empty());
    let number = |line: &crate::clean::Line| line.text.trim().parse().ok().map(|value: u64| (line.number, value));
    let (one, other) = (number(numbers.next()?)?, number(numbers.next()?)?);
    numbers.next().is_none().then_some(())?;
    let (used, size) = match (first, second) {
        ("count", "max") => (one.1, other.1),
        ("max", "count") => (other.1, one.1),
        _ => return None,
    };
    Some((Lines::new(one.0, other.0), used, size))
}

/// What `conntrack -E` tells of one connection from line to line.
#[derive(Clone, Copy, PartialEq)]
enum Event {
    New,
    Update,
    Destroy,
}

impl Event {
    fn of(text: &str) -> Option<Event> {
        let text = text.trim_start();
        let text =
            text.strip_prefix('[').and_then(|rest| rest.split_once("]\t")).map_or(text, |(_, rest)| rest.trim_start());
        match text.split(']').next()? {
            "[NEW" => Some(Event::New),
            "[UPDATE" => Some(Event::Update),
            "[DESTROY" => Some(Event::Destroy),
            _ => None,
        }
    }
}

/// TCP connections by their four words on the way out, in the order in which they began.
#[derive(Default)]
struct Events {
    known: Vec<(String, Lines, Endpoint, Option<Outcome>)>,
}

impl Events {
    fn take(&mut self, number: u32, event: Event, text: &str) {
        let Some(to) = entry(text).filter(|_| text.contains("tcp ")) else { return };
        let ends: Vec<&str> = text.split_whitespace().filter(|word| word.contains('=')).take(4).collect();
        let ends = ends.join(" ");
        let at = self.known.iter().rposition(|(known, ..)| *known == ends);
        let Some((_, lines, _, outcome)) = at.and_then(|at| self.known.get_mut(at)).filter(|_| event != Event::New)
        else {
            self.known.push((ends, Lines::one(number), to, None));
            return;
        };
        lines.last = number;
        if text.contains(" ESTABLISHED ") {
            *outcome = Some(Outcome::Ok);
        } else if event == Event::Destroy && outcome.is_none() && text.contains("[UNREPLIED]") {
            // Closed without a reply: an RST; a first packet that only grew old shows its last state.
            *outcome = Some(if text.contains(" CLOSE ") { Outcome::Refused } else { Outcome::ConnectTimeout });
        }
    }

    fn finish(self, findings: &mut Findings) {
        for (_, lines, to, outcome) in self.known {
            let Some(outcome) = outcome else { continue };
            let protocol = Some("tcp".to_owned());
            findings.fact(lines, Claim::Attempt(Attempt { to, protocol, ..Attempt::new(Stage::Connect, outcome) }));
        }
    }
}

fn tell(lines: Lines, observable: &str, value: &str, of: Endpoint, detail: String, findings: &mut Findings) {
    let (observable, value) = (observable.to_owned(), value.to_owned());
    findings.fact(lines, Claim::State(State { observable, value, of, detail }));
}

/// The destination of an entry as it was first seen; the second half of the line is the way back.
fn entry(text: &str) -> Option<Endpoint> {
    let mut words = text.split_whitespace();
    // "-o extended" and /proc/net/nf_conntrack put the layer below in front.
    let protocol = words.find(|word| !matches!(*word, "ipv4" | "ipv6" | "2" | "10") && !word.starts_with('['))?;
    matches!(protocol, "tcp" | "udp" | "icmp" | "icmpv6" | "sctp" | "dccp" | "gre" | "unknown").then_some(())?;
    let address = words.clone().find_map(|word| word.strip_prefix("dst=")?.parse().ok())?;
    let port = words.find_map(|word| word.strip_prefix("dport=")?.parse().ok());
    text.contains("src=").then(|| Endpoint::at(address, port))
}

/// The column of one processor's statistics, or what a filter left of it or added up: `insert_failed=6`, `insert_failed 6`.
fn insert_failed(text: &str) -> Option<u64> {
    if text.starts_with("cpu=") {
        return processor(text, "insert_failed");
    }
    text.trim().strip_prefix("insert_failed")?.trim_start_matches(['=', ':', ' ', '\t']).parse().ok()
}

/// One column of a processor's row.
fn processor(text: &str, column: &str) -> Option<u64> {
    let mut words = text.strip_prefix("cpu=")?.split_whitespace();
    words.find_map(|word| word.strip_prefix(column)?.strip_prefix('=')?.parse().ok())
}

/// The kernel's own words, in dmesg or the journal.
fn full(text: &str) -> bool {
    text.contains("nf_conntrack: table full, dropping packet")
}

/// `net.netfilter.nf_conntrack_max = 262144`.
fn setting(text: &str, name: &str) -> Option<u64> {
    let (key, value) = text.split_once(['=', ':'])?;
    (key.trim().rsplit(['.', '/']).next()? == name).then(|| value.trim().parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn the_table_s_count_and_size_are_read_from_proc_in_the_order_asked_for() {
        let told = |files: &str, text: &str| {
            let command = files.replace("ct/", "/proc/sys/net/netfilter/nf_conntrack_");
            crate::read::told_below(&command, text, read)
        };
        assert_eq!(told("cat ct/count ct/max", "262001\n262144"), ["conntrack table is full (262001 of 262144)"]);
        assert_eq!(told("cat ct/max ct/count", "262144\n12"), ["conntrack table is ok (12 of 262144)"]);
        assert!(told("cat ct/max", "262144").is_empty());
    }

    #[test]
    fn failed_insertions_are_read_as_conntrack_prints_them_and_as_a_filter_left_them() {
        for text in
            ["cpu=0 found=0 insert_failed=4\ncpu=1 found=0 insert_failed=2", "insert_failed 6", "insert_failed=6"]
        {
            assert_eq!(told(READER, text), ["conntrack insert failed is growing (6)"], "{text}");
        }
        let beside =
            "cpu=0 found=0 insert_failed=4 drop=6 early_drop=0\ncpu=1 found=0 insert_failed=2 drop=1 early_drop=9";
        assert_eq!(told(READER, beside), ["conntrack insert failed is growing (6, drop 7, early_drop 9)"]);
        assert_eq!(told(READER, "insert_failed 0"), ["conntrack insert failed is none (0)"]);
    }
}
