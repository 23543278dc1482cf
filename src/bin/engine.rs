//! The engine in its worker: greets, then answers every question of the page.

use hopwise::inquiry::{Answer, Desk, Question, wire};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::{Array, Uint8Array};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, js_sys};

fn main() {
    let Ok(worker) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    // What is said, then the texts that are too long to be copied into it.
    let post = move |said: &[u8], texts: &[String]| {
        let texts = texts.iter().map(|text| JsValue::from_str(text));
        let message: Array = [Uint8Array::from(said).into()].into_iter().chain(texts).collect();
        _ = worker.post_message(&message);
    };
    let last_words = post.clone();
    // A panic ends this worker for good; the page hears why and starts another one.
    std::panic::set_hook(Box::new(move |panic| {
        let stopped = Answer::Stopped(format!("Hopwise {}: {panic}", env!("CARGO_PKG_VERSION")));
        last_words(&wire::to_bytes(&stopped), &[]);
    }));
    let (mut desk, greeting) = Desk::open();
    let greeting = wire::to_bytes(&greeting);
    let reply = post.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let message: Array = message.data().unchecked_into();
        let said = Uint8Array::new(&message.get(0)).to_vec();
        let mut question: Question = wire::from_bytes(&said);
        for (text, sent) in question.texts().into_iter().zip(message.iter().skip(1)) {
            *text = sent.as_string().unwrap_or_default();
        }
        let mut answer = desk.answer(question);
        let texts: Vec<String> = answer.texts().into_iter().map(std::mem::take).collect();
        reply(&wire::to_bytes(&answer), &texts);
    });
    if let Ok(worker) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    }
    post(&greeting, &[]);
}
