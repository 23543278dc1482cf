//! Tells which request of a loop a row belongs to, by the values that the loop gives to its variables.
//!
//! ```text
//! $ for h in north south; do for i in 1 2; do curl -s -o /dev/null -w "$h %{http_code}\n" http://$h.example/levels/$i; done; done
//! north 200
//! north 200
//! south 200
//! south 200
//! ```

use super::format::{Field, Row};
use crate::read::CommandLine;
use crate::read::request::Request;

/// The values of a round by the names of their variables.
pub(super) type Round<'a> = Vec<(&'a str, &'a str)>;

/// The values of the loops' variables for each row, where the rows fit the values that the loops list: `for h in a b; do for n in 1 2; do …`.
pub(super) fn rounds(command: &CommandLine, rows: usize) -> Vec<Round<'_>> {
    let words: Vec<&str> = command.words().collect();
    let mut rounds: Vec<Round> = Vec::new();
    for (at, _) in words.iter().enumerate().filter(|(_, word)| **word == "in") {
        let Some(variable) = at.checked_sub(1).and_then(|before| words.get(before)) else { continue };
        let values: Vec<&str> = words.iter().skip(at + 1).take_while(|word| **word != "do").copied().collect();
        let listed = !values.is_empty() && values.iter().all(|value| !value.contains(['$', '`', '(', ')']));
        if !listed || rounds.len() * values.len() > rows {
            // Nobody sees what it went through: the loops inside of it repeat.
            rounds.clear();
            continue;
        }
        let outer = if rounds.is_empty() { vec![Round::new()] } else { std::mem::take(&mut rounds) };
        for round in &outer {
            rounds.extend(values.iter().map(|value| [&round[..], &[(*variable, *value)]].concat()));
        }
    }
    if rounds.is_empty() || !rows.is_multiple_of(rounds.len()) {
        return Vec::new();
    }
    rounds.into_iter().cycle().take(rows).collect()
}

/// The request with the values of its round, or else with the word that its row shows of it.
pub(super) fn in_its_round(request: &Request, row: &Row, round: Option<Round>) -> Request {
    match (round, row.text(Field::Label)) {
        (Some(round), _) => {
            round.iter().fold(request.clone(), |request, (name, value)| request.in_round(Some(name), value))
        }
        (None, Some(label)) => request.in_round(None, label),
        (None, None) => request.clone(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_loop_over_words_asks_for_another_thing_each_time_and_a_loop_over_numbers_for_one_kind() {
        let paths = |values: &str| -> Vec<String> {
            let text = format!(
                "$ for p in {values}; do curl -s -o /dev/null -w '%{{http_code}} %{{time_total}}\\n' http://10.0.0.2/$p; done\n200 0.01\n200 3.11\n"
            );
            let read = crate::read::read(&text, None, None);
            let path = |fact: &crate::fact::Fact| match &fact.claim {
                crate::fact::Claim::Attempt(attempt) => attempt.path.clone(),
                _ => None,
            };
            read.facts().filter_map(path).collect()
        };
        assert_eq!(paths("about recipes/ipa"), ["/about", "/recipes/ipa"]);
        assert_eq!(paths("1 2"), ["/$p", "/$p"]);
    }

    #[test]
    fn a_loop_in_a_loop_gives_each_row_the_values_of_both() {
        let command = "$ for h in north south; do for i in 1 2; do curl -s -o /dev/null -w \"$h %{http_code} connect=%{time_connect}\\n\" \
                       http://$h.hydro.example/levels/$i; done; done\n";
        let rows = "north 200 connect=0.53\nnorth 200 connect=0.51\nsouth 200 connect=0.01\nsouth 200 connect=0.01\n";
        let read = crate::read::read(&format!("{command}{rows}"), None, None);
        let told: Vec<String> = read.facts().map(|fact| fact.claim.to_string()).collect();
        let worked = |name: &str| format!("the request to {name}.hydro.example:80 worked");
        assert_eq!(told, ["north", "north", "south", "south"].map(worked));
    }
}
