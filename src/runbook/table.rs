//! Numbers with an owner: how long somebody waits, which status only one hop sends, what grows with what.

use serde::{Deserialize, Serialize};

use crate::fact::Stage;

/// A wait that somebody's default explains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duration {
    /// The waits it explains, in seconds; a ladder of retries has several.
    pub seconds: Vec<f64>,
    /// What the request was waiting for: a limit on connecting explains no wait for an answer.
    pub stage: Stage,
    /// Whether the wait ended in a failure, or in a success that came late.
    #[serde(default)]
    pub ends: Ends,
    /// Who waits so long, with the setting's name: "nginx: proxy_read_timeout".
    pub owner: String,
    pub source: String,
}

/// How a wait ended that somebody's default explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// It worked after all: a lost packet was sent again, another address was tried.
    Late,
    /// Somebody gave up.
    #[default]
    Failed,
}

impl Duration {
    /// A measured wait may be off by this share of it …
    const OFF: f64 = 0.02;

    /// … and is never measured more finely than this, in seconds.
    const FINEST: f64 = 0.06;

    /// Whether a wait of so many seconds is one of these.
    pub fn explains(&self, seconds: f64, stage: Stage, ends: Ends) -> bool {
        let near = |known: &f64| (seconds - known).abs() <= (known * Duration::OFF).max(Duration::FINEST);
        stage == self.stage && ends == self.ends && self.seconds.iter().any(near)
    }
}

/// A status that tells who spoke.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    pub status: u16,
    /// Only where the `Server` header holds this; without it the status alone says who spoke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Who spoke and of what: "Cloudflare: the origin refused the connection".
    pub spoke: String,
    pub source: String,
}

impl Status {
    /// Whether an answer with this status and `Server` header is one of these.
    pub fn explains(&self, status: u16, server: Option<&str>) -> bool {
        let named = |wanted: &String| {
            server.is_some_and(|server| server.to_ascii_lowercase().contains(&wanted.to_ascii_lowercase()))
        };
        status == self.status && self.server.as_ref().is_none_or(named)
    }
}

/// What the number of errors grows with; the reckoning finds out which of these it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrowsWith {
    /// The targets of a balancer.
    Targets,
    /// The requests that people and programs send.
    Requests,
    /// How many requests are under way at once, from a knee on.
    Load,
    /// The hour: errors come at the same minutes.
    Clock,
}

/// What makes errors whose number grows with something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    pub with: GrowsWith,
    /// What then makes them: "the data path".
    pub generator: String,
    pub source: String,
}
