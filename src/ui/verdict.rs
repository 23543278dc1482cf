//! The verdict bar: one sentence, why, what is cleared, and the one command to run next.

use leptos::prelude::*;

mod caveats;
mod charts;
mod cleared;
mod course;
mod grounds;
mod next_command;
mod reasons;
mod suspects;

pub(super) use cleared::Cleared;
pub(super) use next_command::{Command, cost};

use super::probability::percent;
use super::workspace::workspace;
use crate::browser;
use crate::diagnosis::Verdict as Reach;

#[component]
pub(super) fn Verdict() -> impl IntoView {
    let workspace = workspace();
    let begun = Memo::new(move |_| {
        let session = workspace.session.read();
        !session.work().evidence.is_empty() || !session.work().sketch.is_empty()
    });
    // On a phone the page is long: whoever opened an example or pasted further down is led up to what came of it.
    Effect::new(move || {
        if begun.get() {
            request_animation_frame(|| browser::scroll_to("headline"));
        }
    });
    let headline = move || {
        let headline = workspace.diagnosis.read().headline.clone();
        if headline.is_empty() {
            return ("Reading …".to_owned(), None);
        }
        // What fails stands large; what may be behind it, if a second sentence says so, below.
        match headline.split_once(". ") {
            Some((fails, cause)) => (format!("{fails}. "), Some(cause.to_owned())),
            None => (headline, None),
        }
    };
    let reach = move || workspace.diagnosis.read().verdict;
    let state = move || match reach() {
        Reach::Isolated | Reach::Leading => "failing",
        Reach::Underdetermined => "suspect",
        Reach::NothingWrong => "ok",
        Reach::NoEvidence => "unknown",
    };
    view! {
        <section class="card verdict" data-testid="verdict" data-state=state aria-labelledby="headline">
            <Show
                when=move || begun.get()
                fallback=|| {
                    view! {
                        <div class="welcome">
                            <h1 id="headline" data-testid="headline">
                                "Paste what you see"
                            </h1>
                            <p>
                                "Hopwise tells you which hop is failing, why it thinks so, and the one command to run next."
                            </p>
                        </div>
                    }
                }
            >
                <div class="finding">
                    <div role="status">
                        <Lead />
                        <h1 id="headline" data-testid="headline">
                            {move || headline().0}
                            {move || headline().1.map(|cause| view! { <span class="cause">{cause}</span> })}
                        </h1>
                    </div>
                    <reasons::Reasons />
                    <grounds::Misfits />
                </div>
                <next_command::NextCommand />
                // Later, also for the keyboard: on a phone all this would push the command out of sight.
                <div>
                    <suspects::Suspects />
                    <charts::Charts />
                    <grounds::Grounds />
                    <caveats::Caveats />
                </div>
            </Show>
        </section>
    }
}

/// How sure the sentence below it is: a glyph, words, then the number.
#[component]
fn Lead() -> impl IntoView {
    let workspace = workspace();
    let reach = move || workspace.diagnosis.read().verdict;
    let glyph = move || match reach() {
        Reach::Isolated | Reach::Leading => "✕",
        Reach::Underdetermined => "?",
        Reach::NothingWrong => "✓",
        Reach::NoEvidence => "–",
    };
    let share = move || {
        let diagnosis = workspace.diagnosis.read();
        match diagnosis.verdict {
            Reach::NoEvidence => None,
            Reach::NothingWrong => Some(diagnosis.nothing),
            _ => diagnosis.elements.first().map(|leading| leading.probability),
        }
    };
    view! {
        <p class="lead">
            <span aria-hidden="true">{glyph}</span>
            " "
            <b>{move || reach().in_words()}</b>
            {move || share().map(|share| view! { <small>{format!("{} of the belief", percent(share))}</small> })}
        </p>
    }
}
