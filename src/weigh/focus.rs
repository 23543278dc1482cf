//! People paste what has to do with the incident: however large the drawing, the parts that no evidence touches weigh no more
//! together than those it does. Otherwise one 502 in a drawing of thousands would be put down to chance.

use std::collections::BTreeSet;

use super::Cluster;
use crate::hypotheses::Hypothesis;
use crate::order;

/// Lowers the priors of what no evidence touches, all by the same factor, until together they are no greater than the others'.
pub(super) fn focus(hypotheses: &mut [Hypothesis], clusters: &[Cluster]) {
    let touched: BTreeSet<usize> = order::set(clusters.iter().flat_map(Cluster::rows).map(|(h, _)| h));
    let mass = |wanted: bool| -> f64 {
        let all = hypotheses
            .iter()
            .enumerate()
            .filter(|(h, one)| one.cause.element().is_some() && touched.contains(h) == wanted);
        all.map(|(_, one)| one.ln_prior.exp()).sum()
    };
    let (near, far) = (mass(true), mass(false));
    if near <= 0.0 || far <= near {
        return;
    }
    let lower = (near / far).ln();
    let sum = 1.0 - far + near;
    for (h, one) in hypotheses.iter_mut().enumerate() {
        if one.cause.element().is_some() && !touched.contains(&h) {
            one.ln_prior += lower;
        }
        one.ln_prior -= sum.ln();
    }
}
