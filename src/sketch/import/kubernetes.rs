//! JSON that describes a system: `kubectl get ingress,service,deployment -o json`, and Jaeger's `/api/dependencies`.

use std::net::IpAddr;

use serde_json::Value;

use super::Plan;
use crate::sketch::Kind;

pub(super) fn read(text: &str) -> Option<Plan> {
    let json: Value = text.starts_with('{').then(|| serde_json::from_str(text).ok())??;
    let mut plan = Plan::default();
    if json.get("apiVersion").is_some() {
        let one = [json.clone()];
        let objects = json.get("items").and_then(Value::as_array).map_or(one.as_slice(), Vec::as_slice);
        objects.iter().for_each(|object| draw(&mut plan, object));
        objects.iter().for_each(|object| join(&mut plan, object, objects));
    } else {
        // Only a call graph has both words in every entry.
        for call in json.get("data")?.as_array()? {
            plan.join(word(call, "parent")?, word(call, "child")?);
        }
    }
    (!plan.nodes.is_empty()).then_some(plan)
}

fn word<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().filter(|word| !word.is_empty())
}

/// `service/shop`; `None` for objects that no request passes.
fn id(object: &Value) -> Option<(String, Kind)> {
    let word_of_kind = word(object, "kind")?;
    let kind = match word_of_kind {
        "Ingress" => Kind::Proxy,
        "Service" => Kind::K8sService,
        "Deployment" | "DaemonSet" | "ReplicaSet" | "StatefulSet" => Kind::Service,
        "Pod" => Kind::Pod,
        "CronJob" | "Job" => Kind::Job,
        "Node" => Kind::K8sNode,
        _ => return None,
    };
    Some((format!("{}/{}", word_of_kind.to_lowercase(), word(object.get("metadata")?, "name")?), kind))
}

fn draw(plan: &mut Plan, object: &Value) {
    let Some((id, kind)) = id(object) else { return };
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
    let list = |pointer: &str| object.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
    let addresses =
        ["/spec/clusterIP", "/status/podIP"].into_iter().filter_map(text).filter_map(|ip| ip.parse::<IpAddr>().ok());
    let ports =
        list("/spec/ports").filter_map(|port| port.get("port")?.as_u64().and_then(|port| u16::try_from(port).ok()));
    let hosts = list("/spec/rules").filter_map(|rule| word(rule, "host")).map(str::to_owned);
    let Some(node) = plan.hop(&id) else { return };
    node.kind = kind.into();
    node.label = text("/metadata/name").unwrap_or_default().to_owned();
    node.ips.extend(addresses);
    node.ports.extend(ports);
    node.hosts.extend(hosts);
    if let Some(namespace) = text("/metadata/namespace") {
        node.attrs.insert("namespace".to_owned(), namespace.into());
    }
}

fn join(plan: &mut Plan, object: &Value, objects: &[Value]) {
    let Some((from, kind)) = id(object) else { return };
    if kind == Kind::Proxy {
        let rules = object.pointer("/spec/rules").and_then(Value::as_array).into_iter().flatten();
        let paths = rules.filter_map(|rule| rule.pointer("/http/paths")?.as_array()).flatten();
        for service in paths.filter_map(|path| path.pointer("/backend/service/name")?.as_str()) {
            let to = format!("service/{service}");
            if plan.positions.contains_key(&to) {
                plan.join(&from, &to);
            }
        }
    }
    let Some(selector) = object.pointer("/spec/selector").and_then(Value::as_object) else { return };
    if kind != Kind::K8sService || selector.is_empty() {
        return;
    }
    for other in objects {
        let labels =
            ["/spec/template/metadata/labels", "/metadata/labels"].into_iter().find_map(|path| other.pointer(path));
        let selected =
            labels.is_some_and(|labels| selector.iter().all(|(name, value)| labels.get(name) == Some(value)));
        if let Some((to, _)) = id(other).filter(|(to, _)| selected && *to != from) {
            plan.join(&from, &to);
        }
    }
}
