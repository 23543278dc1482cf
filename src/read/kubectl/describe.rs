//! Reads `kubectl describe` of a pod or a service.
//!
//! ```text
//! Name:             cart-7d4b9c6f5-x2x7k
//!     State:          Waiting
//!       Reason:       CrashLoopBackOff
//!     Last State:     Terminated
//!       Reason:       OOMKilled
//!       Exit Code:    137
//! Events:
//!   Type     Reason     Age                From     Message
//!   Warning  Unhealthy  10s (x5 over 50s)  kubelet  Readiness probe failed: Get "http://10.244.1.7:8080/healthz": dial tcp 10.244.1.7:8080: connect: connection refused
//! ```

use super::{events, pods};
use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::observable::{ENDPOINTS, NODE_STATE, POD_STATE, PROCESS};
use crate::read::pick::cells;
use crate::read::{Findings, Part, driver};

pub(super) fn recognize(part: &Part) -> f64 {
    // A chat that squeezes spaces leaves one behind the colon.
    let named = part.any(|text| text.starts_with("Name: "));
    let scoped = part.any(|text| text.starts_with("Namespace: ") || text.starts_with("Labels:  "));
    let container = part.any(|text| text.trim_start().starts_with("Container ID: "));
    let conditions = part.any(|text| cells(text).starts_with(&["Type", "Status", "LastHeartbeatTime"]));
    // Some of its lines only, as grep leaves them.
    let asked = part.command.as_ref().is_some_and(|command| command.words().any(|word| word == "describe"));
    let asked = asked && part.runs("kubectl") && part.any(|text| text.starts_with("Endpoints:"));
    match (named && scoped, asked || part.any(is_events_head) || container || conditions) {
        (true, _) => 0.97,
        (false, true) => 0.9,
        _ => 0.0,
    }
}

/// The head of the list of events, which `kubectl get events` writes otherwise.
fn is_events_head(text: &str) -> bool {
    let head = cells(text);
    head.starts_with(&["Type", "Reason", "Age"]) || head.starts_with(&["FirstSeen", "LastSeen", "Count"])
}

pub(super) fn read(part: &Part, findings: &mut Findings) {
    // "kubectl describe svc cart", where its first lines were left out.
    let words = part.command.as_ref().map(|command| command.words().collect::<Vec<_>>()).unwrap_or_default();
    let asked = words.iter().position(|word| *word == "describe").and_then(|at| words.get(at + 2));
    let mut name = asked.copied().unwrap_or_default();
    let (mut address, mut selector) = (None, "");
    let mut in_events = false;
    // "State", "Last State" and then "Reason" on a line of its own.
    let mut state = "";
    // A container that runs before the others: that it runs or is done says nothing of the pod.
    let mut first = false;
    let mut ended = Ended::default();
    // Whether what follows is the most that a container may have.
    let mut limits = false;
    // Whether all containers run by now. Events go back an hour: a restart of minutes ago is past then.
    let mut all_run = None;
    let is_of_pods = part.any(|text| text.trim_start().starts_with("Containers:"));
    for line in &part.lines {
        let at = Lines::one(line.number);
        let text = line.text.trim();
        if is_events_head(&line.text) {
            in_events = true;
            ended.close(Endpoint { address, ..Endpoint::named(name) }, findings);
            findings.noise(line.number);
            continue;
        }
        if in_events {
            let cells = cells(&line.text);
            // Before 1.9 the kind stood in the middle: first and last time, count, source, kind, reason, message.
            if let Some(kind) = cells.iter().skip(2).position(|cell| matches!(*cell, "Normal" | "Warning")) {
                let mut rest = cells.iter().skip(kind + 3);
                let reason = rest.next().copied().unwrap_or_default();
                events::tell(at, reason, name, &rest.copied().collect::<Vec<_>>().join(" "), findings);
            } else if let [_, reason, age, _, message @ ..] = cells.as_slice() {
                let lately = age.split(' ').next().is_some_and(|age| !age.contains(['m', 'h', 'd']));
                if all_run == Some(true) && *reason == "BackOff" && !lately {
                    findings.noise(line.number);
                } else {
                    events::tell(at, reason, name, &message.join(" "), findings);
                }
            } else if text.starts_with('-') {
                findings.noise(line.number);
            }
            continue;
        }
        // A node's own word: "Ready  Unknown  <time>  <time>  NodeStatusUnknown  Kubelet stopped posting node status."
        if let ["Ready", ready, _, _, reason, said @ ..] = cells(text).as_slice() {
            let value = if *ready == "True" { "ready" } else { "not_ready" };
            let said = format!("{reason}: {}", said.join(" "));
            findings.state(at, NODE_STATE, value, Endpoint::named(name), said);
            continue;
        }
        let Some((key, value)) = text.split_once(':') else { continue };
        let value = value.trim();
        let of = || Endpoint { address, name: (!name.is_empty()).then(|| name.to_owned()), ..Endpoint::default() };
        findings.noise(line.number);
        match key {
            "Name" if !line.text.starts_with(' ') => name = value,
            "IP" if !line.text.starts_with(' ') => address = value.parse().ok(),
            "Selector" => selector = value,
            "Endpoints" => {
                let present = !value.is_empty() && value != "<none>";
                // Whom it looked for.
                let chosen =
                    if present || selector.is_empty() { String::new() } else { format!(", selector {selector}") };
                findings.state(
                    at,
                    ENDPOINTS,
                    if present { "present" } else { "none" },
                    of(),
                    format!("{value}{chosen}"),
                );
            }
            "Status" if value == "Pending" && is_of_pods => {
                findings.state(at, POD_STATE, "pending", of(), value);
            }
            "Init Containers" | "Containers" => {
                ended.close(of(), findings);
                first = key != "Containers";
            }
            "State" | "Last State" => {
                state = key;
                if key == "State" && !first {
                    all_run = Some(value == "Running" && all_run != Some(false));
                }
                if value == "Running" && key == "State" && !first {
                    findings.state(at, POD_STATE, "running", of(), "");
                }
            }
            "Reason" if state == "State" && first && value == "Completed" => {}
            "Message" => driver::said(value).into_iter().for_each(|claim| findings.fact(at, claim)),
            "Reason" if state == "State" => {
                if let Some(found) = pods::state(value, false) {
                    findings.state(at, POD_STATE, found, of(), value);
                }
            }
            "Reason" if state == "Last State" => {
                let found = match value {
                    "OOMKilled" => "killed_oom",
                    "Error" => "crashed",
                    _ => continue,
                };
                ended = Ended { found, lines: Some(at), says: format!("last terminated: {value}") };
            }
            "Exit Code" | "Restart Count" if state == "Last State" => {
                ended.adds(line.number, &format!("{} {value}", key.to_lowercase()));
            }
            "Limits" | "Requests" => limits = key == "Limits",
            "memory" if limits => ended.adds(line.number, &format!("memory limit {value}")),
            "Container ID" | "Conditions" => ended.close(of(), findings),
            "Ready" if value == "False" && !state.is_empty() => {
                findings.state(at, POD_STATE, "not_ready", of(), "Ready: False")
            }
            _ => {}
        }
    }
    ended.close(Endpoint { address, ..Endpoint::named(name) }, findings);
}

/// How a container ended before it was started again, with what stands below of it: its exit code, how often it was started, its memory.
#[derive(Default)]
struct Ended {
    found: &'static str,
    lines: Option<Lines>,
    says: String,
}

impl Ended {
    fn adds(&mut self, number: u32, said: &str) {
        if let Some(lines) = &mut self.lines {
            lines.last = number;
            self.says.push_str(", ");
            self.says.push_str(said);
        }
    }

    fn close(&mut self, of: Endpoint, findings: &mut Findings) {
        let Ended { found, lines, says } = std::mem::take(self);
        if let Some(lines) = lines {
            findings.state(lines, PROCESS, found, of, says);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::DESCRIBE;
    use crate::read::told;

    #[test]
    fn an_init_container_that_runs_is_not_the_pod() {
        let text = "Name:             cart-x2x7k\nNamespace:        shop\nIP:               10.244.1.7\nInit Containers:\n  wait:\n    State:          Running\n    Last State:     Terminated\n      Reason:       Error\n      Message:      dial tcp 10.0.0.5:5432: connect: no route to host\nContainers:\n  cart:\n    State:          Waiting\n      Reason:       PodInitializing";
        assert_eq!(
            told(DESCRIBE, text),
            [
                "the request to 10.0.0.5:5432 was rejected as unreachable",
                "process is crashed at 10.244.1.7 (last terminated: Error)",
                "pod state is pending at 10.244.1.7 (PodInitializing)",
            ]
        );
    }

    #[test]
    fn the_last_end_of_a_container_and_its_probes_are_told() {
        let text = "Name:             cart-x2x7k\nNamespace:        shop\nIP:               10.244.1.7\nContainers:\n  cart:\n    State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\nEvents:\n  Type     Reason     Age                From     Message\n  ----     ------     ----               ----     -------\n  Warning  Unhealthy  10s (x5 over 50s)  kubelet  Readiness probe failed: dial tcp 10.244.1.7:8080: connect: connection refused";
        assert_eq!(
            told(DESCRIBE, text),
            [
                "pod state is crash loop at 10.244.1.7 (CrashLoopBackOff)",
                "process is killed oom at 10.244.1.7 (last terminated: OOMKilled, exit code 137)",
                "the probe failed, refused at cart-x2x7k (Readiness probe failed: dial tcp 10.244.1.7:8080: connect: connection refused)",
            ]
        );
    }
}
