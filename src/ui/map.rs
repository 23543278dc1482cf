//! The map pane: the drawing as a picture, and the same drawing as text.

use leptos::prelude::*;

mod chart;
mod hop;
mod legend;
mod line;
mod picture;

use super::outline::Outline;
use super::workspace::workspace;
use crate::session::Edit;

/// What the pane shows.
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
    let placed = move || !workspace.visiting() && !workspace.session.read().work().places.is_empty();
    view! {
        <section class="card map" aria-label="Hops">
            <div class="tabs">
                <div role="tablist" aria-label="Hops as">
                    <TabButton name="Map" shows=Tab::Map />
                    <TabButton name="Outline" shows=Tab::Outline />
                </div>
                <Show when=move || tab.get() == Tab::Map && placed()>
                    <button type="button" class="quiet" data-testid="tidy" on:click=move |_| workspace.edit(Edit::Tidy)>
                        "Tidy"
                    </button>
                </Show>
            </div>
            <div role="tabpanel" id="hops" data-testid="panel">
                {move || match tab.get() {
                    Tab::Map => view! { <chart::Chart /> }.into_any(),
                    Tab::Outline => view! {
                        <Outline />
                        <chart::Chart />
                    }
                    .into_any(),
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
            aria-controls="hops"
            data-testid=format!("tab-{}", name.to_lowercase())
            aria-selected=move || selected().to_string()
            on:click=move |_| tab.set(shows)
        >
            {name}
        </button>
    }
}
