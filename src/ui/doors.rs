//! Ways to begin besides pasting, shown while there is nothing yet.

use leptos::prelude::*;

use super::workspace::{Workspace, workspace};
use crate::browser::{self, Notice};
use crate::session::{Action, EXAMPLES, Example};

#[component]
pub(super) fn Doors() -> impl IntoView {
    let workspace = workspace();
    view! {
        <div class="doors" data-testid="doors">
            <h2>"Or type the hops"</h2>
            <button type="button" class="door" data-testid="door-type" on:click=move |_| workspace.begin_outline()>
                <code>"browser -> cdn -> lb -> api -> db"</code>
            </button>
            <h2>"Or look at an incident"</h2>
            <ul class="examples">{EXAMPLES.iter().map(|example| door(workspace, example)).collect_view()}</ul>
        </div>
    }
}

fn door(workspace: Workspace, example: &'static Example) -> AnyView {
    view! {
        <li>
            <button
                type="button"
                class="door"
                data-testid=format!("example-{}", example.id)
                on:click=move |_| open_example(workspace, example.id)
            >
                {example.symptom}
            </button>
        </li>
    }
    .into_any()
}

/// Opens an example as a case of its own.
pub(super) fn open_example(workspace: Workspace, id: &'static str) {
    browser::read_example(id, move |text| match text {
        Ok(text) => workspace.dispatch(Action::Open(text)),
        Err(sentence) => workspace.hear(Notice::Failed(sentence)),
    });
}
