//! Reads which address an FTP server gives for its data, and holds it against the one at which it was asked (RFC 959 section 4.1.2).
//!
//! ```text
//! Connecting to plates.example (plates.example)|10.163.8.21|:21... connected.
//! 227 Entering Passive Mode (192,168,77,21,195,88).
//! ```

use std::net::{IpAddr, Ipv4Addr};

use super::observable::{PASSIVE_ADDRESS, PASSIVE_DATA};
use super::{Block, Findings, Part};
use crate::evidence::Lines;
use crate::fact::{Claim, Fact, State};

/// Records every address that is not the one at which its server was asked.
pub(super) fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let Some(address) = given(&line.text) else { continue };
        let above = |fact: &&Fact| fact.lines.first < line.number;
        let asked = findings.facts.iter().filter(above).max_by_key(|fact| fact.lines.first).and_then(|fact| {
            let Claim::Attempt(attempt) = &fact.claim else { return None };
            attempt.outcome.is_success().then(|| attempt.to.clone())
        });
        // To whoever comes over IPv6 it cannot tell its own.
        if let Some(asked) = asked.filter(|asked| asked.address.is_some_and(|ip| ip.is_ipv4() && ip != address)) {
            findings.state(Lines::one(line.number), PASSIVE_ADDRESS, "other", asked, address.to_string());
        }
    }
}

/// Tells of whoever gave an address what failed at it: it is no request to whomever else that address may belong to.
pub(super) fn follow(blocks: &mut [Block]) {
    let others = blocks.iter().flat_map(|block| &block.facts).filter_map(|fact| match &fact.claim {
        Claim::State(state) if state.observable == PASSIVE_ADDRESS => Some((fact.lines.last, state.clone())),
        _ => None,
    });
    let others: Vec<(u32, State)> = others.collect();
    for fact in blocks.iter_mut().flat_map(|block| &mut block.facts).filter(|_| !others.is_empty()) {
        let Claim::Attempt(attempt) = &fact.claim else { continue };
        let sent = |(line, other): &&(u32, State)| {
            *line < fact.lines.first && other.detail.parse().ok() == attempt.to.address && attempt.to.address.is_some()
        };
        if let Some((_, other)) = others.iter().find(sent).filter(|_| !attempt.outcome.is_success()) {
            let (observable, value) = (PASSIVE_DATA.to_owned(), "unreached".to_owned());
            fact.claim = Claim::State(State { observable, value, of: other.of.clone(), detail: attempt.to_string() });
        }
    }
}

/// The address in `227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)`.
fn given(text: &str) -> Option<IpAddr> {
    let (_, said) = text.split_once("227 ")?;
    let (numbers, _) = said.split_once('(')?.1.split_once(')')?;
    let mut numbers = numbers.split(',').map_while(|number| number.trim().parse::<u8>().ok());
    let address = Ipv4Addr::new(numbers.next()?, numbers.next()?, numbers.next()?, numbers.next()?);
    (numbers.count() == 2).then_some(IpAddr::V4(address))
}

#[cfg(test)]
mod tests {
    use crate::read::read;

    #[test]
    fn an_address_other_than_the_one_that_was_asked_is_told_of_whoever_was_asked() {
        // Wget 1.21.3 with vsftpd 3.0.3.
        let told = |given: &str| -> Vec<String> {
            let text = format!(
                "Resolving plates.example (plates.example)... 10.163.8.21\n\
                 Connecting to plates.example (plates.example)|10.163.8.21|:21... connected.\n\
                 Logging in as anonymous ... \n--> PASV\n227 Entering Passive Mode ({given},195,88).\n\
                 couldn't connect to 192.168.77.21 port 50008: Network is unreachable\n"
            );
            let command = "wget -d ftp://plates.example/a.txt";
            read(&text, Some(command), None).facts().map(|fact| fact.claim.to_string()).collect()
        };
        let [.., given, unreached] = &*told("192,168,77,21") else { panic!("{:?}", told("192,168,77,21")) };
        assert_eq!(given, "passive address is other at 10.163.8.21:21 (192.168.77.21)");
        assert!(unreached.starts_with("passive data is unreached at 10.163.8.21:21"), "{unreached}");
        assert!(!told("10,163,8,21").iter().any(|one| one.starts_with("passive")));
    }
}
