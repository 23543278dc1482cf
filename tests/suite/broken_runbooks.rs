//! Runbooks that are broken on purpose: each is refused with exactly the sentence that stands beside it.
//!
//! ```text
//! tests/broken-runbooks/mode-prior-misspelled.json   the runbook
//! tests/broken-runbooks/mode-prior-misspelled.txt    mode-prior-misspelled.json:9:24: error: "ocasional" is not one of the words …
//! ```

use std::fs;
use std::path::Path;

use hopwise::lint::{Care, File, Severity, lint};
use hopwise::runbook::Shelf;

#[test]
fn every_broken_runbook_is_refused_with_the_sentence_that_helps() {
    let (shelf, _) = Shelf::shipped();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken-runbooks");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.sort_unstable();
    assert!(names.len() >= 40, "{} broken runbooks", names.len());
    let mut surprises = String::new();
    for name in names {
        let json = fs::read_to_string(folder.join(&name)).unwrap();
        let expected = fs::read_to_string(folder.join(name.replace(".json", ".txt"))).unwrap_or_default();
        let findings = lint(&[File { name: &name, json: &json }], &shelf, Care::Words);
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let told: String = errors.map(|finding| format!("{finding}\n")).collect();
        if told != expected || told.lines().count() != 1 {
            surprises.push_str(&format!("expected {expected}     got {told}"));
        }
    }
    assert!(surprises.is_empty(), "\n{surprises}");
}
