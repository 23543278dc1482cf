//! Reads `dig`, 9.10 to 9.20, with its header, with `+noall +answer` or `+yaml`; also `kdig`, `drill` and `delv`, which print the same.
//!
//! ```text
//! ;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 15239
//! ;; QUESTION SECTION:
//! ;pr-1043.preview.lumen.example.        IN      A
//! ;; Query time: 4 msec
//! ;; SERVER: 10.50.0.53#53(10.50.0.53) (UDP)
//! ```

use std::net::IpAddr;

use super::dns::{gave_up, name, no_answer, of_rcode, server_error, zone_at};
use super::observable::{COMPLAINT, DNS_EXTENDED_ERROR};
use super::pick::between;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Lookup, Outcome};

mod asked;
mod dnssec;
mod ending;
mod record;

use asked::Asked;
use dnssec::Keys;
use record::{Data, Record, record};

pub(super) const READER: Reader = Reader { kind: "dig", most: 0.99, recognize, read };

/// What delv says of an answer that it cannot prove (BIND's lib/isc/result.c).
const BOGUS: [&str; 5] =
    ["broken trust chain", "no valid ", "insecurity proof failed", "verify failure", "got insecure response"];

fn recognize(part: &Part) -> f64 {
    if part.any(|text| text.starts_with(";; ->>HEADER<<-") || text.contains("<<>> DiG ")) {
        return 0.99;
    }
    if part.runs("dig") && part.any(|text| bare_status(text).is_some()) {
        return 0.95;
    }
    if part.any(|text| {
        text.trim_start().starts_with(";; Query time: ")
            || text.starts_with(";; connection timed out; no servers")
            || (text.starts_with(";; ") && (server_error(text).is_some() || gave_up(text)))
            || text.starts_with(";; resolution failed: ")
            || matches!(text, "- type: MESSAGE" | "- type: DIG_ERROR")
    }) {
        return 0.95;
    }
    if part.any(|text| text.starts_with("Error: error sending query: ")) && part.runs("drill") {
        return 0.95;
    }
    if part.any(|text| zone_at(text).is_some()) {
        return 0.97;
    }
    if part.any(|text| record(text).is_some()) { 0.9 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let asked = part.command.as_ref().map(Asked::of_command).unwrap_or_default();
    let mut answer = Open::default();
    let mut keys = Keys::default();
    let yaml = part.any(|text| text == "- type: MESSAGE");
    for line in &part.lines {
        // Quoted in a document, everything is indented.
        let text = if yaml { line.text.trim_end() } else { line.text.trim() };
        let known = match yaml {
            true => answer.line(line.number, &from_yaml(text), &asked, findings),
            false => answer.line(line.number, text, &asked, findings),
        };
        if let Some((server, seconds)) = zone_at(text) {
            let name = asked.name.clone().unwrap_or_default();
            let lookup = Lookup { record: "SOA".to_owned(), server, seconds, ..Lookup::new(&name, Outcome::Ok) };
            findings.fact(Lines::one(line.number), Claim::Lookup(lookup));
        } else if text == "; Transfer failed." {
            let of = asked.server.map(|server| Endpoint::at(server, Some(53))).unwrap_or_default();
            findings.state(Lines::one(line.number), COMPLAINT, "declines", of, "the transfer of the zone failed");
        }
        if keys.line(line.number, text) || known || yaml {
            findings.noise(line.number);
        }
    }
    answer.finish(&asked, findings);
    keys.tell(findings);
}

/// Which records stand here.
#[derive(Default, Clone, Copy, PartialEq)]
enum Section {
    /// `+noall +answer` and `+trace` print records without a heading.
    #[default]
    Unmarked,
    Answer,
    /// Authority and additional records are not what was asked for.
    Beside,
}

/// One answer while its lines are coming.
#[derive(Default)]
struct Open {
    section: Section,
    first: Option<u32>,
    last: u32,
    status: Option<Outcome>,
    trouble: Option<Outcome>,
    name: Option<String>,
    record: Option<String>,
    server: Option<IpAddr>,
    seconds: Option<f64>,
    addresses: Vec<IpAddr>,
    aliases: Vec<String>,
    /// Whether it names hosts that receive mail.
    mail: bool,
    /// What the records hold that are neither an address nor an alias.
    values: Vec<(u32, String)>,
    ttl: Option<u32>,
    owner: Option<String>,
    /// How many records answer, as the line with the flags counts them.
    answers: Option<u32>,
    /// Name servers to ask instead, and no word of the zone's own that there is nothing.
    referral: Option<(u32, String, String)>,
    /// Where it says that it keeps the answer back, and in which words.
    withheld: Option<(u32, String)>,
    question_only: bool,
    /// What came was no whole message, or had to be fetched once more over TCP.
    malformed: bool,
    truncated: bool,
    /// The answer itself says that it holds only as much as went into it: the flag `tc`.
    cut: bool,
}

impl Open {
    /// Takes in one line; false if it means nothing known.
    fn line(&mut self, number: u32, text: &str, asked: &Asked, findings: &mut Findings) -> bool {
        let header = text.starts_with(";; ->>HEADER<<-") || bare_status(text).is_some();
        if self.question_only && !header {
            // With +qr, and with drill -V, the question is printed in full before it is sent; it answers nothing.
            self.question_only = !text.starts_with(";; Got answer:");
        } else if text == ";; Sending:" {
            self.finish(asked, findings);
            self.question_only = true;
        } else if header {
            let malformed = std::mem::take(&mut self.malformed);
            self.finish(asked, findings);
            self.at(number);
            // A notice or a change of a zone asks for no name.
            let is_query = between(text, "opcode: ", ",").is_none_or(|opcode| opcode == "QUERY");
            if !is_query {
                *self = Open { question_only: true, ..Open::default() };
                return true;
            }
            // drill says "rcode".
            let status = between(text, "status: ", ",").or_else(|| between(text, "rcode: ", ","));
            let status = status.or_else(|| between(text, "status: ", ";")).and_then(of_rcode);
            self.status = status.or_else(|| bare_status(text));
            if malformed {
                self.status = Some(Outcome::Unresolved);
            }
        } else if let Some(code) = between(text, "; EDE: ", " (") {
            // Extended DNS errors 6 to 12 say which part of DNSSEC does not hold (RFC 8914, section 4).
            self.at(number);
            let said = text.split_once("EDE: ").map_or("", |(_, said)| said);
            findings.state(Lines::one(number), DNS_EXTENDED_ERROR, "seen", Endpoint::default(), said);
            // 15 to 17: the server keeps the answer back by itself, or somebody makes it.
            if code.parse().is_ok_and(|code: u16| (15..=17).contains(&code)) {
                self.withheld = Some((number, format!("EDE {said}")));
            }
            if code.parse().is_ok_and(|code: u16| (6..=12).contains(&code)) && self.status == Some(Outcome::Servfail) {
                self.status = Some(Outcome::DnsBogus);
            }
        } else if between(text, ";; flags: ", ";").is_some_and(|flags| flags.split(' ').all(|flag| flag != "qr")) {
            // RFC 1035 section 4.1.1: without it the message is a question.
            *self = Open { question_only: true, ..Open::default() };
        } else if let Some(count) = between(text, "ANSWER: ", ",").or_else(|| between(text, "ANSWER: ", ";")) {
            self.answers = count.parse().ok();
            self.cut = between(text, "flags: ", ";").is_some_and(|flags| flags.split(' ').any(|flag| flag == "tc"));
            self.at(number);
        } else if let Some((server, outcome)) = server_error(text) {
            let truncated = std::mem::take(&mut self.truncated);
            if server.is_some() && self.server != server {
                self.finish(asked, findings);
            }
            self.at(number);
            // After ";; Truncated, retrying in TCP mode." the name stands here and nowhere else.
            self.name = self.name.take().or_else(|| between(text, ") for ", " failed").map(name));
            self.server = server.or(self.server);
            // It has answered, in too few words.
            let refuses_tcp = truncated && outcome == Outcome::DnsUnreachable;
            self.trouble = Some(if refuses_tcp { Outcome::Unresolved } else { outcome });
        } else if let Some((why, rest)) = text.strip_prefix(";; ").and_then(|text| text.split_once(" resolving '")) {
            // delv: ";; connection refused resolving 'cart.example/A/IN': 10.0.0.1#53"
            // With +rtrace the answer above is that of another question.
            self.at(number);
            let mut asked = rest.split('/');
            self.name = asked.next().map(name);
            self.record = asked.next().map(str::to_owned);
            self.status = None;
            self.server = rest.rsplit(": ").next().and_then(|server| server.split('#').next()?.parse().ok());
            let trouble = match why.split_once(" unexpected RCODE") {
                Some((rcode, _)) => of_rcode(rcode),
                None if why.contains("refused") => Some(Outcome::DnsUnreachable),
                None if why.contains("timed out") => Some(Outcome::DnsTimeout),
                // It does not validate: "broken trust chain", "no valid signature found", "insecurity proof failed".
                None if BOGUS.iter().any(|bogus| why.starts_with(bogus)) => Some(Outcome::DnsBogus),
                None => None,
            };
            self.trouble = trouble.or(self.trouble);
        } else if let Some(why) = text.strip_prefix(";; resolution failed: ") {
            self.at(number);
            self.status = match why {
                "ncache nxdomain" => Some(Outcome::Nxdomain),
                "ncache nxrrset" => Some(Outcome::NoData),
                "SERVFAIL" => Some(Outcome::Servfail),
                _ => Some(self.trouble.unwrap_or(Outcome::Unresolved)),
            };
        } else if text.starts_with("Error: error sending query: ") {
            self.at(number);
            self.status = Some(Outcome::Unresolved);
        } else if text.starts_with(";; Warning: Message parser reports malformed") {
            self.malformed = true;
        } else if text.starts_with(";; Truncated, retrying in TCP mode") {
            self.truncated = true;
        } else if gave_up(text) {
            self.at(number);
            self.status = Some(self.trouble.unwrap_or_else(|| no_answer(text)));
        } else if let Some(rest) = text.strip_prefix("couldn't get address for '") {
            // "+trace" was referred to a name server whose own name does not resolve.
            self.at(number);
            self.name = rest.split('\'').next().map(name);
            self.status = Some(Outcome::Unresolved);
        } else if text.starts_with("dig: couldn't get address for '") {
            self.at(number);
        } else if let Some(question) = question(text) {
            // With "+noall +question +answer" each name of several begins so.
            if self.status.is_none() && self.owner.is_some() {
                self.finish(asked, findings);
            }
            let mut words = question.split_whitespace();
            self.name = words.next().map(name);
            self.record = words.nth(1).map(str::to_owned);
        } else if let Some(heading) = text.strip_prefix(";; ").and_then(|rest| rest.strip_suffix(" SECTION:")) {
            // A filter that leaves the answers of several digs leaves their headings.
            if heading == "ANSWER" && self.owner.is_some() {
                self.finish(asked, findings);
            }
            self.section = if heading == "ANSWER" { Section::Answer } else { Section::Beside };
        } else if let Some(rest) = text.strip_prefix(";; Query time: ") {
            self.at(number);
            self.seconds = rest.split(' ').next().and_then(|ms| ms.parse::<f64>().ok()).map(|ms| ms / 1000.0);
        } else if let Some(rest) = text.strip_prefix(";; SERVER: ") {
            self.at(number);
            self.server = rest.split('#').next().and_then(|server| server.parse().ok());
        } else if let Some(rest) = text.strip_prefix(";; Received ").and_then(|rest| rest.split_once(" from ")) {
            // "+trace": every step ends with who has answered it.
            self.server = rest.1.split('#').next().and_then(|server| server.parse().ok());
            self.at(number);
            self.finish(asked, findings);
        } else if let Some((server, rest)) = text.strip_prefix(";; From ").and_then(|rest| rest.split_once('@')) {
            // The last line of kdig's answer: ";; From 10.58.0.9@53(UDP) in 2108.2 ms"
            self.at(number);
            self.server = server.parse().ok();
            let spent = rest.split_once(" in ").and_then(|(_, spent)| spent.split(' ').next()?.parse::<f64>().ok());
            self.seconds = spent.map(|ms| ms / 1000.0);
            self.finish(asked, findings);
        } else if text.starts_with("; <<>> DiG ") {
            // Errors of the servers asked first are printed above the heading.
            if self.trouble.is_none() {
                self.finish(asked, findings);
            }
            self.at(number);
            self.name = self.name.take().or_else(|| Asked::of(text.split_whitespace().skip(4)).name);
        } else if let Some(found) = record(text) {
            if self.section == Section::Beside {
                let mut words = text.split_whitespace();
                match (words.next(), words.nth(2), words.next()) {
                    (Some(zone), Some("NS"), Some(server)) => {
                        self.referral.get_or_insert((number, name(zone), name(server)));
                    }
                    (_, Some("SOA"), _) => self.referral = None,
                    _ => {}
                }
            }
            // mdig and "+noall +answer" print what several questions brought as one list: a name that no alias leads to is another's.
            let answers = matches!(found.data, Data::Address(_) | Data::Alias(_));
            let begun = !self.addresses.is_empty() || !self.aliases.is_empty();
            let another = self.owner.as_ref() != Some(&found.owner) && !self.aliases.contains(&found.owner);
            if self.section == Section::Unmarked && answers && begun && another {
                // Below the question of another name it is a record beside the answer, whose heading a filter took away.
                if self.name.as_ref().is_some_and(|name| Some(name) == self.owner.as_ref()) && self.record.is_some() {
                    return true;
                }
                self.finish(asked, findings);
                self.name = Some(found.owner.clone());
            }
            self.at(number);
            self.add(number, found, asked);
        } else {
            return text.starts_with(';') || text.is_empty();
        }
        true
    }

    fn at(&mut self, number: u32) {
        self.first = self.first.or(Some(number));
        self.last = number;
    }

    fn add(&mut self, number: u32, record: Record, asked: &Asked) {
        let wanted = self.record.as_deref().or(asked.record.as_deref());
        let beside = match self.section {
            Section::Answer => false,
            Section::Beside => true,
            // The SOA of a negative answer names the zone, the NS of a referral who is to be asked next.
            Section::Unmarked => matches!(record.data, Data::Zone) && !matches!(wanted, Some("NS" | "SOA" | "ANY")),
        };
        if beside {
            return;
        }
        self.owner = self.owner.take().or(Some(record.owner));
        self.values.extend(record.value.map(|value| (number, value)));
        match record.data {
            Data::Address(address) => self.addresses.push(address),
            Data::Alias(alias) => self.aliases.push(alias),
            Data::Mail => self.mail = true,
            Data::Zone | Data::Other => return,
        }
        self.ttl = Some(self.ttl.map_or(record.ttl, |ttl| ttl.min(record.ttl)));
    }
}

/// What `grep -o 'status: [A-Z]*'` leaves of the header.
fn bare_status(text: &str) -> Option<Outcome> {
    of_rcode(text.trim_start().strip_prefix("status: ")?.trim_end_matches(','))
}

/// What stands behind the mark of a question; Knot's and NLnet Labs' tools write two.
fn question(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(";; ").or_else(|| text.strip_prefix(';'))?;
    (rest.split_whitespace().nth(1) == Some("IN") && !rest.starts_with(';')).then_some(rest)
}

/// A line of `+yaml` as the same answer prints without it.
fn from_yaml(text: &str) -> String {
    let text = text.trim().trim_start_matches("- ").trim_matches('\'');
    if let Some(section) = text.strip_suffix("_SECTION:") {
        return format!(";; {section} SECTION:");
    }
    match text.split_once(": ") {
        Some(("status", status)) => format!(";; ->>HEADER<<- opcode: QUERY, status: {status}, id: 0"),
        Some(("response_address", server)) => format!(";; SERVER: {server}#53"),
        _ if text.split(' ').count() == 3 && text.contains(". IN ") => format!(";{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn what_a_filter_leaves_of_kdig_tells_how_long_each_answer_took() {
        let one = "shop.lab.example.\t5\tIN\tA\t10.0.0.5\n;; Received 56 B\n;; From 10.0.0.9@53(UDP) in 2108.2 ms\n";
        let told = told(READER, &one.repeat(2));
        assert_eq!(told, ["shop.lab.example resolved to 10.0.0.5, after 2.1 s"; 2]);
    }

    #[test]
    fn a_question_in_full_is_no_answer() {
        let question = ";; ->>HEADER<<- opcode: QUERY, rcode: NOERROR, id: 0\n;; flags: rd ; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0 \n\
                        ;; QUESTION SECTION:\n;; shop.lab.example.\tIN\tA\n\n;; ANSWER SECTION:\n\n;; Query time: 0 msec\n";
        assert_eq!(told(READER, question), [""; 0]);
        let answer = ";; ->>HEADER<<- opcode: QUERY, rcode: NOERROR, id: 63607\n;; flags: qr aa rd ra ; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0 \n\
                      ;; QUESTION SECTION:\n;; shop.lab.example.\tIN\tA\n\n;; ANSWER SECTION:\nshop.lab.example.\t0\tIN\tA\t198.18.5.10\n";
        assert_eq!(told(READER, &format!("{question}{answer}")), ["shop.lab.example resolved to 198.18.5.10"]);
    }

    #[test]
    fn each_name_of_one_list_keeps_its_own_addresses() {
        let text = "shop.lab.example.\t0s\tIN\tA\t198.18.5.10\nwww.lab.example.\t60\tIN\tCNAME\ttwo.lab.example.\n\
                    two.lab.example.\t0s\tIN\tA\t198.18.5.10\ntwo.lab.example.\t0s\tIN\tA\t198.18.5.77\n";
        assert_eq!(
            told(READER, text),
            ["shop.lab.example resolved to 198.18.5.10", "www.lab.example resolved to 198.18.5.10, 198.18.5.77",]
        );
    }

    #[test]
    fn an_answer_that_cannot_be_proved_is_no_silence() {
        let text = ";; REFUSED unexpected RCODE resolving 'example/DS/IN': 198.18.5.10#53\n\
                    ;; broken trust chain resolving 'v6.lab.example/A/IN': 198.18.5.10#53\n;; resolution failed: broken trust chain";
        assert_eq!(told(READER, text), ["the lookup of v6.lab.example got an answer whose signature does not hold"]);
    }
}
