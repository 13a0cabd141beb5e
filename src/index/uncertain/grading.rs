//! Grades of draws, with caps and forced grades: within the groups that are ranked, or within others.

use super::board::{Board, Places};
use crate::index::grade::{Grader, Limit, UNGRADED};
use crate::index::table::Groups;
use crate::kernel::places::Placer;

/// Grades that are capped within other groups than those that are ranked, and compared on a decimal
/// grid.
#[derive(Clone, Copy, Debug)]
pub struct Capped<'a> {
    /// Rows within which grades are capped.
    pub groups: &'a Groups,
    /// Scores are compared as whole numbers of so many to a point, a half rounded up.
    pub per_point: f64,
}

/// How draws are graded; everything by position on the board.
pub(super) struct Grading {
    limits: Vec<Limit>,
    /// The best band that vetoes leave.
    forced: Vec<u8>,
    /// Positions by group and the grid, where grades are capped within groups of their own.
    own: Option<(Vec<Vec<u32>>, f64)>,
}

/// Buffers of one thread.
#[derive(Default)]
pub(super) struct Buffers {
    grader: Grader,
    placer: Placer,
    scores: Vec<f64>,
    forced: Vec<u8>,
    first: Vec<u32>,
    grades: Vec<u8>,
}

/// A score as a whole number of so many to a point, a half rounded up.
fn whole(score: f64, per_point: f64) -> f64 {
    (score * per_point + 0.5).floor()
}

impl Grading {
    /// `forced` by row, none without vetoes.
    pub fn new(board: &Board, limits: &[Limit], forced: &[Option<usize>], capped: Option<Capped>) -> Grading {
        let at = board.positions();
        let held = |&row: &u32| forced.get(row as usize).copied().flatten().unwrap_or(0);
        let own = capped.map(|capped| {
            let group = |rows: &Vec<u32>| rows.iter().map(|&row| at[row as usize]).collect();
            (capped.groups.members.iter().map(group).collect(), capped.per_point)
        });
        let limits = match &own {
            Some((_, per)) => limits.iter().map(|(low, room)| (whole(*low, *per), *room)).collect(),
            None => limits.to_vec(),
        };
        let forced = board.rows.iter().map(|row| held(row).min(usize::from(UNGRADED) - 1) as u8).collect();
        Grading { limits, forced, own }
    }

    /// Grades one draw: scores and places by position; `out` stays empty without grades.
    pub fn award(&self, board: &Board, scores: &[f64], places: &Places, buffers: &mut Buffers, out: &mut Vec<u8>) {
        if self.limits.is_empty() {
            return;
        }
        out.resize(board.rows.len(), UNGRADED);
        let Some((groups, per)) = &self.own else {
            for group in &board.groups {
                let (first, forced) = (&places.first[group.clone()], &self.forced[group.clone()]);
                let (scores, out) = (&scores[group.clone()], &mut out[group.clone()]);
                buffers.grader.award(&self.limits, scores, first, forced, out);
            }
            return;
        };
        for group in groups {
            let of = |at: &u32| *at as usize;
            buffers.scores.clear();
            buffers.scores.extend(group.iter().map(|at| whole(scores[of(at)], *per)));
            buffers.forced.clear();
            buffers.forced.extend(group.iter().map(|at| self.forced[of(at)]));
            buffers.first.resize(group.len(), 0);
            buffers.grades.resize(group.len(), UNGRADED);
            buffers.placer.place(&buffers.scores, &mut buffers.first);
            let grades = &mut buffers.grades;
            buffers.grader.award(&self.limits, &buffers.scores, &buffers.first, &buffers.forced, grades);
            group.iter().zip(grades).for_each(|(at, grade)| out[of(at)] = *grade);
        }
    }
}
