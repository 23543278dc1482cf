//! The other lists of `docker`: nodes and services of a swarm; networks, images, versions only to know them when they come.
//!
//! ```text
//! ID            HOSTNAME      STATUS    AVAILABILITY   MANAGER STATUS   ENGINE VERSION
//! nodeID3       node-1-foo    Ready     Active                          24.0.7
//! ID            NAME          MODE         REPLICAS   IMAGE            PORTS
//! id-foo        name-foo      replicated   0/2        busybox:latest   *:30000->3232/tcp
//! ```

use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};
use crate::read::observable::{DEPLOYMENT, NODE_STATE};
use crate::read::pick::{between, host_port};
use crate::read::{Findings, Part, driver};

/// The columns that only one list has.
const HEADS: [&[&str]; 12] = [
    &["ID", "HOSTNAME", "STATUS", "AVAILABILITY"],
    &["ID", "NAME", "MODE", "REPLICAS"],
    &["NETWORK ID", "NAME", "DRIVER", "SCOPE"],
    &["NAME", "IMAGE", "COMMAND", "SERVICE", "CREATED"],
    &["CONTAINER ID", "NAME", "CPU %"],
    &["REPOSITORY", "TAG", "IMAGE ID"],
    &["REPOSITORY", "TAG", "DIGEST", "IMAGE ID"],
    &["CONTAINER", "IMAGE", "CREATED", "STATE", "NAME"],
    &["POD ID", "CREATED", "STATE", "NAME"],
    &["ID", "NAME", "IMAGE", "NODE", "DESIRED STATE"],
    &["DRIVER", "VOLUME NAME"],
    &["NAME", "SERVICES"],
];

pub(super) fn is_head(text: &str) -> bool {
    head(text).is_some()
}

/// The position of each column in the list, where the line is its head.
fn head(text: &str) -> Option<&'static [&'static str]> {
    HEADS.into_iter().find(|names| {
        let mut rest = text;
        let mut begun = false;
        names.iter().all(|name| match rest.split_once(name) {
            Some((before, after)) if (begun || before.is_empty()) && before.trim().is_empty() => {
                (rest, begun) = (after, true);
                after.is_empty() || after.starts_with([' ', '\t'])
            }
            _ => false,
        }) && (names.len() > 2 || rest.trim().is_empty())
    })
}

/// `docker info`, `docker version`, a node or service in full, and what the client says of a daemon it cannot reach.
pub(super) fn is_report(text: &str) -> bool {
    const LINES: [&str; 8] = [
        "Client: Docker Engine",
        " Server Version: ",
        " Storage Driver: ",
        "Cannot connect to the Docker daemon",
        "Server: Docker Engine",
        "Error response from daemon: ",
        "Service Mode:\t",
        "Joined at:",
    ];
    LINES.iter().any(|line| text.starts_with(line))
        || (text.starts_with("{\"ID\":\"") && text.contains("\"ContainersRunning\":"))
        || (text.starts_with(" API version: ") && text.contains("1."))
        || (text.starts_with("WARNING: ")
            && (text.contains(" limit support") || text.starts_with("WARNING: Plugin \"")))
}

pub(super) fn read(part: &Part, findings: &mut Findings) {
    let mut names: &[&str] = &[];
    let mut report = false;
    for line in &part.lines {
        let at = Lines::one(line.number);
        if let Some(found) = head(&line.text) {
            names = found;
            findings.noise(line.number);
            continue;
        }
        report |= is_report(&line.text);
        let daemon = between(&line.text, "Cannot connect to the Docker daemon at ", ". Is ");
        if let Some(daemon) = daemon.and_then(|at| {
            let socket = || at.strip_prefix("unix://").map(Endpoint::named);
            at.strip_prefix("tcp://").and_then(host_port).or_else(socket)
        }) {
            findings
                .fact(at, Claim::Attempt(Attempt { to: daemon, ..Attempt::new(Stage::Connect, Outcome::Unconnected) }));
        }
        // What the daemon says of a registry, or of a container's own network.
        if line.text.starts_with("Error response from daemon: ") {
            driver::said(&line.text).into_iter().for_each(|claim| findings.fact(at, claim));
        }
        let mut words = line.text.split_whitespace().filter(|word| *word != "*");
        match names {
            [.., "STATUS", "AVAILABILITY"] => {
                if let (Some(name), Some(status)) = (words.nth(1), words.next()) {
                    let value = if status == "Ready" { "ready" } else { "not_ready" };
                    findings.state(at, NODE_STATE, value, Endpoint::named(name), status);
                }
            }
            [.., "MODE", "REPLICAS"] => {
                if let (Some(name), Some(count)) = (words.nth(1), words.nth(1)) {
                    let value = match count.split_once('/') {
                        Some((ready, of)) if ready == of => "all_ready",
                        Some(("0", _)) => "none_ready",
                        Some(_) => "some_ready",
                        None => continue,
                    };
                    findings.state(at, DEPLOYMENT, value, Endpoint::named(name), format!("{count} ready"));
                }
            }
            [] if !report => {}
            _ => findings.noise(line.number),
        }
    }
}
