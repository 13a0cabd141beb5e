//! Replications: the index made again under the realisations of a draw.
//!
//! Three ways lead to the same scores.
//! - The pipeline itself, stage by stage. It knows every method, and is what the others are tested
//!   against.
//! - Where values stay and nodes are weighted arithmetic or geometric means: the points of each
//!   combination of options (treatment × normalisation × imputation) are made once by the pipeline,
//!   when a draw first needs them; then a replication is shares and weighted sums ([`Reuse::Points`]).
//! - The same sums on points that are made anew in every replication from presorted values, for
//!   whoever wants to see the whole pipeline repeated ([`Reuse::Nothing`]).
//!
//! Who is rated is not drawn: rows without a nominal score have none in any draw. Weights that a
//! method finds from the data are found anew where an option changes the data or the method, and are
//! then what is drawn around.

use super::board::Board;
use super::draw::{Buffers, Donated, Drawn, Stage, compile};
use super::ending::Ending;
use super::policy::Uncertainty;
use super::program::{self, Program};
use super::recompute::{self, Recompute};
use super::shares::{effective, leave_out, shares_of};
use super::tables::Tables;
use super::{Outcome, Replicate};
use crate::index::pipeline::{self, Matrix, Plan};
use crate::index::recipe::Recipe;
use crate::index::{Index, IndexError};
use crate::kernel::draw::hash;

/// From so many rows on, points do not stay in the fastest caches: two draws share a pass over them.
const MANY: usize = 4096;

/// What is kept from one replication to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reuse {
    /// Points of every combination of options.
    #[default]
    Points,
    /// Nothing that a factor touches.
    Nothing,
}

/// Replications of one index.
#[derive(Debug)]
pub struct Replicator<'a> {
    pub(super) plan: &'a Plan<'a>,
    recipe: &'a Recipe,
    drawn: Vec<Drawn>,
    /// Row by place: scores are made in this order, that in which they are ranked.
    order: Vec<u32>,
    /// Place by row.
    places: Vec<u32>,
    ending: Ending,
    /// Hashes of the units' names and of the indicators' keys.
    names: Vec<u64>,
    keys: Vec<u64>,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Pipeline,
    Tables(Tables),
    Recompute(Box<Recompute>, Tables),
}

/// Buffers of one worker.
#[derive(Clone, Debug)]
pub struct Worker {
    /// By place.
    scores: Vec<f64>,
    by_row: Vec<f64>,
    /// By place in the tree.
    shares: Vec<f64>,
    /// By leaf.
    weights: Vec<f64>,
    down: Vec<f64>,
    options: Vec<usize>,
    draws: Buffers,
    program: program::Buffers,
    recompute: recompute::Buffers,
    /// A draw made ahead, together with the one before: its realisations, empty if there is none.
    ahead: Option<Box<Worker>>,
    made: Vec<u64>,
}

impl<'a> Replicator<'a> {
    /// Makes a policy's factors ready. `index` is the nominal one of plan and recipe.
    ///
    /// # Errors
    /// A factor does not fit the policy or the table: its key, and one sentence.
    pub fn new(
        plan: &'a Plan<'a>,
        recipe: &'a Recipe,
        index: &Index,
        uncertainty: &Uncertainty,
        seed: u64,
        reuse: Reuse,
    ) -> Result<Replicator<'a>, IndexError> {
        let board = Board::new(&plan.scope, &plan.table.units, &plan.table.periods, &index.score);
        let mut out = Replicator {
            plan,
            recipe,
            drawn: compile(plan, uncertainty, seed)?,
            ending: Ending::new(plan, index, &board.rows),
            places: board.positions(),
            order: board.rows,
            names: plan.table.names.iter().map(|name| hash(name)).collect(),
            keys: plan.tree.leaves.iter().map(|&at| hash(&plan.tree.items[at].key)).collect(),
            way: Way::Pipeline,
        };
        if let Some(tables) = Tables::new(&out, reuse) {
            out.way = match reuse {
                Reuse::Points => Way::Tables(tables),
                Reuse::Nothing => match Recompute::new(&out, &tables, index) {
                    Some(recompute) => Way::Recompute(Box::new(recompute), tables),
                    None => Way::Pipeline,
                },
            };
        }
        Ok(out)
    }

    /// The same without any shortcut: every replication goes through the pipeline, stage by stage.
    pub fn by_pipeline(mut self) -> Replicator<'a> {
        self.way = Way::Pipeline;
        self
    }

    /// Is every replication made by the pipeline, stage by stage?
    pub fn is_by_pipeline(&self) -> bool {
        matches!(self.way, Way::Pipeline)
    }

    pub(super) fn drawn(&self) -> &[Drawn] {
        &self.drawn
    }

    /// Row by place.
    pub(super) fn arranged(&self) -> &[u32] {
        &self.order
    }

    pub(super) fn rated(&self) -> &[bool] {
        &self.ending.rated
    }

    /// The recipe with an option of each factor.
    pub(super) fn recipe(&self, options: &[usize]) -> Recipe {
        let mut recipe = self.recipe.clone();
        self.drawn.iter().zip(options).for_each(|(factor, option)| factor.choose(*option, &mut recipe));
        recipe
    }

    /// Treated values and points under a recipe; realisations for the factors that change values.
    ///
    /// # Errors
    /// The recipe does not fit the table.
    pub(super) fn points(&self, recipe: &Recipe, realisations: &[u64]) -> Result<(Matrix, Matrix), String> {
        let plan = self.plan;
        pipeline::check(plan, recipe).map_err(|(key, message)| format!("{key}: {message}"))?;
        let raw = pipeline::raw(plan, recipe);
        let mut measured = pipeline::denominate(plan, recipe, &raw, None).values;
        for (factor, realisation) in self.drawn.iter().zip(realisations) {
            factor.err(*realisation, &plan.table.units, &self.names, &mut measured);
        }
        let (mut values, marks) = pipeline::impute(plan, recipe, &measured);
        let units = &plan.table.units;
        let from = Donated { measured: &measured, marks: &marks, units, names: &self.names, leaves: &self.keys };
        for (factor, realisation) in self.drawn.iter().zip(realisations) {
            factor.donate(*realisation, &from, &mut values);
        }
        let (treated, _) = pipeline::treat(plan, recipe, &values, None);
        let (points, _) = pipeline::normalise(plan, recipe, &treated, None);
        Ok((treated, points))
    }

    /// One replication, `held` weights of the leaves instead of drawn ones if given.
    fn make(&self, realisations: &[u64], held: Option<&[f64]>, worker: &mut Worker) -> Result<(), String> {
        worker.options.clear();
        worker.options.extend(self.drawn.iter().zip(realisations).map(|(factor, r)| factor.choice(*r)));
        let done = match &self.way {
            Way::Pipeline => false,
            Way::Tables(tables) => {
                let code = tables.code(&worker.options);
                let points = tables.points(self, code)?;
                self.sums(tables, code, realisations, held, worker, |program, worker| {
                    let clash =
                        program.logs(&self.plan.tree).iter().zip(&points.negative).any(|(log, bad)| *log && *bad);
                    let Worker { shares, scores, program: buffers, .. } = worker;
                    !clash
                        && program
                            .run(&self.plan.tree, shares, (&points.layout, &points.cells), scores, buffers)
                            .is_ok()
                })?
            }
            Way::Recompute(recompute, tables) => {
                let code = tables.code(&worker.options);
                self.sums(tables, code, realisations, held, worker, |program, worker| {
                    let Worker { shares, scores, program: buffers, recompute: cells, .. } = worker;
                    recompute.fill(code.points, program, cells);
                    program.run(&self.plan.tree, shares, (&recompute.layout, &cells.cells), scores, buffers).is_ok()
                })?
            }
        };
        if !done {
            self.pipeline(realisations, held, worker)?;
        }
        self.ending.finish(&mut worker.scores);
        Ok(())
    }

    /// Two replications in one pass over the points, the second one ahead; `false` where each is to be made on
    /// its own.
    fn make_pair(&self, realisations: [&[u64]; 2], [worker, ahead]: [&mut Worker; 2]) -> bool {
        let Way::Tables(tables) = &self.way else { return false };
        let mut code = None;
        for (realisations, worker) in realisations.into_iter().zip([&mut *worker, &mut *ahead]) {
            worker.options.clear();
            worker.options.extend(self.drawn.iter().zip(realisations).map(|(factor, r)| factor.choice(*r)));
            let own = tables.code(&worker.options);
            let Ok(shares) = tables.shares(self, own) else { return false };
            worker.shares.clear();
            worker.shares.extend_from_slice(shares);
            if *code.get_or_insert(own) != own || self.draw_shares(realisations, None, worker).is_err() {
                return false;
            }
        }
        let Some((program, points)) =
            code.and_then(|code| Some((tables.program(code)?, tables.points(self, code).ok()?)))
        else {
            return false;
        };
        let done = program.run_pair(
            &self.plan.tree,
            [&worker.shares, &ahead.shares],
            (&points.layout, &points.cells),
            [&mut worker.scores, &mut ahead.scores],
            [&mut worker.program, &mut ahead.program],
        );
        if done {
            self.ending.finish(&mut worker.scores);
            self.ending.finish(&mut ahead.scores);
            ahead.made.extend_from_slice(realisations[1]);
        }
        done
    }

    /// Shares, then scores by the sums of a program; `false` where only the pipeline can say.
    fn sums(
        &self,
        tables: &Tables,
        code: super::tables::Code,
        realisations: &[u64],
        held: Option<&[f64]>,
        worker: &mut Worker,
        run: impl FnOnce(&Program, &mut Worker) -> bool,
    ) -> Result<bool, String> {
        let Some(program) = tables.program(code) else { return Ok(false) };
        worker.shares.clear();
        worker.shares.extend_from_slice(tables.shares(self, code)?);
        self.draw_shares(realisations, held, worker)?;
        Ok(run(program, worker))
    }

    /// Draws around the shares in the worker, or holds the leaves' weights.
    fn draw_shares(&self, realisations: &[u64], held: Option<&[f64]>, worker: &mut Worker) -> Result<(), String> {
        let tree = &self.plan.tree;
        let Worker { shares, draws, down, weights, .. } = worker;
        match held {
            Some(held) => shares_of(tree, 0, tree.leaves.iter().copied().zip(held.iter().copied()), shares, down),
            None => {
                let both = || self.drawn.iter().zip(realisations).filter(|(f, _)| f.stage() == Stage::Shares);
                both().for_each(|(factor, r)| factor.shares(*r, tree, shares, draws));
                for leaf in both().filter_map(|(factor, r)| factor.left_out(*r)) {
                    if !leave_out(tree, leaf, shares) {
                        let key = &tree.items[tree.leaves[leaf]].key;
                        return Err(format!("nothing is left of the index without {key}"));
                    }
                }
            }
        }
        effective(tree, shares, down, weights);
        Ok(())
    }

    /// The replication by the pipeline, stage by stage.
    fn pipeline(&self, realisations: &[u64], held: Option<&[f64]>, worker: &mut Worker) -> Result<(), String> {
        let recipe = self.recipe(&worker.options);
        let (treated, points) = self.points(&recipe, realisations)?;
        let told = |(key, message): (String, String)| format!("{key}: {message}");
        let found = pipeline::aggregate(self.plan, &recipe, &treated, &points, None).map_err(told)?;
        worker.shares.clone_from(&found.shares);
        self.draw_shares(realisations, held, worker)?;
        let aggregated = if worker.shares == found.shares {
            found
        } else {
            pipeline::aggregate(self.plan, &recipe, &treated, &points, Some(&worker.shares)).map_err(told)?
        };
        for row in (0..self.rows()).filter(|&row| self.ending.rated[row]) {
            let score = aggregated.values[0][row];
            worker.scores[self.places[row] as usize] = score;
            if score.is_nan()
                && let Some(reason) = self.undefined(&recipe, &aggregated, row)
            {
                return Err(reason);
            }
        }
        Ok(())
    }

    /// The node that has enough children in a row but no value, if any.
    fn undefined(&self, recipe: &Recipe, aggregated: &pipeline::Aggregated, row: usize) -> Option<String> {
        let tree = &self.plan.tree;
        let at = tree.nodes_upwards().find(|&node| {
            let present = |&at: &usize| !aggregated.values[at][row].is_nan();
            let available: f64 =
                tree.items[node].children.clone().filter(present).map(|at| aggregated.shares[at]).sum();
            let enough = available > 0.0 && available >= recipe.nodes[node].min_available - 1e-9;
            enough && aggregated.values[node][row].is_nan()
        })?;
        let (node, unit) = (&tree.items[at].key, self.plan.table.name(row));
        let method = recipe.nodes[at].aggregate.method().name;
        Some(format!("{}: {method} has no value for {unit}", if node.is_empty() { "root" } else { node }))
    }

    fn outcome<'w>(&self, made: Result<(), String>, worker: &'w Worker) -> Result<Outcome<'w>, String> {
        made.map(|()| Outcome { scores: &worker.scores, weights: &worker.weights })
    }

    /// The outcome with scores by row.
    fn outcome_by_row<'w>(&self, made: Result<(), String>, worker: &'w mut Worker) -> Result<Outcome<'w>, String> {
        made?;
        let Worker { scores, by_row, weights, .. } = worker;
        self.order.iter().zip(scores).for_each(|(&row, score)| by_row[row as usize] = *score);
        Ok(Outcome { scores: by_row, weights })
    }
}

impl Replicate for Replicator<'_> {
    type Worker = Worker;

    fn worker(&self) -> Worker {
        let items = self.plan.tree.items.len();
        Worker {
            scores: vec![f64::NAN; self.rows()],
            by_row: vec![f64::NAN; self.rows()],
            shares: Vec::with_capacity(items),
            weights: vec![0.0; self.leaves()],
            down: Vec::with_capacity(items),
            options: Vec::with_capacity(self.drawn.len()),
            draws: Buffers::default(),
            program: program::Buffers::default(),
            recompute: recompute::Buffers::default(),
            ahead: None,
            made: Vec::new(),
        }
    }

    fn factors(&self) -> Vec<String> {
        self.drawn.iter().map(|factor| factor.key.clone()).collect()
    }

    fn rows(&self) -> usize {
        self.plan.table.rows()
    }

    fn leaves(&self) -> usize {
        self.plan.tree.leaves.len()
    }

    fn replicate<'w>(&self, realisations: &[u64], worker: &'w mut Worker) -> Result<Outcome<'w>, String> {
        let made = self.make(realisations, None, worker);
        self.outcome_by_row(made, worker)
    }

    fn order(&self) -> Option<&[u32]> {
        Some(&self.order)
    }

    fn replicate_in_order<'w>(
        &self,
        realisations: &[u64],
        next: Option<&[u64]>,
        worker: &'w mut Worker,
    ) -> Result<Outcome<'w>, String> {
        let mut ahead = worker.ahead.take();
        let done = match (&mut ahead, next) {
            (Some(ahead), _) if !realisations.is_empty() && ahead.made == realisations => {
                std::mem::swap(&mut worker.scores, &mut ahead.scores);
                std::mem::swap(&mut worker.weights, &mut ahead.weights);
                ahead.made.clear();
                true
            }
            (_, Some(next)) if self.rows() >= MANY => {
                let ahead = ahead.get_or_insert_with(|| Box::new(self.worker()));
                ahead.made.clear();
                self.make_pair([realisations, next], [worker, ahead])
            }
            _ => false,
        };
        worker.ahead = ahead;
        let made = if done { Ok(()) } else { self.make(realisations, None, worker) };
        self.outcome(made, worker)
    }

    fn data(&self) -> Vec<bool> {
        self.drawn.iter().map(|factor| factor.stage() == Stage::Values).collect()
    }

    fn replicate_held<'w>(
        &self,
        weights: &[f64],
        realisations: &[u64],
        worker: &'w mut Worker,
    ) -> Option<Result<Outcome<'w>, String>> {
        let made = self.make(realisations, Some(weights), worker);
        Some(self.outcome_by_row(made, worker))
    }
}
