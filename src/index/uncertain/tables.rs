//! What every combination of options needs, made when a draw first asks for it and shared by all
//! workers: the points, the program of the tree, and the shares that are drawn around. Which worker
//! makes an entry changes nothing, since an entry is a function of its combination alone.

use std::sync::OnceLock;

use super::draw::Stage;
use super::layout::Points;
use super::program::Program;
use super::replicate::{Replicator, Reuse};
use crate::index::pipeline;
use crate::index::recipe::Recipe;

/// Bytes that points of all combinations may take.
const MOST: usize = 1 << 30;
/// Combinations at most.
const COMBINATIONS: usize = 4096;

/// A combination of options: numbers of the points' and of the tree's part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    pub points: usize,
    pub tree: usize,
}

/// Tables by combination.
#[derive(Debug)]
pub struct Tables {
    /// Options of each factor, 1 where it is not one of that part.
    radix: Vec<(usize, usize)>,
    programs: Vec<Option<Program>>,
    points: Vec<OnceLock<Result<Points, String>>>,
    shares: Vec<OnceLock<Result<Vec<f64>, String>>>,
    /// Do any points need their logarithms?
    logs: bool,
    /// Do shares depend on the points?
    data_driven: bool,
}

impl Tables {
    /// `None` where tables do not serve: values change with every draw, no combination's tree is one
    /// of weighted means, there are too many combinations, or (without reuse) shares depend on points.
    pub fn new(of: &Replicator, reuse: Reuse) -> Option<Tables> {
        let drawn = of.drawn();
        if drawn.iter().any(|factor| factor.stage() == Stage::Values) {
            return None;
        }
        let part = |stage| move |f: &super::draw::Drawn| if f.stage() == stage { f.options() } else { 1 };
        let radix: Vec<(usize, usize)> = drawn.iter().map(|f| (part(Stage::Points)(f), part(Stage::Tree)(f))).collect();
        let points = product(radix.iter().map(|r| r.0))?;
        let trees = product(radix.iter().map(|r| r.1))?;
        let recipe = |code: usize| of.recipe(&options(&radix, Code { points: 0, tree: code }));
        let recipes: Vec<Recipe> = (0..trees).map(recipe).collect();
        let tree = &of.plan.tree;
        let programs: Vec<Option<Program>> = recipes.iter().map(|r| Program::new(tree, &r.nodes)).collect();
        let reads = |at: usize, r: &Recipe| tree.items[at].leaf.is_none() && r.nodes[at].weights.get().reads();
        let data_driven = recipes.iter().any(|r| (0..tree.items.len()).any(|at| reads(at, r)));
        let logs = programs.iter().flatten().any(|p| p.logs(tree).contains(&true));
        let rated = of.rated().iter().filter(|r| **r).count();
        let bytes = points.saturating_mul(Points::bytes(rated, tree.leaves.len(), logs));
        let bases = trees.checked_mul(if data_driven { points } else { 1 }).filter(|n| *n <= COMBINATIONS)?;
        if programs.iter().all(Option::is_none)
            || (reuse == Reuse::Points && bytes > MOST)
            || (reuse == Reuse::Nothing && data_driven)
        {
            return None;
        }
        Some(Tables {
            radix,
            programs,
            points: (0..points).map(|_| OnceLock::new()).collect(),
            shares: (0..bases).map(|_| OnceLock::new()).collect(),
            logs,
            data_driven,
        })
    }

    /// The combination of these options.
    pub fn code(&self, options: &[usize]) -> Code {
        let mut code = Code { points: 0, tree: 0 };
        for (option, (points, tree)) in options.iter().zip(&self.radix) {
            code.points = code.points * points + if *points > 1 { *option } else { 0 };
            code.tree = code.tree * tree + if *tree > 1 { *option } else { 0 };
        }
        code
    }

    /// Combinations of options up to the points.
    pub fn combinations(&self) -> usize {
        self.points.len()
    }

    /// The recipe of a combination.
    pub fn recipe(&self, of: &Replicator, code: Code) -> Recipe {
        of.recipe(&options(&self.radix, code))
    }

    /// The tree's program; none where a node aggregates otherwise than by weighted means.
    pub fn program(&self, code: Code) -> Option<&Program> {
        self.programs[code.tree].as_ref()
    }

    /// The points.
    ///
    /// # Errors
    /// The methods do not fit the data.
    pub fn points(&self, of: &Replicator, code: Code) -> Result<&Points, String> {
        let make = || {
            let (_, points) = of.points(&self.recipe(of, code), &[])?;
            Ok(Points::new(&points, of.rated(), of.arranged(), self.logs))
        };
        self.points[code.points].get_or_init(make).as_ref().map_err(Clone::clone)
    }

    /// The shares that are drawn around.
    ///
    /// # Errors
    /// A weighting method does not fit the data.
    pub fn shares(&self, of: &Replicator, code: Code) -> Result<&[f64], String> {
        let at = if self.data_driven { code.tree * self.points.len() + code.points } else { code.tree };
        let make = || {
            let recipe = self.recipe(of, code);
            let told = |(key, message): (String, String)| format!("{key}: {message}");
            if self.data_driven {
                let (treated, points) = of.points(&recipe, &[])?;
                return Ok(pipeline::aggregate(of.plan, &recipe, &treated, &points, None).map_err(told)?.shares);
            }
            let mut shares = recipe.shares.clone();
            for node in of.plan.tree.nodes_upwards().filter(|&at| !of.plan.tree.items[at].children.is_empty()) {
                let found = pipeline::weigh(of.plan, &recipe, node, &Vec::new(), &Vec::new());
                let found = found.map_err(|message| format!("{}: {message}", of.plan.tree.items[node].key))?;
                shares[of.plan.tree.items[node].children.clone()].copy_from_slice(&found.shares);
            }
            Ok(shares)
        };
        self.shares[at].get_or_init(make).as_deref().map_err(Clone::clone)
    }
}

/// The product, if it is not too great.
fn product(factors: impl Iterator<Item = usize>) -> Option<usize> {
    let mut factors = factors;
    factors.try_fold(1_usize, |all, n| all.checked_mul(n).filter(|all| *all <= COMBINATIONS))
}

/// Options by factor of a combination.
fn options(radix: &[(usize, usize)], mut code: Code) -> Vec<usize> {
    let mut out = vec![0; radix.len()];
    for (slot, (points, tree)) in out.iter_mut().zip(radix).rev() {
        *slot = if *points > 1 { code.points % points } else { code.tree % tree };
        (code.points, code.tree) = (code.points / points, code.tree / tree);
    }
    out
}
