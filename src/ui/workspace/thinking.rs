//! Keeps the diagnosis on screen up with the case: one question at a time, and the newest case again when that is answered.

use std::sync::Arc;

use leptos::prelude::*;

use super::inquire;
use crate::browser;
use crate::case::{Case, Graph};
use crate::diagnosis::Diagnosis;
use crate::inquiry::{Answer, Contrast, Mark, Question};
use crate::session::{Library, Session};
use crate::sketch::Sketch;
use crate::ui::each::Each;

/// What the engine makes of the case on screen.
pub(super) struct Thinking {
    /// The drawing, or what the evidence draws where there is none.
    pub sketch: Memo<Arc<Sketch>>,
    pub diagnosis: RwSignal<Diagnosis>,
    /// Told when an element stands otherwise in it.
    pub standings: Each,
    /// Who reached what.
    pub contrast: RwSignal<Contrast>,
}

impl Thinking {
    /// Asks again whenever drawing or evidence change. `busy` counts the questions under way.
    pub fn of(session: RwSignal<Session>, busy: RwSignal<usize>) -> Thinking {
        let drafted = RwSignal::new(Arc::new(Sketch::default()));
        let diagnosis = RwSignal::new(Diagnosis::default());
        let standings = Each::new();
        let contrast = RwSignal::new(Contrast::default());
        let drawn = Memo::new(move |_| session.read().work().sketch.clone());
        let evidence = Memo::new(move |_| session.read().work().evidence.clone());
        let case = Memo::new(move |_| {
            drawn.track();
            evidence.track();
            Arc::new(session.read_untracked().work().testimony())
        });
        // With other runbooks the same case has another answer.
        let library = Memo::new(move |_| session.read().library().clone());
        let asking = Memo::new(move |_| (case.get(), library.get()));
        let asked = StoredValue::new(None::<Asking>);
        let seen = StoredValue::new(None::<Arc<Sketch>>);
        let take = move |answer| {
            if let Answer::Diagnosed { diagnosis: newest, drafted: sketch, contrast: table } = answer {
                contrast.set(table);
                drafted.set(Arc::new(sketch.map(drawing).unwrap_or_default()));
                // All others were and are untested.
                let told = |diagnosis: &Diagnosis| diagnosis.touched().for_each(|id| standings.one(id).notify());
                diagnosis.with_untracked(told);
                told(&newest);
                diagnosis.set(newest);
            }
        };
        Effect::new(move || ask_about(session, asking, (asked, seen), busy, take));
        let sketch = Memo::new(move |_| {
            let drawn = drawn.get();
            if drawn.is_empty() { drafted.get() } else { drawn }
        });
        Thinking { sketch, diagnosis, standings, contrast }
    }
}

/// A case, and the runbooks to diagnose it with.
type Asking = (Arc<Case<Mark>>, Arc<Library>);

/// Asks about the newest case, unless a question is under way: its answer asks again. A drawing that the engine has `seen` is left out.
fn ask_about(
    session: RwSignal<Session>,
    asking: Memo<Asking>,
    (asked, seen): (StoredValue<Option<Asking>>, StoredValue<Option<Arc<Sketch>>>),
    busy: RwSignal<usize>,
    take: impl Fn(Answer) + Copy + 'static,
) {
    let newest = asking.get();
    if asked.with_value(Option::is_some) {
        return;
    }
    asked.set_value(Some(newest.clone()));
    busy.update(|busy| *busy += 1);
    let drawn = session.with_untracked(|session| session.work().sketch.clone());
    let is_seen =
        !drawn.is_empty() && seen.with_value(|seen| seen.as_ref().is_some_and(|seen| Arc::ptr_eq(seen, &drawn)));
    seen.set_value(Some(drawn));
    let whole = Case::clone(&newest.0);
    let then = move |answer| {
        busy.update(|busy| *busy = busy.saturating_sub(1));
        asked.set_value(None);
        take(answer);
        if asking.get_untracked() != newest {
            untrack(|| ask_about(session, asking, (asked, seen), busy, take));
        }
    };
    if !is_seen {
        return inquire(session, Question::Diagnose(whole), then);
    }
    browser::ask(Question::Again(Case { graph: None, ..whole.clone() }), move |answer| match answer {
        Answer::Unheard => inquire(session, Question::Diagnose(whole), then),
        answer => then(answer),
    });
}

fn drawing(graph: Graph) -> Sketch {
    Sketch::new(graph.nodes, graph.edges).unwrap_or_default()
}
