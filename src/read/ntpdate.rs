//! Reads `ntpdate -q` and `ntpdig`, which ask a time server once.
//!
//! ```text
//! 2026-11-28 02:35:06.991812 (+0000) -0.001641 +/- 0.002055 10.209.0.5 s3 no-leap
//! ntpdig: no eligible servers
//! ```

use super::request::endpoint;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "ntpdate", most: 0.95, recognize, read };

/// What is said where no server answered, or none that can be trusted.
const NONE: &[&str] = &["ntpdig: no eligible servers", "no server suitable for synchronization found"];

fn recognize(part: &Part) -> f64 {
    if part.any(|text| answer(text).is_some() || NONE.iter().any(|none| text.contains(none))) { 0.95 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let command = part.command.as_ref();
    let asked: Vec<&str> = command
        .into_iter()
        .flat_map(|command| command.words())
        .skip_while(|word| !word.ends_with("ntpdate") && !word.ends_with("ntpdig"))
        .skip(1)
        .filter(|word| !word.starts_with('-') && word.contains('.'))
        .collect();
    for line in &part.lines {
        let told = match answer(&line.text) {
            Some(server) => Some((endpoint(server, Some(123)), Outcome::Ok)),
            None if NONE.iter().any(|none| line.text.contains(none)) => {
                // Which of several did not answer is not told.
                let to = if let [only] = asked.as_slice() { endpoint(only, Some(123)) } else { Endpoint::default() };
                Some((to, Outcome::Unserved))
            }
            None => None,
        };
        if let Some((to, outcome)) = told {
            let (resolved, protocol) = (to.host.is_some(), Some("ntp".to_owned()));
            let attempt = Attempt { to, resolved, protocol, ..Attempt::new(Stage::Exchange, outcome) };
            findings.fact(Lines::one(line.number), Claim::Attempt(attempt));
        }
    }
}

/// The server that answered: what stands behind the offset and its error.
fn answer(text: &str) -> Option<&str> {
    let (before, after) = text.split_once(" +/- ")?;
    let dated = before.len() > 19 && before.split('-').count() >= 3 && before.contains(':');
    let mut words = after.split_whitespace();
    words.next()?.parse::<f64>().ok()?;
    words.next().filter(|_| dated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn an_offset_is_an_answer() {
        let text = "2026-11-28 02:35:06.991812 (+0000) -0.001641 +/- 0.002055 10.209.0.5 s3 no-leap";
        assert_eq!(told(READER, text), ["the request to 10.209.0.5:123 worked"]);
    }
}
