//! Points rules: how a value becomes points from 0 to 100. Each rule is a small pure function in a
//! file that names its formula and where it comes from; the one table at the end registers it, and
//! with it the policy's schema, the error messages and the documentation know it.
//!
//! A new rule is one file with a struct that implements [`PointsRule`], and one line of the table.

mod categories;
mod distance_to_maximum;
mod distance_to_reference;
mod distance_to_target;
mod each;
mod exponential_rank;
mod goalposts;
mod linear_points;
mod max;
mod min_max;
mod options;
mod percentile;
mod rank;
mod steps;
mod sum;
mod target;
#[cfg(test)]
mod tests;
mod vector;
mod z_score;

pub use categories::Categories;
pub use distance_to_maximum::DistanceToMaximum;
pub use distance_to_reference::{DistanceToReference, Form};
pub use distance_to_target::DistanceToTarget;
pub use each::Each;
pub use exponential_rank::{ExponentialRank, exponential};
pub use goalposts::Goalposts;
pub use linear_points::{Knot, LinearPoints};
pub use max::Max;
pub use min_max::MinMax;
pub use options::{Beyond, Convention, Inverse};
pub use percentile::Percentile;
pub use rank::{Rank, Scale, Ties};
pub use steps::{Step, Steps};
pub use sum::Sum;
pub use target::Target;
pub use vector::Vector;
pub use z_score::ZScore;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::method::Method;

/// Which values are better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Higher is better.
    #[default]
    Higher,
    /// Lower is better.
    Lower,
}

impl Direction {
    /// 1 where higher is better, −1 where lower is.
    pub const fn sign(self) -> f64 {
        match self {
            Direction::Higher => 1.0,
            Direction::Lower => -1.0,
        }
    }
}

/// What a rule sees of one unit and indicator.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// The value, finite.
    pub value: f64,
    /// The unit's own target from the list, where there is one.
    pub target: Option<f64>,
    pub direction: Direction,
    /// What the rule fitted to the units that this one is compared with, see [`PointsRule::fit`].
    pub fitted: &'a [f64],
}

impl Cell<'_> {
    /// How many of the fitted values are worse, and how many equal (its own among them).
    pub fn worse_and_equal(&self) -> (usize, usize) {
        let below = self.fitted.partition_point(|p| *p < self.value);
        let upto = self.fitted.partition_point(|p| *p <= self.value);
        match self.direction {
            Direction::Higher => (below, upto - below),
            Direction::Lower => (self.fitted.len() - upto, upto - below),
        }
    }
}

/// Points of a comparison: the worst gets the floor, the best 100. Where the comparison says nothing
/// (a class of one, or all values equal) the place is the middle, 1 of 2.
fn spread(floor: f64, part: f64, whole: f64) -> f64 {
    floor + (100.0 - floor) * part / whole
}

fn check_floor(floor: f64) -> Result<(), String> {
    if (0.0..100.0).contains(&floor) { Ok(()) } else { Err("`floor` must be at least 0 and below 100".into()) }
}

/// A points rule.
pub trait PointsRule {
    const METHOD: Method;
    /// Are the values of other units needed?
    const COMPARES: bool = false;

    /// Do the points lie within 0 and 100, whatever the value? A county's grades need that.
    fn bounded(&self) -> bool {
        true
    }

    /// What is wrong with the parameters.
    ///
    /// # Errors
    /// One sentence that names the parameter.
    fn check(&self, _direction: Direction) -> Result<(), String> {
        Ok(())
    }

    /// The unit whose value is the reference, for a rule that has one.
    fn reference(&self) -> Option<&str> {
        None
    }

    /// What must be kept of the values it is compared with (finite, ascending), so that another
    /// year or another table can be judged alike: nothing for a rule that does not compare, and
    /// the values themselves unless the rule needs less.
    fn fit(&self, peers: &[f64], _direction: Direction) -> Vec<f64> {
        if Self::COMPARES { peers.to_vec() } else { Vec::new() }
    }

    /// The same for a rule that has a [`PointsRule::reference`], whose value is given.
    fn fit_to(&self, peers: &[f64], direction: Direction, _reference: Option<f64>) -> Vec<f64> {
        self.fit(peers, direction)
    }

    /// Points, 0 to 100 where the rule is [`PointsRule::bounded`]; `None` where the value cannot be
    /// judged (no target set).
    fn points(&self, cell: &Cell) -> Option<f64>;
}

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident),* $(,)?) => {
        /// How a value becomes points.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum Rule {
            $($(#[$doc])* $rule($rule)),*
        }

        /// Every points rule, in the order of the documentation.
        pub const METHODS: &[Method] = &[$(<$rule as PointsRule>::METHOD),*];

        impl Rule {
            /// The rule's entry in the table of methods.
            pub const fn method(&self) -> Method {
                match self { $(Rule::$rule(_) => <$rule as PointsRule>::METHOD),* }
            }

            /// Are the values of other units needed?
            pub const fn compares(&self) -> bool {
                match self { $(Rule::$rule(_) => <$rule as PointsRule>::COMPARES),* }
            }

            /// Do the points lie within 0 and 100, whatever the value?
            pub fn bounded(&self) -> bool {
                match self { $(Rule::$rule(rule) => rule.bounded()),* }
            }

            /// The unit whose value is the reference, for a rule that has one.
            pub fn reference(&self) -> Option<&str> {
                match self { $(Rule::$rule(rule) => rule.reference()),* }
            }

            /// What is wrong with the parameters.
            ///
            /// # Errors
            /// One sentence that names the parameter.
            pub fn check(&self, direction: Direction) -> Result<(), String> {
                match self { $(Rule::$rule(rule) => rule.check(direction)),* }
            }

            /// What must be kept of the values that units are compared with (finite, ascending).
            pub fn fit(&self, peers: &[f64], direction: Direction) -> Vec<f64> {
                match self { $(Rule::$rule(rule) => rule.fit(peers, direction)),* }
            }

            /// The same, for a rule that has a [`Rule::reference`], whose value is given.
            pub fn fit_to(&self, peers: &[f64], direction: Direction, reference: Option<f64>) -> Vec<f64> {
                match self { $(Rule::$rule(rule) => rule.fit_to(peers, direction, reference)),* }
            }

            /// Points, 0 to 100 where the rule is [`Rule::bounded`]; `None` where the value cannot be
            /// judged.
            pub fn points(&self, cell: &Cell) -> Option<f64> {
                match self { $(Rule::$rule(rule) => rule.points(cell)),* }.filter(|p| p.is_finite())
            }
        }
    };
}

rules! {
    /// Linear between two goalposts, capped.
    Goalposts,
    /// Attainment of a target, capped at 100.
    Target,
    /// Steps.
    Steps,
    /// So many points on or off for each one.
    Each,
    /// Rank within the class.
    Rank,
    /// Share of the class that is surpassed.
    Percentile,
    /// Distance between the worst and the best of the class.
    MinMax,
    /// Standard deviations from the mean of the class.
    ZScore,
    /// How near the best of the class is.
    DistanceToMaximum,
    /// Distance to a unit of the table, or to a given value.
    DistanceToReference,
    /// How much of the way from the worst of the class to a target is made.
    DistanceToTarget,
    /// Points of a polyline.
    LinearPoints,
    /// Categories to points.
    Categories,
    /// Exponential transformation of ranks.
    ExponentialRank,
    /// Percent of the greatest value of the class.
    Max,
    /// Percent of the sum over the class.
    Sum,
    /// Percent of the length of the class's vector of values.
    Vector,
}

impl Rule {
    /// The categories, for a rule whose column holds texts.
    pub fn categories(&self) -> Option<&Categories> {
        if let Rule::Categories(categories) = self { Some(categories) } else { None }
    }
}
