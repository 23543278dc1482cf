//! What a person can do, and what the browser is asked to do in return.

use std::sync::Arc;

use super::{Asked, Edit, ItemId, Library, Shelving, Source, Work};
use crate::inquiry::{Answer, Pack, Question};

/// Something a person did. The only way from the view back into the session.
#[allow(clippy::large_enum_variant, reason = "one at a time, and soon gone")]
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Changes the case; can be undone.
    Edit(Edit),
    /// Takes in what was pasted: evidence, mostly, or a case, a link, a drawing. Its secrets are taken out before anything else
    /// happens to it. `at` is now, RFC 3339.
    Paste {
        text: String,
        at: Option<String>,
    },
    /// Says which command printed the evidence.
    Command(ItemId, Option<String>),
    /// Overrides what the evidence was recognized as.
    ReadAs(ItemId, Option<String>),
    /// Goes on with what waited for the engine.
    Answered(Awaiting, Answer),
    Undo,
    Redo,
    /// Puts `text` on the clipboard and says `spoken` when it is there.
    Copy {
        text: String,
        spoken: String,
    },
    /// Puts a command on the clipboard, whose output will be pasted next.
    CopyCommand {
        asked: Asked,
        spoken: String,
    },
    /// Hands the case over as a file, with the redacted texts.
    SaveAsFile,
    /// Hands a text over as a file.
    Download {
        name: String,
        text: String,
    },
    /// Hands a picture over as a PNG.
    DownloadPicture {
        name: String,
        svg: String,
    },
    /// Opens the text of a case file, of an example for instance, as a new case beside the one on screen.
    Open(String),
    /// Looks at the case of a link, without keeping it.
    Visit {
        link: String,
    },
    /// Keeps the visited case as a new one of one's own.
    MakeItMine,
    /// Adds the visited case to this one of one's own.
    Join {
        mine: Work,
    },
    /// Goes back to a case that this browser has kept.
    Resume(Work),
    /// Takes up the runbooks that this browser has kept.
    Recall(Library),
    /// Looks at a file of runbooks; it is used only once a person says so.
    Bring {
        pack: Pack,
        source: Source,
    },
    /// Changes which runbooks are in use; can be undone.
    Shelve(Shelving),
}

/// What waits for an answer of the engine. It stays on this side: the engine is only asked.
#[allow(clippy::large_enum_variant, reason = "one at a time, and soon gone")]
#[derive(Debug, Clone, PartialEq)]
pub enum Awaiting {
    /// A paste, kept as it came until it is heard, so that it can be given back.
    Paste { text: String, at: Option<String> },
    /// Evidence that is heard again, as this kind if a person chose one.
    Item { id: ItemId, read_as: Option<String> },
    /// A draft that is on screen already; only its readings are missing.
    Readings,
    /// A draft to which another copy of the case is added, once its readings are there to compare.
    Union(Arc<Work>),
    /// A case on its way to the screen.
    Case,
    /// A file to hand over under this name.
    File { name: String },
    /// A file of runbooks that is being looked at.
    Pack { pack: Pack, source: Source },
    /// Runbooks on their way to the engine's shelf.
    Shelf,
}

impl Awaiting {
    /// Says that the engine broke off, and returns what it was given.
    pub(super) fn given_back(self, last_words: &str) -> Vec<Errand> {
        let (what, returned) = match self {
            Awaiting::Paste { text, .. } => {
                ("reading this paste; it waits where it was pasted", Some(Errand::GiveBack(text)))
            }
            Awaiting::Item { .. } | Awaiting::Readings | Awaiting::Union(_) => {
                ("reading; the evidence is as it was", None)
            }
            Awaiting::Case => ("opening this case; yours is as it was", None),
            Awaiting::File { .. } => ("writing the file; the case is as it was", None),
            Awaiting::Pack { .. } | Awaiting::Shelf => ("looking at runbooks; those in use are as they were", None),
        };
        let sentence = format!("Hopwise broke off {what}. ({last_words})");
        returned.into_iter().chain([Errand::Warn(sentence)]).collect()
    }
}

/// Something only the browser can do.
#[allow(clippy::large_enum_variant, reason = "one at a time, and soon gone")]
#[derive(Debug, Clone, PartialEq)]
pub enum Errand {
    /// Asks the engine, and comes back with [`Action::Answered`].
    Ask(Question, Awaiting),
    /// Puts a text back where it was pasted, because it could not be read.
    GiveBack(String),
    /// Asks the person for the passphrase of a link with this data.
    AskPassphrase(String),
    /// Keeps the case under the name it has in this browser.
    Save(Work),
    /// Keeps the runbooks brought along, for every case of this browser.
    KeepLibrary(Arc<Library>),
    /// Keeps the case under a new name, so that no other case is overwritten.
    SaveAsNew(Work),
    Copy {
        text: String,
        spoken: String,
    },
    Download {
        name: String,
        text: String,
    },
    /// Draws a picture and offers it as a PNG.
    DownloadPicture {
        name: String,
        svg: String,
    },
    /// Says a sentence to the person, on screen and to a screen reader.
    Tell(String),
    /// Says what went wrong and what to do about it; stays until it is closed.
    Warn(String),
}
