//! Finds the name servers that told the sender of a request its way: the one it asks, and those that one has its answers from.

use std::rc::Rc;

use super::{NEGLIGIBLE, PASSED_ON, Role, Routes, Step};
use crate::sketch::{EdgeIx, Element, Kind, NodeIx, Sketch};

/// The name servers a node asks; a question may be drawn to pass what only forwards before it comes to one.
pub(super) fn asked(sketch: &Sketch, node: NodeIx) -> Vec<(EdgeIx, NodeIx)> {
    let mut servers = Vec::new();
    for (edge, called) in sketch.callees(node) {
        let drawn =
            sketch.edge(*edge).is_some_and(|edge| edge.port == Some(53) || edge.protocol.as_deref() == Some("dns"));
        let passes = drawn && sketch.kind(*called).only_forwards();
        let behind = if passes { sketch.callees(*called) } else { &[] };
        let all = std::iter::once(called).chain(behind.iter().map(|(_, server)| server));
        servers.extend(all.filter(|server| sketch.kind(**server) == Kind::Dns).map(|server| (*edge, *server)));
    }
    servers
}

impl Routes {
    /// Who told the sender the way: the name server it asks first, and those that one has its answers from.
    pub(super) fn guides(&self, from: NodeIx, to: NodeIx) -> Vec<Step> {
        let mut guides: Vec<Step> = Vec::new();
        let mut asking = Some((from, 1.0));
        let mut heard = 0;
        while let Some((caller, weight)) = asking {
            let is_new =
                |server: NodeIx| server != to && guides.iter().all(|known| known.element != Element::Node(server));
            let mut next: Vec<NodeIx> = self.resolvers(caller).iter().map(|(_, server)| *server).collect();
            next.retain(|server| is_new(*server));
            // A sender asks the next one only where the first does not answer; which one a resolver asks the name decides.
            next.truncate(if caller == from { 1 } else { next.len() });
            let weight = if caller == from { 1.0 } else { weight * PASSED_ON / next.len().max(1) as f64 };
            for server in next.into_iter().filter(|_| weight >= NEGLIGIBLE) {
                guides.push(Step {
                    element: Element::Node(server),
                    role: Role::Guide,
                    between: Rc::default(),
                    caller: Some(caller),
                    weight,
                    plain: false,
                });
            }
            asking = guides.get(heard).and_then(|guide| match guide.element {
                Element::Node(server) => Some((server, guide.weight)),
                _ => None,
            });
            heard += 1;
        }
        guides
    }
}
