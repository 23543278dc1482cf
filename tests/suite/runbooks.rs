//! The shipped runbooks: each file is what its name says, and its own tests pass.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hopwise::rehearsal::rehearse;
use hopwise::report::report;
use hopwise::runbook::{Runbook, Shelf};

fn files() -> Vec<PathBuf> {
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks"), &mut files);
    files.sort();
    files
}

#[test]
fn every_runbook_opens_and_is_named_after_its_file() {
    let mut modes = BTreeSet::new();
    for file in files() {
        let runbook = Runbook::open(&fs::read_to_string(&file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(file.file_stem().unwrap().to_str(), Some(runbook.runbook.as_str()), "{}", file.display());
        for mode in &runbook.failure_modes {
            assert!(modes.insert(mode.id.clone()), "{}: the mode {} exists twice", file.display(), mode.id);
        }
        if let [mode] = runbook.failure_modes.as_slice() {
            assert_eq!(mode.id, runbook.runbook, "{}: a file with one mode bears its name", file.display());
        }
    }
}

#[test]
fn every_test_inside_a_runbook_passes() {
    let (shelf, complaints) = Shelf::shipped();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let mut surprises = String::new();
    for rehearsal in shelf.runbooks().iter().flat_map(|runbook| rehearse(runbook, &shelf)) {
        if !rehearsal.unmet.is_empty() {
            let told = rehearsal.diagnosis.as_ref().map(report).unwrap_or_default();
            surprises.push_str(&format!(
                "{}, {}:\n  {}\n{told}\n",
                rehearsal.runbook,
                rehearsal.test,
                rehearsal.unmet.join("\n  ")
            ));
        }
    }
    assert!(surprises.is_empty(), "\n{surprises}");
}

#[test]
fn every_observable_that_a_mode_or_a_probe_names_is_described() {
    let (shelf, _) = Shelf::shipped();
    for mode in shelf.modes() {
        for (observable, values) in &mode.shows {
            let known =
                shelf.observable(observable).unwrap_or_else(|| panic!("{}: nothing describes {observable}", mode.id));
            for value in values.keys() {
                assert!(known.normally.contains_key(value), "{}: {observable} never is {value}", mode.id);
            }
        }
    }
}

#[test]
fn the_schema_for_editors_knows_every_outcome_and_kind() {
    let schema = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("public/runbook.schema.json")).unwrap();
    for outcome in hopwise::fact::Outcome::ALL {
        assert!(schema.contains(&format!("\"{}\"", outcome.word())), "the schema lacks {}", outcome.word());
    }
    for kind in hopwise::sketch::Kind::ALL {
        assert!(schema.contains(&format!("\"node:{}\"", kind.word())), "the schema lacks {}", kind.word());
    }
}
