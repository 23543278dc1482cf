//! Leaves out a name that somebody mistyped by hand, where the name that is drawn works from the same place.
//!
//! ```text
//! tim$ wget http://invetory.holzmann.internal/    unable to resolve host address
//! tim$ host inventory.holzmann.internal           inventory.holzmann.internal has address 10.193.1.8
//! ```
//!
//! What a program has in its settings is no slip of the hand, so the name has to stand on a command line.

use super::target::is_slip;
use super::{Paste, Placed, Request, Sight};
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
    let asked = |sight: &Sight| match sight {
        Sight::Request(request) if request.tests == Stage::Resolve => Some(request.clone()),
        _ => None,
    };
    let all: Vec<Request> = observations.iter().filter_map(|one| asked(&one.sight)).collect();
    let meant = |request: &Request| {
        let absent = matches!(request.outcome, Outcome::Nxdomain | Outcome::Unresolved);
        let mut hosts = sketch.nodes().iter().flat_map(|node| &node.hosts);
        let drawn = hosts.find(|host| absent && request.manner == TYPED && is_slip(host, &request.subject))?;
        let works = |other: &Request| {
            other.from == request.from && other.outcome == Outcome::Ok && other.subject.eq_ignore_ascii_case(drawn)
        };
        // A program that asks for the wrong name, too, has it from its settings.
        let of_a_program = all.iter().any(|other| other.subject == request.subject && other.manner != TYPED);
        (all.iter().any(works) && !of_a_program).then(|| drawn.clone())
    };
    observations.retain(|observation| {
        let Some(typed) = asked(&observation.sight) else { return true };
        let Some(meant) = meant(&typed) else { return true };
        let sentence = format!("\"{}\" is taken for a slip: \"{meant}\" works from the same place.", typed.subject);
        if !assumed.contains(&sentence) {
            assumed.push(sentence);
        }
        false
    });
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
