//! Whether a success covers what fails: an element is cleared only where the same was tested as fails, as far as it can tell.
//!
//! A success on another port, for another path, from another caller or with a lighter test leaves open what fails.

use super::{Belief, Cluster, Key, crossed};
use crate::fact::{Outcome, Stage};
use crate::hypotheses::Cause;
use crate::place::{Aim, Tls};
use crate::routes::{Role, Step};
use crate::sketch::{Element, NodeIx};

/// An element may have caused a failure if one of its faults makes it this many times likelier (as ln) than chance does.
const SUSPICIOUS: f64 = 1.1;

/// Whether some failure may be the element's doing and no success shows the opposite.
pub(super) fn is_implicated(belief: &Belief, element: Element) -> bool {
    // A comparison of the failing request itself with one that worked has the last word.
    let compared = |cluster: &Cluster| match &cluster.key {
        Key::Blame { not, .. } => not.iter().any(|(innocent, _)| *innocent == element),
        Key::Request { .. } | Key::State { .. } => false,
    };
    if belief.clusters.iter().any(compared) {
        return false;
    }
    let mut failing = belief.clusters.iter().filter(|cluster| fails(cluster));
    failing.any(|failure| {
        could_cause(belief, failure, element)
            && !looked_closer(belief, failure)
            && !belief.clusters.iter().any(|success| success.all_worked() && covers(belief, success, failure, element))
    })
}

/// Whether the same sender also failed with the same over the element, which may have caused it, or it serves one path and fails another.
pub(super) fn is_contradicted(belief: &Belief, element: Element, sender: Option<NodeIx>, what: &str) -> bool {
    let same = |cluster: &&Cluster| match &cluster.key {
        Key::Request { from, subject, .. } => *from == sender && subject == what && !what.is_empty() && fails(cluster),
        Key::State { .. } | Key::Blame { .. } => false,
    };
    is_of_another_path(belief, element, what)
        || belief.clusters.iter().filter(same).any(|failure| could_cause(belief, failure, element))
}

/// Whether a hop that sends paths on by its settings was seen to serve one, and answers another one with an error of its own.
fn is_of_another_path(belief: &Belief, element: Element, what: &str) -> bool {
    let Element::Node(front) = element else { return false };
    let errs = |outcome: &Outcome| outcome.is_http() && !outcome.is_client_error();
    let failing = belief.clusters.iter().filter_map(|cluster| match &cluster.key {
        Key::Request { to, subject, .. } if *to == front && cluster.counts.keys().any(errs) => Some(subject.as_str()),
        _ => None,
    });
    let mut failing = failing.filter(|subject| !subject.is_empty()).peekable();
    belief.sketch.kind(front).answers_for_others()
        && (!what.is_empty() && failing.peek().is_some())
        && failing.all(|subject| subject != what)
}

fn fails(cluster: &Cluster) -> bool {
    failures(cluster).next().is_some()
}

fn failures(cluster: &Cluster) -> impl Iterator<Item = Outcome> {
    cluster.counts.keys().copied().filter(|outcome| !outcome.is_success() && *outcome != Outcome::Overtaken)
}

/// Whether a fault of the element would make this failure likely. That a sender may always be at fault in a way nobody described
/// is left out: it would be true of every failure.
fn could_cause(belief: &Belief, failure: &Cluster, element: Element) -> bool {
    let sends = |step: &Step| matches!(step.role, Role::Maker | Role::Guide | Role::Sharer);
    let only_sends = failure.steps.iter().filter(|step| step.element == element).all(sends);
    // What one hop rejects by itself never came to those behind it.
    let by_itself = failures(failure).all(Outcome::is_client_error);
    if by_itself && is_behind_the_speaker(failure, element) {
        return false;
    }
    belief.places.about(element).any(|h| {
        let vague = matches!(belief.cause(h), Some(Cause::NotDescribed(_)));
        !(vague && only_sends) && failure.ln(h) > failure.ln_elsewhere() + SUSPICIOUS
    })
}

fn is_behind_the_speaker(failure: &Cluster, element: Element) -> bool {
    let Key::Request { spoke: Some(spoke), .. } = &failure.key else { return false };
    let position = |wanted: Element| failure.steps.iter().position(|step| step.element == wanted);
    position(Element::Node(*spoke)).is_some_and(|spoke| position(element).is_some_and(|here| here > spoke))
}

/// Whether somebody on the way of a failing request saw a request of its own fail: then that one tells where it fails.
fn looked_closer(belief: &Belief, failure: &Cluster) -> bool {
    let Key::Request { from, .. } = &failure.key else { return false };
    belief.clusters.iter().filter(|other| fails(other)).any(|other| match &other.key {
        Key::Request { from: Some(closer), .. } => Some(*closer) != *from && is_on_the_way(failure, *closer),
        _ => false,
    })
}

fn is_on_the_way(cluster: &Cluster, node: NodeIx) -> bool {
    cluster.steps.iter().any(|step| step.role == Role::Receiver && step.element == Element::Node(node))
}

/// Whether a request that worked asked the same of the element as one that failed.
fn covers(belief: &Belief, success: &Cluster, failure: &Cluster, element: Element) -> bool {
    let (Key::Request { from, to, address, port, tests, tls, subject, logged, .. }, Key::Request { aim, .. }) =
        (&success.key, &failure.key)
    else {
        return false;
    };
    let (
        Key::Request { from: failed_from, to: failed_to, address: failed_address, port: failed_port, .. },
        Key::Request { tls: failed_tls, subject: failed_subject, .. },
    ) = (&failure.key, &failure.key)
    else {
        return false;
    };
    let Some(stage) = failures(failure).map(Outcome::stage).max() else { return true };
    let guides = failure.steps.iter().any(|step| step.element == element && step.role == Role::Guide);
    if guides && stage > Stage::Resolve {
        // Who asked went where the drawing leads, or heard what is drawn: the way told was the right one.
        return (*aim == Aim::Drawn && failed_address.is_some()) || told_as_drawn(belief, element);
    }
    if !crossed(belief, success).contains(&element) {
        return false;
    }
    let same_target = to == failed_to;
    if same_target {
        let several = belief.sketch.node(*to).is_some_and(|node| node.ips.len() > 1);
        let elsewhere = several && failed_address.is_some() && failed_address != address;
        let other_port = port.is_some() && failed_port.is_some() && port != failed_port;
        let less_trust = stage == Stage::Tls && tls != failed_tls && *tls != Tls::Checked;
        if elsewhere || other_port || less_trust || *tests < stage {
            return false;
        }
    }
    if stage < Stage::Exchange {
        return true;
    }
    // That its own log calls a request served does not tell what its sender got of the answer.
    if *logged {
        return false;
    }
    // To the element both came from the same hop: who sent them does not matter to it.
    let caller =
        |cluster: &Cluster| cluster.steps.iter().find(|step| step.element == element).and_then(|step| step.caller);
    let pinned = matches!(element, Element::Address(_, _));
    let on_the_way = pinned || from == failed_from || caller(success) == caller(failure);
    // What is rejected for the way it was sent may be so by anybody it came to.
    if failures(failure).any(Outcome::is_client_error) {
        return false;
    }
    if same_target {
        on_the_way && (failed_subject.is_empty() || subject == failed_subject)
    } else {
        // Behind the target nobody knows what was asked, and a light test does not tell how long a heavy one takes.
        on_the_way && *tests == Stage::Exchange && !failures(failure).any(is_of_time)
    }
}

fn is_of_time(outcome: Outcome) -> bool {
    use Outcome::{ClientLeft, Hang, Http504, Slow, SlowBody, TimedOut};
    matches!(outcome, Hang | Http504 | TimedOut | Slow | SlowBody | ClientLeft)
}

/// Whether a name server was seen to give the drawn addresses, and never others.
fn told_as_drawn(belief: &Belief, element: Element) -> bool {
    let about = |cluster: &&Cluster| matches!(&cluster.key, Key::State { observable, at } if observable == "dns.answer" && at.contains(&element));
    let mut all = belief.clusters.iter().filter(about).peekable();
    let hypotheses = belief.places.about(element);
    let argues = |cluster: &Cluster| hypotheses.clone().any(|h| belief.bits(cluster, h) > 1.0);
    all.peek().is_some() && !all.any(argues)
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// What is cleared where a client gets these answers from a front, each for its path.
    fn cleared(front: &str, answers: &[(&str, &str, u32)]) -> Vec<String> {
        let drawn = format!(
            "desk(client)[10.1.0.9] -> {front}(proxy)[10.1.0.2]:80 -> tickets(service)[10.1.0.5]:8080\n{front} -> news(service)[10.1.0.6]:8000"
        );
        let sketch = from_arrows(&drawn, &Sketch::default()).unwrap();
        let paste = |(vantage, url, status): &(&str, &str, u32)| {
            let command = format!("curl -s -o /dev/null -w '%{{http_code}}\\n' http://{url}");
            let reading = read(&format!("{status}\n"), Some(&command), None);
            let origin = Origin { vantage: Some((*vantage).to_owned()), command: Some(command), ..Origin::default() };
            Evidence { origin, reading }
        };
        let evidence: Vec<Evidence> = answers.iter().map(paste).collect();
        let all = diagnose(&sketch, &evidence, &Shelf::shipped().0).cleared;
        all.into_iter().map(|one| one.element).collect()
    }

    #[test]
    fn a_front_that_serves_one_path_is_not_cleared_of_another() {
        let refused = "10.1.0.2/tickets/open";
        let direct = ("front", "10.1.0.5:8080/tickets/open", 503);
        let other = cleared("front", &[("desk", refused, 502), direct, ("desk", "10.1.0.2/news/", 200)]);
        assert!(!other.iter().any(|one| one == "front"), "{other:?}");
    }

    #[test]
    fn who_may_not_understand_how_a_front_asks_is_not_cleared_by_asking_otherwise() {
        let told = cleared("front", &[("desk", "10.1.0.2/tickets", 400), ("front", "10.1.0.5:8080/tickets", 200)]);
        assert!(!told.iter().any(|one| one == "tickets"), "{told:?}");
    }
}
