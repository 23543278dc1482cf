//! Segments of AWS X-Ray: what `aws xray batch-get-traces` returns, where each is JSON inside a string, or one document alone.
//!
//! Fields: "AWS X-Ray segment documents" in its developer guide.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Entry;
use crate::fact::Span;
use crate::read::json::{list, number, text};

pub(super) fn spans(answer: &Value) -> Option<Vec<Entry>> {
    let mut spans = Vec::new();
    match answer.get("Traces").and_then(Value::as_array) {
        Some(traces) => {
            for wrapped in traces.iter().flat_map(|trace| list(trace, "Segments")) {
                if let Ok(segment) = serde_json::from_str::<Value>(text(wrapped, "Document")) {
                    flatten(&segment, None, &segment, &mut spans);
                }
            }
        }
        None => flatten(answer, None, answer, &mut spans)?,
    }
    Some(spans)
}

/// A subsegment belongs to the trace and the service of its segment; one for a call (`namespace`) is named after whom it calls.
fn flatten(segment: &Value, parent: Option<&str>, of: &Value, spans: &mut Vec<Entry>) -> Option<()> {
    let said = |name: &str| segment.get(name)?.as_str();
    let is = |name: &str| segment.get(name) == Some(&Value::Bool(true));
    // Seconds since 1970. A segment in progress has no end.
    let (id, name, start) = (said("id")?, said("name")?, number(segment, "start_time")?);
    let mut tags = BTreeMap::new();
    let status = segment.get("http").and_then(|http| http.get("response")?.get("status")?.as_u64());
    if let Some(status) = status {
        tags.insert("http.status_code".to_owned(), status.to_string());
    }
    let url = segment.get("http").and_then(|http| http.get("request")?.get("url")?.as_str());
    tags.extend(url.map(|url| ("http.url".to_owned(), url.to_owned())));
    if parent.is_some() && said("namespace").is_some() {
        tags.insert("peer.service".to_owned(), name.to_owned());
    }
    for inner in list(segment, "subsegments") {
        flatten(inner, Some(id), of, spans);
    }
    let span = Span {
        trace: text(of, "trace_id").to_owned(),
        parent: parent.or(said("parent_id")).map(str::to_owned),
        id: id.to_owned(),
        service: text(of, "name").to_owned(),
        name: name.to_owned(),
        peer: None,
        seconds: number(segment, "end_time").map_or(0.0, |end| (end - start).max(0.0)),
        failed: is("fault") || is("error"),
    };
    spans.push(Entry { span, start: Some(start), tags });
    Some(())
}
