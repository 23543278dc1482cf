//! Holds counted errors against what could have made them: first whether they grow with the targets or with the requests, then
//! which products of targets × checks × listeners × balancer nodes × retries × period give the numbers.
//!
//! Growth is robust and comes first; absolute values depend on multipliers that a graph does not show, so every set that fits is
//! kept, and what would tell them apart is asked for. Nothing is refuted by a factor that nobody has counted.

use std::collections::BTreeMap;

use super::binomial::short;
use super::{Finding, Grown, Here, Party, Reckoning, Says};
use crate::diagnosis::{Seen, Sum};
use crate::fact::Claim;
use crate::order;
use crate::runbook::GrowsWith;
use crate::sketch::Sketch;

mod fit;

use fit::{Known, fits};

/// Counts that grow with something differ from it by no more than this factor: graphs are read by eye.
const PROPORTIONAL: f64 = 1.35;

/// One count of errors and what was the case then.
#[derive(Clone, Copy)]
struct Count<'a> {
    here: Here<'a>,
    of: &'a str,
    metric: &'a str,
    errors: f64,
    targets: Option<f64>,
    requests: Option<f64>,
    period: Option<f64>,
}

pub(super) fn reckon(facts: &[Here], sketch: &Sketch) -> Reckoning {
    let mut reckoning = Reckoning::default();
    let mut groups: BTreeMap<(&str, &str), Vec<Count>> = BTreeMap::new();
    for count in facts.iter().filter_map(count) {
        groups.entry((count.of, count.metric)).or_default().push(count);
    }
    let quiet: Vec<Count> = groups.values().flatten().filter(|count| count.errors <= 0.0).copied().collect();
    for ((of, metric), mut counts) in groups {
        counts.retain(|count| count.errors > 0.0);
        let Some(first) = counts.first().copied() else { continue };
        let because: Vec<Seen> = counts.iter().map(|count| count.here.place.seen(count.here.fact.lines)).collect();
        let mut rows = Vec::new();
        if let Some(scale) = scale(&counts) {
            rows.push(scale.row(metric));
            if scale.follows_targets() {
                reckoning.findings.push(scale.finding(first, of, metric));
            }
        }
        reckoning.growths.extend(grown(metric, &counts));
        let known = known(of, metric, facts, sketch);
        if counts.iter().any(|count| count.targets.is_some()) {
            reckoning.sums.push(absolute((of, metric), &counts, known, rows, &quiet, because));
        }
    }
    reckoning.sums.extend(facts.iter().filter_map(coverage));
    reckoning
}

fn count<'a>(here: &Here<'a>) -> Option<Count<'a>> {
    let Claim::State(state) = &here.fact.claim else { return None };
    let number = |name: &str| here.fact.numbers.get(name).copied();
    (state.observable == "lb.errors").then_some(Count {
        here: *here,
        of: state.of.name.as_deref()?,
        metric: state.detail.split(':').next().unwrap_or_default(),
        errors: number("errors")?,
        targets: number("targets").filter(|targets| *targets > 0.0),
        requests: number("requests"),
        period: number("period_s"),
    })
}

/// What of the multipliers is known: said in the evidence, or written beside the balancer in the drawing.
fn known(of: &str, metric: &str, facts: &[Here], sketch: &Sketch) -> Known {
    let node = sketch.find(of).and_then(|ix| sketch.node(ix));
    let attr = |name: &str| node.and_then(|node| node.attr(name)).and_then(|value| value.parse::<f64>().ok());
    let checks = facts.iter().filter_map(|here| match &here.fact.claim {
        Claim::State(state) if state.observable == "lb.health_check" => Some((state.of.name.as_deref(), here.fact)),
        _ => None,
    });
    // What is said of this balancer first; balancers of one installation are set up alike.
    let mut checks: Vec<_> = checks.collect();
    order::by_key(&mut checks, |(name, _)| *name != Some(of));
    let said = |number: &str| checks.iter().find_map(|(_, fact)| fact.numbers.get(number).copied());
    let period = facts.iter().find_map(|here| count(here).filter(|count| count.metric == metric)?.period);
    Known {
        period: period.or(attr("metric_period_s")),
        interval: said("interval_s").or(attr("health_check_interval_s")),
        listeners: said("listeners").or(attr("listeners")),
        nodes: attr("balancer_nodes"),
    }
}

/// With what the errors grow: whatever changed between two counts by the same factor as they did.
fn grown(metric: &str, counts: &[Count]) -> Vec<Grown> {
    let candidates = [
        (GrowsWith::Targets, "targets", counts.iter().filter_map(|one| Some((one.targets?, *one))).collect()),
        (GrowsWith::Requests, "requests", counts.iter().filter_map(|one| Some((one.requests?, *one))).collect()),
    ];
    let grows = |(with, of, mut numbers): (GrowsWith, &str, Vec<(f64, Count)>)| {
        numbers.retain(|(number, _)| *number > 0.0);
        order::by(&mut numbers, |(a, _), (b, _)| a.total_cmp(b));
        let ((less, few), (more, many)) = (numbers.first()?, numbers.last()?);
        let (factor, errors) = (more / less, many.errors / few.errors);
        (factor > PROPORTIONAL && (errors / factor).max(factor / errors) <= PROPORTIONAL).then(|| Grown {
            with,
            says: format!("{metric} × {}, {of} × {}", short(errors), short(factor)),
            seen: many.here.place.seen(many.here.fact.lines),
        })
    };
    candidates.into_iter().filter_map(grows).collect()
}

/// Two counts between which the number of targets changed.
struct Scale<'a> {
    fewer: Count<'a>,
    more: Count<'a>,
}

fn scale<'a>(counts: &[Count<'a>]) -> Option<Scale<'a>> {
    let by_targets = |a: &&Count, b: &&Count| a.targets.unwrap_or(0.0).total_cmp(&b.targets.unwrap_or(0.0));
    let with = || counts.iter().filter(|count| count.targets.is_some());
    let (fewer, more) = (*with().min_by(by_targets)?, *with().max_by(by_targets)?);
    (more.targets > fewer.targets).then_some(Scale { fewer, more })
}

impl Scale<'_> {
    fn ratios(&self) -> (f64, f64) {
        let targets = self.more.targets.unwrap_or(1.0) / self.fewer.targets.unwrap_or(1.0);
        (self.more.errors / self.fewer.errors, targets)
    }

    fn idle(&self) -> bool {
        self.fewer.requests == Some(0.0) && self.more.requests == Some(0.0)
    }

    fn follows_targets(&self) -> bool {
        let (errors, targets) = self.ratios();
        self.idle() && (errors / targets).max(targets / errors) <= PROPORTIONAL
    }

    fn row(&self, metric: &str) -> String {
        let (errors, targets) = self.ratios();
        let requests = if self.idle() { ", requests stayed 0" } else { "" };
        format!(
            "growth: {metric} × {} ({} to {}), targets × {} ({} to {}){requests}",
            short(errors),
            self.fewer.errors,
            self.more.errors,
            short(targets),
            self.fewer.targets.unwrap_or(0.0),
            self.more.targets.unwrap_or(0.0),
        )
    }

    fn finding(&self, first: Count, of: &str, metric: &str) -> Finding {
        let because = format!("{metric} come without any request");
        let says = format!("{metric} grow with the targets, without any request: the balancer makes them itself");
        let (begins, not) = (Party::BehindBalancer(of.to_owned()), vec![(Party::InFrontOf(of.to_owned()), because)]);
        first.here.place.finding(first.here.fact.lines, Says::Blame { begins, not, says })
    }
}

/// All products that give the numbers, and what would tell them apart.
fn absolute(
    (of, metric): (&str, &str),
    counts: &[Count],
    known: Known,
    mut rows: Vec<String>,
    quiet: &[Count],
    because: Vec<Seen>,
) -> Sum {
    let observed: Vec<(f64, f64)> = counts.iter().filter_map(|count| Some((count.targets?, count.errors))).collect();
    if let (Some(interval), Some((targets, errors))) = (known.interval, observed.first()) {
        let plain = targets * 60.0 / interval;
        rows.push(format!(
            "one check per target every {} s: {} a minute; seen: {errors}, {} times as many",
            short(interval),
            short(plain),
            short(errors / plain)
        ));
    }
    let fits = fits(&observed, &known);
    rows.extend(fits.iter().take(SHOWN).map(|set| format!("fits: {}", set.spoken(&known, &observed))));
    if let Some(more) = fits.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        rows.push(format!("and {more} more sets fit"));
    }
    let elsewhere = quiet.iter().filter(|count| count.metric == metric);
    rows.extend(elsewhere.map(|count| format!("for comparison: {} has none, and is checked as well", count.of)));
    let missing = fit::missing(&fits, &known);
    let concludes = match (fits.len(), missing.as_slice()) {
        (0, _) => "No product of checks, listeners, nodes and periods gives these numbers: something else makes them."
            .to_owned(),
        (1, _) | (_, []) => "One set of multipliers gives all of these numbers.".to_owned(),
        (count, missing) => format!(
            "{count} sets of multipliers give these numbers, so they neither prove nor refute anything yet. Tell me {}.",
            missing.iter().map(|missing| missing.says.as_str()).collect::<Vec<_>>().join(" and ")
        ),
    };
    Sum { title: format!("What could make so many {metric} at {of}"), rows, concludes, missing, because }
}

/// How many sets are shown.
const SHOWN: usize = 6;

/// A health check proves the port it asks, and no other.
fn coverage(here: &Here) -> Option<Sum> {
    let Claim::State(state) = &here.fact.claim else { return None };
    let listeners = *here.fact.numbers.get("listeners").filter(|listeners| **listeners > 1.0)?;
    (state.observable == "lb.health_check").then(|| Sum {
        title: "What the health check covers".to_owned(),
        rows: vec![state.detail.clone()],
        concludes: format!(
            "Healthy targets prove the one port it asks; the other {} listeners are untested.",
            short(listeners - 1.0)
        ),
        missing: Vec::new(),
        because: vec![here.place.seen(here.fact.lines)],
    })
}
