//! Nearest peers by context.

use rayon::prelude::*;

use super::context::{Context, square_distance};

/// A peer of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peer {
    /// Row of the table.
    pub row: u32,
    /// Euclidean distance in standard deviations.
    pub distance: f64,
}

/// Up to so many rows every pair is measured; n² · columns operations, 10⁹ a second and core.
pub const MOST: usize = 50_000;

/// The k nearest peers of each row, by place in [`Context::rows`]; equal distances in the order of
/// rows. None beyond [`MOST`] rows.
pub fn nearest(context: &Context, k: usize) -> Option<Vec<Vec<Peer>>> {
    let n = context.rows.len();
    if n > MOST {
        return None;
    }
    let of = |at: usize| {
        let mut best: Vec<(f64, u32)> = Vec::with_capacity(k + 1);
        for other in (0..n).filter(|&other| other != at) {
            let square = square_distance(context.row(at), context.row(other));
            if best.len() < k || best.last().is_some_and(|(worst, _)| square < *worst) {
                let place = best.partition_point(|(known, _)| *known <= square);
                best.insert(place, (square, context.rows[other]));
                best.truncate(k);
            }
        }
        best.into_iter().map(|(square, row)| Peer { row, distance: square.sqrt() }).collect()
    };
    Some((0..n).into_par_iter().map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_first_and_ties_by_row() {
        let context =
            Context { rows: vec![2, 4, 6, 9], values: vec![0.0, 1.0, -1.0, 5.0], width: 1, scale: vec![(0.0, 1.0)] };
        let found = nearest(&context, 2).expect("few rows");
        let rows: Vec<Vec<u32>> = found.iter().map(|peers| peers.iter().map(|p| p.row).collect()).collect();
        assert_eq!(rows, [[4, 6], [2, 6], [2, 4], [4, 2]]);
        assert_eq!(found[3][0].distance, 4.0);
        assert_eq!(nearest(&context, 0).expect("few rows")[0], []);
    }
}
