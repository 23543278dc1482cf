//! Reads what `time` says of how long a command line ran: bash's words and zsh's.
//!
//! ```text
//! real 0m6.045s
//! curl -s http://b.example/  0.01s user 0.00s system 0% cpu 6.045 total
//! ```

use super::Stretch;

/// How long `time` says that a command line ran, or the part of it above. Of `time A; B` it is the time of A alone.
pub(in crate::read) fn seconds(stretch: &Stretch, before: Option<f64>) -> Option<f64> {
    let alone = |line: &str| crate::read::chain::statements(line).iter().skip(1).all(|other| other.starts_with("echo"));
    let timed = stretch.command.as_ref().is_some_and(|command| command.starts_with("time ") && alone(command));
    stretch.lines.iter().find_map(|line| measured(&line.text)).or(before).filter(|_| timed)
}

/// The seconds that `time` has measured: bash's `real 0m6.045s`, zsh's `0% cpu 6.045 total`.
pub(in crate::read) fn measured(text: &str) -> Option<f64> {
    if let Some(rest) = text.trim().strip_prefix("real\t") {
        let (minutes, seconds) = rest.strip_suffix('s')?.split_once('m')?;
        return Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.replace(',', ".").parse::<f64>().ok()?);
    }
    text.trim().strip_suffix(" total")?.rsplit_once("% cpu ")?.1.parse().ok()
}
