//! Reads `fleetctl list-units`.
//!
//! ```text
//! UNIT             MACHINE                  ACTIVE  SUB
//! app@1.service    148a18ff.../10.10.0.5    active  running
//! app@3.service    2f6e4b1c.../10.10.0.7    failed  failed
//! ```

use super::observable::UNIT_STATE;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "fleetctl", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(is_head) { 0.97 } else { 0.0 }
}

fn is_head(text: &str) -> bool {
    if !text.starts_with("UNIT") {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.starts_with(&["UNIT", "MACHINE"]) && words.contains(&"ACTIVE")
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        if is_head(&line.text) {
            findings.noise(line.number);
            continue;
        }
        let mut words = line.text.split_whitespace();
        let (Some(unit), Some(machine), Some(active)) = (words.next(), words.next(), words.next()) else { continue };
        let value = match active {
            "active" => "running",
            "failed" => "failed",
            "activating" | "inactive" | "deactivating" => "pending",
            _ => continue,
        };
        let sub = words.next().unwrap_or_default();
        let address = machine.rsplit('/').next().and_then(|address| address.parse().ok());
        let of = Endpoint { address, name: Some(unit.to_owned()), ..Endpoint::default() };
        findings.state(Lines::one(line.number), UNIT_STATE, value, of, format!("{unit} {active} {sub} on {machine}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn each_unit_is_told_with_its_machine() {
        let text = "UNIT\t\tMACHINE\t\t\tACTIVE\tSUB\napp@1.service\t148a18ff.../10.10.0.5\tactive\trunning\napp@3.service\t2f6e4b1c.../10.10.0.7\tfailed\tfailed";
        assert_eq!(
            told(READER, text),
            [
                "unit state is running at 10.10.0.5 (app@1.service active running on 148a18ff.../10.10.0.5)",
                "unit state is failed at 10.10.0.7 (app@3.service failed failed on 2f6e4b1c.../10.10.0.7)",
            ]
        );
    }
}
