//! The share dialog: the link, how long it is, and what leaves with it.

use leptos::html::Dialog;
use leptos::prelude::*;

use super::handoff::HandOff;
use super::sealed::Seal;
use super::workspace::workspace;
use crate::browser;
use crate::inquiry::{Answer, Question};
use crate::session::{Action, Luggage};

/// Microsoft Teams and Confluence cut links at about this many characters.
const EVERYWHERE: usize = 2_000;
/// Slack cuts a message at about this many.
const MOSTLY: usize = 4_000;

#[component]
pub(super) fn ShareDialog() -> impl IntoView {
    let workspace = workspace();
    let dialog = NodeRef::<Dialog>::new();
    let luggage = RwSignal::new(Luggage::Facts);
    let link = RwSignal::new(Ok(String::new()));
    Effect::new(move || {
        // Written only while someone looks: compressing a large case at every letter would be felt.
        if workspace.sharing.get() {
            let session = workspace.session.read();
            let texts = (luggage.get() == Luggage::Text).then(|| session.salt());
            let case = session.case(luggage.get());
            workspace.inquire(Question::Link { case, texts }, move |answer| match answer {
                Answer::Link(fragment) => link.set(fragment.map(|fragment| browser::link_to(&fragment))),
                Answer::Stopped(why) => link.set(Err(why)),
                _ => {}
            });
        }
    });
    Effect::new(move || {
        if workspace.sharing.get()
            && let Some(dialog) = dialog.get()
        {
            browser::show_modal(&dialog);
        }
    });
    let address = move || link.get().unwrap_or_default();
    let length = move || address().chars().count();
    view! {
        <dialog
            class="share"
            data-testid="share-dialog"
            aria-labelledby="share-title"
            node_ref=dialog
            on:close=move |_| workspace.sharing.set(false)
        >
            <form method="dialog">
                <h2 id="share-title">"Share this case"</h2>
                <p>"The link holds the drawing and what was read from the evidence. Whoever opens it gets a copy; a link cannot be called back."</p>
                <label class="check">
                    <input
                        type="checkbox"
                        data-testid="share-text"
                        prop:checked=move || luggage.get() == Luggage::Text
                        on:change=move |event| {
                            luggage.set(if event_target_checked(&event) { Luggage::Text } else { Luggage::Facts });
                        }
                    />
                    "Also put the pasted text into the link, with passwords and tokens cut out"
                </label>
                {move || match link.get() {
                    Ok(link) => view! {
                        <textarea
                            class="share-link"
                            data-testid="share-link"
                            aria-label="Link"
                            rows="4"
                            readonly
                            prop:value=link
                        ></textarea>
                    }
                    .into_any(),
                    Err(sentence) => view! { <p class="problem" role="alert">{sentence}</p> }.into_any(),
                }}
                <Meter length=Signal::derive(length) />
                <Seal link />
                <HandOff link=Signal::derive(address) />
                <p class="promise">"Stored only in this browser. Nothing was uploaded: the part after # never reaches a server."</p>
                <div class="row">
                    <button
                        type="button"
                        class="main"
                        data-testid="copy-link"
                        disabled=move || link.read().is_err()
                        on:click=move |_| workspace.copy(address(), "Copied: the link to this case")
                    >
                        "Copy link"
                    </button>
                    <button type="button" data-testid="save-file" on:click=move |_| workspace.dispatch(Action::SaveAsFile)>
                        "Save as file"
                    </button>
                    <button
                        type="button"
                        data-testid="save-page"
                        title="hopwise.html with this case inside: opens from a disk, without a network"
                        disabled=move || link.read().is_err()
                        on:click=move |_| {
                            let name = workspace.session.read_untracked().work().file_name().replace(".json", ".html");
                            browser::save_page(&address(), &name, move |notice| workspace.hear(notice));
                        }
                    >
                        "Save as page"
                    </button>
                    <button type="submit" data-testid="share-close">
                        "Close"
                    </button>
                </div>
            </form>
        </dialog>
    }
}

/// How far a link of this length comes: a bar, and a sentence that says the same.
#[component]
fn Meter(length: Signal<usize>) -> impl IntoView {
    let reach = move || match length.get() {
        length if length <= EVERYWHERE => ("green", "short enough for every chat"),
        length if length <= MOSTLY => ("amber", "Teams and Confluence may cut it"),
        _ => ("red", "most chats will cut it: save it as a file and attach that"),
    };
    view! {
        <div class="meter" data-testid="share-meter" data-reach=move || reach().0>
            <meter
                aria-hidden="true"
                min="0"
                max="6000"
                low=EVERYWHERE
                high=MOSTLY
                optimum="0"
                prop:value=move || length.get().min(6000) as f64
            ></meter>
            <span data-testid="share-length">{move || format!("{} characters: {}", length.get(), reach().1)}</span>
        </div>
    }
}
