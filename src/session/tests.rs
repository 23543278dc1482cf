//! What the session promises to a person: undo, one drag one step, nothing lost, no stranger's link over one's own work.

use super::*;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::inquiry::{Desk, Mark};
use crate::layout::Point;
use crate::sketch::{Kind, Node, Sketch, from_arrows, to_arrows};

const CURL: &str = "$ curl -v http://203.0.113.10/\n*   Trying 203.0.113.10:80...\n* Connection refused\n";

fn paste(text: &str) -> Action {
    Action::Paste { text: text.to_owned(), at: Some("2026-11-21T03:00:00Z".to_owned()) }
}

fn outline(text: &str) -> Action {
    outline_over(text, &Sketch::default())
}

fn outline_over(text: &str, shown: &Sketch) -> Action {
    Action::Edit(Edit::Outline { text: text.to_owned(), shown: Arc::new(shown.clone()) })
}

/// What the map shows where nobody drew anything.
fn drafted(session: &Session) -> Sketch {
    match told_all(session).answer(Question::Diagnose(session.work().testimony())) {
        Answer::Diagnosed { drafted: Some(graph), .. } => Sketch::new(graph.nodes, graph.edges).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn engine() -> Desk {
    Desk::open().0
}

/// An engine that has heard the evidence of this session.
fn told_all(session: &Session) -> Desk {
    let mut engine = engine();
    engine.answer(session.rehearsal());
    engine
}

/// Applies an action as the page does: the engine's answers follow at once. Returns every other errand.
fn apply(session: &mut Session, action: Action) -> Vec<Errand> {
    let mut engine = engine();
    let mut left = Vec::new();
    let mut waiting = VecDeque::from(session.apply(action));
    while let Some(errand) = waiting.pop_front() {
        match errand {
            Errand::Ask(question, awaiting) => {
                waiting.extend(session.apply(Action::Answered(awaiting, engine.answer(question))));
            }
            errand => left.push(errand),
        }
    }
    left
}

fn visit(case: &Case<Mark>) -> Action {
    let question = Question::Link { case: case.clone(), texts: Some(Salt([7; 16])) };
    match engine().answer(question) {
        Answer::Link(Ok(link)) => Action::Visit { link },
        other => panic!("{other:?}"),
    }
}

fn draw(session: &mut Session, stroke: Stroke) {
    let shown = session.work().sketch.clone();
    session.apply(Action::Edit(Edit::Draw { stroke, shown }));
}

fn place(id: &str, x: f64) -> Action {
    Action::Edit(Edit::Place([(id.to_owned(), Point { x, y: 0.0 })].into()))
}

fn session(actions: impl IntoIterator<Item = Action>) -> Session {
    let mut session = Session::new(Salt([7; 16]));
    for action in actions {
        apply(&mut session, action);
    }
    session
}

#[test]
fn a_paste_is_read_kept_and_saved() {
    let mut session = session([]);
    let errands = apply(&mut session, paste(CURL));
    let item = &session.work().evidence[0];
    assert_eq!(*item.text, *CURL);
    assert!(item.gist.blocks.iter().any(|block| block.kind == "curl"), "{:?}", item.gist);
    assert_eq!(errands, [Errand::Save(session.work().clone())]);
}

#[test]
fn an_empty_paste_changes_nothing_and_says_why() {
    let mut session = session([]);
    let errands = apply(&mut session, paste(" \n"));
    assert!(matches!(errands.as_slice(), [Errand::Tell(_)]), "{errands:?}");
    assert!(!session.can_undo());
}

#[test]
fn every_kind_of_edit_is_undone_and_redone() {
    let id = ItemId(0);
    let actions = [
        Action::Edit(Edit::Entitle("Orders".to_owned())),
        Action::Edit(Edit::Voice(id, Voice::Muted)),
        Action::Edit(Edit::Vantage(id, Some("a".to_owned()))),
        Action::Command(id, Some("curl -v http://203.0.113.10/".to_owned())),
        Action::ReadAs(id, Some("dig".to_owned())),
        outline("a -> b"),
        Action::Edit(Edit::Place([("a".to_owned(), Point { x: 1.0, y: 2.0 })].into())),
        Action::Edit(Edit::Nudge([("b".to_owned(), Point { x: 3.0, y: 4.0 })].into())),
        Action::Edit(Edit::Tidy(BTreeSet::new())),
        Action::Edit(Edit::About(id, Some("b".to_owned()))),
        Action::Edit(Edit::Remove(id)),
        paste(CURL),
    ];
    let mut session = session([paste(CURL), outline("a -> b -> c"), place("a", 9.0)]);
    for action in actions {
        let before = session.work().clone();
        apply(&mut session, action.clone());
        let after = session.work().clone();
        assert_ne!(before, after, "{action:?} did nothing");
        apply(&mut session, Action::Undo);
        assert_eq!(session.work(), &before, "{action:?} was not undone");
        apply(&mut session, Action::Redo);
        assert_eq!(session.work(), &after, "{action:?} was not redone");
    }
}

#[test]
fn every_stroke_is_undone_and_redone() {
    let strokes = [
        Stroke::Grow { after: Some("b".to_owned()) },
        Stroke::Connect { from: "a".to_owned(), to: "hop".to_owned() },
        Stroke::Disconnect { from: "a".to_owned(), to: "b".to_owned() },
        Stroke::Measured { of: "job-7".to_owned(), element: "b".to_owned() },
        Stroke::Duplicate(["b".to_owned()].into()),
        Stroke::Describe { id: "a".to_owned(), node: Box::new(Node::new("d", Kind::Client)) },
        Stroke::Import(from_arrows("x -> y", &Sketch::default()).unwrap()),
        Stroke::Erase(["x".to_owned()].into()),
    ];
    let mut session = session([outline("a -> b -> c")]);
    for stroke in strokes {
        let before = session.work().clone();
        draw(&mut session, stroke.clone());
        let after = session.work().clone();
        assert_ne!(before, after, "{stroke:?} did nothing");
        session.apply(Action::Undo);
        assert_eq!(session.work(), &before, "{stroke:?} was not undone");
        session.apply(Action::Redo);
        assert_eq!(session.work(), &after, "{stroke:?} was not redone");
    }
}

#[test]
fn one_drag_is_one_step_and_so_is_a_line_typed_letter_by_letter() {
    let mut dragged = session([outline("a -> b"), place("a", 1.0), place("a", 2.0)]);
    apply(&mut dragged, Action::Undo);
    assert_eq!(dragged.work().places["a"].x, 1.0);

    let mut typed = session([paste(CURL), outline("a"), outline("a -"), outline("a ->"), outline("a -> b")]);
    apply(&mut typed, Action::Undo);
    assert!(typed.work().sketch.is_empty() && typed.work().outline.is_none());
    assert_eq!(typed.work().evidence.len(), 1);
}

#[test]
fn a_hundred_steps_can_be_undone_and_no_more() {
    let mut session = session((0..150).map(|step| place("a", f64::from(step))));
    let mut steps = 0;
    while session.can_undo() {
        apply(&mut session, Action::Undo);
        steps += 1;
    }
    assert_eq!(steps, UNDO_STEPS);
}

#[test]
fn an_unfinished_line_keeps_the_last_drawing_and_every_letter() {
    let session = session([outline("a -> b"), paste(CURL), outline("a -> b ->")]);
    assert_eq!(session.work().sketch.nodes().len(), 2);
    assert_eq!(session.work().outline(&Sketch::default()), "a -> b ->");
}

#[test]
fn typing_into_a_drafted_outline_keeps_what_the_draft_knew() {
    let mut session = session([paste(CURL)]);
    let drafted = drafted(&session);
    let text = format!("{} -> db", session.work().outline(&drafted));
    apply(&mut session, outline_over(&text, &drafted));
    assert!(session.work().sketch.find("db").is_some());
    for node in drafted.nodes() {
        let kept = session.work().sketch.find(&node.id).and_then(|ix| session.work().sketch.node(ix));
        assert_eq!(kept, Some(node));
    }
}

#[test]
fn a_visit_is_read_only_and_stored_nowhere_until_it_is_made_ones_own() {
    let shared = session([paste(CURL), outline("client -> api")]).work().case(Luggage::Text);
    let mut session = session([]);
    assert_eq!(apply(&mut session, visit(&shared)), []);
    let refused = apply(&mut session, paste("more"));
    assert!(matches!(refused.as_slice(), [Errand::Tell(_)]), "{refused:?}");
    assert_eq!(session.work().case(Luggage::Text), shared);
    assert_eq!(apply(&mut session, Action::MakeItMine), [Errand::SaveAsNew(session.work().clone())]);
    apply(&mut session, paste("more"));
    assert_eq!(session.work().evidence.len(), 2);
}

#[test]
fn muted_evidence_keeps_its_place_and_says_nothing() {
    let session = session([paste(CURL), paste("note"), Action::Edit(Edit::Voice(ItemId(0), Voice::Muted))]);
    let heard = session.work().testimony().evidence;
    assert_eq!(heard.len(), 2);
    assert!(heard[0].facts.is_none() && heard[1].facts.is_some());
}

#[test]
fn a_draft_comes_back_as_it_was() {
    let session = session([
        Action::Edit(Edit::Entitle("Orders".to_owned())),
        paste(CURL),
        paste("note"),
        Action::ReadAs(ItemId(1), Some("dig".to_owned())),
        Action::Edit(Edit::Voice(ItemId(1), Voice::Muted)),
        outline("a -> b ->"),
        place("a", 7.0),
    ]);
    let json = Saved::from(session.work()).to_json();
    let back = super::tests::session([Action::Resume(Saved::work(&json).unwrap())]);
    assert_eq!(back.work(), session.work());
}

#[test]
fn a_case_with_facts_only_gives_the_same_diagnosis_as_one_with_text() {
    for example in EXAMPLES {
        let opened = session([Action::Open(examples::tests::text(example))]);
        let question = Question::Link { case: opened.work().case(Luggage::Facts), texts: None };
        let Answer::Link(Ok(link)) = told_all(&opened).answer(question) else { panic!("{}", example.id) };
        let visited = session([Action::Visit { link }]);
        let weighed = |session: &Session| told_all(session).answer(Question::Diagnose(session.work().testimony()));
        assert_eq!(weighed(&visited), weighed(&opened), "{}", example.id);
        assert!(visited.work().evidence.iter().all(|item| item.text.is_empty()));
    }
}

#[test]
fn a_draft_changed_before_the_engine_was_there_still_gets_its_readings() {
    let kept = session([paste(CURL), outline("a -> b")]);
    let draft = Saved::work(&Saved::from(kept.work()).to_json()).unwrap();
    let mut late = session([]);
    let errands = late.apply(Action::Resume(draft));
    late.apply(outline("a -> b -> c"));
    let [Errand::Ask(question, awaiting)] = errands.as_slice() else { panic!("{errands:?}") };
    late.apply(Action::Answered(awaiting.clone(), engine().answer(question.clone())));
    assert_eq!(late.work().evidence, kept.work().evidence);
    assert_eq!(late.work().sketch.nodes().len(), 3);
    late.apply(Action::Undo);
    assert_eq!(late.work(), kept.work());
}

#[test]
fn a_paste_on_which_the_engine_breaks_off_goes_back_into_its_box() {
    let mut session = session([]);
    let errands = session.apply(paste(CURL));
    let [Errand::Ask(_, awaiting)] = errands.as_slice() else { panic!("{errands:?}") };
    let errands = session.apply(Action::Answered(awaiting.clone(), Answer::Stopped("stopped by you".to_owned())));
    assert!(
        matches!(errands.as_slice(), [Errand::GiveBack(text), Errand::Warn(sentence)]
            if text == CURL && sentence.contains("stopped by you")),
        "{errands:?}"
    );
    assert!(session.work().evidence.is_empty() && !session.can_undo());
}

#[test]
fn secrets_are_gone_before_anything_is_kept_saved_or_shared() {
    let text = "$ curl -v http://203.0.113.10/\n> GET / HTTP/1.1\n> Authorization: Bearer hunter2hunter2\n";
    let mut pasted = session([]);
    let mut kept = format!("{:?}", apply(&mut pasted, paste(text)));
    let command = "curl -u admin:hunter2hunter2 http://203.0.113.10/".to_owned();
    kept.push_str(&format!("{:?}", apply(&mut pasted, Action::Command(ItemId(0), Some(command.clone())))));
    let json = format!(r#"{{"hopwise":1,"evidence":[{{"text":{text:?},"command":{command:?}}}]}}"#);
    let mut opened = session([]);
    kept.push_str(&format!("{:?}", apply(&mut opened, Action::Open(json))));
    kept.push_str(&format!("{pasted:?}{opened:?}"));
    kept.push_str(&Saved::from(pasted.work()).to_json());
    assert!(!kept.contains("hunter2"), "{kept}");
}

#[test]
fn a_case_saved_as_a_file_opens_again_with_its_texts() {
    let mut saved =
        session([Action::Edit(Edit::Entitle("Orders: 15 s late!".to_owned())), paste(CURL), outline("a -> b")]);
    let errands = apply(&mut saved, Action::SaveAsFile);
    let [Errand::Download { name, text }] = errands.as_slice() else { panic!("{errands:?}") };
    assert_eq!(name, "orders-15-s-late.json");
    let opened = session([Action::Open(text.clone())]);
    assert_eq!(opened.work().evidence, saved.work().evidence);
    assert_eq!(opened.work().sketch, saved.work().sketch);
}

#[test]
fn a_case_that_cannot_be_drawn_leaves_the_screen_as_it_was() {
    let case = r#"{"hopwise":1,"graph":{"nodes":[{"id":"a","kind":"client"}],"edges":[{"from":"a","to":"b"}]}}"#;
    let mut session = session([paste(CURL)]);
    let before = session.clone();
    let errands = apply(&mut session, Action::Open(case.to_owned()));
    assert!(matches!(errands.as_slice(), [Errand::Warn(sentence)] if sentence.contains("\"b\"")), "{errands:?}");
    assert_eq!(session, before);
}

#[test]
fn opening_an_example_is_undone_like_any_other_step() {
    let case = r#"{"hopwise":1,"title":"Example","evidence":[]}"#;
    let mut session = session([Action::Open(case.to_owned())]);
    assert_eq!(session.work().title, "Example");
    session.apply(Action::Undo);
    assert_eq!(session.work(), &Work::default());
}

#[test]
fn a_renamed_hop_keeps_its_lines_its_place_and_what_was_seen_from_it() {
    let vantage = Edit::Vantage(ItemId(0), Some("b".to_owned()));
    let renamed = Stroke::Describe { id: "b".to_owned(), node: Box::new(Node::new("lb", Kind::LoadBalancer)) };
    let mut session = session([paste(CURL), outline("a -> b -> c"), place("b", 5.0), Action::Edit(vantage)]);
    draw(&mut session, renamed);
    let work = session.work();
    assert_eq!(to_arrows(&work.sketch), "a(service) -> lb -> c(service)");
    assert_eq!(work.places["lb"].x, 5.0);
    assert_eq!(work.evidence[0].origin.vantage.as_deref(), Some("lb"));
}

#[test]
fn a_copy_of_hops_has_their_lines_and_names_of_its_own() {
    let copy = Stroke::Duplicate(["b".to_owned(), "c".to_owned()].into());
    let mut session = session([outline("a -> b[203.0.113.10] -> c")]);
    draw(&mut session, copy);
    let sketch = &session.work().sketch;
    let edges: Vec<String> = sketch.edges().iter().map(|edge| format!("{}->{}", edge.from, edge.to)).collect();
    assert_eq!(edges, ["a->b", "b->c", "a->b-2", "b-2->c-2"]);
    assert!(sketch.find("b-2").and_then(|ix| sketch.node(ix)).unwrap().ips.is_empty());
}

#[test]
fn a_hop_drawn_into_what_the_evidence_shows_makes_that_drawing_ones_own() {
    let mut session = session([paste(CURL)]);
    let drafted = drafted(&session);
    let stroke = Stroke::Grow { after: None };
    session.apply(Action::Edit(Edit::Draw { stroke, shown: Arc::new(drafted.clone()) }));
    assert_eq!(session.work().sketch.nodes().len(), drafted.nodes().len() + 1);
}

#[test]
fn tidy_lets_go_of_the_chosen_hops_alone() {
    let tidy = |hops: BTreeSet<String>| Action::Edit(Edit::Tidy(hops));
    let mut session = session([outline("a -> b"), place("a", 1.0), place("b", 2.0), tidy(["a".to_owned()].into())]);
    assert_eq!(session.work().places.keys().collect::<Vec<_>>(), ["b"]);
    session.apply(tidy(BTreeSet::new()));
    assert!(session.work().places.is_empty());
}

#[test]
fn what_is_pasted_may_be_a_case_a_link_or_a_drawing() {
    let kept = session([paste(CURL), outline("a -> b")]);
    let file = paste(&kept.work().kept().save());
    assert_eq!(session([file]).work().sketch, kept.work().sketch);

    let Action::Visit { link } = visit(&kept.work().case(Luggage::Text)) else { panic!("no visit") };
    let visited = session([paste("note"), paste(&format!("https://hopwise.example/#{link}"))]);
    assert_eq!((visited.tenure(), visited.work().sketch.nodes().len()), (Tenure::Visit, 2));

    let drawn = session([paste("graph LR\n  a --> b\n  b --> c\n")]);
    assert_eq!(drawn.work().sketch.nodes().len(), 3);
    assert!(drawn.can_undo() && drawn.work().evidence.is_empty());
}

#[test]
fn an_engine_that_was_started_anew_asks_for_the_evidence_again() {
    let session = session([paste(CURL)]);
    let question = Question::Diagnose(session.work().testimony());
    assert_eq!(engine().answer(question.clone()), Answer::Unheard);
    assert!(matches!(told_all(&session).answer(question), Answer::Diagnosed { .. }));
}

#[test]
fn a_visited_case_refuses_what_is_read_for_it() {
    let shared = session([outline("client -> api")]).work().case(Luggage::Facts);
    let mut session = session([visit(&shared)]);
    for refused in [paste(CURL), paste("graph LR\n  a --> b\n")] {
        assert!(matches!(apply(&mut session, refused).as_slice(), [Errand::Tell(_)]));
    }
    assert_eq!(session.work().case(Luggage::Facts), shared);
}
