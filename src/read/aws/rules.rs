//! `aws ec2 describe-security-groups` and `describe-network-acls`: what they say explicitly, rule by rule.

use serde::Deserialize;

use crate::fact::Endpoint;
use crate::read::Findings;
use crate::read::json::Document;
use crate::read::observable::{NACL_PORT, SECURITY_GROUP_PORT};

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Answer {
    security_groups: Vec<Group>,
    network_acls: Vec<Acl>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Group {
    group_id: String,
    ip_permissions: Vec<Permission>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Permission {
    from_port: Option<i32>,
    to_port: Option<i32>,
    ip_ranges: Vec<Range>,
    user_id_group_pairs: Vec<Pair>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Range {
    cidr_ip: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Pair {
    group_id: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Acl {
    network_acl_id: String,
    associations: Vec<Association>,
    entries: Vec<Entry>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Association {
    subnet_id: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Entry {
    cidr_block: Option<String>,
    egress: bool,
    port_range: Option<Ports>,
    rule_action: String,
    rule_number: u32,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Ports {
    from: i32,
    to: i32,
}

/// The rule that ends every ACL and denies what no other rule allowed.
const LAST_RULE: u32 = 32767;

pub(super) fn read(document: &Document, findings: &mut Findings) {
    let Some(answer) = document.parse::<Answer>() else { return };
    for group in &answer.security_groups {
        for permission in &group.ip_permissions {
            let sources = permission.ip_ranges.iter().map(|range| range.cidr_ip.as_str());
            let sources: Vec<&str> =
                sources.chain(permission.user_id_group_pairs.iter().map(|pair| pair.group_id.as_str())).collect();
            let (port, ports) = ports(permission.from_port, permission.to_port);
            let of = Endpoint { port, ..Endpoint::named(group.group_id.as_str()) };
            let detail = format!("inbound, {ports} from {}", sources.join(" "));
            findings.state(document.line_of(&group.group_id), SECURITY_GROUP_PORT, "allowed", of, detail);
        }
    }
    for acl in &answer.network_acls {
        let name = acl.associations.first().map_or(&acl.network_acl_id, |association| &association.subnet_id);
        for entry in acl.entries.iter().filter(|entry| entry.rule_number < LAST_RULE) {
            let range = entry.port_range.as_ref();
            let (port, ports) = ports(range.map(|range| range.from), range.map(|range| range.to));
            let value = if entry.rule_action == "deny" { "denied" } else { "allowed" };
            let (direction, toward) = if entry.egress { ("outbound", "to") } else { ("inbound", "from") };
            let cidr = entry.cidr_block.as_deref().unwrap_or("anywhere");
            let of = Endpoint { port, ..Endpoint::named(name.as_str()) };
            let detail = format!("rule {}, {direction}, {ports} {toward} {cidr}", entry.rule_number);
            findings.state(document.line_of(name), NACL_PORT, value, of, detail);
        }
    }
}

/// A single port, and the range in words.
fn ports(from: Option<i32>, to: Option<i32>) -> (Option<u16>, String) {
    match (from, to) {
        (Some(from), Some(to)) if from == to => (u16::try_from(from).ok(), from.to_string()),
        (Some(from), Some(to)) => (None, format!("{from}-{to}")),
        _ => (None, "every port".to_owned()),
    }
}
