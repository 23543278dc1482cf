//! Reads `getent hosts` and `getent ahosts`: what programs on this host get for a name, /etc/hosts and search lists included.
//!
//! ```text
//! 203.0.113.74    STREAM three.shop.example
//! 203.0.113.74    DGRAM
//! 10.9.9.9        api.shop.example
//! ```

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::dns::name;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Lookup, Outcome};

pub(super) const READER: Reader = Reader { kind: "getent", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let rows = part.any(|text| row(text).is_some());
    let kinds = part.any(|text| row(text).is_some_and(|(_, socket, _)| socket));
    if part.runs("getent") && !rows && found_nothing(part).is_some() {
        return 0.9;
    }
    match (rows, part.runs("getent"), kinds) {
        (true, true, _) => 0.97,
        (true, false, true) => 0.9,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    // Of several, one that finds nothing prints nothing: the rows name what they are of.
    let command = part.command.as_ref().filter(|command| command.each("getent").len() == 1);
    let asked = command.and_then(|command| {
        let mut words = command.words().skip_while(|word| *word != "getent").skip(1).peekable();
        // The service stands behind its option, the database before what is looked for.
        while words.next_if(|word| word.starts_with('-')).is_some_and(|option| option != "-s" || words.next().is_some())
        {
        }
        words.skip(1).filter(|word| !word.starts_with('-')).map(name).next()
    });
    let mut found: Option<(Lines, Lookup)> = None;
    let mut seen = BTreeSet::new();
    // Beside rows with sockets, those without are of a file that was printed too: /etc/hosts looks like them.
    let with_sockets =
        part.command.as_ref().is_some_and(|command| command.words().any(|word| word.starts_with("ahosts")))
            || part.any(|text| row(text).is_some_and(|(_, socket, _)| socket));
    for line in &part.lines {
        let of_another = |socket: bool, named: Option<&str>| match with_sockets {
            true => !socket,
            false => named == Some("localhost") && asked.as_deref().is_some_and(|asked| asked != "localhost"),
        };
        let Some((address, _, named)) = row(&line.text).filter(|(_, socket, named)| !of_another(*socket, *named))
        else {
            continue;
        };
        findings.noise(line.number);
        let (lines, lookup) = found.get_or_insert_with(|| (Lines::one(line.number), Lookup::new("", Outcome::Ok)));
        lines.last = line.number;
        if seen.insert(address) {
            lookup.addresses.push(address);
        }
        if let Some(named) = named.map(name) {
            if lookup.name.is_empty() {
                lookup.name.clone_from(asked.as_ref().unwrap_or(&named));
            }
            if named != lookup.name && !lookup.aliases.contains(&named) {
                lookup.aliases.push(named);
            }
        }
    }
    if let (None, Some(asked), Some(number)) = (&found, &asked, found_nothing(part)) {
        findings.fact(Lines::one(number), Claim::Lookup(Lookup::new(asked, Outcome::Unresolved)));
    }
    if let Some((lines, lookup)) = found.filter(|(_, lookup)| !lookup.name.is_empty()) {
        findings.fact(lines, Claim::Lookup(lookup));
    }
}

/// The line of the status 2, with which getent says that it found nothing and not why.
fn found_nothing(part: &Part) -> Option<u32> {
    let asks = part.command.as_ref()?.words().any(|word| word.ends_with("$?"));
    let says = |line: &&crate::clean::Line| line.text.trim().trim_start_matches(|c: char| !c.is_ascii_digit()) == "2";
    part.lines.iter().find(says).filter(|_| asks).map(|line| line.number)
}

/// An address, whether a kind of socket follows (`ahosts`), and the name.
fn row(text: &str) -> Option<(IpAddr, bool, Option<&str>)> {
    let mut words = text.split_whitespace().peekable();
    let address = words.next()?.parse().ok()?;
    let socket = words.next_if(|word| matches!(*word, "STREAM" | "DGRAM" | "RAW")).is_some();
    let named = words.next();
    let plain = named.is_none_or(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)));
    (plain && (socket || named.is_some())).then_some((address, socket, named))
}

#[cfg(test)]
mod tests {
    use crate::fact::Claim;
    use crate::read::read;

    #[test]
    fn what_stands_in_the_hosts_file_below_is_no_answer() {
        let told = |text: &str| -> Vec<String> {
            let reading = read(text, None, None);
            let lookups = reading.facts().filter(|fact| matches!(fact.claim, Claim::Lookup(_)));
            lookups.map(|fact| fact.claim.to_string()).collect()
        };
        let hosts = "127.0.0.1 localhost\n127.0.1.1 web-4\n10.9.9.9\tapi.shop.example api\n";
        let sockets = "10.9.9.9        STREAM api.shop.example\n10.9.9.9        DGRAM  \n10.9.9.9        RAW    \n";
        let all = format!("web-4# getent ahostsv4 api.shop.example; cat /etc/hosts\n{sockets}{hosts}");
        assert_eq!(told(&all), ["api.shop.example resolved to 10.9.9.9"]);
    }
}
