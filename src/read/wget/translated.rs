//! Puts the lines that GNU's wget prints in German, French and Spanish into its English ones; what they name stands at the same place in all.
//!
//! ```text
//! Auflösen des Hostnamens a.example (a.example)… fehlgeschlagen: Der Name oder der Dienst ist nicht bekannt.
//! Connexion à a.example (a.example)|10.0.0.1|:80… échec : Connexion refusée.
//! Conectando con a.example (a.example)[10.0.0.1]:80... conectado.
//! FEHLER: Das Zertifikat von »a.example« ist abgelaufen.
//! ```

use std::borrow::Cow;

use crate::fact::Outcome;
use crate::read::driver;

/// How such lines begin in German, French and Spanish; of the certificate the first three.
const FOREIGN: [&str; 12] = [
    "FEHLER: ",
    "Erreur : ",
    "ERROR: El ",
    "Auflösen des ",
    "Verbindungsaufbau zu ",
    "HTTP-Anforderung ",
    "Résolution de ",
    "Connexion à ",
    "requête HTTP ",
    "Resolviendo ",
    "Conectando con ",
    "Petición HTTP ",
];

/// The same line in English, or the line as it is.
pub(super) fn english(text: &str) -> Cow<'_, str> {
    let translated = || {
        if FOREIGN.iter().take(3).any(|opening| text.starts_with(opening)) {
            let has = |words: [&str; 3]| words.iter().any(|word| text.contains(word));
            let fault = match () {
                () if has(["abgelaufen", "a expiré", "ha expirado"]) => "has expired",
                () if has(["bekannten Aus", "émetteur connu", "emisor conocido"]) => "hasn't got a known issuer",
                () if has(["nicht vertraut", "pas de confiance", "no es confiable"]) => "is not trusted",
                () => return None,
            };
            return Some(format!("ERROR: The certificate of it {fault}."));
        }
        let (said, rest) = text.split_once('…').or_else(|| text.split_once("..."))?;
        let (said, rest) = (said.trim_end(), rest.trim_start());
        let reason = rest.split_once(": ").map(|(_, reason)| reason);
        let place = said.rsplit(' ').next()?.replace(['[', ']'], "|");
        let host = place.split(['(', ')']).nth(1);
        let port = place.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        match (host, reason) {
            _ if said.contains("HTTP") => Some(format!("HTTP request sent, awaiting response... {rest}")),
            (Some(host), Some(reason)) if !port => {
                let known = driver::unresolved(reason) == Some(Outcome::Nxdomain);
                let reason = if known { "Name or service not known." } else { reason };
                Some(format!("Resolving {host} ({host})... failed: {reason}"))
            }
            _ if !port => None,
            (host, reason) => {
                let host = host.map(|host| format!("{host} ")).unwrap_or_default();
                let connected =
                    ["verbunden.", "connecté.", "conectado."].contains(&rest).then(|| "connected.".to_owned());
                let end = reason.map(|reason| format!("failed: {reason}")).or(connected)?;
                Some(format!("Connecting to {host}{place}... {end}"))
            }
        }
    };
    let foreign = FOREIGN.iter().any(|opening| text.starts_with(opening));
    translated().filter(|_| foreign).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use crate::read::read;

    #[test]
    fn what_another_program_waits_for_is_no_connection_of_wget() {
        for text in [
            "Waiting for postgres:5432...",
            "Starting HTTP server... done",
            "Listening on 0.0.0.0:8080...",
            "Checking redis:6379… ok",
        ] {
            assert_eq!(read(&format!("{text}\n{text}\n"), None, None).facts().count(), 0, "{text}");
        }
    }
}
