//! Compares how long equal requests took: what took far longer than its like was slow, however fast "slow" may be elsewhere.
//!
//! ```text
//! 10.23.3.11 200 connect=0.0087 ttfb=0.1327
//! 10.23.3.12 200 connect=0.0123 ttfb=0.1363
//! 10.23.3.13 200 connect=0.0004 ttfb=0.4651
//! ```

use std::collections::BTreeMap;

use super::{Observation, Request, Sight};
use crate::diagnosis::Seen;
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
    for late in late_kinds(observations) {
        if let Some(Observation { sight: Sight::Request(request), .. }) = observations.get_mut(late) {
            request.outcome = Outcome::Slow;
        }
    }
    for (part, outcome) in [(answer as fn(&Times) -> Option<f64>, Outcome::Slow), (body, Outcome::SlowBody)] {
        for late in late(observations, part) {
            if let Some(Observation { sight: Sight::Request(request), .. }) = observations.get_mut(late) {
                request.outcome = outcome;
            }
        }
    }
    compare_shares(observations);
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

/// So many times is always …
const OFTEN: usize = 3;

/// … where everything else comes so many times sooner.
const QUICKER: f64 = 20.0;

/// Positions of the answers for things of one kind (`/p/5`, `/p/6`) that took long every time, where all else came at once from there.
fn late_kinds(observations: &[Observation]) -> Vec<usize> {
    let mut kinds: BTreeMap<Like, Vec<(usize, f64)>> = BTreeMap::new();
    for (position, observation) in observations.iter().enumerate() {
        if let Sight::Request(request) = &observation.sight
            && request.outcome == Outcome::Ok
            && request.tests == Stage::Exchange
            && let Some(seconds) = answer(&request.times)
        {
            let kind = (Some(request.to), request.port, kind_of(&request.subject));
            kinds.entry(kind).or_default().push((position, seconds));
        }
    }
    let mut slow = Vec::new();
    for (kind, group) in kinds.iter().filter(|(_, group)| group.len() >= OFTEN) {
        let quickest = group.iter().map(|(_, seconds)| *seconds).fold(f64::INFINITY, f64::min);
        let beside = |other: &Like| (other.0, other.1) == (kind.0, kind.1) && other.2 != kind.2;
        let others = || kinds.iter().filter(|(other, _)| beside(other)).flat_map(|(_, group)| group);
        let sooner = || others().all(|(_, seconds)| *seconds * QUICKER <= quickest);
        if quickest >= LONG && sooner() && others().count() >= OFTEN {
            slow.extend(group.iter().map(|(position, _)| *position));
        }
    }
    slow
}

/// What is asked for, without its number.
fn kind_of(subject: &str) -> String {
    subject.replace(|c: char| c.is_ascii_digit(), "")
}

/// This share of a whole answer is most of it.
const MOST: f64 = 0.8;

/// Turns the outcome of an answer into "slow" where the log of who asked for it says that most of a slow answer was spent on it.
fn compare_shares(observations: &mut [Observation]) {
    let slow = |observation: &Observation| match &observation.sight {
        Sight::Request(request) if request.outcome == Outcome::Slow && request.logged => {
            Some((observation.seen.clone(), request.to, request.times.total?))
        }
        _ => None,
    };
    let slow: Vec<(Seen, NodeIx, f64)> = observations.iter().filter_map(slow).collect();
    for observation in observations.iter_mut() {
        if let Sight::Request(request) = &mut observation.sight
            && request.outcome == Outcome::Ok
            && request.tests == Stage::Exchange
            && let (Some(from), Some(seconds)) = (request.from, answer(&request.times))
            && slow.iter().any(|(seen, to, all)| *seen == observation.seen && *to == from && seconds >= MOST * all)
        {
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
    all.extend(late_members(&alike, observations));
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

/// Positions of the slow ones where requests for things of one kind (`/p/5`, `/p/6`) are slow at one member of a pool, each of them, and
/// quick at another: what is asked for may take its time, and who answers is no matter of chance.
fn late_members(alike: &BTreeMap<Like, Vec<(usize, f64)>>, observations: &[Observation]) -> Vec<usize> {
    let mut kinds: BTreeMap<Like, BTreeMap<NodeIx, Vec<(usize, f64)>>> = BTreeMap::new();
    for ((from, port, subject), group) in alike {
        let numbered = kind_of(subject);
        for (position, seconds) in group {
            if let Some(Observation { sight: Sight::Request(Request { to, spoke, .. }), .. }) =
                observations.get(*position)
            {
                let members = kinds.entry((*from, *port, numbered.clone())).or_default();
                members.entry(spoke.unwrap_or(*to)).or_default().push((*position, *seconds));
            }
        }
    }
    let mut slow = Vec::new();
    for members in kinds.into_values() {
        let most = |one: &[(usize, f64)]| one.iter().map(|(_, seconds)| *seconds).fold(0.0, f64::max);
        let quick = members.values().filter(|one| one.len() > 1).map(|one| most(one)).fold(f64::INFINITY, f64::min);
        let limit = (quick * FACTOR).max(quick + LONGER);
        let is_slow = |one: &&Vec<(usize, f64)>| one.len() > 1 && one.iter().all(|(_, seconds)| *seconds > limit);
        slow.extend(members.values().filter(is_slow).flatten().map(|(position, _)| *position));
    }
    slow
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

/// Whether an answer took so long that it says nothing good of whoever made it.
pub fn took_long(times: &Times) -> bool {
    answer(times).is_some_and(|seconds| seconds >= LONG)
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

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// haproxy 2.6: all but 3 ms of what the pupil waits for is spent by results-1.
    const LOG: &str = "\
Nov 29 00:55:01 lb haproxy[13231]: 10.1.40.8:47582 [29/Nov/2026:00:54:55.340] web results/results-1 0/0/3/6446/6449 200 213 - - ---- 1/1/0/0/0 0/0 \"GET /results HTTP/1.0\"
Nov 29 00:55:02 lb haproxy[13231]: 10.1.40.8:47606 [29/Nov/2026:00:54:56.143] web results/results-1 0/0/3/6439/6442 200 213 - - ---- 1/1/0/0/0 0/0 \"GET /results HTTP/1.0\"
Nov 29 00:55:03 lb haproxy[13231]: 10.1.40.8:47616 [29/Nov/2026:00:54:56.156] web news/news-1 0/0/0/4/4 200 213 - - ---- 1/1/0/0/0 0/0 \"GET /news HTTP/1.0\"
";

    #[test]
    fn who_spent_most_of_a_slow_answer_was_slow_and_is_not_cleared() {
        let drawn = "pupil(client)[10.1.40.8] -> lb(lb)[10.1.1.3]:80\nlb -> results-1(service)[10.1.2.16]:8080\n\
                     lb -> news-1(service)[10.1.2.17]:8081";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let evidence = Evidence {
            origin: Origin { vantage: Some("lb".to_owned()), ..Origin::default() },
            reading: read(LOG, None, None),
        };
        let diagnosis = diagnose(&sketch, &[evidence], &Shelf::shipped().0);
        let first: Vec<&str> = diagnosis.elements.iter().take(2).map(|one| one.element.as_str()).collect();
        assert!(first.contains(&"results-1"), "{first:?}");
        assert!(diagnosis.cleared.iter().all(|one| !one.element.contains("results-1")), "{:?}", diagnosis.cleared);
    }

    #[test]
    fn what_takes_long_every_time_is_slow_where_all_else_comes_at_once() {
        let drawn = "guest(client)[10.1.40.8] -> menu(service)[10.1.2.16]:8080 -> db(database)[10.1.3.5]:5432";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let verdict = |slow: &str| {
            let row = |path: &str, took: &str| {
                format!("10.1.40.8 [29/Nov/2026:12:17:29 +0000] \"GET {path} HTTP/1.1\" 200 {took}s\n")
            };
            let log: String = (1..4)
                .map(|n| row(&format!("/allergens/{n}"), slow) + &row("/menu", "0.061") + &row("/prices", "0.055"))
                .collect();
            let origin = Origin { vantage: Some("menu".to_owned()), ..Origin::default() };
            diagnose(&sketch, &[Evidence { origin, reading: read(&log, None, None) }], &Shelf::shipped().0).verdict
        };
        assert_ne!(verdict("1.902"), crate::diagnosis::Verdict::NothingWrong);
        assert_eq!(verdict("0.302"), crate::diagnosis::Verdict::NothingWrong);
    }

    #[test]
    fn one_member_that_is_slow_with_everything_of_a_kind_is_slow() {
        let drawn = "bike(client)[10.1.40.8] -> lb(lb)[10.1.1.3]:80\nlb -> planner-a(service)[10.1.2.16]:8080\n\
                     lb -> planner-b(service)[10.1.2.17]:8080";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let line = |number: u32, member: &str, ms: u32| {
            format!(
                "Nov 29 06:32:30 lb haproxy[1]: 10.1.40.8:3575{number} [29/Nov/2026:06:32:30.322] web planner/{member} 0/0/0/{ms}/{ms} 200 181 - - ---- 1/1/0/0/0 0/0 \"GET /p/{number} HTTP/1.1\"\n"
            )
        };
        let first = |slow: &str| {
            let log =
                [line(5, "planner-a", 27), line(6, "planner-b", 290), line(7, "planner-a", 27), line(8, slow, 430)];
            let evidence = Evidence {
                origin: Origin { vantage: Some("lb".to_owned()), ..Origin::default() },
                reading: read(&log.concat(), None, None),
            };
            diagnose(&sketch, &[evidence], &Shelf::shipped().0)
        };
        let diagnosis = first("planner-b");
        assert_eq!(
            diagnosis.elements.first().map(|one| one.element.as_str()),
            Some("planner-b"),
            "{}",
            diagnosis.headline
        );
        // What is asked for decides, and not who answers.
        assert_eq!(first("planner-a").verdict, crate::diagnosis::Verdict::NothingWrong);
    }
}
