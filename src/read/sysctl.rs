//! Reads settings of the kernel as `sysctl` prints them: whether a leg drops what comes in on another way than answers go out.
//!
//! ```text
//! net.ipv4.conf.all.rp_filter = 0
//! net.ipv4.conf.eth1.rp_filter = 1
//! ```

use super::{Findings, Part, Reader, host_tables, observable};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader =
    Reader { kind: "sysctl", most: 0.96, recognize: |part| host_tables::by_most(part, host_tables::is_sysctl), read };

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        findings.noise(line.number);
        if let Some((leg, value)) = reverse_path(&line.text) {
            findings.state(
                Lines::one(line.number),
                observable::RP_FILTER,
                value,
                Endpoint::named(leg),
                line.text.trim(),
            );
        }
    }
}

/// The leg and its setting, of `net.ipv4.conf.eth1.rp_filter = 1`. The name of a VLAN's leg holds a slash in place of its dot.
fn reverse_path(text: &str) -> Option<(String, &'static str)> {
    let (name, value) = text.split_once('=')?;
    let leg = name.trim().strip_prefix("net.ipv4.conf.")?.strip_suffix(".rp_filter")?;
    let value = match value.trim() {
        "0" => "off",
        "1" => "strict",
        "2" => "loose",
        _ => return None,
    };
    Some((leg.replace('/', "."), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn every_leg_has_its_own_setting() {
        let text = "net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth1.rp_filter = 1\nnet.ipv4.ip_forward = 0";
        assert_eq!(
            told(READER, text),
            [
                "rp filter is off at all (net.ipv4.conf.all.rp_filter = 0)",
                "rp filter is strict at eth1 (net.ipv4.conf.eth1.rp_filter = 1)",
            ]
        );
    }
}
