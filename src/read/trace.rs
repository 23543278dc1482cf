//! How a trace of a path ended: what `traceroute`, `tracepath` and `mtr` have in common once their lines are split.

use std::net::IpAddr;

use super::{CommandLine, Findings, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

/// A router that answers at this many different distances is passed again and again.
const CIRCLE: usize = 3;

/// One trace while its rows are coming.
#[derive(Default)]
pub(super) struct Trace {
    pub target: Option<Endpoint>,
    pub hops: Vec<Hop>,
    /// Whether the program said that it gave up, or that it arrived.
    pub ending: Option<Ending>,
    /// The port that its packets were for, where they were no plain datagrams: `, tcp 443`.
    by: String,
    first: Option<u32>,
    last: u32,
}

/// Everything that answered at one distance.
#[derive(Default)]
pub(super) struct Hop {
    pub distance: u32,
    pub from: Vec<String>,
    pub refusal: Option<Refusal>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Ending {
    Arrived,
    GaveUp,
}

/// What a router says of a packet that it does not pass on.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Refusal {
    Prohibited,
    Unreachable,
}

impl Refusal {
    /// The annotations of traceroute(1): `!X` prohibited, `!H` host, `!N` network, `!P` protocol unreachable, `!<code>`.
    pub(super) fn of(word: &str) -> Option<Refusal> {
        match word.strip_prefix('!')? {
            "X" | "A" | "C" | "Z" | "9" | "10" | "13" => Some(Refusal::Prohibited),
            "H" | "N" | "P" | "U" | "I" | "S" => Some(Refusal::Unreachable),
            _ => None,
        }
    }
}

/// The port that a command line names for a trace by TCP: `traceroute -T -p 443`.
pub(super) fn by_tcp(command: Option<&CommandLine>) -> String {
    let asked = command.filter(|command| command.flag('T', "--tcp"));
    let port = asked.and_then(|command| command.option("-p", "--port"));
    port.map(|port| format!(", tcp {port}")).unwrap_or_default()
}

impl Trace {
    pub(super) fn to(target: Option<Endpoint>) -> Trace {
        Trace { target, ..Trace::default() }
    }

    /// A trace whose packets were for the port that this names.
    pub(super) fn by_port(target: Option<Endpoint>, by: &str) -> Trace {
        Trace { target, by: by.to_owned(), ..Trace::default() }
    }

    /// Whether a row of this distance belongs to another trace.
    pub(super) fn has_passed(&self, distance: u32) -> bool {
        self.hops.last().is_some_and(|last| last.distance >= distance)
    }

    pub(super) fn at(&mut self, number: u32) {
        self.first = self.first.or(Some(number));
        self.last = number;
    }

    /// Whether this is where the packets were to go.
    pub(super) fn is_target(&self, from: &str) -> bool {
        self.target.as_ref().is_some_and(|target| {
            target.address.is_some_and(|address| from.parse() == Ok(address)) || target.host.as_deref() == Some(from)
        })
    }

    /// Records how the trace ended, if it shows that.
    pub(super) fn finish(self, findings: &mut Findings) {
        let Some(first) = self.first else { return };
        let by = &self.by;
        let answering = self.hops.iter().rev().find(|hop| !hop.from.is_empty());
        let place = match answering {
            Some(hop) => format!("{} at hop {}", hop.from.join(", "), hop.distance),
            None => "no hop".to_owned(),
        };
        let arrived = self.ending == Some(Ending::Arrived)
            || answering.is_some_and(|hop| hop.refusal.is_none() && hop.from.iter().any(|from| self.is_target(from)));
        let refusal = self.hops.iter().find_map(|hop| hop.refusal);
        let silent_at_end = self.hops.last().is_some_and(|hop| hop.from.is_empty());
        let (value, detail) = if arrived {
            ("complete", format!("{} hops{by}", self.hops.len()))
        } else if self.circles() {
            ("loops", format!("again and again {}{by}", self.last_two()))
        } else if let Some(refusal) = refusal {
            match refusal {
                Refusal::Prohibited => ("prohibited", format!("by {place}{by}")),
                Refusal::Unreachable => ("unreachable", format!("says {place}{by}")),
            }
        } else if silent_at_end || self.ending == Some(Ending::GaveUp) {
            ("stops", format!("{place} was the last to answer{by}"))
        } else {
            // Cut short: where it would have ended is not known.
            let (Some(target), Some(_)) = (self.target, answering) else {
                findings.understood.retain(|number| !(first..=self.last).contains(number));
                return;
            };
            let detail = format!("not shown, {place} answered last{by}");
            findings.state(Lines::new(first, self.last), observable::PATH_END, "seen", target, detail);
            return;
        };
        let of = self.target.unwrap_or_default();
        let state = State { observable: observable::PATH.to_owned(), value: value.to_owned(), of, detail };
        findings.fact(Lines::new(first, self.last), Claim::State(state));
    }

    fn circles(&self) -> bool {
        let times = |from: &String| self.hops.iter().filter(|hop| hop.from.contains(from)).count();
        self.hops.iter().flat_map(|hop| &hop.from).any(|from| times(from) >= CIRCLE)
    }

    /// The routers that hand the packets to each other.
    fn last_two(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for from in self.hops.iter().rev().flat_map(|hop| &hop.from) {
            if !names.contains(&from.as_str()) && names.len() < 2 {
                names.push(from);
            }
        }
        names.join(" and ")
    }
}

/// The addresses among the words of a row, once each: `192.0.2.2`, `(192.0.2.2)`, `[192.0.2.2]`.
pub(super) fn addresses(row: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in row.split_whitespace() {
        let word = word.trim_matches(['(', ')', '[', ']', ',']);
        if word.split('%').next().is_some_and(|word| word.parse::<IpAddr>().is_ok())
            && !found.iter().any(|one| one == word)
        {
            found.push(word.to_owned());
        }
    }
    found
}
