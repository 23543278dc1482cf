//! The dialog that lies over the page: the list of commands, or the list of cases.

use leptos::html::Dialog;
use leptos::prelude::*;

use super::attention::Sheet;
use super::workspace::workspace;
use super::{author, cases, packs, palette, runbooks};
use crate::browser;

#[component]
pub(super) fn SheetDialog() -> impl IntoView {
    let workspace = workspace();
    let sheet = workspace.attention.sheet;
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match sheet.get() {
            Some(_) => browser::show_modal(&dialog),
            None => browser::close(&dialog),
        }
    });
    let name = move || match sheet.get() {
        Some(Sheet::Cases) => "Cases in this browser",
        Some(Sheet::Runbooks) => "Runbooks",
        Some(Sheet::Packs) => "Your team’s runbooks",
        Some(Sheet::Author) => "Write a runbook",
        Some(Sheet::Commands) | None => "Commands and keys",
    };
    view! {
        <dialog class="sheet" class:wide=move || !matches!(sheet.get(), Some(Sheet::Commands | Sheet::Cases)) data-testid="sheet" aria-labelledby="sheet-title" node_ref=dialog on:close=move |_| sheet.set(None)>
            <div class="sheet-head">
                <h2 id="sheet-title">{name}</h2>
                <button type="button" class="quiet" data-testid="sheet-close" aria-label="Close" on:click=move |_| sheet.set(None)>
                    "✕"
                </button>
            </div>
            {move || match sheet.get() {
                Some(Sheet::Commands) => palette::palette(workspace),
                Some(Sheet::Cases) => cases::cases(workspace),
                Some(Sheet::Runbooks) => runbooks::runbooks(workspace),
                Some(Sheet::Packs) => packs::packs(workspace),
                Some(Sheet::Author) => author::author(workspace),
                None => ().into_any(),
            }}
        </dialog>
    }
}
