//! The draft a browser keeps: the case, and what matters only on this screen.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Settled, Voice, Work};
use crate::case::{Case, CaseError, Folded};
use crate::inquiry::{Gist, Heard, Opened, Way};
use crate::layout::Point;

/// A case as this browser keeps it between two visits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    pub case: Case<Folded>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outline: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    places: BTreeMap<String, Point>,
    /// Positions of muted evidence, from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    muted: Vec<usize>,
    /// Kinds chosen by hand, by position.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    read_as: BTreeMap<usize, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settled: Option<Settled>,
}

/// What a list of cases shows of one, read without its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    pub title: String,
    /// How many pieces of evidence it holds.
    pub evidence: usize,
    pub settled: Option<Settled>,
}

impl Heading {
    /// Reads it from a draft; `None` if that is damaged.
    pub fn of(draft: &str) -> Option<Heading> {
        let draft: serde_json::Value = serde_json::from_str(draft).ok()?;
        let case = draft.get("case")?;
        let title = case.get("title").and_then(|title| title.as_str()).unwrap_or_default().to_owned();
        Some(Heading {
            title,
            evidence: case.get("evidence").and_then(|list| list.as_array()).map_or(0, Vec::len),
            settled: draft.get("settled").and_then(Settled::read),
        })
    }
}

impl From<&Work> for Saved {
    fn from(work: &Work) -> Saved {
        let evidence = || work.evidence.iter().enumerate();
        Saved {
            case: work.kept(),
            outline: work.outline.clone(),
            places: work.places.clone(),
            muted: evidence().filter(|(_, item)| item.voice == Voice::Muted).map(|(at, _)| at).collect(),
            read_as: evidence().filter_map(|(at, item)| item.read_as.clone().map(|kind| (at, kind))).collect(),
            settled: work.settled,
        }
    }
}

impl Saved {
    /// As it is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what was stored.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn work(json: &str) -> Result<Work, CaseError> {
        let saved: Saved = serde_json::from_str(json)
            .map_err(|error| CaseError(format!("the draft kept in this browser cannot be read: {error}")))?;
        // Secrets were taken out before it was stored; the readings follow.
        let unheard = saved.case.evidence.into_iter().map(|entry| {
            let origin = entry.origin();
            let text = entry.text.unwrap_or_default();
            (origin, Heard { text, facts: entry.facts, command: entry.command, gist: Gist::default() })
        });
        let opened = Opened {
            way: Way::File,
            title: saved.case.title,
            graph: saved.case.graph.unwrap_or_default(),
            evidence: unheard.collect(),
            runbooks: saved.case.runbooks,
        };
        let mut work = Work::of(opened).map_err(|errors| CaseError(errors.to_string()))?;
        work.outline = saved.outline;
        work.places = saved.places;
        work.settled = saved.settled;
        for (at, item) in work.evidence.iter_mut().enumerate() {
            let item = Arc::make_mut(item);
            item.read_as = saved.read_as.get(&at).cloned();
            item.voice = if saved.muted.contains(&at) { Voice::Muted } else { Voice::Heard };
        }
        Ok(work)
    }
}
