//! Compares a request that somebody in front rejects, or gives up before any usual limit, with the same one sent straight to what stands
//! behind: if that works, neither the request nor what stands behind is at fault.
//!
//! ```text
//! phone$ curl -H "Authorization: Bearer $TOKEN" http://10.65.5.2/accounts/me          401 through the gateway
//! gw$    curl -H "Authorization: Bearer $TOKEN" http://10.65.6.9:8080/accounts/me     200 without it
//! ```

use super::{Observation, Request, Sampled, Sight};
use crate::fact::Outcome;
use crate::routes::Routes;
use crate::sketch::{Element, Sketch};

/// Adds where the trouble begins for every rejected request that works without the hop that answered it.
pub(super) fn compare(observations: &mut Vec<Observation>, sketch: &Sketch, routes: &Routes) {
    let requests = || observations.iter().filter_map(|one| one.request().map(|request| (one, request)));
    let mut found: Vec<Observation> = Vec::new();
    let gave_up_early = |request: &Request| request.outcome == Outcome::Http504 && limit(request).is_some();
    for (rejected, through) in requests().filter(|(_, one)| one.outcome.is_client_error() || gave_up_early(one)) {
        if !sketch.kind(through.to).answers_for_others() || through.subject.is_empty() {
            continue;
        }
        // Between the two stands whoever rejects it, and with several hops between nobody knows which.
        let ways = requests()
            .filter(|(_, request)| works(request, through) && is_same(through, request))
            .filter_map(|(_, request)| routes.shortest(through.to, request.to).filter(|way| !way.is_empty()));
        let Some(way) = ways.min_by_key(Vec::len) else { continue };
        let mut begins: Vec<Element> = vec![Element::Node(through.to)];
        for (position, (edge, node)) in way.iter().enumerate() {
            begins.push(Element::Edge(*edge));
            if position + 1 < way.len() {
                begins.push(Element::Node(*node));
            }
        }
        found.push(Observation {
            // Whoever asks or serves may still have to change: it is only not there that the trouble begins.
            sight: Sight::Blame { begins, not: Vec::new() },
            count: 1,
            seen: rejected.seen.clone(),
            says: format!("{}, and works when it is sent straight to what stands behind", rejected.says),
            sampled: Sampled::Whole,
            at: None,
        });
    }
    found.extend(rejected_by_one(observations, routes));
    observations.extend(found);
}

/// No program waits so few seconds for an answer unless somebody has told it so: the shortest usual limit is 10 s, of Linkerd's routes
/// (<https://linkerd.io/2.10/tasks/configuring-timeouts/>) and of OkHttp
/// (<https://square.github.io/okhttp/5.x/okhttp/okhttp3/-ok-http-client/read-timeout-millis.html>), and a clock may be read 1 s off.
const SHORT: f64 = 9.0;

/// After how many seconds somebody gave up who was told to wait no longer.
fn limit(request: &Request) -> Option<f64> {
    request.times.total.filter(|seconds| *seconds < SHORT)
}

/// Whether what was asked for came: of what somebody gave up, later than he did.
fn works(request: &Request, through: &Request) -> bool {
    match through.outcome {
        Outcome::Http504 => request.outcome.is_success() && request.times.total > limit(through),
        _ => request.outcome == Outcome::Ok,
    }
}

/// Where the trouble begins if one member rejects what another one serves to the same caller: at that member, whoever asks.
fn rejected_by_one(observations: &[Observation], routes: &Routes) -> Vec<Observation> {
    let requests = || observations.iter().filter_map(|one| one.request().map(|request| (one, request)));
    let told = |one: &Request| one.spoke.filter(|spoke| *spoke != one.to).zip(one.from);
    let mut found: Vec<Observation> = Vec::new();
    for (rejected, asked) in requests().filter(|(_, one)| one.outcome.is_client_error() && !one.subject.is_empty()) {
        let Some((member, from)) = told(asked) else { continue };
        let mut others =
            requests().filter(|(_, one)| one.outcome == Outcome::Ok && one.to == asked.to && is_same(asked, one));
        if others.any(|(_, one)| told(one).is_some_and(|(other, sender)| other != member && sender == from)) {
            let behind = routes.dependencies(member).into_iter().map(|(edge, _)| Element::Edge(edge));
            found.push(Observation {
                sight: Sight::Blame {
                    begins: std::iter::once(Element::Node(member)).chain(behind).collect(),
                    not: Vec::new(),
                },
                count: 1,
                says: format!("{}, and another member serves the same to the same caller", rejected.says),
                ..rejected.clone()
            });
        }
    }
    found
}

/// Whether both ask for the same, in the same manner as far as that is known.
fn is_same(one: &Request, other: &Request) -> bool {
    one.subject == other.subject && (one.manner.is_empty() || one.manner == other.manner)
}
