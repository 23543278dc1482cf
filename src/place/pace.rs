//! Compares how long equal requests took: what took far longer than its like was slow, however fast "slow" may be elsewhere.
//!
//! ```text
//! 10.23.3.11 200 connect=0.0087 ttfb=0.1327
//! 10.23.3.12 200 connect=0.0123 ttfb=0.1363
//! 10.23.3.13 200 connect=0.0004 ttfb=0.4651
//! ```

use std::collections::BTreeMap;

use super::{Observation, Request, Sight};
use crate::fact::{Outcome, Stage, Times};
use crate::order;
use crate::sketch::NodeIx;

/// Slow is what takes this many times as long as the quickest of its like …
const FACTOR: f64 = 3.0;

/// … and this many seconds longer: below it a scheduler or a cold cache explains the difference.
const LONGER: f64 = 0.2;

/// One slow request among quick ones is an accident unless it took this many seconds longer.
const ONCE: f64 = 2.0;

/// So many requests, of which only the first was slow, show that it was the first and nothing else.
const WARM: usize = 5;

/// What makes requests comparable: who asked, on which port, for what.
type Like = (Option<NodeIx>, Option<u16>, String);

/// Turns the outcome of successes that took far longer than comparable ones into "slow".
pub(super) fn compare(observations: &mut [Observation]) {
    compare_senders(observations);
    compare_subjects(observations);
    for (part, outcome) in [(answer as fn(&Times) -> Option<f64>, Outcome::Slow), (body, Outcome::SlowBody)] {
        for late in late(observations, part) {
            if let Some(Observation { sight: Sight::Request(request), .. }) = observations.get_mut(late) {
                request.outcome = outcome;
            }
        }
    }
}

/// An answer that takes this many seconds is slow …
const LONG: f64 = 1.5;

/// … if the same target answers something else this many times sooner.
const SOONER: f64 = 100.0;

/// Turns the outcome of answers that took long into "slow", where their target is quick with something else: it is not far away, and it
/// is up. Once is an accident.
fn compare_subjects(observations: &mut [Observation]) {
    let answered = |observation: &Observation| match &observation.sight {
        Sight::Request(request) if request.outcome == Outcome::Ok && request.tests == Stage::Exchange => {
            Some(((request.from, request.to), request.subject.clone(), answer(&request.times)?))
        }
        _ => None,
    };
    let all: Vec<_> = observations.iter().map(answered).collect();
    let is_slow = |(place, subject, seconds): &(_, String, f64)| {
        let mut others = all.iter().flatten().filter(|(other, theirs, _)| other == place && theirs != subject);
        *seconds >= LONG && others.any(|(_, _, less)| *less > 0.0 && *less * SOONER <= *seconds)
    };
    let slow: Vec<bool> = all.iter().map(|one| one.as_ref().is_some_and(is_slow)).collect();
    if slow.iter().filter(|slow| **slow).count() < 2 {
        return;
    }
    for (observation, _) in observations.iter_mut().zip(slow).filter(|(_, slow)| *slow) {
        if let Sight::Request(request) = &mut observation.sight {
            request.outcome = Outcome::Slow;
        }
    }
}

/// A connection that takes this many seconds has come from far, or over a slow line …
const FAR: f64 = 0.2;

/// … if from elsewhere it takes this many times less.
const NEARER: f64 = 10.0;

/// Turns the outcome of successes that connected late into "connected late", where another sender reaches the same place at once.
fn compare_senders(observations: &mut [Observation]) {
    let connected = |observation: &Observation| match &observation.sight {
        Sight::Request(request) if request.outcome == Outcome::Ok => {
            let seconds = request.times.connected? - request.times.resolved.unwrap_or(0.0);
            Some(((request.to, request.address), request.from, seconds))
        }
        _ => None,
    };
    let all: Vec<_> = observations.iter().map(connected).collect();
    for (observation, mine) in observations.iter_mut().zip(&all) {
        let Some((place, from, seconds)) = mine.filter(|(_, _, seconds)| *seconds >= FAR) else { continue };
        let near = all
            .iter()
            .flatten()
            .any(|(other, theirs, less)| *other == place && *theirs != from && *less * NEARER <= seconds);
        if let (true, Sight::Request(request)) = (near, &mut observation.sight) {
            request.outcome = Outcome::ConnectSlow;
        }
    }
}

/// Positions of the successes whose part took far longer than that of comparable ones.
fn late(observations: &[Observation], part: fn(&Times) -> Option<f64>) -> Vec<usize> {
    let mut alike: BTreeMap<Like, Vec<(usize, f64)>> = BTreeMap::new();
    for (position, observation) in observations.iter().enumerate() {
        if let Sight::Request(request) = &observation.sight
            && request.outcome == Outcome::Ok
            && let Some(seconds) = part(&request.times)
        {
            alike.entry(like(request)).or_default().push((position, seconds));
        }
    }
    let mut all = Vec::new();
    for group in alike.into_values() {
        let quickest = group.iter().map(|(_, seconds)| *seconds).fold(f64::INFINITY, f64::min);
        let limit = (quickest * FACTOR).max(quickest + LONGER);
        let slow: Vec<(usize, f64)> = group.iter().copied().filter(|(_, seconds)| *seconds > limit).collect();
        // What is slow once and then no more was not ready yet.
        let first_only = slow.len() == 1 && group.len() >= WARM && group.first() == slow.first();
        let accident = first_only || slow.len() < 2 && slow.iter().all(|(_, seconds)| *seconds < quickest + ONCE);
        // The quick ones must be more than one lucky answer from a cache.
        let luck = group.len() - slow.len() < 2 && slow.len() > 1 && one_place(observations, &group);
        if !accident && !luck {
            all.extend(slow.into_iter().map(|(position, _)| position));
        }
    }
    all
}

fn like(request: &Request) -> Like {
    (request.from, request.port, request.subject.clone())
}

/// Whether all of them went to the same place.
fn one_place(observations: &[Observation], group: &[(usize, f64)]) -> bool {
    let places = group.iter().filter_map(|(position, _)| match observations.get(*position).map(|seen| &seen.sight) {
        Some(Sight::Request(request)) => Some((request.to, request.address)),
        _ => None,
    });
    order::set(places).len() < 2
}

/// How long the other side thought: from the connection to the first byte, or to the end where only that is known.
fn answer(times: &Times) -> Option<f64> {
    let ready = times.secured.or(times.connected).or(times.resolved).unwrap_or(0.0);
    times.first_byte.or(times.total).map(|seconds| seconds - ready)
}

/// How long the answer took to come in after its first byte.
fn body(times: &Times) -> Option<f64> {
    Some(times.total? - times.first_byte?)
}
