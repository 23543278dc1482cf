//! The hops as a table: what the picture shows, for people who read it line by line; choosing one opens its form.

use leptos::prelude::*;

use crate::sketch::{NodeIx, Sketch};
use crate::ui::workspace::{Workspace, workspace};

#[component]
pub(super) fn HopTable() -> impl IntoView {
    let workspace = workspace();
    let rows = move || {
        let sketch = workspace.sketch.read();
        sketch.node_indices().map(|ix| row(workspace, &sketch, ix)).collect_view()
    };
    view! {
        <table class="hops" data-testid="hop-table">
            <thead>
                <tr>
                    <th scope="col">"Hop"</th>
                    <th scope="col">"Standing"</th>
                    <th scope="col">"Addresses"</th>
                    <th scope="col">"Calls"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(workspace: Workspace, sketch: &Sketch, ix: NodeIx) -> AnyView {
    let Some(node) = sketch.node(ix) else { return ().into_any() };
    let id = StoredValue::new(node.id.clone());
    let standing = move || id.with_value(|id| workspace.diagnosis.read().standing(id, None));
    let chosen = move || id.with_value(|id| workspace.attention.is_chosen(id));
    let addresses = node.ips.iter().map(ToString::to_string).chain(node.hosts.iter().cloned()).collect::<Vec<_>>();
    let called = sketch.edge_indices().filter_map(|edge| sketch.ends(edge)).filter(|(from, _)| *from == ix);
    let called: Vec<&str> = called.filter_map(|(_, to)| sketch.node(to)).map(|node| node.name()).collect();
    view! {
        <tr>
            <th scope="row">
                <button
                    type="button"
                    class="link"
                    data-testid="hop-row"
                    aria-pressed=move || chosen().to_string()
                    on:click=move |_| id.with_value(|id| workspace.attention.choose(id))
                >
                    {node.name().to_owned()}
                </button>
                <small>{node.kind.kind.spoken()}</small>
            </th>
            <td data-state=move || standing().word()>{move || standing().sign()}</td>
            <td>{addresses.join(", ")}</td>
            <td>{called.join(", ")}</td>
        </tr>
    }
    .into_any()
}
