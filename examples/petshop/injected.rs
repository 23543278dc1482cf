//! Faults of our own at every node, put into quiet windows of every scenario: the benchmark breaks only a few of the shop's services.

use std::collections::BTreeMap;

use hopwise::blame::{Change, Symptom, Traffic, Unrest, blame};
use hopwise::sketch::{Element, NodeIx, Sketch};

use crate::harder::{Dice, uncounted};
use crate::recording::{Issue, Recording};
use crate::score::{Score, place};

/// Times each fault is tried at each node of each pair of windows.
const TRIES: usize = 2;

/// Pairs of windows taken from a long recording; issues give one pair for each two of them.
const PAIRS: usize = 12;

/// A node with fewer requests carries too little traffic for a fault of its own to be seen at the front.
const BUSY: f64 = 10.0;

/// What goes wrong at a node.
#[derive(Clone, Copy)]
pub enum Fault {
    /// A part of the requests takes this many seconds longer.
    Slow { part: f64, seconds: f64 },
    /// A part of the requests fails.
    Fails { part: f64 },
    /// A part of the requests fails before anything behind the node is called.
    FailsFast { part: f64 },
    /// A part of the requests fails, and everybody who gets a failure tries once more.
    Retried { part: f64 },
    /// A part of the requests takes longer than its callers wait: they give up after this many seconds and fail.
    GivenUp { part: f64, seconds: f64 },
    /// A part of the requests goes to something new that fails.
    NewCallee { part: f64 },
    /// A part of the requests fails, and so much more traffic comes than before.
    UnderLoad { part: f64, times: f64 },
}

/// What makes the numbers poorer or the world less tidy.
#[derive(Clone, Copy, PartialEq)]
pub enum Twist {
    None,
    /// Nine of ten requests never came.
    LowTraffic,
    /// Callers need the node unequally, some wait for it beside other work.
    Uneven,
    /// Every node's mean moves by a tenth, and one other node has a bad window.
    Bursty,
    /// Nobody counted requests.
    Uncounted,
    /// The node at fault has no metrics of its own.
    Unmeasured,
}

const FAULTS: [(&str, Fault); 17] = [
    ("all take 0.5 s longer", Fault::Slow { part: 1.0, seconds: 0.5 }),
    ("all take 0.05 s longer", Fault::Slow { part: 1.0, seconds: 0.05 }),
    ("20 % take 0.5 s longer", Fault::Slow { part: 0.2, seconds: 0.5 }),
    ("5 % take 1 s longer", Fault::Slow { part: 0.05, seconds: 1.0 }),
    ("1 % take 30 s longer", Fault::Slow { part: 0.01, seconds: 30.0 }),
    ("all fail", Fault::Fails { part: 1.0 }),
    ("50 % fail", Fault::Fails { part: 0.5 }),
    ("10 % fail", Fault::Fails { part: 0.1 }),
    ("2 % fail", Fault::Fails { part: 0.02 }),
    ("all fail before calling on", Fault::FailsFast { part: 1.0 }),
    ("30 % fail before calling on", Fault::FailsFast { part: 0.3 }),
    ("30 % fail, tried again", Fault::Retried { part: 0.3 }),
    ("20 % hang, callers give up", Fault::GivenUp { part: 0.2, seconds: 3.0 }),
    ("all hang, callers give up", Fault::GivenUp { part: 1.0, seconds: 3.0 }),
    ("30 % call something new", Fault::NewCallee { part: 0.3 }),
    ("10 % fail, traffic doubled", Fault::UnderLoad { part: 0.1, times: 2.0 }),
    ("10 % fail, traffic halved", Fault::UnderLoad { part: 0.1, times: 0.5 }),
];

const TWISTS: [(&str, Twist); 6] = [
    ("as recorded", Twist::None),
    ("a tenth of the traffic", Twist::LowTraffic),
    ("callers unlike each other", Twist::Uneven),
    ("noise and a stray burst", Twist::Bursty),
    ("requests not counted", Twist::Uncounted),
    ("culprit has no numbers", Twist::Unmeasured),
];

type Window = BTreeMap<NodeIx, Traffic>;

/// A drawing and two quiet windows of it.
pub struct Quiet {
    sketch: Sketch,
    before: Window,
    after: Window,
}

/// Quiet windows of every scenario: those before the issues, two by two, and a sample of the long recordings.
pub fn quiet(issues: &[Issue], recordings: &[(Sketch, Recording)]) -> Vec<Quiet> {
    let mut quiet = Vec::new();
    for pair in issues.windows(2) {
        if let [one, next] = pair
            && one.scenario == next.scenario
        {
            quiet.push(Quiet {
                sketch: one.sketch.clone(),
                before: window(&one.sketch, &one.recording, one.bins.0),
                after: window(&one.sketch, &next.recording, next.bins.0),
            });
        }
    }
    for (sketch, recording) in recordings {
        let step = (recording.starts.len() / (PAIRS + 1)).max(1);
        quiet.extend((0..PAIRS).map(|pair| Quiet {
            sketch: sketch.clone(),
            before: window(sketch, recording, pair * step),
            after: window(sketch, recording, pair * step + 2),
        }));
    }
    quiet
}

fn window(sketch: &Sketch, recording: &Recording, bin: usize) -> Window {
    recording.nodes.iter().filter_map(|(name, metrics)| Some((sketch.find(name)?, metrics.traffic(bin)))).collect()
}

/// Scores every fault at every busy node, where the front notices it.
pub fn table(quiet: &[Quiet]) {
    println!("\nfaults put into {} pairs of quiet windows, at every busy node (noticed: top-1/top-3)", quiet.len());
    print!("{:28}", "");
    TWISTS.iter().for_each(|(name, _)| print!(" {name:>26}"));
    println!();
    let mut sums = TWISTS.map(|_| Score::default());
    for (name, fault) in FAULTS {
        print!("{name:28}");
        for ((_, twist), sum) in TWISTS.iter().zip(&mut sums) {
            let score = score(quiet, fault, *twist);
            print!(" {:>12} {:>5}: {}", "", score.of, score.shares());
            sum.join(score);
        }
        println!();
    }
    print!("{:28}", "all");
    sums.iter().for_each(|sum| print!(" {:>12} {:>5}: {}", "", sum.of, sum.shares()));
    println!();
}

fn score(quiet: &[Quiet], fault: Fault, twist: Twist) -> Score {
    let mut dice = Dice::new(7);
    let mut score = Score::default();
    for pair in quiet {
        let Some(front) = pair.sketch.find("PetSite") else { continue };
        for node in behind(&pair.sketch, front) {
            for _ in 0..TRIES {
                let Some(broken) = Broken::new(pair, node, fault, twist, &mut dice) else { continue };
                let changes = match twist {
                    Twist::Uncounted => uncounted(&broken.changes()),
                    _ => broken.changes(),
                };
                let answer = blame(&pair.sketch, &changes, front, broken.symptom);
                if answer.lost.extra >= 2.0 * answer.lost.noise && answer.lost.extra > 0.0 {
                    score.add(place(&answer, Element::Node(node)));
                }
            }
        }
    }
    score
}

/// Every node that the front calls, itself or through others.
fn behind(sketch: &Sketch, front: NodeIx) -> Vec<NodeIx> {
    let mut found = vec![front];
    let mut next = 0;
    while let Some(caller) = found.get(next).copied() {
        let callees = sketch.edge_indices().filter_map(|edge| sketch.ends(edge)).filter(|ends| ends.0 == caller);
        let fresh: Vec<NodeIx> = callees.map(|(_, callee)| callee).filter(|callee| !found.contains(callee)).collect();
        found.extend(fresh);
        next += 1;
    }
    found.into_iter().skip(1).collect()
}

/// Two windows with a fault in the second.
struct Broken<'a> {
    sketch: &'a Sketch,
    before: Window,
    after: Window,
    symptom: Symptom,
    twist: Twist,
}

impl<'a> Broken<'a> {
    /// `None` where the node has too little traffic, or where chance spared every request.
    fn new(pair: &'a Quiet, node: NodeIx, fault: Fault, twist: Twist, dice: &mut Dice) -> Option<Broken<'a>> {
        let (mut before, mut after) = (pair.before.clone(), pair.after.clone());
        if twist == Twist::LowTraffic {
            for window in [&mut before, &mut after] {
                window.values_mut().for_each(|traffic| thin(traffic, dice));
            }
        }
        let busy = |window: &Window| window.get(&node).and_then(|traffic| traffic.requests) >= Some(BUSY);
        if !busy(&before) || !busy(&after) {
            return None;
        }
        if let Fault::UnderLoad { times, .. } = fault {
            after.values_mut().for_each(|traffic| traffic.requests = traffic.requests.map(|all| (all * times).round()));
        }
        let symptom = match fault {
            Fault::Slow { .. } => Symptom::Latency,
            _ => Symptom::Failures,
        };
        let mut broken = Broken { sketch: &pair.sketch, before, after, symptom, twist };
        if twist == Twist::Bursty {
            broken.disturb(node, dice);
        }
        broken.break_at(node, fault, dice).then_some(())?;
        if twist == Twist::Unmeasured {
            broken.before.remove(&node);
            broken.after.remove(&node);
        }
        Some(broken)
    }

    fn changes(&self) -> BTreeMap<Element, Change> {
        let nodes = self.sketch.node_indices().filter(|node| self.after.contains_key(node));
        let of = |window: &Window, node| window.get(&node).copied().unwrap_or_default();
        let change =
            |node| Change { before: of(&self.before, node), after: of(&self.after, node), unrest: Unrest::default() };
        nodes.map(|node| (Element::Node(node), change(node))).collect()
    }

    fn break_at(&mut self, node: NodeIx, fault: Fault, dice: &mut Dice) -> bool {
        let requests = self.requests(node);
        let part = match fault {
            Fault::Slow { part, .. }
            | Fault::Fails { part }
            | Fault::FailsFast { part }
            | Fault::Retried { part }
            | Fault::GivenUp { part, .. }
            | Fault::NewCallee { part }
            | Fault::UnderLoad { part, .. } => part,
        };
        let hit = (0..requests as usize).filter(|_| dice.roll() < part).count() as f64;
        if hit <= 0.0 {
            return false;
        }
        // Some callers do without: then not every failure of theirs is one of the callee.
        let on = if dice.roll() < 0.5 { 1.0 } else { 0.6 };
        match fault {
            Fault::Slow { seconds, .. } => self.spread_up(node, hit * seconds, 1.0, dice, 0),
            Fault::Fails { .. } | Fault::UnderLoad { .. } => self.spread_up(node, hit, on, dice, 0),
            Fault::FailsFast { part } => {
                self.spread_up(node, hit, on, dice, 0);
                self.starve(node, 1.0 - part, 0);
            }
            Fault::Retried { part } => {
                // The second try fails as often as the first, so that callers fail only part of the time.
                let again = hit * part;
                if let Some(traffic) = self.after.get_mut(&node) {
                    traffic.requests = Some(requests + hit);
                    traffic.failed = traffic.failed.map(|failed| (failed + (hit + again) / (requests + hit)).min(1.0));
                }
                self.spread_to_callers(node, again, 1.0, dice, 0);
            }
            Fault::GivenUp { seconds, .. } => {
                self.symptom = Symptom::Latency;
                self.spread_up(node, hit * seconds, 1.0, dice, 0);
                self.symptom = Symptom::Failures;
                self.spread_to_callers(node, hit, on, dice, 0);
            }
            Fault::NewCallee { .. } => {
                self.spread_up(node, hit, on, dice, 0);
                let strange = self.sketch.edge_indices().filter_map(|edge| self.sketch.ends(edge));
                let quiet = strange
                    .filter(|ends| ends.0 == node)
                    .map(|(_, callee)| callee)
                    .find(|callee| self.before.get(callee).is_some_and(|traffic| traffic.requests == Some(0.0)));
                if let Some(callee) = quiet {
                    let traffic = Traffic { requests: Some(hit), seconds: Some(0.1), spread: None, failed: Some(1.0) };
                    self.after.insert(callee, traffic);
                }
            }
        }
        true
    }

    fn requests(&self, node: NodeIx) -> f64 {
        self.after.get(&node).and_then(|traffic| traffic.requests).unwrap_or(0.0)
    }

    /// Adds the loss to a node and, by the requests they send, to its callers.
    fn spread_up(&mut self, node: NodeIx, extra: f64, on: f64, dice: &mut Dice, depth: u32) {
        let requests = self.requests(node);
        let Some(traffic) = self.after.get_mut(&node) else { return };
        if requests <= 0.0 || depth > 12 {
            return;
        }
        match self.symptom {
            Symptom::Latency => traffic.seconds = traffic.seconds.map(|seconds| seconds + extra / requests),
            Symptom::Failures => traffic.failed = traffic.failed.map(|failed| (failed + extra / requests).min(1.0)),
        }
        self.spread_to_callers(node, extra, on, dice, depth);
    }

    fn spread_to_callers(&mut self, node: NodeIx, extra: f64, on: f64, dice: &mut Dice, depth: u32) {
        let calls = self.sketch.edge_indices().filter_map(|edge| self.sketch.ends(edge));
        let uneven = self.twist == Twist::Uneven;
        let callers: Vec<(NodeIx, f64)> = calls
            .filter(|(_, callee)| *callee == node)
            .map(|(caller, _)| (caller, self.requests(caller) * if uneven { 0.2 + dice.roll() } else { 1.0 }))
            .collect();
        let all: f64 = callers.iter().map(|(_, requests)| requests).sum();
        for (caller, requests) in callers.into_iter().filter(|_| all > 0.0) {
            // Beside other work a part of the wait is hidden.
            let felt = if uneven { 0.5 + dice.roll() / 2.0 } else { 1.0 };
            self.spread_up(caller, extra * requests / all * on * felt, on, dice, depth + 1);
        }
    }

    /// What a node does not call gets fewer requests.
    fn starve(&mut self, node: NodeIx, left: f64, depth: u32) {
        let calls = self.sketch.edge_indices().filter_map(|edge| self.sketch.ends(edge));
        let callees: Vec<NodeIx> = calls.filter(|ends| ends.0 == node).map(|(_, callee)| callee).collect();
        for callee in callees.into_iter().filter(|_| depth < 12) {
            let callers = self.sketch.edge_indices().filter_map(|edge| self.sketch.ends(edge));
            let all: f64 = callers.filter(|ends| ends.1 == callee).map(|(caller, _)| self.requests(caller)).sum();
            let own = self.requests(node);
            let part = if all > 0.0 { own / all } else { 1.0 };
            let left = 1.0 - part * (1.0 - left);
            if let Some(traffic) = self.after.get_mut(&callee) {
                traffic.requests = traffic.requests.map(|all| (all * left).round());
                if traffic.requests == Some(0.0) {
                    *traffic = Traffic { requests: Some(0.0), ..Traffic::default() };
                }
            }
            self.starve(callee, left, depth + 1);
        }
    }

    /// Moves every mean by a tenth or so, and gives another node a bad window.
    fn disturb(&mut self, node: NodeIx, dice: &mut Dice) {
        let others: Vec<NodeIx> = self.after.keys().copied().filter(|other| *other != node).collect();
        for (other, traffic) in &mut self.after {
            let times = if *other == node { 1.0 } else { 0.9 + 0.2 * dice.roll() };
            traffic.seconds = traffic.seconds.map(|seconds| seconds * times);
        }
        let unlucky = others.get((dice.roll() * others.len() as f64) as usize).copied();
        if let Some(traffic) = unlucky.and_then(|unlucky| self.after.get_mut(&unlucky)) {
            traffic.seconds = traffic.seconds.map(|seconds| seconds * 2.0);
            let hit = traffic.requests.filter(|requests| *requests > 0.0).map(|requests| (2.0 / requests).min(0.5));
            traffic.failed = traffic.failed.zip(hit).map(|(failed, hit)| (failed + hit).min(1.0));
        }
    }
}

/// Lets nine of ten requests go missing; what failed among the others is chance.
fn thin(traffic: &mut Traffic, dice: &mut Dice) {
    let Some(requests) = traffic.requests else { return };
    let kept = (0..requests as usize).filter(|_| dice.roll() < 0.1).count();
    let failed = traffic.failed.unwrap_or(0.0);
    let failures = (0..kept).filter(|_| dice.roll() < failed).count() as f64;
    let drawn = traffic.spread.or(traffic.seconds).unwrap_or(0.0) / (kept.max(1) as f64).sqrt();
    // The sum of four rolls is near enough to a bell curve: mean 2, deviation 0.577.
    let bell = ((0..4).map(|_| dice.roll()).sum::<f64>() - 2.0) / 0.577;
    *traffic = match kept {
        0 => Traffic { requests: Some(0.0), ..Traffic::default() },
        kept => Traffic {
            requests: Some(kept as f64),
            seconds: traffic.seconds.map(|seconds| (seconds + drawn * bell).max(0.1 * seconds)),
            spread: traffic.spread,
            failed: traffic.failed.map(|_| failures / kept as f64),
        },
    };
}
