//! All runbooks in use: the shipped ones, and those a team opens.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{
    Duration, Ends, FailureMode, Flaw, GrowsWith, Growth, Observable, Override, Overrides, Probe, Runbook, Status,
    Volume,
};
use crate::fact::Stage;
use crate::order;

include!(concat!(env!("OUT_DIR"), "/shipped_runbooks.rs"));

/// The probability of a state that no runbook describes; the same under every hypothesis, so it moves nothing.
const UNKNOWN_STATE: f64 = 0.2;

/// The probability of a value that the runbook of its observable does not list: it lists what healthy elements show.
const UNKNOWN_VALUE: f64 = 0.02;

/// Runbooks to diagnose with. Copies share them until one is changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shelf {
    runbooks: Arc<Vec<Runbook>>,
}

impl Shelf {
    /// The runbooks of `runbooks/`, built into the program.
    ///
    /// # Errors
    /// One sentence per file that is not a runbook, with file, line and column. A test keeps the shipped ones free of them.
    pub fn shipped() -> (Shelf, Vec<String>) {
        let mut shelf = Shelf::default();
        let mut complaints = Vec::new();
        for (file, json) in SHIPPED {
            match shelf.add(json) {
                Ok(()) => {}
                Err(complaint) => complaints.push(format!("runbooks/{file}: {complaint}")),
            }
        }
        (shelf, complaints)
    }

    /// Puts one more runbook on the shelf.
    ///
    /// # Errors
    /// What is wrong with it, where, and which words are allowed there.
    pub fn add(&mut self, json: &str) -> Result<(), Flaw> {
        Arc::make_mut(&mut self.runbooks).push(Runbook::open(json)?);
        Ok(())
    }

    /// Puts a runbook in the place of the one with its name, or beside the others.
    pub fn replace(&mut self, runbook: Runbook) {
        let runbooks = Arc::make_mut(&mut self.runbooks);
        match runbooks.iter_mut().find(|known| known.runbook == runbook.runbook) {
            Some(known) => *known = runbook,
            None => runbooks.push(runbook),
        }
    }

    /// The same shelf with files of a team beside it: name and text of each. A runbook takes the place of the one with its
    /// name; overrides count for all runbooks, in whatever order the files come.
    ///
    /// What cannot be used is left out, with one sentence for each such file.
    pub fn with(&self, files: &[(&str, &str)]) -> (Shelf, Vec<String>) {
        let mut shelf = self.clone();
        let (mut overrides, mut complaints) = (Vec::new(), Vec::new());
        for (name, json) in files {
            match Volume::open(json) {
                Ok(Volume::Runbook(runbook)) => match shelf.taken(&runbook) {
                    None => shelf.replace(runbook),
                    Some(id) => complaints.push(format!(
                        "{name} gives the id {id}, which another runbook has given already: give it another id"
                    )),
                },
                Ok(Volume::Overrides(file)) => overrides.push((name, file)),
                Err(error) => complaints.push(format!("{name}: {error}")),
            }
        }
        for (name, file) in overrides {
            for id in shelf.adapt(&file) {
                complaints.push(format!("{name} overrides {id}, which no runbook describes: check its spelling"));
            }
        }
        (shelf, complaints)
    }

    /// An id of this runbook that another one has given already.
    fn taken(&self, runbook: &Runbook) -> Option<String> {
        let others = || self.runbooks.iter().filter(|other| other.runbook != runbook.runbook);
        let modes: BTreeSet<&str> =
            order::set(others().flat_map(|other| &other.failure_modes).map(|mode| mode.id.as_str()));
        let probes: BTreeSet<&str> =
            order::set(others().flat_map(|other| &other.probes).map(|probe| probe.id.as_str()));
        let mode = runbook.failure_modes.iter().map(|mode| &mode.id).find(|id| modes.contains(id.as_str()));
        let probe = runbook.probes.iter().map(|probe| &probe.id).find(|id| probes.contains(id.as_str()));
        let observable =
            runbook.observables.keys().find(|name| others().any(|other| other.observables.contains_key(*name)));
        mode.or(probe).or(observable).cloned()
    }

    /// Lets a team say differently how usual its faults are. Returns the ids that no runbook describes.
    fn adapt(&mut self, file: &Overrides) -> Vec<String> {
        let mut unknown = Vec::new();
        let runbooks = Arc::make_mut(&mut self.runbooks);
        for (id, change) in &file.overrides {
            let Some(runbook) =
                runbooks.iter_mut().find(|runbook| runbook.failure_modes.iter().any(|mode| mode.id == *id))
            else {
                unknown.push(id.clone());
                continue;
            };
            match change {
                Override::Disabled => runbook.failure_modes.retain(|mode| mode.id != *id),
                Override::Prior(prior) => {
                    runbook.failure_modes.iter_mut().filter(|mode| mode.id == *id).for_each(|mode| mode.prior = *prior);
                }
            }
        }
        unknown
    }

    pub fn runbooks(&self) -> &[Runbook] {
        &self.runbooks
    }

    pub fn modes(&self) -> impl Iterator<Item = &FailureMode> {
        self.runbooks.iter().flat_map(|runbook| &runbook.failure_modes)
    }

    /// All failure modes with their positions: that of the runbook, and that in it.
    pub fn placed_modes(&self) -> impl Iterator<Item = ((usize, usize), &FailureMode)> {
        let modes = |runbook: &Runbook| runbook.failure_modes.len();
        let all = self
            .runbooks
            .iter()
            .enumerate()
            .flat_map(move |(at, runbook)| (0..modes(runbook)).map(move |mode| (at, mode)));
        all.filter_map(|place| Some((place, self.mode_at(place)?)))
    }

    /// The failure mode at a position.
    pub fn mode_at(&self, (runbook, mode): (usize, usize)) -> Option<&FailureMode> {
        self.runbooks.get(runbook)?.failure_modes.get(mode)
    }

    /// Whether these are the same runbooks in the same place.
    pub fn is_copy_of(&self, other: &Shelf) -> bool {
        Arc::ptr_eq(&self.runbooks, &other.runbooks)
    }

    pub fn probes(&self) -> impl Iterator<Item = &Probe> {
        self.runbooks.iter().flat_map(|runbook| &runbook.probes)
    }

    /// The failure mode with this id.
    pub fn mode(&self, id: &str) -> Option<&FailureMode> {
        self.modes().find(|mode| mode.id == id)
    }

    /// Whose wait it may be that lasted so many seconds.
    pub fn owners(&self, seconds: f64, stage: Stage, ends: Ends) -> impl Iterator<Item = &Duration> {
        let known = self.runbooks.iter().flat_map(|runbook| &runbook.durations);
        known.filter(move |duration| duration.explains(seconds, stage, ends))
    }

    /// Who answers with this status and `Server` header.
    pub fn speakers(&self, status: u16, server: Option<&str>) -> impl Iterator<Item = &Status> {
        let known = self.runbooks.iter().flat_map(|runbook| &runbook.statuses);
        known.filter(move |known| known.explains(status, server))
    }

    /// What makes errors that grow with this.
    pub fn generators(&self, with: GrowsWith) -> impl Iterator<Item = &Growth> {
        self.runbooks.iter().flat_map(|runbook| &runbook.growths).filter(move |known| known.with == with)
    }

    /// Names of all observables.
    pub fn observables(&self) -> impl Iterator<Item = &str> {
        self.runbooks.iter().flat_map(|runbook| runbook.observables.keys().map(String::as_str))
    }

    pub fn observable(&self, name: &str) -> Option<&Observable> {
        self.runbooks.iter().find_map(|runbook| runbook.observables.get(name))
    }

    /// How likely an observable has this value on a healthy element; an observable no runbook knows says nothing.
    pub fn normally(&self, observable: &str, value: &str) -> f64 {
        let Some(known) = self.observable(observable) else { return UNKNOWN_STATE };
        let sum: f64 = known.normally.values().map(|chance| chance.probability()).sum();
        known.normally.get(value).map_or(UNKNOWN_VALUE, |chance| chance.probability() / sum.max(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLATFORM: &str = r#"{"runbook": "vip-gone", "title": "The virtual address is nowhere", "failure_modes": [
        {"id": "vip-gone", "on": ["node:load_balancer"], "title": "no host holds the virtual address", "prior": "occasional",
         "breaks": {"connect_timeout": "always"}, "fix": "Start keepalived on one of the two."}]}"#;
    const HERE: &str = r#"{"overrides": {"vip-gone": {"prior": "common"}, "address-dead": "disabled"}}"#;

    #[test]
    fn a_team_adds_a_mode_says_how_usual_it_is_and_disables_another_whatever_the_order_of_its_files() {
        let (shipped, _) = Shelf::shipped();
        assert!(shipped.mode("address-dead").is_some());
        let (shelf, complaints) = shipped.with(&[("here.json", HERE), ("vip-gone.json", PLATFORM)]);
        assert_eq!(complaints, Vec::<String>::new());
        assert_eq!(shelf.mode("vip-gone").map(|mode| mode.prior.to_string()).as_deref(), Some("common"));
        assert!(shelf.mode("address-dead").is_none());
    }

    #[test]
    fn a_file_that_cannot_be_used_is_left_out_with_a_sentence() {
        let (shipped, _) = Shelf::shipped();
        let twice = PLATFORM.replace("\"runbook\": \"vip-gone\"", "\"runbook\": \"again\"");
        let typo = r#"{"overrides": {"adress-dead": "disabled"}}"#;
        let files =
            [("vip-gone.json", PLATFORM), ("again.json", twice.as_str()), ("here.json", typo), ("half.json", "{")];
        let (shelf, complaints) = shipped.with(&files);
        assert_eq!(shelf.runbooks().len(), shipped.runbooks().len() + 1);
        assert_eq!(
            complaints,
            [
                "again.json gives the id vip-gone, which another runbook has given already: give it another id",
                "half.json: line 1, column 1: the file ends too early (EOF while parsing an object): close what is open, or take the whole file",
                "here.json overrides adress-dead, which no runbook describes: check its spelling",
            ]
        );
    }
}
