//! How likely a comparison points where it points, whatever kind of fault is there.

use std::collections::BTreeMap;

use super::{Cluster, Key};
use crate::hypotheses::{Cause, Hypothesis};
use crate::sketch::Element;

/// A comparison points to the element at fault …
const RIGHT: f64 = 0.9;

/// … or, wrongly, to one that is not, where the fault lies at an element that was not compared …
const ASTRAY: f64 = 0.02;

/// … or at one that the comparison itself calls innocent.
const WRONG: f64 = 0.006;

pub(super) fn of_blame(key: &Key, hypotheses: &[Hypothesis], by_element: &BTreeMap<Element, Vec<usize>>) -> Cluster {
    let mut cluster = Cluster::about(key);
    let Key::Blame { begins, not } = key else { return cluster };
    cluster.base = ASTRAY.ln();
    let mut set = |element: &Element, ln: f64| {
        cluster.rows.extend(by_element.get(element).into_iter().flatten().map(|h| (*h, ln)));
    };
    not.iter().for_each(|(element, _)| set(element, WRONG.ln()));
    begins.iter().for_each(|element| set(element, RIGHT.ln()));
    for (h, hypothesis) in hypotheses.iter().enumerate() {
        match hypothesis.cause {
            // What begins somewhere has happened.
            Cause::Nothing => cluster.rows.insert(h, WRONG.ln()),
            // Where nothing drawn is meant, something that is not drawn is.
            Cause::Outside if begins.is_empty() => cluster.rows.insert(h, RIGHT.ln()),
            _ => None,
        };
    }
    cluster
}
