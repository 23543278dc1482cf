//! Who reached what: every attempt of the evidence as a table, so that "works from here, fails from there" meets the eye.
//!
//! ```text
//!                203.0.113.10:443   203.0.113.30:443
//! laptop         ✓ 2                ✕ 3 of 3: the connection timed out
//! bastion        ✓ 1                not tried
//! ```
//!
//! Where one place tried several machines at several ports, the table is machines by ports: a row that fails is a machine, a column a port.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::engine::Evidence;
use crate::fact::{Attempt, Claim, Endpoint, Outcome};
use crate::order;
use crate::sketch::{Node, Sketch};

/// What came of all attempts from one place at one target.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    pub worked: u32,
    pub failed: u32,
    /// What was seen last among the failures, in words.
    pub failure: String,
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contrast {
    /// The one place from which everything was tried: then rows are machines and columns ports. Empty: rows are places.
    pub origin: String,
    pub from: Vec<String>,
    pub to: Vec<String>,
    /// A row for each place, with a cell for each target; nothing where that was not tried.
    pub cells: Vec<Vec<Option<Tally>>>,
    /// How many places and targets the table leaves out, because nobody could look over it.
    pub left_out: usize,
}

/// What a paste without a vantage point is listed under.
const SOMEWHERE: &str = "not said where";

/// Whether a row of the table is a place from which something can be tried.
pub fn is_place(from: &str) -> bool {
    from != SOMEWHERE && !from.contains(' ')
}

/// The most rows, and the most columns.
const MOST: usize = 40;

impl Contrast {
    /// Sorts every attempt by where it was made and what it was made at; machines and ports that are drawn beside those tried get a
    /// row and a column, too.
    pub fn of(evidence: &[Evidence], sketch: &Sketch) -> Contrast {
        let mut tallies: BTreeMap<(String, Target), Tally> = BTreeMap::new();
        for one in evidence {
            for block in &one.reading.blocks {
                for fact in &block.facts {
                    let Claim::Attempt(attempt) = &fact.claim else { continue };
                    let named = one.origin.vantage.as_deref().or(attempt.from.name.as_deref());
                    let from = named.or(block.prompt_host.as_deref()).unwrap_or(SOMEWHERE);
                    let Some(to) = target(attempt) else { continue };
                    tallies.entry((from.to_owned(), to)).or_default().add(attempt);
                }
            }
        }
        by_port(&tallies, sketch).unwrap_or_else(|| {
            let spelled =
                |((from, to), tally): (&(String, Target), &Tally)| ((from.clone(), to.spelled()), tally.clone());
            Contrast::between(String::new(), &order::map(tallies.iter().map(spelled)), &[], &[])
        })
    }

    /// The table of these cells, with rows and columns of which nothing is known yet.
    fn between(
        origin: String,
        tallies: &BTreeMap<(String, String), Tally>,
        rows: &[String],
        columns: &[String],
    ) -> Contrast {
        let none = Tally::default();
        let unknown = |names: &[String]| names.iter().map(|name| (name.clone(), none.clone())).collect::<Vec<_>>();
        let (rows, columns) = (unknown(rows), unknown(columns));
        let known_rows = tallies.iter().map(|((from, _), tally)| (from, tally));
        let known_columns = tallies.iter().map(|((_, to), tally)| (to, tally));
        let (from, places) = worst(known_rows.chain(rows.iter().map(|(name, tally)| (name, tally))));
        let (to, targets) = worst(known_columns.chain(columns.iter().map(|(name, tally)| (name, tally))));
        let row = |from: &String| to.iter().map(|to| tallies.get(&(from.clone(), to.clone())).cloned()).collect();
        Contrast { origin, cells: from.iter().map(row).collect(), left_out: places + targets, from, to }
    }

    /// Whether there is anything to compare.
    pub fn is_telling(&self) -> bool {
        self.from.len() + self.to.len() > 2
    }
}

/// Every name once; of too many those that failed most, then those that were tried most. And how many are left out.
fn worst<'a>(tallies: impl Iterator<Item = (&'a String, &'a Tally)>) -> (Vec<String>, usize) {
    let mut sums: BTreeMap<&String, (u32, u32)> = BTreeMap::new();
    for (name, tally) in tallies {
        let (failed, worked) = sums.entry(name).or_default();
        *failed = failed.saturating_add(tally.failed);
        *worked = worked.saturating_add(tally.worked);
    }
    let mut names: Vec<_> = sums.into_iter().collect();
    order::by_key(&mut names, |(_, sum)| std::cmp::Reverse(*sum));
    let left_out = names.len().saturating_sub(MOST);
    let kept: BTreeSet<String> = order::set(names.into_iter().take(MOST).map(|(name, _)| name.clone()));
    (kept.into_iter().collect(), left_out)
}

/// What an attempt was made at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    /// Its address, or its host where no address is known.
    machine: String,
    port: Option<u16>,
}

impl Target {
    /// `203.0.113.10:443`
    fn spelled(&self) -> String {
        self.port.map_or(self.machine.clone(), |port| format!("{}:{port}", self.machine))
    }
}

fn target(attempt: &Attempt) -> Option<Target> {
    let to = &attempt.to;
    // That a log tells of requests to its own host says of nobody that he reached it.
    let named = to.name.clone().filter(|name| name != Endpoint::SELF);
    let name = to.address.map(|address| address.to_string()).or_else(|| to.host.clone()).or(named)?;
    Some(Target { machine: name, port: to.port })
}

/// Machines by ports, where one place tried some of several machines at some of several ports.
fn by_port(tallies: &BTreeMap<(String, Target), Tally>, sketch: &Sketch) -> Option<Contrast> {
    let origin = &tallies.keys().next()?.0;
    let one_place = tallies.keys().all(|(from, target)| from == origin && target.port.is_some());
    if !one_place || tallies.len() < 2 {
        return None;
    }
    let tried: BTreeSet<&str> = order::set(tallies.keys().map(|(_, target)| target.machine.as_str()));
    let is_tried = |node: &&Node| node.ips.iter().any(|ip| tried.contains(ip.to_string().as_str()));
    // Whoever is of the same kind and serves the same port as one that was tried might as well have been tried.
    let alike = |node: &&Node| {
        let mut tried = sketch.nodes().iter().filter(is_tried);
        is_tried(node)
            || tried
                .any(|one| one.kind.kind == node.kind.kind && one.ports.iter().any(|port| node.ports.contains(port)))
    };
    let drawn = || sketch.nodes().iter().filter(alike);
    let machines: BTreeSet<String> = order::set(
        drawn().flat_map(|node| &node.ips).map(ToString::to_string).chain(tried.iter().map(|name| (*name).to_owned())),
    );
    let ports: BTreeSet<String> = order::set(
        drawn()
            .flat_map(|node| &node.ports)
            .copied()
            .chain(tallies.keys().filter_map(|(_, target)| target.port))
            .map(|port| port.to_string()),
    );
    if machines.len() < 2 || ports.len() < 2 {
        return None;
    }
    let cell = |((_, target), tally): (&(String, Target), &Tally)| {
        ((target.machine.clone(), target.port.map(|port| port.to_string()).unwrap_or_default()), tally.clone())
    };
    let (rows, columns): (Vec<String>, Vec<String>) = (machines.into_iter().collect(), ports.into_iter().collect());
    Some(Contrast::between(origin.clone(), &order::map(tallies.iter().map(cell)), &rows, &columns))
}

impl Tally {
    fn add(&mut self, attempt: &Attempt) {
        if attempt.outcome.is_success() {
            self.worked = self.worked.saturating_add(attempt.count);
        } else {
            self.failed = self.failed.saturating_add(attempt.count);
            self.failure = Outcome::spoken(attempt.outcome).to_owned();
        }
    }

    /// `✓ 2`, `✕ 3: the connection timed out`, `✓ 1, ✕ 2: …`
    pub fn in_words(&self) -> String {
        match (self.worked, self.failed, &self.failure) {
            (worked, 0, _) => format!("✓ {worked}"),
            (0, failed, failure) => format!("✕ {failed}: {failure}"),
            (worked, failed, failure) => format!("✓ {worked}, ✕ {failed}: {failure}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;
    use crate::sketch::from_arrows;

    fn table(paste: &str) -> Contrast {
        table_of(paste, "")
    }

    fn table_of(paste: &str, drawing: &str) -> Contrast {
        let sketch = from_arrows(drawing, &Sketch::default()).unwrap();
        Contrast::of(&[Evidence { reading: read(paste, None, None), ..Evidence::default() }], &sketch)
    }

    #[test]
    fn attempts_are_told_apart_by_where_they_were_made_and_at_which_address() {
        let table = table(
            "root@laptop:~# nc -vz -w 3 203.0.113.10 80; nc -vz -w 3 203.0.113.74 80\n\
             Connection to 203.0.113.10 80 port [tcp/http] succeeded!\n\
             nc: connect to 203.0.113.74 port 80 (tcp) timed out: Operation now in progress\n",
        );
        assert_eq!(table.from, ["laptop"]);
        assert_eq!(table.to, ["203.0.113.10:80", "203.0.113.74:80"]);
        let words: Vec<String> = table.cells[0].iter().flatten().map(Tally::in_words).collect();
        assert_eq!(words[0], "✓ 1");
        assert!(words[1].starts_with("✕ 1: "), "{words:?}");
        assert!(table.is_telling() && table.left_out == 0);
    }

    #[test]
    fn machines_tried_at_several_ports_are_rows_and_ports_columns_also_those_only_drawn() {
        let table = table_of(
            "root@elb-probe:~# nc -vz -w 3 10.1.0.1 31001; nc -vz -w 3 10.1.0.2 31015\n\
             Connection to 10.1.0.1 31001 port [tcp/*] succeeded!\n\
             nc: connect to 10.1.0.2 port 31015 (tcp) timed out: Operation now in progress\n",
            "elb-probe -> node(k8s_node)[10.1.0.1, 10.1.0.2, 10.1.0.3]:31001",
        );
        assert_eq!(table.origin, "elb-probe");
        assert_eq!(table.from, ["10.1.0.1", "10.1.0.2", "10.1.0.3"]);
        assert_eq!(table.to, ["31001", "31015"]);
        let filled = |row: usize| table.cells[row].iter().map(Option::is_some).collect::<Vec<_>>();
        assert_eq!([filled(0), filled(1), filled(2)], [[true, false], [false, true], [false, false]]);
    }

    #[test]
    fn a_note_stands_in_the_row_of_whoever_it_says_tried() {
        assert_eq!(table("office -> 203.0.113.20: works").from, ["office"]);
        assert!(is_place("office") && !is_place(SOMEWHERE));
    }

    #[test]
    fn of_too_many_targets_those_that_failed_stay() {
        let line = |port: u32, outcome: &str| format!("nc: connect to 203.0.113.74 port {port} (tcp) {outcome}\n");
        let mut paste: String =
            (1..=60).map(|port| format!("Connection to 203.0.113.74 {port} port [tcp/*] succeeded!\n")).collect();
        paste.push_str(&line(9_999, "failed: Connection refused"));
        let table = table(&paste);
        assert_eq!((table.to.len(), table.left_out), (MOST, 21));
        assert!(table.to.contains(&"203.0.113.74:9999".to_owned()));
    }
}
