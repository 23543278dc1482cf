//! Which layer each hop stands in, and in which order, so that calls lead one way and few lines cross.
//!
//! The classic of Sugiyama, Tagawa and Toda (1981) in its plain form: longest paths give the layers, stand-ins carry a line through
//! the layers it skips, and sweeps move everything to the middle of its neighbors until fewer lines cross no more.

use std::collections::BTreeSet;

use crate::order;

/// A hop, or the place at which a line passes a layer.
#[derive(Debug, Clone, Default)]
pub(super) struct Member {
    /// Position of the hop; `None` for a stand-in.
    pub hop: Option<usize>,
    pub layer: usize,
    /// Neighbors in the layer before and in the one behind.
    pub before: Vec<usize>,
    pub behind: Vec<usize>,
}

/// Members, and for each layer their order in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Layers {
    pub members: Vec<Member>,
    pub order: Vec<Vec<usize>>,
}

/// Longest lines through many layers would need more stand-ins than hops; beyond this they get none.
const STAND_INS: usize = 20_000;
/// Sweeps there and back. More are hardly ever better.
const SWEEPS: usize = 12;

/// Sorts hops that are all connected. `edges` go by position in `hops` and hold no loop from a hop to itself.
pub(super) fn layers(hops: &[usize], edges: &[(usize, usize)]) -> Layers {
    let edges = one_way(hops.len(), edges);
    let mut layers = Layers::default();
    for (hop, layer) in hops.iter().zip(depths(hops.len(), &edges)) {
        layers.add(Some(*hop), layer);
    }
    for (from, to) in edges {
        layers.connect(from, to);
    }
    layers.untangle();
    layers
}

impl Layers {
    fn add(&mut self, hop: Option<usize>, layer: usize) -> usize {
        let member = self.members.len();
        self.members.push(Member { hop, layer, ..Member::default() });
        if self.order.len() <= layer {
            self.order.resize(layer + 1, Vec::new());
        }
        if let Some(row) = self.order.get_mut(layer) {
            row.push(member);
        }
        member
    }

    fn layer(&self, member: usize) -> usize {
        self.members.get(member).map_or(0, |member| member.layer)
    }

    fn connect(&mut self, from: usize, to: usize) {
        let (first, last) = (self.layer(from), self.layer(to));
        let mut previous = from;
        if self.members.len() + last.saturating_sub(first) < STAND_INS {
            for layer in first + 1..last {
                let stand_in = self.add(None, layer);
                self.join(previous, stand_in);
                previous = stand_in;
            }
        } else if last > first + 1 {
            return;
        }
        self.join(previous, to);
    }

    fn join(&mut self, from: usize, to: usize) {
        if let Some(member) = self.members.get_mut(from) {
            member.behind.push(to);
        }
        if let Some(member) = self.members.get_mut(to) {
            member.before.push(from);
        }
    }

    /// Where each member stands in its row.
    pub fn ranks(&self) -> Vec<usize> {
        let mut ranks = vec![0; self.members.len()];
        for row in &self.order {
            rank(&mut ranks, row);
        }
        ranks
    }

    /// Sweeps there and back; keeps the order with the fewest crossings.
    fn untangle(&mut self) {
        let mut ranks = self.ranks();
        let mut best = (self.crossings(&ranks), self.order.clone());
        let mut idle = 0;
        for sweep in 0..SWEEPS {
            // What neither a sweep there nor one back has changed, no other will.
            if best.0 == 0 || idle == 2 {
                break;
            }
            idle += 1;
            let forth = sweep % 2 == 0;
            for step in 0..self.order.len() {
                let row = if forth { step } else { self.order.len() - 1 - step };
                if self.sort_row(row, forth, &mut ranks) {
                    idle = 0;
                }
            }
            let crossings = self.crossings(&ranks);
            if crossings < best.0 {
                best = (crossings, self.order.clone());
            }
        }
        self.order = best.1;
    }

    /// Puts each member of a row to the middle of its neighbors in the row before it, or behind it. Says whether that moved any.
    fn sort_row(&mut self, row: usize, forth: bool, ranks: &mut [usize]) -> bool {
        let middle = |member: &usize| {
            let own = ranks.get(*member).copied().unwrap_or(0) as f64;
            let Some(known) = self.members.get(*member) else { return own };
            let neighbors = if forth { &known.before } else { &known.behind };
            let sum: usize = neighbors.iter().filter_map(|neighbor| ranks.get(*neighbor)).sum();
            if neighbors.is_empty() { own } else { sum as f64 / neighbors.len() as f64 }
        };
        let Some(members) = self.order.get_mut(row) else { return false };
        let mut sorted: Vec<(f64, usize)> = members.iter().map(|member| (middle(member), *member)).collect();
        if sorted.is_sorted_by(|(one, _), (other, _)| one <= other) {
            return false;
        }
        order::by(&mut sorted, |(one, _), (other, _)| one.total_cmp(other));
        for (place, (_, member)) in members.iter_mut().zip(sorted) {
            *place = member;
        }
        rank(ranks, members);
        true
    }

    /// How many pairs of lines cross: the pairs of each two rows that stand the wrong way round, counted with a Fenwick tree.
    pub fn crossings(&self, ranks: &[usize]) -> usize {
        let mut crossings = 0;
        let mut seen = vec![0_usize; self.order.iter().map(Vec::len).max().unwrap_or(0) + 1];
        for row in &self.order {
            seen.fill(0);
            let mut total = 0;
            for member in row.iter().filter_map(|member| self.members.get(*member)) {
                let ends = || member.behind.iter().filter_map(|end| ranks.get(*end).copied());
                for end in ends() {
                    crossings += total - sum_up_to(&seen, end);
                }
                for end in ends() {
                    count(&mut seen, end);
                }
                total += member.behind.len();
            }
        }
        crossings
    }
}

/// Notes where the members of a row stand.
fn rank(ranks: &mut [usize], row: &[usize]) {
    for (rank, member) in row.iter().enumerate() {
        ranks.get_mut(*member).into_iter().for_each(|place| *place = rank);
    }
}

fn sum_up_to(tree: &[usize], end: usize) -> usize {
    let (mut at, mut sum) = (end + 1, 0);
    while at > 0 {
        sum += tree.get(at).copied().unwrap_or(0);
        at &= at - 1;
    }
    sum
}

fn count(tree: &mut [usize], end: usize) {
    let mut at = end + 1;
    while let Some(node) = tree.get_mut(at) {
        *node += 1;
        at += at & at.wrapping_neg();
    }
}

/// Turns round the edges that close a circle. Callers nobody calls come first; a circle is opened at the hop drawn first.
fn one_way(hops: usize, edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // By hop: whom it calls, and how many that call it have not had their turn.
    let mut calls: Vec<Vec<usize>> = vec![Vec::new(); hops];
    let mut left: Vec<usize> = vec![0; hops];
    for (from, to) in edges {
        calls.get_mut(*from).into_iter().for_each(|calls| calls.push(*to));
        left.get_mut(*to).into_iter().for_each(|left| *left += 1);
    }
    let mut turns: Vec<Option<usize>> = vec![None; hops];
    let mut ready: BTreeSet<usize> = order::set((0..hops).filter(|hop| left.get(*hop) == Some(&0)));
    let mut waiting = 0..hops;
    for turn in 0.. {
        let had = |hop: usize| turns.get(hop).copied().flatten().is_some();
        let Some(hop) = ready.pop_first().or_else(|| waiting.find(|hop| !had(*hop))) else { break };
        turns.get_mut(hop).into_iter().for_each(|place| *place = Some(turn));
        for to in calls.get(hop).into_iter().flatten() {
            let Some(left) = left.get_mut(*to) else { continue };
            *left = left.saturating_sub(1);
            if *left == 0 && turns.get(*to) == Some(&None) {
                ready.insert(*to);
            }
        }
    }
    let turn = |hop: usize| turns.get(hop).copied().flatten().unwrap_or(0);
    let mut forward: Vec<(usize, usize)> =
        edges.iter().map(|(from, to)| if turn(*from) < turn(*to) { (*from, *to) } else { (*to, *from) }).collect();
    order::by_key(&mut forward, |(from, to)| (turn(*from), turn(*to)));
    forward.dedup();
    forward
}

/// The layer of each hop: behind everything that calls it, and one that nobody calls as near to what it calls as it can be. `edges`
/// stand in the order of calls.
fn depths(hops: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut depths = vec![0_usize; hops];
    let of = |depths: &[usize], hop: usize| depths.get(hop).copied().unwrap_or(0);
    let mut called = vec![false; hops];
    for (from, to) in edges {
        let behind = of(&depths, *from) + 1;
        depths.get_mut(*to).into_iter().for_each(|depth| *depth = behind.max(*depth));
        called.get_mut(*to).into_iter().for_each(|called| *called = true);
    }
    let mut nearest = vec![usize::MAX; hops];
    for (from, to) in edges {
        let before = of(&depths, *to).saturating_sub(1);
        nearest.get_mut(*from).into_iter().for_each(|nearest| *nearest = before.min(*nearest));
    }
    for ((depth, called), nearest) in depths.iter_mut().zip(called).zip(nearest) {
        if !called && nearest != usize::MAX {
            *depth = nearest;
        }
    }
    depths
}
