//! Events: what Kubernetes did to an object, and why.

use super::Row;
use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::Findings;
use crate::read::observable::{POD_STATE, PROBE};

pub(super) fn row(row: &Row, findings: &mut Findings) {
    let (Some(reason), Some(object)) = (row.cell("REASON"), row.cell("OBJECT")) else { return };
    let name = object.rsplit('/').next().unwrap_or(object);
    // The message is the last column and may itself hold wide gaps.
    let from = row.head.iter().position(|known| *known == "MESSAGE").unwrap_or(row.head.len());
    let message = row.cells.get(from..).unwrap_or_default().join(" ");
    tell(Lines::one(row.number), reason, name, &message, findings);
}

/// One event of a table, or of the list below `kubectl describe`.
pub(super) fn tell(at: Lines, reason: &str, name: &str, message: &str, findings: &mut Findings) {
    (at.first..=at.last).for_each(|number| findings.noise(number));
    let said: String = message.chars().take(160).collect();
    if let Some(value) = probe(reason, message) {
        findings.state(at, PROBE, value, Endpoint::named(name), said);
        return;
    }
    let value = match reason {
        "BackOff" if message.contains("pulling image") => "image_pull",
        "BackOff" | "CrashLoopBackOff" => "crash_loop",
        "FailedScheduling" => "pending",
        "OOMKilling" | "OOMKilled" => "oom_killed",
        "Evicted" => "evicted",
        "Failed" if message.contains("image") => "image_pull",
        "Failed" | "FailedCreatePodSandBox" | "FailedMount" => "error",
        _ => return,
    };
    findings.state(at, POD_STATE, value, Endpoint::named(name), said);
}

/// How a probe failed: a status, a refused connection, a timeout.
fn probe(reason: &str, message: &str) -> Option<&'static str> {
    if reason != "Unhealthy" {
        return None;
    }
    Some(match () {
        () if message.contains("with statuscode") => "failed_status",
        () if message.contains("connection refused") => "failed_refused",
        () if message.contains("deadline exceeded")
            || message.contains("i/o timeout")
            || message.contains("Timeout") =>
        {
            "failed_timeout"
        }
        () => "failed_other",
    })
}
