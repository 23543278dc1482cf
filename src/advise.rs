//! Picks the next command: the probe that tells most about what to repair, per minute and risk.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::command::{Filled, Slot, client, fill};
use crate::diagnosis::{Expected, Missing, Risk, Suggestion};
use crate::fact::Outcome;
use crate::hypotheses::Cause;
use crate::order;
use crate::predict::weighted_entropy;
use crate::runbook::{Asks, Place, Probe};
use crate::sketch::{Element, Kind, NodeIx};
use crate::weigh::Belief;

mod fetch;
mod foresee;
mod information;
mod manual;
mod promise;
mod repairs;
mod slots;
mod software;

pub use fetch::fetch;
pub use manual::{Trial, first_place, tells, trials};

use foresee::{Predicted, Question, question, requests, states, was_asked};
use information::{Foreseen, Information, information};
use repairs::Repairs;
use slots::{is_asked, slots, write_in};
use software::Spoken;

/// Only elements among this many most suspected ones, and their neighbors, are worth a probe.
const ANCHORS: usize = 50;

/// How many suggestions are kept.
const KEPT: usize = 5;

/// Minutes to find out what a slot of a command stands for.
const HOLE: f64 = 0.5;

/// How much dearer a command is that needs a software nothing speaks of.
const GUESS: f64 = 3.0;

/// How many hypotheses are ranked.
const RANKED: usize = 1_024;

/// Below this a command is not worth its minute.
const WORTH: f64 = 0.02;

/// With less belief a hypothesis does not lead, even if no other has more.
const LEADS: f64 = 0.25;

/// In a drawing nobody has tested yet, a hop farther from the caller outweighs any price of a command.
const FARTHER: f64 = 1_000.0;

/// An outcome that is less likely is not listed.
const LISTED: f64 = 0.02;

/// From here on an answer is taken as read, where the same was asked before.
const IMPLIED: f64 = 0.8;

/// What to do next.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Advice {
    /// Commands worth running, best first.
    pub next: Vec<Suggestion>,
    /// So many of them will do, where that can be promised.
    pub at_most: Option<u32>,
}

/// A command and what it was weighed with.
struct Weighed<'a> {
    candidate: Candidate<'a>,
    filled: Filled,
    predicted: Option<Rc<Predicted<'a>>>,
    information: Rc<Information<'a>>,
    /// Minutes times risk.
    cost: f64,
    /// Bits per cost.
    score: f64,
}

impl Weighed<'_> {
    /// The node whose view it shows. What asks an API shows the same everywhere.
    fn from(&self) -> Option<NodeIx> {
        self.candidate.from.filter(|_| client(&self.filled.command).is_none_or(|client| client.inside))
    }
}

/// What a command is expected to show, and how much that tells.
type Expecting<'a> = Option<(Option<Rc<Predicted<'a>>>, Rc<Information<'a>>)>;

/// What everybody who weighs a probe needs to know.
struct Weighing<'a, 'b> {
    belief: &'a Belief<'b>,
    repairs: Repairs,
    /// Hypotheses with most belief, best first.
    ranked: Vec<usize>,
    missing: &'a [Missing],
    spoken: Spoken,
    /// Many commands ask the same in another way.
    asked: RefCell<BTreeMap<Question, Expecting<'b>>>,
    looked: RefCell<BTreeMap<(Element, &'a str), Expecting<'b>>>,
}

/// Commands worth running next. `missing` are numbers that calculations lack.
pub fn advise(belief: &Belief, missing: &[Missing]) -> Advice {
    let weighing = Weighing {
        belief,
        repairs: Repairs::of(belief),
        // As many as a probe may concern, and one more.
        ranked: belief.likeliest(RANKED),
        missing,
        spoken: Spoken::of(belief),
        asked: RefCell::default(),
        looked: RefCell::default(),
    };
    let candidates = candidates(belief);
    let mut weighed: Vec<Weighed> = Vec::new();
    for about in candidates.chunk_by(|one, other| one.element == other.element) {
        let telling = about.first().is_some_and(|one| stake(one.element, belief) >= WORTH);
        let looks = |one: &&Candidate| matches!(one.probe.asks, Asks::Observable(_));
        weighed.extend(about.iter().filter(|one| telling || !looks(one)).filter_map(|one| weighing.weigh(one)));
    }
    weighed.retain(|one| !is_implied(one, belief));
    if belief.clusters.is_empty() {
        outwards(belief, &mut weighed);
    }
    order::by(&mut weighed, |a, b| b.score.total_cmp(&a.score).then_with(|| a.filled.command.cmp(&b.filled.command)));
    let mut commands = BTreeSet::new();
    weighed.retain(|one| commands.insert((one.from(), one.filled.command.clone())));
    let at_most = promise::at_most(belief, &weighing.repairs, &weighed);
    Advice { next: weighed.iter().take(KEPT).map(|one| suggestion(one, belief)).collect(), at_most }
}

/// As much as any look at an element can tell, in bits: what is open about its own faults.
fn stake(element: Element, belief: &Belief) -> f64 {
    let singles = belief.places.spot(element).map_or(&[][..], |spot| belief.singles(spot));
    let rest = (1.0 - singles.iter().sum::<f64>()).max(0.0);
    weighted_entropy(&[singles, &[rest]].concat())
}

/// Whether a command would most likely repeat what its sender was told by the same target already, maybe by another tool.
fn is_implied(one: &Weighed, belief: &Belief) -> bool {
    let Candidate { probe, element, from } = one.candidate;
    let Asks::Request(stage) = &probe.asks else { return false };
    let asked = question(element, from, *stage, belief).is_some_and(|question| was_asked(question, belief));
    asked && one.information.outcomes.first().is_some_and(|likeliest| likeliest.probability >= IMPLIED)
}

/// Before anything was tested one walks from the caller outwards, asks before one looks, and begins with what costs least.
fn outwards(belief: &Belief, weighed: &mut [Weighed]) {
    let depths = depths(belief);
    for one in weighed {
        let depth = one.candidate.from.and_then(|from| depths.get(&from)).copied().unwrap_or(1);
        // What fails is known before why.
        let look = if matches!(one.candidate.probe.asks, Asks::Request(_)) { 0.0 } else { FARTHER / 2.0 };
        one.score = -one.cost - FARTHER * f64::from(depth) - look;
    }
}

/// How many calls lie between a node and the first caller of its path.
fn depths(belief: &Belief) -> BTreeMap<NodeIx, u32> {
    let nobody_calls = |ix: &NodeIx| belief.sketch.callers(*ix).is_empty();
    let mut depths: BTreeMap<NodeIx, u32> = BTreeMap::new();
    let mut layer: Vec<NodeIx> = belief.sketch.node_indices().filter(nobody_calls).collect();
    for depth in 0.. {
        layer.retain(|ix| !depths.contains_key(ix));
        if layer.is_empty() {
            break;
        }
        depths.extend(layer.iter().map(|ix| (*ix, depth)));
        layer = layer.iter().flat_map(|ix| belief.routes.callees(*ix)).map(|(_, callee)| callee).collect();
    }
    depths
}

/// A probe pointed at an element, and where it would be run.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    pub probe: &'a Probe,
    pub element: Element,
    pub from: Option<NodeIx>,
}

/// Every probe that could be run at one of the most suspected elements.
pub fn candidates<'a>(belief: &Belief<'a>) -> Vec<Candidate<'a>> {
    let mut all = Vec::new();
    for (_, element) in belief.likeliest_elements(ANCHORS) {
        for probe in belief.shelf.probes().filter(|probe| probe.at.iter().any(|place| fits(*place, element, belief))) {
            let from = vantages(probe, element, belief).into_iter();
            let from = from.filter(|from| speaks(probe, element, *from, belief));
            all.extend(from.map(|from| Candidate { probe, element, from }));
        }
    }
    all
}

/// Minutes and risk of running a probe, with the time to ask somebody for access where nobody has been looking from yet.
fn cost(probe: &Probe, from: Option<NodeIx>, belief: &Belief) -> f64 {
    let risk = match probe.risk {
        Risk::Read => 1.0,
        Risk::Load => 2.5,
        Risk::Mutate => 12.0,
    };
    let at_hand = from.is_none_or(|from| belief.looked_from(from));
    let asking = if at_hand { 0.25 } else { 1.0 };
    (probe.minutes + asking) * risk
}

/// Whether a probe for certain protocols is of use between these two; an edge without a protocol may speak any.
fn speaks(probe: &Probe, element: Element, from: Option<NodeIx>, belief: &Belief) -> bool {
    let edge = match element {
        Element::Edge(ix) => Some(ix),
        Element::Node(ix) | Element::Address(ix, _) => from.and_then(|from| belief.sketch.edge_between(from, ix)),
    };
    let protocol = edge.and_then(|ix| belief.sketch.edge(ix)).and_then(|edge| edge.protocol.as_deref());
    probe.protocols.is_empty() || protocol.is_none_or(|protocol| probe.protocols.iter().any(|known| known == protocol))
}

fn fits(place: Place, element: Element, belief: &Belief) -> bool {
    let leads_to = |edge| belief.sketch.ends(edge).map(|(_, to)| belief.sketch.kind(to));
    match (place, element) {
        (Place::Node(kind), Element::Node(ix)) | (Place::Address(kind), Element::Address(ix, _)) => {
            belief.sketch.kind(ix) == kind
        }
        (Place::Edge(None), Element::Edge(ix)) => leads_to(ix) != Some(Kind::Dns),
        (Place::Edge(Some(kind)), Element::Edge(ix)) => leads_to(ix) == Some(kind),
        _ => false,
    }
}

/// Where a probe can be run: at the callers of what it tests, or on the node whose state it reads.
fn vantages(probe: &Probe, element: Element, belief: &Belief) -> Vec<Option<NodeIx>> {
    let callers = |ix| belief.routes.callers(ix).into_iter().map(|(_, caller)| Some(caller));
    match (&probe.asks, element) {
        (Asks::Observable(_), Element::Node(ix) | Element::Address(ix, _))
            if probe.remote && callers(ix).next().is_some() =>
        {
            callers(ix).collect()
        }
        (Asks::Observable(_), Element::Node(ix) | Element::Address(ix, _)) => vec![Some(ix)],
        // A number is asked of whoever has an account or a console.
        (Asks::Number(_), _) => vec![None],
        (Asks::Observable(_) | Asks::Request(_), Element::Edge(ix)) => {
            vec![belief.sketch.ends(ix).map(|(from, _)| from)]
        }
        (Asks::Request(_), Element::Node(ix) | Element::Address(ix, _)) => callers(ix).collect(),
    }
}

impl<'a, 'b> Weighing<'a, 'b> {
    /// What a request is expected to show.
    fn asked(&self, question: Question) -> Expecting<'b> {
        let known = self.asked.borrow().get(&question).cloned();
        known.unwrap_or_else(|| {
            let expecting = self.expecting(requests(question, self.belief));
            self.asked.borrow_mut().insert(question, expecting.clone());
            expecting
        })
    }

    /// What a look at a state is expected to show.
    fn looked(&self, element: Element, observable: &'a str) -> Expecting<'b> {
        let known = self.looked.borrow().get(&(element, observable)).cloned();
        known.unwrap_or_else(|| {
            let expecting = states(element, observable, self.belief).and_then(|predicted| self.expecting(predicted));
            self.looked.borrow_mut().insert((element, observable), expecting.clone());
            expecting
        })
    }

    fn expecting(&self, predicted: Predicted<'b>) -> Expecting<'b> {
        let information = information(&predicted, self.belief, &self.ranked, &self.repairs);
        Some((Some(Rc::new(predicted)), Rc::new(information)))
    }

    /// What a command costs and tells, where that is worth its minute.
    fn weigh(&self, one: &'a Candidate<'b>) -> Option<Weighed<'b>> {
        let (predicted, information) = match &one.probe.asks {
            Asks::Request(stage) => self.asked(question(one.element, one.from, *stage, self.belief)?),
            Asks::Observable(observable) => self.looked(one.element, observable),
            Asks::Number(number) => {
                let bits = self.missing.iter().find(|one| one.number == *number)?.bits;
                Some((None, Rc::new(Information { bits, outcomes: Vec::new() })))
            }
        }?;
        if information.bits < WORTH {
            return None;
        }
        let filled = fill(&one.probe.command, &slots(one.element, one.from, self.belief));
        // Who drew a hop can write in where it is, to ask it anything. A lookup without a name to look up is no command.
        let asks = matches!(one.probe.asks, Asks::Request(_)) && is_asked(one.element, one.from, self.belief);
        if filled.missing.iter().any(|missing| match missing.slot {
            Slot::Name => true,
            Slot::Host | Slot::Address | Slot::Peer | Slot::Resolver => !asks,
            _ => false,
        }) {
            return None;
        }
        // What has to be looked up first takes its time.
        let cost = cost(one.probe, one.from, self.belief) + HOLE * filled.missing.len() as f64;
        // A number is asked of whoever has it.
        let guess = !matches!(one.probe.asks, Asks::Number(_))
            && self.spoken.is_guess(&one.probe.command, one.element, one.from, self.belief);
        let cost = if guess { GUESS * cost } else { cost };
        let score = information.bits / cost;
        Some(Weighed { candidate: *one, filled, predicted, information, cost, score })
    }
}

/// A weighed command as it is told.
fn suggestion(weighed: &Weighed, belief: &Belief) -> Suggestion {
    let Candidate { probe, element, from } = weighed.candidate;
    let outcomes = weighed.information.outcomes.iter().filter(|outcome| outcome.probability >= LISTED);
    let outcomes = outcomes.map(|Foreseen { word, probability, leading, belief: then_believed }| Expected {
        // What one reads off a state is its answer; of a request it is the outcome, and what that says of who was asked.
        sees: said(probe, word).unwrap_or_else(|| sees(&probe.asks, word)),
        then: then(probe, word, *leading, element, belief),
        leads: leading
            .filter(|_| *then_believed >= LEADS)
            .and_then(|h| belief.cause(h)?.element())
            .map(|element| belief.sketch.element_id(element))
            .unwrap_or_default(),
        probability: *probability,
    });
    Suggestion {
        probe: probe.id.clone(),
        command: weighed.filled.command.clone(),
        asks: format!("{}{}", probe.question, write_in(&weighed.filled.missing, element, from, belief)),
        from: weighed.from().and_then(|ix| belief.sketch.node(ix)).map(|node| node.id.clone()).unwrap_or_default(),
        client: client(&weighed.filled.command).map(|client| client.name.to_owned()).unwrap_or_default(),
        about: belief.sketch.element_id(element),
        address: match element {
            Element::Address(_, ip) => Some(ip),
            _ => None,
        },
        minutes: probe.minutes,
        risk: probe.risk,
        bits: weighed.information.bits,
        outcomes: outcomes.collect(),
    }
}

/// What an outcome of a command looks like, in words.
pub fn sees(asks: &Asks, word: &str) -> String {
    // A state may have a value that is also the word of an outcome: "ok".
    match Outcome::from_word(word).filter(|_| matches!(asks, Asks::Request(_))) {
        Some(outcome) => format!("the request {}", outcome.spoken()),
        None => word.replace('_', " "),
    }
}

/// The runbook's words for what a look at a state shows: the answer to its question.
fn said(probe: &Probe, word: &str) -> Option<String> {
    probe.reads.get(word).filter(|_| !matches!(probe.asks, Asks::Request(_))).cloned()
}

/// What an outcome means: the runbook's words for a request's, otherwise who leads then.
fn then(probe: &Probe, word: &str, leading: Option<usize>, about: Element, belief: &Belief) -> String {
    if let Some(reading) = probe.reads.get(word).filter(|_| matches!(probe.asks, Asks::Request(_))) {
        return reading.clone();
    }
    match leading.and_then(|h| belief.cause(h)) {
        // The command names its target; only another element has to be named again.
        Some(Cause::Described(element, mode)) if element == about => mode.title.clone(),
        Some(cause) => name(&cause, belief),
        None => String::new(),
    }
}

/// A cause in words.
pub fn name(cause: &Cause, belief: &Belief) -> String {
    match cause {
        Cause::Described(element, mode) => format!("{}: {}", belief.sketch.element_name(*element), mode.title),
        Cause::NotDescribed(element) => {
            format!("{}: something no runbook describes", belief.sketch.element_name(*element))
        }
        Cause::Nothing => "nothing is wrong".to_owned(),
        Cause::Outside => "something that is not in the drawing".to_owned(),
    }
}
