//! Reads `dig +short`: nothing but the answer's data.
//!
//! ```text
//! backend-pub-1234567890.us-east-1.elb.amazonaws.com.
//! 203.0.113.138
//! 203.0.113.10
//! ```

use std::net::IpAddr;

use super::dns::{is_record_type, name};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Lookup, Outcome};

pub(super) const READER: Reader = Reader { kind: "dig", recognize, read };

fn recognize(part: &Part) -> f64 {
    let filled = part.lines.iter().map(|line| line.text.trim()).filter(|text| !text.is_empty());
    let (mut addresses, mut others) = (0, 0);
    for text in filled {
        match text.parse::<IpAddr>() {
            Ok(_) => addresses += 1,
            Err(_) if text.ends_with('.') && !text.contains(' ') => {}
            Err(_) => others += 1,
        }
    }
    let asked =
        part.runs("dig") && part.command.as_ref().is_some_and(|command| command.words().any(|word| word == "+short"));
    match (addresses, others, asked) {
        (1.., 0, true) => 0.97,
        (2.., 0, false) => 0.7,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    // Several "dig +short" on one command line print one list; only their common name can be told.
    let names: Vec<String> = part
        .command
        .iter()
        .flat_map(|command| command.words())
        .filter(|word| word.contains('.') && !word.starts_with(['+', '-', '@']) && !is_record_type(word))
        .map(name)
        .collect();
    let asked = names.first().filter(|first| names.iter().all(|name| name == *first));
    let server =
        part.command.iter().flat_map(|command| command.words()).find_map(|word| word.strip_prefix('@')?.parse().ok());
    let mut lookup = Lookup {
        name: asked.cloned().unwrap_or_default(),
        record: String::new(),
        server,
        outcome: Outcome::Ok,
        addresses: Vec::new(),
        aliases: Vec::new(),
        ttl: None,
        seconds: None,
    };
    let mut numbers = Vec::new();
    for line in part.lines.iter().filter(|line| !line.text.trim().is_empty()) {
        match line.text.trim().parse() {
            Ok(address) => lookup.addresses.push(address),
            Err(_) => lookup.aliases.push(name(line.text.trim())),
        }
        numbers.push(line.number);
    }
    if let (Some(first), Some(last)) = (numbers.first(), numbers.last())
        && !lookup.name.is_empty()
    {
        findings.fact(Lines::new(*first, *last), Claim::Lookup(lookup));
    }
}
