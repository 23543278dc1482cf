//! Counts requests by one factor at a time: the incident is where one factor separates what fails from what works.

use std::collections::BTreeMap;

use crate::diagnosis::{Contrast, Counted, Factor};
use crate::fact::Outcome;
use crate::order;
use crate::place::{Request, Sight};
use crate::sketch::{Element, NodeIx};
use crate::weigh::Belief;

/// How many are shown.
const SHOWN: usize = 3;

/// A table with more rows is no table any more.
const ROWS: usize = 8;

/// The factors worth a look, the one that separates best first. Only targets that failed at least once are counted.
pub fn contrasts(belief: &Belief) -> Vec<Contrast> {
    let mut all = Vec::new();
    let mut targets: Vec<NodeIx> =
        requests(belief).filter(|(request, _, _)| failed(request)).map(|(r, _, _)| r.to).collect();
    order::plain(&mut targets);
    targets.dedup();
    for to in targets {
        for factor in [Factor::Sender, Factor::Address, Factor::Port, Factor::Subject] {
            all.extend(contrast(belief, to, factor));
        }
    }
    order::by(&mut all, |a, b| b.bits.total_cmp(&a.bits).then_with(|| (&a.to, a.factor).cmp(&(&b.to, b.factor))));
    all.truncate(SHOWN);
    all
}

fn requests<'a>(belief: &'a Belief) -> impl Iterator<Item = (&'a Request, u32, usize)> {
    belief.observations.iter().enumerate().filter_map(|(position, observation)| match &observation.sight {
        Sight::Request(request) => Some((request, observation.count.max(1), position)),
        Sight::State { .. } | Sight::Blame { .. } => None,
    })
}

fn failed(request: &Request) -> bool {
    !matches!(request.outcome, Outcome::Ok | Outcome::Redirected)
}

fn contrast(belief: &Belief, to: NodeIx, factor: Factor) -> Option<Contrast> {
    let name = |ix: NodeIx| belief.sketch.node(ix).map(|node| node.id.clone());
    let mut rows: BTreeMap<String, Counted> = BTreeMap::new();
    for (request, count, position) in requests(belief).filter(|(request, _, _)| request.to == to) {
        let value = match factor {
            Factor::Sender => request.from.and_then(name),
            Factor::Address => request.address.filter(|_| !request.whole).map(|ip| ip.to_string()),
            Factor::Port => request.port.map(|port| port.to_string()),
            Factor::Subject => Some(request.subject.clone()).filter(|subject| !subject.is_empty()),
        };
        let Some(value) = value else { continue };
        let row = rows.entry(value.clone()).or_insert(Counted { value, worked: 0, failed: 0, because: Vec::new() });
        *(if failed(request) { &mut row.failed } else { &mut row.worked }) += count;
        row.because.extend(belief.observations.get(position).map(|observation| observation.seen.clone()));
    }
    let mut untested = match factor {
        Factor::Sender => senders(belief, to),
        Factor::Address => {
            let ips = belief.sketch.node(to).map(|node| node.ips.clone()).unwrap_or_default();
            ips.iter().map(ToString::to_string).collect()
        }
        Factor::Port | Factor::Subject => Vec::new(),
    };
    untested.retain(|value| !rows.contains_key(value));
    let cells = rows.len() + untested.len();
    let rows: Vec<Counted> = rows.into_values().collect();
    if rows.is_empty() || !(2..=ROWS).contains(&cells) {
        return None;
    }
    Some(Contrast { to: name(to)?, factor, bits: separates(&rows), rows, untested })
}

/// Who is drawn as a caller of a node, those where somebody has looked from first.
fn senders(belief: &Belief, to: NodeIx) -> Vec<String> {
    let mut callers: Vec<(bool, NodeIx)> =
        belief.routes.callers(to).into_iter().map(|(_, caller)| (!belief.looked_from(caller), caller)).collect();
    order::plain(&mut callers);
    callers.into_iter().map(|(_, caller)| belief.sketch.element_id(Element::Node(caller))).collect()
}

/// log2 of the odds of "each value has its own rate of failures" against "all have one", every rate equally likely beforehand.
fn separates(rows: &[Counted]) -> f64 {
    let (worked, failed) = rows.iter().fold((0, 0), |(w, f), row| (w + row.worked, f + row.failed));
    let apart: f64 = rows.iter().map(|row| ln_beta(row.worked, row.failed)).sum();
    (apart - ln_beta(worked, failed)) / std::f64::consts::LN_2
}

/// ln of the integral of p^a (1-p)^b: a! b! / (a+b+1)!
fn ln_beta(a: u32, b: u32) -> f64 {
    let ln_factorial = |n: u32| (1..=n.min(100_000)).map(|i| f64::from(i).ln()).sum::<f64>();
    ln_factorial(a) + ln_factorial(b) - ln_factorial(a + b + 1)
}
