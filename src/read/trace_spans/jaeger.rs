//! Spans as Jaeger's query service returns them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Entry, plain};
use crate::fact::Span;
use crate::order;
use crate::read::json::{list, number, text};

pub(super) fn spans(answer: &Value) -> Option<Vec<Entry>> {
    // One that was copied out of the middle, without the list of processes.
    if answer.get("operationName").is_some() {
        return Some(entry(answer, &Value::Null).into_iter().collect());
    }
    let traces = answer.get("data")?.as_array()?;
    let of_trace =
        |trace: &Value| list(trace, "spans").iter().filter_map(|span| entry(span, trace)).collect::<Vec<_>>();
    Some(traces.iter().flat_map(of_trace).collect())
}

fn entry(span: &Value, trace: &Value) -> Option<Entry> {
    let tags =
        list(span, "tags").iter().filter_map(|tag| Some((text(tag, "key").to_owned(), plain(tag.get("value")?))));
    let tags: BTreeMap<String, String> = order::map(tags);
    let process = trace.get("processes").and_then(|processes| processes.get(text(span, "processID")));
    // Microseconds, the start since 1970.
    let (start, duration) = (number(span, "startTime"), number(span, "duration")?);
    let span = Span {
        trace: text(span, "traceID").to_owned(),
        id: span.get("spanID")?.as_str()?.to_owned(),
        parent: list(span, "references").first().map(|reference| text(reference, "spanID").to_owned()),
        service: process.map_or(text(span, "processID"), |process| text(process, "serviceName")).to_owned(),
        name: text(span, "operationName").to_owned(),
        peer: None,
        seconds: duration / 1e6,
        failed: tags.get("error").is_some_and(|error| error == "true"),
    };
    Some(Entry { span, start: start.map(|start| start / 1e6), tags })
}
