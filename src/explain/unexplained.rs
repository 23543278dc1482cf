//! Evidence that the first suspect does not explain: shown, never averaged away.

use crate::diagnosis::Because;
use crate::order;
use crate::weigh::Belief;

/// Another explanation must explain it so many bits better.
const BITS: f64 = 2.0;

/// How many are shown.
const SHOWN: usize = 3;

/// What does not fit the likeliest hypothesis, worst first; what a second suspected fault explains is left out.
pub fn unexplained(belief: &Belief) -> Vec<Because> {
    let Some(leader) = belief.leader() else { return Vec::new() };
    let suspected: Vec<usize> = belief.suspected(leader).collect();
    let mut found = Vec::new();
    for cluster in &belief.clusters {
        let best = cluster.best();
        let with_others = suspected.iter().map(|h| cluster.ln(*h)).fold(cluster.ln(leader), f64::max);
        let bits = (with_others - best) * crate::weigh::TEMPER / std::f64::consts::LN_2;
        if bits > -BITS {
            continue;
        }
        let first = cluster.observations.first().and_then(|position| belief.observations.get(*position));
        found.extend(first.map(|observation| Because {
            evidence: observation.seen.evidence,
            lines: observation.seen.lines,
            says: observation.says.clone(),
            bits,
        }));
    }
    order::by(&mut found, |a, b| a.bits.total_cmp(&b.bits).then((a.evidence, a.lines).cmp(&(b.evidence, b.lines))));
    found.truncate(SHOWN);
    found
}
