//! The changes a person can make to a case, each of them one step of undo.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Item, ItemId, Settled, Stroke, Voice, Work};
use crate::evidence::Origin;
use crate::inquiry::Heard;
use crate::layout::Point;
use crate::sketch::{Sketch, from_arrows};

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    Entitle(String),
    /// Adds evidence the engine has heard.
    Add {
        heard: Heard,
        origin: Origin,
    },
    /// Adds what another copy of the case holds.
    Join(Arc<Work>),
    Remove(ItemId),
    Voice(ItemId, Voice),
    /// Says on which hop the evidence was taken; `None` leaves it to the engine.
    Vantage(ItemId, Option<String>),
    /// Says which hop the evidence is about; `None` leaves it to the engine.
    About(ItemId, Option<String>),
    /// Takes in evidence heard again, with another command line or as another kind.
    Rehear {
        id: ItemId,
        heard: Heard,
        read_as: Option<String>,
    },
    /// The outline as it now stands in its box. The drawing follows where it can be read; what the map showed before, drawn
    /// or drafted, knows what the letters do not say.
    Outline {
        text: String,
        shown: Arc<Sketch>,
    },
    /// Puts hops somewhere by hand: one drag, one step.
    Place(BTreeMap<String, Point>),
    /// Moves hops a little, by key: all strokes together are one step.
    Nudge(BTreeMap<String, Point>),
    /// Lets the layout put these hops again; all of them where none is named.
    Tidy(BTreeSet<String>),
    /// Notes what it was in the end.
    Settle(Settled),
    /// Changes the drawing itself: what the map showed before, drawn or drafted.
    Draw {
        stroke: Stroke,
        shown: Arc<Sketch>,
    },
}

impl Edit {
    /// Whether this goes on with what `before` began, as the next letter of a line does, and belongs to the same step.
    pub(super) fn continues(&self, before: &Edit) -> bool {
        match (self, before) {
            (Edit::Entitle(_), Edit::Entitle(_)) | (Edit::Outline { .. }, Edit::Outline { .. }) => true,
            (Edit::Nudge(now), Edit::Nudge(then)) => now.keys().eq(then.keys()),
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
            Edit::Add { heard, origin } => {
                self.evidence.push(Arc::new(Item::new(self.fresh_id(), heard.clone(), origin.clone())));
                let place = origin.vantage.as_ref()?;
                Some(format!(
                    "Taken as what the copied command printed on {place}. If it is not, choose another place under “on”."
                ))
            }
            Edit::Join(theirs) => Some(self.join(theirs)),
            Edit::Remove(id) => {
                self.evidence.retain(|item| item.id != *id);
                Some("Evidence removed. Undo brings it back.".to_owned())
            }
            Edit::Voice(id, voice) => self.change(*id, |item| item.voice = *voice),
            Edit::Vantage(id, vantage) => self.change(*id, |item| item.origin.vantage.clone_from(vantage)),
            Edit::About(id, about) => self.change(*id, |item| item.origin.about.clone_from(about)),
            Edit::Rehear { id, heard, read_as } => self.change(*id, |item| {
                item.read_as.clone_from(read_as);
                item.rehear(heard.clone());
            }),
            Edit::Outline { text, shown } => {
                if let Ok(sketch) = from_arrows(text, shown) {
                    self.sketch = Arc::new(sketch);
                }
                self.outline = Some(text.clone());
                None
            }
            Edit::Place(places) | Edit::Nudge(places) => {
                self.places.extend(places.iter().map(|(id, point)| (id.clone(), *point)));
                None
            }
            Edit::Tidy(hops) => {
                self.places.retain(|id, _| !hops.is_empty() && !hops.contains(id));
                None
            }
            Edit::Settle(settled) => {
                self.settled = Some(*settled);
                Some("Noted. The list of cases counts how often the first suspect was it.".to_owned())
            }
            Edit::Draw { stroke, shown } => self.draw(stroke, shown),
        }
    }

    fn change(&mut self, id: ItemId, change: impl FnOnce(&mut Item)) -> Option<String> {
        let item = self.evidence.iter_mut().find(|item| item.id == id)?;
        change(Arc::make_mut(item));
        None
    }
}
