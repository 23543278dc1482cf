//! `aws elbv2 describe-target-health` and `aws elb describe-instance-health`.

use serde::Deserialize;

use crate::fact::Endpoint;
use crate::read::Findings;
use crate::read::json::Document;
use crate::read::observable::{SERVER_CHECK, TARGET_HEALTH};

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Answer {
    target_health_descriptions: Vec<Description>,
    instance_states: Vec<Instance>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Description {
    target: Target,
    target_health: Health,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Target {
    /// An instance's id, or an address.
    id: String,
    port: Option<u16>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Health {
    state: String,
    /// `Target.ResponseCodeMismatch`, `Target.Timeout`, `Target.FailedHealthChecks` …
    reason: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Instance {
    instance_id: String,
    /// `InService`, `OutOfService`, `Unknown`
    state: String,
    reason_code: String,
}

/// One target, whichever balancer it stands behind.
struct Member {
    of: Endpoint,
    id: String,
    value: &'static str,
    detail: String,
}

pub(super) fn read(document: &Document, findings: &mut Findings) {
    let Some(answer) = document.parse::<Answer>() else { return };
    let targets = answer.target_health_descriptions.into_iter().map(|description| {
        let Health { state, reason } = description.target_health;
        let value = match (state.as_str(), reason.as_str()) {
            ("healthy", _) => "up",
            ("draining" | "unused", _) => "maintenance",
            (_, "Target.ResponseCodeMismatch") => "down_status",
            // A timeout may be one of the connection or of the answer.
            _ => "down_other",
        };
        let Target { id, port } = description.target;
        let address = id.parse().ok();
        let of = Endpoint { address, port, name: address.is_none().then(|| id.clone()), ..Endpoint::default() };
        Member { of, id, value, detail: format!("{state} {reason}").trim_end().to_owned() }
    });
    let instances = answer.instance_states.into_iter().map(|instance| {
        let value = if instance.state == "InService" { "up" } else { "down_other" };
        let reason = if instance.reason_code == "N/A" { "" } else { instance.reason_code.as_str() };
        let detail = format!("{} {reason}", instance.state).trim_end().to_owned();
        Member { of: Endpoint::named(instance.instance_id.as_str()), id: instance.instance_id, value, detail }
    });
    let members: Vec<Member> = targets.chain(instances).collect();
    let used: Vec<&Member> = members.iter().filter(|member| member.value != "maintenance").collect();
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
    if !used.is_empty() {
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
