//! Denominators: a value per head, per square kilometre, per yuan of income; and rates on small
//! counts, drawn towards the mean of those they are compared with (empirical Bayes), shown cell by
//! cell.

use serde::{Deserialize, Serialize};

use super::fitted::Fitted;
use super::pipeline::{Matrix, Plan};
use super::policy::Denominator;
use super::recipe::Recipe;

/// Raw values divided by their denominators.
#[derive(Clone, Debug, Default)]
pub struct Denominated {
    /// Values by leaf, then row; those of leaves without a denominator as they were.
    pub values: Matrix,
    /// What was done, by leaf; none for leaves without a denominator.
    pub quotients: Vec<Option<Quotient>>,
}

/// What a division did to one leaf.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quotient {
    /// Rows that have a value whose denominator is missing or 0: the result is missing.
    pub undefined: Vec<u32>,
    /// The shrinkage, where the policy asks for it.
    pub shrinkage: Option<Shrinkage>,
}

/// Rates before and after, by row; all NaN where there is no rate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shrinkage {
    /// count / population · per.
    pub raw: Vec<f64>,
    /// mean + weight · (raw − mean), what goes on into the index.
    pub shrunk: Vec<f64>,
    /// How far the unit's own rate is believed: 0 (the mean stands for it) to 1 (it stands).
    pub weight: Vec<f64>,
    /// Rows that have a negative count or population: no rate.
    pub negative: Vec<u32>,
    /// What was fitted, by group of units compared with one another.
    pub priors: Vec<Prior>,
}

/// Mean and variance of the true rates of a group, by the method of moments of Marshall (1991),
/// Mapping disease and mortality rates using empirical Bayes estimators, Applied Statistics 40(2),
/// 283–294 (global estimator). With counts O and populations n:
///
/// - mean m = ΣO / Σn
/// - variance A = Σ n (O/n − m)² / Σn − m / n̄, n̄ the mean population; 0 where that is negative:
///   the rates differ by no more than chance, and the mean stands for all
/// - weight C = A / (A + m/n), rate m + C (O/n − m)
///
/// One unit alone has variance 0, weight 0 and its own rate as the mean: its rate stays. Where all
/// counts are 0, so are mean, variance and weight. Without a fitted unit there is no rate at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// Per one of the population; NaN-free: 0 where no unit was fitted.
    pub mean: f64,
    pub variance: f64,
    /// Units that it was fitted on.
    pub units: u32,
}

impl Prior {
    /// Fits counts and populations: pairs, the population positive, the count not negative.
    pub fn fit(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> Prior {
        let (mut counts, mut people, mut units) = (0.0, 0.0, 0);
        for (count, population) in pairs.clone() {
            counts += count;
            people += population;
            units += 1;
        }
        if units == 0 {
            return Prior { mean: 0.0, variance: 0.0, units };
        }
        let mean = counts / people;
        let spread = pairs.fold(0.0, |sum, (count, population)| {
            let distance = count / population - mean;
            sum + population * (distance * distance)
        });
        let variance = spread / people - mean * f64::from(units) / people;
        Prior { mean, variance: if variance > 0.0 { variance } else { 0.0 }, units }
    }

    /// How far a rate on this population is believed, 0 to 1.
    pub fn weight(&self, population: f64) -> f64 {
        if self.variance > 0.0 { self.variance / (self.variance + self.mean / population) } else { 0.0 }
    }
}

/// Divides by denominators. A missing or zero denominator makes the result missing, and so does a
/// quotient too great for a number. Priors are those of `replay`, where it has them.
pub fn denominate(plan: &Plan, recipe: &Recipe, raw: &Matrix, replay: Option<&Fitted>) -> Denominated {
    let mut out = Denominated { values: raw.clone(), quotients: vec![None; raw.len()] };
    let missing = vec![f64::NAN; plan.table.rows()];
    for (leaf, recipe) in recipe.leaves.iter().enumerate() {
        let Some(denominator) = &recipe.denominator else { continue };
        let below = plan.table.numbers.get(&denominator.column).unwrap_or(&missing);
        let key = &plan.tree.items[plan.tree.leaves[leaf]].key;
        let known = replay.and_then(|fitted| fitted.indicators.get(key)).map(|fitted| fitted.priors.as_slice());
        let (values, quotient) = divide(plan, denominator, &raw[leaf], below, known.unwrap_or(&[]));
        out.values[leaf] = values;
        out.quotients[leaf] = Some(quotient);
    }
    out
}

fn divide(
    plan: &Plan,
    denominator: &Denominator,
    above: &[f64],
    below: &[f64],
    known: &[Prior],
) -> (Vec<f64>, Quotient) {
    let divides = |row: usize| !below[row].is_nan() && below[row] != 0.0;
    let undefined = (0..above.len()).filter(|&row| !above[row].is_nan() && !divides(row)).map(|row| row as u32);
    let mut quotient = Quotient { undefined: undefined.collect(), shrinkage: None };
    let rate = |row: usize| Some(above[row] / below[row] * denominator.per).filter(|r| divides(row) && r.is_finite());
    let raw: Vec<f64> = (0..above.len()).map(|row| rate(row).unwrap_or(f64::NAN)).collect();
    if !denominator.shrink {
        return (raw, quotient);
    }
    let shrinkage = shrink(plan, denominator.per, above, below, raw, known);
    let values = shrinkage.shrunk.clone();
    quotient.shrinkage = Some(shrinkage);
    (values, quotient)
}

fn shrink(plan: &Plan, per: f64, above: &[f64], below: &[f64], mut raw: Vec<f64>, known: &[Prior]) -> Shrinkage {
    let mut out = Shrinkage { weight: vec![f64::NAN; raw.len()], ..Shrinkage::default() };
    for row in 0..raw.len() {
        if !raw[row].is_nan() && (above[row] < 0.0 || below[row] < 0.0) {
            raw[row] = f64::NAN;
            out.negative.push(row as u32);
        }
    }
    out.shrunk = raw.clone();
    for (at, group) in plan.fits(&plan.compare).iter().enumerate() {
        let pairs = group.on.iter().map(|&row| row as usize).filter(|&row| !raw[row].is_nan());
        let fitted = || Prior::fit(pairs.map(|row| (above[row], below[row])));
        let prior = known.get(at).copied().unwrap_or_else(fitted);
        for &row in &group.rows {
            let row = row as usize;
            if !raw[row].is_nan() {
                let (weight, mean) = (prior.weight(below[row]), prior.mean * per);
                out.weight[row] = weight;
                out.shrunk[row] = if prior.units == 0 { f64::NAN } else { mean + weight * (raw[row] - mean) };
            }
        }
        out.priors.push(prior);
    }
    out.raw = raw;
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{IndexFile, Table, Tree};

    fn run(text: &str, columns: &[(&str, &[f64])]) -> Denominated {
        let file: IndexFile = toml::from_str(text).expect("a policy");
        let rows = columns[0].1.len();
        let table = Table {
            names: (0..rows).map(|row| format!("{row:03}")).collect(),
            units: (0..rows as u32).collect(),
            periods: vec![0; rows],
            numbers: columns.iter().map(|(key, values)| ((*key).to_owned(), values.to_vec())).collect(),
            ..Table::default()
        };
        let tree = Tree::new(&file.score.nodes, &file.score.indicators, chrono::NaiveDate::MAX, &|_| true);
        let plan = Plan::new(&file.score, &table, tree);
        let recipe = Recipe::new(&file.score, &plan.tree);
        let raw = crate::index::pipeline::raw(&plan, &recipe);
        denominate(&plan, &recipe, &raw, None)
    }

    fn shrunk(counts: &[f64], people: &[f64]) -> Shrinkage {
        let text = "[score.indicators.o]\ndenominator={column='n', per=1000, shrink=true}";
        let found = run(text, &[("o", counts), ("n", people)]);
        found.quotients[0].clone().expect("a quotient").shrinkage.expect("a shrinkage")
    }

    #[test]
    fn zero_and_missing_denominators_make_the_result_missing() {
        let text = "[score.indicators.o]\ndenominator={column='n', per=100}\n[score.indicators.p]";
        let columns: [(&str, &[f64]); 3] = [
            ("o", &[1.0, 2.0, 3.0, f64::NAN, 0.0, 1e300]),
            ("n", &[4.0, 0.0, f64::NAN, 0.0, 5.0, 1e-300]),
            ("p", &[1.0; 6]),
        ];
        let found = run(text, &columns);
        let bits = |values: &[f64]| values.iter().map(|x| Some(*x).filter(|x| !x.is_nan())).collect::<Vec<_>>();
        assert_eq!(bits(&found.values[0]), [Some(25.0), None, None, None, Some(0.0), None]);
        assert_eq!(found.quotients[0].as_ref().map(|q| q.undefined.clone()), Some(vec![1, 2]));
        assert_eq!((&found.values[1], &found.quotients[1]), (&vec![1.0; 6], &None));
    }

    /// By hand, in fractions: O = 1, 8, 30 on n = 10, 20, 100 gives m = 39/130 = 3/10; the spread
    /// Σ n (r − m)² is 10/25 + 20/100 + 0 = 3/5, so that A = (3/5)/130 − (3/10)/(130/3) < 0; with
    /// O = 1, 16, 22 it is 10/25 + 20/4 + 100 · (8/100)² = 151/25 and A = (151/25 − 9/10)/130 =
    /// 257/6500.
    #[test]
    fn shrinkage_by_hand() {
        let found = shrunk(&[1.0, 8.0, 30.0], &[10.0, 20.0, 100.0]);
        assert_eq!(found.priors, [Prior { mean: 0.3, variance: 0.0, units: 3 }]);
        assert_eq!(found.weight, [0.0; 3]);
        assert!(found.shrunk.iter().all(|r| (r - 300.0).abs() < 1e-9));
        let found = shrunk(&[1.0, 16.0, 22.0], &[10.0, 20.0, 100.0]);
        let a = 257.0 / 6500.0;
        assert!((found.priors[0].variance - a).abs() < 1e-15);
        for (row, (count, people)) in [(1.0, 10.0), (16.0, 20.0), (22.0, 100.0)].into_iter().enumerate() {
            let c = a / (a + 0.3 / people);
            assert!((found.weight[row] - c).abs() < 1e-14);
            assert!((found.raw[row] - 1000.0 * count / people).abs() < 1e-10);
            assert!((found.shrunk[row] - 1000.0 * (0.3 + c * (count / people - 0.3))).abs() < 1e-10);
        }
    }

    #[test]
    fn one_unit_no_counts_negative_numbers_and_no_unit_at_all() {
        let one = shrunk(&[3.0], &[60.0]);
        assert!((one.shrunk[0] - 50.0).abs() < 1e-12 && one.weight == [0.0]);
        let zero = shrunk(&[0.0, 0.0], &[10.0, 20.0]);
        assert_eq!((zero.shrunk, zero.weight), (vec![0.0; 2], vec![0.0; 2]));
        let negative = shrunk(&[-1.0, 2.0, 2.0], &[10.0, -10.0, 10.0]);
        assert_eq!(negative.negative, [0, 1]);
        assert!(negative.raw[0].is_nan() && negative.shrunk[1].is_nan() && (negative.shrunk[2] - 200.0).abs() < 1e-12);
        let none = shrunk(&[f64::NAN; 2], &[1.0; 2]);
        assert!(none.shrunk.iter().all(|x| x.is_nan()) && none.priors[0].units == 0);
    }
}
