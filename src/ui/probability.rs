//! Belief as a number for people.

use crate::decimal::whole;

/// A share of belief as a rounded percentage that never claims certainty.
pub(super) fn percent(probability: f64) -> String {
    match probability * 100.0 {
        p if p < 1.0 => "under 1 %".to_owned(),
        p if p > 99.0 => "over 99 %".to_owned(),
        p => format!("{} %", whole(p)),
    }
}
