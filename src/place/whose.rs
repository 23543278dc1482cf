//! Finds whose output a paste is when nobody says: rules for passed-on packets are those of a hop between others, and what a server
//! tells of itself is told by a server, never by who called it.

use std::net::IpAddr;

use super::network::Network;
use super::target::Targets;
use super::{Paste, Sight};
use crate::fact::{Attempt, Claim, Endpoint, Fact, State};
use crate::read::Block;
use crate::sketch::{Kind, NodeIx};

/// The only drawn hop that can have printed this, and what it was recognized by, in words.
pub(super) fn only_printer(targets: &Targets, block: &Block) -> Option<(NodeIx, &'static str)> {
    let gate = only(targets, Kind::only_forwards).filter(|_| is_of_a_gate(block));
    if let Some(gate) = gate {
        return Some((gate, "A list of rules for passed-on packets"));
    }
    if !is_of_a_server(block) {
        return targets.only_client().map(|client| (client, "Output without a vantage point"));
    }
    let serves = |kind: Kind| !matches!(kind, Kind::Client | Kind::Dns) && !kind.only_forwards();
    let server = only(targets, serves).or_else(|| only(targets, Kind::answers_for_others));
    server.or_else(|| targets.only_client()).map(|server| (server, "What a server tells of itself"))
}

impl Paste<'_> {
    /// What a fact says, with the name of the hop it was placed at where its text has none: a log does not name its own host, and an
    /// answer does not say who gave it.
    pub(super) fn says(&mut self, fact: &Fact, sight: &Sight) -> String {
        let (Claim::Attempt(attempt), Sight::Request(request)) = (&fact.claim, sight) else {
            return fact.claim.to_string();
        };
        let to = &attempt.to;
        let nameless = to.is_empty() || to.host.is_none() && to.name.as_deref() == Some(Endpoint::SELF);
        let Some(node) = self.targets.sketch.node(request.to).filter(|_| nameless) else {
            return fact.claim.to_string();
        };
        let name = node.name().to_owned();
        if to.is_empty() && self.command.is_empty() {
            self.assume(format!(
                "An answer without its command is taken to be {name}'s. Paste the command with it to be sure."
            ));
        }
        let to = Endpoint { name: Some(name), ..to.clone() };
        Attempt { to, ..attempt.clone() }.to_string()
    }

    /// Says once what is taken for granted.
    pub(super) fn assume(&mut self, sentence: String) {
        if !self.placed.assumed.contains(&sentence) {
            self.placed.assumed.push(sentence);
        }
    }
}

/// Whether a block is a server's log of requests it received, or tells of workers, pools and members that only a server has.
pub fn is_of_a_server(block: &Block) -> bool {
    const OF_A_SERVER: [&str; 6] =
        ["worker.pool", "process", "proxy.reason", "backend.servers", "db.connections", "db.sessions"];
    block.facts.iter().any(|fact| match &fact.claim {
        Claim::Attempt(attempt) => attempt.to.name.as_deref() == Some(Endpoint::SELF),
        Claim::State(state) => OF_A_SERVER.contains(&state.observable.as_str()),
        Claim::Lookup(_) | Claim::Span(_) | Claim::Series(_) => false,
    })
}

fn only(targets: &Targets, wanted: impl Fn(Kind) -> bool) -> Option<NodeIx> {
    let mut found = targets.sketch.node_indices().filter(|ix| wanted(targets.sketch.kind(*ix)));
    found.next().filter(|_| found.next().is_none())
}

/// Whether a packet filter lists what it does with packets its host passes on: `Chain FORWARD`, or nft's hook of that name.
pub fn is_of_a_gate(block: &Block) -> bool {
    block.facts.iter().any(|fact| rule(fact).is_some())
}

/// Whether a fact is a rule that lets nothing pass to this address and port.
pub fn shuts_out(fact: &Fact, address: IpAddr, port: Option<u16>) -> bool {
    rule(fact).is_some_and(|rule| {
        let named = rule.of.address.is_some_and(|ip| ip == address);
        let within = rule.of.name.as_deref().and_then(Network::parse).is_some_and(|network| network.contains(address));
        let any_port = rule.of.port.is_none() || rule.of.port == port;
        rule.value != "accept" && any_port && (named || within)
    })
}

fn rule(fact: &Fact) -> Option<&State> {
    let Claim::State(state) = &fact.claim else { return None };
    // Docker's users write theirs into a chain that FORWARD runs through first.
    let passes_on = |chain: &str| ["forward", "docker-user"].iter().any(|known| chain.eq_ignore_ascii_case(known));
    let (chain, _) = state.detail.split_once(':')?;
    (state.observable == "firewall.rule" && passes_on(chain)).then_some(state)
}
