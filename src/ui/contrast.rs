//! Who reached what, as a table below the map: rows are places, columns are targets.

use leptos::prelude::*;

use super::workspace::workspace;
use crate::session::{Contrast, contrast};
use crate::sketch::Sketch;

#[component]
pub(super) fn ContrastTable() -> impl IntoView {
    let workspace = workspace();
    let table = Memo::new(move |_| contrast(&workspace.session.read().work().evidence));
    move || {
        let table = table.read();
        let sketch = workspace.sketch.read();
        if table.is_telling() { shown(&table, &sketch) } else { ().into_any() }
    }
}

fn shown(table: &Contrast, sketch: &Sketch) -> AnyView {
    let heads = table.to.iter().map(|to| view! { <th scope="col">{to.clone()}</th> }.into_any()).collect::<Vec<_>>();
    let rows = table.from.iter().map(|from| row(table, sketch, from)).collect::<Vec<_>>();
    view! {
        <details class="more" open>
            <summary data-testid="contrast">"Who reached what"</summary>
            <div class="contrast" tabindex="0" role="group" aria-label="Who reached what">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"from"</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

fn row(table: &Contrast, sketch: &Sketch, from: &str) -> AnyView {
    let cell = |to: &String| {
        let tally = table.cell(from, to);
        let state = match tally {
            Some(tally) if tally.failed == 0 => "cleared",
            Some(_) => "failing",
            None => "not tested",
        };
        let words = tally.map_or_else(|| "– not tried".to_owned(), |tally| tally.in_words());
        view! { <td data-state=state>{words}</td> }.into_any()
    };
    let cells = table.to.iter().map(cell).collect::<Vec<_>>();
    let name = sketch.find(from).and_then(|ix| sketch.node(ix)).map_or(from, |node| node.name()).to_owned();
    view! {
        <tr>
            <th scope="row">{name}</th>
            {cells}
        </tr>
    }
    .into_any()
}
