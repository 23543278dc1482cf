//! The drawing as text: one chain of hops per line. The map follows while it can be read.

use leptos::prelude::*;

use super::workspace::workspace;
use crate::session::Edit;
use crate::sketch::from_arrows;

#[component]
pub(super) fn Outline() -> impl IntoView {
    let workspace = workspace();
    let text = Memo::new(move |_| workspace.session.read().work().outline(&workspace.sketch.read()));
    let complaint =
        Memo::new(move |_| from_arrows(&text.read(), &workspace.sketch.read()).err().map(|errors| errors.to_string()));
    view! {
        <div class="outline">
            <label for="outline" class="hint">
                "One chain per line, addresses in brackets: "
                <code>"client -> lb[203.0.113.10, 203.0.113.20]:443 -> api -> db"</code>
            </label>
            <textarea
                id="outline"
                data-testid="outline-text"
                rows="6"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                aria-invalid=move || complaint.read().is_some().to_string()
                aria-describedby="outline-problem"
                readonly=move || workspace.visiting()
                prop:value=move || text.get()
                on:input=move |event| {
                    let shown = workspace.sketch.get_untracked();
                    workspace.edit(Edit::Outline { text: event_target_value(&event), shown });
                }
            ></textarea>
            <p id="outline-problem" class="problem" role="status" data-testid="outline-problem">
                {move || complaint.get().map(|sentence| format!("{sentence}. The map shows the last drawing that could be read."))}
            </p>
        </div>
    }
}
