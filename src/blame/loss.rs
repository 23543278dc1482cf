//! What one element lost between two windows, and how much of that chance alone could make.

use super::{Change, Symptom, Traffic};

/// A loss of this many standard deviations counts half, twice as many count four fifths: a soft line between chance and change.
pub const DOUBT: f64 = 3.0;

/// Requests taken for granted where nobody counted them.
pub const UNCOUNTED: f64 = 100.0;

/// Extra seconds or extra failed requests of a window.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Loss {
    /// Negative where things got better.
    pub extra: f64,
    /// Standard deviation of `extra` if nothing changed.
    pub noise: f64,
}

impl Loss {
    /// The loss, less what may be chance.
    pub fn felt(self) -> f64 {
        if self.extra <= 0.0 {
            return 0.0;
        }
        if self.noise <= 0.0 {
            return self.extra;
        }
        let z = self.extra / self.noise;
        self.extra * z * z / (z * z + DOUBT * DOUBT)
    }

    /// Whether it is more than so many standard deviations of chance: a change that was looked for in many places needs more.
    pub fn is_beyond(self, deviations: f64) -> bool {
        self.extra > 0.0 && self.extra >= deviations * self.noise
    }

    /// Whether chance alone hardly explains it.
    pub fn is_significant(self) -> bool {
        self.is_beyond(DOUBT)
    }

    /// Whether it cannot be overlooked: of many elements, some pass the softer line by chance.
    pub fn is_glaring(self) -> bool {
        self.is_beyond(2.0 * DOUBT)
    }

    /// The part of it that one of several callers bears.
    pub fn part(self, portion: f64) -> Loss {
        Loss { extra: self.extra * portion, noise: self.noise * portion }
    }
}

impl Change {
    /// What was lost. `None` without a baseline or without a measurement: such an element explains nothing.
    pub fn loss(&self, symptom: Symptom) -> Option<Loss> {
        let before = self.before.requests.unwrap_or(UNCOUNTED);
        let after = self.after.requests.unwrap_or(UNCOUNTED);
        if before <= 0.0 || after <= 0.0 {
            return None;
        }
        let (was, is, variance, unrest) = match symptom {
            Symptom::Latency => {
                (self.before.seconds?, self.after.seconds?, seconds_variance(&self.before), self.unrest.seconds)
            }
            Symptom::Failures => {
                let (was, is) = (self.before.failed?, self.after.failed?);
                // One failure and one success more than were seen, so that "none of 12" does not become "never" (Laplace).
                let p = (was * before + is * after + 1.0) / (before + after + 2.0);
                (was, is, p * (1.0 - p), self.unrest.failed)
            }
        };
        let chance = (variance * (1.0 / before + 1.0 / after)).sqrt();
        Some(Loss { extra: after * (is - was), noise: after * chance.max(unrest.unwrap_or(0.0)) })
    }

    /// Whether requests were counted in both windows.
    pub fn is_counted(&self) -> bool {
        self.before.requests.is_some() && self.after.requests.is_some()
    }

    /// How many requests its loss is summed over.
    pub fn weight(&self) -> f64 {
        self.after.requests.unwrap_or(UNCOUNTED).max(1.0)
    }

    /// Whether it began to be called only after the change.
    pub fn is_new(&self) -> bool {
        self.before.requests == Some(0.0) && self.after.requests.is_some_and(|requests| requests > 0.0)
    }
}

/// Of the seconds of one request while nothing was wrong: the fault itself makes them differ more. Where nobody measured the spread, it
/// is taken to be as large as the mean, as waiting times have it.
fn seconds_variance(before: &Traffic) -> f64 {
    before.spread.or(before.seconds).unwrap_or(0.0).powi(2)
}
