//! Leaves out a name that somebody mistyped by hand, or a port that nothing uses, where what is drawn works from the same place.
//!
//! ```text
//! tim$ wget http://invetory.holzmann.internal/    unable to resolve host address
//! tim$ host inventory.holzmann.internal           inventory.holzmann.internal has address 10.193.1.8
//! ```
//!
//! What a program has in its settings is no slip of the hand, so the name has to stand on a command line.

use std::collections::BTreeSet;

use super::target::is_slip;
use super::{Observation, Paste, Placed, Request, Sight};
use crate::diagnosis::Seen;
use crate::evidence::Lines;
use crate::fact::{Outcome, Stage};
use crate::order;
use crate::sketch::{Element, Node, Sketch};

/// How the question for a name was asked that its command line spells out.
pub(super) const TYPED: &str = "typed";

impl Paste<'_> {
    /// How a question for this name came about.
    pub(super) fn manner_of_name(&self, name: &str) -> String {
        let on_it = self.command.split(|c: char| !(c.is_ascii_alphanumeric() || ".-_".contains(c)));
        if on_it.into_iter().any(|word| word.eq_ignore_ascii_case(name)) { TYPED.to_owned() } else { String::new() }
    }
}

/// Leaves out what was mistyped, and says so.
pub(super) fn compare(placed: &mut Placed, sketch: &Sketch) {
    let Placed { observations, assumed, .. } = placed;
    let slips: Vec<(String, String)> = questions(observations)
        .filter_map(|typed| Some((typed.subject.clone(), meant(typed, observations, sketch)?.to_owned())))
        .collect();
    for (typed, meant) in &slips {
        let sentence = format!("\"{typed}\" is taken for a slip: \"{meant}\" works from the same place.");
        if !assumed.contains(&sentence) {
            assumed.push(sentence);
        }
        observations.retain(|one| question(one).is_none_or(|question| question.subject != *typed));
    }
}

/// Leaves out that a name does not exist below one of the domains that a host tries in turn, where the name it began with was found in the
/// end: that is how a search list works.
pub(super) fn compare_searched(observations: &mut Vec<Observation>) {
    let asked = |one: &Request| (one.from, one.subject.to_ascii_lowercase());
    let all: BTreeSet<_> = order::set(questions(observations).filter(|one| one.outcome == Outcome::Ok).map(asked));
    let failed = order::set(questions(observations).filter(|one| one.outcome != Outcome::Ok).map(asked));
    let is_searched = |one: &Request| {
        let (from, subject) = asked(one);
        let longer = |found: &String| subject.strip_prefix(found.as_str()).is_some_and(|rest| rest.starts_with('.'));
        matches!(one.outcome, Outcome::Nxdomain | Outcome::NoData)
            && all.iter().any(|found| found.0 == from && longer(&found.1) && !failed.contains(found))
    };
    observations.retain(|one| question(one).is_none_or(|question| !is_searched(question)));
    compare_short(observations);
}

/// Says where trouble begins for a name without domain that a host cannot resolve while it resolves the whole one: its search list lacks the
/// domain.
fn compare_short(observations: &mut Vec<Observation>) {
    let whole = |short: &Request, one: &Request| {
        let rest = one.subject.get(..short.subject.len()).filter(|start| start.eq_ignore_ascii_case(&short.subject));
        rest.is_some() && one.subject.get(short.subject.len()..).is_some_and(|rest| rest.starts_with('.'))
    };
    let absent = |one: &Request| matches!(one.outcome, Outcome::Nxdomain | Outcome::NoData | Outcome::Unresolved);
    let found = observations.iter().find_map(|observation| {
        let short = question(observation).filter(|one| absent(one) && !one.subject.contains('.'))?;
        let from = short.from?;
        let full = questions(observations)
            .find(|one| one.from == short.from && one.outcome == Outcome::Ok && whole(short, one))?;
        Some(Observation {
            sight: Sight::Blame { begins: vec![Element::Node(from)], not: Vec::new() },
            count: 1,
            says: format!("{}, and {} does: its search list lacks the domain", observation.says, full.subject),
            ..observation.clone()
        })
    });
    observations.extend(found);
}

/// The drawn name that was meant, if it works.
fn meant<'a>(typed: &Request, observations: &[Observation], sketch: &'a Sketch) -> Option<&'a str> {
    let absent = matches!(typed.outcome, Outcome::Nxdomain | Outcome::Unresolved) && typed.manner == TYPED;
    let mut hosts = sketch.nodes().iter().flat_map(|node| &node.hosts).filter(|_| absent);
    let drawn = hosts.find(|host| is_slip(host, &typed.subject))?;
    let works = |other: &Request| {
        other.from == typed.from && other.outcome == Outcome::Ok && other.subject.eq_ignore_ascii_case(drawn)
    };
    // A program that asks for the wrong name, too, has it from its settings.
    let of_a_program = |other: &Request| other.subject == typed.subject && other.manner != TYPED;
    (questions(observations).any(works) && !questions(observations).any(of_a_program)).then_some(drawn)
}

/// Leaves out that nobody answers at ports which nothing drawn uses, where the drawn port of the same hop answers whoever tried them.
pub(super) fn compare_ports(placed: &mut Placed, tried: &[Seen], sketch: &Sketch) {
    let Placed { observations, assumed, .. } = placed;
    let idle = |one: &Request| one.outcome.stage() == Stage::Connect && !one.outcome.is_success();
    let tried: BTreeSet<(usize, Lines)> = order::set(tried.iter().map(|seen| (seen.evidence, seen.lines)));
    let by_hand = |one: &Observation| tried.contains(&(one.seen.evidence, one.seen.lines));
    let all = || observations.iter().filter_map(|one| Some((by_hand(one), request(one)?)));
    let served = all().filter(|(by_hand, one)| !by_hand && one.outcome == Outcome::Ok);
    let served = order::set(served.map(|(_, one)| (one.from, one.to)));
    // A program that asks there, too, has it from its settings.
    let of_a_program = order::set(all().filter(|(by_hand, _)| !by_hand).map(|(_, one)| (one.to, one.port)));
    let spare = |one: &Observation| {
        by_hand(one)
            && request(one).is_some_and(|one| {
                idle(one) && served.contains(&(one.from, one.to)) && !of_a_program.contains(&(one.to, one.port))
            })
    };
    let spares: Vec<bool> = observations.iter().map(spare).collect();
    for request in observations.iter().zip(&spares).filter(|(_, spare)| **spare).filter_map(|(one, _)| request(one)) {
        let name = sketch.node(request.to).map(Node::name).unwrap_or_default();
        let port = request.port.unwrap_or_default();
        let sentence =
            format!("Nothing drawn uses port {port} of {name}, and its own port answers: nothing has to listen there.");
        if !assumed.contains(&sentence) {
            assumed.push(sentence);
        }
    }
    let mut spares = spares.into_iter();
    observations.retain(|_| !spares.next().unwrap_or_default());
}

fn request(observation: &Observation) -> Option<&Request> {
    match &observation.sight {
        Sight::Request(request) if request.tests != Stage::Resolve => Some(request),
        _ => None,
    }
}

/// Every question to a name server.
pub(super) fn questions(observations: &[Observation]) -> impl Iterator<Item = &Request> {
    observations.iter().filter_map(question)
}

pub(super) fn question(observation: &Observation) -> Option<&Request> {
    match &observation.sight {
        Sight::Request(request) if request.tests == Stage::Resolve => Some(request),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::{Diagnosis, Verdict};
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Edge, Kind, Node, Sketch};

    fn diagnosed(pastes: &[&str]) -> Diagnosis {
        let host = vec!["inventory.holzmann.internal".to_owned()];
        let nodes = vec![
            Node::new("ws", Kind::Client),
            Node::new("ns", Kind::Dns),
            Node {
                hosts: host,
                ips: vec!["10.193.1.8".parse().unwrap()],
                ports: vec![80],
                ..Node::new("px", Kind::Proxy)
            },
        ];
        let edge =
            |to: &str| Edge { from: "ws".into(), to: to.into(), protocol: None, port: None, attrs: Default::default() };
        let sketch = Sketch::new(nodes, vec![edge("ns"), edge("px")]).unwrap();
        let origin = Origin { vantage: Some("ws".to_owned()), ..Origin::default() };
        let paste = |text: &&str| Evidence { origin: origin.clone(), reading: read(text, None, None) };
        let evidence: Vec<Evidence> = pastes.iter().map(paste).collect();
        diagnose(&sketch, &evidence, &Shelf::shipped().0)
    }

    #[test]
    fn a_name_mistyped_by_hand_is_no_fault_where_the_right_one_works() {
        let wrong = "$ host invetory.holzmann.internal\nHost invetory.holzmann.internal not found: 3(NXDOMAIN)\n";
        let right = "$ curl -sv -o /dev/null http://inventory.holzmann.internal/\n*   Trying 10.193.1.8:80...\n\
                     * Connected to inventory.holzmann.internal (10.193.1.8) port 80 (#0)\n> GET / HTTP/1.1\n>\n< HTTP/1.1 200 OK\n<\n";
        let both = diagnosed(&[wrong, right]);
        assert_eq!(both.verdict, Verdict::NothingWrong, "{}", both.headline);
        assert!(both.assumed.iter().any(|said| said.contains("slip")), "{:?}", both.assumed);
        let alone = diagnosed(&[wrong]);
        assert!(alone.assumed.is_empty(), "{:?}", alone.assumed);
    }

    #[test]
    fn a_search_list_tries_what_does_not_exist_until_the_name_is_found() {
        let missing = "$ host inventory.holzmann.internal.branch.internal\nHost inventory.holzmann.internal.branch.internal not found: 3(NXDOMAIN)\n";
        let found = "$ host inventory.holzmann.internal\ninventory.holzmann.internal has address 10.193.1.8\n";
        let works = "$ nc -vz 10.193.1.8 80\nConnection to 10.193.1.8 80 port [tcp/http] succeeded!\n";
        let both = diagnosed(&[missing, found, works]);
        assert_eq!(both.verdict, Verdict::NothingWrong, "{}", both.headline);
        let alone = diagnosed(&[missing, works]);
        assert_ne!(alone.verdict, Verdict::NothingWrong, "{}", alone.headline);
    }

    #[test]
    fn who_resolves_a_whole_name_and_not_its_short_one_searches_in_the_wrong_domain() {
        let short = "$ host inventory\nHost inventory not found: 3(NXDOMAIN)\n";
        let found = "$ host inventory.holzmann.internal\ninventory.holzmann.internal has address 10.193.1.8\n";
        let first = |pastes: &[&str]| {
            let diagnosis = diagnosed(pastes);
            let says =
                |says: &str| diagnosis.suspects.iter().flat_map(|one| &one.because).any(|one| one.says.contains(says));
            (diagnosis.elements.first().map(|one| one.element.clone()), says("its search list lacks"))
        };
        assert_eq!(first(&[short, found]), (Some("ws".to_owned()), true));
        assert!(!first(&[short]).1);
    }

    #[test]
    fn a_port_that_nothing_uses_may_be_closed_where_the_drawn_one_answers() {
        let closed = "$ nc -vz 10.193.1.8 8444\nnc: connect to 10.193.1.8 port 8444 (tcp) failed: Connection refused\n";
        let open = "$ nc -vz 10.193.1.8 80\nConnection to 10.193.1.8 80 port [tcp/http] succeeded!\n";
        let both = diagnosed(&[closed, open]);
        assert_eq!(both.verdict, Verdict::NothingWrong, "{}", both.headline);
        let alone = diagnosed(&[closed]);
        assert_ne!(alone.verdict, Verdict::NothingWrong, "{}", alone.headline);
    }
}
