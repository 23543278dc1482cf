//! What the verdict rests on without proof: assumptions, and facts that belong to nothing in the drawing.

use leptos::prelude::*;

use crate::diagnosis::Verdict as Reach;
use crate::session::Edit;
use crate::ui::evidence::SourceLink;
use crate::ui::workspace::{Workspace, workspace};

#[component]
pub(super) fn Caveats() -> impl IntoView {
    let workspace = workspace();
    let assumed = Memo::new(move |_| workspace.diagnosis.read().assumed.clone());
    let unplaced = Memo::new(move |_| workspace.diagnosis.read().unplaced.clone());
    let count = move || assumed.read().len() + unplaced.read().len();
    view! {
        <Show when=move || { count() > 0 }>
            // Where nothing could be placed, placing it is what there is to do.
            <details class="more" open=move || workspace.diagnosis.read().verdict == Reach::NoEvidence>
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
                                        {place(workspace, fact.evidence)}
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

/// Says which hop the whole paste is about, where the engine could not tell.
fn place(workspace: Workspace, evidence: usize) -> AnyView {
    let item = workspace.session.with_untracked(|session| session.work().evidence.get(evidence).map(|item| item.id));
    let hops = workspace.sketch.with_untracked(|sketch| {
        let hops = sketch.nodes().iter().map(|node| (node.id.clone(), node.name().to_owned()));
        hops.map(|(id, name)| view! { <option value=id>{name}</option> }.into_any()).collect::<Vec<_>>()
    });
    let chosen = move |event| {
        let hop = event_target_value(&event);
        if let (Some(item), false) = (item, hop.is_empty()) {
            workspace.edit(Edit::About(item, Some(hop)));
        }
    };
    view! {
        <select data-testid="place-fact" aria-label="It is about" disabled=move || workspace.visiting() on:change=chosen>
            <option value="">"it is about …"</option>
            {hops}
        </select>
    }
    .into_any()
}
