//! What the drawing and the evidence know for the slots of a command.

use crate::command::{Missing, Slot, Slots};
use crate::fact::Stage;
use crate::sketch::{Edge, Element, Kind, NodeIx};
use crate::weigh::{Belief, Key};

/// What the drawing and the evidence know for the slots of a command.
pub(super) fn slots(element: Element, from: Option<NodeIx>, belief: &Belief) -> Slots {
    let mut slots = Slots::default();
    let (target, edge) = target(element, from, belief);
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
    // Who speaks no HTTP listens elsewhere, and a refusal on port 80 would be taken for one of its own.
    let kind = target.map_or(Kind::Other, |ix| belief.sketch.kind(ix));
    let other = matches!(kind, Kind::Database | Kind::Cache | Kind::Queue | Kind::Pool);
    if let Some(port) = port.or((!other).then_some(if secure { 443 } else { 80 })) {
        slots.set(Slot::Port, port);
    }
    slots.set(Slot::Path, path);
    if let Some(name) = asked_name.or(node.hosts.first().cloned()) {
        slots.set(Slot::Name, name);
    }
    if let Some(id) = ["subnet", "arn", "id"].iter().find_map(|key| node.attr(key)) {
        slots.set(Slot::Id, id);
    }
    slots
}

/// The node that a command asks or speaks of, and the way to it.
fn target<'a>(element: Element, from: Option<NodeIx>, belief: &Belief<'a>) -> (Option<NodeIx>, Option<&'a Edge>) {
    let edge = |from: NodeIx, to| belief.sketch.edge(belief.sketch.edge_between(from, to)?);
    match element {
        // On the node itself one looks at its ways to others.
        Element::Node(ix) if from == Some(ix) => {
            let to = asked_by(ix, belief);
            (to.or(from), to.and_then(|to| edge(ix, to)))
        }
        Element::Node(ix) | Element::Address(ix, _) => (Some(ix), from.and_then(|from| edge(from, ix))),
        Element::Edge(ix) => (belief.sketch.ends(ix).map(|(_, to)| to), belief.sketch.edge(ix)),
    }
}

/// Whether a command speaks to a hop that answers for itself.
pub(super) fn is_asked(element: Element, from: Option<NodeIx>, belief: &Belief) -> bool {
    target(element, from, belief).0.is_some_and(|ix| !belief.sketch.kind(ix).only_forwards())
}

/// Whose address or port a person has to write into a command.
pub(super) fn write_in(missing: &[Missing], element: Element, from: Option<NodeIx>, belief: &Belief) -> String {
    // An id is one of something that is not drawn.
    let of_hop = |slot: Slot| !matches!(slot, Slot::Id | Slot::Object | Slot::Namespace | Slot::Seconds);
    let holes: Vec<&str> = missing.iter().filter(|one| of_hop(one.slot)).map(|one| one.slot.hole()).collect();
    match target(element, from, belief).0.and_then(|ix| belief.sketch.node(ix)).filter(|_| !holes.is_empty()) {
        Some(node) => format!(" Write in the {} of {}.", holes.join(" and "), node.name()),
        None => String::new(),
    }
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

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    #[test]
    fn a_hop_drawn_without_an_address_is_asked_all_the_same() {
        let arrows = "user(client) -> app(service)[10.0.0.2]:8080 -> db(database)";
        let command = Some("curl -si http://10.0.0.2:8080/".to_owned());
        let reading = read("HTTP/1.1 500 Internal Server Error\nContent-Length: 0\n\n", command.as_deref(), None);
        let origin = Origin { vantage: Some("user".to_owned()), command, ..Origin::default() };
        let sketch = from_arrows(arrows, &Sketch::default()).unwrap();
        let next = diagnose(&sketch, &[Evidence { origin, reading }], &Shelf::shipped().0).next;
        let asked = next.iter().find(|one| one.command == "nc -vz -w 5 <HOST> <PORT>").unwrap();
        assert_eq!(
            asked.asks,
            "Does the database's port answer from its caller? Write in the <HOST> and <PORT> of db."
        );
    }
}
