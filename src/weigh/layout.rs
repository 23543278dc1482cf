//! Which hypotheses share their numbers: in a large drawing most elements are of one nature with many others and touched by no evidence,
//! and what is reckoned of one of them holds for all.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Cluster;
use crate::hypotheses::{Hypotheses, Spot};
use crate::sketch::Element;

/// Where an element stands to the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Some evidence has something to say about it.
    Touched,
    /// It hangs together with one of those.
    Joined,
    Apart,
}

/// Elements with the same numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sort {
    pub nature: usize,
    pub place: Place,
    /// How many elements these are, none of which is touched or changed.
    pub count: usize,
    /// Where their numbers begin.
    pub start: usize,
}

/// An element with numbers of its own.
#[derive(Debug, Clone, Copy)]
struct Own {
    /// Its position among all elements.
    at: usize,
    /// Where its numbers begin.
    start: usize,
    /// Whether evidence touched it.
    touched: bool,
}

/// Where the numbers of each hypothesis are found in a list of all numbers that differ.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Elements with numbers of their own, in order.
    own: Vec<Own>,
    /// For each element its place among those, from 1; 0 for one that shares its numbers.
    numbers: Vec<u32>,
    /// The parts of the drawing that were touched.
    parts: Vec<bool>,
    /// Of each nature how many elements are in each place, changed ones included.
    places: Vec<[usize; 3]>,
    /// Of each nature those joined to what was touched, and those apart.
    pub sorts: Vec<Sort>,
    /// Where the numbers of those hypotheses begin that concern no element.
    elsewhere: usize,
}

impl Layout {
    pub(super) fn new(hypotheses: &Hypotheses, clusters: &[Cluster], changed: &BTreeMap<Element, f64>) -> Layout {
        let places = &hypotheses.places;
        const TOUCHED: u32 = 2;
        let mut numbers: Vec<u32> = vec![0; places.len()];
        let mut mark = |at: usize, how: u32| {
            if let Some(mark) = numbers.get_mut(at) {
                *mark = how.max(*mark);
            }
        };
        changed.keys().filter_map(|element| places.spot(*element)).for_each(|spot| mark(spot.at, 1));
        for (first, run) in clusters.iter().flat_map(|cluster| cluster.rows.runs()) {
            let mut h = first;
            while let Some((_, spot)) = places.of_hypothesis(h).filter(|_| h < first + run.len()) {
                mark(spot.at, TOUCHED);
                h = spot.hypotheses().end;
            }
        }
        let mut own: Vec<Own> = Vec::new();
        for (at, number) in numbers.iter_mut().enumerate().filter(|(_, number)| **number > 0) {
            own.push(Own { at, start: 0, touched: *number == TOUCHED });
            *number = own.len() as u32;
        }
        let spot = |at: usize| places.at(at).map(|(_, spot)| spot);
        let mut parts = vec![false; hypotheses.parts.len()];
        let mut counts: Vec<[usize; 3]> =
            hypotheses.natures.iter().map(|nature| [0, 0, nature.members.len()]).collect();
        let mut shared: Vec<[usize; 3]> = counts.clone();
        let take = |counts: &mut [[usize; 3]], nature: usize, from: Place, to: Option<Place>, many: usize| {
            if let Some(counts) = counts.get_mut(nature) {
                if let Some(from) = counts.get_mut(from as usize) {
                    *from = from.saturating_sub(many);
                }
                if let Some(to) = to.and_then(|to| counts.get_mut(to as usize)) {
                    *to += many;
                }
            }
        };
        for one in own.iter().filter(|one| one.touched) {
            let part = spot(one.at).map_or(0, |spot| spot.part);
            if let Some(known) = parts.get_mut(part).filter(|known| !**known) {
                *known = true;
                for (nature, many) in hypotheses.parts.get(part).into_iter().flatten() {
                    take(&mut counts, *nature, Place::Apart, Some(Place::Joined), *many);
                    take(&mut shared, *nature, Place::Apart, Some(Place::Joined), *many);
                }
            }
        }
        let mut next = 0;
        for one in &mut own {
            let Some(spot) = spot(one.at) else { continue };
            let place = if parts.get(spot.part) == Some(&true) { Place::Joined } else { Place::Apart };
            take(&mut shared, spot.nature, place, None, 1);
            if one.touched {
                take(&mut counts, spot.nature, place, Some(Place::Touched), 1);
            }
            one.start = next;
            next += spot.hypotheses().len();
        }
        let mut sorts = Vec::with_capacity(2 * shared.len());
        for (nature, [_, joined, apart]) in shared.into_iter().enumerate() {
            for (place, count) in [(Place::Joined, joined), (Place::Apart, apart)] {
                sorts.push(Sort { nature, place, count, start: next });
                next += hypotheses.natures.get(nature).map_or(0, |nature| nature.modes.len());
            }
        }
        Layout { own, numbers, parts, places: counts, sorts, elsewhere: next }
    }

    /// How many numbers differ.
    pub(super) fn len(&self) -> usize {
        self.elsewhere + 2
    }

    fn own_of(&self, at: usize) -> Option<&Own> {
        self.own.get((*self.numbers.get(at)? as usize).checked_sub(1)?)
    }

    /// Where an element stands to the evidence.
    pub(super) fn place(&self, spot: &Spot) -> Place {
        match self.own_of(spot.at) {
            Some(Own { touched: true, .. }) => Place::Touched,
            _ if self.parts.get(spot.part) == Some(&true) => Place::Joined,
            _ => Place::Apart,
        }
    }

    /// How many elements of a nature are in a place.
    pub(super) fn in_place(&self, nature: usize, place: Place) -> usize {
        self.places.get(nature).and_then(|places| places.get(place as usize)).copied().unwrap_or_default()
    }

    /// Whether an element has numbers of its own.
    pub(super) fn is_own(&self, at: usize) -> bool {
        self.own_of(at).is_some()
    }

    /// The elements with numbers of their own, by position, and where these begin.
    pub(super) fn own(&self) -> impl Iterator<Item = (usize, usize)> {
        self.own.iter().map(|one| (one.at, one.start))
    }

    /// The numbers of the hypotheses about one element.
    pub(super) fn range(&self, spot: &Spot) -> Range<usize> {
        let count = spot.hypotheses().len();
        let start = self.own_of(spot.at).map(|one| one.start).or_else(|| {
            let apart = usize::from(self.parts.get(spot.part) != Some(&true));
            self.sorts.get(2 * spot.nature + apart).map(|sort| sort.start)
        });
        start.map_or(0..0, |start| start..start + count)
    }

    /// The number of one hypothesis.
    pub(super) fn slot(&self, hypotheses: &Hypotheses, h: usize) -> usize {
        match h.checked_sub(hypotheses.nothing()) {
            Some(elsewhere) => self.elsewhere + elsewhere,
            None => match hypotheses.places.of_hypothesis(h) {
                Some((_, spot)) => self.range(&spot).start + (h - spot.hypotheses().start),
                None => usize::MAX,
            },
        }
    }

    /// The two numbers of the hypotheses that concern no element.
    pub(super) fn elsewhere(&self) -> Range<usize> {
        self.elsewhere..self.elsewhere + 2
    }

    /// The elements of a sort, in order.
    pub(super) fn members<'h>(
        &'h self,
        sort: &Sort,
        hypotheses: &'h Hypotheses,
    ) -> impl Iterator<Item = (Element, Spot)> + 'h {
        let joined = sort.place == Place::Joined;
        let all = hypotheses.natures.get(sort.nature).into_iter().flat_map(|nature| &nature.members);
        let all = all.filter(|at| !self.is_own(**at)).filter_map(|at| hypotheses.places.at(*at));
        all.filter(move |(_, spot)| (self.parts.get(spot.part) == Some(&true)) == joined).take(sort.count)
    }
}
