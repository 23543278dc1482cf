//! `aws elb describe-load-balancers` and `aws elbv2 describe-load-balancers`, whole or cut by `--query`.

use serde::Deserialize;

use crate::fact::{Claim, Endpoint, State};
use crate::order;
use crate::read::Findings;
use crate::read::json::Document;
use crate::read::observable::{LB_HEALTH_CHECK, LB_SCHEME};

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Answer {
    /// Classic balancers.
    load_balancer_descriptions: Vec<Balancer>,
    /// Application and network balancers.
    load_balancers: Vec<Balancer>,
    #[serde(flatten)]
    single: Balancer,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Balancer {
    load_balancer_name: Option<String>,
    #[serde(rename = "DNSName")]
    dns_name: Option<String>,
    scheme: Option<String>,
    health_check: Option<HealthCheck>,
    listener_descriptions: Vec<serde::de::IgnoredAny>,
}

/// What a classic balancer asks its instances.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct HealthCheck {
    /// `TCP:31001`, `HTTP:80/healthz`
    target: String,
    /// Seconds.
    interval: u32,
}

pub(super) fn read(document: &Document, findings: &mut Findings) {
    let Some(answer) = document.parse::<Answer>().or_else(|| {
        let balancers = document.parse::<Vec<Balancer>>()?;
        Some(Answer { load_balancers: balancers, ..Answer::default() })
    }) else {
        return;
    };
    let all = answer.load_balancer_descriptions.iter().chain(&answer.load_balancers).chain([&answer.single]);
    for balancer in all {
        let of = Endpoint {
            host: balancer.dns_name.as_deref().map(str::to_ascii_lowercase),
            name: balancer.load_balancer_name.clone(),
            ..Endpoint::default()
        };
        if let Some(scheme) =
            balancer.scheme.as_deref().filter(|scheme| matches!(*scheme, "internet-facing" | "internal"))
        {
            findings.state(document.line_of(scheme), LB_SCHEME, scheme, of.clone(), "");
        }
        if let Some(check) = balancer.health_check.as_ref().filter(|check| !check.target.is_empty()) {
            let listeners = match balancer.listener_descriptions.len() {
                0 => String::new(),
                count => format!(", for {count} listeners"),
            };
            let detail = format!("{} every {} s{listeners}", check.target, check.interval);
            let (observable, value) = (LB_HEALTH_CHECK.to_owned(), "seen".to_owned());
            let listening = balancer.listener_descriptions.len() as f64;
            let numbers = [("interval_s", f64::from(check.interval)), ("listeners", listening)];
            let numbers = numbers.into_iter().filter(|(_, n)| *n > 0.0).map(|(name, n)| (name.to_owned(), n));
            let state = State { observable, value, of, detail };
            findings.measured(document.line_of(&check.target), order::map(numbers), Claim::State(state));
        }
    }
}
