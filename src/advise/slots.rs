//! What the drawing and the evidence know for the slots of a command.

use crate::command::{Slot, Slots};
use crate::fact::Stage;
use crate::sketch::{Edge, Element, NodeIx};
use crate::weigh::{Belief, Key};

/// What the drawing and the evidence know for the slots of a command.
pub(super) fn slots(element: Element, from: Option<NodeIx>, belief: &Belief) -> Slots {
    let mut slots = Slots::default();
    let (target, edge): (Option<NodeIx>, Option<&Edge>) = match element {
        // On the node itself one looks at its ways to others.
        Element::Node(ix) if from == Some(ix) => {
            let to = asked_by(ix, belief);
            let edge = to.and_then(|to| belief.sketch.edge_between(ix, to));
            (to.or(from), edge.and_then(|edge| belief.sketch.edge(edge)))
        }
        Element::Node(ix) | Element::Address(ix, _) => {
            let edge =
                from.and_then(|from| belief.sketch.edge_between(from, ix)).and_then(|edge| belief.sketch.edge(edge));
            (Some(ix), edge)
        }
        Element::Edge(ix) => (belief.sketch.ends(ix).map(|(_, to)| to), belief.sketch.edge(ix)),
    };
    let Some(node) = target.and_then(|ix| belief.sketch.node(ix)) else { return slots };
    let address = match element {
        Element::Address(_, ip) => Some(ip),
        _ => node.ips.first().copied(),
    };
    let host = node.hosts.first().cloned().or_else(|| address.map(|ip| ip.to_string()));
    let port = edge.and_then(|edge| edge.port).or(node.ports.first().copied());
    let secure = edge.and_then(|edge| edge.protocol.as_deref()) == Some("https") || port == Some(443);
    let (subject, asked_name) = subjects(target, belief);
    let path = subject.filter(|path| path.starts_with('/')).unwrap_or_else(|| "/".to_owned());
    if let Some(address) = address {
        slots.set(Slot::Address, address);
        slots.set(Slot::Resolver, address);
    }
    if let Some(peer) = address.map(|ip| ip.to_string()).or(host.clone()) {
        slots.set(Slot::Peer, peer);
    }
    if let Some(host) = &host {
        let scheme = if secure { "https" } else { "http" };
        slots.set(Slot::Host, host);
        match port {
            Some(port) if port != if secure { 443 } else { 80 } => {
                slots.set(Slot::Url, format!("{scheme}://{host}:{port}{path}"))
            }
            _ => slots.set(Slot::Url, format!("{scheme}://{host}{path}")),
        }
    }
    slots.set(Slot::Port, port.unwrap_or(if secure { 443 } else { 80 }));
    slots.set(Slot::Path, path);
    if let Some(name) = asked_name.or(node.hosts.first().cloned()) {
        slots.set(Slot::Name, name);
    }
    if let Some(id) = ["subnet", "arn", "id"].iter().find_map(|key| node.attr(key)) {
        slots.set(Slot::Id, id);
    }
    slots
}

/// Whom a node asks: first of all somebody of whom it did not get what it wanted.
fn asked_by(from: NodeIx, belief: &Belief) -> Option<NodeIx> {
    let mut asked = None;
    for cluster in &belief.clusters {
        if let Key::Request { from: Some(sender), to, .. } = cluster.key
            && sender == from
        {
            if !cluster.all_worked() {
                return Some(to);
            }
            asked = asked.or(Some(to));
        }
    }
    asked.or_else(|| belief.routes.dependencies(from).first().map(|(_, to)| *to))
}

/// The path asked of a node, and the name asked of a name server, where something failed or else at all.
fn subjects(target: Option<NodeIx>, belief: &Belief) -> (Option<String>, Option<String>) {
    let (mut path, mut name) = (None, None);
    for cluster in belief.clusters.iter() {
        if let Key::Request { to, tests, subject, .. } = &cluster.key {
            // A loop's "/orders/$i" names no path by itself.
            if subject.is_empty() || subject.contains('$') {
                continue;
            }
            let slot = if *tests == Stage::Resolve { &mut name } else { &mut path };
            if slot.is_none() || (!cluster.all_worked() && Some(*to) == target) {
                *slot = Some(subject.clone());
            }
        }
    }
    (path, name)
}
