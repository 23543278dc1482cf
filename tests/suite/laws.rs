//! Laws of the diagnosis that hold for every case, whatever is wrong in it.

use std::fs;
use std::path::{Path, PathBuf};

use hopwise::case::Case;
use hopwise::diagnosis::{Diagnosis, Verdict};
use hopwise::engine::{Evidence, Ground, diagnose};
use hopwise::evidence::{Lines, Origin};
use hopwise::fact::{Attempt, Claim, Endpoint, Fact, Outcome, Stage};
use hopwise::read::{Block, Reading, read};
use hopwise::runbook::Shelf;
use hopwise::sketch::{Edge, Kind, Node, Sketch, from_arrows};

struct Opened {
    name: String,
    sketch: Sketch,
    evidence: Vec<Evidence>,
}

/// Every recorded case that may be looked at.
fn cases() -> Vec<Opened> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let sets = ["development", "blind", "fresh", "later", "exam"].map(|set| root.join(set));
    let folders = sets.iter().flat_map(|set| fs::read_dir(set).unwrap().map(|entry| entry.unwrap().path()));
    let mut folders: Vec<PathBuf> = folders.filter(|folder| folder.is_dir()).collect();
    folders.sort();
    folders.iter().map(|folder| open(folder)).collect()
}

fn open(folder: &Path) -> Opened {
    let case = Case::open(&fs::read_to_string(folder.join("case.json")).unwrap()).unwrap();
    let evidence = case.evidence.iter().map(|entry| {
        let text = match (&entry.text, &entry.file) {
            (Some(text), _) => text.clone(),
            (None, file) => fs::read_to_string(folder.join(file.as_ref().unwrap())).unwrap(),
        };
        Evidence { origin: entry.origin(), reading: read(&text, entry.command.as_deref(), None) }
    });
    let sketch = case.sketch().unwrap().unwrap_or_default();
    Opened { name: folder.display().to_string(), evidence: evidence.collect(), sketch }
}

fn shelf() -> Shelf {
    Shelf::shipped().0
}

/// Beliefs as text, to the last digit.
fn beliefs(diagnosis: &Diagnosis) -> Vec<(String, String)> {
    let named = |element: &str, address: Option<std::net::IpAddr>| format!("{element} {address:?}");
    let mut all: Vec<(String, String)> = diagnosis
        .elements
        .iter()
        .map(|belief| (named(&belief.element, belief.address), format!("{:?}", belief.probability)))
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

/// After half of the evidence and in another order, whoever keeps what it knows of a drawing says what one says who sees all at once.
#[test]
fn what_is_remembered_between_questions_changes_no_digit() {
    let shelf = shelf();
    let drawn = cases().into_iter().filter(|case| !case.sketch.is_empty());
    for case in drawn.chain((0..40).map(at_random)) {
        let ground = Ground::new(&case.sketch, &shelf);
        let mut evidence = case.evidence.clone();
        for _ in 0..2 {
            ground.diagnose(&evidence[..evidence.len() / 2]);
            assert_eq!(ground.diagnose(&evidence), diagnose(&case.sketch, &evidence, &shelf), "{}", case.name);
            evidence.reverse();
        }
    }
}

/// A drawing in which anybody may call anybody, and what some of them saw.
fn at_random(seed: u64) -> Opened {
    let mut chance = seed * 2_654_435_761 + 1;
    let mut below = |count: usize| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) as usize % count
    };
    let kinds = [Kind::Service, Kind::Database, Kind::LoadBalancer, Kind::Proxy, Kind::Dns, Kind::Job, Kind::Client];
    let count = 2 + below(12);
    let id = |number: usize| format!("n{number}");
    let mut nodes: Vec<Node> = (0..count).map(|number| Node::new(&id(number), kinds[below(kinds.len())])).collect();
    for (number, node) in nodes.iter_mut().enumerate() {
        node.ips = (0..below(4)).map(|ip| std::net::Ipv4Addr::new(10, 0, number as u8, ip as u8).into()).collect();
    }
    let edge = |from: usize, to: usize| Edge {
        from: id(from),
        to: id(to),
        protocol: Some("http".to_owned()),
        port: None,
        attrs: Default::default(),
    };
    let edges: Vec<Edge> = (0..below(3 * count)).map(|_| edge(below(count), below(count))).collect();
    let outcomes =
        [Outcome::Ok, Outcome::Ok, Outcome::Http502, Outcome::Refused, Outcome::ConnectTimeout, Outcome::Slow];
    let seen =
        (0..1 + below(6)).map(|_| request(&id(below(count)), &id(below(count)), outcomes[below(outcomes.len())]));
    let evidence = seen.collect();
    Opened { name: format!("drawing {seed}"), sketch: Sketch::new(nodes, edges).unwrap(), evidence }
}

#[test]
fn a_node_off_every_path_makes_no_other_the_culprit() {
    let shelf = shelf();
    for case in cases().into_iter().filter(|case| !case.sketch.is_empty()) {
        let before = diagnose(&case.sketch, &case.evidence, &shelf);
        let mut nodes = case.sketch.nodes().to_vec();
        nodes.push(Node::new("bystander", Kind::Storage));
        let wider = Sketch::new(nodes, case.sketch.edges().to_vec()).unwrap();
        let after = diagnose(&wider, &case.evidence, &shelf);
        let healthy = |diagnosis: &Diagnosis| diagnosis.verdict == Verdict::NothingWrong;
        assert_eq!(healthy(&after), healthy(&before), "{}", case.name);
        // Where nobody stands out, the order of a dozen equals says nothing; but the bystander must not be the one who does.
        let first = |diagnosis: &Diagnosis| diagnosis.suspects.first().map(|first| first.title.clone());
        let stands_out = |diagnosis: &Diagnosis| matches!(diagnosis.verdict, Verdict::Leading | Verdict::Isolated);
        if stands_out(&before) || stands_out(&after) {
            assert_eq!(first(&after), first(&before), "{}", case.name);
        }
    }
}

#[test]
fn without_a_drawing_one_is_drafted_and_nothing_panics() {
    let shelf = shelf();
    for case in cases() {
        let diagnosis = diagnose(&Sketch::default(), &case.evidence, &shelf);
        // Where no output names a host, there is nothing to draw.
        let names_hosts = case.name.contains("development");
        assert!(!names_hosts || !diagnosis.elements.is_empty(), "{}: nothing was drafted", case.name);
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

/// curl 8.23 races addresses; the one that connects first leaves the others overtaken.
#[test]
fn addresses_that_were_overtaken_leave_every_belief_a_number() {
    let text = "* Host api.example.com:80 was resolved.\n* IPv6: (none)\n* IPv4: 192.0.2.10, 192.0.2.11, 192.0.2.12\n\
        *   Trying 192.0.2.10:80...\n*   Trying 192.0.2.11:80...\n*   Trying 192.0.2.12:80...\n\
        * Established connection to api.example.com (192.0.2.12 port 80) from 198.51.100.23 port 56520 \n\
        * using HTTP/1.x\n> GET / HTTP/1.1\n> Host: api.example.com\n> User-Agent: curl/8.23.0\n> \n< HTTP/1.1 200 OK\n< \n";
    let arrows = "laptop(client) -> lb(load_balancer)[192.0.2.10, 192.0.2.11, 192.0.2.12] -> api(service)";
    let sketch = from_arrows(arrows, &Sketch::default()).unwrap();
    let origin = Origin { vantage: Some("laptop".to_owned()), ..Origin::default() };
    let evidence = [Evidence { origin, reading: read(text, Some("curl -v http://api.example.com/"), None) }];
    let diagnosis = diagnose(&sketch, &evidence, &shelf());
    assert!(diagnosis.elements.iter().all(|one| one.probability.is_finite()), "{:?}", diagnosis.elements);
    assert!(diagnosis.nothing.is_finite() && diagnosis.outside.is_finite());
}

fn edge(from: &str, to: &str) -> Edge {
    Edge { from: from.to_owned(), to: to.to_owned(), protocol: None, port: None, attrs: Default::default() }
}

/// Elements that hold a quarter of the belief or more, the likeliest first; `known` says which count. Among fainter suspicions two
/// faults at once weigh a little less the more is drawn.
fn ranking(diagnosis: &Diagnosis, known: impl Fn(&str) -> bool) -> Vec<(String, f64)> {
    let all = diagnosis.elements.iter().filter(|belief| known(&belief.element));
    all.map(|belief| (format!("{} {:?}", belief.element, belief.address), belief.probability)).collect()
}

/// Pairs of elements that change places although one had clearly more belief.
fn turned(before: &[(String, f64)], after: &[(String, f64)]) -> Vec<String> {
    let now = |name: &str| after.iter().find(|(other, _)| other == name).map_or(0.0, |(_, p)| *p);
    let mut turned = Vec::new();
    for (at, (one, p)) in before.iter().enumerate().filter(|(_, (_, p))| *p >= 0.25) {
        for (other, q) in before.iter().skip(at + 1).filter(|(_, q)| *q < 0.98 * p) {
            if now(one) < now(other) {
                turned.push(format!("{one} {p:.3} and {other} {q:.3} became {:.3} and {:.3}", now(one), now(other)));
            }
        }
    }
    turned
}

#[test]
fn a_hop_that_no_request_passes_turns_no_ranking() {
    let shelf = shelf();
    let mut broken = Vec::new();
    for case in cases().into_iter().filter(|case| !case.sketch.is_empty()) {
        let (mut nodes, mut edges) = (case.sketch.nodes().to_vec(), case.sketch.edges().to_vec());
        nodes.extend([Node::new("spare-caller", Kind::Proxy), Node::new("spare", Kind::Storage)]);
        edges.push(edge("spare-caller", "spare"));
        let wider = Sketch::new(nodes, edges).unwrap();
        let known = |id: &str| !id.starts_with("spare");
        let before = ranking(&diagnose(&case.sketch, &case.evidence, &shelf), known);
        let after = ranking(&diagnose(&wider, &case.evidence, &shelf), known);
        broken.extend(turned(&before, &after).into_iter().map(|one| format!("{}: {one}", case.name)));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn names_that_the_evidence_does_not_use_change_nothing() {
    let shelf = shelf();
    let mut broken = Vec::new();
    for case in cases().into_iter().filter(|case| !case.sketch.is_empty()) {
        let told = format!("{:?}", case.evidence.iter().map(|one| &one.reading).collect::<Vec<_>>());
        // Another name sorts elsewhere; what people call the hop stays.
        let new = |id: &str| {
            if told.contains(id) {
                id.to_owned()
            } else {
                format!("{}{id}", if id.len().is_multiple_of(2) { "zz" } else { "aa" })
            }
        };
        let mut nodes = case.sketch.nodes().to_vec();
        for node in &mut nodes {
            if node.label.is_empty() && new(&node.id) != node.id {
                node.label = node.id.clone();
            }
            node.id = new(&node.id);
        }
        let mut edges = case.sketch.edges().to_vec();
        edges.iter_mut().for_each(|edge| (edge.from, edge.to) = (new(&edge.from), new(&edge.to)));
        let renamed = Sketch::new(nodes, edges).unwrap();
        let evidence: Vec<Evidence> = case
            .evidence
            .iter()
            .cloned()
            .map(|mut one| {
                one.origin.vantage = one.origin.vantage.map(|id| new(&id));
                let about = one.origin.about.map(|about| match about.split_once("->") {
                    Some((from, to)) => format!("{}->{}", new(from), new(to)),
                    None => match about.split_once('#') {
                        Some((node, address)) => format!("{}#{address}", new(node)),
                        None => new(&about),
                    },
                });
                one.origin.about = about;
                one
            })
            .collect();
        let values = |diagnosis: &Diagnosis| -> Vec<String> {
            diagnosis.elements.iter().map(|belief| format!("{:?}", belief.probability)).collect()
        };
        let (before, after) = (diagnose(&case.sketch, &case.evidence, &shelf), diagnose(&renamed, &evidence, &shelf));
        let back: Vec<String> = after.elements.iter().map(|belief| belief.element.clone()).collect();
        let there: Vec<String> = before
            .elements
            .iter()
            .map(|belief| match belief.element.split_once("->") {
                Some((from, to)) => format!("{}->{}", new(from), new(to)),
                None => new(&belief.element),
            })
            .collect();
        if values(&before) != values(&after) || back != there {
            broken.push(case.name);
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
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
fn how_a_fault_fails_is_less_news_from_each_further_sender() {
    let shelf = shelf();
    let clients: Vec<String> = (0..6).map(|number| format!("c{number}")).collect();
    let mut nodes: Vec<Node> = clients.iter().map(|id| Node::new(id, Kind::Client)).collect();
    nodes.extend([Node::new("lb", Kind::LoadBalancer), Node::new("web", Kind::Service)]);
    let mut edges: Vec<Edge> = clients.iter().map(|id| edge(id, "lb")).collect();
    edges.push(edge("lb", "web"));
    let sketch = Sketch::new(nodes, edges).unwrap();
    // How much likelier the path is to fail like this than the service behind it.
    let odds = |senders: usize| {
        let evidence: Vec<Evidence> = clients[..senders].iter().map(|id| request(id, "lb", Outcome::Http504)).collect();
        let diagnosis = diagnose(&sketch, &evidence, &shelf);
        let at = |id: &str| diagnosis.elements.iter().find(|belief| belief.element == id).unwrap().probability;
        at("lb->web") / at("web")
    };
    let (one, two, six) = (odds(1), odds(2), odds(6));
    assert!(two > one, "it is news: {one} {two}");
    assert!(six / two < (two / one).powi(4), "each of four more says as much as the second: {one} {two} {six}");
}

#[test]
fn one_502_in_a_large_drawing_makes_the_hops_it_passed_stand_out() {
    let shelf = shelf();
    let sketch = tree(1_000);
    let diagnosis = diagnose(&sketch, &[request("client", "lb", Outcome::Http502)], &shelf);
    let belief = |id: &str| {
        diagnosis.elements.iter().find(|belief| belief.element == id).map(|belief| belief.probability).unwrap()
    };
    // Whoever is not listed holds no more than the last who is.
    let last = diagnosis.elements.last().unwrap().probability;
    for passed in ["lb", "lb->s0", "s0"] {
        let rank = diagnosis.elements.iter().position(|belief| belief.element == passed).unwrap();
        assert!(rank < 10 && belief(passed) > 100.0 * last, "{passed}: {rank}, {}", belief(passed));
    }
    assert!(!matches!(diagnosis.verdict, Verdict::NothingWrong | Verdict::NoEvidence), "{:?}", diagnosis.verdict);
}

/// A paste of a program nobody knows, as somebody saw it at a place.
fn unheard(from: &str) -> Evidence {
    let lines = Lines::one(1);
    let block = Block {
        kind: "unknown".to_owned(),
        confidence: 0.0,
        lines,
        command: None,
        prompt_host: None,
        facts: Vec::new(),
        unread: vec![lines],
    };
    Evidence {
        origin: Origin { vantage: Some(from.to_owned()), ..Origin::default() },
        reading: Reading { blocks: vec![block] },
    }
}

#[test]
fn nothing_is_called_well_while_the_one_who_saw_something_unknown_was_not_seen_to_succeed() {
    let shelf = shelf();
    let nodes =
        vec![Node::new("here", Kind::Client), Node::new("there", Kind::Client), Node::new("web", Kind::Service)];
    let sketch = Sketch::new(nodes, vec![edge("here", "web"), edge("there", "web")]).unwrap();
    let verdict = |evidence: &[Evidence]| diagnose(&sketch, evidence, &shelf).verdict;
    let elsewhere = request("there", "web", Outcome::Ok);
    assert_eq!(verdict(std::slice::from_ref(&elsewhere)), Verdict::NothingWrong);
    assert_eq!(verdict(&[unheard("here"), elsewhere.clone()]), Verdict::Underdetermined);
    assert_eq!(verdict(&[unheard("here"), elsewhere, request("here", "web", Outcome::Ok)]), Verdict::NothingWrong);
}

#[test]
fn no_command_asks_what_its_sender_was_told_already() {
    let shelf = shelf();
    let evidence = [request("client", "lb", Outcome::ConnectTimeout), request("lb", "s0", Outcome::Ok)];
    let next = diagnose(&tree(3), &evidence, &shelf).next;
    let implied = |one: &&hopwise::diagnosis::Suggestion| {
        let asked = one.from == "client" && ["lb", "client->lb"].contains(&one.about.as_str());
        asked && one.outcomes.first().is_some_and(|likeliest| likeliest.probability >= 0.8)
    };
    assert_eq!(next.iter().filter(implied).map(|one| &one.command).collect::<Vec<_>>(), Vec::<&String>::new());
}
