//! Spans in OTLP's JSON encoding, as collectors write them to files.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Entry as Told, REASON};
use crate::fact::Span;
use crate::order;
use crate::read::json::Document;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Export {
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ResourceSpans {
    resource: Resource,
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Resource {
    attributes: Vec<Attribute>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ScopeSpans {
    spans: Vec<Entry>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    trace_id: String,
    span_id: String,
    name: String,
    parent_span_id: String,
    /// Nanoseconds since 1970; 64-bit numbers are strings in this encoding.
    start_time_unix_nano: String,
    end_time_unix_nano: String,
    attributes: Vec<Attribute>,
    status: Status,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Status {
    /// 2 is an error; protobuf's own JSON says `STATUS_CODE_ERROR`.
    code: serde_json::Value,
    message: String,
}

#[derive(Deserialize)]
struct Attribute {
    key: String,
    value: Value,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Value {
    string_value: Option<String>,
    /// A string in the standard, a number from some exporters.
    int_value: Option<serde_json::Value>,
}

impl Value {
    fn text(self) -> Option<String> {
        let number = |value: serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.string_value.or_else(|| self.int_value.map(number))
    }
}

pub(super) fn spans(document: &Document) -> Option<Vec<Told>> {
    let Export { resource_spans } = document.parse()?;
    let mut spans = Vec::new();
    for group in resource_spans {
        let service = tags(group.resource.attributes).remove("service.name").unwrap_or_default();
        for entry in group.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            let (start, end) =
                (entry.start_time_unix_nano.parse::<u64>().ok(), entry.end_time_unix_nano.parse::<u64>().ok());
            let nanoseconds = start.zip(end).map_or(0, |(start, end)| end.saturating_sub(start));
            let span = Span {
                trace: entry.trace_id,
                id: entry.span_id,
                parent: Some(entry.parent_span_id).filter(|id| !id.is_empty()),
                service: service.clone(),
                name: entry.name,
                peer: None,
                seconds: std::time::Duration::from_nanos(nanoseconds).as_secs_f64(),
                failed: entry.status.code == 2 || entry.status.code == "STATUS_CODE_ERROR",
            };
            let mut tags = tags(entry.attributes);
            tags.insert(REASON.to_owned(), entry.status.message);
            // Nanoseconds in a float are good to a quarter of a microsecond.
            let start = start.map(|start| start as f64 / 1e9);
            spans.push(Told { span, start, tags });
        }
    }
    Some(spans)
}

fn tags(attributes: Vec<Attribute>) -> BTreeMap<String, String> {
    order::map(attributes.into_iter().filter_map(|attribute| Some((attribute.key, attribute.value.text()?))))
}
