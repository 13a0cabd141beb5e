//! Which counts to withhold so that none of them can be worked out from the others.
//!
//! A system is a list of counts and of equations that hold between them. Small counts are withheld
//! first; then, as long as the range that a reader can work out of a withheld count is narrower
//! than the protection, a further count of one of its equations is withheld: a part rather than a
//! total, and among equals the smallest. The ranges are those of linear programming over
//! non-negative numbers (module `range`), so every withheld count is checked, not only those in one
//! row or column.
//!
//! **Noughts.** A withheld nought costs the reader more than it hides, so noughts are shown. But who
//! knows that knows a withheld count to be at least 1: three withheld parts of a known total of 3
//! would be 1, 1 and 1. So noughts are withheld
//!
//! 1. in every equation whose known total is not greater than the number of its parts (a township of
//!    three villages by age group): there every part is withheld, whatever the parts are;
//! 2. beside a count that would be worked out otherwise, when nothing else but totals is left to
//!    withhold;
//!
//! and readers are taken to know that a withheld count is at least 1 unless (1) holds for one of its
//! equations, a nought is withheld on the same side of one of its equations (2), or everything that
//! could be withheld in the equations that hang together with it is withheld: there it may be none.
//!
//! **What remains.** A small count can be worked out by such a reader only if it follows from the
//! known numbers alone, with everything else withheld: the only part of a known total, or the parts
//! of two rows of which one is known to be empty. Nothing that is withheld could help there; a
//! caller that wants it protected must not declare the total known.
//!
//! Not covered is a reader who runs this very choice over all the tables that might be behind what
//! is shown: every rule that withholds as little as it can tells such a reader something. Over small
//! random systems fewer than one small count in a hundred has one possible value only for that reader.

mod reader;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use self::reader::Block;
use super::policy::PrivacyPolicy;

/// Nearer than this, two bounds of a range are the same.
const NEAR: f64 = 1e-6;

/// One count of a system, by its place in it.
pub type At = usize;

/// What a reader sees of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Shown unless it must be withheld.
    Shown,
    /// Known whatever is withheld, such as the number of posts.
    Fixed,
    /// Never shown, but small ones must not be worked out: a difference of two that are shown.
    Ghost,
    /// Never shown and nobody's business: slack between two counts.
    Slack,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    kind: Kind,
    value: i64,
    hidden: bool,
    /// How many lists of parts it is the whole of.
    wholes: u8,
}

/// Counts with their factors, and what they add up to.
pub type Terms = (Vec<(At, i64)>, i64);

/// Counts and what holds between them.
#[derive(Clone, Debug, Default)]
pub struct System {
    counts: Vec<Count>,
    equations: Vec<Terms>,
    /// Equations of each count.
    uses: Vec<Vec<usize>>,
}

impl System {
    fn push(&mut self, kind: Kind, value: i64) -> At {
        self.counts.push(Count { kind, value, hidden: matches!(kind, Kind::Ghost | Kind::Slack), wholes: 0 });
        self.uses.push(Vec::new());
        self.counts.len() - 1
    }

    /// A count that is shown unless it must be withheld.
    pub fn shown(&mut self, value: i64) -> At {
        self.push(Kind::Shown, value)
    }

    /// A number that readers know anyway.
    pub fn fixed(&mut self, value: i64) -> At {
        self.push(Kind::Fixed, value)
    }

    /// A number that is not shown but could be worked out, and must not if it is small.
    pub fn ghost(&mut self, value: i64) -> At {
        self.push(Kind::Ghost, value)
    }

    /// A number nobody knows, not negative.
    pub fn slack(&mut self) -> At {
        self.push(Kind::Slack, 0)
    }

    /// Σ factor · count = sum.
    pub fn equation(&mut self, terms: Vec<(At, i64)>, sum: i64) {
        for (at, _) in &terms {
            self.uses[*at].push(self.equations.len());
        }
        self.equations.push((terms, sum));
    }

    /// The parts add up to the whole, but for a difference that readers are taken to know
    /// (somebody who counts in two parts).
    pub fn parts(&mut self, parts: &[At], whole: At) {
        let difference = parts.iter().map(|p| self.counts[*p].value).sum::<i64>() - self.counts[whole].value;
        let terms = parts.iter().map(|p| (*p, 1)).chain([(whole, -1)]).collect();
        self.equation(terms, difference);
        self.counts[whole].wholes += 1;
    }

    /// The first is not greater than the second, if it is so.
    pub fn at_most(&mut self, less: At, more: At) {
        if self.counts[less].value <= self.counts[more].value {
            let slack = self.slack();
            self.equation(vec![(more, 1), (less, -1), (slack, -1)], 0);
        }
    }

    /// Is the count withheld?
    pub fn is_hidden(&self, at: At) -> bool {
        self.counts[at].hidden
    }

    /// Withholds a count.
    pub fn hide(&mut self, at: At) {
        self.counts[at].hidden |= self.counts[at].kind == Kind::Shown;
    }

    /// Could it be withheld, and is not yet?
    fn can_hide(&self, at: At) -> bool {
        self.counts[at].kind == Kind::Shown && !self.counts[at].hidden
    }

    /// Must a reader not work it out?
    fn is_guarded(&self, at: At, policy: &PrivacyPolicy) -> bool {
        let count = self.counts[at];
        count.hidden && (count.kind == Kind::Shown || count.kind == Kind::Ghost && policy.is_small(count.value))
    }

    /// Withholds what must be withheld.
    pub fn suppress(&mut self, policy: &PrivacyPolicy) {
        if !policy.suppresses() {
            return;
        }
        for at in 0..self.counts.len() {
            if policy.is_small(self.counts[at].value) {
                self.hide(at);
            }
        }
        self.close_sparse();
        // Blocks that need nothing more, or can get nothing more.
        let mut settled: BTreeSet<Vec<At>> = BTreeSet::new();
        loop {
            self.close_gaps(policy);
            let blocks = self.blocks();
            let leasts = self.leasts(&blocks);
            let mut more = Vec::new();
            for block in blocks {
                if settled.contains(&block.unknowns) {
                    continue;
                }
                let others = self.more(&block, &leasts, policy);
                if others.is_empty() {
                    settled.insert(block.unknowns);
                }
                more.extend(others);
            }
            if more.is_empty() {
                return;
            }
            more.into_iter().for_each(|at| self.hide(at));
        }
    }

    /// Withholds every part of an equation whose known total is not above the number of its parts.
    fn close_sparse(&mut self) {
        for e in 0..self.equations.len() {
            if self.is_sparse(e) {
                let parts: Vec<At> = self.equations[e].0.iter().map(|t| t.0).collect();
                parts.into_iter().for_each(|at| self.hide(at));
            }
        }
    }

    /// A guarded count that is the only unknown of an equation gets another beside it.
    fn close_gaps(&mut self, policy: &PrivacyPolicy) {
        let mut open: Vec<usize> = (0..self.equations.len()).collect();
        while !open.is_empty() {
            let mut next = Vec::new();
            for e in open {
                let unknown: Vec<At> =
                    self.equations[e].0.iter().map(|t| t.0).filter(|t| self.counts[*t].hidden).collect();
                if let [only] = unknown[..]
                    && self.is_guarded(only, policy)
                    && let Some(other) = self.candidate(e)
                {
                    self.hide(other);
                    next.extend(self.uses[other].iter().copied());
                }
            }
            next.sort_unstable();
            next.dedup();
            open = next;
        }
    }

    /// What to withhold beside a guarded count of a block whose range is too narrow, for a reader who
    /// knows of noughts or for one who knows nothing of them.
    fn more(&self, block: &Block, leasts: &[i64], policy: &PrivacyPolicy) -> Vec<At> {
        let found = self.more_for(block, leasts, policy);
        if !found.is_empty() || block.unknowns.iter().all(|at| leasts[*at] == 0) {
            return found;
        }
        self.more_for(block, &vec![0; leasts.len()], policy)
    }

    /// What to withhold beside the guarded count with the narrowest range of a block, if that range is
    /// too narrow for a reader who knows these least values. One at a time: what is withheld beside it often helps the others. Noughts are
    /// nobody's and may be worked out, as long as what they were withheld for may not.
    fn more_for(&self, block: &Block, leasts: &[i64], policy: &PrivacyPolicy) -> Vec<At> {
        let people = |at: &At| self.is_guarded(*at, policy) && self.counts[*at].value > 0;
        let guarded: Vec<At> = block.unknowns.iter().copied().filter(people).collect();
        if guarded.is_empty() {
            return Vec::new();
        }
        let beside = |at: At| self.beside(at, block, leasts, policy);
        // The guarded come first, so that ranges are kept for them alone.
        let others = block.unknowns.iter().copied().filter(|at| !people(at));
        let order: Vec<At> = guarded.iter().copied().chain(others).collect();
        let Some(found) = self.solve(&order, &block.equations, leasts, guarded.len(), f64::from(policy.protection))
        else {
            // What cannot be checked is not relied on.
            return guarded.into_iter().filter_map(beside).collect();
        };
        let lacking = |at: At, (low, high): (f64, f64)| {
            let needed = self.needed(at, leasts, policy);
            // No two whole numbers in it: as narrow as can be.
            if (high + NEAR).floor() - (low - NEAR).ceil() < 1.0 { needed } else { needed - (high - low) }
        };
        let narrow = guarded.iter().zip(found).map(|(at, range)| (*at, lacking(*at, range)));
        let mut narrow: Vec<(At, f64)> = narrow.filter(|(_, lack)| *lack > NEAR).collect();
        narrow.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        // The first that anything can be done about.
        narrow.into_iter().find_map(|(at, _)| beside(at)).into_iter().collect()
    }

    /// How dear it is to withhold a count, in an equation: parts before noughts, noughts before totals,
    /// and last the noughts that would be worked out at once.
    fn price(&self, at: At, e: usize) -> (bool, u8, bool) {
        let count = self.counts[at];
        (count.value == 0 && self.is_pinned(at, e), count.wholes, count.value == 0)
    }

    /// The count of an equation that is best withheld too: the cheapest; among those one that its
    /// other equations withhold something beside, then the smallest.
    fn candidate(&self, e: usize) -> Option<At> {
        self.candidates(e)
            .min_by_key(|(at, company)| (self.price(*at, e), Reverse(*company), self.counts[*at].value, *at))
            .map(|(at, _)| at)
    }

    /// Counts of an equation that are shown, each with how many of its other equations hold a
    /// withheld count.
    fn candidates(&self, e: usize) -> impl Iterator<Item = (At, usize)> {
        let shown = self.equations[e].0.iter().map(|t| t.0).filter(|at| self.can_hide(*at));
        shown.map(move |at| {
            let company = self.uses[at].iter().filter(|other| **other != e).filter(|other| {
                let terms = &self.equations[**other].0;
                terms.iter().any(|(t, _)| self.counts[*t].hidden && self.counts[*t].kind == Kind::Shown)
            });
            (at, company.count())
        })
    }

    /// What to withhold beside a count: in an equation of its that alone leaves it too little, for
    /// nothing else would help; then in the tightest of its equations, else in those that hang together
    /// with it; a nought only if there is no other part.
    fn beside(&self, at: At, block: &Block, leasts: &[i64], policy: &PrivacyPolicy) -> Option<At> {
        let needed = self.needed(at, leasts, policy);
        let tight = self.uses[at].iter().filter(|e| self.room(at, **e, leasts).is_some_and(|r| (r as f64) < needed));
        if let Some(other) = tight.filter_map(|e| self.candidate(*e)).next() {
            return Some(other);
        }
        let best = |equations: &[usize]| {
            let all = equations.iter().flat_map(|e| {
                let unknown = self.equations[*e].0.iter().filter(|t| self.counts[t.0].hidden).count();
                self.candidates(*e).map(move |(at, company)| (unknown, Reverse(company), at, *e))
            });
            all.min_by_key(|(unknown, company, at, e)| {
                (self.price(*at, *e), *unknown, *company, self.counts[*at].value, *at)
            })
            .map(|(_, _, at, _)| at)
        };
        let near = best(&self.uses[at]);
        if near.is_some_and(|at| self.counts[at].value > 0) {
            return near;
        }
        let far = best(&block.equations);
        far.filter(|at| self.counts[*at].value > 0 && self.counts[*at].wholes == 0).or(near).or(far)
    }
}

/// What can be worked out of one withheld count.
#[derive(Clone, Copy, Debug)]
pub struct Audit {
    pub value: i64,
    /// Least and greatest value; `None` if the equations contradict each other.
    pub range: Option<(f64, f64)>,
    /// The width it should have.
    pub needed: f64,
}

/// Counts that add up to a known sum: which of them to withhold.
pub fn hide_parts(values: &[i64], policy: &PrivacyPolicy) -> Vec<bool> {
    let mut system = System::default();
    let parts: Vec<At> = values.iter().map(|v| system.shown(*v)).collect();
    let whole = system.fixed(values.iter().sum());
    system.parts(&parts, whole);
    system.suppress(policy);
    parts.into_iter().map(|at| system.is_hidden(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> PrivacyPolicy {
        PrivacyPolicy { min_cell: 5, protection: 4, source: String::new() }
    }

    #[test]
    fn a_small_part_takes_another_with_it() {
        assert_eq!(hide_parts(&[2, 30, 12], &policy()), [true, false, true]);
        assert_eq!(hide_parts(&[7, 30, 12], &policy()), [false; 3]);
        assert_eq!(hide_parts(&[0, 30], &policy()), [false, false]);
        // Two small ones that together hide too little take a third.
        assert_eq!(hide_parts(&[1, 1, 9, 40], &policy()), [true, true, true, false]);
        assert_eq!(hide_parts(&[2, 0], &policy()), [true, true]);
        // Noughts are known to be shown: a 4 alone in a known sum would be known, so a nought joins it.
        assert_eq!(hide_parts(&[4, 0, 0], &policy()), [true, true, false]);
        // No more people than parts: all is withheld, whoever stands where.
        for few in [[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1], [0, 4, 0, 0]] {
            assert_eq!(hide_parts(&few, &policy()), [true; 4]);
        }
        assert_eq!(hide_parts(&[0, 0, 5, 0, 0], &policy()), [true; 5]);
        assert_eq!(hide_parts(&[0, 0, 0], &policy()), [false; 3]);
        // Nothing is left to withhold but the sum itself.
        assert_eq!(hide_parts(&[1], &policy()), [true]);
    }

    #[test]
    fn a_table_with_margins_is_protected_in_both_directions() {
        let values = [[1, 9, 14], [8, 20, 6], [7, 11, 30]];
        let mut system = System::default();
        let cells = values.map(|row| row.map(|v| system.shown(v)));
        for i in 0..3 {
            let (row, column) = (values[i].iter().sum(), values.iter().map(|r| r[i]).sum());
            let (row, column) = (system.fixed(row), system.fixed(column));
            system.parts(&cells[i], row);
            system.parts(&cells.map(|r| r[i]), column);
        }
        system.suppress(&policy());
        assert!(system.is_hidden(cells[0][0]));
        let audit = system.audit(&policy());
        assert!(audit.len() >= 4);
        for found in audit {
            let (low, high) = found.range.unwrap();
            assert!(high - low >= found.needed && low <= found.value as f64 && found.value as f64 <= high, "{found:?}");
        }
    }
}
