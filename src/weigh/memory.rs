//! Keeps what the hypotheses make of each question: one more paste leaves most of what was asked before as it is.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Key;
use super::rows::Rows;
use crate::fact::Outcome;
use crate::predict::Foresight;

/// All that decides what hypotheses about one drawing make of the requests of a question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Heard {
    pub key: Key,
    pub counts: BTreeMap<Outcome, u32>,
    /// The bits of its sameness.
    pub sameness: u64,
    pub impatient: bool,
    /// It was asked of something that works, while something else fails.
    pub other_name: bool,
}

/// Of more questions than these all are forgotten.
const REMEMBERED: usize = 512;

/// What was reckoned so far about one drawing and one shelf, whatever the evidence.
#[derive(Debug, Default)]
pub struct Memory {
    pub(super) foresight: Foresight,
    /// What the hypotheses made of requests.
    known: RefCell<BTreeMap<Heard, Rc<Rows>>>,
}

impl Memory {
    /// What they make of these, reckoned if they were never heard of.
    pub(super) fn rows(&self, heard: Heard, reckon: impl FnOnce(&Heard) -> Rows) -> Rc<Rows> {
        if let Some(known) = self.known.borrow().get(&heard) {
            return known.clone();
        }
        let rows = Rc::new(reckon(&heard));
        let mut known = self.known.borrow_mut();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(heard, rows.clone());
        rows
    }
}
