//! `aws elbv2 describe-target-health` and `aws elb describe-instance-health`.

use serde_json::Value;

use crate::fact::Endpoint;
use crate::read::Findings;
use crate::read::json::{Document, list, text};
use crate::read::observable::{SERVER_CHECK, TARGET_HEALTH};

/// One target, whichever balancer it stands behind.
struct Member {
    of: Endpoint,
    id: String,
    value: &'static str,
    detail: String,
}

/// `some`: the command line names whom it asks for, and how many there are in all is not told.
pub(super) fn read(document: &Document, answer: &Value, some: bool, findings: &mut Findings) {
    let targets = list(answer, "TargetHealthDescriptions").iter().filter_map(|description| {
        let (target, health) = (description.get("Target")?, description.get("TargetHealth")?);
        // `Target.ResponseCodeMismatch`, `Target.Timeout`, `Target.FailedHealthChecks` …
        let (state, reason) = (text(health, "State"), text(health, "Reason"));
        let value = match (state, reason) {
            ("healthy", _) => "up",
            ("draining", _) => "maintenance",
            // Not registered, or in no zone of the balancer; health checks turned off. Nobody has asked it anything.
            ("unused" | "unavailable", _) => "unused",
            ("initial", _) => "initial",
            (_, "Target.ResponseCodeMismatch") => "down_status",
            // A timeout may be one of the connection or of the answer: "Request timed out" is either.
            (_, "Target.Timeout") if text(health, "Description").starts_with("Connection to target") => "down_timeout",
            _ => "down_other",
        };
        // An instance's id, or an address.
        let id = text(target, "Id");
        let port = target.get("Port").and_then(Value::as_u64).and_then(|port| port.try_into().ok());
        let address = id.parse().ok();
        let of = Endpoint { address, port, name: address.is_none().then(|| id.to_owned()), ..Endpoint::default() };
        Some(Member { of, id: id.to_owned(), value, detail: format!("{state} {reason}").trim_end().to_owned() })
    });
    let instances = list(answer, "InstanceStates").iter().map(|instance| {
        // `InService`, `OutOfService`, `Unknown`
        let (state, reason) = (text(instance, "State"), text(instance, "ReasonCode"));
        let value = if state == "InService" { "up" } else { "down_other" };
        let reason = if reason == "N/A" { "" } else { reason };
        let detail = format!("{state} {reason}").trim_end().to_owned();
        let id = text(instance, "InstanceId");
        Member { of: Endpoint::named(id), id: id.to_owned(), value, detail }
    });
    let members: Vec<Member> = targets.chain(instances).collect();
    let used: Vec<&Member> =
        members.iter().filter(|member| !matches!(member.value, "maintenance" | "unused")).collect();
    let healthy = used.iter().filter(|member| member.value == "up").count();
    for member in &members {
        findings.state(
            document.line_of(&member.id),
            SERVER_CHECK,
            member.value,
            member.of.clone(),
            member.detail.as_str(),
        );
    }
    if !used.is_empty() && !some {
        let value = match healthy {
            0 => "none",
            all if all == used.len() => "all",
            _ => "some",
        };
        findings.state(
            document.lines,
            TARGET_HEALTH,
            value,
            Endpoint::default(),
            format!("{healthy} of {} healthy", used.len()),
        );
    }
}
