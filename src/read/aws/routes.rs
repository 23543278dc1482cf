//! `aws ec2 describe-route-tables`: where a subnet's default route leads.

use serde::Deserialize;

use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::json::Document;
use crate::read::observable::{ROUTE, SUBNET_DEFAULT_ROUTE};
use crate::read::{CommandLine, Findings, Part};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    route_tables: Vec<Table>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Table {
    associations: Vec<Association>,
    routes: Vec<Route>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Association {
    main: bool,
    subnet_id: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Route {
    destination_cidr_block: Option<String>,
    gateway_id: Option<String>,
    nat_gateway_id: Option<String>,
    transit_gateway_id: Option<String>,
    network_interface_id: Option<String>,
    instance_id: Option<String>,
    vpc_peering_connection_id: Option<String>,
    state: Option<String>,
}

impl Route {
    fn target(&self) -> Option<&str> {
        [
            &self.gateway_id,
            &self.nat_gateway_id,
            &self.transit_gateway_id,
            &self.vpc_peering_connection_id,
            &self.network_interface_id,
            &self.instance_id,
        ]
        .into_iter()
        .find_map(|id| id.as_deref())
    }
}

pub(super) fn read(document: &Document, command: Option<&CommandLine>, findings: &mut Findings) {
    let Some(Answer { route_tables }) = document.parse() else { return };
    let asked = subnet(command);
    if route_tables.is_empty()
        && let Some(subnet) = &asked
    {
        // Without a table of its own a subnet uses the main table of its VPC; it is not without routes.
        findings.state(
            document.lines,
            SUBNET_DEFAULT_ROUTE,
            "main_table",
            Endpoint::named(subnet),
            "no table of its own",
        );
    }
    for table in &route_tables {
        let main = table.associations.iter().any(|association| association.main);
        let mut subnets: Vec<String> =
            table.associations.iter().filter_map(|association| association.subnet_id.clone()).collect();
        if let Some(asked) = &asked {
            subnets.retain(|subnet| subnet == asked);
        }
        let default = table.routes.iter().find(|route| route.destination_cidr_block.as_deref() == Some("0.0.0.0/0"));
        let (value, detail) = match default.and_then(Route::target) {
            Some(target) => (kind(target), format!("0.0.0.0/0 to {target}")),
            None => ("none", "no route to 0.0.0.0/0".to_owned()),
        };
        if subnets.is_empty() && main {
            findings.state(document.lines, SUBNET_DEFAULT_ROUTE, value, Endpoint::named("main route table"), detail);
        } else {
            for subnet in subnets {
                let at = document.line_of(&subnet);
                findings.state(at, SUBNET_DEFAULT_ROUTE, value, Endpoint::named(subnet), detail.as_str());
            }
        }
        for route in table.routes.iter().filter(|route| route.state.as_deref() == Some("blackhole")) {
            let destination = route.destination_cidr_block.clone().unwrap_or_default();
            let at = document.line_of(&destination);
            findings.state(at, ROUTE, "blackhole", Endpoint::named(destination), route.target().unwrap_or_default());
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
