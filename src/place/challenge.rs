//! Knows what a status asks for: 401 for a password, which a client of Digest, NTLM or Negotiate sends the second time (RFC 7616 section
//! 3.1), 426 for another protocol.
//!
//! ```text
//! station-07$ curl -sv --digest -u station-07:$PW -T a.csv http://10.119.4.2/a.csv    401, then 201
//! 10.119.4.2 - -          "PUT /a.csv HTTP/1.1" 401 730
//! 10.119.4.2 - station-08 "PUT /a.csv HTTP/1.1" 201 632
//! ```
//!
//! That such a client is at work a command line has to say: behind two members with different keys 401 and 200 alternate as well.

use std::collections::BTreeMap;

use super::{Observation, Paste, Placed, Request, Sight};
use crate::diagnosis::Seen;
use crate::evidence::Lines;
use crate::fact::{Attempt, Fact, Outcome, Stage};
use crate::routes::Routes;
use crate::sketch::{Element, Node, NodeIx, Sketch};

/// What a request that shows who sends it has on its command line, in lower case.
const SHOWN: &[&str] = &["authorization", "token", "api-key", "apikey", "cookie"];

/// Options of curl that do the same.
const SHOWN_BY_OPTION: &[&str] = &[" -u", " --user", " --oauth2", " -b ", " -n ", " --netrc", " --cert", " -e "];

impl Paste<'_> {
    /// Notes a request that somebody made by hand without saying who he is.
    pub(super) fn note_nameless_request(&mut self, lines: Lines, outcome: Outcome) {
        let command = self.command.to_ascii_lowercase();
        let mut shown = SHOWN.iter().chain(SHOWN_BY_OPTION);
        if outcome == Outcome::Http401 && command.contains("curl ") && !shown.any(|one| command.contains(one)) {
            self.notes.bare.push(Seen { evidence: self.evidence, lines });
        }
    }

    /// Says of a front that told its caller to ask for another protocol (426, RFC 9110 section 15.5.22) that it lost the wish for one: only
    /// a plain curl asks for none.
    pub(super) fn upgrade(&mut self, fact: &Fact, attempt: &Attempt, front: NodeIx) {
        let plain = self.command.contains("curl ") && !self.command.to_ascii_lowercase().contains("upgrade");
        if attempt.status == Some(426) && self.targets.sketch.kind(front).answers_for_others() && !plain {
            let (observable, value) = ("upgrade".to_owned(), "lost".to_owned());
            self.push(fact, 1, Sight::State { observable, value, at: vec![Element::Node(front)] });
        }
    }
}

/// Leaves out what was answered 401 by hand without a token, with its lines in logs, where others get the same with one.
pub(super) fn compare_bare(placed: &mut Placed, bare: &[Seen], sketch: &Sketch) {
    let Placed { observations, assumed, .. } = placed;
    let by_hand = |one: &Observation| bare.contains(&one.seen);
    let same = |one: &Request, other: &Request| {
        (one.from, one.to, one.outcome) == (other.from, other.to, other.outcome) && one.subject == other.subject
    };
    let mut hands: Vec<Request> = Vec::new();
    for (_, one) in requests(observations).filter(|(observation, _)| by_hand(observation)) {
        if !hands.iter().any(|known| same(known, one)) {
            hands.push(one.clone());
        }
    }
    let shown = |one: &Request| {
        let manner = one.manner.to_ascii_lowercase();
        SHOWN.iter().any(|shown| manner.contains(shown))
    };
    hands.retain(|hand| {
        let works = |one: &Request| one.to == hand.to && one.outcome == Outcome::Ok;
        let all = || requests(observations);
        let authorized = |from: Option<NodeIx>| all().any(|(_, one)| works(one) && one.from == from && shown(one));
        let served = !hand.subject.is_empty()
            && all().any(|(_, one)| works(one) && one.subject == hand.subject && authorized(one.from));
        // What its target logs of the same beyond what was tried by hand is a program's.
        let mut balance = 0_i64;
        for (observation, _) in all().filter(|(_, one)| same(hand, one)) {
            let count = i64::from(observation.count.max(1));
            balance += if by_hand(observation) { count } else { -count };
        }
        served && balance >= 0
    });
    for hand in &hands {
        let name = sketch.node(hand.to).map(Node::name).unwrap_or_default();
        assumed.push(format!(
            "{} was asked of {name} by hand without a token, and others get it with one: that 401 is as it should be.",
            hand.subject
        ));
    }
    if !hands.is_empty() {
        observations.retain(|observation| match &observation.sight {
            Sight::Request(one) => !hands.iter().any(|hand| same(hand, one)),
            Sight::State { .. } | Sight::Blame { .. } => true,
        });
    }
}

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
    fn a_request_by_hand_without_the_token_that_others_send_is_no_fault() {
        let drawn = "dev(client)[10.1.0.8] -> api(service)[10.1.1.2]:80\nportal(service)[10.1.0.3] -> api";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |vantage: &str, text: &str| Evidence {
            origin: Origin { vantage: Some(vantage.to_owned()), ..Origin::default() },
            reading: read(text, None, None),
        };
        let bare = paste("dev", "$ curl -si http://10.1.1.2/hives/12\nHTTP/1.1 401 Unauthorized\n\n");
        let works = "$ curl -si -H 'Authorization: Bearer x' http://10.1.1.2/hives/12\nHTTP/1.1 200 OK\n\n";
        let shelf = Shelf::shipped().0;
        let alone = diagnose(&sketch, std::slice::from_ref(&bare), &shelf);
        assert_ne!(alone.verdict, Verdict::NothingWrong);
        let beside = diagnose(&sketch, &[bare, paste("portal", works)], &shelf);
        assert!(beside.assumed.iter().any(|one| one.contains("without a token")), "{:?}", beside.assumed);
        let refused = works.replace("200 OK", "401 Unauthorized");
        let both = [
            paste("dev", "$ curl -si http://10.1.1.2/hives/12\nHTTP/1.1 401 Unauthorized\n\n"),
            paste("portal", &refused),
        ];
        assert_ne!(diagnose(&sketch, &both, &shelf).verdict, Verdict::NothingWrong);
    }

    #[test]
    fn the_first_of_two_requests_only_asks_for_the_password() {
        assert_eq!(verdict("--digest"), Verdict::NothingWrong);
        assert_ne!(verdict(""), Verdict::NothingWrong);
    }
}
