//! Reads what systemd says of a unit: `systemctl status`, and its own lines in the journal.
//!
//! ```text
//!      Active: failed (Result: oom-kill) since Sat 2026-11-21 01:52:46 UTC; 3min ago
//! Nov 21 01:52:46 web-2 systemd[1]: cart.service: Main process exited, code=killed, status=9/KILL
//! Nov 21 01:52:47 web-2 systemd[1]: cart.service: Scheduled restart job, restart counter is at 5.
//! ```

use super::log_line::LogLine;
use super::observable::PROCESS;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "systemctl", recognize, read };

fn recognize(part: &Part) -> f64 {
    let active = |text: &str| active(text).is_some();
    let journal = |text: &str| {
        let line = LogLine::parse(text);
        line.program == Some("systemd") && event(line.message).is_some()
    };
    if part.any(active) {
        0.95
    } else if part.any(journal) {
        0.9
    } else {
        0.0
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut unit = None;
    let in_status = part.any(|text| active(text).is_some());
    for line in &part.lines {
        let at = Lines::one(line.number);
        let log = LogLine::parse(&line.text);
        if let Some(name) = headline(&line.text) {
            unit = Some(name.to_owned());
            findings.noise(line.number);
        } else if let Some((value, detail)) = active(&line.text) {
            let of = unit.as_deref().map(Endpoint::named).unwrap_or_default();
            findings.state(at, PROCESS, value, of, detail);
        } else if log.program == Some("systemd") {
            if let Some((name, value, detail)) = event(log.message) {
                findings.state(at, PROCESS, value, Endpoint::named(name), detail);
            } else {
                findings.noise(line.number);
            }
        } else if in_status && is_property(&line.text) {
            findings.noise(line.number);
        }
    }
}

/// The unit of `● cart.service - Cart`.
fn headline(text: &str) -> Option<&str> {
    let rest = text.trim_start().strip_prefix(['●', '○', '×', '*'])?;
    let name = rest.split_whitespace().next()?;
    name.contains(".service").then_some(name)
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
    const NAMES: [&str; 12] = [
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
}
