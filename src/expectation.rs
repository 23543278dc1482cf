//! Holds a diagnosis against what a test expects of it, for the tests inside runbooks and for the stories.

use crate::diagnosis::Diagnosis;
use crate::runbook::Expectation;

/// Every expectation that is not met, as a sentence.
pub fn unmet(expected: &Expectation, diagnosis: &Diagnosis) -> Vec<String> {
    let mut unmet = Vec::new();
    if let Some(top) = &expected.top {
        let leader = leader(diagnosis, top);
        if leader.as_deref() != Some(top) {
            unmet.push(format!("{top} should come first, but {} does", leader.unwrap_or_else(|| "nothing".to_owned())));
        }
        let p = belief(diagnosis, top);
        if let Some(least) = expected.at_least.filter(|least| p < *least) {
            unmet.push(format!("{top} should have at least {least}, but has {p:.3}"));
        }
    }
    for (who, most) in &expected.at_most {
        let p = belief(diagnosis, who);
        if p > *most {
            unmet.push(format!("{who} should have at most {most}, but has {p:.3}"));
        }
    }
    if let Some(most) = expected.no_element_above
        && let Some(first) = diagnosis.elements.first().filter(|first| first.probability > most)
    {
        unmet.push(format!(
            "no element should have more than {most}, but {} has {:.3}",
            first.element, first.probability
        ));
    }
    let is_cleared =
        |who: &str| diagnosis.cleared.iter().any(|cleared| spelled(&cleared.element, cleared.address) == who);
    unmet.extend(
        expected
            .cleared
            .iter()
            .filter(|who| !is_cleared(who))
            .map(|who| format!("{who} should be cleared, but is not")),
    );
    unmet.extend(
        expected
            .not_cleared
            .iter()
            .filter(|who| is_cleared(who))
            .map(|who| format!("{who} is cleared, but must not be")),
    );
    if let Some(words) = &expected.next {
        let next = diagnosis.next.first().map(|next| next.command.as_str()).unwrap_or("nothing");
        if !next.contains(words.as_str()) {
            unmet.push(format!("the next command should contain \"{words}\", but it is: {next}"));
        }
    }
    if let Some(verdict) = expected.verdict.filter(|verdict| *verdict != diagnosis.verdict) {
        unmet.push(format!("the verdict should be {verdict:?}, but is {:?}", diagnosis.verdict));
    }
    if let Some(verdict) = expected.verdict_not.filter(|verdict| *verdict == diagnosis.verdict) {
        unmet.push(format!("the verdict must not be {verdict:?}"));
    }
    unmet
}

/// The leader, spelled as precisely as the expectation is: `elb`, `elb#203.0.113.30`, or either with ` / mode`.
pub fn leader(diagnosis: &Diagnosis, as_precise_as: &str) -> Option<String> {
    let with_mode = as_precise_as.contains(" / ");
    let with_address = as_precise_as.contains('#');
    if with_mode {
        let first = diagnosis.suspects.first()?;
        let address = first.address.filter(|_| with_address);
        return Some(format!("{} / {}", spelled(&first.element, address), first.failure_mode));
    }
    let first = diagnosis.elements.iter().find(|belief| belief.address.is_none())?;
    if !with_address {
        return Some(first.element.clone());
    }
    let address =
        diagnosis.elements.iter().find(|belief| belief.element == first.element && belief.address.is_some())?;
    Some(spelled(&address.element, address.address))
}

/// The belief in an element, or in one way it may be failing, 0 to 1.
pub fn belief(diagnosis: &Diagnosis, who: &str) -> f64 {
    if who.contains(" / ") {
        let is_it = |element: &str, address, mode: &str| {
            let with = format!("{} / {mode}", spelled(element, address));
            who == with || who == format!("{element} / {mode}")
        };
        let all =
            diagnosis.suspects.iter().filter(|suspect| is_it(&suspect.element, suspect.address, &suspect.failure_mode));
        return all.map(|suspect| suspect.probability).sum();
    }
    diagnosis
        .elements
        .iter()
        .find(|belief| spelled(&belief.element, belief.address) == who)
        .map_or(0.0, |belief| belief.probability)
}

fn spelled(element: &str, address: Option<std::net::IpAddr>) -> String {
    address.map_or_else(|| element.to_owned(), |ip| format!("{element}#{ip}"))
}
