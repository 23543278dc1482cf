//! What an element may show that fails in a way no runbook describes: anything its place allows, with no favorites.

use super::Dist;
use crate::fact::{Outcome, Stage};
use crate::routes::Role;
use crate::sketch::Element;

/// How often an undescribed fault lets a request through after all.
const WORKS: f64 = 0.45;

pub(super) fn local(element: Element, role: Role, tests: Stage) -> Dist {
    let weight = |outcome: Outcome| match (element, role) {
        (Element::Edge(_), Role::Link) if tests == Stage::Resolve => on_the_path_to_a_name_server(outcome),
        // Resolving is the name server's and its path's trade; nothing else comes of them.
        (_, Role::Maker) => by_its_sender(outcome, tests),
        _ if tests == Stage::Resolve => f64::from(u8::from(outcome.stage() == Stage::Resolve)),
        (Element::Edge(_), _) => on_the_path(outcome),
        (Element::Address(_, _), _) => on_the_path(outcome) * 0.5 + at_the_node(outcome) * 0.5,
        (Element::Node(_), _) => at_the_node(outcome),
    };
    let failures = Outcome::ALL.iter().copied().filter(|outcome| *outcome != Outcome::Ok && !outcome.is_vague());
    let dist = Dist::of(failures.map(|outcome| (outcome, weight(outcome))));
    let works = Dist::of([(Outcome::Ok, 1.0)]);
    dist.mixed(&works, WORKS)
}

/// A sender can go to the wrong place, give up early or distrust; it does not make the other side answer with its own errors.
fn by_its_sender(outcome: Outcome, tests: Stage) -> f64 {
    match outcome {
        Outcome::NoLocalRoute | Outcome::NoLocalPort | Outcome::Unresolved | Outcome::ClientLeft => 2.0,
        Outcome::TlsUntrusted
        | Outcome::TlsUnknownRoot
        | Outcome::TlsNotYetValid
        | Outcome::TlsClientCertificate
        | Outcome::Http401 => 1.0,
        Outcome::Http400
        | Outcome::Http403
        | Outcome::Http4xx
        | Outcome::Http413
        | Outcome::Http429
        | Outcome::Hang => 0.6,
        Outcome::DnsTimeout | Outcome::DnsUnreachable | Outcome::DnsSlow => 0.5,
        outcome if tests == Stage::Resolve && outcome.stage() == Stage::Resolve => 0.15,
        outcome if outcome.stage() == Stage::Tls => 0.4,
        outcome if outcome.stage() == Stage::Connect => 0.3,
        Outcome::Http500 | Outcome::Http502 | Outcome::Http503 | Outcome::Http504 | Outcome::Http5xx => 0.03,
        _ => 0.15,
    }
}

/// A path loses, rejects, delays or cuts; it does not answer.
fn on_the_path(outcome: Outcome) -> f64 {
    match outcome {
        Outcome::ConnectTimeout => 3.0,
        Outcome::ConnectSlow | Outcome::Unreachable | Outcome::Hang | Outcome::Reset => 1.0,
        Outcome::TlsHang | Outcome::TlsClosed | Outcome::Slow | Outcome::SlowBody | Outcome::Truncated => 0.7,
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
