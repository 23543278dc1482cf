//! Leaves out a name that somebody mistyped by hand, where the name that is drawn works from the same place.
//!
//! ```text
//! tim$ wget http://invetory.holzmann.internal/    unable to resolve host address
//! tim$ host inventory.holzmann.internal           inventory.holzmann.internal has address 10.193.1.8
//! ```
//!
//! What a program has in its settings is no slip of the hand, so the name has to stand on a command line.

use super::target::is_slip;
use super::{Observation, Paste, Placed, Request, Sight};
use crate::fact::{Outcome, Stage};
use crate::sketch::Sketch;

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

fn questions(observations: &[Observation]) -> impl Iterator<Item = &Request> {
    observations.iter().filter_map(question)
}

fn question(observation: &Observation) -> Option<&Request> {
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
            Node { hosts: host, ips: vec!["10.193.1.8".parse().unwrap()], ..Node::new("px", Kind::Proxy) },
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
}
