//! What a reader can work out: the least and the greatest value of unknown, non-negative numbers
//! that must satisfy linear equations. A plain tableau simplex over few unknowns; the walk from one
//! optimum to the next widens the known range of every unknown on the way, so that most of them
//! need no optimisation of their own.

/// Entries nearer to zero than this count as zero.
const ZERO: f64 = 1e-9;
/// After so many steps in one optimisation the first improving column is taken: no cycles.
const PATIENCE: usize = 200;
/// Steps in one optimisation; a problem that needs more is given up as unknown.
const STEPS: usize = 20_000;

/// One equation: terms (unknown, factor) and what they add up to.
pub type Equation = (Vec<(usize, f64)>, f64);

/// The range of each of the first `wanted` unknowns, at least as far as it is `enough` wide: an
/// unknown whose range is narrower than `enough` has exactly the range given. `None` if no
/// non-negative numbers satisfy the equations, or the search was given up.
pub fn ranges(unknowns: usize, equations: &[Equation], wanted: usize, enough: f64) -> Option<Vec<(f64, f64)>> {
    let mut tableau = Tableau::new(unknowns, equations)?;
    let mut known = vec![(f64::INFINITY, f64::NEG_INFINITY); wanted];
    tableau.note(&mut known);
    for k in 0..wanted {
        for up in [true, false] {
            tableau.optimise(k, up, enough, &mut known)?;
        }
    }
    Some(known)
}

/// Rows in terms of the basis: basic unknown = right side − the others.
struct Tableau {
    /// Row by row, `unknowns + 1` numbers each; the last is the right side.
    rows: Vec<Vec<f64>>,
    basis: Vec<usize>,
    unknowns: usize,
}

impl Tableau {
    fn new(unknowns: usize, equations: &[Equation]) -> Option<Tableau> {
        let mut rows = Vec::with_capacity(equations.len());
        for (terms, sum) in equations {
            let mut row = vec![0.0; unknowns + 1];
            let sign = if *sum < 0.0 { -1.0 } else { 1.0 };
            for (at, factor) in terms {
                row[*at] += sign * factor;
            }
            row[unknowns] = sign * sum;
            rows.push(row);
        }
        let none = usize::MAX;
        let mut tableau = Tableau { basis: vec![none; rows.len()], rows, unknowns };
        // Phase one: drive the sum of what is still unbalanced to zero.
        for step in 0..STEPS {
            let open: Vec<usize> = (0..tableau.rows.len()).filter(|r| tableau.basis[*r] == none).collect();
            let left: f64 = open.iter().map(|r| tableau.rows[*r][unknowns]).sum();
            if left <= 1e-7 {
                break;
            }
            let gain = |j: usize| -> f64 { open.iter().map(|r| tableau.rows[*r][j]).sum() };
            let column = choose((0..unknowns).map(|j| (j, gain(j))), step > PATIENCE)?;
            let row = tableau.leaving(column)?;
            tableau.pivot(row, column);
            if step + 1 == STEPS {
                return None;
            }
        }
        // Rows that nothing is basic in hold zero: another unknown takes its place, or they say nothing.
        let mut at = 0;
        while at < tableau.rows.len() {
            if tableau.basis[at] == none {
                match (0..unknowns).find(|j| tableau.rows[at][*j].abs() > 1e-7) {
                    Some(column) => tableau.pivot(at, column),
                    None => {
                        tableau.rows.swap_remove(at);
                        tableau.basis.swap_remove(at);
                        continue;
                    }
                }
            }
            at += 1;
        }
        Some(tableau)
    }

    /// The row that first reaches zero when an unknown grows.
    fn leaving(&self, column: usize) -> Option<usize> {
        let mut best: Option<(f64, usize, usize)> = None;
        for (r, row) in self.rows.iter().enumerate() {
            if row[column] > ZERO {
                let candidate = (row[self.unknowns].max(0.0) / row[column], self.basis[r], r);
                let better =
                    best.is_none_or(|b| candidate.0 < b.0 - ZERO || (candidate.0 <= b.0 + ZERO && candidate.1 < b.1));
                if better {
                    best = Some(candidate);
                }
            }
        }
        best.map(|b| b.2)
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let factor = self.rows[row][column];
        self.rows[row].iter_mut().for_each(|x| *x /= factor);
        let pivot = std::mem::take(&mut self.rows[row]);
        let filled: Vec<usize> = (0..=self.unknowns).filter(|j| pivot[*j] != 0.0).collect();
        for other in &mut self.rows {
            if other.is_empty() || other[column] == 0.0 {
                continue;
            }
            let factor = other[column];
            for j in &filled {
                other[*j] -= factor * pivot[*j];
                if other[*j].abs() < 1e-11 {
                    other[*j] = 0.0;
                }
            }
        }
        self.rows[row] = pivot;
        self.basis[row] = column;
    }

    fn optimise(&mut self, k: usize, up: bool, enough: f64, known: &mut [(f64, f64)]) -> Option<()> {
        for step in 0..STEPS {
            if known[k].1 - known[k].0 >= enough {
                return Some(());
            }
            let column = match self.basis.iter().position(|b| *b == k) {
                // Not in the basis: it is zero now.
                None if !up => return Some(()),
                None => k,
                Some(r) => {
                    let sign = if up { -1.0 } else { 1.0 };
                    let row = &self.rows[r];
                    let gains = (0..self.unknowns).filter(|j| *j != k).map(|j| (j, sign * row[j]));
                    match choose(gains, step > PATIENCE) {
                        Some(column) => column,
                        None => return Some(()),
                    }
                }
            };
            match self.leaving(column) {
                Some(row) => self.pivot(row, column),
                None => {
                    // Nothing stops it.
                    known[k].1 = f64::INFINITY;
                    return Some(());
                }
            }
            self.note(known);
        }
        None
    }

    /// Widens the known ranges by the present solution.
    fn note(&self, known: &mut [(f64, f64)]) {
        let mut values = vec![0.0; known.len()];
        for (row, basic) in self.rows.iter().zip(&self.basis) {
            if let Some(value) = values.get_mut(*basic) {
                *value = row[self.unknowns];
            }
        }
        for (range, value) in known.iter_mut().zip(values) {
            range.0 = range.0.min(value);
            range.1 = range.1.max(value);
        }
    }
}

/// The column with the greatest gain, or the first with any.
fn choose(gains: impl Iterator<Item = (usize, f64)>, first: bool) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (j, gain) in gains {
        if gain > ZERO {
            if first {
                return Some(j);
            }
            if best.is_none_or(|b| gain > b.1) {
                best = Some((j, gain));
            }
        }
    }
    best.map(|b| b.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_unknowns_of_a_known_sum_range_over_it() {
        let equations = [(vec![(0, 1.0), (1, 1.0)], 7.0)];
        assert_eq!(ranges(2, &equations, 2, 100.0), Some(vec![(0.0, 7.0), (0.0, 7.0)]));
    }

    #[test]
    fn a_single_unknown_is_worked_out() {
        // x + y = 5, y + z = 3, z = 1: nothing is left open.
        let equations = [(vec![(0, 1.0), (1, 1.0)], 5.0), (vec![(1, 1.0), (2, 1.0)], 3.0), (vec![(2, 1.0)], 1.0)];
        let found = ranges(3, &equations, 3, 4.0).unwrap();
        assert_eq!(found, vec![(3.0, 3.0), (2.0, 2.0), (1.0, 1.0)]);
    }

    #[test]
    fn contradictions_have_no_range() {
        assert_eq!(ranges(1, &[(vec![(0, 1.0)], -1.0)], 1, 4.0), None);
        assert_eq!(ranges(1, &[(vec![(0, 1.0)], 1.0), (vec![(0, 1.0)], 2.0)], 1, 4.0), None);
    }

    #[test]
    fn a_cycle_of_four_cells_moves_as_far_as_its_smallest() {
        // a+b=3, c+d=9, a+c=4, b+d=8: a from 0 to 3.
        let equations = [
            (vec![(0, 1.0), (1, 1.0)], 3.0),
            (vec![(2, 1.0), (3, 1.0)], 9.0),
            (vec![(0, 1.0), (2, 1.0)], 4.0),
            (vec![(1, 1.0), (3, 1.0)], 8.0),
        ];
        let found = ranges(4, &equations, 4, 100.0).unwrap();
        assert_eq!(found[0], (0.0, 3.0));
        assert_eq!(found[3], (5.0, 8.0));
    }
}
