//! Points made anew in every replication, from the imputed values on: each indicator's treatment and
//! the parameters of its normalisation are fitted again to presorted values, and all cells are treated
//! and normalised again, eight at a time. For treatments and for the two normalisations that are
//! linear in the treated value, min–max and z-score; nothing is allocated.
//!
//! O(rows · leaves · steps of the treatment) for each replication.

use super::layout::{Cells, Layout, NONE};
use super::program::Program;
use super::replicate::Replicator;
use super::tables::{Code, Tables};
use crate::index::Index;
use crate::index::normalise::{Beyond, Direction, Rule};
use crate::index::outlier::Treatment;
use crate::index::policy::Missing;
use crate::index::recipe::Recipe;
use crate::kernel::lanes::{LANES, Lanes, ln};

/// What recomputing starts from.
#[derive(Clone, Debug)]
pub struct Recompute {
    pub layout: Layout,
    /// Imputed values by leaf, then place; NaN where missing.
    values: Vec<Vec<f64>>,
    /// Values that parameters are fitted on, ascending: by leaf, then group.
    sorted: Vec<Vec<Vec<f64>>>,
    /// Group of compared rows by place; empty where there is one.
    group: Vec<u32>,
    /// Which leaves need logarithms, by combination of the tree's options.
    recipes: Vec<Recipe>,
    /// Does a missing value of the leaf count as 0?
    zero: Vec<bool>,
}

/// Buffers of one worker.
#[derive(Clone, Debug, Default)]
pub struct Buffers {
    pub cells: Cells,
    treated: Vec<f64>,
    lines: Vec<(Treatment, Line)>,
}

/// A linear function of the treated value, held within bounds: points + slope · (x − from).
#[derive(Clone, Copy, Debug)]
struct Line {
    from: f64,
    slope: f64,
    points: f64,
    low: f64,
    high: f64,
}

impl Recompute {
    /// `None` where a factor changes the imputed values, or a rule is not linear.
    pub fn new(of: &Replicator, tables: &Tables, index: &Index) -> Option<Recompute> {
        if of.drawn().iter().any(super::draw::Drawn::imputes) {
            return None;
        }
        let recipes: Vec<Recipe> =
            (0..tables.combinations()).map(|points| tables.recipe(of, Code { points, tree: 0 })).collect();
        let linear = |rule: &Rule| matches!(rule, Rule::MinMax(_) | Rule::ZScore(_));
        if !recipes.iter().flat_map(|r| &r.leaves).all(|leaf| linear(&leaf.rule)) {
            return None;
        }
        let groups = of.plan.fits(&of.plan.compare);
        let layout = Layout::new(&index.normalised, of.rated(), of.arranged());
        let place = |column: &Vec<f64>| -> Vec<f64> {
            let row = |at: u32| of.arranged()[at as usize] as usize;
            let cell = |at: &u32| if *at == NONE { f64::NAN } else { column[row(*at)] };
            layout.rows.iter().map(cell).collect()
        };
        let sorted = |column: &Vec<f64>| -> Vec<Vec<f64>> {
            let of_group = |on: &[u32]| {
                let mut values: Vec<f64> = on.iter().map(|&r| column[r as usize]).filter(|v| !v.is_nan()).collect();
                values.sort_unstable_by(f64::total_cmp);
                values
            };
            groups.iter().map(|group| of_group(&group.on)).collect()
        };
        let mut group_of = vec![0; of.plan.table.rows()];
        for (at, group) in groups.iter().enumerate() {
            group.rows.iter().for_each(|&row| group_of[row as usize] = at as u32);
        }
        let group = |at: &u32| if *at == NONE { 0 } else { group_of[of.arranged()[*at as usize] as usize] };
        Some(Recompute {
            values: index.imputed.iter().map(place).collect(),
            sorted: index.imputed.iter().map(sorted).collect(),
            group: if groups.len() > 1 { layout.rows.iter().map(group).collect() } else { Vec::new() },
            zero: recipes[0].leaves.iter().map(|leaf| leaf.missing == Missing::Zero).collect(),
            recipes,
            layout,
        })
    }

    /// Makes the points of one combination of options, and the logarithms that a program needs.
    pub fn fill(&self, combination: usize, program: &Program, buffers: &mut Buffers) {
        let leaves = self.values.len();
        let Buffers { cells, treated, lines } = buffers;
        cells.plain.resize(self.layout.rows.len() * leaves, f64::NAN);
        for (leaf, recipe) in self.recipes[combination].leaves.iter().enumerate() {
            lines.clear();
            for sorted in &self.sorted[leaf] {
                let treatment = recipe.outliers.as_ref().map_or(Treatment::None, |method| method.get().fit(sorted));
                let line = line(&recipe.rule, recipe.direction, sorted, &treatment, treated);
                lines.push((treatment, line));
            }
            let (values, _) = self.values[leaf].as_chunks::<LANES>();
            let (blocks, _) = cells.plain.as_chunks_mut::<LANES>();
            let slots = blocks.iter_mut().skip(leaf).step_by(leaves);
            match lines.as_slice() {
                [(treatment, line)] => column(treatment, line, values, slots),
                _ => {
                    for ((slot, values), group) in slots.zip(values).zip(self.group.chunks(LANES)) {
                        for lane in 0..LANES {
                            let (treatment, line) = &lines[group[lane] as usize];
                            slot[lane] = line.at(treatment.apply(values[lane]));
                        }
                    }
                }
            }
            if self.zero[leaf] {
                let slots = blocks_of(&mut cells.plain, leaf, leaves);
                slots.flatten().filter(|cell| cell.is_nan()).for_each(|cell| *cell = 0.0);
            }
        }
        if program.needs_logs() {
            cells.take_logs();
        }
    }
}

fn blocks_of(cells: &mut [f64], leaf: usize, leaves: usize) -> impl Iterator<Item = &mut Lanes> {
    cells.as_chunks_mut::<LANES>().0.iter_mut().skip(leaf).step_by(leaves)
}

/// Treats and normalises a column.
fn column<'a>(treatment: &Treatment, line: &Line, values: &[Lanes], slots: impl Iterator<Item = &'a mut Lanes>) {
    let pairs = slots.zip(values);
    match *treatment {
        Treatment::None => pairs.for_each(|(slot, x)| *slot = x.map(|x| line.at(x))),
        Treatment::Clamp { low, high, .. } => {
            pairs.for_each(|(slot, x)| *slot = x.map(|x| line.at(hold(x, low, high))));
        }
        Treatment::Log { shift, sign, least } if least > 0.0 => pairs.for_each(|(slot, x)| {
            let x = ln(&x.map(|x| hold(sign * x + shift, least, f64::INFINITY)));
            *slot = x.map(|x| line.at(if x.is_finite() { sign * x } else { f64::NAN }));
        }),
        _ => pairs.for_each(|(slot, x)| *slot = x.map(|x| line.at(treatment.apply(x)))),
    }
}

/// Held within bounds; NaN stays.
#[inline]
fn hold(x: f64, low: f64, high: f64) -> f64 {
    let x = if low > x { low } else { x };
    if high < x { high } else { x }
}

impl Line {
    /// The same points whatever the value.
    fn flat(points: f64) -> Line {
        Line { from: 0.0, slope: 0.0, points, low: points, high: points }
    }

    #[inline]
    fn at(&self, x: f64) -> f64 {
        hold(self.points + self.slope * (x - self.from), self.low, self.high)
    }
}

/// The rule's line for ascending values after treatment; `treated` is a buffer.
fn line(rule: &Rule, direction: Direction, sorted: &[f64], treatment: &Treatment, treated: &mut Vec<f64>) -> Line {
    match rule {
        Rule::MinMax(rule) => {
            let middle = rule.floor + (rule.ceiling - rule.floor) * 0.5;
            let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else { return Line::flat(middle) };
            // Treatments keep the order.
            let (min, max) = (treatment.apply(*first), treatment.apply(*last));
            let width = max - min;
            if !(width > 0.0 && width.is_finite()) {
                return Line::flat(middle);
            }
            let slope = (rule.ceiling - rule.floor) / width;
            let (low, high) = match rule.beyond {
                Beyond::Hold => (rule.floor, rule.ceiling),
                Beyond::Extrapolate => (f64::NEG_INFINITY, f64::INFINITY),
            };
            match direction {
                Direction::Higher => Line { from: min, slope, points: rule.floor, low, high },
                Direction::Lower => Line { from: min, slope: -slope, points: rule.ceiling, low, high },
            }
        }
        Rule::ZScore(rule) => {
            treat_all(treatment, sorted, treated);
            if treated.first() == treated.last() {
                return Line::flat(rule.mean);
            }
            let n = treated.len() as f64;
            let mean = sum(treated, |x| x) / n;
            let spread = (sum(treated, |x| (x - mean) * (x - mean)) / (n - 1.0)).sqrt();
            if spread.is_nan() || spread <= 0.0 {
                return Line::flat(rule.mean);
            }
            Line {
                from: mean,
                slope: rule.deviation * direction.sign() / spread,
                points: rule.mean,
                low: f64::NEG_INFINITY,
                high: f64::INFINITY,
            }
        }
        _ => Line::flat(f64::NAN),
    }
}

fn treat_all(treatment: &Treatment, sorted: &[f64], treated: &mut Vec<f64>) {
    treated.clear();
    match *treatment {
        Treatment::None => treated.extend_from_slice(sorted),
        Treatment::Clamp { low, high, .. } => treated.extend(sorted.iter().map(|x| hold(*x, low, high))),
        Treatment::Log { shift, sign, least } if least > 0.0 => {
            let (chunks, rest) = sorted.as_chunks::<LANES>();
            let shifted = |x: f64| hold(sign * x + shift, least, f64::INFINITY);
            chunks.iter().for_each(|x| treated.extend(ln(&x.map(shifted)).map(|x| sign * x)));
            let mut last = [1.0; LANES];
            last.iter_mut().zip(rest).for_each(|(slot, x)| *slot = shifted(*x));
            treated.extend(ln(&last).iter().take(rest.len()).map(|x| sign * x));
        }
        _ => treated.extend(sorted.iter().map(|x| treatment.apply(*x))),
    }
}

/// Σ f(x), in eight sums that are added up at the end.
fn sum(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut sums = [0.0; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, x)| *sum += f(*x));
    }
    sums.iter().sum::<f64>() + rest.iter().map(|x| f(*x)).sum::<f64>()
}
