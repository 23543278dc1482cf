//! Where in its row each member stands: as near to the middle of its neighbors as the members beside it allow.

use super::layers::Layers;

/// Sweeps there and back until lines are as straight as they get.
const SWEEPS: usize = 16;

/// The middle of each member, across the direction of calls. `breadth` is the room it needs there.
pub(super) fn align(layers: &Layers, breadth: impl Fn(Option<usize>) -> f64) -> Vec<f64> {
    let breadths: Vec<f64> = layers.members.iter().map(|member| breadth(member.hop)).collect();
    let mut middles = vec![0.0; layers.members.len()];
    let mut wishes = Vec::new();
    for sweep in 0..=SWEEPS {
        for step in 0..layers.order.len() {
            let row = if sweep % 2 == 0 { step } else { layers.order.len() - 1 - step };
            let Some(members) = layers.order.get(row) else { continue };
            wishes.clear();
            for member in members {
                let Some(known) = layers.members.get(*member) else { continue };
                // The last sweep looks to both sides, so that a hop stands between those that call it and those it calls.
                let (before, behind): (&[usize], &[usize]) = match sweep {
                    SWEEPS => (&known.before, &known.behind),
                    _ if sweep % 2 == 0 => (&known.before, &[]),
                    _ => (&[], &known.behind),
                };
                let near = before.len() + behind.len();
                let sum: f64 = before.iter().chain(behind).filter_map(|neighbor| middles.get(*neighbor)).sum();
                let own = middles.get(*member).copied().unwrap_or(0.0);
                let wish = if near == 0 { own } else { sum / near as f64 };
                wishes.push((wish, breadths.get(*member).copied().unwrap_or(0.0)));
            }
            apart(&mut wishes);
            for (member, (middle, _)) in members.iter().zip(&wishes) {
                middles.get_mut(*member).into_iter().for_each(|place| *place = *middle);
            }
        }
    }
    middles
}

/// Turns wishes into the middles nearest to them at which no two members overlap, in the order given: isotonic regression by
/// pooling neighbors that want to pass each other. Each entry is a wish and a breadth.
fn apart(wishes: &mut [(f64, f64)]) {
    let mut offset = 0.0;
    let mut last = None;
    // Sum of wishes, and how many members.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (wish, breadth) in &*wishes {
        offset += last.map_or(0.0, |last: f64| (last + breadth) / 2.0);
        last = Some(*breadth);
        let mut pool = (wish - offset, 1);
        while let Some(previous) = pools.pop_if(|previous| mean(*previous) > mean(pool)) {
            pool = (previous.0 + pool.0, previous.1 + pool.1);
        }
        pools.push(pool);
    }
    let stands = pools.iter().flat_map(|pool| std::iter::repeat_n(mean(*pool), pool.1));
    offset = 0.0;
    last = None;
    for ((wish, breadth), stand) in wishes.iter_mut().zip(stands) {
        offset += last.map_or(0.0, |last: f64| (last + *breadth) / 2.0);
        last = Some(*breadth);
        *wish = stand + offset;
    }
}

fn mean((sum, members): (f64, usize)) -> f64 {
    sum / members as f64
}
