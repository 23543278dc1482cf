//! The engine in its worker: greets, then answers every question of the page.

use hopwise::inquiry::{Answer, Desk, Question};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, js_sys};

fn main() {
    let Ok(worker) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let post = move |json: &str| _ = worker.post_message(&JsValue::from_str(json));
    let last_words = post.clone();
    // A panic ends this worker for good; the page hears why and starts another one.
    std::panic::set_hook(Box::new(move |panic| {
        let stopped = Answer::Stopped(format!("Hopwise {}: {panic}", env!("CARGO_PKG_VERSION")));
        last_words(&serde_json::to_string(&stopped).unwrap_or_default());
    }));
    let (mut desk, greeting) = Desk::open();
    let greeting = serde_json::to_string(&greeting).unwrap_or_default();
    let reply = post.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let json = message.data().as_string().unwrap_or_default();
        let answer = match serde_json::from_str::<Question>(&json) {
            Ok(question) => desk.answer(question),
            Err(error) => Answer::Stopped(format!("the engine does not understand its page: {error}")),
        };
        reply(&serde_json::to_string(&answer).unwrap_or_default());
    });
    if let Ok(worker) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    }
    post(&greeting);
}
