//! Says that a long paste is being read, and stops it on request.

use leptos::prelude::*;

use crate::browser;
use crate::ui::workspace::workspace;

/// Appears a moment after the engine got busy (`evidence.css`), so that a quick answer does not flicker.
#[component]
pub(super) fn Busy() -> impl IntoView {
    let workspace = workspace();
    view! {
        <Show when=move || workspace.busy.get().gt(&0)>
            <div class="busy row" role="status" data-testid="busy">
                <progress aria-label="Reading"></progress>
                "Reading …"
                <button type="button" class="quiet" data-testid="stop-reading" on:click=|_| browser::stop_engine("Stopped by you.")>
                    "Stop"
                </button>
            </div>
        </Show>
    }
}
