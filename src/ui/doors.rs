//! Three ways to begin, shown while there is nothing yet.

use leptos::prelude::*;

use super::workspace::workspace;
use crate::browser;
use crate::session::{Action, EXAMPLES, Example};

#[component]
pub(super) fn Doors() -> impl IntoView {
    let workspace = workspace();
    view! {
        <div class="doors" data-testid="doors">
            <button type="button" class="door" data-testid="door-paste" on:click=move |_| browser::focus("paste")>
                <b>"Paste output"</b>
                <span>"curl -v, dig, nc, logs … as it stands in your terminal"</span>
            </button>
            <button type="button" class="door" data-testid="door-type" on:click=move |_| workspace.begin_outline()>
                <b>"Type hops"</b>
                <code>"browser -> cdn -> lb -> api -> db"</code>
            </button>
            <div class="door">
                <b>"Open an example incident"</b>
                {EXAMPLES.iter().map(|example| view! { <ExampleDoor example /> }).collect_view()}
            </div>
        </div>
    }
}

#[component]
fn ExampleDoor(example: &'static Example) -> impl IntoView {
    let workspace = workspace();
    let open = move |_| {
        if let Ok(case) = example.case() {
            workspace.dispatch(Action::Open(case));
        }
    };
    view! {
        <button type="button" class="link" data-testid=format!("example-{}", example.id) on:click=open>
            {example.symptom}
        </button>
    }
}
