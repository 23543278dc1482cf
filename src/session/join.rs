//! Two teams, one case: what the other side saw and drew is added to one's own. A union, so nothing either side knows is lost.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Item, Work};
use crate::sketch::{Edge, Node, Sketch};

/// What a union brought, for the sentence about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Gain {
    evidence: usize,
    known: usize,
    hops: usize,
}

impl Work {
    /// Adds what another copy of the case holds. Says what came in.
    pub(super) fn join(&mut self, theirs: &Work) -> String {
        let mut gain = Gain::default();
        let names = self.join_drawing(theirs, &mut gain);
        if self.title.trim().is_empty() {
            self.title.clone_from(&theirs.title);
        }
        for item in &theirs.evidence {
            let mut item = Item::clone(item);
            item.origin.vantage = item.origin.vantage.map(|id| renamed(&names, &id));
            item.origin.about = item.origin.about.map(|id| renamed(&names, &id));
            match self.evidence.iter().position(|mine| is_same(mine, &item)) {
                // The same piece; whoever has its text keeps it for both.
                Some(at) => {
                    gain.known += 1;
                    if let Some(mine) = self.evidence.get_mut(at).filter(|mine| mine.text.is_empty()) {
                        let mine = Arc::make_mut(mine);
                        (mine.text, mine.facts, mine.gist) = (item.text, item.facts, item.gist);
                    }
                }
                None => {
                    item.id = self.fresh_id();
                    gain.evidence += 1;
                    self.evidence.push(Arc::new(item));
                }
            }
        }
        let pieces = |count: usize| if count == 1 { "1 piece".to_owned() } else { format!("{count} pieces") };
        format!(
            "Added {} of evidence and {} {}; {} were here already. Undo takes it back.",
            pieces(gain.evidence),
            gain.hops,
            if gain.hops == 1 { "hop" } else { "hops" },
            pieces(gain.known)
        )
    }

    /// Joins the drawings, and returns under which id each of their hops stands now.
    fn join_drawing(&mut self, theirs: &Work, gain: &mut Gain) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        if theirs.sketch.is_empty() {
            return names;
        }
        let mut nodes: Vec<Node> = self.sketch.nodes().to_vec();
        let mut edges: Vec<Edge> = self.sketch.edges().to_vec();
        for node in theirs.sketch.nodes() {
            let known = nodes.iter().position(|mine| is_same_hop(mine, node)).or_else(|| renumbered(&nodes, node));
            match known.and_then(|known| nodes.get_mut(known)) {
                Some(mine) => {
                    names.insert(node.id.clone(), mine.id.clone());
                    complete(mine, node);
                }
                None => {
                    let id = free_id(&nodes, &node.id);
                    names.insert(node.id.clone(), id.clone());
                    nodes.push(Node { id, ..node.clone() });
                    gain.hops += 1;
                }
            }
        }
        for edge in theirs.sketch.edges() {
            let (from, to) = (renamed(&names, &edge.from), renamed(&names, &edge.to));
            let is_there = |mine: &&mut Edge| {
                mine.from == from
                    && mine.to == to
                    && (mine.port == edge.port || mine.port.is_none() || edge.port.is_none())
            };
            match edges.iter_mut().find(is_there) {
                Some(mine) => {
                    mine.port = mine.port.or(edge.port);
                    mine.protocol = mine.protocol.clone().or_else(|| edge.protocol.clone());
                    for (name, value) in &edge.attrs {
                        mine.attrs.entry(name.clone()).or_insert_with(|| value.clone());
                    }
                }
                None => edges.push(Edge { from, to, ..edge.clone() }),
            }
        }
        if let Ok(sketch) = Sketch::new(nodes, edges) {
            self.sketch = Arc::new(sketch);
            self.outline = None;
            for (id, place) in &theirs.places {
                self.places.entry(renamed(&names, id)).or_insert(*place);
            }
        }
        names
    }
}

/// The same text was read, or the same facts at the same time and place.
fn is_same(mine: &Item, theirs: &Item) -> bool {
    let is_same_text = mine.text == theirs.text || mine.text.is_empty() || theirs.text.is_empty();
    is_same_text
        && mine.origin == theirs.origin
        && mine.gist.says == theirs.gist.says
        && (mine.gist.is_telling() || mine.text == theirs.text)
}

/// One hop in two drawings: of one kind, and with the same id, a common host name or a common address.
fn is_same_hop(mine: &Node, theirs: &Node) -> bool {
    let shares = mine.hosts.iter().any(|host| theirs.hosts.contains(host))
        || mine.ips.iter().any(|address| theirs.ips.contains(address));
    mine.kind.kind == theirs.kind.kind && (mine.id == theirs.id || shares)
}

/// The hop that an earlier union took in under a number, because one of another kind has its id here.
fn renumbered(nodes: &[Node], theirs: &Node) -> Option<usize> {
    let is_taken = nodes.iter().any(|mine| mine.id == theirs.id && mine.kind.kind != theirs.kind.kind);
    let is_number = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    nodes.iter().position(|mine| {
        let numbered = mine.id.strip_prefix(&theirs.id).and_then(|rest| rest.strip_prefix('-')).is_some_and(is_number);
        is_taken && numbered && mine.kind.kind == theirs.kind.kind
    })
}

/// Adds what the other side knows of a hop. What both name differently stays as it is here; their name becomes an attribute.
fn complete(mine: &mut Node, theirs: &Node) {
    for host in &theirs.hosts {
        if !mine.hosts.contains(host) {
            mine.hosts.push(host.clone());
        }
    }
    for address in &theirs.ips {
        if !mine.ips.contains(address) {
            mine.ips.push(*address);
        }
    }
    for port in &theirs.ports {
        if !mine.ports.contains(port) {
            mine.ports.push(*port);
        }
    }
    for (name, value) in &theirs.attrs {
        match mine.attrs.get(name) {
            Some(known) if known == value => {}
            Some(_) => {
                mine.attrs.entry(format!("their {name}")).or_insert_with(|| value.clone());
            }
            None => {
                mine.attrs.insert(name.clone(), value.clone());
            }
        }
    }
    for (what, mine_says, theirs_say) in
        [("label", &mut mine.label, &theirs.label), ("team", &mut mine.team, &theirs.team)]
    {
        if mine_says.is_empty() {
            mine_says.clone_from(theirs_say);
        } else if !theirs_say.is_empty() && mine_says != theirs_say {
            mine.attrs.entry(format!("their {what}")).or_insert_with(|| theirs_say.clone().into());
        }
    }
}

/// Their id, or where a hop of another kind already has it, their id with a number.
fn free_id(nodes: &[Node], id: &str) -> String {
    let is_free = |id: &str| nodes.iter().all(|node| node.id != id);
    if is_free(id) {
        return id.to_owned();
    }
    (2..).map(|number| format!("{id}-{number}")).find(|id| is_free(id)).unwrap_or_else(|| id.to_owned())
}

/// An id of their drawing under its name here: a hop, `hop#address`, or `hop->hop`.
fn renamed(names: &BTreeMap<String, String>, id: &str) -> String {
    let hop = |id: &str| match id.split_once('#') {
        Some((hop, address)) => format!("{}#{address}", names.get(hop).map_or(hop, String::as_str)),
        None => names.get(id).map_or(id, String::as_str).to_owned(),
    };
    match id.split_once("->") {
        Some((from, to)) => format!("{}->{}", hop(from), hop(to)),
        None => hop(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::{Answer, Desk, Question};
    use crate::redact::Salt;

    fn work(json: &str) -> Work {
        match Desk::open().0.answer(Question::Take { salt: Salt([7; 16]), text: json.to_owned() }) {
            Answer::Opened(Ok(opened)) => Work::of(opened).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn ours() -> Work {
        work(
            r#"{"hopwise":1,"title":"Orders fail","graph":{"nodes":[
              {"id":"app","kind":"service","team":"shop"},{"id":"lb","kind":"load_balancer","ips":["10.0.0.1"]}],
              "edges":[{"from":"app","to":"lb"}]},"evidence":[
              {"text":"nc: connect to 10.0.0.1 port 443 (tcp) failed: Connection timed out","vantage":"app","at":"2026-11-21T01:00:00Z"}]}"#,
        )
    }

    fn theirs() -> Work {
        work(
            r#"{"hopwise":1,"title":"LB","graph":{"nodes":[
              {"id":"edge-lb","kind":"load_balancer","ips":["10.0.0.1","10.0.0.2"],"label":"Edge","team":"platform"},
              {"id":"app","kind":"database"}],"edges":[{"from":"edge-lb","to":"app","port":5432}]},"evidence":[
              {"text":"nc: connect to 10.0.0.1 port 443 (tcp) failed: Connection timed out","vantage":"app","at":"2026-11-21T01:00:00Z"},
              {"text":"nc: connect to 10.0.0.2 port 5432 (tcp) failed: Connection refused","vantage":"edge-lb","at":"2026-11-21T01:05:00Z"}]}"#,
        )
    }

    #[test]
    fn a_union_loses_no_fact_of_either_side() {
        let (mut here, mut there) = (ours(), theirs());
        here.join(&theirs());
        there.join(&ours());
        let told = |work: &Work| {
            let mut says: Vec<_> = work.evidence.iter().map(|item| item.gist.says).collect();
            says.sort();
            says.dedup();
            says
        };
        assert_eq!(told(&here), told(&there));
        assert_eq!(told(&here).len(), 2, "{:?}", told(&here));
    }

    #[test]
    fn a_hop_that_both_drew_is_one_hop_and_knows_what_either_knew() {
        let mut here = ours();
        let told = here.join(&theirs());
        let lb = here.sketch.nodes().iter().find(|node| node.id == "lb").unwrap();
        assert_eq!((lb.ips.len(), lb.label.as_str(), lb.team.as_str()), (2, "Edge", "platform"));
        // Their database has the id of our service, and is another hop.
        let ids: Vec<&str> = here.sketch.nodes().iter().map(|node| node.id.as_str()).collect();
        assert_eq!(ids, ["app", "lb", "app-2"]);
        assert_eq!(here.sketch.edges().len(), 2);
        assert_eq!(here.evidence[2].origin.vantage.as_deref(), Some("lb"));
        assert!(told.starts_with("Added 2 pieces of evidence and 1 hop;"), "{told}");
    }

    #[test]
    fn joining_twice_changes_nothing_more() {
        let mut once = ours();
        once.join(&theirs());
        let mut twice = once.clone();
        let told = twice.join(&theirs());
        assert_eq!(twice.evidence.len(), once.evidence.len());
        assert!(told.starts_with("Added 0 pieces of evidence and 0 hops"), "{told}");
    }
}
