//! The paste box. Pasting reads at once; typing is read with Ctrl+Enter or the button.

use leptos::html::Textarea;
use leptos::prelude::*;
use web_sys::{ClipboardEvent, HtmlInputElement};

use super::{take, take_files};
use crate::decimal::tenths;
use crate::ui::workspace::{Workspace, workspace};

/// A longer text, in bytes, is not put back into the box: the browser would take seconds to lay it out.
const SHOWN: usize = 1_000_000;

#[component]
pub(super) fn PasteBox(
    /// What was typed before the program arrived.
    typed: String,
) -> impl IntoView {
    let workspace = workspace();
    let area = NodeRef::<Textarea>::new();
    // Several lines were pasted, not typed: they waited for the program and are read now.
    let waiting = typed.trim().lines().count() > 1 && !workspace.visiting();
    let typed = if waiting {
        take(workspace, typed);
        String::new()
    } else {
        typed
    };
    let read = move || {
        let Some(area) = area.get() else { return };
        let text = area.value();
        take(workspace, text);
        area.set_value("");
    };
    let pasted = move |event: ClipboardEvent| {
        // Into an empty box, a paste is the whole evidence. Into text, it is a part of what is being written.
        let text = event
            .clipboard_data()
            .and_then(|data| data.get_data("text/plain").ok())
            .filter(|text| !text.trim().is_empty());
        let empty = area.get_untracked().is_some_and(|area| area.value().trim().is_empty());
        if let (Some(text), true) = (text, empty) {
            event.prevent_default();
            take(workspace, text);
        }
    };
    let keyed = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            read();
        }
    };
    area.on_load(move |area| {
        let _ = area.focus();
    });
    Effect::new(move || {
        let short = workspace.returned.with(|text| text.clone().filter(|text| text.len() <= SHOWN));
        if let (Some(text), Some(area)) = (short, area.get()) {
            area.set_value(&text);
            workspace.returned.set(None);
        }
    });
    view! {
        <label class="visually-hidden" for="paste">
            "Paste the output of a command"
        </label>
        <textarea
            id="paste"
            class="paste"
            data-testid="paste-box"
            node_ref=area
            rows=move || if workspace.session.read().work().evidence.is_empty() { "12" } else { "4" }
            spellcheck="false"
            autocomplete="off"
            autocapitalize="off"
            placeholder="Paste anything: curl -v, dig, nc, logs …\nor drop files anywhere on the page"
            disabled=move || workspace.visiting()
            prop:value=typed
            on:paste=pasted
            on:keydown=keyed
        ></textarea>
        {move || waiting_again(workspace)}
        <div class="row">
            <button
                type="button"
                data-testid="add-evidence"
                disabled=move || workspace.visiting()
                on:click=move |_| read()
            >
                "Read it"
            </button>
            <label class="file">
                "Open files"
                <input
                    type="file"
                    multiple
                    class="visually-hidden"
                    id="open-files"
                    data-testid="open-files"
                    disabled=move || workspace.visiting()
                    on:change=move |event| {
                        let input: HtmlInputElement = event_target(&event);
                        if let Some(files) = input.files() {
                            take_files(workspace, files);
                        }
                    }
                />
            </label>
            <small>"Pasting reads at once. Passwords and tokens are cut out before anything is stored."</small>
        </div>
    }
}

/// A paste that came back unread and is too long for the box.
fn waiting_again(workspace: Workspace) -> AnyView {
    let Some(size) = workspace.returned.with(|text| text.as_ref().map(String::len)).filter(|size| *size > SHOWN) else {
        return ().into_any();
    };
    let again = move |_| {
        if let Some(text) = workspace.returned.get_untracked() {
            workspace.returned.set(None);
            take(workspace, text);
        }
    };
    view! {
        <div class="row" data-testid="returned">
            <span>{format!("A paste of {} MB waits to be read.", tenths(size as f64 / 1e6))}</span>
            <button type="button" on:click=again>"Read it again"</button>
            <button type="button" class="quiet" on:click=move |_| workspace.returned.set(None)>"Forget it"</button>
        </div>
    }
    .into_any()
}
