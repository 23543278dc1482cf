//! What several questions say that a fault answers alike: seven failures in one manner, met through seven addresses, are seven looks at
//! one fault, and how it fails is news the first time only.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::cluster::{Cluster, Key, polya};
use super::rows::Rows;
use crate::fact::Outcome;
use crate::hypotheses::{Hypotheses, Spot};
use crate::order;
use crate::predict::{Asked, Foresight, Standing};
use crate::routes::{Role, Step};
use crate::sketch::NodeIx;

/// So many outcomes of one kind tell all that a question tells of the manner of a fault.
const ENOUGH: u32 = 3;

type Counts = BTreeMap<Outcome, u32>;

/// One question as a fault meets it.
struct Met<'a> {
    cluster: &'a Cluster,
    step: &'a Step,
    asked: Asked,
    spot: &'a Spot,
}

/// How much (as ln) all evidence together says more or less of a hypothesis than its questions one by one.
///
/// Questions of one sender are as one. Of those of several senders only the manner of failing is: a fault may well strike one sender and
/// spare another.
pub(super) fn echoes(clusters: &[Cluster], hypotheses: &Hypotheses, foresight: &Foresight) -> Rows {
    let fails = |cluster: &&Cluster| !cluster.counts.keys().all(|outcome| outcome.is_success());
    let failing = order::set(clusters.iter().filter(fails).filter_map(sender));
    let mut alike: BTreeMap<(usize, Standing, [u64; 2]), Vec<Met>> = BTreeMap::new();
    for cluster in clusters.iter().filter(|one| sender(one).is_some_and(|sender| failing.contains(&sender))) {
        for (step, asked) in cluster.met() {
            let guides = matches!(step.role, Role::Guide | Role::Sharer);
            if let (false, Some(asked), Some(spot)) = (guides, asked, hypotheses.places.spot(step.element)) {
                let standing = Standing::of(spot.nature, step, asked);
                let key = (spot.at, standing, [step.weight.to_bits(), asked.sameness.to_bits()]);
                alike.entry(key).or_default().push(Met { cluster, step, asked, spot });
            }
        }
    }
    let mut sums: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for all in alike.values().filter(|all| all.len() > 1) {
        let Some(Met { step, asked, spot, .. }) = all.first() else { continue };
        let effects = foresight.effects(hypotheses, spot, step, *asked);
        let sums = sums.entry(spot.hypotheses().start).or_insert_with(|| vec![0.0; effects.len()]);
        let mut senders: BTreeMap<_, Vec<Counts>> = BTreeMap::new();
        for met in all {
            let counts = met.cluster.counts.iter().map(|(outcome, count)| (*outcome, (*count).min(ENOUGH)));
            senders.entry(sender(met.cluster)).or_default().push(order::map(counts));
        }
        let each: Vec<Counts> = senders.values().map(|counts| merged(counts)).collect();
        let failures: Vec<Counts> = each.iter().map(failures).collect();
        let together = merged(&failures);
        let count: u32 = together.values().sum();
        for (sum, effect) in sums.iter_mut().zip(effects.iter()).filter(|_| count > 0) {
            let all =
                |counts: &Counts| polya(counts.keys().map(|outcome| effect.likelihood(*outcome, step, *asked)), counts);
            let failing = effect.failing().max(f64::MIN_POSITIVE);
            // A mode that never fails may still be overtaken: a share of what fails is at most all of it.
            let share = |outcome: &Outcome| (effect.shown.likelihood(*outcome) / failing).min(1.0);
            let manner = |counts: &Counts| polya(counts.keys().map(share), counts);
            let apart = |counts: &[Counts], ln: &dyn Fn(&Counts) -> f64| counts.iter().map(ln).sum::<f64>();
            let one_by_one: f64 = senders.values().map(|counts| apart(counts, &all)).sum();
            let more = apart(&each, &all) - one_by_one + manner(&together) - apart(&failures, &manner);
            // What is mere chance is no look at the fault.
            let caused =
                together.iter().map(|(outcome, count)| effect.caused(*outcome, step, *asked) * f64::from(*count));
            *sum += more * caused.sum::<f64>() / f64::from(count);
        }
    }
    let mut rows = Rows::default();
    sums.into_iter().for_each(|(first, run)| rows.raise(first, Rc::from(run)));
    rows
}

/// Who asked, and which port.
fn sender(cluster: &Cluster) -> Option<(Option<NodeIx>, Option<u16>)> {
    match &cluster.key {
        Key::Request { from, port, .. } => Some((*from, *port)),
        Key::State { .. } | Key::Blame { .. } => None,
    }
}

fn merged(all: &[Counts]) -> Counts {
    let mut merged = Counts::new();
    for (outcome, count) in all.iter().flatten() {
        *merged.entry(*outcome).or_default() += count;
    }
    merged
}

fn failures(counts: &Counts) -> Counts {
    order::map(counts.iter().filter(|(outcome, _)| !outcome.is_success()).map(|(outcome, count)| (*outcome, *count)))
}
