//! Reads `arp`: Linux' table, the lines of `arp -a` on Linux, the BSDs and macOS, and Windows' table.
//!
//! ```text
//! Address                  HWtype  HWaddress           Flags Mask            Iface
//! 192.168.71.254           ether   00:50:56:fe:7a:b4   C                     ens33
//! 192.168.71.21                    (incomplete)                              ens33
//! ? (192.168.71.21) at <incomplete> on ens33
//! ? (192.168.71.1) at 00:50:56:c0:00:08 on em0 expires in 1182 seconds [ethernet]
//! ```

use super::observable::NEIGHBOR;
use super::request::endpoint;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "arp", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    let certain = |text: &str| is_head(text) || is_entry(text) || is_windows_head(text);
    if part.any(certain) { 0.98 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut below_head = false;
    let mut below_windows_head = false;
    for line in &part.lines {
        let text = line.text.as_str();
        let found = if is_head(text) || is_windows_head(text) {
            (below_head, below_windows_head) = (is_head(text), is_windows_head(text));
            None
        } else if below_head {
            row(text)
        } else if below_windows_head {
            windows_row(text)
        } else {
            line_of_all(text)
        };
        match found {
            Some((of, value, detail)) => findings.state(Lines::one(line.number), NEIGHBOR, value, of, detail),
            None if is_head(text) || is_entry(text) || is_decoration(text) => findings.noise(line.number),
            None => {}
        }
    }
}

fn is_head(text: &str) -> bool {
    text.starts_with("Address ") && text.contains(" HWaddress ")
}

/// `Interface: 192.168.1.20 --- 0xb`
fn is_windows_head(text: &str) -> bool {
    text.starts_with("Interface: ") && text.contains(" --- 0x")
}

/// Whether `arp -a` printed the line, whomever it is about.
fn is_entry(text: &str) -> bool {
    let hardware = text.split_once(") at ").and_then(|(_, rest)| rest.split_whitespace().next());
    hardware.is_some_and(|hardware| hardware.contains("incomplete") || is_hardware(hardware))
}

/// A neighbor and whether it answers for its address.
type Neighbor = (Endpoint, &'static str, String);

/// `192.168.71.254  ether  00:50:56:fe:7a:b4  C  ens33`, `192.168.71.21  (incomplete)  ens33`.
fn row(text: &str) -> Option<Neighbor> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (host, interface) = (words.first()?, words.last()?);
    let value = if words.get(1) == Some(&"(incomplete)") { "failed" } else { "reachable" };
    (value == "failed" || is_hardware(words.get(2)?)).then_some(())?;
    Some((endpoint(host, None), value, format!("on {interface}")))
}

/// `name (192.0.2.1) at 00:50:56:c0:00:08 [ether] on ens33`
fn line_of_all(text: &str) -> Option<Neighbor> {
    let (name, rest) = text.trim().split_once(" (")?;
    let (address, rest) = rest.split_once(") at ")?;
    let address = address.parse().ok()?;
    let hardware = rest.split_whitespace().next()?;
    let value = match hardware.trim_matches(['<', '>', '(', ')']) {
        "incomplete" => "failed",
        hardware if is_of_one_host(hardware) => "reachable",
        _ => return None,
    };
    let host = (name != "?" && !name.contains(' ')).then(|| name.to_ascii_lowercase());
    let interface = rest.split_once(" on ").and_then(|(_, rest)| rest.split_whitespace().next());
    let of = Endpoint { host, ..Endpoint::at(address, None) };
    Some((of, value, interface.map(|interface| format!("on {interface}")).unwrap_or_default()))
}

/// `  192.168.1.1           00-11-22-33-44-55     dynamic`
fn windows_row(text: &str) -> Option<Neighbor> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [address, hardware, kind] = words.as_slice() else { return None };
    // Multicast and broadcast addresses are entered by the system itself; nobody has answered for them.
    (*kind == "dynamic" && is_of_one_host(hardware)).then_some(())?;
    Some((Endpoint::at(address.parse().ok()?, None), "reachable", String::new()))
}

/// Groups and everybody have addresses too (the lowest bit of the first byte is set); nobody answers for those.
fn is_of_one_host(text: &str) -> bool {
    let first = text.split([':', '-', '.']).next().and_then(|byte| u8::from_str_radix(byte, 16).ok());
    is_hardware(text) && first.is_some_and(|byte| byte & 1 == 0)
}

/// Six bytes; the BSDs leave out leading zeros.
fn is_hardware(text: &str) -> bool {
    let bytes: Vec<&str> = text.split([':', '-', '.']).collect();
    bytes.len() == 6 && bytes.iter().all(|byte| (1..=2).contains(&byte.len()) && u8::from_str_radix(byte, 16).is_ok())
}

fn is_decoration(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || text.starts_with("Entries: ")
        || text.starts_with("Internet Address ")
        || is_windows_head(text)
        || text.ends_with(" static")
        || text.starts_with("bucket:")
        || text.starts_with("There are ")
}
