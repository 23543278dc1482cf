//! How likely chance alone would do it.

/// ln of the probability that of `n` things at least `k` fall where each falls with probability `p`.
///
/// The largest term and those after it, which shrink geometrically; exact enough for "once in ten million".
pub(super) fn ln_at_least(k: u32, n: u32, p: f64) -> f64 {
    if k == 0 || p >= 1.0 {
        return 0.0;
    }
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let term =
        |i: u32| ln_choose(n, i) + f64::from(i) * p.ln() + f64::from(n - i) * (1.0 - p).max(f64::MIN_POSITIVE).ln();
    let terms: Vec<f64> = (k..=n).map(term).collect();
    let highest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (highest + terms.iter().map(|ln| (ln - highest).exp()).sum::<f64>().ln()).min(0.0)
}

/// ln of the number of ways to choose `k` of `n`.
fn ln_choose(n: u32, k: u32) -> f64 {
    (1..=k.min(n - k)).map(|i| (f64::from(n - i + 1) / f64::from(i)).ln()).sum()
}

/// A small probability as people say it: "3.6 %", "once in 10^49".
pub(super) fn spoken(ln: f64) -> String {
    let decades = -ln / std::f64::consts::LN_10;
    match decades {
        d if d < 4.0 => format!("{} %", short(100.0 * ln.exp())),
        d => format!("once in 10^{d:.0}"),
    }
}

/// Two digits that matter.
pub(super) fn short(value: f64) -> String {
    match value.abs() {
        v if v >= 10.0 || v == 0.0 => format!("{value:.0}"),
        v if v >= 0.95 => format!("{value:.1}").trim_end_matches(".0").to_owned(),
        v if v >= 0.095 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_a_coin_is_the_tail_of_a_coin() {
        // Three or more heads of four: 5 of 16.
        assert!((ln_at_least(3, 4, 0.5).exp() - 5.0 / 16.0).abs() < 1e-12);
        // 10^-48.53, reckoned with whole numbers elsewhere.
        assert_eq!(spoken(ln_at_least(38, 40, 40.0 / 900.0)), "once in 10^49");
        assert_eq!(spoken(0.036_f64.ln()), "3.6 %");
    }
}
