//! The engine's worker: starts it, sends it questions in order, and brings back the answers.
//!
//! `public/boot.js` makes the worker, because only it knows where the engine's files are and whether they are what this page
//! was built with. Questions and answers travel as lists: what is said (`inquiry::wire`), then the texts of evidence, which are not worth
//! copying into it when they are megabytes. They come in order, so the first answer belongs to the first question.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use leptos::prelude::set_timeout;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::js_sys::{Array, Promise, Uint8Array};
use web_sys::{MessageEvent, Worker};

use crate::inquiry::{Answer, Greeting, Question, wire};

/// How long to wait before the engine's files are asked for again.
const RETRY: Duration = Duration::from_secs(5);

#[wasm_bindgen]
extern "C" {
    /// Loads the engine and resolves to its worker. Rejects with a sentence.
    #[wasm_bindgen(js_name = startHopwiseEngine)]
    fn start() -> Promise;
}

type Waiting = Box<dyn FnOnce(Answer)>;

/// What the engine says of itself, rather than in answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineNews {
    Ready(Greeting),
    /// A sentence on why it did not come; it is tried again.
    Late(String),
}

#[derive(Default)]
struct Engine {
    /// None until it has greeted.
    worker: Option<Worker>,
    /// Questions for a worker that is not there yet.
    unsent: VecDeque<Array>,
    /// The runbooks to diagnose with, as they were last sent: a new worker has to hear of them before anything else.
    shelved: Option<Array>,
    waiting: VecDeque<Waiting>,
    listener: Option<Box<dyn Fn(EngineNews)>>,
}

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::default();
}

/// Starts the engine. `listener` hears when it is there.
pub fn start_engine(listener: impl Fn(EngineNews) + 'static) {
    ENGINE.with_borrow_mut(|engine| engine.listener = Some(Box::new(listener)));
    spawn_local(begin());
}

/// Asks the engine. `then` is called once, in the order of the questions.
pub fn ask(mut question: Question, then: impl FnOnce(Answer) + 'static) {
    let texts: Vec<String> = question.texts().into_iter().map(std::mem::take).collect();
    let message = message(&wire::to_bytes(&question), &texts);
    ENGINE.with_borrow_mut(|engine| {
        if matches!(question, Question::Shelve(_)) {
            engine.shelved = Some(message.clone());
        }
        engine.waiting.push_back(Box::new(then));
        match &engine.worker {
            Some(worker) => _ = worker.post_message(&message),
            None => engine.unsent.push_back(message),
        }
    });
}

fn message(said: &[u8], texts: &[String]) -> Array {
    let texts = texts.iter().map(|text| JsValue::from_str(text));
    [Uint8Array::from(said).into()].into_iter().chain(texts).collect()
}

/// Breaks off whatever the engine is doing. Every waiting question is answered with `Stopped`, and a new engine is started.
pub fn stop_engine(last_words: &str) {
    let waiting = ENGINE.with_borrow_mut(|engine| {
        if let Some(worker) = engine.worker.take() {
            worker.terminate();
        }
        engine.unsent.clear();
        std::mem::take(&mut engine.waiting)
    });
    spawn_local(begin());
    for then in waiting {
        then(Answer::Stopped(last_words.to_owned()));
    }
}

async fn begin() {
    match JsFuture::from(start()).await.map(JsCast::dyn_into::<Worker>) {
        Ok(Ok(worker)) => listen(worker),
        Ok(Err(other)) | Err(other) => {
            let why = other.as_string().unwrap_or_else(|| "The engine could not be loaded.".to_owned());
            tell(EngineNews::Late(why));
            set_timeout(|| spawn_local(begin()), RETRY);
        }
    }
}

/// The first message is the greeting, each one after it an answer; an error is the end.
fn listen(worker: Worker) {
    let greeted = worker.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let message: Array = message.data().unchecked_into();
        let said = Uint8Array::new(&message.get(0)).to_vec();
        let known = ENGINE.with_borrow(|engine| engine.worker.is_some());
        if known {
            answered(&said, &message);
        } else {
            let greeting: Greeting = wire::from_bytes(&said);
            ENGINE.with_borrow_mut(|engine| {
                if let Some(shelved) = engine.shelved.clone().filter(|shelved| !engine.unsent.contains(shelved)) {
                    engine.unsent.push_front(shelved);
                    engine.waiting.push_front(Box::new(drop));
                }
                for question in engine.unsent.drain(..) {
                    let _ = greeted.post_message(&question);
                }
                engine.worker = Some(greeted.clone());
            });
            tell(EngineNews::Ready(greeting));
        }
    });
    worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    let failed = Closure::<dyn FnMut(web_sys::ErrorEvent)>::new(|error: web_sys::ErrorEvent| {
        error.prevent_default();
        stop_engine(&error.message());
    });
    worker.set_onerror(Some(failed.into_js_value().unchecked_ref()));
}

fn answered(said: &[u8], message: &Array) {
    let mut answer: Answer = wire::from_bytes(said);
    for (text, sent) in answer.texts().into_iter().zip(message.iter().skip(1)) {
        *text = sent.as_string().unwrap_or_default();
    }
    if let Answer::Stopped(last_words) = answer {
        return stop_engine(&last_words);
    }
    if let Some(then) = ENGINE.with_borrow_mut(|engine| engine.waiting.pop_front()) {
        then(answer);
    }
}

fn tell(news: EngineNews) {
    let listener = ENGINE.with_borrow_mut(|engine| engine.listener.take());
    if let Some(listener) = listener {
        listener(news);
        ENGINE.with_borrow_mut(|engine| engine.listener = Some(listener));
    }
}
