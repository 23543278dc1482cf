//! Incidents told step by step: after each step the diagnosis must be as far as the story says, and no further.
//!
//! A story is a folder with `story.json` and the texts it names. `expected.txt` beside it is the report after the last step;
//! `BLESS=1 cargo test` writes it anew, and the diff is the review.

use std::path::{Path, PathBuf};
use std::{env, fs};

use hopwise::case::{Entry, Graph};
use hopwise::engine::{Evidence, diagnose};
use hopwise::expectation::unmet;
use hopwise::read::read;
use hopwise::report::report;
use hopwise::runbook::{Expectation, Shelf};
use hopwise::sketch::Sketch;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    title: String,
    #[serde(rename = "source")]
    _source: String,
    graph: Graph,
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
