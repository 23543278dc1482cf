//! The drawing as text, both ways: `tester -> elb[203.0.113.10, 203.0.113.20]:443 -> backend -> db`.

use std::net::IpAddr;

use super::{Edge, Kind, Node, Sketch, SketchErrors};

/// Reads one chain of hops per line.
///
/// A hop is a name, optionally followed by `(kind)`, `[address or host, …]` and `:port`. A name written twice is the same
/// node. `previous` gives back what text cannot say: labels, teams, attributes of nodes that keep their name.
///
/// # Errors
/// One sentence per line that cannot be read, with its number.
pub fn from_arrows(text: &str, previous: &Sketch) -> Result<Sketch, SketchErrors> {
    let mut complaints = Vec::new();
    let mut nodes: Vec<Node> = Vec::new();
    let mut edges: Vec<Edge> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().replace('→', "->");
        if line.trim().is_empty() {
            continue;
        }
        let mut caller: Option<String> = None;
        for part in line.split("->") {
            match hop(part, previous) {
                Ok(node) => {
                    let id = node.id.clone();
                    let port = node.ports.first().copied();
                    absorb(&mut nodes, node);
                    if let Some(from) = caller.replace(id.clone()) {
                        join(&mut edges, from, id, port, previous);
                    }
                }
                Err(complaint) => complaints.push(format!("line {number}: {complaint}")),
            }
        }
    }
    if complaints.is_empty() { Sketch::new(nodes, edges) } else { Err(SketchErrors(complaints)) }
}

/// Writes the drawing so that `from_arrows` reads the same hops again; each line is one chain.
pub fn to_arrows(sketch: &Sketch) -> String {
    let mut written = vec![false; sketch.edges().len()];
    let mut described = std::collections::BTreeSet::new();
    let mut lines = Vec::new();
    for start in sketch.edge_indices() {
        if written.get(start.0).copied().unwrap_or(true) {
            continue;
        }
        let mut chain = Vec::new();
        let mut next = Some(start);
        while let Some(edge) = next {
            let Some((from, to)) = sketch.ends(edge) else { break };
            if let Some(done) = written.get_mut(edge.0) {
                *done = true;
            }
            if chain.is_empty() {
                chain.extend(sketch.node(from).map(|node| spell(node, described.insert(from))));
            }
            chain.extend(sketch.node(to).map(|node| spell(node, described.insert(to))));
            next = sketch.edge_indices().find(|candidate| {
                !written.get(candidate.0).copied().unwrap_or(true)
                    && sketch.ends(*candidate).is_some_and(|(next_from, _)| next_from == to)
            });
        }
        lines.push(chain.join(" -> "));
    }
    for ix in sketch.node_indices().filter(|ix| !described.contains(ix)) {
        lines.extend(sketch.node(ix).map(|node| spell(node, true)));
    }
    lines.join("\n")
}

fn spell(node: &Node, in_full: bool) -> String {
    let mut text = node.id.clone();
    if in_full {
        if Kind::from_name(&node.id) != Some(node.kind.kind) {
            text.push_str(&format!("({})", node.kind.kind.word()));
        }
        let inside: Vec<String> = node.ips.iter().map(IpAddr::to_string).chain(node.hosts.iter().cloned()).collect();
        if !inside.is_empty() {
            text.push_str(&format!("[{}]", inside.join(", ")));
        }
        if let Some(port) = node.ports.first() {
            text.push_str(&format!(":{port}"));
        }
    }
    text
}

/// Reads `elb(load_balancer)[203.0.113.10, api.example.com]:443`.
fn hop(part: &str, previous: &Sketch) -> Result<Node, String> {
    let part = part.trim();
    let name_end = part.find(['[', '(', ':']).unwrap_or(part.len());
    let (name, mut rest) = part.split_at(name_end);
    let name = name.trim();
    if name.is_empty() {
        return Err("an arrow needs a name on both sides, as in client -> service".to_owned());
    }
    let known = previous.by_id(name);
    let mut node = known.cloned().unwrap_or_else(|| Node::new(name, Kind::from_name(name).unwrap_or(Kind::Service)));
    if let Some(inside) = between(&mut rest, '(', ')')? {
        let kind = Kind::from_word(inside).ok_or_else(|| {
            format!("\"{inside}\" is not a kind of hop; use one of {}", Kind::ALL.map(Kind::word).join(", "))
        })?;
        node.kind = kind.into();
    }
    if let Some(inside) = between(&mut rest, '[', ']')? {
        node.ips.clear();
        node.hosts.clear();
        for item in inside.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            match item.parse() {
                Ok(ip) => node.ips.push(ip),
                Err(_) => node.hosts.push(item.trim_end_matches('.').to_owned()),
            }
        }
    }
    if let Some(port) = rest.trim().strip_prefix(':') {
        let port = port.trim();
        let number = port.parse().map_err(|_| format!("\"{port}\" is not a port; ports go from 1 to 65535"))?;
        node.ports = vec![number];
    } else if !rest.trim().is_empty() {
        return Err(format!("\"{}\" after {name} is neither [addresses] nor :port", rest.trim()));
    }
    Ok(node)
}

fn between<'a>(rest: &mut &'a str, open: char, close: char) -> Result<Option<&'a str>, String> {
    let trimmed = rest.trim_start();
    let Some(after) = trimmed.strip_prefix(open) else { return Ok(None) };
    let (inside, tail) = after.split_once(close).ok_or_else(|| format!("\"{open}\" is never closed by \"{close}\""))?;
    *rest = tail;
    Ok(Some(inside.trim()))
}

fn absorb(nodes: &mut Vec<Node>, node: Node) {
    match nodes.iter_mut().find(|seen| seen.id == node.id) {
        None => nodes.push(node),
        Some(seen) => {
            for ip in node.ips {
                if !seen.ips.contains(&ip) {
                    seen.ips.push(ip);
                }
            }
            for host in node.hosts {
                if !seen.hosts.contains(&host) {
                    seen.hosts.push(host);
                }
            }
            if !node.ports.is_empty() {
                seen.ports = node.ports;
            }
        }
    }
}

fn join(edges: &mut Vec<Edge>, from: String, to: String, port: Option<u16>, previous: &Sketch) {
    if edges.iter().any(|edge| edge.from == from && edge.to == to) {
        return;
    }
    let known = previous.edges().iter().find(|edge| edge.from == from && edge.to == to);
    edges.push(known.cloned().unwrap_or(Edge { from, to, protocol: None, port, attrs: Default::default() }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_reads_back_as_it_was_written() {
        let text = "tester -> elb[203.0.113.10, 203.0.113.20, api.example.com]:443 -> backend -> db\ncleanup -> db";
        let sketch = from_arrows(text, &Sketch::default()).unwrap();
        assert_eq!(to_arrows(&sketch), text);
        assert_eq!(sketch.find("elb").map(|ix| sketch.kind(ix)), Some(Kind::LoadBalancer));
        assert_eq!(sketch.edges().len(), 4);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let error = from_arrows("a -> b\na -> -> b", &Sketch::default()).unwrap_err();
        assert!(error.to_string().starts_with("line 2: an arrow needs a name"), "{error}");
    }
}
