//! What one would do about each hypothesis: telling apart two faults with the same repair is worth nothing.

use std::collections::BTreeMap;

use crate::hypotheses::Cause;
use crate::weigh::Belief;

/// Which faults of one element are repaired alike.
pub(super) struct Repairs {
    /// For elements of each nature that have such faults: their positions among all of the element, group by group.
    alike: BTreeMap<usize, Vec<Vec<usize>>>,
}

impl Repairs {
    pub(super) fn of(belief: &Belief) -> Repairs {
        let mut alike = BTreeMap::new();
        let mut seen = 0;
        for (_, spot) in belief.places.iter() {
            // Natures are numbered in the order in which they first occur.
            if spot.nature < seen {
                continue;
            }
            seen = spot.nature + 1;
            let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (at, h) in spot.hypotheses().enumerate() {
                if let Some(Cause::Described(_, mode)) = belief.cause(h) {
                    groups.entry(mode.repair.as_deref().unwrap_or(&mode.id)).or_default().push(at);
                }
            }
            let groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
            if !groups.is_empty() {
                alike.insert(spot.nature, groups);
            }
        }
        Repairs { alike }
    }

    /// Groups of faults that are repaired alike, of the element whose first hypothesis this is, as positions among its own.
    pub(super) fn alike(&self, first: usize, belief: &Belief) -> &[Vec<usize>] {
        if self.alike.is_empty() {
            return &[];
        }
        let element = belief.cause(first).and_then(|cause| cause.element());
        let spot = element.and_then(|element| belief.places.spot(element));
        spot.and_then(|spot| self.alike.get(&spot.nature)).map_or(&[], Vec::as_slice)
    }

    /// The repair of a hypothesis, as the first hypothesis that is repaired likewise.
    pub(super) fn repair(&self, h: usize, belief: &Belief) -> usize {
        let element = belief.cause(h).and_then(|cause| cause.element());
        let Some(spot) = element.and_then(|element| belief.places.spot(element)) else { return h };
        let first = spot.hypotheses().start;
        let group = self.alike.get(&spot.nature).into_iter().flatten().find(|group| group.contains(&(h - first)));
        group.and_then(|group| group.first()).map_or(h, |at| first + at)
    }
}
