//! How questions and answers travel between the page and its engine: the values of a type in the order of its fields, without their names.
//!
//! Both ends are of one build, so names say nothing, and reading them is what would make the page big: a field is found by its
//! place instead of being looked up in every order. Measured on one tree, the page's program is a tenth smaller than with JSON.
//! No library fits: `postcard` and `bincode` lose their place at a field that `skip_serializing_if` leaves out, and MessagePack
//! in its short form does, too. Files, links and what a browser keeps stay JSON; nothing of this format outlives a message.
//!
//! Every value begins with a byte that says what it is, so that a type which takes several (a text or a list of lines, an
//! attribute of a hop) can be read without knowing it before.

use std::fmt;

use serde::de::{self, DeserializeOwned};
use serde::{Serialize, ser};

mod reader;
mod writer;

const ABSENT: u8 = 0;
const NONE: u8 = 1;
const NO: u8 = 2;
const YES: u8 = 3;
/// Followed by seven bits a byte, the lowest first, as LEB128 does.
const POSITIVE: u8 = 4;
/// Likewise, what `!number` is of a negative number.
const NEGATIVE: u8 = 5;
const FLOAT: u8 = 6;
const TEXT: u8 = 7;
/// Followed by how many values there are, and these.
const LIST: u8 = 8;
/// Followed by how many pairs there are, and these.
const MAP: u8 = 9;
/// Followed by how many fields there are, and these; one that was left out is `ABSENT`.
const RECORD: u8 = 10;
/// Followed by the place of the variant among its kind, and what is in it.
const VARIANT: u8 = 11;

/// There is none to be handled: whoever reads what the other end did not write stops, as at a panic. A page and an engine of two
/// builds never meet, since each file is loaded by its checksum; and code that gives up in the middle of every field was a third
/// of what reading an answer weighed.
#[derive(Debug)]
pub enum Misunderstood {}

impl fmt::Display for Misunderstood {
    fn fmt(&self, _: &mut fmt::Formatter) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Misunderstood {}

impl de::Error for Misunderstood {
    fn custom<T: fmt::Display>(_: T) -> Misunderstood {
        stop()
    }
}

impl ser::Error for Misunderstood {
    fn custom<T: fmt::Display>(_: T) -> Misunderstood {
        stop()
    }
}

#[cold]
#[allow(clippy::panic, reason = "both ends are ours, and neither can go on: see `Misunderstood`")]
fn stop() -> ! {
    std::panic::panic_any("The page and its engine do not understand each other: reload the page.")
}

/// Writes a value as a message.
pub fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let Ok(()) = value.serialize(writer::Writer(&mut bytes));
    bytes
}

/// Reads the value that `to_bytes` wrote of the same type.
///
/// # Panics
/// Where the bytes are of another type, or cut.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> T {
    let Ok(value) = T::deserialize(&mut reader::Reader(bytes));
    value
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Record {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left_out: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        list: Vec<i32>,
        kind: Kind,
        map: BTreeMap<String, serde_json::Value>,
        #[serde(skip)]
        cached: u8,
        share: f64,
        address: std::net::IpAddr,
        nested: Option<Box<Record>>,
        result: Result<(char, u64), String>,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Plain,
        Wrapped(bool),
        Pair(u8, Option<i64>),
        Named { text: String, none: () },
    }

    fn record(kind: Kind) -> Record {
        let json = serde_json::json!({ "a": [1, -2, 0.5, null, "text"], "b": { "c": true } });
        Record {
            left_out: None,
            list: vec![0, -1, i32::MIN, i32::MAX, 127, 128],
            kind,
            map: BTreeMap::from([("any".to_owned(), json)]),
            cached: 0,
            share: 0.1 + 0.2,
            address: "2001:db8::1".parse().unwrap(),
            nested: None,
            result: Ok(('ü', u64::MAX)),
        }
    }

    #[test]
    fn every_value_comes_back() {
        let kinds = [
            Kind::Plain,
            Kind::Wrapped(true),
            Kind::Pair(7, Some(i64::MIN)),
            Kind::Pair(0, None),
            Kind::Named { text: "line\nline".into(), none: () },
        ];
        for kind in kinds {
            let mut value = record(kind.clone());
            value.nested = Some(Box::new(Record { left_out: Some(String::new()), list: Vec::new(), ..record(kind) }));
            value.result = Err("no".into());
            assert_eq!(from_bytes::<Record>(&to_bytes(&value)), value);
        }
    }

    #[test]
    fn a_cut_or_foreign_message_is_not_taken_for_an_answer() {
        let bytes = to_bytes(&record(Kind::Plain));
        let read = |bytes: &[u8]| std::panic::catch_unwind(|| from_bytes::<Record>(bytes));
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).is_err(), "cut at {end}");
        }
        assert!(std::panic::catch_unwind(|| from_bytes::<Vec<String>>(&bytes)).is_err());
    }

    /// Whatever the page asks of an example, and whatever it hears, is the same at the other end.
    #[test]
    fn page_and_engine_understand_each_other() {
        use super::super::{Answer, Desk, Form, Pack, Question, Way};
        use crate::author::Solved;
        use crate::case::{Case, Entry};
        use crate::handbook::Reference;
        use crate::redact::Salt;

        let (mut desk, greeting) = Desk::open();
        assert_eq!(from_bytes::<super::super::Greeting>(&to_bytes(&greeting)), greeting);
        let mut ask = |question: Question| {
            assert_eq!(from_bytes::<Question>(&to_bytes(&question)), question);
            let answer = desk.answer(question);
            assert_eq!(from_bytes::<Answer>(&to_bytes(&answer)), answer);
            answer
        };
        let salt = || Salt([7; 16]);
        for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/public/examples")).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let Answer::Opened(Ok(opened)) = ask(Question::Take { salt: salt(), text }) else { panic!("not a case") };
            assert_eq!(opened.way, Way::File);
            let entry = |heard: &super::super::Heard| Entry { facts: Some(heard.gist.mark), ..Entry::default() };
            let case = Case {
                hopwise: 1,
                title: opened.title.clone(),
                graph: Some(opened.graph.clone()),
                evidence: opened.evidence.iter().map(|(_, heard)| entry(heard)).collect(),
                runbooks: Vec::new(),
                truth: None,
                cleared: Vec::new(),
            };
            let Answer::Diagnosed { diagnosis, .. } = ask(Question::Diagnose(case.clone())) else { panic!("unheard") };
            let again = ask(Question::Again(Case { graph: None, ..case.clone() }));
            assert!(matches!(again, Answer::Diagnosed { diagnosis: same, .. } if same == diagnosis));
            ask(Question::Course(case.clone()));
            ask(Question::Note { case: case.clone(), form: Form::Note, link: None });
            ask(Question::Link { case: case.clone(), texts: None });
            for suspect in &diagnosis.suspects {
                let asked = Reference { mode: suspect.failure_mode.clone(), element: Some(suspect.element.clone()) };
                ask(Question::Page { case: case.clone(), asked });
            }
            ask(Question::Write { case, solved: Solved::default() });
        }
        ask(Question::Contents("refused".to_owned()));
        ask(Question::Examine(Pack { name: "broken.json".to_owned(), text: "{\"runbook\": 1}".to_owned() }));
    }
}
