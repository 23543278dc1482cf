//! People paste what has to do with the incident: however large the drawing, the parts that no evidence touches weigh no more
//! together than those it does. Otherwise one 502 in a drawing of thousands would be put down to chance.

use super::Cluster;
use crate::hypotheses::Hypothesis;

/// Lowers the priors of what no evidence touches, all by the same factor, until together they are no greater than the others'.
pub(super) fn focus(hypotheses: &mut [Hypothesis], clusters: &[Cluster]) {
    let mut touched = vec![false; hypotheses.len()];
    for (h, _) in clusters.iter().flat_map(Cluster::rows) {
        if let Some(touched) = touched.get_mut(h) {
            *touched = true;
        }
    }
    let mass = |wanted: bool| -> f64 {
        let all = hypotheses.iter().zip(&touched);
        let wanted = all.filter(|(one, touched)| one.cause.element().is_some() && **touched == wanted);
        wanted.map(|(one, _)| one.ln_prior.exp()).sum()
    };
    let (near, far) = (mass(true), mass(false));
    if near <= 0.0 || far <= near {
        return;
    }
    let lower = (near / far).ln();
    let sum = (1.0 - far + near).ln();
    for (one, touched) in hypotheses.iter_mut().zip(&touched) {
        if one.cause.element().is_some() && !touched {
            one.ln_prior += lower;
        }
        one.ln_prior -= sum;
    }
}
