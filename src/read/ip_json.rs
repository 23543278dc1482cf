//! Reads `ip -json address`, `ip -json route` and `ip -json neigh`.
//!
//! ```text
//! [{"ifindex":2,"ifname":"eth0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"operstate":"UP","addr_info":[{"family":"inet","local":"198.51.100.23"}]}]
//! [{"dst":"default","gateway":"198.51.100.1","dev":"eth0","flags":[]}]
//! [{"dst":"198.51.100.1","dev":"eth0","lladdr":"9a:de:0b:67:04:80","state":["REACHABLE"]}]
//! ```

use serde_json::Value;

use super::json::{Document, documents, list, text};
use super::observable::NEIGHBOR;
use super::{Findings, Part, Reader, ip_address, ip_route};
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "ip", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let has = |name: &str| part.any(|text| text.contains(name));
    let interface = has("\"ifname\"") && has("\"flags\"");
    let route = has("\"dst\"") && has("\"dev\"");
    if (interface || route) && part.any(|text| text.starts_with('[')) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    for document in documents(part) {
        let entries = document.parse();
        for entry in entries.as_ref().and_then(Value::as_array).into_iter().flatten() {
            (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
            tell(&document, entry, findings);
        }
    }
}

/// One member of either list.
fn tell(document: &Document, entry: &Value, findings: &mut Findings) {
    let words = |name: &str| list(entry, name).iter().filter_map(Value::as_str).collect::<Vec<_>>();
    let (name, to, dev) = (text(entry, "ifname"), text(entry, "dst"), text(entry, "dev"));
    if !name.is_empty() {
        let at = document.line_of(name);
        ip_address::interface(at.first, name, ip_address::of_flags(&words("flags").join(",")), findings);
        for address in list(entry, "addr_info").iter().map(|address| text(address, "local")) {
            if !address.is_empty() {
                ip_address::present(document.line_of(address).first, address, name, findings);
            }
        }
    } else if !to.is_empty() && !dev.is_empty() {
        let at = document.line_of(to);
        if let Some(state) = words("state").first() {
            let value = if matches!(*state, "FAILED" | "INCOMPLETE") { "failed" } else { "reachable" };
            if let Ok(address) = to.parse() {
                findings.state(at, NEIGHBOR, value, Endpoint::at(address, None), format!("{state} on {dev}"));
            }
            return;
        }
        let kind = text(entry, "type");
        let value = ["blackhole", "unreachable", "prohibit"].into_iter().find(|value| *value == kind);
        let gateway = text(entry, "gateway");
        let way = if gateway.is_empty() { format!("dev {dev}") } else { format!("via {gateway} dev {dev}") };
        ip_route::tell(at, to, value.unwrap_or("present"), &way, findings);
    }
}
