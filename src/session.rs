//! What a person made and did: the case on screen, its undo history, and what the browser is asked to do about it.
//!
//! Pure: an `Action` goes in, `Errand`s come out. Nothing here knows a screen, a clock or a storage.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::case::{Case, Edition, Graph};
use crate::evidence::Origin;
use crate::examine::Examined;
use crate::inquiry::{Answer, Heard, Mark, Opened, Paste, Question, Way};
use crate::redact::Salt;
use crate::sketch::Sketch;

mod action;
mod asked;
mod draw;
mod edit;
mod examples;
mod field;
mod item;
mod join;
mod library;
mod saved;
mod settled;
mod tenure;
mod work;

pub use action::{Action, Awaiting, Errand};
pub use asked::Asked;
pub use draw::Stroke;
pub use edit::Edit;
pub use examples::{EXAMPLES, Example};
pub use field::Field;
pub use item::{Item, ItemId, Voice};
pub use library::{Brought, Consent, Library, Shelving, Source, Standing};
pub use saved::{Heading, Saved};
pub use settled::{Band, Settled, bands};
pub use tenure::Tenure;
pub use work::{Luggage, Work};

/// How many steps can be undone.
pub const UNDO_STEPS: usize = 100;

/// Everything that undo brings back. Copying it is cheap.
#[derive(Debug, Clone, PartialEq, Default)]
struct Scene {
    work: Work,
    library: Arc<Library>,
    /// The runbooks a case was diagnosed with where it came from; nothing for a case begun here.
    there: Option<Vec<Edition>>,
}

/// One open case.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    scene: Scene,
    tenure: Tenure,
    past: VecDeque<Scene>,
    future: Vec<Scene>,
    /// The last edit, so that typing a line or nudging a hop is one step and not twenty.
    latest: Option<Edit>,
    /// The command copied last, until something is pasted.
    asked: Option<Asked>,
    /// Makes the marks of two sessions incomparable.
    salt: Salt,
}

impl Session {
    /// An empty case of one's own. `salt` is random.
    pub fn new(salt: Salt) -> Session {
        Session {
            scene: Scene::default(),
            tenure: Tenure::Mine,
            past: VecDeque::new(),
            future: Vec::new(),
            latest: None,
            asked: None,
            salt,
        }
    }

    pub fn salt(&self) -> Salt {
        self.salt
    }

    pub fn work(&self) -> &Work {
        &self.scene.work
    }

    pub fn library(&self) -> &Arc<Library> {
        &self.scene.library
    }

    /// The case as a link holds it, with the names of the runbooks in use.
    pub fn case(&self, luggage: Luggage) -> Case<Mark> {
        Case { runbooks: self.scene.library.editions(), ..self.scene.work.case(luggage) }
    }

    /// How the runbooks in use differ from those with which this case was diagnosed where it came from, in sentences.
    pub fn other_runbooks(&self) -> Vec<String> {
        self.scene
            .there
            .as_ref()
            .map(|there| library::differences(there, &self.scene.library.editions()))
            .unwrap_or_default()
    }

    pub fn tenure(&self) -> Tenure {
        self.tenure
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Does what a person asked for and returns what the browser has to do about it.
    pub fn apply(&mut self, action: Action) -> Vec<Errand> {
        match action {
            Action::Edit(_) | Action::Command(..) | Action::ReadAs(..) if self.tenure == Tenure::Visit => refused(),
            Action::Edit(edit) => self.edit(edit),
            Action::Paste { text, .. } if text.trim().is_empty() => {
                vec![Errand::Tell("There is nothing to read yet: paste the output of a command first.".to_owned())]
            }
            Action::Paste { text, at } => {
                let question = Question::Take { salt: self.salt, text: text.clone() };
                vec![Errand::Ask(question, Awaiting::Paste { text, at })]
            }
            Action::Command(id, command) => self.rehear(id, |paste| paste.command = command),
            Action::ReadAs(id, kind) => self.rehear(id, |paste| paste.read_as = kind),
            Action::Answered(awaiting, answer) => self.answered(awaiting, answer),
            Action::Undo => self.step(Direction::Back),
            Action::Redo => self.step(Direction::Forth),
            Action::Copy { text, spoken } => vec![Errand::Copy { text, spoken }],
            Action::CopyCommand { asked, spoken } => {
                let text = asked.command.clone();
                self.asked = Some(asked);
                vec![Errand::Copy { text, spoken }]
            }
            Action::Download { name, text } => vec![Errand::Download { name, text }],
            Action::DownloadPicture { name, svg } => vec![Errand::DownloadPicture { name, svg }],
            Action::SaveAsFile => {
                let (name, runbooks) = (self.work().file_name(), self.library().editions());
                let case = Case { runbooks, ..self.work().kept() };
                vec![Errand::Ask(Question::File(case), Awaiting::File { name })]
            }
            Action::Open(text) => vec![Errand::Ask(Question::Take { salt: self.salt, text }, Awaiting::Case)],
            Action::Visit { link } => vec![Errand::Ask(Question::Open { salt: self.salt, link }, Awaiting::Case)],
            Action::MakeItMine => {
                self.tenure = Tenure::Mine;
                vec![Errand::SaveAsNew(self.work().clone())]
            }
            Action::Join { mine } => {
                let theirs = Arc::new(self.work().clone());
                self.begin(mine, Tenure::Mine);
                self.hear(self.work().pastes(), Awaiting::Union(theirs))
            }
            Action::Resume(work) => {
                self.begin(work, Tenure::Mine);
                self.hear(self.work().pastes(), Awaiting::Readings)
            }
            Action::Recall(library) => {
                self.scene.library = Arc::new(library);
                self.shelve()
            }
            Action::Bring { pack, source } if self.library().has(&pack, &source) => Vec::new(),
            Action::Bring { pack, source } => {
                vec![Errand::Ask(Question::Examine(pack.clone()), Awaiting::Pack { pack, source })]
            }
            Action::Shelve(change) => self.rearrange(change),
        }
    }

    /// Puts other work on screen, with nothing to undo.
    fn begin(&mut self, work: Work, tenure: Tenure) {
        let scene = Scene { work, library: self.scene.library.clone(), there: None };
        *self = Session { scene, tenure, ..Session::new(self.salt) };
    }

    /// Has the engine hear texts, none of which may be kept as they are.
    fn hear(&self, pastes: Vec<Paste>, awaiting: Awaiting) -> Vec<Errand> {
        vec![Errand::Ask(Question::Hear { salt: self.salt, pastes }, awaiting)]
    }

    /// The evidence on screen, for an engine that knows nothing of it.
    pub fn rehearsal(&self) -> Question {
        Question::Hear { salt: self.salt, pastes: self.work().pastes() }
    }

    fn rehear(&self, id: ItemId, change: impl FnOnce(&mut Paste)) -> Vec<Errand> {
        let Some(item) = self.work().item(id) else { return Vec::new() };
        let mut paste = item.paste();
        change(&mut paste);
        let read_as = paste.read_as.clone();
        self.hear(vec![paste], Awaiting::Item { id, read_as })
    }

    /// Goes on with what waited for the engine.
    fn answered(&mut self, awaiting: Awaiting, answer: Answer) -> Vec<Errand> {
        let heard = match answer {
            Answer::Heard(heard) => heard,
            Answer::Opened(Ok(opened)) => return self.take_over(opened),
            Answer::Drawn(Ok(graph)) => return self.import(graph),
            Answer::Opened(Err(sentence)) | Answer::Drawn(Err(sentence)) | Answer::Link(Err(sentence)) => {
                return vec![Errand::Warn(sentence)];
            }
            Answer::Sealed(data) => return vec![Errand::AskPassphrase(data)],
            Answer::Stopped(last_words) => return awaiting.given_back(&last_words),
            Answer::Note(text) => match awaiting {
                Awaiting::File { name } => return vec![Errand::Download { name, text }],
                _ => return Vec::new(),
            },
            Answer::Examined(examined) => return self.examined(awaiting, examined),
            Answer::Shelved(complaints) => return complaints.into_iter().map(Errand::Warn).collect(),
            Answer::Diagnosed { .. } | Answer::Unheard | Answer::Link(Ok(_)) => return Vec::new(),
            Answer::Course(_) | Answer::Contents(_) | Answer::Page(_) | Answer::Written(_) => return Vec::new(),
        };
        match awaiting {
            Awaiting::Paste { .. } | Awaiting::Item { .. } if self.tenure == Tenure::Visit => refused(),
            Awaiting::Readings => {
                self.fill(heard);
                Vec::new()
            }
            Awaiting::Union(theirs) => {
                self.fill(heard);
                self.edit(Edit::Join(theirs))
            }
            Awaiting::Paste { at, .. } => {
                let asked = self.asked.take();
                self.edits(heard, |heard| {
                    let origin = asked.as_ref().map(|asked| asked.origin(&heard.gist)).unwrap_or_default();
                    Edit::Add { heard, origin: Origin { at: at.clone(), ..origin } }
                })
            }
            Awaiting::Item { id, read_as } => {
                self.edits(heard, |heard| Edit::Rehear { id, heard, read_as: read_as.clone() })
            }
            Awaiting::Case => vec![Errand::Warn("There is no case in this file.".to_owned())],
            Awaiting::File { .. } | Awaiting::Pack { .. } | Awaiting::Shelf => Vec::new(),
        }
    }

    /// Puts a case on screen that a person has chosen.
    fn take_over(&mut self, mut opened: Opened) -> Vec<Errand> {
        let (way, there) = (opened.way, std::mem::take(&mut opened.runbooks));
        let work = match Work::of(opened) {
            Ok(work) => work,
            Err(errors) => return vec![Errand::Warn(format!("This case cannot be drawn: {errors}"))],
        };
        match way {
            Way::File => self.open(work),
            Way::Link => self.begin(work, Tenure::Visit),
        }
        self.scene.there = Some(there);
        match way {
            Way::File => vec![Errand::SaveAsNew(self.work().clone())],
            Way::Link => Vec::new(),
        }
    }

    fn import(&mut self, graph: Graph) -> Vec<Errand> {
        match Sketch::new(graph.nodes, graph.edges) {
            _ if self.tenure == Tenure::Visit => refused(),
            Ok(sketch) => self.edit(Edit::Draw { stroke: Stroke::Import(sketch), shown: self.work().sketch.clone() }),
            Err(errors) => vec![Errand::Warn(errors.to_string())],
        }
    }

    fn edits(&mut self, heard: Vec<Heard>, edit: impl Fn(Heard) -> Edit) -> Vec<Errand> {
        heard.into_iter().flat_map(|heard| self.edit(edit(heard))).collect()
    }

    /// Gives a draft its readings, also where it has been changed since it came on screen.
    fn fill(&mut self, heard: Vec<Heard>) {
        let scenes = self.past.iter_mut().chain(&mut self.future).chain([&mut self.scene]);
        for item in scenes.flat_map(|scene| &mut scene.work.evidence) {
            if let Some(heard) = heard.get(item.id.0 as usize).filter(|heard| *heard.text == *item.text) {
                Arc::make_mut(item).rehear(heard.clone());
            }
        }
    }

    /// Puts a new case on screen. Nothing is lost by it, so undo leads back to what was there.
    fn open(&mut self, work: Work) {
        match self.tenure {
            Tenure::Mine => {
                self.remember(self.scene.clone());
                self.scene.work = work;
            }
            Tenure::Visit => self.begin(work, Tenure::Mine),
        }
    }

    /// Makes a step of undo of what was there before a change.
    fn remember(&mut self, before: Scene) {
        self.past.push_back(before);
        if self.past.len() > UNDO_STEPS {
            self.past.pop_front();
        }
        self.future.clear();
        self.latest = None;
    }

    fn edit(&mut self, edit: Edit) -> Vec<Errand> {
        let before = self.scene.clone();
        let told = self.scene.work.edit(&edit);
        if self.scene == before {
            return told.into_iter().map(Errand::Tell).collect();
        }
        let continues = self.latest.as_ref().is_some_and(|latest| edit.continues(latest));
        if continues {
            self.future.clear();
        } else {
            self.remember(before);
        }
        self.latest = Some(edit);
        let mut errands = vec![Errand::Save(self.work().clone())];
        errands.extend(told.map(Errand::Tell));
        errands
    }

    /// Takes in a file of runbooks the engine has looked at.
    fn examined(&mut self, awaiting: Awaiting, examined: Examined) -> Vec<Errand> {
        let Awaiting::Pack { pack, source } = awaiting else { return Vec::new() };
        self.rearrange(Shelving::Bring(Brought { pack, source, examined }))
    }

    /// Changes what runbooks are in use. What the host of the page does is no step of a person.
    fn rearrange(&mut self, change: Shelving) -> Vec<Errand> {
        let by_host = match &change {
            Shelving::Bring(file) => file.source == Source::Host,
            Shelving::Hosted(_) => true,
            Shelving::Answer(..) | Shelving::Remove(_) => false,
        };
        let mut library = Library::clone(self.library());
        library.change(change);
        if library == **self.library() {
            return Vec::new();
        }
        if !by_host {
            self.remember(self.scene.clone());
        }
        self.scene.library = Arc::new(library);
        self.shelve()
    }

    /// Has the library kept, and the engine diagnose with it.
    fn shelve(&self) -> Vec<Errand> {
        let library = self.library();
        vec![Errand::KeepLibrary(library.clone()), Errand::Ask(Question::Shelve(library.packs()), Awaiting::Shelf)]
    }

    fn step(&mut self, direction: Direction) -> Vec<Errand> {
        let next = match direction {
            Direction::Back => self.past.pop_back(),
            Direction::Forth => self.future.pop(),
        };
        let Some(next) = next else { return Vec::new() };
        let left = std::mem::replace(&mut self.scene, next);
        let mut errands = Vec::new();
        if left.library != self.scene.library {
            errands.extend(self.shelve());
        }
        // A visit has steps, too, if runbooks were opened during it; its case is kept nowhere all the same.
        if self.tenure == Tenure::Mine {
            errands.push(Errand::Save(self.work().clone()));
        }
        match direction {
            Direction::Back => self.future.push(left),
            Direction::Forth => self.past.push_back(left),
        }
        self.latest = None;
        let told = match direction {
            Direction::Back => "Undone",
            Direction::Forth => "Redone",
        };
        errands.push(Errand::Tell(told.to_owned()));
        errands
    }
}

/// Says why a visited case does not change.
fn refused() -> Vec<Errand> {
    vec![Errand::Tell("This case came by a link. Choose “Make it mine” to change it.".to_owned())]
}

#[derive(Clone, Copy)]
enum Direction {
    Back,
    Forth,
}

#[cfg(test)]
mod tests;
