//! What a person made and did: the case on screen, its undo history, and what the browser is asked to do about it.
//!
//! Pure: an `Action` goes in, `Errand`s come out. Nothing here knows a screen, a clock or a storage.

use std::collections::VecDeque;

use crate::case::Case;
use crate::redact::{Salt, redact};
use crate::sketch::SketchErrors;

mod action;
mod edit;
mod examples;
mod item;
mod saved;
mod work;

pub use action::{Action, Errand};
pub use edit::Edit;
pub use examples::{EXAMPLES, Example};
pub use item::{Item, ItemId, Voice};
pub use saved::Saved;
pub use work::{Luggage, Work};

/// How many steps can be undone.
pub const UNDO_STEPS: usize = 100;

/// Whether the case on screen is the person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tenure {
    /// Saved in this browser after every change.
    #[default]
    Mine,
    /// Opened from a link: read-only, saved nowhere, until it is made one's own.
    Visit,
}

/// One open case.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    work: Work,
    tenure: Tenure,
    past: VecDeque<Work>,
    future: Vec<Work>,
    /// The last edit, so that typing a line or nudging a hop is one step and not twenty.
    latest: Option<Edit>,
    /// Makes the marks of two sessions incomparable.
    salt: Salt,
}

impl Session {
    /// An empty case of one's own. `salt` is random.
    pub fn new(salt: Salt) -> Session {
        Session {
            work: Work::default(),
            tenure: Tenure::Mine,
            past: VecDeque::new(),
            future: Vec::new(),
            latest: None,
            salt,
        }
    }

    pub fn salt(&self) -> Salt {
        self.salt
    }

    pub fn work(&self) -> &Work {
        &self.work
    }

    pub fn tenure(&self) -> Tenure {
        self.tenure
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Does what a person asked for and returns what the browser has to do about it.
    pub fn apply(&mut self, action: Action) -> Vec<Errand> {
        match action {
            Action::Edit(_) if self.tenure == Tenure::Visit => {
                vec![Errand::Tell("This case came by a link. Choose “Make it mine” to change it.".to_owned())]
            }
            // A command line can carry a password as well as a paste can.
            Action::Edit(Edit::Command(id, command)) => {
                let command = command.map(|command| redact(&command, &self.salt).text);
                self.edit(Edit::Command(id, command))
            }
            Action::Edit(edit) => self.edit(edit),
            Action::Paste { text, at } => {
                let text = redact(&text, &self.salt).text;
                self.apply(Action::Edit(Edit::Paste { text, at }))
            }
            Action::Undo => self.step(Direction::Back),
            Action::Redo => self.step(Direction::Forth),
            Action::Copy { text, spoken } => vec![Errand::Copy { text, spoken }],
            Action::SaveAsFile => {
                vec![Errand::Download { name: self.work.file_name(), text: self.work.case(Luggage::Text).save() }]
            }
            Action::Open(case) => match self.taken_over(&case) {
                Ok(work) => {
                    self.begin(work, Tenure::Mine);
                    vec![Errand::SaveAsNew(self.work.clone())]
                }
                Err(errors) => vec![Errand::Warn(format!("This case cannot be drawn: {errors}"))],
            },
            Action::Visit(case) => match self.taken_over(&case) {
                Ok(work) => {
                    self.begin(work, Tenure::Visit);
                    Vec::new()
                }
                Err(errors) => vec![Errand::Warn(format!("The case in this link cannot be drawn: {errors}"))],
            },
            Action::MakeItMine => {
                self.tenure = Tenure::Mine;
                vec![Errand::SaveAsNew(self.work.clone())]
            }
            Action::Resume(work) => {
                self.begin(work, Tenure::Mine);
                Vec::new()
            }
        }
    }

    /// Puts other work on screen, with nothing to undo.
    fn begin(&mut self, work: Work, tenure: Tenure) {
        *self = Session { work, tenure, ..Session::new(self.salt) };
    }

    fn taken_over(&self, case: &Case) -> Result<Work, SketchErrors> {
        Work::of_case(case, |text| redact(text, &self.salt).text)
    }

    fn edit(&mut self, edit: Edit) -> Vec<Errand> {
        let before = self.work.clone();
        let told = self.work.edit(&edit);
        if self.work == before {
            return told.into_iter().map(Errand::Tell).collect();
        }
        let continues = self.latest.as_ref().is_some_and(|latest| edit.continues(latest));
        if !continues {
            self.past.push_back(before);
            if self.past.len() > UNDO_STEPS {
                self.past.pop_front();
            }
        }
        self.future.clear();
        self.latest = Some(edit);
        let mut errands = vec![Errand::Save(self.work.clone())];
        errands.extend(told.map(Errand::Tell));
        errands
    }

    fn step(&mut self, direction: Direction) -> Vec<Errand> {
        let next = match direction {
            Direction::Back => self.past.pop_back(),
            Direction::Forth => self.future.pop(),
        };
        let Some(next) = next else { return Vec::new() };
        let left = std::mem::replace(&mut self.work, next);
        match direction {
            Direction::Back => self.future.push(left),
            Direction::Forth => self.past.push_back(left),
        }
        self.latest = None;
        let told = match direction {
            Direction::Back => "Undone",
            Direction::Forth => "Redone",
        };
        vec![Errand::Save(self.work.clone()), Errand::Tell(told.to_owned())]
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Back,
    Forth,
}

#[cfg(test)]
mod tests;
