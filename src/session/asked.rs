//! The command that was copied from the page last: what is pasted next may be what it printed.

use crate::inquiry::Gist;

/// A copied command and the hop it is to be run on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub command: String,
    /// Id of the hop; empty where it does not matter.
    pub from: String,
}

impl Asked {
    /// Where a paste comes from that looks like its output: under the same command line, or, where none is shown, as this program
    /// prints it. A prompt that names its host says better where that was.
    pub(super) fn place_of(&self, gist: &Gist) -> Option<String> {
        let [only] = gist.blocks.as_slice() else { return None };
        let printed = match &only.command {
            Some(shown) => shown.trim() == self.command.trim(),
            None => self.command.split_whitespace().any(|word| word == only.kind),
        };
        (printed && only.host.is_none() && !self.from.is_empty()).then(|| self.from.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::Mark;
    use crate::read::read;

    #[test]
    fn what_a_copied_command_printed_comes_from_where_it_was_to_be_run() {
        let asked = Asked { command: "ping -c 5 10.20.0.15".to_owned(), from: "fw".to_owned() };
        let place = |text: &str| asked.place_of(&Gist::of(&read(text, None, None), Mark::of(&[text]), text));
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
}
