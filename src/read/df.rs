//! Reads `df -h` and `df -i`.
//!
//! ```text
//! Filesystem      Size  Used Avail Use% Mounted on
//! /dev/vda1        40G   40G     0 100% /
//! ```

use super::observable::DISK;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "df", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(is_head) { 0.97 } else { 0.0 }
}

fn is_head(text: &str) -> bool {
    text.starts_with("Filesystem") && (text.contains("Use%") || text.contains("Capacity"))
}

fn read(part: &Part, findings: &mut Findings) {
    let mut inodes = false;
    for line in &part.lines {
        if is_head(&line.text) {
            inodes = line.text.contains("IUse%");
            findings.noise(line.number);
            continue;
        }
        let words: Vec<&str> = line.text.split_whitespace().collect();
        let [device, .., used, mount] = words.as_slice() else { continue };
        let Some(percent) = used.strip_suffix('%').and_then(|used| used.parse::<u32>().ok()) else { continue };
        let what = if inodes { "inodes" } else { "space" };
        // Images and memory file systems are full, or empty, by nature.
        if ["tmpfs", "devtmpfs", "udev", "none", "/dev/loop"].iter().any(|name| device.starts_with(name))
            && percent < 90
            || device.starts_with("/dev/loop")
        {
            findings.noise(line.number);
            continue;
        }
        // With less than a megabyte left the next file does not fit, whatever share that is.
        let left = words.iter().rev().nth(2).copied().unwrap_or_default();
        let hardly = !inodes && percent >= 90 && left.ends_with('K');
        let value = if percent >= 100 || hardly { "full" } else { "ok" };
        let of = Endpoint::default();
        findings.state(Lines::one(line.number), DISK, value, of, format!("{percent} % of the {what} of {mount}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn full_space_and_full_inodes_are_told() {
        let text = "Filesystem      Size  Used Avail Use% Mounted on\n/dev/vda1        40G   40G     0 100% /\ntmpfs           2.0G     0  2.0G   0% /dev/shm\n/dev/vdb1       100G   20G   80G  20% /var/lib/postgresql";
        assert_eq!(
            told(READER, text),
            ["disk is full (100 % of the space of /)", "disk is ok (20 % of the space of /var/lib/postgresql)"]
        );
    }
}
