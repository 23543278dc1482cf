//! Finds the name servers that told the sender of a request its way: the one it asks, and those that one has its answers from.

use std::collections::VecDeque;
use std::rc::Rc;

use super::{NEGLIGIBLE, PASSED_ON, Role, Routes, Step};
use crate::sketch::{Element, NodeIx};

impl Routes {
    /// Who told the sender the way: the name server it asks first, and those that one has its answers from.
    pub(super) fn guides(&self, from: NodeIx, to: NodeIx) -> Vec<Step> {
        let mut guides: Vec<Step> = Vec::new();
        let mut asked = VecDeque::from([(from, 1.0)]);
        while let Some((caller, weight)) = asked.pop_front() {
            let mut next = self.resolvers(caller).to_vec();
            next.retain(|(_, server)| {
                *server != to && guides.iter().all(|known| known.element != Element::Node(*server))
            });
            // A sender asks the next one only where the first does not answer; which one a resolver asks the name decides.
            next.truncate(if caller == from { 1 } else { next.len() });
            let weight = if caller == from { 1.0 } else { weight * PASSED_ON / next.len().max(1) as f64 };
            if weight < NEGLIGIBLE {
                continue;
            }
            for (_, server) in next {
                guides.push(Step {
                    element: Element::Node(server),
                    role: Role::Guide,
                    between: Rc::default(),
                    caller: Some(caller),
                    weight,
                    plain: false,
                });
                asked.push_back((server, weight));
            }
        }
        guides
    }
}
