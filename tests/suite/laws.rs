//! Laws of the diagnosis that hold for every case, whatever is wrong in it.

use std::fs;
use std::path::{Path, PathBuf};

use hopwise::case::Case;
use hopwise::diagnosis::{Diagnosis, Verdict};
use hopwise::engine::{Evidence, diagnose};
use hopwise::evidence::{Lines, Origin};
use hopwise::fact::{Attempt, Claim, Endpoint, Fact, Outcome, Stage};
use hopwise::read::{Block, Reading, read};
use hopwise::runbook::Shelf;
use hopwise::sketch::{Edge, Kind, Node, Sketch};

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

/// One request from one node to another as evidence.
fn request(from: &str, to: &str, outcome: Outcome) -> Evidence {
    let attempt = Attempt {
        from: Endpoint::named(from),
        to: Endpoint::named(to),
        path: Some("/".to_owned()),
        protocol: Some("http".to_owned()),
        ..Attempt::new(Stage::Exchange, outcome)
    };
    let lines = Lines::one(1);
    let fact = Fact { lines, at: None, numbers: Default::default(), claim: Claim::Attempt(attempt) };
    let block = Block {
        kind: "note".to_owned(),
        confidence: 1.0,
        lines,
        command: None,
        prompt_host: None,
        facts: vec![fact],
        unread: Vec::new(),
    };
    Evidence {
        origin: Origin { vantage: Some(from.to_owned()), ..Origin::default() },
        reading: Reading { blocks: vec![block] },
    }
}

fn edge(from: &str, to: &str) -> Edge {
    Edge { from: from.to_owned(), to: to.to_owned(), protocol: None, port: None, attrs: Default::default() }
}

/// A client, a balancer, and a tree of services in which each calls three others.
fn tree(services: usize) -> Sketch {
    let id = |number: usize| format!("s{number}");
    let mut nodes = vec![Node::new("client", Kind::Client), Node::new("lb", Kind::LoadBalancer)];
    let mut edges = vec![edge("client", "lb"), edge("lb", "s0")];
    for number in 0..services {
        nodes.push(Node::new(&id(number), Kind::Service));
        if number > 0 {
            edges.push(edge(&id((number - 1) / 3), &id(number)));
        }
    }
    Sketch::new(nodes, edges).unwrap()
}

#[test]
fn a_name_changes_nothing() {
    let shelf = shelf();
    let drawn = |ids: [&str; 4]| {
        let [client, lb, app, db] = ids;
        let nodes = vec![
            Node::new(client, Kind::Client),
            Node::new(lb, Kind::LoadBalancer),
            Node::new(app, Kind::Service),
            Node::new(db, Kind::Database),
        ];
        let sketch = Sketch::new(nodes, vec![edge(client, lb), edge(lb, app), edge(app, db)]).unwrap();
        let evidence = [request(client, lb, Outcome::Http502), request(lb, app, Outcome::Refused)];
        let diagnosis = diagnose(&sketch, &evidence, &shelf);
        let mut told: Vec<(usize, String)> = diagnosis
            .elements
            .iter()
            .map(|belief| {
                let position = ids.iter().position(|id| *id == belief.element).unwrap_or_else(|| {
                    4 + ids.iter().position(|id| belief.element.starts_with(&format!("{id}->"))).unwrap()
                });
                (position, format!("{:.9}", belief.probability))
            })
            .collect();
        told.sort();
        told
    };
    assert_eq!(drawn(["client", "lb", "app", "db"]), drawn(["zeta", "yak", "beta", "alpha"]));
}

#[test]
fn a_mode_of_a_kind_that_is_not_drawn_changes_nothing() {
    let more = r#"{"runbook": "more", "title": "t", "failure_modes": [{"id": "more", "on": ["node:storage"], "title": "t",
        "prior": "common", "breaks": {"http_500": "always", "refused": "always", "connect_timeout": "always"}, "fix": "f"}]}"#;
    let (shelf, mut wider) = (shelf(), shelf());
    wider.add(more).unwrap();
    for case in cases() {
        if case.sketch.nodes().iter().any(|node| node.kind.kind == Kind::Storage) {
            continue;
        }
        let before = beliefs(&diagnose(&case.sketch, &case.evidence, &shelf));
        assert_eq!(beliefs(&diagnose(&case.sketch, &case.evidence, &wider)), before, "{}", case.name);
    }
}

#[test]
fn a_success_raises_nothing_on_its_path() {
    let shelf = shelf();
    let odds = |diagnosis: &Diagnosis, id: &str| {
        let here = diagnosis.elements.iter().find(|belief| belief.element == id && belief.address.is_none()).unwrap();
        here.probability / diagnosis.nothing
    };
    for failure in [Outcome::Http502, Outcome::Http500, Outcome::ConnectTimeout, Outcome::Slow] {
        let sketch = tree(12);
        let mut evidence = vec![request("client", "lb", failure)];
        let before = diagnose(&sketch, &evidence, &shelf);
        evidence.push(request("client", "lb", Outcome::Ok));
        let after = diagnose(&sketch, &evidence, &shelf);
        for id in ["client->lb", "lb", "lb->s0", "s0", "s0->s1", "s1"] {
            assert!(odds(&after, id) <= odds(&before, id) * 1.000_001, "{failure:?} then ok raised {id}");
        }
    }
}

#[test]
fn one_502_in_a_large_drawing_makes_the_hops_it_passed_stand_out() {
    let shelf = shelf();
    let sketch = tree(1_000);
    let diagnosis = diagnose(&sketch, &[request("client", "lb", Outcome::Http502)], &shelf);
    let belief = |id: &str| {
        diagnosis.elements.iter().find(|belief| belief.element == id).map(|belief| belief.probability).unwrap()
    };
    for passed in ["lb", "lb->s0", "s0"] {
        let rank = diagnosis.elements.iter().position(|belief| belief.element == passed).unwrap();
        assert!(rank < 10 && belief(passed) > 100.0 * belief("s999"), "{passed}: {rank}, {}", belief(passed));
    }
    assert!(!matches!(diagnosis.verdict, Verdict::NothingWrong | Verdict::NoEvidence), "{:?}", diagnosis.verdict);
}
