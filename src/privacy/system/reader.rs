//! What a reader knows of a system: least values, ranges, and what hangs together.

use std::collections::BTreeMap;

use super::{At, Audit, Count, Kind, System, Terms};
use crate::privacy::policy::PrivacyPolicy;
use crate::privacy::range::{Equation, ranges};

/// Unknown counts that hang together, with the equations between them; both in ascending order.
pub(super) struct Block {
    pub unknowns: Vec<At>,
    pub equations: Vec<usize>,
}

impl System {
    /// Is it a nought that is withheld for the sake of others?
    fn is_veil(&self, at: At) -> bool {
        let count = self.counts[at];
        count.hidden && count.kind == Kind::Shown && count.value == 0
    }

    /// Are there at least as many parts as people, by a total that is known whatever is withheld?
    pub(super) fn is_sparse(&self, e: usize) -> bool {
        let (terms, sum) = &self.equations[e];
        let (mut total, mut parts) = (*sum, 0);
        for (at, factor) in terms {
            match (self.counts[*at].kind, *factor) {
                (Kind::Fixed, factor) => total -= factor * self.counts[*at].value,
                (Kind::Shown, 1) => parts += 1,
                _ => return false,
            }
        }
        total > 0 && total <= parts
    }

    /// What a reader knows every count to be at least: see the module.
    pub(super) fn leasts(&self, blocks: &[Block]) -> Vec<i64> {
        let known = |c: &Count| i64::from(c.hidden && c.kind == Kind::Shown && c.value > 0);
        let mut leasts: Vec<i64> = self.counts.iter().map(known).collect();
        for (e, (terms, _)) in self.equations.iter().enumerate() {
            if self.is_sparse(e) {
                terms.iter().for_each(|(at, _)| leasts[*at] = 0);
            }
            for side in [1, -1] {
                let here = || terms.iter().filter(|(_, factor)| factor.signum() == side).map(|t| t.0);
                if here().any(|at| self.is_veil(at)) {
                    here().for_each(|at| leasts[at] = 0);
                }
            }
        }
        for block in blocks {
            let mut terms = block.equations.iter().flat_map(|e| &self.equations[*e].0);
            if !terms.any(|(at, _)| self.can_hide(*at)) {
                block.unknowns.iter().for_each(|at| leasts[*at] = 0);
            }
        }
        leasts
    }

    /// No range is wider than a total that the reader knows, less the least of its parts; and none
    /// may be a single value.
    pub(super) fn needed(&self, at: At, leasts: &[i64], policy: &PrivacyPolicy) -> f64 {
        let protection = f64::from(policy.protection);
        let caps = self.uses[at].iter().filter_map(|e| {
            let (terms, sum) = &self.equations[*e];
            let mut total = *sum;
            for (other, factor) in terms {
                match (self.counts[*other].kind, *factor) {
                    (Kind::Fixed, -1) => total += self.counts[*other].value,
                    (_, 1) => total -= leasts[*other],
                    _ => return None,
                }
            }
            Some(total as f64)
        });
        caps.fold(protection, f64::min).max(1.0)
    }

    /// How wide the range of a count is by one of its equations alone; `None` if it sets no bound.
    pub(super) fn room(&self, at: At, e: usize, leasts: &[i64]) -> Option<i64> {
        let (terms, sum) = &self.equations[e];
        let mut room = *sum;
        for (other, factor) in terms {
            let count = self.counts[*other];
            match (count.hidden, *factor) {
                (false, factor) => room -= factor * count.value,
                (true, 1) => room -= leasts[*other],
                (true, _) => return None,
            }
        }
        terms.contains(&(at, 1)).then_some(room)
    }

    /// Would a nought be known to be one, if it were withheld as things are? One of its equations,
    /// apart from `e`, then has nothing withheld that could be less.
    pub(super) fn is_pinned(&self, at: At, e: usize) -> bool {
        let loose = |terms: &[(At, i64)]| {
            let own = terms.iter().find(|t| t.0 == at).map_or(1, |t| t.1.signum());
            terms.iter().filter(|t| t.0 != at).any(|(other, factor)| {
                let count = self.counts[*other];
                count.hidden && (count.kind != Kind::Shown || count.value > 0 || factor.signum() != own)
            })
        };
        self.uses[at].iter().any(|other| *other != e && !loose(&self.equations[*other].0))
    }

    pub(super) fn solve(
        &self,
        order: &[At],
        equations: &[usize],
        leasts: &[i64],
        wanted: usize,
        enough: f64,
    ) -> Option<Vec<(f64, f64)>> {
        let place: BTreeMap<At, usize> = order.iter().enumerate().map(|(i, at)| (*at, i)).collect();
        let equations: Vec<Equation> = equations
            .iter()
            .map(|e| {
                let (terms, sum) = &self.equations[*e];
                let mut left = *sum;
                let mut unknown = Vec::new();
                for (at, factor) in terms {
                    match place.get(at) {
                        // What is above the least is the unknown.
                        Some(i) => {
                            unknown.push((*i, *factor as f64));
                            left -= factor * leasts[*at];
                        }
                        None => left -= factor * self.counts[*at].value,
                    }
                }
                (unknown, left as f64)
            })
            .collect();
        let mut found = ranges(order.len(), &equations, wanted, enough)?;
        for (range, at) in found.iter_mut().zip(order) {
            let least = leasts[*at] as f64;
            *range = (range.0 + least, range.1 + least);
        }
        Some(found)
    }

    /// The unknown counts by what hangs together.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut seen = vec![false; self.counts.len()];
        let mut met = vec![false; self.equations.len()];
        let mut found = Vec::new();
        for start in 0..self.counts.len() {
            if seen[start] || !self.counts[start].hidden {
                continue;
            }
            seen[start] = true;
            let (mut unknowns, mut equations) = (vec![start], Vec::new());
            let mut next = 0;
            while next < unknowns.len() {
                for e in &self.uses[unknowns[next]] {
                    if std::mem::replace(&mut met[*e], true) {
                        continue;
                    }
                    equations.push(*e);
                    for (at, _) in &self.equations[*e].0 {
                        if self.counts[*at].hidden && !std::mem::replace(&mut seen[*at], true) {
                            unknowns.push(*at);
                        }
                    }
                }
                next += 1;
            }
            unknowns.sort_unstable();
            equations.sort_unstable();
            found.push(Block { unknowns, equations });
        }
        found
    }

    /// For tests: the range that a reader can work out of every guarded count but noughts, exactly,
    /// and the least width it should have.
    pub fn audit(&self, policy: &PrivacyPolicy) -> Vec<Audit> {
        let mut all = Vec::new();
        let blocks = self.blocks();
        let leasts = self.leasts(&blocks);
        for Block { unknowns, equations } in blocks {
            let people = |at: &At| self.is_guarded(*at, policy) && self.counts[*at].value > 0;
            for at in unknowns.iter().copied().filter(people) {
                let order: Vec<At> =
                    [at].into_iter().chain(unknowns.iter().copied().filter(|other| *other != at)).collect();
                let range = self.solve(&order, &equations, &leasts, 1, f64::INFINITY).map(|r| r[0]);
                all.push(Audit { value: self.counts[at].value, range, needed: self.needed(at, &leasts, policy) });
            }
        }
        all
    }

    /// The equations with the values that a reader sees: `None` for an unknown. For an independent
    /// audit.
    pub fn published(&self) -> (Vec<Option<i64>>, &[Terms]) {
        (self.counts.iter().map(|c| (!c.hidden).then_some(c.value)).collect(), &self.equations)
    }
}
