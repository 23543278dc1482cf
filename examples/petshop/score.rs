//! Scores an answer: at which place of the ranking is the true cause?

use std::collections::BTreeMap;

use hopwise::blame::{Blame, Change, Symptom, Unrest, blame};
use hopwise::sketch::Element;

use crate::recording::{Issue, Recording};

/// How often the true cause came first, and among the first three.
#[derive(Clone, Copy, Default)]
pub struct Score {
    pub first: usize,
    pub third: usize,
    pub of: usize,
}

impl Score {
    pub fn add(&mut self, rank: usize) {
        self.first += usize::from(rank == 1);
        self.third += usize::from(rank <= 3);
        self.of += 1;
    }

    pub fn join(&mut self, other: Score) {
        self.first += other.first;
        self.third += other.third;
        self.of += other.of;
    }

    /// As the published table writes it: `.93/1.0`.
    pub fn shares(&self) -> String {
        if self.of == 0 {
            return "-".to_owned();
        }
        let share = |count: usize| count as f64 / self.of as f64;
        format!("{:.2}/{:.2}", share(self.first), share(self.third))
    }
}

/// How far each node's metrics move while nothing is wrong.
pub type History = BTreeMap<String, Quiet>;

/// Of one node: standard deviations from one quiet bin to the next.
#[derive(Clone, Copy)]
pub struct Quiet {
    /// Of the mean seconds, as a part of them: the recording is older than the issues.
    pub seconds: f64,
    /// Of the share of failed requests.
    pub failed: f64,
}

/// Takes the steps from bin to bin, so that a slow drift over the days does not count as noise.
pub fn history(quiet: &Recording) -> History {
    let of = |metrics: &crate::recording::Metrics| {
        let bins: Vec<_> = (0..quiet.starts.len()).map(|bin| metrics.traffic(bin)).collect();
        let seconds: Vec<f64> = bins.iter().filter_map(|bin| bin.seconds).collect();
        let failed: Vec<f64> = bins.iter().filter_map(|bin| bin.failed).collect();
        let mean = seconds.iter().sum::<f64>() / seconds.len().max(1) as f64;
        Quiet { seconds: step(&seconds) / mean.max(f64::MIN_POSITIVE), failed: step(&failed) }
    };
    quiet.nodes.iter().map(|(name, metrics)| (name.clone(), of(metrics))).collect()
}

/// Standard deviation of a step between neighbors, which is what two windows differ by when nothing happened.
fn step(values: &[f64]) -> f64 {
    let squares = values.windows(2).map(|pair| match pair {
        [one, next] => (next - one).powi(2),
        _ => 0.0,
    });
    (squares.sum::<f64>() / values.len().saturating_sub(1).max(1) as f64).sqrt()
}

/// Every node of the drawing with its numbers before and after.
pub fn changes(issue: &Issue, history: &History) -> BTreeMap<Element, Change> {
    let mut changes = BTreeMap::new();
    for (name, metrics) in &issue.recording.nodes {
        let Some(node) = issue.sketch.find(name) else { continue };
        let (before, after) = (metrics.traffic(issue.bins.0), metrics.traffic(issue.bins.1));
        let unrest = history.get(name).map_or(Unrest::default(), |quiet| Unrest {
            seconds: before.seconds.map(|seconds| seconds * quiet.seconds),
            failed: Some(quiet.failed),
        });
        changes.insert(Element::Node(node), Change { before, after, unrest });
    }
    changes
}

/// Walks from the node that hurts. `None` where the drawing does not have it.
pub fn answer(issue: &Issue, changes: &BTreeMap<Element, Change>) -> Option<Blame> {
    Some(blame(&issue.sketch, changes, issue.sketch.find(&issue.target)?, issue.symptom))
}

/// Place of the true node of an issue, from 1.
pub fn rank(issue: &Issue, answer: Option<&Blame>) -> usize {
    let truth = issue.sketch.find(&issue.truth).map(Element::Node);
    answer.zip(truth).map_or(usize::MAX, |(answer, truth)| place(answer, truth))
}

/// Place of an element in the ranking, from 1. Elements that cannot be told apart all have the worst place: a tie is a miss.
pub fn place(answer: &Blame, truth: Element) -> usize {
    let own = answer.ranking.iter().find(|share| share.element == truth);
    own.map_or(usize::MAX, |own| answer.ranking.iter().filter(|other| other.order() >= own.order()).count())
}

/// The word of the published table.
pub fn word(symptom: Symptom) -> &'static str {
    match symptom {
        Symptom::Latency => "latency",
        Symptom::Failures => "availability",
    }
}
