//! One address that curl tries to reach, and how far it has come.

use crate::fact::Endpoint;

/// An address that curl tries to reach.
pub(super) struct Trying {
    pub to: Endpoint,
    pub first: u32,
    pub last: u32,
    pub connected: bool,
    pub client_hello: bool,
    pub secured: bool,
    pub sent: bool,
    pub seconds: Option<f64>,
}

impl Trying {
    pub(super) fn new(to: Endpoint, number: u32) -> Trying {
        Trying {
            to,
            first: number,
            last: number,
            connected: false,
            client_hello: false,
            secured: false,
            sent: false,
            seconds: None,
        }
    }
}
