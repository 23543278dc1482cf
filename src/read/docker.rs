//! Reads `docker ps` and `docker inspect`; of Swarm its nodes and services.
//!
//! ```text
//! CONTAINER ID   IMAGE        COMMAND     CREATED         STATUS                       PORTS                    NAMES
//! 3f2a9b1c0d4e   shop/cart    "/cart"     5 minutes ago   Exited (137) 2 minutes ago                            cart-1
//! 9a8b7c6d5e4f   shop/web     "/web"      5 minutes ago   Up 5 minutes (unhealthy)     0.0.0.0:8080->8080/tcp   web-1
//! ```
//!
//! Podman prints the same tables. Environment and labels of `inspect` are not read: they hold secrets.

use serde_json::Value;

use super::json::{Document, below, documents, list, number, text};
use super::observable::{CONTAINER_HEALTH, CONTAINER_NETWORK, PROCESS};
use super::{Findings, Part, Reader, driver};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint};

mod listing;

pub(super) const READER: Reader = Reader { kind: "docker", most: 0.97, recognize, read };

/// So much of what a health check printed is shown.
const SHOWN: usize = 160;

fn recognize(part: &Part) -> f64 {
    let networks = |text: &str| text.contains("\"NetworkID\":") && text.contains("\"IPAddress\":");
    let inspect = part.any(|text| text.contains("\"OOMKilled\":") || networks(text));
    match () {
        () if part.any(is_head) || inspect => 0.97,
        // `docker inspect --format '{{json .State.Health}}'`
        () if part.any(|text| text.contains("\"FailingStreak\":")) => 0.95,
        () if part.any(|text| listing::is_head(text) || listing::is_report(text)) => 0.95,
        () => 0.0,
    }
}

fn is_head(text: &str) -> bool {
    text.starts_with("CONTAINER ID ") && text.contains("STATUS")
}

fn read(part: &Part, findings: &mut Findings) {
    let mut column = None;
    // A narrow terminal wraps the last column: the last word of a line is no name then.
    let mut named = true;
    for line in &part.lines {
        if is_head(&line.text) {
            column = line.text.find("STATUS");
            named = line.text.trim_end().ends_with("NAMES");
            findings.noise(line.number);
        } else if let Some(column) = column
            && let Some(status) = line.text.get(column..).or(Some(&line.text))
        {
            let name = line.text.split_whitespace().next_back().filter(|_| named);
            // Squeezed columns no longer stand below their head.
            let status = ["Up ", "Exited (", "Restarting (", "Created", "Dead", "Paused"]
                .iter()
                .find_map(|word| status.find(word).and_then(|at| status.get(at..)));
            if let Some(status) = status {
                table(line.number, name, status.split("  ").next().unwrap_or(status), findings);
            }
        }
    }
    listing::read(part, findings);
    let documents = documents(part);
    if documents.is_empty() && is_fragment(part) {
        return fragment(part, findings);
    }
    for document in documents {
        let containers = document.parse();
        // `docker inspect --format '{{json .NetworkSettings.Networks}}' cart-1`
        if let Some(object) = containers.as_ref().filter(|value| value.is_object()) {
            let called = part.command.as_ref().filter(|command| command.runs("docker") || command.runs("podman"));
            let name = called.and_then(|command| command.words().take_while(|word| *word != "|").last());
            let name = name.filter(|name| !name.contains(['{', '$']));
            legs(object, name, document.lines, findings);
            let of = name.map(Endpoint::named).unwrap_or_default();
            let health = if object.get("FailingStreak").is_some() { Some(object) } else { object.get("Health") };
            if object.get("OOMKilled").is_some() {
                (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
                ending(object, of.clone(), String::new(), document.lines, findings);
            }
            if let Some(health) = health {
                (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
                checks(health, of, &document, findings);
            }
        }
        for container in containers.as_ref().and_then(Value::as_array).into_iter().flatten() {
            if container.get("State").is_none() {
                continue;
            }
            (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
            tell(container, &document, findings);
        }
    }
}

/// Whether only the state of one container was pasted, without the document around it.
fn is_fragment(part: &Part) -> bool {
    part.any(|text| {
        let text = text.trim_start();
        text.starts_with("\"State\": {") || text.starts_with("\"OOMKilled\":") || text.starts_with("\"FailingStreak\":")
    })
}

/// The state line by line; whatever may be missing around it. The log of its health check quotes other programs and stays unread.
fn fragment(part: &Part, findings: &mut Findings) {
    let (mut oom, mut exit, mut status, mut health) = (false, None, None, None);
    for line in &part.lines {
        let text = line.text.trim().trim_end_matches(',');
        let Some((key, value)) = text.split_once(": ") else { continue };
        let word = value.trim_matches('"');
        match key {
            "\"Log\"" => break,
            "\"Status\"" if matches!(word, "healthy" | "unhealthy" | "starting" | "none") => {
                health = Some((line.number, word));
            }
            "\"Status\"" => status = Some((line.number, word)),
            "\"OOMKilled\"" => oom = value == "true",
            "\"ExitCode\"" => exit = value.parse::<i32>().ok(),
            _ => {}
        }
        findings.noise(line.number);
    }
    if let Some((number, status)) = status {
        let value = match (status, oom, exit) {
            (_, true, _) => Some("killed_oom"),
            ("running", ..) => Some("running"),
            ("restarting", ..) => Some("restarted"),
            ("exited" | "dead", _, Some(exit)) => Some(ended(exit)),
            _ => None,
        };
        let exit = exit.map(|code| format!(", exit code {code}")).unwrap_or_default();
        if let Some(value) = value {
            findings.state(Lines::one(number), PROCESS, value, Endpoint::default(), format!("{status}{exit}"));
        }
    }
    if let Some((number, health)) = health.filter(|(_, health)| matches!(*health, "healthy" | "unhealthy")) {
        findings.state(Lines::one(number), CONTAINER_HEALTH, health, Endpoint::default(), "");
    }
}

/// What a process's exit code tells of its end: above 128 a signal ended it (signal(7)), of which 15 asks it to stop.
fn ended(exit: i32) -> &'static str {
    match exit {
        0 | 143 => "stopped",
        _ => "crashed",
    }
}

fn table(number: u32, name: Option<&str>, status: &str, findings: &mut Findings) {
    let at = Lines::one(number);
    let of = name.map(Endpoint::named).unwrap_or_default();
    let exit = status.strip_prefix("Exited (").and_then(|rest| rest.split(')').next()?.parse().ok());
    let value = match () {
        () if exit.is_some() => ended(exit.unwrap_or_default()),
        () if status.starts_with("Up ") => "running",
        () if status.starts_with("Created") => "stopped",
        () if status.starts_with("Dead") => "crashed",
        () if status.starts_with("Restarting (") => "restarted",
        () => "stopped",
    };
    findings.state(at, PROCESS, value, of.clone(), status.trim());
    if status.contains("healthy)") {
        let value = if status.contains("(unhealthy)") { "unhealthy" } else { "healthy" };
        findings.state(at, CONTAINER_HEALTH, value, of, status.trim());
    }
}

/// A container's addresses, by the networks it is connected to.
fn legs(networks: &Value, name: Option<&str>, at: Lines, findings: &mut Findings) {
    for (network, leg) in networks.as_object().into_iter().flatten() {
        let (address, gateway) = (text(leg, "IPAddress"), text(leg, "Gateway"));
        if let (Ok(address), Some(bits)) = (address.parse(), number(leg, "IPPrefixLen")) {
            let of = Endpoint { name: name.map(str::to_owned), ..Endpoint::at(address, None) };
            let detail = format!("{network}, {address}/{bits}, gateway {gateway}");
            findings.state(at, CONTAINER_NETWORK, "seen", of, detail);
        }
    }
}

/// What a container's own health check says, and what the last check printed.
fn checks(health: &Value, of: Endpoint, document: &Document, findings: &mut Findings) {
    let value = text(health, "Status");
    if !matches!(value, "healthy" | "unhealthy") {
        return;
    }
    let last = list(health, "Log").last().filter(|check| number(check, "ExitCode") != Some(0.0));
    let printed = last.map(|check| text(check, "Output").trim()).unwrap_or_default();
    let failed = number(health, "FailingStreak").filter(|streak| *streak > 0.0);
    let failed = failed.map(|streak| format!("failed {streak} times in a row")).unwrap_or_default();
    let shown: String = printed.lines().next().unwrap_or_default().chars().take(SHOWN).collect();
    let detail = [failed, shown].into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join(": ");
    findings.state(document.line_of(value), CONTAINER_HEALTH, value, of, detail);
    for claim in printed.lines().flat_map(driver::said) {
        findings.fact(document.lines, claim);
    }
}

/// One container of `docker inspect`.
fn tell(container: &Value, document: &Document, findings: &mut Findings) {
    let Some(state) = container.get("State") else { return };
    let at = document.line_of(text(container, "Name"));
    let name = text(container, "Name").trim_start_matches('/');
    let networks = below(container, "NetworkSettings", "Networks");
    legs(networks, Some(name), at, findings);
    // On a network of its own it has no address of the first kind.
    let own = || networks.as_object()?.values().find_map(|leg| text(leg, "IPAddress").parse().ok());
    let address = below(container, "NetworkSettings", "IPAddress").as_str().and_then(|address| address.parse().ok());
    let address = address.or_else(own);
    let of = Endpoint { address, name: Some(name.to_owned()), ..Endpoint::default() };
    let restarts = number(container, "RestartCount").unwrap_or_default();
    ending(state, of.clone(), format!("{name} "), at, findings);
    if let Some(Claim::State(state)) = findings.facts.last_mut().map(|fact| &mut fact.claim) {
        state.detail.push_str(&format!(", {restarts} restarts"));
    }
    if let Some(health) = state.get("Health") {
        checks(health, of, document, findings);
    }
}

/// Whether its process runs, or how it ended.
fn ending(state: &Value, of: Endpoint, name: String, at: Lines, findings: &mut Findings) {
    let status = text(state, "Status");
    // The cast cannot lose anything: exit codes are small whole numbers.
    #[allow(clippy::cast_possible_truncation)]
    let exit = number(state, "ExitCode").unwrap_or_default() as i32;
    let value = match status {
        _ if state.get("OOMKilled") == Some(&Value::Bool(true)) => "killed_oom",
        "running" => "running",
        "restarting" => "restarted",
        _ => ended(exit),
    };
    findings.state(at, PROCESS, value, of, format!("{name}{status}, exit code {exit}"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{told, told_below};

    #[test]
    fn containers_are_told_by_status_and_health() {
        let text = "CONTAINER ID   IMAGE        COMMAND     CREATED         STATUS                       PORTS                    NAMES\n\
                    3f2a9b1c0d4e   shop/cart    \"/cart\"     5 minutes ago   Exited (137) 2 minutes ago                            cart-1\n\
                    9a8b7c6d5e4f   shop/web     \"/web\"      5 minutes ago   Up 5 minutes (unhealthy)     0.0.0.0:8080->8080/tcp   web-1";
        assert_eq!(
            told(READER, text),
            [
                "process is killed at cart-1 (Exited (137) 2 minutes ago)",
                "process is running at web-1 (Up 5 minutes (unhealthy))",
                "container health is unhealthy at web-1 (Up 5 minutes (unhealthy))",
            ]
        );
    }

    #[test]
    fn a_container_s_networks_are_told_of_the_container_that_was_asked_about() {
        let text = "{\"shop_default\":{\"Links\":null,\"NetworkID\":\"68a5\",\"Gateway\":\"172.17.0.1\",\"IPAddress\":\"172.17.0.10\",\"IPPrefixLen\":16,\"GlobalIPv6Address\":\"\"}}";
        let command = "docker inspect --format '{{json .NetworkSettings.Networks}}' cart-1";
        let said = "container network is shop_default, 172.17.0.10/16, gateway 172.17.0.1";
        assert!(told_below(command, text, read).iter().all(|one| one.starts_with(said)));
        assert_eq!(told(READER, text).len(), 1);
        assert!(told(READER, "{\"a\":{\"NetworkID\":\"1\",\"IPAddress\":\"\",\"IPPrefixLen\":0}}").is_empty());
    }

    #[test]
    fn inspect_tells_what_killed_a_container() {
        let text = "[{\"Name\": \"/cart-1\", \"State\": {\"Status\": \"exited\", \"OOMKilled\": true, \"ExitCode\": 137}, \"RestartCount\": 3, \"Config\": {\"Env\": [\"PASSWORD=x\"]}}]";
        assert_eq!(told(READER, text), ["process is killed oom at cart-1 (cart-1 exited, exit code 137, 3 restarts)"]);
    }
}
