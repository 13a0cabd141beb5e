//! Withheld counts against a reader who tries every table that fits what is shown: an independent
//! check of `privacy::System` by enumeration, without any solver.

use proptest::prelude::*;
use touyan::privacy::{PrivacyPolicy, System, hide_parts};

const MIN_CELL: i64 = 5;

/// Counts: cells first, then totals. `known[i]`: readers know it whatever is withheld.
#[derive(Clone, Debug)]
struct Tables {
    values: Vec<i64>,
    cells: usize,
    known: Vec<bool>,
    /// Parts and their whole; a whole stands behind its parts.
    sums: Vec<(Vec<usize>, usize)>,
}

impl Tables {
    fn new(cells: Vec<i64>) -> Tables {
        let n = cells.len();
        Tables { values: cells, cells: n, known: vec![false; n], sums: Vec::new() }
    }

    /// A total of some counts.
    fn total(&mut self, parts: Vec<usize>, known: bool) -> usize {
        let whole = self.values.len();
        self.values.push(parts.iter().map(|i| self.values[*i]).sum());
        self.known.push(known);
        self.sums.push((parts, whole));
        whole
    }

    /// A table of `width` columns with its margins.
    fn crossed(cells: Vec<i64>, width: usize, known: [bool; 3]) -> Tables {
        let (height, mut tables) = (cells.len() / width, Tables::new(cells));
        let rows = (0..height).map(|r| tables.total((r * width..(r + 1) * width).collect(), known[0])).collect();
        let columns: Vec<usize> =
            (0..width).map(|c| tables.total((0..height).map(|r| r * width + c).collect(), known[1])).collect();
        let all = tables.total(rows, known[2]);
        tables.sums.push((columns, all));
        tables
    }

    /// Villages in townships in a county.
    fn nested(cells: Vec<i64>, width: usize, known: [bool; 3]) -> Tables {
        let (count, mut tables) = (cells.len() / width, Tables::new(cells));
        let towns = (0..count).map(|t| tables.total((t * width..(t + 1) * width).collect(), known[0])).collect();
        tables.total(towns, known[2]);
        tables
    }

    /// Two groups divided by two townships, and by two classes as well: the totals of the groups are
    /// shared.
    fn divided(mut cells: Vec<i64>, known: [bool; 3]) -> Tables {
        let (first, second) = (cells[0] + cells[2], cells[1] + cells[3]);
        cells[4] = cells[4].min(first);
        cells[5] = cells[5].min(second);
        (cells[6], cells[7]) = (first - cells[4], second - cells[5]);
        let mut tables = Tables::new(cells);
        for row in 0..4 {
            tables.total(vec![2 * row, 2 * row + 1], known[0]);
        }
        let groups: Vec<usize> = (0..2).map(|g| tables.total(vec![g, 2 + g], known[1])).collect();
        for (g, group) in groups.iter().enumerate() {
            tables.sums.push((vec![4 + g, 6 + g], *group));
        }
        tables.total(groups, known[2]);
        tables
    }

    fn withheld(&self) -> Vec<bool> {
        let mut system = System::default();
        for (value, known) in self.values.iter().zip(&self.known) {
            if *known {
                system.fixed(*value)
            } else {
                system.shown(*value)
            };
        }
        for (parts, whole) in &self.sums {
            system.parts(parts, *whole);
        }
        system.suppress(&PrivacyPolicy { min_cell: MIN_CELL as u32, protection: 4, source: String::new() });
        (0..self.values.len()).map(|at| system.is_hidden(at)).collect()
    }

    /// What the reader of the documentation knows each count to be at least, by what is withheld: 1,
    /// but none where an equation has no more people than parts, where a nought is withheld on the same
    /// side of an equation, and where nothing else could be withheld in what hangs together.
    fn at_least(&self, withheld: &[bool]) -> Vec<i64> {
        let n = self.values.len();
        let mut least: Vec<i64> = (0..n).map(|i| i64::from(withheld[i] && self.values[i] > 0)).collect();
        let mut loose = vec![false; n];
        for (parts, whole) in &self.sums {
            if self.known[*whole] && self.values[*whole] <= parts.len() as i64 && !parts.iter().any(|p| self.known[*p])
                || parts.iter().any(|p| withheld[*p] && self.values[*p] == 0)
            {
                parts.iter().for_each(|p| loose[*p] = true);
            }
            loose[*whole] |= withheld[*whole] && self.values[*whole] == 0;
        }
        // What hangs together: the least place of a withheld count, spread until nothing changes.
        let mut together: Vec<usize> = (0..n).collect();
        let members =
            |(parts, whole): &(Vec<usize>, usize)| -> Vec<usize> { parts.iter().copied().chain([*whole]).collect() };
        for _ in 0..n {
            for sum in &self.sums {
                let unknown: Vec<usize> = members(sum).into_iter().filter(|i| withheld[*i]).collect();
                if let Some(first) = unknown.iter().map(|i| together[*i]).min() {
                    unknown.into_iter().for_each(|i| together[i] = first);
                }
            }
        }
        for i in (0..n).filter(|i| withheld[*i]) {
            let left = self.sums.iter().map(members).any(|members| {
                members.iter().any(|m| withheld[*m] && together[*m] == together[i])
                    && members.iter().any(|m| !withheld[*m] && !self.known[*m])
            });
            loose[i] |= !left;
        }
        least.iter_mut().zip(loose).for_each(|(least, loose)| *least *= i64::from(!loose));
        least
    }

    /// Which of `asked` have one value only among all tables that fit: `shown[i]` is seen.
    fn worked_out(&self, asked: &[usize], shown: &[bool], least: &[i64]) -> Vec<usize> {
        let most = self.values[..self.cells].iter().max().map_or(0, |most| most + 2);
        let bounds = (0..self.values.len()).map(|i| match (shown[i], i < self.cells) {
            (true, _) => (self.values[i], self.values[i]),
            (false, true) => (least[i], most),
            (false, false) => (least[i], i64::MAX),
        });
        let mut open = asked.to_vec();
        self.go(0, bounds.collect(), &mut open);
        open
    }

    /// Tries all values of the cells from `at` on, those nearest to the true one first; counts that
    /// are seen with another value than the true one are struck off.
    fn go(&self, at: usize, mut bounds: Vec<(i64, i64)>, open: &mut Vec<usize>) {
        if !self.tighten(&mut bounds) {
            return;
        }
        if open.iter().all(|i| bounds[*i] == (self.values[*i], self.values[*i])) {
            return; // Nothing to be found out here.
        }
        if at == self.cells {
            open.retain(|i| bounds[*i].0 == self.values[*i]);
            return;
        }
        let mut values: Vec<i64> = (bounds[at].0..=bounds[at].1).collect();
        values.sort_by_key(|v| (v - self.values[at]).abs());
        for value in values {
            let mut next = bounds.clone();
            next[at] = (value, value);
            self.go(at + 1, next, open);
        }
    }

    /// Narrows bounds by every sum until nothing changes; false if no table fits.
    fn tighten(&self, bounds: &mut [(i64, i64)]) -> bool {
        loop {
            let before = bounds.to_vec();
            for (parts, whole) in &self.sums {
                let low: i64 = parts.iter().map(|p| bounds[*p].0).sum();
                let high = parts.iter().fold(0, |sum: i64, p| sum.saturating_add(bounds[*p].1));
                bounds[*whole] = (bounds[*whole].0.max(low), bounds[*whole].1.min(high));
                let all = bounds[*whole];
                for p in parts {
                    let part = bounds[*p];
                    let least = if high == i64::MAX { part.0 } else { all.0 - (high - part.1) };
                    bounds[*p] = (part.0.max(least), part.1.min(all.1.saturating_sub(low - part.0)));
                }
            }
            if bounds.iter().any(|b| b.0 > b.1) {
                return false;
            }
            if bounds == before {
                return true;
            }
        }
    }

    /// What is wrong with what is withheld: a small count is shown, or can be worked out though it does
    /// not follow from the known numbers alone.
    fn wrong(&self) -> Option<String> {
        let withheld = self.withheld();
        let small = |i: usize| !self.known[i] && (1..MIN_CELL).contains(&self.values[i]);
        let guarded: Vec<usize> = (0..self.values.len()).filter(|i| small(*i)).collect();
        if let Some(seen) = guarded.iter().find(|i| !withheld[**i]) {
            return Some(format!("count {seen} is shown"));
        }
        let shown: Vec<bool> = withheld.iter().map(|hidden| !hidden).collect();
        let found = self.worked_out(&guarded, &shown, &self.at_least(&withheld));
        let inherent = self.worked_out(&guarded, &self.known, &vec![0; self.values.len()]);
        (found != inherent).then(|| format!("{found:?} are worked out of {shown:?}, {inherent:?} from what is known"))
    }
}

fn tables() -> impl Strategy<Value = Tables> {
    let value = prop_oneof![3 => 0_i64..3, 2 => 0_i64..7, 1 => Just(0_i64)];
    let cells = proptest::collection::vec(value, 9);
    (cells, 1_usize..4, 2_usize..5, any::<[bool; 3]>(), 0_u8..5).prop_map(|(mut cells, height, width, known, kind)| {
        match kind {
            0 => Tables::divided(cells[..8].to_vec(), known),
            1 => {
                cells.truncate((height * 2).max(4));
                Tables::nested(cells, 2, known)
            }
            _ => {
                cells.truncate(if height * width > 9 { 2 * width } else { height * width });
                Tables::crossed(cells, width, known)
            }
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_worked_out_that_does_not_follow_from_known_numbers(tables in tables()) {
        let wrong = tables.wrong();
        prop_assert!(wrong.is_none(), "{tables:?}: {}", wrong.unwrap_or_default());
    }
}

/// One row of a known total with a known-to-be-empty one beside it: nothing that is withheld helps.
#[test]
fn what_follows_from_known_numbers_remains() {
    let crossed = Tables::crossed(vec![2, 1, 0, 0], 2, [true; 3]);
    let withheld = crossed.withheld();
    assert!(withheld[0] && withheld[1]);
    let shown: Vec<bool> = withheld.iter().map(|hidden| !hidden).collect();
    assert_eq!(crossed.worked_out(&[0, 1], &shown, &crossed.at_least(&withheld)), [0, 1]);
    assert_eq!(crossed.wrong(), None);
    // With margins that may be withheld, they are.
    let crossed = Tables::crossed(vec![2, 1, 0, 0], 2, [false; 3]);
    let shown: Vec<bool> = crossed.withheld().iter().map(|hidden| !hidden).collect();
    assert!(crossed.worked_out(&[0, 1], &shown, &crossed.at_least(&crossed.withheld())).is_empty());
}

/// Tables that a reader who knows that noughts are shown once worked out.
#[test]
fn ones_in_every_cell_are_not_told_by_their_known_total() {
    for (cells, width) in [(vec![1; 3], 3), (vec![1; 4], 4), (vec![2, 2, 1, 1], 2), (vec![0, 1, 0, 1, 0, 1], 3)] {
        let crossed = Tables::crossed(cells.clone(), width, [true, false, true]);
        assert_eq!(crossed.wrong(), None, "{cells:?}");
    }
    assert_eq!(Tables::nested(vec![0, 0, 1, 1, 1, 1], 2, [false, false, true]).wrong(), None);
}

/// A part is withheld rather than a total, and a small part rather than a large one.
#[test]
fn totals_stay_where_parts_will_do() {
    let policy = PrivacyPolicy { min_cell: 5, protection: 4, source: String::new() };
    assert_eq!(hide_parts(&[3, 40, 12, 7], &policy), [true, false, false, true]);
    let nested = Tables::nested(vec![3, 9, 20, 8, 11, 6], 2, [false; 3]);
    assert_eq!(nested.withheld()[..6], [true, true, false, false, false, false]);
    assert!(!nested.withheld()[6..].contains(&true));
    let crossed = Tables::crossed(vec![2, 9, 14, 8, 20, 6, 7, 11, 30], 3, [false; 3]);
    assert!(!crossed.withheld()[9..].contains(&true), "{:?}", crossed.withheld());
}
