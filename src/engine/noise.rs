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

#[cfg(test)]
mod tests {
    use crate::diagnosis::{Diagnosis, Verdict};
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Edge, Kind, Node, Sketch};

    /// What a balancer's log makes of a monitor that is drawn with this protocol, beside a shopper who is served.
    fn seen(protocol: &str) -> Diagnosis {
        let node = |id: &str, kind: Kind, ip: &str| Node { ips: vec![ip.parse().unwrap()], ..Node::new(id, kind) };
        let edge = |from: &str, to: &str, protocol: &str| Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            protocol: Some(protocol.to_owned()),
            port: None,
            attrs: Default::default(),
        };
        let nodes = vec![
            node("monitor", Kind::Client, "127.7.0.40"),
            node("shopper", Kind::Client, "127.7.0.41"),
            node("lb", Kind::LoadBalancer, "127.7.0.3"),
            node("s11", Kind::Service, "127.7.0.11"),
        ];
        let edges = vec![edge("monitor", "lb", protocol), edge("shopper", "lb", "https"), edge("lb", "s11", "http")];
        let log = include_str!("../../tests/samples/haproxy/knocks.txt");
        let log: Vec<&str> = log.lines().filter(|line| !line.contains("127.7.0.42")).collect();
        let origin = Origin { vantage: Some("lb".to_owned()), ..Origin::default() };
        let evidence = [Evidence { origin, reading: read(&log.join("\n"), None, None) }];
        diagnose(&Sketch::new(nodes, edges).unwrap(), &evidence, &Shelf::shipped().0)
    }

    #[test]
    fn a_monitor_that_only_knocks_is_not_refused_the_handshake() {
        let knocks = seen("tcp");
        assert_eq!(knocks.verdict, Verdict::NothingWrong, "{knocks:#?}");
        assert_ne!(seen("https").verdict, Verdict::NothingWrong);
    }
}
