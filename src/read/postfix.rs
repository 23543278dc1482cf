//! Reads what Postfix says of each mail, in its log and in its queue: sent, or why not yet.
//!
//! ```text
//! Nov 28 02:58:16 mailout-new postfix/smtp[24551]: 3958715A1D0: to=<a2@gardener.example>, relay=none, delay=4, delays=0/0.01/4/0, dsn=4.4.1, status=deferred (connect to 198.51.100.200[198.51.100.200]:25: Connection timed out)
//! Nov 28 02:58:12 mailout-old postfix/smtp[24593]: 8647515A1D7: to=<a2@gardener.example>, relay=198.51.100.200[198.51.100.200]:25, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 86CF015A1D8)
//! Nov 28 02:34:47 mx postfix/smtpd[14075]: NOQUEUE: reject: RCPT from out.example[203.0.113.60]: 450 4.2.0 <b@c.example>: Recipient address rejected: Greylisted; from=<s@out.example> to=<b@c.example> proto=ESMTP helo=<out.example>
//!           (connect to 198.51.100.200[198.51.100.200]:25: Connection timed out)
//! ```
//!
//! A refusal that the same mail got past later is how mail works: only one that lasts is a complaint.

use super::driver::errno;
use super::observable::COMPLAINT;
use super::request::{endpoint, split_port};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};
use crate::order;

pub(super) const READER: Reader = Reader { kind: "postfix", most: 0.96, recognize, read };

fn recognize(part: &Part) -> f64 {
    let filled = part.lines.iter().filter(|line| !line.text.trim().is_empty()).count();
    let own = part.lines.iter().filter(|line| message(&line.text).is_some()).count();
    if part.any(|text| text.starts_with("-Queue ID-") || text == "Mail queue is empty" || queue(text).is_some()) {
        0.95
    } else if own > 0 && own * 2 >= filled {
        0.96
    } else {
        0.0
    }
}

/// What the program that shows the queue says of itself.
fn queue(text: &str) -> Option<&str> {
    text.strip_prefix("postqueue: ").or_else(|| text.strip_prefix("mailq: "))
}

/// The daemon that speaks, and what it says.
fn message(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = text.split_once(" postfix/")?;
    let (daemon, said) = rest.split_once("]: ")?;
    Some((daemon.split('[').next().unwrap_or(daemon).rsplit('/').next()?, said))
}

fn read(part: &Part, findings: &mut Findings) {
    let sent = sent(part);
    for (position, line) in part.lines.iter().enumerate() {
        let at = Lines::one(line.number);
        findings.noise(line.number);
        let Some((daemon, said)) = message(&line.text) else {
            if let Some(said) = queue(&line.text).filter(|said| said.starts_with("fatal: ")) {
                findings.state(at, COMPLAINT, "failed", Endpoint::default(), said);
            }
            // Below its mail the queue says in brackets why it waits.
            let reason = line.text.trim().strip_prefix('(').and_then(|text| text.strip_suffix(')'));
            if let Some(reason) = reason {
                delayed(reason, at, findings);
            }
            continue;
        };
        let to = between(said, "to=<", ">");
        let sent_later = to.is_some_and(|to| {
            let here = (number(said), to, position);
            let next = sent.get(sent.partition_point(|one| *one <= here));
            next.is_some_and(|(mail, other, _)| (*mail, *other) == (here.0, to))
        });
        match (daemon, between(said, "status=", " ")) {
            ("smtp" | "lmtp" | "relay", Some("sent")) => {
                let relay = between(said, "relay=", ",").and_then(peer).unwrap_or_default();
                findings.fact(at, request(relay, Stage::Exchange, Outcome::Ok));
            }
            ("smtp" | "lmtp" | "relay", Some("deferred" | "bounced")) if !sent_later => {
                let reason =
                    said.split_once("status=").and_then(|(_, rest)| rest.split_once(" (")).map(|(_, rest)| rest);
                delayed(reason.unwrap_or(said).trim_end_matches(')'), at, findings);
            }
            ("smtpd", _) if said.contains("reject: ") && !sent_later => {
                let (_, reason) = said.split_once("reject: ").unwrap_or_default();
                findings.state(at, COMPLAINT, "failed", Endpoint::default(), reason);
            }
            (_, None)
                if said.starts_with("fatal: ") || said.starts_with("panic: ") || said.starts_with("warning: ") =>
            {
                findings.state(at, COMPLAINT, "failed", Endpoint::default(), said);
            }
            _ => {}
        }
    }
}

/// The number of a mail, its recipient and the position of the line, in order, for each that was sent; and the same without its number.
fn sent(part: &Part) -> Vec<(&str, &str, usize)> {
    let mut sent = Vec::new();
    for (position, line) in part.lines.iter().enumerate() {
        if let Some((_, said)) = message(&line.text).filter(|(_, said)| said.contains("status=sent"))
            && let Some(to) = between(said, "to=<", ">")
        {
            sent.extend([(number(said), to, position), ("", to, position)]);
        }
    }
    order::plain(&mut sent);
    sent
}

/// A mail has its number once it is in the queue; before that only its recipient tells it from others.
fn number(said: &str) -> &str {
    said.split(':').next().filter(|number| *number != "NOQUEUE").unwrap_or_default()
}

/// Why a mail was not handed on: `connect to H[IP]:25: Connection timed out`, `host H[IP] said: 450 …`.
fn delayed(reason: &str, at: Lines, findings: &mut Findings) {
    let named = ["connect to ", "host ", "conversation with ", "lost connection with "];
    let target = named.iter().find_map(|opening| peer(reason.split_once(opening)?.1.split([' ', ',']).next()?));
    let to = target.unwrap_or_default();
    let tried = if reason.starts_with("connect to ") { errno(reason) } else { None };
    match tried {
        // Nothing was said before the connection stood.
        Some(Outcome::TimedOut | Outcome::Hang) => {
            findings.fact(at, request(to, Stage::Connect, Outcome::ConnectTimeout));
        }
        Some(outcome) => findings.fact(at, request(to, outcome.stage(), outcome)),
        None => findings.state(at, COMPLAINT, "failed", to, reason),
    }
}

pub(super) fn request(to: Endpoint, tests: Stage, outcome: Outcome) -> Claim {
    let protocol = Some("smtp".to_owned());
    let resolved = to.host.is_some();
    Claim::Attempt(Attempt { to, protocol, resolved, ..Attempt::new(tests, outcome) })
}

/// `mx.example[198.51.100.60]:25`: a name, its address, a port.
fn peer(text: &str) -> Option<Endpoint> {
    let (host, rest) = text.split_once('[')?;
    let (address, after) = rest.split_once(']')?;
    let port = after.trim_end_matches(':').strip_prefix(':').and_then(|port| port.parse().ok());
    let (address, _) = split_port(address);
    let at = endpoint(address, port);
    let host = Some(host.to_ascii_lowercase()).filter(|host| *host != address && !host.is_empty());
    Some(Endpoint { host: host.or(at.host), ..at })
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after).map_or(rest, |(value, _)| value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_mail_that_came_through_in_the_end_was_not_refused() {
        let first = "Nov 28 02:34:47 out postfix/smtp[74]: 5181: to=<b@c.example>, relay=198.51.100.60[198.51.100.60]:25, delay=0.12, delays=0.01/0.01/0.05/0.04, dsn=4.2.0, status=deferred (host 198.51.100.60[198.51.100.60] said: 450 4.2.0 <b@c.example>: Recipient address rejected: Greylisted (in reply to RCPT TO command))";
        let then = "Nov 28 02:34:52 out postfix/smtp[74]: 5181: to=<b@c.example>, relay=198.51.100.60[198.51.100.60]:25, delay=5.2, delays=5.1/0/0/0.05, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 7956)";
        assert_eq!(told(READER, &format!("{first}\n{then}")), ["the request to 198.51.100.60:25 worked"]);
        assert!(told(READER, first).iter().all(|one| one.starts_with("complaint about 198.51.100.60: ")));
    }

    #[test]
    fn a_queue_says_whom_it_cannot_reach() {
        let queue = "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n3958715A1D0     445 Sat Nov 28 02:58:12  news@seed.example\n          (connect to 198.51.100.200[198.51.100.200]:25: Connection timed out)\n                                         a2@gardener.example\n";
        assert_eq!(
            told(READER, queue),
            ["the request to 198.51.100.200:25 was never answered: the connection timed out"]
        );
    }
}
