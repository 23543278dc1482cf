//! Who reached what, as a table below the map: rows are places, columns are targets.

use leptos::prelude::*;

use super::workspace::{Workspace, workspace};
use crate::browser;
use crate::inquiry::{Contrast, Tally, is_place};
use crate::session::Action;
use crate::sketch::Sketch;

#[component]
pub(super) fn ContrastTable() -> impl IntoView {
    let workspace = workspace();
    move || {
        let table = workspace.contrast.read();
        let sketch = workspace.sketch.read();
        if table.is_telling() { shown(workspace, &table, &sketch) } else { ().into_any() }
    }
}

fn shown(workspace: Workspace, table: &Contrast, sketch: &Sketch) -> AnyView {
    let heads = table.to.iter().map(|to| view! { <th scope="col">{to.clone()}</th> }.into_any()).collect::<Vec<_>>();
    let row = |(from, cells): (&String, &Vec<Option<Tally>>)| row(workspace, table, cells, sketch, from);
    let rows = table.from.iter().zip(&table.cells).map(row).collect::<Vec<_>>();
    let left_out = match table.left_out {
        0 => ().into_any(),
        more => view! { <p class="hint">{format!("{more} more that failed less are left out.")}</p> }.into_any(),
    };
    view! {
        <details class="more" open>
            <summary data-testid="contrast">"Who reached what"</summary>
            <div class="contrast" tabindex="0" role="group" aria-label="Who reached what">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"from " {table.origin.clone()}</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {left_out}
        </details>
    }
    .into_any()
}

fn row(workspace: Workspace, table: &Contrast, cells: &[Option<Tally>], sketch: &Sketch, from: &str) -> AnyView {
    let cell = |(to, tally): (&String, &Option<Tally>)| {
        let state = match tally {
            Some(tally) if tally.failed == 0 => "cleared",
            Some(_) => "failing",
            None => "not tested",
        };
        let words = match tally {
            Some(tally) => tally.in_words().into_any(),
            None => untried(workspace, &table.origin, from, to),
        };
        view! { <td data-state=state>{words}</td> }.into_any()
    };
    let cells = table.to.iter().zip(cells).map(cell).collect::<Vec<_>>();
    let name = sketch.by_id(from).map_or(from, |node| node.name()).to_owned();
    view! {
        <tr>
            <th scope="row">{name.clone()}</th>
            {cells}
        </tr>
    }
    .into_any()
}

/// What came of trying, in the words of a note.
const REPORTS: [(&str, &str); 5] = [
    ("works", "it works"),
    ("refused", "it is refused"),
    ("connect timeout", "it times out"),
    ("reset", "it is reset"),
    ("503", "it answers 503"),
];

/// A cell nobody has filled yet: whoever tried says what came of it, and that is evidence like any other.
fn untried(workspace: Workspace, origin: &str, row: &str, column: &str) -> AnyView {
    let (from, to) = if origin.is_empty() { (row, column.to_owned()) } else { (origin, format!("{row}:{column}")) };
    if !is_place(from) {
        return "– not tried".into_any();
    }
    let path = format!("{from} -> {to}");
    let label = format!("{path}, not tried: what came of it");
    let report = move |event| {
        let outcome = event_target_value(&event);
        if !outcome.is_empty() {
            workspace.dispatch(Action::Paste { text: format!("{path}: {outcome}"), at: Some(browser::now()) });
        }
    };
    view! {
        <select data-testid="fill-contrast" aria-label=label disabled=move || workspace.visiting() on:change=report>
            <option value="">"– not tried"</option>
            {REPORTS.into_iter().map(|(word, says)| view! { <option value=word>{says}</option> }.into_any()).collect::<Vec<_>>()}
        </select>
    }
    .into_any()
}
