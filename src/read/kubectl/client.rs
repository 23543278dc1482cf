//! What `kubectl` says of itself: its version, and that it cannot reach the API server.
//!
//! ```text
//! The connection to the server 10.0.0.4:6443 was refused - did you specify the right host or port?
//! Unable to connect to the server: dial tcp 10.0.0.4:6443: i/o timeout
//! Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority
//! Client Version: v1.30.2
//! Server Version: v1.30.4
//! ```

use crate::fact::{Attempt, Claim, Outcome, Stage};
use crate::read::pick::between;
use crate::read::request::{endpoint, split_port};
use crate::read::{CommandLine, driver};

pub(super) fn is_version(text: &str) -> bool {
    ["Client Version: ", "Server Version: ", "Kustomize Version: "].iter().any(|mark| {
        text.strip_prefix(mark)
            .is_some_and(|rest| rest.starts_with("v1.") || rest.starts_with("v5.") || rest.starts_with("version.Info{"))
    })
}

/// The failed call to the API server, where the line is about one; empty where it does not say how it failed.
pub(super) fn failure(text: &str) -> Option<Vec<Claim>> {
    if let Some(rest) = text.strip_prefix("The connection to the server ") {
        let (server, _) = rest.split_once(" was refused")?;
        let (host, port) = split_port(server);
        let attempt = Attempt { to: endpoint(host, port), ..Attempt::new(Stage::Connect, Outcome::Refused) };
        return Some(vec![Claim::Attempt(attempt)]);
    }
    let (_, said) = text.split_once("Unable to connect to the server: ")?;
    let mut claims = driver::said(said);
    let waited = said.contains("request canceled while waiting for connection").then_some(Outcome::ConnectTimeout);
    let given_up = said.contains("deadline exceeded").then_some(Outcome::TimedOut);
    if claims.is_empty()
        && let Some(outcome) = driver::certificate(said).or(waited).or(given_up)
    {
        // "cannot validate certificate for 10.0.0.4 because …", "certificate is valid for kubernetes, not api.example"
        let name = between(said, "certificate for ", " ").or_else(|| Some(said.rsplit_once(", not ")?.1));
        let to = name.map(|name| endpoint(name, None)).unwrap_or_default();
        claims.push(Claim::Attempt(Attempt { to, ..Attempt::new(outcome.stage(), outcome) }));
    }
    Some(claims)
}

/// The call to the API server that worked: it told its version, or that it is ready.
pub(super) fn success(text: &str, command: Option<&CommandLine>) -> Option<Claim> {
    let asked_for_health = || {
        let of_health = |word: &str| ["/readyz", "/livez", "/healthz"].iter().any(|path| word.starts_with(path));
        text.trim() == "ok" && command.is_some_and(|command| command.runs("kubectl") && command.words().any(of_health))
    };
    let answered = text.starts_with("Server Version: ") || asked_for_health();
    answered.then(|| Claim::Attempt(Attempt::new(Stage::Exchange, Outcome::Ok)))
}
