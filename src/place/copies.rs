//! Finds a cache that hands out old copies: older than their maker allows, or other than what the same path brings where it is made.
//!
//! ```text
//! reader$ wget -q -S -O- http://www.example/level.json           Age: 25   Cache-Control: max-age=5   {"level_cm":612}
//! cache$  wget -q -S -O- http://10.120.4.20:8080/level.json                                            {"level_cm":688}
//! ```

use super::target::Targets;
use super::{Observation, Sampled, Sight};
use crate::diagnosis::Seen;
use crate::fact::{Claim, Fact, Outcome};
use crate::sketch::{Element, NodeIx};

/// An answer to a request for a path.
struct Copy<'a> {
    by: NodeIx,
    path: &'a str,
    /// Seconds that it has been kept; none for one that was made for this request.
    age: Option<f64>,
    lifetime: Option<f64>,
    body: Option<f64>,
    seen: Seen,
}

/// Says of each copy whether it is outdated, where the texts show it.
pub(super) fn compare<'a>(
    observations: &mut Vec<Observation>,
    facts: impl Iterator<Item = (usize, &'a Fact)>,
    targets: &Targets,
) {
    let copies: Vec<Copy> = facts.filter_map(|(evidence, fact)| copy(evidence, fact, targets)).collect();
    for one in &copies {
        let Some(age) = one.age else { continue };
        let behind = |other: &Copy| other.by == one.by || targets.routes.shortest(one.by, other.by).is_some();
        let made = |other: &&Copy| other.age.is_none() && other.path == one.path && behind(other);
        let other_body = |other: &Copy| one.body.zip(other.body).is_some_and(|(one, other)| one != other);
        let says = match one.lifetime.filter(|lifetime| age > *lifetime) {
            Some(lifetime) => format!("what is kept of {} is {age} s old, and may be kept for {lifetime} s", one.path),
            None if copies.iter().filter(made).any(other_body) => {
                format!("what is kept of {} is {age} s old, and other than what is made now", one.path)
            }
            None => continue,
        };
        observations.push(Observation {
            sight: Sight::State {
                observable: "cache.copy".to_owned(),
                value: "outdated".to_owned(),
                at: vec![Element::Node(one.by)],
            },
            count: 1,
            seen: one.seen.clone(),
            says,
            sampled: Sampled::Whole,
            at: None,
        });
    }
}

fn copy<'a>(evidence: usize, fact: &'a Fact, targets: &Targets) -> Option<Copy<'a>> {
    let Claim::Attempt(attempt) = &fact.claim else { return None };
    let number = |name: &str| fact.numbers.get(name).copied();
    (attempt.outcome == Outcome::Ok && attempt.status == Some(200)).then_some(())?;
    Some(Copy {
        by: targets.endpoint(&attempt.to, None)?,
        path: attempt.path.as_deref()?,
        age: number("age_s").filter(|age| *age > 0.0),
        lifetime: number("lifetime_s"),
        body: number("body"),
        seen: Seen { evidence, lines: fact.lines },
    })
}
