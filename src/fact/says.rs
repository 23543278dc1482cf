//! Facts as sentences.

use std::fmt;

use super::{Attempt, Claim, Endpoint, Lookup, Outcome, Span, Stage, State};

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Claim::Attempt(attempt) => attempt.fmt(f),
            Claim::Lookup(lookup) => lookup.fmt(f),
            Claim::State(state) => state.fmt(f),
            Claim::Span(span) => span.fmt(f),
            Claim::Series(series) => series.fmt(f),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match (&self.address, &self.host, &self.name) {
            (Some(address), _, _) if address.is_ipv6() && self.port.is_some() => format!("[{address}]"),
            (Some(address), _, _) => address.to_string(),
            (None, Some(host), _) => host.clone(),
            (None, None, Some(name)) => name.clone(),
            (None, None, None) => "the target".to_owned(),
        };
        match self.port {
            Some(port) => write!(f, "{place}:{port}"),
            None => f.write_str(&place),
        }
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing came behind the connection, and nothing is known of what would have.
        let bare = self.outcome == Outcome::Ok
            && match self.protocol.as_deref() {
                Some("tcp") => false,
                Some("tls") => self.tests < Stage::Tls,
                _ => self.tests < Stage::Exchange,
            };
        if bare && self.times.first_byte.is_some() {
            write!(f, "{} answered, with which status is not told", self.to)?;
        } else if bare && self.count == 1 {
            write!(f, "the connection to {} was made", self.to)?;
        } else if self.count > 1 {
            write!(f, "{} requests to {} {}", self.count, self.to, self.outcome.spoken().replacen("was ", "were ", 1))?;
        } else {
            write!(f, "the request to {} {}", self.to, self.outcome.spoken())?;
        }
        if let (Some(status), true) = (self.status, matches!(self.outcome, Outcome::Http4xx | Outcome::Http5xx)) {
            write!(f, " ({status})")?;
        }
        if let Some(name) = &self.answerer.served_by {
            write!(f, ", answered by {name}")?;
        }
        let notable = match self.outcome {
            Outcome::ConnectSlow | Outcome::ConnectTimeout => self.times.connected.or(self.times.total),
            Outcome::DnsSlow => self.times.resolved,
            _ => self.times.total,
        };
        match notable {
            Some(seconds) if seconds >= 0.2 => write!(f, ", after {seconds:.1} s"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.outcome.is_success() {
            let addresses: Vec<String> = self.addresses.iter().map(ToString::to_string).collect();
            match addresses.as_slice() {
                [] => match self.leads_nowhere() {
                    Some(alias) => write!(f, "{} is an alias of {alias}, and no address came", self.name)?,
                    None => write!(f, "{} was answered", self.name)?,
                },
                // How many there are in all is not known where only some are shown.
                shown => write!(f, "{} resolved to {}", self.name, shown.join(", "))?,
            }
        } else {
            write!(f, "the lookup of {}", self.name)?;
            match self.aliases.last() {
                Some(alias) => write!(f, ", an alias of {alias}, {}", self.outcome.spoken())?,
                None => write!(f, " {}", self.outcome.spoken())?,
            }
        }
        match self.seconds {
            Some(seconds) if seconds >= 0.2 => write!(f, ", after {seconds:.1} s"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.observable == "complaint" && !self.detail.is_empty() {
            f.write_str("complaint")?;
            if !self.of.is_empty() {
                write!(f, " about {}", self.of)?;
            }
            return write!(f, ": “{}”", self.detail);
        }
        let observable = self.observable.replace(['.', '_'], " ");
        // What has no value but its text, such as a certificate's subject, is told by the text.
        let told_by_text = self.value == "seen" && !self.detail.is_empty();
        let signaled =
            ["(137)", "code 137", "/KILL", "SIGKILL", "signal 9"].iter().any(|sign| self.detail.contains(sign));
        let killed = self.value == "crashed" && signaled;
        let value = if killed { "killed" } else { &self.value };
        let value = if told_by_text { self.detail.clone() } else { adjective(value).replace('_', " ") };
        match self.observable.as_str() {
            // What a program answers with is no property of the answer.
            "db.error" => write!(f, "the database refuses: {value}")?,
            "pool.error" => write!(f, "the pool says: {value}")?,
            "probe" => write!(f, "the probe {value}")?,
            // A setting is no state: whether anybody listens is another matter.
            "listening" => write!(f, "told to listen: {value}")?,
            _ => write!(f, "{observable} is {value}")?,
        }
        match (&self.of, self.of.port) {
            (of, _) if of.is_empty() => {}
            (of, Some(port)) if of.address.is_none() && of.host.is_none() && of.name.is_none() => {
                write!(f, " at port {port}")?;
            }
            (of, _) => write!(f, " at {of}")?,
        }
        if self.detail.is_empty() || told_by_text { Ok(()) } else { write!(f, " ({})", self.detail) }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = if self.failed { " and failed" } else { "" };
        write!(f, "{} of {} took {}{failed}", self.name, self.service, spoken_seconds(self.seconds))
    }
}

/// A duration as people say it: "41 ms", "5.0 s".
pub fn spoken_seconds(seconds: f64) -> String {
    if seconds < 0.9995 { format!("{:.0} ms", seconds * 1000.0) } else { format!("{seconds:.1} s") }
}

/// The values that are verbs or nouns, as they sound after "is".
fn adjective(value: &str) -> &str {
    match value {
        "answers" => "answered",
        "loss" => "lossy",
        "stops" => "broken off",
        "auth_failed" => "whoever asked is not let in",
        "read_only" => "it is read-only",
        "failed_status" => "failed by its status",
        "failed_refused" => "failed, refused",
        "failed_timeout" => "failed, timed out",
        "failed_other" => "failed",
        "loops" => "looping",
        other => other,
    }
}
