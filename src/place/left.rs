//! Tells a client that left of its own accord from one that had waited long enough: nobody's patience ends within a second.
//!
//! ```text
//! 198.51.100.98 [28/Nov/2026:12:03:12 +0000] "GET /suggest?q=rosebu HTTP/1.1" 499 rt=0.082 us=-      (a search box, a request per key)
//! 198.51.100.98 [28/Nov/2026:12:03:12 +0000] "GET /suggest?q=rosebush HTTP/1.1" 200 rt=0.142 us=200
//! ```

use std::collections::BTreeMap;

use super::{Observation, Request, Sight};
use crate::diagnosis::Seen;
use crate::fact::Outcome;
use crate::sketch::{NodeIx, Sketch};

/// Who leaves earlier than this had not waited for long, in seconds.
const AT_ONCE: f64 = 1.0;

/// A limit that a program has set is rarely shorter than this, in seconds …
const SHORTEST_LIMIT: f64 = 0.1;

/// … and ends every request at the same moment, but for this share of it.
const SAME_MOMENT: f64 = 0.04;

/// So many requests that end at the same moment were ended by a limit.
const SEVERAL: usize = 3;

/// Who asked, where that is known, and who was asked.
type Pair = (Option<NodeIx>, NodeIx);

/// Leaves out requests that their client gave up at once, where it was served as well: why it left is its own business.
pub(super) fn compare(observations: &mut Vec<Observation>, assumed: &mut Vec<String>, sketch: &Sketch) {
    let mut left: BTreeMap<Pair, Vec<(Seen, f64)>> = BTreeMap::new();
    for (observation, request) in requests(observations) {
        if let Some(seconds) = request.times.total.filter(|seconds| *seconds < AT_ONCE)
            && request.outcome == Outcome::ClientLeft
        {
            left.entry((request.from, request.to)).or_default().push((observation.seen.clone(), seconds));
        }
    }
    left.retain(|(from, to), all| {
        let waited = requests(observations).any(|(_, other)| {
            let patient = other.times.total.is_none_or(|seconds| seconds >= AT_ONCE);
            other.to == *to && other.from == *from && other.outcome == Outcome::ClientLeft && patient
        });
        !waited && !ends_at_a_limit(all) && is_served(observations, *from, *to)
    });
    for ((from, to), all) in &left {
        let of_these = |seen: &Seen| all.iter().any(|(one, _)| one == seen);
        observations.retain(|observation| match &observation.sight {
            Sight::Request(request) => {
                !(request.outcome == Outcome::ClientLeft && request.to == *to && of_these(&observation.seen))
            }
            Sight::State { value, .. } => value != "client_left" || !of_these(&observation.seen),
            Sight::Blame { .. } => true,
        });
        let name = |ix: NodeIx| sketch.node(ix).map(|node| node.name().to_owned()).unwrap_or_default();
        let client = from.map_or_else(|| "its client".to_owned(), name);
        let requests = if all.len() == 1 { "One request".to_owned() } else { format!("{} requests", all.len()) };
        assumed.push(format!(
            "{requests} to {} that {client} gave up within a second: taken for its own doing, and not for a fault.",
            name(*to)
        ));
    }
}

fn requests(observations: &[Observation]) -> impl Iterator<Item = (&Observation, &Request)> {
    observations.iter().filter_map(|one| Some((one, one.request()?)))
}

/// Whether all of them ended after the same time, as a limit would end them.
fn ends_at_a_limit(all: &[(Seen, f64)]) -> bool {
    let seconds = || all.iter().map(|(_, seconds)| *seconds);
    let (least, most) = (seconds().fold(f64::INFINITY, f64::min), seconds().fold(0.0, f64::max));
    all.len() >= SEVERAL && least >= SHORTEST_LIMIT && most - least <= SAME_MOMENT * most
}

/// Whether the same client got what it asked the same target for, and nothing failed for it there in another way.
fn is_served(observations: &[Observation], from: Option<NodeIx>, to: NodeIx) -> bool {
    let mut others = requests(observations)
        .map(|(_, request)| request)
        .filter(|request| request.to == to && request.from == from && request.outcome != Outcome::ClientLeft)
        .peekable();
    others.peek().is_some() && others.all(|request| request.outcome.is_success())
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::Verdict;
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// The verdict on a log of nginx 1.22 on a host that calls one service.
    fn verdict(log: &str) -> (Verdict, Vec<String>) {
        let drawn = "shop(client) -> fe(proxy)[203.0.113.82]:80 -> search(service)";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let origin = Origin { vantage: Some("fe".to_owned()), ..Origin::default() };
        let evidence = Evidence { origin, reading: read(log, None, None) };
        let diagnosis = diagnose(&sketch, &[evidence], &Shelf::shipped().0);
        (diagnosis.verdict, diagnosis.assumed)
    }

    #[test]
    fn a_search_box_that_asks_for_every_key_is_no_fault() {
        let (verdict, assumed) = verdict(
            "198.51.100.98 [28/Nov/2026:12:03:11 +0000] \"GET /suggest?q=ro HTTP/1.1\" 499 rt=0.078 us=- \n\
             198.51.100.98 [28/Nov/2026:12:03:11 +0000] \"GET /suggest?q=ros HTTP/1.1\" 499 rt=0.076 us=- \n\
             198.51.100.98 [28/Nov/2026:12:03:11 +0000] \"GET /suggest?q=rose HTTP/1.1\" 499 rt=0.083 us=- \n\
             198.51.100.98 [28/Nov/2026:12:03:12 +0000] \"GET /suggest?q=rosebush HTTP/1.1\" 200 rt=0.142 us=200\n\
             198.51.100.98 [28/Nov/2026:12:03:12 +0000] \"GET /p/rosebush HTTP/1.1\" 200 rt=0.006 us=200\n",
        );
        assert_eq!(verdict, Verdict::NothingWrong);
        assert_eq!(assumed.len(), 1, "{assumed:?}");
    }

    #[test]
    fn a_limit_of_half_a_second_is_not_taken_for_a_closed_page() {
        let (verdict, assumed) = verdict(
            "198.51.100.98 [28/Nov/2026:12:03:11 +0000] \"GET /quote HTTP/1.1\" 499 rt=0.501 us=- \n\
             198.51.100.98 [28/Nov/2026:12:03:12 +0000] \"GET /quote HTTP/1.1\" 499 rt=0.500 us=- \n\
             198.51.100.98 [28/Nov/2026:12:03:13 +0000] \"GET /quote HTTP/1.1\" 499 rt=0.501 us=- \n\
             198.51.100.98 [28/Nov/2026:12:03:14 +0000] \"GET /quote HTTP/1.1\" 200 rt=0.442 us=200\n",
        );
        assert_ne!(verdict, Verdict::NothingWrong);
        assert!(assumed.is_empty(), "{assumed:?}");
    }
}
