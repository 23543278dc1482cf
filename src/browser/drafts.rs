//! Drafts: every case of this browser in `localStorage`, written half a second after a change and when the tab goes away.
//!
//! ```text
//! hopwise.latest          1731f2c0-9a41
//! hopwise.1731f2c0-9a41.a 14 8c2e 1731f2c4a12 812\n{"case":…}     generation, tab, milliseconds, length of the JSON
//! hopwise.1731f2c0-9a41.b 15 8c2e 1731f2c4f00 840\n{"case":…}
//! ```
//!
//! Two generations take turns, so that a half-written one never costs more than the last change. A tab that finds another
//! tab's newer generation goes on under a new name instead of overwriting it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use leptos::prelude::set_timeout;
use web_sys::js_sys::{Date, Math};
use web_sys::{Storage, window};

use super::Notice;
use crate::order;
use crate::session::{Heading, Saved, Work};

/// At most this much work is lost when the browser dies.
const PAUSE: Duration = Duration::from_millis(400);
/// No browser keeps more letters for a page; trying to would only hold it up.
const LARGEST: usize = 5 * 1024 * 1024;
const TOO_LARGE: &str = "The case is too large for this browser's storage, so a reload loses the last change: remove evidence you no longer need.";
const LATEST: &str = "hopwise.latest";

#[derive(Default)]
struct Desk {
    /// Name of the case on screen; none until it is first saved.
    name: Option<String>,
    /// Generation this tab wrote or read last.
    generation: u64,
    tab: String,
    waiting: Option<Waiting>,
}

/// Changed work, and whom to tell when it is written.
struct Waiting {
    work: Work,
    tell: Box<dyn Fn(Notice)>,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::new(Desk { tab: name(), ..Desk::default() });
}

/// One generation of a draft.
struct Generation {
    number: u64,
    work: Work,
}

/// A case kept in this browser, as a list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub name: String,
    pub heading: Heading,
    /// When it was last changed, in milliseconds since 1970.
    pub at: u64,
    /// The case on screen.
    pub open: bool,
}

/// A case taken out of the storage, to be put back as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Forgotten(Vec<(String, String)>);

/// The case this browser worked on last.
pub fn latest() -> Option<Work> {
    write();
    let name = storage()?.get_item(LATEST).ok()??;
    open_kept(&name)
}

/// Takes up a case of this browser.
pub fn open_kept(name: &str) -> Option<Work> {
    write();
    let storage = storage()?;
    let newest = newest(&storage, name)?;
    let _ = storage.set_item(LATEST, name);
    DESK.with_borrow_mut(|desk| {
        desk.name = Some(name.to_owned());
        desk.generation = newest.number;
    });
    Some(newest.work)
}

/// Every case of this browser, the latest first.
pub fn kept() -> Vec<Kept> {
    write();
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or_default()).filter_map(|at| storage.key(at).ok().flatten());
    let names: BTreeSet<String> =
        order::set(keys.filter_map(|key| Some(key.strip_prefix("hopwise.")?.rsplit_once('.')?.0.to_owned())));
    let on_screen = DESK.with_borrow(|desk| desk.name.clone());
    let mut kept: Vec<Kept> = names
        .into_iter()
        .filter_map(|name| {
            let (key, _) = (0..2)
                .filter_map(|turn| {
                    let key = slot(&name, turn);
                    head(&storage, &key).map(|head| (key, head.number))
                })
                .max_by_key(|(_, number)| *number)?;
            let draft = storage.get_item(&key).ok()??;
            let heading = Heading::of(draft.split_once('\n')?.1)?;
            let at = head(&storage, &key)?.at;
            Some(Kept { open: on_screen.as_ref() == Some(&name), heading, at, name })
        })
        .collect();
    order::by_key(&mut kept, |case| std::cmp::Reverse(case.at));
    kept
}

/// Takes a case out of the storage.
pub fn forget(name: &str) -> Forgotten {
    write();
    let Some(storage) = storage() else { return Forgotten(Vec::new()) };
    let drafts = (0..2).filter_map(|turn| {
        let key = slot(name, turn);
        let draft = storage.get_item(&key).ok()??;
        storage.remove_item(&key).ok()?;
        Some((key, draft))
    });
    Forgotten(drafts.collect())
}

/// Puts a case back that was taken out.
pub fn put_back(Forgotten(drafts): &Forgotten) {
    if let Some(storage) = storage() {
        for (key, draft) in drafts {
            let _ = storage.set_item(key, draft);
        }
    }
}

/// Leaves the case on screen as it is kept; what comes next gets a name of its own.
pub fn part() {
    write();
    DESK.with_borrow_mut(|desk| {
        desk.name = None;
        desk.generation = 0;
    });
}

/// Writes the case after a short pause, once for all changes within it.
pub(super) fn save_soon(work: Work, tell: impl Fn(Notice) + 'static) {
    let idle = DESK.with_borrow_mut(|desk| desk.waiting.replace(Waiting { work, tell: Box::new(tell) }).is_none());
    if idle {
        set_timeout(write, PAUSE);
    }
}

/// Writes the case under a new name, at once.
pub(super) fn save_as_new(work: Work, tell: impl Fn(Notice) + 'static) {
    part();
    DESK.with_borrow_mut(|desk| desk.waiting = Some(Waiting { work, tell: Box::new(tell) }));
    write();
}

/// Writes what is waiting when the tab is closed, hidden or put to sleep.
pub fn write_when_leaving() {
    leptos::prelude::window_event_listener_untyped("pagehide", |_| write());
    leptos::prelude::window_event_listener_untyped("visibilitychange", |_| write());
}

/// Writes what is waiting although the program is about to stop: whatever is in use stays untouched.
pub(super) fn write_in_panic() {
    DESK.with(|desk| {
        if let Ok(mut desk) = desk.try_borrow_mut()
            && let Some(Waiting { work, .. }) = desk.waiting.take()
        {
            let _ = desk.write(&work);
        }
    });
}

fn write() {
    let Some(Waiting { work, tell }) = DESK.with_borrow_mut(|desk| desk.waiting.take()) else { return };
    let written = DESK.with_borrow_mut(|desk| desk.write(&work));
    match written {
        Ok(Place::Same) => tell(Notice::Saved),
        Ok(Place::Apart) => {
            tell(Notice::Saved);
            tell(Notice::Said(
                "Another tab has changed this case. This tab goes on with a copy of its own.".to_owned(),
            ));
        }
        Err(sentence) => tell(Notice::Failed(sentence)),
    }
}

/// Where a draft was written.
enum Place {
    Same,
    /// Under a new name, because another tab had gone on with the old one.
    Apart,
}

impl Desk {
    fn write(&mut self, work: &Work) -> Result<Place, String> {
        let storage = storage().ok_or(
            "This browser keeps nothing for this page, so a reload loses the case: share it as a link to keep it.",
        )?;
        let mut place = Place::Same;
        if let Some(name) = &self.name {
            let stored = [slot(name, 0), slot(name, 1)]
                .iter()
                .filter_map(|key| head(&storage, key))
                .max_by_key(|head| head.number);
            if stored.is_some_and(|head| head.number > self.generation && head.tab != self.tab) {
                self.name = None;
                self.generation = 0;
                place = Place::Apart;
            }
        }
        if work.evidence.iter().map(|item| item.text.len()).sum::<usize>() > LARGEST {
            return Err(TOO_LARGE.to_owned());
        }
        let name = self.name.get_or_insert_with(self::name).clone();
        self.generation += 1;
        let json = Saved::from(work).to_json();
        let draft = format!("{} {} {:x} {}\n{json}", self.generation, self.tab, Date::now() as u64, json.len());
        storage.set_item(&slot(&name, self.generation), &draft).map_err(|_| TOO_LARGE)?;
        let _ = storage.set_item(LATEST, &name);
        Ok(place)
    }
}

fn slot(name: &str, generation: u64) -> String {
    format!("hopwise.{name}.{}", if generation.is_multiple_of(2) { "a" } else { "b" })
}

/// The newest generation that can be read.
fn newest(storage: &Storage, name: &str) -> Option<Generation> {
    let mut found: Vec<Generation> = (0..2).filter_map(|turn| generation(storage, &slot(name, turn))).collect();
    order::by_key(&mut found, |generation| generation.number);
    found.pop()
}

fn generation(storage: &Storage, key: &str) -> Option<Generation> {
    let number = head(storage, key)?.number;
    let draft = storage.get_item(key).ok()??;
    let (head, json) = draft.split_once('\n')?;
    let length: usize = head.rsplit(' ').next()?.parse().ok()?;
    let work = (json.len() == length).then(|| Saved::work(json).ok())??;
    Some(Generation { number, work })
}

/// The first line of a draft.
struct Head {
    number: u64,
    tab: String,
    /// Milliseconds since 1970; 0 in drafts of the first version.
    at: u64,
}

fn head(storage: &Storage, key: &str) -> Option<Head> {
    let draft = storage.get_item(key).ok()??;
    let words: Vec<&str> = draft.lines().next()?.split(' ').collect();
    let (number, tab, at) = match words.as_slice() {
        [number, tab, at, _] => (number, tab, u64::from_str_radix(at, 16).ok()?),
        [number, tab, _] => (number, tab, 0),
        _ => return None,
    };
    Some(Head { number: number.parse().ok()?, tab: (*tab).to_owned(), at })
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// A name nobody has used: milliseconds and chance, in hexadecimal.
fn name() -> String {
    format!("{:x}-{:04x}", Date::now() as u64, (Math::random() * 65_536.0) as u32)
}
