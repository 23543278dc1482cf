//! How each kind of node passes on a fault behind it: a proxy turns a refused upstream into 502, an application into 500.

use super::Dist;
use crate::fact::{Outcome, Stage};
use crate::sketch::Conduct;

/// How often a hop is still waiting when its caller gives up early: most defaults are longer, some are set shorter.
const STILL_WAITING: f64 = 0.75;

/// What becomes of each outcome on its way to the sender, past all the nodes in between. Kept as one table: in a long chain of calls most
/// of a prediction would go into walking it hop by hop for every failure mode.
#[derive(Debug)]
pub(super) struct Passage {
    /// By outcome of the fault, what arrives of it; empty where nothing stands between, and everything arrives as it is.
    becomes: Vec<usize>,
    /// Few differ: whatever breaks behind an application is an error of its own.
    arrivals: Vec<Dist>,
}

impl Passage {
    pub(super) fn straight() -> Passage {
        Passage { becomes: Vec::new(), arrivals: Vec::new() }
    }

    /// The way from one node farther behind.
    pub(super) fn behind(&self, conduct: Conduct, impatient: bool) -> Passage {
        let mut farther = Passage::straight();
        for outcome in Outcome::ALL {
            let arrival = self.carry(&through(conduct, &Dist::certainly(*outcome), impatient));
            let known = farther.arrivals.iter().position(|other| *other == arrival);
            farther.becomes.push(known.unwrap_or(farther.arrivals.len()));
            farther.arrivals.extend(known.is_none().then_some(arrival));
        }
        farther
    }

    /// What the sender sees where the nearest node to the fault sees `local`.
    pub(super) fn carry(&self, local: &Dist) -> Dist {
        if self.becomes.is_empty() {
            return *local;
        }
        let mut shares = vec![0.0; self.arrivals.len()];
        for (outcome, p) in local.iter() {
            let share = self.becomes.get(outcome as usize).and_then(|at| shares.get_mut(*at));
            share.into_iter().for_each(|share| *share += p);
        }
        let mut seen = Dist::empty();
        self.arrivals.iter().zip(shares).for_each(|(arrival, share)| seen.add_all(arrival, share));
        seen
    }
}

/// What the caller of a node with this conduct sees where the node itself sees `behind`.
fn through(conduct: Conduct, behind: &Dist, impatient: bool) -> Dist {
    let mut seen = Dist::empty();
    for (outcome, p) in behind.iter() {
        if outcome == Outcome::Ok {
            seen.add(Outcome::Ok, p);
            continue;
        }
        let row = match conduct {
            Conduct::Answers => by_proxy(outcome),
            Conduct::Relays => by_relay(outcome),
            Conduct::Resolves => by_resolver(outcome),
            Conduct::Forwards => &[],
            Conduct::Works => by_application(outcome),
        };
        if row.is_empty() {
            seen.add(outcome, p);
            continue;
        }
        // Who waits for something silent is silent itself, until it gives up.
        let silent = impatient && matches!(outcome, Outcome::ConnectTimeout | Outcome::Hang | Outcome::TlsHang);
        let still = if silent { STILL_WAITING } else { 0.0 };
        seen.add(Outcome::Hang, p * still);
        for (passed_on, share) in row.iter().copied() {
            seen.add(passed_on, p * (1.0 - still) * share);
        }
    }
    seen
}

/// nginx, haproxy, Envoy and the cloud balancers agree on this much: 502 for a broken upstream, 503 for none, 504 for a
/// silent one; what the upstream does answer is passed on. Not every balancer in TCP mode is drawn as one, so a hang and a reset keep
/// a share.
fn by_proxy(behind: Outcome) -> &'static [(Outcome, f64)] {
    use Outcome::*;
    match behind {
        ConnectTimeout | Hang | TlsHang => {
            &[(Http504, 0.6), (Http503, 0.14), (Http502, 0.08), (Hang, 0.12), (Reset, 0.04), (EmptyReply, 0.02)]
        }
        Refused | Unreachable | NoLocalRoute => {
            &[(Http502, 0.5), (Http503, 0.36), (Http504, 0.04), (Reset, 0.05), (EmptyReply, 0.05)]
        }
        NoLocalPort => &[(Http502, 0.5), (Http500, 0.2), (Http503, 0.3)],
        Reset | EmptyReply | Garbled => &[(Http502, 0.86), (Http503, 0.04), (EmptyReply, 0.05), (Reset, 0.05)],
        Truncated => &[(Truncated, 0.7), (Http502, 0.25), (Reset, 0.05)],
        Slow | ConnectSlow | DnsSlow => &[(Slow, 0.7), (Http504, 0.3)],
        stage if stage.stage() == Stage::Tls => &[(Http502, 0.8), (Http503, 0.12), (Http500, 0.08)],
        stage if stage.stage() == Stage::Resolve => &[(Http502, 0.5), (Http503, 0.35), (Http500, 0.15)],
        _ => &[],
    }
}

/// haproxy in TCP mode, nginx's `stream` and network balancers accept before they know whether a member will: what fails behind them ends a
/// connection that was made. All that comes over a connection that stands is the far end's.
fn by_relay(behind: Outcome) -> &'static [(Outcome, f64)] {
    use Outcome::*;
    match behind {
        ConnectTimeout => {
            &[(Hang, 0.35), (TlsHang, 0.15), (EmptyReply, 0.15), (Reset, 0.15), (TlsClosed, 0.1), (ConnectTimeout, 0.1)]
        }
        ConnectSlow => &[(Slow, 0.9), (ConnectSlow, 0.1)],
        Refused | Unreachable | NoLocalRoute | NoLocalPort => {
            &[(EmptyReply, 0.35), (Reset, 0.3), (TlsClosed, 0.2), (Refused, 0.1), (Hang, 0.05)]
        }
        stage if stage.stage() == Stage::Resolve => {
            &[(EmptyReply, 0.4), (Reset, 0.3), (TlsClosed, 0.2), (Refused, 0.1)]
        }
        _ => &[],
    }
}

/// A resolver passes on what authoritative servers say; what they fail to say becomes SERVFAIL (RFC 2308 section 7).
fn by_resolver(behind: Outcome) -> &'static [(Outcome, f64)] {
    use Outcome::*;
    match behind {
        Nxdomain | NoData | DnsSlow => &[],
        // Who validates does not pass on what does not hold (RFC 4035 section 5.5); some say why (RFC 8914).
        DnsBogus => &[(Servfail, 0.5), (DnsBogus, 0.5)],
        DnsTimeout | DnsUnreachable | DnsRefused | Servfail => &[(Servfail, 0.8), (DnsTimeout, 0.2)],
        _ => &[(Servfail, 0.7), (DnsTimeout, 0.3)],
    }
}

/// An application mostly turns whatever goes wrong behind it into an error of its own.
fn by_application(behind: Outcome) -> &'static [(Outcome, f64)] {
    use Outcome::*;
    match behind {
        ConnectTimeout | Hang | TlsHang | DnsTimeout => {
            &[(Http500, 0.3), (Http503, 0.18), (Http504, 0.12), (Hang, 0.2), (Slow, 0.1), (Http502, 0.06), (Ok, 0.04)]
        }
        Slow | SlowBody | ConnectSlow | DnsSlow => {
            &[(Slow, 0.75), (Http500, 0.08), (Http503, 0.05), (Http504, 0.05), (Hang, 0.04), (Ok, 0.03)]
        }
        _ => &[
            (Http500, 0.6),
            (Http503, 0.16),
            (Http502, 0.08),
            (Http5xx, 0.04),
            (Http404, 0.01),
            (Slow, 0.03),
            (Ok, 0.08),
        ],
    }
}
