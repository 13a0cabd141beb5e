//! What imputation does to a unit's rank: its score with the imputed cells left missing instead,
//! everything that was fitted and all other units as they are.

use super::pipeline::Plan;
use super::recipe::Recipe;
use super::{Index, IndexError, make, rank};

/// What would be, had a unit's imputed cells been left missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    pub row: usize,
    /// Score; NaN where the unit would not be rated.
    pub score: f64,
    /// Rank among the others' own scores; none where the unit would not be rated.
    pub rank: Option<u32>,
}

/// The effect for every row with an imputed cell. O(n log n) and one pass of the pipeline. Of an
/// aggregator that compares units the others are without their imputed cells as well.
///
/// # Errors
/// See [`make`].
pub fn of_imputation(plan: &Plan, recipe: &Recipe, index: &Index) -> Result<Vec<Effect>, IndexError> {
    let rows: Vec<usize> = (0..plan.table.rows()).filter(|&row| index.marks.iter().any(|m| m[row])).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut bare = recipe.clone();
    bare.leaves.iter_mut().for_each(|leaf| leaf.impute = None);
    let without = make(plan, &bare, Some(&index.fitted))?.score;
    // Per scope: the step of its grid, and its keys ascending.
    let scopes: Vec<(f64, Vec<i64>)> = plan
        .scope
        .members
        .iter()
        .map(|members| {
            let scores = || members.iter().map(|&row| index.score[row as usize]).filter(|s| !s.is_nan());
            let step = rank::step(scores());
            let mut keys: Vec<i64> = scores().map(|s| rank::key(s, step)).collect();
            keys.sort_unstable();
            (step, keys)
        })
        .collect();
    let place = |&row: &usize| {
        let score = without[row];
        let (step, keys) = &scopes[plan.scope.of[row] as usize];
        let rank = (!score.is_nan()).then(|| {
            let key = rank::key(score, *step);
            let better = keys.len() - keys.partition_point(|k| *k <= key);
            let own = index.score[row];
            let own_is_better = !own.is_nan() && rank::key(own, *step) > key;
            (better - usize::from(own_is_better)) as u32 + 1
        });
        Effect { row, score, rank }
    };
    Ok(rows.iter().map(place).collect())
}
