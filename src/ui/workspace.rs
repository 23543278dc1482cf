//! What every pane shares: one session, one diagnosis derived from it, and one way to change anything.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::map::Tab;
use crate::browser::{self, Notice};
use crate::diagnosis::Diagnosis;
use crate::engine::diagnose;
use crate::evidence::Lines;
use crate::link;
use crate::runbook::Shelf;
use crate::session::{Action, Edit, ItemId, Session, Tenure};
use crate::sketch::Sketch;

/// Lines of evidence that a claim on screen points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spotlight {
    pub item: ItemId,
    pub lines: Lines,
}

/// Long enough to read a short sentence twice.
const READING_TIME: Duration = Duration::from_secs(6);

/// Handles on the shared state; copied freely.
#[derive(Clone, Copy)]
pub(super) struct Workspace {
    pub session: RwSignal<Session>,
    /// What the map shows: drawn by the person, or drafted.
    pub sketch: Memo<Arc<Sketch>>,
    pub diagnosis: Memo<Diagnosis>,
    pub notice: RwSignal<Option<Notice>>,
    /// When the case was last stored in this browser, RFC 3339.
    pub kept: RwSignal<Option<String>>,
    pub spotlight: RwSignal<Option<Spotlight>>,
    pub sharing: RwSignal<bool>,
    pub tab: RwSignal<Tab>,
    /// Panes stand under each other.
    pub narrow: RwSignal<bool>,
}

impl Workspace {
    /// Opens the page where the person stopped, or at the case of a link.
    pub fn open() -> Workspace {
        let notice = RwSignal::new(None);
        let (shelf, complaints) = Shelf::shipped();
        let shelf = StoredValue::new(shelf);
        if !complaints.is_empty() {
            notice.set(Some(Notice::Failed(complaints.join("; "))));
        }
        let session = RwSignal::new(Session::new(browser::salt()));
        let evidence = Memo::new(move |_| session.read().work().evidence.clone());
        let drawn = Memo::new(move |_| session.read().work().sketch.clone());
        let heard = move || evidence.read().iter().map(|item| item.evidence()).collect::<Vec<_>>();
        let sketch = Memo::new(move |_| {
            let drawn = drawn.get();
            if drawn.is_empty() { Arc::new(crate::engine::draft(&heard())) } else { drawn }
        });
        let diagnosis = Memo::new(move |_| shelf.with_value(|shelf| diagnose(&drawn.read(), &heard(), shelf)));
        let narrow = RwSignal::new(browser::narrow());
        browser::on_narrow_change(move |now| narrow.set(now));
        browser::write_when_leaving();
        let workspace = Workspace {
            session,
            sketch,
            diagnosis,
            notice,
            kept: RwSignal::new(None),
            spotlight: RwSignal::new(None),
            sharing: RwSignal::new(false),
            tab: RwSignal::new(Tab::default()),
            narrow,
        };
        workspace.begin();
        workspace
    }

    /// Opens the case of the link, else the one this browser worked on last.
    fn begin(self) {
        if let Some(work) = browser::latest() {
            self.dispatch(Action::Resume(work));
        }
        if let Some(fragment) = browser::take_link() {
            self.visit(&fragment);
        }
        browser::on_link(move |fragment| self.visit(&fragment));
    }

    /// Looks at the case of a link. One's own case stays as it was left, in this browser.
    pub fn visit(self, link: &str) {
        match link::from_fragment(link) {
            Ok(case) => self.dispatch(Action::Visit(case)),
            Err(error) => self.hear(Notice::Failed(error.to_string())),
        }
    }

    /// Leaves a visit.
    pub fn resume(self) {
        self.dispatch(Action::Resume(browser::latest().unwrap_or_default()));
    }

    /// The only way to change anything a person made.
    pub fn dispatch(self, action: Action) {
        let errands = self.session.try_update(|session| session.apply(action)).unwrap_or_default();
        for errand in errands {
            browser::run(errand, move |news| self.hear(news));
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

/// The workspace of the page around this component.
pub(super) fn workspace() -> Workspace {
    expect_context()
}
