//! Failure modes: each predicts something, in words that exist, and says how it is repaired and known.

use super::document::Document;
use crate::runbook::{FailureMode, Shelf};

pub(super) fn check(document: &mut Document, shelf: &Shelf) {
    let runbook = document.runbook.clone();
    let tables = runbook.durations.len() + runbook.statuses.len() + runbook.growths.len();
    // A runbook of tests alone holds other runbooks to what was learned in an incident.
    let describes = !runbook.failure_modes.is_empty() || !runbook.probes.is_empty() || !runbook.observables.is_empty();
    if !describes && tables == 0 && runbook.tests.is_empty() {
        document.error("", "this runbook describes nothing: add a failure mode, a probe or an observable".to_owned());
    }
    for (position, mode) in runbook.failure_modes.iter().enumerate() {
        let path = format!("/failure_modes/{position}");
        predictions(document, mode, &path, shelf);
        words(document, mode, &path);
    }
    for (name, observable) in &runbook.observables {
        let path = format!("/observables/{name}");
        if observable.normally.len() < 2 {
            let says = format!("{name} has fewer than two values, so reading it tells nothing: list the others, too");
            document.error(&format!("{path}/normally"), says);
        }
        let asked = shelf.probes().any(|probe| probe.asks.observable() == Some(name));
        if !asked {
            let says = format!(
                "no command reads {name}, so nobody can be asked for it: add a probe with \"asks\": {{\"observable\": \"{name}\"}}"
            );
            document.warning(&path, says);
        }
    }
}

fn predictions(document: &mut Document, mode: &FailureMode, path: &str, shelf: &Shelf) {
    let effects = [&mode.breaks, &mode.makes, &mode.astray, &mode.misleads, &mode.disturbs];
    if effects.iter().all(|effect| effect.is_empty()) && mode.shows.is_empty() {
        let says = format!(
            "{} predicts nothing, so no evidence can speak for it: say what its caller sees (breaks) or what state it shows (shows)",
            mode.id
        );
        document.error(&format!("{path}/id"), says);
    }
    for (observable, values) in &mode.shows {
        let place = format!("{path}/shows/{observable}");
        let Some(known) = shelf.observable(observable) else {
            document.error(&place, unknown_observable(observable, shelf));
            continue;
        };
        for value in values.keys().filter(|value| !known.normally.contains_key(*value)) {
            let says = format!("{observable} is never {value}: write {}", list(known.normally.keys()));
            document.error(&format!("{place}/{value}"), says);
        }
    }
}

/// What to do about an observable that nobody describes; those with the same beginning may be what was meant.
pub(super) fn unknown_observable(name: &str, shelf: &Shelf) -> String {
    let beginning = |name: &str| name.split('.').next().map(str::to_owned);
    let near: Vec<&str> = shelf.observables().filter(|known| beginning(known) == beginning(name)).collect();
    let or = if near.is_empty() { String::new() } else { format!(", or write {}", list(near)) };
    format!("no runbook describes the observable {name}: describe it under \"observables\"{or}")
}

/// What a person reads of a mode.
fn words(document: &mut Document, mode: &FailureMode, path: &str) {
    let id = &mode.id;
    for (field, text, what) in [
        ("title", &mode.title, "one sentence for a tired reader, as in \"nothing listens on its port\""),
        ("fix", &mode.fix, "what to do about it"),
    ] {
        if text.trim().is_empty() {
            document.error(&format!("{path}/{field}"), format!("the {field} of {id} is empty: write {what}"));
        }
    }
    if mode.on.is_empty() {
        let says = format!("{id} strikes nowhere: say in \"on\" at which kind of node, edge or address");
        document.error(&format!("{path}/on"), says);
    }
    for (position, source) in mode.sources.iter().enumerate() {
        if !source.starts_with("https://") {
            let says = format!("\"{source}\" is no link: a source is an https address that a reader can open");
            document.error(&format!("{path}/sources/{position}"), says);
        }
    }
    for (missing, says) in [
        (mode.rules_out.is_empty(), "nobody can tell when it is not the answer: add \"rules_out\""),
        (mode.verify.is_empty(), "nobody can see whether its fix helped: add \"verify\""),
        (mode.undo.is_empty(), "nobody can take its fix back: add \"undo\", or say there why nothing needs to be"),
        (mode.sources.is_empty(), "it does not say where its claims come from: add a link under \"sources\""),
    ] {
        if missing {
            document.warning(&format!("{path}/id"), format!("{id}: {says}"));
        }
    }
}

/// Words to choose from, for a sentence: `a, b or c`.
pub(super) fn list<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    let words: Vec<S> = words.into_iter().collect();
    match words.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} or {}", most.join(", "), last.as_ref())
        }
    }
}
