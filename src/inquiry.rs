//! What the page asks the engine, which works beside it in a worker, and what the engine answers.
//!
//! The page never calls the engine itself: a paste of 10 MB or a drawing of 10,000 hops would hold up every key press. Both
//! ends are plain values, so the same conversation runs in tests without a worker. Facts stay with the engine; the page holds
//! the gist of them and the mark they are kept under.

use serde::{Deserialize, Serialize};

use crate::author::{Solved, Written};
use crate::case::{Case, Edition, Folded, Graph};
pub use crate::course::Course;
use crate::diagnosis::Diagnosis;
use crate::evidence::Origin;
use crate::examine::Examined;
use crate::handbook::{Contents, Page, Reference};
use crate::redact::Salt;

mod contrast;
mod desk;
mod gist;
pub mod wire;

pub use contrast::{Contrast, Tally, is_place};
pub use desk::Desk;
pub use gist::{Gist, Mark, Stretch};

/// Something the page wants to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// Finds out what a person brought, a case, a link, a drawing or evidence, and takes it in.
    Take { salt: Salt, text: String },
    /// Takes the secrets out of texts and command lines, and reads what is left.
    Hear { salt: Salt, pastes: Vec<Paste> },
    /// Weighs what was heard.
    Diagnose(Case<Mark>),
    /// Weighs what was heard on the drawing of the last `Diagnose`, which this case leaves out: thousands of hops need not travel again.
    Again(Case<Mark>),
    /// Writes a case as the fragment of a link; with its texts where there is a salt to redact them with.
    Link { case: Case<Mark>, texts: Option<Salt> },
    /// Writes what the browser has encrypted as the fragment of a link.
    Sealed { data: String },
    /// Writes a case down for people without Hopwise; `link` goes along where there is room.
    Note { case: Case<Mark>, form: Form, link: Option<String> },
    /// Writes a case as a file.
    File(Case<Folded>),
    /// Opens a link, a fragment, or whatever a mail program made of it.
    Open { salt: Salt, link: String },
    /// Looks at a file of runbooks before it is used.
    Examine(Pack),
    /// Looks at one that is being written, as fast as somebody types: its words and its tests, not how it fares beside all others.
    Glance(Pack),
    /// Diagnoses from now on with these files beside the shipped runbooks, and with no other.
    Shelve(Vec<Pack>),
    /// Finds failure modes by words.
    Contents(String),
    /// Opens the page of one failure mode, its commands filled in for this case.
    Page { case: Case<Mark>, asked: Reference },
    /// How belief moved from one piece of evidence to the next.
    Course(Case<Mark>),
    /// Writes a runbook from a case that is understood; it holds texts and what was read from them.
    Write { case: Case<Mark>, solved: Solved },
}

/// A file of runbooks or overrides: its name, and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    pub name: String,
    pub text: String,
}

/// What a case is written down as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// The whole case as Markdown.
    Note,
    /// A few lines for a chat.
    Chat,
    /// What it means for one team, as Markdown.
    Team(String),
    /// The map as SVG.
    Picture,
}

/// A text as it came, secrets included: it must not be stored.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Paste {
    pub text: String,
    /// What was read from a text that stayed elsewhere.
    pub facts: Option<Folded>,
    /// The command line that printed it, if known.
    pub command: Option<String>,
    /// The kind a person chose where the recognition was wrong.
    pub read_as: Option<String>,
}

/// The same text without secrets, and what it says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Heard {
    pub text: String,
    pub facts: Option<Folded>,
    pub command: Option<String>,
    pub gist: Gist,
}

/// A case on its way to the screen, everything in it heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub way: Way,
    pub title: String,
    pub graph: Graph,
    pub evidence: Vec<(Origin, Heard)>,
    /// The runbooks it was diagnosed with where it came from.
    pub runbooks: Vec<Edition>,
}

/// How a case came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    File,
    Link,
}

/// What the engine says to a question.
#[allow(clippy::large_enum_variant, reason = "one at a time, and soon gone")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// One for each paste, in their order.
    Heard(Vec<Heard>),
    Diagnosed {
        diagnosis: Diagnosis,
        /// What the evidence draws, where nobody drew anything.
        drafted: Option<Graph>,
        /// Who reached what.
        contrast: Contrast,
    },
    /// The case names a mark that this engine has not heard, or a drawing that it has not seen, because it was started anew: tell it again.
    Unheard,
    /// The fragment, or a sentence on why there is none.
    Link(Result<String, String>),
    /// The case, written down.
    Note(String),
    /// The case, or a sentence on why there is none in what was brought.
    Opened(Result<Opened, String>),
    /// A drawing made elsewhere, or a sentence on why it cannot be taken over.
    Drawn(Result<Graph, String>),
    /// The link's data, which only a passphrase opens.
    Sealed(String),
    Examined(Examined),
    /// What cannot be used of the files that were put on the shelf, in sentences.
    Shelved(Vec<String>),
    Contents(Contents),
    Course(Vec<Course>),
    /// Nothing where no runbook in use describes the mode.
    Page(Option<Page>),
    /// The runbook, or a sentence on why the case makes none.
    Written(Result<Written, String>),
    /// The engine broke off. Holds what it said last; a new one takes the next question.
    Stopped(String),
}

/// What the engine says of itself before the first question.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Greeting {
    /// The kinds a person can choose from when a recognition is wrong.
    pub kinds: Vec<String>,
    /// What is wrong with the shipped runbooks; a test keeps this empty.
    pub complaints: Vec<String>,
}

impl Question {
    /// The texts in it, which can be megabytes: they travel beside the question, not quoted inside it.
    pub fn texts(&mut self) -> Vec<&mut String> {
        match self {
            Question::Take { text, .. } => vec![text],
            Question::Hear { pastes, .. } => pastes.iter_mut().map(|paste| &mut paste.text).collect(),
            Question::Link { case, .. } | Question::Write { case, .. } => {
                case.evidence.iter_mut().filter_map(|entry| entry.text.as_mut()).collect()
            }
            Question::File(case) => case.evidence.iter_mut().filter_map(|entry| entry.text.as_mut()).collect(),
            _ => Vec::new(),
        }
    }
}

impl Answer {
    /// The texts in it, likewise.
    pub fn texts(&mut self) -> Vec<&mut String> {
        match self {
            Answer::Heard(heard) => heard.iter_mut().map(|heard| &mut heard.text).collect(),
            Answer::Opened(Ok(opened)) => opened.evidence.iter_mut().map(|(_, heard)| &mut heard.text).collect(),
            _ => Vec::new(),
        }
    }
}
