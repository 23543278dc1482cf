//! The map pane: the drawing as a picture, and the same drawing as text.

use leptos::prelude::*;

use super::outline::Outline;
use super::workspace::workspace;

/// What the pane shows. The workspace holds it, because “Type hops” opens the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tab {
    #[default]
    Map,
    Outline,
}

#[component]
pub(super) fn MapPane() -> impl IntoView {
    let workspace = workspace();
    let tab = workspace.tab;
    view! {
        <section class="card map" aria-label="Hops">
            <div class="tabs" role="tablist" aria-label="Hops as">
                <TabButton name="Map" shows=Tab::Map />
                <TabButton name="Outline" shows=Tab::Outline />
            </div>
            <div role="tabpanel" data-testid="panel">
                {move || match tab.get() {
                    Tab::Map => view! { <p>"map"</p> }.into_any(),
                    Tab::Outline => view! { <Outline /> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn TabButton(name: &'static str, shows: Tab) -> impl IntoView {
    let tab = workspace().tab;
    let selected = move || tab.get() == shows;
    view! {
        <button
            type="button"
            role="tab"
            data-testid=format!("tab-{}", name.to_lowercase())
            aria-selected=move || selected().to_string()
            on:click=move |_| tab.set(shows)
        >
            {name}
        </button>
    }
}
