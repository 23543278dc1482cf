//! Documents must not rot: every path and every link to a file that one of them names has to exist.

use std::path::{Path, PathBuf};
use std::{fs, io};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn documents() -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in [root().to_owned(), root().join("docs")] {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What stands between backticks outside of code blocks, and the targets of Markdown links and images.
fn named_in(text: &str) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    let mut in_block = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            named.extend(line.split('`').skip(1).step_by(2).map(|code| (number, code.to_owned())));
            let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            named.extend(targets.map(|target| (number, target.split('#').next().unwrap_or_default().to_owned())));
        }
    }
    named
}

/// Whether the text means a file or folder of this repository: below one of its top-level entries, or such an entry itself.
fn is_path(named: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    let Some(first) = named.split('/').next().filter(|first| !first.is_empty()) else { return false };
    let made_by_a_build = ["dist", "hopwise.html", "target", "node_modules", "test-results"].contains(&first);
    let by_ending = !named.contains('/')
        && Path::new(named)
            .extension()
            .is_some_and(|ending| ["md", "rs", "toml", "html"].iter().any(|known| ending == *known));
    named.chars().all(plain) && !made_by_a_build && ((named.contains('/') && root().join(first).exists()) || by_ending)
}

fn missing(text: &str, folder: &Path) -> Vec<String> {
    let exists = |path: &str| root().join(path).exists() || folder.join(path).exists();
    let complain = |(line, path): (usize, String)| format!("line {line}: {path}");
    named_in(text).into_iter().filter(|(_, path)| is_path(path) && !exists(path)).map(complain).collect()
}

#[test]
fn every_path_that_a_document_names_exists() {
    let documents = documents().expect("the repository's folders can be read");
    assert!(documents.len() >= 4, "README, ARCHITECTURE, CONTRIBUTING and CHANGELOG are documents");
    let mut complaints = Vec::new();
    for document in documents {
        let text = fs::read_to_string(&document).expect("a document is text");
        let folder = document.parent().unwrap_or(root());
        let name = document.strip_prefix(root()).unwrap_or(&document).display().to_string();
        complaints.extend(missing(&text, folder).into_iter().map(|complaint| format!("{name}, {complaint}")));
    }
    assert!(complaints.is_empty(), "these paths do not exist; mend the document:\n{}", complaints.join("\n"));
}

#[test]
fn the_architecture_lists_every_module_of_the_street_in_its_order() {
    let text = |name: &str| fs::read_to_string(root().join(name)).expect("the file is text");
    let declared = |line: &str| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
    let street: Vec<String> = text("src/lib.rs").lines().filter_map(declared).collect();
    let row = |line: &str| Some(line.strip_prefix("| `src/")?.split_once(".rs`")?.0.to_owned());
    let listed: Vec<String> = text("ARCHITECTURE.md").lines().filter_map(row).collect();
    assert_eq!(listed, street, "the table of ARCHITECTURE.md should follow src/lib.rs");
}

#[test]
fn a_path_that_does_not_exist_is_noticed() {
    let text = "See `src/lib.rs` and `src/gone.rs`.\n![a picture](docs/screenshots/gone.png)\n`GONE.md`, `curl -v`\n";
    let expected = ["line 1: src/gone.rs", "line 2: docs/screenshots/gone.png", "line 3: GONE.md"];
    assert_eq!(missing(text, root()), expected);
}
