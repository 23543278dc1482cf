//! What a reader has found so far in a text, and which lines it understood.

use std::collections::BTreeMap;

use crate::clean::Line;
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Fact, State};
use crate::moment::moment;
use crate::order;

/// The number of an answer's fact: how many bytes its body has.
pub(super) fn length_of(bytes: Option<f64>) -> BTreeMap<String, f64> {
    bytes.map(|bytes| ("bytes".to_owned(), bytes)).into_iter().collect()
}

/// What a reader has found so far, and which lines it understood.
#[derive(Default)]
pub(super) struct Findings {
    pub facts: Vec<Fact>,
    pub understood: Vec<u32>,
}

impl Findings {
    /// Records a claim and counts its lines as understood.
    pub fn fact(&mut self, lines: Lines, claim: Claim) {
        self.measured(lines, BTreeMap::new(), claim);
    }

    /// Records a claim together with the numbers behind it.
    pub fn measured(&mut self, lines: Lines, numbers: BTreeMap<String, f64>, claim: Claim) {
        self.understood.extend(lines.first..=lines.last);
        self.beside(lines, numbers, claim);
    }

    /// Records a claim that is put together from lines which others read.
    pub fn beside(&mut self, lines: Lines, numbers: BTreeMap<String, f64>, claim: Claim) {
        self.facts.push(Fact { lines, at: None, numbers, claim });
    }

    /// Records a state that the text shows.
    pub fn state(&mut self, lines: Lines, observable: &str, value: &str, of: Endpoint, detail: impl Into<String>) {
        let state = State { observable: observable.to_owned(), value: value.to_owned(), of, detail: detail.into() };
        self.fact(lines, Claim::State(state));
    }

    /// Counts a line as understood although it says nothing of use.
    pub fn noise(&mut self, number: u32) {
        self.understood.push(number);
    }

    /// Puts everything in the order of the text and notes when each fact's line was written.
    pub fn settle(&mut self, lines: &[Line]) {
        order::plain(&mut self.understood);
        order::by_key(&mut self.facts, |fact| fact.lines.first);
        for fact in &mut self.facts {
            let line = lines.binary_search_by_key(&fact.lines.first, |line| line.number).ok();
            fact.at = line.and_then(|position| lines.get(position)).and_then(|line| moment(&line.text));
        }
    }
}
