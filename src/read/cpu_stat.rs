//! Reads a control group's `cpu.stat`: in how many of its periods the quota held it back.
//!
//! ```text
//! $ cat cpu.cfs_quota_us cpu.stat
//! 10000
//! nr_periods 50
//! nr_throttled 50
//! throttled_time 3767591138
//! ```
//!
//! Version 2 of control groups writes `throttled_usec` in microseconds for `throttled_time` in nanoseconds.

use super::observable::CPU_QUOTA;
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
    if part.any(|text| count(text).is_some_and(|(key, _)| key == "nr_throttled")) { 0.9 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut periods = None;
    for line in &part.lines {
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
}
