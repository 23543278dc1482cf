//! The sentences in which a system says why a connection failed: strerror(3) of glibc 2.36 in four languages, musl and macOS.

use crate::fact::Outcome;

/// What a sentence means for a connection that was being made.
pub(super) fn of_reason(reason: &str) -> Option<Outcome> {
    Some(match reason.trim() {
        "Connection refused" => Outcome::Refused,
        "Connection timed out" | "Operation timed out" | "Timed out" => Outcome::ConnectTimeout,
        "No route to host" | "Host is unreachable" | "Permission denied" => Outcome::Unreachable,
        "Network is unreachable" => Outcome::NoLocalRoute,
        "Cannot assign requested address" | "Can't assign requested address" => Outcome::NoLocalPort,
        "Connection reset by peer" => Outcome::Refused,
        "Verbindungsaufbau abgelehnt" | "Connexion refusée" | "Conexión rehusada" => Outcome::Refused,
        "Die Wartezeit für die Verbindung ist abgelaufen"
        | "Connexion terminée par expiration du délai d'attente"
        | "Expiró el tiempo de conexión" => Outcome::ConnectTimeout,
        "Keine Route zum Zielrechner"
        | "Aucun chemin d'accès pour atteindre l'hôte cible"
        | "No existe ninguna ruta hasta el `host'" => Outcome::Unreachable,
        "Das Netzwerk ist nicht erreichbar" | "Le réseau n'est pas accessible" | "La red es inaccesible" => {
            Outcome::NoLocalRoute
        }
        _ => return None,
    })
}
