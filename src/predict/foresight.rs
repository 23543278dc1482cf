//! Keeps what was foreseen: in a large drawing most hops stand to a request as others do, and have the same failure modes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::table::{Table, Told};
use super::translate::Passage;
use super::{Asked, Effect, background, effect, state_beside};
use crate::fact::{Outcome, Stage};
use crate::hypotheses::{Cause, Hypotheses, Spot};
use crate::place::{Aim, Tls};
use crate::routes::{Role, Step};
use crate::runbook::Shelf;
use crate::sketch::{Conduct, Element};

/// All that decides what the failure modes of an element make of a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    nature: usize,
    role: Role,
    plain: bool,
    tests: Stage,
    whole: bool,
    tls: Tls,
    aim: Aim,
    answered: bool,
    impatient: bool,
    between: Rc<[Conduct]>,
}

impl Standing {
    /// `nature` is that of the element at which the step is.
    pub fn of(nature: usize, step: &Step, asked: Asked) -> Standing {
        let Asked { tests, whole, tls, aim, answered, sameness: _, impatient } = asked;
        let between = step.between.clone();
        // Only its sender and the addresses it may choose from know the difference.
        let whole = whole && matches!(step.role, Role::Address | Role::Maker);
        Standing { nature, role: step.role, plain: step.plain, tests, whole, tls, aim, answered, impatient, between }
    }
}

/// Of more standings than these all are forgotten.
const REMEMBERED: usize = 16_384;

/// And of more ways past what stands between.
const PASSAGES: usize = 512;

/// And of more tables of what to expect.
const TABLES: usize = 4_096;

/// How often which outcome was seen before.
pub type Seen = BTreeMap<Outcome, u32>;

/// How an element stands to a request, the bits of its weight and of the sameness, and what was seen before.
type Awaited = (Standing, [u64; 2], Seen);

/// What is expected of a look at a state.
#[derive(Debug)]
pub struct Look {
    /// Where nothing is wrong with the element.
    pub base: Vec<f64>,
    pub table: Rc<Table>,
}

/// What was foreseen so far about one drawing and one shelf.
#[derive(Debug, Default)]
pub struct Foresight {
    known: RefCell<BTreeMap<Standing, Rc<[Effect]>>>,
    /// By what the nodes between do, for senders who wait and for those who give up early.
    patient: RefCell<BTreeMap<Rc<[Conduct]>, Rc<Passage>>>,
    impatient: RefCell<BTreeMap<Rc<[Conduct]>, Rc<Passage>>>,
    tables: RefCell<BTreeMap<Awaited, Rc<Table>>>,
    /// By the nature of the element and the name of the state.
    looks: RefCell<BTreeMap<(usize, String), Rc<Look>>>,
}

impl Foresight {
    /// What each of the hypotheses about one element, in their order, makes of a request.
    pub fn effects(&self, hypotheses: &Hypotheses, spot: &Spot, step: &Step, asked: Asked) -> Rc<[Effect]> {
        let asked = asked.of(step.role);
        let standing = Standing::of(spot.nature, step, asked);
        if let Some(known) = self.known.borrow().get(&standing) {
            return known.clone();
        }
        let full = Asked { tests: Stage::Exchange, tls: Tls::Checked, ..asked };
        let effects: Rc<[Effect]> = if asked == full || asked.tests == Stage::Resolve {
            let passage = self.passage(&step.between, asked.impatient);
            hypotheses.causes(step.element, spot).map(|cause| effect(&cause, step, asked, &passage)).collect()
        } else {
            // A test that ends earlier, or minds TLS less, sees a part of what a full request sees.
            self.effects(hypotheses, spot, step, full).iter().map(|effect| effect.seen_in(asked)).collect()
        };
        let mut known = self.known.borrow_mut();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(standing, effects.clone());
        effects
    }

    /// What each of the hypotheses about one element expects of a request, of which so much was seen before.
    pub fn table(&self, hypotheses: &Hypotheses, spot: &Spot, step: &Step, asked: Asked, seen: Seen) -> Rc<Table> {
        let standing = Standing::of(spot.nature, step, asked);
        let awaited = (standing, [step.weight.to_bits(), asked.sameness.to_bits()], seen);
        if let Some(known) = self.tables.borrow().get(&awaited) {
            return known.clone();
        }
        let effects = self.effects(hypotheses, spot, step, asked);
        let told = Told::of(&awaited.2, asked.tests);
        let background = background();
        let rows = effects.iter().map(|effect| background.mixed(&effect.shown, effect.share(step, asked)));
        let table = Rc::new(Table::of(rows.map(|dist| told.again(&dist))));
        let mut known = self.tables.borrow_mut();
        if known.len() >= TABLES {
            known.clear();
        }
        known.insert(awaited, table.clone());
        table
    }

    /// What each of them expects of a look at a state. Nothing if no runbook knows the state.
    pub fn look(
        &self,
        hypotheses: &Hypotheses,
        (element, spot): (Element, &Spot),
        observable: &str,
        shelf: &Shelf,
    ) -> Option<Rc<Look>> {
        let seen = (spot.nature, observable.to_owned());
        if let Some(known) = self.looks.borrow().get(&seen) {
            return Some(known.clone());
        }
        let values = shelf.observable(observable)?.normally.keys();
        let normally: Vec<(&str, f64)> =
            values.map(|value| (value.as_str(), shelf.normally(observable, value))).collect();
        let row = |cause: &Cause| -> Vec<f64> {
            let all = normally.iter().map(|(value, usual)| state_beside(cause, observable, value, *usual));
            let values: Vec<f64> = all.collect();
            let sum: f64 = values.iter().sum::<f64>().max(f64::MIN_POSITIVE);
            values.into_iter().map(|value| value / sum).collect()
        };
        let table = Rc::new(Table::of(hypotheses.causes(element, spot).map(|cause| row(&cause))));
        let look = Rc::new(Look { base: row(&Cause::Nothing), table });
        self.looks.borrow_mut().insert(seen, look.clone());
        Some(look)
    }

    /// The way past what stands between, nearest to the fault first.
    fn passage(&self, between: &Rc<[Conduct]>, impatient: bool) -> Rc<Passage> {
        let mut known = if impatient { self.impatient.borrow_mut() } else { self.patient.borrow_mut() };
        // Who calls an element comes before it on every route, so mostly one node only is new.
        let nearer = |new: usize| Some((new, known.get(between.get(new..)?)?.clone()));
        let straight = || (between.len(), Rc::new(Passage::straight()));
        let (new, mut passage) = (0..between.len()).find_map(nearer).unwrap_or_else(straight);
        for conduct in between.iter().take(new).rev() {
            passage = Rc::new(passage.behind(*conduct, impatient));
        }
        if new > 0 {
            if known.len() >= PASSAGES {
                known.clear();
            }
            known.insert(between.clone(), passage.clone());
        }
        passage
    }
}
