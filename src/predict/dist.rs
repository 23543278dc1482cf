//! A probability for every outcome of a request.

use std::sync::LazyLock;

use crate::fact::{Outcome, Stage};
use crate::place::Tls;

const N: usize = Outcome::ALL.len();

/// Probabilities of all outcomes; they add up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dist([f64; N]);

impl Dist {
    /// Proportional to the given weights; nothing at all means "ok".
    pub fn of(weights: impl IntoIterator<Item = (Outcome, f64)>) -> Dist {
        let mut dist = Dist([0.0; N]);
        for (outcome, weight) in weights {
            dist.add(outcome, weight.max(0.0));
        }
        let sum: f64 = dist.0.iter().sum();
        if sum <= 0.0 {
            return Dist::of([(Outcome::Ok, 1.0)]);
        }
        for p in &mut dist.0 {
            *p /= sum;
        }
        dist
    }

    /// One outcome with probability `p`, the rest shared by all others.
    pub fn mostly(outcome: Outcome, p: f64) -> Dist {
        let rest = (1.0 - p) / (N - 1) as f64;
        Dist::of(Outcome::ALL.iter().map(|other| (*other, if *other == outcome { p } else { rest })))
    }

    /// Every failure that a test of this depth can see, equally likely.
    pub fn any_failure(tests: Stage) -> Dist {
        let failures = Outcome::ALL.iter().filter(|outcome| **outcome != Outcome::Ok && outcome.stage() <= tests);
        Dist::of(failures.map(|outcome| (*outcome, 1.0)))
    }

    /// Every failure at a stage at which `listed` fails, equally likely; nothing else where it never fails.
    pub fn failures_beside(listed: &Dist) -> Dist {
        // There are as many as sets of stages, by their bits, and every prediction asks for one.
        static BESIDE: LazyLock<Vec<Dist>> = LazyLock::new(|| (0..16).map(failures_at).collect());
        let failing = listed.iter().map(|(outcome, _)| outcome).filter(fails);
        BESIDE.get(failing.fold(0, |stages, outcome| stages | bit(outcome))).copied().unwrap_or_else(Dist::empty)
    }

    /// The probability of one outcome as it stands.
    pub fn get(&self, outcome: Outcome) -> f64 {
        self.0.get(outcome as usize).copied().unwrap_or(0.0)
    }

    /// The probability of what was seen, where a tool may tell less than it could.
    pub fn likelihood(&self, seen: Outcome) -> f64 {
        let all = |outcomes: &[Outcome]| outcomes.iter().map(|outcome| self.get(*outcome)).sum::<f64>();
        match seen {
            // A proxy's 502 for an upstream: it may have failed at any stage, but whatever came was no HTTP answer.
            Outcome::Unserved => {
                let broken = |outcome: &&Outcome| {
                    outcome.stage() >= Stage::Connect && !outcome.is_http() && !outcome.is_success()
                };
                Outcome::ALL.iter().filter(broken).map(|outcome| self.get(*outcome)).sum()
            }
            vague if vague.is_vague() => {
                let same = |outcome: &&Outcome| **outcome != Outcome::Ok && outcome.stage() == vague.stage();
                Outcome::ALL.iter().filter(same).map(|outcome| self.get(*outcome)).sum()
            }
            Outcome::Unresolved => all(&[
                Outcome::Unresolved,
                Outcome::Nxdomain,
                Outcome::NoData,
                Outcome::Servfail,
                Outcome::DnsRefused,
                Outcome::DnsTimeout,
                Outcome::DnsUnreachable,
            ]),
            // Resolvers answer SERVFAIL for what they could not validate.
            Outcome::Servfail => all(&[Outcome::Servfail, Outcome::DnsBogus]),
            // One redirect may be the first of a circle.
            Outcome::Redirected => all(&[Outcome::Ok, Outcome::RedirectLoop, Outcome::RedirectBroken]),
            // curl 7.88 and 8.14 say "Connection timed out" of a TLS handshake that nobody answers, too; 7.74 does not, and 8.23 shows in
            // its times that it had connected.
            Outcome::ConnectTimeout => self.get(seen) + 0.3 * self.get(Outcome::TlsHang),
            // The later attempt may just have been quicker.
            Outcome::Overtaken => 0.06 + 0.5 * all(&[Outcome::ConnectTimeout, Outcome::ConnectSlow]),
            // An application's "timeout" does not say at which stage it waited.
            Outcome::TimedOut => all(&[
                Outcome::TimedOut,
                Outcome::ConnectTimeout,
                Outcome::TlsHang,
                Outcome::Hang,
                Outcome::Slow,
                Outcome::ConnectSlow,
                Outcome::DnsTimeout,
            ]),
            Outcome::Http4xx => {
                all(&[Outcome::Http4xx, Outcome::Http400, Outcome::Http401, Outcome::Http403, Outcome::Http404]) / 2.0
            }
            Outcome::Http5xx => {
                self.get(seen) + 0.3 * all(&[Outcome::Http500, Outcome::Http502, Outcome::Http503, Outcome::Http504])
            }
            _ => self.get(seen),
        }
    }

    /// `self` with probability `1 - share`, `other` with probability `share`.
    pub fn mixed(&self, other: &Dist, share: f64) -> Dist {
        let share = share.clamp(0.0, 1.0);
        let mut mixed = *self;
        for (p, q) in mixed.0.iter_mut().zip(&other.0) {
            *p = *p * (1.0 - share) + q * share;
        }
        mixed
    }

    /// What a test sees that ends at `tests`: trouble at later stages is still ahead of it.
    pub fn seen_by(&self, tests: Stage) -> Dist {
        let mut seen = Dist([0.0; N]);
        for (outcome, p) in self.iter() {
            seen.add(outcome.seen_by(tests), p);
        }
        seen
    }

    /// What is left to see for a request that skips TLS, or does not check certificates.
    pub fn without_tls(mut self, tls: Tls) -> Dist {
        if tls == Tls::Checked {
            return self;
        }
        for outcome in Outcome::ALL.iter().copied().filter(|outcome| outcome.stage() == Stage::Tls) {
            let certificate = matches!(
                outcome,
                Outcome::TlsExpired
                    | Outcome::TlsNotYetValid
                    | Outcome::TlsWrongName
                    | Outcome::TlsSelfSigned
                    | Outcome::TlsUntrusted
                    | Outcome::TlsUnknownRoot
            );
            if tls == Tls::Plain {
                self = self.shifted(outcome, Outcome::Garbled, 1.0);
            } else if tls == Tls::Absent || (tls == Tls::Unchecked && certificate) {
                self = self.shifted(outcome, Outcome::Ok, 1.0);
            }
        }
        if tls == Tls::Unchecked {
            self = self.shifted(Outcome::DnsBogus, Outcome::Ok, 1.0);
        }
        if tls == Tls::WithCertificate {
            self = self.shifted(Outcome::TlsClientCertificate, Outcome::Ok, 1.0);
        }
        self
    }

    /// Given that the node made an answer of its own, only answers remain.
    pub fn answers_only(&self) -> Dist {
        let is_answer = |outcome: Outcome| {
            matches!(
                outcome,
                Outcome::Ok | Outcome::Slow | Outcome::SlowBody | Outcome::RedirectLoop | Outcome::RedirectBroken
            ) || outcome.is_http()
        };
        let answers: f64 = self.iter().filter(|(outcome, _)| is_answer(*outcome)).map(|(_, p)| p).sum();
        let mut left = Dist::empty();
        for (outcome, p) in self.iter().filter(|(outcome, _)| is_answer(*outcome)) {
            left.add(outcome, p);
        }
        left.add(Outcome::Ok, (1.0 - answers).max(0.0));
        left
    }

    /// Moves a share of one outcome to another.
    pub fn shifted(mut self, from: Outcome, to: Outcome, share: f64) -> Dist {
        let moved = self.get(from) * share;
        self.add(from, -moved);
        self.add(to, moved);
        self
    }

    /// All outcomes with a probability above zero.
    pub fn iter(&self) -> impl Iterator<Item = (Outcome, f64)> + '_ {
        Outcome::ALL.iter().zip(&self.0).filter(|(_, p)| **p > 0.0).map(|(outcome, p)| (*outcome, *p))
    }

    /// Adds weight to one outcome.
    pub fn add(&mut self, outcome: Outcome, weight: f64) {
        if let Some(p) = self.0.get_mut(outcome as usize) {
            *p += weight;
        }
    }

    /// Adds all weights of another sum, each so many times.
    pub fn add_all(&mut self, other: &Dist, times: f64) {
        for (p, q) in self.0.iter_mut().zip(&other.0) {
            *p += q * times;
        }
    }

    /// Nothing but this outcome.
    pub fn certainly(outcome: Outcome) -> Dist {
        let mut dist = Dist::empty();
        dist.add(outcome, 1.0);
        dist
    }

    /// A sum to build up with `add`.
    pub fn empty() -> Dist {
        Dist([0.0; N])
    }
}

/// Whether it is a failure that tells one stage from another.
fn fails(outcome: &Outcome) -> bool {
    *outcome != Outcome::Ok && !outcome.is_vague()
}

/// The stage at which it shows, as a bit.
fn bit(outcome: Outcome) -> usize {
    1 << outcome.stage() as usize
}

/// Every failure at a set of stages, equally likely.
fn failures_at(stages: usize) -> Dist {
    let at = Outcome::ALL.iter().copied().filter(|outcome| fails(outcome) && stages & bit(*outcome) != 0);
    Dist::of(at.map(|outcome| (outcome, 1.0)))
}
