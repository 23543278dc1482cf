//! Reads what systemd says of units: `systemctl status`, its lists, and its own lines in the journal.
//!
//! ```text
//!      Active: failed (Result: oom-kill) since Sat 2026-11-21 01:52:46 UTC; 3min ago
//! Nov 21 01:52:46 web-2 systemd[1]: cart.service: Main process exited, code=killed, status=9/KILL
//! Nov 21 01:52:47 web-2 systemd[1]: cart.service: Scheduled restart job, restart counter is at 5.
//! ```

use super::log_line::LogLine;
use super::observable::{COMPLAINT, PROCESS, THREADS};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "systemctl", most: 0.96, recognize, read };

fn recognize(part: &Part) -> f64 {
    let active = |text: &str| active(text).is_some();
    let journal = |text: &str| {
        // Most lines are not systemd's; the cheapest question comes first.
        if !text.contains("systemd") {
            return false;
        }
        let line = LogLine::parse(text);
        line.program == Some("systemd") && event(line.message).is_some()
    };
    let loaded = |text: &str| text.trim_start().starts_with("Loaded: ");
    if part.any(active) || (part.any(loaded) && part.any(|text| text.trim_start().starts_with("Active: "))) {
        0.95
    } else if part.any(is_list_head) {
        0.96
    } else if part.runs("systemctl") && part.any(|text| text.starts_with("System has not been booted with systemd")) {
        0.92
    } else if part.any(|text| text == "LoadState=loaded" || text.starts_with("ActiveState="))
        || part.any(|text| text.trim_start() == "State: degraded" || text.trim_start() == "State: running")
            && part.any(|text| text.trim_start().starts_with("Failed: "))
        || part.any(journal)
    {
        0.9
    } else {
        0.0
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut unit = None;
    let mut in_list = false;
    let in_status = part.any(|text| active(text).is_some() || failed_units(text).is_some());
    for line in &part.lines {
        let at = Lines::one(line.number);
        let log = LogLine::parse(&line.text);
        if is_list_head(&line.text) {
            in_list = true;
            findings.noise(line.number);
        } else if in_list {
            findings.noise(line.number);
            if let Some((name, value, detail)) = listed(&line.text) {
                findings.state(at, PROCESS, value, Endpoint::named(name), detail);
            }
        } else if let Some(name) = headline(&line.text) {
            unit = Some(name.to_owned());
            findings.noise(line.number);
        } else if let Some((value, detail)) = active(&line.text) {
            // Of the other units none is a process: what is mounted, waited for or planned.
            if unit.as_deref().is_none_or(|unit| unit.contains(".service")) {
                let of = unit.as_deref().map(Endpoint::named).unwrap_or_default();
                findings.state(at, PROCESS, value, of, detail);
            }
        } else if log.program == Some("systemd") {
            if let Some((name, value, detail)) = event(log.message) {
                findings.state(at, PROCESS, value, Endpoint::named(name), detail);
            } else {
                findings.noise(line.number);
            }
        } else if let Some(count) = failed_units(&line.text) {
            if count > 0 {
                findings.state(at, COMPLAINT, "failed", Endpoint::default(), line.text.trim());
            }
            findings.noise(line.number);
        } else if let Some(limit) = at_task_limit(&line.text) {
            findings.state(at, THREADS, "reached", Endpoint::default(), limit);
        } else if in_status && is_property(&line.text) {
            findings.noise(line.number);
        }
    }
}

/// `Tasks: 7 (limit: 7)`: not one more may be started.
fn at_task_limit(text: &str) -> Option<&str> {
    let (tasks, limit) = text.trim().strip_prefix("Tasks: ")?.strip_suffix(')')?.split_once(" (limit: ")?;
    (tasks.parse::<u64>().ok()? >= limit.parse().ok()?).then_some(text.trim())
}

/// The number in `   Failed: 2 units`, of a host as a whole.
fn failed_units(text: &str) -> Option<u32> {
    let (count, unit) = text.trim().strip_prefix("Failed: ")?.split_once(' ')?;
    unit.starts_with("unit").then(|| count.parse().ok())?
}

/// The unit of `● cart.service - Cart`.
pub(super) fn headline(text: &str) -> Option<&str> {
    let rest = text.trim_start().strip_prefix(['●', '○', '×', '*'])?;
    let name = rest.split_whitespace().next()?;
    const KINDS: [&str; 8] = [".service", ".automount", ".mount", ".socket", ".timer", ".target", ".slice", ".scope"];
    KINDS.iter().any(|kind| name.contains(kind)).then_some(name)
}

/// The heads of `list-units`, `list-unit-files`, `list-jobs`, `list-sockets` and `list-timers`.
fn is_list_head(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    matches!(
        words.as_slice(),
        ["UNIT", "LOAD", "ACTIVE", "SUB", ..]
            | ["UNIT"]
            | ["UNIT", "FILE", "STATE", ..]
            | ["JOB", "UNIT", "TYPE", "STATE"]
            | ["LISTEN", "UNIT", "ACTIVATES"]
            | ["NEXT", "LEFT", "LAST", "PASSED", "UNIT", "ACTIVATES"]
    ) && (words.len() > 1 || text.len() > 20)
}

/// A service in the list of units that runs or has failed: `● cart.service  loaded failed failed Cart`.
fn listed(text: &str) -> Option<(&str, &'static str, String)> {
    let mut words = text.split_whitespace().filter(|word| !matches!(*word, "●" | "○" | "×" | "*"));
    let name = words.next().filter(|name| name.ends_with(".service"))?;
    (words.next()? == "loaded").then_some(())?;
    let (active, sub) = (words.next()?, words.next()?);
    let value = match (active, sub) {
        ("active", "running") => "running",
        ("failed", _) => "crashed",
        ("activating", "auto-restart") => "restarted",
        _ => return None,
    };
    Some((name, value, format!("{active} ({sub})")))
}

/// The state in `Active: failed (Result: oom-kill) since …`.
fn active(text: &str) -> Option<(&'static str, &str)> {
    let rest = text.trim_start().strip_prefix("Active: ")?;
    let value = match () {
        () if rest.contains("oom-kill") => "killed_oom",
        () if rest.starts_with("failed") => "crashed",
        () if rest.starts_with("activating (auto-restart)") => "restarted",
        () if rest.starts_with("active (running)") => "running",
        () if rest.starts_with("inactive") => "stopped",
        () => return None,
    };
    Some((value, rest.split(';').next().unwrap_or(rest)))
}

/// Unit, state and words of one of systemd's own messages.
fn event(message: &str) -> Option<(&str, &'static str, &str)> {
    let (unit, said) = message.split_once(": ")?;
    let value = match () {
        () if said.contains("oom-kill") || said.contains("killed by the OOM killer") => "killed_oom",
        () if said.starts_with("Main process exited") && said.contains("status=0/SUCCESS") => return None,
        () if said.starts_with("Main process exited") || said.starts_with("Failed with result") => "crashed",
        () if said.starts_with("Scheduled restart job") => "restarted",
        () if said.starts_with("Start request repeated too quickly") => "crashed",
        () => return None,
    };
    let plausible = unit.contains('.') && !unit.contains(' ');
    plausible.then_some((unit, value, said.trim_end_matches('.')))
}

/// `Loaded:`, `Main PID:`, `Tasks:`, `CGroup:` and the lines below it.
fn is_property(text: &str) -> bool {
    const NAMES: [&str; 15] = [
        "State:",
        "Jobs:",
        "Since:",
        "Loaded:",
        "Main PID:",
        "Tasks:",
        "Memory:",
        "CPU:",
        "CGroup:",
        "Docs:",
        "Process:",
        "Drop-In:",
        "Status:",
        "TriggeredBy:",
        "Invocation:",
    ];
    let trimmed = text.trim_start();
    NAMES.iter().any(|name| trimmed.starts_with(name)) || trimmed.starts_with(['├', '└', '│'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_killed_unit_is_told_from_one_that_failed() {
        let text = "● cart.service - Cart\n     Loaded: loaded (/etc/systemd/system/cart.service; enabled)\n     Active: failed (Result: oom-kill) since Sat 2026-11-21 01:52:46 UTC; 3min ago\n\nNov 21 01:52:46 web-2 systemd[1]: cart.service: Main process exited, code=exited, status=1/FAILURE\nNov 21 01:52:47 web-2 systemd[1]: cart.service: Scheduled restart job, restart counter is at 5.";
        assert_eq!(
            told(READER, text),
            [
                "process is killed oom at cart.service (failed (Result: oom-kill) since Sat 2026-11-21 01:52:46 UTC)",
                "process is crashed at cart.service (Main process exited, code=exited, status=1/FAILURE)",
                "process is restarted at cart.service (Scheduled restart job, restart counter is at 5)",
            ]
        );
    }

    #[test]
    fn a_mount_that_waits_is_no_process() {
        let text = "* proc-sys-fs-binfmt_misc.automount - Arbitrary Executable File Formats File System Automount Point\n   Loaded: loaded (/usr/lib/systemd/system/proc-sys-fs-binfmt_misc.automount; static)\n   Active: active (running) since Thu 2021-09-23 12:03:43 UTC; 3h 7min ago";
        assert!(told(READER, text).is_empty());
    }
}
