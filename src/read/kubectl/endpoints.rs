//! Endpoints and endpoint slices: the addresses behind a service.

use super::Row;
use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::observable::ENDPOINTS;
use crate::read::{CommandLine, Findings};

pub(super) fn row(row: &Row, findings: &mut Findings) {
    let (Some(name), Some(addresses)) = (row.cell("NAME"), row.cell("ENDPOINTS")) else { return };
    // Where no address is ready the column is empty, and what stands next is the age.
    let missing = row.cells.len() < row.head.len() && !addresses.contains(['.', ':']);
    let addresses = if missing { "" } else { addresses };
    let value = if matches!(addresses, "" | "<none>" | "<unset>") { "none" } else { "present" };
    // A slice is called after its service, with five random characters: "cart-x7k2p".
    let service = match (row.head.contains(&"ADDRESSTYPE"), name.rsplit_once('-')) {
        (true, Some((service, end))) if end.len() == 5 => service,
        _ => name,
    };
    findings.state(Lines::one(row.number), ENDPOINTS, value, Endpoint::named(service), addresses);
}

/// `No resources found in shop namespace.`, where endpoints of one service were asked for.
pub(super) fn nothing_found(command: Option<&CommandLine>, number: u32, findings: &mut Findings) {
    findings.noise(number);
    let Some(command) = command else { return };
    let asked = command.words().any(|word| {
        word.starts_with("endpointslice") || word == "endpoints" || word == "ep" || word.starts_with("endpoints/")
    });
    let service = command.words().find_map(|word| word.split_once("kubernetes.io/service-name=").map(|(_, name)| name));
    if let (true, Some(service)) = (asked, service) {
        findings.state(Lines::one(number), ENDPOINTS, "none", Endpoint::named(service), "no resources found");
    }
}
