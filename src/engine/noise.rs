//! Failures that are no fault: those of somebody who tries doors, or only knocks, while everybody else is served.

use std::collections::BTreeSet;

use crate::fact::Outcome;
use crate::sketch::{NodeIx, Sketch};
use crate::weigh::{Belief, Cluster, Key};

/// What is drawn under one of these names asks for what is not there and offers what nobody takes: that is its work.
const TRIES_DOORS: &[&str] =
    &["bot", "bots", "crawler", "crawlers", "fuzzer", "pentest", "pentester", "scanner", "scanners", "spider"];

/// Whose failures are left out, and which questions they are.
pub(super) struct Noise {
    pub senders: BTreeSet<NodeIx>,
    pub clusters: Vec<usize>,
}

pub(super) fn noise(belief: &Belief) -> Noise {
    let mut noise = Noise { senders: BTreeSet::new(), clusters: Vec::new() };
    for (position, cluster) in belief.clusters.iter().enumerate() {
        if let Key::Request { from: Some(from), to, .. } = cluster.key
            && (tries_doors(belief.sketch, from) || only_connects(belief.sketch, from, to))
            && turned_away(cluster)
            && others_are_served(belief, from, to)
        {
            noise.senders.insert(from);
            noise.clusters.push(position);
        }
    }
    noise
}

fn tries_doors(sketch: &Sketch, node: NodeIx) -> bool {
    let name = sketch.node(node).map(|node| node.name().to_ascii_lowercase()).unwrap_or_default();
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| TRIES_DOORS.contains(&word))
}

/// Whether one is drawn to open connections and nothing more, as a monitor does: what would be spoken over them it leaves out.
fn only_connects(sketch: &Sketch, from: NodeIx, to: NodeIx) -> bool {
    let edge = sketch.edge_between(from, to).and_then(|edge| sketch.edge(edge));
    edge.is_some_and(|edge| edge.protocol.as_deref() == Some("tcp"))
}

/// Whether it failed for what was asked, and only so: with a client error, or with a handshake nobody else tries.
fn turned_away(cluster: &Cluster) -> bool {
    let by_the_asked = |outcome: &Outcome| {
        outcome.is_client_error() || matches!(outcome, Outcome::TlsVersion | Outcome::TlsClosed | Outcome::TlsFailed)
    };
    !cluster.counts.is_empty() && cluster.counts.keys().all(by_the_asked)
}

/// Whether others asked the same target, and all of them were served.
fn others_are_served(belief: &Belief, sender: NodeIx, target: NodeIx) -> bool {
    let others = belief.clusters.iter().filter(
        |cluster| matches!(cluster.key, Key::Request { from, to, .. } if to == target && from.is_some() && from != Some(sender)),
    );
    let mut others = others.peekable();
    others.peek().is_some() && others.all(Cluster::all_worked)
}
