//! The shipped runbooks: the linter has nothing against them, and their own tests pass.

use std::fs;
use std::path::Path;

use hopwise::lint::{Care, File, lint};
use hopwise::rehearsal::rehearse;
use hopwise::report::report;
use hopwise::runbook::{SHIPPED, Shelf};

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
fn the_linter_finds_nothing_to_mend_in_the_shipped_runbooks() {
    let files: Vec<File> = SHIPPED.iter().map(|(name, json)| File { name, json }).collect();
    let findings: Vec<String> = lint(&files, &Shelf::default(), Care::Whole).iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn every_failure_mode_comes_first_in_one_test_is_held_down_in_another_and_names_its_sources() {
    let (shelf, _) = Shelf::shipped();
    let tests = || shelf.runbooks().iter().flat_map(|runbook| &runbook.tests);
    let about = |who: &str, id: &str| who.split_once(" / ").is_some_and(|(_, mode)| mode == id);
    let mut missing = Vec::new();
    for mode in shelf.modes() {
        let first = |top: &Option<String>| top.as_deref().is_some_and(|top| about(top, &mode.id));
        if !tests().any(|test| first(&test.expect.top)) {
            missing.push(format!("{} comes first in no test", mode.id));
        }
        if !tests().any(|test| !first(&test.expect.top) && test.expect.at_most.keys().any(|who| about(who, &mode.id))) {
            missing.push(format!("{} is the tempting wrong answer in no test", mode.id));
        }
        if mode.sources.is_empty() || mode.sources.iter().any(|source| !source.starts_with("https://")) {
            missing.push(format!("{} names no source, or one that is no https link", mode.id));
        }
    }
    assert!(shelf.modes().count() > 100, "only {} modes are shipped", shelf.modes().count());
    assert!(missing.is_empty(), "{}", missing.join("\n"));
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
