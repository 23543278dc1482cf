//! What was measured before and after, as small charts; each is a table too, for whoever cannot see it.

use leptos::prelude::*;

use crate::decimal::tenths;
use crate::diagnosis::Chart;
use crate::ui::workspace::workspace;

#[component]
pub(super) fn Charts() -> impl IntoView {
    let workspace = workspace();
    let charts = Memo::new(move |_| workspace.diagnosis.read().charts.clone());
    move || charts.read().iter().map(chart).collect::<Vec<_>>()
}

fn chart(chart: &Chart) -> AnyView {
    let band = |class: &'static str, (from, wide): (f64, f64)| {
        view! { <rect class=class x=tenths(from) y="0" width=tenths(wide) height="40" /> }
    };
    let row = |(when, value): &(String, String)| view! { <tr><th scope="row">{when.clone()}</th><td>{value.clone()}</td></tr> };
    view! {
        <figure class="chart" data-testid="chart">
            <figcaption>{chart.title.clone()}</figcaption>
            <svg viewBox="0 -2 240 44" preserveAspectRatio="none" aria-hidden="true">
                {band("before", chart.before)}
                {band("after", chart.after)}
                <polyline points=chart.line.clone() />
            </svg>
            <table class="visually-hidden">
                <tbody>{chart.rows.iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        </figure>
    }
    .into_any()
}
