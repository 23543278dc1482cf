//! Spans in OTLP's JSON encoding, as collectors write them to files.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Entry, REASON, plain};
use crate::fact::Span;
use crate::order;
use crate::read::json::{list, text};

pub(super) fn spans(answer: &Value) -> Option<Vec<Entry>> {
    let groups = answer.get("resourceSpans")?.as_array()?;
    let mut spans = Vec::new();
    for group in groups {
        let service = group.get("resource").map(tags).unwrap_or_default().remove("service.name").unwrap_or_default();
        let all = list(group, "scopeSpans").iter().flat_map(|scope| list(scope, "spans"));
        spans.extend(all.map(|span| entry(span, &service)));
    }
    Some(spans)
}

fn entry(span: &Value, service: &str) -> Entry {
    // Nanoseconds since 1970; 64-bit numbers are strings in this encoding, and numbers from some exporters.
    let at = |name: &str| plain(span.get(name)?).parse::<u64>().ok();
    let (start, end) = (at("startTimeUnixNano"), at("endTimeUnixNano"));
    let nanoseconds = start.zip(end).map_or(0, |(start, end)| end.saturating_sub(start));
    let status = span.get("status").unwrap_or(&Value::Null);
    let mut tags = tags(span);
    tags.insert(REASON.to_owned(), text(status, "message").to_owned());
    let span = Span {
        trace: text(span, "traceId").to_owned(),
        id: text(span, "spanId").to_owned(),
        parent: Some(text(span, "parentSpanId")).filter(|id| !id.is_empty()).map(str::to_owned),
        service: service.to_owned(),
        name: text(span, "name").to_owned(),
        peer: None,
        seconds: std::time::Duration::from_nanos(nanoseconds).as_secs_f64(),
        // 2 is an error; protobuf's own JSON says it by name.
        failed: status.get("code").is_some_and(|code| *code == 2 || *code == "STATUS_CODE_ERROR"),
    };
    // Nanoseconds in a float are good to a quarter of a microsecond.
    Entry { span, start: start.map(|start| start as f64 / 1e9), tags }
}

/// The attributes of a resource or a span that are texts or whole numbers, which are strings in the standard, numbers from some exporters.
fn tags(of: &Value) -> BTreeMap<String, String> {
    order::map(list(of, "attributes").iter().filter_map(|attribute| {
        let value = attribute.get("value")?;
        let value = value.get("stringValue").or_else(|| value.get("intValue"))?;
        Some((text(attribute, "key").to_owned(), plain(value)))
    }))
}
