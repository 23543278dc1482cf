//! Every suspicion that is still alive, and what to do about the first where it is as good as certain.

use leptos::prelude::*;

use crate::author::Solved;
use crate::decimal::whole;
use crate::diagnosis::{Suspect, Verdict};
use crate::session::{Action, Edit, Settled};
use crate::ui::attention::Sheet;
use crate::ui::probability::percent;
use crate::ui::workspace::{Workspace, workspace};

/// Beyond these, suspicions are too weak to act on.
const SHOWN: usize = 6;

#[component]
pub(super) fn Suspects() -> impl IntoView {
    let workspace = workspace();
    let verdict = move || workspace.diagnosis.read().verdict;
    let enough = move || workspace.diagnosis.read().enough.is_some();
    let suspects = Memo::new(move |_| {
        let diagnosis = workspace.diagnosis.read();
        let accuses = !matches!(diagnosis.verdict, Verdict::NothingWrong | Verdict::NoEvidence);
        let shown = diagnosis.suspects.iter().take(if accuses { SHOWN } else { 0 });
        shown.cloned().collect::<Vec<_>>()
    });
    let first = Memo::new(move |_| suspects.read().first().cloned());
    let remedy = Memo::new(move |_| {
        let diagnosis = workspace.diagnosis.read();
        let first = diagnosis.suspects.first().filter(|_| diagnosis.verdict == Verdict::Isolated)?;
        (!first.fix.is_empty()).then(|| (first.fix.clone(), first.verify.clone()))
    });
    view! {
        {move || {
            remedy
                .get()
                .map(|(fix, verify)| {
                    view! {
                        <p class="remedy" data-testid="remedy">
                            <b>{move || if enough() { "Enough is known to act: " } else { "If that is it: " }}</b>
                            {fix}
                            {(!verify.is_empty()).then(|| format!(" To verify: {verify}"))}
                        </p>
                    }
                })
        }}
        {move || first.get().map(|first| view! { <p class="asks">{leads(workspace, &first)}</p> })}
        <Show when=move || !suspects.read().is_empty()>
            <details class="more" open=move || verdict() == Verdict::Underdetermined>
                <summary data-testid="all-suspects">"All suspects"</summary>
                <ol class="suspects" data-testid="suspects">
                    {move || {
                        suspects
                            .get()
                            .into_iter()
                            .map(|suspect| {
                                let leads = leads(workspace, &suspect);
                                view! {
                                    <li>
                                        <span class="number">{percent(suspect.probability)}</span>
                                        <span>{suspect.title} " " {leads}</span>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ol>
                <button type="button" class="link" data-testid="none-of-them" on:click=move |_| settle(workspace, None)>
                    "It was none of these"
                </button>
            </details>
        </Show>
    }
}

/// Notes beside the case which suspect it was, and how much the first one was believed.
fn settle(workspace: Workspace, it: Option<&Suspect>) {
    let settled = workspace.diagnosis.with_untracked(|diagnosis| {
        let first = diagnosis.suspects.first()?;
        let believed = whole(first.probability * 100.0).try_into().unwrap_or_default();
        Some(Settled { believed, right: it == Some(first) })
    });
    if let Some(settled) = settled.filter(|_| !workspace.visiting()) {
        workspace.dispatch(Action::Edit(Edit::Settle(settled)));
    }
}

/// Where a suspicion leads: to its runbook, and, once it is proven, to a runbook of one's own.
fn leads(workspace: Workspace, suspect: &Suspect) -> AnyView {
    let described = !suspect.fix.is_empty();
    let Suspect { element, address, failure_mode: mode, .. } = suspect.clone();
    let at = address.map_or_else(|| element.clone(), |ip| format!("{element}#{ip}"));
    let about = mode.clone();
    let read = move |_| workspace.attention.read_about(&about, Some(at.clone()));
    let it = suspect.clone();
    let write = move |_| {
        settle(workspace, Some(&it));
        workspace.attention.solved.set(Solved {
            element: element.clone(),
            address,
            mode: mode.clone(),
            ..Solved::default()
        });
        workspace.attention.sheet.set(Some(Sheet::Author));
    };
    view! {
        <span class="leads">
            {described.then(|| view! { <button type="button" class="link" data-testid="read-runbook" on:click=read>"Runbook"</button> })}
            " "
            <button type="button" class="link" data-testid="that-was-it" on:click=write>"That was it"</button>
        </span>
    }
    .into_any()
}
