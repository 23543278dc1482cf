//! What a person can say about a hop, field by field, as text in a form and back.

use std::net::IpAddr;

use super::draw::as_id;
use crate::sketch::Node;

/// A field of the form of a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Name,
    Addresses,
    Hosts,
    Ports,
    Team,
    Zone,
    More,
}

/// The attribute that has a field of its own.
const ZONE: &str = "zone";

impl Field {
    pub const ALL: [Field; 7] =
        [Field::Name, Field::Addresses, Field::Hosts, Field::Ports, Field::Team, Field::Zone, Field::More];

    pub fn label(self) -> &'static str {
        match self {
            Field::Name => "Name",
            Field::Addresses => "Addresses",
            Field::Hosts => "Host names",
            Field::Ports => "Ports",
            Field::Team => "Team",
            Field::Zone => "Zone",
            Field::More => "More",
        }
    }

    /// What may stand in the field.
    pub fn example(self) -> &'static str {
        match self {
            Field::Name => "checkout",
            Field::Addresses => "203.0.113.10, 203.0.113.20",
            Field::Hosts => "api.example.com",
            Field::Ports => "443, 8443",
            Field::Team => "platform",
            Field::Zone => "eu-west-1a",
            Field::More => "scheme: internal; idle_timeout: 60",
        }
    }

    /// The field's text for this hop.
    pub fn read(self, node: &Node) -> String {
        match self {
            Field::Name => node.name().to_owned(),
            Field::Addresses => joined(&node.ips),
            Field::Hosts => joined(&node.hosts),
            Field::Ports => joined(&node.ports),
            Field::Team => node.team.clone(),
            Field::Zone => node.attr(ZONE).unwrap_or_default(),
            Field::More => {
                let others = node.attrs.keys().filter(|name| *name != ZONE);
                let pairs = others.filter_map(|name| Some(format!("{name}: {}", node.attr(name)?)));
                pairs.collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// The hop with this text in the field.
    ///
    /// # Errors
    /// What cannot be understood, and how it is written.
    pub fn write(self, node: &Node, text: &str) -> Result<Node, String> {
        let mut node = node.clone();
        let text = text.trim();
        let items = || text.split([',', ' ']).map(str::trim).filter(|item| !item.is_empty());
        match self {
            Field::Name if text.is_empty() => return Err("A hop needs a name.".to_owned()),
            // A hop that is called by its id keeps being called so; the outline then shows the new name too.
            Field::Name => match as_id(text).filter(|_| node.label.is_empty() || node.label == node.id) {
                Some(id) => {
                    id.clone_into(&mut node.id);
                    node.label.clear();
                }
                None => text.clone_into(&mut node.label),
            },
            Field::Addresses => {
                let address = |item: &str| item.parse::<IpAddr>().map_err(|_| unreadable(item, "an IP address", self));
                node.ips = items().map(address).collect::<Result<_, _>>()?;
            }
            Field::Hosts => node.hosts = items().map(|host| host.trim_end_matches('.').to_owned()).collect(),
            Field::Ports => {
                let port =
                    |item: &str| item.parse::<u16>().map_err(|_| unreadable(item, "a port from 1 to 65535", self));
                node.ports = items().map(port).collect::<Result<_, _>>()?;
            }
            Field::Team => text.clone_into(&mut node.team),
            Field::Zone => {
                node.attrs.remove(ZONE);
                if !text.is_empty() {
                    node.attrs.insert(ZONE.to_owned(), text.into());
                }
            }
            Field::More => {
                node.attrs.retain(|name, _| name == ZONE);
                for pair in text.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
                    let (name, value) =
                        pair.split_once(':').ok_or_else(|| unreadable(pair, "a name and a value", self))?;
                    let (name, value) = (name.trim(), value.trim());
                    let number = serde_json::from_str(value).ok().filter(serde_json::Value::is_number);
                    node.attrs.insert(name.to_owned(), number.unwrap_or_else(|| value.into()));
                }
            }
        }
        Ok(node)
    }
}

fn joined(items: &[impl ToString]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn unreadable(item: &str, what: &str, field: Field) -> String {
    format!("“{item}” is not {what}. Write it like {}.", field.example())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Kind;

    #[test]
    fn every_field_reads_back_the_example_written_into_it() {
        for field in Field::ALL {
            let node = field.write(&Node::new("api", Kind::Service), field.example()).unwrap();
            let mut read: Vec<String> = field.read(&node).split("; ").map(str::to_owned).collect();
            read.sort_unstable();
            let mut written: Vec<String> = field.example().split("; ").map(str::to_owned).collect();
            written.sort_unstable();
            assert_eq!(read, written, "{field:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_way_to_write_one() {
        let error = Field::Addresses.write(&Node::new("api", Kind::Service), "203.0.113.300").unwrap_err();
        assert_eq!(error, "“203.0.113.300” is not an IP address. Write it like 203.0.113.10, 203.0.113.20.");
    }

    #[test]
    fn a_name_the_outline_cannot_carry_becomes_a_label() {
        let node = Field::Name.write(&Node::new("api", Kind::Service), "Ana's API (new)").unwrap();
        assert_eq!((node.id.as_str(), node.label.as_str()), ("api", "Ana's API (new)"));
        let node = Field::Name.write(&Node::new("api", Kind::Service), "orders").unwrap();
        assert_eq!((node.id.as_str(), node.label.as_str()), ("orders", ""));
    }
}
