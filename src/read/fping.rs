//! Reads `fping`: one line for each host, or counts for each.
//!
//! ```text
//! 10.83.5.5 is alive (0.035 ms)
//! 10.83.5.6 is unreachable
//! 10.83.5.5 : xmt/rcv/%loss = 2/2/0%, min/avg/max = 0.04/0.04/0.05
//! ICMP Host Unreachable from 172.29.3.2 for ICMP Echo sent to 10.83.5.6
//! ```

use super::request::endpoint;
use super::{Findings, Part, Reader, observable};
use crate::evidence::Lines;

pub(super) const READER: Reader = Reader { kind: "fping", most: 0.95, recognize, read };

fn recognize(part: &Part) -> f64 {
    match (part.any(|text| said(text).is_some()), part.any(is_packet), part.runs("fping")) {
        (true, _, _) => 0.95,
        (_, true, true) => 0.95,
        (_, _, true) => 0.8,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    // What routers said before it is summed up.
    let mut refusals: Vec<(&str, &str)> = Vec::new();
    for line in &part.lines {
        refusals.extend(refusal(&line.text));
        if let Some((host, mut value, mut detail)) = said(&line.text) {
            if let Some((_, why)) = refusals.iter().find(|(sent_to, _)| *sent_to == host && value == "silent") {
                value = if why.contains("Time") { "ttl_exceeded" } else { "unreachable" };
                detail = [&detail, ", ", why].concat();
            }
            findings.state(Lines::one(line.number), observable::PING, value, endpoint(host, None), detail);
        } else {
            findings.noise(line.number);
        }
    }
}

/// The host, a value of `ping`, and the words.
fn said(text: &str) -> Option<(&str, &'static str, String)> {
    let (host, rest) = text.trim().split_once(' ')?;
    let plausible = host.chars().all(|c| c.is_ascii_alphanumeric() || "._-:".contains(c)) && host.contains(['.', ':']);
    plausible.then_some(())?;
    if rest == "is alive" || rest.starts_with("is alive (") {
        return Some((host, "answers", rest.to_owned()));
    }
    if rest == "is unreachable" {
        return Some((host, "silent", rest.to_owned()));
    }
    if let Some(why) = rest.strip_prefix("error while sending ping: ") {
        return Some((host, "unreachable", why.to_owned()));
    }
    let (_, counts) = rest.trim_start().split_once(": xmt/rcv/%loss = ")?;
    let mut numbers = counts.split('/').map_while(|number| number.parse::<u32>().ok());
    let (sent, received) = (numbers.next()?, numbers.next()?);
    let value = match received {
        0 => "silent",
        received if received >= sent => "answers",
        _ => "loss",
    };
    Some((host, value, format!("{received} of {sent} answered")))
}

/// The host that `ICMP Host Unreachable from 172.29.3.2 for ICMP Echo sent to 10.83.5.6` is about, and what was said.
fn refusal(text: &str) -> Option<(&str, &str)> {
    let (why, host) = text.strip_prefix("ICMP ")?.split_once(" for ICMP Echo sent to ")?;
    Some((host.split(' ').next()?, why))
}

/// `10.83.5.5 : [0], 64 bytes, 0.040 ms (0.040 avg, 0% loss)`
fn is_packet(text: &str) -> bool {
    text.contains(" : [") && text.contains("% loss)")
}
