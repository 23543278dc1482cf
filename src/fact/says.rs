//! Facts as sentences.

use std::fmt;

use super::{Attempt, Claim, Endpoint, Lookup, Outcome, State};

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Claim::Attempt(attempt) => attempt.fmt(f),
            Claim::Lookup(lookup) => lookup.fmt(f),
            Claim::State(state) => state.fmt(f),
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
        if self.count > 1 {
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
                [] => write!(f, "{} was answered", self.name)?,
                [one] => write!(f, "{} resolved to {one}", self.name)?,
                many => write!(f, "{} resolved to {} addresses: {}", self.name, many.len(), many.join(", "))?,
            }
        } else {
            write!(f, "the lookup of {} {}", self.name, self.outcome.spoken())?;
        }
        match self.seconds {
            Some(seconds) if seconds >= 0.2 => write!(f, ", after {seconds:.1} s"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}", self.observable.replace(['.', '_'], " "), self.value.replace('_', " "))?;
        if !self.of.is_empty() {
            write!(f, " at {}", self.of)?;
        }
        if self.detail.is_empty() { Ok(()) } else { write!(f, " ({})", self.detail) }
    }
}
