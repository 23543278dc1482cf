//! What a person made and did: the case on screen, its undo history, and what the browser is asked to do about it.
//!
//! Pure: an `Action` goes in, `Errand`s come out. Nothing here knows a screen, a clock or a storage.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::case::Case;
use crate::inquiry::{Answer, Heard, Paste, Question};
use crate::redact::Salt;

mod action;
mod contrast;
mod draw;
mod edit;
mod examples;
mod field;
mod item;
mod join;
mod saved;
mod work;

pub use action::{Action, Awaiting, Errand};
pub use contrast::{Contrast, Tally, contrast};
pub use draw::Stroke;
pub use edit::Edit;
pub use examples::{EXAMPLES, Example};
pub use field::Field;
pub use item::{Item, ItemId, Voice};
pub use saved::{Heading, Saved};
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
            Action::Edit(_) | Action::Paste { .. } | Action::Command(..) | Action::ReadAs(..)
                if self.tenure == Tenure::Visit =>
            {
                vec![Errand::Tell("This case came by a link. Choose “Make it mine” to change it.".to_owned())]
            }
            Action::Edit(edit) => self.edit(edit),
            Action::Paste { text, .. } if text.trim().is_empty() => {
                vec![Errand::Tell("There is nothing to read yet: paste the output of a command first.".to_owned())]
            }
            Action::Paste { text, at } => {
                let paste = Paste { text: text.clone(), ..Paste::default() };
                self.hear(vec![paste], Awaiting::Paste { text, at })
            }
            Action::Command(id, command) => self.rehear(id, |paste| paste.command = command),
            Action::ReadAs(id, kind) => self.rehear(id, |paste| paste.read_as = kind),
            Action::Answered(awaiting, answer) => self.answered(awaiting, answer),
            Action::Undo => self.step(Direction::Back),
            Action::Redo => self.step(Direction::Forth),
            Action::Copy { text, spoken } => vec![Errand::Copy { text, spoken }],
            Action::Download { name, text } => vec![Errand::Download { name, text }],
            Action::DownloadPicture { name, svg } => vec![Errand::DownloadPicture { name, svg }],
            Action::SaveAsFile => {
                vec![Errand::Download { name: self.work.file_name(), text: self.work.case(Luggage::Text).save() }]
            }
            Action::Open(case) => self.take_over(case, Tenure::Mine),
            Action::Visit { link } => vec![Errand::Ask(Question::Open { link }, Awaiting::Link)],
            Action::MakeItMine => {
                self.tenure = Tenure::Mine;
                vec![Errand::SaveAsNew(self.work.clone())]
            }
            Action::Join { mine } => {
                let theirs = Arc::new(self.work.clone());
                self.begin(mine, Tenure::Mine);
                self.hear(self.work.pastes_again(), Awaiting::Union(theirs))
            }
            Action::Resume(work) => {
                self.begin(work, Tenure::Mine);
                self.hear(self.work.pastes_again(), Awaiting::Readings)
            }
        }
    }

    /// Puts other work on screen, with nothing to undo.
    fn begin(&mut self, work: Work, tenure: Tenure) {
        *self = Session { work, tenure, ..Session::new(self.salt) };
    }

    /// Has the engine hear texts, none of which may be kept as they are.
    fn hear(&self, pastes: Vec<Paste>, awaiting: Awaiting) -> Vec<Errand> {
        vec![Errand::Ask(Question::Hear { salt: self.salt, pastes }, awaiting)]
    }

    fn rehear(&self, id: ItemId, change: impl FnOnce(&mut Paste)) -> Vec<Errand> {
        let Some(item) = self.work.item(id) else { return Vec::new() };
        let mut paste = item.paste();
        change(&mut paste);
        let read_as = paste.read_as.clone();
        self.hear(vec![paste], Awaiting::Item { id, read_as })
    }

    fn take_over(&self, case: Case, tenure: Tenure) -> Vec<Errand> {
        self.hear(Work::pastes(&case), Awaiting::Case { case, tenure })
    }

    /// Goes on with what waited for the engine.
    fn answered(&mut self, awaiting: Awaiting, answer: Answer) -> Vec<Errand> {
        let heard = match answer {
            Answer::Heard(heard) => heard,
            Answer::Opened(Ok(case)) => return self.take_over(case, Tenure::Visit),
            Answer::Opened(Err(sentence)) | Answer::Link(Err(sentence)) => return vec![Errand::Warn(sentence)],
            Answer::Sealed(data) => return vec![Errand::AskPassphrase(data)],
            Answer::Stopped(last_words) => return given_back(awaiting, &last_words),
            Answer::Diagnosed { .. } | Answer::Link(Ok(_)) | Answer::Note(_) => return Vec::new(),
        };
        match awaiting {
            Awaiting::Case { case, tenure } => match Work::of_case(&case, heard) {
                Ok(work) => match tenure {
                    Tenure::Mine => {
                        self.open(work);
                        vec![Errand::SaveAsNew(self.work.clone())]
                    }
                    Tenure::Visit => {
                        self.begin(work, tenure);
                        Vec::new()
                    }
                },
                Err(errors) => vec![Errand::Warn(format!("This case cannot be drawn: {errors}"))],
            },
            Awaiting::Readings => {
                self.fill(heard);
                Vec::new()
            }
            Awaiting::Union(theirs) => {
                self.fill(heard);
                self.edit(Edit::Join(theirs))
            }
            Awaiting::Paste { at, .. } => self.edits(heard, |heard| Edit::Add { heard, at: at.clone() }),
            Awaiting::Item { id, read_as } => {
                self.edits(heard, |heard| Edit::Rehear { id, heard, read_as: read_as.clone() })
            }
            Awaiting::Link => Vec::new(),
        }
    }

    fn edits(&mut self, heard: Vec<Heard>, edit: impl Fn(Heard) -> Edit) -> Vec<Errand> {
        heard.into_iter().flat_map(|heard| self.edit(edit(heard))).collect()
    }

    /// Gives a draft its readings, also where it has been changed since it came on screen.
    fn fill(&mut self, heard: Vec<Heard>) {
        let works = self.past.iter_mut().chain(&mut self.future).chain([&mut self.work]);
        for item in works.flat_map(|work| &mut work.evidence) {
            if let Some(heard) = heard.get(item.id.0 as usize).filter(|heard| heard.text == item.text) {
                Arc::make_mut(item).rehear(heard.clone());
            }
        }
    }

    /// Puts a new case on screen. Nothing is lost by it, so undo leads back to what was there.
    fn open(&mut self, work: Work) {
        match self.tenure {
            Tenure::Mine => {
                let before = std::mem::replace(&mut self.work, work);
                self.past.push_back(before);
                self.future.clear();
                self.latest = None;
            }
            Tenure::Visit => self.begin(work, Tenure::Mine),
        }
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

/// Says that the engine broke off, and returns what it was given.
fn given_back(awaiting: Awaiting, last_words: &str) -> Vec<Errand> {
    let (what, returned) = match awaiting {
        Awaiting::Paste { text, .. } => ("reading this paste; it is back in its box", Some(Errand::GiveBack(text))),
        Awaiting::Item { .. } | Awaiting::Readings | Awaiting::Union(_) => ("reading; the evidence is as it was", None),
        Awaiting::Case { .. } | Awaiting::Link => ("opening this case; yours is as it was", None),
    };
    let sentence = format!("Hopwise broke off {what}. ({last_words})");
    returned.into_iter().chain([Errand::Warn(sentence)]).collect()
}

#[derive(Clone, Copy)]
enum Direction {
    Back,
    Forth,
}

#[cfg(test)]
mod tests;
