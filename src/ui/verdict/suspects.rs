//! Every suspicion that is still alive, and what to do about the first where it is as good as certain.

use leptos::prelude::*;

use crate::diagnosis::Verdict;
use crate::ui::probability::percent;
use crate::ui::workspace::workspace;

/// Beyond these, suspicions are too weak to act on.
const SHOWN: usize = 6;

#[component]
pub(super) fn Suspects() -> impl IntoView {
    let workspace = workspace();
    let verdict = move || workspace.diagnosis.read().verdict;
    let suspects = Memo::new(move |_| {
        let diagnosis = workspace.diagnosis.read();
        let accuses = !matches!(diagnosis.verdict, Verdict::NothingWrong | Verdict::NoEvidence);
        let shown = diagnosis.suspects.iter().take(if accuses { SHOWN } else { 0 });
        shown.map(|suspect| (suspect.title.clone(), suspect.probability)).collect::<Vec<_>>()
    });
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
                            <b>"If that is it: "</b>
                            {fix}
                            {(!verify.is_empty()).then(|| format!(" To verify: {verify}"))}
                        </p>
                    }
                })
        }}
        <Show when=move || !suspects.read().is_empty()>
            <details class="more" open=move || verdict() == Verdict::Underdetermined>
                <summary data-testid="all-suspects">"All suspects"</summary>
                <ol class="suspects" data-testid="suspects">
                    {move || {
                        suspects
                            .get()
                            .into_iter()
                            .map(|(title, probability)| {
                                view! {
                                    <li>
                                        <span class="number">{percent(probability)}</span>
                                        {title}
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ol>
            </details>
        </Show>
    }
}
