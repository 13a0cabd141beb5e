//! Realisations of factors: what a declared choice becomes under realisation number r is a function of
//! (seed, the factor's key, r) alone. Streams belong to names, never to places in a table: rows of one
//! unit in different periods, and the same unit under another policy, share their random numbers.

use super::law::{Sampler, Scratch};
use super::policy::{Factor, Law, Space, Uncertainty};
use super::shares::{shares_of, weight};
use crate::index::IndexError;
use crate::index::aggregate::Aggregate;
use crate::index::impute::Impute;
use crate::index::normalise::Rule;
use crate::index::outlier::Outliers;
use crate::index::pipeline::{Matrix, Plan};
use crate::index::recipe::Recipe;
use crate::index::table::Groups;
use crate::index::tree::Tree;
use crate::index::weight::Weighting;
use crate::kernel::draw::{Streams, hash};

/// A factor made ready for a plan.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Key in the policy.
    pub key: String,
    streams: Streams,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Outliers { options: Vec<Outliers>, leaves: Vec<usize> },
    Rule { options: Vec<Rule>, leaves: Vec<usize> },
    Impute { options: Vec<Impute>, leaves: Vec<usize> },
    Aggregate { options: Vec<Aggregate>, nodes: Vec<usize> },
    Weighting { options: Vec<Weighting>, nodes: Vec<usize> },
    Weights(Vec<Block>),
    LeaveOut(Vec<usize>),
    Error(Vec<Noise>),
    Donors(Groups),
}

/// Shares that are drawn as one vector.
#[derive(Clone, Debug)]
struct Block {
    /// The node; what is drawn are the shares of its children, or the weights of the leaves below.
    node: usize,
    /// Leaves below it, where their weights are drawn.
    leaves: Option<Vec<usize>>,
    sampler: Sampler,
}

/// Measurement error of one leaf.
#[derive(Clone, Debug)]
struct Noise {
    leaf: usize,
    hash: u64,
    deviation: f64,
    share: f64,
}

/// Which stages a factor touches first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The values themselves.
    Values,
    /// What is done with them up to the points: one of a few options.
    Points,
    /// How points are aggregated: one of a few options.
    Tree,
    /// The shares.
    Shares,
}

/// Buffers of draws.
#[derive(Clone, Debug, Default)]
pub struct Buffers {
    base: Vec<f64>,
    out: Vec<f64>,
    law: Scratch,
}

/// Makes the factors of a policy ready.
///
/// # Errors
/// The factor's key, and one sentence.
pub fn compile(plan: &Plan, uncertainty: &Uncertainty, seed: u64) -> Result<Vec<Drawn>, IndexError> {
    uncertainty
        .factors
        .iter()
        .map(|(key, factor)| {
            let what = What::new(plan, factor).map_err(|(field, message)| IndexError {
                key: format!("score.uncertainty.factors.{key}{}{field}", if field.is_empty() { "" } else { "." }),
                message,
            })?;
            Ok(Drawn { key: key.clone(), streams: Streams::new(seed, &format!("uncertain {key}")), what })
        })
        .collect()
}

/// A field of the factor, and one sentence.
type Wrong = (&'static str, String);

impl What {
    fn new(plan: &Plan, factor: &Factor) -> Result<What, Wrong> {
        let tree = &plan.tree;
        let some = |n: usize| if n == 0 { Err(("options", "at least one option".to_owned())) } else { Ok(()) };
        Ok(match factor {
            Factor::Outliers { options, indicators } => {
                some(options.len())?;
                each(options, |o| o.get().check())?;
                What::Outliers { options: options.clone(), leaves: leaves(tree, indicators)? }
            }
            Factor::Rule { options, indicators } => {
                some(options.len())?;
                let leaves = leaves(tree, indicators)?;
                for &leaf in &leaves {
                    let key = &tree.items[tree.leaves[leaf]].key;
                    let direction = plan.policy.indicators.get(key).map(|i| i.direction).unwrap_or_default();
                    each(options, |o| o.check(direction).map_err(|message| format!("{key}: {message}")))?;
                }
                What::Rule { options: options.clone(), leaves }
            }
            Factor::Impute { options, indicators } => {
                some(options.len())?;
                let texts: Vec<&str> = plan.table.texts.keys().map(String::as_str).collect();
                each(options, |o| o.get().check(&texts))?;
                What::Impute { options: options.clone(), leaves: leaves(tree, indicators)? }
            }
            Factor::Aggregate { options, nodes: named } => {
                some(options.len())?;
                each(options, |o| o.get().check())?;
                What::Aggregate { options: options.clone(), nodes: nodes(tree, named)? }
            }
            Factor::Weighting { options, nodes: named } => {
                some(options.len())?;
                let nodes = nodes(tree, named)?;
                for &node in &nodes {
                    let items = &tree.items[tree.items[node].children.clone()];
                    let keys: Vec<&str> = items.iter().map(|item| item.key.as_str()).collect();
                    each(options, |o| o.get().check(&keys))?;
                }
                What::Weighting { options: options.clone(), nodes }
            }
            Factor::Weights { space, law, nodes: named } => What::Weights(blocks(tree, *space, law, named)?),
            Factor::LeaveOut { indicators } => What::LeaveOut(leaves(tree, indicators)?),
            Factor::Error { deviation, share } => What::Error(noises(tree, deviation, share)?),
            Factor::Donors { within } => {
                if let Some(column) = within
                    && !plan.table.texts.contains_key(column)
                {
                    return Err(("within", format!("the table has no text column \"{column}\"")));
                }
                What::Donors(plan.table.groups(within.as_deref()))
            }
        })
    }
}

fn each<T>(options: &[T], check: impl Fn(&T) -> Result<(), String>) -> Result<(), Wrong> {
    options.iter().try_for_each(check).map_err(|message| ("options", message))
}

fn leaves(tree: &Tree, keys: &[String]) -> Result<Vec<usize>, Wrong> {
    if keys.is_empty() {
        return Ok((0..tree.leaves.len()).collect());
    }
    let find = |key: &String| {
        let leaf = tree.find(key).and_then(|at| tree.items[at].leaf);
        leaf.ok_or_else(|| ("indicators", format!("there is no indicator \"{key}\" with a weight in the index")))
    };
    keys.iter().map(find).collect()
}

fn nodes(tree: &Tree, keys: &[String]) -> Result<Vec<usize>, Wrong> {
    if keys.is_empty() {
        return Ok((0..tree.items.len()).filter(|&at| tree.items[at].leaf.is_none()).collect());
    }
    let find = |key: &String| {
        let node = tree.find(key).filter(|&at| tree.items[at].leaf.is_none());
        node.ok_or_else(|| ("nodes", format!("there is no node \"{key}\" in the index (`root` is the topmost)")))
    };
    keys.iter().map(find).collect()
}

fn blocks(tree: &Tree, space: Space, law: &Law, named: &[String]) -> Result<Vec<Block>, Wrong> {
    let nodes = match space {
        Space::Leaf if named.is_empty() => vec![0],
        _ => nodes(tree, named)?,
    };
    let keys: Vec<&String> = match law {
        Law::Ranked { order } => order.iter().collect(),
        Law::Bounded { bounds } => bounds.keys().collect(),
        _ => Vec::new(),
    };
    if let Some(key) = keys.iter().find(|key| tree.find(key).is_none_or(|at| at == 0)) {
        return Err(("law", format!("there is no indicator or node \"{key}\" in the index")));
    }
    let mut out = Vec::new();
    for node in nodes {
        let leaves = (space == Space::Leaf).then(|| tree.below(node));
        let items: Vec<usize> = match &leaves {
            Some(leaves) => leaves.iter().map(|&leaf| tree.leaves[leaf]).collect(),
            None => tree.items[node].children.clone().collect(),
        };
        let names: Vec<&str> = items.iter().map(|&at| tree.items[at].key.as_str()).collect();
        let sampler = Sampler::new(law, &names).map_err(|message| ("law", message))?;
        if let (Some(sampler), true) = (sampler, items.len() > 1) {
            out.push(Block { node, leaves, sampler });
        }
    }
    Ok(out)
}

fn noises(
    tree: &Tree,
    deviation: &indexmap::IndexMap<String, f64>,
    share: &indexmap::IndexMap<String, f64>,
) -> Result<Vec<Noise>, Wrong> {
    for (field, map) in [("deviation", deviation), ("share", share)] {
        if let Some((key, _)) = map.iter().find(|(_, s)| !(**s >= 0.0 && s.is_finite())) {
            return Err((field, format!("{key}: a standard deviation must not be negative")));
        }
    }
    let mut keys: Vec<String> = deviation.keys().cloned().collect();
    keys.extend(share.keys().filter(|key| !deviation.contains_key(*key)).cloned());
    let at = if keys.is_empty() {
        Vec::new()
    } else {
        leaves(tree, &keys).map_err(|(_, message)| ("deviation", message))?
    };
    let noise = |(leaf, key): (usize, &String)| Noise {
        leaf,
        hash: hash(key),
        deviation: deviation.get(key).copied().unwrap_or(0.0),
        share: share.get(key).copied().unwrap_or(0.0),
    };
    Ok(at.into_iter().zip(&keys).map(noise).collect())
}

impl Drawn {
    /// The first stage that it touches.
    pub fn stage(&self) -> Stage {
        match self.what {
            What::Error(_) | What::Donors(_) => Stage::Values,
            What::Outliers { .. } | What::Rule { .. } | What::Impute { .. } => Stage::Points,
            What::Aggregate { .. } | What::Weighting { .. } => Stage::Tree,
            What::Weights(_) | What::LeaveOut(_) => Stage::Shares,
        }
    }

    /// Does it say what is done before outliers are treated?
    pub fn imputes(&self) -> bool {
        matches!(self.what, What::Impute { .. } | What::Error(_) | What::Donors(_))
    }

    /// How many options it has; 1 for one that does not choose a method.
    pub fn options(&self) -> usize {
        match &self.what {
            What::Outliers { options, .. } => options.len(),
            What::Rule { options, .. } => options.len(),
            What::Impute { options, .. } => options.len(),
            What::Aggregate { options, .. } => options.len(),
            What::Weighting { options, .. } => options.len(),
            _ => 1,
        }
    }

    /// The option chosen, each as likely; 0 for a factor that does not choose a method.
    pub fn choice(&self, realisation: u64) -> usize {
        match self.options() {
            1 => 0,
            options => self.streams.at(realisation).index(options),
        }
    }

    /// Puts an option into a recipe.
    pub fn choose(&self, option: usize, recipe: &mut Recipe) {
        match &self.what {
            What::Outliers { options, leaves } => {
                leaves.iter().for_each(|&leaf| recipe.leaves[leaf].outliers = Some(options[option].clone()));
            }
            What::Rule { options, leaves } => {
                leaves.iter().for_each(|&leaf| recipe.leaves[leaf].rule = options[option].clone());
            }
            What::Impute { options, leaves } => {
                leaves.iter().for_each(|&leaf| recipe.leaves[leaf].impute = Some(options[option].clone()));
            }
            What::Aggregate { options, nodes } => {
                nodes.iter().for_each(|&node| recipe.nodes[node].aggregate = options[option].clone());
            }
            What::Weighting { options, nodes } => {
                nodes.iter().for_each(|&node| recipe.nodes[node].weights = options[option].clone());
            }
            What::Weights(_) | What::LeaveOut(_) | What::Error(_) | What::Donors(_) => {}
        }
    }

    /// Draws shares around those that stand in `shares`, which are replaced.
    pub fn shares(&self, realisation: u64, tree: &Tree, shares: &mut [f64], buffers: &mut Buffers) {
        let What::Weights(blocks) = &self.what else { return };
        let mut draw = self.streams.at(realisation);
        let Buffers { base, out, law } = buffers;
        for block in blocks {
            base.clear();
            match &block.leaves {
                None => base.extend_from_slice(&shares[tree.items[block.node].children.clone()]),
                Some(leaves) => base.extend(leaves.iter().map(|&leaf| weight(tree, block.node, leaf, shares))),
            }
            out.resize(base.len(), 0.0);
            block.sampler.draw(&mut draw, base, out, law);
            match &block.leaves {
                None => shares[tree.items[block.node].children.clone()].copy_from_slice(out),
                Some(leaves) => {
                    let below = leaves.iter().map(|&leaf| tree.leaves[leaf]).zip(out.iter().copied());
                    shares_of(tree, block.node, below, shares, base);
                }
            }
        }
    }

    /// The leaf that is left out.
    pub fn left_out(&self, realisation: u64) -> Option<usize> {
        let What::LeaveOut(leaves) = &self.what else { return None };
        leaves.get(self.streams.at(realisation).index(leaves.len() + 1)).copied()
    }

    /// Adds measurement error to the measured values. `names` are hashes of the units' names.
    pub fn err(&self, realisation: u64, units: &[u32], names: &[u64], values: &mut Matrix) {
        let What::Error(noises) = &self.what else { return };
        let field = self.streams.at(realisation).field();
        for noise in noises {
            for (value, &unit) in values[noise.leaf].iter_mut().zip(units).filter(|(v, _)| !v.is_nan()) {
                let relative = noise.share * *value;
                let deviation = libm::hypot(noise.deviation, relative);
                *value += deviation * field.normal(names[unit as usize], noise.hash);
            }
        }
    }

    /// Gives imputed cells the measured value of a random unit of their group; a cell whose group has
    /// none keeps its own. `leaves` are hashes of the indicators' keys.
    pub fn donate(&self, realisation: u64, from: &Donated, values: &mut Matrix) {
        let What::Donors(groups) = &self.what else { return };
        let field = self.streams.at(realisation).field();
        let mut donors = Vec::new();
        for (leaf, marks) in from.marks.iter().enumerate().filter(|(_, marks)| marks.contains(&true)) {
            for rows in groups.members.iter().filter(|rows| rows.iter().any(|&row| marks[row as usize])) {
                donors.clear();
                let measured = |row: &&u32| !from.measured[leaf][**row as usize].is_nan();
                donors.extend(rows.iter().filter(measured).map(|&row| from.measured[leaf][row as usize]));
                for &row in rows.iter().filter(|&&row| marks[row as usize] && !donors.is_empty()) {
                    let name = from.names[from.units[row as usize] as usize];
                    values[leaf][row as usize] = donors[field.below(donors.len(), name, from.leaves[leaf])];
                }
            }
        }
    }
}

/// What hot-deck donors are found by.
#[derive(Clone, Copy, Debug)]
pub struct Donated<'a> {
    /// Values before anything was imputed, by leaf, then row.
    pub measured: &'a Matrix,
    /// Which cells were imputed.
    pub marks: &'a [Vec<bool>],
    /// Unit by row.
    pub units: &'a [u32],
    /// Hashes of the units' names, by unit.
    pub names: &'a [u64],
    /// Hashes of the indicators' keys, by leaf.
    pub leaves: &'a [u64],
}
