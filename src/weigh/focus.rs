//! People paste what has to do with the incident: however large the drawing, the parts that no evidence touches weigh no more
//! together than those it does. Otherwise one 502 in a drawing of thousands would be put down to chance.

use super::Cluster;
use crate::hypotheses::{Hypotheses, Places};
use crate::sketch::{Element, Sketch};

/// Lowers the priors of what no evidence touches until together they are no greater than the others'. What hangs together with
/// something that was touched and what does not are lowered apart: a drawing of something else beside it changes nothing here.
pub(super) fn focus(drawn: &mut Hypotheses, clusters: &[Cluster], sketch: &Sketch) {
    let Hypotheses { all, places } = drawn;
    let mut touched = vec![false; places.len()];
    for (h, _) in clusters.iter().flat_map(Cluster::rows) {
        let element = all.get(h).and_then(|one| one.cause.element());
        if let Some(at) = element.and_then(|element| places.spot(element)).and_then(|spot| touched.get_mut(spot.at)) {
            *at = true;
        }
    }
    let near_by = beside(&touched, places, sketch);
    let (mut near, mut joined, mut apart) = (0.0, 0.0, 0.0);
    for ((_, spot), (touched, near_by)) in places.iter().zip(touched.iter().zip(&near_by)) {
        let mass: f64 = all.get(spot.hypotheses()).into_iter().flatten().map(|one| one.ln_prior.exp()).sum();
        *if *touched {
            &mut near
        } else if *near_by {
            &mut joined
        } else {
            &mut apart
        } += mass;
    }
    if near <= 0.0 || (joined <= near && apart <= near) {
        return;
    }
    let lower = |far: f64| if far > near { (near / far).ln() } else { 0.0 };
    let lower_joined = lower(joined);
    // What has nothing to do with it comes behind what may have.
    let lower_apart = lower(apart).min(lower_joined);
    let sum = (1.0 - joined * (1.0 - lower_joined.exp()) - apart * (1.0 - lower_apart.exp())).ln();
    for ((_, spot), (touched, near_by)) in places.iter().zip(touched.iter().zip(&near_by)) {
        let lower = if *touched {
            0.0
        } else if *near_by {
            lower_joined
        } else {
            lower_apart
        };
        all.get_mut(spot.hypotheses()).into_iter().flatten().for_each(|one| one.ln_prior += lower - sum);
    }
    for one in all.iter_mut().rev().take_while(|one| one.cause.element().is_none()) {
        one.ln_prior -= sum;
    }
}

/// Of each element, whether it hangs together with one that was touched.
fn beside(touched: &[bool], places: &Places, sketch: &Sketch) -> Vec<bool> {
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
    let node = |element: Element| match element {
        Element::Node(ix) | Element::Address(ix, _) => Some(ix.0),
        Element::Edge(edge) => sketch.ends(edge).map(|(from, _)| from.0),
    };
    let of = |element: Element| node(element).map(|node| end(&part, node));
    let mut with_touched = vec![false; part.len()];
    for ((element, _), touched) in places.iter().zip(touched) {
        if let Some(at) = of(element).and_then(|part| with_touched.get_mut(part)) {
            *at |= touched;
        }
    }
    let is_beside = |element| of(element).and_then(|part| with_touched.get(part)).copied().unwrap_or_default();
    places.elements().map(is_beside).collect()
}
