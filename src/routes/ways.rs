//! Finds the ways from one node to another with the fewest hops, and the chance of each.

use std::collections::VecDeque;
use std::rc::Rc;

use super::NEGLIGIBLE;
use crate::sketch::{EdgeIx, NodeIx, Sketch};

/// All ways from one node to another with the fewest hops, the hops nearest to the sender first.
pub(super) type Ways = Rc<[Hop]>;

/// One edge that a request may take on its way.
#[derive(Debug)]
pub(super) struct Hop {
    pub caller: NodeIx,
    pub edge: EdgeIx,
    pub node: NodeIx,
    /// The chance that the request takes it: where the drawing leaves several ways, any of them.
    pub share: f64,
}

/// Breadth first from the target to its callers: few hops lead to one, while many can be reached from another.
pub(super) fn search(sketch: &Sketch, from: NodeIx, to: NodeIx) -> Option<Ways> {
    // Counted from 1, for memory full of zeros is there at once.
    const FAR: u32 = 0;
    let mut distance = vec![FAR; sketch.nodes().len()];
    let away = |distance: &[u32], node: NodeIx| distance.get(node.0).copied().unwrap_or(FAR);
    if let Some(end) = distance.get_mut(to.0) {
        *end = 1;
    }
    let mut queue = VecDeque::from([to]);
    while away(&distance, from) == FAR {
        let node = queue.pop_front()?;
        let farther = away(&distance, node) + 1;
        for (_, caller) in sketch.callers(node) {
            if let Some(slot) = distance.get_mut(caller.0).filter(|slot| **slot == FAR) {
                *slot = farther;
                queue.push_back(*caller);
            }
        }
    }
    let mut hops: Vec<Hop> = Vec::new();
    let mut layer = vec![(from, 1.0)];
    while let Some(here) = layer.first().map(|(node, _)| away(&distance, *node)).filter(|here| *here > 1) {
        let mut next: Vec<(NodeIx, f64)> = Vec::new();
        for (caller, share) in layer {
            let nearer = |(_, next): &&(EdgeIx, NodeIx)| (1..here).contains(&away(&distance, *next));
            let many = sketch.callees(caller).iter().filter(nearer).count() as f64;
            let each = share / many;
            // Of very many ways the first stands for all.
            let followed = if each < NEGLIGIBLE { 1 } else { usize::MAX };
            for (edge, node) in sketch.callees(caller).iter().filter(nearer).take(followed) {
                hops.push(Hop { caller, edge: *edge, node: *node, share: each });
                match next.iter_mut().find(|(known, _)| known == node) {
                    Some((_, sum)) => *sum += each,
                    None => next.push((*node, each)),
                }
            }
        }
        layer = next;
    }
    Some(hops.into())
}
