//! What `haproxy -d` prints of each stream: the heads of requests and answers as they pass.
//!
//! ```text
//! 00000007:public.accept(0007)=0012 from [127.0.0.1:47614] ALPN=<none>
//! 00000007:public.clireq[0012:ffffffff]: GET /healthz HTTP/1.1
//! 00000007:be_shop.srvrep[0012:0013]: HTTP/1.1 200 OK
//! 00000007:be_shop.srvcls[0012:0013]
//! ```
//!
//! Source: `debug_hdr` and its neighbors in `src/http_ana.c` of haproxy 2.6.

use crate::fact::{Attempt, Endpoint, Outcome, Stage};

/// One line: who speaks, and what.
pub(super) struct Said<'a> {
    proxy: &'a str,
    step: &'a str,
    rest: &'a str,
}

/// A number of eight hexadecimal digits, a proxy's name and a step.
pub(super) fn parse(text: &str) -> Option<Said<'_>> {
    let (id, rest) = text.split_once(':')?;
    (id.len() == 8 && id.bytes().all(|b| b.is_ascii_hexdigit())).then_some(())?;
    let end = rest.find(['[', '('])?;
    let (place, rest) = rest.split_at_checked(end)?;
    let (proxy, step) = place.rsplit_once('.')?;
    const STEPS: [&str; 9] = ["accept", "clireq", "clihdr", "clicls", "srvrep", "srvhdr", "srvcls", "closed", "cliRst"];
    STEPS.contains(&step).then_some(Said { proxy, step, rest })
}

impl Said<'_> {
    /// The first line of an answer tells what became of the request to that backend.
    pub(super) fn attempt(&self) -> Option<Attempt> {
        let (_, head) = self.rest.split_once(": HTTP/").filter(|_| self.step == "srvrep")?;
        let status: u16 = head.split(' ').nth(1)?.parse().ok().filter(|status| (200..600).contains(status))?;
        let (to, protocol) = (Endpoint::named(self.proxy), Some("http".to_owned()));
        Some(Attempt {
            to,
            protocol,
            status: Some(status),
            ..Attempt::new(Stage::Exchange, Outcome::of_status(status))
        })
    }
}
