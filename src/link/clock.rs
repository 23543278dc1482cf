//! Times as numbers: `2026-11-21T01:52:07Z` takes twenty characters, the seconds since the time before it two or three.

use crate::moment::days;

/// Seconds since 1970 of a time in exactly this form, in UTC.
pub(super) fn seconds(time: &str) -> Option<i64> {
    let (date, clock) = time.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = parts(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = parts(clock, ':', [2, 2, 2])?;
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    // Anything the calendar does not have comes back as another time, and is kept as text.
    (self::time(seconds).as_deref() == Some(time)).then_some(seconds)
}

/// The time of a number of seconds since 1970.
pub(super) fn time(seconds: i64) -> Option<String> {
    let (days, clock) = (seconds.div_euclid(86_400) + 719_468, seconds.rem_euclid(86_400));
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = year_of_era + era * 400 + carry;
    let (hour, minute, second) = (clock / 3_600, clock / 60 % 60, clock % 60);
    (0..10_000).contains(&year).then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

fn parts(text: &str, separator: char, widths: [usize; 3]) -> Option<[i64; 3]> {
    let mut numbers = [0; 3];
    let mut parts = text.split(separator);
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back_as_they_were() {
        for time in ["1970-01-01T00:00:00Z", "2026-11-21T01:52:07Z", "2024-02-29T23:59:59Z", "2000-12-31T00:00:00Z"] {
            assert_eq!(seconds(time).and_then(super::time).as_deref(), Some(time));
        }
        assert_eq!(seconds("1970-01-02T00:00:01Z"), Some(86_401));
        for other in ["2026-02-30T00:00:00Z", "2026-11-21", "2026-11-21T01:52:07+01:00", "2026-11-21T24:00:00Z", "x"] {
            assert_eq!(seconds(other), None, "{other}");
        }
    }
}
