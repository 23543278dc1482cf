//! What a fact at its place is: a request from one node to another, a state of some elements, or where trouble begins.

use std::net::IpAddr;

use crate::diagnosis::Seen;
use crate::fact::{Outcome, Stage, Times};
use crate::sketch::{Element, NodeIx};

/// A fact at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    pub sight: Sight,
    /// How many equal observations this one stands for.
    pub count: u32,
    pub seen: Seen,
    pub says: String,
    pub sampled: Sampled,
    /// When its line was written, in milliseconds as in a fact.
    pub at: Option<i64>,
}

impl Observation {
    /// The request that it tells of.
    pub fn request(&self) -> Option<&Request> {
        match &self.sight {
            Sight::Request(request) => Some(request),
            Sight::State { .. } | Sight::Blame { .. } => None,
        }
    }
}

/// How the lines of a paste were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sampled {
    /// As they came.
    Whole,
    /// Cut down to failures before it was pasted (`grep`): it says what failed, and nothing of how often.
    Failures,
}

/// What was seen there.
#[derive(Debug, Clone, PartialEq)]
pub enum Sight {
    Request(Request),
    State {
        observable: String,
        value: String,
        /// Every element the state could be blamed on.
        at: Vec<Element>,
    },
    /// A comparison that shows where trouble begins, whatever the trouble is.
    Blame {
        begins: Vec<Element>,
        /// Where it does not, and why.
        not: Vec<(Element, String)>,
    },
}

/// A request from one node to another and what became of it. A question to a name server is one too.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub from: Option<NodeIx>,
    pub to: NodeIx,
    /// The one address it went to.
    pub address: Option<IpAddr>,
    /// Only the end is known, and the sender may have tried other addresses first.
    pub whole: bool,
    pub port: Option<u16>,
    pub tests: Stage,
    pub tls: Tls,
    pub aim: Aim,
    /// The name was resolved on the way, so the name server chose the address.
    pub resolved: bool,
    pub outcome: Outcome,
    pub times: Times,
    /// How a request made by hand was sent, as far as its command line says so: headers, protocol, certificate.
    pub manner: String,
    /// What was asked for: a path, or a name.
    pub subject: String,
    /// The node that made the answer, where it betrays itself.
    pub spoke: Option<NodeIx>,
    /// Its receiver's own log tells of it: what the sender got of the answer is not known.
    pub logged: bool,
}

/// Whether a request went where the drawing leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aim {
    /// To an address, a port and a name that its target has.
    Drawn,
    /// To another one, or in a way its target does not understand: its sender's doing, or that of whoever told it the way.
    Astray,
    /// To an entry that others of its sender's kind do not use for the same: it may be told the wrong one.
    Aside,
    /// Where the drawing leads, by a person on the host of a hop whose own requests go by its settings.
    ByHand,
    /// To the address that a name server really gave for the name: not its sender's doing.
    Misguided,
}

/// What a request says about TLS when it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tls {
    /// The handshake works and the certificate is trusted.
    Checked,
    /// The handshake works; the certificate was not looked at.
    Unchecked,
    /// The handshake works for a client that shows a certificate of its own.
    WithCertificate,
    /// Nothing: there was no TLS.
    Absent,
    /// That there is none: the only port of the target speaks without it.
    Plain,
}
