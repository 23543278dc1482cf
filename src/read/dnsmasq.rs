//! Reads dnsmasq's log of questions: which name server it hands each name on to, and what came back.
//!
//! ```text
//! Nov 29 21:41:12 dnsmasq[2817]: query[A] api.shop.example from 10.40.2.21
//! Nov 29 21:41:12 dnsmasq[2817]: forwarded api.shop.example to 10.40.0.11
//! Nov 29 21:41:12 dnsmasq[2817]: reply api.shop.example is <CNAME>
//! Nov 29 21:41:12 dnsmasq[2817]: reply www.shop.example is 10.40.8.20
//! Nov 29 21:41:13 dnsmasq[2817]: reply error is SERVFAIL
//! Nov 29 21:41:19 dnsmasq[2817]: cached www.shop.example is 10.40.8.20
//! ```
//!
//! A name that is handed on again and again and never answered got no answer: no line says so.

use std::net::IpAddr;

use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Lookup, Outcome};

pub(super) const READER: Reader = Reader { kind: "dnsmasq", most: 0.95, recognize, read };

/// More questions at a time than these are not waited for.
const OPEN: usize = 200;

fn recognize(part: &Part) -> f64 {
    if part.any(|text| Said::parse(text).is_some()) { 0.95 } else { 0.0 }
}

enum Said<'a> {
    Forwarded(&'a str, IpAddr),
    /// What another name server said of a name.
    Reply(&'a str, &'a str),
    /// A question, or an answer of its own.
    Other,
}

impl<'a> Said<'a> {
    fn parse(text: &'a str) -> Option<Said<'a>> {
        let (_, rest) = text.split_once("dnsmasq[")?;
        let mut words = rest.split_once("]: ")?.1.split(' ').peekable();
        // With log-queries=extra the question's number and who asked stand before it.
        if words.peek().is_some_and(|word| word.parse::<u32>().is_ok()) {
            words.nth(1)?;
        }
        match (words.next()?, words.next()?, words.next()?, words.next()?) {
            ("forwarded", name, "to", server) => Some(Said::Forwarded(name, server.split('#').next()?.parse().ok()?)),
            ("reply", name, "is", value) => Some(Said::Reply(name, value)),
            (word, _, "from", _) if word.starts_with("query[") => Some(Said::Other),
            ("cached" | "config", _, "is", _) => Some(Said::Other),
            (word, _, "is", _) if word.starts_with('/') => Some(Said::Other),
            _ => None,
        }
    }
}

/// A name that was handed on.
struct Open<'a> {
    name: &'a str,
    server: IpAddr,
    lines: Lines,
    times: u32,
}

fn read(part: &Part, findings: &mut Findings) {
    let mut open: Vec<Open> = Vec::new();
    let mut answered: Vec<(Lines, Lookup)> = Vec::new();
    // Whose alias was told last: the next name is the alias.
    let mut aliased: Option<&str> = None;
    for line in &part.lines {
        let number = line.number;
        let Some(said) = Said::parse(&line.text) else { continue };
        findings.noise(number);
        match said {
            Said::Forwarded(name, server) => {
                let again = open.iter_mut().find(|one| one.name == name && one.server == server);
                if let Some(one) = again {
                    (one.times, one.lines.last) = (one.times + 1, number);
                } else if open.len() < OPEN {
                    open.push(Open { name, server, lines: Lines::one(number), times: 1 });
                }
            }
            Said::Reply(name, value) => {
                // "reply error is SERVFAIL" names nothing: it is told of what was handed on last.
                let asked = match (name, aliased) {
                    ("error", _) => open.last().map(|one| one.name),
                    (_, Some(asked)) => Some(asked),
                    (name, None) => Some(name),
                };
                let Some(asked) = asked else { continue };
                aliased = (value == "<CNAME>").then_some(asked);
                let from = open.iter().rposition(|one| one.name == asked).map(|at| open.remove(at));
                answer(&mut answered, number, asked, from, name, value);
            }
            Said::Other => {}
        }
    }
    let unanswered = open
        .into_iter()
        .filter(|one| one.times > 1)
        .map(|one| (one.lines, Lookup { server: Some(one.server), ..Lookup::new(one.name, Outcome::DnsTimeout) }));
    for (lines, lookup) in answered.into_iter().chain(unanswered) {
        findings.fact(lines, Claim::Lookup(lookup));
    }
}

/// Takes an answer down: another address of the same name is another line.
fn answer<'a>(
    answered: &mut Vec<(Lines, Lookup)>,
    number: u32,
    asked: &'a str,
    from: Option<Open<'a>>,
    name: &str,
    value: &str,
) {
    let outcome = match value {
        "NXDOMAIN" => Outcome::Nxdomain,
        "SERVFAIL" => Outcome::Servfail,
        "REFUSED" => Outcome::DnsRefused,
        // Of one family only.
        value if value.starts_with("NODATA") => return,
        _ => Outcome::Ok,
    };
    let server = from.map(|one| one.server);
    let same = |lookup: &Lookup| {
        lookup.name == asked && lookup.outcome == outcome && (server.is_none() || lookup.server == server)
    };
    let at = match answered.iter().rposition(|(_, lookup)| same(lookup)) {
        Some(at) => at,
        None if answered.len() < OPEN => {
            answered.push((Lines::one(number), Lookup { server, ..Lookup::new(asked, outcome) }));
            answered.len() - 1
        }
        None => return,
    };
    let Some((lines, lookup)) = answered.get_mut(at) else { return };
    lines.last = number;
    if let Ok(address) = value.parse()
        && !lookup.addresses.contains(&address)
    {
        lookup.addresses.push(address);
    }
    if name != asked && name != "error" && !lookup.aliases.iter().any(|alias| alias == name) {
        lookup.aliases.push(name.to_owned());
    }
}
