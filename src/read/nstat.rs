//! Reads `nstat`, and /proc/net/netstat and snmp, which hold the same counters.
//!
//! ```text
//! #kernel
//! TcpRetransSegs                  8                  0.0
//! TcpExtListenOverflows           9                  0.0
//! ```

use super::{Findings, Part, Reader, counters};

pub(super) const READER: Reader = Reader { kind: "nstat", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let heading = part.any(|text| text == "#kernel" || is_names(text));
    let rows = part.any(|text| row(text).is_some());
    match (heading, rows) {
        (true, _) => 0.97,
        (false, true) => 0.9,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut names: Option<&str> = None;
    for line in &part.lines {
        let text = line.text.as_str();
        if let Some((name, value)) = row(text) {
            if let Some(counter) = counters::named(name) {
                counters::tell(counter, line.number, value, findings);
            }
        } else if is_names(text) {
            names = Some(text);
        } else if let Some(names) = names.take_if(|names| names.split(' ').next() == text.split(' ').next()) {
            let prefix = text.split(':').next().unwrap_or_default();
            for (name, value) in names.split_whitespace().zip(text.split_whitespace()).skip(1) {
                if let (Some(counter), Ok(value)) = (counters::named(&format!("{prefix}{name}")), value.parse()) {
                    counters::tell(counter, line.number, value, findings);
                }
            }
        } else if !(text.trim().is_empty() || text.starts_with("#")) {
            continue;
        }
        findings.noise(line.number);
    }
}

/// `TcpRetransSegs                  8                  0.0`: name, count, rate.
fn row(text: &str) -> Option<(&str, u64)> {
    let mut words = text.split_whitespace();
    let name = words.next()?;
    const GROUPS: [&str; 10] = ["Ip", "Ip6", "Icmp", "Icmp6", "Tcp", "TcpExt", "Udp", "Udp6", "IpExt", "MPTcpExt"];
    let rest =
        GROUPS.iter().filter_map(|group| name.strip_prefix(group)).find(|rest| rest.starts_with(char::is_uppercase));
    rest?;
    let value = words.next()?.parse().ok()?;
    words.next()?.parse::<f64>().ok()?;
    words.next().is_none().then_some((name, value))
}

/// The first of a pair of lines in /proc/net: `TcpExt: SyncookiesSent SyncookiesRecv …`.
fn is_names(text: &str) -> bool {
    let Some((group, rest)) = text.split_once(": ") else { return false };
    matches!(group, "TcpExt" | "IpExt" | "Tcp" | "Ip" | "Udp" | "Icmp" | "MPTcpExt")
        && rest.split(' ').all(|name| name.starts_with(|c: char| c.is_ascii_uppercase()))
}
