//! Keeps what was foreseen: in a large drawing most hops stand to a request as others do, and have the same failure modes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::translate::Passage;
use super::{Asked, Effect, effect};
use crate::fact::Stage;
use crate::hypotheses::{Hypotheses, Spot};
use crate::place::{Aim, Tls};
use crate::routes::{Role, Step};
use crate::sketch::Kind;

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
    between: Rc<[Kind]>,
}

impl Standing {
    /// `nature` is that of the element at which the step is.
    pub fn of(nature: usize, step: &Step, asked: Asked) -> Standing {
        let Asked { tests, whole, tls, aim, answered, sameness: _, impatient } = asked;
        let between = step.between.clone();
        Standing { nature, role: step.role, plain: step.plain, tests, whole, tls, aim, answered, impatient, between }
    }
}

/// Of more standings than these all are forgotten.
const REMEMBERED: usize = 16_384;

/// And of more ways past what stands between.
const PASSAGES: usize = 512;

/// What was foreseen so far about one drawing and one shelf.
#[derive(Debug, Default)]
pub struct Foresight {
    known: RefCell<BTreeMap<Standing, Rc<[Effect]>>>,
    /// By the kinds of the nodes between, for senders who wait and for those who give up early.
    patient: RefCell<BTreeMap<Rc<[Kind]>, Rc<Passage>>>,
    impatient: RefCell<BTreeMap<Rc<[Kind]>, Rc<Passage>>>,
}

impl Foresight {
    /// What each of the hypotheses about one element, in their order, makes of a request.
    pub fn effects(&self, hypotheses: &Hypotheses, spot: &Spot, step: &Step, asked: Asked) -> Rc<[Effect]> {
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

    /// The way past what stands between, nearest to the fault first.
    fn passage(&self, between: &Rc<[Kind]>, impatient: bool) -> Rc<Passage> {
        let mut known = if impatient { self.impatient.borrow_mut() } else { self.patient.borrow_mut() };
        // Who calls an element comes before it on every route, so mostly one node only is new.
        let nearer = |new: usize| Some((new, known.get(between.get(new..)?)?.clone()));
        let straight = || (between.len(), Rc::new(Passage::straight()));
        let (new, mut passage) = (0..between.len()).find_map(nearer).unwrap_or_else(straight);
        for kind in between.iter().take(new).rev() {
            passage = Rc::new(passage.behind(*kind, impatient));
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
