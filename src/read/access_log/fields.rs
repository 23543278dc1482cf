//! Fields of an access log by name: `ua="10.0.0.1:80" us=502`, `"upstream_status":"502"`, or the fixed tail of ingress-nginx.

use crate::read::json;
use crate::read::pick::host_port;

/// Names and values in the order of the line.
pub(super) struct Fields<'a> {
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Fields<'a> {
    /// What stands behind `status bytes "referer" "user agent"`.
    pub(super) fn behind_combined(rest: &'a str) -> Fields<'a> {
        let fields = Fields::pairs(rest);
        let fields = if fields.pairs.is_empty() { Fields::ingress(rest).unwrap_or(fields) } else { fields };
        let fields = match took(rest).filter(|_| fields.pairs.is_empty()) {
            Some(took) => Fields { pairs: vec![("rt", took)] },
            None => fields,
        };
        match Fields::quoted_upstream(rest) {
            Some((address, status)) if fields.get(&["ua", "upstream_addr", "upstream"]).is_none() => {
                let named = [("upstream_addr", address), ("upstream_status", status)];
                Fields { pairs: named.into_iter().chain(fields.pairs).collect() }
            }
            _ => fields,
        }
    }

    /// `"10.0.0.7:80, 10.0.0.8:80" "502, 200"`: addresses in quotes, and right behind them as many statuses.
    fn quoted_upstream(rest: &'a str) -> Option<(&'a str, &'a str)> {
        let quoted: Vec<&str> = rest.split('"').skip(1).step_by(2).collect();
        let all = |list: &str, test: fn(&str) -> bool| list.split(", ").all(test);
        let pairs = quoted.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)));
        let address = |text: &str| host_port(text).is_some_and(|to| to.address.is_some());
        let status = |text: &str| text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
        let mut lists = pairs.filter(|(addresses, statuses)| {
            all(addresses, address)
                && all(statuses, status)
                && addresses.matches(", ").count() == statuses.matches(", ").count()
        });
        lists.next()
    }

    /// `… "user agent" length time [upstream name] [] address length time status id` (ingress-nginx, `log-format-upstream`).
    fn ingress(rest: &'a str) -> Option<Fields<'a>> {
        let (_, tail) = rest.rsplit_once('"')?;
        let (numbers, tail) = tail.split_once(" [")?;
        let (_, tail) = tail.split_once("] ")?;
        let tail = tail.strip_prefix('[')?.split_once("] ").map(|(_, tail)| tail)?;
        let mut numbers = numbers.split_whitespace();
        let request_time = numbers.nth(1)?;
        // Tried addresses, lengths, times and statuses are lists of the same length, each with ", " between.
        let count = tail.matches(", ").count() / 4 + 1;
        let mut rest = tail;
        let mut lists = Vec::new();
        for _ in 0..4 {
            let end = list_end(rest, count)?;
            let (list, after) = rest.split_at_checked(end)?;
            lists.push(list.trim());
            rest = after.trim_start();
        }
        let [address, _, time, status] = lists.as_slice() else { return None };
        let pairs =
            vec![("rt", request_time), ("upstream_addr", *address), ("urt", *time), ("upstream_status", *status)];
        Some(Fields { pairs })
    }

    /// Every `key=value` and `key="a value"`.
    pub(super) fn pairs(text: &'a str) -> Fields<'a> {
        let mut pairs = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('=') {
            let key = before.rsplit([' ', '\t', ',', '"']).next().unwrap_or(before);
            let (value, next) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => {
                    let ends = |from: usize| {
                        let rest = after.get(from..).unwrap_or_default();
                        rest.find([' ', '\t']).map_or(after.len(), |end| from + end)
                    };
                    let mut end = ends(0);
                    // "us=502, 504": a list that nobody has quoted.
                    while after.get(..end).is_some_and(|value| value.ends_with(','))
                        && after.get(end + 1..ends(end + 1)).is_some_and(|more| !more.is_empty() && !more.contains('='))
                    {
                        end = ends(end + 1);
                    }
                    after.split_at_checked(end).unwrap_or((after, ""))
                }
            };
            let named = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
            if named {
                pairs.push((key, value));
            }
            rest = next;
        }
        Fields { pairs }
    }

    /// The members of a JSON object, those inside of others too.
    pub(super) fn json(text: &'a str) -> Option<Fields<'a>> {
        (text.starts_with('{') && text.trim_end().ends_with('}')).then(|| Fields { pairs: json::pairs(text) })
    }

    /// The first field that has one of these names.
    pub(super) fn get(&self, names: &[&str]) -> Option<&'a str> {
        let found = self.pairs.iter().find(|(key, _)| names.contains(key)).map(|(_, value)| *value);
        found.filter(|value| !value.is_empty() && *value != "-")
    }

    /// A duration; Heroku and others append `ms` or `s`. A whole number without a unit may count anything, down to nanoseconds.
    pub(super) fn seconds(&self, names: &[&str]) -> Option<f64> {
        let text = self.get(names)?;
        (text.contains('.') || text.ends_with('s')).then(|| seconds(text)).flatten()
    }

    /// The values of a list, one per upstream tried: `"5.000, 0.1"`, `"502 : 200"`. One that was not reached is `-`.
    pub(super) fn list(&self, names: &[&str]) -> Vec<&'a str> {
        let found = self.pairs.iter().find(|(key, _)| names.contains(key));
        found
            .map(|(_, list)| list.split([',', ' ']).filter(|item| !item.is_empty() && *item != ":").collect())
            .unwrap_or_default()
    }
}

/// The duration behind all that is quoted, where it is told by its unit or by nginx's three digits: `200 2.402635s`, `"curl/7.88.1" 0.062`;
/// in front of it by its unit alone: `200 50 3.402517s "curl/7.88.1"`.
pub(super) fn took(rest: &str) -> Option<&str> {
    let number = |text: &str| text.parse::<f64>().is_ok();
    let has_unit = |word: &&str| word.strip_suffix("ms").or_else(|| word.strip_suffix('s')).is_some_and(number);
    let timed = |word: &&str| {
        has_unit(word) || number(word) && word.split_once('.').is_some_and(|(_, digits)| digits.len() == 3)
    };
    let behind = rest.rsplit('"').next()?.split_whitespace().find(timed);
    behind.or_else(|| rest.split('"').next()?.split_whitespace().find(has_unit))
}

pub(super) fn seconds(text: &str) -> Option<f64> {
    if let Some(milliseconds) = text.strip_suffix("ms") {
        return milliseconds.parse::<f64>().ok().map(|milliseconds| milliseconds / 1000.0);
    }
    text.trim_end_matches('s').parse().ok()
}

/// Where a list of `count` items with ", " between them ends.
fn list_end(text: &str, count: usize) -> Option<usize> {
    let mut from = 0;
    for _ in 1..count {
        from += text.get(from..)?.find(", ")? + 2;
    }
    let rest = text.get(from..)?;
    Some(from + rest.find(' ').unwrap_or(rest.len()))
}
