//! Segments of AWS X-Ray: what `aws xray batch-get-traces` returns, where each is JSON inside a string, or one document alone.
//!
//! Fields: "AWS X-Ray segment documents" in its developer guide.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Entry;
use crate::fact::Span;
use crate::read::json::Document;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    traces: Vec<Trace>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Trace {
    segments: Vec<Wrapped>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wrapped {
    document: String,
}

#[derive(Deserialize)]
struct Segment {
    id: String,
    #[serde(default)]
    trace_id: String,
    name: String,
    #[serde(default)]
    parent_id: Option<String>,
    /// Seconds since 1970. A segment in progress has no end.
    start_time: f64,
    #[serde(default)]
    end_time: Option<f64>,
    #[serde(default)]
    fault: bool,
    #[serde(default)]
    error: bool,
    #[serde(default)]
    namespace: Option<String>,
    #[serde(default)]
    http: Http,
    #[serde(default)]
    subsegments: Vec<Segment>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Http {
    response: Response,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Response {
    status: Option<u16>,
}

pub(super) fn spans(document: &Document) -> Option<Vec<Entry>> {
    let segments: Vec<Segment> = match document.parse() {
        Some(Answer { traces }) => {
            let wrapped = traces.into_iter().flat_map(|trace| trace.segments);
            wrapped.filter_map(|wrapped| serde_json::from_str(&wrapped.document).ok()).collect()
        }
        None => vec![document.parse()?],
    };
    let mut spans = Vec::new();
    for segment in segments {
        let (trace, service) = (segment.trace_id.clone(), segment.name.clone());
        flatten(segment, None, (&trace, &service), &mut spans);
    }
    Some(spans)
}

/// A subsegment belongs to the trace and the service of its segment; one for a call (`namespace`) is named after whom it calls.
fn flatten(segment: Segment, parent: Option<&str>, of: (&str, &str), spans: &mut Vec<Entry>) {
    let (trace, service) = of;
    let mut tags = BTreeMap::new();
    if let Some(status) = segment.http.response.status {
        tags.insert("http.status_code".to_owned(), status.to_string());
    }
    if parent.is_some() && segment.namespace.is_some() {
        tags.insert("peer.service".to_owned(), segment.name.clone());
    }
    for inner in segment.subsegments {
        flatten(inner, Some(&segment.id), of, spans);
    }
    let span = Span {
        trace: trace.to_owned(),
        parent: parent.map(str::to_owned).or(segment.parent_id),
        id: segment.id,
        service: service.to_owned(),
        name: segment.name,
        peer: None,
        seconds: segment.end_time.map_or(0.0, |end| (end - segment.start_time).max(0.0)),
        failed: segment.fault || segment.error,
    };
    spans.push(Entry { span, start: Some(segment.start_time), tags });
}
