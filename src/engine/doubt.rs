//! Whether "nothing wrong" has been earned: what was complained of must have been seen to work, and nothing may be left unheard.

use super::Evidence;
use crate::fact::{Outcome, Stage};
use crate::place::{Observation, Sight};
use crate::sketch::Element;
use crate::weigh::{Belief, Cluster, Key};

/// Up to here a reader knows the tool and not what it printed.
const BY_NAME: f64 = 0.5;

/// Why nobody may say yet that nothing is wrong, in a sentence; nothing where it has been earned.
pub(super) fn doubt(belief: &Belief, evidence: &[Evidence]) -> Option<String> {
    if let Some(trouble) = belief.observations.iter().find(|one| is_trouble(one)) {
        return Some(format!("What was tested works, and yet {}. What was it doing?", trouble.says));
    }
    if let Some(failure) = belief.clusters.iter().find(|cluster| !works_elsewhen(belief, cluster)) {
        let first = failure.observations.first().and_then(|position| belief.observations.get(*position));
        let says = first.map(|observation| observation.says.as_str()).unwrap_or_default();
        return Some(format!("Nothing explains it yet, and still {says}: repeat that one."));
    }
    let unheard = evidence.iter().position(|one| is_unheard(one, belief))?;
    Some(format!("What could be read works, but nothing of paste {} was understood: does that one work?", unheard + 1))
}

/// Whether a program says that something failed.
fn is_trouble(observation: &Observation) -> bool {
    match &observation.sight {
        Sight::State { observable, .. } => observable == "complaint" || observable.ends_with(".error"),
        Sight::Request(_) | Sight::Blame { .. } => false,
    }
}

/// Whether somebody got through to where a question failed: the same sender, or another whose request leads there.
fn works_elsewhen(belief: &Belief, cluster: &Cluster) -> bool {
    let Key::Request { from, to, tests, .. } = &cluster.key else { return true };
    if cluster.counts.keys().any(|outcome| outcome.is_success() || *outcome == Outcome::Overtaken) {
        return true;
    }
    belief.clusters.iter().any(|other| match &other.key {
        Key::Request { from: sender, to: target, tests: reached, .. } => {
            let as_far = reached >= tests && other.counts.contains_key(&Outcome::Ok);
            let through = || *target != *to && other.steps.iter().any(|step| step.element == Element::Node(*to));
            as_far && (sender == from && target == to || through())
        }
        Key::State { .. } | Key::Blame { .. } => false,
    })
}

/// Whether nothing was understood of what somebody saw at a place from where nothing else was seen to work.
fn is_unheard(one: &Evidence, belief: &Belief) -> bool {
    let said = one.origin.vantage.as_deref().and_then(|id| belief.sketch.find(id));
    let Some(vantage) =
        said.filter(|_| one.reading.blocks.iter().all(|block| block.facts.is_empty() && block.confidence <= BY_NAME))
    else {
        return false;
    };
    let works = |cluster: &Cluster| match &cluster.key {
        Key::Request { from, to, tests, .. } => {
            (*from == Some(vantage) || *to == vantage) && *tests == Stage::Exchange && cluster.all_worked()
        }
        Key::State { .. } | Key::Blame { .. } => false,
    };
    one.reading.unread().next().is_some() && !belief.clusters.iter().any(works)
}
