//! Overrides: each is about a failure mode that some runbook describes.

use super::{File, Finding, Severity, position, unopened};
use crate::runbook::{Shelf, Volume};

pub(super) fn check(file: File, shelf: &Shelf) -> Vec<Finding> {
    let opened = match Volume::open(file.json) {
        Ok(Volume::Overrides(opened)) => opened,
        Ok(Volume::Runbook(_)) => return Vec::new(),
        Err(flaw) => return vec![unopened(file, flaw)],
    };
    let unknown = opened.overrides.keys().filter(|id| shelf.mode(id).is_none());
    let finding = |id: &String| {
        let (line, column) = position(file.json, file.json.find(&format!("\"{id}\"")).unwrap_or(0));
        let says = format!("no runbook describes the failure mode {id}: check its spelling");
        Finding { file: file.name.to_owned(), line, column, severity: Severity::Error, says }
    };
    unknown.map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_override_of_nothing_is_told_where_it_stands_and_a_wrong_word_with_the_right_ones() {
        let (shelf, _) = Shelf::shipped();
        let say =
            |json| check(File { name: "here.json", json }, &shelf).first().map(ToString::to_string).unwrap_or_default();
        assert_eq!(
            say("{\"overrides\": {\n  \"adress-dead\": \"disabled\"}}"),
            "here.json:2:3: error: no runbook describes the failure mode adress-dead: check its spelling"
        );
        assert_eq!(say("{\"overrides\": {\"address-dead\": {\"prior\": \"rare\"}}}"), "");
        let wrong = say("{\"overrides\": {\"address-dead\": {\"prior\": \"seldom\"}}}");
        assert!(wrong.contains("here.json:1:") && wrong.contains("common, occasional"), "{wrong}");
        assert!(say("{\"overrides\": {\"address-dead\": \"off\"}}").contains("disabled"));
    }
}
