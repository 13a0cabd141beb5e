//! The pipeline: raw → denominated → imputed → treated → normalised → weighed → aggregated. Every stage
//! is a function of its own and keeps what it made, so that a reader can follow a value from sheet to
//! score, and so that a draw repeats only what its choices change.

use super::aggregate::Children;
pub use super::denominate::denominate;
use super::fitted::Fitted;
use super::impute::Gaps;
use super::normalise::{Cell, Direction, Rule};
use super::outlier::Treatment;
use super::policy::ScreenAt;
use super::policy::{Compare, IndexPolicy, Missing, Reference, ReferenceWord};
use super::recipe::{LeafRecipe, Recipe};
use super::screen::Screened;
use super::table::{Groups, Table};
use super::tree::Tree;
use super::weight::{Found, Siblings};

/// Values by leaf, then row.
pub type Matrix = Vec<Vec<f64>>;

/// What a policy and a table decide before any value is looked at.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    pub policy: &'a IndexPolicy,
    pub table: &'a Table,
    pub tree: Tree,
    /// Units that rules compare with one another, by period.
    pub compare: Groups,
    /// Units that are ranked with one another, by period.
    pub scope: Groups,
    /// Rows that parameters are fitted on: `None` for each period by itself.
    pub fit: Option<Vec<bool>>,
    /// Who is judged by the parameters of whom, where that is given; else it follows from `compare`.
    pub judged: Option<Vec<FitGroup>>,
    /// What is left out: nothing, until [`super::screen::prepare`] has looked at the values.
    pub screened: Screened,
}

impl<'a> Plan<'a> {
    /// The plan of a policy for a table.
    pub fn new(policy: &'a IndexPolicy, table: &'a Table, tree: Tree) -> Plan<'a> {
        let scope = table.groups(policy.scope.as_deref());
        let compare = match policy.compare {
            Compare::All => table.groups(None),
            Compare::Class => table.groups(table.class.as_deref()),
            Compare::Scope => scope.clone(),
        };
        let latest = table.periods.iter().max().copied();
        let fit = match policy.reference {
            Reference::Word(ReferenceWord::Each) => None,
            Reference::Word(ReferenceWord::Pooled) => Some(vec![true; table.rows()]),
            Reference::Word(ReferenceWord::Latest) => Some(table.periods.iter().map(|p| Some(*p) == latest).collect()),
            Reference::Period(period) => Some(table.periods.iter().map(|p| *p == period).collect()),
        };
        Plan { policy, table, tree, compare, scope, fit, judged: None, screened: Screened::default() }
    }

    /// The plan for units of one period whose comparison is given: each row is judged by one of
    /// `judged`, which may be fitted on more rows than it judges (a class too small to be compared within
    /// itself), and ranked within its group of `scope`.
    pub fn judged(
        policy: &'a IndexPolicy,
        table: &'a Table,
        tree: Tree,
        judged: Vec<FitGroup>,
        scope: Groups,
    ) -> Plan<'a> {
        let compare = Groups::new(judged.iter().map(|group| group.rows.clone()).collect(), table.rows());
        let screened = Screened::default();
        Plan { policy, table, tree, compare, scope, fit: None, judged: Some(judged), screened }
    }

    /// The rows that are judged by one set of parameters, and those that it is fitted on: a pair for
    /// each group of `groups` and period, or, with a reference, for each group across periods.
    /// Nothing is fitted on units that are left out.
    pub fn fits(&self, groups: &Groups) -> Vec<FitGroup> {
        let mut out = self.all_fits(groups);
        out.iter_mut().for_each(|group| group.on.retain(|&row| !self.screened.leaves_out(row as usize)));
        out
    }

    fn all_fits(&self, groups: &Groups) -> Vec<FitGroup> {
        if let Some(judged) = self.judged.as_ref().filter(|_| *groups == self.compare) {
            return judged.clone();
        }
        let Some(fit) = &self.fit else {
            return groups.members.iter().map(|rows| FitGroup { rows: rows.clone(), on: rows.clone() }).collect();
        };
        // Groups of different periods that hold the same value belong together.
        let text = |group: &Vec<u32>| group.first().map(|&row| self.value(groups, row));
        let mut together: indexmap::IndexMap<Option<Option<&str>>, Vec<u32>> = indexmap::IndexMap::new();
        for rows in &groups.members {
            together.entry(text(rows)).or_default().extend(rows);
        }
        together
            .into_values()
            .map(|mut rows| {
                rows.sort_unstable();
                let on = rows.iter().copied().filter(|&row| fit[row as usize]).collect();
                FitGroup { rows, on }
            })
            .collect()
    }

    /// Names of groups with one set of parameters each: the class or scope, and the period where
    /// the table has several and each has its own; empty where all units are one group.
    pub fn group_names(&self, fits: &[FitGroup], groups: &Groups) -> Vec<String> {
        let several = self.table.periods.windows(2).any(|p| p[0] != p[1]);
        let name = |group: &FitGroup| {
            let Some(&row) = group.rows.first() else { return String::new() };
            let value = self.value(groups, row).unwrap_or_default();
            match self.table.periods[row as usize] {
                period if several && self.fit.is_none() => format!("{period}/{value}"),
                _ => value.to_owned(),
            }
        };
        fits.iter().map(name).collect()
    }

    /// What tells a row's group from others of its period.
    fn value(&self, groups: &Groups, row: u32) -> Option<&str> {
        let column = if *groups == self.table.groups(None) {
            None
        } else if *groups == self.scope {
            self.policy.scope.as_deref()
        } else {
            self.table.class.as_deref()
        };
        column.and_then(|c| self.table.texts.get(c)).and_then(|t| t[row as usize].as_deref())
    }
}

/// Rows judged by one set of parameters, and the rows that it is fitted on; both ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FitGroup {
    pub rows: Vec<u32>,
    pub on: Vec<u32>,
}

/// What the rules ask of the table beyond numbers: known categories, a reference unit that exists.
///
/// # Errors
/// The indicator's key, and one sentence with the row and the remedy.
pub fn check(plan: &Plan, recipe: &Recipe) -> Result<(), (String, String)> {
    for (leaf, &at) in recipe.leaves.iter().zip(&plan.tree.leaves) {
        let key = || plan.tree.items[at].key.clone();
        if let Some(categories) = leaf.rule.categories() {
            categories.check_column(plan.table, &leaf.column).map_err(|message| (key(), message))?;
        }
        if let Some(unit) = leaf.rule.reference()
            && !plan.table.names.iter().any(|name| name == unit)
        {
            return Err((key(), format!("the table has no unit \"{unit}\" to be the reference")));
        }
    }
    Ok(())
}

/// Raw values by leaf: all missing where there is no such column, points where it holds categories.
pub fn raw(plan: &Plan, recipe: &Recipe) -> Matrix {
    let missing = || vec![f64::NAN; plan.table.rows()];
    let column = |leaf: &LeafRecipe| match leaf.rule.categories() {
        Some(categories) => categories.column(plan.table, &leaf.column),
        None => plan.table.numbers.get(&leaf.column).cloned().unwrap_or_else(missing),
    };
    recipe.leaves.iter().map(column).collect()
}

/// Fills what is missing. The second matrix marks the imputed cells. Units that are left out end with
/// missing values; whether they serve others' imputation is the policy's [`ScreenAt`].
pub fn impute(plan: &Plan, recipe: &Recipe, values: &Matrix) -> (Matrix, Vec<Vec<bool>>) {
    let rows = plan.table.rows();
    let mut out = values.clone();
    if plan.screened.at == ScreenAt::Denominated {
        plan.screened.blank(&mut out);
    }
    let values = out.clone();
    let signs: Vec<f64> = recipe.leaves.iter().map(|leaf| leaf.direction.sign()).collect();
    let parent = |leaf: usize| plan.tree.items[plan.tree.leaves[leaf]].parent;
    let leaves = 0..recipe.leaves.len();
    let siblings: Vec<Vec<usize>> =
        leaves.clone().map(|leaf| leaves.clone().filter(|&other| parent(other) == parent(leaf)).collect()).collect();
    let gaps = Gaps {
        values: &values,
        signs: &signs,
        siblings: &siblings,
        units: &plan.table.units,
        periods: &plan.table.periods,
        texts: &plan.table.texts,
    };
    let mut marks = vec![vec![false; rows]; values.len()];
    for (leaf, recipe) in recipe.leaves.iter().enumerate() {
        let Some(method) = &recipe.impute else { continue };
        if !values[leaf].iter().any(|v| v.is_nan()) {
            continue;
        }
        let filled = method.get().fill(&gaps, leaf);
        for row in 0..rows {
            if values[leaf][row].is_nan() && !filled[row].is_nan() && !plan.screened.leaves_out(row) {
                out[leaf][row] = filled[row];
                marks[leaf][row] = true;
            }
        }
    }
    plan.screened.blank(&mut out);
    (out, marks)
}

/// The measured values of some rows, ascending.
fn sorted(rows: &[u32], values: &[f64]) -> Vec<f64> {
    let mut out: Vec<f64> = rows.iter().map(|&row| values[row as usize]).filter(|v| !v.is_nan()).collect();
    out.sort_unstable_by(f64::total_cmp);
    out
}

/// Treats outliers, within what is compared. Returns the values and the treatment by leaf and group.
pub fn treat(plan: &Plan, recipe: &Recipe, values: &Matrix, replay: Option<&Fitted>) -> (Matrix, Vec<Vec<Treatment>>) {
    let groups = plan.fits(&plan.compare);
    let mut out = values.clone();
    let mut treatments = Vec::with_capacity(values.len());
    for (leaf, recipe) in recipe.leaves.iter().enumerate() {
        let mut of_leaf = Vec::with_capacity(groups.len());
        for (at, group) in groups.iter().enumerate() {
            let known = replay.and_then(|f| f.treatment(&plan.tree.items[plan.tree.leaves[leaf]].key, at));
            let treatment = match (known, &recipe.outliers) {
                (Some(known), _) => known.clone(),
                (None, Some(method)) => method.get().fit(&sorted(&group.on, &values[leaf])),
                (None, None) => Treatment::None,
            };
            if treatment != Treatment::None {
                for &row in &group.rows {
                    out[leaf][row as usize] = treatment.apply(values[leaf][row as usize]);
                }
            }
            of_leaf.push(treatment);
        }
        treatments.push(of_leaf);
    }
    (out, treatments)
}

/// What a rule keeps of the values of one group.
pub fn fit_rule(plan: &Plan, rule: &Rule, direction: Direction, group: &FitGroup, values: &[f64]) -> Vec<f64> {
    if !rule.compares() {
        return Vec::new();
    }
    let reference = rule.reference().and_then(|unit| reference(plan, unit, group, values));
    rule.fit_to(&sorted(&group.on, values), direction, reference)
}

/// The value of a reference unit, whatever group it belongs to: the mean of those of its rows that
/// share a period with the rows that are fitted on.
fn reference(plan: &Plan, unit: &str, group: &FitGroup, values: &[f64]) -> Option<f64> {
    let unit = plan.table.names.iter().position(|name| name == unit)? as u32;
    let periods: std::collections::BTreeSet<i64> =
        group.on.iter().map(|&row| plan.table.periods[row as usize]).collect();
    let own = |&row: &usize| plan.table.units[row] == unit && periods.contains(&plan.table.periods[row]);
    let measured: Vec<f64> = (0..values.len()).filter(own).map(|row| values[row]).filter(|v| !v.is_nan()).collect();
    if measured.is_empty() { None } else { Some(measured.iter().sum::<f64>() / measured.len() as f64) }
}

/// Values to points. Returns the points and what each rule fitted, by leaf and group.
pub fn normalise(plan: &Plan, recipe: &Recipe, values: &Matrix, replay: Option<&Fitted>) -> (Matrix, Vec<Matrix>) {
    let groups = plan.fits(&plan.compare);
    let mut out = vec![vec![f64::NAN; plan.table.rows()]; values.len()];
    let mut parameters = Vec::with_capacity(values.len());
    for (leaf, recipe) in recipe.leaves.iter().enumerate() {
        let mut of_leaf = Vec::with_capacity(groups.len());
        for (at, group) in groups.iter().enumerate() {
            let known = replay.and_then(|f| f.rule(&plan.tree.items[plan.tree.leaves[leaf]].key, at));
            let fitted = match known {
                Some(known) => known.to_vec(),
                None => fit_rule(plan, &recipe.rule, recipe.direction, group, &values[leaf]),
            };
            for &row in &group.rows {
                let value = values[leaf][row as usize];
                if !value.is_nan() {
                    let target = plan.table.target(&recipe.column, row as usize);
                    let cell = Cell { value, target, direction: recipe.direction, fitted: &fitted };
                    out[leaf][row as usize] = recipe.rule.points(&cell).unwrap_or(f64::NAN);
                } else if recipe.missing == Missing::Zero && !plan.screened.leaves_out(row as usize) {
                    out[leaf][row as usize] = 0.0;
                }
            }
            of_leaf.push(fitted);
        }
        parameters.push(of_leaf);
    }
    (out, parameters)
}

/// Value of every item by row: points of leaves, aggregates of nodes.
#[derive(Clone, Debug, Default)]
pub struct Aggregated {
    /// Share by place in the tree.
    pub shares: Vec<f64>,
    /// By place in the tree, then row; the root's is the score.
    pub values: Matrix,
    /// Place of a node, and what its weighting method has to say.
    pub notes: Vec<(usize, String)>,
}

/// Weighs and aggregates from the leaves up: a node's shares may depend on the values of what hangs
/// on it, and on the `treated` values of indicators. `shares` that are given (drawn, or replayed) are
/// taken as they are.
///
/// # Errors
/// A method does not fit the data: the policy's key and one sentence.
pub fn aggregate(
    plan: &Plan,
    recipe: &Recipe,
    treated: &Matrix,
    points: &Matrix,
    shares: Option<&[f64]>,
) -> Result<Aggregated, (String, String)> {
    let tree = &plan.tree;
    let rows = plan.table.rows();
    let mut out = Aggregated {
        shares: shares.unwrap_or(&recipe.shares).to_vec(),
        values: vec![Vec::new(); tree.items.len()],
        notes: Vec::new(),
    };
    for (leaf, &at) in tree.leaves.iter().enumerate() {
        out.values[at].clone_from(&points[leaf]);
    }
    for at in tree.nodes_upwards() {
        let children = tree.items[at].children.clone();
        let declared = children.len();
        if children.is_empty() {
            out.values[at] = vec![f64::NAN; rows];
            continue;
        }
        let method = &recipe.nodes[at];
        if shares.is_none() {
            let found = weigh(plan, recipe, at, treated, &out.values)
                .map_err(|message| (place(&tree.items[at].key, "weights"), message))?;
            out.shares[children.clone()].copy_from_slice(&found.shares);
            out.notes.extend(found.notes.into_iter().map(|note| (at, note)));
        }
        let (values, weights): (Vec<&[f64]>, Vec<f64>) = children
            .filter(|&child| out.shares[child] > 0.0)
            .map(|child| (out.values[child].as_slice(), out.shares[child]))
            .unzip();
        let mut column = vec![f64::NAN; rows];
        let children = Children {
            values: &values,
            shares: &weights,
            groups: &plan.scope.members,
            min_available: method.min_available,
        };
        let aggregator = method.aggregate.get();
        aggregator.fits(&children, declared).map_err(|message| (place(&tree.items[at].key, "aggregate"), message))?;
        aggregator.column(&children, &mut column);
        out.values[at] = column;
    }
    Ok(out)
}

/// Weight of each leaf in a row's score, where nodes are weighted arithmetic means: the product of the
/// shares on the way down, that of what is missing going to its measured siblings in proportion to
/// theirs. They sum to 1 where the row has a score, and are all 0 where it has none. `down` is a
/// buffer.
pub fn effective(tree: &Tree, aggregated: &Aggregated, row: usize, down: &mut Vec<f64>, out: &mut [f64]) {
    let shares = &aggregated.shares;
    let present = |at: usize| !aggregated.values[at][row].is_nan();
    // Upwards, the present share of each node's children; downwards, what reaches the item, in its place.
    down.clear();
    down.resize(tree.items.len(), 0.0);
    for at in (1..tree.items.len()).filter(|&at| present(at)) {
        down[tree.items[at].parent] += shares[at];
    }
    for at in 0..tree.items.len() {
        let own = match (present(at), at) {
            (false, _) => 0.0,
            (true, 0) => 1.0,
            (true, _) => shares[at] * down[tree.items[at].parent],
        };
        match tree.items[at].leaf {
            Some(leaf) => out[leaf] = own,
            None => down[at] = if own > 0.0 { own / down[at] } else { 0.0 },
        }
    }
}

/// The policy's key of a field of a node; of the section itself, for the root.
fn place(node: &str, field: &str) -> String {
    if node.is_empty() { format!("score.{field}") } else { format!("score.nodes.{node}.{field}") }
}

/// The shares of one node's children, fitted on the rows that parameters are fitted on.
pub(super) fn weigh(
    plan: &Plan,
    recipe: &Recipe,
    at: usize,
    treated: &Matrix,
    values: &Matrix,
) -> Result<Found, String> {
    let method = &recipe.nodes[at];
    let children = plan.tree.items[at].children.clone();
    let items = &plan.tree.items[children.clone()];
    let keys: Vec<&str> = items.iter().map(|item| item.key.as_str()).collect();
    let siblings = Siblings {
        keys: &keys,
        values: &[],
        treated: &[],
        signs: &[],
        declared: &recipe.shares[children.clone()],
        aggregate: &method.aggregate,
        groups: &[],
        min_available: method.min_available,
    };
    if !method.weights.get().reads() {
        return method.weights.get().weigh(&siblings);
    }
    // Where each row stands among those that are fitted on.
    let on: Vec<u32> = match &plan.fit {
        None => (0..plan.table.rows() as u32).collect(),
        Some(fit) => (0..plan.table.rows() as u32).filter(|&row| fit[row as usize]).collect(),
    };
    let pick = |column: &[f64]| -> Vec<f64> { on.iter().map(|&row| column[row as usize]).collect() };
    let points: Matrix = values[children].iter().map(|column| pick(column)).collect();
    let own = |item: &super::tree::Item, points: &[f64]| {
        item.leaf.map_or_else(|| points.to_vec(), |leaf| pick(&treated[leaf]))
    };
    let own: Matrix = items.iter().zip(&points).map(|(item, points)| own(item, points)).collect();
    let signs: Vec<f64> =
        items.iter().map(|item| item.leaf.map_or(1.0, |leaf| recipe.leaves[leaf].direction.sign())).collect();
    let mut groups = vec![Vec::new(); plan.scope.members.len()];
    for (place, &row) in on.iter().enumerate() {
        groups[plan.scope.of[row as usize] as usize].push(place as u32);
    }
    groups.retain(|group| !group.is_empty());
    method.weights.get().weigh(&Siblings {
        values: &points.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        treated: &own.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        signs: &signs,
        groups: &groups,
        ..siblings
    })
}
