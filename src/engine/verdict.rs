//! The verdict and its one sentence.

use super::{Evidence, doubt, noise};
use crate::diagnosis::{ElementBelief, Sum, Suspect, Unplaced, Verdict};
use crate::evidence::Lines;
use crate::fact::{Claim, Outcome};
use crate::hypotheses::Cause;
use crate::weigh::{Belief, Cluster, Key};

/// From here on one element holds nearly all belief.
const ISOLATED: f64 = 0.9;

/// Below this a leader is one of several.
const LEADING: f64 = 0.45;

/// With this share of its element's belief a cause is named without reserve.
const CAUSE: f64 = 0.75;

/// Below this a cause is one of many, and naming it would mislead.
const NAMED: f64 = 0.2;

/// The best explanation must be this many times better than "nothing is wrong" before we speak of a fault.
const ALARM: f64 = 6.0;

/// So many lines that nobody understood are not worth a word.
const FEW: u32 = 4;

/// How far the evidence goes, in one word and in one sentence.
pub(super) fn verdict(
    belief: &Belief,
    elements: &[ElementBelief],
    suspects: &[Suspect],
    sums: &[Sum],
    evidence: &[Evidence],
    unplaced: &[Unplaced],
) -> (Verdict, String) {
    if belief.clusters.is_empty() {
        let sentence = if evidence.iter().any(answers_for_nobody) {
            "An answer was pasted, but not what was asked: paste it once more, with its command."
        } else if belief.sketch.is_empty() {
            "Nothing pasted so far names a hop: type the path, such as “client -> lb -> api -> db”, or paste what a command like curl -v printed."
        } else {
            "Nothing pasted so far says anything about the drawing."
        };
        return (Verdict::NoEvidence, sentence.to_owned());
    }
    let served =
        belief.clusters.iter().any(|cluster| matches!(cluster.key, Key::Request { .. }) && cluster.all_worked());
    let noise = noise::noise(belief);
    if belief.alarm(&noise.clusters) < ALARM.ln() {
        if let Some(doubt) = doubt::doubt(belief, evidence, &noise.clusters, unplaced) {
            return (Verdict::Underdetermined, doubt);
        }
        let names: Vec<&str> = noise.senders.iter().filter_map(|ix| Some(belief.sketch.node(*ix)?.name())).collect();
        return if served && !names.is_empty() {
            let sentence = format!("What was tested works; only what {} tries is turned away.", names.join(" and "));
            (Verdict::NothingWrong, sentence)
        } else if served {
            (Verdict::NothingWrong, all_works(evidence))
        } else {
            (Verdict::Underdetermined, "The evidence so far points nowhere; run the next command.".to_owned())
        };
    }
    let outside = belief.elsewhere(|cause| matches!(cause, Cause::Outside));
    let Some(top) = elements.first() else {
        return (Verdict::Underdetermined, "There is nothing drawn that could be at fault.".to_owned());
    };
    if outside > top.probability {
        return (Verdict::Underdetermined, "The cause may not be in the drawing: what is missing from it?".to_owned());
    }
    let leader = suspects.iter().find(|suspect| suspect.element == top.element).or(suspects.first());
    let Some(leader) = leader else {
        return (Verdict::Underdetermined, "No single element explains the evidence; run the next command.".to_owned());
    };
    let (place, cause) = leader.title.split_once(": ").unwrap_or((&leader.title, ""));
    let sure = leader.probability >= CAUSE * top.probability;
    let mut missing: Vec<&str> = Vec::new();
    for one in sums.iter().flat_map(|sum| &sum.missing) {
        if !missing.contains(&one.says.as_str()) {
            missing.push(&one.says);
        }
    }
    if !missing.is_empty() && !sure {
        let sentence = format!(
            "It points to {place}, but the numbers fit several explanations; tell me {}.",
            missing.join(" and ")
        );
        return (Verdict::Underdetermined, sentence);
    }
    if top.probability < LEADING && belief.clusters.iter().any(sometimes_works) {
        let sentence = "No hop on the path separates requests that fail from those that work; what else touches what they use (jobs, schedules, changes)?";
        return (Verdict::Underdetermined, sentence.to_owned());
    }
    if top.probability < LEADING {
        let second = elements.iter().find(|other| other.element != top.element);
        let named = |belief_in: &ElementBelief| match belief.sketch.element(&belief_in.element) {
            Some(element) => belief.sketch.element_name(element),
            None => belief_in.element.clone(),
        };
        let second = second.map(|other| format!(" or {}", named(other))).unwrap_or_default();
        let sentence =
            format!("Unclear so far: {}{second} could be it; the next command tells them apart.", named(top));
        return (Verdict::Underdetermined, sentence);
    }
    let verdict = if top.probability >= ISOLATED { Verdict::Isolated } else { Verdict::Leading };
    // Where it is may be certain long before why it is.
    if sure {
        return (verdict, format!("{}.", capitalized(&leader.title)));
    }
    let at = if place.starts_with("the path ") { "on" } else { "at" };
    if leader.probability < NAMED {
        return (verdict, format!("It fails {at} {place}; why is still open."));
    }
    (verdict, format!("It fails {at} {place}. The likeliest cause so far: {cause}."))
}

/// That everything works, as far as the evidence was understood.
fn all_works(evidence: &[Evidence]) -> String {
    match mostly_unread(evidence) {
        Some((unread, all)) => {
            format!("What could be read shows no fault, but {unread} of its {all} lines were not understood.")
        }
        None => "What was tested works; nothing in the evidence points to a fault.".to_owned(),
    }
}

/// How many lines nobody understood, and of how many, where they are most of the evidence.
pub(super) fn mostly_unread(evidence: &[Evidence]) -> Option<(u32, u32)> {
    let count = |lines: Lines| lines.last.saturating_sub(lines.first) + 1;
    let all: u32 = evidence.iter().flat_map(|one| &one.reading.blocks).map(|block| count(block.lines)).sum();
    let unread: u32 = evidence.iter().flat_map(|one| one.reading.unread()).map(count).sum();
    (unread * 2 > all && unread > FEW).then_some((unread, all))
}

/// Whether one and the same request works at times and fails at times.
fn sometimes_works(cluster: &Cluster) -> bool {
    let good = |outcome: &Outcome| matches!(outcome, Outcome::Ok | Outcome::Redirected);
    cluster.counts.keys().any(good) && cluster.counts.keys().any(|outcome| !outcome.is_success())
}

/// Whether a paste holds an answer that names nobody: what `curl -i` prints, without the command.
fn answers_for_nobody(one: &Evidence) -> bool {
    let mut facts = one.reading.blocks.iter().flat_map(|block| &block.facts);
    facts.any(|fact| matches!(&fact.claim, Claim::Attempt(attempt) if attempt.to.is_empty()))
}

/// As a sentence begins, unless it begins with the name of a host.
fn capitalized(text: &str) -> String {
    if text.split(' ').next().is_some_and(|word| word.contains('.')) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
