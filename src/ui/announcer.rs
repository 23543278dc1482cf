//! Says what happened: on screen in a corner, and to a screen reader.

use leptos::prelude::*;

use super::workspace::workspace;
use crate::browser::Notice;

/// The corner in which news appear.
#[component]
pub(super) fn Announcer() -> impl IntoView {
    let workspace = workspace();
    let said = move || match &*workspace.notice.read() {
        Some(Notice::Said(sentence)) => sentence.clone(),
        _ => String::new(),
    };
    let failed = move || match &*workspace.notice.read() {
        Some(Notice::Failed(sentence)) => Some(sentence.clone()),
        _ => None,
    };
    view! {
        <div class="news" role="status" data-testid="news">
            {said}
        </div>
        <div class="trouble" role="alert" data-testid="trouble">
            {move || {
                failed()
                    .map(|sentence| {
                        view! {
                            <p>{sentence}</p>
                            <button type="button" on:click=move |_| workspace.notice.set(None)>
                                "Close"
                            </button>
                        }
                    })
            }}
        </div>
    }
}
