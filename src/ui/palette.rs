//! The list of commands: type a few letters, choose, done. It is also the sheet of all keys.

use leptos::prelude::*;

use super::command::{COMMANDS, Command};
use super::doors::open_example;
use super::workspace::Workspace;
use crate::session::EXAMPLES;

pub(super) fn palette(workspace: Workspace) -> AnyView {
    let sought = RwSignal::new(String::new());
    let run = move |what: Choice| {
        workspace.attention.sheet.set(None);
        // The dialog gives the focus back where it was when it closes; only then may a command move it.
        request_animation_frame(move || match what {
            Choice::Command(command) => (command.run)(workspace),
            Choice::Example(id) => open_example(workspace, id),
        });
    };
    let keyed = move |event: web_sys::KeyboardEvent| {
        if let ("Enter", Some((_, _, first))) =
            (event.key().as_str(), found(&sought.read_untracked()).into_iter().next())
        {
            event.prevent_default();
            run(first);
        }
    };
    view! {
        <input
            class="seek"
            data-testid="seek"
            aria-label="Find a command"
            placeholder="What do you want to do?"
            autocomplete="off"
            autofocus
            on:input=move |event| sought.set(event_target_value(&event))
            on:keydown=keyed
        />
        <ul class="commands" data-testid="commands">
            {move || found(&sought.read()).into_iter().map(|(name, keys, choice)| row(name, keys, move || run(choice))).collect_view()}
        </ul>
    }
    .into_any()
}

#[derive(Clone, Copy)]
enum Choice {
    Command(&'static Command),
    Example(&'static str),
}

/// Every command and example whose name has all the words in it.
fn found(sought: &str) -> Vec<(String, String, Choice)> {
    let commands =
        COMMANDS.iter().map(|command| (command.name.to_owned(), command.keys.join("  "), Choice::Command(command)));
    let examples = EXAMPLES
        .iter()
        .map(|example| (format!("Example: {}", example.symptom), String::new(), Choice::Example(example.id)));
    let sought = sought.to_ascii_lowercase();
    let fits = |name: &str| sought.split_whitespace().all(|word| name.to_ascii_lowercase().contains(word));
    commands.chain(examples).filter(|(name, _, _)| fits(name)).collect()
}

fn row(name: String, keys: String, run: impl Fn() + 'static) -> AnyView {
    let run: Box<dyn Fn()> = Box::new(run);
    view! {
        <li>
            <button type="button" on:click=move |_| run()>
                <span>{name}</span>
                <kbd>{keys}</kbd>
            </button>
        </li>
    }
    .into_any()
}
