//! Keeps what was foreseen: in a large drawing most hops stand to a request as others do, and have the same failure modes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

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

/// What was foreseen so far about one drawing and one shelf.
#[derive(Debug, Default)]
pub struct Foresight {
    known: RefCell<BTreeMap<Standing, Rc<[Effect]>>>,
}

impl Foresight {
    /// What each of the hypotheses about one element, in their order, makes of a request.
    pub fn effects(&self, hypotheses: &Hypotheses, spot: &Spot, step: &Step, asked: Asked) -> Rc<[Effect]> {
        let standing = Standing::of(spot.nature, step, asked);
        if let Some(known) = self.known.borrow().get(&standing) {
            return known.clone();
        }
        let effects: Rc<[Effect]> =
            hypotheses.causes(step.element, spot).map(|cause| effect(&cause, step, asked)).collect();
        let mut known = self.known.borrow_mut();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(standing, effects.clone());
        effects
    }
}
