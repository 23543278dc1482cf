//! Networks as tools write them, `10.44.2.0/24`, and which addresses are inside.

use std::net::IpAddr;

/// A network, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    base: IpAddr,
    /// So many bits are the same for all addresses inside.
    pub length: u32,
}

impl Network {
    /// Reads `10.44.2.0/24` and `10.44.2.7`.
    pub(super) fn parse(text: &str) -> Option<Network> {
        let (base, length) = text.trim().split_once('/').unwrap_or((text.trim(), ""));
        let base: IpAddr = base.parse().ok()?;
        let all = if base.is_ipv4() { 32 } else { 128 };
        let length = if length.is_empty() { all } else { length.parse().ok()? };
        (length <= all).then_some(Network { base, length })
    }

    pub(super) fn of(address: IpAddr) -> Network {
        Network { base: address, length: if address.is_ipv4() { 32 } else { 128 } }
    }

    /// All addresses of the kind that `default` stands for in a table of routes.
    pub(super) fn everything() -> Network {
        Network { base: IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), length: 0 }
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        let inside = |base: u128, address: u128, all: u32| {
            let host = all - self.length;
            host >= all || (base >> host) == (address >> host)
        };
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => inside(base.to_bits().into(), address.to_bits().into(), 32),
            (IpAddr::V6(base), IpAddr::V6(address)) => inside(base.to_bits(), address.to_bits(), 128),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses_and_no_others() {
        let holds = |network: &str, address: &str| {
            Network::parse(network).is_some_and(|network| network.contains(address.parse().unwrap()))
        };
        assert!(holds("10.44.2.0/24", "10.44.2.10"));
        assert!(!holds("10.44.2.0/24", "10.44.3.10"));
        assert!(holds("0.0.0.0/0", "10.44.3.10"));
        assert!(holds("2001:db8::/32", "2001:db8::7"));
        assert!(!holds("2001:db8::/32", "10.44.3.10"));
        assert!(!holds("10.44.2.0/33", "10.44.2.1"));
    }
}
