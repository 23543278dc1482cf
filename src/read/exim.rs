//! Reads Exim's main log: mail that was delivered, that waits or came back, and hosts that took no connection.
//!
//! ```text
//! 2026-11-29 14:57:51 1xXgLf-0000Ot-1L H=10.20.0.17 [10.20.0.17] Connection refused
//! 2026-11-29 14:57:51 1xXgLf-0000Ot-1L == d@gone.example R=far T=remote_smtp defer (111): Connection refused
//! 2026-11-29 14:57:51 1xXgLf-0000Oy-1c ** e@nowhere.example: Unrouteable address
//! 2026-11-29 14:57:51 1xXgLf-0000P4-28 => f@ok.example R=far T=remote_smtp H=10.20.0.18 [10.20.0.18] C="250 2.0.0 Ok: queued as 7A1"
//! 2026-11-29 14:57:51 U=root F=<news@shop.example> rejected RCPT <x@nowhere.example>: Unrouteable address
//! ```
//!
//! A mail that waited and was delivered in the end is how mail works: no complaint is made of it.

use super::observable::COMPLAINT;
use super::pick::word_after;
use super::postfix::request;
use super::request::endpoint;
use super::{Findings, Part, Reader, driver};
use crate::evidence::Lines;
use crate::fact::{Endpoint, Outcome, Stage};
use crate::order;

pub(super) const READER: Reader = Reader { kind: "exim", most: 0.96, recognize, read };

fn recognize(part: &Part) -> f64 {
    let filled = part.lines.iter().filter(|line| !line.text.trim().is_empty()).count();
    let own = part.lines.iter().filter(|line| message(&line.text).is_some() || rejected(&line.text).is_some()).count();
    if own > 0 && own * 2 >= filled { 0.96 } else { 0.0 }
}

/// The number of a mail, the mark of what became of it, and the rest: behind the time, and behind whatever a journal puts there.
fn message(text: &str) -> Option<(&str, &str, &str)> {
    let mut rest = text;
    for _ in 0..8 {
        let (word, after) = rest.split_once(' ')?;
        if is_number(word) {
            let (mark, said) = after.split_once(' ').unwrap_or((after, ""));
            let known = matches!(mark, "<=" | "Completed" | "Frozen")
                || matches!(mark, "=>" | "->" | "*>" | "==" | "**") && said.contains('@');
            return (known || mark.starts_with("H=")).then_some((word, mark, if known { said } else { after }));
        }
        rest = after;
    }
    None
}

/// `1xXgLf-0000Ot-1L`, and since Exim 4.97 `1rPAWk-00000004gQJ-2PKL`. It begins with the time: with 1 until 2028, with 2 until 2057.
fn is_number(word: &str) -> bool {
    let mut parts = word.split('-').map(str::len);
    matches!((parts.next(), parts.next(), parts.next(), parts.next()), (Some(6), Some(6 | 11), Some(2 | 4), None))
        && word.starts_with(['1', '2'])
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A recipient that Exim itself turned away at the door.
fn rejected(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(" F=<")?;
    rest.split_once("> rejected ").map(|(_, said)| said)
}

fn read(part: &Part, findings: &mut Findings) {
    let mut delivered: Vec<(&str, &str, usize)> =
        part.lines.iter().filter_map(|line| message(&line.text)).filter_map(arrived).collect();
    order::plain(&mut delivered);
    let is_delivered = |number, to| {
        let next = delivered.get(delivered.partition_point(|one| *one < (number, to, 0)));
        next == Some(&(number, to, 0))
    };
    let mut tried = "";
    for line in &part.lines {
        let at = Lines::one(line.number);
        let mut complain = |to: Option<Endpoint>, said: &str| {
            findings.state(at, COMPLAINT, "failed", to.unwrap_or_default(), said);
        };
        let Some((number, mark, said)) = message(&line.text) else {
            if let Some(said) = rejected(&line.text) {
                complain(None, said);
            }
            findings.noise(line.number);
            continue;
        };
        let to = host(said);
        match (mark, to) {
            ("=>" | "->" | "*>", Some(to)) => findings.fact(at, request(to, Stage::Exchange, Outcome::Ok)),
            ("**", to) => complain(to, said),
            // What the host's own line has told is only repeated, now or since an earlier round.
            ("==", None) if said.contains("retry time not reached") => {}
            ("==", None) if tried == number && driver::errno(said).is_some() => {}
            ("==", to) if !is_delivered(number, recipient(said)) => complain(to, said),
            (_, Some(to)) if mark.starts_with("H=") => {
                tried = number;
                let claims = driver::said(&line.text);
                if claims.is_empty() {
                    complain(Some(to), said);
                }
                claims.into_iter().for_each(|claim| findings.fact(at, claim));
            }
            _ => {}
        }
        findings.noise(line.number);
    }
}

/// The number of a mail and whom it reached, in the shape in which Postfix' reader sorts the same.
fn arrived<'a>((number, mark, said): (&'a str, &'a str, &'a str)) -> Option<(&'a str, &'a str, usize)> {
    matches!(mark, "=>" | "->" | "*>").then(|| (number, recipient(said), 0))
}

fn recipient(said: &str) -> &str {
    said.split([' ', ':']).next().unwrap_or(said)
}

/// `H=mx.shop.example [198.51.100.60]:25`
fn host(said: &str) -> Option<Endpoint> {
    let name = word_after(said, "H=")?;
    let rest = said.split_once(" [")?.1;
    let (address, after) = rest.split_once(']')?;
    let port = after.strip_prefix(':').and_then(|port| port.split([' ', ':']).next()?.parse().ok());
    // No other port is told unless Exim was set up to do so, and none is usual.
    let to = endpoint(name, port.or(Some(25)));
    Some(Endpoint { address: address.parse().ok().or(to.address), ..to })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_mail_that_waited_and_was_delivered_is_no_complaint() {
        let waits = "2026-11-29 14:57:51 1xXgLf-0000On-0t == c@later.example R=far T=smtp defer (-44) H=mx.later.example [10.20.0.18]: SMTP error from remote mail server after RCPT TO:<c@later.example>: 451 4.7.1 come back later";
        let then = "2026-11-29 15:07:51 1xXgLf-0000On-0t => c@later.example R=far T=smtp H=mx.later.example [10.20.0.18]:2525 C=\"250 Ok\"";
        assert_eq!(told(READER, &format!("{waits}\n{then}")), ["the request to 10.20.0.18:2525 worked"]);
        assert!(told(READER, waits).iter().all(|one| one.starts_with("complaint about 10.20.0.18:25: ")));
    }

    #[test]
    fn numbers_that_only_look_alike_are_none_of_exim_s() {
        for text in [
            "2026-11-29 10:00:00 worker-abc123-x1 => processing a@b.example H=mx [10.0.0.7]",
            "2026-11-29 10:00:00 1xXgLf-0000On-0t was here",
            "let a = 123456-123456-12 == b;",
        ] {
            assert!(message(text).is_none(), "{text}");
        }
    }
}
