//! Example incidents, each a case file beside the page that opens with one click.

/// An incident to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Name of its file in `public/examples/`, without `.json`.
    pub id: &'static str,
    /// What one sees from outside, for the person who chooses.
    pub symptom: &'static str,
}

/// All examples, the first to be offered first. They are fetched when chosen, so that a first visit does not carry them.
pub const EXAMPLES: &[Example] = &[
    Example { id: "one-of-three-addresses", symptom: "Some requests take 15 seconds longer than others" },
    Example { id: "firewall-between-namespaces", symptom: "Some hosts cannot resolve names; everybody blames DNS" },
    Example { id: "client-that-races-addresses", symptom: "Fast for some clients, stuck for others" },
    Example { id: "expired-certificate", symptom: "Calls fail since midnight" },
    Example { id: "name-does-not-exist", symptom: "A new host name does not open" },
    Example { id: "no-healthy-backend", symptom: "503, although every server answers curl" },
    Example { id: "connection-pool-exhausted", symptom: "503 now and then, under load" },
    Example { id: "slow-name-server", symptom: "Every call takes three seconds longer" },
];

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::case::Case;
    use crate::read::read;

    pub(in crate::session) fn text(example: &Example) -> String {
        let path = format!("{}/public/examples/{}.json", env!("CARGO_MANIFEST_DIR"), example.id);
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn every_example_file_is_offered_and_every_offer_has_a_file() {
        let folder = format!("{}/public/examples", env!("CARGO_MANIFEST_DIR"));
        let files: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        let mut offered: Vec<String> = EXAMPLES.iter().map(|example| format!("{}.json", example.id)).collect();
        for file in files {
            assert!(offered.contains(&file), "{file} is not offered");
            offered.retain(|name| *name != file);
        }
        assert!(offered.is_empty(), "{offered:?} have no file");
    }

    #[test]
    fn every_example_opens_and_every_line_of_it_is_read() {
        for example in EXAMPLES {
            let evidence = Case::open(&text(example)).unwrap().evidence;
            assert!(!evidence.is_empty(), "{} shows no evidence", example.id);
            for (position, entry) in evidence.iter().enumerate() {
                let reading = read(entry.text.as_deref().unwrap_or_default(), entry.command.as_deref(), None);
                assert!(reading.facts().next().is_some(), "{}: evidence {position} says nothing", example.id);
                let unread: Vec<_> = reading.unread().collect();
                assert!(unread.is_empty(), "{}: evidence {position} leaves {unread:?} unread", example.id);
            }
        }
    }
}
