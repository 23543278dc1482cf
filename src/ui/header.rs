//! The top of the page: name of the case, where it is kept, undo, share.

use leptos::prelude::*;

use super::attention::Sheet;
use super::workspace::workspace;
use crate::browser;
use crate::session::{Action, Edit};

#[component]
pub(super) fn Header() -> impl IntoView {
    let workspace = workspace();
    let title = move || workspace.session.read().work().title.clone();
    let can_undo = move || workspace.session.read().can_undo();
    let can_redo = move || workspace.session.read().can_redo();
    let kept = move || match (workspace.visiting(), workspace.kept.get()) {
        (true, _) => "Opened from a link, stored nowhere".to_owned(),
        (false, None) => "Stored only in this browser".to_owned(),
        (false, Some(at)) => {
            let clock: String = at.chars().skip_while(|c| *c != 'T').skip(1).take(5).collect();
            format!("Stored only in this browser · saved {clock} UTC")
        }
    };
    view! {
        <header class="top">
            <span class="logo">
                <Logo />
                "Hopwise"
            </span>
            <input
                class="title"
                data-testid="title"
                aria-label="Title of the case"
                placeholder="Untitled case"
                autocomplete="off"
                readonly=move || workspace.visiting()
                prop:value=title
                on:input=move |event| workspace.edit(Edit::Entitle(event_target_value(&event)))
            />
            <small class="kept" data-testid="kept">
                {kept}
            </small>
            <Show when=move || workspace.visiting()>
                <button
                    type="button"
                    class="main"
                    data-testid="make-it-mine"
                    on:click=move |_| workspace.dispatch(Action::MakeItMine)
                >
                    "Make it mine"
                </button>
                <Show when=|| browser::latest().is_some()>
                    <button
                        type="button"
                        data-testid="join"
                        title="Both drawings and all evidence become one case"
                        on:click=move |_| {
                            if let Some(mine) = browser::latest() {
                                workspace.dispatch(Action::Join { mine });
                            }
                        }
                    >
                        "Add to my case"
                    </button>
                </Show>
                <button type="button" data-testid="back" on:click=move |_| workspace.resume()>
                    "Back to my case"
                </button>
            </Show>
            <button
                type="button"
                data-testid="cases-button"
                title="Cases in this browser (B)"
                on:click=move |_| workspace.attention.sheet.set(Some(Sheet::Cases))
            >
                "Cases"
            </button>
            <button
                type="button"
                data-testid="undo"
                aria-label="Undo"
                title="Undo (Ctrl+Z)"
                disabled=move || !can_undo()
                on:click=move |_| workspace.dispatch(Action::Undo)
            >
                "↶"
            </button>
            <button
                type="button"
                data-testid="redo"
                aria-label="Redo"
                title="Redo (Ctrl+Shift+Z)"
                disabled=move || !can_redo()
                on:click=move |_| workspace.dispatch(Action::Redo)
            >
                "↷"
            </button>
            <button type="button" data-testid="share" on:click=move |_| workspace.sharing.set(true)>
                "Share"
            </button>
            <button
                type="button"
                class="quiet"
                data-testid="commands-button"
                aria-label="Commands and keys"
                title="Commands and keys (Ctrl+K or ?)"
                on:click=move |_| workspace.attention.sheet.set(Some(Sheet::Commands))
            >
                "⌘"
            </button>
        </header>
    }
}

/// Two hops that arrive and one that does not.
#[component]
fn Logo() -> impl IntoView {
    view! {
        <svg class="mark" width="26" height="18" viewBox="0 0 26 18" aria-hidden="true">
            <path class="arrives" d="M2 13C6 1 10 1 13 13" />
            <path class="fails" d="M13 13C16 3 19 3 22 13" />
            <circle class="hop" cx="2.5" cy="14" r="2.5" />
            <circle class="hop" cx="13" cy="14" r="2.5" />
            <circle class="end" cx="23" cy="14" r="2.5" />
        </svg>
    }
}
