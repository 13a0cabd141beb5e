//! Two policies side by side on one table: whose rank and grade change, and which choice causes it.
//!
//! The keys in which the policies differ are sorted into choices (tree, weights, normalisation, outliers …).
//! Every combination of choices is made, and a choice's effect on a unit's score and rank is its
//! Shapley value (Shapley 1953): the mean of what it adds over all orders in which the choices could
//! be changed. Effects add up to the whole shift. Up to [`EXACT`] choices all 2^k combinations are
//! made; beyond, the mean of the policy's order and its reverse stands for all orders.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::policy::IndexPolicy;
use super::table::Table;
use super::{Index, IndexError, build};

/// So many choices are combined in every way.
pub const EXACT: usize = 5;

/// A choice in which two policies differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is about: a word of the policy (`rule`, `outliers`, `weight`, `tree` …).
    pub name: String,
    /// The keys that differ.
    pub keys: Vec<String>,
}

/// Two policies compared. Columns are by row of the table.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub choices: Vec<Choice>,
    /// The index under the first and the second policy.
    pub before: Index,
    pub after: Index,
    /// Names of the grades of the first and the second policy, best first.
    pub grades: [Vec<String>; 2],
    /// Effect on the score by choice, then row; NaN where a unit is not rated under both.
    pub score_effect: Vec<Vec<f64>>,
    /// Effect on the rank likewise, in places: negative is a rise.
    pub rank_effect: Vec<Vec<f64>>,
    /// By row: the choices that change the unit's grade when changed alone. Empty where the grade
    /// stays, or changes by several choices together only.
    pub grade_causes: Vec<Vec<usize>>,
}

/// Compares two policies. The table must hold the columns of both.
///
/// # Errors
/// An index cannot be made under one of the policies, or under a mixture of them.
pub fn compare(before: &IndexPolicy, after: &IndexPolicy, table: &Table) -> Result<Comparison, IndexError> {
    let (from, to) = (value(before)?, value(after)?);
    let choices = differences(&from, &to);
    let k = choices.len();
    let mixture = |set: usize| -> Result<Index, IndexError> {
        let mut mixed = from.clone();
        for (at, choice) in choices.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1) {
            debug_assert!(at < k);
            choice.keys.iter().for_each(|key| transfer(&mut mixed, &to, key));
        }
        let policy: IndexPolicy = serde_json::from_value(mixed).map_err(|error| IndexError {
            key: "score".into(),
            message: format!("the policies cannot be mixed to tell what causes a change: {error}"),
        })?;
        build(&policy, table, None)
    };
    let whole = (1_usize << k) - 1;
    let mut made = BTreeMap::<usize, Index>::from([(0, build(before, table, None)?)]);
    made.insert(whole, build(after, table, None)?);
    for set in wanted(k) {
        if let std::collections::btree_map::Entry::Vacant(slot) = made.entry(set) {
            slot.insert(mixture(set)?);
        }
    }
    let rank = |index: &Index, row: usize| index.rank[row].map_or(f64::NAN, f64::from);
    let rows = table.rows();
    let effects = |of: &dyn Fn(&Index, usize) -> f64| -> Vec<Vec<f64>> {
        let column = |choice: usize| (0..rows).map(|row| effect(&made, k, choice, &|index| of(index, row))).collect();
        (0..k).map(column).collect()
    };
    let score_effect = effects(&|index, row| index.score[row]);
    let rank_effect = effects(&rank);
    let grade_causes = (0..rows)
        .map(|row| {
            let grade = |set: usize, of: &IndexPolicy| {
                let band = made.get(&set).and_then(|index| index.grade(row))?;
                of.grades.get(band).map(|band| band.grade.clone())
            };
            if grade(0, before) == grade(whole, after) {
                return Vec::new();
            }
            // A choice that changes the bands themselves is graded by the new ones.
            let bands = |choice: &usize| if choices[*choice].name == "grades" { after } else { before };
            (0..k).filter(|choice| grade(1 << choice, bands(choice)) != grade(0, before)).collect()
        })
        .collect();
    let names = |policy: &IndexPolicy| policy.grades.iter().map(|band| band.grade.clone()).collect();
    let grades = [names(before), names(after)];
    let first = made.get(&0).cloned();
    let (Some(before), Some(after)) = (first, made.remove(&whole)) else {
        return Err(IndexError { key: "score".into(), message: "nothing was compared".into() });
    };
    Ok(Comparison { choices, before, after, grades, score_effect, rank_effect, grade_causes })
}

/// The sets of choices whose index is needed.
fn wanted(k: usize) -> Vec<usize> {
    if k <= EXACT {
        return (0..1 << k).collect();
    }
    let forwards = (0..=k).map(|n| (1_usize << n) - 1);
    let whole = (1_usize << k) - 1;
    let backwards = (0..=k).map(|n| whole & !((1_usize << (k - n)) - 1));
    // Each alone, for the causes of grades.
    forwards.chain(backwards).chain((0..k).map(|n| 1 << n)).collect()
}

/// The Shapley value of one choice, or its mean over two orders.
fn effect(made: &BTreeMap<usize, Index>, k: usize, choice: usize, of: &dyn Fn(&Index) -> f64) -> f64 {
    let at = |set: usize| made.get(&set).map_or(f64::NAN, of);
    let bit = 1 << choice;
    if k > EXACT {
        let below = bit - 1;
        let above = ((1_usize << k) - 1) & !(below | bit);
        return ((at(below | bit) - at(below)) + (at(above | bit) - at(above))) / 2.0;
    }
    let mut sum = 0.0;
    for set in (0..1_usize << k).filter(|set| set & bit == 0) {
        let size = set.count_ones() as usize;
        sum += (at(set | bit) - at(set)) * factorial(size) * factorial(k - size - 1) / factorial(k);
    }
    sum
}

fn factorial(n: usize) -> f64 {
    (1..=n).map(|i| i as f64).product()
}

fn value(policy: &IndexPolicy) -> Result<Value, IndexError> {
    serde_json::to_value(policy)
        .map_err(|error| IndexError { key: "score".into(), message: format!("cannot be laid out: {error}") })
}

/// The choices in which two policies differ, in the order in which their keys first appear.
fn differences(from: &Value, to: &Value) -> Vec<Choice> {
    let mut keys = Vec::new();
    walk("", from, to, &mut keys);
    let mut choices = IndexMap::<String, Vec<String>>::new();
    for key in keys {
        if let Some(name) = choice(&key) {
            choices.entry(name).or_default().push(key);
        }
    }
    choices.into_iter().map(|(name, keys)| Choice { name, keys }).collect()
}

/// What a key is about; none for what changes no score.
fn choice(key: &str) -> Option<String> {
    const SILENT: [&str; 9] =
        ["title", "label", "label_en", "source", "effective", "uncertainty", "coherence", "classes", "goals"];
    let parts: Vec<&str> = key.split('\u{1f}').collect();
    let name = match parts.as_slice() {
        // What is in the tree and where hangs together: an indicator without its node is nowhere.
        ["indicators" | "nodes", _] | ["indicators" | "nodes", _, "parent"] => "tree",
        ["adjustments" | "vetoes", _] => parts[0],
        ["indicators" | "nodes" | "adjustments" | "vetoes", _, field, ..] => field,
        [field, ..] => field,
        [] => return None,
    };
    (!SILENT.contains(&name)).then(|| name.to_owned())
}

/// Keys (joined by the unit separator) of the smallest differing parts, methods as a whole.
fn walk(key: &str, from: &Value, to: &Value, out: &mut Vec<String>) {
    if from == to {
        return;
    }
    let depth = if key.is_empty() { 0 } else { key.matches('\u{1f}').count() + 1 };
    let branch = depth == 0
        || (depth <= 2
            && ["indicators", "nodes", "adjustments", "vetoes"].iter().any(|b| key.split('\u{1f}').next() == Some(b)));
    match (from, to) {
        (Value::Object(a), Value::Object(b)) if branch => {
            let mut names: Vec<&String> = a.keys().collect();
            names.extend(b.keys().filter(|name| !a.contains_key(*name)));
            for name in names {
                let below = if key.is_empty() { name.clone() } else { format!("{key}\u{1f}{name}") };
                walk(&below, a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null), out);
            }
        }
        _ => out.push(key.to_owned()),
    }
}

/// Sets one key of a policy to what another policy has there.
fn transfer(mixed: &mut Value, to: &Value, key: &str) {
    let parts: Vec<&str> = key.split('\u{1f}').collect();
    let wanted = parts.iter().try_fold(to, |value, part| value.get(part)).filter(|v| !v.is_null()).cloned();
    let Some((last, above)) = parts.split_last() else { return };
    let mut slot = mixed;
    for part in above {
        let Value::Object(map) = slot else { return };
        slot = map.entry(*part).or_insert_with(|| Value::Object(serde_json::Map::new()));
    }
    if let Value::Object(map) = slot {
        match wanted {
            Some(value) => drop(map.insert((*last).to_owned(), value)),
            None => drop(map.shift_remove(*last)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> IndexPolicy {
        toml::from_str(text).expect("a policy")
    }

    fn table() -> Table {
        let column = |values: [f64; 4]| values.to_vec();
        Table {
            names: ["a", "b", "c", "d"].map(String::from).to_vec(),
            units: vec![0, 1, 2, 3],
            periods: vec![0; 4],
            numbers: [("x".to_owned(), column([1.0, 2.0, 9.0, 4.0])), ("y".to_owned(), column([8.0, 3.0, 1.0, 2.0]))]
                .into(),
            ..Table::default()
        }
    }

    #[test]
    fn effects_add_up_and_name_their_choice() {
        let before = policy("[indicators.x]\n[indicators.y]\n");
        let after = policy(
            "title='another'\naggregate={type='geometric'}\n[indicators.x]\nweight=3.0\nrule={type='rank',floor=1.0}\n[indicators.y]\nrule={type='rank',floor=1.0}\n",
        );
        let found = compare(&before, &after, &table()).expect("both can be made");
        let names: Vec<&str> = found.choices.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["aggregate", "weight", "rule"]);
        for row in 0..4 {
            let shift = found.after.score[row] - found.before.score[row];
            let sum: f64 = found.score_effect.iter().map(|c| c[row]).sum();
            assert!((shift - sum).abs() < 1e-9, "{row}: {shift} {sum}");
            let places =
                f64::from(found.after.rank[row].expect("rated")) - f64::from(found.before.rank[row].expect("rated"));
            let sum: f64 = found.rank_effect.iter().map(|c| c[row]).sum();
            assert!((places - sum).abs() < 1e-9);
        }
    }

    #[test]
    fn one_choice_takes_the_whole_shift_and_none_nothing() {
        let before = policy("[indicators.x]\n[indicators.y]\n");
        let same = compare(&before, &before, &table()).expect("can be made");
        assert!(same.choices.is_empty() && same.score_effect.is_empty());
        let after = policy("[indicators.x]\n");
        let found = compare(&before, &after, &table()).expect("can be made");
        assert_eq!(found.choices.len(), 1);
        assert_eq!(found.choices[0].name, "tree");
        for row in 0..4 {
            assert_eq!(found.score_effect[0][row], found.after.score[row] - found.before.score[row]);
        }
    }

    #[test]
    fn many_choices_still_add_up() {
        let before = policy("[indicators.x]\n[indicators.y]\n");
        let after = policy(
            "aggregate={type='geometric'}\nweights={type='equal'}\nmin_available=0.4\nmin_measured_weight=0.1\nimpute={type='mean'}\noutliers={type='percentiles',low=10.0,high=90.0}\n[indicators.x]\nweight=3.0\nrule={type='rank',floor=1.0}\n[indicators.y]\nrule={type='rank',floor=1.0}\n",
        );
        let found = compare(&before, &after, &table()).expect("both can be made");
        assert!(found.choices.len() > EXACT);
        for row in 0..4 {
            let sum: f64 = found.score_effect.iter().map(|c| c[row]).sum();
            assert!((found.after.score[row] - found.before.score[row] - sum).abs() < 1e-9);
        }
    }
}
