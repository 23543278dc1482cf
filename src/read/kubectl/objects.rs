//! Reads objects as `kubectl get -o json` prints them; or as `-o yaml` does.
//!
//! ```text
//! {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "cart-1"}, "status": {"phase": "Running", "podIP": "10.244.1.7",
//!   "containerStatuses": [{"ready": false, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}}
//! ```
//!
//! Of a pod only its status is read: its specification holds environments, and those hold secrets.

use serde_json::Value;

use super::{pods, yaml};
use crate::clean::Line;
use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::json::{below, documents, list, text};
use crate::read::observable::POD_STATE;
use crate::read::{Findings, Part};

pub(super) fn recognize(part: &Part) -> f64 {
    let json = part.any(|text| text.contains("\"apiVersion\"")) && part.any(|text| text.contains("\"kind\""));
    let yaml = part.any(|text| text.starts_with("apiVersion: ")) && part.any(|text| text.starts_with("kind: "));
    // A manifest that a person wrote has none of what the cluster adds.
    let added = |text: &str| {
        ["creationTimestamp", "resourceVersion", "status", "uid"]
            .iter()
            .any(|key| text.trim_start().trim_start_matches('"').starts_with(key))
    };
    let printed = part.runs("kubectl")
        || part.runs("oc")
        || part.any(added)
        || part.any(|text| text.starts_with('{') && text.contains("\"status\":"));
    if json || (yaml && printed) { 0.96 } else { 0.0 }
}

pub(super) fn read(part: &Part, findings: &mut Findings) {
    for document in documents(part) {
        let Some(object) = document.parse() else { continue };
        if text(&object, "kind").is_empty() {
            continue;
        }
        (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
        for object in each(&object) {
            tell(document.line_of(name(object)), object, findings);
        }
    }
    for lines in part.lines.split(|line| line.text.starts_with("---")) {
        let begins = lines.iter().position(|line| line.text.starts_with("apiVersion: "));
        let Some(lines) = begins.and_then(|begins| lines.get(begins..)) else { continue };
        lines.iter().for_each(|line| findings.noise(line.number));
        let object = yaml::value(lines.iter().map(|line| line.text.as_str()));
        for object in each(&object) {
            let named = |line: &&Line| line.text.trim().strip_prefix("name: ") == Some(name(object));
            let at = lines.iter().find(named).or(lines.first()).map_or(1, |line| line.number);
            tell(Lines::one(at), object, findings);
        }
    }
}

/// What a list holds, or the object itself.
fn each(object: &Value) -> &[Value] {
    if text(object, "kind").ends_with("List") { list(object, "items") } else { std::slice::from_ref(object) }
}

fn name(object: &Value) -> &str {
    below(object, "metadata", "name").as_str().unwrap_or_default()
}

fn tell(at: Lines, object: &Value, findings: &mut Findings) {
    let Some(status) = object.get("status").filter(|_| text(object, "kind") == "Pod") else { return };
    let containers = list(status, "containerStatuses");
    let reason = containers.iter().find_map(|container| {
        let state = container.get("state")?;
        state.get("waiting").or_else(|| state.get("terminated"))?.get("reason")?.as_str()
    });
    let word = [reason.unwrap_or_default(), text(status, "reason"), text(status, "phase")];
    let word = word.into_iter().find(|word| !word.is_empty()).unwrap_or_default();
    let ready = |container: &Value| container.get("ready") == Some(&Value::Bool(true));
    let all_ready = !containers.is_empty() && containers.iter().all(ready);
    let Some(value) = pods::state(word, all_ready) else { return };
    let address = text(status, "podIP").parse().ok();
    let of = Endpoint { address, name: Some(name(object).to_owned()), ..Endpoint::default() };
    findings.state(at, POD_STATE, value, of, word);
}
