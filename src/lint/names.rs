//! Names: a file is called like its runbook, and no id exists twice.

use std::collections::BTreeMap;

use super::document::Document;
use crate::runbook::{Runbook, Shelf};

/// Where an id was first given.
type Given = BTreeMap<(&'static str, String), String>;

pub(super) fn check(documents: &mut [Document], others: &Shelf) {
    let mut given = Given::new();
    let replaced = |runbook: &Runbook| documents.iter().any(|document| document.runbook.runbook == runbook.runbook);
    for runbook in others.runbooks().iter().filter(|runbook| !replaced(runbook)) {
        let place = format!("the runbook {}", runbook.runbook);
        for (_, what, id) in ids(runbook) {
            given.insert((what, id), place.clone());
        }
    }
    for document in documents {
        file_name(document);
        for (path, what, id) in ids(&document.runbook) {
            if !well_formed(&id) && what != "observable" {
                document.error(
                    &path,
                    format!("\"{id}\" is no id: write lower-case letters, digits and single \"-\", as in stale-record"),
                );
            }
            match given.get(&(what, id.clone())) {
                Some(place) => {
                    let says = format!("the {what} {id} exists already, in {place}: give this one another id");
                    document.error(&path, says);
                }
                None => {
                    let place = format!("{} line {}", document.name(), document.line(&path));
                    given.insert((what, id), place);
                }
            }
        }
    }
}

/// Every id a runbook gives, with its path and what it names.
fn ids(runbook: &Runbook) -> Vec<(String, &'static str, String)> {
    let of = |list: &str, what: &'static str, ids: Vec<&String>| {
        let named = ids.into_iter().enumerate();
        named.map(|(at, id)| (format!("/{list}/{at}/id"), what, id.clone())).collect::<Vec<_>>()
    };
    let mut all = vec![("/runbook".to_owned(), "runbook", runbook.runbook.clone())];
    all.extend(of("failure_modes", "failure mode", runbook.failure_modes.iter().map(|mode| &mode.id).collect()));
    all.extend(of("probes", "probe", runbook.probes.iter().map(|probe| &probe.id).collect()));
    all.extend(runbook.observables.keys().map(|name| (format!("/observables/{name}"), "observable", name.clone())));
    all
}

fn file_name(document: &mut Document) {
    let name = document.name().rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.strip_suffix(".json").unwrap_or(name).to_owned();
    let id = document.runbook.runbook.clone();
    // Standard input has no name.
    if stem != id && name != "-" {
        document.error("/runbook", format!("the runbook is called {id} and its file {name}: call the file {id}.json"));
    }
    if let [mode] = document.runbook.failure_modes.as_slice()
        && mode.id != id
    {
        let says = format!("a runbook with one failure mode bears its name: call both {id} or both {}", mode.id);
        document.error("/failure_modes/0/id", says);
    }
}

fn well_formed(id: &str) -> bool {
    id.split('-')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}
