//! How belief moved from one piece of evidence to the next: a small chart, and the same as a table for whoever does not see it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::decimal::{tenths, whole};
use crate::inquiry::{Answer, Course, Question};
use crate::session::Item;
use crate::ui::probability::percent;
use crate::ui::workspace::Workspace;

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 96.0;
/// Room for the signs at both ends.
const MARGIN: f64 = 8.0;

/// How the lines differ without color.
const DASHES: [&str; 4] = ["", "6 3", "2 3", "8 3 2 3"];
/// The sign on each point of a line, and in the table.
const SIGNS: [&str; 4] = ["●", "◆", "▲", "■"];

pub(super) fn course(workspace: Workspace) -> AnyView {
    let told = RwSignal::new(Vec::<Course>::new());
    Effect::new(move || {
        workspace.diagnosis.track();
        let case = workspace.session.with(|session| session.work().testimony());
        workspace.inquire(Question::Course(case), move |answer| {
            if let Answer::Course(courses) = answer {
                told.set(courses);
            }
        });
    });
    (move || {
        let courses = told.get();
        let steps = courses.first().map_or(0, |course| course.belief.len());
        let kinds = workspace.session.with(|session| {
            let evidence = &session.work().evidence;
            let latest = evidence.iter().skip(evidence.len().saturating_sub(steps));
            let kind = |item: &Arc<Item>| item.gist.blocks.first().map(|block| block.kind.clone());
            latest.map(|item| kind(item).unwrap_or_default()).collect::<Vec<_>>()
        });
        if steps < 2 { ().into_any() } else { shown(&courses, &kinds) }
    })
    .into_any()
}

fn shown(courses: &[Course], kinds: &[String]) -> AnyView {
    let signed = || courses.iter().zip(DASHES.iter().zip(SIGNS));
    let lines = signed().map(|(course, (dash, sign))| line(course, dash, sign, kinds.len())).collect::<Vec<_>>();
    let heads = kinds.iter().map(|kind| view! { <th scope="col">{kind.clone()}</th> }.into_any()).collect::<Vec<_>>();
    let rows = signed().map(|(course, (_, sign))| row(course, sign)).collect::<Vec<_>>();
    view! {
        <h2>"How belief moved, evidence by evidence"</h2>
        <svg class="course" viewBox=format!("0 0 {} {}", whole(WIDTH), whole(HEIGHT)) aria-hidden="true" data-testid="course">
            <path class="half" d=format!("M0 {}H{}", whole(HEIGHT / 2.0), whole(WIDTH)) />
            {lines}
        </svg>
        <div class="contrast" tabindex="0" role="group" aria-label="How belief moved">
            <table data-testid="course-table">
                <thead><tr><th scope="col">"after evidence"</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(course: &Course, dash: &'static str, sign: &'static str, steps: usize) -> AnyView {
    let x = |step: usize| MARGIN + (WIDTH - 2.0 * MARGIN) * step as f64 / (steps.saturating_sub(1)).max(1) as f64;
    let y = |p: f64| HEIGHT - MARGIN - (HEIGHT - 2.0 * MARGIN) * p;
    let points: Vec<(f64, f64)> = course.belief.iter().enumerate().map(|(step, p)| (x(step), y(*p))).collect();
    let path: Vec<String> = points.iter().map(|(x, y)| format!("{} {}", tenths(*x), tenths(*y))).collect();
    let signs = points
        .iter()
        .map(|(x, y)| view! { <text x=tenths(*x) y=tenths(y + 4.0)>{sign}</text> }.into_any())
        .collect::<Vec<_>>();
    view! {
        <path d=format!("M{}", path.join("L")) stroke-dasharray=dash />
        {signs}
    }
    .into_any()
}

fn row(course: &Course, sign: &'static str) -> AnyView {
    let cells = course.belief.iter().map(|p| view! { <td>{percent(*p)}</td> }.into_any()).collect::<Vec<_>>();
    view! {
        <tr>
            <th scope="row"><span aria-hidden="true">{sign} " "</span>{course.name.clone()}</th>
            {cells}
        </tr>
    }
    .into_any()
}
