//! States as people report them, in the words of the runbooks: what a command showed whose output nobody can paste.
//!
//! ```text
//! web-1: cpu.quota = throttled
//! 10.20.0.11: nacl.port = denied
//! web->db: return.path = answers_lost
//! ```

use crate::fact::{Endpoint, State};
use crate::read::observable::{
    ACCEPT_QUEUE, CLOCK, DISK, ENDPOINTS, FDS, LISTENER, MEMORY, NEIGHBOR, PATH, PING, PROBE, PROCESS, REPLICATION,
    ROUTE,
};

/// Observables without a dot in their name; any other word without one may be a setting: `db: timeout = slow`.
const PLAIN: [&str; 14] = [
    ACCEPT_QUEUE,
    CLOCK,
    DISK,
    ENDPOINTS,
    FDS,
    LISTENER,
    MEMORY,
    NEIGHBOR,
    PATH,
    PING,
    PROBE,
    PROCESS,
    REPLICATION,
    ROUTE,
];

/// `name: observable = value`, and nothing else on the line.
pub(super) fn state(text: &str) -> Option<State> {
    let text = text.trim().trim_start_matches(['-', '•', ' ']);
    let (of, rest) = text.split_once(": ")?;
    let words: Vec<&str> = rest.split(' ').collect();
    let [observable, "=", value] = words.as_slice() else { return None };
    let spelled = observable.contains('.') && observable.split('.').all(is_word) || PLAIN.contains(observable);
    let named = spelled && !of.contains(' ') && !of.is_empty();
    let known = is_word(value) && value.starts_with(|first: char| first.is_ascii_lowercase());
    (named && known).then(|| State {
        observable: (*observable).to_owned(),
        value: (*value).to_owned(),
        of: of.parse().map_or_else(|_| Endpoint::named(of), |address| Endpoint::at(address, None)),
        detail: String::new(),
    })
}

fn is_word(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !text.is_empty() && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_told_in_the_words_of_the_runbooks_or_not_at_all() {
        let told = state("- web-1: cpu.quota = throttled").unwrap();
        assert_eq!(told.to_string(), "cpu quota is throttled at web-1");
        let told = state("10.20.0.11: disk = full").unwrap();
        assert_eq!(told.to_string(), "disk is full at 10.20.0.11");
        for other in [
            "db: timeout = slow",
            "db: max_connections = 100",
            "web: log.level = DEBUG",
            "db: pool.size = 10",
            "the log says: a.b = c",
            "web-1: cpu.quota = throttled again",
        ] {
            assert_eq!(state(other), None, "{other}");
        }
    }
}
