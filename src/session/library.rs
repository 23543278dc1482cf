//! The runbooks a team brings along beside the shipped ones: which, from where, and which of them a person trusts.
//!
//! They belong to the browser and not to one case. Trust is given to a text by its SHA-256, so a changed file is asked for again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::case::Edition;
use crate::examine::Examined;
use crate::inquiry::Pack;

/// Where a file came from. Never from a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A person opened, dropped or wrote it.
    File,
    /// It lies in `runbooks/` beside the page.
    Host,
}

/// What a person said of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Consent {
    Given,
    Refused,
}

/// A file of runbooks and what was found in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    pub pack: Pack,
    pub source: Source,
    pub examined: Examined,
}

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Used,
    /// It works, and nobody has said yet whether to use it.
    Asking,
    Refused,
    /// Something in it cannot work.
    Broken,
}

/// Every file brought along.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Library {
    brought: Vec<Brought>,
    /// By SHA-256.
    consent: BTreeMap<String, Consent>,
}

/// A change of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shelving {
    /// Adds a file, or puts it in the place of the one with its name.
    Bring(Brought),
    /// Says whether the text of this file may be used.
    Answer(String, Consent),
    Remove(String),
    /// The files that lie beside the page now: others from there are gone.
    Hosted(Vec<String>),
}

impl Library {
    /// Whether exactly this file was brought from there.
    pub fn has(&self, pack: &Pack, source: &Source) -> bool {
        self.brought.iter().any(|file| file.pack == *pack && file.source == *source)
    }

    pub fn brought(&self) -> &[Brought] {
        &self.brought
    }

    pub fn standing(&self, file: &Brought) -> Standing {
        match self.consent.get(&file.examined.sha256) {
            _ if !file.examined.works() => Standing::Broken,
            Some(Consent::Given) => Standing::Used,
            Some(Consent::Refused) => Standing::Refused,
            None => Standing::Asking,
        }
    }

    /// The files that wait for an answer.
    pub fn asking(&self) -> impl Iterator<Item = &Brought> {
        self.brought.iter().filter(|file| self.standing(file) == Standing::Asking)
    }

    /// The file a runbook in use came from.
    pub fn origin(&self, runbook: &str) -> Option<&Brought> {
        self.used().find(|file| file.examined.id == runbook)
    }

    fn used(&self) -> impl Iterator<Item = &Brought> {
        self.brought.iter().filter(|file| self.standing(file) == Standing::Used)
    }

    /// What the engine puts on its shelf.
    pub fn packs(&self) -> Vec<Pack> {
        self.used().map(|file| file.pack.clone()).collect()
    }

    /// The files in use, as a case names them.
    pub fn editions(&self) -> Vec<Edition> {
        self.used().map(|file| Edition::new(&file.examined.id, &file.examined.sha256)).collect()
    }

    pub(super) fn change(&mut self, change: Shelving) {
        match change {
            Shelving::Bring(new) => match self.brought.iter_mut().find(|old| old.pack.name == new.pack.name) {
                Some(old) => *old = new,
                None => self.brought.push(new),
            },
            Shelving::Answer(name, consent) => {
                if let Some(file) = self.brought.iter().find(|file| file.pack.name == name) {
                    self.consent.insert(file.examined.sha256.clone(), consent);
                }
            }
            Shelving::Remove(name) => self.brought.retain(|file| file.pack.name != name),
            Shelving::Hosted(names) => {
                self.brought.retain(|file| file.source == Source::File || names.contains(&file.pack.name));
            }
        }
    }
}

/// How the runbooks in use differ from those a case was diagnosed with elsewhere, in sentences.
pub(super) fn differences(there: &[Edition], here: &[Edition]) -> Vec<String> {
    let named = |edition: &Edition| format!("{} ({})", edition.id, edition.sha256);
    let missing = there.iter().filter(|edition| !here.contains(edition)).map(|edition| {
        match here.iter().find(|other| other.id == edition.id) {
            Some(other) => {
                format!("The sender used another {}: {}, and here it is {}.", edition.id, edition.sha256, other.sha256)
            }
            None => format!("The sender also used the runbooks {}, which are not in use here.", named(edition)),
        }
    });
    let extra = here
        .iter()
        .filter(|edition| !there.iter().any(|other| other.id == edition.id))
        .map(|edition| format!("Here the runbooks {} are in use, too; the sender did not have them.", named(edition)));
    missing.chain(extra).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::{Answer, Desk, Question};
    use crate::redact::Salt;
    use crate::session::{Action, Awaiting, Edit, Errand, Luggage, Session, Tenure};

    const VIP: &str = r#"{"runbook": "vip-gone", "title": "The virtual address is nowhere", "failure_modes": [
        {"id": "vip-gone", "on": ["node:load_balancer"], "title": "no host holds the virtual address", "prior": "occasional",
         "breaks": {"connect_timeout": "always"}, "fix": "Start keepalived on one of the two."}]}"#;

    fn pack(text: &str) -> Pack {
        Pack { name: "vip-gone.json".to_owned(), text: text.to_owned() }
    }

    /// Does what a person asked for, lets the engine answer, and returns what else there is to do.
    fn act(session: &mut Session, desk: &mut Desk, action: Action) -> Vec<Errand> {
        let mut done = Vec::new();
        let mut waiting = session.apply(action);
        while let Some(errand) = waiting.pop() {
            match errand {
                Errand::Ask(question, awaiting) => {
                    let answer = desk.answer(question);
                    waiting.extend(session.apply(Action::Answered(awaiting, answer)));
                }
                other => done.push(other),
            }
        }
        done
    }

    fn knows(desk: &mut Desk, mode: &str) -> bool {
        let Answer::Contents(found) = desk.answer(Question::Contents(mode.to_owned())) else { return false };
        found.entries.iter().any(|entry| entry.mode == mode)
    }

    fn begun() -> (Session, Desk) {
        (Session::new(Salt([7; 16])), Desk::open().0)
    }

    #[test]
    fn a_file_is_used_only_after_a_person_agreed_and_undo_takes_that_back() {
        let (mut session, mut desk) = begun();
        act(&mut session, &mut desk, Action::Bring { pack: pack(VIP), source: Source::File });
        assert_eq!(session.library().asking().count(), 1);
        assert!(!knows(&mut desk, "vip-gone"));
        act(&mut session, &mut desk, Action::Shelve(Shelving::Answer("vip-gone.json".to_owned(), Consent::Given)));
        assert!(knows(&mut desk, "vip-gone"));
        let errands = act(&mut session, &mut desk, Action::Undo);
        assert!(!knows(&mut desk, "vip-gone"));
        assert!(errands.iter().any(|errand| matches!(errand, Errand::KeepLibrary(_))));
        act(&mut session, &mut desk, Action::Redo);
        assert!(knows(&mut desk, "vip-gone"));
    }

    #[test]
    fn trust_belongs_to_a_text_so_a_changed_file_asks_again_and_the_old_one_does_not() {
        let (mut session, mut desk) = begun();
        act(&mut session, &mut desk, Action::Bring { pack: pack(VIP), source: Source::Host });
        act(&mut session, &mut desk, Action::Shelve(Shelving::Answer("vip-gone.json".to_owned(), Consent::Given)));
        let changed = VIP.replace("keepalived", "pacemaker");
        act(&mut session, &mut desk, Action::Bring { pack: pack(&changed), source: Source::Host });
        assert_eq!(session.library().asking().count(), 1);
        assert!(!knows(&mut desk, "vip-gone"));
        act(&mut session, &mut desk, Action::Bring { pack: pack(VIP), source: Source::Host });
        assert!(knows(&mut desk, "vip-gone"));
        // What the host no longer offers goes; what a person opened stays.
        act(&mut session, &mut desk, Action::Shelve(Shelving::Hosted(Vec::new())));
        assert!(session.library().brought().is_empty());
    }

    #[test]
    fn a_file_that_cannot_work_is_kept_with_its_findings_and_never_used() {
        let (mut session, mut desk) = begun();
        let broken = VIP.replace("connect_timeout", "timeout");
        act(&mut session, &mut desk, Action::Bring { pack: pack(&broken), source: Source::File });
        act(&mut session, &mut desk, Action::Shelve(Shelving::Answer("vip-gone.json".to_owned(), Consent::Given)));
        let file = session.library().brought().first().unwrap().clone();
        assert_eq!(session.library().standing(&file), Standing::Broken);
        let finding = file.examined.findings.first().unwrap().to_string();
        assert!(finding.starts_with("vip-gone.json:3:") && finding.contains("connect_timeout"), "{finding}");
        assert!(!knows(&mut desk, "vip-gone"));
    }

    #[test]
    fn a_link_names_the_runbooks_and_a_visit_says_how_its_own_differ() {
        let (mut sender, mut desk) = begun();
        act(&mut sender, &mut desk, Action::Bring { pack: pack(VIP), source: Source::File });
        act(&mut sender, &mut desk, Action::Shelve(Shelving::Answer("vip-gone.json".to_owned(), Consent::Given)));
        sender.apply(Action::Edit(Edit::Entitle("Checkout".to_owned())));
        assert!(sender.other_runbooks().is_empty());
        let question = Question::Link { case: sender.case(Luggage::Facts), texts: None };
        let Answer::Link(Ok(link)) = desk.answer(question) else { panic!("no link") };
        assert!(!link.contains("keepalived"));

        let (mut visitor, mut bare) = begun();
        act(&mut visitor, &mut bare, Action::Visit { link: link.clone() });
        assert_eq!(visitor.tenure(), Tenure::Visit);
        let told = visitor.other_runbooks().join(" ");
        assert!(told.contains("vip-gone") && told.contains("not in use here"), "{told}");

        let changed = VIP.replace("occasional", "rare");
        act(&mut visitor, &mut bare, Action::Bring { pack: pack(&changed), source: Source::File });
        act(&mut visitor, &mut bare, Action::Shelve(Shelving::Answer("vip-gone.json".to_owned(), Consent::Given)));
        assert!(visitor.other_runbooks().join(" ").contains("another vip-gone"));
        // A visit is kept nowhere, also when a step of it is undone.
        let errands = act(&mut visitor, &mut bare, Action::Undo);
        assert!(!errands.iter().any(|errand| matches!(errand, Errand::Save(_))), "{errands:?}");
        act(&mut visitor, &mut bare, Action::Bring { pack: pack(VIP), source: Source::File });
        act(&mut visitor, &mut bare, Action::Shelve(Shelving::Answer("vip-gone.json".to_owned(), Consent::Given)));
        assert!(visitor.other_runbooks().is_empty());
    }

    #[test]
    fn a_case_that_is_begun_anew_keeps_the_runbooks() {
        let (mut session, mut desk) = begun();
        act(&mut session, &mut desk, Action::Bring { pack: pack(VIP), source: Source::File });
        act(&mut session, &mut desk, Action::Resume(crate::session::Work::default()));
        assert_eq!(session.library().brought().len(), 1);
        assert!(!session.can_undo());
        let stopped = Answer::Stopped("out of memory".to_owned());
        let told = session.apply(Action::Answered(Awaiting::Shelf, stopped));
        assert!(matches!(told.as_slice(), [Errand::Warn(_)]), "{told:?}");
    }
}
