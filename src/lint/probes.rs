//! Commands: each can be filled in and quoted, changes nothing it does not own up to, and reads what exists.

use super::document::Document;
use super::modes::{list, unknown_observable};
use crate::command::{Slot, bare_placeholders, changes, nests_quotes, slots_of, unknown_slots};
use crate::diagnosis::Risk;
use crate::fact::Outcome;
use crate::runbook::{Asks, Probe, Setting, Shelf};

/// A command that takes longer belongs into the note.
const LONGEST_MINUTES: f64 = 120.0;

pub(super) fn check(document: &mut Document, shelf: &Shelf) {
    for (position, probe) in document.runbook.probes.clone().iter().enumerate() {
        let path = format!("/probes/{position}");
        command(document, probe, &probe.command, &format!("{path}/command"));
        for (setting, variant) in &probe.variants {
            let path = format!("{path}/variants/{}", setting.word());
            command(document, probe, variant, &path);
            if *setting == Setting::PowerShell {
                powershell(document, variant, &path);
            }
        }
        answers(document, probe, &path, shelf);
        if !(probe.minutes > 0.0 && probe.minutes <= LONGEST_MINUTES) {
            let says = format!("{} minutes cannot be: write what a person needs, above 0 and up to 120", probe.minutes);
            document.error(&format!("{path}/minutes"), says);
        }
        if probe.question.trim().is_empty() {
            let says = format!("{} does not say what it finds out: write a question", probe.id);
            document.error(&format!("{path}/question"), says);
        }
        if probe.at.is_empty() {
            let says =
                format!("{} is pointed at nothing: say in \"at\" at which kind of node, edge or address", probe.id);
            document.error(&format!("{path}/at"), says);
        }
    }
}

fn command(document: &mut Document, probe: &Probe, template: &str, path: &str) {
    let id = &probe.id;
    if template.trim().is_empty() {
        document.error(path, format!("{id} has no command: write the line a person pastes into a terminal"));
    }
    for word in unknown_slots(template) {
        let known: Vec<String> = Slot::ALL.iter().map(|slot| format!("{{{}}}", slot.word())).collect();
        document.error(path, format!("no slot is called {{{word}}}: write {}", list(known)));
    }
    for placeholder in bare_placeholders(template) {
        let says = format!(
            "a shell would read {placeholder} as something else than a gap to fill: write a slot, as {{host}}, whose value is quoted"
        );
        document.error(path, says);
    }
    if nests_quotes(template) {
        // A path or a URL may hold what a shell acts on.
        for slot in free(template) {
            let says = format!(
                "{{{}}} cannot be quoted in a command with $(…), backticks or a here-document: write the command without them",
                slot.word()
            );
            document.error(path, says);
        }
    }
    if probe.risk != Risk::Mutate
        && let Some(found) = changes(template)
    {
        let says = format!(
            "the command changes something (`{found}`) but says it does not: write a command that only reads, or \"risk\": \"mutate\""
        );
        document.error(path, says);
    }
}

/// Values are quoted for a POSIX shell; PowerShell reads those quotes otherwise.
fn powershell(document: &mut Document, template: &str, path: &str) {
    for slot in free(template) {
        let says = format!(
            "{{{}}} cannot be quoted for PowerShell: write the command with {{host}}, {{address}} and {{port}}, which need no quotes",
            slot.word()
        );
        document.error(path, says);
    }
}

/// The slots of a command whose values may hold what a shell acts on.
fn free(template: &str) -> impl Iterator<Item = Slot> {
    slots_of(template).into_iter().filter(|slot| matches!(slot, Slot::Path | Slot::Url))
}

fn answers(document: &mut Document, probe: &Probe, path: &str, shelf: &Shelf) {
    match &probe.asks {
        Asks::Request(_) => {
            for word in probe.reads.keys().filter(|word| Outcome::from_word(word).is_none()) {
                let known = Outcome::ALL.iter().map(|outcome| outcome.word());
                let says = format!("no request ends as \"{word}\": write {}", list(known));
                document.error(&format!("{path}/reads/{word}"), says);
            }
        }
        // Which numbers there are is known to the calculation that lacks them, and every one is answered by a number.
        Asks::Number(_) => {}
        Asks::Observable(name) => match shelf.observable(name) {
            None => document.error(&format!("{path}/asks/observable"), unknown_observable(name, shelf)),
            Some(known) => {
                for value in probe.reads.keys().filter(|value| !known.normally.contains_key(*value)) {
                    let says = format!("{name} is never {value}: write {}", list(known.normally.keys()));
                    document.error(&format!("{path}/reads/{value}"), says);
                }
            }
        },
    }
}
