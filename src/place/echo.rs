//! Leaves out what lost echoes say where they are only echoes: many requests are served at once, or a filter stops echoes alone.
//!
//! ```text
//! 20 packets transmitted, 9 received, 55% packet loss
//! Status code distribution:
//!   [200]    100 responses
//! ip daddr 10.40.9.23 icmp type echo-request counter packets 13 bytes 996 drop
//! ```

use std::collections::BTreeMap;

use super::{Observation, Placed, Sight};
use crate::fact::{Outcome, Stage};
use crate::routes::Routes;
use crate::sketch::{Element, NodeIx};

/// With one packet of ten lost, so many requests would show it as a wait all but once in a million.
const MANY: u32 = 60;

/// Leaves out what echoes say of a way over which many requests went, were served, and none waited, and of whom a filter keeps them from.
pub(super) fn compare(placed: &mut Placed, routes: &Routes) {
    let Placed { observations, assumed, .. } = placed;
    let stopped: Vec<Vec<Element>> = observations.iter().filter_map(stopped).collect();
    if observations.iter().any(|observation| is_mere(observation, &stopped)) {
        assumed.push(
            "A rule of a packet filter stops pings: that they are lost says nothing of anything else.".to_owned(),
        );
    }
    let served = served(observations, routes);
    observations.retain(|observation| !is_mere(observation, &stopped) && !is_mere(observation, &served));
}

/// Whom a filter keeps echoes from.
fn stopped(observation: &Observation) -> Option<Vec<Element>> {
    match &observation.sight {
        Sight::State { observable, value, at } if observable == "firewall.pings" && value != "accept" => {
            Some(at.clone())
        }
        _ => None,
    }
}

/// The ways over which many requests went, all of which were served.
fn served(observations: &[Observation], routes: &Routes) -> Vec<Vec<Element>> {
    let mut served: BTreeMap<(NodeIx, NodeIx), Option<u32>> = BTreeMap::new();
    for observation in observations {
        if let Sight::Request(request) = &observation.sight
            && let Some(from) = request.from.filter(|_| request.tests == Stage::Exchange)
        {
            let counted = served.entry((from, request.to)).or_insert(Some(0));
            *counted = counted.filter(|_| request.outcome == Outcome::Ok).map(|n| n.saturating_add(observation.count));
        }
    }
    served
        .iter()
        .filter(|(_, count)| count.is_some_and(|count| count >= MANY))
        .filter_map(|((from, to), _)| Some((routes.shortest(*from, *to)?, *to)))
        .map(|(way, to)| way.iter().map(|(edge, _)| Element::Edge(*edge)).chain([Element::Node(to)]).collect())
        .collect()
}

/// Whether lost echoes are all that it tells of one of these.
fn is_mere(observation: &Observation, of: &[Vec<Element>]) -> bool {
    match &observation.sight {
        Sight::State { observable, value, at }
            if observable == "ping" && matches!(value.as_str(), "loss" | "silent") =>
        {
            of.iter().any(|one| one.iter().all(|element| at.contains(element)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    #[test]
    fn echoes_that_a_filter_stops_say_nothing() {
        let drawn = "pc(client)[10.40.8.5] -> fw(firewall)[10.40.8.1] -> db(database)[10.40.9.23]:5432";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |vantage: &str, text: &str| Evidence {
            origin: Origin { vantage: Some(vantage.to_owned()), ..Origin::default() },
            reading: read(text, None, None),
        };
        let lost = "$ ping -c 3 -W 1 10.40.9.23\nPING 10.40.9.23 (10.40.9.23) 56(84) bytes of data.\n\n\
                    --- 10.40.9.23 ping statistics ---\n3 packets transmitted, 0 received, 100% packet loss, time 406ms\n";
        let told = |address: &str, pastes: usize| {
            let rule = format!("ip daddr {address} icmp type echo-request counter packets 13 bytes 996 drop");
            let rules = format!("table inet o12 {{\n\tchain f {{\n\t\t{rule}\n\t}}\n}}\n");
            let both = [paste("fw", &rules), paste("pc", lost)];
            let diagnosis = diagnose(&sketch, &both[..pastes], &Shelf::shipped().0);
            let beliefs: Vec<f64> = diagnosis.elements.iter().map(|one| one.probability).collect();
            (beliefs, diagnosis.assumed.iter().any(|one| one.contains("stops pings")))
        };
        let (alone, _) = told("10.40.9.23", 1);
        assert_eq!(told("10.40.9.23", 2), (alone.clone(), true));
        let (others, assumed) = told("10.40.9.24", 2);
        assert!(others != alone && !assumed);
    }
}
