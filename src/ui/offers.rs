//! What has to be known about runbooks before a verdict is trusted: files that wait for an answer, and what a visit lacks.

use leptos::prelude::*;

use super::attention::Sheet;
use super::packs::holds;
use super::workspace::workspace;
use crate::session::{Action, Consent, Shelving, Source};

#[component]
pub(super) fn Offers() -> impl IntoView {
    let workspace = workspace();
    let asking = Memo::new(move |_| {
        let session = workspace.session.read();
        // What a person opened asks for itself where it was opened.
        let hosted = session.library().asking().filter(|file| file.source == Source::Host);
        hosted.map(|file| (file.pack.name.clone(), holds(&file.examined))).collect::<Vec<_>>()
    });
    let differences = Memo::new(move |_| workspace.session.read().other_runbooks());
    let offer = move |(name, holds): (String, String)| {
        let sentence = format!("This host offers runbooks: {name} with {holds}. They are not used yet.");
        let answer = move |consent| workspace.dispatch(Action::Shelve(Shelving::Answer(name.clone(), consent)));
        let refuse = answer.clone();
        view! {
            <div class="offer" data-testid="offer">
                <p>{sentence}</p>
                <div class="row">
                    <button type="button" data-testid="look-at-offer" on:click=move |_| workspace.attention.sheet.set(Some(Sheet::Packs))>"Look at them"</button>
                    <button type="button" data-testid="take-offer" on:click=move |_| answer(Consent::Given)>"Use them"</button>
                    <button type="button" data-testid="refuse-offer" on:click=move |_| refuse(Consent::Refused)>"Not here"</button>
                </div>
            </div>
        }
        .into_any()
    };
    view! {
        <div role="status">
            {move || asking.get().into_iter().map(offer).collect::<Vec<_>>()}
            {move || {
                let told = differences.get();
                (!told.is_empty()).then(|| {
                    view! { <p class="offer" data-testid="other-runbooks">{told.join(" ")} " The verdict may differ from the sender’s."</p> }
                })
            }}
        </div>
    }
}
