//! Finds callers that give up before the answer that others wait for can have come.
//!
//! ```text
//! printer$ python3 print.py         ReadTimeout: HTTPConnectionPool(host='labels.example', port=8080): Read timed out. (read timeout=2)
//! labels$  tail access.log          10.132.1.9 "GET /batch/oats HTTP/1.1" 200 3.501242s
//! ```
//!
//! A single answer that came sooner shows that it need not take as long: then it is the target that was late.

use super::{Observation, Request, Sampled, Sight};
use crate::fact::Outcome;
use crate::routes::Routes;
use crate::sketch::{Element, NodeIx};

/// Says of each request that was given up where it begins: at its caller, or at a target that needs longer than that, or behind it.
pub(super) fn compare(observations: &mut Vec<Observation>, routes: &Routes) {
    let found: Vec<Observation> = observations
        .iter()
        .filter_map(|one| {
            let left = one.request().filter(|left| matches!(left.outcome, Outcome::Hang | Outcome::TimedOut))?;
            let (from, limit) = (left.from?, left.times.total?);
            let needed = needed(observations, left)?;
            (needed > limit).then(|| Observation {
                sight: Sight::Blame { begins: caller_and_behind(from, left.to, routes), not: Vec::new() },
                count: 1,
                says: format!("{}, and what is asked for there takes {needed:.1} s at least", one.says),
                sampled: Sampled::Whole,
                ..one.clone()
            })
        })
        .collect();
    observations.extend(found);
}

/// The caller, the target and what that one needs: everything but the way between the two.
fn caller_and_behind(caller: NodeIx, target: NodeIx, routes: &Routes) -> Vec<Element> {
    let mut all = vec![Element::Node(caller), Element::Node(target)];
    let mut open = vec![target];
    while let Some(node) = open.pop() {
        for (way, behind) in routes.dependencies(node) {
            if !all.contains(&Element::Node(behind)) {
                open.push(behind);
                all.push(Element::Node(behind));
            }
            all.push(Element::Edge(way));
        }
    }
    all
}

/// The seconds within which the target of a request has answered at its quickest, where its caller was among those answered.
fn needed(observations: &[Observation], left: &Request) -> Option<f64> {
    let like = |one: &&Request| {
        let same = one.to == left.to && (left.subject.is_empty() || one.subject == left.subject);
        same && matches!(one.outcome, Outcome::Ok | Outcome::Slow)
    };
    let answers = || observations.iter().filter_map(Observation::request).filter(like);
    let took = |one: &Request| one.times.total.or(one.times.first_byte);
    answers().any(|one| one.from == left.from && took(one).is_some()).then_some(())?;
    Some(answers().filter_map(took).fold(f64::INFINITY, f64::min))
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// How much the way is suspected when requests 2.28 gives up after two seconds and the service's log tells how long it takes.
    fn way(log: &str) -> f64 {
        let drawn = "printer(client)[10.132.1.9] -> labels(service)[10.132.3.7]:8080";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let raised = "requests.exceptions.ReadTimeout: HTTPConnectionPool(host='10.132.3.7', port=8080): Read timed out. (read timeout=2)\n";
        let at = |vantage: &str, text: &str| {
            let origin = Origin { vantage: Some(vantage.to_owned()), ..Origin::default() };
            Evidence { origin, reading: read(text, None, None) }
        };
        let diagnosis = diagnose(&sketch, &[at("printer", raised), at("labels", log)], &Shelf::shipped().0);
        diagnosis.elements.iter().find(|one| one.element == "printer->labels").map_or(0.0, |one| one.probability)
    }

    #[test]
    fn who_gives_up_before_any_answer_comes_is_not_held_up_on_the_way() {
        let line = |second: u32, took: &str| {
            format!("10.132.1.9 [29/Nov/2026:18:03:{second} +0000] \"GET /batch/oats HTTP/1.1\" 200 44 {took}s\n")
        };
        let (late, early) = (
            way(&(line(21, "3.503923") + &line(26, "3.501242"))),
            way(&(line(21, "0.003923") + &line(26, "0.001242"))),
        );
        assert!(late < 0.1 && early > 0.25, "{late} {early}");
    }
}
