//! Methods that set a unit beside the moments of its group: one loop over the groups, and one way to
//! hold all other units.

use super::Children;
use super::held::Held;
use super::others::{Moments, Others, moments, sufficient};

/// A method that needs of the other units their moments alone.
pub(super) trait ByMoments: Sync {
    /// The value of a unit: of its children (NaN where missing), their shares, the least share that
    /// must be present, and the moments of the children in its group, the unit among them.
    fn value(&self, values: &[f64], shares: &[f64], min_available: f64, moments: &[Moments]) -> f64;
}

/// The values of all units, group by group; NaN for those with too little.
pub(super) fn column<M: ByMoments>(method: &M, children: &Children, out: &mut [f64]) {
    out.fill(f64::NAN);
    let mut values = Vec::new();
    for members in children.groups {
        let members = sufficient(children, members);
        let moments = moments(children, &members);
        for unit in members {
            values.clear();
            values.extend(children.values.iter().map(|column| column[unit]));
            out[unit] = method.value(&values, children.shares, children.min_available, &moments);
        }
    }
}

/// One unit's value, all others held.
pub(super) fn held<'a, M: ByMoments>(method: &'a M, children: &Children) -> Box<dyn Held + 'a> {
    Box::new(Within {
        method,
        others: Others::new(children),
        shares: children.shares.to_vec(),
        min_available: children.min_available,
    })
}

struct Within<'a, M> {
    method: &'a M,
    others: Others,
    shares: Vec<f64>,
    min_available: f64,
}

impl<M: ByMoments> Held for Within<'_, M> {
    fn value(&self, unit: usize, values: &[f64]) -> f64 {
        self.method.value(values, &self.shares, self.min_available, &self.others.with(unit, values))
    }
}
