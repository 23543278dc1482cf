//! How likely each hypothesis is before the evidence: by the kind of its element, recent changes, and where anybody has looked.
//!
//! An element nobody has looked at is no likelier culprit for being one of many: those that no evidence touches weigh no more
//! together than those it does. Otherwise one 502 in a drawing of thousands would be put down to chance.

use std::collections::BTreeMap;

use super::Cluster;
use super::layout::{Layout, Place};
use crate::hypotheses::{Hypotheses, Nature, Spot};
use crate::order;
use crate::sketch::Element;

/// Guilt of "nothing is wrong" beside an element's (about 1): somebody opened this page for a reason.
const NOTHING: f64 = 0.2;

/// Guilt of everything that is not drawn, likewise; the more is drawn, the less is left out.
const OUTSIDE: f64 = 0.4;

/// The priors of the hypotheses about one element, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Prior {
    /// Natural logarithms; all priors of a case add up to 1.
    pub ln: Vec<f64>,
    /// The probability of all of them together.
    pub mass: f64,
}

impl Prior {
    fn of(nature: &Nature, whole: f64, shift: f64) -> Prior {
        // The shares of one element make 1.
        let ln = nature.modes.iter().map(|(_, share)| whole + share + shift).collect();
        Prior { ln, mass: (whole + shift).exp() }
    }
}

/// The priors of all hypotheses.
#[derive(Debug, Default)]
pub(super) struct Priors {
    /// Of elements of each nature, by their place.
    natures: Vec<[Prior; 3]>,
    /// Of elements that were changed lately, by position.
    changed: BTreeMap<usize, Prior>,
    /// Of "nothing is wrong" and of "something outside the drawing".
    pub elsewhere: [f64; 2],
}

impl Priors {
    /// `changed` are elements that were changed lately and how many times likelier that makes them.
    pub(super) fn new(hypotheses: &Hypotheses, layout: &Layout, changed: &BTreeMap<Element, f64>) -> Priors {
        let changed: Vec<(Spot, f64)> = changed
            .iter()
            .filter_map(|(element, factor)| Some((*hypotheses.places.spot(*element)?, *factor)))
            .collect();
        let nature = |number: usize| hypotheses.natures.get(number);
        let all: f64 = hypotheses.natures.iter().map(|nature| nature.guilt * nature.members.len() as f64).sum();
        let more = changed.iter().filter_map(|(spot, factor)| Some(nature(spot.nature)?.guilt * (factor - 1.0)));
        let sum = all + more.sum::<f64>() + NOTHING + OUTSIDE;
        let whole = |nature: &Nature, factor: f64| (nature.guilt * factor / sum).max(f64::MIN_POSITIVE).ln();
        let plain: Vec<Prior> =
            hypotheses.natures.iter().map(|nature| Prior::of(nature, whole(nature, 1.0), 0.0)).collect();
        let mut changed: Vec<(Spot, f64, Prior)> = changed
            .into_iter()
            .filter_map(|(spot, factor)| {
                let nature = nature(spot.nature)?;
                let whole = whole(nature, factor);
                Some((spot, whole, Prior::of(nature, whole, 0.0)))
            })
            .collect();
        let shifts = Shifts::of(layout, &plain, &changed);
        for (spot, whole, prior) in &mut changed {
            if let Some(nature) = nature(spot.nature) {
                *prior = Prior::of(nature, *whole, shifts.of_place(layout.place(spot)));
            }
        }
        let natures = hypotheses.natures.iter().map(|nature| {
            [Place::Touched, Place::Joined, Place::Apart]
                .map(|place| Prior::of(nature, whole(nature, 1.0), shifts.of_place(place)))
        });
        Priors {
            natures: natures.collect(),
            changed: order::map(changed.into_iter().map(|(spot, _, prior)| (spot.at, prior))),
            elsewhere: [NOTHING, OUTSIDE].map(|guilt| (guilt / sum).ln() - shifts.sum),
        }
    }

    /// The priors of the hypotheses about one element.
    pub(super) fn of(&self, spot: &Spot, place: Place) -> Option<&Prior> {
        let usual = || self.natures.get(spot.nature).and_then(|places| places.get(place as usize));
        self.changed.get(&spot.at).or_else(usual)
    }

    /// ln of the probability of what was seen before all evidence: the sum over all hypotheses of prior times likelihood.
    pub(super) fn average(&self, cluster: &Cluster, hypotheses: &Hypotheses, layout: &Layout) -> f64 {
        let (mut concerned, mut theirs) = (0.0, 0.0);
        let mut add = |prior: f64, ln: f64| {
            concerned += prior.exp();
            theirs += (prior + ln).exp();
        };
        for (first, run) in cluster.rows.runs() {
            match hypotheses.places.of_hypothesis(first) {
                Some((_, spot)) => {
                    let prior = self.of(&spot, layout.place(&spot)).map(|prior| &*prior.ln).unwrap_or_default();
                    let from = first - spot.hypotheses().start;
                    prior.iter().skip(from).zip(run).for_each(|(prior, ln)| add(*prior, *ln));
                }
                None => {
                    let from = first.saturating_sub(hypotheses.nothing());
                    self.elsewhere.iter().skip(from).zip(run).for_each(|(prior, ln)| add(*prior, *ln));
                }
            }
        }
        ((1.0 - concerned).max(0.0) * cluster.base.exp() + theirs).max(f64::MIN_POSITIVE).ln()
    }

    /// The priors of the hypotheses about an element of this nature that was not changed.
    pub(super) fn usual(&self, nature: usize, place: Place) -> Option<&Prior> {
        self.natures.get(nature).and_then(|places| places.get(place as usize))
    }
}

/// By how much (in ln) the priors of what no evidence touches are lowered, until together they are no greater than the others'. What hangs
/// together with something that was touched and what does not are lowered apart: a drawing of something else beside it changes nothing here.
#[derive(Default)]
struct Shifts {
    joined: f64,
    apart: f64,
    /// ln of what is left of all.
    sum: f64,
}

impl Shifts {
    fn of(layout: &Layout, plain: &[Prior], changed: &[(Spot, f64, Prior)]) -> Shifts {
        let mut masses = [0.0; 3];
        let mut add = |place: Place, mass: f64| {
            if let Some(sum) = masses.get_mut(place as usize) {
                *sum += mass;
            }
        };
        for (number, prior) in plain.iter().enumerate() {
            let mass = prior.mass;
            for place in [Place::Touched, Place::Joined, Place::Apart] {
                add(place, mass * layout.in_place(number, place) as f64);
            }
        }
        for (spot, _, prior) in changed {
            let usual = plain.get(spot.nature).map_or(0.0, |prior| prior.mass);
            add(layout.place(spot), prior.mass - usual);
        }
        let [near, joined, apart] = masses;
        if near <= 0.0 || (joined <= near && apart <= near) {
            return Shifts::default();
        }
        let lower = |far: f64| if far > near { (near / far).ln() } else { 0.0 };
        let lower_joined = lower(joined);
        // What has nothing to do with it comes behind what may have.
        let lower_apart = lower(apart).min(lower_joined);
        let sum = (1.0 - joined * (1.0 - lower_joined.exp()) - apart * (1.0 - lower_apart.exp())).ln();
        Shifts { joined: lower_joined, apart: lower_apart, sum }
    }

    fn of_place(&self, place: Place) -> f64 {
        let lower = match place {
            Place::Touched => 0.0,
            Place::Joined => self.joined,
            Place::Apart => self.apart,
        };
        lower - self.sum
    }
}
