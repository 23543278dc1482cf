//! Which reader claims which sample.

use std::fs;
use std::path::Path;

use super::*;

/// What one reader tells of a text, in sentences, for the readers' own tests.
pub(super) fn told(reader: Reader, text: &str) -> Vec<String> {
    let part = Part::new(None, clean(text));
    assert!((reader.recognize)(&part) >= SURE_ENOUGH, "{} does not recognize its own text", reader.kind);
    let mut findings = Findings::default();
    (reader.read)(&part, &mut findings);
    findings.facts.iter().map(|fact| fact.claim.to_string()).collect()
}

/// The same of a text below its command line, whether it is recognized or not.
pub(super) fn told_below(command: &str, text: &str, read: fn(&Part, &mut Findings)) -> Vec<String> {
    let part = Part::new(Some(CommandLine::parse(command)), clean(text));
    let mut findings = Findings::default();
    read(&part, &mut findings);
    findings.facts.iter().map(|fact| fact.claim.to_string()).collect()
}

/// Kinds and how sure each is of a text as a whole, the surest first.
fn confidences(text: &str) -> Vec<(&'static str, f64)> {
    let stretch = prompt::split(clean(text), None).into_iter().next().expect("a sample is not empty");
    let part = Part::new(stretch.command.as_deref().map(CommandLine::parse), stretch.lines);
    let mut sure = Vec::new();
    for reader in READERS {
        let confidence = (reader.recognize)(&part);
        assert!(confidence <= reader.most, "{} is surer than it says it can be: {confidence}", reader.kind);
        sure.push((reader.kind, confidence));
    }
    sure.sort_unstable_by(|(_, a), (_, b)| b.total_cmp(a));
    sure
}

#[test]
fn of_every_sample_one_kind_is_surer_than_any_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut torn = Vec::new();
    for folder in fs::read_dir(root).unwrap() {
        for path in fs::read_dir(folder.unwrap().path()).unwrap().map(|entry| entry.unwrap().path()) {
            if path.extension().is_some_and(|end| end == "txt") {
                let sure = confidences(&fs::read_to_string(&path).unwrap());
                let best = sure.first().copied().unwrap_or_default();
                let rival = sure.iter().find(|(kind, _)| *kind != best.0).copied().unwrap_or_default();
                if best.1 < 0.8 || rival.1 >= best.1 {
                    torn.push(format!("{}: {best:?} and {rival:?}", path.display()));
                }
            }
        }
    }
    assert!(torn.is_empty(), "{}", torn.join("\n"));
}
