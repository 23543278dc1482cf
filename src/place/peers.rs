//! Holds a setting against the same one of a peer: of two that should be alike, the one that fails with its own is told the wrong thing.
//!
//! ```text
//! web-1$ env    API_URL=http://api.int.shop.example     (and is served there)
//! web-2$ env    API_URL=http://api.shop.example         (and is turned away there)
//! ```

use super::settings::SETTING;
use super::{Aim, Observation, Sight};
use crate::diagnosis::Seen;
use crate::fact::Stage;
use crate::sketch::{NodeIx, Sketch};

/// A setting by which a hop is told whom to call.
pub(super) struct Told {
    pub node: NodeIx,
    /// As the setting is called.
    pub name: String,
    pub callee: NodeIx,
    pub seen: Seen,
}

pub(super) fn compare(observations: &mut [Observation], told: &[Told], sketch: &Sketch) {
    for one in told {
        let is_peer = |other: &&Told| {
            other.name == one.name
                && other.node != one.node
                && other.callee != one.callee
                && sketch.kind(other.node) == sketch.kind(one.node)
                && is_served(observations, other) == Some(true)
        };
        let Some(peer) = told.iter().find(is_peer).filter(|_| is_served(observations, one) == Some(false)) else {
            continue;
        };
        let (node, callee) = (one.node, one.callee);
        let name = sketch.node(peer.node).map(|node| node.name()).unwrap_or_default();
        for observation in observations.iter_mut().filter(|observation| observation.seen == one.seen) {
            if let Sight::State { observable, value, .. } = &mut observation.sight
                && observable == SETTING
                && value != "other"
            {
                "other".clone_into(value);
                observation.says.push_str(&format!(", and {name} is told another"));
            }
        }
        // What it asked there, it asked in the wrong place; the other end's log tells of the same.
        for request in observations.iter_mut().filter_map(|observation| match &mut observation.sight {
            Sight::Request(request) => Some(request),
            Sight::State { .. } | Sight::Blame { .. } => None,
        }) {
            if request.to == callee && request.from.is_none_or(|from| from == node) && !request.outcome.is_success() {
                request.aim = Aim::Astray;
            }
        }
    }
}

/// Whether somebody's requests to whom the setting names work, or all fail; nothing where nobody asked.
fn is_served(observations: &[Observation], told: &Told) -> Option<bool> {
    let mut tried = observations.iter().filter_map(Observation::request).filter(|request| {
        request.from == Some(told.node) && request.to == told.callee && request.tests == Stage::Exchange
    });
    let first = tried.next()?.outcome.is_success();
    Some(first || tried.any(|request| request.outcome.is_success()))
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    const DRAWN: &str = "web-1(service)[10.1.2.1]\nweb-2(service)[10.1.2.2]\npublic(load_balancer)[api.shop.example, 198.51.100.7]:80\n\
                         internal(load_balancer)[api.int.shop.example, 10.1.5.10]:80\napi(service)[10.1.3.20]:8080\n\
                         web-1 -> internal\nweb-2 -> internal\nweb-2 -> public\npublic -> api\ninternal -> api";

    fn first(of_the_other: &str) -> (String, f64) {
        let sketch = from_arrows(DRAWN, &Sketch::default()).unwrap();
        let paste = |vantage: &str, text: &str| Evidence {
            origin: Origin { vantage: Some(vantage.to_owned()), ..Origin::default() },
            reading: read(text, None, None),
        };
        let asked = |host: &str, status: u16| {
            format!("$ curl -s -o /dev/null -w '%{{http_code}}\\n' http://{host}/fees\n{status}\n")
        };
        let set = |host: &str| format!("$ cat /etc/web/web.env\nAPI_URL=http://{host}\nBATCH=50\n");
        let evidence = [
            paste("web-2", &asked("api.shop.example", 403)),
            paste("web-2", &set("api.shop.example")),
            paste("web-1", &asked("api.int.shop.example", 200)),
            paste("web-1", &set(of_the_other)),
        ];
        let told = diagnose(&sketch, &evidence, &Shelf::shipped().0);
        told.elements.first().map(|one| (one.element.clone(), one.probability)).unwrap_or_default()
    }

    #[test]
    fn of_two_peers_with_another_setting_the_one_that_is_turned_away_has_the_wrong_one() {
        let (alike, other) = (first("api.shop.example"), first("api.int.shop.example"));
        assert!(other.0 == "web-2" && other.1 > 0.8 && alike.1 < other.1, "{alike:?} {other:?}");
    }
}
