//! Runbooks to read: a list to search, and the page of the failure mode that was chosen.

use leptos::prelude::*;

use super::attention::Sheet;
use super::workspace::Workspace;
use crate::browser;
use crate::handbook::{Contents, Entry};
use crate::inquiry::{Answer, Question};

mod page;

pub(super) fn runbooks(workspace: Workspace) -> AnyView {
    let reading = workspace.attention.reading;
    (move || match reading.get() {
        Some(asked) => page::page(workspace, asked),
        None => list(workspace),
    })
    .into_any()
}

fn list(workspace: Workspace) -> AnyView {
    let sought = RwSignal::new(String::new());
    let found = RwSignal::new(Contents::default());
    Effect::new(move || {
        browser::ask(Question::Contents(sought.get()), move |answer| {
            if let Answer::Contents(contents) = answer {
                found.set(contents);
            }
        });
    });
    let keyed = move |event: web_sys::KeyboardEvent| {
        if let ("Enter", Some(first)) = (event.key().as_str(), found.read_untracked().entries.first()) {
            event.prevent_default();
            workspace.attention.read_about(&first.mode, None);
        }
    };
    view! {
        <input
            class="seek"
            data-testid="seek-runbook"
            aria-label="Find a failure mode"
            placeholder="What do you see? refused, certificate, 503 …"
            autocomplete="off"
            autofocus
            on:input=move |event| sought.set(event_target_value(&event))
            on:keydown=keyed
        />
        <ul class="commands" data-testid="runbook-list">
            {move || found.get().entries.into_iter().map(|entry| row(workspace, entry)).collect::<Vec<_>>()}
        </ul>
        <p class="hint" role="status" data-testid="runbook-count">
            {move || counted(&found.read())}
        </p>
        <div class="row">
            <button type="button" data-testid="team-runbooks" on:click=move |_| workspace.attention.sheet.set(Some(Sheet::Packs))>
                "Your team’s runbooks"
            </button>
        </div>
    }
    .into_any()
}

fn counted(found: &Contents) -> String {
    match (found.entries.len(), found.more) {
        (0, _) => "No runbook has all these words.".to_owned(),
        (1, 0) => "1 failure mode".to_owned(),
        (listed, 0) => format!("{listed} failure modes"),
        (listed, more) => format!("{listed} of {} failure modes: more letters make the list shorter", listed + more),
    }
}

fn row(workspace: Workspace, entry: Entry) -> AnyView {
    let Entry { mode, title, places } = entry;
    view! {
        <li>
            <button type="button" class="case" data-testid="runbook-entry" on:click=move |_| workspace.attention.read_about(&mode, None)>
                <b>{title}</b>
                <small>{places}</small>
            </button>
        </li>
    }
    .into_any()
}
