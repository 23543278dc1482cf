//! The hops as a table: what the picture shows, for people who read it line by line; choosing one opens its form.

use leptos::prelude::*;

use crate::sketch::{Node, NodeIx, Sketch};
use crate::ui::workspace::{Workspace, workspace};

#[component]
pub(super) fn HopTable() -> impl IntoView {
    let workspace = workspace();
    let rows = move || {
        let sketch = workspace.sketch.read();
        sketch.node_indices().filter_map(|ix| Row::of(&sketch, ix)).collect::<Vec<_>>()
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
            <tbody>
                <For each=rows key=Clone::clone let(row)>
                    {shown(workspace, row)}
                </For>
            </tbody>
        </table>
    }
}

/// What one row says. Drawn again only when that changes.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Row {
    id: String,
    name: String,
    kind: &'static str,
    addresses: String,
    called: String,
}

impl Row {
    fn of(sketch: &Sketch, ix: NodeIx) -> Option<Row> {
        let node = sketch.node(ix)?;
        let addresses = node.ips.iter().map(ToString::to_string).chain(node.hosts.iter().cloned());
        let called = sketch.callees(ix).iter().filter_map(|(_, to)| sketch.node(*to)).map(Node::name);
        Some(Row {
            id: node.id.clone(),
            name: node.name().to_owned(),
            kind: node.kind.kind.spoken(),
            addresses: addresses.collect::<Vec<_>>().join(", "),
            called: called.collect::<Vec<_>>().join(", "),
        })
    }
}

fn shown(workspace: Workspace, Row { id, name, kind, addresses, called }: Row) -> AnyView {
    let id = StoredValue::new(id);
    let standing = move || id.with_value(|id| workspace.standing(id, None));
    let chosen = move || id.with_value(|id| workspace.attention.is_chosen(id));
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
                    {name}
                </button>
                <small>{kind}</small>
            </th>
            <td data-state=move || standing().word()>{move || standing().sign()}</td>
            <td>{addresses}</td>
            <td>{called}</td>
        </tr>
    }
    .into_any()
}
