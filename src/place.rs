//! Pins each fact to the elements it speaks of, by address, host, name and port, or says that it is on no hop.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::diagnosis::{Seen, Unplaced};
use crate::evidence::{Lines, Origin};
use crate::fact::{Claim, Endpoint, Fact, State};
use crate::metrics::Series;
use crate::moment::moment;
use crate::order;
use crate::read::{Block, Reading};
use crate::reckon::Finding;
use crate::routes::Routes;
use crate::sketch::{Element, NodeIx, Sketch};

mod alias;
mod attempt;
mod back;
mod benched;
mod blocker;
mod by_hand;
mod capture;
mod certificate;
mod challenge;
mod clock;
mod copies;
mod delay;
mod disks;
mod diverted;
mod echo;
mod entry;
mod finding;
mod history;
mod intent;
mod impatient;
mod left;
mod legs;
mod listener;
mod lookup;
mod mail;
mod manner;
mod members;
mod nameless;
mod names;
mod network;
mod notes;
mod over;
mod pace;
mod peers;
mod rule;
mod serial;
mod series;
mod settings;
mod sight;
mod slip;
mod speaker;
mod stand_in;
mod state;
mod stores;
mod straight;
mod tallied;
mod target;
mod trail;
mod tunnel;
mod twice;
mod waiting;
mod whose;

pub use names::Names;
pub use over::Over;
pub use pace::took_long;
pub use sight::{Aim, Observation, Request, Sampled, Sight, Tls};
pub use stand_in::brings;
pub use whose::{is_of_a_gate, is_of_a_server, shuts_out};

use delay::Delay;
use notes::Notes;
use target::Targets;

/// All facts of a case at their places.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placed {
    pub observations: Vec<Observation>,
    pub unplaced: Vec<Unplaced>,
    /// What was taken for granted, in sentences.
    pub assumed: Vec<String>,
    /// Elements that were changed lately, and how many times likelier that makes them.
    pub changed: BTreeMap<Element, f64>,
    /// Numbers over time, in the order of the evidence.
    pub measured: Vec<Measured>,
    /// What monitoring calls the things whose numbers belong to no hop.
    pub unmeasured: Vec<String>,
    /// When the last change was that somebody dates, in seconds since 1970 or since midnight.
    pub changed_at: Option<f64>,
    /// Changes that somebody made while looking for the fault, in the order of the evidence.
    pub changes: Vec<Change>,
    /// Ways on which answers begin to take long.
    pub delays: Vec<Delay>,
    /// Failures that are over, and were left out.
    pub over: Vec<Over>,
}

/// A series and what it was measured on.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    pub element: Element,
    pub series: Series,
    pub seen: Seen,
}

/// A change that somebody made while looking for the fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The paste that tells of it.
    pub evidence: usize,
    pub says: String,
}

/// One paste while its facts are being placed.
struct Paste<'a> {
    targets: &'a Targets<'a>,
    origin: &'a Origin,
    evidence: usize,
    /// What the block was read as, and the command line above it.
    kind: &'a str,
    command: &'a str,
    vantage: Option<NodeIx>,
    /// Whether the person or the prompt names the vantage point.
    vantage_is_said: bool,
    /// Who answered the request before with a redirect.
    redirected_by: Option<NodeIx>,
    /// The host for which a proxy was asked.
    asked_of_proxy: Option<String>,
    /// Requests went over a proxy.
    over_a_proxy: bool,
    sampled: Sampled,
    /// Which of the requests of its command line comes next.
    round: manner::Round<'a>,
    told: &'a BTreeSet<(String, IpAddr)>,
    /// Hosts that receive mail, each in its line.
    exchangers: Vec<(u32, String)>,
    /// Rules of its packet filter that let something pass, and their lines.
    passes: Vec<(u32, State)>,
    /// Whose certificate has begun to be valid, where its end was not read yet.
    begun: Option<Endpoint>,
    /// The serial number of a zone, and the lines in which it was read.
    soa: Option<(Lines, u32)>,
    notes: &'a mut Notes,
    placed: &'a mut Placed,
}

/// Places the facts of every paste that says something new; the others are `None`.
pub fn place<'a>(
    sketch: &Sketch,
    routes: &Routes,
    names: &Names,
    evidence: impl Iterator<Item = Option<(&'a Origin, &'a Reading)>>,
    findings: &[Finding],
) -> Placed {
    let evidence: Vec<(usize, &Origin, &Reading)> = evidence
        .enumerate()
        .filter_map(|(position, one)| one.map(|(origin, reading)| (position, origin, reading)))
        .collect();
    let facts = || evidence.iter().flat_map(|(_, _, reading)| reading.facts());
    let targets = Targets::new(sketch, routes, names, facts());
    let told = told(&evidence);
    let history = history::History::of(evidence.iter().map(|(_, origin, reading)| (*origin, *reading)));
    let (mut notes, mut placed) = (Notes::default(), Placed::default());
    for (position, origin, reading) in &evidence {
        let several = whose::is_of_several(&targets, reading);
        for (number, block) in reading.blocks.iter().enumerate() {
            let command = block.command.as_deref().or(origin.command.as_deref()).unwrap_or_default();
            let mut vantage = whose::moved_to(&targets, command)
                .or_else(|| whose::vantage(&targets, origin, block, several, &mut placed.assumed));
            if whose::is_of_an_answer(block, command) {
                vantage = whose::answerer(&targets, block, command, vantage);
            }
            let mut paste = Paste {
                targets: &targets,
                origin,
                evidence: *position,
                kind: &block.kind,
                command,
                vantage,
                vantage_is_said: whose::said(&targets, origin, block, several).is_some(),
                redirected_by: None,
                asked_of_proxy: block.facts.iter().find_map(diverted::asked_of_proxy),
                over_a_proxy: block.facts.iter().any(diverted::is_over_a_proxy),
                sampled: sampled(command, block),
                round: manner::Round::of(block),
                told: &told,
                exchangers: block.facts.iter().filter_map(lookup::exchanger).collect(),
                passes: Vec::new(),
                begun: None,
                soa: None,
                notes: &mut notes,
                placed: &mut placed,
            };
            listener::place(&mut paste, &block.facts);
            settings::place(&mut paste, &block.facts);
            back::returns(&mut paste, &block.facts);
            legs::learn(&mut paste, &block.facts);
            let idle = back::idle(&paste, &block.facts);
            for fact in block.facts.iter().filter(|fact| !idle.contains(&fact.lines)) {
                match history.days_past(fact) {
                    Some(days) => paste.is_past(fact, days),
                    None => paste.fact(fact),
                }
            }
            for finding in findings.iter().filter(|finding| (finding.evidence, finding.block) == (*position, number)) {
                paste.finding(finding);
            }
        }
    }
    let taken = |(position, origin, _): &(_, &Origin, _)| Some((*position, moment(origin.at.as_deref()?)?));
    let taken = order::map(evidence.iter().filter_map(taken));
    let numbered = evidence.iter().flat_map(|(position, _, reading)| reading.facts().map(|fact| (*position, fact)));
    copies::compare(&mut placed.observations, numbered, &targets);
    notes.compare(&mut placed, &taken, sketch, routes);
    by_hand::mark(&mut placed.observations, &evidence, sketch);
    placed
}

/// Which addresses name servers gave for which names. What getent says may stand in the host's own files.
fn told(evidence: &[(usize, &Origin, &Reading)]) -> BTreeSet<(String, IpAddr)> {
    let blocks = evidence.iter().flat_map(|(_, _, reading)| &reading.blocks).filter(|block| block.kind != "getent");
    let lookups = blocks.flat_map(|block| &block.facts).filter_map(|fact| match &fact.claim {
        Claim::Lookup(lookup) => Some(lookup),
        Claim::Attempt(_) | Claim::State(_) | Claim::Span(_) | Claim::Series(_) => None,
    });
    order::set(lookups.flat_map(|lookup| lookup.addresses.iter().map(|ip| (lookup.name.clone(), *ip))))
}

impl Paste<'_> {
    fn fact(&mut self, fact: &Fact) {
        let known = match &fact.claim {
            Claim::Attempt(attempt) => self.attempt(fact, attempt),
            Claim::Lookup(lookup) => self.lookup(fact, lookup),
            Claim::State(state) => self.state(fact, state),
            // Spans are held against those of another trace; what they are for each other stands in the requests among them.
            Claim::Span(_) => true,
            Claim::Series(series) => self.series(fact, series),
        };
        if !known {
            let says = fact.claim.to_string();
            self.placed.unplaced.push(Unplaced { evidence: self.evidence, lines: fact.lines, says });
        }
    }

    /// The element that the person named for facts that name none.
    fn about(&self) -> Option<Element> {
        self.origin.about.as_deref().and_then(|id| self.targets.sketch.element(id))
    }

    /// Says of a fact that it is left out.
    fn is_past(&mut self, fact: &Fact, days: i64) {
        self.assume(history::sentence(self.evidence + 1, fact.lines.first, days));
    }

    fn push(&mut self, fact: &Fact, count: u32, sight: Sight) {
        let says = self.says(fact, &sight);
        self.placed.observations.push(Observation {
            sight,
            count,
            seen: Seen { evidence: self.evidence, lines: fact.lines },
            says,
            sampled: self.sampled,
            at: fact.at,
        });
    }
}

/// Whether only failures were left in a paste: a filter was at work, and no success got through.
fn sampled(command: &str, block: &Block) -> Sampled {
    let filtered = command.split_whitespace().any(|word| matches!(word, "grep" | "egrep" | "awk" | "zgrep"));
    let works = |fact: &Fact| matches!(&fact.claim, Claim::Attempt(attempt) if attempt.outcome.is_success());
    if filtered && !block.facts.iter().any(works) { Sampled::Failures } else { Sampled::Whole }
}
