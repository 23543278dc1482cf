//! How likely a comparison points where it points, whatever kind of fault is there.

use std::rc::Rc;

use super::{Cluster, Key, Rows};
use crate::hypotheses::{Cause, Hypotheses};
use crate::sketch::Element;

/// A comparison points to the element at fault …
const RIGHT: f64 = 0.9;

/// … or, wrongly, to one that is not, where the fault lies at an element that was not compared …
const ASTRAY: f64 = 0.02;

/// … or at one that the comparison itself calls innocent.
const WRONG: f64 = 0.006;

pub(super) fn of_blame(key: &Key, hypotheses: &Hypotheses) -> Cluster {
    let mut cluster = Cluster::about(key);
    let Key::Blame { begins, not } = key else { return cluster };
    cluster.base = ASTRAY.ln();
    let mut rows = Rows::default();
    let mut set = |element: &Element, ln: f64| {
        hypotheses.places.about(*element).for_each(|h| rows.set(h, ln));
    };
    not.iter().for_each(|(element, _)| set(element, WRONG.ln()));
    begins.iter().for_each(|element| set(element, RIGHT.ln()));
    for (h, cause) in hypotheses.elsewhere() {
        match cause {
            // What begins somewhere has happened.
            Cause::Nothing => rows.set(h, WRONG.ln()),
            // Where nothing drawn is meant, something that is not drawn is.
            Cause::Outside if begins.is_empty() => rows.set(h, RIGHT.ln()),
            _ => {}
        }
    }
    cluster.rows = Rc::new(rows);
    cluster
}
