//! `aws elb describe-load-balancers` and `aws elbv2 describe-load-balancers`, whole or cut by `--query`.

use serde_json::Value;

use crate::fact::{Claim, Endpoint, State};
use crate::order;
use crate::read::Findings;
use crate::read::json::{Document, list, number, text};
use crate::read::observable::{LB_HEALTH_CHECK, LB_SCHEME};

pub(super) fn read(document: &Document, answer: &Value, findings: &mut Findings) {
    let classic = list(answer, "LoadBalancerDescriptions");
    let others = list(answer, "LoadBalancers");
    let cut = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    for balancer in classic.iter().chain(others).chain(cut).chain([answer]) {
        let said = |name: &str| Some(text(balancer, name)).filter(|text| !text.is_empty());
        let of = Endpoint {
            host: said("DNSName").map(str::to_ascii_lowercase),
            name: said("LoadBalancerName").map(str::to_owned),
            ..Endpoint::default()
        };
        if let Some(scheme) = said("Scheme").filter(|scheme| matches!(*scheme, "internet-facing" | "internal")) {
            findings.state(document.line_of(scheme), LB_SCHEME, scheme, of.clone(), "");
        }
        // What a classic balancer asks its instances, `TCP:31001` or `HTTP:80/healthz`, every so many seconds.
        let Some(check) = balancer.get("HealthCheck") else { continue };
        let (target, interval) = (text(check, "Target"), number(check, "Interval").unwrap_or_default());
        if target.is_empty() {
            continue;
        }
        let listening = list(balancer, "ListenerDescriptions").len();
        let listeners = if listening > 0 { format!(", for {listening} listeners") } else { String::new() };
        let detail = format!("{target} every {interval} s{listeners}");
        let numbers = [("interval_s", interval), ("listeners", listening as f64)];
        let numbers = numbers.into_iter().filter(|(_, n)| *n > 0.0).map(|(name, n)| (name.to_owned(), n));
        let state = State { observable: LB_HEALTH_CHECK.to_owned(), value: "seen".to_owned(), of, detail };
        findings.measured(document.line_of(target), order::map(numbers), Claim::State(state));
    }
}
