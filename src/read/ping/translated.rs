//! What `ping` prints in other languages than English: the numbers and signs stay.
//!
//! ```text
//! Ping wird ausgeführt für shop.example [192.0.2.1] mit 32 Bytes Daten:
//!     Pakete: Gesendet = 4, Empfangen = 4, Verloren = 0 (0% Verlust),
//! 5 Pakete übertragen, 4 empfangen, 20% packet loss, time 4006ms
//! ```

use super::{Counts, Trouble, address_in, named};
use crate::fact::Endpoint;

/// `Antwort von 192.168.1.1: Zielnetz nicht erreichbar.`, `… Die Gültigkeitsdauer wurde bei der Übertragung überschritten.`: whatever else stands
/// behind the address of a reply is a router's word that the packet goes no further.
pub(super) fn foreign_complaint(text: &str) -> Option<(Trouble, String)> {
    let (before, said) = text.split_once([':', '：'])?;
    let from = address_in(before)?.to_string();
    let sentence = !said.contains('=') && said.trim_end().ends_with(['.', '。']);
    let outlived = ["TTL", "Gültigkeitsdauer"].iter().any(|word| said.contains(word));
    sentence.then_some((if outlived { Trouble::TimeToLive } else { Trouble::Unreachable }, from))
}

/// The summary of Windows in another language: three numbers behind "=", of which the first is the sum of the others.
pub(super) fn foreign_counts(text: &str) -> Option<Counts> {
    let (label, rest) = text.split_once([':', '：'])?;
    let mut numbers = rest.split("= ").skip(1).map(|part| {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part.get(..end).and_then(|digits| digits.parse::<u32>().ok())
    });
    let (sent, received, lost) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let sums = received.checked_add(lost) == Some(sent) && numbers.next().is_none();
    // The share that is lost may stand on a line of its own.
    let share = text.contains('%') || text.ends_with(|c: char| c.is_ascii_digit());
    (sums && !label.contains('=') && share).then_some(Counts { sent, received })
}

/// iputils' summary in another language: `5 Pakete übertragen, 4 empfangen, 20% packet loss, time 4006ms`.
pub(super) fn translated_counts(text: &str) -> Option<Counts> {
    let mut parts = text.split([',', '，']).map(str::trim);
    let number = |part: &str| part.split_once(' ')?.0.parse::<u32>().ok();
    let (sent, received) = (number(parts.next()?)?, number(parts.next()?)?);
    let lost = parts.find(|part| part.contains('%'))?.split('%').next()?.parse::<f64>().ok()?;
    // The share that is lost has to fit the two numbers, or they mean something else.
    let fits = sent >= received && ((1.0 - f64::from(received) / f64::from(sent.max(1))) * 100.0 - lost).abs() < 1.0;
    fits.then_some(Counts { sent, received })
}

/// `Ping wird ausgeführt für shop.example [192.0.2.1] mit 32 Bytes Daten:`
pub(super) fn foreign_banner(text: &str) -> Option<Endpoint> {
    (text.ends_with([':', '：']) && text.contains(" 32 ") && text.to_lowercase().contains("ping")).then_some(())?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let bracketed =
        words.iter().position(|word| word.starts_with('[') && address_in(word.trim_matches(['[', ']'])).is_some());
    match bracketed {
        Some(at) => Some(named(words.get(at.checked_sub(1)?)?, address_in(words.get(at)?.trim_matches(['[', ']'])))),
        None => words.iter().find_map(|word| word.parse().ok()).map(|address| Endpoint::at(address, None)),
    }
}

#[cfg(test)]
mod tests {
    use crate::read::ping::READER;
    use crate::read::told;

    #[test]
    fn windows_tells_the_same_in_german() {
        let silent = "Ping wird ausgeführt für 10.0.0.99 mit 32 Bytes Daten:\nZeitüberschreitung der Anforderung.\n\
                      Zeitüberschreitung der Anforderung.\n\nPing-Statistik für 10.0.0.99:\n    Pakete: Gesendet = 2, Empfangen = 0, Verloren = 2\n    (100% Verlust),";
        assert_eq!(told(READER, silent), ["ping is silent at 10.0.0.99 (0 of 2 answered)"]);
        let unreachable = "Ping wird ausgeführt für shop.example [192.0.2.9] mit 32 Bytes Daten:\n\
                           Antwort von 192.168.178.20: Zielhost nicht erreichbar.\nAntwort von 192.0.2.9: Bytes=32 Zeit=13ms TTL=57\n\n\
                           Ping-Statistik für 192.0.2.9:\n    Pakete: Gesendet = 2, Empfangen = 2, Verloren = 0\n    (0% Verlust),";
        assert_eq!(told(READER, unreachable), ["ping is lossy at 192.0.2.9 (1 of 2 answered, so said 192.168.178.20)"]);
        let unknown = "Ping-Anforderung konnte Host \"server.local\" nicht finden. Überprüfen Sie den Namen, und versuchen Sie es erneut.";
        assert_eq!(told(READER, unknown), ["the lookup of server.local could not resolve the name"]);
    }
}
