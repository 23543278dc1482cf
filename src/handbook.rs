//! Runbooks as a person reads them: a list to search, and one page for each failure mode, filled in for the drawing at hand.
//!
//! ```text
//! nothing listens on its port                     occasional on a service, a database or a cache
//! Signs        a request to it was refused (almost always)
//! Rules it out a connection to it opens
//! Commands     nc -vz orders.internal 8080         from checkout · read-only · 30 s
//! ```

use serde::{Deserialize, Serialize};

use crate::advise::{Trial, first_place, sees, tells, trials};
use crate::clean::plain;
use crate::command::{Slots, client, fill};
use crate::diagnosis::Risk;
use crate::fact::Stage;
use crate::runbook::{FailureMode, Place, Probe, Runbook, Shelf};
use crate::sketch::Kind;
use crate::weigh::Belief;

mod signs;

use signs::{rules_out, signs};

/// A list with more lines is no list any more: more letters make it shorter.
const LISTED: usize = 80;

/// More commands than these nobody reads through.
const COMMANDS: usize = 6;

/// What a search finds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contents {
    pub entries: Vec<Entry>,
    /// How many were found beyond those listed.
    pub more: usize,
}

/// One failure mode in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub mode: String,
    pub title: String,
    /// Where it strikes, in words.
    pub places: String,
}

/// What a page is asked for: a mode, and the element it is suspected at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reference {
    pub mode: String,
    /// `elb`, `elb#203.0.113.30` or `laptop->elb`; without it the first element of the drawing where the mode can strike.
    pub element: Option<String>,
}

/// One failure mode, to be read and acted on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    pub mode: String,
    pub title: String,
    /// The runbook it stands in, by id.
    pub runbook: String,
    /// How usual it is, and where.
    pub places: String,
    /// The element its commands are filled in for; empty where the drawing has none.
    pub about: String,
    pub signs: Vec<String>,
    pub rules_out: Vec<String>,
    pub commands: Vec<Instruction>,
    pub fix: String,
    pub verify: String,
    pub undo: String,
    /// https links.
    pub sources: Vec<String>,
    pub note: Vec<String>,
}

/// A command of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instruction {
    pub question: String,
    pub command: String,
    /// Where it has to be another command, as "In PowerShell", and that command.
    pub variants: Vec<(String, String)>,
    /// Name of the hop to run it on; empty where it does not matter.
    pub from: String,
    pub minutes: f64,
    pub risk: Risk,
    /// What each outcome looks like, and what it means.
    pub reads: Vec<(String, String)>,
    /// Gaps a person has to fill, each with the reason.
    pub gaps: Vec<String>,
}

/// Every failure mode with all the sought words in it; those with them in their title first.
pub fn contents(sought: &str, shelf: &Shelf) -> Contents {
    let words: Vec<String> = sought.split_whitespace().map(str::to_lowercase).collect();
    let holds = |text: &str| words.iter().all(|word| text.contains(word.as_str()));
    let (mut in_title, mut elsewhere) = (Vec::new(), Vec::new());
    for runbook in shelf.runbooks() {
        for mode in &runbook.failure_modes {
            if holds(&format!("{} {}", mode.title, mode.id).to_lowercase()) {
                in_title.push(mode);
            } else if holds(&everything(runbook, mode).to_lowercase()) {
                elsewhere.push(mode);
            }
        }
    }
    let found = in_title.len() + elsewhere.len();
    let entry =
        |mode: &FailureMode| Entry { mode: mode.id.clone(), title: mode.title.clone(), places: places(&mode.on) };
    let entries = in_title.into_iter().chain(elsewhere).take(LISTED).map(entry).collect();
    Contents { entries, more: found.saturating_sub(LISTED) }
}

/// All words of a mode that somebody may look for.
fn everything(runbook: &Runbook, mode: &FailureMode) -> String {
    let outcomes = mode.breaks.keys().map(|outcome| outcome.spoken());
    let states = mode.shows.iter().flat_map(|(name, values)| values.keys().chain([name]).map(String::as_str));
    let seen: Vec<&str> = outcomes.chain(states).collect();
    let where_ = places(&mode.on);
    [&mode.title, &mode.id, &runbook.title, &mode.rules_out, &mode.fix, &mode.verify, &where_, &seen.join(" ")]
        .map(String::as_str)
        .join(" ")
}

/// The page of a mode, if a runbook describes it.
pub fn page(asked: &Reference, belief: &Belief) -> Option<Page> {
    let describes = |runbook: &&Runbook| runbook.failure_modes.iter().any(|mode| mode.id == asked.mode);
    let runbook = belief.shelf.runbooks().iter().find(describes)?;
    let mode = runbook.failure_modes.iter().find(|mode| mode.id == asked.mode)?;
    let named = asked.element.as_deref().and_then(|id| belief.sketch.element(id));
    let element = named.or_else(|| first_place(mode, belief));
    let commands: Vec<Instruction> = match element {
        Some(element) => trials(mode, element, belief).iter().map(|trial| instruction(trial, belief)).collect(),
        None => belief.shelf.probes().filter(|probe| tells(probe, mode) && meets(probe, mode)).map(unfilled).collect(),
    };
    Some(Page {
        mode: mode.id.clone(),
        title: mode.title.clone(),
        runbook: runbook.runbook.clone(),
        places: format!("{} on {}", mode.prior.to_string().replace('-', " "), places(&mode.on)),
        about: element.map(|element| belief.sketch.element_name(element)).unwrap_or_default(),
        signs: signs(mode, belief.shelf),
        rules_out: Some(mode.rules_out.clone())
            .filter(|told| !told.is_empty())
            .into_iter()
            .chain(rules_out(mode, belief.shelf))
            .collect(),
        commands: commands.into_iter().take(COMMANDS).collect(),
        fix: mode.fix.clone(),
        verify: mode.verify.clone(),
        undo: mode.undo.clone(),
        sources: mode.sources.clone(),
        note: runbook.note.clone(),
    })
}

fn meets(probe: &Probe, mode: &FailureMode) -> bool {
    probe.at.iter().any(|place| mode.on.contains(place))
}

fn instruction(trial: &Trial, belief: &Belief) -> Instruction {
    // What asks an API is run wherever its command line is set up.
    let from = trial.from.filter(|_| client(&trial.filled.command).is_none());
    let from = from.and_then(|from| belief.sketch.node(from)).map(|node| node.name().to_owned());
    Instruction {
        command: shown(&trial.filled.command),
        variants: trial
            .variants
            .iter()
            .map(|(setting, command)| (setting.spoken().to_owned(), shown(command)))
            .collect(),
        from: from.unwrap_or_default(),
        gaps: trial.filled.missing.iter().map(|missing| missing.reason.clone()).collect(),
        ..unfilled(trial.probe)
    }
}

fn unfilled(probe: &Probe) -> Instruction {
    Instruction {
        question: probe.question.clone(),
        command: gaping(&probe.command),
        variants: probe
            .variants
            .iter()
            .map(|(setting, command)| (setting.spoken().to_owned(), gaping(command)))
            .collect(),
        from: String::new(),
        minutes: probe.minutes,
        risk: probe.risk,
        reads: probe.reads.iter().map(|(word, means)| (sees(&probe.asks, word), means.clone())).collect(),
        gaps: Vec::new(),
    }
}

/// A command with all its gaps open.
fn gaping(template: &str) -> String {
    shown(&fill(template, &Slots::default()).command)
}

/// Names in a command come from pasted text: nothing invisible may ride along.
fn shown(command: &str) -> String {
    command.lines().map(plain).collect::<Vec<_>>().join("\n")
}

/// `a service, an address of a load balancer or the way into a database`
fn places(places: &[Place]) -> String {
    let article = |word: &str| if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let noun = |kind: Kind| {
        let noun = match kind {
            Kind::Dns => "name server",
            Kind::Storage => "storage system",
            Kind::External => "external service",
            Kind::Other => "hop of another kind",
            kind => kind.spoken(),
        };
        format!("{} {noun}", article(noun))
    };
    let one = |place: &Place| match place {
        Place::Node(kind) => noun(*kind),
        Place::Address(kind) => format!("an address of {}", noun(*kind)),
        Place::Edge(None) => "the way between two hops".to_owned(),
        Place::Edge(Some(kind)) => format!("the way to {}", noun(*kind)),
    };
    match places.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => one(last),
        Some((last, most)) => format!("{} or {}", most.iter().map(one).collect::<Vec<_>>().join(", "), one(last)),
    }
}

/// What works if a request comes so far.
fn works(stage: Stage) -> &'static str {
    match stage {
        Stage::Resolve => "the name is resolved",
        Stage::Connect => "a connection opens",
        Stage::Tls => "the TLS handshake succeeds",
        Stage::Exchange => "a request is answered as it should be",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::believe;
    use crate::sketch::{Sketch, from_arrows};

    fn page_of(mode: &str, element: Option<&str>, drawing: &str) -> Option<Page> {
        let (shelf, _) = Shelf::shipped();
        let sketch = from_arrows(drawing, &Sketch::default()).unwrap();
        let asked = Reference { mode: mode.to_owned(), element: element.map(str::to_owned) };
        believe(&sketch, &[], &shelf, |belief| page(&asked, belief))
    }

    #[test]
    fn the_commands_of_a_page_hold_the_names_and_addresses_of_the_drawing() {
        let drawing = "laptop -> lb[203.0.113.10, 203.0.113.30]:443 -> api";
        let page = page_of("address-dead", Some("lb#203.0.113.30"), drawing).unwrap();
        assert_eq!(page.about, "203.0.113.30, one of 2 addresses of lb");
        assert!(page.commands.iter().any(|one| one.command.contains("203.0.113.30")), "{:?}", page.commands);
        assert!(page.signs.iter().any(|sign| sign.contains("the connection timed out")), "{:?}", page.signs);
        assert!(page.rules_out.iter().any(|sign| sign.contains("a connection opens")), "{:?}", page.rules_out);
        assert!(!page.fix.is_empty());
    }

    #[test]
    fn a_page_can_be_read_before_anything_is_drawn_and_an_unknown_mode_has_none() {
        let page = page_of("certificate-expired", None, "").unwrap();
        assert_eq!(page.about, "");
        assert!(!page.commands.is_empty());
        assert!(page_of("no-such-mode", None, "").is_none());
    }

    #[test]
    fn every_shipped_mode_has_a_page_that_says_what_speaks_for_it() {
        let (shelf, _) = Shelf::shipped();
        let bare: Vec<String> = believe(&Sketch::default(), &[], &shelf, |belief| {
            let page = |mode: &FailureMode| page(&Reference { mode: mode.id.clone(), element: None }, belief);
            let bare = |page: &Page| page.signs.is_empty() || page.fix.is_empty();
            shelf.modes().filter_map(page).filter(bare).map(|page| page.mode).collect()
        });
        assert_eq!(bare, Vec::<String>::new());
    }

    #[test]
    fn a_search_finds_titles_before_other_words_and_says_how_many_it_left_out() {
        let (shelf, _) = Shelf::shipped();
        let found = contents("certificate expired", &shelf);
        assert_eq!(found.entries.first().map(|entry| entry.mode.as_str()), Some("certificate-expired"));
        let all = contents("", &shelf);
        assert_eq!(all.entries.len() + all.more, shelf.modes().count());
        assert_eq!(contents("zebra", &shelf), Contents::default());
    }
}
