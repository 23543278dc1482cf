//! Reads `host`.
//!
//! ```text
//! www.shop.example is an alias for api.shop.example.
//! api.shop.example has address 203.0.113.10
//! Host nowhere.shop.example not found: 3(NXDOMAIN)
//! ```

use std::net::IpAddr;

use super::dns::{gave_up, is_record_type, name, of_rcode, server_error};
use super::observable::DNS_RECORD;
use super::request::endpoint;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Lookup, Outcome};

pub(super) const READER: Reader = Reader { kind: "host", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| {
        matches!(said(text), Some(Said::Nothing(..) | Said::Address(..) | Said::Alias(..) | Said::Failed(..)))
    }) {
        return 0.97;
    }
    let errors = part.any(|text| server_error(text).is_some() || gave_up(text));
    match (errors || part.any(|text| said(text).is_some()), asked(part).is_some()) {
        (true, true) => 0.97,
        (true, false) if !errors => 0.85,
        _ => 0.0,
    }
}

/// What one line says.
enum Said<'a> {
    Alias(&'a str, &'a str),
    Address(&'a str, IpAddr),
    /// The name exists and has no record of this type.
    Nothing(&'a str),
    Failed(&'a str, Outcome),
    /// Mail servers, pointers: answers without an address, with type and data where they may be told.
    Other(&'a str, Option<String>),
    /// The heading of an answer from a server that was asked by name.
    Server(Option<IpAddr>),
}

fn read(part: &Part, findings: &mut Findings) {
    let mut answer = Answer { asked: asked(part), ..Answer::default() };
    for line in &part.lines {
        let text = line.text.trim();
        if let Some((server, outcome)) = server_error(text) {
            // What was said of a name is over: this may be the word of another program behind it.
            if answer.name.is_some() {
                std::mem::take(&mut answer).finish(findings);
            }
            answer.at(line.number);
            answer.server = server.or(answer.server);
            answer.trouble = Some(outcome);
        } else if gave_up(text) {
            answer.at(line.number);
            answer.failed = Some(answer.trouble.unwrap_or(Outcome::DnsTimeout));
        } else if let Some(said) = said(text) {
            answer.take(line.number, said, findings);
        } else if !text.is_empty() {
            continue;
        }
        findings.noise(line.number);
    }
    answer.finish(findings);
}

/// Everything said of one name.
#[derive(Default)]
struct Answer {
    asked: Option<String>,
    first: Option<u32>,
    last: u32,
    name: Option<String>,
    server: Option<IpAddr>,
    addresses: Vec<IpAddr>,
    aliases: Vec<String>,
    /// Whether it names hosts that receive its mail.
    mail: bool,
    failed: Option<Outcome>,
    trouble: Option<Outcome>,
}

impl Answer {
    fn at(&mut self, number: u32) {
        self.first = self.first.or(Some(number));
        self.last = number;
    }

    fn take(&mut self, number: u32, said: Said, findings: &mut Findings) {
        let of = match &said {
            Said::Alias(of, _)
            | Said::Address(of, _)
            | Said::Nothing(of)
            | Said::Failed(of, _)
            | Said::Other(of, _) => name(of),
            Said::Server(address) => {
                self.server = address.or(self.server);
                return;
            }
        };
        // "host" asks for A, AAAA and MX in turn: what belongs to the same name, or to its alias, is one answer.
        let belongs = self.name.as_deref().is_none_or(|known| known == of) || self.aliases.contains(&of);
        if !belongs {
            let (server, asked) = (self.server, self.asked.clone());
            std::mem::replace(self, Answer { server, asked, ..Answer::default() }).finish(findings);
        }
        self.at(number);
        self.name.get_or_insert(of);
        match said {
            Said::Alias(_, to) if !self.aliases.contains(&name(to)) => self.aliases.push(name(to)),
            Said::Address(_, address) => self.addresses.push(address),
            Said::Nothing(..) => self.failed = Some(Outcome::NoData),
            Said::Failed(_, outcome) => self.failed = Some(outcome),
            Said::Other(_, Some(record)) => {
                let of = endpoint(self.name.as_deref().unwrap_or_default(), None);
                self.mail |= record.starts_with("MX ");
                findings.state(Lines::one(number), DNS_RECORD, "seen", of, record);
            }
            Said::Alias(..) | Said::Other(..) | Said::Server(_) => {}
        }
    }

    fn finish(self, findings: &mut Findings) {
        let (Some(first), Some(name)) = (self.first, self.name.or(self.asked)) else { return };
        let outcome = if self.addresses.is_empty() { self.failed.unwrap_or(Outcome::Ok) } else { Outcome::Ok };
        let (server, addresses, aliases) = (self.server, self.addresses, self.aliases);
        let lookup = Lookup { server, addresses, aliases, ..Lookup::new(&name, outcome) };
        findings.fact(Lines::new(first, self.last), Claim::Lookup(lookup.for_mail(self.mail)));
    }
}

fn said(text: &str) -> Option<Said<'_>> {
    if let Some(rest) = text.strip_prefix("Host ") {
        let (of, reason) = rest.split_once(" not found: ")?;
        let code = reason.split_once('(')?.1.trim_end_matches(')');
        return Some(Said::Failed(of, of_rcode(code)?));
    }
    if text == "Using domain server:" || text == "Aliases:" {
        return Some(Said::Server(None));
    }
    if let Some(rest) = text.strip_prefix("Address: ")
        && let Some((address, _)) = rest.split_once('#')
    {
        return Some(Said::Server(address.parse().ok()));
    }
    if text.strip_prefix("Name: ").is_some_and(|server| server.parse::<IpAddr>().is_ok()) {
        return Some(Said::Server(None));
    }
    let (of, rest) = text.split_once(' ')?;
    if let Some(to) = rest.strip_prefix("is an alias for ") {
        return Some(Said::Alias(of, to));
    }
    let address = rest.strip_prefix("has address ").or_else(|| rest.strip_prefix("has IPv6 address "));
    if let Some(address) = address {
        return Some(Said::Address(of, address.parse().ok()?));
    }
    if let Some(kind) = rest.strip_prefix("has no ").and_then(|rest| rest.strip_suffix(" record")) {
        // That nothing of another type is there is an answer like any other.
        return Some(if matches!(kind, "A" | "AAAA") { Said::Nothing(of) } else { Said::Other(of, None) });
    }
    let other = [
        ("mail is handled by ", "MX"),
        ("domain name pointer ", "PTR"),
        ("name server ", ""),
        ("descriptive text ", ""),
    ];
    // "has SRV record 5 60 5060 sip-a.example."
    let record = rest.strip_prefix("has ").and_then(|rest| rest.split_once(" record "));
    let record = record.filter(|(kind, _)| !kind.is_empty() && kind.chars().all(|c| c.is_ascii_uppercase()));
    let told = |(start, kind): &(&str, &'static str)| Some((*kind, rest.strip_prefix(start)?));
    let (kind, data) = record.or_else(|| other.iter().find_map(told))?;
    let record = matches!(kind, "MX" | "PTR" | "SRV" | "SOA").then(|| format!("{kind} {data}"));
    Some(Said::Other(of, record))
}

/// The name on a command line of `host`.
fn asked(part: &Part) -> Option<String> {
    let command = part.command.as_ref()?;
    let words: Vec<&str> = command.words().skip_while(|word| *word != "host").skip(1).collect();
    let plain = words.into_iter().filter(|word| !word.starts_with('-') && !is_record_type(word));
    plain.filter(|word| word.parse::<f64>().is_err()).map(name).next()
}
