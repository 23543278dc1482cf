//! Reads a control group's `cpu.stat`: in how many of its periods the quota held it back; and whether it may start another process.
//!
//! ```text
//! $ cat cpu.cfs_quota_us cpu.stat
//! 10000
//! nr_periods 50
//! nr_throttled 50
//! throttled_time 3767591138
//! ```
//!
//! ```text
//! $ grep . pids.current pids.max pids.events
//! pids.current:7
//! pids.max:7
//! pids.events:max 4
//! ```
//!
//! Version 2 of control groups writes `throttled_usec` in microseconds for `throttled_time` in nanoseconds.

use super::observable::{CPU_QUOTA, THREADS};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "cat", most: 0.9, recognize, read };

/// The keys of cpu.stat (Linux, Documentation/admin-guide/cgroup-v2.rst, "CPU Interface Files", and scheduler/sched-bwc.rst).
const KEYS: &[&str] = &[
    "nr_periods",
    "nr_throttled",
    "throttled_time",
    "throttled_usec",
    "nr_bursts",
    "burst_time",
    "burst_usec",
    "usage_usec",
    "user_usec",
    "system_usec",
    "nice_usec",
    "core_sched.force_idle_usec",
];

/// From this share of throttled periods on, in percent, Kubernetes' usual alerts (`CPUThrottlingHigh`) speak up.
const THROTTLED: u64 = 25;

fn recognize(part: &Part) -> f64 {
    let known = |text: &str| count(text).is_some_and(|(key, _)| key == "nr_throttled") || pids(text).is_some();
    if part.any(known) { 0.9 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut periods = None;
    let mut group: Vec<(&str, u64, u32)> = Vec::new();
    for line in &part.lines {
        if let Some((key, count)) = pids(&line.text) {
            findings.noise(line.number);
            group.push((key, count, line.number));
            continue;
        }
        let Some((key, count)) = count(&line.text) else {
            // The quota itself, out of a file of its own: "10000", "10000 100000", "max 100000".
            if line.text.split_whitespace().all(|word| word == "max" || word.parse::<i64>().is_ok()) {
                findings.noise(line.number);
            }
            continue;
        };
        findings.noise(line.number);
        match key {
            "nr_periods" => periods = Some((line.number, count)),
            "nr_throttled" => {
                let (first, of) = periods.take().unwrap_or((line.number, 0));
                let lines = Lines::new(first, line.number);
                let detail = format!("{count} of {of} periods");
                if count == 0 {
                    findings.state(lines, CPU_QUOTA, "free", Endpoint::default(), detail);
                } else if count.saturating_mul(100) >= of.saturating_mul(THROTTLED) && of > 0 {
                    findings.state(lines, CPU_QUOTA, "throttled", Endpoint::default(), detail);
                }
            }
            _ => {}
        }
    }
    tell_room(&group, findings);
}

/// Whether a group may start another process or thread: not if it has been refused one, or runs as many as it may.
fn tell_room(group: &[(&str, u64, u32)], findings: &mut Findings) {
    let of = |wanted: &str| group.iter().find(|(key, ..)| *key == wanted).map(|(_, count, line)| (*count, *line));
    let (value, line, detail) = match (of("events"), of("current").zip(of("max"))) {
        (Some((refused @ 1.., line)), _) => ("reached", line, format!("refused {refused} times")),
        (_, Some(((running, _), (limit, line)))) => {
            (if running < limit { "not_reached" } else { "reached" }, line, format!("{running} of {limit}"))
        }
        _ => return,
    };
    findings.state(Lines::one(line), THREADS, value, Endpoint::default(), detail);
}

/// The file of the pids controller that a line is from, and its number: `pids.max:7`, `pids.events:max 4` (Linux, cgroup-v2.rst, "PID").
fn pids(text: &str) -> Option<(&str, u64)> {
    let (file, value) = text.trim().rsplit_once(':')?;
    Some((file.rsplit_once("pids.")?.1, value.trim_start_matches("max ").parse().ok()?))
}

/// `nr_throttled 50`, also behind the file's name: `/sys/fs/cgroup/web/cpu.stat:nr_throttled 50`.
fn count(text: &str) -> Option<(&str, u64)> {
    let (key, count) = text.trim().rsplit_once(' ')?;
    let key = key.rsplit(':').next().unwrap_or(key).trim();
    let key = KEYS.iter().find(|known| **known == key)?;
    Some((key, count.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_share_of_throttled_periods_tells_and_a_few_of_them_do_not() {
        let stat = |periods: u32, throttled: u32| {
            format!(
                "10000 100000\nusage_usec 9000\nnr_periods {periods}\nnr_throttled {throttled}\nthrottled_usec 12\n"
            )
        };
        assert_eq!(told(READER, &stat(177, 143)), ["cpu quota is throttled (143 of 177 periods)"]);
        assert_eq!(told(READER, &stat(62, 0)), ["cpu quota is free (0 of 62 periods)"]);
        assert!(told(READER, &stat(90_000, 40)).is_empty());
    }

    #[test]
    fn a_group_that_may_start_nothing_more_has_been_refused_or_is_at_its_limit() {
        assert_eq!(
            told(READER, "pids.current:7\npids.max:7\npids.events:max 4\n"),
            ["thread limit is reached (refused 4 times)"]
        );
        assert_eq!(told(READER, "pids.current:7\npids.max:7\n"), ["thread limit is reached (7 of 7)"]);
        assert_eq!(
            told(READER, "pids.current:7\npids.max:70\npids.events:max 0\n"),
            ["thread limit is not reached (7 of 70)"]
        );
    }
}
