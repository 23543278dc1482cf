//! The runbooks a team has brought along: where each came from, what was found in it, and whether it is used.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::evidence::bring;
use super::findings::{findings, several};
use super::workspace::Workspace;
use crate::browser::{self, Notice};
use crate::examine::Examined;
use crate::session::{Action, Brought, Consent, Shelving, Source, Standing};

pub(super) fn packs(workspace: Workspace) -> AnyView {
    let library = Memo::new(move |_| workspace.session.read().library().clone());
    let open = move |event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(files) = input.files() {
            browser::read_files(files, move |read| match read {
                Ok((name, text)) => bring(workspace, name, text),
                Err(sentence) => workspace.hear(Notice::Failed(sentence)),
            });
            input.set_value("");
        }
    };
    view! {
        <p>
            "A runbook is one JSON file; overrides of how usual a fault is here are another. Open them, drop them on the page, or put them into "
            <code>"runbooks/"</code> " beside it. A link never brings any, and nothing in them is ever run."
        </p>
        <div class="row">
            <label class="file">
                "Open a file"
                <input type="file" multiple accept=".json,application/json" class="visually-hidden" data-testid="open-pack" on:change=open />
            </label>
        </div>
        <ul class="packs" data-testid="packs">
            {move || {
                let library = library.get();
                let row = |file: &Brought| row(workspace, file, library.standing(file));
                library.brought().iter().map(row).collect::<Vec<_>>()
            }}
        </ul>
        <Show when=move || library.read().brought().is_empty()>
            <p class="hint" data-testid="no-packs">"None so far: only the runbooks of Hopwise itself are in use."</p>
        </Show>
    }
    .into_any()
}

fn row(workspace: Workspace, file: &Brought, standing: Standing) -> AnyView {
    let name = file.pack.name.clone();
    let shown = if name == "-" { "Pasted text".to_owned() } else { name.clone() };
    let from = match file.source {
        Source::File => "opened by you",
        Source::Host => "from runbooks/ of this host",
    };
    let hash: String = file.examined.sha256.chars().take(12).collect();
    let detail = format!("{from} · SHA-256 {hash} · {}", holds(&file.examined));
    let (glyph, state) = match standing {
        Standing::Used => ("✓", "In use"),
        Standing::Asking => {
            ("?", "Not used yet: its commands come from this file, not from this page. Read them before you trust it.")
        }
        Standing::Refused => ("–", "Not used"),
        Standing::Broken => ("✕", "Cannot be used: mend what is listed below and open it again."),
    };
    let answer = |consent: Consent, testid: &'static str, words: &'static str| {
        let name = name.clone();
        let say = move |_| workspace.dispatch(Action::Shelve(Shelving::Answer(name.clone(), consent)));
        view! { <button type="button" class:main=standing == Standing::Asking data-testid=testid on:click=say>{words}</button> }.into_any()
    };
    let answers = match standing {
        Standing::Used => answer(Consent::Refused, "stop-pack", "Stop using it"),
        Standing::Asking | Standing::Refused => answer(Consent::Given, "use-pack", "Use it"),
        Standing::Broken => ().into_any(),
    };
    let label = format!("Remove {shown}");
    let remove = move |_| workspace.dispatch(Action::Shelve(Shelving::Remove(name.clone())));
    view! {
        <li data-testid="pack">
            <p><b>{shown}</b> " " {file.examined.title.clone()}</p>
            <p class="hint">{detail}</p>
            <p data-testid="pack-state"><span aria-hidden="true">{glyph} " "</span>{state}</p>
            <div class="row">
                {answers}
                <button type="button" data-testid="remove-pack" aria-label=label on:click=remove>"Remove"</button>
            </div>
            {findings(&file.examined)}
        </li>
    }
    .into_any()
}

/// `12 failure modes, 3 commands`
pub(super) fn holds(examined: &Examined) -> String {
    if examined.id.is_empty() {
        return "not readable as a runbook".to_owned();
    }
    let parts = [(examined.modes, "failure mode"), (examined.probes, "command"), (examined.overrides, "override")];
    let told: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| several(count, what)).collect();
    let told = if told.is_empty() { several(examined.passed + examined.failed.len(), "test") } else { told.join(", ") };
    if examined.replaces { format!("{told}, in the place of the runbook of that name") } else { told }
}
