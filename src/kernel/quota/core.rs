//! Exchanges: what can change hands at little reduced cost, and the search for the changes that
//! pay.
//!
//! Against prices and multipliers of bound L, an assignment with quotas kept costs exactly
//! L + (reduced costs of its pairs, open rows and unused columns) + Σ |multiplier| · (distance of
//! each sum from the bound that its multiplier speaks of). Two assignments differ by disjoint
//! exchanges: a row gives up its column and takes another row's, and so on, until somebody takes a
//! free column, stays open, or takes the first one's. The search is over such chains, best first,
//! with one label per (row that waits, change of the quotas' sums): shortest paths with resources
//! (S. Irnich and G. Desaulniers, "Shortest path problems with resource constraints", in *Column
//! Generation*, Springer 2005), the changes of the sums being the resources.

use super::engine::{Engine, Limits};
use super::label::{Hopes, Label, Labels, Quest, Stop, mix, waiting, within};
use super::problem::QuotaProblem;
use super::search::NONE;

/// Longest chain of an exchange.
const CHAIN: u32 = 16;

/// Quotas of more rows do not start further chains.
const MANY: usize = 4_096;

/// A way a row can be filled.
#[derive(Clone, Copy)]
struct Way {
    edge: u32,
    column: u32,
    reduced: i64,
}

/// An assignment on the way, with everything measured against fixed prices.
pub(super) struct Core<'a> {
    pub problem: &'a QuotaProblem,
    lambda: Vec<i64>,
    starts: Vec<u32>,
    options: Vec<Way>,
    open: Vec<i64>,
    idle: Vec<i64>,
    /// Column of each row.
    pub mate: Vec<u32>,
    holder: Vec<u32>,
    edge: Vec<u32>,
    reduced: Vec<i64>,
    /// Sums of the quotas.
    pub sums: Vec<i64>,
    /// Penalty per unit of each hard quota's violation, on top of its multiplier.
    pub penalty: i64,
    /// Labels looked at so far.
    pub work: u64,
    memory: Labels,
}

impl<'a> Core<'a> {
    /// The engine's pairs, prices and multipliers; edges up to a reduced cost of which about
    /// `width` edges a row are kept.
    pub fn new(engine: &Engine<'a>, width: usize) -> Core<'a> {
        let problem = engine.problem;
        let (u, v) = (&engine.rows.price, &engine.columns.price);
        let mut all: Vec<i64> = Vec::with_capacity(problem.heads.len());
        for (row, u) in u.iter().enumerate() {
            all.extend(problem.range(row).map(|e| engine.costs[e] - u - v[problem.heads[e] as usize]));
        }
        let wanted = (width * problem.rows()).max(64);
        let mut ranked = all.clone();
        let limit = if wanted < ranked.len() { *ranked.select_nth_unstable(wanted).1 } else { i64::MAX };
        let mut starts = vec![0u32];
        let mut options = Vec::new();
        for row in 0..problem.rows() {
            let from = options.len();
            for edge in problem.range(row).filter(|e| all[*e] <= limit) {
                options.push(Way { edge: edge as u32, column: problem.heads[edge], reduced: all[edge] });
            }
            options[from..].sort_unstable_by_key(|o| (o.reduced, o.column));
            starts.push(options.len() as u32);
        }
        let mate = engine.rows.mate.clone();
        let find =
            |row: usize| if mate[row] == NONE { NONE } else { problem.edge(row, mate[row]).map_or(NONE, |e| e as u32) };
        let edge: Vec<u32> = (0..problem.rows()).map(find).collect();
        let open: Vec<i64> = engine.open.iter().zip(u).map(|(o, u)| o - u).collect();
        let reduced =
            (0..problem.rows()).map(|r| if edge[r] == NONE { open[r] } else { all[edge[r] as usize] }).collect();
        Core {
            problem,
            lambda: engine.lambda.clone(),
            starts,
            options,
            open,
            idle: v.iter().map(|v| -v).collect(),
            holder: engine.columns.mate.clone(),
            mate,
            edge,
            reduced,
            sums: engine.sums.clone(),
            penalty: 0,
            work: 0,
            memory: Labels::default(),
        }
    }

    /// What a sum adds to the gap, with the penalty for what must not be.
    fn toll(&self, quota: u32, sum: i64) -> i64 {
        let (q, lambda) = (&self.problem.quotas[quota as usize], self.lambda[quota as usize]);
        let natural = lambda.saturating_mul(Limits::of(q).side(lambda).saturating_sub(sum));
        let (short, excess) = q.misses(sum);
        let price = |soft: Option<i64>| match soft {
            Some(price) => price.saturating_mul(self.problem.scale),
            None => self.penalty.saturating_add(lambda.abs()),
        };
        let fine =
            price(q.short_price).saturating_mul(short).saturating_add(price(q.excess_price).saturating_mul(excess));
        natural.saturating_add(fine)
    }

    /// Units of violation of hard quotas.
    pub fn violated(&self) -> Vec<u32> {
        let quotas = self.problem.quotas.iter().zip(&self.sums).enumerate();
        quotas.filter(|(_, (q, s))| q.violation(**s) > 0).map(|(at, _)| at as u32).collect()
    }

    /// Mean reduced cost of the edges kept.
    pub fn mean_option(&self) -> i64 {
        let sum: i128 = self.options.iter().map(|o| i128::from(o.reduced)).sum();
        (sum / self.options.len().max(1) as i128) as i64
    }

    /// What this quota and the rows under it add to the gap.
    pub fn toll_of(&self, quota: u32) -> i64 {
        self.toll(quota, self.sums[quota as usize])
    }

    /// Reduced cost that a row bears.
    pub fn burden(&self, row: u32) -> i64 {
        self.reduced[row as usize]
    }

    /// The present pairs.
    pub fn choice(&self) -> Vec<Option<u32>> {
        self.mate.iter().map(|m| (*m != NONE).then_some(*m)).collect()
    }

    /// Changes of the sums when a row goes from its present edge to another (or none).
    fn moves(&self, row: usize, to: u32, into: &mut Vec<(u32, i64)>) {
        self.problem.changes(row, [self.edge[row], to], into);
    }

    /// Merit of further changes on top of those of a label, and the key of them all.
    fn weigh(&self, label: &Label, moves: &[(u32, i64)], changes: &[(u32, i64)]) -> (i64, u64) {
        let (mut merit, mut key) = (0i64, label.key);
        for &(quota, change) in moves {
            let before =
                changes[label.from as usize..label.to as usize].iter().find(|c| c.0 == quota).map_or(0, |c| c.1);
            let sum = self.sums[quota as usize] + before;
            merit = merit.saturating_add(self.toll(quota, sum + change).saturating_sub(self.toll(quota, sum)));
            key = key.wrapping_add(mix(u64::from(quota)).wrapping_mul(change as u64));
        }
        (merit, key)
    }

    /// Looks for the exchange that starts at the rows and lowers the gap (with penalties) most:
    /// up to `chains` disjoint chains. Labels that have lost `reach` or more are dropped, and at
    /// most `labels` are looked at. Makes the exchange and returns the change, 0 if there is none.
    pub fn exchange(&mut self, roots: &[u32], reach: i64, labels: usize, chains: u32) -> i64 {
        let mut memory = std::mem::take(&mut self.memory);
        memory.restart(roots);
        let mut quest = Quest { reach, chains, merit: 0, at: NONE, edge: NONE };
        let mut seen = 0;
        while let Some((merit, at)) = memory.pop() {
            seen += 1;
            if merit >= quest.limit() || seen > labels {
                break;
            }
            if memory.all[at as usize].row == NONE {
                self.begin(&mut memory, at);
            } else {
                self.expand(&mut memory, at, &mut quest);
            }
        }
        self.work += memory.all.len() as u64;
        if quest.at != NONE {
            let targets = self.targets(&memory.all, &quest);
            self.replace(&targets);
        }
        self.memory = memory;
        quest.merit
    }

    /// A chain begins: the first from the roots, a further one from the rows of any quota that the
    /// chains so far have left in need.
    fn begin(&self, memory: &mut Labels, at: u32) {
        let label = memory.all[at as usize];
        if label.chains == 0 {
            for row in std::mem::take(&mut memory.roots) {
                self.root(memory, at, row);
            }
            return;
        }
        for place in label.from..label.to {
            let (quota, change) = memory.changes[place as usize];
            let rows = &self.problem.quotas[quota as usize].rows;
            if rows.len() <= MANY && self.toll(quota, self.sums[quota as usize] + change) > 0 {
                rows.iter().for_each(|row| self.root(memory, at, *row));
            }
        }
    }

    fn root(&self, memory: &mut Labels, at: u32, row: u32) {
        let label = memory.all[at as usize];
        let merit = label.merit.saturating_sub(self.reduced[row as usize]);
        if memory.is_new(waiting(label.key, row), merit) && !within(&memory.all, at, row) {
            memory.push(Label { row, root: row, before: at, closed: NONE, merit, ..label });
        }
    }

    /// Every way in which the waiting row of a label can be filled.
    fn expand(&self, memory: &mut Labels, at: u32, quest: &mut Quest) {
        let label = memory.all[at as usize];
        let row = label.row as usize;
        let given = self.mate[label.root as usize];
        // A chain that does not close on the first row leaves its column unused.
        let leaves = if given == NONE { 0 } else { self.idle[given as usize] };
        let mut moves = std::mem::take(&mut memory.moves);

        if self.edge[row] != NONE {
            self.moves(row, NONE, &mut moves);
            let (toll, key) = self.weigh(&label, &moves, &memory.changes);
            let merit = label.merit.saturating_add(self.open[row]).saturating_add(leaves).saturating_add(toll);
            memory.close(quest, Stop { at, edge: NONE, merit, key }, &moves);
        }
        // Ways come in order of reduced cost.
        let hope = self.hope(row, &memory.changes[label.from as usize..label.to as usize], &mut memory.hopes);
        for way in &self.options[self.starts[row] as usize..self.starts[row + 1] as usize] {
            if i128::from(label.merit.saturating_add(way.reduced)) - hope >= i128::from(quest.limit()) {
                break;
            }
            if way.edge == self.edge[row] {
                continue;
            }
            let holder = self.holder[way.column as usize];
            self.moves(row, way.edge, &mut moves);
            let (toll, key) = self.weigh(&label, &moves, &memory.changes);
            let merit = label.merit.saturating_add(way.reduced).saturating_add(toll);
            if way.column == given {
                memory.close(quest, Stop { at, edge: way.edge, merit, key }, &moves);
            } else if holder == NONE {
                let merit = merit.saturating_add(leaves).saturating_sub(self.idle[way.column as usize]);
                if label.chains == 0 || !self.taken(&memory.all, at, way.column) {
                    memory.close(quest, Stop { at, edge: way.edge, merit, key }, &moves);
                }
            } else {
                let merit = merit.saturating_sub(self.reduced[holder as usize]);
                if label.length + 1 < CHAIN
                    && merit < quest.limit()
                    && !within(&memory.all, at, holder)
                    && memory.is_new(waiting(key, holder), merit)
                {
                    let (from, to) = memory.merge(&label, &moves);
                    let length = label.length + 1;
                    memory.push(Label { row: holder, before: at, length, merit, key, from, to, ..label });
                }
            }
        }
        memory.moves = moves;
    }

    /// All that a row's quotas could still win after changes; without any it is remembered for this search.
    fn hope(&self, row: usize, changes: &[(u32, i64)], hopes: &mut Hopes) -> i128 {
        let of = &self.problem.row_quotas[row];
        let need = |quota: u32, change: i64| i128::from(self.toll(quota, self.sums[quota as usize] + change).max(0));
        let before = *hopes.entry(mix(row as u64)).or_insert_with(|| of.iter().map(|quota| need(*quota, 0)).sum());
        let concern = changes.iter().filter(|change| of.binary_search(&change.0).is_ok());
        before + concern.map(|(quota, change)| need(*quota, *change) - need(*quota, 0)).sum::<i128>()
    }

    /// Whether an earlier chain of this label ended by taking the free column.
    fn taken(&self, labels: &[Label], mut at: u32, column: u32) -> bool {
        while at != NONE {
            let label = &labels[at as usize];
            if label.row == NONE && label.closed != NONE && self.problem.heads[label.closed as usize] == column {
                return true;
            }
            at = label.before;
        }
        false
    }

    /// The rows of an exchange with the edges they take.
    fn targets(&self, labels: &[Label], quest: &Quest) -> Vec<(usize, u32)> {
        let mut targets = Vec::new();
        let (mut at, mut edge) = (quest.at, quest.edge);
        while at != NONE {
            let label = &labels[at as usize];
            if label.row == NONE {
                edge = label.closed;
            } else {
                let row = label.row as usize;
                targets.push((row, edge));
                // Whoever stands before it takes its column.
                if label.before != NONE && labels[label.before as usize].row != NONE {
                    let before = labels[label.before as usize].row as usize;
                    edge = self.problem.edge(before, self.mate[row]).map_or(NONE, |e| e as u32);
                }
            }
            at = label.before;
        }
        targets
    }

    /// Gives rows new edges (NONE: open); columns must end up with one row at most.
    pub fn replace(&mut self, targets: &[(usize, u32)]) {
        let mut moves = Vec::new();
        for &(row, edge) in targets {
            self.moves(row, edge, &mut moves);
            for (quota, change) in &moves {
                self.sums[*quota as usize] += change;
            }
            if self.mate[row] != NONE {
                self.holder[self.mate[row] as usize] = NONE;
            }
        }
        for &(row, edge) in targets {
            self.edge[row] = edge;
            if edge == NONE {
                self.mate[row] = NONE;
                self.reduced[row] = self.open[row];
                continue;
            }
            let column = self.problem.heads[edge as usize];
            self.mate[row] = column;
            self.holder[column as usize] = row as u32;
            let options = &self.options[self.starts[row] as usize..self.starts[row + 1] as usize];
            self.reduced[row] = options.iter().find(|o| o.edge == edge).map_or(0, |o| o.reduced);
        }
    }
}
