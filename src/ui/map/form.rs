//! The form of the chosen hop: everything the drawing knows about it, and what it calls. Several hops get a row of buttons.

use leptos::prelude::*;

use crate::browser::Notice;
use crate::session::{Field, Stroke};
use crate::sketch::{Kind, Node, NodeIx};
use crate::ui::command;
use crate::ui::workspace::{Workspace, workspace};

#[component]
pub(super) fn HopForm() -> impl IntoView {
    let workspace = workspace();
    let chosen = workspace.attention.chosen;
    // By position and not by id, so that the form stays, with the cursor in it, while the hop is renamed.
    let places = Memo::new(move |_| {
        let sketch = workspace.sketch.read();
        chosen.read().iter().filter_map(|id| sketch.find(id)).collect::<Vec<NodeIx>>()
    });
    move || match places.read().as_slice() {
        [] => ().into_any(),
        [place] => form(workspace, *place),
        many => group(many.len()),
    }
}

fn group(count: usize) -> AnyView {
    view! {
        <div class="hop-form row" data-testid="hop-group">
            <b>{format!("{count} hops chosen")}</b>
            {buttons()}
        </div>
    }
    .into_any()
}

/// What can be done to whatever is chosen.
fn buttons() -> AnyView {
    let workspace = workspace();
    let button = |key: &'static str, name: &'static str, testid: &'static str| {
        let run = move |_| {
            if let Some(command) = command::of_key(key) {
                (command.run)(workspace);
            }
        };
        let title = format!("{name} ({key})");
        view! { <button type="button" class="quiet" data-testid=testid title=title on:click=run>{name}</button> }
            .into_any()
    };
    [
        button("N", "Add a hop behind it", "hop-grow"),
        button("Ctrl+D", "Duplicate", "hop-duplicate"),
        button("Delete", "Remove", "hop-remove"),
    ]
    .into_any()
}

fn form(workspace: Workspace, place: NodeIx) -> AnyView {
    let node = Memo::new(move |_| workspace.sketch.read().node(place).cloned());
    let describe = move |changed: Node| {
        let Some(known) = node.get_untracked() else { return };
        if changed != known {
            workspace.attention.choose(&changed.id);
            workspace.draw(Stroke::Describe { id: known.id, node: Box::new(changed) });
        }
    };
    let write = move |field: Field, text: &str| {
        let Some(known) = node.get_untracked() else { return };
        match field.write(&known, text) {
            Ok(changed) => describe(changed),
            Err(sentence) => workspace.hear(Notice::Failed(sentence)),
        }
    };
    let set_kind = move |event| {
        if let (Some(known), Some(kind)) = (node.get_untracked(), Kind::from_word(&event_target_value(&event))) {
            describe(Node { kind: kind.into(), ..known });
        }
    };
    let kind = move || node.read().as_ref().map_or(Kind::Other, |node| node.kind.kind);
    view! {
        <fieldset class="hop-form" data-testid="hop-form" disabled=move || workspace.visiting()>
            <legend class="visually-hidden">"The chosen hop"</legend>
            <div class="fields">
                <label>
                    "Kind"
                    <select data-testid="hop-kind" on:change=set_kind>
                        {Kind::ALL
                            .map(|one| view! { <option value=one.word() selected=move || kind() == one>{one.spoken()}</option> })
                            .into_any()}
                    </select>
                </label>
                {Field::ALL.map(|field| input(node, field, write)).into_any()}
            </div>
            <div class="row">{move || calls(workspace, place)} {buttons()}</div>
        </fieldset>
    }
    .into_any()
}

fn input(node: Memo<Option<Node>>, field: Field, write: impl Fn(Field, &str) + 'static) -> AnyView {
    let name = format!("hop-{field:?}");
    let text = move || node.read().as_ref().map(|node| field.read(node)).unwrap_or_default();
    view! {
        <label>
            {field.label()}
            <input
                id=name.clone()
                data-testid=name
                placeholder=field.example()
                autocomplete="off"
                spellcheck="false"
                prop:value=text
                on:change=move |event| write(field, &event_target_value(&event))
            />
        </label>
    }
    .into_any()
}

/// What the hop calls, each with a way to cut it, and a list to connect it to another.
fn calls(workspace: Workspace, place: NodeIx) -> AnyView {
    let sketch = workspace.sketch.read();
    let Some(node) = sketch.node(place) else { return ().into_any() };
    let from = node.id.clone();
    let called: Vec<NodeIx> = sketch
        .edge_indices()
        .filter_map(|edge| sketch.ends(edge))
        .filter(|(caller, _)| *caller == place)
        .map(|(_, to)| to)
        .collect();
    let named = |ix: NodeIx| sketch.node(ix).map(|node| (node.id.clone(), node.name().to_owned()));
    let cuts = called.iter().filter_map(|ix| named(*ix)).map(|(to, name)| {
        let from = from.clone();
        let label = format!("Cut the line to {name}");
        let cut = move |_| workspace.draw(Stroke::Disconnect { from: from.clone(), to: to.clone() });
        view! { <button type="button" data-testid="hop-cut" aria-label=label on:click=cut>{name} " ✕"</button> }
            .into_any()
    });
    let others = sketch.node_indices().filter(|ix| !called.contains(ix)).filter_map(named);
    let others = others.map(|(id, name)| view! { <option value=id>{name}</option> }.into_any());
    let cuts: Vec<AnyView> = cuts.collect();
    let others: Vec<AnyView> = others.collect();
    let connect = move |event| {
        let to = event_target_value(&event);
        if !to.is_empty() {
            workspace.draw(Stroke::Connect { from: from.clone(), to });
        }
    };
    view! {
        <span>"Calls: "</span>
        {cuts}
        <select id="hop-connect" data-testid="hop-connect" aria-label="Connect to" on:change=connect>
            <option value="">"connect to …"</option>
            {others}
        </select>
    }
    .into_any()
}
