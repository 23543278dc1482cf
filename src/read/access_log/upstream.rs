//! The requests a proxy sent on, from the `$upstream_…` fields of its access log.

use super::fields::{Fields, seconds};
use crate::fact::{Attempt, Endpoint, Outcome, Stage, Times};
use crate::read::pick::host_port;

/// One request per upstream address that was tried.
pub(super) fn attempts(fields: &Fields, from: &Endpoint) -> Vec<Attempt> {
    let addresses = fields.list(&["ua", "upstream_addr", "upstream", "uaddr", "upstream_address"]);
    let statuses = fields.list(&["us", "upstream_status", "ustatus"]);
    let connects = fields.list(&["uct", "upstream_connect_time"]);
    let heads = fields.list(&["uht", "upstream_header_time"]);
    let totals = fields.list(&["urt", "ut", "upstream_response_time", "upstream_s"]);
    let mut attempts = Vec::new();
    for (position, address) in addresses.iter().enumerate() {
        let (Some(to), Some(status)) =
            (host_port(address), statuses.get(position).and_then(|status| status.parse().ok()))
        else {
            continue;
        };
        let stage = Progress { connect: connects.get(position).copied(), head: heads.get(position).copied() };
        let Some((tests, outcome)) = stage.outcome(status) else { continue };
        attempts.push(Attempt {
            to,
            from: from.clone(),
            protocol: Some("http".to_owned()),
            status: Some(status).filter(|status| outcome == Outcome::of_status(*status)),
            times: Times {
                connected: stage.connect.and_then(seconds),
                first_byte: stage.head.and_then(seconds),
                total: totals.get(position).copied().and_then(seconds),
                ..Times::default()
            },
            ..Attempt::new(tests, outcome)
        });
    }
    attempts
}

/// How far the request came: nginx writes `-` for a time that was not reached. Nothing where the field is not logged.
struct Progress<'a> {
    connect: Option<&'a str>,
    head: Option<&'a str>,
}

impl Progress<'_> {
    /// nginx fills in 502 and 504 itself where no status line came, so those two need the times beside them. Refused, unreachable, a
    /// failed TLS handshake, cut off: without the times a 502 tells only that this upstream brought no answer.
    fn outcome(&self, status: u16) -> Option<(Stage, Outcome)> {
        let connected = self.connect != Some("-");
        let answered = self.head.is_some_and(|head| head != "-");
        match status {
            502 | 504 if answered => Some((Stage::Exchange, Outcome::of_status(status))),
            504 if !connected => Some((Stage::Connect, Outcome::ConnectTimeout)),
            // Without the time of the connection, the wait may have been for it.
            504 if self.connect.is_none() => Some((Stage::Exchange, Outcome::TimedOut)),
            504 => Some((Stage::Exchange, Outcome::Hang)),
            502 if !connected => Some((Stage::Exchange, Outcome::Unserved)),
            502 if self.head == Some("-") && self.connect.is_some() => Some((Stage::Exchange, Outcome::EmptyReply)),
            502 if self.head == Some("-") => Some((Stage::Exchange, Outcome::Unserved)),
            // An upstream that speaks HTTP may have answered 502 itself.
            502 => Some((Stage::Exchange, Outcome::of_upstream_status(status))),
            100..=599 => Some((Stage::Exchange, Outcome::of_status(status))),
            _ => None,
        }
    }
}
