//! Takes records out of the JSON that a carrier of logs wraps around them: journald's export and Docker's log files.
//!
//! ```text
//! {"__REALTIME_TIMESTAMP":"1795878453488604","_HOSTNAME":"batch-40","SYSLOG_IDENTIFIER":"nginx","_PID":"29328","MESSAGE":"10.19.5.9 - - [28/Nov/…
//! {"log":"dial tcp 10.83.5.5:5432: connect: connection refused\n","stream":"stderr","time":"2026-11-28T15:07:33.961Z"}
//! ```

use serde_json::Value;

use super::json::text;
use crate::clean::Line;

/// Puts the record itself in the place of the object, with host and program in front where they are told.
pub(super) fn unpack(lines: &mut [Line]) {
    for line in lines.iter_mut().filter(|line| line.text.starts_with('{')) {
        let journal = line.text.contains("\"MESSAGE\"") && line.text.contains("\"__REALTIME_TIMESTAMP\"");
        let docker = line.text.starts_with("{\"log\":\"") && line.text.contains("\"stream\":\"std");
        if (journal || docker)
            && let Ok(record) = serde_json::from_str::<Value>(&line.text)
            && let Some(plain) = if journal { of_journal(&record) } else { of_docker(&record) }
        {
            line.text = plain;
        }
    }
}

/// As `journalctl -o short-unix` prints it.
fn of_journal(record: &Value) -> Option<String> {
    let time = text(record, "__REALTIME_TIMESTAMP");
    let (seconds, fraction) = time.split_at_checked(10).filter(|(_, fraction)| fraction.len() == 6)?;
    let message = record.get("MESSAGE")?.as_str()?.replace('\n', " ");
    let host = text(record, "_HOSTNAME");
    let program =
        [text(record, "SYSLOG_IDENTIFIER"), text(record, "_COMM")].into_iter().find(|name| !name.is_empty())?;
    let host = if host.is_empty() { "localhost" } else { host };
    let pid = text(record, "_PID");
    let pid = if pid.is_empty() { String::new() } else { format!("[{pid}]") };
    Some(format!("{seconds}.{fraction} {host} {program}{pid}: {message}"))
}

fn of_docker(record: &Value) -> Option<String> {
    let message = record.get("log")?.as_str()?.trim_end_matches(['\r', '\n']);
    Some(format!("{} {message}", text(record, "time")))
}
