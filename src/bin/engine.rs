//! The engine in its worker: greets, then answers every question of the page.

use hopwise::inquiry::{Answer, Desk, Question};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::Array;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, js_sys};

fn main() {
    let Ok(worker) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    // JSON, then the texts that are too long to be quoted in it.
    let post = move |json: &str, texts: &[String]| {
        let strings = [json].into_iter().chain(texts.iter().map(String::as_str));
        let message: Array = strings.map(JsValue::from_str).collect();
        _ = worker.post_message(&message);
    };
    let last_words = post.clone();
    // A panic ends this worker for good; the page hears why and starts another one.
    std::panic::set_hook(Box::new(move |panic| {
        let stopped = Answer::Stopped(format!("Hopwise {}: {panic}", env!("CARGO_PKG_VERSION")));
        last_words(&serde_json::to_string(&stopped).unwrap_or_default(), &[]);
    }));
    let (mut desk, greeting) = Desk::open();
    let greeting = serde_json::to_string(&greeting).unwrap_or_default();
    let reply = post.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let message: Array = message.data().unchecked_into();
        let json = message.get(0).as_string().unwrap_or_default();
        let mut answer = match serde_json::from_str::<Question>(&json) {
            Ok(mut question) => {
                for (text, sent) in question.texts().into_iter().zip(message.iter().skip(1)) {
                    *text = sent.as_string().unwrap_or_default();
                }
                desk.answer(question)
            }
            Err(error) => Answer::Stopped(format!("the engine does not understand its page: {error}")),
        };
        let texts: Vec<String> = answer.texts().into_iter().map(std::mem::take).collect();
        reply(&serde_json::to_string(&answer).unwrap_or_default(), &texts);
    });
    if let Ok(worker) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    }
    post(&greeting, &[]);
}
