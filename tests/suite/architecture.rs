//! The street of `src/lib.rs`, and the house rules a compiler does not know.
//!
//! ```text
//! src/read.rs: line 12: imports crate::engine, which stands below read in src/lib.rs
//! ```

use std::path::Path;
use std::{fs, io};

/// Lines a source file may have; above this it is two files.
const LONGEST: usize = 400;

/// Names that say nothing about what a file is for.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "mod"];

/// A word, the modules that may use it, and why nobody else may. An empty list means nobody.
const RESERVED: [(&str, &[&str], &str); 13] = [
    ("petgraph::", &["hypotheses/parts"], "only what hangs together needs a graph library"),
    ("gloo_net", &["browser", "ui"], "the engine fetches nothing"),
    ("web_sys", &["browser", "ui", "bin/engine", "bin/rehearse"], "the engine knows no browser"),
    ("wasm_bindgen", &["browser", "ui", "bin/engine", "bin/rehearse"], "the engine knows no browser"),
    ("leptos", &["browser", "ui", "bin/page"], "the engine knows no screen"),
    ("Instant::now", &["browser", "ui"], "there is no clock in the engine: the same paste gives the same answer"),
    ("SystemTime", &["browser", "ui"], "there is no clock in the engine: the same paste gives the same answer"),
    ("HashMap", &["browser", "ui"], "its order changes from run to run: use BTreeMap"),
    ("HashSet", &["browser", "ui"], "its order changes from run to run: use BTreeSet"),
    ("thread::", &["browser", "ui"], "the engine is one function of plain values"),
    ("inner_html", &[], "pasted text is hostile: show it as text"),
    ("insert_adjacent_html", &[], "pasted text is hostile: show it as text"),
    ("document.write", &[], "pasted text is hostile: show it as text"),
];

/// What only the engine's worker may do: named on the page's side of the street, it would become a part of the page's program.
const ENGINE_ONLY: [&str; 14] = [
    "crate::engine",
    "crate::runbook",
    "crate::weigh",
    "crate::advise",
    "read::read",
    "read::{read",
    "redact::{redact",
    "redact(",
    "to_fragment",
    "from_fragment",
    "crate::fact",
    "crate::handoff",
    "sketch::import",
    "inquiry::Desk",
];

/// The page's side of the street.
const PAGE: [&str; 4] = ["layout", "session", "browser", "ui"];

struct Source {
    /// Below `src/`, without `.rs`: `read/dig`.
    name: String,
    text: String,
}

impl Source {
    /// The module of the street it belongs to: `read` for `read/dig`.
    fn house(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// The text without comments and without the tests at the end of the file, which may import anything. Lines keep their numbers.
    fn code(&self) -> String {
        let tests = ["\n#[cfg(test)]\nmod tests {", "\n#[cfg(test)]\npub(super) mod tests {"];
        let end = tests.iter().filter_map(|tests| self.text.find(tests)).min();
        let shipped = end.and_then(|end| self.text.get(..end)).unwrap_or(&self.text);
        shipped.lines().map(|line| uncommented(line).to_owned() + "\n").collect()
    }
}

/// A line up to its comment; `https://` is none.
fn uncommented(line: &str) -> &str {
    let comment =
        line.match_indices("//").map(|(at, _)| at).find(|at| !line.get(..*at).unwrap_or_default().ends_with(':'));
    comment.and_then(|at| line.get(..at)).unwrap_or(line)
}

fn sources() -> io::Result<Vec<Source>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap_or(&path).with_extension("");
                let name =
                    name.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
                sources.push(Source { name, text: fs::read_to_string(&path)? });
            }
        }
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(sources)
}

/// The modules of `src/lib.rs`, in order.
fn street(sources: &[Source]) -> Vec<String> {
    let library =
        sources.iter().find(|source| source.name == "lib").map(|source| source.text.as_str()).unwrap_or_default();
    let declared =
        |line: &str| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned);
    library.lines().filter_map(declared).collect()
}

/// Every module of the crate named after `crate::`, with its line; also inside braces, over several lines.
fn imported(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, word) in code.match_indices("crate::") {
        let line = code.get(..at).unwrap_or_default().matches('\n').count() + 1;
        let rest = code.get(at + word.len()..).unwrap_or_default();
        let modules = match rest.strip_prefix('{') {
            Some(group) => first_names(group),
            None => vec![name_at_start(rest)],
        };
        found.extend(modules.into_iter().map(|module| (line, module)));
    }
    found
}

/// `fact::{Claim, Fact}, read};` → `fact`, `read`
fn first_names(group: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut depth = 0;
    for part in group.split(';').next().unwrap_or_default().split_inclusive(['{', '}', ',']) {
        let name = name_at_start(part.trim_start());
        if depth == 0 && !name.is_empty() {
            names.push(name);
        }
        depth += i32::from(part.ends_with('{')) - i32::from(part.ends_with('}'));
    }
    names
}

fn name_at_start(text: &str) -> &str {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default()
}

fn wrong_turns(sources: &[Source]) -> Vec<String> {
    let street = street(sources);
    let position = |house: &str| street.iter().position(|module| module == house);
    let mut complaints = Vec::new();
    // lib.rs declares, bin/ stands at the end of the street and may use all of it.
    for source in sources.iter().filter(|source| source.name != "lib" && source.house() != "bin") {
        let Some(own) = position(source.house()) else {
            complaints.push(format!("src/{}.rs is not on the street of src/lib.rs", source.name));
            continue;
        };
        for (number, module) in imported(&source.code()) {
            if position(module).is_some_and(|other| other > own) {
                let Source { name, .. } = source;
                let house = source.house();
                complaints.push(format!(
                    "src/{name}.rs: line {number}: imports crate::{module}, which stands below {house} in src/lib.rs"
                ));
            }
        }
    }
    complaints
}

fn broken_house_rules(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut complain = |what: String| complaints.push(format!("src/{}.rs: {what}", source.name));
    if !source.text.starts_with("//! ") {
        complain("line 1 should be `//!` and say what the file is for".to_owned());
    }
    let length = source.text.lines().count();
    if length > LONGEST {
        complain(format!("{length} lines; above {LONGEST} it is two files"));
    }
    if let Some(empty) = source.name.split('/').find(|part| EMPTY_NAMES.contains(part)) {
        complain(format!("\"{empty}\" does not say what is inside; name the thing"));
    }
    // Tests play both sides of the conversation.
    let of_the_page = PAGE.contains(&source.house()) && !source.name.ends_with("/tests");
    for (number, line) in (1..).zip(source.code().lines()).filter(|_| of_the_page) {
        if let Some(word) = ENGINE_ONLY.iter().find(|word| line.contains(**word)) {
            complain(format!("line {number}: {word}: the page asks the engine (src/inquiry.rs), it never calls it"));
        }
    }
    for (number, line) in (1..).zip(source.code().lines()) {
        for (word, allowed, why) in RESERVED {
            if line.contains(word) && !allowed.contains(&source.house()) && !allowed.contains(&source.name.as_str()) {
                complain(format!("line {number}: {word}: {why}"));
            }
        }
    }
    complaints
}

fn planted(name: &str, text: &str) -> Source {
    Source { name: name.to_owned(), text: text.to_owned() }
}

#[test]
fn every_module_uses_only_modules_above_it() {
    let sources = sources().expect("src/ can be read");
    let complaints = wrong_turns(&sources);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_file_keeps_the_house_rules() {
    let sources = sources().expect("src/ can be read");
    let complaints: Vec<String> = sources.iter().flat_map(broken_house_rules).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_wrong_turn_is_noticed_in_every_way_of_writing_it() {
    let library = planted("lib", "//! x\npub mod fact;\npub mod read;\npub mod engine;\n");
    for wrong in [
        "use crate::engine::diagnose;",
        "use crate::{engine, fact};",
        "use crate::{fact::{Claim, Fact}, engine};",
        "use crate::{\n    fact::Fact,\n    engine,\n};",
        "    crate::engine::diagnose(sketch)",
        "pub(crate) use crate::engine::Evidence as Given;",
    ] {
        let street = [planted("lib", &library.text), planted("read/dig", &format!("//! x\n{wrong}\n"))];
        let complaint = "src/read/dig.rs: line 2: imports crate::engine, which stands below read in src/lib.rs";
        assert_eq!(wrong_turns(&street), [complaint], "{wrong}");
    }
    let upward = "//! x\nuse crate::{fact::{engine_like, Claim}, read};\n// crate::engine in a comment\n";
    assert_eq!(wrong_turns(&[planted("lib", &library.text), planted("read", upward)]), [""; 0]);
    assert_eq!(
        wrong_turns(&[library, planted("stray", "//! x\n")]),
        ["src/stray.rs is not on the street of src/lib.rs"]
    );
}

#[test]
fn a_broken_house_rule_is_noticed() {
    let of = |name: &str, text: &str| broken_house_rules(&planted(name, text));
    assert_eq!(of("fact", "//! x\nlet kept = BTreeMap::new();\n"), [""; 0]);
    assert_eq!(of("fact", "use std::fmt;\n"), ["src/fact.rs: line 1 should be `//!` and say what the file is for"]);
    assert_eq!(of("fact", &format!("//! x{}", "\n//".repeat(LONGEST))).len(), 1);
    assert_eq!(of("read/utils", "//! x\n").len(), 1);
    assert_eq!(of("read", "//! x\nuse std::collections::HashMap;\n").len(), 1);
    assert_eq!(of("engine", "//! x\nlet now = Instant::now();\n").len(), 1);
    assert_eq!(of("engine", "//! x\nuse petgraph::Graph;\n").len(), 1);
    assert_eq!(of("hypotheses/parts", "//! x\nuse petgraph::unionfind::UnionFind;\n"), [""; 0]);
    assert_eq!(of("session", "//! x\nuse web_sys::Window;\n").len(), 1);
    assert_eq!(of("session", "//! x\nlet case = link::from_fragment(link);\n").len(), 1);
    assert_eq!(of("ui/map", "//! x\nview! { <p inner_html=text></p> }\n").len(), 1);
}
