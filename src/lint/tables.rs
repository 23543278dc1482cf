//! Numbers with an owner: each can be met, says whose it is, and where that is known from.

use super::document::Document;

pub(super) fn check(document: &mut Document) {
    let runbook = document.runbook.clone();
    for (position, duration) in runbook.durations.iter().enumerate() {
        let path = format!("/durations/{position}");
        if duration.seconds.is_empty() || duration.seconds.iter().any(|seconds| *seconds <= 0.0) {
            let says = "a wait takes more than 0 seconds: write how long, as in [60]".to_owned();
            document.error(&format!("{path}/seconds"), says);
        }
        told(document, &duration.owner, &format!("{path}/owner"), "who waits so long, with the setting's name");
        known(document, &duration.source, &format!("{path}/source"));
    }
    for (position, status) in runbook.statuses.iter().enumerate() {
        let path = format!("/statuses/{position}");
        if !(100..=999).contains(&status.status) {
            let says = format!("{} is no HTTP status: write three digits", status.status);
            document.error(&format!("{path}/status"), says);
        }
        told(document, &status.spoke, &format!("{path}/spoke"), "who sends this status, and of what");
        known(document, &status.source, &format!("{path}/source"));
    }
    for (position, growth) in runbook.growths.iter().enumerate() {
        let path = format!("/growths/{position}");
        told(document, &growth.generator, &format!("{path}/generator"), "what then makes them");
        known(document, &growth.source, &format!("{path}/source"));
    }
}

fn told(document: &mut Document, text: &str, path: &str, what: &str) {
    if text.trim().is_empty() {
        document.error(path, format!("this is empty: write {what}"));
    }
}

fn known(document: &mut Document, source: &str, path: &str) {
    if !source.starts_with("https://") {
        let says = format!("\"{source}\" is no link: a source is an https address that a reader can open");
        document.error(path, says);
    }
}
