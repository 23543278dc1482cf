//! Reads `pg_isready`.
//!
//! ```text
//! 10.83.5.5:5432 - accepting connections
//! 10.83.5.5:5432 - no response
//! /var/run/postgresql:5432 - rejecting connections
//! ```

use super::observable::{DB_ANSWERS, DB_ERROR};
use super::pick::host_port;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "pg_isready", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| verdict(text).is_some()) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let Some((place, verdict)) = verdict(&line.text) else { continue };
        let at = Lines::one(line.number);
        let to = host_port(place);
        // It asks the server for its state, which both "accepting" and "rejecting" answer.
        if verdict != "no response"
            && let Some(to) = &to
        {
            let protocol = Some("postgres".to_owned());
            let attempt = Attempt { to: to.clone(), protocol, ..Attempt::new(Stage::Connect, Outcome::Ok) };
            findings.fact(at, Claim::Attempt(attempt));
        }
        let of = to.unwrap_or_default();
        match verdict {
            "accepting connections" => findings.state(at, DB_ANSWERS, "yes", of, verdict),
            "rejecting connections" => findings.state(at, DB_ERROR, "starting", of, verdict),
            // Neither a refusal nor silence is told apart.
            _ => findings.state(at, DB_ANSWERS, "no", of, verdict),
        }
    }
}

fn verdict(text: &str) -> Option<(&str, &str)> {
    let (place, verdict) = text.trim().split_once(" - ")?;
    let known = matches!(verdict, "accepting connections" | "rejecting connections" | "no response");
    let named = place.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    (known && named).then_some((place, verdict))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_server_that_answers_is_told_from_one_that_does_not() {
        let text = "10.83.5.5:5432 - accepting connections\n10.83.5.6:5432 - no response";
        assert_eq!(
            told(READER, text),
            [
                "the connection to 10.83.5.5:5432 was made",
                "db answers is yes at 10.83.5.5:5432 (accepting connections)",
                "db answers is no at 10.83.5.6:5432 (no response)",
            ]
        );
    }
}
