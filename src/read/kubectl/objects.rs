//! Reads objects as `kubectl get -o json` prints them; or as `-o yaml` does.
//!
//! ```text
//! {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "cart-1"}, "status": {"phase": "Running", "podIP": "10.244.1.7",
//!   "containerStatuses": [{"ready": false, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}}
//! ```
//!
//! Of a pod only its status is read: its specification holds environments, and those hold secrets.

use serde::Deserialize;
use serde_json::Value;

use super::{pods, yaml};
use crate::clean::Line;
use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::json::documents;
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

#[derive(Deserialize)]
struct Object {
    kind: String,
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    status: Value,
    #[serde(default)]
    items: Vec<Object>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Metadata {
    name: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct PodStatus {
    phase: String,
    reason: Option<String>,
    #[serde(rename = "podIP")]
    address: Option<String>,
    container_statuses: Vec<Container>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Container {
    ready: bool,
    state: Value,
}

pub(super) fn read(part: &Part, findings: &mut Findings) {
    for document in documents(part) {
        let Some(object) = document.parse::<Object>() else { continue };
        (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
        let list = object.kind.ends_with("List");
        for object in if list { object.items } else { vec![object] } {
            tell(document.line_of(&object.metadata.name), object, findings);
        }
    }
    for lines in part.lines.split(|line| line.text.starts_with("---")) {
        let begins = lines.iter().position(|line| line.text.starts_with("apiVersion: "));
        let Some(lines) = begins.and_then(|begins| lines.get(begins..)) else { continue };
        lines.iter().for_each(|line| findings.noise(line.number));
        let value = yaml::value(lines.iter().map(|line| line.text.as_str()));
        let Ok(object) = serde_json::from_value::<Object>(value) else { continue };
        let list = object.kind.ends_with("List");
        for object in if list { object.items } else { vec![object] } {
            let named = |line: &&Line| line.text.trim().strip_prefix("name: ") == Some(&object.metadata.name);
            let at = lines.iter().find(named).or(lines.first()).map_or(1, |line| line.number);
            tell(Lines::one(at), object, findings);
        }
    }
}

fn tell(at: Lines, object: Object, findings: &mut Findings) {
    if object.kind != "Pod" {
        return;
    }
    let Ok(status) = serde_json::from_value::<PodStatus>(object.status) else { return };
    let reason = status.container_statuses.iter().find_map(|container| {
        let stopped = container.state.get("waiting").or_else(|| container.state.get("terminated"))?;
        stopped.get("reason")?.as_str()
    });
    let word = reason.or(status.reason.as_deref()).unwrap_or(&status.phase);
    let ready = !status.container_statuses.is_empty() && status.container_statuses.iter().all(|one| one.ready);
    let Some(value) = pods::state(word, ready) else { return };
    let address = status.address.and_then(|address| address.parse().ok());
    let of = Endpoint { address, name: Some(object.metadata.name), ..Endpoint::default() };
    findings.state(at, POD_STATE, value, of, word);
}
