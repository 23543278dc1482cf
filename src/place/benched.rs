//! Finds a balancer that keeps its members out although they serve again: it has none left, and each answers whoever asks from its host.
//!
//! ```text
//! web$ tail error.log     15:05:46 connect() failed (111: Connection refused) … upstream: 10.2.0.9 · 15:05:59 no live upstreams
//! web$ curl http://10.2.0.9:8200/open     200        (at 15:05:59)
//! ```

use std::collections::BTreeMap;

use super::{Observation, Placed, Request, Sight};
use crate::fact::Outcome;
use crate::moment::between;
use crate::order;
use crate::routes::Routes;
use crate::sketch::{Element, NodeIx, Sketch};

/// Leaves out the failures of members that answer since, says so, and tells it of the balancer that still has none.
pub(super) fn compare(placed: &mut Placed, taken: &BTreeMap<usize, i64>, sketch: &Sketch, routes: &Routes) {
    let at = |one: &Observation| one.at.or(taken.get(&one.seen.evidence).copied());
    let Placed { observations, assumed, .. } = placed;
    // Those alone that say so: a drawing has thousands of hops.
    let said = observations.iter().flat_map(without_members);
    let fronts = order::set(said.filter(|ix| sketch.kind(*ix).answers_for_others()));
    for front in fronts {
        let without = observations.iter().rfind(|one| without_members(one).any(|ix| ix == front));
        let Some((without, since)) = without.and_then(|one| Some((one.clone(), at(one)?))) else { continue };
        let asked = |one: &Observation, member: NodeIx| match &one.sight {
            Sight::Request(request) if request.to == member && request.from == Some(front) => Some(request.outcome),
            _ => None,
        };
        let last_failure = |member: NodeIx| {
            let failed =
                observations.iter().filter(|one| asked(one, member).is_some_and(|outcome| !outcome.is_success()));
            failed.map(at).max().flatten()
        };
        let members = routes.dependencies(front).into_iter().map(|(_, member)| member);
        let back: Vec<(NodeIx, i64)> = members.filter_map(|ix| Some((ix, last_failure(ix)?))).collect();
        let is_back = |(member, failed): &(NodeIx, i64)| {
            let later =
                |one: &&Observation| at(one).and_then(|at| between(*failed, at)).is_some_and(|passed| passed > 0);
            between(*failed, since).is_some_and(|passed| passed >= 0)
                && observations.iter().filter(later).any(|one| asked(one, *member) == Some(Outcome::Ok))
        };
        if back.is_empty() || !back.iter().all(is_back) {
            continue;
        }
        observations.retain(|one| match &one.sight {
            Sight::Request(Request { to, from: Some(from), outcome, .. }) => {
                *from != front || outcome.is_success() || !back.iter().any(|(member, _)| member == to)
            }
            Sight::State { observable, value, at } => {
                let of_members =
                    observable == "backend.servers" || observable == "proxy.reason" && value.starts_with("upstream_");
                !of_members || !at.contains(&Element::Node(front))
            }
            _ => true,
        });
        let name = |ix: NodeIx| sketch.node(ix).map(|node| node.name().to_owned()).unwrap_or_default();
        let members: Vec<String> = back.iter().map(|(member, _)| name(*member)).collect();
        assumed.push(format!(
            "What {} met at {} before is taken to be over: asked from there, {} since.",
            name(front),
            members.join(" and "),
            if members.len() == 1 { "it answers" } else { "they answer" },
        ));
        observations.push(Observation {
            sight: Sight::State {
                observable: "backend.servers".to_owned(),
                value: "benched".to_owned(),
                at: vec![Element::Node(front)],
            },
            says: format!("{} still has no member left, and each answers when it is asked from there", name(front)),
            ..without
        });
    }
}

/// Who says that it has no member left.
fn without_members(one: &Observation) -> impl Iterator<Item = NodeIx> {
    let at = match &one.sight {
        Sight::State { observable, value, at } if observable == "proxy.reason" && value == "no_server" => at.as_slice(),
        _ => &[],
    };
    at.iter().filter_map(|element| if let Element::Node(ix) = element { Some(*ix) } else { None })
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    const LOG: &str = "2026/11/28 15:05:45 [error] 25693#25693: *8 connect() failed (111: Connection refused) while connecting to upstream, upstream: \"http://10.2.0.10:8200/open\", host: \"10.2.0.2\"\n\
                       2026/11/28 15:05:46 [error] 25693#25693: *9 connect() failed (111: Connection refused) while connecting to upstream, upstream: \"http://10.2.0.9:8200/open\", host: \"10.2.0.2\"\n\
                       2026/11/28 15:05:59 [error] 25693#25693: *18 no live upstreams while connecting to upstream, upstream: \"http://tickets/open\", host: \"10.2.0.2\"\n";

    /// What the log and requests straight to the members at this time make the likeliest fault.
    fn likeliest(asked_at: &str) -> String {
        let drawn = "desk(client)[10.2.1.4] -> web(proxy)[10.2.0.2]:80 -> t9(service)[10.2.0.9]:8200\nweb -> t10(service)[10.2.0.10]:8200";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |command: &str, text: &str, at: &str| Evidence {
            origin: Origin {
                vantage: Some("web".to_owned()),
                command: Some(command.to_owned()),
                at: Some(at.to_owned()),
                ..Origin::default()
            },
            reading: read(text, Some(command), None),
        };
        let ask = "for a in 9 10; do curl -s -o /dev/null -w '%{http_code}\\n' http://10.2.0.$a:8200/open; done";
        let evidence =
            [paste("tail /var/log/nginx/error.log", LOG, "2026-11-28T15:06:00Z"), paste(ask, "200\n200\n", asked_at)];
        let diagnosis = diagnose(&sketch, &evidence, &Shelf::shipped().0);
        diagnosis.suspects.first().map(|one| one.failure_mode.clone()).unwrap_or_default()
    }

    #[test]
    fn a_balancer_that_does_not_notice_that_its_members_are_back_is_at_fault() {
        assert_eq!(likeliest("2026-11-28T15:05:59Z"), "keeps-members-out");
        assert_ne!(likeliest("2026-11-28T15:04:00Z"), "keeps-members-out");
    }
}
