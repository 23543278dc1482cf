//! Groups observations that answer the same question, so that repeats count less and less.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::rc::Rc;

use super::memory::{Heard, Memory};
use super::rows::Rows;
use crate::fact::{Outcome, Stage};
use crate::hypotheses::{Cause, Hypotheses};
use crate::order;
use crate::place::{Aim, Observation, Request, Sampled, Sight, Tls};
use crate::predict::{self, Asked, Foresight, Standing};
use crate::routes::{Role, Routes, Step};
use crate::sketch::{Element, NodeIx};

mod blame;
mod members;
mod speaker;

/// So many failures of one kind count at most from a log that was cut down to them.
const SAMPLED: u32 = 2;

/// Strength of the Pólya model for requests: five equal outcomes in, a sixth is hardly news.
const REQUESTS: f64 = 5.0;

/// Observations with this in common answer the same question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Request {
        from: Option<NodeIx>,
        to: NodeIx,
        address: Option<IpAddr>,
        port: Option<u16>,
        whole: bool,
        tests: Stage,
        tls: Tls,
        aim: Aim,
        resolved: bool,
        subject: String,
        spoke: Option<NodeIx>,
        logged: bool,
    },
    State {
        observable: String,
        at: Vec<Element>,
    },
    Blame {
        begins: Vec<Element>,
        not: Vec<(Element, String)>,
    },
}

/// The observations of one question and how likely they are under each hypothesis.
pub struct Cluster {
    pub key: Key,
    /// Positions of its observations.
    pub observations: Vec<usize>,
    /// How often each outcome was seen; empty for a state.
    pub counts: BTreeMap<Outcome, u32>,
    /// The route of its requests; empty for a state.
    pub steps: Rc<[Step]>,
    pub sameness: f64,
    pub impatient: bool,
    /// ln-likelihood under hypotheses that have nothing to do with it.
    pub(super) base: f64,
    /// ln-likelihood under those that have.
    pub(super) rows: Rc<Rows>,
    /// ln of its probability before all evidence, over the priors; reckoned for the first who asks.
    pub(super) average: OnceCell<f64>,
}

impl Cluster {
    /// A question nothing has been seen of yet.
    fn about(key: &Key) -> Cluster {
        Cluster {
            key: key.clone(),
            observations: Vec::new(),
            counts: BTreeMap::new(),
            steps: Rc::default(),
            sameness: 1.0,
            impatient: false,
            base: 0.0,
            rows: Rc::default(),
            average: OnceCell::new(),
        }
    }

    /// ln-likelihood under a hypothesis.
    pub fn ln(&self, h: usize) -> f64 {
        self.rows.get(h).unwrap_or(self.base)
    }

    /// ln-likelihood under the hypothesis that explains it best.
    pub fn best(&self) -> f64 {
        self.rows.iter().map(|(_, ln)| ln).fold(self.base, f64::max)
    }

    /// The hypotheses that have something to say about it, and their ln-likelihoods.
    pub fn rows(&self) -> impl Iterator<Item = (usize, f64)> {
        self.rows.iter()
    }

    /// ln-likelihood under hypotheses that have nothing to do with it.
    pub fn ln_elsewhere(&self) -> f64 {
        self.base
    }

    /// Whether every request of it worked.
    pub fn all_worked(&self) -> bool {
        self.counts.keys().all(|outcome| matches!(outcome, Outcome::Ok | Outcome::Redirected))
    }

    /// Whether a hypothesis has anything to say about it.
    pub fn concerns(&self, h: usize) -> bool {
        self.rows.get(h).is_some()
    }

    /// How a request of it is tested.
    pub fn asked(&self) -> Option<Asked> {
        match &self.key {
            Key::Request { tests, whole, tls, aim, .. } => Some(Asked {
                tests: *tests,
                whole: *whole,
                tls: *tls,
                aim: *aim,
                answered: false,
                sameness: self.sameness,
                impatient: self.impatient,
            }),
            Key::State { .. } | Key::Blame { .. } => None,
        }
    }

    /// Every place on the way of its requests, and how they met a fault there; nothing where the answer came through unharmed.
    pub(super) fn met(&self) -> impl Iterator<Item = (&Step, Option<Asked>)> {
        let spoke = match &self.key {
            Key::Request { spoke, .. } => spoke.map(Element::Node),
            Key::State { .. } | Key::Blame { .. } => None,
        };
        let unharmed = speaker::before(&self.steps, spoke);
        let steps = self.steps.iter().filter(|step| step.role != Role::Address || step.weight > 0.0);
        steps.map(move |step| {
            let asked = self.asked().filter(|_| !unharmed.contains(&step.element)).map(|asked| {
                let asked = speaker::told_apart(asked, step, spoke);
                // A way carries every name alike.
                let every = step.role == Role::Link && asked.tests == Stage::Resolve;
                if every { Asked { sameness: 1.0, ..asked } } else { asked }
            });
            (step, asked)
        })
    }
}

/// All clusters of a case, in a fixed order.
pub(super) fn clusters(
    observations: &[Observation],
    routes: &Routes,
    hypotheses: &Hypotheses,
    memory: &Memory,
) -> Vec<Cluster> {
    let mut grouped: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (position, observation) in observations.iter().enumerate() {
        grouped.entry(key(&observation.sight)).or_default().push(position);
    }
    let failing = failing_subjects(observations);
    let failing_targets = failing_targets(observations);
    grouped
        .into_iter()
        .map(|(key, members)| {
            let seen: Vec<&Observation> = members.iter().filter_map(|position| observations.get(*position)).collect();
            let mut cluster = match &key {
                Key::Request { .. } => {
                    of_requests(&key, &seen, (&failing, &failing_targets), routes, hypotheses, memory)
                }
                Key::State { .. } => of_states(&key, &seen, routes, hypotheses),
                Key::Blame { .. } => blame::of_blame(&key, hypotheses),
            };
            cluster.observations = members;
            cluster
        })
        .collect()
}

fn key(sight: &Sight) -> Key {
    match sight {
        Sight::Request(request) => Key::Request {
            from: request.from,
            to: request.to,
            address: request.address,
            port: request.port,
            whole: request.whole,
            tests: request.tests,
            tls: request.tls,
            aim: request.aim,
            resolved: request.resolved,
            subject: request.subject.clone(),
            spoke: request.spoke,
            logged: request.logged,
        },
        Sight::State { observable, at, .. } => Key::State { observable: observable.clone(), at: at.clone() },
        Sight::Blame { begins, not } => Key::Blame { begins: begins.clone(), not: not.clone() },
    }
}

/// For each target and stage, what was asked for when it failed.
fn failing_subjects(observations: &[Observation]) -> BTreeSet<(NodeIx, bool, String)> {
    order::set(observations.iter().filter_map(|observation| match &observation.sight {
        Sight::Request(request) if !request.outcome.is_success() && !request.subject.is_empty() => {
            Some((request.to, request.tests == Stage::Resolve, request.subject.clone()))
        }
        _ => None,
    }))
}

/// Targets that some request did not get what it wanted from.
fn failing_targets(observations: &[Observation]) -> BTreeSet<NodeIx> {
    let failing = observations.iter().filter_map(|observation| match &observation.sight {
        Sight::Request(request) if !request.outcome.is_success() && request.tests != Stage::Resolve => Some(request.to),
        _ => None,
    });
    order::set(failing)
}

/// How much an answer for one name says about another name of the same server.
const OTHER_NAME: f64 = 0.15;

/// How much a success says about the failures: a request for something else than what fails says less.
fn sameness(request: &Request, worked: bool, failing: &BTreeSet<(NodeIx, bool, String)>) -> f64 {
    let resolve = request.tests == Stage::Resolve;
    let mut here = failing.iter().filter(|(to, stage, _)| *to == request.to && *stage == resolve).peekable();
    if !worked
        || request.subject.is_empty()
        || here.peek().is_none()
        || here.any(|(_, _, subject)| *subject == request.subject)
    {
        return 1.0;
    }
    if resolve { OTHER_NAME } else { 0.5 }
}

fn of_requests(
    key: &Key,
    seen: &[&Observation],
    (failing, failing_targets): (&BTreeSet<(NodeIx, bool, String)>, &BTreeSet<NodeIx>),
    routes: &Routes,
    hypotheses: &Hypotheses,
    memory: &Memory,
) -> Cluster {
    let mut counts: BTreeMap<Outcome, u32> = BTreeMap::new();
    let mut first: Option<&Request> = None;
    for observation in seen {
        if let Sight::Request(request) = &observation.sight {
            let count = counts.entry(request.outcome).or_default();
            // A log cut down to its failures says what failed; how often, it does not say.
            let room = if observation.sampled == Sampled::Failures { SAMPLED.saturating_sub(*count) } else { u32::MAX };
            *count += observation.count.max(1).min(room);
            first = first.or(Some(request));
        }
    }
    let mut cluster = Cluster { counts, ..Cluster::about(key) };
    let Some(request) = first else { return cluster };
    // A client that tries one address after the other only shows the one that worked in the end.
    let address = request.address.filter(|_| !request.whole || cluster.counts.keys().all(|o| *o == Outcome::Ok));
    let route = routes.of_request(request.from, request.to, address, request.resolved);
    let only = |roles: &[Role]| route.iter().filter(|step| roles.contains(&step.role)).cloned().collect();
    cluster.steps = match request.aim {
        Aim::Drawn | Aim::Aside => route,
        // Whatever the settings are told, they had no part in it.
        Aim::ByHand => route.iter().filter(|step| step.role != Role::Maker).cloned().collect(),
        // It never came where the drawing leads: only its sender and whoever told it the way have to do with it.
        Aim::Astray => only(&[Role::Maker, Role::Guide]),
        Aim::Misguided => only(&[Role::Guide]),
    };
    cluster.impatient = is_impatient(request);
    cluster.sameness = sameness(request, cluster.all_worked(), failing);
    let background = predict::background();
    cluster.base = polya(cluster.counts.keys().map(|outcome| background.likelihood(*outcome)), &cluster.counts);
    let heard = Heard {
        key: key.clone(),
        counts: cluster.counts.clone(),
        sameness: cluster.sameness.to_bits(),
        impatient: cluster.impatient,
        other_name: cluster.all_worked() && !failing_targets.is_empty() && !failing_targets.contains(&request.to),
    };
    cluster.rows =
        memory.rows(heard, |heard| rows_of_requests(&cluster, heard.other_name, hypotheses, &memory.foresight));
    cluster
}

/// What the hypotheses make of requests that are grouped and counted: nothing but what `Heard` says may decide it.
fn rows_of_requests(cluster: &Cluster, other_name: bool, hypotheses: &Hypotheses, foresight: &Foresight) -> Rows {
    let mut rows = Rows::default();
    let Key::Request { tests, .. } = &cluster.key else { return rows };
    let mut alike: BTreeMap<(Standing, [u64; 2]), Rc<[f64]>> = BTreeMap::new();
    for (step, asked) in cluster.met() {
        let Some(spot) = hypotheses.places.spot(step.element) else { continue };
        let Some(mut asked) = asked else {
            rows.raise(spot.hypotheses().start, spot.hypotheses().map(|_| cluster.base).collect());
            continue;
        };
        // A name server answers name by name: that one is told rightly says little of another.
        if other_name && step.role == Role::Guide {
            asked.sameness *= OTHER_NAME;
        }
        let standing = Standing::of(spot.nature, step, asked);
        let run = alike.entry((standing, [step.weight.to_bits(), asked.sameness.to_bits()])).or_insert_with(|| {
            let effects = foresight.effects(hypotheses, spot, step, asked);
            let likely = |effect: &predict::Effect| {
                let all = cluster.counts.keys().map(|outcome| effect.likelihood(*outcome, step, asked));
                polya(all, &cluster.counts)
            };
            effects.iter().map(likely).collect()
        });
        rows.raise(spot.hypotheses().start, run.clone());
    }
    for (h, cause) in hypotheses.elsewhere() {
        if matches!(cause, Cause::Outside) {
            let outside = predict::outside(*tests);
            let likely = cluster.counts.keys().map(|outcome| outside.likelihood(*outcome));
            rows.set(h, polya(likely, &cluster.counts));
        }
    }
    rows
}

/// Whether the sender gave up before a proxy would: nginx, haproxy and the cloud balancers wait 30 to 60 s by default.
fn is_impatient(request: &Request) -> bool {
    const PROXIES_WAIT: f64 = 30.0;
    matches!(request.outcome, Outcome::Hang | Outcome::TimedOut)
        && request.times.total.is_some_and(|seconds| seconds < PROXIES_WAIT)
}

fn of_states(key: &Key, seen: &[&Observation], routes: &Routes, hypotheses: &Hypotheses) -> Cluster {
    let shelf = &hypotheses.shelf;
    let mut cluster = Cluster::about(key);
    let Key::State { observable, at } = key else { return cluster };
    // Reading a state again brings nothing new: each value counts once.
    let values: BTreeSet<&str> = order::set(seen.iter().filter_map(|observation| match &observation.sight {
        Sight::State { value, .. } => Some(value.as_str()),
        Sight::Request(_) | Sight::Blame { .. } => None,
    }));
    let normally: Vec<(&str, f64)> = values.iter().map(|value| (*value, shelf.normally(observable, value))).collect();
    let ln = |cause: &Cause| -> f64 {
        let all = normally.iter().map(|(value, usual)| predict::state_beside(cause, observable, value, *usual));
        all.map(|p| p.max(1e-4).ln()).sum()
    };
    cluster.base = ln(&Cause::Nothing);
    let mut rows = Rows::default();
    for element in at {
        let Some(spot) = hypotheses.places.spot(*element) else { continue };
        let causes = hypotheses.causes(*element, spot);
        rows.raise(spot.hypotheses().start, causes.map(|cause| ln(&cause)).collect());
    }
    if let (true, [Element::Node(balancer)]) =
        (matches!(observable.as_str(), "backend.servers" | "target.health"), &**at)
    {
        for value in &values {
            for (h, p) in members::rows(*balancer, routes, hypotheses, value) {
                let all = values.iter().filter(|other| *other != value);
                let others: f64 = all.map(|other| shelf.normally(observable, other).max(1e-4).ln()).sum();
                rows.raise(h, Rc::from([p.ln() + others]));
            }
        }
    }
    for (h, cause) in hypotheses.elsewhere() {
        if matches!(cause, Cause::Outside) {
            rows.set(h, ln(&cause));
        }
    }
    cluster.rows = Rc::new(rows);
    cluster
}

/// ln of the Pólya probability of a sequence with these counts: each repeat of an outcome makes the next one less surprising.
/// `likely` are the probabilities of the outcomes counted, in their order.
pub(super) fn polya(likely: impl Iterator<Item = f64>, counts: &BTreeMap<Outcome, u32>) -> f64 {
    let mut ln = 0.0;
    let mut drawn = 0;
    for (p, count) in likely.zip(counts.values()) {
        let p = p.max(1e-5);
        // Multiplied before the logarithm, which is what takes long. Beyond a hundred repeats the product has long saturated, and a
        // hundred factors are far from the smallest number there is.
        let mut product = 1.0;
        for earlier in 0..(*count).min(100) {
            product *= (REQUESTS * p + f64::from(earlier)) / (REQUESTS + f64::from(drawn));
            drawn += 1;
        }
        ln += product.ln();
    }
    ln
}
