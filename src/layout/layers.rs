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

/// Sorts hops that are all connected. `edges` holds no loop from a hop to itself.
pub(super) fn layers(hops: &[usize], edges: &[(usize, usize)]) -> Layers {
    let edges = one_way(hops, edges);
    let mut layers = Layers::default();
    for (hop, layer) in hops.iter().zip(depths(hops, &edges)) {
        layers.add(Some(*hop), layer);
    }
    let member = |hop: usize| hops.iter().position(|known| *known == hop);
    for (from, to) in edges {
        if let (Some(from), Some(to)) = (member(from), member(to)) {
            layers.connect(from, to);
        }
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
    fn ranks(&self) -> Vec<usize> {
        let mut ranks = vec![0; self.members.len()];
        for row in &self.order {
            for (rank, member) in row.iter().enumerate() {
                if let Some(place) = ranks.get_mut(*member) {
                    *place = rank;
                }
            }
        }
        ranks
    }

    /// Sweeps there and back; keeps the order with the fewest crossings.
    fn untangle(&mut self) {
        let mut best = (self.crossings(), self.order.clone());
        for sweep in 0..SWEEPS {
            if best.0 == 0 {
                break;
            }
            let forth = sweep % 2 == 0;
            for step in 0..self.order.len() {
                let row = if forth { step } else { self.order.len() - 1 - step };
                self.sort_row(row, forth);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.order.clone());
            }
        }
        self.order = best.1;
    }

    /// Puts each member of a row to the middle of its neighbors in the row before it, or behind it.
    fn sort_row(&mut self, row: usize, forth: bool) {
        let ranks = self.ranks();
        let middle = |member: &usize| {
            let own = ranks.get(*member).copied().unwrap_or(0) as f64;
            let Some(known) = self.members.get(*member) else { return own };
            let neighbors = if forth { &known.before } else { &known.behind };
            let sum: f64 = neighbors.iter().filter_map(|neighbor| ranks.get(*neighbor)).map(|rank| *rank as f64).sum();
            if neighbors.is_empty() { own } else { sum / neighbors.len() as f64 }
        };
        let Some(members) = self.order.get(row) else { return };
        let mut sorted: Vec<(f64, usize)> = members.iter().map(|member| (middle(member), *member)).collect();
        order::by(&mut sorted, |(one, _), (other, _)| one.total_cmp(other));
        if let Some(members) = self.order.get_mut(row) {
            *members = sorted.into_iter().map(|(_, member)| member).collect();
        }
    }

    /// How many pairs of lines cross: the pairs of each two rows that stand the wrong way round, counted with a Fenwick tree.
    pub fn crossings(&self) -> usize {
        let ranks = self.ranks();
        let mut crossings = 0;
        for row in &self.order {
            let mut seen = vec![0_usize; self.order.iter().map(Vec::len).max().unwrap_or(0) + 1];
            let mut total = 0;
            for member in row.iter().filter_map(|member| self.members.get(*member)) {
                let ends: Vec<usize> = member.behind.iter().filter_map(|end| ranks.get(*end).copied()).collect();
                crossings += ends.iter().map(|end| total - sum_up_to(&seen, *end)).sum::<usize>();
                for end in ends {
                    total += 1;
                    count(&mut seen, end);
                }
            }
        }
        crossings
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
fn one_way(hops: &[usize], edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut waiting: BTreeSet<usize> = order::set(hops.iter().copied());
    let mut calls: Vec<usize> = vec![0; hops.iter().max().map_or(0, |highest| highest + 1)];
    for (_, to) in edges {
        calls.get_mut(*to).into_iter().for_each(|calls| *calls += 1);
    }
    let mut turns = vec![0; calls.len()];
    let mut ready: BTreeSet<usize> = order::set(hops.iter().copied().filter(|hop| calls.get(*hop) == Some(&0)));
    for turn in 0.. {
        let Some(hop) = ready.pop_first().or_else(|| waiting.first().copied()) else { break };
        waiting.remove(&hop);
        turns.get_mut(hop).into_iter().for_each(|place| *place = turn);
        for (_, to) in edges.iter().filter(|(from, _)| *from == hop) {
            let left = calls.get_mut(*to).map(|calls| {
                *calls = calls.saturating_sub(1);
                *calls
            });
            if left == Some(0) && waiting.contains(to) {
                ready.insert(*to);
            }
        }
    }
    let turn = |hop: usize| turns.get(hop).copied().unwrap_or(0);
    let mut forward: Vec<(usize, usize)> =
        edges.iter().map(|(from, to)| if turn(*from) < turn(*to) { (*from, *to) } else { (*to, *from) }).collect();
    order::by_key(&mut forward, |(from, to)| (turn(*from), turn(*to)));
    forward.dedup();
    forward
}

/// The layer of each hop: behind everything that calls it, and as near to what it calls as it can be. `edges` stand in the order of calls.
fn depths(hops: &[usize], edges: &[(usize, usize)]) -> Vec<usize> {
    let mut depth = vec![0_usize; hops.iter().max().map_or(0, |highest| highest + 1)];
    let of = |depth: &[usize], hop: usize| depth.get(hop).copied().unwrap_or(0);
    for (from, to) in edges {
        let behind = of(&depth, *from) + 1;
        depth.get_mut(*to).into_iter().for_each(|place| *place = behind.max(*place));
    }
    for hop in edges.iter().rev().map(|(from, _)| *from) {
        let called = edges.iter().filter(|(from, _)| *from == hop).map(|(_, to)| of(&depth, *to));
        let callers = edges.iter().filter(|(_, to)| *to == hop).count();
        let nearest = called.min().map_or(0, |nearest| nearest.saturating_sub(1));
        if callers == 0 {
            depth.get_mut(hop).into_iter().for_each(|place| *place = nearest);
        }
    }
    hops.iter().map(|hop| of(&depth, *hop)).collect()
}
