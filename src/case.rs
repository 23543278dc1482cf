//! The case format: one JSON object for saved work, links, tests and the terminal.
//!
//! Unknown fields are refused with line and column, a newer version with a sentence; every older version opens for ever.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::evidence::Origin;
use crate::read::Reading;
use crate::redact::{Salt, redact};
use crate::sketch::{Edge, Node, Sketch, SketchErrors};

/// The version this program writes.
pub const VERSION: u32 = 1;

/// A case as it stands in a file. `R` stands for what was read from a piece of evidence: whoever only keeps a case or passes it
/// on need not know what a fact is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case<R = Reading> {
    pub hopwise: u32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Without a drawing the engine drafts one from the evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graph: Option<Graph>,
    #[serde(default = "Vec::new")]
    pub evidence: Vec<Entry<R>>,
    /// Files beside the shipped runbooks with which it was diagnosed. Only named: whoever opens the case uses runbooks of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runbooks: Vec<Edition>,
    /// What was wrong in the end; only `hopwise evaluate` looks at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truth: Option<Truth>,
    /// Ids that the evidence really clears; likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<String>,
}

/// A file of runbooks, without its contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Id of the runbook; the file's name where it holds overrides.
    pub id: String,
    /// The first 12 hexadecimal digits of its SHA-256: enough to notice a difference, too few to trust anything by.
    pub sha256: String,
}

impl Edition {
    /// Of a text's SHA-256 in hexadecimal.
    pub fn new(id: &str, sha256: &str) -> Edition {
        Edition { id: id.to_owned(), sha256: sha256.chars().take(12).collect() }
    }
}

/// The drawing as it stands in a file, not yet checked.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Graph {
    #[serde(default)]
    pub nodes: Vec<Node>,
    #[serde(default)]
    pub edges: Vec<Edge>,
}

/// One piece of evidence: its text, a file that holds it, or (in a link) only the facts read from it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry<R = Reading> {
    /// One string, or one string per line.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "text_or_lines")]
    pub text: Option<String>,
    /// Relative to the case file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(default = "no_facts", skip_serializing_if = "Option::is_none")]
    pub facts: Option<R>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vantage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

fn no_facts<R>() -> Option<R> {
    None
}

/// Facts as they stand in a file, for a program that keeps them and never looks inside.
#[derive(Debug, Clone)]
pub struct Folded(Box<RawValue>);

/// In JSON, the facts themselves; elsewhere their JSON as a text, since a raw value is known to `serde_json` alone.
impl Serialize for Folded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { self.0.serialize(serializer) } else { self.as_str().serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Folded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Folded, D::Error> {
        if deserializer.is_human_readable() {
            return Box::deserialize(deserializer).map(Folded);
        }
        RawValue::from_string(String::deserialize(deserializer)?).map(Folded).map_err(D::Error::custom)
    }
}

impl Folded {
    /// Folds up what was read.
    pub fn of(reading: &Reading) -> Option<Folded> {
        serde_json::value::to_raw_value(reading).ok().map(Folded)
    }

    /// What was read; nothing where it is damaged.
    pub fn unfold(&self) -> Reading {
        serde_json::from_str(self.0.get()).unwrap_or_default()
    }

    /// The JSON.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for Folded {
    fn eq(&self, other: &Folded) -> bool {
        self.as_str() == other.as_str()
    }
}

/// Long texts are easier to read and to review in a file as one string per line.
fn text_or_lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    struct TextOrLines;

    impl<'de> Visitor<'de> for TextOrLines {
        type Value = Option<String>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a text, or a list of its lines")
        }

        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(text.to_owned()))
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut lines: A) -> Result<Self::Value, A::Error> {
            let mut text: Option<String> = None;
            while let Some(line) = lines.next_element::<String>()? {
                text = Some(text.map_or_else(|| line.clone(), |text| text + "\n" + &line));
            }
            Ok(text)
        }
    }

    deserializer.deserialize_any(TextOrLines)
}

impl<R> Entry<R> {
    pub fn origin(&self) -> Origin {
        Origin {
            command: self.command.clone(),
            vantage: self.vantage.clone(),
            about: self.about.clone(),
            at: self.at.clone(),
        }
    }
}

/// What was wrong in the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Truth {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// A short name of the fault; `none` where nothing is wrong.
    pub fault: String,
    /// Other elements that count as right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_accept: Vec<String>,
    /// Further faults at the same time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional: Vec<Truth>,
}

/// Why a case could not be opened: what, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseError(pub String);

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Case {
    /// Opens a case file of this or any older version.
    ///
    /// # Errors
    /// A sentence with line and column where the JSON or a field is wrong, or one that names the newer version.
    pub fn open(json: &str) -> Result<Case, CaseError> {
        #[derive(Deserialize)]
        struct Version {
            hopwise: u32,
        }
        if let Ok(Version { hopwise }) = serde_json::from_str(json)
            && hopwise > VERSION
        {
            return Err(CaseError(format!(
                "this case has version {hopwise} of the format, and this Hopwise reads up to version {VERSION}: open it with a newer Hopwise"
            )));
        }
        serde_json::from_str(json).map_err(|error| CaseError(format!("this is not a case Hopwise can open: {error}")))
    }
}

impl<R> Case<R> {
    /// The case as other people may see it. A title, a name and a note are typed, but may have been copied together with a password.
    pub fn without_secrets(mut self) -> Case<R> {
        let masked = |text: &mut String| *text = redact(text, &Salt([0; 16])).text;
        masked(&mut self.title);
        for node in self.graph.iter_mut().flat_map(|graph| &mut graph.nodes) {
            [&mut node.id, &mut node.label, &mut node.team].into_iter().chain(&mut node.hosts).for_each(masked);
            mask_values(&mut node.attrs, masked);
        }
        for edge in self.graph.iter_mut().flat_map(|graph| &mut graph.edges) {
            [&mut edge.from, &mut edge.to].into_iter().chain(&mut edge.protocol).for_each(masked);
            mask_values(&mut edge.attrs, masked);
        }
        for entry in &mut self.evidence {
            [&mut entry.command, &mut entry.vantage, &mut entry.about].into_iter().flatten().for_each(masked);
        }
        self
    }
}

fn mask_values(attrs: &mut BTreeMap<String, Value>, masked: impl Fn(&mut String)) {
    for (name, value) in attrs {
        if let Value::String(text) = value {
            // `password: x` is a secret by its name alone.
            let mut pair = format!("{name}: {text}");
            masked(&mut pair);
            *text = pair.split_once(": ").map_or(pair.as_str(), |(_, value)| value).to_owned();
        }
    }
}

impl<R: Serialize> Case<R> {
    /// Writes the case as a file, readable by people.
    pub fn save(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl<R> Case<R> {
    /// The checked drawing, or nothing where the case has none.
    ///
    /// # Errors
    /// Every complaint about the drawing.
    pub fn sketch(&self) -> Result<Option<Sketch>, SketchErrors> {
        match &self.graph {
            Some(graph) if !graph.nodes.is_empty() => Sketch::new(graph.nodes.clone(), graph.edges.clone()).map(Some),
            _ => Ok(None),
        }
    }
}

impl From<&Sketch> for Graph {
    fn from(sketch: &Sketch) -> Graph {
        Graph { nodes: sketch.nodes().to_vec(), edges: sketch.edges().to_vec() }
    }
}
