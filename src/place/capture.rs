//! Holds a capture of packets against the way they took: what was seen on a hop has come through everything before it.
//!
//! ```text
//! portal# tcpdump -nni any -c 3 'tcp port 8080'
//! 12:45:49.692366 eth1  In  IP 198.51.100.40.56636 > 192.0.2.20.8080: Flags [S], seq 3935450471, …
//! 12:45:50.715749 eth1  In  IP 198.51.100.40.56636 > 192.0.2.20.8080: Flags [S], seq 3935450471, …        (and no answer)
//! ```
//!
//! What arrives and is not answered fails at its receiver, whatever the reason; what a hop between the two passed on fails behind it.

use std::net::IpAddr;

use super::{Observation, Paste, Sampled, Sight};
use crate::diagnosis::Seen;
use crate::fact::{Attempt, Fact, Outcome};
use crate::routes::Routes;
use crate::sketch::{Element, Kind, NodeIx, Sketch};

/// Connections that were begun and not answered, as a hop on their way saw them.
pub(super) struct Capture {
    at: NodeIx,
    from: Option<NodeIx>,
    to: NodeIx,
    address: Option<IpAddr>,
    /// The hop was seen to send the packet on.
    passed_on: bool,
    seen: Seen,
}

impl Paste<'_> {
    /// Notes an unanswered connection that a capture shows on a hop known by its prompt or by the person.
    pub(super) fn captured(&mut self, fact: &Fact, attempt: &Attempt, from: Option<NodeIx>, to: NodeIx) {
        let Some(at) = self.vantage.filter(|at| self.vantage_is_said && Some(*at) != from) else { return };
        let of_packets = matches!(self.kind, "tcpdump" | "tshark") && attempt.outcome == Outcome::ConnectTimeout;
        if !of_packets {
            return;
        }
        if at == to && fact.numbers.contains_key("elsewhere") {
            let (observable, value) = ("return.way".to_owned(), "other".to_owned());
            self.push(fact, 1, Sight::State { observable, value, at: vec![Element::Node(to)] });
            if let Some(observation) = self.placed.observations.last_mut() {
                observation
                    .says
                    .push_str(", and its answers go out by another interface than the first packets came in by");
            }
        }
        // An answer that is sent again and again was lost on its way back, or took another one.
        if fact.numbers.contains_key("answered") {
            let way = from.filter(|_| at == to).and_then(|from| self.targets.routes.shortest(from, to));
            let hops = way.unwrap_or_default();
            let on_it = hops.iter().flat_map(|(edge, node)| [Element::Edge(*edge), Element::Node(*node)]);
            let state =
                Sight::State { observable: "return.path".into(), value: "answers_lost".into(), at: on_it.collect() };
            if !hops.is_empty() {
                self.push(fact, 1, state);
            }
            return;
        }
        self.notes.captures.push(Capture {
            at,
            from,
            to,
            address: attempt.to.address,
            passed_on: fact.numbers.contains_key("sent"),
            seen: Seen { evidence: self.evidence, lines: fact.lines },
        });
    }
}

/// Adds for every capture where the trouble begins, and which ways have carried the packets.
pub(super) fn compare(observations: &mut Vec<Observation>, captures: &[Capture], sketch: &Sketch, routes: &Routes) {
    for capture in captures {
        let name = sketch.node(capture.at).map(|node| node.name().to_owned()).unwrap_or_default();
        let (begins, says) = if capture.at == capture.to {
            (
                at_the_receiver(capture, sketch, routes),
                format!("the first packets arrive at {name}, and it does not answer them"),
            )
        } else {
            let Some(way) = routes.shortest(capture.at, capture.to).filter(|way| !way.is_empty()) else { continue };
            let behind = way.iter().flat_map(|(edge, node)| [Element::Edge(*edge), Element::Node(*node)]);
            let itself = Some(Element::Node(capture.at)).filter(|_| !capture.passed_on);
            let begins = itself.into_iter().chain(behind).chain(address(capture)).collect();
            (begins, format!("the first packets come as far as {name}, and nobody behind it answers them"))
        };
        let carried = capture.from.and_then(|from| routes.shortest(from, capture.at)).unwrap_or_default();
        let why = format!("its packets arrive at {name}");
        let hops = carried.iter().flat_map(|(edge, node)| [Element::Edge(*edge), Element::Node(*node)]);
        let not = hops.filter(|hop| !begins.contains(hop) && *hop != Element::Node(capture.at));
        observations.push(Observation {
            sight: Sight::Blame { not: not.map(|hop| (hop, why.clone())).collect(), begins },
            count: 1,
            seen: capture.seen.clone(),
            says,
            sampled: Sampled::Whole,
            at: None,
        });
    }
}

fn address(capture: &Capture) -> Option<Element> {
    capture.address.map(|ip| Element::Address(capture.to, ip))
}

/// The receiver and, where it only hands on what it receives, everything behind it.
fn at_the_receiver(capture: &Capture, sketch: &Sketch, routes: &Routes) -> Vec<Element> {
    let mut begins: Vec<Element> = std::iter::once(Element::Node(capture.to)).chain(address(capture)).collect();
    let kind = sketch.kind(capture.to);
    if kind.only_forwards() || matches!(kind, Kind::LoadBalancer | Kind::K8sService) {
        let behind = routes.dependencies(capture.to).into_iter();
        begins.extend(behind.flat_map(|(edge, node)| [Element::Edge(edge), Element::Node(node)]));
    }
    begins
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    const IN: &str = "12:45:49.692366 eth1  In  IP 198.51.100.40.56636 > 192.0.2.20.8080: Flags [S], seq 3935450471, win 64240, options [mss 1460,sackOK,TS val 3699139422 ecr 0,nop,wscale 10], length 0\n\
                      12:45:50.715749 eth1  In  IP 198.51.100.40.56636 > 192.0.2.20.8080: Flags [S], seq 3935450471, win 64240, options [mss 1460,sackOK,TS val 3699140446 ecr 0,nop,wscale 10], length 0\n\
                      12:45:51.739736 eth1  In  IP 198.51.100.40.56636 > 192.0.2.20.8080: Flags [S], seq 3935450471, win 64240, options [mss 1460,sackOK,TS val 3699141470 ecr 0,nop,wscale 10], length 0\n";

    fn first(vantage: &str, capture: &str) -> String {
        let drawn =
            "supplier(external)[198.51.100.40] -> fw(firewall) -> portal(proxy)[192.0.2.20]:8080 -> app(service)";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |vantage: &str, command: &str, text: &str| Evidence {
            origin: Origin {
                vantage: Some(vantage.to_owned()),
                command: Some(command.to_owned()),
                ..Origin::default()
            },
            reading: read(text, Some(command), None),
        };
        let timed_out = "curl: (28) Connection timed out after 5007 milliseconds\n";
        let evidence = [
            paste("supplier", "curl -sS -m 5 http://192.0.2.20:8080/", timed_out),
            paste(vantage, "tcpdump -nni any -c 3 tcp port 8080", capture),
        ];
        let diagnosis = diagnose(&sketch, &evidence, &Shelf::shipped().0);
        diagnosis.elements.first().map(|one| one.element.clone()).unwrap_or_default()
    }

    #[test]
    fn what_arrives_and_is_not_answered_fails_at_its_receiver() {
        assert_eq!(first("portal", IN), "portal");
        assert_ne!(first("supplier", &IN.replace("eth1  In ", "eth0  Out")), "portal");
    }

    /// tcpdump 4.99.
    #[test]
    fn answers_that_go_out_by_another_interface_are_lost_by_whoever_sends_them_there() {
        let drawn = "graz(client)[10.65.40.17] -> core(gateway) -> crm(service)[10.65.10.20]:8080";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let capture = |out: &str| {
            let came = "In  IP 10.65.40.17.59500 > 10.65.10.20.8080: Flags [S], seq 3147478554, win 64240, length 0\n";
            let answer = format!(
                "{out} Out IP 10.65.10.20.8080 > 10.65.40.17.59500: Flags [S.], seq 3458176459, ack 3147478555, win 65160, length 0\n"
            );
            format!(
                "21:34:43.394142 eth0  {came}21:34:43.394160 {answer}21:34:44.411721 {answer}21:34:44.411793 eth0  {came}21:34:46.427699 {answer}"
            )
        };
        let believed = |out: &str| {
            let origin = Origin { vantage: Some("crm".to_owned()), ..Origin::default() };
            let evidence = [Evidence { origin, reading: read(&capture(out), None, None) }];
            let told = diagnose(&sketch, &evidence, &Shelf::shipped().0);
            told.elements.iter().find(|one| one.element == "crm").map_or(0.0, |one| one.probability)
        };
        assert!(believed("eth1") > believed("eth0") + 0.2, "{} {}", believed("eth1"), believed("eth0"));
    }
}
