//! Reads `ufw status`, also `verbose` and `numbered`, and its profiles of applications.
//!
//! ```text
//! Status: active
//! Default: deny (incoming), allow (outgoing), deny (routed)
//! To                         Action      From
//! --                         ------      ----
//! 443/tcp                    DENY IN     192.168.0.1
//! ```

use super::firewall::{Rule, Verdict, policy};
use super::pick::cells;
use super::{Findings, Part, Reader};

pub(super) const READER: Reader = Reader { kind: "ufw", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let status = |text: &str| matches!(text.trim_end(), "Status: active" | "Status: inactive");
    let profile = part.any(|text| text.starts_with("Profile: "))
        && part.any(|text| text.trim_end() == "Ports:" || text.trim_end() == "Port:");
    let rules = part.any(is_head);
    match () {
        () if rules || profile => 0.97,
        () if part.any(status) => 0.9,
        () => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let text = line.text.as_str();
        findings.noise(line.number);
        if let Some(defaults) = text.strip_prefix("Default: ") {
            let verdict = defaults.split(", ").find_map(|one| verdict(one.strip_suffix(" (incoming)")?));
            if let Some(verdict) = verdict {
                policy(line.number, "incoming", verdict, None, findings);
            }
        } else if let Some(rule) = rule(text) {
            rule.tell(line.number, findings);
        }
    }
}

fn is_head(text: &str) -> bool {
    text.split_whitespace().eq(["To", "Action", "From"])
}

/// `[ 3] 443/tcp    DENY IN    192.168.0.1`; rules for what leaves the host are not about its callers.
fn rule(text: &str) -> Option<Rule<'_>> {
    let row = text.strip_prefix('[').and_then(|rest| rest.split_once("] ")).map_or(text, |(_, rest)| rest);
    let cells = cells(row);
    let [to, action, ..] = cells.as_slice() else { return None };
    let (action, direction) = action.split_once(' ').unwrap_or((action, "IN"));
    let verdict = verdict(&action.to_ascii_lowercase()).filter(|_| direction.starts_with("IN"))?;
    let ports = to.split(['/', ' ']).next().unwrap_or(to);
    let ports: Vec<u16> = ports.split(',').filter_map(|port| port.parse().ok()).collect();
    // A rule that names neither port nor address is about everybody who comes from one place.
    (!ports.is_empty()).then_some(Rule { chain: "ufw", verdict, destination: None, ports, packets: None, text: row })
}

fn verdict(word: &str) -> Option<Verdict> {
    match word {
        "allow" | "limit" => Some(Verdict::Accept),
        "deny" => Some(Verdict::Drop),
        "reject" => Some(Verdict::Reject),
        _ => None,
    }
}
