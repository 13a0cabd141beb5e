//! Trees of weighted arithmetic and geometric means, made flat. Below an arithmetic node arithmetic
//! nodes are only weights, and below a geometric one geometric nodes are, in logarithms: the tree
//! falls into parts that are one weighted sum each, over leaves and over the parts below.
//!
//! One replication costs O(patterns · items) for the effective weights and O(rows · leaves) for the
//! sums.

use super::layout::{Cells, Layout, NONE, Run};
use crate::index::aggregate::Aggregate;
use crate::index::recipe::NodeRecipe;
use crate::index::tree::Tree;
use crate::kernel::lanes::{self, LANES, Lanes};
use multiversion::multiversion;

/// Room for rounding error where shares are compared with the policy's decimals, as in aggregation.
const SLACK: f64 = 1e-9;

/// A tree whose nodes are weighted arithmetic or geometric means.
#[derive(Clone, Debug)]
pub struct Program {
    /// Is the node's value a sum of logarithms, by place in the tree?
    logs: Vec<bool>,
    /// Least share of the children that must be present, by place in the tree.
    least: Vec<f64>,
    /// Parts, those below first; the root's is the last.
    parts: Vec<Part>,
    /// Which part a node is the top of.
    part: Vec<Option<usize>>,
}

#[derive(Clone, Debug)]
struct Part {
    top: usize,
    log: bool,
    /// (place in the tree, leaf)
    leaves: Vec<(usize, usize)>,
    /// (place in the tree, part)
    below: Vec<(usize, usize)>,
}

/// Buffers of one worker.
#[derive(Clone, Debug, Default)]
pub struct Buffers {
    available: Vec<f64>,
    weights: Vec<f64>,
    present: Vec<bool>,
    terms: Vec<Terms>,
    /// Terms of two sums.
    pairs: Vec<(u32, [f64; 2])>,
    values: Vec<Lanes>,
}

/// One part's sum: what is added up and with which weight. Nothing that weighs 0 is among it.
#[derive(Clone, Debug, Default)]
struct Terms {
    /// Offset in the block, weight.
    leaves: Vec<(u32, f64)>,
    /// Part, weight.
    below: Vec<(u32, f64)>,
}

/// A value is missing that should not be: a logarithm of a negative number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undefined;

impl Program {
    /// `None` if a node aggregates otherwise.
    pub fn new(tree: &Tree, nodes: &[NodeRecipe]) -> Option<Program> {
        let mut logs = vec![false; tree.items.len()];
        for at in tree.nodes_upwards() {
            logs[at] = match nodes[at].aggregate {
                Aggregate::Arithmetic(_) => false,
                Aggregate::Geometric(_) => true,
                _ => return None,
            };
        }
        let least = nodes.iter().map(|node| node.min_available).collect();
        let mut program = Program { logs, least, parts: Vec::new(), part: vec![None; tree.items.len()] };
        for at in tree.nodes_upwards() {
            if at == 0 || program.logs[at] != program.logs[tree.items[at].parent] {
                let mut part = Part { top: at, log: program.logs[at], leaves: Vec::new(), below: Vec::new() };
                program.gather(tree, at, &mut part);
                program.part[at] = Some(program.parts.len());
                program.parts.push(part);
            }
        }
        Some(program)
    }

    fn gather(&self, tree: &Tree, node: usize, part: &mut Part) {
        for at in tree.items[node].children.clone() {
            match (tree.items[at].leaf, self.part[at]) {
                (Some(leaf), _) => part.leaves.push((at, leaf)),
                (None, Some(below)) => part.below.push((at, below)),
                (None, None) => self.gather(tree, at, part),
            }
        }
    }

    /// Of which leaves logarithms are needed.
    pub fn logs(&self, tree: &Tree) -> Vec<bool> {
        tree.leaves.iter().map(|&at| self.logs[tree.items[at].parent]).collect()
    }

    /// Are logarithms of any leaf needed?
    pub fn needs_logs(&self) -> bool {
        self.parts.iter().any(|part| part.log && !part.leaves.is_empty())
    }

    /// Scores of all rows of a layout under these shares; `out` in the layout's order, where other
    /// rows stay as they are.
    ///
    /// # Errors
    /// A logarithm of a negative number is needed.
    pub fn run(
        &self,
        tree: &Tree,
        shares: &[f64],
        (layout, cells): (&Layout, &Cells),
        out: &mut [f64],
        buffers: &mut Buffers,
    ) -> Result<(), Undefined> {
        let mut sound = true;
        for run in &layout.runs {
            sound &= match &run.present {
                Some(present) => self.alike(tree, shares, run, present, (layout, cells), out, buffers),
                None => self.mixed(tree, shares, run, (layout, cells), out, buffers),
            };
        }
        if sound { Ok(()) } else { Err(Undefined) }
    }

    /// Scores under two vectors of shares in one pass over the cells, each as [`run`](Program::run) makes them;
    /// `false`, and nothing is said of the scores, where the two need different sums.
    pub fn run_pair(
        &self,
        tree: &Tree,
        shares: [&[f64]; 2],
        (layout, cells): (&Layout, &Cells),
        [one, other]: [&mut [f64]; 2],
        [first, second]: [&mut Buffers; 2],
    ) -> bool {
        let ([_], false) = (self.parts.as_slice(), self.logs[0]) else { return false };
        let width = tree.leaves.len() * LANES;
        layout.runs.iter().all(|run| run.present.is_some())
            && layout.runs.iter().filter_map(|run| Some((run.present.as_ref()?, &run.blocks))).all(
                |(present, blocks)| {
                    let on = |width: usize| blocks.start * width..blocks.end * width;
                    let rated =
                        self.weigh(tree, shares[0], present, first) && self.weigh(tree, shares[1], present, second);
                    let terms = || first.terms[0].leaves.iter().zip(&second.terms[0].leaves);
                    let alike = first.terms[0].leaves.len() == second.terms[0].leaves.len();
                    if !rated || !alike || terms().any(|(a, b)| a.0 != b.0) {
                        return false;
                    }
                    first.pairs.clear();
                    first.pairs.extend(terms().map(|(a, b)| (a.0, [a.1, b.1])));
                    plain_pair(&cells.plain[on(width)], width, &first.pairs, &layout.rows[on(LANES)], one, other)
                },
            )
    }

    /// Rows with the same present leaves.
    #[allow(clippy::too_many_arguments)]
    fn alike(
        &self,
        tree: &Tree,
        shares: &[f64],
        run: &Run,
        present: &[bool],
        (layout, cells): (&Layout, &Cells),
        out: &mut [f64],
        buffers: &mut Buffers,
    ) -> bool {
        if !self.weigh(tree, shares, present, buffers) {
            for &row in layout.rows[run.blocks.start * LANES..run.blocks.end * LANES].iter().filter(|r| **r != NONE) {
                out[row as usize] = f64::NAN;
            }
            return true;
        }
        let width = tree.leaves.len() * LANES;
        if let ([part], false) = (self.parts.as_slice(), self.logs[0]) {
            let on = |width: usize| run.blocks.start * width..run.blocks.end * width;
            debug_assert!(!part.log && part.below.is_empty());
            return plain(&cells.plain[on(width)], width, &buffers.terms[0].leaves, &layout.rows[on(LANES)], out);
        }
        let mut sound = true;
        buffers.values.resize(self.parts.len(), [0.0; LANES]);
        for block in run.blocks.clone() {
            for (at, part) in self.parts.iter().enumerate() {
                let cells = if part.log { &cells.logs } else { &cells.plain };
                let terms = &buffers.terms[at];
                // Empty where no part needs logarithms of leaves: then there are no such terms.
                let cells = cells.get(block * width..(block + 1) * width).unwrap_or_default();
                let mut sum = weighted(cells, &terms.leaves);
                for &(below, weight) in &terms.below {
                    let value = self.convert(&buffers.values[below as usize], part.log);
                    add(&mut sum, weight, &value);
                }
                buffers.values[at] = sum;
            }
            sound &= self.finish(&buffers.values[self.parts.len() - 1], &layout.rows[block * LANES..], out);
        }
        sound
    }

    /// The value of a part in the terms of one whose nature is the other.
    #[inline]
    fn convert(&self, value: &Lanes, to_log: bool) -> Lanes {
        if to_log { lanes::ln(value) } else { lanes::exp(value) }
    }

    /// Writes the scores of one block. Is every one a number?
    #[inline]
    fn finish(&self, value: &Lanes, rows: &[u32], out: &mut [f64]) -> bool {
        let value = if self.logs[0] { lanes::exp(value) } else { *value };
        rows.first_chunk().is_none_or(|rows| write(&value, rows, out))
    }

    /// The weights of all terms, for rows that have these leaves. Is the root present?
    fn weigh(&self, tree: &Tree, shares: &[f64], present: &[bool], buffers: &mut Buffers) -> bool {
        let n = tree.items.len();
        let Buffers { available, weights, present: here, terms, .. } = buffers;
        available.clear();
        available.resize(n, 0.0);
        here.clear();
        here.resize(n, false);
        for at in (0..n).rev() {
            let enough = match tree.items[at].leaf {
                Some(leaf) => present[leaf],
                None => available[at] > 0.0 && available[at] >= self.least[at] - SLACK,
            };
            if enough && shares[at] > 0.0 {
                here[at] = true;
                available[tree.items[at].parent] += if at == 0 { 0.0 } else { shares[at] };
            }
        }
        weights.clear();
        weights.resize(n, 0.0);
        terms.resize_with(self.parts.len(), Terms::default);
        if !here[0] {
            return false;
        }
        weights[0] = 1.0;
        for at in 1..n {
            let parent = tree.items[at].parent;
            if here[at] {
                // The top of a part hands down the whole of its value.
                let above = if self.part[parent].is_some() { 1.0 } else { weights[parent] };
                weights[at] = above * (shares[at] / available[parent]);
            }
        }
        for (part, terms) in self.parts.iter().zip(terms) {
            terms.leaves.clear();
            terms.below.clear();
            if here[part.top] {
                let leaves = part.leaves.iter().filter(|(at, _)| weights[*at] > 0.0);
                terms.leaves.extend(leaves.map(|&(at, leaf)| ((leaf * LANES) as u32, weights[at])));
                let below = part.below.iter().filter(|(at, _)| weights[*at] > 0.0);
                terms.below.extend(below.map(|&(at, part)| (part as u32, weights[at])));
            }
        }
        true
    }

    /// Rows that differ in what is present: node by node, weights scaled cell by cell.
    fn mixed(
        &self,
        tree: &Tree,
        shares: &[f64],
        run: &Run,
        (layout, cells): (&Layout, &Cells),
        out: &mut [f64],
        buffers: &mut Buffers,
    ) -> bool {
        let width = tree.leaves.len() * LANES;
        let mut sound = true;
        let values = &mut buffers.values;
        values.resize(tree.items.len().max(self.parts.len()), [0.0; LANES]);
        for block in run.blocks.clone() {
            for node in tree.nodes_upwards() {
                let log = self.logs[node];
                let source = if log { &cells.logs } else { &cells.plain };
                let (mut sum, mut present) = ([0.0; LANES], [0.0; LANES]);
                for at in tree.items[node].children.clone().filter(|&at| shares[at] > 0.0) {
                    let value = match tree.items[at].leaf {
                        Some(leaf) => {
                            let from = block * width + leaf * LANES;
                            let mut value = [0.0; LANES];
                            value.copy_from_slice(&source[from..from + LANES]);
                            // A logarithm of a negative number is not a missing value.
                            let plain = &cells.plain[from..from + LANES];
                            sound &= (0..LANES).all(|i| value[i].is_nan() == plain[i].is_nan());
                            value
                        }
                        None if self.logs[at] == log => values[at],
                        None => {
                            let value = self.convert(&values[at], log);
                            sound &= (0..LANES).all(|i| value[i].is_nan() == values[at][i].is_nan());
                            value
                        }
                    };
                    for lane in 0..LANES {
                        let (v, w) = if value[lane].is_nan() { (0.0, 0.0) } else { (value[lane], shares[at]) };
                        sum[lane] += w * v;
                        present[lane] += w;
                    }
                }
                for lane in 0..LANES {
                    let enough = present[lane] > 0.0 && present[lane] >= self.least[node] - SLACK;
                    sum[lane] = if enough { sum[lane] / present[lane] } else { f64::NAN };
                }
                values[node] = sum;
            }
            // What is not present is not rated here; that a method cannot say was seen above.
            self.finish(&values[0], &layout.rows[block * LANES..], out);
        }
        sound
    }
}

/// Scores that are one weighted sum of the leaves; blocks of so many cells. Is every one a number?
#[multiversion(targets("x86_64+avx2+bmi2+popcnt"))]
fn plain(cells: &[f64], width: usize, terms: &[(u32, f64)], rows: &[u32], out: &mut [f64]) -> bool {
    let mut sound = true;
    for (block, rows) in cells.chunks_exact(width).zip(rows.as_chunks::<LANES>().0) {
        sound &= write(&weighted(block, terms), rows, out);
    }
    sound
}

/// Two such sums at once.
#[multiversion(targets("x86_64+avx2+bmi2+popcnt"))]
fn plain_pair(
    cells: &[f64],
    width: usize,
    terms: &[(u32, [f64; 2])],
    rows: &[u32],
    one: &mut [f64],
    other: &mut [f64],
) -> bool {
    let mut sound = true;
    for (block, rows) in cells.chunks_exact(width).zip(rows.as_chunks::<LANES>().0) {
        let (mut first, mut second) = ([0.0; LANES], [0.0; LANES]);
        for &(from, weights) in terms {
            if let Some(cells) = block.get(from as usize..).and_then(<[f64]>::first_chunk::<LANES>) {
                for lane in 0..LANES {
                    first[lane] += weights[0] * cells[lane];
                    second[lane] += weights[1] * cells[lane];
                }
            }
        }
        sound &= write(&first, rows, one);
        sound &= write(&second, rows, other);
    }
    sound
}

/// Writes the scores of one block. Is every one a number?
#[inline(always)]
fn write(value: &Lanes, rows: &[u32; LANES], out: &mut [f64]) -> bool {
    // Most blocks are rows in a line.
    if let Some(out) = out.get_mut(rows[0] as usize..).and_then(<[f64]>::first_chunk_mut::<LANES>)
        && (0..LANES).fold(true, |all, lane| all & (rows[lane] == rows[0].wrapping_add(lane as u32)))
    {
        *out = *value;
        return value.iter().fold(true, |all, value| all & !value.is_nan());
    }
    let mut sound = true;
    for (value, &row) in value.iter().zip(rows).filter(|(_, row)| **row != NONE) {
        out[row as usize] = *value;
        sound &= !value.is_nan();
    }
    sound
}

/// Σ weight · cell of one block.
#[inline(always)]
fn weighted(block: &[f64], terms: &[(u32, f64)]) -> Lanes {
    let mut sum = [0.0; LANES];
    for &(from, weight) in terms {
        let from = from as usize;
        if let Some(cells) = block.get(from..from + LANES) {
            sum.iter_mut().zip(cells).for_each(|(sum, cell)| *sum += weight * cell);
        }
    }
    sum
}

#[inline]
fn add(sum: &mut Lanes, weight: f64, value: &Lanes) {
    sum.iter_mut().zip(value).for_each(|(sum, value)| *sum += weight * value);
}
