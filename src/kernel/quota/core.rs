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

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::engine::{Engine, side};
use super::problem::QuotaProblem;
use super::search::NONE;

/// Longest chain of an exchange.
const CHAIN: u32 = 16;

/// Quotas of more rows do not start further chains.
const MANY: usize = 4_096;

/// A way a row can be filled.
#[derive(Clone, Copy)]
struct Option_ {
    edge: u32,
    column: u32,
    reduced: i64,
}

/// An assignment on the way, with everything measured against fixed prices.
pub(super) struct Core<'a> {
    pub problem: &'a QuotaProblem,
    lambda: Vec<i64>,
    starts: Vec<u32>,
    options: Vec<Option_>,
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
    memory: Memory,
}

#[derive(Clone, Copy)]
struct Label {
    /// The row that waits; [`NONE`]: the chain has closed and another may begin.
    row: u32,
    /// How it closed: the edge that the row before took, or [`NONE`] if that row stays open.
    closed: u32,
    /// How many chains have closed.
    chains: u32,
    before: u32,
    root: u32,
    length: u32,
    merit: i64,
    key: u64,
    from: u32,
    to: u32,
}

#[derive(Default)]
struct Memory {
    labels: Vec<Label>,
    changes: Vec<(u32, i64)>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    known: HashMap<u64, i64, BuildHasherDefault<Mix>>,
    roots: Vec<u32>,
    move_: Vec<(u32, i64)>,
}

/// Keys are mixed already.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The best way to end so far: the change, the label of the last row and the edge it takes
/// ([`NONE`]: it stays open).
#[derive(Clone, Copy)]
struct Best {
    merit: i64,
    at: u32,
    edge: u32,
}

impl<'a> Core<'a> {
    /// The engine's pairs, prices and multipliers; edges up to a reduced cost of which about
    /// `width` edges a row are kept.
    pub fn new(engine: &Engine<'a>, width: usize) -> Core<'a> {
        let problem = engine.problem;
        let (u, v) = (&engine.rows.price, &engine.columns.price);
        let mut all: Vec<i64> = Vec::with_capacity(problem.heads.len());
        for row in 0..problem.rows() {
            all.extend(problem.range(row).map(|e| engine.costs[e] - u[row] - v[problem.heads[e] as usize]));
        }
        let wanted = (width * problem.rows()).max(64);
        let mut ranked = all.clone();
        let limit = if wanted < ranked.len() { *ranked.select_nth_unstable(wanted).1 } else { i64::MAX };
        let mut starts = vec![0u32];
        let mut options = Vec::new();
        for row in 0..problem.rows() {
            let from = options.len();
            for edge in problem.range(row).filter(|e| all[*e] <= limit) {
                options.push(Option_ { edge: edge as u32, column: problem.heads[edge], reduced: all[edge] });
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
            memory: Memory::default(),
        }
    }

    /// What a sum adds to the gap, with the penalty for what must not be.
    fn toll(&self, quota: u32, sum: i64) -> i64 {
        let (q, lambda) = (&self.problem.quotas[quota as usize], self.lambda[quota as usize]);
        let natural = lambda * (side(q, lambda) - sum);
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

    /// Whether a hard bound of this quota is violated.
    pub fn is_violated(&self, quota: u32) -> bool {
        self.problem.quotas[quota as usize].violation(self.sums[quota as usize]) > 0
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

    /// Distance of the assignment from the bound, in steps; meaningful when nothing is violated.
    pub fn gap(&self) -> i128 {
        let pairs: i128 = self.reduced.iter().map(|r| i128::from(*r)).sum();
        let idle = self.holder.iter().zip(&self.idle).filter(|(h, _)| **h == NONE).map(|(_, i)| i128::from(*i));
        let tolls = (0..self.sums.len()).map(|q| i128::from(self.toll_of(q as u32)));
        pairs + idle.sum::<i128>() + tolls.sum::<i128>()
    }

    /// The present pairs.
    pub fn choice(&self) -> Vec<Option<u32>> {
        self.mate.iter().map(|m| (*m != NONE).then_some(*m)).collect()
    }

    /// Changes of the sums when a row goes from its present edge to another (or none).
    fn moves(&self, row: usize, to: u32, into: &mut Vec<(u32, i64)>) {
        into.clear();
        let from = self.edge[row];
        if from == to
            || (from != NONE && to != NONE && self.problem.class[from as usize] == self.problem.class[to as usize])
        {
            return;
        }
        for quota in &self.problem.row_quotas[row] {
            let of = |edge: u32| if edge == NONE { 0 } else { self.problem.coefficient(*quota, edge as usize) };
            let change = of(to) - of(from);
            if change != 0 {
                into.push((*quota, change));
            }
        }
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
        memory.labels.clear();
        memory.changes.clear();
        memory.heap.clear();
        memory.known.clear();
        memory.roots.clear();
        memory.roots.extend_from_slice(roots);
        let start = Label {
            row: NONE,
            closed: NONE,
            chains: 0,
            before: NONE,
            root: NONE,
            length: 0,
            merit: 0,
            key: 0,
            from: 0,
            to: 0,
        };
        memory.labels.push(start);
        memory.heap.push(Reverse((0, 0)));
        let mut best = Best { merit: 0, at: NONE, edge: NONE };
        let mut popped = 0;
        while let Some(Reverse((merit, at))) = memory.heap.pop() {
            popped += 1;
            if merit >= limit(&best, reach) || popped > labels {
                break;
            }
            if memory.labels[at as usize].row == NONE {
                self.begin(&mut memory, at);
            } else {
                self.expand(&mut memory, at, reach, chains, &mut best);
            }
        }
        self.work += memory.labels.len() as u64;
        if best.at != NONE {
            let targets = self.targets(&memory.labels, best);
            self.replace(&targets);
        }
        self.memory = memory;
        best.merit
    }

    /// A chain begins: the first from the roots, a further one from the rows of any quota that the
    /// chains so far have left in need.
    fn begin(&self, memory: &mut Memory, at: u32) {
        let label = memory.labels[at as usize];
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

    fn root(&self, memory: &mut Memory, at: u32, row: u32) {
        let label = memory.labels[at as usize];
        let merit = label.merit - self.reduced[row as usize];
        let known = label.key ^ mix(u64::from(row) | 1 << 40);
        if memory.known.get(&known).is_some_and(|k| *k <= merit) || within(&memory.labels, at, row) {
            return;
        }
        memory.known.insert(known, merit);
        let next = Label { row, root: row, before: at, closed: NONE, merit, ..label };
        memory.heap.push(Reverse((merit, memory.labels.len() as u32)));
        memory.labels.push(next);
    }

    fn expand(&self, memory: &mut Memory, at: u32, reach: i64, chains: u32, best: &mut Best) {
        let label = memory.labels[at as usize];
        let row = label.row as usize;
        let given = self.mate[label.root as usize];
        // A chain that does not close on the first row leaves its column unused.
        let leaves = if given == NONE { 0 } else { self.idle[given as usize] };
        let mut moves = std::mem::take(&mut memory.move_);

        if self.edge[row] != NONE {
            self.moves(row, NONE, &mut moves);
            let (toll, key) = self.weigh(&label, &moves, &memory.changes);
            let merit = label.merit.saturating_add(self.open[row]).saturating_add(leaves).saturating_add(toll);
            close(memory, best, at, NONE, merit, key, &moves, (reach, chains));
        }
        for option in &self.options[self.starts[row] as usize..self.starts[row + 1] as usize] {
            if option.edge == self.edge[row] {
                continue;
            }
            let holder = self.holder[option.column as usize];
            self.moves(row, option.edge, &mut moves);
            let (toll, key) = self.weigh(&label, &moves, &memory.changes);
            let merit = label.merit.saturating_add(option.reduced).saturating_add(toll);
            if holder == NONE || option.column == given {
                let end = if holder == NONE { leaves - self.idle[option.column as usize] } else { 0 };
                if holder != NONE || label.chains == 0 || !self.taken(&memory.labels, at, option.column) {
                    close(memory, best, at, option.edge, merit + end, key, &moves, (reach, chains));
                }
                continue;
            }
            let merit = merit - self.reduced[holder as usize];
            if label.length + 1 >= CHAIN || merit >= limit(best, reach) {
                continue;
            }
            let known = key ^ mix(u64::from(holder) | 1 << 40);
            if memory.known.get(&known).is_some_and(|k| *k <= merit) || within(&memory.labels, at, holder) {
                continue;
            }
            memory.known.insert(known, merit);
            let (from, to) = merge(&mut memory.changes, &label, &moves);
            let next = Label { row: holder, before: at, length: label.length + 1, merit, key, from, to, ..label };
            memory.heap.push(Reverse((merit, memory.labels.len() as u32)));
            memory.labels.push(next);
        }
        memory.move_ = moves;
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
    fn targets(&self, labels: &[Label], best: Best) -> Vec<(usize, u32)> {
        let mut targets = Vec::new();
        let (mut at, mut edge) = (best.at, best.edge);
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

/// What a label's merit must stay below.
fn limit(best: &Best, reach: i64) -> i64 {
    best.merit.saturating_add(reach)
}

/// A chain closes: perhaps the best way to end, perhaps only the first of several chains.
#[allow(clippy::too_many_arguments)]
fn close(
    memory: &mut Memory,
    best: &mut Best,
    at: u32,
    edge: u32,
    merit: i64,
    key: u64,
    moves: &[(u32, i64)],
    (reach, chains): (i64, u32),
) {
    if merit < best.merit {
        *best = Best { merit, at, edge };
    }
    let label = memory.labels[at as usize];
    if label.chains + 1 >= chains || merit >= limit(best, reach) {
        return;
    }
    let known = key ^ mix(1 << 41);
    if memory.known.get(&known).is_some_and(|k| *k <= merit) {
        return;
    }
    memory.known.insert(known, merit);
    let (from, to) = merge(&mut memory.changes, &label, moves);
    let next = Label {
        row: NONE,
        closed: edge,
        chains: label.chains + 1,
        before: at,
        root: NONE,
        length: 0,
        merit,
        key,
        from,
        to,
    };
    memory.heap.push(Reverse((merit, memory.labels.len() as u32)));
    memory.labels.push(next);
}

fn within(labels: &[Label], mut at: u32, row: u32) -> bool {
    while at != NONE {
        let label = &labels[at as usize];
        if label.row == row {
            return true;
        }
        at = label.before;
    }
    false
}

fn merge(changes: &mut Vec<(u32, i64)>, label: &Label, moves: &[(u32, i64)]) -> (u32, u32) {
    if moves.is_empty() {
        return (label.from, label.to);
    }
    let from = changes.len();
    for at in label.from as usize..label.to as usize {
        let change = changes[at];
        changes.push(change);
    }
    for &(quota, change) in moves {
        match changes[from..].iter_mut().find(|c| c.0 == quota) {
            Some(known) => known.1 += change,
            None => changes.push((quota, change)),
        }
    }
    (from as u32, changes.len() as u32)
}
