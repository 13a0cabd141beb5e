//! Owen values: how the change of a unit's score from its baseline is split among its indicators.
//!
//! The players are the leaves. A coalition's worth is the value of the tree where its leaves have the
//! unit's points and all others the baseline's. Leaves join in an order in which those of one node
//! come together, at every level; a leaf's contribution is the mean of what its joining changes over
//! all such orders (Owen, *Values of games with a priori unions*, 1977; nested unions: Winter, *A value
//! for cooperative games with levels structure of cooperation*, Int. J. Game Theory 18, 1989). The
//! contributions of a node's leaves add up to the node's own Shapley value among its siblings.
//!
//! - Below additive nodes: weight · (points − baseline), in one pass.
//! - Elsewhere all coalitions, as long as no node has more than [`CHILDREN`] children that change and
//!   the work stays below [`WORK`] evaluations of a node a unit. With n children at each of d such
//!   levels it grows with n^(d − 1) · 2^(n · d).
//! - Beyond that, [`PAIRS`] pairs of orders drawn at random, each with its reverse. The sum is still
//!   exact; the standard error is stated.

use crate::kernel::draw::Draw;

/// Most children of a node over which all coalitions are formed.
pub const CHILDREN: usize = 12;

/// Most evaluations of a node for one unit.
pub const WORK: u64 = 1 << 18;

/// Pairs of orders where not all coalitions can be formed.
pub const PAIRS: u64 = 256;

/// A tree of aggregators and two states of its leaves.
pub struct Game<'a> {
    /// Children that have weight, by place; the root is place 0, a leaf has none.
    pub children: &'a [Vec<usize>],
    /// Share of each place among its siblings.
    pub shares: &'a [f64],
    /// Is the node's value Σ share · x?
    pub additive: &'a [bool],
    /// The value of the node at a place for values of its children.
    pub value: &'a dyn Fn(usize, &[f64]) -> f64,
    /// Value of every place in the unit's state, NaN where missing.
    pub inside: &'a [f64],
    /// The same in the baseline's.
    pub outside: &'a [f64],
}

/// Contributions by place.
pub struct Split {
    /// Of leaves; 0 elsewhere. NaN where some coalition has no value.
    pub contributions: Vec<f64>,
    /// The greatest standard error among them; 0 where all coalitions were formed.
    pub error: f64,
}

impl Game<'_> {
    /// The contributions of all leaves.
    pub fn split(&self) -> Split {
        let mut moved = vec![false; self.children.len()];
        self.mark(0, &mut moved);
        let mut out = Split { contributions: vec![0.0; self.children.len()], error: 0.0 };
        self.linear(0, 1.0, &moved, &mut out);
        out
    }

    /// Marks what has a leaf below it that changes.
    fn mark(&self, at: usize, moved: &mut [bool]) -> bool {
        let mut any = self.children[at].is_empty() && !same(self.inside[at], self.outside[at]);
        for &child in &self.children[at] {
            any |= self.mark(child, moved);
        }
        moved[at] = any;
        any
    }

    /// Contributions below a place whose value counts with a fixed weight.
    fn linear(&self, at: usize, weight: f64, moved: &[bool], out: &mut Split) {
        if !moved[at] {
            return;
        }
        let children = &self.children[at];
        let whole = |child: &usize| !self.inside[*child].is_nan() && !self.outside[*child].is_nan();
        if children.is_empty() {
            out.contributions[at] = weight * (self.inside[at] - self.outside[at]);
        } else if self.additive[at] && children.iter().all(whole) {
            children.iter().for_each(|&child| self.linear(child, weight * self.shares[child], moved, out));
        } else if self.work(at, 1, moved).is_some_and(|work| work <= WORK) {
            self.exact(at, &|value| weight * value, moved, out);
        } else {
            self.sample(at, weight, moved, out);
        }
    }

    /// Evaluations of nodes that all coalitions below a place take; none where a node is too wide.
    fn work(&self, at: usize, times: u64, moved: &[bool]) -> Option<u64> {
        let players: Vec<usize> = self.players(at, moved);
        if players.len() > CHILDREN {
            return None;
        }
        let all = times.checked_mul(1 << players.len())?;
        let mut sum = if players.iter().any(|&p| self.children[p].is_empty()) { all } else { 0 };
        for &player in players.iter().filter(|&&p| !self.children[p].is_empty()) {
            sum = sum.checked_add(self.work(player, all / 2, moved)?)?;
        }
        Some(sum)
    }

    /// Children that change. The others change nothing in any coalition.
    fn players(&self, at: usize, moved: &[bool]) -> Vec<usize> {
        self.children[at].iter().copied().filter(|&child| moved[child]).collect()
    }

    /// Contributions below a node by all coalitions; `above` is what the node's value is worth, in the
    /// mean over the orders of all that is not below it.
    fn exact(&self, at: usize, above: &dyn Fn(f64) -> f64, moved: &[bool], out: &mut Split) {
        let children = &self.children[at];
        let players: Vec<usize> = (0..children.len()).filter(|&slot| moved[children[slot]]).collect();
        let weights = shapley_weights(players.len());
        // Values of the children where the players of a mask have joined.
        let state = |mask: usize| -> Vec<f64> {
            let mut values: Vec<f64> = children.iter().map(|&child| self.outside[child]).collect();
            for (_, &slot) in players.iter().enumerate().filter(|(bit, _)| (mask >> bit) & 1 == 1) {
                values[slot] = self.inside[children[slot]];
            }
            values
        };
        let worth = |values: &[f64]| above((self.value)(at, values));
        if players.iter().any(|&slot| self.children[children[slot]].is_empty()) {
            let table: Vec<f64> = (0..1 << players.len()).map(|mask| worth(&state(mask))).collect();
            for (bit, &slot) in players.iter().enumerate() {
                if self.children[children[slot]].is_empty() {
                    let without = (0..table.len()).filter(|mask| (mask >> bit) & 1 == 0);
                    out.contributions[children[slot]] = without.fold(0.0, |sum, mask| {
                        sum + weights[mask.count_ones() as usize] * (table[mask | (1 << bit)] - table[mask])
                    });
                }
            }
        }
        for (bit, &slot) in players.iter().enumerate() {
            let child = children[slot];
            if self.children[child].is_empty() {
                continue;
            }
            let others: Vec<(f64, Vec<f64>)> = (0..1_usize << players.len())
                .filter(|mask| (mask >> bit) & 1 == 0)
                .map(|mask| (weights[mask.count_ones() as usize], state(mask)))
                .collect();
            let mean = |value: f64| {
                let mut values = Vec::with_capacity(children.len());
                others.iter().fold(0.0, |sum, (weight, state)| {
                    values.clear();
                    values.extend_from_slice(state);
                    values[slot] = value;
                    sum + weight * worth(&values)
                })
            };
            self.exact(child, &mean, moved, out);
        }
    }

    /// Contributions below a node by orders drawn at random.
    fn sample(&self, at: usize, weight: f64, moved: &[bool], out: &mut Split) {
        let mut walk = Walk::new(self, at, moved);
        let leaves = walk.leaves.clone();
        let (mut mean, mut squares) = (vec![0.0; leaves.len()], vec![0.0; leaves.len()]);
        for pair in 0..PAIRS {
            let mut order = Vec::with_capacity(leaves.len());
            walk.shuffle(at, &mut Draw::named(0, "owen values", pair), &mut order);
            let mut sum = vec![0.0; leaves.len()];
            walk.gains(order.iter().copied(), &mut sum);
            walk.gains(order.iter().rev().copied(), &mut sum);
            for (slot, sum) in sum.iter().enumerate() {
                let gain = weight * sum / 2.0;
                let gap = gain - mean[slot];
                mean[slot] += gap / (pair + 1) as f64;
                squares[slot] += gap * (gain - mean[slot]);
            }
        }
        for ((&leaf, mean), squares) in leaves.iter().zip(mean).zip(squares) {
            out.contributions[leaf] = mean;
            let error = libm::sqrt(squares / ((PAIRS - 1) * PAIRS) as f64);
            out.error = out.error.max(error);
        }
    }
}

/// Equal, or both missing.
fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

/// |T|! (n − 1 − |T|)! / n! by the size of T: the chance that just these others come before.
fn shapley_weights(players: usize) -> Vec<f64> {
    let mut weight = 1.0 / players.max(1) as f64;
    let mut out = Vec::with_capacity(players);
    for size in 0..players {
        out.push(weight);
        weight *= (size + 1) as f64 / (players - 1 - size).max(1) as f64;
    }
    out
}

/// Leaves below a node that join one by one.
struct Walk<'a> {
    game: &'a Game<'a>,
    top: usize,
    /// Places of the leaves that change.
    leaves: Vec<usize>,
    /// Place of each leaf in `leaves`, by place in the tree.
    slot: Vec<usize>,
    parent: Vec<usize>,
    players: Vec<Vec<usize>>,
}

impl<'a> Walk<'a> {
    fn new(game: &'a Game<'a>, top: usize, moved: &[bool]) -> Walk<'a> {
        let places = game.children.len();
        let mut walk = Walk {
            game,
            top,
            leaves: Vec::new(),
            slot: vec![0; places],
            parent: vec![0; places],
            players: vec![Vec::new(); places],
        };
        let mut stack = vec![top];
        while let Some(at) = stack.pop() {
            if game.children[at].is_empty() {
                walk.slot[at] = walk.leaves.len();
                walk.leaves.push(at);
            }
            walk.players[at] = game.players(at, moved);
            walk.players[at].iter().for_each(|&child| walk.parent[child] = at);
            stack.extend(walk.players[at].iter().rev());
        }
        walk
    }

    /// An order of the leaves in which those of one node come together.
    fn shuffle(&mut self, at: usize, draw: &mut Draw, order: &mut Vec<usize>) {
        if self.game.children[at].is_empty() {
            order.push(at);
            return;
        }
        let mut players = self.players[at].clone();
        draw.shuffle(&mut players);
        players.into_iter().for_each(|child| self.shuffle(child, draw, order));
    }

    /// Adds to `sum` what each leaf's joining changes.
    fn gains(&self, order: impl Iterator<Item = usize>, sum: &mut [f64]) {
        let mut values = self.game.outside.to_vec();
        let mut children = Vec::new();
        for leaf in order {
            let before = values[self.top];
            values[leaf] = self.game.inside[leaf];
            let mut at = leaf;
            while at != self.top {
                at = self.parent[at];
                children.clear();
                children.extend(self.game.children[at].iter().map(|&child| values[child]));
                values[at] = (self.game.value)(at, &children);
            }
            sum[self.slot[leaf]] += values[self.top] - before;
        }
    }
}
