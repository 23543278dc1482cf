//! Makes the issues harder in the ways in which a person's knowledge falls short of a recording.

use std::collections::BTreeMap;

use hopwise::blame::{Change, Traffic};
use hopwise::sketch::{Edge, Element, Kind, Node, Sketch};

use crate::recording::{Issue, edge};

/// A small generator of fixed numbers, so that every run forgets the same edges (Knuth's constants for 64 bits).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From 0 up to 1.
    pub fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1u64 << 31) as f64
    }
}

/// Forgets a part of the edges, 0 to 1.
pub fn forget_edges(issue: &Issue, part: f64, dice: &mut Dice) -> Issue {
    let kept: Vec<Edge> = issue.sketch.edges().iter().filter(|_| dice.roll() >= part).cloned().collect();
    with_sketch(issue, Sketch::new(issue.sketch.nodes().to_vec(), kept))
}

fn with_sketch(issue: &Issue, sketch: Result<Sketch, hopwise::sketch::SketchErrors>) -> Issue {
    Issue { sketch: sketch.unwrap_or_default(), ..issue.clone() }
}

/// What a person of the shop's team draws from memory: 13 boxes.
pub fn hand_sketch(issue: &Issue) -> Issue {
    const SITE: &str = "PetSite";
    const SEARCH: &str = "PetSearch_AWS::ECS::Fargate";
    const LIST: &str = "petlistadoptions_AWS::ECS::Fargate";
    const PAY: &str = "payforadoption_AWS::ECS::Container";
    const STAGE: &str = "PetAdoptionStatusUpdater/prod_AWS::ApiGateway::Stage";
    const LAMBDA: &str = "lambdastatusupdater_AWS::Lambda";
    const FUNCTION: &str = "lambdastatusupdater_AWS::Lambda::Function";
    const TABLE: &str = "petInfo_AWS::DynamoDB::Table";
    const SQL: &str = "adoptions@services-database.us-west-2.rds.amazonaws.com_Database::SQL";
    const QUEUE: &str = "https://sqs.us-west-2.amazonaws.com/Services-sqspetadoption_AWS::SQS::Queue";
    const TOPIC: &str = "SimpleNotificationService_AWS::SimpleNotificationService";
    const STEPS: &str = "AWS::StepFunctions::StateMachine";
    const SETTINGS: &str = "SimpleSystemsManagement_AWS::SimpleSystemsManagement";
    let calls = [
        (SITE, SEARCH),
        (SITE, LIST),
        (SITE, PAY),
        (SITE, QUEUE),
        (SITE, TOPIC),
        (SITE, STEPS),
        (SITE, SETTINGS),
        (SEARCH, TABLE),
        (LIST, SEARCH),
        (LIST, SQL),
        (PAY, SQL),
        (PAY, STAGE),
        (STAGE, LAMBDA),
        (LAMBDA, FUNCTION),
        (FUNCTION, TABLE),
    ];
    let boxes = [SITE, SEARCH, LIST, PAY, STAGE, LAMBDA, FUNCTION, TABLE, SQL, QUEUE, TOPIC, STEPS, SETTINGS];
    let nodes = boxes.map(|name| Node::new(name, Kind::Other)).to_vec();
    with_sketch(issue, Sketch::new(nodes, calls.map(|(from, to)| edge(from, to)).to_vec()))
}

/// Reads numbers off a chart: two digits of the seconds, whole percents, tens of requests.
pub fn round(changes: &BTreeMap<Element, Change>) -> BTreeMap<Element, Change> {
    let digits = |value: f64| {
        let unit = 10f64.powf(value.abs().max(1e-9).log10().floor() - 1.0);
        (value / unit).round() * unit
    };
    each(changes, |traffic| Traffic {
        requests: traffic.requests.map(|requests| (requests / 10.0).round() * 10.0),
        seconds: traffic.seconds.map(digits),
        spread: None,
        failed: traffic.failed.map(|failed| (failed * 100.0).round() / 100.0),
    })
}

/// Nobody counted requests.
pub fn uncounted(changes: &BTreeMap<Element, Change>) -> BTreeMap<Element, Change> {
    each(changes, |traffic| Traffic { requests: None, ..*traffic })
}

/// Nobody has percentiles.
pub fn means_only(changes: &BTreeMap<Element, Change>) -> BTreeMap<Element, Change> {
    each(changes, |traffic| Traffic { spread: None, ..*traffic })
}

fn each(changes: &BTreeMap<Element, Change>, harder: impl Fn(&Traffic) -> Traffic) -> BTreeMap<Element, Change> {
    let change = |change: &Change| Change { before: harder(&change.before), after: harder(&change.after), ..*change };
    changes.iter().map(|(element, old)| (*element, change(old))).collect()
}
