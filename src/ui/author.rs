//! Writes a runbook once it is known what it was: the page asks two things, the engine drafts, and looks at it while one edits.

use std::time::Duration;

use leptos::prelude::*;

use super::evidence::bring;
use super::findings::findings;
use super::workspace::Workspace;
use crate::author::{Solved, Written};
use crate::browser;
use crate::diagnosis::NOT_DESCRIBED;
use crate::examine::Examined;
use crate::inquiry::{Answer, Pack, Question};
use crate::session::Action;

/// So long after the last key press the draft is looked at.
const PAUSE: Duration = Duration::from_millis(250);

pub(super) fn author(workspace: Workspace) -> AnyView {
    let solved = workspace.attention.solved;
    let problem = RwSignal::new(None::<String>);
    let draft = RwSignal::new(None::<Written>);
    Effect::new(move || {
        let case = workspace.session.with_untracked(|session| session.work().incident());
        workspace.inquire(Question::Write { case, solved: solved.get() }, move |answer| match answer {
            Answer::Written(Ok(written)) => {
                problem.set(None);
                draft.set(Some(written));
            }
            Answer::Written(Err(sentence)) | Answer::Stopped(sentence) => {
                draft.set(None);
                problem.set(Some(sentence));
            }
            _ => {}
        });
    });
    let edited = move |event| {
        let text = event_target_value(&event);
        let Some(name) = draft.read_untracked().as_ref().map(|draft| draft.file.clone()) else { return };
        draft.update(|draft| draft.iter_mut().for_each(|draft| draft.text.clone_from(&text)));
        let paused = move || {
            if draft.try_with_untracked(|draft| draft.as_ref().is_some_and(|draft| draft.text == text)) == Some(true) {
                look(draft, Question::Glance(Pack { name, text }), || {});
            }
        };
        set_timeout(paused, PAUSE);
    };
    let reviewing = RwSignal::new(false);
    let review = move |_| {
        if let Some(Written { file: name, text, .. }) = draft.get_untracked() {
            reviewing.set(true);
            look(draft, Question::Examine(Pack { name, text }), move || reviewing.set(false));
        }
    };
    let text = Memo::new(move |_| draft.read().as_ref().map(|draft| draft.text.clone()).unwrap_or_default());
    let file = Memo::new(move |_| draft.read().as_ref().map(|draft| draft.file.clone()));
    let examined = Memo::new(move |_| draft.read().as_ref().map(|draft| draft.examined.clone()).unwrap_or_default());
    let ready = move || examined.with(|examined: &Examined| examined.works() && examined.failed.is_empty());
    let taken = move || {
        draft.get_untracked().unwrap_or_else(|| Written {
            file: String::new(),
            text: String::new(),
            examined: Examined::default(),
        })
    };
    view! {
        <p>
            "It becomes a file with this case as its test: whoever changes a runbook later keeps solving this incident. The drawing and the evidence go into it, passwords and tokens cut out. Read it before you give it away."
        </p>
        {words(solved)}
        {move || problem.get().map(|sentence| view! { <p class="problem" role="alert" data-testid="no-draft">{sentence}</p> })}
        <Show when=move || file.read().is_some()>
            <label class="draft">
                {move || file.get()}
                <textarea data-testid="draft" rows="14" spellcheck="false" autocomplete="off" prop:value=move || text.get() on:input=edited></textarea>
            </label>
            {move || findings(&examined.read())}
            <div class="row">
                <button type="button" data-testid="review-draft" disabled=move || reviewing.get() on:click=review
                    title="Words and tests are checked while you type; this takes some seconds and reads it as a reviewer would">
                    "Hold it against all runbooks"
                </button>
                <button type="button" class="main" data-testid="download-draft" disabled=move || !ready()
                    on:click=move |_| { let Written { file, text, .. } = taken(); workspace.dispatch(Action::Download { name: file, text }) }>
                    "Download"
                </button>
                <button type="button" data-testid="use-draft" on:click=move |_| { let Written { file, text, .. } = taken(); bring(workspace, file, text) }>
                    "Use it in this browser"
                </button>
            </div>
        </Show>
    }
    .into_any()
}

/// Has the engine look at the draft, and shows what it finds unless the draft has changed since.
fn look(draft: RwSignal<Option<Written>>, question: Question, done: impl FnOnce() + 'static) {
    let (Question::Glance(Pack { text, .. }) | Question::Examine(Pack { text, .. })) = &question else { return };
    let asked = text.clone();
    browser::ask(question, move |answer| {
        if let Answer::Examined(examined) = answer {
            draft.update(|draft| {
                if let Some(draft) = draft.as_mut().filter(|draft| draft.text == asked) {
                    draft.examined = examined;
                }
            });
        }
        done();
    });
}

/// What only a person can say, where no runbook says it.
fn words(solved: RwSignal<Solved>) -> AnyView {
    let described = solved.read_untracked().mode != NOT_DESCRIBED;
    if described {
        return view! { <p class="hint">"A runbook describes this fault already, so this one is a test that holds it to the incident."</p> }.into_any();
    }
    let field = |name: &'static str, example: &'static str, testid: &'static str, write: fn(&mut Solved, String)| {
        view! {
            <label class="draft">
                {name}
                <input data-testid=testid placeholder=example autocomplete="off"
                    on:change=move |event| { let value = event_target_value(&event); solved.update(|solved| write(solved, value)) } />
            </label>
        }
        .into_any()
    };
    view! {
        {field("What was it, in one sentence?", "the standby kept the address after the failover", "solved-title", |solved, value| solved.title = value)}
        {field("What repaired it?", "Release the address on the standby.", "solved-fix", |solved, value| solved.fix = value)}
    }
    .into_any()
}
