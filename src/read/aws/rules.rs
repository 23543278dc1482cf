//! `aws ec2 describe-security-groups` and `describe-network-acls`: what they say explicitly, rule by rule.

use serde_json::Value;

use crate::fact::Endpoint;
use crate::read::Findings;
use crate::read::json::{Document, list, number, text};
use crate::read::observable::{NACL_PORT, SECURITY_GROUP_PORT};

/// The rule that ends every ACL and denies what no other rule allowed.
const LAST_RULE: f64 = 32767.0;

pub(super) fn read(document: &Document, answer: &Value, findings: &mut Findings) {
    for group in list(answer, "SecurityGroups") {
        let id = text(group, "GroupId");
        for permission in list(group, "IpPermissions") {
            let ranges = list(permission, "IpRanges").iter().map(|range| text(range, "CidrIp"));
            let groups = list(permission, "UserIdGroupPairs").iter().map(|pair| text(pair, "GroupId"));
            let sources: Vec<&str> = ranges.chain(groups).collect();
            let (port, ports) = ports(permission, "FromPort", "ToPort");
            let of = Endpoint { port, ..Endpoint::named(id) };
            let detail = format!("inbound, {ports} from {}", sources.join(" "));
            findings.state(document.line_of(id), SECURITY_GROUP_PORT, "allowed", of, detail);
        }
    }
    for acl in list(answer, "NetworkAcls") {
        let subnet = list(acl, "Associations").first().map(|association| text(association, "SubnetId"));
        let name = subnet.unwrap_or(text(acl, "NetworkAclId"));
        for entry in list(acl, "Entries") {
            let rule = number(entry, "RuleNumber").unwrap_or_default();
            if rule >= LAST_RULE {
                continue;
            }
            let (port, ports) = ports(entry.get("PortRange").unwrap_or(&Value::Null), "From", "To");
            let value = if text(entry, "RuleAction") == "deny" { "denied" } else { "allowed" };
            let outbound = entry.get("Egress") == Some(&Value::Bool(true));
            let (direction, toward) = if outbound { ("outbound", "to") } else { ("inbound", "from") };
            let cidr = Some(text(entry, "CidrBlock")).filter(|cidr| !cidr.is_empty()).unwrap_or("anywhere");
            let of = Endpoint { port, ..Endpoint::named(name) };
            let detail = format!("rule {rule}, {direction}, {ports} {toward} {cidr}");
            findings.state(document.line_of(name), NACL_PORT, value, of, detail);
        }
    }
}

/// A single port, and the range in words.
fn ports(range: &Value, from: &str, to: &str) -> (Option<u16>, String) {
    let end = |name: &str| range.get(name).and_then(Value::as_i64);
    match (end(from), end(to)) {
        (Some(from), Some(to)) if from == to => (u16::try_from(from).ok(), from.to_string()),
        (Some(from), Some(to)) => (None, format!("{from}-{to}")),
        _ => (None, "every port".to_owned()),
    }
}
