//! Places measurements: on the edge between the two ends that their labels name, or on the node that one of them names.
//!
//! ```text
//! istio_requests_total{source_workload="shop",destination_workload="search"}  → shop->search
//! http_requests_total{job="shop",instance="10.0.0.5:9100"}                    → shop
//! RequestCount  LoadBalancer=app/shop/50dc6c495c0c9188                        → shop
//! ```

use std::collections::BTreeMap;

use super::{Measured, Paste};
use crate::diagnosis::{Seen, Unplaced};
use crate::fact::{Endpoint, Fact};
use crate::metrics::{ASKED, ASKS, PLACES, Series};
use crate::sketch::{Element, NodeIx};

impl Paste<'_> {
    pub(super) fn series(&mut self, fact: &Fact, series: &Series) -> bool {
        let (evidence, lines) = (self.evidence, fact.lines);
        match self.measured_at(series) {
            Some(element) => {
                let seen = Seen { evidence, lines };
                self.placed.measured.push(Measured { element, series: series.clone(), seen });
            }
            None => {
                let says = fact.claim.to_string();
                self.notes.strays.push((series.clone(), Unplaced { evidence, lines, says }));
            }
        }
        true
    }

    fn measured_at(&self, series: &Series) -> Option<Element> {
        // What a person says comes before every name.
        if let Some(element) = self.targets.sketch.measured_as(&series.of()) {
            return Some(element);
        }
        let named = |labels: &[&str]| {
            labels.iter().filter_map(|label| series.labels.get(*label)).find_map(|value| self.called(value))
        };
        // What a person wrote down may name an edge as the outline does.
        let whole = || series.labels.get("name").and_then(|name| self.targets.sketch.element(name));
        let node = || named(PLACES).map(Element::Node);
        match (named(ASKED), named(ASKS).or_else(|| named(PLACES))) {
            (Some(to), Some(from)) if to != from => {
                let edge = self.targets.sketch.edge_between(from, to).map(Element::Edge);
                Some(edge.unwrap_or(Element::Node(to)))
            }
            (Some(to), _) => Some(Element::Node(to)),
            // Nobody is named: what it was read on, or what the person says.
            (None, _) if series.labels.is_empty() => self.about().or(self.vantage_said().map(Element::Node)),
            (None, _) => whole().or_else(node).or_else(|| self.about()),
        }
    }

    /// The vantage point, where the person or the prompt names it: numbers are not taken to come from whoever happens to be the client.
    fn vantage_said(&self) -> Option<NodeIx> {
        self.vantage.filter(|_| self.vantage_is_said)
    }

    /// The node that a label means: by address, by host, by name, or by the part of a cloud's or a cluster's name that people use.
    fn called(&self, value: &str) -> Option<NodeIx> {
        let bare =
            value.split_once(':').map_or(value, |(host, port)| if port.parse::<u16>().is_ok() { host } else { value });
        let endpoint = match bare.parse() {
            Ok(address) => Endpoint::at(address, None),
            Err(_) => Endpoint { host: Some(bare.to_ascii_lowercase()), ..Endpoint::named(bare) },
        };
        let found = self.targets.endpoint(&endpoint, self.vantage).filter(|_| !value.is_empty());
        // `app/shop/50dc6c495c0c9188`, `targetgroup/web/943f017f100becff`
        let middle = || value.split('/').nth(1).and_then(|name| self.targets.by_name(name));
        found.or_else(middle).or_else(|| self.targets.by_name(workload(bare)?))
    }
}

/// Series that belong to no hop, as far as there are two numbers of them to compare: one alone says nothing yet.
pub(super) fn comparable(strays: Vec<(Series, Unplaced)>) -> impl Iterator<Item = Unplaced> {
    let mut numbers: BTreeMap<(String, BTreeMap<String, String>), usize> = BTreeMap::new();
    for (series, _) in &strays {
        *numbers.entry((series.metric.clone(), series.labels.clone())).or_default() += series.samples.len();
    }
    let several = move |series: Series| numbers.get(&(series.metric, series.labels)).is_some_and(|count| *count > 1);
    strays.into_iter().filter_map(move |(series, unplaced)| several(series).then_some(unplaced))
}

/// What a pod belongs to: `orders-7d9f8b6c5-x2x7v` and `orders-0` are of `orders`.
fn workload(pod: &str) -> Option<&str> {
    let (rest, last) = pod.rsplit_once('-')?;
    let made_up =
        |part: &str| part.len() >= 4 && part.chars().all(|c| c.is_ascii_digit() || "bcdfghjklmnpqrstvwxz".contains(c));
    if last.chars().all(|c| c.is_ascii_digit()) {
        return Some(rest);
    }
    // A random suffix alone is a daemon's; with a hash before it a deployment's.
    let named = made_up(last) && last.len() == 5;
    let (deployment, hash) = rest.rsplit_once('-').unwrap_or((rest, ""));
    let hashed = (6..=10).contains(&hash.len())
        && hash.chars().all(|c| c.is_ascii_hexdigit() || "bcdfghjklmnpqrstvwxz".contains(c));
    named.then_some(if hashed { deployment } else { rest })
}

#[cfg(test)]
mod tests {
    use super::workload;

    #[test]
    fn a_pod_is_called_by_what_it_belongs_to() {
        assert_eq!(workload("orders-7d9f8b6c5-x2x7v"), Some("orders"));
        assert_eq!(workload("orders-0"), Some("orders"));
        assert_eq!(workload("node-exporter-zkx4q"), Some("node-exporter"));
        assert_eq!(workload("payment-service"), None);
    }
}
