//! The evidence inbox: a box to paste into, and everything pasted so far, newest on top.

use leptos::prelude::*;
use web_sys::FileList;

mod busy;
mod card;
mod command_line;
mod facts;
mod numbers;
mod paste_box;
mod source_link;
mod transcript;

pub(super) use source_link::SourceLink;

use super::attention::Sheet;
use super::workspace::{Workspace, workspace};
use crate::browser::{self, Notice};
use crate::inquiry::Pack;
use crate::session::{Action, Source};

/// Takes in text pasted, and files dropped, anywhere on the page.
pub(super) fn listen(workspace: Workspace) {
    browser::on_paste(move |text| take(workspace, text));
    browser::on_drop(move |files| take_files(workspace, files));
}

fn take_files(workspace: Workspace, files: FileList) {
    browser::read_files(files, move |read| match read {
        Ok((name, text)) if holds_runbook(&text) => bring(workspace, name, text),
        Ok((_, text)) => take(workspace, text),
        Err(sentence) => workspace.hear(Notice::Failed(sentence)),
    });
}

/// Whether a text begins as a runbook or as overrides do. Both words occur elsewhere in what tools print.
fn holds_runbook(text: &str) -> bool {
    let Some(first) = text.trim_start().strip_prefix('{').map(str::trim_start) else { return false };
    let begins = |key: &str| first.starts_with(key);
    let holds = |key: &str| first.contains(key);
    begins("\"runbook\"")
        || begins("\"overrides\"")
        || begins("\"$schema\"") && (holds("\"runbook\"") || holds("\"overrides\""))
}

/// Looks at a file of runbooks, and shows what was found in it.
pub(super) fn bring(workspace: Workspace, name: String, text: String) {
    workspace.dispatch(Action::Bring { pack: Pack { name, text }, source: Source::File });
    workspace.attention.sheet.set(Some(Sheet::Packs));
}

/// Looks at a runbook; of everything else the engine finds out whether it is evidence, a case, a link or a drawing.
fn take(workspace: Workspace, text: String) {
    if holds_runbook(&text) {
        // The linter knows that what has no file has no name.
        bring(workspace, "-".to_owned(), text);
    } else {
        workspace.dispatch(Action::Paste { text, at: Some(browser::now()) });
    }
}

#[component]
pub(super) fn Inbox(
    /// What was typed before the program arrived.
    typed: String,
) -> impl IntoView {
    let workspace = workspace();
    let items = Memo::new(move |_| {
        let session = workspace.session.read();
        session.work().evidence.iter().rev().map(|item| item.id).collect::<Vec<_>>()
    });
    view! {
        <section class="card evidence" aria-labelledby="evidence-title">
            <h2 id="evidence-title">"Evidence"</h2>
            <paste_box::PasteBox typed />
            <numbers::Numbers />
            <busy::Busy />
            <ul class="items" data-testid="evidence-list">
                <For each=move || items.get() key=|id| *id let(id)>
                    <card::Card id />
                </For>
            </ul>
        </section>
    }
}
