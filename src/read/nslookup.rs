//! Reads `nslookup`: BIND's, busybox's and Windows'.
//!
//! ```text
//! Server:         198.51.100.53
//! Address:        198.51.100.53#53
//!
//! www.shop.example        canonical name = api.shop.example.
//! Name:   api.shop.example
//! Address: 203.0.113.10
//! ** server can't find nowhere.shop.example: NXDOMAIN
//! ```

use std::net::IpAddr;

use super::dns::{gave_up, is_record_type, name, of_rcode, server_error};
use super::observable::DNS_RECORD;
use super::request::endpoint;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Lookup, Outcome};

pub(super) const READER: Reader = Reader { kind: "nslookup", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    let heading = part.any(|text| text.starts_with("Server:")) && part.any(|text| text.starts_with("Address:"));
    if heading || part.any(|text| not_found(text).is_some() || text.contains("\tcanonical name = ")) {
        return 0.98;
    }
    let errors = part.any(|text| server_error(text).is_some() || gave_up(text) || text.starts_with("nslookup: "));
    let windows = part.any(|text| text == "DNS request timed out.")
        || (part.runs("nslookup") && part.any(|text| text.starts_with("Address")));
    match (errors || windows || part.any(|text| text.contains("\tname = ")), part.runs("nslookup")) {
        (true, true) => 0.98,
        (true, false) if windows => 0.9,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut answer =
        Answer { asked: asked(part), record: asked_record(part), server: asked_server(part), ..Answer::default() };
    for line in &part.lines {
        if answer.line(line.number, line.text.trim_end(), findings) {
            findings.noise(line.number);
        }
    }
    answer.finish(findings);
}

/// One question while its lines are coming. busybox asks for A and AAAA and prints both answers; they are one.
#[derive(Default)]
struct Answer {
    asked: Option<String>,
    /// The type of record that the command line asks for.
    record: String,
    first: Option<u32>,
    last: u32,
    server: Option<IpAddr>,
    /// Whether the heading is over, so that addresses are answers.
    headed: bool,
    name: Option<String>,
    addresses: Vec<IpAddr>,
    aliases: Vec<String>,
    /// Hosts that receive its mail.
    /// Whether it names hosts that receive mail.
    mail: bool,
    /// How often Windows has waited in vain.
    waits: u32,
    failed: Option<Outcome>,
    trouble: Option<Outcome>,
    answered: bool,
    /// What Windows calls the server in its language.
    server_label: Option<String>,
}

impl Answer {
    /// Takes in one line; false if it means nothing known.
    fn line(&mut self, number: u32, text: &str, findings: &mut Findings) -> bool {
        let trimmed = text.trim();
        if text.starts_with("Server:") {
            if self.first.is_some() && (self.answered || self.failed.is_some()) {
                let (asked, record) = (self.asked.clone(), self.record.clone());
                std::mem::replace(self, Answer { asked, record, ..Answer::default() }).finish(findings);
            }
            // What stands below is the server's address, also where a dialogue has named it before.
            self.headed = false;
            self.at(number);
        } else if text.starts_with("Default server:") {
            // "server 10.0.0.53", typed in a dialogue: whom to ask from now on.
            std::mem::take(self).finish(findings);
            self.at(number);
        } else if let Some(value) = trimmed.strip_prefix("Address").map(|rest| rest.trim_start_matches("es")) {
            let Some(value) = value.strip_prefix(':') else { return false };
            self.at(number);
            self.address(value.trim());
        } else if let Some(value) = text.strip_prefix("Name:") {
            self.at(number);
            self.headed = true;
            self.name.get_or_insert(name(value.trim()));
        } else if let Some((of, outcome)) = not_found(trimmed) {
            self.at(number);
            self.headed = true;
            self.name.get_or_insert(name(of));
            self.failed = Some(outcome);
        } else if let Some((of, to)) = trimmed.split_once("canonical name = ") {
            self.at(number);
            self.headed = true;
            self.name.get_or_insert(name(of.trim()));
            if !self.aliases.contains(&name(to)) {
                self.aliases.push(name(to));
            }
        } else if let Some((of, record)) = other_record(trimmed) {
            self.at(number);
            self.answered = true;
            self.name.get_or_insert(name(of));
            if let Some(record) = record {
                self.mail |= record.starts_with("MX ");
                findings.state(Lines::one(number), DNS_RECORD, "seen", endpoint(of, None), record);
            }
        } else if trimmed.starts_with(";; Connection to ") && trimmed.contains(" failed: ") {
            // Over TCP, for what does not fit into a datagram.
            self.at(number);
            let refused = trimmed.contains("refused");
            self.trouble = Some(if refused { Outcome::DnsUnreachable } else { Outcome::DnsTimeout });
        } else if let Some((server, outcome)) = server_error(trimmed) {
            self.at(number);
            self.server = server.or(self.server);
            self.trouble = Some(outcome);
        } else if let Some((server, _)) =
            trimmed.strip_prefix("nslookup: write to '").and_then(|rest| rest.split_once("': "))
        {
            self.at(number);
            self.server = server.split(':').next().and_then(|server| server.parse().ok());
            self.trouble = Some(Outcome::DnsUnreachable);
        } else if gave_up(trimmed) || (trimmed.starts_with("*** Request to ") && trimmed.ends_with("timed-out")) {
            self.at(number);
            self.failed = Some(self.trouble.unwrap_or(Outcome::DnsTimeout));
        } else if trimmed == "DNS request timed out." {
            self.at(number);
            self.waits += 1;
        } else if self.waits > 0 && trimmed.starts_with("*** ") {
            // "*** Request to … timed-out", in whatever language.
            self.at(number);
            self.failed = Some(Outcome::DnsTimeout);
        } else if let Some((label, value)) = foreign_label(text) {
            // Windows translates its labels: the first names the server, the next what was found. In a dialogue the server's comes again.
            let server = self.server_label.clone().unwrap_or_else(|| label.to_owned());
            if self.headed && label == server {
                let answer = Answer { asked: self.asked.clone(), server_label: Some(server), ..Answer::default() };
                std::mem::replace(self, answer).finish(findings);
            } else if self.headed {
                self.name.get_or_insert(name(value));
            } else {
                self.server_label = Some(server);
            }
            self.at(number);
        } else if self.headed && text.starts_with(['\t', ' ']) && trimmed.parse::<IpAddr>().is_ok() {
            // Windows lists further addresses below the first.
            self.at(number);
            self.address(trimmed);
        } else if trimmed.starts_with("origin = ") {
            // An SOA, whose name stands on the line above.
            self.at(number);
            self.answered = true;
        } else if self.headed
            && !text.starts_with(['\t', ' '])
            && trimmed.contains('.')
            && !trimmed.contains([' ', ':'])
        {
            self.at(number);
            self.name.get_or_insert(name(trimmed));
        } else {
            return is_decoration(trimmed);
        }
        true
    }

    /// In the heading the server's, later an answer.
    fn address(&mut self, value: &str) {
        let bare = value.split('#').next().unwrap_or(value);
        let address: Option<IpAddr> =
            bare.parse().ok().or_else(|| bare.rsplit_once(':')?.0.trim_matches(['[', ']']).parse().ok());
        if self.headed {
            self.answered = true;
            self.addresses.extend(address);
        } else {
            self.server = address;
            self.headed = true;
        }
    }

    fn at(&mut self, number: u32) {
        self.first = self.first.or(Some(number));
        self.last = number;
    }

    fn finish(self, findings: &mut Findings) {
        let (Some(first), true) = (self.first, self.answered || self.failed.is_some()) else { return };
        let Some(name) = self.asked.or(self.name) else { return };
        let outcome = if self.answered { Outcome::Ok } else { self.failed.unwrap_or(Outcome::NoData) };
        let (server, mut addresses, aliases) = (self.server, self.addresses, self.aliases);
        // Of an address a name was asked: the address below that name repeats the question.
        if name.parse::<IpAddr>().is_ok() {
            addresses.clear();
        }
        let lookup = Lookup { server, addresses, aliases, record: self.record, ..Lookup::new(&name, outcome) };
        findings.fact(Lines::new(first, self.last), Claim::Lookup(lookup.for_mail(self.mail)));
    }
}

/// `** server can't find H: NXDOMAIN`, `*** Can't find H: No answer`, `*** dns1 can't find H: Non-existent domain`.
fn not_found(text: &str) -> Option<(&str, Outcome)> {
    let rest = text.strip_prefix("**")?;
    let (_, rest) = rest.split_once("an't find ")?;
    let (of, reason) = rest.rsplit_once(": ")?;
    // "No response from server" is Windows'.
    let silent = reason.starts_with("No response from server").then_some(Outcome::DnsTimeout);
    Some((of, of_rcode(reason.trim()).or(silent)?))
}

/// The name of a record that holds no address, and the record: `shop.example  mail exchanger = 10 mx1.shop.example.` A text may be a secret.
fn other_record(text: &str) -> Option<(&str, Option<String>)> {
    [("name = ", "PTR"), ("mail exchanger = ", "MX"), ("text = ", ""), ("service = ", "SRV")].iter().find_map(
        |(label, kind)| {
            let (of, said) = text.split_once(label)?;
            let of = of.strip_suffix('\t').or_else(|| of.strip_suffix(' '))?.trim_end();
            let record = (!kind.is_empty()).then(|| format!("{kind} {}", said.trim()));
            (of.contains('.') && !of.contains(' ')).then_some((of, record))
        },
    )
}

/// The value behind a label that is not in English: `名称:    shop.example`, `Nom :    shop.example`.
fn foreign_label(text: &str) -> Option<(&str, &str)> {
    let (label, value) = text.split_once(':')?;
    let value = value.strip_prefix("  ")?.trim();
    // "Serveur par défaut :" heads a dialogue.
    let label = label.split_whitespace().next()?;
    let plain = label.chars().count() <= 12 && !label.starts_with(['*', ';', ' ', '\t']);
    (plain && !value.is_empty() && !value.contains(' ') && !label.starts_with("Alias")).then_some((label, value))
}

/// The name on a command line of `nslookup`.
fn asked(part: &Part) -> Option<String> {
    let command = part.command.as_ref()?;
    let words = command.words().skip_while(|word| *word != "nslookup").skip(1);
    let plain = words.filter(|word| !word.starts_with('-') && !is_record_type(word)).map(name).next()?;
    // A reverse lookup is answered under the name made of the address.
    plain.parse::<IpAddr>().is_err().then_some(plain)
}

/// The type of record on the command line: `-type=MX`, `-q=mx`. That one is not there says nothing of addresses.
fn asked_record(part: &Part) -> String {
    let words = part.command.iter().flat_map(|command| command.words());
    let mut values = words.filter_map(|word| word.strip_prefix('-')?.split_once('=')).map(|(_, value)| value);
    values.find(|value| is_record_type(value)).map(str::to_ascii_uppercase).unwrap_or_default()
}

/// The server on the command line, after the name.
fn asked_server(part: &Part) -> Option<IpAddr> {
    let words = part.command.as_ref()?.words().skip_while(|word| *word != "nslookup").skip(1);
    words.filter(|word| !word.starts_with('-')).nth(1)?.parse().ok()
}

fn is_decoration(text: &str) -> bool {
    text.is_empty()
        || text == "Non-authoritative answer:"
        || text == "Authoritative answers can be found from:"
        || ["mail addr = ", "serial = ", "refresh = ", "retry = ", "expire = ", "minimum = "]
            .iter()
            .any(|label| text.starts_with(label))
        || text.starts_with("timeout was ")
        || text.starts_with(";; Got ")
        || text.starts_with("Aliases:")
        || text.starts_with("*** Can't find server name for address")
}
