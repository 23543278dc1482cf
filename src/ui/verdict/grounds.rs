//! What stands behind the verdict: what does not fit, calculations, comparisons, why not the popular idea, what would change it.

use leptos::prelude::*;

use super::course::course;
use crate::diagnosis::{Because, Contrast, Counted, Diagnosis, Named, Sum};
use crate::ui::evidence::SourceLink;
use crate::ui::probability::percent;
use crate::ui::workspace::{Workspace, workspace};

/// What the first suspect does not explain is said beside it and not hidden: it may be the beginning of another story.
#[component]
pub(super) fn Misfits() -> impl IntoView {
    let workspace = workspace();
    let unexplained = Memo::new(move |_| workspace.diagnosis.read().unexplained.clone());
    let line =
        |Because { says, evidence, lines, .. }| view! { <li>{says} " " <SourceLink evidence lines /></li> }.into_any();
    view! {
        <Show when=move || !unexplained.read().is_empty()>
            <div class="misfits" data-testid="unexplained">
                <p><span aria-hidden="true">"! "</span> <b>"This does not fit"</b></p>
                <ul>{move || unexplained.get().into_iter().map(line).collect::<Vec<_>>()}</ul>
            </div>
        </Show>
    }
}

#[component]
pub(super) fn Grounds() -> impl IntoView {
    let workspace = workspace();
    let opened = RwSignal::new(false);
    let any = Memo::new(move |_| {
        let diagnosis = workspace.diagnosis.read();
        !diagnosis.elements.is_empty() && workspace.session.read().work().evidence.len() > 1
            || !diagnosis.turns.is_empty()
            || !diagnosis.lowered.is_empty()
            || !diagnosis.sums.is_empty()
            || !diagnosis.named.is_empty()
    });
    view! {
        <Show when=move || any.get()>
            <details class="more" on:toggle=move |_| opened.update(|opened| *opened = !*opened)>
                <summary data-testid="grounds">"Why, and what would change it"</summary>
                <div class="grounds">
                    {move || opened.get().then(|| {
                        let diagnosis = workspace.diagnosis.read();
                        shown(workspace, &diagnosis)
                    })}
                    {move || opened.get().then(|| course(workspace))}
                </div>
            </details>
        </Show>
    }
}

fn shown(workspace: Workspace, diagnosis: &Diagnosis) -> AnyView {
    let name = |id: &str| {
        let sketch = workspace.sketch.read();
        sketch.element(id).map_or_else(|| id.to_owned(), |element| sketch.element_name(element))
    };
    let turns = diagnosis.turns.iter().map(|turn| {
        let sentence = format!("If {} ({}), {} comes first: ", turn.sees, percent(turn.probability), name(&turn.to));
        view! { <li>{sentence} <code>{turn.command.clone()}</code></li> }.into_any()
    });
    let rests = diagnosis.rests_on.iter().filter_map(|evidence| {
        let lines = workspace.session.with(|session| first_fact(session.work().evidence.get(*evidence)?))?;
        Some(view! { <li>"Without this evidence something else would come first: " <SourceLink evidence=*evidence lines /></li> }.into_any())
    });
    let changes: Vec<AnyView> = turns.chain(rests).collect();
    let lowered = diagnosis.lowered.iter().map(|idea| {
        let Because { says, evidence, lines, .. } = idea.because.clone();
        let share = format!("{}, from {} to {}: ", name(&idea.element), percent(idea.before), percent(idea.now));
        view! { <li>{share} {says} " " <SourceLink evidence lines /></li> }.into_any()
    });
    let contrasts = diagnosis.contrasts.iter().filter(|contrast| contrast.bits > 0.0);
    let contrasts = contrasts.map(|contrast| compared(contrast, &name(&contrast.to)));
    view! {
        {list("What would change this", "turns", changes)}
        {list("Why not", "lowered", lowered.collect())}
        {list("What was compared", "contrasts", contrasts.collect())}
        {list("Numbers with an owner", "named", diagnosis.named.iter().map(named).collect())}
        {diagnosis.sums.iter().map(sum).collect::<Vec<_>>()}
    }
    .into_any()
}

fn first_fact(item: &crate::session::Item) -> Option<crate::evidence::Lines> {
    item.gist.facts.first().copied()
}

fn list(head: &'static str, testid: &'static str, items: Vec<AnyView>) -> AnyView {
    if items.is_empty() {
        return ().into_any();
    }
    view! {
        <h2>{head}</h2>
        <ul data-testid=testid>{items}</ul>
    }
    .into_any()
}

/// `Requests to backend-pub by address: 203.0.113.10 5 of 5 worked · 203.0.113.30 0 of 5 · .20 not tested`
fn compared(contrast: &Contrast, to: &str) -> AnyView {
    let row =
        |Counted { value, worked, failed, .. }: &Counted| format!("{value} {worked} of {} worked", worked + failed);
    let untested = contrast.untested.iter().map(|value| format!("{value} not tested"));
    let rows: Vec<String> = contrast.rows.iter().map(row).chain(untested).collect();
    let sentence = format!("Requests to {to} by {}: {}", contrast.factor.spoken(), rows.join(" · "));
    view! { <li>{sentence}</li> }.into_any()
}

/// `60.0 s: nginx: proxy_read_timeout; or the caller's own limit`
fn named(Named { number, owners, seen }: &Named) -> AnyView {
    let owners: Vec<&str> = owners.iter().map(|owner| owner.name.as_str()).collect();
    let sentence = format!("{number}: {}", owners.join("; or "));
    view! { <li>{sentence} " " <SourceLink evidence=seen.evidence lines=seen.lines /></li> }.into_any()
}

fn sum(sum: &Sum) -> AnyView {
    let rows = sum.rows.iter().map(|row| view! { <li>{row.clone()}</li> }.into_any()).collect::<Vec<_>>();
    view! {
        <h2>{sum.title.clone()}</h2>
        <ul data-testid="sum">{rows}<li><b>{sum.concludes.clone()}</b></li></ul>
    }
    .into_any()
}
