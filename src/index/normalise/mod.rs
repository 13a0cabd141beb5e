//! Points rules: how a value becomes points from 0 to 100. Each rule is a small pure function in a
//! file that names its formula and where it comes from; the one table at the end registers it, and
//! with it the policy's schema, the error messages and the documentation know it.
//!
//! A new rule is one file with a struct that implements [`PointsRule`], and one line of the table.

mod each;
mod goalposts;
mod min_max;
mod percentile;
mod rank;
mod steps;
mod target;

pub use each::Each;
pub use goalposts::Goalposts;
pub use min_max::MinMax;
pub use percentile::Percentile;
pub use rank::Rank;
pub use steps::{Step, Steps};
pub use target::Target;

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

    /// What is wrong with the parameters.
    ///
    /// # Errors
    /// One sentence that names the parameter.
    fn check(&self, _direction: Direction) -> Result<(), String> {
        Ok(())
    }

    /// What must be kept of the values it is compared with (finite, ascending), so that another
    /// year or another table can be judged alike: nothing for a rule that does not compare, and
    /// the values themselves unless the rule needs less.
    fn fit(&self, peers: &[f64], _direction: Direction) -> Vec<f64> {
        if Self::COMPARES { peers.to_vec() } else { Vec::new() }
    }

    /// Points, 0 to 100 unless the method's entry says otherwise; `None` where the value cannot be
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

            /// Points, 0 to 100; `None` where the value cannot be judged.
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        toml::from_str(text).expect("a rule")
    }

    fn points(text: &str, direction: Direction, value: f64, peers: &[f64]) -> Option<f64> {
        let rule = rule(text);
        rule.points(&Cell { value, target: None, direction, fitted: &rule.fit(peers, direction) })
    }

    /// By hand, one line per case.
    #[test]
    fn rules_give_the_points_a_county_would() {
        use Direction::{Higher, Lower};
        let four = [10.0, 20.0, 20.0, 60.0];
        let steps = "type='steps'\nsteps=[{at=5,points=60},{at=20,points=100}]\notherwise=30";
        let fewer = "type='steps'\nsteps=[{at=0,points=100},{at=2,points=60}]";
        let off = "type='each'\nbase=100\npoints=-2";
        for (text, direction, value, peers, wanted) in [
            ("type='goalposts'\nlow=60\nhigh=100", Higher, 70.0, &four[..], Some(25.0)),
            ("type='goalposts'\nlow=60\nhigh=100", Higher, 30.0, &four, Some(0.0)),
            ("type='goalposts'\nlow=60\nhigh=100", Higher, 130.0, &four, Some(100.0)),
            ("type='goalposts'\nlow=0\nhigh=5", Lower, 1.0, &four, Some(80.0)),
            ("type='target'\nvalue=20", Higher, 15.0, &four, Some(75.0)),
            ("type='target'\nvalue=20", Higher, 25.0, &four, Some(100.0)),
            ("type='target'\nvalue=20", Higher, -3.0, &four, Some(0.0)),
            ("type='target'\nvalue=20", Lower, 25.0, &four, Some(80.0)),
            ("type='target'\nvalue=20", Lower, 0.0, &four, Some(100.0)),
            ("type='target'\nvalue=0", Lower, 1.0, &four, Some(0.0)),
            ("type='target'\nlist=true", Higher, 25.0, &four, None),
            (steps, Higher, 4.99, &four, Some(30.0)),
            (steps, Higher, 5.0, &four, Some(60.0)),
            (steps, Higher, 100.0, &four, Some(100.0)),
            (fewer, Lower, 0.0, &four, Some(100.0)),
            (fewer, Lower, 1.0, &four, Some(60.0)),
            (fewer, Lower, 3.0, &four, Some(0.0)),
            (off, Lower, 3.0, &four, Some(94.0)),
            (off, Lower, 80.0, &four, Some(0.0)),
            ("type='each'\nbase=100\npoints=-10\nfree=2\nfloor=40", Lower, 5.0, &four, Some(70.0)),
            ("type='each'\nbase=100\npoints=-10\nfree=2\nfloor=40", Lower, 50.0, &four, Some(40.0)),
            ("type='each'\nbase=60\npoints=20", Higher, 1.0, &four, Some(80.0)),
            ("type='each'\nbase=60\npoints=20", Higher, 9.0, &four, Some(100.0)),
            // Ranks 4, 2.5, 2.5, 1 of four: (4 − r) / 3.
            ("type='rank'", Higher, 20.0, &four, Some(50.0)),
            ("type='rank'", Higher, 60.0, &four, Some(100.0)),
            ("type='rank'", Lower, 60.0, &four, Some(0.0)),
            ("type='rank'", Higher, 7.0, &[7.0], Some(50.0)),
            ("type='rank'", Higher, 7.0, &[7.0, 7.0], Some(50.0)),
            // (worse + equal / 2) / 4.
            ("type='percentile'", Higher, 20.0, &four, Some(50.0)),
            ("type='percentile'", Higher, 60.0, &four, Some(87.5)),
            ("type='percentile'", Lower, 10.0, &four, Some(87.5)),
            ("type='percentile'", Higher, 7.0, &[7.0], Some(50.0)),
            ("type='min_max'\nfloor=60", Higher, 20.0, &four, Some(68.0)),
            ("type='min_max'", Higher, 20.0, &four, Some(20.0)),
            ("type='min_max'", Lower, 20.0, &four, Some(80.0)),
            ("type='min_max'", Higher, 7.0, &[7.0, 7.0], Some(50.0)),
        ] {
            let found = points(text, direction, value, peers);
            assert_eq!(found.map(|p| crate::kernel::round::to(p, 9)), wanted, "{text} {direction:?} {value}");
        }
    }

    #[test]
    fn a_target_of_the_list_goes_before_the_common_one() {
        let rule = rule("type='target'\nlist=true\nvalue=20");
        let cell = Cell { value: 20.0, target: Some(40.0), direction: Direction::Higher, fitted: &[] };
        assert_eq!(rule.points(&cell), Some(50.0));
        assert_eq!(rule.points(&Cell { target: None, ..cell }), Some(100.0));
    }

    #[test]
    fn parameters_that_contradict_themselves_are_named() {
        use Direction::{Higher, Lower};
        for (text, direction, word) in [
            ("type='goalposts'\nlow=5\nhigh=5", Higher, "high"),
            ("type='goalposts'\nlow=nan\nhigh=5", Higher, "low"),
            ("type='target'", Higher, "value"),
            ("type='target'\nvalue=-1", Higher, "value"),
            ("type='target'\nvalue=0", Higher, "value"),
            ("type='steps'\nsteps=[]", Higher, "steps"),
            ("type='steps'\nsteps=[{at=1,points=9},{at=1,points=10}]", Higher, "steps"),
            ("type='steps'\nsteps=[{at=1,points=9},{at=2,points=8}]", Higher, "steps"),
            ("type='steps'\nsteps=[{at=1,points=90},{at=2,points=180}]", Higher, "points"),
            ("type='each'\nbase=100\npoints=-2", Higher, "direction"),
            ("type='each'\nbase=0\npoints=2", Lower, "direction"),
            ("type='each'\nbase=0\npoints=0", Higher, "points"),
            ("type='rank'\nfloor=100", Higher, "floor"),
            ("type='each'\nbase=0\npoints=2\nfloor=60\nceiling=50", Higher, "ceiling"),
        ] {
            let message = rule(text).check(direction).expect_err(text);
            assert!(message.contains(word), "{text}: {message}");
        }
        assert!(toml::from_str::<Rule>("type='goalpost'\nlow=1\nhigh=2").is_err());
        assert!(toml::from_str::<Rule>("type='rank'\nlow=1").is_err());
    }

    #[test]
    fn every_method_of_the_table_is_a_word_of_the_policy() {
        for method in METHODS {
            let text = format!("type='{}'", method.name);
            if let Err(error) = toml::from_str::<Rule>(&text) {
                assert!(error.message().contains("missing field"), "{}: {error}", method.name);
            }
            assert!(!method.formula.is_empty() && !method.source.is_empty());
        }
    }
}
