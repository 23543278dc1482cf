//! Reads `ipconfig` and `ipconfig /all` of Windows.
//!
//! ```text
//! Windows IP Configuration
//!
//! Ethernet adapter Ethernet:
//!    IPv4 Address. . . . . . . . . . . : 192.168.0.112(Preferred)
//!    Default Gateway . . . . . . . . . : 192.168.0.2
//!    DNS Servers . . . . . . . . . . . : 10.1.0.200
//! ```
//!
//! The form is that of Microsoft's command-line reference.

use super::observable::NAMESERVER;
use super::{Findings, Part, Reader, ip_address, ip_route};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "ipconfig", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let title = |text: &str| {
        text.trim().starts_with("Windows ") && text.trim_end().ends_with(" IP Configuration")
            || text.trim() == "Windows IP Configuration"
    };
    let row = |text: &str| property(text).is_some_and(|(name, _)| matches!(name, "IPv4 Address" | "Subnet Mask"));
    if part.any(title) || part.any(row) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut adapter = (0, String::new());
    let mut last = "";
    for line in &part.lines {
        let text = line.text.as_str();
        findings.noise(line.number);
        if let Some((_, name)) = text.trim_end().strip_suffix(':').and_then(|text| text.split_once(" adapter ")) {
            adapter = (line.number, name.to_owned());
            continue;
        }
        // A second gateway or name server stands on a line of its own.
        let (name, value) = property(text).unwrap_or((last, text.trim()));
        last = name;
        let value = value.split('(').next().unwrap_or(value);
        match name {
            "IPv4 Address" | "IP Address" | "IPv6 Address" => {
                ip_address::present(line.number, value, &adapter.1, findings);
                if adapter.0 > 0 && name != "IPv6 Address" {
                    ip_address::interface(adapter.0, &adapter.1, "up", findings);
                }
            }
            "Media State" if value == "Media disconnected" && adapter.0 > 0 => {
                ip_address::interface(adapter.0, &adapter.1, "no_carrier", findings);
            }
            "Default Gateway" if value.parse::<std::net::IpAddr>().is_ok() => {
                let way = format!("via {value}");
                ip_route::tell(Lines::one(line.number), "default", "present", &way, findings);
            }
            "DNS Servers" => {
                if let Ok(address) = value.split('%').next().unwrap_or(value).parse() {
                    findings.state(Lines::one(line.number), NAMESERVER, "set", Endpoint::at(address, None), "");
                }
            }
            _ => {}
        }
    }
}

/// `   IPv4 Address. . . . . . . . . . . : 192.168.0.112(Preferred)`
fn property(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once(" : ").or_else(|| text.trim_end().strip_suffix(" :").map(|name| (name, "")))?;
    name.contains(" .").then_some((name.trim_end_matches([' ', '.']).trim(), value.trim()))
}

/// No Windows is at hand: the text follows Microsoft's command-line reference.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn addresses_gateways_and_name_servers_are_told() {
        let text = "Windows IP Configuration\n\nEthernet adapter Ethernet:\n\n   IPv4 Address. . . . . . . . . . . : 192.168.0.112(Preferred)\n   Subnet Mask . . . . . . . . . . . : 255.255.255.0\n   Default Gateway . . . . . . . . . : 192.168.0.2\n   DNS Servers . . . . . . . . . . . : 10.1.0.200\n                                       10.1.0.201\n\nWireless LAN adapter Wi-Fi:\n\n   Media State . . . . . . . . . . . : Media disconnected";
        assert_eq!(
            told(READER, text),
            [
                "address is present at 192.168.0.112 (Ethernet)",
                "interface is up at Ethernet",
                "route is present at default (via 192.168.0.2)",
                "nameserver is set at 10.1.0.200",
                "nameserver is set at 10.1.0.201",
                "interface is no carrier at Wi-Fi",
            ]
        );
    }
}
