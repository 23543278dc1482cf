//! The cases kept in this browser: open one, begin a new one, delete one and take that back.

use leptos::prelude::*;

use super::workspace::Workspace;
use crate::browser::{self, Forgotten, Kept};

pub(super) fn cases(workspace: Workspace) -> AnyView {
    let list = RwSignal::new(browser::kept());
    let forgotten = RwSignal::new(None::<(String, Forgotten)>);
    let forget = move |case: &Kept| {
        let drafts = browser::forget(&case.name);
        if case.open {
            workspace.begin_anew();
        }
        forgotten.set(Some((title(case), drafts)));
        list.set(browser::kept());
    };
    let put_back = move |_| {
        if let Some((_, drafts)) = forgotten.get() {
            browser::put_back(&drafts);
        }
        forgotten.set(None);
        list.set(browser::kept());
    };
    let begin = move |_| {
        workspace.attention.sheet.set(None);
        workspace.begin_anew();
    };
    view! {
        <div class="row">
            <button type="button" data-testid="new-case" on:click=begin>"New case"</button>
            <span role="status">
                {move || {
                    forgotten.read().as_ref().map(|(title, _)| {
                        view! {
                            {format!("“{title}” is deleted. ")}
                            <button type="button" class="link" data-testid="put-back" on:click=put_back>"Put it back"</button>
                        }
                    })
                }}
            </span>
        </div>
        <ul class="cases" data-testid="cases">
            {move || {
                let row = |case| row(workspace, case, forget);
                list.get().into_iter().map(row).collect_view()
            }}
        </ul>
        <p class="hint">"Kept only in this browser. Nothing was uploaded."</p>
    }
    .into_any()
}

fn row(workspace: Workspace, case: Kept, forget: impl Fn(&Kept) + 'static) -> AnyView {
    let name = case.name.clone();
    let title = title(&case);
    let pieces = match case.heading.evidence {
        0 => "no evidence".to_owned(),
        1 => "1 piece of evidence".to_owned(),
        many => format!("{many} pieces of evidence"),
    };
    let note = if case.open { "on screen · " } else { "" };
    let detail = format!("{note}{} · {pieces}", browser::date(case.at));
    let label = format!("Delete {title}");
    let open = move |_| {
        workspace.attention.sheet.set(None);
        workspace.switch(&name);
    };
    view! {
        <li>
            <button type="button" class="case" data-testid="case" on:click=open>
                <b>{title}</b>
                <small>{detail}</small>
            </button>
            <button type="button" class="quiet" data-testid="delete-case" aria-label=label title="Delete" on:click=move |_| forget(&case)>
                "✕"
            </button>
        </li>
    }
    .into_any()
}

fn title(case: &Kept) -> String {
    if case.heading.title.is_empty() { "Untitled case".to_owned() } else { case.heading.title.clone() }
}
