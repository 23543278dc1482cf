//! The command that printed a piece of evidence, where the paste does not show it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::session::{Action, Item, ItemId};
use crate::ui::workspace::workspace;

#[component]
pub(super) fn CommandLine(id: ItemId, item: Memo<Option<Arc<Item>>>) -> impl IntoView {
    let workspace = workspace();
    let shown_in_paste = move || {
        let item = item.read();
        let read = |item: &Arc<Item>| item.gist.blocks.iter().any(|block| block.command.is_some());
        item.as_ref().is_some_and(|item| item.origin.command.is_none() && read(item))
    };
    let given = move || item.read().as_ref().and_then(|item| item.origin.command.clone()).unwrap_or_default();
    view! {
        <Show when=move || !shown_in_paste()>
            <label class="command-line">
                <span>"Printed by"</span>
                <input
                    data-testid="command"
                    placeholder="curl -v https://…"
                    autocomplete="off"
                    spellcheck="false"
                    readonly=move || workspace.visiting()
                    prop:value=given
                    on:change=move |event| {
                        let command = event_target_value(&event).trim().to_owned();
                        workspace.dispatch(Action::Command(id, (!command.is_empty()).then_some(command)));
                    }
                />
            </label>
        </Show>
    }
}
