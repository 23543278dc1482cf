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

use super::workspace::{Workspace, workspace};
use crate::browser::{self, Notice};
use crate::case::Case;
use crate::link::is_link;
use crate::session::{Action, Stroke};
use crate::sketch::import;

/// Takes in text pasted, and files dropped, anywhere on the page.
pub(super) fn listen(workspace: Workspace) {
    browser::on_paste(move |text| take(workspace, text));
    browser::on_drop(move |files| take_files(workspace, files));
}

fn take_files(workspace: Workspace, files: FileList) {
    browser::read_files(files, move |text| match text {
        Ok(text) => take(workspace, text),
        Err(sentence) => workspace.hear(Notice::Failed(sentence)),
    });
}

/// Opens a case file or a link and takes over a drawing; everything else is evidence.
fn take(workspace: Workspace, text: String) {
    let trimmed = text.trim();
    if trimmed.starts_with('{') && trimmed.contains("\"hopwise\"") {
        match Case::open(trimmed) {
            Ok(case) => workspace.dispatch(Action::Open(case)),
            Err(error) => workspace.hear(Notice::Failed(error.to_string())),
        }
    } else if trimmed.len() < 300_000 && is_link(trimmed) {
        workspace.visit(trimmed);
    } else if let Some(drawing) = import(trimmed) {
        match drawing {
            Ok(sketch) => workspace.draw(Stroke::Import(sketch)),
            Err(errors) => workspace.hear(Notice::Failed(errors.to_string())),
        }
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
