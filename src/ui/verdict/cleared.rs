//! What the evidence clears and how far, and what nothing has touched yet.

use std::net::IpAddr;

use leptos::prelude::*;

use crate::sketch::{Element, Sketch};
use crate::ui::evidence::SourceLink;
use crate::ui::workspace::workspace;

#[component]
pub(in crate::ui) fn Cleared() -> impl IntoView {
    let workspace = workspace();
    // One line per scope: what was tested, then everything that this test clears.
    let by_scope = Memo::new(move |_| {
        let diagnosis = workspace.diagnosis.read();
        let sketch = workspace.sketch.read();
        let mut scopes: Vec<(String, (Vec<String>, Option<_>))> = Vec::new();
        // Paths stand on the map; here they would only hide the hops.
        for cleared in diagnosis.cleared.iter().filter(|cleared| !is_path(&sketch, &cleared.element)) {
            let name = name(&sketch, &cleared.element, cleared.address);
            let seen = cleared.because.first().cloned();
            match scopes.iter_mut().find(|(scope, _)| *scope == cleared.scope) {
                Some((_, (names, first))) => {
                    names.push(name);
                    *first = first.take().or(seen);
                }
                None => scopes.push((cleared.scope.clone(), (vec![name], seen))),
            }
        }
        scopes
    });
    let untested = Memo::new(move |_| {
        let sketch = workspace.sketch.read();
        let diagnosis = workspace.diagnosis.read();
        let hops = diagnosis.untested.iter().filter(|id| !is_path(&sketch, id));
        let mut hops: Vec<String> = hops.map(|id| name(&sketch, id, None)).collect();
        if diagnosis.untested_beyond > 0 {
            hops.push(format!("{} more", diagnosis.untested_beyond));
        }
        hops.join(" · ")
    });
    view! {
        <Show when=move || !by_scope.read().is_empty()>
            <p class="cleared-title">
                <span aria-hidden="true">"✓ "</span>
                "Cleared, as far as it was tested"
            </p>
        </Show>
        <ul class="cleared" data-testid="cleared">
            {move || {
                by_scope
                    .get()
                    .into_iter()
                    .map(|(scope, (names, seen))| {
                        view! {
                            <li>
                                {names.join(" · ")}
                                <small>" – " {scope} " "</small>
                                {seen
                                    .into_iter()
                                    .map(|seen| view! { <SourceLink evidence=seen.evidence lines=seen.lines /> })
                                    .collect_view()}
                            </li>
                        }
                    })
                    .collect_view()
            }}
            <Show when=move || !untested.read().is_empty()>
                <li data-testid="untested">
                    <b>
                        <span aria-hidden="true">"– "</span>
                        "Not tested: "
                    </b>
                    {move || untested.get()}
                </li>
            </Show>
        </ul>
    }
}

fn is_path(sketch: &Sketch, element: &str) -> bool {
    matches!(sketch.element(element), Some(Element::Edge(_)))
}

fn name(sketch: &Sketch, element: &str, address: Option<IpAddr>) -> String {
    match (sketch.element(element), address) {
        (Some(Element::Node(ix)), Some(ip)) => sketch.element_name(Element::Address(ix, ip)),
        (Some(element), _) => sketch.element_name(element),
        (None, _) => element.to_owned(),
    }
}
