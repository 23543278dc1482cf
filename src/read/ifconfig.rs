//! Reads `ifconfig`: Linux' before and since net-tools 2, busybox's, the BSDs', macOS' and Solaris'.
//!
//! ```text
//! ens33: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
//!         inet 192.168.71.137  netmask 255.255.255.0  broadcast 192.168.71.255
//!
//! eth0      Link encap:Ethernet  HWaddr 00:50:56:c0:00:08
//!           inet addr:192.168.71.137  Bcast:192.168.71.255  Mask:255.255.255.0
//!           UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1
//! ```

use std::net::IpAddr;

use super::{Findings, Part, Reader, ip_address};

pub(super) const READER: Reader = Reader { kind: "ifconfig", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    let short = part.runs("ifconfig") && part.any(is_short_head);
    if short || part.any(|text| heading(text).is_some()) { 0.98 } else { 0.0 }
}

/// The head of `ifconfig -s`, which `netstat -i` prints as well: packets and errors, one line for each interface.
fn is_short_head(text: &str) -> bool {
    text.starts_with("Iface ") && text.contains(" RX-OK ")
}

fn read(part: &Part, findings: &mut Findings) {
    let mut interface = Interface::default();
    let short = part.any(is_short_head);
    for line in &part.lines {
        let text = line.text.as_str();
        if let Some((name, flags)) = heading(text) {
            interface.finish(findings);
            interface = Interface { line: line.number, name: name.to_owned(), ..Interface::default() };
            interface.flags(flags);
            findings.noise(line.number);
        } else if interface.line > 0 && (text.starts_with([' ', '\t']) || text.trim().is_empty()) {
            interface.detail(line.number, text.trim(), findings);
            findings.noise(line.number);
        } else if short {
            findings.noise(line.number);
        }
    }
    interface.finish(findings);
}

/// One interface while its lines are coming.
#[derive(Default)]
struct Interface {
    line: u32,
    name: String,
    up: bool,
    running: bool,
    /// The BSDs say in words whether a cable is plugged in.
    carrier: Option<bool>,
}

impl Interface {
    /// `UP,BROADCAST,RUNNING` or, on old Linux, `UP BROADCAST RUNNING`.
    fn flags(&mut self, flags: &str) {
        for flag in flags.split([',', ' ']) {
            self.up |= flag == "UP";
            self.running |= flag == "RUNNING";
        }
    }

    fn detail(&mut self, line: u32, text: &str, findings: &mut Findings) {
        if let Some((flags, _)) = text.split_once(" MTU:") {
            self.flags(flags);
        } else if let Some(status) = text.strip_prefix("status: ") {
            self.carrier = Some(matches!(status, "active" | "associated" | "running"));
        } else if let Some(address) = address(text) {
            ip_address::present(line, address, &self.name, findings);
        }
    }

    /// Without a cable an interface is up and not running on Linux; the BSDs tell it by its status alone.
    fn finish(&mut self, findings: &mut Findings) {
        if self.line == 0 || self.name.starts_with("lo") {
            return;
        }
        let value = match (self.up, self.carrier.unwrap_or(self.running)) {
            (false, _) => "down",
            (true, false) => "no_carrier",
            (true, true) => "up",
        };
        ip_address::interface(self.line, &self.name, value, findings);
    }
}

/// The name and flags of `ens33: flags=4163<UP,…>  mtu 1500`, or the name of `eth0      Link encap:Ethernet`.
fn heading(text: &str) -> Option<(&str, &str)> {
    if let Some((name, _)) = text.split_once(" Link encap:") {
        return name.starts_with(|c: char| c.is_ascii_alphanumeric()).then(|| (name.trim(), ""));
    }
    let (name, rest) = text.split_once(": flags=")?;
    let (_, rest) = rest.split_once('<')?;
    let (flags, rest) = rest.split_once('>')?;
    (rest.contains("mtu ") && !name.contains(' ')).then_some((name, flags))
}

/// The address of `inet 192.0.2.1 netmask …`, `inet addr:192.0.2.1  Bcast:…`, `inet6 2001:db8::1%em0 prefixlen 64`.
fn address(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("inet6 ").or_else(|| text.strip_prefix("inet "))?;
    let rest = rest.trim_start().trim_start_matches("addr:").trim_start();
    let address = rest.split([' ', '%', '/']).next()?;
    address.parse::<IpAddr>().is_ok().then_some(address)
}
