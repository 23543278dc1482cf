//! What each line of an answer tells: where one begins and ends, why there is none, what was asked, and the records.

use super::asked::Asked;
use super::record::{Data, Record, record};
use super::{Open, Section, bare_status};
use crate::evidence::Lines;
use crate::fact::{Endpoint, Outcome};
use crate::read::Findings;
use crate::read::dns::{gave_up, name, no_answer, of_rcode, server_error};
use crate::read::observable::DNS_EXTENDED_ERROR;
use crate::read::pick::between;

/// What delv says of an answer that it cannot prove (BIND's lib/isc/result.c).
const BOGUS: [&str; 5] =
    ["broken trust chain", "no valid ", "insecurity proof failed", "verify failure", "got insecure response"];

impl Open {
    /// Takes in one line; false if it means nothing known.
    pub(super) fn line(&mut self, number: u32, text: &str, asked: &Asked, findings: &mut Findings) -> bool {
        self.begins(number, text, asked, findings)
            || self.is_marked(number, text, findings)
            || self.fails(number, text, asked, findings)
            || self.is_asked(text, asked, findings)
            || self.ends(number, text, asked, findings)
            || self.holds(number, text, asked, findings)
            || text.starts_with(';')
            || text.is_empty()
    }

    /// Where one message begins, and what is no answer at all.
    fn begins(&mut self, number: u32, text: &str, asked: &Asked, findings: &mut Findings) -> bool {
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
        } else {
            return false;
        }
        true
    }

    /// What stands in the header besides its status: the flags, how many records answer, and why it is as it is.
    fn is_marked(&mut self, number: u32, text: &str, findings: &mut Findings) -> bool {
        if let Some(code) = between(text, "; EDE: ", " (") {
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
        } else {
            return false;
        }
        true
    }

    /// Why no answer came, or no good one.
    fn fails(&mut self, number: u32, text: &str, asked: &Asked, findings: &mut Findings) -> bool {
        if let Some((server, outcome)) = server_error(text) {
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
        } else {
            return false;
        }
        true
    }

    /// What was asked, and which records come next.
    fn is_asked(&mut self, text: &str, asked: &Asked, findings: &mut Findings) -> bool {
        if let Some(question) = question(text) {
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
        } else {
            return false;
        }
        true
    }

    /// Who has answered, how fast, and where the next answer begins.
    fn ends(&mut self, number: u32, text: &str, asked: &Asked, findings: &mut Findings) -> bool {
        if let Some(rest) = text.strip_prefix(";; Query time: ") {
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
        } else {
            return false;
        }
        true
    }

    /// A record.
    fn holds(&mut self, number: u32, text: &str, asked: &Asked, findings: &mut Findings) -> bool {
        let Some(found) = record(text) else { return false };
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

/// What stands behind the mark of a question; Knot's and NLnet Labs' tools write two.
fn question(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(";; ").or_else(|| text.strip_prefix(';'))?;
    (rest.split_whitespace().nth(1) == Some("IN") && !rest.starts_with(';')).then_some(rest)
}
