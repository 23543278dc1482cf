//! Changes as people report them: one from before raises suspicion; one made while looking for the fault divides the evidence.
//!
//! ```text
//! changed 2 h ago: fw: rule 12 added
//! changed today: proxy
//! changed at 17:12: shop: new version
//! I changed backend-pub: moved zone c to a public subnet
//! I changed shop at 17:12: new version
//! ```

use std::collections::BTreeMap;

use crate::fact::{Endpoint, State};
use crate::read::metric_table::time;

/// The change, and its age in hours where one is told.
pub(super) fn change(text: &str) -> Option<(State, BTreeMap<String, f64>)> {
    let text = text.trim().trim_start_matches(['-', '•', ' ']);
    if let Some(made) = text.strip_prefix("I changed ") {
        let of = made.split(": ").next().unwrap_or(made).trim();
        let (of, at) = of.split_once(" at ").map_or((of, None), |(of, when)| (of, time(when.trim())));
        let named = !of.is_empty() && !of.contains(' ');
        return named.then(|| (state("made", of, made.to_owned()), at_s(at)));
    }
    let (when, what) = text.strip_prefix("changed ")?.split_once(": ")?;
    let at = when.strip_prefix("at ").and_then(|when| time(when.trim()));
    let hours = age(when).or(at.map(|_| 0.0))?;
    let (of, how) = what.split_once(": ").unwrap_or((what, ""));
    let of = of.trim();
    let named = !of.is_empty() && !of.contains(' ');
    let how = if how.is_empty() { when.to_owned() } else { format!("{how}, {when}") };
    let mut numbers = at_s(at);
    numbers.insert("age_h".to_owned(), hours);
    named.then(|| (state("earlier", of, how), numbers))
}

/// When it was, where the text says so, in seconds since 1970 or since midnight.
fn at_s(at: Option<f64>) -> BTreeMap<String, f64> {
    at.map(|at| ("at_s".to_owned(), at)).into_iter().collect()
}

fn state(value: &str, of: &str, detail: String) -> State {
    State { observable: "change".to_owned(), value: value.to_owned(), of: Endpoint::named(of), detail }
}

/// Hours since `2 h ago`, `today`, `yesterday`, `recently`.
fn age(when: &str) -> Option<f64> {
    let words: Vec<&str> = when.split_whitespace().collect();
    match words.as_slice() {
        ["recently" | "today" | "just", ..] => Some(6.0),
        ["yesterday"] => Some(24.0),
        [number, unit, "ago"] => {
            let hours = match *unit {
                "min" | "minutes" => 1.0 / 60.0,
                "h" | "hour" | "hours" => 1.0,
                "d" | "day" | "days" => 24.0,
                _ => return None,
            };
            Some(number.parse::<f64>().ok()? * hours)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_with_its_age_or_as_made_now() {
        let (told, numbers) = change("changed 2 h ago: fw: rule 12 added").unwrap();
        assert_eq!(told.to_string(), "change is earlier at fw (rule 12 added, 2 h ago)");
        assert_eq!(numbers.get("age_h"), Some(&2.0));
        let (told, _) = change("I changed elb: moved zone c to a public subnet").unwrap();
        assert_eq!((told.value.as_str(), told.detail.as_str()), ("made", "elb: moved zone c to a public subnet"));
        let (_, numbers) = change("changed at 17:12: shop: new version").unwrap();
        assert_eq!(numbers.get("at_s"), Some(&61_920.0));
        let (told, numbers) = change("I changed shop at 2026-11-28T17:12:00Z: new version").unwrap();
        assert_eq!((told.of.name.as_deref(), numbers.len()), (Some("shop"), 1));
        assert!(change("changed the password: of the database").is_none());
    }
}
