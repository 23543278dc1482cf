//! The shipped runbooks: the linter has nothing against them, and their own tests pass.

use std::fs;
use std::path::Path;

use hopwise::lint::{File, Severity, lint};
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
fn the_linter_finds_no_error_in_the_shipped_runbooks() {
    let files: Vec<File> = SHIPPED.iter().map(|(name, json)| File { name, json }).collect();
    let findings = lint(&files, &Shelf::default());
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<String> = errors.map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
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
