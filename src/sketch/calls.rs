//! Who calls whom, node by node, so that walking a drawing of thousands of hops looks nothing up.

use super::{EdgeIx, NodeIx};

/// The edges on one side of every node, and what is at their other ends.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// Where those of each node begin.
    begins: Vec<usize>,
    all: Vec<(EdgeIx, NodeIx)>,
}

impl Calls {
    /// Sorts edges by the node on one side; `edges` are edge, that node, and the other one, in the order drawn.
    pub(super) fn of(nodes: usize, edges: impl Iterator<Item = (EdgeIx, NodeIx, NodeIx)> + Clone) -> Calls {
        let mut begins = vec![0; nodes + 1];
        for (_, node, _) in edges.clone() {
            if let Some(count) = begins.get_mut(node.0 + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut begins {
            sum += *begin;
            *begin = sum;
        }
        let mut next = begins.clone();
        let mut all = vec![(EdgeIx(0), NodeIx(0)); sum];
        for (edge, node, other) in edges {
            if let Some(at) = next.get_mut(node.0)
                && let Some(slot) = all.get_mut(*at)
            {
                *slot = (edge, other);
                *at += 1;
            }
        }
        Calls { begins, all }
    }

    pub(super) fn of_node(&self, node: NodeIx) -> &[(EdgeIx, NodeIx)] {
        let bounds = self.begins.get(node.0).zip(self.begins.get(node.0 + 1));
        bounds.and_then(|(first, end)| self.all.get(*first..*end)).unwrap_or_default()
    }
}
