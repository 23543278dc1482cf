//! Hand-off texts in the share dialog: the note, the chat message, a page for each team, the picture.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::workspace::{Workspace, workspace};
use crate::browser;
use crate::inquiry::{Answer, Form, Question};
use crate::order;
use crate::session::{Action, Luggage};

#[component]
pub(super) fn HandOff(
    /// Goes along in the chat message where there is room.
    link: Signal<String>,
) -> impl IntoView {
    let workspace = workspace();
    let write = move |form: Form, then: fn(Workspace, String)| {
        let case = workspace.session.read_untracked().case(Luggage::Facts);
        let link = matches!(form, Form::Chat).then(|| link.get_untracked()).filter(|link| !link.is_empty());
        workspace.inquire(Question::Note { case, form, link }, move |answer| match answer {
            Answer::Note(text) => then(workspace, text),
            Answer::Stopped(why) => workspace.hear(browser::Notice::Failed(why)),
            _ => {}
        });
    };
    let teams = move || {
        let teams: BTreeSet<String> = order::set(
            workspace.sketch.read().nodes().iter().map(|node| node.team.clone()).filter(|team| !team.is_empty()),
        );
        teams.into_iter().collect::<Vec<_>>()
    };
    view! {
        <fieldset class="handoff">
            <legend>"For people without Hopwise, without the pasted text"</legend>
            <div class="row">
                <button
                    type="button"
                    data-testid="copy-note"
                    on:click=move |_| write(Form::Note, |page, text| page.copy(text, "Copied: the incident note, as Markdown"))
                >
                    "Copy note"
                </button>
                <button
                    type="button"
                    data-testid="copy-chat"
                    on:click=move |_| write(Form::Chat, |page, text| page.copy(text, "Copied: a message for a chat"))
                >
                    "Copy chat message"
                </button>
                <button
                    type="button"
                    data-testid="save-svg"
                    on:click=move |_| write(Form::Picture, |page, text| page.dispatch(Action::Download { name: name(page, ".svg"), text }))
                >
                    "Save map (SVG)"
                </button>
                <button
                    type="button"
                    data-testid="save-png"
                    on:click=move |_| write(Form::Picture, |page, svg| page.dispatch(Action::DownloadPicture { name: name(page, ".png"), svg }))
                >
                    "Save map (PNG)"
                </button>
                {move || teams().into_iter().map(|team| page_for(team, write)).collect::<Vec<_>>()}
            </div>
        </fieldset>
    }
}

/// Hands the page for one team over.
fn page_for(team: String, write: impl Fn(Form, fn(Workspace, String)) + 'static) -> AnyView {
    let words = format!("Copy page for {team}");
    let copy = move |_| write(Form::Team(team.clone()), |page, text| page.copy(text, "Copied: the page for one team"));
    view! {
        <button type="button" data-testid="copy-team" on:click=copy>
            {words}
        </button>
    }
    .into_any()
}

/// A file's name after the case, with this ending.
fn name(workspace: Workspace, ending: &str) -> String {
    workspace.session.read_untracked().work().file_name().replace(".json", ending)
}
