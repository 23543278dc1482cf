//! Numbers read off a screen: a small form that writes them down as a table, which is read like any other paste; and the commands that
//! fetch them from where they are kept.

use leptos::prelude::*;

use super::take;
use crate::browser::Notice;
use crate::diagnosis::MeasuredAt;
use crate::session::Stroke;
use crate::ui::workspace::{Workspace, workspace};

/// What can be read off: what a person calls it, and the title of its row in the table.
const MEASURES: [(&str, &str); 5] = [
    ("Requests", "requests"),
    ("Failed requests", "errors"),
    ("Mean time, ms", "latency avg ms"),
    ("p95, ms", "latency p95 ms"),
    ("Worked, %", "availability %"),
];

#[component]
pub(super) fn Numbers() -> impl IntoView {
    let workspace = workspace();
    let [hop, before, after, period] = [(); 4].map(|()| RwSignal::new(String::new()));
    let measure = RwSignal::new("requests".to_owned());
    let add = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let [hop, was, is, period] = [hop, before, after, period].map(|field| field.get_untracked().trim().to_owned());
        // JSON's numbers: the standard library's own reader of floats would weigh 10 kB here, and nothing else needs it.
        if [&was, &is].iter().any(|number| serde_json::from_str::<f64>(number).is_err()) {
            workspace.hear(Notice::Failed("Write what you read off before and after as plain numbers.".to_owned()));
            return;
        }
        let measure = measure.get_untracked();
        take(
            workspace,
            format!("element\tmeasure\tperiod_s\tbefore\tafter\n{hop}\t{measure}\t{period}\t{was}\t{is}\n"),
        );
        before.set(String::new());
        after.set(String::new());
    };
    let field = |name: &'static str, testid: &'static str, needed: bool, value: RwSignal<String>| {
        view! {
            <label>
                {name}
                <input
                    data-testid=testid
                    list=(testid == "number-hop").then_some("number-hops")
                    required=needed
                    autocomplete="off"
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </label>
        }
        .into_any()
    };
    let hops = move || {
        let sketch = workspace.sketch.read();
        let edges = sketch.edges().iter().map(|edge| format!("{}->{}", edge.from, edge.to));
        let ids = sketch.nodes().iter().map(|node| node.id.clone()).chain(edges);
        ids.map(|id| view! { <option value=id></option> }).collect::<Vec<_>>()
    };
    let fetch = move || {
        let line = |fetch: &crate::diagnosis::Fetch| {
            let command = fetch.command.clone();
            view! {
                <li>
                    {format!("{} of {}", fetch.source, fetch.of)}
                    " "
                    <button type="button" class="quiet" on:click=move |_| workspace.copy(command.clone(), "Copied.")>
                        "Copy"
                    </button>
                    <pre>{fetch.command.clone()}</pre>
                </li>
            }
            .into_any()
        };
        workspace.diagnosis.read().fetch.iter().map(line).collect::<Vec<_>>()
    };
    let measured = Memo::new(move |_| workspace.diagnosis.read().measured.clone());
    let places = move || measured.get().into_iter().map(|one| place(workspace, one)).collect::<Vec<_>>();
    view! {
        <details class="numbers" data-testid="numbers">
            <summary>"Numbers before and after"</summary>
            <form class="row" on:submit=add>
                {field("Hop", "number-hop", true, hop)}
                <datalist id="number-hops">{hops}</datalist>
                <label>
                    "What"
                    <select data-testid="number-what" on:change=move |event| measure.set(event_target_value(&event))>
                        {MEASURES.map(|(name, title)| view! { <option value=title>{name}</option> }).into_iter().collect::<Vec<_>>()}
                    </select>
                </label>
                {field("Before", "number-before", true, before)}
                {field("After", "number-after", true, after)}
                {field("Seconds per number", "number-period", false, period)}
                <button type="submit" data-testid="number-add">"Add"</button>
            </form>
            <ul class="measured" data-testid="measured">{places}</ul>
            <ul data-testid="fetch">{fetch}</ul>
        </details>
    }
}

/// Where something was taken to be that was measured; a person may know better.
fn place(workspace: Workspace, MeasuredAt { of, element }: MeasuredAt) -> AnyView {
    let name = format!("{of} is measured at");
    let choose = move |event| {
        workspace.draw(Stroke::Measured { of: of.clone(), element: event_target_value(&event).trim().to_owned() });
    };
    view! {
        <li>
            <label>
                {name}
                " "
                <input list="number-hops" placeholder="no hop" autocomplete="off" prop:value=element
                    readonly=move || workspace.visiting() on:change=choose />
            </label>
        </li>
    }
    .into_any()
}
