//! Events: what Kubernetes did to an object, and why.

use super::Row;
use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::observable::{COMPLAINT, NODE_STATE, POD_STATE, PROBE};
use crate::read::{Findings, complaint, driver};

pub(super) fn row(row: &Row, findings: &mut Findings) {
    let (Some(reason), Some(object)) = (row.cell("REASON"), row.cell("OBJECT")) else { return };
    let name = object.rsplit('/').next().unwrap_or(object);
    // The message is the last column and may itself hold wide gaps.
    let from = row.head.iter().position(|known| *known == "MESSAGE").unwrap_or(row.head.len());
    let message = row.cells.get(from..).unwrap_or_default().join(" ");
    tell(Lines::one(row.number), reason, name, &message, findings);
}

/// Reason, object and message of an event whose table lost its head: `23m  Warning  Unhealthy  pod/kafka-2  Readiness probe …` of
/// `get events`, with the namespace in front where it was asked for all; `Warning  Unhealthy  21m (x26 over 45m)  kubelet  Readiness probe …`
/// of `describe`, which names no object.
pub(super) fn without_head(text: &str) -> Option<(&str, &str, &str)> {
    let is_age = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b's' | b'm' | b'h' | b'd'))
            && word.ends_with(|c: char| c.is_ascii_alphabetic())
    };
    let rest = text.trim_start();
    let (first, rest) = rest.split_once(' ')?;
    if is_age(first) {
        let (kind, rest) = rest.trim_start().split_once(' ')?;
        let (reason, rest) = rest.trim_start().split_once(' ')?;
        // A wide message may have been wrapped onto the next line.
        let object = rest.trim_start();
        let (object, message) = object.split_once(' ').unwrap_or((object, ""));
        let (_, name) = object.split_once('/')?;
        return matches!(kind, "Normal" | "Warning").then_some((reason, name, message.trim()));
    }
    let (second, others) = rest.trim_start().split_once(' ')?;
    if is_age(second) && others.contains(['/']) {
        // `get events -A` puts the namespace in front.
        return without_head(rest);
    }
    let (reason, rest) = (second, others);
    let (age, rest) = rest.trim_start().split_once(' ')?;
    let rest = rest.strip_prefix("(x").map_or(rest, |rest| rest.split_once(')').map_or(rest, |(_, rest)| rest));
    let (_, message) = rest.trim_start().split_once("  ")?;
    (matches!(first, "Normal" | "Warning") && is_age(age)).then_some((reason, "", message.trim()))
}

/// One event of a table, or of the list below `kubectl describe`.
pub(super) fn tell(at: Lines, reason: &str, name: &str, message: &str, findings: &mut Findings) {
    (at.first..=at.last).for_each(|number| findings.noise(number));
    let said: String = message.chars().take(160).collect();
    let of = || if name.is_empty() { Endpoint::default() } else { Endpoint::named(name) };
    if let Some(value) = probe(reason, message) {
        findings.state(at, PROBE, value, of(), said);
        return;
    }
    // The same event of a pod ("Node is not ready") only says where it runs.
    if reason == "NodeNotReady" && message.ends_with("status is now: NodeNotReady") {
        findings.state(at, NODE_STATE, "not_ready", of(), said);
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
        // Of anything else that went wrong its own words are kept.
        _ if complaint::tells_of_failure(message) => return findings.state(at, COMPLAINT, "failed", of(), said),
        _ => return,
    };
    findings.state(at, POD_STATE, value, of(), said);
    // Whom the node could not ask for the image.
    if value == "image_pull" {
        driver::said(message).into_iter().for_each(|claim| findings.fact(at, claim));
    }
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
