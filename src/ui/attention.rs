//! What a person looks at just now: chosen hops, how near, which sheet is open. Not part of the case, so never undone.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::each::Each;
use crate::author::Solved;
use crate::handbook::Reference;
use crate::order;
use crate::session::ItemId;

/// How near the map is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) enum Zoom {
    /// As large as its letters need, at most as wide as its pane where they stay readable.
    #[default]
    Readable,
    /// Everything at once.
    Whole,
    /// Pixels of the screen per unit of the drawing.
    Times(f64),
}

/// A list that lies over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sheet {
    /// Everything one can do, with its keys.
    Commands,
    /// The cases kept in this browser.
    Cases,
    /// Runbooks to read.
    Runbooks,
    /// The runbooks a team has brought along.
    Packs,
    /// A runbook that is being written.
    Author,
}

/// Handles on it; copied freely.
#[derive(Clone, Copy)]
pub(super) struct Attention {
    /// Ids of the chosen hops; changed by `choose_all` only.
    pub chosen: RwSignal<BTreeSet<String>>,
    /// Told when they are chosen, and when they are no longer.
    hops: Each,
    pub zoom: RwSignal<Zoom>,
    pub sheet: RwSignal<Option<Sheet>>,
    /// The failure mode that is read about.
    pub reading: RwSignal<Option<Reference>>,
    /// What it was, while a runbook is written about it.
    pub solved: RwSignal<Solved>,
    /// The verdict before the latest piece of evidence was left out.
    pub before: RwSignal<Option<(ItemId, String)>>,
}

impl Attention {
    pub fn new() -> Attention {
        Attention {
            chosen: RwSignal::new(BTreeSet::new()),
            hops: Each::new(),
            zoom: RwSignal::new(Zoom::default()),
            sheet: RwSignal::new(None),
            reading: RwSignal::new(None),
            solved: RwSignal::new(Solved::default()),
            before: RwSignal::new(None),
        }
    }

    pub fn is_chosen(self, hop: &str) -> bool {
        self.hops.one(hop).track();
        self.chosen.read_untracked().contains(hop)
    }

    /// Opens the page of a failure mode, as it is suspected at this element.
    pub fn read_about(self, mode: &str, element: Option<String>) {
        self.reading.set(Some(Reference { mode: mode.to_owned(), element }));
        self.sheet.set(Some(Sheet::Runbooks));
    }

    /// Chooses these hops and no others.
    pub fn choose_all(self, hops: BTreeSet<String>) {
        let before = self.chosen.get_untracked();
        before.iter().chain(&hops).for_each(|hop| self.hops.one(hop).notify());
        self.chosen.set(hops);
    }

    /// Chooses this hop alone.
    pub fn choose(self, hop: &str) {
        self.choose_all(order::set([hop.to_owned()]));
    }

    /// Chooses a hop besides the others, or no longer.
    pub fn toggle(self, hop: &str) {
        let mut chosen = self.chosen.get_untracked();
        if !chosen.remove(hop) {
            chosen.insert(hop.to_owned());
        }
        self.choose_all(chosen);
    }

    pub fn zoom_by(self, factor: f64) {
        let now = match self.zoom.get_untracked() {
            Zoom::Times(times) => times,
            Zoom::Readable | Zoom::Whole => 1.0,
        };
        self.zoom.set(Zoom::Times((now * factor).clamp(0.1, 4.0)));
    }
}
