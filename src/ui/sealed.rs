//! The passphrase of an encrypted link: asked for where one is opened, made where one is shared.

use leptos::html::Dialog;
use leptos::prelude::*;

use super::workspace::workspace;
use crate::browser;
use crate::inquiry::{Answer, Question};

/// Asks for the passphrase of the link that waits for one.
#[component]
pub(super) fn PassphraseDialog() -> impl IntoView {
    let workspace = workspace();
    let dialog = NodeRef::<Dialog>::new();
    let (passphrase, problem) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    Effect::new(move || {
        if workspace.sealed.read().is_some()
            && let Some(dialog) = dialog.get()
        {
            browser::show_modal(&dialog);
        }
    });
    let close = move || {
        workspace.sealed.set(None);
        passphrase.set(String::new());
        problem.set(None);
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let open = move || {
        let Some(data) = workspace.sealed.get_untracked() else { return };
        browser::unseal(&data, passphrase.get_untracked().trim(), move |opened| match opened {
            Ok(fragment) => {
                close();
                workspace.visit(&fragment);
            }
            Err(sentence) => problem.set(Some(sentence)),
        });
    };
    view! {
        <dialog class="share" data-testid="passphrase-dialog" aria-labelledby="passphrase-title" node_ref=dialog>
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    open();
                }
            >
                <h2 id="passphrase-title">"This case is encrypted"</h2>
                <label>
                    "Passphrase"
                    <input
                        type="password"
                        data-testid="passphrase"
                        autocomplete="off"
                        prop:value=passphrase
                        on:input=move |event| passphrase.set(event_target_value(&event))
                    />
                </label>
                {move || problem.get().map(|sentence| view! { <p class="problem" role="alert">{sentence}</p> })}
                <div class="row">
                    <button type="submit" class="main" data-testid="passphrase-open">
                        "Open"
                    </button>
                    <button type="button" on:click=move |_| close()>
                        "Cancel"
                    </button>
                </div>
            </form>
        </dialog>
    }
}

/// Encrypts the link in the share dialog.
#[component]
pub(super) fn Seal(
    /// The link as it is; becomes the encrypted one.
    link: RwSignal<Result<String, String>>,
) -> impl IntoView {
    let passphrase = RwSignal::new(browser::passphrase());
    let sealed = move || {
        let Ok(address) = link.get_untracked() else { return };
        let Some((_, fragment)) = address.split_once('#') else { return };
        browser::seal(fragment, passphrase.get_untracked().trim(), move |data| {
            let data = match data {
                Ok(data) => data,
                Err(sentence) => return link.set(Err(sentence)),
            };
            browser::ask(Question::Sealed { data }, move |answer| {
                if let Answer::Link(fragment) = answer {
                    link.set(fragment.map(|fragment| browser::link_to(&fragment)));
                }
            });
        });
    };
    if !browser::can_seal() {
        return view! { <p>"Encryption needs https or hopwise.html; here the browser does not offer it."</p> }
            .into_any();
    }
    view! {
        <fieldset class="handoff">
            <legend>"Encrypt, and tell the passphrase by another way than the link"</legend>
            <div class="row">
                <input
                    data-testid="seal-passphrase"
                    aria-label="Passphrase"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=passphrase
                    on:input=move |event| passphrase.set(event_target_value(&event))
                />
                <button
                    type="button"
                    data-testid="seal"
                    disabled=move || passphrase.read().trim().chars().count() < 8
                    on:click=move |_| sealed()
                >
                    "Encrypt the link"
                </button>
            </div>
        </fieldset>
    }
    .into_any()
}
