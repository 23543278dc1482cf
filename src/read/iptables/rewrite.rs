//! Rules of the nat table: whose destination or source is rewritten, and to what.
//!
//! ```text
//!     1    60 DNAT       6    --  wan1   *       0.0.0.0/0            0.0.0.0/0            tcp dpt:8000 to:192.168.178.60:8000
//! -A PREROUTING -i wan1 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.30.5.4:80
//! ```

use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::observable::NAT_RULE;
use crate::read::{Findings, pick};

/// One rule that rewrites.
pub(super) struct Rewrite {
    value: &'static str,
    /// The destination as it was asked for, where the rule names one.
    of: Endpoint,
    to: String,
}

impl Rewrite {
    /// A row of a listing, under its heading.
    pub(super) fn listed(text: &str, columns: &[&str]) -> Option<Rewrite> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let column = |name: &str| words.get(columns.iter().position(|column| *column == name)?).copied();
        let value = value(column("target")?)?;
        let to = words
            .iter()
            .rev()
            .find_map(|word| word.strip_prefix("to:"))
            .or_else(|| pick::word_after(text, "redir ports "))?;
        let port = words.iter().find_map(|word| word.strip_prefix("dpt:")?.parse().ok());
        Some(Rewrite { value, of: Endpoint { port, ..destination(column("destination")) }, to: to.to_owned() })
    }

    /// The words of a saved rule behind `-A`.
    pub(super) fn saved(words: &[&str], ports: Vec<u16>, destined: Option<&str>) -> Option<Rewrite> {
        let after = |option: &str| words.get(words.iter().position(|word| *word == option)? + 1).copied();
        let value = value(after("-j")?)?;
        let to = ["--to-destination", "--to-source", "--to-ports"].into_iter().find_map(after)?;
        let port = ports.first().copied();
        Some(Rewrite { value, of: Endpoint { port, ..destination(destined) }, to: to.to_owned() })
    }

    pub(super) fn tell(self, line: u32, chain: &str, findings: &mut Findings) {
        findings.state(Lines::one(line), NAT_RULE, self.value, self.of, format!("{chain}: to {}", self.to));
    }
}

fn value(target: &str) -> Option<&'static str> {
    Some(match target {
        "DNAT" => "dnat",
        "SNAT" => "snat",
        "REDIRECT" => "redirect",
        _ => return None,
    })
}

fn destination(text: Option<&str>) -> Endpoint {
    let address = text.and_then(|text| text.trim_end_matches("/32").parse().ok());
    Endpoint { address, ..Endpoint::default() }
}
