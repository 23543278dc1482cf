//! What one would do about each hypothesis: telling apart two faults with the same repair is worth nothing.

use std::collections::BTreeMap;

use crate::hypotheses::Spot;
use crate::weigh::Belief;

/// Which faults of one element are repaired alike.
pub(super) struct Repairs {
    /// For elements of each nature that have such faults: their positions among all of the element, group by group.
    alike: BTreeMap<usize, Vec<Vec<usize>>>,
}

impl Repairs {
    pub(super) fn of(belief: &Belief) -> Repairs {
        let mut alike = BTreeMap::new();
        for (number, nature) in belief.hypotheses.natures.iter().enumerate() {
            let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (at, (mode, _)) in nature.modes.iter().enumerate() {
                if let Some(mode) = mode.and_then(|place| belief.shelf.mode_at(place)) {
                    groups.entry(mode.repair.as_deref().unwrap_or(&mode.id)).or_default().push(at);
                }
            }
            let groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
            if !groups.is_empty() {
                alike.insert(number, groups);
            }
        }
        Repairs { alike }
    }

    /// Groups of faults of an element that are repaired alike, as positions among its own.
    pub(super) fn alike(&self, spot: &Spot) -> &[Vec<usize>] {
        self.alike.get(&spot.nature).map_or(&[], Vec::as_slice)
    }

    /// The repair of a hypothesis, as the first hypothesis that is repaired likewise.
    pub(super) fn repair(&self, h: usize, belief: &Belief) -> usize {
        let Some((_, spot)) = belief.places.of_hypothesis(h) else { return h };
        let first = spot.hypotheses().start;
        let group = self.alike.get(&spot.nature).into_iter().flatten().find(|group| group.contains(&(h - first)));
        group.and_then(|group| group.first()).map_or(h, |at| first + at)
    }
}
