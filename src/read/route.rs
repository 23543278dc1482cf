//! Reads `route -n`, the BSDs' `route get`, and `route print` of Windows.
//!
//! ```text
//! Kernel IP routing table
//! Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
//! 0.0.0.0         192.168.2.1     0.0.0.0         UG    100    0        0 enp0s25
//! ```

use super::routes::{self, Table};
use super::{Findings, Part, Reader, ip_route};
use crate::evidence::Lines;

pub(super) const READER: Reader = Reader { kind: "route", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    // netstat prints the same table with "MSS Window irtt" where route prints "Metric Ref Use".
    let head = |text: &str| {
        let of_route = (text.contains(" Metric") && !text.contains(" irtt"))
            || text.contains(" Next Hop ")
            || text.contains("Netmask");
        routes::follow(text) && (of_route || part.runs("route"))
    };
    if part.any(head) || part.any(|text| asked(text).is_some()) {
        return if part.runs("netstat") { 0.5 } else { 0.98 };
    }
    if part.runs("route") && part.any(|text| refusal(text).is_some()) { 0.95 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut table = Table::default();
    let mut answer: Option<(u32, &str, Vec<String>)> = None;
    for line in &part.lines {
        let text = line.text.as_str();
        if let Some(to) = asked(text) {
            answer = Some((line.number, to, Vec::new()));
            findings.noise(line.number);
        } else if let Some((first, to, way)) = &mut answer {
            findings.noise(line.number);
            match text.trim().split_once(": ") {
                Some(("gateway", gateway)) => way.insert(0, format!("via {gateway}")),
                Some(("interface", interface)) => {
                    way.push(format!("dev {interface}"));
                    ip_route::tell(Lines::new(*first, line.number), to, "present", &way.join(" "), findings);
                }
                _ => {}
            }
        } else if let Some(reason) = refusal(text) {
            ip_route::tell(Lines::one(line.number), "", "missing", reason, findings);
        } else if table.line(line.number, text, findings) {
            findings.noise(line.number);
        }
    }
}

/// Where to, in the first line of `route get`: `   route to: 203.0.113.10`.
fn asked(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix("route to: ").map(str::trim)
}

fn refusal(text: &str) -> Option<&str> {
    text.contains("not in table").then(|| text.rsplit(": ").next()).flatten()
}
