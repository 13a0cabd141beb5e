//! What comes after aggregation in every replication.

use crate::index::Index;
use crate::index::adjust;
use crate::index::pipeline::Plan;

/// What comes after aggregation.
#[derive(Clone, Debug, Default)]
pub(super) struct Ending {
    /// Who is rated, by row.
    pub rated: Vec<bool>,
    /// Sum of adjustments and cap of vetoes, by place; empty where there is nothing to do.
    lines: Vec<(f64, f64)>,
    bounds: Option<[f64; 2]>,
}

impl Ending {
    pub fn new(plan: &Plan, index: &Index, order: &[u32]) -> Ending {
        let (net, cap, bounds) = (&index.lines.net, &index.lines.cap, plan.policy.bounds);
        let idle = bounds.is_none() && net.iter().all(|net| *net == 0.0) && cap.iter().all(|cap| *cap == f64::INFINITY);
        Ending {
            rated: index.score.iter().map(|score| !score.is_nan()).collect(),
            lines: if idle {
                Vec::new()
            } else {
                order.iter().map(|&row| (net[row as usize], cap[row as usize])).collect()
            },
            bounds,
        }
    }

    /// Bases become scores; what is not a number stays so.
    pub fn finish(&self, scores: &mut [f64]) {
        for (score, (net, cap)) in scores.iter_mut().zip(&self.lines) {
            *score = adjust::finish(*score, *net, self.bounds, *cap);
        }
    }
}
