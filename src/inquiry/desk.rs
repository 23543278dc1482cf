//! The engine's end of the conversation: remembers what it has read, and answers.

use std::collections::BTreeMap;

use super::{Answer, Contrast, Form, Gist, Greeting, Heard, Mark, Opened, Pack, Paste, Question, Way};
use crate::author;
use crate::case::{Case, Entry, Folded, Graph};
use crate::course::courses;
use crate::diagnosis::Diagnosis;
use crate::engine::{Evidence, Ground, believe, diagnose, draft};
use crate::examine::examine;
use crate::handbook;
use crate::handoff::{self, Handoff, Level};
use crate::link::{self, LinkError, is_link};
use crate::lint::Care;
use crate::read::{Reading, kinds, read};
use crate::redact::{Salt, redact};
use crate::runbook::Shelf;
use crate::sketch::{Sketch, import};

/// The most places in the evidence that an answer lists of one kind.
const LISTED: usize = 200;

/// No longer text is looked through for a link, in bytes.
const LONGEST_LINK: usize = 300_000;

/// Keeps the runbooks and every reading of its life. A page that finds it has been replaced tells it the evidence again.
#[derive(Debug)]
pub struct Desk {
    shipped: Shelf,
    /// The shipped runbooks, and what a team has put beside them.
    shelf: Shelf,
    readings: BTreeMap<Mark, Reading>,
    /// The drawing that was diagnosed last; nothing where there is none, or it was never looked at with these runbooks.
    ground: Option<Ground>,
}

impl Desk {
    /// Begins a conversation.
    pub fn open() -> (Desk, Greeting) {
        let (shipped, complaints) = Shelf::shipped();
        let kinds = kinds().into_iter().map(str::to_owned).collect();
        (
            Desk { shelf: shipped.clone(), shipped, readings: BTreeMap::new(), ground: None },
            Greeting { kinds, complaints },
        )
    }

    /// Answers one question.
    pub fn answer(&mut self, question: Question) -> Answer {
        match question {
            Question::Take { salt, text } => self.take(text, &salt),
            Question::Hear { salt, pastes } => {
                Answer::Heard(pastes.iter().map(|paste| self.hear(paste, &salt)).collect())
            }
            Question::Diagnose(case) => {
                // A drawing on screen was accepted before; a broken one counts as none.
                let drawn = case.sketch().ok().flatten().unwrap_or_default();
                let known = self.ground.take().filter(|ground| ground.is_of(&drawn, &self.shelf));
                self.ground = known.or_else(|| (!drawn.is_empty()).then(|| Ground::new(&drawn, &self.shelf)));
                self.weigh(&case)
            }
            Question::Again(_) if self.ground.is_none() => Answer::Unheard,
            Question::Again(case) => self.weigh(&case),
            Question::Link { case, texts } => self.with(&case, |_, case| {
                let case = case.without_secrets();
                let fragment = match texts {
                    None => link::to_fragment(&case),
                    Some(salt) => link::to_fragment_with_text(&case, &salt),
                };
                Answer::Link(fragment.map_err(|error| error.to_string()))
            }),
            Question::Sealed { data } => Answer::Link(Ok(link::sealed(&data))),
            Question::Note { case, form, link } => {
                self.with(&case, |desk, case| Answer::Note(desk.written(case, &form, link.as_deref())))
            }
            Question::File(case) => Answer::Note(case.without_secrets().save()),
            Question::Open { salt, link } => self.open_link(&link, &salt),
            Question::Examine(pack) => self.examined(&pack, Care::Whole),
            Question::Glance(pack) => self.examined(&pack, Care::Words),
            Question::Shelve(packs) => {
                let files: Vec<(&str, &str)> =
                    packs.iter().map(|pack| (pack.name.as_str(), pack.text.as_str())).collect();
                let (shelf, complaints) = self.shipped.with(&files);
                self.shelf = shelf;
                self.ground = None;
                Answer::Shelved(complaints)
            }
            Question::Contents(sought) => Answer::Contents(handbook::contents(&sought, &self.shelf)),
            Question::Page { case, asked } => self.with(&case, |desk, case| {
                let (drawn, evidence) = taken_apart(case);
                Answer::Page(believe(&drawn, &evidence, &desk.shelf, |belief| handbook::page(&asked, belief)))
            }),
            Question::Course(case) => self.with(&case, |desk, case| {
                let (drawn, evidence) = taken_apart(case);
                Answer::Course(courses(&drawn, &evidence, &desk.shelf))
            }),
            Question::Write { case, solved } => {
                self.with(&case, |desk, case| Answer::Written(author::write(&case, &solved, &desk.shelf)))
            }
        }
    }

    /// A case file, a link and a drawing announce themselves; everything else is evidence.
    fn take(&mut self, text: String, salt: &Salt) -> Answer {
        let trimmed = text.trim();
        if trimmed.starts_with('{') && trimmed.contains("\"hopwise\"") {
            return match Case::open(trimmed) {
                Ok(case) => self.opened(case, Way::File, salt),
                Err(error) => Answer::Opened(Err(error.to_string())),
            };
        }
        if trimmed.len() < LONGEST_LINK && is_link(trimmed) {
            return self.open_link(trimmed, salt);
        }
        if let Some(drawing) = import(trimmed) {
            return Answer::Drawn(drawing.map(|sketch| Graph::from(&sketch)).map_err(|errors| errors.to_string()));
        }
        Answer::Heard(vec![self.hear(&Paste { text, ..Paste::default() }, salt)])
    }

    fn hear(&mut self, paste: &Paste, salt: &Salt) -> Heard {
        let text = redact(&paste.text, salt).text;
        // A command line can carry a password as well as a paste can.
        let command = paste.command.as_deref().map(|command| redact(command, salt).text);
        let facts = paste.facts.clone().filter(|_| text.is_empty());
        let (said, kind) = (command.as_deref(), paste.read_as.as_deref());
        let folded = facts.as_ref().map(Folded::as_str).unwrap_or_default();
        let mark = Mark::of(&[&text, folded, said.unwrap_or_default(), kind.unwrap_or_default()]);
        let reading = self.readings.entry(mark).or_insert_with(|| match &facts {
            Some(facts) => facts.unfold(),
            None if text.is_empty() => Reading::default(),
            None => read(&text, said, kind),
        });
        let gist = Gist::of(reading, mark, &text);
        Heard { text, facts, command, gist }
    }

    fn open_link(&mut self, link: &str, salt: &Salt) -> Answer {
        match link::from_fragment(link) {
            Ok(case) => self.opened(case, Way::Link, salt),
            Err(LinkError::Sealed(data)) => Answer::Sealed(data),
            Err(error) => Answer::Opened(Err(error.to_string())),
        }
    }

    fn opened(&mut self, case: Case, way: Way, salt: &Salt) -> Answer {
        if let Err(errors) = case.sketch() {
            return Answer::Opened(Err(format!("This case cannot be drawn: {errors}")));
        }
        let heard = |entry: Entry| {
            let origin = entry.origin();
            // Whoever gives the text has it read by this engine, which may have learned since.
            let facts = entry.facts.filter(|_| entry.text.is_none());
            let paste = Paste {
                text: entry.text.unwrap_or_default(),
                facts: facts.and_then(|reading| Folded::of(&reading)),
                command: entry.command,
                read_as: None,
            };
            (origin, self.hear(&paste, salt))
        };
        let evidence = case.evidence.into_iter().map(heard).collect();
        Answer::Opened(Ok(Opened {
            way,
            title: case.title,
            graph: case.graph.unwrap_or_default(),
            evidence,
            runbooks: case.runbooks,
        }))
    }

    /// Answers about a case in which every mark is known.
    fn with(&self, case: &Case<Mark>, answer: impl FnOnce(&Desk, Case) -> Answer) -> Answer {
        match self.recalled(case) {
            Some(case) => answer(self, case),
            None => Answer::Unheard,
        }
    }

    fn recalled(&self, case: &Case<Mark>) -> Option<Case> {
        let recalled = |entry: &Entry<Mark>| {
            let facts = match &entry.facts {
                Some(mark) => Some(self.readings.get(mark)?.clone()),
                None => None,
            };
            Some(Entry {
                text: entry.text.clone(),
                file: None,
                facts,
                command: entry.command.clone(),
                vantage: entry.vantage.clone(),
                about: entry.about.clone(),
                at: entry.at.clone(),
            })
        };
        Some(Case {
            hopwise: case.hopwise,
            title: case.title.clone(),
            graph: case.graph.clone(),
            evidence: case.evidence.iter().map(recalled).collect::<Option<_>>()?,
            runbooks: case.runbooks.clone(),
            truth: None,
            cleared: Vec::new(),
        })
    }

    fn examined(&self, pack: &Pack, care: Care) -> Answer {
        Answer::Examined(examine(&pack.name, &pack.text, &self.shelf, care))
    }

    fn weigh(&self, case: &Case<Mark>) -> Answer {
        let heard = |entry: &Entry<Mark>| {
            let reading = match &entry.facts {
                Some(mark) => self.readings.get(mark)?.clone(),
                None => Reading::default(),
            };
            Some(Evidence { origin: entry.origin(), reading })
        };
        let Some(evidence) = case.evidence.iter().map(heard).collect::<Option<Vec<Evidence>>>() else {
            return Answer::Unheard;
        };
        let drafted = self.ground.is_none().then(|| Ground::new(&draft(&evidence), &self.shelf));
        let Some(ground) = self.ground.as_ref().or(drafted.as_ref()) else { return Answer::Unheard };
        Answer::Diagnosed {
            diagnosis: shortened(ground.diagnose(&evidence)),
            drafted: drafted.as_ref().map(|drafted| Graph::from(drafted.sketch())),
            contrast: Contrast::of(&evidence, ground.sketch()),
        }
    }

    fn written(&self, case: Case, form: &Form, link: Option<&str>) -> String {
        let case = case.without_secrets();
        let title = case.title.clone();
        let (drawn, evidence) = taken_apart(case);
        let sketch = if drawn.is_empty() { draft(&evidence) } else { drawn };
        let diagnosis = diagnose(&sketch, &evidence, &self.shelf);
        let handoff =
            Handoff { title: &title, sketch: &sketch, evidence: &evidence, diagnosis: &diagnosis, level: Level::Facts };
        match form {
            Form::Note => handoff::note(&handoff),
            Form::Chat => handoff::chat(&handoff, link),
            Form::Team(team) => handoff::team_page(&handoff, team),
            Form::Picture => handoff::svg(&handoff),
        }
    }
}

/// A case as the engine takes it.
fn taken_apart(case: Case) -> (Sketch, Vec<Evidence>) {
    // A drawing on screen was accepted before; a broken one counts as none.
    let drawn = case.sketch().ok().flatten().unwrap_or_default();
    let heard = |entry: Entry| Evidence { origin: entry.origin(), reading: entry.facts.unwrap_or_default() };
    (drawn, case.evidence.into_iter().map(heard).collect())
}

/// A long paste leaves thousands of lines unread and of facts unplaced, and the page would be busy with nothing else.
fn shortened(mut diagnosis: Diagnosis) -> Diagnosis {
    diagnosis.unread.truncate(LISTED);
    diagnosis.unplaced.truncate(LISTED);
    diagnosis.unexplained.truncate(LISTED);
    diagnosis.suspects.iter_mut().for_each(|suspect| suspect.because.truncate(LISTED));
    diagnosis.cleared.iter_mut().for_each(|cleared| cleared.because.truncate(LISTED));
    let counted = diagnosis.contrasts.iter_mut().flat_map(|contrast| &mut contrast.rows);
    counted.for_each(|row| row.because.truncate(LISTED));
    diagnosis
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_a_long_paste_stays_short() {
        let sample = |name: &str| {
            std::fs::read_to_string(format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
        };
        for text in [sample("access_log/combined.txt"), sample("curl/tls-ok-trixie.txt"), sample("postgres/faults.txt")]
        {
            let long = text.repeat(400_000 / text.len());
            let (mut desk, _) = Desk::open();
            let Answer::Heard(mut heard) = desk.answer(Question::Take { salt: Salt([7; 16]), text: long }) else {
                panic!("no evidence")
            };
            heard.iter_mut().for_each(|heard| heard.text.clear());
            let entry = Entry { facts: Some(heard[0].gist.mark), ..Entry::default() };
            let (title, evidence) = (String::new(), vec![entry]);
            let case = Case {
                hopwise: 1,
                title,
                graph: None,
                evidence,
                runbooks: Vec::new(),
                truth: None,
                cleared: Vec::new(),
            };
            let weighed = desk.answer(Question::Diagnose(case));
            for answer in [Answer::Heard(heard), weighed] {
                let length = crate::inquiry::wire::to_bytes(&answer).len();
                assert!(length < 120_000, "{length}");
            }
        }
    }
}
