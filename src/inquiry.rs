//! What the page asks the engine, which works beside it in a worker, and what the engine answers.
//!
//! The page never calls the engine itself: a paste of 10 MB or a drawing of 10,000 hops would hold up every key press. Both
//! ends are plain values, so the same conversation runs in tests without a worker.

use serde::{Deserialize, Serialize};

use crate::author::{self, Solved, Written};
use crate::case::{Case, Entry, Graph};
pub use crate::course::Course;
use crate::course::courses;
use crate::diagnosis::Diagnosis;
use crate::engine::{Evidence, believe, diagnose, draft};
use crate::examine::{Examined, examine};
use crate::handbook::{self, Contents, Page, Reference};
use crate::handoff::{self, Handoff, Level};
use crate::link::{self, LinkError};
use crate::read::{Reading, kinds, read};
use crate::redact::{Salt, redact};
use crate::runbook::Shelf;
use crate::sketch::Sketch;

/// Something the page wants to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// Takes the secrets out of texts and command lines, and reads what is left.
    Hear { salt: Salt, pastes: Vec<Paste> },
    /// Weighs the facts of a case; its texts are not read again.
    Diagnose(Case),
    /// Writes a case as the fragment of a link; with its texts where there is a salt to redact them with.
    Link { case: Case, texts: Option<Salt> },
    /// Writes a case down for people without Hopwise; `link` goes along where there is room.
    Note { case: Case, form: Form, link: Option<String> },
    /// Opens a link, a fragment, or whatever a mail program made of it.
    Open { link: String },
    /// Looks at a file of runbooks before it is used.
    Examine(Pack),
    /// Diagnoses from now on with these files beside the shipped runbooks, and with no other.
    Shelve(Vec<Pack>),
    /// Finds failure modes by words.
    Contents(String),
    /// Opens the page of one failure mode, its commands filled in for this case.
    Page { case: Case, asked: Reference },
    /// How belief moved from one piece of evidence to the next.
    Course(Case),
    /// Writes a runbook from a case that is understood; it holds texts and what was read from them.
    Write { case: Case, solved: Solved },
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
}

/// A text as it came, secrets included: it must not be stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Paste {
    pub text: String,
    /// The command line that printed it, if known.
    pub command: Option<String>,
    /// The kind a person chose where the recognition was wrong.
    pub read_as: Option<String>,
}

/// The same text without secrets, and what it says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Heard {
    pub text: String,
    pub command: Option<String>,
    pub reading: Reading,
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
    },
    /// The fragment, or a sentence on why there is none.
    Link(Result<String, String>),
    /// The case, written down.
    Note(String),
    /// The case, or a sentence on why the link holds none.
    Opened(Result<Case, String>),
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

/// The engine's side of the conversation: the shipped runbooks, and what a team has put beside them.
#[derive(Debug, Clone)]
pub struct Desk {
    shipped: Shelf,
    shelf: Shelf,
}

impl Desk {
    /// Begins a conversation.
    pub fn open() -> (Desk, Greeting) {
        let (shipped, complaints) = Shelf::shipped();
        let kinds = kinds().into_iter().map(str::to_owned).collect();
        (Desk { shelf: shipped.clone(), shipped }, Greeting { kinds, complaints })
    }

    /// Answers one question.
    pub fn answer(&mut self, question: Question) -> Answer {
        let shelf = &self.shelf;
        match question {
            Question::Hear { salt, pastes } => Answer::Heard(pastes.iter().map(|paste| hear(paste, &salt)).collect()),
            Question::Diagnose(case) => weigh(&case, shelf),
            Question::Link { case, texts } => {
                let fragment = match texts {
                    None => link::to_fragment(&case),
                    Some(salt) => link::to_fragment_with_text(&case, &salt),
                };
                Answer::Link(fragment.map_err(|error| error.to_string()))
            }
            Question::Note { case, form, link } => Answer::Note(written(&case, &form, link.as_deref(), shelf)),
            Question::Open { link } => match link::from_fragment(&link) {
                Err(LinkError::Sealed(data)) => Answer::Sealed(data),
                opened => Answer::Opened(opened.map_err(|error| error.to_string())),
            },
            Question::Examine(pack) => Answer::Examined(examine(&pack.name, &pack.text, shelf)),
            Question::Shelve(packs) => {
                let files: Vec<(&str, &str)> =
                    packs.iter().map(|pack| (pack.name.as_str(), pack.text.as_str())).collect();
                let (shelf, complaints) = self.shipped.with(&files);
                self.shelf = shelf;
                Answer::Shelved(complaints)
            }
            Question::Contents(sought) => Answer::Contents(handbook::contents(&sought, shelf)),
            Question::Page { case, asked } => {
                let drawn = case.sketch().ok().flatten().unwrap_or_default();
                let evidence = testimony(&case);
                Answer::Page(believe(&drawn, &evidence, shelf, |belief| handbook::page(&asked, belief)))
            }
            Question::Course(case) => {
                let drawn = case.sketch().ok().flatten().unwrap_or_default();
                Answer::Course(courses(&drawn, &testimony(&case), shelf))
            }
            Question::Write { case, solved } => Answer::Written(author::write(&case, &solved, shelf)),
        }
    }
}

fn hear(paste: &Paste, salt: &Salt) -> Heard {
    let text = redact(&paste.text, salt).text;
    // A command line can carry a password as well as a paste can.
    let command = paste.command.as_deref().map(|command| redact(command, salt).text);
    let reading = match text.is_empty() {
        true => Reading::default(),
        false => read(&text, command.as_deref(), paste.read_as.as_deref()),
    };
    Heard { text, command, reading }
}

/// A title and names of hops are typed, but may have been copied together with a password.
fn told(case: &Case) -> Case {
    let plain = |text: &str| redact(text, &Salt([0; 16])).text;
    let mut told = Case { title: plain(&case.title), ..case.clone() };
    for node in told.graph.iter_mut().flat_map(|graph| &mut graph.nodes) {
        node.label = plain(&node.label);
        node.hosts = node.hosts.iter().map(|host| plain(host)).collect();
    }
    told
}

fn written(case: &Case, form: &Form, link: Option<&str>, shelf: &Shelf) -> String {
    let case = &told(case);
    let evidence = testimony(case);
    let drawn = case.sketch().ok().flatten().unwrap_or_default();
    let sketch = if drawn.is_empty() { draft(&evidence) } else { drawn };
    let diagnosis = diagnose(&sketch, &evidence, shelf);
    let handoff = Handoff {
        title: &case.title,
        sketch: &sketch,
        evidence: &evidence,
        diagnosis: &diagnosis,
        level: Level::Facts,
    };
    match form {
        Form::Note => handoff::note(&handoff),
        Form::Chat => handoff::chat(&handoff, link),
        Form::Team(team) => handoff::team_page(&handoff, team),
    }
}

/// The facts of a case as the engine takes them.
fn testimony(case: &Case) -> Vec<Evidence> {
    let heard = |entry: &Entry| Evidence { origin: entry.origin(), reading: entry.facts.clone().unwrap_or_default() };
    case.evidence.iter().map(heard).collect()
}

fn weigh(case: &Case, shelf: &Shelf) -> Answer {
    // A drawing on screen was accepted before; a broken one counts as none.
    let drawn = case.sketch().ok().flatten().unwrap_or_default();
    let evidence = testimony(case);
    let drafted = drawn.is_empty().then(|| draft(&evidence));
    let shown: &Sketch = drafted.as_ref().unwrap_or(&drawn);
    let diagnosis = diagnose(shown, &evidence, shelf);
    Answer::Diagnosed { diagnosis, drafted: drafted.as_ref().map(Graph::from) }
}
