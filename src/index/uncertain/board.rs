//! Rows arranged for counting: group after group, in each by nominal rank, so that units that stand
//! near one another are near one another in memory.

use std::ops::Range;

use super::{Outcome, Replicate};
use crate::index::table::Groups;
use crate::kernel::places::{Placer, UNPLACED};

/// There is no such position.
pub const NONE: u32 = u32::MAX;

/// The arrangement of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Row by position.
    pub rows: Vec<u32>,
    /// Positions of each group: rated rows by nominal rank (ties by row), then the others.
    pub groups: Vec<Range<usize>>,
    /// Nominal place by position, 0 the best, ties share the best; [`UNPLACED`] where not rated.
    pub nominal: Vec<u32>,
    /// Nominally rated rows by group.
    pub rated: Vec<u32>,
    /// Position of the same unit in the period before, by position; [`NONE`] where there is none.
    pub before: Vec<u32>,
}

impl Board {
    /// Arranges rows by their nominal scores (NaN where not rated); `units` and `periods` by row.
    pub fn new(groups: &Groups, units: &[u32], periods: &[i64], nominal: &[f64]) -> Board {
        let n = nominal.len();
        let mut board = Board {
            rows: Vec::with_capacity(n),
            groups: Vec::with_capacity(groups.members.len()),
            nominal: Vec::with_capacity(n),
            rated: Vec::with_capacity(groups.members.len()),
            before: vec![NONE; n],
        };
        let mut placer = Placer::new();
        for members in &groups.members {
            let mut members = members.clone();
            members.sort_unstable();
            let scores: Vec<f64> = members.iter().map(|&row| nominal[row as usize]).collect();
            let mut first = vec![0; scores.len()];
            let rated = placer.place(&scores, &mut first);
            board.rated.push(rated);
            let start = board.rows.len();
            board.rows.resize(start + members.len(), 0);
            board.nominal.resize(start + members.len(), UNPLACED);
            // By place: where the next that has it goes; at the end those without.
            let mut next: Vec<usize> = (start..=start + members.len()).collect();
            for (row, first) in members.into_iter().zip(first) {
                let slot = &mut next[first.min(rated) as usize];
                (board.rows[*slot], board.nominal[*slot]) = (row, first);
                *slot += 1;
            }
            board.groups.push(start..board.rows.len());
        }
        let at = board.positions();
        let mut order: Vec<(u32, i64, u32)> = (0..n).map(|row| (units[row], periods[row], row as u32)).collect();
        order.sort_unstable();
        for pair in order.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            board.before[at[pair[1].2 as usize] as usize] = at[pair[0].2 as usize];
        }
        board
    }

    /// Position by row.
    pub fn positions(&self) -> Vec<u32> {
        let mut at = vec![0; self.rows.len()];
        self.rows.iter().enumerate().for_each(|(position, &row)| at[row as usize] = position as u32);
        at
    }

    /// Has any unit a period before another?
    pub fn is_panel(&self) -> bool {
        self.before.iter().any(|&before| before != NONE)
    }
}

/// Places of one draw by position, as `kernel::places` gives them.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Place of the first of the rows that a row ties with.
    pub first: Vec<u32>,
    /// Positions of rows that tie, ascending, and how many tie with each, itself among them.
    pub ties: Vec<(u32, u32)>,
    /// Rated rows by group.
    pub rated: Vec<u32>,
}

impl Places {
    /// How many rows tie with the one at a position, itself among them.
    pub fn size(&self, position: usize) -> u32 {
        self.ties_in(position..position + 1).first().map_or(1, |(_, size)| *size)
    }

    /// The ties at some positions.
    pub fn ties_in(&self, positions: Range<usize>) -> &[(u32, u32)] {
        let from = |position: usize| self.ties.partition_point(|(at, _)| (*at as usize) < position);
        if self.ties.is_empty() { &[] } else { &self.ties[from(positions.start)..from(positions.end)] }
    }
}

/// Ranks draws. Keeps its buffers between them.
#[derive(Debug, Default)]
pub struct Ranker {
    placer: Placer,
    /// Scores by position.
    scores: Vec<f64>,
    /// Does the replicator give them so?
    in_order: bool,
}

impl Ranker {
    /// For the draws of a replicator.
    pub fn new<R: Replicate>(board: &Board, replicator: &R) -> Ranker {
        Ranker { in_order: replicator.order() == Some(&board.rows), ..Ranker::default() }
    }

    /// Makes and ranks a draw; its outcome, with scores by position. `next` is the draw that will be asked for
    /// next, if it is known.
    ///
    /// # Errors
    /// The replication fails.
    pub fn draw<'a, R: Replicate>(
        &'a mut self,
        replicator: &R,
        board: &Board,
        (realisations, next): (&[u64], Option<&[u64]>),
        worker: &'a mut R::Worker,
        places: &mut Places,
    ) -> Result<Outcome<'a>, String> {
        if self.in_order {
            let outcome = replicator.replicate_in_order(realisations, next, worker)?;
            self.rank_in_order(board, outcome.scores, places);
            return Ok(outcome);
        }
        let outcome = replicator.replicate(realisations, worker)?;
        self.rank(board, outcome.scores, places);
        Ok(Outcome { scores: &self.scores, weights: outcome.weights })
    }

    /// Ranks scores, given by row, within the board's groups.
    pub fn rank(&mut self, board: &Board, scores: &[f64], places: &mut Places) {
        self.scores.clear();
        self.scores.extend(board.rows.iter().map(|&row| scores[row as usize]));
        let scores = std::mem::take(&mut self.scores);
        self.rank_in_order(board, &scores, places);
        self.scores = scores;
    }

    /// Ranks scores, given by position.
    pub fn rank_in_order(&mut self, board: &Board, scores: &[f64], places: &mut Places) {
        places.first.resize(board.rows.len(), 0);
        places.rated.clear();
        places.ties.clear();
        for group in &board.groups {
            let first = &mut places.first[group.clone()];
            places.rated.push(self.placer.place(&scores[group.clone()], first));
            places.ties.extend(self.placer.ties().iter().map(|&(at, size)| (group.start as u32 + at, size)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_by_nominal_rank_within_their_group() {
        // Two periods of three units; the first unit is not rated in the second.
        let groups = Groups::new(vec![vec![0, 1, 2], vec![3, 4, 5]], 6);
        let board = Board::new(&groups, &[0, 1, 2, 0, 1, 2], &[1, 1, 1, 2, 2, 2], &[1.0, 3.0, 3.0, f64::NAN, 5.0, 6.0]);
        assert_eq!(board.rows, [1, 2, 0, 5, 4, 3]);
        assert_eq!(board.nominal, [0, 0, 2, 0, 1, UNPLACED]);
        assert_eq!(board.rated, [3, 2]);
        assert_eq!(board.before, [NONE, NONE, NONE, 1, 0, 2]);
        assert!(board.is_panel());
        let mut places = Places::default();
        Ranker::default().rank(&board, &[f64::NAN, 1.0, 2.0, 7.0, 7.0, 9.0], &mut places);
        assert_eq!(places.first, [1, 0, UNPLACED, 0, 1, 1]);
        assert_eq!(places.ties, [(4, 2), (5, 2)]);
        assert_eq!((places.size(3), places.size(4)), (1, 2));
        assert_eq!(places.rated, [2, 3]);
    }
}
