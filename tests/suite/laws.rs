//! Laws of the diagnosis that hold for every case, whatever is wrong in it.

use std::fs;
use std::path::{Path, PathBuf};

use hopwise::case::Case;
use hopwise::diagnosis::{Diagnosis, Verdict};
use hopwise::engine::{Evidence, diagnose};
use hopwise::read::read;
use hopwise::runbook::Shelf;
use hopwise::sketch::{Kind, Node, Sketch};

struct Opened {
    name: String,
    sketch: Sketch,
    evidence: Vec<Evidence>,
}

fn cases() -> Vec<Opened> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/development");
    let mut folders: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.iter().map(|folder| open(folder)).collect()
}

fn open(folder: &Path) -> Opened {
    let case = Case::open(&fs::read_to_string(folder.join("case.json")).unwrap()).unwrap();
    let evidence = case.evidence.iter().map(|entry| {
        let text = fs::read_to_string(folder.join(entry.file.as_ref().unwrap())).unwrap();
        Evidence { origin: entry.origin(), reading: read(&text, entry.command.as_deref(), None) }
    });
    Opened { name: folder.display().to_string(), evidence: evidence.collect(), sketch: case.sketch().unwrap().unwrap() }
}

fn shelf() -> Shelf {
    Shelf::shipped().0
}

/// Beliefs as text, so that two diagnoses can be compared to the last digit that matters.
fn beliefs(diagnosis: &Diagnosis) -> Vec<(String, String)> {
    let named = |element: &str, address: Option<std::net::IpAddr>| format!("{element} {address:?}");
    let mut all: Vec<(String, String)> = diagnosis
        .elements
        .iter()
        .map(|belief| (named(&belief.element, belief.address), format!("{:.9}", belief.probability)))
        .collect();
    all.sort();
    all
}

#[test]
fn pasting_the_same_twice_changes_nothing() {
    let shelf = shelf();
    for case in cases() {
        let once = diagnose(&case.sketch, &case.evidence, &shelf);
        let twice: Vec<Evidence> = case.evidence.iter().chain(&case.evidence).cloned().collect();
        assert_eq!(beliefs(&diagnose(&case.sketch, &twice, &shelf)), beliefs(&once), "{}", case.name);
    }
}

#[test]
fn the_order_of_evidence_changes_nothing() {
    let shelf = shelf();
    for case in cases() {
        let forward = diagnose(&case.sketch, &case.evidence, &shelf);
        let backward: Vec<Evidence> = case.evidence.iter().rev().cloned().collect();
        assert_eq!(beliefs(&diagnose(&case.sketch, &backward, &shelf)), beliefs(&forward), "{}", case.name);
    }
}

#[test]
fn a_node_off_every_path_makes_no_other_the_culprit() {
    let shelf = shelf();
    for case in cases() {
        let before = diagnose(&case.sketch, &case.evidence, &shelf);
        let mut nodes = case.sketch.nodes().to_vec();
        nodes.push(Node::new("bystander", Kind::Storage));
        let wider = Sketch::new(nodes, case.sketch.edges().to_vec()).unwrap();
        let after = diagnose(&wider, &case.evidence, &shelf);
        let healthy = |diagnosis: &Diagnosis| diagnosis.verdict == Verdict::NothingWrong;
        assert_eq!(healthy(&after), healthy(&before), "{}", case.name);
        if !healthy(&before) {
            assert_eq!(
                after.suspects.first().map(|first| &first.title),
                before.suspects.first().map(|first| &first.title),
                "{}",
                case.name
            );
        }
    }
}

#[test]
fn without_a_drawing_one_is_drafted_and_nothing_panics() {
    let shelf = shelf();
    for case in cases() {
        let diagnosis = diagnose(&Sketch::default(), &case.evidence, &shelf);
        assert!(!diagnosis.elements.is_empty(), "{}: nothing was drafted", case.name);
    }
}
