//! What the linter and the tests say of a runbook, with the line and column of each finding.

use leptos::prelude::*;

use crate::examine::Examined;
use crate::lint::{Finding, Severity};

pub(super) fn findings(examined: &Examined) -> AnyView {
    let count = |wanted: Severity| examined.findings.iter().filter(|finding| finding.severity == wanted).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning) + examined.more);
    let tests = match (examined.passed, examined.failed.len()) {
        (0, 0) => "no test".to_owned(),
        (1, 0) => "its test passes".to_owned(),
        (passed, 0) => format!("all {passed} tests pass"),
        (passed, failed) => format!("{failed} of {} fail", several(passed + failed, "test")),
    };
    let summary = format!("{}, {}, {tests}", several(errors, "error"), several(warnings, "warning"));
    let lines = examined.findings.iter().map(line).collect::<Vec<_>>();
    let failed = examined
        .failed
        .iter()
        .map(|failed| view! { <li data-severity="error"><b>"test"</b> " " {failed.clone()}</li> }.into_any());
    let more = (examined.more > 0).then(|| view! { <li>{format!("… and {} more", examined.more)}</li> });
    view! {
        <p class="hint" role="status" data-testid="findings-summary">{summary}</p>
        <ul class="findings" data-testid="findings">{failed.collect::<Vec<_>>()}{lines}{more}</ul>
    }
    .into_any()
}

fn line(finding: &Finding) -> AnyView {
    let (severity, word) = match finding.severity {
        Severity::Error => ("error", "error"),
        Severity::Warning => ("warning", "warning"),
    };
    let place = format!("{}:{}", finding.line, finding.column);
    view! {
        <li data-severity=severity>
            <code>{place}</code>
            " "
            <b>{word}</b>
            " "
            {finding.says.clone()}
        </li>
    }
    .into_any()
}

/// `no error`, `1 warning`, `3 tests`
pub(super) fn several(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}"),
        1 => format!("1 {what}"),
        many => format!("{many} {what}s"),
    }
}
