//! The engine of composite indices: units × indicators with a tree of nodes become scores, ranks and
//! grades, by policy alone. It knows no village: the county's score stage stands on it, and so does
//! `touyan score TABLE`.
//!
//! 1. [`Table`]: any table of units, or of units × periods.
//! 2. [`IndexPolicy`]: the tree, and a method for every step.
//! 3. [`Plan`] and [`Recipe`]: what the policy means for this table, resolved once.
//! 4. [`screen`]: what has too few values is left out.
//! 5. [`pipeline`]: raw → denominated → imputed → treated → normalised → weighed → aggregated; each
//!    stage keeps its table.
//! 6. [`Fitted`]: everything that was fitted, so that years compare and results can be replayed.
//!
//! Families of methods, each a folder with one file per method and one table that registers them:
//! [`impute`], [`outlier`], [`normalise`], [`weight`], [`aggregate`], and what can be declared
//! uncertain, [`uncertain`]. Beside the tree: [`adjust`]. What a score is made of, and what would
//! change it: [`explain`].

pub mod adjust;
pub mod aggregate;
pub mod change;
mod check;
pub mod classes;
pub mod coherence;
pub mod compare;
pub mod denominate;
pub mod explain;
mod fitted;
pub mod grade;
pub mod impute;
mod load;
pub mod manual;
mod method;
pub mod normalise;
pub mod outlier;
pub mod pipeline;
mod policy;
pub mod rank;
pub mod read;
mod recipe;
pub mod screen;
mod table;
pub mod tables;
mod tree;
pub mod uncertain;
pub mod weight;

use chrono::NaiveDate;

pub use adjust::Lines;
pub use check::protected;
pub use fitted::{Fitted, FittedIndicator};
pub use load::{Overrides, reference, schema_json};
pub use method::{Method, Named};
pub use pipeline::{FitGroup, Matrix, Plan};
pub use policy::{
    Adjustment, Band, ColumnVeto, Compare, Denominator, Effect, IndexFile, IndexPolicy, Indicator, Missing, Node,
    Reference, ReferenceWord, Screen, ScreenAt, ShareRounding,
};
pub use recipe::{LeafRecipe, NodeRecipe, Recipe};
pub use screen::{ScreenCause, ScreenReason, Screened, prepare};
pub use table::{Groups, Table};
pub use tree::{Item, Tree};

/// An index, with the table of every stage. Matrices are by leaf (in the tree's order), then row.
#[derive(Clone, Debug)]
pub struct Index {
    pub raw: Matrix,
    /// Divided by denominators, rates on small counts shrunk.
    pub denominated: Matrix,
    /// What the division did, by leaf; none without a denominator.
    pub quotients: Vec<Option<denominate::Quotient>>,
    /// Units that are not rated, and indicators that are left out, with the reason.
    pub screened: Screened,
    /// Share of the weight that is measured, 0 to 1, by row: imputed cells do not count.
    pub measured: Vec<f64>,
    pub imputed: Matrix,
    /// Which cells were imputed.
    pub marks: Vec<Vec<bool>>,
    pub treated: Matrix,
    pub normalised: Matrix,
    /// Values of all nodes and leaves, and the shares.
    pub aggregated: pipeline::Aggregated,
    /// The root's value; NaN where not rated.
    pub base: Vec<f64>,
    /// Points beside the tree, and vetoes.
    pub lines: Lines,
    /// The finished score: base and adjustments, within the bounds and below the caps of vetoes; NaN
    /// where not rated.
    pub score: Vec<f64>,
    /// Rank within the scope and period, 1 the best; ties share the best; none where not rated.
    pub rank: Vec<Option<u32>>,
    /// Grade by row; none where not rated, or where the policy has no grades.
    pub awards: Vec<Option<grade::Award>>,
    pub fitted: Fitted,
}

impl Index {
    /// Index of the row's grade among the policy's.
    pub fn grade(&self, row: usize) -> Option<usize> {
        self.awards.get(row).copied().flatten().map(|award| award.band)
    }
}

/// Why an index cannot be made: the policy's key (or the node's), and one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {message}")]
pub struct IndexError {
    pub key: String,
    pub message: String,
}

/// Makes the index of a table.
///
/// ```
/// use touyan::index::{self, IndexFile, Table};
/// let file: IndexFile = toml::from_str(
///     "[score.indicators.income]\n[score.indicators.debt]\ndirection = \"lower\"",
/// )?;
/// let table = Table {
///     names: ["a", "b", "c"].map(String::from).to_vec(),
///     units: vec![0, 1, 2],
///     periods: vec![0; 3],
///     numbers: [("income".into(), vec![10.0, 20.0, 30.0]), ("debt".into(), vec![0.0, 4.0, 2.0])].into(),
///     ..Table::default()
/// };
/// let index = index::build(&file.score, &table, None)?;
/// assert_eq!(index.score, [50.0, 25.0, 75.0]);
/// assert_eq!(index.rank, [Some(2), Some(3), Some(1)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A method does not fit the data: the key and one sentence.
pub fn build(policy: &IndexPolicy, table: &Table, replay: Option<&Fitted>) -> Result<Index, IndexError> {
    let (plan, recipe) = prepare(policy, table, NaiveDate::MAX);
    make(&plan, &recipe, replay)
}

/// Makes an index by plan and recipe.
///
/// # Errors
/// A method does not fit the data: the key and one sentence.
pub fn make(plan: &Plan, recipe: &Recipe, replay: Option<&Fitted>) -> Result<Index, IndexError> {
    make_with(plan, recipe, replay, Lines::new(plan, NaiveDate::MAX)?)
}

/// Makes an index by plan and recipe, with what stands beside the tree.
///
/// # Errors
/// A method does not fit the data: the key and one sentence.
pub fn make_with(plan: &Plan, recipe: &Recipe, replay: Option<&Fitted>, lines: Lines) -> Result<Index, IndexError> {
    pipeline::check(plan, recipe)
        .map_err(|(key, message)| IndexError { key: format!("score.indicators.{key}.rule"), message })?;
    let raw = pipeline::raw(plan, recipe);
    let denominate::Denominated { values: denominated, quotients } = pipeline::denominate(plan, recipe, &raw, replay);
    let (imputed, marks) = pipeline::impute(plan, recipe, &denominated);
    let (treated, treatments) = pipeline::treat(plan, recipe, &imputed, replay);
    let (normalised, rules) = pipeline::normalise(plan, recipe, &treated, replay);
    let replayed = replay.map(|fitted| {
        let items = plan.tree.items.iter().zip(&recipe.shares);
        items.map(|(item, share)| fitted.shares.get(&item.key).copied().unwrap_or(*share)).collect::<Vec<f64>>()
    });
    let aggregated = pipeline::aggregate(plan, recipe, &treated, &normalised, replayed.as_deref())
        .map_err(|(key, message)| IndexError { key, message })?;
    let measured = screen::measured(plan, &aggregated.shares, &denominated, &normalised);
    let screened = screen::unrated(plan, &measured);
    let mut base = aggregated.values[0].clone();
    (0..base.len()).filter(|&row| screened.leaves_out(row)).for_each(|row| base[row] = f64::NAN);
    let finish = |(row, base): (usize, &f64)| adjust::finish(*base, lines.net[row], plan.policy.bounds, lines.cap[row]);
    let score: Vec<f64> = base.iter().enumerate().map(finish).collect();
    let rank = rank::within(&plan.scope, &score);
    let limits = grade::limits(&plan.policy.grades, plan.policy.share_rounding);
    let awards = grade::grades(&limits, &plan.scope, &score, &lines.forced);
    let keys = plan.tree.items.iter().map(|item| item.key.clone());
    let fitted = Fitted {
        indicators: plan
            .tree
            .leaves
            .iter()
            .zip(treatments.into_iter().zip(rules).zip(&quotients))
            .map(|(&at, ((treatments, rule), quotient))| {
                let shrinkage = quotient.as_ref().and_then(|q| q.shrinkage.as_ref());
                let priors = shrinkage.map(|s| s.priors.clone()).unwrap_or_default();
                (plan.tree.items[at].key.clone(), FittedIndicator { priors, treatments, rule })
            })
            .collect(),
        groups: plan.group_names(&plan.fits(&plan.compare), &plan.compare),
        shares: keys.zip(aggregated.shares.iter().copied()).skip(1).collect(),
    };
    Ok(Index {
        raw,
        denominated,
        quotients,
        screened,
        measured,
        imputed,
        marks,
        treated,
        normalised,
        aggregated,
        base,
        lines,
        score,
        rank,
        awards,
        fitted,
    })
}
