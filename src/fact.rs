//! What was seen: claims a reader takes from a text, each with the lines that show it. Seen, never concluded.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::evidence::Lines;

mod outcome;
mod says;

pub use outcome::{Outcome, Stage};

/// One claim and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub lines: Lines,
    pub claim: Claim,
}

/// What a line of evidence can say.
#[allow(clippy::large_enum_variant, reason = "nearly all facts are attempts; boxing them would save nothing")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// A request (or the beginning of one) and how far it came.
    Attempt(Attempt),
    /// A name asked of a name server, and the answer.
    Lookup(Lookup),
    /// A state read off a host, a balancer, a cluster or a cloud account.
    State(State),
}

/// One end of a connection, as far as the text names it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// What a balancer or a server calls it: `be_feed/feed-2`, `x-served-by: product-2`. As the target of a request it is
    /// [`Endpoint::SELF`] where a log tells of a request that its own host received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Endpoint {
    /// The name of the host whose log a text is, as the target of the requests it received.
    pub const SELF: &str = "self";

    /// The host whose log a text is, asked for `host` where the log says so.
    pub fn self_of_log(host: Option<&str>) -> Endpoint {
        let host = host.filter(|host| !host.is_empty() && *host != "-").map(str::to_ascii_lowercase);
        Endpoint { host, name: Some(Endpoint::SELF.to_owned()), ..Endpoint::default() }
    }

    /// Something known only by the name a balancer, a cluster or a tool gives it.
    pub fn named(name: impl Into<String>) -> Endpoint {
        Endpoint { name: Some(name.into()), ..Endpoint::default() }
    }

    pub fn at(address: IpAddr, port: Option<u16>) -> Endpoint {
        Endpoint { address: Some(address), port, ..Endpoint::default() }
    }

    pub fn is_empty(&self) -> bool {
        *self == Endpoint::default()
    }
}

/// A request as its sender saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    #[serde(default, skip_serializing_if = "Endpoint::is_empty")]
    pub to: Endpoint,
    /// Who sent it, where the text itself says so (a proxy's log names its client).
    #[serde(default, skip_serializing_if = "Endpoint::is_empty")]
    pub from: Endpoint,
    /// How far this kind of test goes when nothing is wrong: `nc` stops at a connection, `curl` reads the answer.
    pub tests: Stage,
    pub outcome: Outcome,
    /// Whether the name was resolved on the way, so that success also speaks for the resolver.
    #[serde(default, skip_serializing_if = "is_false")]
    pub resolved: bool,
    /// Certificates were not checked (`curl -k`), so success says nothing about them.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unchecked: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(default, skip_serializing_if = "Answerer::is_empty")]
    pub answerer: Answerer,
    #[serde(default, skip_serializing_if = "Times::is_empty")]
    pub times: Times,
    /// How many requests this one line stands for.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub count: u32,
}

impl Attempt {
    pub fn new(tests: Stage, outcome: Outcome) -> Attempt {
        Attempt {
            to: Endpoint::default(),
            from: Endpoint::default(),
            tests,
            outcome,
            resolved: false,
            unchecked: false,
            protocol: None,
            path: None,
            status: None,
            answerer: Answerer::default(),
            times: Times::default(),
            count: 1,
        }
    }
}

/// Who spoke, as far as the answer betrays it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answerer {
    /// The `Server` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The `Via` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// `X-Served-By` and its kin: the member of a pool that made the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_by: Option<String>,
    /// The program whose own error page the body is (`nginx`, `haproxy`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_of: Option<String>,
}

impl Answerer {
    pub fn is_empty(&self) -> bool {
        *self == Answerer::default()
    }
}

/// Seconds since the request began, as curl's `-w` counts them: each includes the ones before.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secured: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<f64>,
}

impl Times {
    pub fn is_empty(&self) -> bool {
        *self == Times::default()
    }
}

/// A question to a name server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    pub name: String,
    /// Record type: `A`, `AAAA`, `CNAME` … Empty where the tool does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub record: String,
    /// The server that answered, or was to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<IpAddr>,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<IpAddr>,
    /// Aliases on the way, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Time to live of the answer in seconds, the smallest where they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
    /// How long the answer took, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
}

impl Lookup {
    /// A question of which nothing but its end is known.
    pub fn new(name: &str, outcome: Outcome) -> Lookup {
        Lookup {
            name: name.trim_end_matches('.').to_ascii_lowercase(),
            record: String::new(),
            server: None,
            outcome,
            addresses: Vec::new(),
            aliases: Vec::new(),
            ttl: None,
            seconds: None,
        }
    }
}

/// A state with a name that runbooks know: `listener` is `loopback`, `subnet.default_route` is `no_igw`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub observable: String,
    pub value: String,
    /// What it was read off, where the text says; otherwise the host the command ran on.
    #[serde(default, skip_serializing_if = "Endpoint::is_empty")]
    pub of: Endpoint,
    /// The words or numbers behind the value: `Recv-Q 129 > Send-Q 128`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

fn one() -> u32 {
    1
}

fn is_one(count: &u32) -> bool {
    *count == 1
}

fn is_false(value: &bool) -> bool {
    !value
}
