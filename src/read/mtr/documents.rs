//! Reads the reports that `mtr` writes for programs: `--json` and `--xml`.
//!
//! ```text
//! <MTR SRC="vm" DST="172.31.40.18" TOS="0x0" PSIZE="64" BITPATTERN="0x00" TESTS="2">
//!     <HUB COUNT="1" HOST="172.20.8.1">
//!         <Loss>  0.0%</Loss>
//! ```

use serde_json::Value;

use super::Row;
use crate::fact::Endpoint;
use crate::read::Part;
use crate::read::json::number;
use crate::read::request::endpoint;

/// A line of `--xml`, and the hop that it ends: `<HUB COUNT="1" HOST="172.20.8.1">`, `<Loss>  0.0%</Loss>`, `</HUB>`.
pub(super) fn xml(text: &str, hub: &mut Option<Row>) -> Option<Option<Row>> {
    let text = text.trim();
    if text.starts_with("<HUB ") {
        let from = attribute(text, "HOST").filter(|from| *from != "???").map(str::to_owned);
        let distance = attribute(text, "COUNT")?.parse().ok()?;
        *hub = Some(Row { distance, from, loss: 0.0, sent: 0, average: None, best: None, several: false });
        return Some(None);
    }
    if text == "</HUB>" {
        return Some(hub.take());
    }
    let (tag, rest) = text.strip_prefix('<')?.split_once('>')?;
    let number: Option<f64> = rest.split('<').next().and_then(|value| value.trim().trim_end_matches('%').parse().ok());
    if let (Some(hub), Some(number)) = (hub, number) {
        match tag {
            "Loss" => hub.loss = number,
            "Snt" => hub.sent = number as u32,
            "Avg" => hub.average = Some(number).filter(|_| hub.loss < 100.0),
            "Best" => hub.best = Some(number).filter(|_| hub.loss < 100.0),
            _ => {}
        }
    }
    (tag.starts_with("MTR ") || tag == "/MTR" || tag.starts_with("?xml") || number.is_some()).then_some(None)
}

pub(super) fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!("{name}=\""))?;
    value.split('"').next()
}

pub(super) fn is_json(part: &Part) -> bool {
    part.lines
        .iter()
        .find(|line| !line.text.trim().is_empty())
        .is_some_and(|line| line.text.trim_start().starts_with('{'))
        && part.any(|text| text.contains("\"Loss%\""))
}

pub(super) fn json(part: &Part) -> Option<(Endpoint, Vec<Row>)> {
    let text: Vec<&str> = part.lines.iter().map(|line| line.text.as_str()).collect();
    let value: Value = serde_json::from_str(&text.join("\n")).ok()?;
    let report = value.get("report")?;
    let target = endpoint(report.get("mtr")?.get("dst")?.as_str()?, None);
    let rows = report.get("hubs")?.as_array()?.iter().filter_map(hub).collect();
    Some((target, rows))
}

fn hub(hub: &Value) -> Option<Row> {
    // The distance is a text in 0.92 to 0.94 and a number since.
    let distance = hub.get("count")?;
    let distance = distance.as_u64().or_else(|| distance.as_str()?.parse().ok())?;
    let host = hub.get("host")?.as_str()?;
    Some(Row {
        distance: u32::try_from(distance).ok()?,
        from: (host != "???").then(|| host.to_owned()),
        loss: hub.get("Loss%")?.as_f64()?,
        sent: hub.get("Snt").and_then(Value::as_u64).and_then(|sent| u32::try_from(sent).ok()).unwrap_or(0),
        average: number(hub, "Avg").filter(|average| *average > 0.0),
        best: number(hub, "Best").filter(|best| *best > 0.0),
        several: false,
    })
}
