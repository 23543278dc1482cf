//! The only code with side effects: runs errands, keeps drafts, and tells what a person brought along.

use crate::session::{Action, Errand};

mod address;
mod clipboard;
mod chance;
mod clock;
mod drafts;
mod engine;
mod examples;
mod files;
mod hands;
mod page;
mod panics;
mod runbooks;

pub use address::{link_to, on_link, take_link};
pub use chance::salt;
pub use clock::{date, minutes_since, now};
pub use drafts::{Forgotten, Kept, forget, kept, latest, open_kept, part, put_back, write_when_leaving};
pub use engine::{EngineNews, ask, start_engine, stop_engine};
pub use examples::read_example;
pub use files::read_files;
pub use hands::{can_seal, passphrase, save_page, seal, unseal};
pub use page::{
    click, close, focus, is_editing, is_in_dialog, is_on_map, is_typing, mount_point, narrow, on_drop, on_keydown,
    on_narrow_change, on_paste, print, scroll_to, show_modal, taken_over, unselect,
};
pub use panics::announce_panics;
pub use runbooks::{fetch_runbooks, library};

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

/// What comes back from an errand, now or later.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// Something to say to the person.
    Notice(Notice),
    /// What waited for the engine can go on.
    Action(Box<Action>),
    /// A link waits for its passphrase; this is its data.
    Sealed(String),
    /// A text goes back into the box it was pasted into.
    Returned(String),
}

/// Runs one errand. `tell` is called when something comes of it.
pub fn run(errand: Errand, tell: impl Fn(News) + Clone + 'static) {
    let notice = {
        let tell = tell.clone();
        move |notice| tell(News::Notice(notice))
    };
    match errand {
        Errand::Ask(question, awaiting) => {
            engine::ask(question, move |answer| tell(News::Action(Box::new(Action::Answered(awaiting, answer)))));
        }
        Errand::AskPassphrase(data) => tell(News::Sealed(data)),
        Errand::GiveBack(text) => tell(News::Returned(text)),
        Errand::KeepLibrary(library) => runbooks::keep(&library).into_iter().for_each(notice),
        Errand::Save(work) => drafts::save_soon(work, notice),
        Errand::SaveAsNew(work) => drafts::save_as_new(work, notice),
        Errand::Copy { text, spoken } => clipboard::copy(text, spoken, notice),
        Errand::DownloadPicture { name, svg } => hands::download_png(name, &svg, notice),
        Errand::Download { name, text } => notice(files::download(&name, &text)),
        Errand::Tell(sentence) => notice(Notice::Said(sentence)),
        Errand::Warn(sentence) => notice(Notice::Failed(sentence)),
    }
}
