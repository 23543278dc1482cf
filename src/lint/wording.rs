//! Verdicts that hang on one word: a test whose leader changes if one chance of its mode moves one step.

use super::document::Document;
use super::expectations::named_mode;
use crate::diagnosis::NOT_DESCRIBED;
use crate::rehearsal::{leader, margin};
use crate::runbook::{FailureMode, Runbook, RunbookTest, Shelf};

/// Only where the leader is less than this many times as likely as the next can one step of a word turn the verdict: the
/// longest step, from `never` to `almost-never`, is sixfold.
const CLOSE: f64 = 6.0;

pub(super) fn check(document: &mut Document, shelf: &Shelf) {
    let runbook = document.runbook.clone();
    for (position, test) in runbook.tests.iter().enumerate() {
        let Some(top) = &test.expect.top else { continue };
        let Some(at) = named_mode(top)
            .and_then(|id| runbook.failure_modes.iter().position(|mode| mode.id == id))
            .filter(|_| margin(test, shelf) < CLOSE)
        else {
            continue;
        };
        let turned = moved(&runbook, at).into_iter().find(|(_, changed)| turns(test, top, changed, shelf));
        if let Some((word, _)) = turned {
            let says = format!(
                "this verdict turns if one word moves by one step ({word}): add evidence that tells the mode from the next"
            );
            document.warning(&format!("/tests/{position}/expect/top"), says);
        }
    }
}

fn turns(test: &RunbookTest, top: &str, changed: &Runbook, shelf: &Shelf) -> bool {
    let mut shelf = shelf.clone();
    shelf.replace(changed.clone());
    // "Something no runbook describes" at the same place turns nothing: the place stays, and every mode gives way to it once its
    // author finds it rare enough.
    let place = top.split(" / ").next().unwrap_or(top);
    leader(test, top, &shelf).is_none_or(|leader| leader != top && leader != format!("{place} / {NOT_DESCRIBED}"))
}

/// The runbook with one word of one mode made weaker, in every way; each with what was changed.
fn moved(runbook: &Runbook, at: usize) -> Vec<(String, Runbook)> {
    let mut all = Vec::new();
    let mut change = |what: String, change: &dyn Fn(&mut FailureMode)| {
        let mut changed = runbook.clone();
        if let Some(mode) = changed.failure_modes.get_mut(at) {
            change(mode);
        }
        all.push((what, changed));
    };
    let Some(mode) = runbook.failure_modes.get(at) else { return all };
    change(format!("prior {}", mode.prior), &|mode| mode.prior = mode.prior.rarer());
    change(format!("rate {}", mode.rate), &|mode| mode.rate = mode.rate.rarer());
    for (outcome, chance) in &mode.breaks {
        change(format!("breaks {} {chance}", outcome.word()), &|mode| {
            mode.breaks.insert(*outcome, chance.rarer());
        });
    }
    for (observable, values) in &mode.shows {
        for (value, chance) in values {
            change(format!("shows {observable} {value} {chance}"), &|mode| {
                if let Some(values) = mode.shows.get_mut(observable) {
                    values.insert(value.clone(), chance.rarer());
                }
            });
        }
    }
    all
}
