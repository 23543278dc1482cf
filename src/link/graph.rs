//! The drawing inside a link.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;
use serde_json::Value;

use super::LinkError;
use super::stream::{Reader, Writer};
use super::words::{KINDS, PROTOCOLS};
use crate::case::Graph;
use crate::sketch::{Edge, KindWord, Node};

pub(super) const MOST_NODES: usize = 500;
const MOST_EDGES: usize = 2_000;
const MOST_OF_A_NODE: usize = 256;

/// Which fields of a node or an edge follow.
mod has {
    pub const LABEL: u32 = 1;
    pub const HOSTS: u32 = 2;
    pub const IPS: u32 = 4;
    pub const PORTS: u32 = 8;
    pub const TEAM: u32 = 16;
    pub const ATTRS: u32 = 32;
    pub const ALL: u32 = 63;
}

pub(super) fn write(graph: Option<&Graph>, writer: &mut Writer) -> Result<(), LinkError> {
    let Some(Graph { nodes, edges }) = graph else {
        writer.number(0);
        return Ok(());
    };
    // One more than there are, so that a graph without nodes differs from none.
    writer.count(nodes.len() + 1, "nodes", MOST_NODES + 1)?;
    for node in nodes {
        write_node(node, writer)?;
    }
    writer.count(edges.len(), "edges", MOST_EDGES)?;
    for Edge { from, to, protocol, port, attrs } in edges {
        writer.text(from)?;
        writer.text(to)?;
        PROTOCOLS.write(protocol.as_deref().unwrap_or_default(), writer)?;
        writer.number(port.unwrap_or_default());
        write_attrs(attrs, writer)?;
    }
    Ok(())
}

pub(super) fn read(reader: &mut Reader) -> Result<Option<Graph>, LinkError> {
    let Some(count) = reader.count("nodes", MOST_NODES + 1)?.checked_sub(1) else { return Ok(None) };
    let nodes = (0..count).map(|_| read_node(reader)).collect::<Result<_, _>>()?;
    let mut edges = Vec::new();
    for _ in 0..reader.count("edges", MOST_EDGES)? {
        edges.push(Edge {
            from: reader.text()?,
            to: reader.text()?,
            protocol: Some(PROTOCOLS.read(reader)?).filter(|protocol| !protocol.is_empty()),
            port: port(reader)?,
            attrs: read_attrs(reader)?,
        });
    }
    Ok(Some(Graph { nodes, edges }))
}

fn write_node(node: &Node, writer: &mut Writer) -> Result<(), LinkError> {
    let Node { id, kind, label, hosts, ips, ports, team, attrs } = node;
    let word = serde_json::to_value(kind).ok().and_then(|word| word.as_str().map(str::to_owned));
    let fields = [
        (has::LABEL, !label.is_empty()),
        (has::HOSTS, !hosts.is_empty()),
        (has::IPS, !ips.is_empty()),
        (has::PORTS, !ports.is_empty()),
        (has::TEAM, !team.is_empty()),
        (has::ATTRS, !attrs.is_empty()),
    ];
    let mask: u32 = fields.iter().filter(|(_, present)| *present).map(|(bit, _)| bit).sum();
    writer.text(id)?;
    KINDS.write(word.as_deref().unwrap_or(kind.kind.word()), writer)?;
    writer.number(mask);
    if mask & has::LABEL != 0 {
        writer.text(label)?;
    }
    if mask & has::HOSTS != 0 {
        writer.count(hosts.len(), "hosts of one node", MOST_OF_A_NODE)?;
        hosts.iter().try_for_each(|host| writer.text(host))?;
    }
    if mask & has::IPS != 0 {
        writer.count(ips.len(), "addresses of one node", MOST_OF_A_NODE)?;
        ips.iter().try_for_each(|ip| writer.text(&ip.to_string()))?;
    }
    if mask & has::PORTS != 0 {
        writer.count(ports.len(), "ports of one node", MOST_OF_A_NODE)?;
        ports.iter().for_each(|port| writer.number(*port));
    }
    if mask & has::TEAM != 0 {
        writer.text(team)?;
    }
    if mask & has::ATTRS != 0 {
        write_attrs(attrs, writer)?;
    }
    Ok(())
}

fn read_node(reader: &mut Reader) -> Result<Node, LinkError> {
    let id = reader.text()?;
    let word = KINDS.read(reader)?;
    let deserializer = IntoDeserializer::<Error>::into_deserializer(word.as_str());
    let kind = KindWord::deserialize(deserializer).map_err(|_| KINDS.unknown(&word))?;
    let mask = reader.whole(has::ALL)?;
    let present = |bit: u32| mask & bit != 0;
    let mut node = Node {
        id,
        kind,
        label: String::new(),
        hosts: Vec::new(),
        ips: Vec::new(),
        ports: Vec::new(),
        team: String::new(),
        attrs: BTreeMap::new(),
    };
    if present(has::LABEL) {
        node.label = reader.text()?;
    }
    if present(has::HOSTS) {
        let count = reader.count("hosts of one node", MOST_OF_A_NODE)?;
        node.hosts = (0..count).map(|_| reader.text()).collect::<Result<_, _>>()?;
    }
    if present(has::IPS) {
        let count = reader.count("addresses of one node", MOST_OF_A_NODE)?;
        node.ips = (0..count).map(|_| address(reader)).collect::<Result<_, _>>()?;
    }
    if present(has::PORTS) {
        let count = reader.count("ports of one node", MOST_OF_A_NODE)?;
        node.ports = (0..count).map(|_| reader.whole(65_535).map(|port| port as u16)).collect::<Result<_, _>>()?;
    }
    if present(has::TEAM) {
        node.team = reader.text()?;
    }
    if present(has::ATTRS) {
        node.attrs = read_attrs(reader)?;
    }
    Ok(node)
}

/// An address, written as text.
pub(super) fn address(reader: &mut Reader) -> Result<IpAddr, LinkError> {
    let text = reader.text()?;
    text.parse().map_err(|_| LinkError::Unsound(format!("\"{text}\" is no IP address")))
}

/// A port; 0 stands for none.
pub(super) fn port(reader: &mut Reader) -> Result<Option<u16>, LinkError> {
    Ok(Some(reader.whole(65_535)? as u16).filter(|port| *port != 0))
}

/// Attributes are the one place where a case holds any JSON; it stays small and flat.
fn write_attrs(attrs: &BTreeMap<String, Value>, writer: &mut Writer) -> Result<(), LinkError> {
    writer.count(attrs.len(), "attributes of one element", 64)?;
    for (name, value) in attrs {
        writer.text(name)?;
        match value {
            Value::String(text) => {
                writer.number(0);
                writer.text(text)?;
            }
            other => {
                writer.number(1);
                writer.text(&other.to_string())?;
            }
        }
    }
    Ok(())
}

fn read_attrs(reader: &mut Reader) -> Result<BTreeMap<String, Value>, LinkError> {
    let mut attrs = BTreeMap::new();
    for _ in 0..reader.count("attributes of one element", 64)? {
        let name = reader.text()?;
        let is_json = reader.whole(1)? == 1;
        let text = reader.text()?;
        let value = if is_json { json(&name, &text)? } else { Value::String(text) };
        attrs.insert(name, value);
    }
    Ok(attrs)
}

fn json(name: &str, text: &str) -> Result<Value, LinkError> {
    fn depth(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
            Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }
    // serde_json itself stops at a depth of 128, so measuring cannot exhaust the stack.
    let value: Value =
        serde_json::from_str(text).map_err(|error| LinkError::Unsound(format!("attribute \"{name}\": {error}")))?;
    if depth(&value) > 4 {
        return Err(LinkError::TooLarge { what: "levels in one attribute", most: 4 });
    }
    Ok(value)
}
