//! Phases: what was seen before somebody changed something says nothing about what is the case after it.

use std::collections::BTreeMap;

use crate::diagnosis::Phase;
use crate::fact::Outcome;
use crate::place::{Change, Observation, Sight};

/// The evidence before, between and after the changes, in order; nothing where nothing was changed.
pub fn phases(changes: &[Change], observations: &[Observation], pastes: usize) -> Vec<Phase> {
    if changes.is_empty() {
        return Vec::new();
    }
    let mut phases: BTreeMap<usize, Phase> = BTreeMap::new();
    for paste in 0..pastes {
        let number = phase_of(changes, paste);
        let change = number.checked_sub(1).and_then(|before| changes.get(before)).map(|change| change.says.clone());
        let phase = phases.entry(number).or_insert(Phase {
            change: change.unwrap_or_default(),
            worked: 0,
            failed: 0,
            evidence: Vec::new(),
        });
        phase.evidence.push(paste);
        for observation in observations.iter().filter(|observation| observation.seen.evidence == paste) {
            if let Sight::Request(request) = &observation.sight {
                let works = matches!(request.outcome, Outcome::Ok | Outcome::Redirected);
                *(if works { &mut phase.worked } else { &mut phase.failed }) += observation.count.max(1);
            }
        }
    }
    phases.into_values().collect()
}

/// How many changes had been made when a paste was taken.
fn phase_of(changes: &[Change], paste: usize) -> usize {
    changes.iter().filter(|change| change.evidence <= paste).count()
}

/// Keeps what was seen since the last change that has been followed by any evidence at all.
pub fn since_last_change(changes: &[Change], observations: Vec<Observation>) -> Vec<Observation> {
    let last = observations.iter().map(|observation| phase_of(changes, observation.seen.evidence)).max();
    observations.into_iter().filter(|seen| Some(phase_of(changes, seen.seen.evidence)) == last).collect()
}
