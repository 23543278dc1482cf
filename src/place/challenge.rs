//! Knows a 401 that only asks for the password: a client of Digest, NTLM or Negotiate sends each request twice (RFC 7616 section 3.1).
//!
//! ```text
//! station-07$ curl -sv --digest -u station-07:$PW -T a.csv http://10.119.4.2/a.csv    401, then 201
//! 10.119.4.2 - -          "PUT /a.csv HTTP/1.1" 401 730
//! 10.119.4.2 - station-08 "PUT /a.csv HTTP/1.1" 201 632
//! ```
//!
//! That such a client is at work a command line has to say: behind two members with different keys 401 and 200 alternate as well.

use std::collections::BTreeMap;

use super::{Observation, Request, Sight};
use crate::fact::{Outcome, Stage};
use crate::routes::Routes;
use crate::sketch::NodeIx;

/// Options of curl with which it sends a request once without and once with its password.
const TWICE: &[&str] = &["--digest", "--ntlm", "--negotiate", "--anyauth"];

/// Takes a 401 for an answer as it should be where a client that asks twice got through right after it, and counts of them where no more
/// were seen than requests that worked.
pub(super) fn compare(observations: &mut [Observation], routes: &Routes) {
    let challenged = challenged(observations);
    let leads = |from, to| routes.shortest(from, to).is_some();
    let concerned = |to: NodeIx| challenged.iter().any(|known| *known == to || leads(to, *known) || leads(*known, to));
    // By target, and by who made the answer; counted once, for a log may hold thousands.
    let mut counts: BTreeMap<_, u32> = BTreeMap::new();
    for (observation, one) in requests(observations).filter(|_| !challenged.is_empty()) {
        *counts.entry((one.to, one.spoke, one.outcome)).or_default() += observation.count.max(1);
    }
    let count = |of: &Request, outcome: Outcome| counts.get(&(of.to, of.spoke, outcome)).copied().unwrap_or_default();
    let only_asks = |request: &Request| {
        request.outcome == Outcome::Http401
            && concerned(request.to)
            && count(request, Outcome::Http401) <= count(request, Outcome::Ok)
    };
    let asking: Vec<bool> =
        observations.iter().map(|one| matches!(&one.sight, Sight::Request(request) if only_asks(request))).collect();
    for (observation, _) in observations.iter_mut().zip(asking).filter(|(_, asks)| *asks) {
        if let Sight::Request(request) = &mut observation.sight {
            request.outcome = Outcome::Ok;
        }
    }
}

/// Who asked for a password and got it: its 401 is followed by the same request, and that worked.
fn challenged(observations: &[Observation]) -> Vec<NodeIx> {
    let pairs = requests(observations).zip(requests(observations).skip(1));
    let pairs = pairs.filter(|((first, asked), (next, worked))| {
        let same = (asked.from, asked.to, &asked.subject) == (worked.from, worked.to, &worked.subject);
        let follows = first.seen.evidence == next.seen.evidence && first.seen.lines.last < next.seen.lines.last;
        let twice = TWICE.iter().any(|option| asked.manner.contains(option) || worked.manner.contains(option));
        same && follows && twice && asked.outcome == Outcome::Http401 && worked.outcome == Outcome::Ok
    });
    pairs.map(|((_, asked), _)| asked.to).collect()
}

fn requests(observations: &[Observation]) -> impl Iterator<Item = (&Observation, &Request)> {
    observations.iter().filter_map(|observation| match &observation.sight {
        Sight::Request(request) if request.tests == Stage::Exchange => Some((observation, request)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::Verdict;
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    fn verdict(option: &str) -> Verdict {
        let sketch = from_arrows("station(client) -> intake(service)[10.1.1.2]:80", &Sketch::default()).unwrap();
        let text = format!(
            "$ curl -sv {option} -u a:b http://10.1.1.2/a.csv\n> GET /a.csv HTTP/1.1\n>\n< HTTP/1.1 401 Unauthorized\n<\n\
             > GET /a.csv HTTP/1.1\n>\n< HTTP/1.1 200 OK\n<\n"
        );
        let reading = read(&text, None, None);
        let origin = Origin { vantage: Some("station".to_owned()), ..Origin::default() };
        let evidence = [Evidence { origin, reading }];
        diagnose(&sketch, &evidence, &Shelf::shipped().0).verdict
    }

    #[test]
    fn the_first_of_two_requests_only_asks_for_the_password() {
        assert_eq!(verdict("--digest"), Verdict::NothingWrong);
        assert_ne!(verdict(""), Verdict::NothingWrong);
    }
}
