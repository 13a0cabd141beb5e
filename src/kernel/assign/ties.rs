//! Ties: which rows another optimal solution treats differently, and one optimum for all orders.
//!
//! All optimal solutions use tight edges only, and differ from each other by cycles of tight residual
//! arcs (`end` is where a row stays open or a column stays unused): row → column for edges that are
//! not chosen, column → its row, filled row → end if it may stay open at its price, unused column →
//! end, end → column if it may stay unused at its price, end → open row. So a row is tied if and only
//! if it shares a strongly connected component with its partner, and components are independent.
//!
//! A column has one arc out, to its row or to the end, so it is drawn together with that: nodes are
//! the rows and the end, and a row is tied if its component has another node.

use rayon::prelude::*;

use super::problem::{LIMIT, NEVER, NONE, Problem, with_sides};
use super::side::{Cost, Side};
use super::solve::{Assignment, solve};

/// Above all of [`pair_rank`].
const RANKS: i64 = 1 << 40;

/// Rows that one task looks at.
const ROWS: usize = 4_096;

/// For each row, whether another optimal solution treats it differently.
pub fn tied_rows(problem: &Problem, solution: &Assignment) -> Vec<bool> {
    let component = components(&zero_arcs(problem, solution));
    let shared = shared(&component);
    component[..problem.rows()].iter().map(|of| shared[*of as usize]).collect()
}

/// For each component, whether it has more than one node.
fn shared(component: &[u32]) -> Vec<bool> {
    let mut nodes = vec![0u8; component.len()];
    component.iter().for_each(|of| nodes[*of as usize] = nodes[*of as usize].saturating_add(1));
    nodes.into_iter().map(|count| count > 1).collect()
}

/// Forty bits that rank the pair of a row and a column, by their keys and a seed. The mixing function
/// is the finaliser of splitmix64 (G. L. Steele, D. Lea and C. H. Flood, OOPSLA 2014), applied after
/// each of the three is added; the upper 40 bits are taken.
pub fn pair_rank(seed: u64, row_key: u64, column_key: u64) -> i64 {
    let mix = |state: u64, word: u64| {
        let mut z = (state ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    (mix(mix(mix(0, seed), row_key), column_key) >> 24) as i64
}

/// The canonical optimum: among all optimal solutions the one with the least sum of
/// [`pair_rank`] over its pairs. It depends on the instance, the seed and the keys alone, not on the
/// order of rows and columns nor on `solution`; prices stay as they are. Keys are one per row and
/// per column and should be distinct; rows or columns with equal keys are told apart by their order,
/// as are solutions with equal sums (of 40-bit numbers, or a few bits less where over 130,000 rows and columns are
/// tied together; practically none).
///
/// Only components with ties are solved again, so an instance without ties costs one pass.
pub fn canonical(
    problem: &Problem,
    solution: &Assignment,
    seed: u64,
    row_keys: &[u64],
    column_keys: &[u64],
) -> Assignment {
    let (rows, columns) = (problem.rows(), problem.columns());
    let mut best = solution.clone();
    if row_keys.len() != rows || column_keys.len() != columns {
        return best;
    }
    let component = components(&zero_arcs(problem, solution));
    let (end, shared) = (component[rows], shared(&component));
    // Members of each component with a tie, in order of their keys.
    let mut tied: Vec<(u32, u64, u32)> = (0..rows)
        .filter(|row| shared[component[*row] as usize])
        .map(|row| (component[row], row_keys[row], row as u32))
        .collect();
    if tied.is_empty() {
        return best;
    }
    tied.sort_unstable();
    let tight = |row: usize| {
        let price = solution.row_prices[row];
        problem.row(row).filter(move |(column, cost)| *cost == price + solution.column_prices[*column])
    };
    // A column belongs to its row's component; an unused one to the end's, if a row there could take it.
    let of_row = |column: usize| solution.rows[column].map(|row| component[row as usize]);
    let mut reached = vec![false; columns];
    for &(_, _, row) in tied.iter().filter(|t| t.0 == end) {
        tight(row as usize).for_each(|(column, _)| reached[column] = true);
    }
    let mut seats: Vec<(u32, u64, u32)> = (0..columns)
        .filter_map(|column| {
            let own = of_row(column).filter(|own| shared[*own as usize]);
            let own = own.or((solution.rows[column].is_none() && reached[column]).then_some(end))?;
            Some((own, column_keys[column], column as u32))
        })
        .collect();
    seats.sort_unstable();
    let mut place = vec![NONE; columns];
    for members in seats.chunk_by(|a, b| a.0 == b.0) {
        for (at, member) in members.iter().enumerate() {
            place[member.2 as usize] = at as u32;
        }
    }
    let mut begin = 0;
    for members in tied.chunk_by(|a, b| a.0 == b.0) {
        let own = members[0].0;
        begin += seats[begin..].partition_point(|s| s.0 < own);
        let length = seats[begin..].partition_point(|s| s.0 == own);
        let seats = &seats[begin..begin + length];
        let mut edges = Vec::new();
        for (at, &(_, key, row)) in members.iter().enumerate() {
            for (column, _) in tight(row as usize).filter(|(column, _)| of_row(*column).unwrap_or(end) == own) {
                edges.push((at as u32, place[column], pair_rank(seed, key, column_keys[column])));
            }
        }
        let may_open = |row: u32| {
            let row = row as usize;
            own == end && problem.open[row] != NEVER && solution.row_prices[row] == problem.open[row]
        };
        let open: Vec<Option<i64>> = members.iter().map(|m| may_open(m.2).then_some(0)).collect();
        let may_rest = |column: u32| {
            let column = column as usize;
            own == end && problem.unused[column] != NEVER && solution.column_prices[column] == 0
        };
        let must: Vec<bool> = seats.iter().map(|s| !may_rest(s.2)).collect();
        // Prices add up along chains: ranks are as long as these allow, so that neither step can fail.
        let most = LIMIT / (2 * (members.len() + seats.len() + 2) as i64);
        let spare = (0..40).find(|bits| RANKS >> bits <= most).unwrap_or(40);
        edges.iter_mut().for_each(|edge| edge.2 >>= spare);
        let part = Problem::new(members.len(), seats.len(), &edges, 0)
            .and_then(|p| p.with_open_prices(&open))
            .and_then(|p| p.with_must_place(&must));
        let Some(chosen) = part.ok().and_then(|part| solve(&part).ok()) else { continue };
        for &(_, _, column) in seats {
            best.rows[column as usize] = None;
        }
        for (&(_, _, row), column) in members.iter().zip(&chosen.columns) {
            let column = column.map(|c| seats[c as usize].2);
            best.columns[row as usize] = column;
            if let Some(column) = column {
                best.rows[column as usize] = Some(row);
            }
        }
    }
    best
}

/// The residual arcs of length 0: starts and heads; rows, then the end.
fn zero_arcs(problem: &Problem, solution: &Assignment) -> (Vec<u32>, Vec<u32>) {
    with_sides!(problem, sides => zero_arcs_of(problem, &sides.rows, solution))
}

fn zero_arcs_of<C: Cost>(problem: &Problem, side: &Side<C>, solution: &Assignment) -> (Vec<u32>, Vec<u32>) {
    let (rows, columns) = (problem.rows(), problem.columns());
    let (u, v) = (&solution.row_prices, &solution.column_prices);
    let end = rows as u32;
    // How many arcs each row has, and their heads, task by task.
    let of_rows = |(task, prices): (usize, &[i64])| {
        let (mut counts, mut heads) = (Vec::with_capacity(prices.len()), Vec::new());
        for (row, &price) in (task * ROWS..).zip(prices) {
            let before = heads.len();
            let own = solution.columns[row].unwrap_or(NONE);
            for arc in side.of(row) {
                if arc.cost.into() - v[arc.head as usize] == price && arc.head != own {
                    heads.push(solution.rows[arc.head as usize].unwrap_or(end));
                }
            }
            if own != NONE && price == problem.open[row] {
                heads.push(end);
            }
            counts.push((heads.len() - before) as u32);
        }
        (counts, heads)
    };
    let parts: Vec<(Vec<u32>, Vec<u32>)> = u.par_chunks(ROWS).enumerate().map(of_rows).collect();
    let (mut starts, mut heads) = (vec![0], Vec::new());
    for (counts, part) in parts {
        starts.extend(counts.into_iter().scan(heads.len() as u32, |at, count| {
            *at += count;
            Some(*at)
        }));
        heads.extend(part);
    }
    heads.extend((0..rows).filter(|row| solution.columns[*row].is_none()).map(|row| row as u32));
    let may_rest = |c: &usize| v[*c] == 0 && problem.unused[*c] != NEVER;
    heads.extend((0..columns).filter(may_rest).filter_map(|column| solution.rows[column]));
    starts.push(heads.len() as u32);
    (starts, heads)
}

/// Strongly connected components after R. Tarjan (1972), without recursion: a number per node. Arcs are
/// given in compressed rows: where those of each node start, and their heads.
pub fn components((starts, heads): &(Vec<u32>, Vec<u32>)) -> Vec<u32> {
    const NEW: u32 = u32::MAX;
    let nodes = starts.len() - 1;
    let (mut order, mut low, mut component) = (vec![NEW; nodes], vec![0u32; nodes], vec![NEW; nodes]);
    let (mut next_order, mut next_component) = (0u32, 0u32);
    let mut open: Vec<u32> = Vec::new();
    let mut path: Vec<(u32, u32)> = Vec::new();
    for root in 0..nodes as u32 {
        if order[root as usize] != NEW {
            continue;
        }
        path.push((root, starts[root as usize]));
        while let Some(&mut (node, ref mut arc)) = path.last_mut() {
            let at = node as usize;
            if order[at] == NEW {
                order[at] = next_order;
                low[at] = next_order;
                next_order += 1;
                open.push(node);
            }
            if *arc < starts[at + 1] {
                let head = heads[*arc as usize];
                *arc += 1;
                if order[head as usize] == NEW {
                    path.push((head, starts[head as usize]));
                } else if component[head as usize] == NEW {
                    low[at] = low[at].min(order[head as usize]);
                }
                continue;
            }
            path.pop();
            if let Some(&(above, _)) = path.last() {
                low[above as usize] = low[above as usize].min(low[at]);
            }
            if low[at] == order[at] {
                while let Some(member) = open.pop() {
                    component[member as usize] = next_component;
                    if member == node {
                        break;
                    }
                }
                next_component += 1;
            }
        }
    }
    component
}
