//! What drivers of MongoDB say of each member of a replica set when they find none that will do.
//!
//! ```text
//! … servers: [<ServerDescription ('a.example', 27017) server_type: Unknown, rtt: None, error=AutoReconnect('a.example:27017: [Errno 111] Connection refused')>, …
//! … servers=[{address=a.example:27017, type=UNKNOWN, state=CONNECTING, exception={…}, caused by {java.net.ConnectException: Connection refused}}, …
//! … Servers: [{ Addr: a.example:27017, Type: Unknown, Last error: dial tcp 10.3.0.9:27017: connect: connection refused }, …
//! ```

use super::{Call, store, words};
use crate::fact::{Endpoint, Outcome};
use crate::read::pick::host_port;
use crate::read::request::endpoint;

/// What stands before a member's address: PyMongo's, the Java driver's, the Go driver's.
const MARKS: [&str; 3] = ["<ServerDescription ('", "{address=", "{ Addr: "];

/// That none of the members takes writes, as every driver spells it: Node's `type: 'ReplicaSetNoPrimary',`.
pub(super) fn no_primary(text: &str) -> Option<(&'static str, String)> {
    text.contains("ReplicaSetNoPrimary").then(|| ("failed", "ReplicaSetNoPrimary".to_owned()))
}

/// One call for every member of which the text tells how reaching it went.
pub(super) fn members(text: &str) -> Vec<Call> {
    let Some(mark) = MARKS.iter().find(|mark| text.contains(**mark)) else { return Vec::new() };
    text.split(mark).skip(1).filter_map(member).collect()
}

fn member(text: &str) -> Option<Call> {
    let to = place(text)?;
    let end = text.find([' ', ')']).unwrap_or(text.len());
    let said = text.get(end..).unwrap_or_default();
    let known =
        ["server_type: ", "type=", "Type: "].iter().find_map(|label| said.split_once(label)).map(|(_, kind)| kind);
    let unknown = known.is_none_or(|kind| kind.get(..7).is_none_or(|kind| kind.eq_ignore_ascii_case("unknown")));
    if !unknown {
        return Some(store::reached(to, "mongodb"));
    }
    let failed = words::unresolved(said)
        .or_else(|| words::certificate(said))
        .or_else(|| words::errno(said))
        .or_else(|| said.contains("imed out").then_some(Outcome::ConnectTimeout))
        .or_else(|| said.contains("connection closed").then_some(Outcome::EmptyReply))?;
    match (words::unresolved(said), &to.host) {
        (Some(outcome), Some(host)) => Some(Call::for_name(host, outcome)),
        _ => Some(Call::to(to, "mongodb", failed)),
    }
}

/// `a.example', 27017)` or `a.example:27017,`.
fn place(text: &str) -> Option<Endpoint> {
    if let Some((host, rest)) = text.split_once("', ").filter(|(host, _)| !host.contains([' ', ':'])) {
        return Some(endpoint(host, rest.split(')').next()?.parse().ok()));
    }
    host_port(text.split([',', ' ']).next()?)
}
