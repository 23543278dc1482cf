//! Reads the status page of PHP-FPM: whether one of its processes is free for the next request.
//!
//! ```text
//! pool:                 www
//! process manager:      dynamic
//! listen queue:         9
//! idle processes:       0
//! active processes:     3
//! max children reached: 1
//! ```
//!
//! As PHP 8.2 prints it in plain text.

use super::observable::WORKER_POOL;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "php-fpm", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let told = |name: &str| part.any(|text| field(text).is_some_and(|(known, _)| known == name));
    if told("process manager") && told("active processes") { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut lines: Option<Lines> = None;
    let (mut waiting, mut idle, mut active) = (None, None, None);
    for line in &part.lines {
        let Some((name, value)) = field(&line.text) else { continue };
        let number = || value.parse::<u32>().ok();
        match name {
            "listen queue" => waiting = number(),
            "idle processes" => idle = number(),
            "active processes" => active = number(),
            // What each process does stands below, in the full page.
            "pool"
            | "process manager"
            | "start time"
            | "start since"
            | "accepted conn"
            | "max listen queue"
            | "listen queue len"
            | "total processes"
            | "max active processes"
            | "max children reached"
            | "slow requests"
            | "memory peak" => {}
            _ => continue,
        }
        findings.noise(line.number);
        lines = Some(Lines::new(lines.map_or(line.number, |lines| lines.first), line.number));
    }
    let (Some(lines), Some(waiting), Some(idle), Some(active)) = (lines, waiting, idle, active) else { return };
    // The request for this page is an active one itself.
    let value = if idle == 0 && waiting > 0 { "all_busy" } else { "free" };
    let detail = format!("{active} active, {idle} idle, {waiting} in the listen queue");
    findings.state(lines, WORKER_POOL, value, Endpoint::named("php-fpm"), detail);
}

/// `listen queue:         9`
fn field(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once(':')?;
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c == ' ');
    (plain && !name.is_empty() && value.starts_with(' ')).then(|| (name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn requests_wait_only_where_no_process_is_idle() {
        let page = |waiting: u32, idle: u32| {
            format!(
                "pool:                 www\nprocess manager:      dynamic\naccepted conn:        6\n\
                 listen queue:         {waiting}\nidle processes:       {idle}\nactive processes:     3\n"
            )
        };
        assert_eq!(
            told(READER, &page(9, 0)),
            ["worker pool is all busy at php-fpm (3 active, 0 idle, 9 in the listen queue)"]
        );
        assert_eq!(
            told(READER, &page(0, 2)),
            ["worker pool is free at php-fpm (3 active, 2 idle, 0 in the listen queue)"]
        );
    }
}
