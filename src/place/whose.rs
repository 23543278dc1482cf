//! Finds whose output a paste is when nobody says: rules for passed-on packets are those of a hop between others, and what a server
//! tells of itself is told by a server, never by who called it.

use std::net::IpAddr;

use super::network::Network;
use super::target::Targets;
use super::{Paste, Sight};
use crate::evidence::Origin;
use crate::fact::{Attempt, Claim, Endpoint, Fact, Outcome, State};
use crate::order;
use crate::read::{Block, Reading};
use crate::sketch::{Kind, NodeIx};

/// Where a block comes from: as the person says, as its prompt says, or the only hop there is that could say this.
/// `several`: the prompts of its paste name several hops.
pub(super) fn vantage(
    targets: &Targets,
    origin: &Origin,
    block: &Block,
    several: bool,
    assumed: &mut Vec<String>,
) -> Option<NodeIx> {
    if let Some(vantage) = said(targets, origin, block, several) {
        return Some(vantage);
    }
    // A session among those of several hosts is of one that is not drawn, where nothing drawn is called so.
    if several && block.prompt_host.is_some() {
        return None;
    }
    let (vantage, what) = only_printer(targets, block)?;
    let name = targets.sketch.node(vantage).map(|node| node.name().to_owned()).unwrap_or_default();
    let sentence = format!("{what} is taken to come from {name}.");
    if !assumed.contains(&sentence) {
        assumed.push(sentence);
    }
    Some(vantage)
}

/// Where a block comes from as the person or its prompt says; who brings several hosts' sessions in one paste speaks for none of them.
pub(super) fn said(targets: &Targets, origin: &Origin, block: &Block, several: bool) -> Option<NodeIx> {
    let said = origin.vantage.as_deref().and_then(|id| targets.sketch.find(id));
    let prompted = prompted(targets, block);
    if several { prompted.or(said) } else { said.or(prompted) }
}

/// Whether the prompts of a paste name several hops.
pub(super) fn is_of_several(targets: &Targets, reading: &Reading) -> bool {
    order::set(reading.blocks.iter().filter_map(|block| prompted(targets, block))).len() > 1
}

fn prompted(targets: &Targets, block: &Block) -> Option<NodeIx> {
    block.prompt_host.as_deref().and_then(|host| targets.by_name(host))
}

/// The only drawn hop that can have printed this, and what it was recognized by, in words.
pub(super) fn only_printer(targets: &Targets, block: &Block) -> Option<(NodeIx, &'static str)> {
    // The text is asked first: a drawing may have many more hops than a paste has lines.
    if is_of_a_gate(block)
        && let Some(gate) = only(targets, Kind::only_forwards)
    {
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
        if request.outcome == Outcome::Http404 && attempt.outcome == Outcome::Ok {
            return format!("{}, but with an empty or a welcome page where others get theirs", fact.claim);
        }
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

    /// Whether somebody who is not drawn asked a host for something that it does not have, where those who are to ask it are drawn with
    /// their addresses: strangers try what other sites have, which is no fault and no test of what is there.
    pub(super) fn is_a_strangers_miss(&self, attempt: &Attempt, to: NodeIx) -> bool {
        let missed = attempt.outcome == Outcome::Http404 && attempt.to.name.as_deref() == Some(Endpoint::SELF);
        let stranger =
            attempt.from.address.is_some_and(|ip| !ip.is_loopback() && self.targets.by_address(ip).is_none());
        let sketch = self.targets.sketch;
        let addressed = |caller: NodeIx| {
            sketch.kind(caller) == Kind::Client && sketch.node(caller).is_some_and(|node| !node.ips.is_empty())
        };
        let callers = self.targets.routes.callers(to);
        missed && stranger && !callers.is_empty() && callers.into_iter().all(|(_, caller)| addressed(caller))
    }

    /// Says once what is taken for granted.
    pub(super) fn assume(&mut self, sentence: String) {
        if !self.placed.assumed.contains(&sentence) {
            self.placed.assumed.push(sentence);
        }
    }
}

/// Where a command line goes before it does anything else: `ssh HOST …`, `kubectl exec POD -- …`, `docker exec NAME …`.
pub(super) fn moved_to(targets: &Targets, command: &str) -> Option<NodeIx> {
    let mut words = command.split_whitespace().skip_while(|word| word.contains('=') || *word == "sudo");
    let mut rest = match words.next()? {
        "ssh" => words,
        "kubectl" | "docker" | "podman" | "oc" => {
            words.next().filter(|verb| *verb == "exec")?;
            words
        }
        _ => return None,
    };
    let mut value_follows = false;
    let host = rest.find(|word| {
        let is_value = std::mem::take(&mut value_follows);
        // Options that bring a value of their own.
        value_follows =
            matches!(*word, "-n" | "-c" | "-p" | "-i" | "-l" | "-o" | "-J" | "-u" | "--namespace" | "--container");
        !is_value && !word.starts_with('-')
    })?;
    let host = host.rsplit('@').next().unwrap_or(host);
    host.parse()
        .ok()
        .and_then(|ip| targets.by_address(ip))
        .or_else(|| targets.by_name(host))
        .or_else(|| targets.workload(host))
}

/// Whether a text tells of failures as a log does and was the body of an answer.
pub(super) fn is_of_an_answer(block: &Block, command: &str) -> bool {
    let asks = |word: &str| matches!(word.rsplit('/').next(), Some("curl" | "wget" | "http"));
    block.kind == "log" && command.split_whitespace().any(asks)
}

/// Who tells in an answer what failed: of those that the request passed, the only one that calls what failed, or the application behind
/// the proxies.
pub(super) fn answerer(targets: &Targets, block: &Block, command: &str, asker: Option<NodeIx>) -> Option<NodeIx> {
    let routes = targets.routes;
    let named = targets.mentioned(command).into_iter().find(|ix| Some(*ix) != asker);
    let asked = named.or_else(|| routes.only_dependency(asker?))?;
    let failed = block.facts.iter().find_map(|fact| match &fact.claim {
        Claim::Attempt(attempt) => targets.endpoint(&attempt.to, None),
        Claim::Lookup(lookup) => targets.by_host(&lookup.name),
        _ => None,
    });
    if let Some(failed) = failed.filter(|failed| *failed != asked) {
        let passed = |ix: &NodeIx| *ix == asked || routes.shortest(asked, *ix).is_some();
        let mut callers = routes.callers(failed).into_iter().map(|(_, caller)| caller).filter(passed);
        return callers.next().filter(|_| callers.next().is_none());
    }
    let mut teller = asked;
    while targets.sketch.kind(teller).answers_for_others() {
        teller = routes.only_dependency(teller)?;
    }
    Some(teller)
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

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    #[test]
    fn what_an_answer_tells_of_a_failed_call_is_told_by_its_maker() {
        let drawn = "user(client)[10.1.0.9] -> web(proxy)[10.1.0.2]:80 -> shop(service)[10.1.0.5]:8080 -> db(database)[10.1.0.7]:5432";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let command = "curl -s http://10.1.0.2/cart";
        let body =
            "{\"error\":\"connection to server at \\\"10.1.0.7\\\", port 5432 failed: Connection refused\\n\"}\n";
        let evidence = Evidence {
            origin: Origin { vantage: Some("user".to_owned()), command: Some(command.to_owned()), ..Origin::default() },
            reading: read(body, Some(command), None),
        };
        let diagnosis = diagnose(&sketch, &[evidence], &Shelf::shipped().0);
        assert_eq!(diagnosis.elements.first().map(|one| one.element.as_str()), Some("db"));
        let tested = ["db", "shop->db"];
        assert!(tested.iter().all(|one| diagnosis.tested.iter().any(|id| id == one)), "{:?}", diagnosis.tested);
    }
}
