//! Spans as Zipkin's API returns them, version 2: a list, or a list of lists.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Entry;
use crate::fact::Span;

pub(super) fn spans(answer: &Value) -> Option<Vec<Entry>> {
    let flat =
        answer.as_array()?.iter().flat_map(|item| item.as_array().map_or(std::slice::from_ref(item), Vec::as_slice));
    let spans: Vec<Entry> = flat.filter_map(entry).collect();
    (!spans.is_empty()).then_some(spans)
}

fn entry(span: &Value) -> Option<Entry> {
    let text = |name: &str| span.get(name).and_then(Value::as_str).map(str::to_owned);
    let named = |end: &str| span.get(end)?.get("serviceName")?.as_str().map(str::to_owned);
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in span.get("tags").and_then(Value::as_object).into_iter().flatten() {
        tags.insert(key.clone(), value.as_str().unwrap_or_default().to_owned());
    }
    // The side that is called by a client without spans of its own.
    if text("kind").as_deref() == Some("CLIENT")
        && let Some(peer) = named("remoteEndpoint")
    {
        tags.entry("peer.service".to_owned()).or_insert(peer);
    }
    let start = span.get("timestamp").and_then(Value::as_f64).map(|start| start / 1e6);
    let span = Span {
        trace: text("traceId")?,
        id: text("id")?,
        parent: text("parentId"),
        service: named("localEndpoint").unwrap_or_default(),
        name: text("name").unwrap_or_default(),
        peer: None,
        // Microseconds.
        seconds: span.get("duration").and_then(Value::as_f64)? / 1e6,
        failed: tags.contains_key("error"),
    };
    Some(Entry { span, start, tags })
}
