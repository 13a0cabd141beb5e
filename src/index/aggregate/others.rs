//! Moments of columns, of all units of a group and of all but one: what methods that compare need to
//! hold the other units.

use super::Children;

/// Count, mean, spread, squares and extremes of some values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moments {
    pub count: f64,
    pub mean: f64,
    /// Sum of squared deviations from the mean.
    pub deviations: f64,
    /// Sum of squares.
    pub squares: f64,
    pub least: f64,
    pub greatest: f64,
}

impl Moments {
    pub const NONE: Moments = Moments {
        count: 0.0,
        mean: 0.0,
        deviations: 0.0,
        squares: 0.0,
        least: f64::INFINITY,
        greatest: f64::NEG_INFINITY,
    };

    /// Of one value; of none, if it is missing.
    pub fn of(x: f64) -> Moments {
        if x.is_nan() {
            return Moments::NONE;
        }
        Moments { count: 1.0, mean: x, deviations: 0.0, squares: x * x, least: x, greatest: x }
    }

    /// Of the values of both (Chan, Golub & LeVeque, *Updating formulae and a pairwise algorithm for
    /// computing sample variances*, 1979).
    pub fn with(self, other: Moments) -> Moments {
        let count = self.count + other.count;
        if self.count == 0.0 {
            return other;
        } else if other.count == 0.0 {
            return self;
        }
        let gap = other.mean - self.mean;
        Moments {
            count,
            mean: self.mean + gap * (other.count / count),
            deviations: self.deviations + other.deviations + gap * gap * (self.count * other.count / count),
            squares: self.squares + other.squares,
            least: self.least.min(other.least),
            greatest: self.greatest.max(other.greatest),
        }
    }

    /// Standard deviation of the population; 0 where all values are equal.
    pub fn deviation(&self) -> f64 {
        if self.count == 0.0 || self.least == self.greatest {
            return 0.0;
        }
        libm::sqrt(self.deviations / self.count)
    }
}

/// Moments by child of the units that have a value, of each group.
pub(super) struct Others {
    /// Place of each unit: its group, and where in that it is.
    places: Vec<(u32, u32)>,
    /// By group and child: moments of the units before each place, and from it on. Both have one
    /// entry more than the group has units.
    before: Vec<Vec<Vec<Moments>>>,
    from: Vec<Vec<Vec<Moments>>>,
}

impl Others {
    /// Units that have too little to have a value count for nobody.
    pub fn new(children: &Children) -> Others {
        let units = children.values.first().map_or(0, |column| column.len());
        let mut places = vec![(0, 0); units];
        let (mut before, mut from) = (Vec::new(), Vec::new());
        for (group, members) in children.groups.iter().enumerate() {
            let counts: Vec<bool> = members.iter().map(|&unit| children.suffices(unit as usize)).collect();
            for (at, &unit) in members.iter().enumerate() {
                places[unit as usize] = (group as u32, at as u32);
            }
            let single = |column: &[f64], at: usize| {
                if counts[at] { Moments::of(column[members[at] as usize]) } else { Moments::NONE }
            };
            let scans = children.values.iter().map(|column| {
                let mut before = vec![Moments::NONE; members.len() + 1];
                let mut from = before.clone();
                for at in 0..members.len() {
                    before[at + 1] = before[at].with(single(column, at));
                    let back = members.len() - 1 - at;
                    from[back] = single(column, back).with(from[back + 1]);
                }
                (before, from)
            });
            let (b, f): (Vec<_>, Vec<_>) = scans.unzip();
            before.push(b);
            from.push(f);
        }
        Others { places, before, from }
    }

    /// Moments by child if the unit's children were `values`.
    pub fn with(&self, unit: usize, values: &[f64]) -> Vec<Moments> {
        let (group, at) = (self.places[unit].0 as usize, self.places[unit].1 as usize);
        let scans = self.before[group].iter().zip(&self.from[group]);
        scans.zip(values).map(|((before, from), x)| before[at].with(Moments::of(*x)).with(from[at + 1])).collect()
    }
}

/// Moments by child of the units of a group that have a value.
pub(super) fn moments(children: &Children, members: &[usize]) -> Vec<Moments> {
    let of = |column: &&[f64]| members.iter().fold(Moments::NONE, |sum, &unit| sum.with(Moments::of(column[unit])));
    children.values.iter().map(of).collect()
}

/// The units of a group that have enough of their children.
pub(super) fn sufficient(children: &Children, members: &[u32]) -> Vec<usize> {
    members.iter().map(|&unit| unit as usize).filter(|&unit| children.suffices(unit)).collect()
}
