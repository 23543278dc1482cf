//! The case itself: title, drawing, where its hops were put, evidence. Everything here is saved and undone together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Item, ItemId, Settled, Voice};
use crate::case::{Case, Entry, Folded, Graph, VERSION};
use crate::inquiry::{Mark, Opened, Paste};
use crate::layout::Point;
use crate::sketch::{Sketch, SketchErrors, to_arrows};

/// Everything a person made. Copying it is cheap: drawing and evidence are shared between the steps of the history.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Work {
    pub title: String,
    /// Empty until something is drawn; then the map shows what the engine drafts from the evidence.
    pub sketch: Arc<Sketch>,
    /// The outline as it was typed, where that says more than the drawing: comments, an unfinished line.
    pub outline: Option<String>,
    /// Hops that were put somewhere by hand, by id.
    pub places: BTreeMap<String, Point>,
    pub evidence: Vec<Arc<Item>>,
    /// What became of it, once that is known.
    pub settled: Option<Settled>,
}

/// What of the evidence a link takes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Luggage {
    /// What was read from it, without the text.
    #[default]
    Facts,
    /// The redacted text.
    Text,
}

impl Work {
    /// Takes over a case that the engine has opened.
    ///
    /// # Errors
    /// Every complaint about its drawing.
    pub fn of(opened: Opened) -> Result<Work, SketchErrors> {
        let item = |(id, (origin, heard))| Arc::new(Item::new(ItemId(id), heard, origin));
        Ok(Work {
            title: opened.title,
            sketch: Arc::new(Sketch::new(opened.graph.nodes, opened.graph.edges)?),
            evidence: (0..).zip(opened.evidence).map(item).collect(),
            ..Work::default()
        })
    }

    /// What an engine has to hear that knows nothing of this case.
    pub fn pastes(&self) -> Vec<Paste> {
        self.evidence.iter().map(|item| item.paste()).collect()
    }

    /// What the engine weighs.
    pub fn testimony(&self) -> Case<Mark> {
        self.case_with(Item::testimony)
    }

    /// The case as a link holds it.
    pub fn case(&self, luggage: Luggage) -> Case<Mark> {
        self.case_with(match luggage {
            Luggage::Facts => Item::facts_alone,
            Luggage::Text => Item::with_text,
        })
    }

    /// What a runbook is written from: the evidence that counts, each text with what was read from it.
    pub fn incident(&self) -> Case<Mark> {
        let counts = self.evidence.iter().filter(|item| item.voice == Voice::Heard);
        Case { evidence: counts.map(|item| item.with_both()).collect(), ..self.testimony() }
    }

    /// The case as this browser keeps it, and as a file holds it.
    pub fn kept(&self) -> Case<Folded> {
        self.case_with(Item::kept)
    }

    fn case_with<R>(&self, entry: fn(&Item) -> Entry<R>) -> Case<R> {
        Case {
            hopwise: VERSION,
            title: self.title.clone(),
            graph: (!self.sketch.is_empty()).then(|| Graph::from(&*self.sketch)),
            evidence: self.evidence.iter().map(|item| entry(item)).collect(),
            runbooks: Vec::new(),
            truth: None,
            cleared: Vec::new(),
        }
    }

    /// A name for its file: the words of the title, as every file system takes them.
    pub fn file_name(&self) -> String {
        let words: Vec<&str> = self
            .title
            .split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let words: String = words.join("-").to_ascii_lowercase().chars().take(60).collect();
        if words.is_empty() { "case.json".to_owned() } else { format!("{words}.json") }
    }

    /// The drawing as text: as it was typed, or as `shown` is written.
    pub fn outline(&self, shown: &Sketch) -> String {
        self.outline.clone().unwrap_or_else(|| to_arrows(shown))
    }

    pub fn item(&self, id: ItemId) -> Option<&Arc<Item>> {
        self.evidence.iter().find(|item| item.id == id)
    }

    /// An id no evidence of this case has.
    pub(super) fn fresh_id(&self) -> ItemId {
        ItemId(self.evidence.iter().map(|item| item.id.0).max().map_or(0, |highest| highest.saturating_add(1)))
    }
}
