//! Compares requests that differ only in the manner in which they were sent: if one manner works, the target is not at fault.
//!
//! ```text
//! gate$ curl --http2-prior-knowledge http://10.12.3.3:50051/quotes     HTTP/2 200
//! gate$ curl --http1.1 http://10.12.3.3:50051/quotes                   curl: (52) Empty reply from server
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::{Aim, Observation, Request, Sight, Tls};
use crate::fact::{Claim, Outcome};
use crate::order;
use crate::read::{Block, CommandLine};
use crate::sketch::{Kind, NodeIx, Sketch};

/// Options that change what a server is asked, not where or how long.
const CHANGING: &[&str] = &[
    "--http",
    "--tls",
    "--cert",
    "--haproxy-protocol",
    "--compressed",
    "--digest",
    "--ntlm",
    "--negotiate",
    "--anyauth",
];

/// The requests of one command line, in order.
pub(super) struct Round<'a> {
    command: &'a str,
    /// The requests one by one, where the command line shows as many as were answered.
    each: Vec<&'a str>,
    next: usize,
}

impl<'a> Round<'a> {
    pub(super) fn of(block: &'a Block) -> Round<'a> {
        let command = block.command.as_deref().unwrap_or_default();
        let attempts = block.facts.iter().filter(|fact| matches!(fact.claim, Claim::Attempt(_))).count();
        let each: Vec<&str> = command.split([';', '\n']).filter(|part| part.contains("curl ")).collect();
        Round { command, each: if each.len() == attempts { each } else { Vec::new() }, next: 0 }
    }

    /// The manner of the next request.
    pub(super) fn next(&mut self) -> String {
        let command = self.each.get(self.next).copied().unwrap_or(self.command);
        self.next += 1;
        if !command.contains("curl ") {
            return String::new();
        }
        let command = CommandLine::parse(command);
        let mut options: BTreeSet<&str> = order::set(command.options("-H", "--header"));
        options.extend(command.words().filter(|word| CHANGING.iter().any(|start| word.starts_with(start))));
        options.into_iter().collect::<Vec<_>>().join(" ")
    }
}

/// Where others show a certificate and are let in, it is its sender's own doing that shows none.
fn compare_certificates(observations: &mut [Observation]) {
    let served: Vec<(NodeIx, Option<NodeIx>)> = observations
        .iter()
        .filter_map(Observation::request)
        .filter(|one| one.tls == Tls::WithCertificate && one.outcome == Outcome::Ok)
        .map(|one| (one.to, one.from))
        .collect();
    for observation in observations {
        if let Sight::Request(request) = &mut observation.sight
            && request.outcome == Outcome::TlsClientCertificate
            && served.iter().any(|(to, from)| *to == request.to && *from != request.from)
        {
            request.aim = Aim::Astray;
        }
    }
}

/// Requests of a proxy that fail in its own manner, or in one tried by hand, while another manner works, are its own doing.
pub(super) fn compare(observations: &mut [Observation], sketch: &Sketch) {
    compare_certificates(observations);
    let mut alike: BTreeMap<_, BTreeMap<String, Vec<(usize, bool)>>> = BTreeMap::new();
    for (position, observation) in observations.iter().enumerate() {
        let Sight::Request(request) = &observation.sight else { continue };
        let Some(from) = request.from.filter(|from| forwards_requests(sketch.kind(*from))) else { continue };
        let like = (from, request.to, request.address, request.port, request.subject.clone());
        let works = matches!(request.outcome, Outcome::Ok);
        alike.entry(like).or_default().entry(request.manner.clone()).or_default().push((position, works));
    }
    for manners in alike.values() {
        let works = |all: &[(usize, bool)]| all.iter().all(|(_, works)| *works);
        // A plain request that works where the proxy fails may just have been luckier.
        let Some(working) = manners.iter().find(|(manner, all)| !manner.is_empty() && works(all)) else { continue };
        for (position, worked) in manners.iter().filter(|(manner, _)| *manner != working.0).flat_map(|(_, all)| all) {
            if let Some(Observation { sight: Sight::Request(request), .. }) = observations.get_mut(*position)
                && !worked
                && is_answer_to_a_manner(request)
            {
                request.aim = Aim::Astray;
            }
        }
    }
}

fn forwards_requests(kind: Kind) -> bool {
    matches!(kind, Kind::LoadBalancer | Kind::Proxy | Kind::Gateway)
}

/// Whether a server may say so to a request that it does not understand or does not want in this manner.
fn is_answer_to_a_manner(request: &Request) -> bool {
    let outcome = request.outcome;
    matches!(outcome, Outcome::EmptyReply | Outcome::Garbled | Outcome::Reset | Outcome::RedirectLoop)
        || outcome.is_client_error()
}
