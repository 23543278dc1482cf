//! The only code with side effects: runs errands, keeps drafts, and tells what a person brought along.

use crate::session::Errand;

mod address;
mod clipboard;
mod chance;
mod clock;
mod drafts;
mod files;
mod page;
mod panics;

pub use address::{link_to, on_link, take_link};
pub use chance::salt;
pub use clock::now;
pub use drafts::{latest, write_when_leaving};
pub use files::read_files;
pub use page::{
    focus, is_editing, is_typing, mount_point, narrow, on_drop, on_keydown, on_narrow_change, on_paste, scroll_to,
    show_modal, taken_over,
};
pub use panics::announce_panics;

/// What came of an errand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Good news or plain news, said once.
    Said(String),
    /// Something did not work; stays until the next notice.
    Failed(String),
    /// The case is stored in this browser.
    Saved,
}

/// Runs one errand. `tell` is called when there is something to say about it, now or later.
pub fn run(errand: Errand, tell: impl Fn(Notice) + Clone + 'static) {
    match errand {
        Errand::Save(work) => drafts::save_soon(work, tell),
        Errand::SaveAsNew(work) => drafts::save_as_new(work, tell),
        Errand::Copy { text, spoken } => clipboard::copy(text, spoken, tell),
        Errand::Download { name, text } => tell(files::download(&name, &text)),
        Errand::Tell(sentence) => tell(Notice::Said(sentence)),
        Errand::Warn(sentence) => tell(Notice::Failed(sentence)),
    }
}
