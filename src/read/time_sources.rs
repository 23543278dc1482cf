//! Reads what a time daemon says of its sources: `ntpq -p` and `chronyc sources`.
//!
//! ```text
//!      remote           refid      st t when poll reach   delay   offset  jitter
//! *44.190.6.254    127.67.113.92    2 u    1   64  377   23.399   -2.805   2.131
//!  10.83.5.9       .INIT.          16 u    -   64    0    0.000    0.000   0.000
//! MS Name/IP address         Stratum Poll Reach LastRx Last sample
//! ^? 127.7.9.9                     0   6     0     -     +0ns[   +0ns] +/-    0ns
//! ```
//!
//! Reach is an octal number: one bit for each of the last eight polls, set where an answer came.

use super::observable::NTP_SOURCE;
use super::request::endpoint;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;

pub(super) const READER: Reader = Reader { kind: "ntpq", most: 0.96, recognize, read };

fn recognize(part: &Part) -> f64 {
    let head = |text: &str| {
        let rest = text.trim_start().strip_prefix("remote");
        rest.is_some_and(|rest| {
            let mut words = rest.split_whitespace();
            words.next() == Some("refid") && words.next() == Some("st") && words.last() == Some("jitter")
        })
    };
    match (part.any(head), part.any(|text| of_ntpq(text).is_some()), part.runs("ntpq")) {
        (true, _, _) => 0.96,
        (_, true, true) => 0.9,
        // Rows that somebody copied without their head.
        (_, true, false) => 0.75,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        row(line.number, of_ntpq(&line.text), findings);
    }
}

/// Records a source that `chronyc sources` lists; false if the line is none.
pub(super) fn of_chrony(number: u32, text: &str, findings: &mut Findings) -> bool {
    let source = chrony(text);
    let known = source.is_some();
    if known {
        row(number, source, findings);
    }
    known
}

struct Source<'a> {
    name: &'a str,
    selected: bool,
    reach: u32,
    /// Seconds by which the own clock differs from its, where they are told.
    offset: Option<f64>,
}

fn row(number: u32, source: Option<Source>, findings: &mut Findings) {
    let Some(Source { name, selected, reach, offset }) = source else { return findings.noise(number) };
    let value = match (reach, selected) {
        (0, _) => "silent",
        (_, true) => "selected",
        _ => "answers",
    };
    let mut detail = format!("{} of the last 8 polls answered", reach.count_ones());
    // From there on a clock is wrong for everybody who compares times.
    if let Some(offset) = offset.filter(|offset| offset.abs() >= 1.0) {
        detail.push_str(&format!(", {offset} s off"));
    }
    findings.state(Lines::one(number), NTP_SOURCE, value, endpoint(name, None), detail);
}

/// A mark, the server, whom it follows, stratum, kind, seconds since the last answer, poll, reach, and three times.
fn of_ntpq(text: &str) -> Option<Source<'_>> {
    let mark = text.chars().next()?;
    let rest = text.get(mark.len_utf8()..).filter(|_| " *+-x.#o".contains(mark))?;
    rest.trim_end().ends_with(|c: char| c.is_ascii_digit()).then_some(())?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    let [name, _, stratum, kind, _, poll, reach, delay, offset, jitter] = words.as_slice() else { return None };
    // Pools and clocks in the machine itself are no servers.
    let served = matches!(*kind, "u" | "b" | "s");
    let measured = [delay, offset, jitter].iter().all(|time| time.parse::<f64>().is_ok());
    let counted = stratum.parse::<u8>().is_ok() && poll.trim_end_matches('m').parse::<u32>().is_ok();
    (served && measured && counted).then_some(())?;
    let offset = offset.parse::<f64>().ok().map(|milliseconds| milliseconds / 1000.0).filter(|_| *reach != "0");
    Some(Source { name, selected: mark == '*' || mark == 'o', reach: reach_of(reach)?, offset })
}

/// `^* 10.83.5.9   2   6   377    23   -12us[  -15us] +/- 4ms`
fn chrony(text: &str) -> Option<Source<'_>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [mark, name, stratum, poll, reach, _, _, ..] = words.as_slice() else { return None };
    let marked = mark.len() == 2 && mark.starts_with(['^', '=']) && mark.ends_with(['*', '+', '-', '?', 'x', '~']);
    (marked && stratum.parse::<u8>().is_ok() && poll.parse::<i8>().is_ok()).then_some(())?;
    Some(Source { name, selected: mark.ends_with('*'), reach: reach_of(reach)?, offset: None })
}

fn reach_of(octal: &str) -> Option<u32> {
    u32::from_str_radix(octal, 8).ok().filter(|reach| *reach <= 0o377)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_source_is_told_by_the_polls_it_answered() {
        let text = "     remote           refid      st t when poll reach   delay   offset  jitter\n\
                    ==============================================================================\n\
                    *44.190.6.254    127.67.113.92    2 u    1   64  377   23.399   -2.805   2.131\n \
                    10.83.5.9       .INIT.          16 u    -   64    0    0.000    0.000   0.000\n \
                    0.pool.ntp.org  .POOL.          16 p    -   64    0    0.000    0.000   0.000";
        assert_eq!(
            told(READER, text),
            [
                "ntp source is selected at 44.190.6.254 (8 of the last 8 polls answered)",
                "ntp source is silent at 10.83.5.9 (0 of the last 8 polls answered)",
            ]
        );
    }
}
