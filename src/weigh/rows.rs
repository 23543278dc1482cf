//! What the hypotheses that have something to say about a question make of it, element by element.

use std::collections::BTreeMap;
use std::rc::Rc;

/// ln-likelihoods by hypothesis. Elements that stand alike to a question share theirs.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// From the first hypothesis of each run; runs do not overlap.
    runs: BTreeMap<usize, Rc<[f64]>>,
}

impl Rows {
    /// ln-likelihood under one hypothesis, if it has anything to say.
    pub(super) fn get(&self, h: usize) -> Option<f64> {
        let (first, run) = self.runs.range(..=h).next_back()?;
        run.get(h - first).copied()
    }

    /// Those of neighboring hypotheses, from the first of each run on, in order.
    pub(super) fn runs(&self) -> impl Iterator<Item = (usize, &[f64])> {
        self.runs.iter().map(|(first, run)| (*first, &**run))
    }

    /// All of them in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, f64)> {
        self.runs.iter().flat_map(|(first, run)| run.iter().enumerate().map(move |(at, ln)| (first + at, *ln)))
    }

    /// Adds what the hypotheses from `first` on say; where they said something already, the likelier counts.
    pub(super) fn raise(&mut self, first: usize, run: Rc<[f64]>) {
        let before = self.runs.range(..first + run.len()).next_back();
        if before.is_none_or(|(start, other)| start + other.len() <= first) {
            self.runs.insert(first, run);
            return;
        }
        for (at, ln) in run.iter().enumerate() {
            let known = self.get(first + at).unwrap_or(f64::NEG_INFINITY);
            self.set(first + at, known.max(*ln));
        }
    }

    /// What one hypothesis says, whatever it said before.
    pub(super) fn set(&mut self, h: usize, ln: f64) {
        if let Some((first, run)) = self.runs.range_mut(..=h).next_back()
            && h - first < run.len()
        {
            let changed = run.iter().enumerate().map(|(at, old)| if first + at == h { ln } else { *old });
            *run = changed.collect();
            return;
        }
        self.runs.insert(h, Rc::from([ln]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_likelier_counts_and_runs_stay_apart() {
        let mut rows = Rows::default();
        rows.raise(4, Rc::from([-1.0, -2.0]));
        rows.raise(4, Rc::from([-3.0, -0.5]));
        rows.set(9, -4.0);
        rows.raise(0, Rc::from([-7.0]));
        assert_eq!(rows.iter().collect::<Vec<_>>(), [(0, -7.0), (4, -1.0), (5, -0.5), (9, -4.0)]);
        assert_eq!((rows.get(5), rows.get(6), rows.get(1)), (Some(-0.5), None, None));
    }
}
