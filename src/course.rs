//! How belief moved while the evidence came in, one piece after the other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::{Evidence, believe, draft};
use crate::order;
use crate::runbook::Shelf;
use crate::sketch::{Element, Sketch};

/// More lines in one chart cannot be told apart.
const LINES: usize = 4;

/// Longer ago nobody looks.
const STEPS: usize = 24;

/// An element that never held as much is no part of the story.
const EVER: f64 = 0.1;

/// One element and the belief in it after each piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Course {
    pub name: String,
    /// 0 to 1, in the order of the evidence; the last few pieces where there are many.
    pub belief: Vec<f64>,
}

/// The elements that led at some time, the likeliest now first. The drawing is the one of today all along.
pub fn courses(sketch: &Sketch, evidence: &[Evidence], shelf: &Shelf) -> Vec<Course> {
    let drafted = sketch.is_empty().then(|| draft(evidence));
    let sketch = drafted.as_ref().unwrap_or(sketch);
    let first = evidence.len().saturating_sub(STEPS) + 1;
    let mut all: BTreeMap<Element, Vec<f64>> = BTreeMap::new();
    for seen in (first..=evidence.len()).filter_map(|count| evidence.get(..count)) {
        believe(sketch, seen, shelf, |belief| {
            // An address is a part of its hop.
            for element in belief.places.elements().filter(|element| !matches!(element, Element::Address(..))) {
                all.entry(element).or_default().push(belief.at(element));
            }
        });
    }
    let now = |belief: &[f64]| belief.last().copied().unwrap_or(0.0);
    let mut told: Vec<(Element, Vec<f64>)> =
        all.into_iter().filter(|(_, belief)| belief.iter().any(|p| *p >= EVER)).collect();
    order::by(&mut told, |a, b| now(&b.1).total_cmp(&now(&a.1)).then(a.0.cmp(&b.0)));
    told.truncate(LINES);
    told.into_iter().map(|(element, belief)| Course { name: sketch.element_name(element), belief }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Case;
    use crate::read::read;

    #[test]
    fn belief_ends_where_the_diagnosis_of_all_evidence_is_and_has_one_point_per_piece() {
        let path = format!("{}/public/examples/one-of-three-addresses.json", env!("CARGO_MANIFEST_DIR"));
        let case = Case::open(&std::fs::read_to_string(path).unwrap()).unwrap();
        let sketch = case.sketch().unwrap().unwrap_or_default();
        let heard = |entry: &crate::case::Entry| Evidence {
            origin: entry.origin(),
            reading: read(entry.text.as_deref().unwrap(), entry.command.as_deref(), None),
        };
        let evidence: Vec<Evidence> = case.evidence.iter().map(heard).collect();
        let (shelf, _) = Shelf::shipped();
        let told = courses(&sketch, &evidence, &shelf);
        let first = told.first().unwrap();
        assert_eq!((first.name.as_str(), first.belief.len()), ("backend-pub", evidence.len()));
        let whole = crate::engine::diagnose(&sketch, &evidence, &shelf);
        assert_eq!(first.belief.last(), whole.elements.first().map(|element| &element.probability));
        assert!(told.len() <= LINES && courses(&sketch, &[], &shelf).is_empty());
    }
}
