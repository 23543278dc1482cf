//! False names for hosts, addresses and e-mail addresses, the same everywhere in a case, so that strangers can follow a case
//! without learning whose it is.
//!
//! ```text
//! * Connected to api.shop.internal (10.20.1.15) port 443        before
//! * Connected to host-1.example (192.0.2.1) port 443            after
//! ```
//!
//! Addresses come from the ranges for documentation: RFC 5737 (private ones from 192.0.2.0/24, public ones from the other two),
//! RFC 3849 for IPv6. What means the same everywhere stays: loopback, unspecified, link-local, multicast.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Last labels by which a dotted word is known for a host name; `com.example.Main` and `nginx.conf` are none.
const SUFFIXES: &[&str] = &[
    "app", "arpa", "biz", "cloud", "cluster", "co", "com", "consul", "corp", "de", "dev", "edu", "eu", "example", "fr",
    "gov", "home", "info", "int", "internal", "intra", "invalid", "lan", "local", "mil", "net", "nl", "org", "private",
    "prod", "staging", "svc", "test", "uk", "us",
];

/// Domains that tell nothing about whose case it is.
const COMMON: &[&str] = &["localhost", "in-addr.arpa", "ip6.arpa"];

/// The false names of one case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pseudonyms {
    hosts: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
    addresses: BTreeMap<IpAddr, IpAddr>,
    private: u32,
    public: u32,
    sixth: u32,
}

impl Pseudonyms {
    /// Pseudonyms that also know these names, as a drawing has them: a host name without a usual ending is found only so.
    pub fn knowing<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Pseudonyms {
        let mut names = Pseudonyms::default();
        for host in hosts {
            names.host(&host.to_ascii_lowercase());
        }
        names
    }

    /// The text with false names. Lines stay where they are.
    pub fn apply(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_name) {
            let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
            let (word, after) =
                from.split_at_checked(from.find(|c| !is_name(c)).unwrap_or(from.len())).unwrap_or((from, ""));
            out.push_str(before);
            out.push_str(&self.word(word));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn word(&mut self, word: &str) -> String {
        let name = word.trim_end_matches(['.', ':', '-']);
        let end = word.get(name.len()..).unwrap_or_default();
        if let Some((person, domain)) = name.split_once('@')
            && !person.is_empty()
            && self.is_host(domain)
        {
            return self.person(name) + end;
        }
        if let Ok(address) = name.parse::<Ipv6Addr>() {
            return self.address(IpAddr::V6(address)).to_string() + end;
        }
        let parts: Vec<String> = name.split(':').map(|part| self.part(part)).collect();
        parts.join(":") + end
    }

    /// A word without a port: a host name, or an IPv4 address, behind which tcpdump writes the port as one more number.
    fn part(&mut self, part: &str) -> String {
        let fourth = part.match_indices('.').nth(3).map_or(part.len(), |(at, _)| at);
        if let Some((four, port)) = part.split_at_checked(fourth)
            && let Ok(address) = four.parse::<Ipv4Addr>()
            && port.trim_start_matches('.').bytes().all(|byte| byte.is_ascii_digit())
        {
            return self.address(IpAddr::V4(address)).to_string() + port;
        }
        let host = part.trim_start_matches(['.', '-']);
        let before = part.get(..part.len() - host.len()).unwrap_or_default();
        if self.is_host(host) { format!("{before}{}", self.host(&host.to_ascii_lowercase())) } else { part.to_owned() }
    }

    fn is_host(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let last = name.rsplit('.').next().unwrap_or_default();
        let is_common = COMMON.iter().any(|common| name == *common || name.ends_with(&format!(".{common}")));
        let labels = name.split('.').all(|label| !label.is_empty() && !label.starts_with('-'));
        !is_common && (self.hosts.contains_key(&name) || labels && name.contains('.') && SUFFIXES.contains(&last))
    }

    fn host(&mut self, name: &str) -> String {
        let next = self.hosts.len() + 1;
        self.hosts.entry(name.to_owned()).or_insert_with(|| format!("host-{next}.example")).clone()
    }

    fn person(&mut self, address: &str) -> String {
        let next = self.people.len() + 1;
        self.people.entry(address.to_ascii_lowercase()).or_insert_with(|| format!("person-{next}@example.com")).clone()
    }

    fn address(&mut self, address: IpAddr) -> IpAddr {
        if means_the_same_everywhere(address) {
            return address;
        }
        if let Some(known) = self.addresses.get(&address) {
            return *known;
        }
        let other = match address {
            IpAddr::V6(_) => {
                self.sixth += 1;
                IpAddr::V6(Ipv6Addr::from(0x2001_0db8_u128 << 96 | u128::from(self.sixth)))
            }
            IpAddr::V4(v4) if v4.is_private() => {
                self.private += 1;
                documentation(self.private, &[[192, 0, 2]])
            }
            IpAddr::V4(_) => {
                self.public += 1;
                documentation(self.public, &[[198, 51, 100], [203, 0, 113]])
            }
        };
        self.addresses.insert(address, other);
        other
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '@' | '-' | '_' | '+')
}

fn means_the_same_everywhere(address: IpAddr) -> bool {
    let special = match address {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast() || v4.octets().first() == Some(&255),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    special || address.is_loopback() || address.is_unspecified() || address.is_multicast()
}

/// The address of a number in these ranges of 254; after them in the range for benchmarks (RFC 2544), which has 131,000.
fn documentation(number: u32, ranges: &[[u8; 3]]) -> IpAddr {
    let at = number - 1;
    let last = (at % 254 + 1) as u8;
    IpAddr::V4(match ranges.get(at as usize / 254) {
        Some([a, b, c]) => Ipv4Addr::new(*a, *b, *c, last),
        None => Ipv4Addr::from(u32::from(Ipv4Addr::new(198, 18, 0, 0)) | number & 0x1_ffff),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_is_the_same_everywhere() {
        let mut names = Pseudonyms::knowing(["orders-db"]);
        let text = "* Connected to api.shop.internal (10.20.1.15) port 443\nAPI.shop.internal.\t60 IN A 10.20.1.15\n10.20.1.15:8080 85.10.9.7 orders-db:5432 https://api.shop.internal/v1";
        assert_eq!(
            names.apply(text),
            "* Connected to host-2.example (192.0.2.1) port 443\nhost-2.example.\t60 IN A 192.0.2.1\n192.0.2.1:8080 198.51.100.1 host-1.example:5432 https://host-2.example/v1"
        );
        assert_eq!(
            names.apply("IP 10.20.1.15.51234 > 2a00:1450::1: mail ana@shop.com"),
            "IP 192.0.2.1.51234 > 2001:db8::1: mail person-1@example.com"
        );
    }

    #[test]
    fn what_names_nobody_stays() {
        let text = "127.0.0.1:80 0.0.0.0:* [::1]:443 fe80::1 169.254.169.254 255.255.255.0 localhost nginx/1.22.1 nginx.conf com.example.Main 14:03:07.123 v1.2.3 52:54:00:12:34:56 <redacted:cookie len=4 fp=00ff>";
        assert_eq!(Pseudonyms::default().apply(text), text);
    }

    #[test]
    fn more_addresses_than_the_ranges_hold_stay_apart() {
        let mut names = Pseudonyms::default();
        let others: std::collections::BTreeSet<IpAddr> =
            (0..2_000u32).map(|n| names.address(IpAddr::V4(Ipv4Addr::from(0x0a00_0100 + n)))).collect();
        assert_eq!(others.len(), 2_000);
    }
}
