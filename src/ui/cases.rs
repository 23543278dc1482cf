//! The cases kept in this browser: open one, begin a new one, delete one and take that back.

use leptos::prelude::*;

use super::workspace::Workspace;
use crate::browser::{self, Forgotten, Kept};
use crate::session::{Action, Band, Settled, bands};

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
        {move || record(workspace, &list.read())}
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

/// How often the first suspect was it, by how much it was believed.
fn record(workspace: Workspace, cases: &[Kept]) -> Option<AnyView> {
    let settled: Vec<(String, Settled)> =
        cases.iter().filter_map(|case| Some((title(case), case.heading.settled?))).collect();
    let all: Vec<Settled> = settled.iter().map(|(_, settled)| *settled).collect();
    let line = |Band { from, to, cases, right }: Band| {
        view! { <li>{format!("Told with {from} to {to} %: {right} of {cases}")}</li> }.into_any()
    };
    let lines = bands(&all).into_iter().map(line).collect::<Vec<_>>();
    let save = move |_| {
        let row = |(title, Settled { believed, right }): &(String, Settled)| {
            // A spreadsheet takes what begins like this for a formula.
            let title = title.trim_start_matches(['=', '+', '-', '@']).replace('"', "\"\"");
            format!("{believed},{right},\"{title}\"\n")
        };
        let text = format!("believed_percent,right,case\n{}", settled.iter().map(row).collect::<String>());
        workspace.dispatch(Action::Download { name: "hopwise-record.csv".to_owned(), text });
    };
    (!all.is_empty()).then(|| {
        view! {
            <h3>"How often the first suspect was it"</h3>
            <ul data-testid="record">{lines}</ul>
            <button type="button" data-testid="save-record" on:click=save>"Download as CSV"</button>
        }
        .into_any()
    })
}

fn title(case: &Kept) -> String {
    if case.heading.title.is_empty() { "Untitled case".to_owned() } else { case.heading.title.clone() }
}
