//! Reads `ip -json address`, `ip -json route` and `ip -json neigh`.
//!
//! ```text
//! [{"ifindex":2,"ifname":"eth0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"operstate":"UP","addr_info":[{"family":"inet","local":"198.51.100.23"}]}]
//! [{"dst":"default","gateway":"198.51.100.1","dev":"eth0","flags":[]}]
//! [{"dst":"198.51.100.1","dev":"eth0","lladdr":"9a:de:0b:67:04:80","state":["REACHABLE"]}]
//! ```

use serde::Deserialize;

use super::json::documents;
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

/// One member of either list; what is not its own is left empty.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Entry {
    #[serde(rename = "type")]
    kind: Option<String>,
    ifname: Option<String>,
    flags: Vec<String>,
    addr_info: Vec<Address>,
    dst: Option<String>,
    gateway: Option<String>,
    dev: Option<String>,
    state: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Address {
    local: Option<String>,
}

fn read(part: &Part, findings: &mut Findings) {
    for document in documents(part) {
        let Some(entries) = document.parse::<Vec<Entry>>() else { continue };
        (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
        for entry in entries {
            if let Some(name) = &entry.ifname {
                let at = document.line_of(name);
                let flags = entry.flags.join(",");
                ip_address::interface(at.first, name, ip_address::of_flags(&flags), findings);
                for address in entry.addr_info.iter().filter_map(|address| address.local.as_deref()) {
                    ip_address::present(document.line_of(address).first, address, name, findings);
                }
            } else if let (Some(to), Some(dev)) = (&entry.dst, &entry.dev) {
                let at = document.line_of(to);
                if let Some(state) = entry.state.first() {
                    let value = if matches!(state.as_str(), "FAILED" | "INCOMPLETE") { "failed" } else { "reachable" };
                    if let Ok(address) = to.parse() {
                        findings.state(at, NEIGHBOR, value, Endpoint::at(address, None), format!("{state} on {dev}"));
                    }
                    continue;
                }
                let value = match entry.kind.as_deref() {
                    Some("blackhole") => "blackhole",
                    Some("unreachable") => "unreachable",
                    Some("prohibit") => "prohibit",
                    _ => "present",
                };
                let way = entry.gateway.as_ref().map(|gateway| format!("via {gateway} "));
                ip_route::tell(at, to, value, &format!("{}dev {dev}", way.unwrap_or_default()), findings);
            }
        }
    }
}
