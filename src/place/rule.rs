//! Places the rules of a packet filter: at the host they were read on and at the ways that end there, as far as packets come to them.

use super::{Paste, Sight};
use crate::fact::{Fact, State};
use crate::sketch::{EdgeIx, Element};

impl Paste<'_> {
    /// A packet filter's rule speaks of the host it was read on and of the ways that end there, as far as it is about a port
    /// that the drawing uses.
    pub(super) fn rule(&mut self, fact: &Fact, state: &State) -> bool {
        let Some(here) = self.vantage else { return false };
        let (routes, sketch) = (self.targets.routes, self.targets.sketch);
        let ways: Vec<EdgeIx> =
            routes.callers(here).into_iter().chain(routes.callees(here)).map(|(edge, _)| edge).collect();
        let ports = ways.iter().filter_map(|edge| sketch.edge(*edge)?.port);
        let used: Vec<u16> =
            ports.chain(sketch.node(here).map(|node| node.ports.clone()).unwrap_or_default()).collect();
        if state.of.port.is_some_and(|port| !used.is_empty() && !used.contains(&port)) {
            return true;
        }
        if state.value == "accept" {
            self.passes.push((fact.lines.first, state.clone()));
        } else if state.of.port.is_none() && self.passes_before(fact, state, &used) {
            return true;
        }
        // Whoever says which way it is about had it from a host on that way.
        let way = self.about().filter(|about| matches!(about, Element::Edge(_)));
        let mut at = vec![way.unwrap_or(Element::Node(here))];
        if way.is_none() && !sketch.kind(here).only_forwards() {
            at.extend(routes.callers(here).into_iter().map(|(edge, _)| Element::Edge(edge)));
        }
        self.push(fact, 1, Sight::State { observable: state.observable.clone(), value: state.value.clone(), at });
        true
    }

    /// Whether all that the drawing sends to the address of a rule is let pass by earlier rules of its chain, whoever sends it: then
    /// the rule only closes the list.
    fn passes_before(&self, fact: &Fact, state: &State, used: &[u16]) -> bool {
        let Some(address) = state.of.address else { return false };
        let drawn = self.targets.by_address(address).and_then(|ix| self.targets.sketch.node(ix));
        let ports = drawn.map(|node| node.ports.as_slice()).filter(|ports| !ports.is_empty()).unwrap_or(used);
        let chain = |state: &State| state.detail.split(':').next().map(str::to_owned);
        let lets_pass = |port: &u16| {
            self.passes.iter().any(|(line, earlier)| {
                *line < fact.lines.first
                    && (earlier.of.address, earlier.of.port) == (Some(address), Some(*port))
                    && chain(earlier) == chain(state)
                    && earlier.detail.contains(" 0.0.0.0/0 ")
                    && !earlier.detail.contains("state ")
            })
        };
        !ports.is_empty() && ports.iter().all(lets_pass)
    }
}
