//! The changes a person can make to a case, each of them one step of undo.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Item, ItemId, Voice, Work};
use crate::evidence::Origin;
use crate::layout::Point;
use crate::sketch::from_arrows;

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    Entitle(String),
    /// Adds evidence, its secrets already taken out. `at` is when it was pasted, RFC 3339.
    Paste {
        text: String,
        at: Option<String>,
    },
    Remove(ItemId),
    Voice(ItemId, Voice),
    /// Says on which hop the evidence was taken; `None` leaves it to the engine.
    Vantage(ItemId, Option<String>),
    /// Says which command printed the evidence.
    Command(ItemId, Option<String>),
    /// Overrides what the evidence was recognized as.
    ReadAs(ItemId, Option<String>),
    /// The outline as it now stands in its box. The drawing follows where it can be read.
    Outline(String),
    /// Puts hops somewhere by hand: one drag, one step.
    Place(BTreeMap<String, Point>),
    /// Moves one hop a little, by key: all strokes together are one step.
    Nudge(String, Point),
    /// Lets the layout put every hop again.
    Tidy,
}

impl Edit {
    /// Whether this goes on with what `before` began, as the next letter of a line does, and belongs to the same step.
    pub(super) fn continues(&self, before: &Edit) -> bool {
        match (self, before) {
            (Edit::Entitle(_), Edit::Entitle(_)) | (Edit::Outline(_), Edit::Outline(_)) => true,
            (Edit::Command(now, _), Edit::Command(then, _)) => now == then,
            (Edit::Nudge(now, _), Edit::Nudge(then, _)) => now == then,
            _ => false,
        }
    }
}

impl Work {
    /// Makes one change. Returns what to say about it where the screen alone may not show it.
    pub(super) fn edit(&mut self, edit: &Edit) -> Option<String> {
        match edit {
            Edit::Entitle(title) => {
                self.title.clone_from(title);
                None
            }
            Edit::Paste { text, at } => self.paste(text, at.clone()),
            Edit::Remove(id) => {
                self.evidence.retain(|item| item.id != *id);
                Some("Evidence removed. Undo brings it back.".to_owned())
            }
            Edit::Voice(id, voice) => self.change(*id, |item| item.voice = *voice),
            Edit::Vantage(id, vantage) => self.change(*id, |item| item.origin.vantage.clone_from(vantage)),
            Edit::Command(id, command) => self.change(*id, |item| {
                item.origin.command.clone_from(command);
                item.reread();
            }),
            Edit::ReadAs(id, kind) => self.change(*id, |item| {
                item.read_as.clone_from(kind);
                item.reread();
            }),
            Edit::Outline(text) => {
                if let Ok(sketch) = from_arrows(text, &self.shown()) {
                    self.sketch = Arc::new(sketch);
                }
                self.outline = Some(text.clone());
                None
            }
            Edit::Place(places) => {
                self.places.extend(places.iter().map(|(id, point)| (id.clone(), *point)));
                None
            }
            Edit::Nudge(id, point) => {
                self.places.insert(id.clone(), *point);
                None
            }
            Edit::Tidy => {
                self.places.clear();
                None
            }
        }
    }

    fn paste(&mut self, text: &str, at: Option<String>) -> Option<String> {
        if text.trim().is_empty() {
            return Some("There is nothing to read yet: paste the output of a command first.".to_owned());
        }
        let origin = Origin { at, ..Origin::default() };
        self.evidence.push(Arc::new(Item::of_text(self.fresh_id(), text.to_owned(), origin)));
        None
    }

    fn change(&mut self, id: ItemId, change: impl FnOnce(&mut Item)) -> Option<String> {
        let item = self.evidence.iter_mut().find(|item| item.id == id)?;
        change(Arc::make_mut(item));
        None
    }
}
