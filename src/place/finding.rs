//! Places what was reckoned from several facts: states as any other, comparisons at the elements they speak of.

use super::{Observation, Paste, Sampled, Sight};
use crate::diagnosis::Seen;
use crate::fact::{Claim, Fact, State};
use crate::reckon::{Finding, Party, Says};
use crate::sketch::{Element, Kind, NodeIx};

impl Paste<'_> {
    pub(super) fn finding(&mut self, finding: &Finding) {
        match &finding.says {
            Says::State(state) => {
                let fact = fact(finding, state);
                self.state(&fact, state);
            }
            Says::OfJobs(state) => {
                let jobs = self.jobs().map(Element::Node).collect();
                self.push_state(finding, state, jobs);
            }
            Says::OfJob(program, state) => {
                let job = self.job(program).or(self.vantage);
                self.push_state(finding, state, job.map(Element::Node).into_iter().collect());
            }
            Says::Blame { begins, not, says } => {
                let begins = self.party(begins);
                let apart = |element: &Element| !begins.contains(element);
                let not = not.iter().flat_map(|(party, why)| {
                    self.party(party).into_iter().filter(apart).map(move |element| (element, why.clone()))
                });
                let sight = Sight::Blame { not: not.collect(), begins: begins.clone() };
                let seen = Seen { evidence: self.evidence, lines: finding.lines };
                self.placed.observations.push(Observation {
                    sight,
                    count: 1,
                    seen,
                    says: says.clone(),
                    sampled: Sampled::Whole,
                    at: None,
                });
            }
        }
    }

    fn push_state(&mut self, finding: &Finding, state: &State, at: Vec<Element>) {
        let sight = Sight::State { observable: state.observable.clone(), value: state.value.clone(), at };
        self.push(&fact(finding, state), 1, sight);
    }

    fn jobs(&self) -> impl Iterator<Item = NodeIx> + use<'_> {
        let sketch = self.targets.sketch;
        sketch.node_indices().filter(move |ix| sketch.kind(*ix) == Kind::Job)
    }

    /// The job that a program is: by name, or the host whose schedule it stands in.
    fn job(&self, program: &str) -> Option<NodeIx> {
        let file = program.rsplit('/').next().unwrap_or(program);
        let stem = file.split('.').next().unwrap_or(file).to_ascii_lowercase();
        let called = |ix: &NodeIx| {
            self.targets.sketch.node(*ix).is_some_and(|node| {
                let names = [node.id.to_ascii_lowercase(), node.label.to_ascii_lowercase()];
                names.iter().any(|name| !name.is_empty() && (name.contains(&stem) || stem.contains(name.as_str())))
            })
        };
        self.jobs().find(called)
    }

    fn party(&self, party: &Party) -> Vec<Element> {
        let node = |name: &str| self.targets.by_name(name);
        let (sketch, routes) = (self.targets.sketch, self.targets.routes);
        let callees = |ix: NodeIx| routes.dependencies(ix);
        match party {
            Party::Named(name) => node(name).map(Element::Node).into_iter().collect(),
            Party::PoolOf(service) => {
                let Some(service) = node(service) else { return Vec::new() };
                let mut pools = callees(service).into_iter().map(|(_, callee)| callee);
                vec![Element::Node(pools.find(|callee| sketch.kind(*callee) == Kind::Pool).unwrap_or(service))]
            }
            Party::CalleeOf(service, peer) => {
                let named = node(peer);
                let stores = || {
                    let mut near: Vec<NodeIx> = node(service).into_iter().flat_map(callees).map(|(_, to)| to).collect();
                    let behind: Vec<NodeIx> = near.iter().flat_map(|ix| callees(*ix)).map(|(_, to)| to).collect();
                    near.extend(behind);
                    let mut stores = near.into_iter().filter(|ix| super::state::is_store(sketch.kind(*ix)));
                    stores.next().filter(|first| stores.all(|other| other == *first))
                };
                named.or_else(stores).map(Element::Node).into_iter().collect()
            }
            Party::BehindBalancer(balancer) => {
                let Some(balancer) = node(balancer) else { return Vec::new() };
                callees(balancer).into_iter().map(|(edge, _)| Element::Edge(edge)).collect()
            }
            Party::InFrontOf(balancer) => {
                let Some(balancer) = node(balancer) else { return Vec::new() };
                let callers = routes.callers(balancer).into_iter();
                callers.flat_map(|(edge, caller)| [Element::Edge(edge), Element::Node(caller)]).collect()
            }
        }
    }
}

fn fact(finding: &Finding, state: &State) -> Fact {
    Fact { lines: finding.lines, at: None, numbers: Default::default(), claim: Claim::State(state.clone()) }
}
