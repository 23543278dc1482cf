//! The command that was copied from the page last: what is pasted next may be what it printed.

use crate::evidence::Origin;
use crate::inquiry::{Gist, Stretch};

/// A copied command, and whose view it shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    pub command: String,
    /// Id of the hop it looks from; empty where it does not matter.
    pub from: String,
    /// Id of the element it asks about.
    pub about: String,
}

impl Asked {
    /// Where a paste comes from that looks like its output: under the same command line, or, where none is shown, as this program
    /// prints it. A prompt that names its host says better where that was. What looks from nowhere, as what asks an API does, is
    /// seen from nowhere, and is about what it asks about.
    pub(super) fn origin(&self, gist: &Gist) -> Origin {
        let told = |id: &String| (!id.is_empty()).then(|| id.clone());
        match gist.blocks.as_slice() {
            [only] if self.printed(only) && only.host.is_none() => Origin {
                vantage: told(&self.from),
                about: told(&self.about).filter(|_| self.from.is_empty()),
                ..Origin::default()
            },
            _ => Origin::default(),
        }
    }

    fn printed(&self, block: &Stretch) -> bool {
        match &block.command {
            Some(shown) => shown.trim() == self.command.trim(),
            None => self.command.split_whitespace().any(|word| word == block.kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::Mark;
    use crate::read::read;

    fn origin(asked: &Asked, text: &str) -> Origin {
        asked.origin(&Gist::of(&read(text, None, None), Mark::of(&[text]), text))
    }

    #[test]
    fn what_a_copied_command_printed_comes_from_where_it_was_to_be_run() {
        let asked = Asked { command: "ping -c 5 10.20.0.15".to_owned(), from: "fw".to_owned(), about: "db".to_owned() };
        let place = |text: &str| origin(&asked, text).vantage;
        let answer = "PING 10.20.0.15 (10.20.0.15) 56(84) bytes of data.\n64 bytes from 10.20.0.15: icmp_seq=1 ttl=63 time=0.3 ms\n";
        let here = Some("fw".to_owned());
        assert_eq!(place(answer), here);
        assert_eq!(place(&format!("$ ping -c 5 10.20.0.15\n{answer}")), here);
        assert_eq!(place(&format!("$ ping -c 1 10.20.0.15\n{answer}")), None, "another command");
        assert_eq!(place(&format!("root@web-1:~# ping -c 5 10.20.0.15\n{answer}")), None, "another host");
        assert_eq!(
            place("curl: (7) Failed to connect to 10.20.0.15 port 80 after 2 ms: Connection refused\n"),
            None,
            "another program"
        );
    }

    #[test]
    fn what_an_api_says_of_a_hop_is_about_it_and_not_seen_from_it() {
        let command = "aws elb describe-load-balancers --load-balancer-names web".to_owned();
        let asked = Asked { command: command.clone(), from: String::new(), about: "elb".to_owned() };
        let answer = "{\"LoadBalancerDescriptions\": [{\"LoadBalancerName\": \"web\", \"Instances\": []}]}";
        let told = origin(&asked, &format!("$ {command}\n{answer}"));
        assert_eq!((told.vantage, told.about.as_deref()), (None, Some("elb")));
    }
}
