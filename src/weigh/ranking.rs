//! Who holds most belief, without looking at each of thousands that are alike.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use super::Belief;
use super::layout::Sort;
use crate::order;
use crate::sketch::Element;

impl Belief<'_> {
    /// So many hypotheses with most of some number, best first; of equals those come first that were drawn first.
    pub(super) fn most(&self, numbers: &[f64], many: usize, elsewhere: bool) -> Vec<(f64, usize)> {
        let mut found = Most::of(many);
        let numbered =
            |range: Range<usize>, first: usize| numbers.get(range).unwrap_or_default().iter().copied().zip(first..);
        for (start, spot) in self.layout.own().filter_map(|(at, start)| Some((start, self.places.at(at)?.1))) {
            let here = spot.hypotheses();
            // Nearly all are far behind, and a look at the floor here spares each a call.
            for one in numbered(start..start + here.len(), here.start) {
                if one.0 >= found.floor {
                    found.offer(one);
                }
            }
        }
        if elsewhere {
            numbered(self.layout.elsewhere(), self.hypotheses.nothing()).for_each(|one| found.offer(one));
        }
        let shared = || {
            let sorts = self.layout.sorts.iter().filter(|sort| sort.count > 0);
            sorts.flat_map(|sort| {
                let modes = self.hypotheses.natures.get(sort.nature).map_or(0, |nature| nature.modes.len());
                numbered(sort.start..sort.start + modes, 0).map(move |(value, mode)| (value, sort, mode))
            })
        };
        // Each stands for one hypothesis at least, so what comes behind the first so many of them need not be taken apart.
        let mut values = Most::of(many);
        shared().for_each(|(value, _, _)| values.offer((value, ())));
        let least = values.least();
        for (value, sort, mode) in shared().filter(|(value, _, _)| *value >= least) {
            let members = self.layout.members(sort, self.hypotheses).take(many);
            members.for_each(|(_, spot)| found.offer((value, spot.hypotheses().start + mode)));
        }
        found.in_order()
    }

    /// So many hypotheses with most belief as the only fault, best first.
    pub fn likeliest(&self, many: usize) -> Vec<usize> {
        self.most(&self.single, many, true).into_iter().map(|(_, h)| h).collect()
    }

    /// So many elements with most belief, best first; of equals those come first that were drawn first.
    pub fn likeliest_elements(&self, many: usize) -> Vec<(f64, Element)> {
        let mut found = Most::of(many);
        let own = self.elements.iter().filter_map(|(at, p)| Some((*p, self.places.at(*at)?.0)));
        own.for_each(|one| found.offer(one));
        let mut sorts: Vec<(f64, &Sort)> = self.sorts.iter().copied().zip(&self.layout.sorts).collect();
        order::by(&mut sorts, |a, b| b.0.total_cmp(&a.0));
        let (mut taken, mut last) = (0, f64::INFINITY);
        for (value, sort) in sorts.into_iter().filter(|(_, sort)| sort.count > 0) {
            if taken >= many && value < last {
                break;
            }
            let others =
                self.layout.members(sort, self.hypotheses).filter(|(_, spot)| !self.elements.contains_key(&spot.at));
            for (element, _) in others.take(many) {
                found.offer((value, element));
                taken += 1;
            }
            last = value;
        }
        found.in_order()
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
        let about = self.first.into_iter().chain(self.total.keys().copied());
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

/// The first so many by number and place, however many are offered.
struct Most<T> {
    many: usize,
    found: Vec<(f64, T)>,
    /// So many are known with at least this.
    floor: f64,
}

impl<T: Ord> Most<T> {
    fn of(many: usize) -> Most<T> {
        Most { many, found: Vec::new(), floor: f64::NEG_INFINITY }
    }

    fn offer(&mut self, one: (f64, T)) {
        if one.0 < self.floor {
            return;
        }
        self.found.push(one);
        if self.found.len() > 2 * self.many {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.found.len() > self.many {
            self.found.select_nth_unstable_by(self.many, by_number_and_place);
            self.found.truncate(self.many);
            self.floor = self.found.iter().map(|(number, _)| *number).fold(f64::INFINITY, f64::min);
        }
    }

    /// The number of the last of them.
    fn least(mut self) -> f64 {
        self.cut();
        self.floor
    }

    fn in_order(mut self) -> Vec<(f64, T)> {
        self.cut();
        order::by(&mut self.found, by_number_and_place);
        self.found
    }
}

fn by_number_and_place<T: Ord>(a: &(f64, T), b: &(f64, T)) -> Ordering {
    b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1))
}
