//! Secrets of a paste reach none of the ways out: draft, file, link, report, note, chat message, team page, picture, program output.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use hopwise::case::{Case, Entry};
use hopwise::engine::{Evidence, diagnose};
use hopwise::handoff::{Handoff, Level, chat, note, svg, team_page, teams};
use hopwise::inquiry::{Answer, Desk, Form, Question};
use hopwise::link::{from_fragment, to_fragment};
use hopwise::redact::{MARK, Salt};
use hopwise::report::report;
use hopwise::runbook::Shelf;
use hopwise::session::{Luggage, Saved, Work};

const SALT: Salt = Salt(*b"sixteen bytes ok");

/// The longest part of a secret that may show: shorter ones are words of any text.
const SHOWN: usize = 7;

/// A text and what in it is secret, from the corpora of the redaction.
struct Plant {
    text: String,
    secrets: Vec<String>,
}

fn plants() -> Vec<Plant> {
    let corpora = ["planted.txt", "pasted.txt", "fourth.txt"].map(|name| {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/redaction").join(name)).unwrap()
    });
    let rows = corpora.iter().flat_map(|corpus| corpus.lines().filter(|row| !row.is_empty() && !row.starts_with('#')));
    rows.map(|row| {
        let marked = row.split_once(" | ").unwrap().1.replace('·', "").replace('⏎', "\n");
        let secrets = marked.split('«').skip(1).map(|part| part.split_once('»').unwrap().0.to_owned()).collect();
        Plant { text: marked.replace(['«', '»'], ""), secrets }
    })
    .collect()
}

/// The words of the shipped runbooks: a diagnosis may speak of "credentials" without having them.
static RUNBOOKS: LazyLock<String> = LazyLock::new(|| {
    let folders = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks")).unwrap();
    let folders = folders.map(|folder| folder.unwrap().path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap());
    files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect()
});

/// A part of a secret that a text shows, and neither the paste elsewhere nor a runbook.
fn leak(plant: &Plant, shown: &str) -> Option<String> {
    let mut elsewhere = plant.text.clone();
    for secret in &plant.secrets {
        elsewhere = elsewhere.replace(secret.as_str(), "\u{1}");
    }
    let shown: String = shown
        .split(MARK)
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once('>').map_or("", |(_, after)| after) })
        .collect();
    plant.secrets.iter().find_map(|secret| {
        let chars: Vec<char> = secret.chars().collect();
        let mut parts = chars.windows(SHOWN + 1).map(|part| part.iter().collect::<String>());
        parts.find(|part| {
            shown.contains(part.as_str()) && !elsewhere.contains(part.as_str()) && !RUNBOOKS.contains(part.as_str())
        })
    })
}

const GRAPH: &str = r#"{"nodes":[{"id":"laptop","kind":"client","team":"shop"},{"id":"api","kind":"service","team":"shop","hosts":["front.test"]},
    {"id":"db","kind":"database","team":"data","hosts":["store.test"]}],"edges":[{"from":"laptop","to":"api"},{"from":"api","to":"db"}]}"#;

/// Everything that leaves the page, or is kept by it, after this text was pasted, its first line also as a command line.
fn ways_out(text: &str, shelf: &Shelf) -> Vec<(&'static str, String)> {
    let command = text.lines().next().map(str::to_owned);
    let mut case = Case::open(&format!(r#"{{"hopwise":1,"title":"t","graph":{GRAPH},"evidence":[]}}"#)).unwrap();
    case.evidence =
        vec![Entry { text: Some(text.to_owned()), vantage: Some("laptop".to_owned()), command, ..Entry::default() }];
    let (mut desk, _) = Desk::open();
    let Answer::Opened(Ok(opened)) = desk.answer(Question::Take { salt: SALT, text: case.save() }) else {
        panic!("the case does not open")
    };
    let work = Work::of(opened).unwrap();
    let Answer::Note(file) = desk.answer(Question::File(work.kept())) else { panic!("no file") };
    let mut link = |luggage: Luggage| {
        let texts = (luggage == Luggage::Text).then_some(SALT);
        match desk.answer(Question::Link { case: work.case(luggage), texts }) {
            Answer::Link(Ok(link)) => from_fragment(&link).unwrap(),
            other => panic!("{other:?}"),
        }
    };
    let (facts, texts) = (link(Luggage::Facts), link(Luggage::Text));
    let mut ways = vec![
        ("draft", Saved::from(&work).to_json()),
        ("case file", file),
        ("link", facts.save()),
        ("link", texts.save()),
        ("link", from_fragment(&to_fragment(&texts).unwrap()).unwrap().save()),
    ];
    let sketch = facts.sketch().unwrap().unwrap();
    let evidence: Vec<Evidence> = facts
        .evidence
        .iter()
        .map(|entry| Evidence { origin: entry.origin(), reading: entry.facts.clone().unwrap() })
        .collect();
    let diagnosis = diagnose(&sketch, &evidence, shelf);
    let handoff = Handoff {
        title: &work.title,
        sketch: &sketch,
        evidence: &evidence,
        diagnosis: &diagnosis,
        level: Level::Facts,
    };
    assert_eq!(teams(&handoff).len(), 2);
    ways.extend([
        ("report", report(&diagnosis)),
        ("diagnosis", serde_json::to_string(&diagnosis).unwrap()),
        ("note", note(&handoff)),
        ("chat message", chat(&handoff, None)),
        ("picture", svg(&handoff)),
        ("team page", team_page(&handoff, "data")),
    ]);
    ways
}

#[test]
fn no_planted_secret_leaves_by_any_way() {
    let (shelf, _) = Shelf::shipped();
    let plants = plants();
    let mut leaks = Vec::new();
    let mut looked_at = 0;
    for plant in &plants {
        for (way, shown) in ways_out(&plant.text, &shelf) {
            looked_at += 1;
            if let Some(part) = leak(plant, &shown) {
                leaks.push(format!("{way}: {part:?} of\n{}\n", plant.text));
            }
        }
    }
    assert!(leaks.is_empty(), "{} of {looked_at}\n{}", leaks.len(), leaks.join("\n"));
    assert!(plants.len() >= 400, "{} pastes", plants.len());
}

fn hopwise(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hopwise")).args(arguments).output().unwrap()
}

#[test]
fn the_terminal_tells_no_secret_either() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("channels");
    fs::create_dir_all(&folder).unwrap();
    let text = "*   Trying 10.0.0.7:443...\n* Connected to a.example (10.0.0.7) port 443\n> GET /v1/orders?token=Kd83hDkslKJH3xyz HTTP/1.1\n> Host: a.example\n> Authorization: Bearer Kd83hDkslKJH3xyz\n>\n< HTTP/1.1 302 Found\n< Location: https://a.example/login?ticket=Kd83hDkslKJH3xyz\n<\n";
    let entry = serde_json::json!({ "text": text, "command": "curl -v -u ana:Kd83hDkslKJH3xyz https://a.example/", "vantage": "laptop" });
    let file = folder.join("case.json");
    fs::write(&file, format!(r#"{{"hopwise":1,"title":"t","graph":{GRAPH},"evidence":[{entry}]}}"#)).unwrap();
    let file = file.to_str().unwrap();
    for arguments in [
        &["diagnose", file][..],
        &["diagnose", "--json", file],
        &["note", file],
        &["note", "--as", "chat", file],
        &["note", "--as", "svg", file],
        &["note", "--team", "shop", file],
    ] {
        let output = hopwise(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!String::from_utf8_lossy(&output.stdout).contains("Kd83"), "{arguments:?}");
    }
    let link = String::from_utf8(hopwise(&["link", file]).stdout).unwrap();
    let opened = hopwise(&["open", link.trim()]);
    assert!(opened.status.success() && !String::from_utf8_lossy(&opened.stdout).contains("Kd83"));
}

#[test]
fn a_secret_typed_into_a_name_is_told_to_nobody() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("channels");
    fs::create_dir_all(&folder).unwrap();
    let typed = "api password=Kd83hDkslKJH3xyz";
    let case = serde_json::json!({
        "hopwise": 1,
        "title": typed,
        "graph": {
            "nodes": [
                { "id": "laptop", "kind": "client", "label": typed, "team": typed },
                { "id": typed, "kind": "service", "hosts": ["a.example", "ana:Kd83hDkslKJH3xyz@a.example"], "attrs": { "password": "Kd83hDkslKJH3xyz" } },
            ],
            "edges": [{ "from": "laptop", "to": typed, "protocol": typed, "attrs": { "note": typed } }],
        },
        "evidence": [{ "text": "curl: (7) Failed to connect to a.example port 443: Connection refused\n", "about": typed, "vantage": typed }],
    });
    let file = folder.join("typed.json");
    fs::write(&file, case.to_string()).unwrap();
    let file = file.to_str().unwrap();
    for arguments in [
        &["diagnose", file][..],
        &["diagnose", "--json", file],
        &["note", file],
        &["note", "--as", "chat", file],
        &["note", "--as", "svg", file],
    ] {
        let output = hopwise(arguments);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!said.contains("Kd83") && !said.is_empty(), "{arguments:?}: {said}");
    }
    let case = Case::open(&case.to_string()).unwrap();
    let entry = Entry { text: None, facts: None, ..case.evidence[0].clone() };
    let (mut desk, _) = Desk::open();
    let Answer::Opened(Ok(opened)) =
        desk.answer(Question::Take { salt: SALT, text: Case { evidence: vec![entry], ..case }.save() })
    else {
        panic!("the case does not open")
    };
    let work = Work::of(opened).unwrap();
    for form in [Form::Note, Form::Chat, Form::Picture, Form::Team("shop".to_owned())] {
        let asked = format!("{form:?}");
        let Answer::Note(told) = desk.answer(Question::Note { case: work.case(Luggage::Facts), form, link: None })
        else {
            panic!("no {asked}")
        };
        assert!(!told.contains("Kd83"), "{asked}: {told}");
    }
    let Answer::Link(Ok(link)) = desk.answer(Question::Link { case: work.case(Luggage::Facts), texts: None }) else {
        panic!("no link")
    };
    assert!(!from_fragment(&link).unwrap().save().contains("Kd83"));
    let Answer::Note(file) = desk.answer(Question::File(work.kept())) else { panic!("no file") };
    assert!(!file.contains("Kd83") && file.contains("api password"), "{file}");
}

#[test]
fn a_hostile_link_ends_the_terminal_with_a_sentence() {
    let sound = "1.8.00000000.AAAAAAAA";
    let long = format!("1.{}.00000000.{}", 100_000, "A".repeat(100_000));
    for link in [
        "",
        "#",
        "hello",
        "https://a.example/#section",
        "1.2.3.4",
        sound,
        "9.8.00000000.AAAAAAAA",
        "1.99999999.00000000.A",
        "1.5.zzzzzzzz.abcde",
        "https://a.example/?url=%25%25%25%25%2525",
        "%00%ff%fe",
        "1.0.00000000.",
        "2.4.00000000.AAAA",
        long.as_str(),
    ] {
        let output = hopwise(&["open", link]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{link}: {said}");
        assert!(said.lines().count() == 1 && !said.contains("panicked"), "{link}: {said}");
    }
}
