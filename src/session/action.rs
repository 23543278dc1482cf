//! What a person can do, and what the browser is asked to do in return.

use super::{Edit, Work};
use crate::case::Case;

/// Something a person did. The only way from the view back into the session.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Changes the case; can be undone.
    Edit(Edit),
    /// Adds what was pasted. Its secrets are taken out before anything else happens to it. `at` is now, RFC 3339.
    Paste {
        text: String,
        at: Option<String>,
    },
    Undo,
    Redo,
    /// Puts `text` on the clipboard and says `spoken` when it is there.
    Copy {
        text: String,
        spoken: String,
    },
    /// Hands the case over as a file, with the redacted texts.
    SaveAsFile,
    /// Opens an example or a file as a new case beside the one on screen.
    Open(Case),
    /// Looks at a case that came by a link, without keeping it.
    Visit(Case),
    /// Keeps the visited case as a new one of one's own.
    MakeItMine,
    /// Goes back to a case that this browser has kept.
    Resume(Work),
}

/// Something only the browser can do.
#[derive(Debug, Clone, PartialEq)]
pub enum Errand {
    /// Keeps the case under the name it has in this browser.
    Save(Work),
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
    /// Says a sentence to the person, on screen and to a screen reader.
    Tell(String),
    /// Says what went wrong and what to do about it; stays until it is closed.
    Warn(String),
}
