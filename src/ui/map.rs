//! The map pane: the drawing as a picture, and the same drawing as text and table.

use leptos::prelude::*;

mod body;
mod canvas;
mod chart;
mod form;
mod hop;
mod legend;
mod line;
mod overview;
mod picture;
mod table;

use super::command;
use super::contrast::ContrastTable;
use super::doors::Doors;
use super::outline::Outline;
use super::verdict::Cleared;
use super::workspace::{Workspace, workspace};

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
    let drawn = Memo::new(move |_| !workspace.sketch.read().is_empty());
    let placed = move || !workspace.visiting() && !workspace.session.read().work().places.is_empty();
    view! {
        <section class="card map" aria-label="Hops">
            <div class="tabs">
                <div role="tablist" aria-label="Hops as">
                    <TabButton name="Map" shows=Tab::Map />
                    <TabButton name="Outline" shows=Tab::Outline />
                </div>
                <Show when=move || drawn.get()>
                    <div class="tools">
                        <Show when=placed>{tool(workspace, "Tidy", "Tidy the map", "tidy", "L")}</Show>
                        {tool(workspace, "−", "Farther", "zoom-out", "-")}
                        {tool(workspace, "+", "Nearer", "zoom-in", "+")}
                        {tool(workspace, "Fit", "Fit the whole map into view", "fit", "Shift+1")}
                    </div>
                </Show>
            </div>
            <div role="tabpanel" id="hops" data-testid="panel">
                <Show when=move || tab.get() == Tab::Outline>
                    <Outline />
                </Show>
                <Show when=move || drawn.get() fallback=move || (tab.get() == Tab::Map).then(|| view! { <Doors /> })>
                    <chart::Chart />
                    <legend::Legend />
                    <form::HopForm />
                    <Show when=move || tab.get() == Tab::Outline>
                        <table::HopTable />
                    </Show>
                </Show>
            </div>
            <Cleared />
            <ContrastTable />
        </section>
    }
}

/// A button for what a key does too.
fn tool(
    workspace: Workspace,
    sign: &'static str,
    name: &'static str,
    testid: &'static str,
    key: &'static str,
) -> AnyView {
    let run = move |_| {
        if let Some(command) = command::of_key(key) {
            (command.run)(workspace);
        }
    };
    let label = (sign != name).then_some(name);
    view! {
        <button type="button" class="quiet" data-testid=testid aria-label=label title=format!("{name} ({key})") on:click=run>
            {sign}
        </button>
    }
    .into_any()
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
            data-testid=format!("tab-{}", name.to_ascii_lowercase())
            aria-selected=move || selected().to_string()
            on:click=move |_| tab.set(shows)
        >
            {name}
        </button>
    }
}
