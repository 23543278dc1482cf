//! Finds when a line of a log was written, whatever program wrote it.
//!
//! ```text
//! 2026-11-21T01:52:46.123+00:00 web-2 kernel: …            2026/11/21 01:52:45 [error] 24992#24992: …
//! 10.0.0.9 - - [21/Nov/2026:01:52:45 +0000] "GET / HTTP/1.1" 502 157      Nov 21 01:52:46 ilb-1 haproxy[25219]: …
//! 28-Nov-2026 12:03:24.755 INFO [Thread-1] …
//! 12:15:07.104 [cleanup] DELETE FROM posts WHERE expires_at < now();
//! 1795968207.589      0 10.222.7.19 TCP_MISS/503 3573 GET http://mirror.example/ - HIER_DIRECT/10.222.90.7 text/html
//! ```
//!
//! A time without a zone is taken for UTC, one without a year for 1970, one without a date for the first day of it: what is
//! compared are distances between times of one log, and the time of day.

/// A time stands within so many bytes of the beginning of its line; further on it belongs to what the line tells.
const NEAR: usize = 120;

pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Milliseconds since 1970 of the time near the beginning of a line.
pub fn moment(line: &str) -> Option<i64> {
    let head = match line.char_indices().nth(NEAR) {
        Some((end, _)) => line.get(..end).unwrap_or(line),
        None => line,
    };
    if let Some(at) = epoch(head) {
        return Some(at);
    }
    // By hand: most lines hold no time or many, and a regular expression would take ten times as long to say so.
    let clocks = head.match_indices(':').filter_map(|(colon, _)| head.split_at_checked(colon.checked_sub(2)?));
    clocks.filter(|(_, clock)| looks_like(clock, "00:00:00")).find_map(|(before, clock)| {
        let number = |at: usize| clock.get(at..at + 2).and_then(|digits| digits.parse::<i64>().ok());
        let seconds = number(0)? * 3_600 + number(3)? * 60 + number(6)?;
        let rest = clock.get(8..)?;
        let fraction = rest.strip_prefix(['.', ',']).map_or("", leading_digits);
        let rest = if fraction.is_empty() { rest } else { rest.get(1 + fraction.len()..)? };
        Some((date(before)? * 86_400 + seconds - zone(rest)) * 1_000 + thousandths(fraction))
    })
}

/// Milliseconds of the seconds since 1970, with a fraction, that begin a line: Squid, redis-cli's MONITOR, `tcpdump -tt`.
fn epoch(head: &str) -> Option<i64> {
    let (seconds, rest) = head.split_once('.').filter(|_| looks_like(head, "0000000000.000"))?;
    let fraction = leading_digits(rest);
    let ends = rest.get(fraction.len()..)?.starts_with(' ');
    seconds.parse::<i64>().ok().filter(|_| ends).map(|seconds| seconds * 1_000 + thousandths(fraction))
}

/// Days since 1970 of the date that ends a text, or of none where a clock may stand by itself.
fn date(before: &str) -> Option<i64> {
    let tail = |shape: &str| {
        let at = before.len().checked_sub(shape.len())?;
        before.split_at_checked(at).filter(|(_, tail)| looks_like(tail, shape))
    };
    let number = |text: &str, at: usize, length: usize| text.get(at..at + length)?.parse::<i64>().ok();
    if let Some((_, date)) = tail("0000-00-00T").or_else(|| tail("0000-00-00 ")).or_else(|| tail("0000/00/00 ")) {
        return Some(days(number(date, 0, 4)?, number(date, 5, 2)?, number(date, 8, 2)?));
    }
    let in_words = tail("00/Aaa/0000:").filter(|(front, _)| !front.ends_with(|c: char| c.is_ascii_alphanumeric()));
    if let Some((_, date)) = in_words.or_else(|| tail("00-Aaa-0000 ").filter(|(front, _)| front.is_empty())) {
        return Some(days(number(date, 7, 4)?, month(date.get(3..6)?)?, number(date, 0, 2)?));
    }
    if matches!(before, "" | "[") {
        return Some(0);
    }
    let bare = before.strip_prefix('<').and_then(|rest| rest.split_once('>')).map_or(before, |(_, bare)| bare);
    let (name, day) = bare.strip_suffix(' ')?.split_once(' ')?;
    Some(days(1970, month(name)?, day.trim_start().parse().ok().filter(|day| (0..100).contains(day))?))
}

/// Whether a text begins like a pattern, in which 0 stands for any digit, A for any capital and a for any small letter.
fn looks_like(text: &str, pattern: &str) -> bool {
    let fits = |(seen, wanted): (u8, u8)| match wanted {
        b'0' => seen.is_ascii_digit(),
        b'A' => seen.is_ascii_uppercase(),
        b'a' => seen.is_ascii_lowercase(),
        _ => seen == wanted,
    };
    text.len() >= pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

fn leading_digits(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default()
}

/// The number of a month, from 1.
pub fn month(name: &str) -> Option<i64> {
    let position = MONTHS.iter().position(|month| *month == name)?;
    i64::try_from(position + 1).ok()
}

/// Milliseconds of `123456`.
fn thousandths(digits: &str) -> i64 {
    format!("{digits:0<3}").get(..3).and_then(|three| three.parse().ok()).unwrap_or(0)
}

/// Seconds east of Greenwich of `+01:00`, ` -0530`, `Z`.
fn zone(text: &str) -> i64 {
    let text = text.strip_prefix(' ').unwrap_or(text);
    if !["+0000", "+00:00", "-0000", "-00:00"].iter().any(|shape| looks_like(text, shape)) {
        return 0;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).take(4).collect();
    let minutes = digits.parse::<i64>().map_or(0, |number| number / 100 * 60 + number % 100);
    if text.starts_with('-') { -60 * minutes } else { 60 * minutes }
}

const DAY: i64 = 86_400_000;

/// Milliseconds from one moment to another, negative where it is earlier. Where one of them lacks more of its date than the
/// other, both are taken for times of one day; nothing where that leaves open which of them is earlier.
pub fn between(earlier: i64, later: i64) -> Option<i64> {
    // The time of day alone, the day of a year, or both with the year.
    let known = |at: i64| (at >= DAY, at >= 366 * DAY);
    if known(earlier) == known(later) {
        return Some(later - earlier);
    }
    let apart = later.rem_euclid(DAY) - earlier.rem_euclid(DAY);
    (apart.abs() < DAY / 2).then_some(apart)
}

/// The time of day of a moment: `09:07:12`.
pub fn clock(at: i64) -> String {
    let seconds = at.rem_euclid(DAY) / 1_000;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// Days since 1970 in the proleptic Gregorian calendar, counted from March so that the leap day comes last.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
        - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_way_to_write_a_time_is_the_same_moment() {
        let lines = [
            "2026-11-21T01:52:46Z web-2 kernel: Out of memory",
            "2026-11-21T02:52:46.000+01:00 x",
            "2026/11/21 01:52:46 [error] 24992#24992: *1 x",
            "21-Nov-2026 01:52:46.000 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [1146] milliseconds",
            "10.0.0.9 - - [21/Nov/2026:01:52:46 +0000] \"GET / HTTP/1.1\" 502 157",
            "[2026-11-21 01:52:46 +0000] [811] [CRITICAL] WORKER TIMEOUT (pid:812)",
            "1795225966.000      0 10.0.0.9 TCP_MISS/200 9399 GET http://mirror.example/ - HIER_DIRECT/10.0.0.7 text/html",
        ];
        for line in lines {
            assert_eq!(moment(line), Some(1_795_225_966_000), "{line}");
        }
    }

    #[test]
    fn a_time_without_a_date_is_of_the_day_of_the_other() {
        let dated = moment("2026-11-21T01:52:46Z x").unwrap();
        assert_eq!(between(moment("01:52:40 x").unwrap(), dated), Some(6_000));
        assert_eq!(between(dated, moment("Nov 21 01:52:45 x y[1]: z").unwrap()), Some(-1_000));
        assert_eq!(between(moment("23:59:59 x").unwrap(), dated), None);
        assert_eq!(clock(dated), "01:52:46");
    }

    #[test]
    fn what_a_time_leaves_out_is_taken_for_the_first() {
        assert_eq!(moment("12:15:07.104 [cleanup] DELETE FROM posts"), Some(44_107_104));
        assert_eq!(moment("Jan  2 00:00:01 ilb-1 haproxy[25219]: x"), Some(86_401_000));
        assert_eq!(moment("* TLSv1.2 (OUT), at 12:15:07"), None);
        assert_eq!(moment("nothing"), None);
    }
}
