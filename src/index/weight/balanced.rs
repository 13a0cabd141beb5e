use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Found, Siblings, Weigh, columns};
use crate::index::aggregate::{Aggregate, Children};
use crate::index::method::{Method, Named};
use crate::kernel::least_squares;
use crate::kernel::spline::{self, Spline};

/// Balanced weights: the policy's weights are taken as the *importances* that are meant, and weights
/// are sought under which each child's share of what the children tell of the node equals its share
/// of the policy's weights. Every child must go along with the node (positive correlation), which the
/// importance alone does not see. What cannot be attained is said, with its residual.
///
/// A child whose values are all equal keeps its declared share; fewer than five units keep them all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Balanced {
    /// Knots of the spline by which E[y|x] is estimated: 2 (a straight line: squared correlations) to
    /// 10. If not given by the number of units: 2 below 20, 3 below 50, 4 below 200, 5 below 1,000,
    /// then 7.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knots: Option<usize>,
}

impl Named for Balanced {
    const METHOD: Method = Method {
        name: "balanced",
        formula: "w ≥ 0 with S_i / Σ S = the declared shares and cor(x_i, y) > 0; S_i = Var(E[y|x_i]) / Var(y), E[y|x] a restricted cubic spline with knots at equally spaced quantiles",
        source: "Paruolo, Saisana & Saltelli, J. R. Stat. Soc. A 176 (2013); Becker et al., Ecological Indicators 80 (2017); Harrell, Regression Modeling Strategies (2015), section 2.4",
    };
}

/// How far importances may lie from what is meant without a note.
const TOLERANCE: f64 = 0.005;
/// The correlation that every child should have with the node at least.
const MARGIN: f64 = 0.005;
/// A correlation with the node below which a child is hardly part of it.
const WEAK: f64 = 0.2;
/// Fewest units.
const UNITS: usize = 5;

/// What children tell of their node under some weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Importances {
    /// Correlation ratio of each child.
    pub ratios: Vec<f64>,
    /// Pearson's correlation of each child with the node.
    pub correlations: Vec<f64>,
}

impl Importances {
    /// Correlation ratios in proportion, summing to 1; all 0 where all are 0.
    pub fn shares(&self) -> Vec<f64> {
        let sum: f64 = self.ratios.iter().sum();
        self.ratios.iter().map(|s| if sum > 0.0 { s / sum } else { 0.0 }).collect()
    }
}

/// A node whose importances can be had for any weights.
struct Node<'a> {
    siblings: &'a Siblings<'a>,
    knots: usize,
    splines: Vec<Spline>,
    linear: Option<Linear>,
}

/// For the arithmetic mean without gaps, importances are ratios of quadratic forms of the weights:
/// the units are looked at once.
struct Linear {
    /// Sums of products of deviations, by two children.
    products: Vec<Vec<f64>>,
    /// Child i, function p of its spline, child k: the product of the function with k.
    along: Vec<Vec<Vec<f64>>>,
}

impl<'a> Node<'a> {
    fn new(siblings: &'a Siblings<'a>, knots: Option<usize>) -> Node<'a> {
        let values = siblings.values;
        let units = values.first().map_or(0, |column| column.len());
        let knots = knots.unwrap_or_else(|| spline::knots(units));
        let splines: Vec<Spline> = values.iter().map(|x| Spline::new(x, knots)).collect();
        let whole = values.iter().all(|column| column.iter().all(|x| !x.is_nan()));
        let linear = (whole && matches!(siblings.aggregate, Aggregate::Arithmetic(_))).then(|| {
            let centred: Vec<Vec<f64>> = values.iter().map(|column| centred(column)).collect();
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
            let with_all = |q: &Vec<f64>| centred.iter().map(|x| dot(q, x)).collect::<Vec<f64>>();
            Linear {
                products: centred.iter().map(with_all).collect(),
                along: splines.iter().map(|spline| spline.basis.iter().map(with_all).collect()).collect(),
            }
        });
        Node { siblings, knots, splines, linear }
    }

    /// The importances under weights that sum to 1.
    fn importances(&self, weights: &[f64]) -> Importances {
        match &self.linear {
            Some(linear) => linear.importances(weights),
            None => self.by_column(weights),
        }
    }

    fn by_column(&self, weights: &[f64]) -> Importances {
        let Siblings { values, aggregate, groups, min_available, .. } = *self.siblings;
        let (present, shares): (Vec<&[f64]>, Vec<f64>) =
            values.iter().copied().zip(weights.iter().copied()).filter(|(_, w)| *w > 0.0).unzip();
        let mut node = vec![f64::NAN; values.first().map_or(0, |column| column.len())];
        let children = Children { values: &present, shares: &shares, groups, min_available };
        aggregate.get().column(&children, &mut node);
        let ratio = |(spline, x): (&Spline, &&[f64])| match spline.explained(&node) {
            Some((part, whole)) => {
                if whole > 0.0 {
                    part / whole
                } else {
                    0.0
                }
            }
            None => spline::correlation_ratio(x, &node, Some(self.knots)),
        };
        Importances {
            ratios: self.splines.iter().zip(values).map(ratio).collect(),
            correlations: values.iter().map(|x| columns::correlation(x, &node)).collect(),
        }
    }
}

impl Linear {
    fn importances(&self, weights: &[f64]) -> Importances {
        let dot = |row: &Vec<f64>| row.iter().zip(weights).map(|(a, w)| a * w).sum::<f64>();
        let with_node: Vec<f64> = self.products.iter().map(dot).collect();
        let variance: f64 = with_node.iter().zip(weights).map(|(c, w)| c * w).sum();
        let size: f64 = weights.iter().enumerate().map(|(i, w)| w * w * self.products[i][i]).sum();
        if variance <= size * 1e-20 {
            return Importances { ratios: vec![0.0; weights.len()], correlations: vec![0.0; weights.len()] };
        }
        let ratio = |functions: &Vec<Vec<f64>>| {
            let part: f64 = functions.iter().map(|f| dot(f) * dot(f)).sum();
            (part / variance).min(1.0)
        };
        let correlation = |(i, c): (usize, &f64)| {
            let own = self.products[i][i];
            if own > 0.0 { (c / (own.sqrt() * variance.sqrt())).clamp(-1.0, 1.0) } else { 0.0 }
        };
        Importances {
            ratios: self.along.iter().map(ratio).collect(),
            correlations: with_node.iter().enumerate().map(correlation).collect(),
        }
    }
}

fn centred(column: &[f64]) -> Vec<f64> {
    let mean = column.iter().sum::<f64>() / column.len().max(1) as f64;
    column.iter().map(|x| x - mean).collect()
}

/// Weights that were tried, and how good they are.
#[derive(Clone, Debug)]
struct Candidate {
    weights: Vec<f64>,
    importances: Importances,
    /// Greatest difference between an importance and what is meant.
    residual: f64,
    /// Least correlation of a child with the node.
    least: f64,
}

impl Candidate {
    fn better_than(&self, other: &Candidate) -> bool {
        match (self.least > 0.0, other.least > 0.0) {
            (true, true) => self.residual < other.residual,
            (false, false) => self.least > other.least,
            (holds, _) => holds,
        }
    }

    fn perfect(&self) -> bool {
        self.least > 0.0 && self.residual < 1e-7
    }
}

/// The search over the children that vary.
struct Search<'a> {
    node: &'a Node<'a>,
    /// Declared shares of all children, summing to 1.
    declared: &'a [f64],
    /// Children that vary.
    varied: Vec<usize>,
    /// What is meant of those, summing to 1.
    meant: Vec<f64>,
    best: Option<Candidate>,
}

impl Search<'_> {
    /// Weights of all children from those of the varied ones, on any scale.
    fn spread(&self, weights: &[f64]) -> Vec<f64> {
        let sum: f64 = weights.iter().sum();
        let part: f64 = self.varied.iter().map(|&i| self.declared[i]).sum();
        let mut out = self.declared.to_vec();
        self.varied.iter().zip(weights).for_each(|(&i, w)| out[i] = part * w / sum);
        out
    }

    fn shares(&self, importances: &Importances) -> Vec<f64> {
        let all = importances.shares();
        self.varied.iter().map(|&i| all[i]).collect()
    }

    /// Notes weights down if they are the best so far.
    fn consider(&mut self, weights: &[f64]) {
        let weights = self.spread(weights);
        let importances = self.node.importances(&weights);
        let apart = self.shares(&importances).into_iter().zip(&self.meant).map(|(p, s)| (p - s).abs());
        let residual = apart.fold(0.0, f64::max);
        let least = self.varied.iter().map(|&i| importances.correlations[i]).fold(f64::INFINITY, f64::min);
        let candidate = Candidate { weights, importances, residual, least };
        if self.best.as_ref().is_none_or(|best| candidate.better_than(best)) {
            self.best = Some(candidate);
        }
    }

    fn perfect(&self) -> bool {
        self.best.as_ref().is_some_and(Candidate::perfect)
    }

    /// Multiplies each weight by the root of what is meant over what is found, again and again.
    fn multiply(&self, start: &[f64], rounds: usize) -> Vec<f64> {
        let mut weights = start.to_vec();
        for _ in 0..rounds {
            let found = self.shares(&self.node.importances(&self.spread(&weights)));
            let mut change = 0.0_f64;
            for ((w, found), meant) in weights.iter_mut().zip(found).zip(&self.meant) {
                let factor = (meant / found.max(1e-9)).sqrt().clamp(0.25, 4.0);
                *w *= factor;
                change = change.max((factor - 1.0).abs());
            }
            let sum: f64 = weights.iter().sum();
            weights.iter_mut().for_each(|w| *w = (*w / sum).max(1e-9));
            if change < 1e-10 {
                break;
            }
        }
        weights
    }

    /// Least squares of what is missing, with ever heavier charges on children that go against the
    /// node. The parameters are logarithms of weights.
    fn descend(&mut self, start: &[f64], calls: usize) {
        let mut at: Vec<f64> = start.iter().map(|w| libm::log(w.max(1e-9))).collect();
        for charge in [1.0, 10.0, 100.0] {
            let exponentials = |at: &[f64]| -> Vec<f64> {
                let most = at.iter().fold(f64::NEG_INFINITY, |most, x| most.max(*x));
                at.iter().map(|x| libm::exp((x - most).max(-40.0))).collect()
            };
            let mut residuals = |at: &[f64], out: &mut Vec<f64>| {
                let importances = self.node.importances(&self.spread(&exponentials(at)));
                out.clear();
                out.extend(self.shares(&importances).iter().zip(&self.meant).map(|(p, s)| p - s));
                let short = |&i: &usize| charge * (MARGIN - importances.correlations[i]).max(0.0);
                out.extend(self.varied.iter().map(short));
            };
            at = least_squares::fit(&at, &mut residuals, calls);
            self.consider(&exponentials(&at));
            if self.perfect() {
                return;
            }
        }
    }

    /// Weights under which the correlations with a weighted sum are in proportion to the roots of what
    /// is meant: C w ∝ σ √s. Exact where all relations are straight lines and the node is an
    /// arithmetic mean. Negative ones are held at a hundredth of what is meant; `None` where the
    /// children depend on one another.
    fn straight(&self) -> Option<Vec<f64>> {
        let column = |i: usize| self.node.siblings.values[i];
        let deviation: Vec<f64> = self.varied.iter().map(|&i| columns::deviation(column(i))).collect();
        let row = |&a: &usize| self.varied.iter().map(|&b| columns::correlation(column(a), column(b))).collect();
        let correlations: Vec<Vec<f64>> = self.varied.iter().map(row).collect();
        let roots: Vec<f64> = self.meant.iter().map(|s| s.sqrt()).collect();
        let weights = least_squares::solve(correlations, &roots)?;
        let held = weights.iter().zip(&self.meant).map(|(w, s)| w.max(0.01 * s));
        Some(held.zip(deviation).map(|(w, sd)| w / sd).collect())
    }

    /// Tries straight lines, what is meant, equal weights, weights by spread, and each child lifted in turn.
    fn run(mut self, calls: usize) -> Option<Candidate> {
        let spread = |&i: &usize| columns::deviation(self.node.siblings.values[i]).max(1e-300);
        let by_spread = self.varied.iter().zip(&self.meant).map(|(i, s)| s / spread(i)).collect();
        let mut starts: Vec<Vec<f64>> = self.straight().into_iter().collect();
        starts.extend([self.meant.clone(), by_spread, vec![1.0; self.meant.len()]]);
        for i in 0..self.meant.len() {
            let lifted = self.meant.iter().enumerate().map(|(j, s)| if i == j { 8.0 * s } else { *s });
            starts.push(lifted.collect());
        }
        let each = (calls / 4 / starts.len()).max(3 * (self.meant.len() + 2));
        let near = self.multiply(&starts[0], each.min(300));
        self.consider(&self.meant.clone());
        self.consider(&starts[0].clone());
        self.consider(&near);
        let mut used = each;
        for start in std::iter::once(near).chain(starts) {
            if self.perfect() || used > calls {
                break;
            }
            self.descend(&start, each);
            used += 3 * each;
        }
        self.best
    }
}

impl Weigh for Balanced {
    fn check(&self, _: &[&str]) -> Result<(), String> {
        match self.knots {
            Some(knots) if !(2..=10).contains(&knots) => Err("`knots` must lie between 2 and 10".into()),
            _ => Ok(()),
        }
    }

    fn weigh(&self, siblings: &Siblings) -> Result<Found, String> {
        let declared = Found::proportional(siblings.declared);
        let units = siblings.values.first().map_or(0, |column| column.len());
        if siblings.keys.len() < 2 {
            return Ok(declared);
        }
        let kept = |why: String| Ok(Found { notes: vec![why], ..declared.clone() });
        if units < UNITS {
            return kept(format!("{units} units are too few to balance weights: the declared shares are kept"));
        }
        let node = Node::new(siblings, self.knots);
        let varied: Vec<usize> = (0..siblings.keys.len()).filter(|&i| !node.splines[i].basis.is_empty()).collect();
        let flat: Vec<String> = (0..siblings.keys.len())
            .filter(|i| !varied.contains(i))
            .map(|i| format!("`{}`", siblings.keys[i]))
            .collect();
        let mut notes = Vec::new();
        if !flat.is_empty() {
            notes.push(format!("{} does not vary and keeps its declared share", flat.join(", ")));
        }
        if varied.len() < 2 {
            return Ok(Found { notes, ..declared });
        }
        let meant = Found::proportional(&varied.iter().map(|&i| declared.shares[i]).collect::<Vec<_>>()).shares;
        // A call looks at every cell, unless the node is linear: some seconds at most.
        let calls =
            if node.linear.is_some() { 100_000 } else { (100_000_000 / (units * varied.len())).clamp(400, 20_000) };
        let search = Search {
            node: &node,
            declared: &declared.shares,
            varied: varied.clone(),
            meant: meant.clone(),
            best: None,
        };
        let Some(best) = search.run(calls) else { return kept("nothing could be balanced".into()) };
        notes.extend(note(siblings.keys, &varied, &meant, &best));
        Ok(Found { shares: best.weights, notes })
    }
}

/// What is not attained, child by child.
fn note(keys: &[&str], varied: &[usize], meant: &[f64], best: &Candidate) -> Option<String> {
    if best.residual <= TOLERANCE && best.least > 0.0 {
        return (best.least < WEAK).then(|| {
            format!(
                "the importances that are meant are attained, but the children contradict one another: the least correlation with the node is {:.2}",
                best.least
            )
        });
    }
    let shares = best.importances.shares();
    let of = |(&i, meant): (&usize, &f64)| {
        format!("`{}` {:.3} of {meant:.3} (correlation {:.2})", keys[i], shares[i], best.importances.correlations[i])
    };
    let list: Vec<String> = varied.iter().zip(meant).map(of).collect();
    let why = if best.least > 0.0 {
        "with every child going along with the node"
    } else {
        "and a child goes against the node"
    };
    Some(format!(
        "the importances that are meant cannot be attained {why}; attained: {}; greatest residual {:.3}",
        list.join(", "),
        best.residual
    ))
}
