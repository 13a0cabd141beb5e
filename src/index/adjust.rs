//! Points beside the tree: bonus, penalty, the bounds of the score and the hold of a veto, each a
//! line of its own.

use chrono::NaiveDate;

use super::IndexError;
use super::pipeline::Plan;
use super::policy::{Adjustment, Effect};

/// Bonus, penalty and vetoes by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    /// Adjustments in force, in the policy's order.
    pub adjustments: Vec<Line>,
    /// Vetoes in force, in the policy's order.
    pub vetoes: Vec<Vetoed>,
    /// Sum of the adjustments.
    pub net: Vec<f64>,
    /// Lowest cap of the vetoes that apply; infinite where none does.
    pub cap: Vec<f64>,
    /// Place of the worst grade that a veto forces, in the policy's order (best first).
    pub forced: Vec<Option<usize>>,
}

/// One adjustment.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub key: String,
    /// Points added (positive) or taken off (negative) by row; 0 where nothing is on record.
    pub points: Vec<f64>,
}

/// One veto.
#[derive(Clone, Debug, PartialEq)]
pub struct Vetoed {
    pub key: String,
    /// Does it apply, by row? Not where nothing is on record.
    pub hit: Vec<bool>,
}

impl Lines {
    /// The lines of a plan, as in force on a day.
    ///
    /// # Errors
    /// A column is not in the table, or a veto's grade not among the policy's.
    pub fn new(plan: &Plan, day: NaiveDate) -> Result<Lines, IndexError> {
        let (policy, rows) = (plan.policy, plan.table.rows());
        let mut out = Lines {
            net: vec![0.0; rows],
            cap: vec![f64::INFINITY; rows],
            forced: vec![None; rows],
            ..Lines::default()
        };
        for (key, rule) in policy.adjustments.iter().filter(|(_, rule)| in_force(rule.effective.as_deref(), day)) {
            let column = column(plan, &format!("score.adjustments.{key}"), rule.column(key))?;
            let points: Vec<f64> = column.iter().map(|value| points(rule, *value)).collect();
            out.net.iter_mut().zip(&points).for_each(|(net, points)| *net += points);
            out.adjustments.push(Line { key: key.clone(), points });
        }
        for (key, rule) in &policy.vetoes {
            let column = column(plan, &format!("score.vetoes.{key}"), &rule.column)?;
            let grade = match &rule.grade {
                None => None,
                Some(grade) => {
                    Some(policy.grades.iter().position(|b| b.grade == *grade).ok_or_else(|| IndexError {
                        key: format!("score.vetoes.{key}.grade"),
                        message: format!("no grade {grade} in score.grades"),
                    })?)
                }
            };
            let hit: Vec<bool> = column.iter().map(|value| *value >= rule.at_least).collect();
            for row in (0..rows).filter(|&row| hit[row]) {
                out.forced[row] = out.forced[row].max(grade);
                out.cap[row] = out.cap[row].min(rule.score_cap.unwrap_or(f64::INFINITY));
            }
            out.vetoes.push(Vetoed { key: key.clone(), hit });
        }
        Ok(out)
    }
}

fn column<'a>(plan: &Plan<'a>, key: &str, column: &str) -> Result<&'a [f64], IndexError> {
    let found = plan.table.numbers.get(column).map(Vec::as_slice);
    found.ok_or_else(|| IndexError {
        key: format!("{key}.column"),
        message: format!("the table has no column of numbers named {column}"),
    })
}

fn in_force(effective: Option<&str>, day: NaiveDate) -> bool {
    effective.is_none_or(|text| text.parse::<NaiveDate>().is_ok_and(|from| from <= day))
}

/// Points of one value: `each` · value, held within 0 and `cap`, with the sign of the effect; 0 where
/// nothing is on record.
pub fn points(rule: &Adjustment, value: f64) -> f64 {
    if value.is_nan() {
        return 0.0;
    }
    let points = (rule.each * value).min(rule.cap).max(0.0);
    match rule.effect {
        Effect::Bonus => points,
        Effect::Penalty => 0.0 - points,
    }
}

/// The score: base and adjustments, held within the bounds, and to a veto's cap. NaN stays NaN.
pub fn finish(base: f64, net: f64, bounds: Option<[f64; 2]>, cap: f64) -> f64 {
    if base.is_nan() {
        return f64::NAN;
    }
    bounded(base + net, bounds).min(cap)
}

/// A score held within the bounds.
pub fn bounded(score: f64, bounds: Option<[f64; 2]>) -> f64 {
    match bounds {
        // Not `clamp`: bounds come from a policy, and must not panic.
        Some([low, high]) => score.min(high).max(low),
        None => score,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_capped_and_signed() {
        let rule = |effect| -> Adjustment {
            toml::from_str(&format!("effect = '{effect}'\neach = 2\ncap = 5")).expect("a rule")
        };
        let of = |effect, value| points(&rule(effect), value);
        assert_eq!(
            [of("bonus", 1.0), of("bonus", 9.0), of("bonus", -1.0), of("bonus", f64::NAN)],
            [2.0, 5.0, 0.0, 0.0]
        );
        assert_eq!([of("penalty", 1.0), of("penalty", 9.0)], [-2.0, -5.0]);
    }

    #[test]
    fn the_cap_of_a_veto_comes_last() {
        let bounds = Some([0.0, 100.0]);
        assert_eq!(finish(98.0, 5.0, bounds, f64::INFINITY), 100.0);
        assert_eq!(finish(98.0, 5.0, bounds, 59.0), 59.0);
        assert_eq!(finish(3.0, -5.0, bounds, 59.0), 0.0);
        assert_eq!(finish(3.0, -5.0, None, f64::INFINITY), -2.0);
        assert!(finish(f64::NAN, 5.0, bounds, 59.0).is_nan());
    }
}
