//! The commands that fetch numbers of a hop from where they are kept, filled with its names: what to paste for a comparison.

use super::slots::slots;
use crate::command::{Slot, fill};
use crate::diagnosis::Fetch;
use crate::metrics::Window;
use crate::sketch::{Element, Kind};
use crate::weigh::Belief;

/// One place where numbers are kept.
struct Source {
    name: &'static str,
    /// What it has numbers of.
    fits: fn(Kind) -> bool,
    /// `SINCE` and `UNTIL` stand for times that `date` understands, `STEP` for seconds.
    command: &'static str,
}

/// A counter is read twice, a minute apart: what it was before, nobody can ask it any more.
const SOURCES: &[Source] = &[
    Source {
        name: "Prometheus",
        fits: |kind| kind != Kind::Client,
        command: r#"curl -sG http://localhost:9090/api/v1/query_range --data-urlencode 'query={__name__=~".*(requests_total|duration_seconds_(sum|count))",job="{object}"}' -d start=$(date -u -d SINCE +%s) -d end=$(date -u -d UNTIL +%s) -d step=STEP"#,
    },
    Source {
        name: "its own /metrics, twice",
        fits: |kind| kind != Kind::Client && kind != Kind::Dns,
        command: "for i in 1 2; do curl -s http://{host}:{port}/metrics; [ $i = 2 ] || sleep 60; done",
    },
    Source {
        name: "CloudWatch, a load balancer",
        fits: |kind| kind == Kind::LoadBalancer,
        command: "for m in RequestCount:Sum HTTPCode_Target_5XX_Count:Sum TargetResponseTime:Average; do aws cloudwatch get-metric-statistics --namespace AWS/ApplicationELB --metric-name ${m%:*} --statistics ${m#*:} --dimensions Name=LoadBalancer,Value={id} --period STEP --start-time $(date -u -d SINCE +%FT%TZ) --end-time $(date -u -d UNTIL +%FT%TZ); done",
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

/// The commands for one hop, those that fit its kind. They ask for the `span` of time that is compared, else for the last hour.
pub fn fetch(element: Element, span: Option<Window>, belief: &Belief) -> Vec<Fetch> {
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
            command: fill(&timed(source.command, span), &known).command,
        })
        .collect()
}

/// The command with its times. A span without a date is of today.
fn timed(command: &str, span: Option<Window>) -> String {
    const DAY: f64 = 86_400.0;
    const HOUR: f64 = 3_600.0;
    let time = |at: f64| {
        let clock = (at.rem_euclid(DAY) / HOUR, at.rem_euclid(HOUR) / 60.0, at.rem_euclid(60.0));
        if at < DAY {
            format!("{:02.0}:{:02.0}:{:02.0}", clock.0.floor(), clock.1.floor(), clock.2.floor())
        } else {
            format!("@{:.0}", at.floor())
        }
    };
    let (since, until, step) = match span {
        // Steps of a minute where five minutes would be few.
        Some(Window { start, end }) => (time(start), time(end), if end - start < 1.5 * HOUR { "60" } else { "300" }),
        None => ("'-60 min'".to_owned(), "now".to_owned(), "300"),
    };
    command.replace("SINCE", &since).replace("UNTIL", &until).replace("STEP", step)
}

#[cfg(test)]
mod tests {
    use super::timed;
    use crate::metrics::Window;

    #[test]
    fn the_times_are_those_that_are_compared() {
        let told = |span| timed("start=$(date -u -d SINCE +%s) end=$(date -u -d UNTIL +%s) step=STEP", span);
        assert_eq!(told(None), "start=$(date -u -d '-60 min' +%s) end=$(date -u -d now +%s) step=300");
        let dated = Window { start: 1_795_243_800.0, end: 1_795_247_400.0 };
        assert_eq!(told(Some(dated)), "start=$(date -u -d @1795243800 +%s) end=$(date -u -d @1795247400 +%s) step=60");
        let clock = Window { start: 61_200.0, end: 70_261.0 };
        assert_eq!(told(Some(clock)), "start=$(date -u -d 17:00:00 +%s) end=$(date -u -d 19:31:01 +%s) step=300");
    }
}
