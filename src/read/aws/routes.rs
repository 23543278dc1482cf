//! `aws ec2 describe-route-tables`: where a subnet's default route leads.

use serde_json::Value;

use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::json::{Document, list, text};
use crate::read::observable::{ROUTE, SUBNET_DEFAULT_ROUTE};
use crate::read::{CommandLine, Findings, Part};

/// Where a route leads; a route has one of these.
const TARGETS: [&str; 6] =
    ["GatewayId", "NatGatewayId", "TransitGatewayId", "VpcPeeringConnectionId", "NetworkInterfaceId", "InstanceId"];

fn target(route: &Value) -> Option<&str> {
    TARGETS.into_iter().map(|name| text(route, name)).find(|id| !id.is_empty())
}

pub(super) fn read(document: &Document, answer: &Value, command: Option<&CommandLine>, findings: &mut Findings) {
    let Some(tables) = answer.get("RouteTables").and_then(Value::as_array) else { return };
    let asked = subnet(command);
    if tables.is_empty()
        && let Some(subnet) = &asked
    {
        // Without a table of its own a subnet uses the main table of its VPC; it is not without routes.
        let of = Endpoint::named(subnet);
        findings.state(document.lines, SUBNET_DEFAULT_ROUTE, "main_table", of, "no table of its own");
    }
    for table in tables {
        let (associations, routes) = (list(table, "Associations"), list(table, "Routes"));
        let main = associations.iter().any(|association| association.get("Main") == Some(&Value::Bool(true)));
        let subnets = associations.iter().map(|association| text(association, "SubnetId"));
        let mut subnets: Vec<&str> = subnets.filter(|subnet| !subnet.is_empty()).collect();
        if let Some(asked) = &asked {
            subnets.retain(|subnet| subnet == asked);
        }
        let destination = |route: &Value| text(route, "DestinationCidrBlock").to_owned();
        let default = routes.iter().find(|route| destination(route) == "0.0.0.0/0");
        let (value, detail) = match default.and_then(target) {
            Some(target) => (kind(target), format!("0.0.0.0/0 to {target}")),
            None => ("none", "no route to 0.0.0.0/0".to_owned()),
        };
        if subnets.is_empty() && main {
            findings.state(document.lines, SUBNET_DEFAULT_ROUTE, value, Endpoint::named("main route table"), detail);
        } else {
            for subnet in subnets {
                let at = document.line_of(subnet);
                findings.state(at, SUBNET_DEFAULT_ROUTE, value, Endpoint::named(subnet), detail.as_str());
            }
        }
        for route in routes.iter().filter(|route| text(route, "State") == "blackhole") {
            let destination = destination(route);
            let at = document.line_of(&destination);
            findings.state(at, ROUTE, "blackhole", Endpoint::named(destination), target(route).unwrap_or_default());
        }
    }
}

/// `0.0.0.0/0    None   nat-0f1e2d3c  active`: the columns depend on the query, the ids tell what they are.
pub(super) fn read_text(part: &Part, findings: &mut Findings) {
    let mut local = None;
    let mut found = false;
    for line in &part.lines {
        let of = || subnet(part.command.as_ref()).map(Endpoint::named).unwrap_or_default();
        if let Some(target) = default_route(&line.text) {
            findings.state(
                Lines::one(line.number),
                SUBNET_DEFAULT_ROUTE,
                kind(target),
                of(),
                format!("0.0.0.0/0 to {target}"),
            );
            found = true;
        } else if is_local_route(&line.text) {
            findings.noise(line.number);
            local = Some((line.number, of()));
        }
    }
    if let (Some((number, of)), false) = (local, found) {
        findings.state(Lines::one(number), SUBNET_DEFAULT_ROUTE, "none", of, "no route to 0.0.0.0/0");
    }
}

/// The target of the default route, where the line is one in text form.
pub(super) fn default_route(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    let first = words.by_ref().find(|word| *word != "ROUTES")?;
    let is_id = |word: &&str| {
        kind(word) != "other" || word.starts_with("tgw-") || word.starts_with("eni-") || word.starts_with("vgw-")
    };
    (first == "0.0.0.0/0").then(|| words.find(is_id)).flatten()
}

/// `10.0.0.0/16  local  None  active`
fn is_local_route(text: &str) -> bool {
    let mut words = text.split_whitespace().filter(|word| *word != "ROUTES");
    words.next().is_some_and(|first| first.contains('/') && first.starts_with(|c: char| c.is_ascii_digit()))
        && words.next() == Some("local")
}

fn kind(target: &str) -> &'static str {
    match target.split('-').next() {
        Some("igw") => "igw",
        Some("nat") => "nat",
        _ => "other",
    }
}

/// The subnet a command asks for: `--filters Name=association.subnet-id,Values=subnet-0ccc`.
fn subnet(command: Option<&CommandLine>) -> Option<String> {
    let word = command?.words().find(|word| word.contains("association.subnet-id"))?;
    let (_, ids) = word.split_once("Values=")?;
    ids.split([',', ' ']).next().map(str::to_owned).filter(|id| id.starts_with("subnet-"))
}
