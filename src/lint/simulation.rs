//! Commands that are never suggested: every test of the shelf is played piece by piece, as an incident would go, and what is
//! suggested finds nothing until nothing is left to suggest.

use std::collections::BTreeSet;

use super::document::Document;
use crate::order;
use crate::rehearsal::suggested;
use crate::runbook::Shelf;

pub(super) fn check(documents: &mut [Document], shelf: &Shelf) {
    if documents.iter().all(|document| document.runbook.probes.is_empty()) {
        return;
    }
    let mut missing: BTreeSet<String> =
        order::set(documents.iter().flat_map(|document| &document.runbook.probes).map(|probe| probe.id.clone()));
    // A command is most often needed by the tests beside it.
    let own = documents.iter().flat_map(|document| &document.runbook.tests);
    for test in own.chain(shelf.runbooks().iter().flat_map(|runbook| &runbook.tests)) {
        if missing.is_empty() {
            return;
        }
        for probe in suggested(test, shelf) {
            missing.remove(&probe);
        }
    }
    for document in documents {
        for (position, probe) in document.runbook.probes.clone().iter().enumerate() {
            if missing.contains(&probe.id) {
                let says = format!(
                    "{} is suggested at no point of any test, even when every other command has found nothing: it tells too little, takes too long, or no test needs it yet",
                    probe.id
                );
                document.warning(&format!("/probes/{position}/id"), says);
            }
        }
    }
}
