//! Reads questions to name servers and their answers, as `tcpdump` prints them.
//!
//! ```text
//! 33106+ [1au] A? api.shop.example. (57)
//! 33106* 1/1/2 A 203.0.113.10 (123)
//! ```

use super::packet::{Heading, Packet};
use super::{Question, Seen};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Lookup, Outcome};
use crate::read::Findings;
use crate::read::dns::{name, of_rcode};

impl Seen {
    /// `33106+ [1au] A? api.shop.example. (57)`, `33106* 1/1/2 A 203.0.113.10 (123)`, `23164 NXDomain* 0/1/1 (128)`.
    pub(super) fn dns(&mut self, number: u32, packet: &Packet, findings: &mut Findings) {
        let id = packet.says.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().to_owned();
        let words: Vec<&str> = packet.says.split_whitespace().collect();
        if packet.to.port == Some(53) {
            let Some(at) = words.iter().position(|word| word.ends_with('?')) else { return };
            let (Some(record), Some(of)) = (words.get(at), words.get(at + 1)) else { return };
            let record = record.trim_end_matches('?').to_owned();
            let server = packet.to.address;
            self.questions.insert(
                id,
                Question { line: number, record, name: if *of == "." { ".".to_owned() } else { name(of) }, server },
            );
            return;
        }
        // What another address answers its asker throws away.
        let asked = self.questions.get(&id).is_some_and(|question| question.server == packet.from.address);
        let Some(question) = self.questions.remove(&id).filter(|_| asked) else { return };
        let rcode = words.get(1).map(|word| word.trim_end_matches(['*', '-', '|', '$']).to_ascii_uppercase());
        let counts = words.iter().find(|word| word.split('/').count() == 3);
        let empty = counts.is_some_and(|counts| counts.starts_with("0/"));
        let outcome = match rcode.as_deref().and_then(of_rcode) {
            Some(outcome) => outcome,
            None if empty => Outcome::NoData,
            None => Outcome::Ok,
        };
        let addresses = words.iter().skip(2).filter_map(|word| word.trim_end_matches(',').parse().ok()).collect();
        let lookup = Lookup {
            record: question.record,
            server: question.server,
            addresses,
            ..Lookup::new(&question.name, outcome)
        };
        findings.fact(Lines::new(question.line, number), Claim::Lookup(lookup));
    }

    /// A question or an answer of DNS as another program prints it, in tcpdump's words.
    pub(in crate::read) fn name_query(
        &mut self,
        number: u32,
        (from, to): (Endpoint, Endpoint),
        says: &str,
        findings: &mut Findings,
    ) {
        self.dns(number, &Packet { from, to, ends: ("", ""), says, heading: Heading::Untold, interface: "" }, findings);
    }
}
