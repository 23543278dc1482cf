//! Reads the `ping` of routers: Cisco's IOS draws a sign for each packet, MikroTik's RouterOS prints a table.
//!
//! ```text
//! Sending 5, 100-byte ICMP Echos to 10.245.179.14, timeout is 2 seconds:
//! Q..U!
//! Success rate is 20 percent (1/5), round-trip min/avg/max = 9/9/9 ms
//!
//!   SEQ HOST                                     SIZE TTL TIME  STATUS
//!     0 10.155.126.252                             56  64 1ms
//!     1 10.155.126.252                                          timeout
//!     sent=2 received=1 packet-loss=50% min-rtt=1ms avg-rtt=1ms max-rtt=1ms
//! ```

use super::{Counts, LARGE, Run, Trouble, named};
use crate::read::Findings;

/// Lines that nothing else prints.
pub(super) fn is_certain(text: &str) -> bool {
    banner(text).is_some() || summary(text.trim()).is_some()
}

/// Whether it is a line of a router's ping; what it says goes into the run.
pub(super) fn line(number: u32, text: &str, run: &mut Run, findings: &mut Findings) -> bool {
    if let Some((size, target)) = banner(text) {
        run.finish(findings);
        *run = Run { target: Some(named(target, None)), large: size >= LARGE, signs: true, ..Run::default() };
    } else if run.signs && signs(text) {
        // A router that answers some packets is not one that turns them back.
        run.replies += count(text, '!');
        let said = [('U', Trouble::Unreachable), ('M', Trouble::TooBig), ('&', Trouble::TimeToLive)];
        if let Some((_, trouble)) = said.into_iter().find(|(sign, _)| text.contains(*sign)) {
            run.trouble.get_or_insert((trouble, "a router on the way".to_owned()));
        }
    } else if let Some((counts, average)) = summary(text) {
        run.counts = Some(counts);
        run.average = average;
    } else if let Some((host, said)) = row(text) {
        match said {
            Said::Answer | Said::Silence => {
                run.replies += u32::from(matches!(said, Said::Answer));
                run.silent += u32::from(matches!(said, Said::Silence));
                if let Some(address) = host {
                    run.resolved_to(address);
                }
            }
            Said::Trouble(trouble) => {
                let from = host.map_or_else(|| super::OWN_HOST.to_owned(), |from| from.to_string());
                run.trouble.get_or_insert((trouble, from));
            }
        }
    } else {
        return ["Type escape sequence to abort.", "Packet sent with ", "SEQ HOST "]
            .iter()
            .any(|own| text.starts_with(own));
    }
    run.at(number);
    true
}

/// Size and target of `Sending 5, 100-byte ICMP Echos to 10.245.179.14, timeout is 2 seconds:`.
fn banner(text: &str) -> Option<(u32, &str)> {
    let (size, rest) = text.strip_prefix("Sending ")?.split_once("-byte ICMP Echos to ")?;
    Some((size.rsplit(' ').next()?.parse().ok()?, rest.split([',', ' ']).next()?))
}

/// One sign for each packet: answered, silent, unreachable, too big, outlived, quenched, unknown.
fn signs(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| "!.UM&Q?".contains(c))
}

fn count(text: &str, sign: char) -> u32 {
    u32::try_from(text.matches(sign).count()).unwrap_or(u32::MAX)
}

/// `Success rate is 20 percent (1/5), round-trip min/avg/max = 9/9/9 ms`, `sent=3 received=0 packet-loss=100%`; with the average in milliseconds.
fn summary(text: &str) -> Option<(Counts, Option<String>)> {
    if let Some((_, rest)) = text.strip_prefix("Success rate is ").and_then(|rest| rest.split_once(" percent (")) {
        let (received, sent) = rest.split(')').next()?.split_once('/')?;
        return Some((
            Counts { sent: sent.parse().ok()?, received: received.parse().ok()? },
            super::average(text.trim_end_matches(" ms")),
        ));
    }
    let value = |name: &str| text.split_whitespace().find_map(|word| word.strip_prefix(name));
    value("packet-loss=")?;
    let counts = Counts { sent: value("sent=")?.parse().ok()?, received: value("received=")?.parse().ok()? };
    Some((counts, value("avg-rtt=").and_then(milliseconds)))
}

/// `21ms`, `491us`, `1ms542us`.
fn milliseconds(text: &str) -> Option<String> {
    let (whole, micro) = text.split_once("ms").unwrap_or(("0", text));
    let micro = if micro.is_empty() { 0 } else { micro.strip_suffix("us")?.parse::<u32>().ok()? };
    let whole: u32 = whole.parse().ok()?;
    Some(if micro == 0 { whole.to_string() } else { format!("{whole}.{micro:03}") })
}

enum Said {
    Answer,
    Silence,
    Trouble(Trouble),
}

/// A row of RouterOS: number, who answered, and what became of the packet.
fn row(text: &str) -> Option<(Option<std::net::IpAddr>, Said)> {
    let (number, rest) = text.split_once(' ')?;
    number.parse::<u32>().ok()?;
    let rest = rest.trim();
    let host = rest.split(' ').next().and_then(|host| host.parse().ok());
    let ends = |words: &str| rest.ends_with(words);
    let said = match () {
        () if ends("timeout") => Said::Silence,
        () if ends("TTL exceeded") => Said::Trouble(Trouble::TimeToLive),
        () if ends("packet too large and cannot be fragmented") => Said::Trouble(Trouble::TooBig),
        () if ends("no route to host") || ends(" unreachable") => Said::Trouble(Trouble::Unreachable),
        () if host.is_some()
            && rest.split_whitespace().count() == 4
            && milliseconds(rest.rsplit(' ').next()?).is_some() =>
        {
            Said::Answer
        }
        () => return None,
    };
    Some((host, said))
}

#[cfg(test)]
mod tests {
    use crate::read::ping::READER;
    use crate::read::told;

    #[test]
    fn a_router_s_signs_are_counted_and_a_size_is_kept() {
        let mixed = "Type escape sequence to abort.\nSending 5, 100-byte ICMP Echos to 10.9.9.9, timeout is 2 seconds:\nQ..U!\n\
                     Success rate is 20 percent (1/5), round-trip min/avg/max = 9/9/9 ms";
        let said = "ping is lossy at 10.9.9.9 (1 of 5 answered, 9 ms on average, so said a router on the way)";
        assert_eq!(told(READER, mixed), [said]);
        let turned_back =
            "Sending 5, 100-byte ICMP Echos to 10.9.9.9, timeout is 2 seconds:\nUUUUU\nSuccess rate is 0 percent (0/5)";
        assert_eq!(
            told(READER, turned_back),
            ["ping is unreachable at 10.9.9.9 (0 of 5 answered, so said a router on the way)"]
        );
        let large = "Sending 4, 1500-byte ICMP Echos to 192.168.0.1, timeout is 2 seconds:\nPacket sent with the DF bit set\n....\n\
                     Success rate is 0 percent (0/4)";
        assert_eq!(told(READER, large), ["ping large is lost at 192.168.0.1 (0 of 4 answered)"]);
    }

    #[test]
    fn a_table_of_answers_is_counted_by_its_summary() {
        let head = "  SEQ HOST                                     SIZE TTL TIME  STATUS\n";
        let table = |rows: &str| told(READER, &format!("{head}{rows}"));
        let rows = "    0 172.16.0.2      56  64 0ms\n    1 172.16.0.2              timeout\n    sent=2 received=1 packet-loss=50% min-rtt=0ms avg-rtt=1ms542us max-rtt=3ms";
        assert_eq!(table(rows), ["ping is lossy at 172.16.0.2 (1 of 2 answered, 1.542 ms on average)"]);
        let rows = "    0                                                         no route to host\n    sent=1 received=0 packet-loss=100%";
        assert_eq!(table(rows), ["ping is unreachable (0 of 1 answered, so said its own host)"]);
    }
}
