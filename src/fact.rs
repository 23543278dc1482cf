//! What was seen: claims a reader takes from a text, each with the lines that show it. Seen, never concluded.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::evidence::Lines;
use crate::metrics::Series;

mod outcome;
mod says;

pub use outcome::{Outcome, Stage};
pub use says::spoken_seconds;

/// One claim and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub lines: Lines,
    /// When its first line was written, in milliseconds since 1970, where the line says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// The numbers in it that can be reckoned with, by name; a name ends in its unit where it has one: `hold_s`, `in_use`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<String, f64>,
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
    /// A piece of the work on one request, as a tracing library timed it.
    Span(Span),
    /// Numbers over time, as a monitoring system keeps them.
    Series(Series),
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
        let bare = |host: &str| match host.rsplit_once(':') {
            Some((name, port)) if !name.contains(':') && port.parse::<u16>().is_ok() => name.to_ascii_lowercase(),
            _ => host.to_ascii_lowercase(),
        };
        let host = host.filter(|host| !host.is_empty() && *host != "-").map(bare);
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
    /// The alias at the end of the way, where no address came with it.
    pub fn leads_nowhere(&self) -> Option<&String> {
        self.aliases.last().filter(|_| self.addresses.is_empty() && self.record != "MX")
    }

    /// The same, asked for whoever receives the mail, where it was answered with such hosts and with no address.
    pub fn for_mail(self, is_told: bool) -> Lookup {
        if is_told && self.addresses.is_empty() { Lookup { record: "MX".to_owned(), ..self } } else { self }
    }

    /// A question of which nothing but its end is known.
    pub fn new(name: &str, outcome: Outcome) -> Lookup {
        let bare = name.trim_end_matches('.');
        Lookup {
            // The root has no name but its dot.
            name: if bare.is_empty() { name.to_owned() } else { bare.to_ascii_lowercase() },
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

/// A span of a trace. A span without a parent is where the request came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Id of the trace, the same for all spans of one request.
    pub trace: String,
    /// Unique in its trace.
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// What did the work.
    pub service: String,
    /// What the work is called: `GET /orders`, `mongo.find`.
    pub name: String,
    /// What was called, where it sends no spans of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// How long it took, with everything it waited for.
    pub seconds: f64,
    #[serde(default, skip_serializing_if = "is_false")]
    pub failed: bool,
}

impl Span {
    /// Whether it is the wait for a connection of a pool, and no request to what the connection leads to. The names are those of
    /// `pymongo`'s and `HikariCP`'s events and of OpenTelemetry's instrumentations (`pg-pool.connect`, `HikariDataSource.getConnection`).
    pub fn waits_for_a_pool(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        [
            "checkout",
            "check_out",
            "getconnection",
            "get_connection",
            "pool.connect",
            "pool.acquire",
            "acquire_connection",
        ]
        .iter()
        .any(|word| name.contains(word))
    }
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
