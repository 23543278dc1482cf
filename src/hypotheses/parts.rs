//! Which nodes of a drawing hang together.

use std::collections::BTreeMap;

use petgraph::unionfind::UnionFind;

use crate::sketch::Sketch;

/// Of each node the number of its part, counted from 0 in the order in which their first nodes are drawn.
pub(super) fn parts(sketch: &Sketch) -> Vec<usize> {
    let mut joined: UnionFind<usize> = UnionFind::new(sketch.nodes().len());
    for (from, to) in sketch.edge_indices().filter_map(|edge| sketch.ends(edge)) {
        // Both ends of an edge are drawn, so there is nothing that could not be joined.
        let _ = joined.try_union(from.0, to.0);
    }
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    let part = |of| {
        let next = numbers.len();
        *numbers.entry(of).or_insert(next)
    };
    joined.into_labeling().into_iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::from_arrows;

    #[test]
    fn what_no_edge_joins_is_apart() {
        let sketch = from_arrows("a -> b\nx -> y\nc -> d -> b\nlonely(service)", &Sketch::default()).unwrap();
        let ids: Vec<&str> = sketch.nodes().iter().map(|node| node.id.as_str()).collect();
        assert_eq!(ids, ["a", "b", "x", "y", "c", "d", "lonely"]);
        assert_eq!(parts(&sketch), [0, 0, 1, 1, 0, 0, 2]);
    }
}
