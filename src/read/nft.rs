//! Reads `nft list ruleset`, `nft list chain` and the like, with or without counters and handles.
//!
//! ```text
//! table inet filter {
//!         chain forward {
//!                 type filter hook forward priority filter; policy accept;
//!                 ip daddr 203.0.113.10 tcp dport 5432 counter packets 3 bytes 180 drop
//!         }
//! }
//! ```

use super::firewall::{self, Rule, Verdict};
use super::observable::NAT_RULE;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "nft", most: 0.99, recognize, read };

fn recognize(part: &Part) -> f64 {
    let table = part.any(|text| opens(text, "table ").is_some());
    let chain = part.any(|text| opens(text, "chain ").is_some());
    match (table, chain) {
        (true, true) => 0.99,
        (true, false) => 0.9,
        (false, true) => 0.8,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut chain = "";
    let mut depth = 0_usize;
    for line in &part.lines {
        // "nft -a" adds a handle to every line.
        let text = line.text.split(" # handle ").next().unwrap_or_default().trim();
        if let Some(name) = opens(text, "chain ") {
            (chain, depth) = (name, depth + 1);
        } else if text.ends_with('{') {
            depth += 1;
        } else if text == "}" {
            depth = depth.saturating_sub(1);
        } else if text.starts_with("type ") && text.contains(" hook ") {
            let verdict = text.split_once("policy ").and_then(|(_, verdict)| Verdict::of(verdict));
            // A chain that does not say what it does with the rest accepts it.
            firewall::policy(line.number, chain, verdict.unwrap_or(Verdict::Accept), None, findings);
        } else if let Some((value, of, to)) = rewrite(text) {
            findings.state(Lines::one(line.number), NAT_RULE, value, of, format!("{chain}: to {to}"));
        } else if let Some(rule) = rule(text, chain) {
            rule.tell(line.number, findings);
        } else if !(text.is_empty() || text.starts_with('#') || depth > 0) {
            continue;
        }
        findings.noise(line.number);
    }
}

/// The name in `chain forward {`.
fn opens<'a>(text: &'a str, what: &str) -> Option<&'a str> {
    let text = text.split(" # handle ").next().unwrap_or_default();
    Some(text.trim().strip_prefix(what)?.strip_suffix('{')?.trim()).filter(|name| !name.is_empty())
}

/// `ip daddr 203.0.113.10 tcp dport 80 dnat to 10.0.0.5:8080`: what it does, to packets to whom, and what it makes of them.
fn rewrite(text: &str) -> Option<(&'static str, Endpoint, &str)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let found = words.iter().enumerate().find_map(|(at, word)| {
        let value = match *word {
            "dnat" => "dnat",
            "snat" => "snat",
            "redirect" => "redirect",
            _ => return None,
        };
        Some((value, *words.iter().skip(at + 1).skip_while(|word| **word != "to").nth(1)?))
    });
    let (value, to) = found?;
    let after = |label: &str| words.get(words.iter().position(|word| *word == label)? + 1).copied();
    let address = after("daddr").and_then(|address| address.parse().ok());
    let port = after("dport").and_then(|port| port.parse().ok());
    Some((value, Endpoint { address, port, ..Endpoint::default() }, to))
}

fn rule<'a>(text: &'a str, chain: &'a str) -> Option<Rule<'a>> {
    // A comment may hold any word.
    let (bare, _) = text.split_once(" comment ").unwrap_or((text, ""));
    let words: Vec<&str> = bare.split_whitespace().collect();
    let verdict = words.iter().rev().find_map(|word| Verdict::of(word))?;
    let after = |label: &str| words.iter().position(|word| *word == label).map(|at| at + 1);
    let packets = after("packets").and_then(|at| words.get(at)?.parse().ok());
    let destination =
        after("daddr").and_then(|at| words.get(at).copied()).filter(|place| !matches!(*place, "!=" | "{"));
    let ports = match after("dport") {
        Some(at) if words.get(at) == Some(&"{") => words
            .iter()
            .skip(at + 1)
            .take_while(|word| **word != "}")
            .filter_map(|word| word.trim_end_matches(',').parse().ok())
            .collect(),
        Some(at) => words.get(at).and_then(|port| port.parse().ok()).into_iter().collect(),
        None => Vec::new(),
    };
    Some(Rule { chain, verdict, destination, ports, packets, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_rule_against_pings_says_nothing_of_what_else_passes() {
        let text = "table inet filter {\n\tchain forward {\n\t\ttype filter hook forward priority filter; policy accept;\n\t\tip daddr 10.60.3.23 icmp type echo-request counter packets 77 bytes 5068 drop\n\t\tip daddr 10.60.3.54 udp dport 53 counter packets 4 bytes 292 drop\n\t}\n}";
        assert_eq!(
            told(READER, text),
            [
                "firewall pings is drop at 10.60.3.23 (forward: ip daddr 10.60.3.23 icmp type echo-request counter packets 77 bytes 5068 drop)",
                "firewall rule is drop at 10.60.3.54:53 (forward: ip daddr 10.60.3.54 udp dport 53 counter packets 4 bytes 292 drop)"
            ]
        );
    }
}
