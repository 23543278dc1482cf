//! Why not the popular idea: the database, the name server, whoever reported it, whatever was changed last.

use std::collections::BTreeSet;

use crate::diagnosis::{Because, Lowered};
use crate::order;
use crate::sketch::{Element, Kind, NodeIx};
use crate::weigh::{Belief, Key};

/// An element is lowered if it keeps less than this share of what was believed before …
const SHARE: f64 = 0.5;

/// … and a fact speaks so many bits against it, compared with the first suspect.
const BITS: f64 = 0.7;

/// How many are explained.
const SHOWN: usize = 3;

/// Popular ideas that the evidence lowers, the most popular first.
pub fn lowered(belief: &Belief) -> Vec<Lowered> {
    let Some(leader) = belief.leader() else { return Vec::new() };
    let asked = asked(belief);
    // Nodes that nothing tells apart are as popular as each other, and lowered alike.
    let nodes = belief.told_apart(SHOWN).filter_map(|(element, _)| match element {
        Element::Node(ix) => Some(ix),
        Element::Edge(_) | Element::Address(_, _) => None,
    });
    let nodes = order::set(nodes.chain(asked.iter().copied()));
    let ranked = nodes.into_iter().map(|ix| (popularity(belief, ix, &asked), ix));
    let mut ranked: Vec<(u32, NodeIx)> = ranked.filter(|(rank, _)| *rank > 0).collect();
    order::by(&mut ranked, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let all = ranked.into_iter().filter_map(|(_, ix)| {
        let element = Element::Node(ix);
        let (before, now) = (belief.prior(element), belief.at(element));
        if now > SHARE * before {
            return None;
        }
        let because = strongest_against(belief, element, leader)?;
        Some(Lowered { element: belief.sketch.element_id(element), before, now, because })
    });
    all.take(SHOWN).collect()
}

/// Where people look first, in general and in this case.
fn popularity(belief: &Belief, ix: NodeIx, asked: &BTreeSet<NodeIx>) -> u32 {
    let general = match belief.sketch.kind(ix) {
        Kind::Database => 4,
        Kind::Dns => 2,
        Kind::Service | Kind::Function | Kind::Pod => 1,
        _ => 0,
    };
    let changed = if belief.changed(Element::Node(ix)) { 5 } else { 0 };
    // What failed when it was asked is where the trouble surfaces.
    general + changed + if asked.contains(&ix) { 3 } else { 0 }
}

/// What did not always work when it was asked.
fn asked(belief: &Belief) -> BTreeSet<NodeIx> {
    let failing = belief.clusters.iter().filter(|cluster| !cluster.all_worked());
    let targets = failing.filter_map(|cluster| match &cluster.key {
        Key::Request { to, .. } => Some(*to),
        Key::State { .. } | Key::Blame { .. } => None,
    });
    order::set(targets)
}

/// The fact that the first suspect explains better than the best idea about this element does.
fn strongest_against(belief: &Belief, element: Element, leader: usize) -> Option<Because> {
    let idea = belief.best_at(element)?;
    let mut found: Option<Because> = None;
    for cluster in &belief.clusters {
        let bits = (cluster.ln(idea) - cluster.ln(leader)) * crate::weigh::TEMPER / std::f64::consts::LN_2;
        if bits > -BITS || found.as_ref().is_some_and(|known| known.bits <= bits) {
            continue;
        }
        let first = cluster.observations.first().and_then(|position| belief.observations.get(*position));
        found = first.map(|observation| Because {
            evidence: observation.seen.evidence,
            lines: observation.seen.lines,
            says: observation.says.clone(),
            bits,
        });
    }
    found
}
