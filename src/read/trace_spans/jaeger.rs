//! Spans as Jaeger's query service returns them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Entry as Told;
use crate::fact::Span;
use crate::order;
use crate::read::json::Document;

#[derive(Deserialize)]
struct Answer {
    data: Vec<Trace>,
}

#[derive(Deserialize)]
struct Trace {
    spans: Vec<Entry>,
    processes: BTreeMap<String, Process>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Process {
    service_name: String,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "traceID", default)]
    trace: String,
    #[serde(rename = "spanID")]
    id: String,
    #[serde(rename = "operationName", default)]
    name: String,
    #[serde(default)]
    references: Vec<Reference>,
    /// Microseconds since 1970.
    #[serde(rename = "startTime", default)]
    start: Option<f64>,
    /// Microseconds.
    duration: f64,
    #[serde(rename = "processID")]
    process: String,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "spanID")]
    id: String,
}

#[derive(Deserialize)]
struct Tag {
    key: String,
    /// A string, a number or a truth.
    value: serde_json::Value,
}

pub(super) fn spans(document: &Document) -> Option<Vec<Told>> {
    let Answer { data } = document.parse()?;
    let mut spans = Vec::new();
    for trace in data {
        for entry in trace.spans {
            let tags: BTreeMap<String, String> = order::map(
                entry
                    .tags
                    .into_iter()
                    .map(|tag| (tag.key, tag.value.as_str().map_or_else(|| tag.value.to_string(), str::to_owned))),
            );
            let service = trace.processes.get(&entry.process).map(|process| process.service_name.clone());
            let span = Span {
                trace: entry.trace,
                id: entry.id,
                parent: entry.references.into_iter().next().map(|reference| reference.id),
                service: service.unwrap_or_default(),
                name: entry.name,
                peer: None,
                seconds: entry.duration / 1e6,
                failed: tags.get("error").is_some_and(|error| error == "true"),
            };
            spans.push(Told { span, start: entry.start.map(|start| start / 1e6), tags });
        }
    }
    Some(spans)
}
