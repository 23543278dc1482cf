//! How widely the seconds of single requests differ, from the percentiles a monitoring system keeps.

/// Standard deviation from percentiles: `(0.5, seconds), (0.9, seconds) …` in rising order. Needs two of them.
///
/// Between two percentiles values are taken to lie evenly. Below the lowest they reach as far down as the next one lies above it, so that a
/// narrow distribution stays narrow; above the highest nothing is added.
pub fn spread(percentiles: &[(f64, f64)]) -> Option<f64> {
    let [(lowest, low), (_, next), ..] = percentiles else { return None };
    let mut mean = 0.0;
    let mut square = 0.0;
    let mut add = |weight: f64, from: f64, to: f64| {
        mean += weight * (from + to) / 2.0;
        square += weight * (from * from + from * to + to * to) / 3.0;
    };
    add(*lowest, (low - (next - low)).max(0.0), *low);
    for pair in percentiles.windows(2) {
        if let [(below, from), (above, to)] = pair {
            add(above - below, *from, *to);
        }
    }
    let (highest, top) = percentiles.last()?;
    add(1.0 - highest, *top, *top);
    Some((square - mean * mean).max(0.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_spread_evenly_have_the_spread_of_a_uniform_distribution() {
        let even = spread(&[(0.25, 2.5), (0.5, 5.0), (0.75, 7.5), (1.0, 10.0)]).unwrap();
        assert!((even - 10.0 / 12f64.sqrt()).abs() < 1e-9, "{even}");
    }

    #[test]
    fn a_constant_has_no_spread() {
        assert_eq!(spread(&[(0.5, 3.0), (0.99, 3.0)]), Some(0.0));
    }

    #[test]
    fn one_percentile_tells_nothing() {
        assert_eq!(spread(&[(0.5, 3.0)]), None);
    }
}
