//! The labels by which a series says what it was measured on.

/// Labels that name one thing, the most telling first.
pub const PLACES: &[&str] = &[
    "name",
    "service",
    "service_name",
    "app",
    "application",
    "microservice",
    "deployment",
    "job",
    "LoadBalancer",
    "LoadBalancerName",
    "TargetGroup",
    "FunctionName",
    "TableName",
    "QueueName",
    "ApiName",
    "DBInstanceIdentifier",
    "pod",
    "container",
    "proxy",
    "instance",
    "host",
    "node",
    "AvailabilityZone",
];

/// Labels that name who asks …
pub const ASKS: &[&str] = &["source_workload", "source_app", "source", "client"];

/// … and who is asked, where somebody else measured it.
pub const ASKED: &[&str] = &[
    "destination_workload",
    "destination_service_name",
    "destination_app",
    "destination",
    "upstream",
    "envoy_cluster_name",
    "peer",
    "server_address",
    "server",
];

/// Whether a label says where; all others divide what was measured more finely than a drawing does.
pub fn says_where(label: &str) -> bool {
    [PLACES, ASKS, ASKED].iter().any(|list| list.contains(&label))
}

/// The labels between the braces of a series: `job="shop",code="200"`. A comma inside a quoted value does not end it.
pub fn labels_of(text: &str) -> impl Iterator<Item = (String, String)> + use<'_> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once('=')?;
        let quoted = after.strip_prefix('"')?;
        let mut escaped = false;
        let end = quoted.find(|c: char| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })?;
        let (value, after) = quoted.split_at_checked(end)?;
        rest = after.get(1..).unwrap_or_default();
        let name = name.trim_start_matches([',', ' ']).trim();
        Some((name.to_owned(), value.replace("\\\"", "\"").replace("\\\\", "\\")))
    })
}

#[cfg(test)]
mod tests {
    use super::labels_of;

    #[test]
    fn a_comma_or_a_quote_inside_a_value_ends_nothing() {
        let labels: Vec<(String, String)> = labels_of(r#"path="/a,b",text="say \"no\"",code="200""#).collect();
        let values: Vec<&str> = labels.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["/a,b", "say \"no\"", "200"]);
    }
}
