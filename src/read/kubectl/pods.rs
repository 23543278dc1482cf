//! Pods, nodes and deployments as tables show them.

use super::Row;
use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::Findings;
use crate::read::observable::{DEPLOYMENT, NODE_STATE, POD_STATE};
use crate::read::pick::cells;

pub(super) fn pod(row: &Row, findings: &mut Findings) {
    let (Some(name), Some(status)) = (row.cell("NAME"), row.cell("STATUS")) else { return };
    // "kubectl get all" lists other kinds beside.
    let name = name.strip_prefix("pod/").unwrap_or(name);
    let ready = row.cell("READY").unwrap_or_default();
    let Some(value) = state(status, all(ready)) else { return };
    let address = row.cell("IP").and_then(|address| address.parse().ok());
    let of = Endpoint { address, name: Some(name.to_owned()), ..Endpoint::default() };
    let restarts = row.cell("RESTARTS").map(|restarts| format!(", restarts {restarts}")).unwrap_or_default();
    findings.state(Lines::one(row.number), POD_STATE, value, of, format!("{name} {status} {ready}{restarts}"));
}

/// A row of `get pods` whose table lost its head: `cart-7d4b9c6f5-x2x7k   0/1   CrashLoopBackOff   5 (31s ago)   4m`.
pub(super) fn without_head(text: &str, number: u32) -> Option<Row<'_>> {
    const HEAD: [&str; 5] = ["NAME", "READY", "STATUS", "RESTARTS", "AGE"];
    text.contains('/').then_some(())?;
    let cells = cells(text);
    let [name, ready, status, restarts, _, ..] = cells.as_slice() else { return None };
    let count = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (some, of) = ready.split_once('/')?;
    let known = count(some) && count(of) && count(restarts.split(' ').next().unwrap_or_default());
    (known && !name.contains(' ') && state(status, true).is_some()).then_some(Row { number, head: &HEAD, cells })
}

/// The value of `pod.state` for a status or a reason as kubectl prints it.
pub(super) fn state(status: &str, ready: bool) -> Option<&'static str> {
    // An init container's trouble is written "Init:CrashLoopBackOff", its progress "Init:0/2".
    let status = status.strip_prefix("Init:").unwrap_or(status);
    Some(match status {
        "Running" if ready => "running",
        "Running" => "not_ready",
        "CrashLoopBackOff" => "crash_loop",
        "ImagePullBackOff" | "ErrImagePull" | "InvalidImageName" | "ErrImageNeverPull" => "image_pull",
        "OOMKilled" => "oom_killed",
        "Evicted" => "evicted",
        "Pending" | "ContainerCreating" | "PodInitializing" | "NotReady" => "pending",
        "Terminating" => "terminating",
        "Completed" | "Succeeded" => "completed",
        "Error"
        | "Failed"
        | "Unknown"
        | "RunContainerError"
        | "CreateContainerConfigError"
        | "CreateContainerError"
        | "ContainerCannotRun"
        | "StartError" => "error",
        _ if status.contains('/') => "pending",
        _ => return None,
    })
}

/// Whether `2/2` is ready and `1/2` is not.
fn all(ready: &str) -> bool {
    ready.split_once('/').is_none_or(|(ready, of)| ready == of && of != "0")
}

pub(super) fn node(row: &Row, findings: &mut Findings) {
    let (Some(name), Some(status)) = (row.cell("NAME"), row.cell("STATUS")) else { return };
    let value = if status.split(',').any(|word| word == "Ready") { "ready" } else { "not_ready" };
    let address = row.cell("INTERNAL-IP").and_then(|address| address.parse().ok());
    let of = Endpoint { address, name: Some(name.to_owned()), ..Endpoint::default() };
    findings.state(Lines::one(row.number), NODE_STATE, value, of, status);
}

pub(super) fn deployment(row: &Row, findings: &mut Findings) {
    let (Some(name), Some(ready)) = (row.cell("NAME"), row.cell("READY")) else { return };
    let value = match ready.split_once('/') {
        Some((ready, of)) if ready == of => "all_ready",
        Some(("0", _)) => "none_ready",
        Some(_) => "some_ready",
        None => return,
    };
    findings.state(Lines::one(row.number), DEPLOYMENT, value, Endpoint::named(name), format!("{ready} ready"));
}
