//! Which nodes of a drawing hang together.

use crate::sketch::Sketch;

/// Of each node the number of its part, counted from 0 in the order in which their first nodes are drawn.
pub(super) fn parts(sketch: &Sketch) -> Vec<usize> {
    // Each node points to another of its part of the drawing; the last one of such a chain stands for the part.
    let mut part: Vec<usize> = (0..sketch.nodes().len()).collect();
    let end = |part: &[usize], mut node: usize| {
        while let Some(next) = part.get(node).copied().filter(|next| *next != node) {
            node = next;
        }
        node
    };
    for (from, to) in sketch.edge_indices().filter_map(|edge| sketch.ends(edge)) {
        let (one, other) = (end(&part, from.0), end(&part, to.0));
        let (low, high) = (one.min(other), one.max(other));
        if let Some(slot) = part.get_mut(high) {
            *slot = low;
        }
        // Shorter chains for the next who ask.
        for node in [from.0, to.0] {
            if let Some(slot) = part.get_mut(node) {
                *slot = low;
            }
        }
    }
    let mut numbers: Vec<usize> = vec![usize::MAX; part.len()];
    let mut count = 0;
    for node in 0..part.len() {
        let last = end(&part, node);
        // The lowest of a part stands for it, so it was numbered before the others.
        if last == node {
            if let Some(number) = numbers.get_mut(node) {
                *number = count;
            }
            count += 1;
        } else {
            let number = numbers.get(last).copied().unwrap_or_default();
            if let Some(slot) = numbers.get_mut(node) {
                *slot = number;
            }
        }
    }
    numbers
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
