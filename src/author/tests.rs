//! Every example as an incident that somebody understood: what is written from it opens, has no error, and passes its own test.

use super::*;
use crate::lint::Severity;

/// The story's case as the page holds it: texts, and what was read from them.
fn case(example: &str) -> Case {
    let path = format!("{}/public/examples/{example}.json", env!("CARGO_MANIFEST_DIR"));
    let mut case = Case::open(&std::fs::read_to_string(path).unwrap()).unwrap();
    for entry in &mut case.evidence {
        entry.facts = Some(read(entry.text.as_deref().unwrap_or_default(), entry.command.as_deref(), None));
    }
    case
}

fn shipped() -> Shelf {
    Shelf::shipped().0
}

fn first_suspect(case: &Case, shelf: &Shelf) -> Solved {
    let incident = Incident::of(case, shelf).unwrap();
    let diagnosis = diagnose(&incident.sketch, &incident.evidence, shelf);
    let first = diagnosis.suspects.first().unwrap();
    Solved {
        element: first.element.clone(),
        address: first.address,
        mode: first.failure_mode.clone(),
        ..Solved::default()
    }
}

const EXAMPLES: [&str; 8] = [
    "one-of-three-addresses",
    "firewall-between-namespaces",
    "client-that-races-addresses",
    "expired-certificate",
    "name-does-not-exist",
    "no-healthy-backend",
    "connection-pool-exhausted",
    "slow-name-server",
];

/// It opens, the linter has no error, and its test passes.
fn assert_ready(written: &Written, about: &str) {
    let errors: Vec<String> = written
        .examined
        .findings
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .map(ToString::to_string)
        .collect();
    assert_eq!(errors, Vec::<String>::new(), "{about}\n{}", written.text);
    assert_eq!((written.examined.passed, written.examined.failed.as_slice()), (1, [].as_slice()), "{about}");
}

#[test]
fn every_example_makes_a_test_for_the_mode_that_comes_first() {
    let shelf = shipped();
    for example in EXAMPLES {
        let case = case(example);
        let solved = first_suspect(&case, &shelf);
        let written = write(&case, &solved, &shelf).unwrap_or_else(|sentence| panic!("{example}: {sentence}"));
        assert_ready(&written, example);
        assert_eq!(written.examined.modes, 0);
    }
}

#[test]
fn every_example_makes_a_new_mode_where_no_runbook_would_describe_it() {
    for example in EXAMPLES {
        let case = case(example);
        let solved = first_suspect(&case, &shipped());
        // Without the runbook that describes it, the same incident is one nobody has described yet.
        let off = format!("{{\"overrides\": {{\"{}\": \"disabled\"}}}}", solved.mode);
        let (shelf, _) = shipped().with(&[("off.json", &off)]);
        let solved = Solved {
            mode: NOT_DESCRIBED.to_owned(),
            title: "The standby took the address and kept it.".to_owned(),
            fix: "Give it back".to_owned(),
            ..solved
        };
        let written = write(&case, &solved, &shelf).unwrap_or_else(|sentence| panic!("{example}: {sentence}"));
        assert_ready(&written, example);
        assert_eq!(
            (written.file.as_str(), written.examined.modes),
            ("the-standby-took-the-address-and-kept-it.json", 1)
        );
    }
}

#[test]
fn a_case_whose_evidence_accuses_somebody_else_makes_no_test() {
    let shelf = shipped();
    let case = case("one-of-three-addresses");
    let solved = Solved { element: "orders-db".to_owned(), mode: "database-slow".to_owned(), ..Solved::default() };
    let incident = Incident::of(&case, &shelf).unwrap();
    let named = incident.sketch.nodes().iter().find(|node| node.name().contains("db")).unwrap().id.clone();
    let sentence = write(&case, &Solved { element: named, ..solved }, &shelf).unwrap_err();
    assert!(sentence.contains("would fail"), "{sentence}");
}

#[test]
fn texts_stand_in_the_file_line_by_line() {
    let shelf = shipped();
    let case = case("expired-certificate");
    let written = write(&case, &first_suspect(&case, &shelf), &shelf).unwrap();
    assert!(written.text.contains("\"text\": [\n"), "{}", written.text);
    assert!(written.text.lines().all(|line| line.len() < 1_000));
}
