//! Reads what Azure's and Google's command lines tell of the members behind a load balancer, as JSON or YAML.
//!
//! ```text
//! "servers": [{"address": "10.21.1.4", "health": "Unhealthy", "healthProbeLog": "Cannot connect to backend server"}]
//! - healthState: UNHEALTHY
//!   ipAddress: 10.132.0.5
//!   port: 80
//! ```

use std::net::IpAddr;

use super::observable::TARGET_HEALTH;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const AZ: Reader = Reader { kind: "az", most: 0.95, recognize: recognize_az, read };
pub(super) const GCLOUD: Reader = Reader { kind: "gcloud", most: 0.95, recognize: recognize_gcloud, read };

fn recognize_az(part: &Part) -> f64 {
    if part.any(|text| text.contains("\"/subscriptions/") || text.contains("\"backendAddressPools\"")) {
        0.95
    } else {
        0.0
    }
}

fn recognize_gcloud(part: &Part) -> f64 {
    let own = |text: &str| {
        text.contains("https://www.googleapis.com/compute/")
            || text.trim_start().trim_start_matches("- ").starts_with("healthState: ")
    };
    if part.any(own) { 0.95 } else { 0.0 }
}

/// A member's address and its state stand within so many lines of each other.
const NEAR: u32 = 4;

fn read(part: &Part, findings: &mut Findings) {
    let mut address: Option<(u32, IpAddr)> = None;
    let mut state: Option<(u32, &str)> = None;
    for line in &part.lines {
        findings.noise(line.number);
        let text = line.text.trim().trim_start_matches(['-', '{', ' ']).trim_end_matches(',');
        let Some((key, value)) = text.split_once(": ") else { continue };
        let value = value.trim_matches('"');
        match key.trim_matches('"') {
            "address" | "ipAddress" => address = value.parse().ok().map(|address| (line.number, address)),
            "health" | "healthState" => state = Some((line.number, value)),
            _ => continue,
        }
        if let (Some((first, address_of)), Some((second, said))) = (address, state)
            && first.abs_diff(second) <= NEAR
        {
            let value = match said.to_ascii_lowercase().as_str() {
                "healthy" | "up" => "healthy",
                "unhealthy" | "down" => "unhealthy",
                _ => continue,
            };
            findings.state(Lines::new(first, second), TARGET_HEALTH, value, Endpoint::at(address_of, None), said);
            (address, state) = (None, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn members_are_told_with_their_state() {
        let az = "{\n\"backendAddressPools\": [\n\"address\": \"10.21.1.4\",\n\"health\": \"Unhealthy\",\n\"address\": \"10.21.1.5\",\n\"health\": \"Healthy\"";
        assert_eq!(
            told(AZ, az),
            ["target health is unhealthy at 10.21.1.4 (Unhealthy)", "target health is healthy at 10.21.1.5 (Healthy)"]
        );
        let gcloud = "- healthState: UNHEALTHY\n  instance: https://www.googleapis.com/compute/v1/x\n  ipAddress: 10.132.0.5\n  port: 80";
        assert_eq!(told(GCLOUD, gcloud), ["target health is unhealthy at 10.132.0.5 (UNHEALTHY)"]);
    }
}
