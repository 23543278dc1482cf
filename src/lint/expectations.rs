//! Tests: each expects something of what its drawing holds, and every mode has one that puts it on top and one that does not.

use super::document::Document;
use crate::runbook::{Expectation, RunbookTest, Shelf};
use crate::sketch::Sketch;

pub(super) fn check(document: &mut Document, shelf: &Shelf) {
    let runbook = document.runbook.clone();
    for (position, test) in runbook.tests.iter().enumerate() {
        one(document, test, &format!("/tests/{position}"), shelf);
    }
    let all = || shelf.runbooks().iter().flat_map(|runbook| &runbook.tests);
    for (position, mode) in runbook.failure_modes.iter().enumerate() {
        let path = format!("/failure_modes/{position}/id");
        let id = &mode.id;
        if !all().any(|test| test.expect.top.as_deref().and_then(named_mode) == Some(id)) {
            let says = format!("no test puts {id} on top: add one whose \"top\" is \"<element> / {id}\"");
            document.warning(&path, says);
        }
        if !all().any(|test| tempts(&test.expect, id)) {
            let says = format!(
                "no test shows {id} looking likely where it is not: add \"at_most\": {{\"<element> / {id}\": …}} to a test with another \"top\""
            );
            document.warning(&path, says);
        }
    }
}

/// Whether a test says that this mode is not the answer.
fn tempts(expect: &Expectation, id: &str) -> bool {
    expect.top.as_deref().and_then(named_mode) != Some(id)
        && expect.at_most.keys().any(|who| named_mode(who) == Some(id))
}

fn one(document: &mut Document, test: &RunbookTest, path: &str, shelf: &Shelf) {
    let sketch = match Sketch::new(test.graph.nodes.clone(), test.graph.edges.clone()) {
        Ok(sketch) => sketch,
        Err(errors) => {
            for says in errors.0 {
                document.error(&format!("{path}/graph"), format!("the drawing cannot be used: {says}"));
            }
            return;
        }
    };
    for (position, entry) in test.evidence.iter().enumerate() {
        let place = format!("{path}/evidence/{position}");
        if entry.text.is_none() && entry.facts.is_none() {
            document.error(&place, "this evidence has no text: write the lines that a tool printed".to_owned());
        }
        for (field, named) in [("vantage", &entry.vantage), ("about", &entry.about)] {
            if let Some(named) = named.as_deref().filter(|named| sketch.element(named).is_none()) {
                let says = format!("the drawing has no {named}: write the id of a node of this test, or add it there");
                document.error(&format!("{place}/{field}"), says);
            }
        }
    }
    if test.expect == Expectation::default() {
        let says = "this test expects nothing, so it cannot fail: say what comes out on top".to_owned();
        document.error(&format!("{path}/expect"), says);
    }
    let expect = &test.expect;
    let mut named: Vec<(String, &str)> = expect.top.iter().map(|who| ("top".to_owned(), who.as_str())).collect();
    named.extend(expect.at_most.keys().map(|who| (format!("at_most/{who}"), who.as_str())));
    named.extend(expect.cleared.iter().enumerate().map(|(at, who)| (format!("cleared/{at}"), who.as_str())));
    named.extend(expect.not_cleared.iter().enumerate().map(|(at, who)| (format!("not_cleared/{at}"), who.as_str())));
    for (field, who) in named {
        let place = format!("{path}/expect/{field}");
        let element = who.split(" / ").next().unwrap_or_default();
        if sketch.element(element.split('#').next().unwrap_or_default()).is_none() {
            let says = format!("the drawing has no {element}: write the id of a node or \"from->to\" of this test");
            document.error(&place, says);
        }
        if let Some(mode) = named_mode(who).filter(|mode| shelf.mode(mode).is_none() && *mode != "not-described") {
            let says = format!("no runbook describes the failure mode {mode}: check its spelling");
            document.error(&place, says);
        }
    }
}

/// The mode in `elb#203.0.113.7 / address-dead`.
pub(super) fn named_mode(who: &str) -> Option<&str> {
    who.split_once(" / ").map(|(_, mode)| mode)
}
