//! Tells what a person asks on a proxy's host from what the proxy asks by its settings: how that is answered is not the settings' doing.
//!
//! ```text
//! proxy$ curl -sI http://10.38.4.16:8000/orders/new        HTTP/1.0 404 File not found
//! ```

use super::{Aim, Observation, Sight};
use crate::evidence::Origin;
use crate::fact::Stage;
use crate::read::{Block, Reading};
use crate::sketch::Sketch;

/// Tools that people ask a server with, by the reader of what they print. What a program asks for in its daily work is its own fault.
const TOOLS: [&str; 6] = ["curl", "wget", "http", "nc", "openssl", "gnutls-cli"];

/// Whether a person sent it, who aims at what they please.
pub(super) fn is_by_hand(kind: &str) -> bool {
    TOOLS.contains(&kind)
}

/// Marks what the other end itself answers with an error: that nobody answers may be the host's own fault.
pub(super) fn mark(observations: &mut [Observation], evidence: &[(usize, &Origin, &Reading)], sketch: &Sketch) {
    for observation in observations {
        let Sight::Request(request) = &mut observation.sight else { continue };
        let sends_for_others = request.from.is_some_and(|from| sketch.kind(from).answers_for_others());
        let refused = request.outcome.is_http();
        if !sends_for_others || !refused || request.aim != Aim::Drawn || request.tests != Stage::Exchange {
            continue;
        }
        let seen = &observation.seen;
        let holds = |block: &&Block| (block.lines.first..=block.lines.last).contains(&seen.lines.first);
        let reading = evidence.iter().find(|(position, ..)| *position == seen.evidence).map(|(_, _, reading)| reading);
        let block = reading.and_then(|reading| reading.blocks.iter().find(holds));
        if block.is_some_and(|block| is_by_hand(&block.kind)) {
            request.aim = Aim::ByHand;
        }
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
    fn what_a_person_gets_from_the_drawn_upstream_is_not_owed_to_where_the_proxy_sends_requests() {
        let drawn = "till(client)[10.38.1.21] -> px(proxy)[10.38.2.2]:80 -> orders(service)[10.38.4.16]:8000";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |vantage: &str, url: &str| {
            let command = format!("curl -s -o /dev/null -w '%{{http_code}}\\n' http://{url}/orders/new");
            let reading = read("404\n", Some(&command), None);
            let origin = Origin { vantage: Some(vantage.to_owned()), command: Some(command), ..Origin::default() };
            Evidence { origin, reading }
        };
        let evidence = [paste("till", "10.38.2.2"), paste("px", "10.38.4.16:8000")];
        let told = diagnose(&sketch, &evidence, &Shelf::shipped().0);
        assert_eq!(told.elements.first().map(|one| one.element.as_str()), Some("orders"), "{:?}", told.elements);
    }
}
