//! Reads the clock of a host and how busy it is: `date`, `timedatectl`, `chronyc tracking`, `uptime`, `w`.
//!
//! ```text
//! Sat Nov 21 01:52:51 UTC 2026
//! System clock synchronized: no
//! Leap status     : Not synchronised
//!  01:52:51 up 12 days,  3:04,  1 user,  load average: 0.42, 0.36, 0.30
//! ```

use super::log_line::is_time;
use super::observable::{CLOCK, COMPLAINT, LOAD};
use super::{Findings, Part, Reader, time_sources};
use crate::clean::Line;
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const DATE: Reader = Reader { kind: "date", most: 0.9, recognize: recognize_date, read };
pub(super) const TIMEDATECTL: Reader =
    Reader { kind: "timedatectl", most: 0.92, recognize: recognize_timedatectl, read };
pub(super) const CHRONYC: Reader = Reader { kind: "chronyc", most: 0.92, recognize: recognize_chronyc, read };
pub(super) const UPTIME: Reader = Reader { kind: "uptime", most: 0.9, recognize: recognize_uptime, read };
pub(super) const W: Reader = Reader { kind: "w", most: 0.95, recognize: recognize_w, read };

fn recognize_date(part: &Part) -> f64 {
    // A date stands in many a text: only where it is most of what was pasted did somebody ask for it.
    let filled = part.lines.iter().filter(|line| !line.text.trim().is_empty()).count();
    let told = part.lines.iter().filter(|line| Said::parse(&line.text).is_some()).count();
    match (part.any(is_date_line) && (part.command.is_some() || told * 2 >= filled), part.runs("date")) {
        (true, _) => 0.9,
        (false, true) => 0.6,
        _ => 0.0,
    }
}

fn recognize_timedatectl(part: &Part) -> f64 {
    // Every program that talks to systemd says so.
    if part.any(|text| text.starts_with("System has not been booted with systemd as init system"))
        && (part.command.is_none() || part.runs("timedatectl"))
    {
        return 0.92;
    }
    let own = [
        "ntp_gettime() returns code",
        "Local time: ",
        "Universal time: ",
        "System clock synchronized: ",
        "NTP synchronized: ",
        "Leap Indicator: ",
        NOT_RESYNCED,
    ];
    if part.any(|text| own.iter().any(|own| text.trim_start().starts_with(own))) { 0.92 } else { 0.0 }
}

/// What Windows' w32tm says where it found nobody who tells the time.
const NOT_RESYNCED: &str = "The computer did not resync because no time data was available";

fn recognize_chronyc(part: &Part) -> f64 {
    // Rows of `chronyc sources` that somebody copied without their head.
    let row = |text: &str| text.starts_with(['^', '=']) && time_sources::of_chrony(0, text, &mut Findings::default());
    if part.any(|text| is_of_chrony(text) || row(text)) { 0.92 } else { 0.0 }
}

/// A line that only chronyc prints.
fn is_of_chrony(text: &str) -> bool {
    let own = [
        "Leap status     : ",
        "System time     : ",
        "MS Name/IP address ",
        "Name/IP Address ",
        "210 Number of sources",
        "506 Cannot talk to daemon",
    ];
    own.iter().any(|own| text.starts_with(own))
}

fn recognize_uptime(part: &Part) -> f64 {
    if part.any(|text| matches!(Said::parse(text), Some(Said::Load(_)))) { 0.9 } else { 0.0 }
}

/// `w` begins as `uptime` does and lists who is logged in.
fn recognize_w(part: &Part) -> f64 {
    let head = |text: &str| text.starts_with("USER ") && text.contains("LOGIN@") && text.contains("WHAT");
    if part.any(head) { 0.95 } else { 0.0 }
}

/// Records a load average, whichever tool prints it.
pub(super) fn load(line: &Line, findings: &mut Findings) {
    if let Some(Said::Load(load)) = Said::parse(&line.text) {
        findings.state(Lines::one(line.number), LOAD, "measured", Endpoint::default(), load);
    }
}

fn read(part: &Part, findings: &mut Findings) {
    // What these print besides tells nothing.
    let is_list = part.any(|text| text.contains("LOGIN@") || text.contains("RTC time: ") || is_of_chrony(text));
    for line in &part.lines {
        let at = Lines::one(line.number);
        if time_sources::of_chrony(line.number, &line.text, findings) {
            continue;
        }
        match Said::parse(&line.text) {
            Some(Said::Clock(value, detail)) => findings.state(at, CLOCK, value, Endpoint::default(), detail),
            Some(Said::Load(load)) => findings.state(at, LOAD, "measured", Endpoint::default(), load),
            None if part.runs("date") && is_formatted(&line.text) => {
                let universal = part.command.as_ref().is_some_and(|command| command.flag('u', "--utc"));
                let told = line.text.trim();
                let detail = format!("{told}{}", if universal && !told.ends_with("UTC") { " UTC" } else { "" });
                findings.state(at, CLOCK, "read", Endpoint::default(), detail);
            }
            None if line.text.starts_with("506 ") => {
                findings.state(at, COMPLAINT, "failed", Endpoint::default(), line.text.trim());
            }
            None if is_list => findings.noise(line.number),
            None => {}
        }
    }
}

enum Said<'a> {
    /// A value of `clock`, and the words.
    Clock(&'static str, &'a str),
    /// Load averages over 1, 5 and 15 minutes.
    Load(&'a str),
}

impl<'a> Said<'a> {
    fn parse(text: &'a str) -> Option<Said<'a>> {
        let text = text.trim();
        if let Some((before, load)) = text.split_once("load average: ").or_else(|| text.split_once("load averages: "))
            && before.contains(" up ")
        {
            return Some(Said::Load(load));
        }
        // The last is Windows' w32tm: "Leap Indicator: 0(no warning)".
        for (mark, good) in [
            ("System clock synchronized: ", "yes"),
            ("NTP synchronized: ", "yes"),
            ("Leap status     : ", "Normal"),
            ("Leap Indicator: ", "0(no warning)"),
        ] {
            if let Some(rest) = text.strip_prefix(mark) {
                return Some(Said::Clock(if rest == good { "synchronized" } else { "unsynchronized" }, text));
            }
        }
        if text.starts_with(NOT_RESYNCED) {
            return Some(Said::Clock("unsynchronized", text));
        }
        if text.starts_with("System time     : ") || text.starts_with("Universal time: ") {
            return Some(Said::Clock("read", text));
        }
        is_date_line(text).then_some(Said::Clock("read", text))
    }
}

/// `Sat Nov 21 01:52:51 UTC 2026`, also `Sat 21 Nov 2026 01:52:51 AM UTC`, and nothing else on the line.
fn is_date_line(text: &str) -> bool {
    let text = text.trim();
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    if !DAYS.iter().any(|day| text.starts_with(day)) {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    (5..=7).contains(&words.len())
        && words.iter().any(|word| is_time(word))
        && words.iter().any(|word| word.len() == 4 && word.starts_with("20"))
}

/// What `date +'%F %T %s'` and its like print: a time of day, a date, seconds since 1970, and nothing else.
fn is_formatted(text: &str) -> bool {
    let number = |word: &str| word.bytes().all(|c| c.is_ascii_digit() || matches!(c, b'-' | b'/' | b'.'));
    let mut words = text.split([' ', 'T']).map(|word| word.trim_end_matches('Z')).filter(|word| !word.is_empty());
    let zone = |word: &str| word.len() <= 5 && word.bytes().all(|c| c.is_ascii_uppercase());
    words.clone().any(is_time) && words.all(|word| is_time(word) || zone(word) || number(word) && word.len() >= 8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_clock_in_a_format_of_ones_own_is_read_where_date_was_run() {
        let text = "$ date -u '+%F %T %s'\n2026-11-28 21:37:50 1795901870\n";
        let facts = |text: &str| -> Vec<String> {
            crate::read::read(text, None, None).facts().map(|fact| fact.claim.to_string()).collect()
        };
        assert_eq!(facts(text), ["clock is read (2026-11-28 21:37:50 1795901870 UTC)"]);
        let text = "$ date -u '+%F %T %Z'\n2026-11-29 01:01:27 UTC\n";
        assert_eq!(facts(text), ["clock is read (2026-11-29 01:01:27 UTC)"]);
        assert!(!is_formatted("2026-11-28 21:37:50 job done"));
    }

    #[test]
    fn a_clock_is_read_and_its_keeper_asked() {
        let text = "Sat Nov 21 01:52:51 UTC 2026\nSystem clock synchronized: no\n 01:52:51 up 12 days,  3:04,  1 user,  load average: 0.42, 0.36, 0.30";
        assert_eq!(
            told(DATE, text),
            [
                "clock is read (Sat Nov 21 01:52:51 UTC 2026)",
                "clock is unsynchronized (System clock synchronized: no)",
                "load is measured (0.42, 0.36, 0.30)",
            ]
        );
    }
}
