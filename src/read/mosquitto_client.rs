//! Reads what `mosquitto_pub -d` and `mosquitto_sub -d` tell of their session: whether the broker let them in.
//!
//! ```text
//! Client field-gw-7 sending CONNECT
//! Client field-gw-7 received CONNACK (5)
//! Connection error: Connection Refused: not authorised.
//! ```
//!
//! Wordings: mosquitto 2.0.11. Codes: MQTT 3.1.1, section 3.2.2.3, and MQTT 5.0, section 3.2.2.2.

use super::observable::DB_ERROR;
use super::request::endpoint;
use super::{CommandLine, Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "mosquitto", most: 0.95, recognize, read };

/// Without `-p` they use the port of IANA's registry.
const PORT: u16 = 1883;

fn recognize(part: &Part) -> f64 {
    if part.any(|text| code(text).is_some()) { 0.95 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let to = part.command.as_ref().map(broker).unwrap_or_default();
    for line in &part.lines {
        match code(&line.text) {
            Some("0") => {
                let attempt = Attempt { to: to.clone(), ..Attempt::new(Stage::Exchange, Outcome::Ok) };
                findings.fact(Lines::one(line.number), Claim::Attempt(attempt));
            }
            Some("4" | "5" | "134" | "135") => {
                // It was reached, and answers.
                let attempt = Attempt { to: to.clone(), ..Attempt::new(Stage::Connect, Outcome::Ok) };
                findings.fact(Lines::one(line.number), Claim::Attempt(attempt));
                findings.state(Lines::one(line.number), DB_ERROR, "auth_failed", to.clone(), "");
            }
            // Standard error says it once more.
            None if ["Client ", "Connection error: ", "Error: "].iter().any(|start| line.text.starts_with(start)) => {
                findings.noise(line.number);
            }
            _ => {}
        }
    }
}

/// The code in `Client field-gw-7 received CONNACK (5)`.
fn code(text: &str) -> Option<&str> {
    text.strip_prefix("Client ")?.split_once(" received CONNACK (")?.1.strip_suffix(')')
}

fn broker(command: &CommandLine) -> Endpoint {
    let port = command.option("-p", "--port").and_then(|port| port.parse().ok());
    command.option("-h", "--host").map(|host| endpoint(host, port.or(Some(PORT)))).unwrap_or_default()
}
