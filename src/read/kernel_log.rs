//! Reads the kernel's messages: `dmesg`, `dmesg -T`, and kernel lines in syslog.
//!
//! ```text
//! [81234.567890] Out of memory: Killed process 1234 (java) total-vm:8123456kB, anon-rss:4012345kB
//! [Sat Nov 21 01:52:46 2026] nf_conntrack: nf_conntrack: table full, dropping packet
//! Nov 21 01:52:46 web-2 kernel: TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.
//! ```

use super::log_line::LogLine;
use super::observable::{ACCEPT_QUEUE, CONNTRACK_TABLE, DISK, PROCESS};
use super::pick::between;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "dmesg", most: 0.95, recognize, read };

fn recognize(part: &Part) -> f64 {
    let known = |text: &str| message(text).is_some_and(|message| event(message).is_some());
    match (part.any(known), part.runs("dmesg")) {
        (true, _) => 0.95,
        (false, true) if part.any(|text| message(text).is_some()) => 0.9,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let Some(message) = message(&line.text) else { continue };
        match event(message) {
            Some(event) => {
                findings.state(Lines::one(line.number), event.observable, event.value, event.of, event.detail);
            }
            // The kernel says much that has nothing to do with requests.
            None => findings.noise(line.number),
        }
    }
}

/// The message behind `[81234.567890] `, `[Sat Nov 21 01:52:46 2026] ` or a syslog prefix of the kernel.
fn message(text: &str) -> Option<&str> {
    let log = LogLine::parse(text);
    let text = log.message;
    if let Some((stamp, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        let seconds = stamp.trim().parse::<f64>().is_ok() && stamp.contains('.');
        let dated = stamp.len() == 24 && stamp.split(' ').count() >= 5;
        if seconds || dated {
            return Some(rest);
        }
    }
    (log.program == Some("kernel")).then_some(text)
}

struct Event {
    observable: &'static str,
    value: &'static str,
    of: Endpoint,
    detail: String,
}

fn event(message: &str) -> Option<Event> {
    let plain = |observable, value, detail: &str| {
        Some(Event { observable, value, of: Endpoint::default(), detail: detail.to_owned() })
    };
    if let Some(process) = between(message, "Killed process ", ")").or_else(|| between(message, "Kill process ", ")")) {
        let name = process.split_once('(').map_or(process, |(_, name)| name);
        let of = Endpoint::named(name);
        return Some(Event {
            observable: PROCESS,
            value: "killed_oom",
            of,
            detail: "killed by the kernel for want of memory".to_owned(),
        });
    }
    if message.contains("nf_conntrack: table full") {
        return plain(CONNTRACK_TABLE, "full", "table full, dropping packet");
    }
    if message.contains("Possible SYN flooding on port ") {
        // From Linux 6.x on the port is written with the address: "on port [::]:8080".
        let place = between(message, "on port ", ". ")?;
        let port = place.rsplit(':').next()?.parse().ok();
        let of = Endpoint { port, ..Endpoint::default() };
        return Some(Event { observable: ACCEPT_QUEUE, value: "full", of, detail: "possible SYN flooding".to_owned() });
    }
    if let Some((name, rest)) = message.split_once('[')
        && rest.contains("]: segfault at ")
    {
        return Some(Event {
            observable: PROCESS,
            value: "crashed",
            of: Endpoint::named(name),
            detail: "segfault".to_owned(),
        });
    }
    if message.contains("Remounting filesystem read-only") || message.contains("I/O error, dev ") {
        return plain(DISK, "failing", "I/O error or read-only remount");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn the_kernel_names_what_it_killed_and_what_is_full() {
        let text = "[81234.567890] Out of memory: Killed process 1234 (java) total-vm:8123456kB\nNov 21 01:52:46 web-2 kernel: nf_conntrack: nf_conntrack: table full, dropping packet\nNov 21 01:52:46 web-2 kernel: TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.";
        assert_eq!(
            told(READER, text),
            [
                "process is killed oom at java (killed by the kernel for want of memory)",
                "conntrack table is full (table full, dropping packet)",
                "accept queue is full at port 8080 (possible SYN flooding)",
            ]
        );
    }
}
