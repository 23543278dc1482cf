//! Leaves out that a volume has room where another of the same host is full, or the same one has no inode left.
//!
//! ```text
//! $ df -h /srv/data      clips  512M     0  512M    0% /srv/data
//! $ df -i /srv/data      clips  1200  1200     0  100% /srv/data
//! ```

use super::{Observation, Sight};
use crate::sketch::Element;

pub(super) fn compare(observations: &mut Vec<Observation>) {
    let of = |one: &Observation, wanted: &str| match &one.sight {
        Sight::State { observable, value, at } if observable == "disk" && value == wanted => Some(at.clone()),
        _ => None,
    };
    let full: Vec<Vec<Element>> = observations.iter().filter_map(|one| of(one, "full")).collect();
    observations.retain(|one| of(one, "ok").is_none_or(|at| !full.contains(&at)));
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    #[test]
    fn a_disk_without_inodes_is_full_whatever_room_it_has() {
        let sketch = from_arrows("studio(client) -> archive(service)[10.116.4.18]:8080", &Sketch::default()).unwrap();
        let space = "$ df -h /srv/data\nFilesystem      Size  Used Avail Use% Mounted on\nclips           512M     0  512M   0% /srv/data\n";
        let inodes = "$ df -i /srv/data\nFilesystem     Inodes IUsed IFree IUse% Mounted on\nclips            1200  1200     0  100% /srv/data\n";
        let sure = |texts: &[&str]| {
            let at = |text: &&str| Evidence {
                origin: Origin { vantage: Some("archive".to_owned()), ..Origin::default() },
                reading: read(text, None, None),
            };
            let evidence: Vec<Evidence> = texts.iter().map(at).collect();
            diagnose(&sketch, &evidence, &Shelf::shipped().0).suspects.first().map(|one| one.probability)
        };
        assert_eq!(sure(&[space, inodes]), sure(&[inodes]));
    }
}
