//! Compares the serial numbers that the name servers of one zone give: who has the smaller one has not taken over the last changes.
//!
//! ```text
//! brine.example has SOA record ns1.brine.example. hostmaster.brine.example. 2026112603 7200 900 1209600 120     at ns1
//! brine.example has SOA record ns1.brine.example. hostmaster.brine.example. 2026091401 7200 900 1209600 120     at ns2
//! ```
//!
//! Which one is smaller goes round in a circle: RFC 1982, section 3.2.

use super::{Observation, Paste, Sampled, Sight};
use crate::diagnosis::Seen;
use crate::fact::{Fact, State};
use crate::sketch::{Element, NodeIx};

/// The serial number of a zone at one of its servers.
pub(super) struct Serial {
    server: NodeIx,
    zone: String,
    number: u32,
    seen: Seen,
}

/// The third word behind the type of an SOA record (RFC 1035, section 3.3.13).
pub(super) fn of(state: &State) -> Option<u32> {
    let record = state.detail.strip_prefix("SOA ").filter(|_| state.observable == "dns.record")?;
    record.split_whitespace().nth(2)?.parse().ok()
}

impl Paste<'_> {
    /// Notes whose the serial number is that was read in the same lines.
    pub(super) fn serial(&mut self, fact: &Fact, server: NodeIx, zone: &str) {
        if let Some((_, number)) = self.soa.take().filter(|(lines, _)| *lines == fact.lines) {
            let seen = Seen { evidence: self.evidence, lines: fact.lines };
            self.notes.serials.push(Serial { server, zone: zone.to_owned(), number, seen });
        }
    }
}

/// Whether `two` gives the same zone with a number that comes after that of `one`.
fn is_ahead(two: &Serial, one: &Serial) -> bool {
    two.zone == one.zone && (1..1 << 31).contains(&two.number.wrapping_sub(one.number))
}

/// Says of who has a smaller number than another server of the zone that it is behind, unless it has taken over the changes since.
pub(super) fn compare(observations: &mut Vec<Observation>, serials: &[Serial]) {
    for one in serials {
        let mut newer = serials.iter().filter(|two| is_ahead(two, one));
        let Some(first) = newer.clone().next().filter(|_| newer.all(|two| two.server != one.server)) else { continue };
        observations.push(Observation {
            sight: Sight::State {
                observable: "zone.serial".to_owned(),
                value: "behind".to_owned(),
                at: vec![Element::Node(one.server)],
            },
            count: 1,
            seen: one.seen.clone(),
            says: format!("the serial of {} is {}, and {} at another server", one.zone, one.number, first.number),
            sampled: Sampled::Whole,
            at: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::Diagnosis;
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// host 9.18.49: two servers of one zone, the second of which takes it from one that is no longer there.
    fn asked(serials: [u32; 2]) -> Diagnosis {
        let drawn = "pc(client)[10.9.0.4] -> a(dns)[10.9.1.1]\npc -> b(dns)[10.9.1.2]\npc -> web(service)[www.brine.example, 10.9.2.2]:80";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |(server, serial): (&str, u32)| {
            let text = format!(
                "Using domain server:\nName: {server}\nAddress: {server}#53\nAliases: \n\nbrine.example has SOA record ns1.brine.example. hostmaster.brine.example. {serial} 7200 900 1209600 120\n"
            );
            let command = format!("host -t SOA brine.example {server}");
            let origin = Origin { vantage: Some("pc".into()), command: Some(command.clone()), ..Origin::default() };
            Evidence { origin, reading: read(&text, Some(&command), None) }
        };
        let [a, b] = serials;
        let origin = Origin { vantage: Some("pc".into()), ..Origin::default() };
        let refused = "curl: (7) Failed to connect to www.brine.example port 80 after 2 ms: Connection refused\n";
        let fails = Evidence { origin, reading: read(refused, None, None) };
        diagnose(&sketch, &[paste(("10.9.1.1", a)), paste(("10.9.1.2", b)), fails], &Shelf::shipped().0)
    }

    #[test]
    fn the_server_with_the_smaller_serial_is_behind() {
        let gap = |serials: [u32; 2]| {
            let told = asked(serials);
            let of =
                |name: &str| told.elements.iter().find(|one| one.element == name).map_or(0.0, |one| one.probability);
            of("b") - of("a")
        };
        let (behind, alike) = (gap([2026112603, 2026091401]), gap([7, 7]));
        // Round the circle of RFC 1982.
        let ahead = gap([4_294_967_290, 5]);
        assert!(behind > alike + 0.01 && ahead < alike - 0.01, "{behind} {alike} {ahead}");
    }
}
