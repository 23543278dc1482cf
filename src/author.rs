//! Writes a runbook from an incident that is understood: its test is the case, its words are those of whoever found it.
//!
//! Where a runbook describes the fault already, the new one holds it to this incident. Where none does, the new one describes a
//! failure mode, its effects taken from what was seen, and the incident has to come out with it on top: every draft is tried
//! before it is handed over, so `hopwise test` passes.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::case::{Case, Entry, Graph};
use crate::diagnosis::{Diagnosis, NOT_DESCRIBED};
use crate::engine::{Evidence, diagnose, draft};
use crate::examine::{Examined, examine};
use crate::expectation::{belief, leader};
use crate::lint::Care;
use crate::order;
use crate::read::read;
use crate::runbook::{Expectation, FailureMode, Runbook, RunbookTest, Shelf};
use crate::sketch::Sketch;

mod effects;
mod wording;

use effects::candidates;
use wording::{file_text, free_id, unused};

/// What it was, as the person says who found it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Solved {
    /// Id of the node, or `from->to`.
    pub element: String,
    pub address: Option<IpAddr>,
    /// Id of the failure mode; `not-described` where no runbook describes it.
    pub mode: String,
    /// What was wrong, in one sentence. Only needed where no runbook says it.
    pub title: String,
    /// What repaired it, likewise.
    pub fix: String,
}

impl Solved {
    /// `elb#203.0.113.30`
    fn at(&self) -> String {
        self.address.map_or_else(|| self.element.clone(), |ip| format!("{}#{ip}", self.element))
    }
}

/// A runbook ready for review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// `vip-gone.json`
    pub file: String,
    pub text: String,
    /// What linter and test say of it.
    pub examined: Examined,
}

/// What a test must not put above this much belief.
const CLEARLY_NOT: f64 = 0.5;

/// How many others a test names.
const OTHERS: usize = 2;

/// Writes the runbook. `case` holds what was read from each text, and the text where it is at hand.
///
/// # Errors
/// A sentence on why the case makes no test.
pub fn write(case: &Case, solved: &Solved, shelf: &Shelf) -> Result<Written, String> {
    let incident = Incident::of(case, shelf)?;
    let runbook = match shelf.mode(&solved.mode) {
        Some(known) => incident.confirmation(solved, &known.title)?,
        None => incident.description(solved)?,
    };
    let file = format!("{}.json", runbook.runbook);
    let text = file_text(&runbook);
    let examined = examine(&file, &text, shelf, Care::Words);
    Ok(Written { file, text, examined })
}

/// The case as a test of a runbook.
struct Incident<'a> {
    case: &'a Case,
    shelf: &'a Shelf,
    sketch: Sketch,
    evidence: Vec<Evidence>,
    entries: Vec<Entry>,
}

impl<'a> Incident<'a> {
    fn of(case: &'a Case, shelf: &'a Shelf) -> Result<Incident<'a>, String> {
        let heard = |entry: &Entry| {
            let text = entry.text.as_deref().unwrap_or_default();
            entry.facts.clone().unwrap_or_else(|| read(text, entry.command.as_deref(), None))
        };
        let evidence: Vec<Evidence> =
            case.evidence.iter().map(|entry| Evidence { origin: entry.origin(), reading: heard(entry) }).collect();
        if evidence.iter().all(|one| one.reading.facts().next().is_none()) {
            return Err(
                "Nothing was read from the evidence, so there is nothing to test with: paste what showed the fault."
                    .to_owned(),
            );
        }
        let drawn = case.sketch().map_err(|errors| errors.to_string())?.unwrap_or_default();
        let sketch = if drawn.is_empty() { draft(&evidence) } else { drawn };
        let drawn_there = |id: &String| sketch.element(id).is_some();
        let entries = case.evidence.iter().zip(&evidence).map(|(entry, one)| {
            // The text is what a reviewer can judge; facts stand in where it is not at hand or was read as somebody chose.
            let text = entry.text.clone().filter(|text| read(text, entry.command.as_deref(), None) == one.reading);
            let facts = text.is_none().then(|| one.reading.clone());
            let origin = one.origin.clone();
            Entry {
                text,
                file: None,
                facts,
                command: origin.command,
                vantage: origin.vantage.filter(drawn_there),
                about: origin.about.filter(drawn_there),
                at: origin.at,
            }
        });
        let entries = entries.collect();
        Ok(Incident { case, shelf, sketch, evidence, entries })
    }

    /// A test for a mode that is described already.
    fn confirmation(&self, solved: &Solved, known: &str) -> Result<Runbook, String> {
        let diagnosis = diagnose(&self.sketch, &self.evidence, self.shelf);
        let expect = expectation(&diagnosis, solved, &solved.mode).ok_or_else(|| self.refusal(&diagnosis, solved))?;
        let words = format!("{} {}", solved.mode, self.case.title);
        let title =
            if self.case.title.trim().is_empty() { known.to_owned() } else { format!("{known}: {}", self.case.title) };
        Ok(self.runbook(free_id(&words, self.shelf), title, Vec::new(), expect))
    }

    /// A new mode, with the first effects that make the incident come out as it was.
    fn description(&self, solved: &Solved) -> Result<Runbook, String> {
        let title = unused(&solved.title, "what was wrong, in one sentence");
        let id = free_id(&title, self.shelf);
        let mut at_the_place = None;
        for mode in candidates(&id, &title, solved, &self.sketch, &self.evidence, self.shelf) {
            let with = Runbook { failure_modes: vec![mode.clone()], ..named(&id, &title) };
            let mut shelf = self.shelf.clone();
            shelf.replace(with);
            let diagnosis = diagnose(&self.sketch, &self.evidence, &shelf);
            let Some(expect) = expectation(&diagnosis, solved, &id) else { continue };
            let precise = expect.top.as_ref().is_some_and(|top| top.contains(" / "));
            let runbook = self.runbook(id.clone(), title.clone(), vec![mode], expect);
            if precise {
                return Ok(runbook);
            }
            at_the_place.get_or_insert(runbook);
        }
        at_the_place.ok_or_else(|| self.refusal(&diagnose(&self.sketch, &self.evidence, self.shelf), solved))
    }

    fn runbook(&self, id: String, title: String, modes: Vec<FailureMode>, expect: Expectation) -> Runbook {
        let name = unused(&self.case.title, &title);
        let test = RunbookTest { name, graph: Graph::from(&self.sketch), evidence: self.entries.clone(), expect };
        Runbook { failure_modes: modes, tests: vec![test], ..named(&id, &title) }
    }

    fn refusal(&self, diagnosis: &Diagnosis, solved: &Solved) -> String {
        let first = diagnosis.elements.first().map_or("nothing", |first| first.element.as_str());
        format!(
            "With this evidence {first} comes first, so a test that expects {} would fail: paste what convinced you, then write it again.",
            solved.at()
        )
    }
}

fn named(id: &str, title: &str) -> Runbook {
    Runbook {
        schema: Some("../../public/runbook.schema.json".to_owned()),
        runbook: id.to_owned(),
        title: title.to_owned(),
        note: Vec::new(),
        observables: Default::default(),
        failure_modes: Vec::new(),
        probes: Vec::new(),
        durations: Vec::new(),
        statuses: Vec::new(),
        growths: Vec::new(),
        tests: Vec::new(),
    }
}

/// What the diagnosis holds of it, as precisely as it does; nothing where another element comes first.
fn expectation(diagnosis: &Diagnosis, solved: &Solved, mode: &str) -> Option<Expectation> {
    let (at, node) = (solved.at(), &solved.element);
    let tops = [format!("{at} / {mode}"), format!("{node} / {mode}"), at.clone(), node.clone()];
    let described = mode != NOT_DESCRIBED;
    let top = tops
        .into_iter()
        .filter(|top| described || !top.contains(" / "))
        .find(|top| leader(diagnosis, top).as_ref() == Some(top))?;
    let least = (belief(diagnosis, &top) * 0.9 * 20.0).floor() / 20.0;
    let others = diagnosis.elements.iter().filter(|other| other.address.is_none() && other.element != *node);
    let at_most = others.filter_map(|other| {
        let most = ((other.probability * 1.2 * 20.0).ceil() + 1.0) / 20.0;
        (most <= CLEARLY_NOT).then(|| (other.element.clone(), most))
    });
    Some(Expectation {
        at_least: (least > 0.0).then_some(least),
        at_most: order::map(at_most.take(OTHERS)),
        top: Some(top),
        ..Expectation::default()
    })
}

#[cfg(test)]
mod tests;
