//! What dig shows of a zone's keys: which its parent vouches for, which it has, and until when they sign.
//!
//! ```text
//! shop.example.  300  IN  DS      36311 13 2 337E77B0545A86CA0D794F3210FBD9E8F56A691C95FED81F18301EE1 000A0EEB
//! shop.example.  300  IN  DNSKEY  257 3 13 (
//!                         yoOWTeRh1CF+gQZmtCU9MTMEFQnOFKZ2iuZ4yLidFWDOJTKwTC8+7hbea5Z9WAabFnd0HXn7QwXi7bkGjBiecw==
//!                         ) ; KSK; alg = ECDSAP256SHA256 ; key id = 49752
//! shop.example.  300  IN  RRSIG   A 13 2 300 20261228000000 20261128000000 16653 shop.example. …
//! ```
//!
//! A key's number is printed with `+multiline` or `+rrcomments` only. Records: RFC 4034, sections 2, 3 and 5.

use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::Findings;
use crate::read::dns::name;
use crate::read::observable::{DNSSEC_DS, DNSSEC_KEY, DNSSEC_SIGNATURE};

/// The records of a text, as far as it has been read.
#[derive(Default)]
pub(super) struct Keys {
    /// Line, zone, number of the key that its parent vouches for.
    vouched: Vec<(u32, String, u16)>,
    /// Lines, zone, number, and what dig calls it.
    keys: Vec<(Lines, String, u16, String)>,
    /// Line, name, and what signs it.
    signatures: Vec<(u32, String, String)>,
    /// A record in parentheses that is not closed yet: its line, its owner, and whether it is a key.
    open: Option<(u32, String, bool)>,
}

impl Keys {
    /// Takes in one line; false if it belongs to none of these records.
    pub(super) fn line(&mut self, number: u32, text: &str) -> bool {
        if let Some((first, zone, is_key)) = self.open.take() {
            if is_key {
                self.key(Lines::new(first, number), &zone, text);
            }
            let ends = text.contains(')') || text.is_empty();
            if !ends {
                self.open = Some((first, zone, is_key));
            }
            return true;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let [owner, _, "IN", kind, data @ ..] = words.as_slice() else { return false };
        if !owner.ends_with('.') || owner.starts_with(';') {
            return false;
        }
        match (*kind, data) {
            ("DS", [tag, ..]) => self.vouched.extend(tag.parse().ok().map(|tag| (number, name(owner), tag))),
            ("DNSKEY", _) => self.key(Lines::one(number), &name(owner), text),
            ("RRSIG", [of, _, _, _, until, since, tag, signer, ..]) if until.len() == 14 && since.len() == 14 => {
                let signer = name(signer);
                let says = format!("{of}, signed by key {tag} of {signer}, valid from {since} to {until}");
                self.signatures.push((number, name(owner), says));
            }
            _ => {}
        }
        if text.contains(" (") && !text.contains(')') {
            self.open = Some((number, name(owner), *kind == "DNSKEY"));
        }
        matches!(*kind, "DS" | "DNSKEY" | "RRSIG")
    }

    fn key(&mut self, lines: Lines, zone: &str, text: &str) {
        let Some((comment, tag)) = text.split_once("key id = ") else { return };
        let Some(Ok(tag)) = tag.split_whitespace().next().map(str::parse) else { return };
        let role = ["KSK", "ZSK"].into_iter().find(|role| comment.contains(role)).unwrap_or("key");
        self.keys.push((lines, zone.to_owned(), tag, role.to_owned()));
    }

    pub(super) fn tell(self, findings: &mut Findings) {
        let zone = |name: &str| Endpoint { host: Some(name.to_owned()), ..Endpoint::default() };
        for (number, owner, tag) in &self.vouched {
            let mut known = self.keys.iter().filter(|(_, zone, ..)| zone == owner);
            let value = match known.clone().next() {
                None => "seen",
                Some(_) if known.any(|(_, _, key, _)| key == tag) => "key_present",
                Some(_) => "key_absent",
            };
            findings.state(Lines::one(*number), DNSSEC_DS, value, zone(owner), format!("key tag {tag}"));
        }
        for (lines, owner, tag, role) in &self.keys {
            findings.state(*lines, DNSSEC_KEY, "seen", zone(owner), format!("{role}, key id {tag}"));
        }
        for (number, owner, says) in &self.signatures {
            findings.state(Lines::one(*number), DNSSEC_SIGNATURE, "seen", zone(owner), says.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::read::dig::READER;
    use crate::read::told;

    #[test]
    fn a_key_that_the_parent_vouches_for_is_looked_for_among_the_keys() {
        let text = "coast.example.\t300\tIN\tDS\t36311 13 2 337E77B0545A86CA0D794F3210FBD9E8F56A691C95FED81F18301EE1 000A0EEB\n\
                    coast.example.\t300 IN DNSKEY 257 3 13 (\n\t\t\t\tyoOWTeRh1CF+gQZmtCU9MTMEFQnOFKZ2iuZ4yLidFWDO\n\
                    \t\t\t\t) ; KSK; alg = ECDSAP256SHA256 ; key id = 49752\n\
                    www.coast.example. 300 IN RRSIG A 13 3 300 20261228000000 20261128000000 16653 coast.example. cGF0Y2g=";
        let all = told(READER, text);
        for expected in [
            "dnssec ds is key absent at coast.example (key tag 36311)",
            "dnssec key is KSK, key id 49752 at coast.example",
            "dnssec signature is A, signed by key 16653 of coast.example, valid from 20261128000000 to 20261228000000 at www.coast.example",
        ] {
            assert!(all.iter().any(|one| one == expected), "{expected}: {all:#?}");
        }
    }
}
