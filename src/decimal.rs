//! Floats as text for the page, by way of whole numbers: the standard library's printer of floats weighs 5 kB there.

/// The nearest whole number; what is too large for one is cut off.
#[allow(clippy::cast_possible_truncation, reason = "saturates, and nothing on a screen is that large")]
pub fn whole(number: f64) -> i64 {
    number.round() as i64
}

/// With one digit behind the point: `12.5`.
pub fn tenths(number: f64) -> String {
    let tenths = whole(number * 10.0);
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_is_written_as_people_round_it() {
        assert_eq!([12.34, -0.26, 0.04, -0.04, 7.0, 99.96].map(tenths), ["12.3", "-0.3", "0.0", "0.0", "7.0", "100.0"]);
        assert_eq!([0.4, 0.5, -1.6, 1e30].map(whole), [0, 1, -2, i64::MAX]);
    }
}
