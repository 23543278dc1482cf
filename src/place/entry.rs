//! Compares two callers of one kind that ask for the same at different entries: where one fails at an entry that the other one does not use,
//! it may be told the wrong one.
//!
//! ```text
//! worker-2$ curl $INTAKE_URL/v1/forms     http://intake.clinic.example/v1/forms -> 203.0.113.100 403
//! worker-1$ curl $INTAKE_URL/v1/forms     http://intake.int.clinic.example/v1/forms -> 10.140.2.10 200
//! ```
//!
//! That the entry forbids it is as it may be meant, and still the rule may be wrong: both remain.

use super::{Aim, Observation, Request, Sampled, Sight};
use crate::fact::Outcome;
use crate::sketch::{Element, NodeIx, Sketch};

/// Says of every caller that fails where its twin does not ask that the trouble may begin with it.
pub(super) fn compare(observations: &mut Vec<Observation>, sketch: &Sketch) {
    let requests = || observations.iter().filter_map(|one| Some((one, one.request()?)));
    let mut found: Vec<(Observation, NodeIx, Request)> = Vec::new();
    for (seen, failed) in requests().filter(|(_, one)| one.outcome.is_client_error()) {
        let Some(from) = failed.from.filter(|_| failed.aim == Aim::Drawn && !failed.logged) else { continue };
        let twin = requests().find_map(|(_, one)| {
            let twin = one.from.filter(|_| one.outcome == Outcome::Ok && one.subject == failed.subject)?;
            is_twin((from, failed.to), (twin, one.to), sketch).then_some((twin, one.to))
        });
        let Some((edge, (twin, entry))) = sketch.edge_between(from, failed.to).zip(twin) else { continue };
        let name = |ix: NodeIx| sketch.node(ix).map(|node| node.name()).unwrap_or_default();
        let blame = Observation {
            sight: Sight::Blame { begins: vec![Element::Node(from), Element::Edge(edge)], not: Vec::new() },
            count: 1,
            says: format!("{}, and {} asks {} for the same and is served", seen.says, name(twin), name(entry)),
            sampled: Sampled::Whole,
            ..seen.clone()
        };
        found.push((blame, from, failed.clone()));
    }
    for (blame, sender, failed) in found {
        // The entry's own log tells of the same request, by whatever address it came, and is no second look at it.
        for observation in observations.iter_mut() {
            let Sight::Request(request) = &mut observation.sight else { continue };
            let same = (request.to, request.outcome) == (failed.to, failed.outcome)
                && (failed.subject.is_empty() || request.subject == failed.subject);
            if same && request.from.is_none_or(|from| from == sender) {
                *request = Request { aim: Aim::Aside, ..failed.clone() };
            }
        }
        observations.push(blame);
    }
}

/// Whether two callers are of one kind, the second does not use the entry of the first, the first may use that of the second, and both
/// entries lead to the same.
fn is_twin((from, entry): (NodeIx, NodeIx), (twin, other): (NodeIx, NodeIx), sketch: &Sketch) -> bool {
    let fronts = [entry, other].iter().all(|ix| sketch.kind(*ix).answers_for_others());
    let behind = |ix: NodeIx| sketch.callees(ix).iter().map(|(_, called)| *called);
    let uses = |from, to| sketch.edge_between(from, to).is_some();
    fronts
        && (twin != from && other != entry)
        && sketch.kind(twin) == sketch.kind(from)
        && (uses(from, other) && !uses(twin, entry))
        && behind(entry).any(|called| behind(other).any(|same| same == called))
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// What is believed of the worker whose entry forbids it, and of that entry, where its twin asks this one.
    fn believed(twin: &str) -> (f64, f64) {
        let drawn = "w1(job)[10.140.1.21] -> int(load_balancer)[10.140.2.10]:80 -> forms(service)[10.140.3.30]:8080\n\
                     w2(job)[10.140.1.22] -> int\nw2 -> pub(load_balancer)[203.0.113.100]:80 -> forms";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |vantage: &str, address: &str, status: u32| {
            let command = format!("curl -s -o /dev/null -w '%{{http_code}}\\n' http://{address}/v1/forms");
            let reading = read(&format!("{status}\n"), Some(&command), None);
            let origin = Origin { vantage: Some(vantage.to_owned()), command: Some(command), ..Origin::default() };
            Evidence { origin, reading }
        };
        let evidence = [paste("w2", "203.0.113.100", 403), paste(twin, "10.140.2.10", 200)];
        let told = diagnose(&sketch, &evidence, &Shelf::shipped().0);
        let of = |id: &str| told.elements.iter().find(|one| one.element == id).map_or(0.0, |one| one.probability);
        (of("w2") + of("w2->pub"), of("pub"))
    }

    #[test]
    fn a_caller_that_fails_where_its_twin_does_not_ask_competes_with_the_rule_that_forbids_it() {
        let (caller, rule) = believed("w1");
        assert!(caller > 0.4 && rule > 0.05, "{caller} {rule}");
        // Its own success elsewhere says nothing of where others ask.
        let (caller, rule) = believed("w2");
        assert!(rule > caller, "{caller} {rule}");
    }
}
