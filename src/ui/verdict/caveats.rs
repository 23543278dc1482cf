//! What the verdict rests on without proof: assumptions, and facts that belong to nothing in the drawing.

use leptos::prelude::*;

use crate::ui::evidence::SourceLink;
use crate::ui::workspace::workspace;

#[component]
pub(super) fn Caveats() -> impl IntoView {
    let workspace = workspace();
    let assumed = Memo::new(move |_| workspace.diagnosis.read().assumed.clone());
    let unplaced = Memo::new(move |_| workspace.diagnosis.read().unplaced.clone());
    let count = move || assumed.read().len() + unplaced.read().len();
    view! {
        <Show when=move || { count() > 0 }>
            <details class="more">
                <summary data-testid="caveats">
                    {move || match count() {
                        1 => "1 thing taken for granted or left out".to_owned(),
                        many => format!("{many} things taken for granted or left out"),
                    }}
                </summary>
                <ul class="caveats">
                    {move || assumed.get().into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view()}
                    {move || {
                        unplaced
                            .get()
                            .into_iter()
                            .map(|fact| {
                                view! {
                                    <li>
                                        "On no hop of the drawing: " {fact.says} " "
                                        <SourceLink evidence=fact.evidence lines=fact.lines />
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
            </details>
        </Show>
    }
}
