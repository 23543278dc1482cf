//! Where in its row each member stands: as near to the middle of its neighbors as the members beside it allow.

use super::layers::Layers;

/// Sweeps there and back until lines are as straight as they get.
const SWEEPS: usize = 16;

/// The middle of each member, across the direction of calls. `breadth` is the room it needs there.
pub(super) fn align(layers: &Layers, breadth: impl Fn(Option<usize>) -> f64) -> Vec<f64> {
    let breadths: Vec<f64> = layers.members.iter().map(|member| breadth(member.hop)).collect();
    let mut middles = vec![0.0; layers.members.len()];
    for sweep in 0..=SWEEPS {
        for step in 0..layers.order.len() {
            let row = if sweep % 2 == 0 { step } else { layers.order.len() - 1 - step };
            let Some(members) = layers.order.get(row) else { continue };
            // The last sweep looks to both sides, so that a hop stands between those that call it and those it calls.
            let wish = |member: usize| {
                let Some(known) = layers.members.get(member) else { return 0.0 };
                let (before, behind) = (known.before.iter(), known.behind.iter());
                let near: Vec<usize> = match sweep {
                    SWEEPS => before.chain(behind).copied().collect(),
                    _ if sweep % 2 == 0 => before.copied().collect(),
                    _ => behind.copied().collect(),
                };
                let sum: f64 = near.iter().filter_map(|neighbor| middles.get(*neighbor)).sum();
                let own = middles.get(member).copied().unwrap_or(0.0);
                if near.is_empty() { own } else { sum / near.len() as f64 }
            };
            let wishes: Vec<(f64, f64)> =
                members.iter().map(|member| (wish(*member), breadths.get(*member).copied().unwrap_or(0.0))).collect();
            for (member, middle) in members.iter().zip(apart(&wishes)) {
                middles.get_mut(*member).into_iter().for_each(|place| *place = middle);
            }
        }
    }
    middles
}

/// The middles nearest to the wished ones at which no two members overlap, in the order given: isotonic regression by pooling
/// neighbors that want to pass each other. Each entry is a wish and a breadth.
fn apart(wishes: &[(f64, f64)]) -> Vec<f64> {
    let mut offset = 0.0;
    let mut last = 0.0;
    // Sum of wishes, how many, offsets of the members of the pool.
    let mut pools: Vec<(f64, Vec<f64>)> = Vec::new();
    for (position, (wish, breadth)) in wishes.iter().enumerate() {
        if position > 0 {
            offset += (last + breadth) / 2.0;
        }
        last = *breadth;
        let mut pool = (wish - offset, vec![offset]);
        while let Some(previous) = pools.pop_if(|previous| mean(previous) > mean(&pool)) {
            pool = (previous.0 + pool.0, [previous.1, pool.1].concat());
        }
        pools.push(pool);
    }
    let stand = |pool: &(f64, Vec<f64>)| {
        let mean = mean(pool);
        pool.1.iter().map(|offset| mean + offset).collect::<Vec<_>>()
    };
    pools.iter().flat_map(stand).collect()
}

fn mean((sum, members): &(f64, Vec<f64>)) -> f64 {
    sum / members.len() as f64
}
