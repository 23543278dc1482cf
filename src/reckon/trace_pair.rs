//! Holds a trace that failed against one of the same request that did not.
//!
//! The trouble begins at the deepest span whose own time (its duration without its children's) explains most of the difference,
//! and none of whose descendants does. What lies above it only waited; what is missing below it was never asked.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Here, Party, Reckoning, Says};
use crate::diagnosis::Sum;
use crate::evidence::Lines;
use crate::fact::{Claim, Span, spoken_seconds};
use crate::order;

/// This share of the difference must be a span's own for it to be the origin.
const EXPLAINS: f64 = 0.8;

/// A trace must be slower by this many seconds, or time says nothing and only failures are looked at.
const SLOWER: f64 = 0.1;

/// All spans of one trace; of equal ones (a loop of queries) the longest stands for all.
struct Trace<'a> {
    spans: BTreeMap<Name<'a>, (Here<'a>, &'a Span)>,
    parents: BTreeMap<Name<'a>, Name<'a>>,
    /// Own time by name.
    own: BTreeMap<Name<'a>, f64>,
}

/// Service and operation: what is the same in two traces of one kind of request.
type Name<'a> = (&'a str, &'a str);

pub(super) fn reckon(facts: &[Here]) -> Reckoning {
    let traces = traces(facts);
    let mut reckoning = Reckoning::default();
    let failing = traces.iter().filter(|trace| trace.failed());
    for bad in failing {
        let alike = |good: &&Trace| !good.failed() && good.spans.keys().any(|name| bad.spans.contains_key(name));
        // The quickest good trace of the same work: what the request takes when nothing is in its way.
        let Some(good) = traces.iter().filter(alike).min_by(|a, b| a.longest().total_cmp(&b.longest())) else {
            continue;
        };
        if let Some((sum, finding)) = compare(bad, good) {
            reckoning.sums.push(sum);
            reckoning.findings.push(finding);
        }
        // Further failing traces of the same kind would say the same again.
        break;
    }
    reckoning
}

fn traces<'a>(facts: &[Here<'a>]) -> Vec<Trace<'a>> {
    let mut by_id: BTreeMap<(usize, &str), Vec<(Here, &Span)>> = BTreeMap::new();
    for here in facts {
        if let Claim::Span(span) = &here.fact.claim {
            by_id.entry((here.place.evidence, &span.trace)).or_default().push((*here, span));
        }
    }
    by_id.into_values().map(Trace::new).collect()
}

impl<'a> Trace<'a> {
    fn new(all: Vec<(Here<'a>, &'a Span)>) -> Trace<'a> {
        let names: BTreeMap<&str, Name> = order::map(all.iter().map(|(_, span)| (span.id.as_str(), name(span))));
        let mut inside: BTreeMap<&str, f64> = BTreeMap::new();
        for (_, span) in &all {
            if let Some(parent) = &span.parent {
                *inside.entry(parent).or_default() += span.seconds;
            }
        }
        let mut trace = Trace { spans: BTreeMap::new(), parents: BTreeMap::new(), own: BTreeMap::new() };
        for (here, span) in all {
            let own = (span.seconds - inside.get(span.id.as_str()).copied().unwrap_or(0.0)).max(0.0);
            *trace.own.entry(name(span)).or_default() += own;
            let longest = trace.spans.entry(name(span)).or_insert((here, span));
            if span.seconds > longest.1.seconds {
                *longest = (here, span);
            }
            if let Some(parent) =
                span.parent.as_deref().and_then(|id| names.get(id)).filter(|parent| **parent != name(span))
            {
                trace.parents.insert(name(span), *parent);
            }
        }
        trace
    }

    fn failed(&self) -> bool {
        self.spans.values().any(|(_, span)| span.failed)
    }

    fn longest(&self) -> f64 {
        self.spans.values().map(|(_, span)| span.seconds).fold(0.0, f64::max)
    }

    fn seconds(&self, name: &Name) -> Option<f64> {
        self.spans.get(name).map(|(_, span)| span.seconds)
    }

    fn own(&self, name: &Name) -> f64 {
        self.own.get(name).copied().unwrap_or(0.0)
    }
}

fn name(span: &Span) -> Name<'_> {
    (span.service.as_str(), span.name.as_str())
}

/// Everything above a name, nearest first, by either trace: the one that failed may lack a link of the chain.
fn above<'a>(of: Name<'a>, bad: &Trace<'a>, good: &Trace<'a>) -> Vec<Name<'a>> {
    let mut above = Vec::new();
    let mut at = of;
    while let Some(parent) = good.parents.get(&at).or_else(|| bad.parents.get(&at)) {
        if above.contains(parent) || *parent == of {
            break;
        }
        above.push(*parent);
        at = *parent;
    }
    above
}

fn compare<'a>(bad: &Trace<'a>, good: &Trace<'a>) -> Option<(Sum, Finding)> {
    let slower = bad.longest() - good.longest();
    let explains = |name: &Name| match slower {
        d if d >= SLOWER => bad.own(name) - good.own(name) >= EXPLAINS * d,
        _ => bad.spans.get(name).is_some_and(|(_, span)| span.failed),
    };
    let candidates: Vec<Name> = bad.spans.keys().filter(|name| explains(name)).copied().collect();
    let carriers: BTreeSet<Name> = order::set(candidates.iter().flat_map(|name| above(*name, bad, good)));
    let origin = candidates
        .iter()
        .filter(|name| !carriers.contains(*name))
        .max_by(|a, b| (bad.own(a) - good.own(a)).total_cmp(&(bad.own(b) - good.own(b))))?;
    let (here, span) = bad.spans.get(origin)?;
    let waited = above(*origin, bad, good);
    let mut rows = Vec::new();
    let mut not = Vec::new();
    let names: BTreeSet<Name> = order::set(good.spans.keys().chain(bad.spans.keys()).copied());
    let mut names: Vec<Name> = names.into_iter().collect();
    order::by_key(&mut names, |name| (above(*name, bad, good).len(), *name));
    for name in names {
        let spoken = |trace: &Trace| trace.seconds(&name).map_or("absent".to_owned(), spoken_seconds);
        let role = match (name, bad.seconds(&name)) {
            (name, _) if name == *origin => "origin",
            (name, None) if waited.contains(&name) => "not recorded",
            (_, None) => "never asked",
            (name, _) if waited.contains(&name) => "waited for it",
            _ => "unchanged",
        };
        rows.push(format!("{} {}: {} → {}, {role}", name.0, name.1, spoken(good), spoken(bad)));
        let Some((_, span)) = good.spans.get(&name).or_else(|| bad.spans.get(&name)) else { continue };
        match (role, &span.peer) {
            ("never asked", Some(peer)) => {
                let callee = Party::CalleeOf(span.service.clone(), peer.clone());
                not.push((
                    callee,
                    format!("{} was never sent in the slow trace, {} in the good one", span.name, spoken(good)),
                ));
            }
            ("waited for it", _) if span.service != origin.0 => {
                not.push((Party::Named(span.service.clone()), format!("{} only waited", span.name)));
            }
            _ => {}
        }
    }
    let begins = match &span.peer {
        _ if span.waits_for_a_pool() => Party::PoolOf(span.service.clone()),
        Some(peer) => Party::CalleeOf(span.service.clone(), peer.clone()),
        None => Party::Named(span.service.clone()),
    };
    let share = match slower {
        d if d >= SLOWER => {
            format!(" and explains {:.0} % of the difference", 100.0 * (bad.own(origin) - good.own(origin)) / d)
        }
        _ => " and is the deepest span that failed".to_owned(),
    };
    let before =
        good.seconds(origin).map_or("was not there".to_owned(), |seconds| format!("took {}", spoken_seconds(seconds)));
    let says = format!("{} took {} where it {before}{share}", span.name, spoken_seconds(span.seconds));
    let lines = lines_of(bad);
    let seen = here.place.seen(here.fact.lines);
    let good_seen = good.spans.values().next().map(|(here, _)| here.place.seen(lines_of(good)));
    let sum = Sum {
        title: "A failing trace against a good one".to_owned(),
        rows,
        concludes: format!("The trouble begins at {} of {}.", span.name, span.service),
        missing: Vec::new(),
        because: [Some(here.place.seen(lines)), good_seen].into_iter().flatten().collect(),
    };
    Some((sum, here.place.finding(seen.lines, Says::Blame { begins, not, says })))
}

fn lines_of(trace: &Trace) -> Lines {
    let all = || trace.spans.values().map(|(here, _)| here.fact.lines);
    let first = all().map(|lines| lines.first).min().unwrap_or(1);
    Lines::new(first, all().map(|lines| lines.last).max().unwrap_or(first))
}
