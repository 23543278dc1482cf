//! A proxy that nobody drew, asked in the place of a host that is drawn: whoever was told to use it is led astray.
//!
//! ```text
//! * Uses proxy env variable http_proxy == 'http://10.116.9.9:3128'
//! * connect to 10.116.9.9 port 3128 failed: Connection refused
//! ```

use super::Paste;
use crate::fact::{Attempt, Claim, Endpoint, Fact};

impl Paste<'_> {
    /// The request as one for the host that was asked for, where its sender tried a proxy that is not drawn in the host's place.
    pub(super) fn diverted(&self, attempt: &Attempt) -> Option<Attempt> {
        let host = self.asked_of_proxy.clone()?;
        let address = attempt.to.address.filter(|_| attempt.to.host.is_none())?;
        let sketch = self.targets.sketch;
        let drawn = |ix| sketch.node(ix).is_some_and(|node| node.ips.contains(&address));
        let to = Endpoint { host: Some(host), ..attempt.to.clone() };
        (!sketch.node_indices().any(drawn)).then(|| Attempt { to, ..attempt.clone() })
    }
}

/// `proxy is used at egress:3128`
pub(super) fn is_over_a_proxy(fact: &Fact) -> bool {
    matches!(&fact.claim, Claim::State(state) if state.observable == "proxy" && state.value == "used")
}

/// `proxy is used at egress:3128 (for www.shop.example:443)`
pub(super) fn asked_of_proxy(fact: &Fact) -> Option<String> {
    let Claim::State(state) = &fact.claim else { return None };
    let asked = state.detail.strip_prefix("for ").filter(|_| state.observable == "proxy")?;
    Some(asked.rsplit_once(':').map_or(asked, |(host, _)| host).to_owned())
}
