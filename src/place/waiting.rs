//! Holds what a client waited for against its server's own log: what the server did at once has waited before it was taken up.
//!
//! ```text
//! fe$    curl -w '%{http_code} connect=%{time_connect} total=%{time_total}' http://thumb.example/healthz    200 connect=0.002 total=12.011
//! thumb$ tail -n 1 access.log                                       10.0.5.3 "GET /healthz HTTP/1.1" 200 0.002389s
//! ```

use super::{Observation, Request, Sight, took_long};
use crate::fact::Stage;
use crate::routes::Routes;
use crate::sketch::Element;

/// A server that did it so many times sooner was not at work on it while its client waited.
const SOONER: f64 = 20.0;

/// Says of each long wait for something that its server never took long for that it begins in front of that server's work.
pub(super) fn compare(observations: &mut Vec<Observation>, routes: &Routes) {
    let own = |waited: &Request, seconds: f64| {
        let same = |one: &&Request| one.logged && one.to == waited.to && one.subject == waited.subject;
        let mut logged = requests(observations).filter(same).filter_map(|one| one.times.total).peekable();
        logged.peek().is_some() && logged.all(|total| total * SOONER <= seconds)
    };
    let found: Vec<Observation> = observations
        .iter()
        .filter_map(|one| {
            let is_long = |one: &&Request| !one.logged && one.tests == Stage::Exchange && took_long(&one.times);
            let waited = one.request().filter(|one| !one.subject.is_empty()).filter(is_long)?;
            own(waited, waited.times.total?).then_some(())?;
            let way = routes.shortest(waited.from?, waited.to)?;
            // Beyond its server it cannot have been: the same was done there without a wait.
            let begins = way.iter().flat_map(|(edge, node)| [Element::Edge(*edge), Element::Node(*node)]).collect();
            let says = format!("{}, and its own log shows {} done at once", one.says, waited.subject);
            Some(Observation { sight: Sight::Blame { begins, not: Vec::new() }, count: 1, says, ..one.clone() })
        })
        .collect();
    observations.extend(found);
}

fn requests(observations: &[Observation]) -> impl Iterator<Item = &Request> {
    observations.iter().filter_map(Observation::request)
}
