//! What an element may show that fails in a way no runbook describes: anything its place allows, with no favorites.

use super::Dist;
use crate::fact::{Outcome, Stage};
use crate::routes::Role;
use crate::sketch::Element;

/// How often an undescribed fault lets a request through after all.
const WORKS: f64 = 0.45;

pub(super) fn local(element: Element, role: Role, tests: Stage) -> Dist {
    let weight = |outcome: Outcome| match (element, role) {
        (Element::Edge(_), _) if tests == Stage::Resolve => on_the_path_to_a_name_server(outcome),
        // Resolving is the name server's and its path's trade; nothing else comes of them.
        _ if tests == Stage::Resolve => f64::from(u8::from(outcome.stage() == Stage::Resolve)),
        (_, Role::Maker) => 0.3,
        (Element::Edge(_), _) => on_the_path(outcome),
        (Element::Address(_, _), _) => on_the_path(outcome) * 0.5 + at_the_node(outcome) * 0.5,
        (Element::Node(_), _) => at_the_node(outcome),
    };
    let failures = Outcome::ALL.iter().copied().filter(|outcome| *outcome != Outcome::Ok);
    let dist = Dist::of(failures.map(|outcome| (outcome, weight(outcome))));
    let works = Dist::of([(Outcome::Ok, 1.0)]);
    dist.mixed(&works, WORKS)
}

/// A path loses, rejects, delays or cuts; it does not answer.
fn on_the_path(outcome: Outcome) -> f64 {
    match outcome {
        Outcome::ConnectTimeout => 3.0,
        Outcome::ConnectSlow | Outcome::Unreachable | Outcome::Hang | Outcome::Reset => 1.0,
        Outcome::TlsHang | Outcome::TlsClosed | Outcome::Slow | Outcome::Truncated => 0.7,
        Outcome::Refused | Outcome::EmptyReply => 0.4,
        outcome if outcome.stage() == Stage::Resolve => 0.0,
        _ => 0.01,
    }
}

/// It loses or delays the question; an answer, even a bad one, came through.
fn on_the_path_to_a_name_server(outcome: Outcome) -> f64 {
    match outcome {
        Outcome::DnsTimeout => 3.0,
        Outcome::DnsSlow | Outcome::DnsUnreachable => 1.0,
        Outcome::Unresolved => 0.3,
        _ => 0.0,
    }
}

/// A node can do all of it.
fn at_the_node(outcome: Outcome) -> f64 {
    match outcome {
        Outcome::Http500 | Outcome::Http502 | Outcome::Http503 | Outcome::Http504 => 1.5,
        Outcome::Refused | Outcome::Hang | Outcome::Slow | Outcome::EmptyReply | Outcome::Reset => 1.0,
        Outcome::ConnectTimeout | Outcome::Truncated | Outcome::Garbled => 0.6,
        Outcome::NoLocalRoute | Outcome::NoLocalPort | Outcome::Overtaken => 0.05,
        outcome if outcome.stage() == Stage::Resolve => 0.0,
        outcome if outcome.stage() == Stage::Tls => 0.5,
        _ => 0.7,
    }
}
