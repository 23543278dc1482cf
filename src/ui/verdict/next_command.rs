//! The one command to run next, what each outcome of it would mean, and the runners-up.

use leptos::prelude::*;

use crate::clean::plain;
use crate::decimal::whole;
use crate::diagnosis::{Expected, Risk, Suggestion};
use crate::session::{Action, Asked};
use crate::ui::probability::percent;
use crate::ui::workspace::workspace;

/// How many other commands are offered under "Something else".
const OTHERS: usize = 4;
/// How many outcomes are foretold. A proxy's log can say a dozen things, most of them hardly ever.
const LIKELY: usize = 6;

#[component]
pub(super) fn NextCommand() -> impl IntoView {
    let workspace = workspace();
    let best = Memo::new(move |_| workspace.diagnosis.read().next.first().cloned());
    let others =
        Memo::new(move |_| workspace.diagnosis.read().next.iter().skip(1).take(OTHERS).cloned().collect::<Vec<_>>());
    view! {
        <div class="next" data-testid="next">
            {move || best.get().map(|suggestion| view! { <Best suggestion /> })}
            <Show when=move || !others.read().is_empty()>
                <details class="others">
                    <summary data-testid="other-commands">"Something else …"</summary>
                    {move || others.get().into_iter().map(|suggestion| view! { <Other suggestion /> }).collect_view()}
                </details>
            </Show>
        </div>
    }
}

#[component]
fn Best(suggestion: Suggestion) -> impl IntoView {
    let workspace = workspace();
    let Suggestion { asks, outcomes, .. } = suggestion.clone();
    view! {
        <h2>"Run next" <span class="cost">{cost(suggestion.risk, suggestion.minutes)}</span></h2>
        <Command asked=asked(&suggestion) testid="next-command" copy="copy-next" main=true />
        <p class="asks">{asks} <RunOn suggestion /></p>
        <Outcomes outcomes />
        {move || at_most(workspace.diagnosis.read().at_most).map(|words| view! { <p class="asks" data-testid="at-most">{words}</p> })}
    }
}

#[component]
fn Other(suggestion: Suggestion) -> impl IntoView {
    let cost = cost(suggestion.risk, suggestion.minutes);
    view! {
        <div class="other">
            <p class="asks">{suggestion.asks.clone()} <RunOn suggestion=suggestion.clone() /> " " <span class="cost">{cost}</span></p>
            <Command asked=asked(&suggestion) testid="other-command" copy="copy-other" main=false />
        </div>
    }
}

fn asked(suggestion: &Suggestion) -> Asked {
    let Suggestion { command, from, about, .. } = suggestion.clone();
    Asked { command, from, about }
}

/// A command in its box, with a button that copies exactly what is shown.
#[component]
pub(in crate::ui) fn Command(
    asked: Asked,
    testid: &'static str,
    copy: &'static str,
    /// The button of the one command that is recommended.
    main: bool,
) -> impl IntoView {
    let workspace = workspace();
    // Names in a command come from pasted text: nothing invisible may ride along, and nothing may press Enter.
    let command = asked.command.lines().map(plain).collect::<Vec<_>>().join("\n");
    let shown = command.clone();
    view! {
        <div class="command">
            <pre tabindex="0"><code data-testid=testid>{shown}</code></pre>
            <button
                type="button"
                class:main=main
                id=main.then_some(copy)
                data-testid=copy
                on:click=move |_| {
                    let spoken = format!("Copied: {}", short(&command));
                    let asked = Asked { command: command.clone(), ..asked.clone() };
                    workspace.dispatch(Action::CopyCommand { asked, spoken });
                }
            >
                "Copy"
            </button>
        </div>
    }
}

#[component]
fn RunOn(suggestion: Suggestion) -> impl IntoView {
    let sketch = workspace().sketch;
    let place = move || {
        let sketch = sketch.read();
        let place = suggestion.place(sketch.by_id(&suggestion.from).map_or("", |node| node.name()));
        (!place.is_empty()).then(|| format!(" Run it {place}, and paste what it prints."))
    };
    view! { <span data-testid="run-on">{place}</span> }
}

#[component]
fn Outcomes(outcomes: Vec<Expected>) -> impl IntoView {
    view! {
        <table class="outcomes" data-testid="outcomes">
            <thead>
                <tr>
                    <th scope="col">"If you see"</th>
                    <th scope="col">"then"</th>
                    <th scope="col">"how likely"</th>
                </tr>
            </thead>
            <tbody>
                {outcomes
                    .into_iter()
                    .take(LIKELY)
                    .map(|outcome| {
                        view! {
                            <tr>
                                <td>{outcome.sees}</td>
                                <td>{outcome.then}</td>
                                <td class="number">{percent(outcome.probability)}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}

/// How far it still is, where that can be promised.
fn at_most(commands: Option<u32>) -> Option<String> {
    match commands? {
        0 => None,
        1 => Some("After this command you will know what to do.".to_owned()),
        more => Some(format!("At most {more} commands, this one included, until you know what to do.")),
    }
}

/// `read-only · 3 min`
pub(in crate::ui) fn cost(risk: Risk, minutes: f64) -> String {
    let risk = match risk {
        Risk::Read => "read-only",
        Risk::Load => "adds load",
        Risk::Mutate => "changes something",
    };
    match minutes {
        minutes if minutes < 1.0 => format!("{risk} · {} s", whole(minutes * 60.0)),
        minutes => format!("{risk} · {} min", whole(minutes)),
    }
}

/// Enough of a command to recognize it by ear.
fn short(command: &str) -> String {
    let head: String = command.chars().take(40).collect();
    if head.len() < command.len() { format!("{head} …") } else { head }
}
