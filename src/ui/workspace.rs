//! What every pane shares: one session, one diagnosis derived from it, and one way to change anything.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::attention::Attention;
use super::each::Each;
use super::map::Tab;
use crate::browser::{self, EngineNews, News, Notice};
use crate::diagnosis::{Diagnosis, Standing};
use crate::evidence::Lines;
use crate::inquiry::{Answer, Contrast, Pack, Question};
use crate::session::{Action, Edit, Errand, ItemId, Session, Shelving, Source, Stroke, Tenure, Work};
use crate::sketch::Sketch;

mod thinking;

use thinking::Thinking;

/// Lines of evidence that a claim on screen points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spotlight {
    pub item: ItemId,
    pub lines: Lines,
}

/// The beginning of a fragment that leads to a failure mode's page; a case begins with a digit.
const RUNBOOK: &str = "runbook=";

/// Long enough to read a short sentence twice.
const READING_TIME: Duration = Duration::from_secs(6);

/// Handles on the shared state; copied freely.
#[derive(Clone, Copy)]
pub(super) struct Workspace {
    pub session: RwSignal<Session>,
    /// What the map shows: drawn by the person, or drafted.
    pub sketch: Memo<Arc<Sketch>>,
    /// The newest answer of the engine.
    pub diagnosis: RwSignal<Diagnosis>,
    standings: Each,
    /// Who reached what, of the same answer.
    pub contrast: RwSignal<Contrast>,
    /// The kinds of evidence a person can choose from; empty until the engine is there.
    pub kinds: RwSignal<Vec<String>>,
    /// Questions the engine has not answered yet.
    pub busy: RwSignal<usize>,
    /// A paste that could not be read, on its way back into the box.
    pub returned: RwSignal<Option<String>>,
    pub notice: RwSignal<Option<Notice>>,
    /// When the case was last stored in this browser, RFC 3339.
    pub kept: RwSignal<Option<String>>,
    /// Told every minute, so that what grows old is seen to.
    pub minute: Trigger,
    pub spotlight: RwSignal<Option<Spotlight>>,
    pub attention: Attention,
    pub sharing: RwSignal<bool>,
    /// The data of a link that waits for its passphrase.
    pub sealed: RwSignal<Option<String>>,
    pub tab: RwSignal<Tab>,
    /// Panes stand under each other.
    pub narrow: RwSignal<bool>,
}

impl Workspace {
    /// Opens the page where the person stopped, or at the case of a link.
    pub fn open() -> Workspace {
        let notice = RwSignal::new(None);
        let session = RwSignal::new(Session::new(browser::salt()));
        let busy = RwSignal::new(0);
        let Thinking { sketch, diagnosis, standings, contrast } = Thinking::of(session, busy);
        let narrow = RwSignal::new(browser::narrow());
        browser::on_narrow_change(move |now| narrow.set(now));
        browser::write_when_leaving();
        let workspace = Workspace {
            session,
            sketch,
            diagnosis,
            standings,
            contrast,
            kinds: RwSignal::new(Vec::new()),
            busy,
            returned: RwSignal::new(None),
            notice,
            kept: RwSignal::new(None),
            minute: Trigger::new(),
            spotlight: RwSignal::new(None),
            attention: Attention::new(),
            sharing: RwSignal::new(false),
            sealed: RwSignal::new(None),
            tab: RwSignal::new(Tab::default()),
            narrow,
        };
        browser::start_engine(move |news| workspace.greet(news));
        workspace.begin();
        workspace.count_minutes();
        workspace
    }

    /// Opens the case of the link, else the one this browser worked on last.
    fn begin(self) {
        let library = browser::library();
        let expected = library.brought().iter().any(|file| file.source == Source::Host);
        if !library.brought().is_empty() {
            self.dispatch(Action::Recall(library));
        }
        browser::fetch_runbooks(expected, move |found| self.take_hosted(found));
        if let Some(work) = browser::latest() {
            self.dispatch(Action::Resume(work));
        }
        if let Some(fragment) = browser::take_link() {
            self.follow(&fragment);
        }
        browser::on_link(move |fragment| self.follow(&fragment));
    }

    fn count_minutes(self) {
        let next = move || {
            self.minute.notify();
            self.count_minutes();
        };
        set_timeout(next, Duration::from_secs(60));
    }

    /// Opens what a fragment leads to: the page of a failure mode, or a case.
    fn follow(self, fragment: &str) {
        match fragment.strip_prefix(RUNBOOK) {
            Some(mode) => self.attention.read_about(mode, None),
            None => self.visit(fragment),
        }
    }

    /// The address of a failure mode's page.
    pub fn link_to_runbook(self, mode: &str) -> String {
        browser::link_to(&format!("{RUNBOOK}{mode}"))
    }

    /// Takes in what lies in `runbooks/` beside the page.
    fn take_hosted(self, found: Result<Vec<Pack>, String>) {
        match found {
            Ok(packs) => {
                let names = packs.iter().map(|pack| pack.name.clone()).collect();
                self.dispatch(Action::Shelve(Shelving::Hosted(names)));
                for pack in packs {
                    self.dispatch(Action::Bring { pack, source: Source::Host });
                }
            }
            Err(sentence) => self.hear(Notice::Failed(sentence)),
        }
    }

    /// The engine is there, or late.
    fn greet(self, news: EngineNews) {
        match news {
            EngineNews::Ready(greeting) => {
                self.kinds.set(greeting.kinds);
                if !greeting.complaints.is_empty() {
                    self.hear(Notice::Failed(greeting.complaints.join("; ")));
                }
            }
            EngineNews::Late(why) => self.hear(Notice::Failed(format!("{why} What you paste waits here."))),
        }
    }

    /// Looks at the case of a link. One's own case stays as it was left, in this browser.
    pub fn visit(self, link: &str) {
        self.dispatch(Action::Visit { link: link.to_owned() });
    }

    /// Leaves a visit.
    pub fn resume(self) {
        self.dispatch(Action::Resume(browser::latest().unwrap_or_default()));
    }

    /// Goes over to another case of this browser.
    pub fn switch(self, name: &str) {
        match browser::open_kept(name) {
            Some(work) => self.dispatch(Action::Resume(work)),
            None => self
                .hear(Notice::Failed("This case can no longer be read: another tab may have deleted it.".to_owned())),
        }
    }

    /// Begins a new case; the one on screen stays in this browser.
    pub fn begin_anew(self) {
        browser::part();
        self.dispatch(Action::Resume(Work::default()));
        request_animation_frame(|| browser::focus("paste"));
    }

    /// The only way to change anything a person made.
    pub fn dispatch(self, action: Action) {
        let errands = self.session.try_update(|session| session.apply(action)).unwrap_or_default();
        for errand in errands {
            if matches!(errand, Errand::Ask(..)) {
                self.busy.update(|busy| *busy += 1);
            }
            browser::run(errand, move |news| self.receive(news));
        }
    }

    /// How an element stands; with an address, that one address of it.
    pub fn standing(self, element: &str, address: Option<IpAddr>) -> Standing {
        self.standings.one(element).track();
        self.diagnosis.read_untracked().standing(element, address)
    }

    /// Asks the engine about the case on screen.
    pub fn inquire(self, question: Question, then: impl FnOnce(Answer) + 'static) {
        inquire(self.session, question, then);
    }

    fn receive(self, news: News) {
        match news {
            News::Notice(notice) => self.hear(notice),
            News::Sealed(data) => self.sealed.set(Some(data)),
            News::Returned(text) => self.returned.set(Some(text)),
            News::Action(action) => {
                self.busy.update(|busy| *busy = busy.saturating_sub(1));
                self.dispatch(*action);
            }
        }
    }

    /// Shows what came of an errand. Good news leave by themselves, trouble stays until it is closed.
    pub fn hear(self, news: Notice) {
        match news {
            Notice::Saved => self.kept.set(Some(browser::now())),
            Notice::Failed(_) => self.notice.set(Some(news)),
            Notice::Said(_) => {
                self.notice.set(Some(news.clone()));
                let over = move || {
                    if self.notice.read_untracked().as_ref() == Some(&news) {
                        self.notice.set(None);
                    }
                };
                set_timeout(over, READING_TIME);
            }
        }
    }

    pub fn edit(self, edit: Edit) {
        self.dispatch(Action::Edit(edit));
    }

    /// Changes the drawing the map shows.
    pub fn draw(self, stroke: Stroke) {
        self.edit(Edit::Draw { stroke, shown: self.sketch.get_untracked() });
    }

    pub fn copy(self, text: String, spoken: impl Into<String>) {
        self.dispatch(Action::Copy { text, spoken: spoken.into() });
    }

    pub fn visiting(self) -> bool {
        self.session.read().tenure() == Tenure::Visit
    }

    /// Opens the outline, ready to type.
    pub fn begin_outline(self) {
        self.tab.set(Tab::Outline);
        request_animation_frame(|| browser::focus("outline"));
    }

    /// Shows where a claim was seen: `position` counts the evidence from 0.
    pub fn show_source(self, position: usize, lines: Lines) {
        let item = self.session.with(|session| session.work().evidence.get(position).map(|item| item.id));
        self.spotlight.set(item.map(|item| Spotlight { item, lines }));
    }
}

/// Asks the engine about the case on screen. One that was started anew hears the evidence again first.
fn inquire(session: RwSignal<Session>, question: Question, then: impl FnOnce(Answer) + 'static) {
    browser::ask(question.clone(), move |answer| match answer {
        Answer::Unheard => {
            browser::ask(session.with_untracked(Session::rehearsal), |_| {});
            browser::ask(question, then);
        }
        answer => then(answer),
    });
}

/// The workspace of the page around this component.
pub(super) fn workspace() -> Workspace {
    expect_context()
}
