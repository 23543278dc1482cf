//! Links of whole incidents: short enough for a chat, and the same diagnosis at the other end.

use std::path::Path;
use std::{fs, io};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hopwise::case::{Case, Entry, Graph};
use hopwise::engine::{Evidence, diagnose};
use hopwise::link::{from_fragment, to_fragment};
use hopwise::read::read;
use hopwise::runbook::Shelf;
use serde::Deserialize;

/// What of a story is a case.
#[derive(Deserialize)]
struct Story {
    title: String,
    graph: Graph,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    evidence: Vec<Entry>,
}

/// Every story as it stands after its last step, its texts read.
fn incidents() -> io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for folder in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories"))? {
        let folder = folder?.path();
        let story: Story = serde_json::from_str(&fs::read_to_string(folder.join("story.json"))?)?;
        let mut evidence: Vec<Entry> = story.steps.into_iter().flat_map(|step| step.evidence).collect();
        for entry in &mut evidence {
            let text = match (&entry.text, entry.file.take()) {
                (Some(text), _) => text.clone(),
                (None, Some(file)) => fs::read_to_string(folder.join(file))?,
                (None, None) => continue,
            };
            entry.text = None;
            entry.facts = Some(read(&text, entry.command.as_deref(), None));
        }
        cases.push(Case {
            hopwise: 1,
            title: story.title,
            graph: Some(story.graph),
            evidence,
            runbooks: Vec::new(),
            truth: None,
            cleared: Vec::new(),
        });
    }
    Ok(cases)
}

#[test]
fn founding_incidents_fit_into_a_chat_message() {
    let mut table = String::from("characters: ours, the same JSON through deflate alone\n");
    let mut too_long = Vec::new();
    // `script/links.mjs` compares the same cases with what other pages use.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("links");
    fs::create_dir_all(&folder).unwrap();
    for (number, case) in incidents().unwrap().into_iter().enumerate() {
        let link = to_fragment(&case).unwrap().len();
        let json = serde_json::to_string(&case).unwrap();
        let deflated = URL_SAFE_NO_PAD.encode(miniz_oxide::deflate::compress_to_vec(json.as_bytes(), 9)).len();
        let told = serde_json::json!({ "title": case.title, "ours": link, "json": json });
        fs::write(folder.join(format!("{number}.json")), told.to_string()).unwrap();
        table.push_str(&format!("{link:>6} {deflated:>6}  {}\n", case.title));
        if link > 1_500 || link * 10 > deflated * 7 {
            too_long.push(case.title);
        }
    }
    println!("{table}");
    assert!(too_long.is_empty(), "{table}");
}

#[test]
fn the_other_team_sees_the_same_diagnosis() {
    let (shelf, _) = Shelf::shipped();
    let diagnosed = |case: &Case| {
        let sketch = case.sketch().unwrap().unwrap_or_default();
        let reading =
            |entry: &Entry| Evidence { origin: entry.origin(), reading: entry.facts.clone().unwrap_or_default() };
        diagnose(&sketch, &case.evidence.iter().map(reading).collect::<Vec<_>>(), &shelf)
    };
    for case in incidents().unwrap() {
        let (here, there) = (diagnosed(&case), diagnosed(&from_fragment(&to_fragment(&case).unwrap()).unwrap()));
        assert_eq!(here.headline, there.headline, "{}", case.title);
        let suspects = |diagnosis: &hopwise::diagnosis::Diagnosis| {
            diagnosis
                .suspects
                .iter()
                .map(|suspect| (suspect.element.clone(), suspect.failure_mode.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(suspects(&here), suspects(&there), "{}", case.title);
        assert_eq!(here.unread, there.unread, "{}", case.title);
    }
}
