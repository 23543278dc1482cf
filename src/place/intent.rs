//! Takes what a person calls intended for what it is: that nobody answers there is no fault, whatever else is.
//!
//! ```text
//! <ines> roster-b (.22) is the passive half, its port stays closed until a switchover. That is by design.
//! ```

use std::net::IpAddr;

use super::{Aim, Paste, Placed, Sight};
use crate::fact::{Stage, State};
use crate::sketch::{Element, Sketch};

/// What is out on purpose, and the paste that says so.
pub(super) type Intent = (Element, usize);

impl Paste<'_> {
    /// Notes the first hop or address that somebody's words name, if they name any.
    pub(super) fn intent(&mut self, state: &State) -> bool {
        let words = state.detail.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':')));
        let named = words.map(|word| word.trim_end_matches(['.', ':'])).find_map(|word| self.spoken_of(word));
        self.notes.intents.extend(named.map(|element| (element, self.evidence)));
        true
    }

    /// Whom people mean by an address, by its end alone (`.22`), or by a name that is no mere word.
    fn spoken_of(&self, word: &str) -> Option<Element> {
        let sketch = self.targets.sketch;
        let last: Option<u8> = word.strip_prefix('.').and_then(|end| end.parse().ok());
        let whole: Option<IpAddr> = word.parse().ok();
        let is_meant = |ip: IpAddr| match ip {
            IpAddr::V4(v4) if last.is_some() => v4.octets().last().copied() == last,
            _ => whole == Some(ip),
        };
        let mut meant = sketch.node_indices().filter_map(|ix| {
            let ips = &sketch.node(ix)?.ips;
            let ip = ips.iter().copied().find(|ip| is_meant(*ip))?;
            Some(if ips.len() > 1 { Element::Address(ix, ip) } else { Element::Node(ix) })
        });
        match (meant.next(), meant.next()) {
            (Some(one), None) => Some(one),
            (None, None) if word.contains(|c: char| c == '-' || c.is_ascii_digit()) => {
                self.targets.by_name(word).map(Element::Node)
            }
            _ => None,
        }
    }
}

/// Leaves out that nobody answers where nobody is meant to, and says so.
pub(super) fn compare(placed: &mut Placed, intents: &[Intent], sketch: &Sketch) {
    for (element, evidence) in intents {
        let before = placed.observations.len();
        let name = match element {
            Element::Address(_, ip) => ip.to_string(),
            Element::Node(_) | Element::Edge(_) => sketch.element_id(*element),
        };
        // Whoever goes no farther than there has others to go to.
        for observation in &mut placed.observations {
            if let (Sight::Request(request), Element::Address(node, _)) = (&mut observation.sight, element)
                && request.to == *node
                && request.address.is_none()
                && request.outcome.stage() == Stage::Connect
            {
                request.aim = Aim::Astray;
            }
        }
        placed.observations.retain(|one| match &one.sight {
            Sight::Request(request) => {
                let there = match element {
                    Element::Address(node, ip) => request.to == *node && request.address == Some(*ip),
                    Element::Node(node) => request.to == *node,
                    Element::Edge(_) => false,
                };
                !there || request.outcome.is_success() || request.outcome.stage() != Stage::Connect
            }
            Sight::State { at, .. } => at.first() != Some(element),
            Sight::Blame { .. } => true,
        });
        if placed.observations.len() < before {
            placed.assumed.push(format!(
                "That nobody answers at {name} is taken to be meant so, as paste {} says.",
                evidence + 1
            ));
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

    /// How much an address is suspected at which nobody listens, by what somebody says of it.
    fn suspected(words: &str) -> f64 {
        let drawn = "gate(client)[10.4.6.15] -> roster(service)[10.4.9.21,10.4.9.22]:8350";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |command: Option<&str>, text: &str| {
            let (vantage, command) = (Some("gate".to_owned()), command.map(str::to_owned));
            let reading = read(text, command.as_deref(), None);
            Evidence { origin: Origin { vantage, command, ..Origin::default() }, reading }
        };
        let refused = "nc: connect to 10.4.9.22 port 8350 (tcp) failed: Connection refused\n";
        let evidence = [paste(Some("nc -vz 10.4.9.22 8350"), refused), paste(None, words)];
        let diagnosis = diagnose(&sketch, &evidence, &Shelf::shipped().0);
        diagnosis.elements.iter().filter(|one| one.address.is_some()).map(|one| one.probability).fold(0.0, f64::max)
    }

    #[test]
    fn where_nobody_is_meant_to_answer_silence_is_no_fault() {
        assert!(suspected("ines: roster-b (.22) is passive, its port stays closed by design.") < 0.2);
        assert!(suspected("ines: 10.4.9.22 is closed on purpose until the switchover.") < 0.2);
        for words in ["ines: is .22 closed on purpose?", "ines: .21 is closed by design.", "ines: .22 is closed."] {
            assert!(suspected(words) > 0.3, "{words}");
        }
    }
}
