//! What a vantage point would see if a hypothesis were true: the local effect of a fault, carried along the route.

use std::sync::LazyLock;

use crate::fact::{Outcome, Stage};
use crate::hypotheses::Cause;
use crate::place::{Aim, Tls};
use crate::routes::{Role, Step};
use crate::runbook::{FailureMode, Shelf};

mod dist;
mod foresight;
mod table;
mod translate;
mod vague;

pub use dist::Dist;
pub use foresight::{Foresight, Look, Seen, Standing};
pub use table::{Table, Told, visible, weighted_entropy};

use translate::Passage;

/// The request a prediction is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked {
    /// How far the test goes.
    pub tests: Stage,
    /// Only its end is seen, and the sender tries several addresses.
    pub whole: bool,
    pub tls: Tls,
    pub aim: Aim,
    /// The node that made the answer is the element itself, so it did answer.
    pub answered: bool,
    /// How much it is the same request as those that fail, 0 to 1: another path or name says less.
    pub sameness: f64,
    /// It was given up before the hops on the way would have given up.
    pub impatient: bool,
}

impl Asked {
    /// The same for what its own sender makes of it: a certificate that it shows may be the very one that is refused.
    fn of(self, role: Role) -> Asked {
        let shown = role == Role::Maker && self.tls == Tls::WithCertificate;
        if shown { Asked { tls: Tls::Checked, ..self } } else { self }
    }
}

/// What a request shows if `cause` is true and `step` is where its element stands on the route.
pub fn request(cause: &Cause, step: &Step, asked: Asked) -> Dist {
    let nearer = step.between.iter().rev();
    let passage = nearer.fold(Passage::straight(), |passage, conduct| passage.behind(*conduct, asked.impatient));
    let effect = effect(cause, step, asked, &passage);
    background().mixed(&effect.shown, effect.share(step, asked))
}

/// What a fault makes of the requests that meet it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    pub shown: Dist,
    /// How many of those that pass the element meet the fault, 0 to 1.
    rate: f64,
    /// It does so whatever they ask for.
    for_all: bool,
}

impl Effect {
    /// The fault has nothing to do with the request.
    fn none() -> Effect {
        Effect { shown: background(), rate: 0.0, for_all: false }
    }

    /// What a test sees of it that ends so early, or minds TLS so little.
    fn seen_in(&self, asked: Asked) -> Effect {
        Effect { shown: self.shown.seen_by(asked.tests).without_tls(asked.tls), ..*self }
    }

    /// How many of the requests show it, 0 to 1; all others show the background.
    pub fn share(&self, step: &Step, asked: Asked) -> f64 {
        // A server that is down or slow is so for every name.
        let sameness = if self.for_all { asked.sameness.max(0.8) } else { asked.sameness };
        (self.rate * step.weight * sameness).clamp(0.0, 1.0)
    }

    /// How likely a request is seen to end like this.
    pub fn likelihood(&self, seen: Outcome, step: &Step, asked: Asked) -> f64 {
        let share = self.share(step, asked);
        (1.0 - share) * background().likelihood(seen) + share * self.shown.likelihood(seen)
    }

    /// How likely the fault made a request end like this, and not chance, 0 to 1.
    pub fn caused(&self, seen: Outcome, step: &Step, asked: Asked) -> f64 {
        let share = self.share(step, asked);
        share * self.shown.likelihood(seen) / self.likelihood(seen, step, asked).max(f64::MIN_POSITIVE)
    }

    /// How many of those that meet the fault fail, 0 to 1.
    pub fn failing(&self) -> f64 {
        self.shown.iter().filter(|(outcome, _)| !outcome.is_success()).map(|(_, p)| p).sum()
    }
}

/// What a fault makes of a request, whatever the chance that the request gets there. `passage` leads past what stands between.
fn effect(cause: &Cause, step: &Step, asked: Asked, passage: &Passage) -> Effect {
    // Who asks the drawn name server by hand passes by its own settings.
    if step.role == Role::Maker && asked.tests == Stage::Resolve && !asked.whole && asked.aim == Aim::Drawn {
        return Effect::none();
    }
    let (local, rate) = match cause {
        Cause::Described(_, mode) => described(mode, step.role, asked.aim),
        // What a name server may do to those who follow its answers, and a job to its neighbors, is described or nothing.
        Cause::NotDescribed(_) if matches!(step.role, Role::Guide | Role::Sharer) => return Effect::none(),
        Cause::NotDescribed(element) => (vague::local(*element, step.role, asked.tests), 1.0),
        Cause::Nothing | Cause::Outside => return Effect::none(),
    };
    let local = if step.plain { local.without_tls(Tls::Absent) } else { local };
    let mut seen = passage.carry(&if asked.answered { local.answers_only() } else { local });
    // A dead address that the sender can leave for the next one delays as often as it fails.
    if step.role == Role::Address && asked.whole && step.between.is_empty() {
        seen = seen.shifted(Outcome::ConnectTimeout, Outcome::ConnectSlow, 0.55);
        seen = seen.shifted(Outcome::Refused, Outcome::Ok, 0.6);
    }
    Effect { shown: seen, rate, for_all: is_for_all(cause, step, asked) }.seen_in(asked.of(step.role))
}

/// Whether a name server with this fault has it for every name.
fn is_for_all(cause: &Cause, step: &Step, asked: Asked) -> bool {
    let silent = [Outcome::DnsTimeout, Outcome::DnsUnreachable, Outcome::DnsSlow];
    match cause {
        Cause::Described(_, mode) if asked.tests == Stage::Resolve && step.role == Role::Receiver => {
            mode.breaks.keys().all(|outcome| silent.contains(outcome))
        }
        _ => false,
    }
}

/// The local effect a runbook describes, and its rate.
fn described(mode: &FailureMode, role: Role, aim: Aim) -> (Dist, f64) {
    let effects = match role {
        Role::Maker if matches!(aim, Aim::Astray | Aim::Aside) && !mode.astray.is_empty() => &mode.astray,
        Role::Maker => &mode.makes,
        Role::Guide => &mode.misleads,
        Role::Sharer => &mode.disturbs,
        Role::Link | Role::Address | Role::Receiver => &mode.breaks,
    };
    if effects.is_empty() {
        return (background(), 0.0);
    }
    let listed = Dist::of(effects.iter().map(|(outcome, chance)| (*outcome, chance.probability())));
    (listed.mixed(&Dist::failures_beside(&listed), UNLISTED), mode.rate.probability())
}

/// How often a described fault shows another failure of the stages at which its runbook says it shows: the same dropped packet is
/// "timed out" to one client and "unreachable" to another, and no runbook lists every wording. By judgment.
const UNLISTED: f64 = 0.05;

/// What is seen where nothing on the route is wrong.
pub fn background() -> Dist {
    static BACKGROUND: LazyLock<Dist> = LazyLock::new(|| Dist::mostly(Outcome::Ok, 0.96));
    *BACKGROUND
}

/// What is seen if the cause is not in the drawing: anything.
pub fn outside(tests: Stage) -> Dist {
    background().mixed(&Dist::any_failure(tests), 0.4)
}

/// How likely a state has this value if `cause` is true and its element is among those the state speaks of.
pub fn state(cause: &Cause, observable: &str, value: &str, shelf: &Shelf) -> f64 {
    state_beside(cause, observable, value, shelf.normally(observable, value))
}

/// The same, where it is known how likely a healthy element shows the value.
pub fn state_beside(cause: &Cause, observable: &str, value: &str, normally: f64) -> f64 {
    match cause {
        Cause::Described(_, mode) => shown_beside(mode, observable, value, normally),
        // An undescribed fault may show anything, a little more than a healthy element does.
        Cause::NotDescribed(_) => beside(normally, 0.3),
        Cause::Nothing => normally,
        Cause::Outside => beside(normally, 0.1),
    }
}

/// How often a state is not what it is on healthy elements, though the fault that is there does not say so: what is broken
/// is rarely broken in one respect only, and no runbook lists everything. Chosen by judgment, a third of what an undescribed fault has.
const BESIDE: f64 = 0.1;

/// A state with no favorites: any of about five values.
fn beside(normally: f64, share: f64) -> f64 {
    (1.0 - share) * normally + share * 0.2
}

/// How likely an element at which this mode is at work shows this value.
pub fn shown(mode: &FailureMode, observable: &str, value: &str, shelf: &Shelf) -> f64 {
    shown_beside(mode, observable, value, shelf.normally(observable, value))
}

fn shown_beside(mode: &FailureMode, observable: &str, value: &str, normally: f64) -> f64 {
    let Some(shown) = mode.shows.get(observable) else { return beside(normally, BESIDE) };
    let said: f64 = shown.values().map(|chance| chance.probability()).sum();
    match shown.get(value) {
        Some(chance) => chance.probability() / said.max(1.0),
        // The values a mode does not mention share what it left over.
        None => ((1.0 - said).max(0.02) * normally).max(0.002),
    }
}
