//! What was read from a text that stayed with whoever sent the link.

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser;
use crate::evidence::Lines;
use crate::session::Item;

#[component]
pub(super) fn Facts(
    item: Memo<Option<Arc<Item>>>,
    /// The lines a claim points at.
    lit: Memo<Option<Lines>>,
) -> impl IntoView {
    let said = move || item.read().as_ref().map(|item| item.gist.sentences.clone()).unwrap_or_default();
    Effect::new(move || {
        if lit.get().is_some() {
            request_animation_frame(|| browser::scroll_to("lit"));
        }
    });
    view! {
        <p class="hint">"The text stayed with whoever sent the link. What was read from it:"</p>
        <ul class="facts" data-testid="facts">
            {move || {
                said()
                    .into_iter()
                    .map(|(says, lines)| {
                        let points_here = lit.get().is_some_and(|lit| lines.iter().any(|run| run.contains(lit.first)));
                        let places: Vec<String> = lines.iter().map(Lines::to_string).collect();
                        view! {
                            <li
                                data-state=if points_here { "lit" } else { "fact" }
                                id=points_here.then_some("lit")
                            >
                                {says}
                                <small>" – line " {places.join(", ")}</small>
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
    }
}
