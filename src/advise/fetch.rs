//! The commands that fetch numbers of a hop from where they are kept, filled with its names: what to paste for a comparison.

use super::slots::slots;
use crate::command::{Slot, fill};
use crate::diagnosis::Fetch;
use crate::sketch::{Element, Kind};
use crate::weigh::Belief;

/// One place where numbers are kept.
struct Source {
    name: &'static str,
    /// What it has numbers of.
    fits: fn(Kind) -> bool,
    command: &'static str,
}

/// A counter is read twice, a minute apart; everything else for the last hour in steps of five minutes.
const SOURCES: &[Source] = &[
    Source {
        name: "Prometheus",
        fits: |kind| kind != Kind::Client,
        command: r#"curl -sG http://localhost:9090/api/v1/query_range --data-urlencode 'query={__name__=~".*(requests_total|duration_seconds_(sum|count))",job="{object}"}' -d start=$(date -d '-60 min' +%s) -d end=$(date +%s) -d step=300"#,
    },
    Source {
        name: "its own /metrics, twice",
        fits: |kind| kind != Kind::Client && kind != Kind::Dns,
        command: "for i in 1 2; do curl -s http://{host}:{port}/metrics; [ $i = 2 ] || sleep 60; done",
    },
    Source {
        name: "CloudWatch, a load balancer",
        fits: |kind| kind == Kind::LoadBalancer,
        command: "for m in RequestCount:Sum HTTPCode_Target_5XX_Count:Sum TargetResponseTime:Average; do aws cloudwatch get-metric-statistics --namespace AWS/ApplicationELB --metric-name ${m%:*} --statistics ${m#*:} --dimensions Name=LoadBalancer,Value={id} --period 300 --start-time $(date -u -d '-60 min' +%FT%TZ) --end-time $(date -u +%FT%TZ); done",
    },
    Source {
        name: "haproxy, twice",
        fits: |kind| kind == Kind::LoadBalancer || kind == Kind::Proxy,
        command: "for i in 1 2; do echo 'show stat' | socat stdio /run/haproxy/admin.sock; [ $i = 2 ] || sleep 60; done",
    },
    Source {
        name: "nginx, twice",
        fits: |kind| kind == Kind::LoadBalancer || kind == Kind::Proxy,
        command: "for i in 1 2; do curl -s http://{host}/stub_status; [ $i = 2 ] || sleep 60; done",
    },
];

/// The commands for one hop, those that fit its kind.
pub fn fetch(element: Element, belief: &Belief) -> Vec<Fetch> {
    let node = match element {
        Element::Node(node) | Element::Address(node, _) => Some(node),
        Element::Edge(edge) => belief.sketch.ends(edge).map(|(_, to)| to),
    };
    let Some(node) = node else { return Vec::new() };
    let id = belief.sketch.element_id(Element::Node(node));
    let mut known = slots(Element::Node(node), None, belief).with(Slot::Object, &id);
    if known.get(Slot::Id).is_none() {
        known.set(Slot::Id, &id);
    }
    let kind = belief.sketch.kind(node);
    let fitting = SOURCES.iter().filter(|source| (source.fits)(kind));
    fitting
        .map(|source| Fetch {
            of: id.clone(),
            source: source.name.to_owned(),
            command: fill(source.command, &known).command,
        })
        .collect()
}
