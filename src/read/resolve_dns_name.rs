//! Reads PowerShell's `Resolve-DnsName`.
//!
//! ```text
//! Name                                           Type   TTL   Section    IPAddress
//! ----                                           ----   ---   -------    ---------
//! api.shop.example                               A      60    Answer     203.0.113.10
//!
//! Resolve-DnsName : gone.shop.example : DNS name does not exist
//! ```
//!
//! The form is that of Microsoft's reference of the command; the errors are those of `winerror.h` (9001 to 9005, 1460).

use super::dns::name;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Lookup, Outcome};

pub(super) const READER: Reader = Reader { kind: "Resolve-DnsName", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| is_head(text) || failure(text).is_some()) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut answers: Vec<(Lines, Lookup)> = Vec::new();
    let mut aliases: Vec<(String, String)> = Vec::new();
    for line in &part.lines {
        let text = line.text.as_str();
        findings.noise(line.number);
        if let Some((of, outcome)) = failure(text) {
            findings.fact(Lines::one(line.number), Claim::Lookup(Lookup::new(of, outcome)));
            continue;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let [owner, record, ttl, "Answer", value] = words.as_slice() else { continue };
        let owner = name(owner);
        if *record == "CNAME" {
            aliases.push((owner, name(value)));
            continue;
        }
        let Ok(address) = value.parse() else { continue };
        let same = answers.iter_mut().find(|(_, lookup)| lookup.record == *record && lookup.name == owner);
        let ttl = ttl.parse().ok();
        match same {
            Some((lines, lookup)) => {
                *lines = Lines::new(lines.first, line.number);
                lookup.addresses.push(address);
                lookup.ttl = lookup.ttl.min(ttl);
            }
            None => {
                let lookup = Lookup {
                    record: (*record).to_owned(),
                    addresses: vec![address],
                    ttl,
                    ..Lookup::new(&owner, Outcome::Ok)
                };
                answers.push((Lines::one(line.number), lookup));
            }
        }
    }
    for (lines, mut lookup) in answers {
        // What was asked for stands at the beginning of the aliases that lead to the addresses.
        while let Some((alias, _)) = aliases.iter().find(|(_, to)| *to == lookup.name) {
            if lookup.aliases.contains(&lookup.name) {
                break;
            }
            lookup.aliases.insert(0, std::mem::replace(&mut lookup.name, alias.clone()));
        }
        findings.fact(lines, Claim::Lookup(lookup));
    }
}

fn is_head(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.starts_with(&["Name", "Type", "TTL", "Section"])
}

/// `Resolve-DnsName : gone.shop.example : DNS name does not exist`; PowerShell 7 writes no space before the first colon.
fn failure(text: &str) -> Option<(&str, Outcome)> {
    let rest = text.strip_prefix("Resolve-DnsName")?.trim_start().strip_prefix(':')?;
    let (of, said) = rest.trim().split_once(" : ")?;
    let outcome = match () {
        () if said.contains("name does not exist") => Outcome::Nxdomain,
        () if said.contains("server failure") => Outcome::Servfail,
        () if said.contains("operation refused") => Outcome::DnsRefused,
        () if said.contains("timeout period expired") => Outcome::DnsTimeout,
        () if said.contains("No records found") => Outcome::NoData,
        () => Outcome::Unresolved,
    };
    Some((of, outcome))
}

/// No Windows is at hand: the texts follow Microsoft's reference of the command.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn an_answer_behind_an_alias_is_one_lookup() {
        let text = "Name                           Type   TTL   Section    NameHost\n----                           ----   ---   -------    --------\nwww.shop.example               CNAME  300   Answer     api.shop.example\n\nName       : api.shop.example\nQueryType  : A\n\nName                           Type   TTL   Section    IPAddress\n----                           ----   ---   -------    ---------\napi.shop.example               A      60    Answer     203.0.113.10\napi.shop.example               A      60    Answer     203.0.113.74";
        assert_eq!(told(READER, text), ["www.shop.example resolved to 203.0.113.10, 203.0.113.74"]);
    }

    #[test]
    fn a_name_that_does_not_exist_is_told() {
        let text = "Resolve-DnsName : gone.shop.example : DNS name does not exist";
        assert_eq!(told(READER, text), ["the lookup of gone.shop.example found no such name"]);
    }
}
