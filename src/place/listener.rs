//! Places what `ss -ltn` and its kin show: whether a node listens on the ports that the drawing expects of it.

use super::{Paste, Sight};
use crate::fact::{Claim, Fact, State};
use crate::order;
use crate::sketch::{Element, NodeIx};

/// The observable of one listening socket.
const LISTENER: &str = "listener";

/// Turns a listing into one observation per expected port: `all`, `loopback`, `one_address` or `none`.
pub(super) fn place(paste: &mut Paste, facts: &[Fact]) {
    let listings: Vec<(&Fact, &State)> = facts
        .iter()
        .filter_map(|fact| match &fact.claim {
            Claim::State(state) if is_listing(state) => Some((fact, state)),
            _ => None,
        })
        .collect();
    let (Some(node), Some((first, _))) = (paste.vantage, listings.first()) else { return };
    for port in expected_ports(paste, node) {
        let on_port: Vec<&(&Fact, &State)> =
            listings.iter().filter(|(_, state)| state.observable == LISTENER && state.of.port == Some(port)).collect();
        // A socket on every address wins over one on the loopback interface.
        let best = on_port.iter().find(|(_, state)| state.value == "all").or(on_port.first());
        let (fact, value) = match best {
            Some((fact, state)) => (*fact, state.value.clone()),
            None => (*first, "none".to_owned()),
        };
        let at = vec![Element::Node(node)];
        paste.push(fact, 1, Sight::State { observable: LISTENER.to_owned(), value, at });
    }
}

/// Whether a state is part of a listing of sockets, and so placed here.
pub(super) fn is_listing(state: &State) -> bool {
    state.observable == LISTENER || state.observable == "listeners"
}

/// The ports on which the drawing expects a node to listen.
pub(super) fn expected_ports(paste: &Paste, node: NodeIx) -> Vec<u16> {
    let sketch = paste.targets.sketch;
    let mut ports: Vec<u16> = sketch.node(node).map(|node| node.ports.clone()).unwrap_or_default();
    ports.extend(paste.targets.routes.callers(node).iter().filter_map(|(edge, _)| sketch.edge(*edge)?.port));
    order::plain(&mut ports);
    ports.dedup();
    ports
}
