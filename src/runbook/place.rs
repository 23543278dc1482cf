//! Where a fault can strike: the words `node:service`, `address:load_balancer`, `edge`, `edge:dns`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::sketch::Kind;

/// A kind of element: `node:service`, `address:load_balancer`, `edge` or `edge:dns` (an edge into a name server).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Node(Kind),
    Address(Kind),
    /// An edge, restricted to edges into one kind where that is given.
    Edge(Option<Kind>),
}

impl Place {
    fn from_word(word: &str) -> Option<Place> {
        match word.split_once(':') {
            None if word == "edge" => Some(Place::Edge(None)),
            Some(("node", kind)) => Kind::from_word(kind).map(Place::Node),
            Some(("address", kind)) => Kind::from_word(kind).map(Place::Address),
            Some(("edge", kind)) => Kind::from_word(kind).map(|kind| Place::Edge(Some(kind))),
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Node(kind) => write!(f, "node:{}", kind.word()),
            Place::Address(kind) => write!(f, "address:{}", kind.word()),
            Place::Edge(None) => f.write_str("edge"),
            Place::Edge(Some(kind)) => write!(f, "edge:{}", kind.word()),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Place::from_word(&word).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "\"{word}\" is no place for a fault; write node:KIND, address:KIND, edge or edge:KIND with KIND one of {}",
                Kind::ALL.map(Kind::word).join(", ")
            ))
        })
    }
}
