//! Reads `dig +short`: nothing but the answer's data.
//!
//! ```text
//! backend-pub-1234567890.us-east-1.elb.amazonaws.com.
//! 203.0.113.138
//! 203.0.113.10
//! ```

use std::net::IpAddr;

use super::dns::{gave_up, is_record_type, name, server_error};
use super::log_line::is_time;
use super::observable::DNS_RECORD;
use super::request::endpoint;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Lookup, Outcome};

mod echoed;

pub(super) const READER: Reader = Reader { kind: "dig", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let echoes = echoed::echoes(part);
    if !echoes.is_empty() && part.any(|row| echoes.iter().any(|echo| echo.lookup(row.trim()).is_some())) {
        return 0.95;
    }
    let (mut addresses, mut others) = (0, 0);
    for text in part.lines.iter().map(|line| data(&line.text)).filter(|text| !text.is_empty()) {
        match text.parse::<IpAddr>() {
            Ok(_) => addresses += 1,
            Err(_) if is_alias(text) || server_error(text).is_some() || gave_up(text) => {}
            // What was asked for is no address: an SOA, mail exchangers, a text.
            Err(_) if asks_for_data(part) => addresses += 1,
            Err(_) if is_time(text) && part.runs("date") => {}
            Err(_) => others += 1,
        }
    }
    match (addresses, others, asks_shortly(part)) {
        (1.., 0, true) => 0.97,
        (0, 0, true) if part.any(|text| is_alias(data(text))) => 0.97,
        (2.., 0, false) => 0.7,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let echoes = echoed::echoes(part);
    if !echoes.is_empty() {
        for line in &part.lines {
            if let Some(lookup) = echoes.iter().find_map(|echo| echo.lookup(line.text.trim())) {
                findings.fact(Lines::one(line.number), Claim::Lookup(lookup));
            }
        }
        return;
    }
    let command: Vec<&str> = part.command.iter().flat_map(|command| command.words()).collect();
    let times = command.iter().filter(|word| matches!(**word, "dig" | "kdig")).count();
    // Several "dig +short" on one command line print one list; only what they have in common can be told.
    let common =
        |values: Vec<String>| values.first().filter(|first| values.iter().all(|value| value == *first)).cloned();
    let plain = |word: &&&str| word.contains('.') && !word.starts_with(['+', '-', '@']) && !is_record_type(word);
    let asked = common(command.iter().filter(plain).map(|word| name(word)).collect()).unwrap_or_default();
    let servers: Vec<String> = command.iter().filter_map(|word| word.strip_prefix('@')).map(str::to_owned).collect();
    let server = if servers.len() == times { common(servers).and_then(|server| server.parse().ok()) } else { None };
    let names: Vec<String> = command.iter().filter(plain).map(|word| name(word)).collect();
    if times == 1 && names.len() > 1 && each(part, &names, server, findings) {
        return;
    }
    let wanted = command.iter().find(|word| is_record_type(word)).map_or("", |word| *word).to_ascii_uppercase();
    let record = if command.contains(&"-x") { "PTR".to_owned() } else { wanted };
    let told = matches!(record.as_str(), "PTR" | "MX" | "SRV" | "SOA");
    let mut open: Option<(Lines, Lookup)> = None;
    for line in part.lines.iter().filter(|line| !line.text.trim().is_empty()) {
        let text = data(&line.text);
        findings.noise(line.number);
        // A loop tells its rounds apart by the clock.
        if is_time(text) && part.runs("date") && text.parse::<IpAddr>().is_err() {
            tell(open.take(), findings);
            continue;
        }
        let trouble = match (server_error(text), gave_up(text)) {
            (Some((server, outcome)), _) => Some((server, outcome)),
            (None, true) => Some((server, Outcome::DnsTimeout)),
            (None, false) => None,
        };
        // A list of answers ends where a failure begins, and the other way round.
        let failing = open.as_ref().is_some_and(|(_, lookup)| !lookup.outcome.is_success());
        if open.is_some() && failing != trouble.is_some() {
            tell(open.take(), findings);
        }
        let (lines, lookup) = open.get_or_insert_with(|| {
            let (server, outcome) = trouble.unwrap_or((server, Outcome::Ok));
            let lookup = Lookup { server, record: record.clone(), ..Lookup::new(&asked, outcome) };
            (Lines::one(line.number), lookup)
        });
        lines.last = line.number;
        match text.parse() {
            _ if told && trouble.is_none() && !asked.is_empty() => {
                let value = format!("{record} {text}");
                findings.state(Lines::one(line.number), DNS_RECORD, "seen", endpoint(&asked, None), value);
            }
            Ok(address) => lookup.addresses.push(address),
            Err(_) if trouble.is_none() && is_alias(text) => lookup.aliases.push(name(text)),
            Err(_) => {}
        }
    }
    tell(open, findings);
}

/// The answers for several names, where they can be told apart: an alias stands above its addresses, so that one below an address
/// begins the next name's, and no name can have gone without an answer where there are as many beginnings as names.
fn each(part: &Part, names: &[String], server: Option<IpAddr>, findings: &mut Findings) -> bool {
    let mut answers: Vec<(Lines, Lookup)> = Vec::new();
    for line in part.lines.iter().filter(|line| !line.text.trim().is_empty()) {
        let text = data(&line.text);
        let address: Option<IpAddr> = text.parse().ok();
        if address.is_none() && !is_alias(text) {
            return false;
        }
        let another = answers.last().is_none_or(|(_, lookup)| address.is_none() && !lookup.addresses.is_empty());
        if another {
            let Some(asked) = names.get(answers.len()) else { return false };
            answers.push((Lines::one(line.number), Lookup { server, ..Lookup::new(asked, Outcome::Ok) }));
        }
        if let Some((lines, lookup)) = answers.last_mut() {
            lines.last = line.number;
            lookup.addresses.extend(address);
            lookup.aliases.extend(address.is_none().then(|| name(text)));
        }
    }
    let all = answers.len() == names.len();
    if all {
        answers.into_iter().for_each(|answer| tell(Some(answer), findings));
    }
    all
}

fn tell(lookup: Option<(Lines, Lookup)>, findings: &mut Findings) {
    if let Some((lines, lookup)) = lookup.filter(|(_, lookup)| !lookup.name.is_empty()) {
        findings.fact(lines, Claim::Lookup(lookup));
    }
}

/// A line without what `+identify` adds: `10.83.5.5 from server 127.0.0.1 in 0 ms.`
fn data(text: &str) -> &str {
    text.split(" from server ").next().unwrap_or(text).trim()
}

fn asks_shortly(part: &Part) -> bool {
    ["dig", "kdig", "drill"].into_iter().any(|program| part.runs(program))
        && part.command.as_ref().is_some_and(|command| command.words().any(|word| word == "+short"))
}

/// Whether `+short` prints something else than names and addresses, because the command line asks for it.
fn asks_for_data(part: &Part) -> bool {
    let mut words = part.command.iter().flat_map(|command| command.words());
    asks_shortly(part)
        && words.any(|word| {
            matches!(word.to_ascii_uppercase().as_str(), "SOA" | "MX" | "TXT" | "SRV" | "CAA" | "DS" | "DNSKEY")
        })
}

fn is_alias(text: &str) -> bool {
    text.ends_with('.') && !text.contains(' ')
}
