//! Incidents told step by step: after each step the diagnosis must be as far as the story says, and no further.
//!
//! A story is a folder with `story.json` and the texts it names. `expected.txt` beside it is the report after the last step;
//! `BLESS=1 cargo test` writes it anew, and the diff is the review.

use std::path::{Path, PathBuf};
use std::{env, fs};

use hopwise::case::{Entry, Graph};
use hopwise::diagnosis::{Diagnosis, Verdict};
use hopwise::engine::{Evidence, diagnose};
use hopwise::expectation::unmet;
use hopwise::read::read;
use hopwise::report::report;
use hopwise::runbook::{Expectation, Shelf};
use hopwise::sketch::Sketch;
use serde::Deserialize;

/// With so much belief in the culprit somebody acts.
const FOUND: f64 = 0.85;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    title: String,
    #[serde(rename = "source")]
    _source: String,
    graph: Graph,
    /// So many commands after the first report the verdict stands, and no later one turns it.
    #[serde(default)]
    commands_to_verdict: Option<usize>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    name: String,
    evidence: Vec<Entry>,
    expect: Expectation,
    /// Words that the report must contain.
    #[serde(default)]
    tells: Vec<String>,
    /// Conclusions that would be wrong here.
    #[serde(default)]
    never_tells: Vec<String>,
}

#[test]
fn every_story_goes_as_told() {
    let (shelf, complaints) = Shelf::shipped();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let mut surprises = Vec::new();
    for folder in folders() {
        let json = fs::read_to_string(folder.join("story.json")).unwrap();
        let story: Story = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let sketch = Sketch::new(story.graph.nodes, story.graph.edges)
            .unwrap_or_else(|errors| panic!("{}: {errors}", story.title));
        let mut evidence = Vec::new();
        let mut told = String::new();
        for step in &story.steps {
            evidence.extend(step.evidence.iter().map(|entry| opened(&folder, entry)));
            let diagnosis = diagnose(&sketch, &evidence, &shelf);
            told = report(&diagnosis);
            for complaint in unmet(&step.expect, &diagnosis) {
                surprises.push(format!("{}, {}: {complaint}", folder.display(), step.name));
            }
            for words in step.tells.iter().filter(|words| !told.contains(words.as_str())) {
                surprises.push(format!("{}, {}: should tell \"{words}\"\n{told}", folder.display(), step.name));
            }
            for words in step.never_tells.iter().filter(|words| told.contains(words.as_str())) {
                surprises.push(format!("{}, {}: must not tell \"{words}\"", folder.display(), step.name));
            }
        }
        compare(&folder, &told, &mut surprises);
    }
    assert!(surprises.is_empty(), "\n{}", surprises.join("\n"));
}

/// The founding incidents, told with the commands that an engineer ran: after how many of them is it settled for good what is at fault?
#[test]
fn the_verdict_stands_after_few_commands() {
    let (shelf, _) = Shelf::shipped();
    let mut told = Vec::new();
    for folder in folders() {
        let story: Story = serde_json::from_str(&fs::read_to_string(folder.join("story.json")).unwrap()).unwrap();
        let Some(most) = story.commands_to_verdict else { continue };
        let sketch = Sketch::new(story.graph.nodes, story.graph.edges).unwrap();
        let mut evidence: Vec<Evidence> = Vec::new();
        let mut course = Vec::new();
        // What a step pastes was fetched with one look, as the two traces of 001.
        for (commands, step) in story.steps.iter().enumerate() {
            evidence.extend(step.evidence.iter().map(|entry| opened(&folder, entry)));
            course.push((commands, diagnose(&sketch, &evidence, &shelf)));
        }
        let culprit = |diagnosis: &Diagnosis| (diagnosis.suspects[0].element.clone(), diagnosis.suspects[0].address);
        let last = &course.last().unwrap().1;
        let stands = |diagnosis: &Diagnosis| {
            let found = diagnosis.elements[0].probability >= FOUND && diagnosis.verdict == last.verdict;
            // Where the numbers cannot tell, the verdict is to say which are missing.
            let asks = last.verdict == Verdict::Underdetermined && diagnosis.headline == last.headline;
            culprit(diagnosis) == culprit(last) && (found || asks)
        };
        let turned = course.iter().rposition(|(_, diagnosis)| !stands(diagnosis)).map_or(0, |at| at + 1);
        let took = course.get(turned).map_or(usize::MAX, |(commands, _)| *commands);
        told.push(format!("{}: {took} commands, at most {most}", folder.file_name().unwrap().display()));
        assert!(took <= most, "{}", told.join("\n"));
    }
    println!("{}", told.join("\n"));
    assert_eq!(told.len(), 5, "each of the founding incidents says how many commands its verdict takes");
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let mut folders: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn opened(folder: &Path, entry: &Entry) -> Evidence {
    let text = match (&entry.text, &entry.file) {
        (Some(text), _) => text.clone(),
        (None, Some(file)) => fs::read_to_string(folder.join(file)).unwrap(),
        (None, None) => panic!("{}: evidence without text or file", folder.display()),
    };
    Evidence { origin: entry.origin(), reading: read(&text, entry.command.as_deref(), None) }
}

fn compare(folder: &Path, told: &str, surprises: &mut Vec<String>) {
    let ending = folder.join("expected.txt");
    if env::var_os("BLESS").is_some() {
        fs::write(&ending, told).unwrap();
    }
    let expected = fs::read_to_string(&ending).unwrap_or_default();
    if told != expected {
        surprises.push(format!("{}\n-- expected\n{expected}-- told\n{told}", ending.display()));
    }
}
