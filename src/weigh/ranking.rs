//! Who holds most belief, without looking at each of thousands that are alike.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Belief;
use super::layout::Sort;
use crate::order;
use crate::sketch::Element;

impl Belief<'_> {
    /// So many hypotheses with most of some number, best first; of equals those come first that were drawn first.
    pub(super) fn most(&self, numbers: &[f64], many: usize, elsewhere: bool) -> Vec<(f64, usize)> {
        let mut found: Vec<(f64, usize)> = Vec::new();
        let numbered =
            |range: Range<usize>, first: usize| numbers.get(range).into_iter().flatten().copied().zip(first..);
        for spot in self.layout.own().filter_map(|at| self.places.at(at)).map(|(_, spot)| spot) {
            found.extend(numbered(self.layout.range(&spot), spot.hypotheses().start));
        }
        if elsewhere {
            found.extend(numbered(self.layout.elsewhere(), self.hypotheses.nothing()));
        }
        let mut shared: Vec<(f64, &Sort, usize)> = Vec::new();
        for sort in self.layout.sorts.iter().filter(|sort| sort.count > 0) {
            let modes = self.hypotheses.natures.get(sort.nature).map_or(0, |nature| nature.modes.len());
            let values = numbers.get(sort.start..sort.start + modes).into_iter().flatten();
            shared.extend(values.enumerate().map(|(mode, value)| (*value, sort, mode)));
        }
        order::by(&mut shared, |a, b| b.0.total_cmp(&a.0));
        let (mut taken, mut last) = (0, f64::INFINITY);
        for (value, sort, mode) in shared {
            // Equals of another sort may be drawn before those taken.
            if taken >= many && value < last {
                break;
            }
            let members = self.layout.members(sort, self.hypotheses).take(many);
            found.extend(members.map(|(_, spot)| (value, spot.hypotheses().start + mode)));
            (taken, last) = (taken + sort.count, value);
        }
        first(found, many)
    }

    /// So many hypotheses with most belief as the only fault, best first.
    pub fn likeliest(&self, many: usize) -> Vec<usize> {
        self.most(&self.single, many, true).into_iter().map(|(_, h)| h).collect()
    }

    /// So many elements with most belief, best first; of equals those come first that were drawn first.
    pub fn likeliest_elements(&self, many: usize) -> Vec<(f64, Element)> {
        let own = self.elements.iter().filter_map(|(at, p)| Some((*p, self.places.at(*at)?.0)));
        let mut found: Vec<(f64, Element)> = own.collect();
        let mut sorts: Vec<(f64, &Sort)> = self.sorts.iter().copied().zip(&self.layout.sorts).collect();
        order::by(&mut sorts, |a, b| b.0.total_cmp(&a.0));
        let (mut taken, mut last) = (0, f64::INFINITY);
        for (value, sort) in sorts.into_iter().filter(|(_, sort)| sort.count > 0) {
            if taken >= many && value < last {
                break;
            }
            let others =
                self.layout.members(sort, self.hypotheses).filter(|(_, spot)| !self.elements.contains_key(&spot.at));
            let before = found.len();
            found.extend(others.take(many).map(|(element, _)| (value, element)));
            (taken, last) = (taken + found.len() - before, value);
        }
        first(found, many)
    }

    /// Hypotheses with at least so much belief, alone or with another fault, in order.
    pub fn at_least(&self, least: f64) -> Vec<usize> {
        let mut found = order::set(self.total.iter().filter(|(_, p)| **p >= least).map(|(h, _)| *h));
        found.extend(self.singles_of_at_least(least).into_keys());
        found.into_iter().collect()
    }

    /// Hypotheses with at least so much belief as the only fault, in order, and the belief.
    pub fn singles_of_at_least(&self, least: f64) -> BTreeMap<usize, f64> {
        // All belief together is 1.
        let many = if least > 0.0 { (1.0 / least) as usize + 1 } else { self.hypotheses.count() };
        order::map(self.most(&self.single, many, true).into_iter().filter(|(p, _)| *p >= least).map(|(p, h)| (h, p)))
    }

    /// The likeliest hypothesis about an element.
    pub fn leader(&self) -> Option<usize> {
        let single = self.most(&self.single, 1, false).into_iter().map(|(_, h)| h);
        let about = single.chain(self.total.keys().copied());
        about.max_by(|a, b| self.probability(*a).total_cmp(&self.probability(*b)).then(b.cmp(a)))
    }

    /// Hypotheses about other elements that are likely at work besides this one.
    pub fn suspected(&self, besides: usize) -> impl Iterator<Item = usize> {
        const SUSPECTED: f64 = 0.3;
        let element = |h: usize| self.cause(h).and_then(|cause| cause.element());
        let about = self.at_least(SUSPECTED).into_iter();
        about.filter(move |h| element(*h).is_some() && element(*h) != element(besides))
    }
}

/// The first so many by number and place.
fn first<T: Ord>(mut found: Vec<(f64, T)>, many: usize) -> Vec<(f64, T)> {
    let most = |a: &(f64, T), b: &(f64, T)| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1));
    if found.len() > many {
        found.select_nth_unstable_by(many, most);
        found.truncate(many);
    }
    order::by(&mut found, most);
    found
}
