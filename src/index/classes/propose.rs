//! Proposal of classes: k-means (Lloyd's algorithm with k-means++ starts, by linfa) on standardised
//! context columns; the number of classes by the silhouette (Rousseeuw, *J. Comput. Appl. Math.* 20,
//! 1987; simplified to distances from centres, Hruschka et al. 2004, so that cost grows with units ×
//! classes); stability by resampling (Hennig, *Comput. Stat. Data Anal.* 52, 2007: mean Jaccard
//! similarity of a class with its like in a resample; from 0.75 on a class is called stable).

use linfa::prelude::*;
use linfa_clustering::KMeans;
use ndarray::Array2;

use super::ClassesPolicy;
use super::context::{Context, square_distance};
use crate::kernel::draw::Draw;

/// Classes proposed for the rows of a [`Context`].
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Class by place in [`Context::rows`], numbered from 0 by ascending centre of the first column
    /// (then the second, …).
    pub class: Vec<usize>,
    /// Centres in standardised values, by class, then column.
    pub centres: Vec<Vec<f64>>,
    /// Mean silhouette for each number of classes tried: (number, −1 to 1).
    pub silhouettes: Vec<(usize, f64)>,
    /// Mean Jaccard similarity over the resamples by class, 0 to 1; empty without resamples.
    pub stability: Vec<f64>,
}

/// Silhouettes that differ by less than this are alike: the smaller number of classes is taken.
const ALIKE: f64 = 0.01;

/// Proposes classes; none with fewer than three different rows for each class of the least number.
pub fn propose(context: &Context, policy: &ClassesPolicy, seed: u64) -> Option<Proposal> {
    let n = context.rows.len();
    let [low, high] = policy.number;
    let all: Vec<usize> = (0..n).collect();
    let mut found: Vec<(usize, f64, Vec<Vec<f64>>)> = Vec::new();
    for k in low..=high.min(n / 3) {
        if let Some(centres) = cluster(context, &all, k) {
            found.push((k, silhouette(context, &centres), centres));
        }
    }
    let best = found.iter().map(|(_, s, _)| *s).fold(f64::NEG_INFINITY, f64::max);
    let (_, _, centres) = found.iter().find(|(_, s, _)| *s >= best - ALIKE)?.clone();
    let class: Vec<usize> = all.iter().map(|&at| closest(context.row(at), &centres).0).collect();
    let stability = stability(context, &class, centres.len(), policy.resamples, seed);
    let silhouettes = found.iter().map(|(k, s, _)| (*k, *s)).collect();
    Some(Proposal { class, centres, silhouettes, stability })
}

/// Centres of k classes of some rows, in canonical order; none where a class is empty.
fn cluster(context: &Context, rows: &[usize], k: usize) -> Option<Vec<Vec<f64>>> {
    let values: Vec<f64> = rows.iter().flat_map(|&at| context.row(at).iter().copied()).collect();
    let records = Array2::from_shape_vec((rows.len(), context.width), values).ok()?;
    let dataset = DatasetBase::from(records);
    // linfa's own fixed seed: the same starts every time.
    let model = KMeans::params(k).max_n_iterations(200).tolerance(1e-6).fit(&dataset).ok()?;
    let mut centres: Vec<Vec<f64>> = model.centroids().outer_iter().map(|row| row.to_vec()).collect();
    if centres.iter().flatten().any(|c| !c.is_finite()) {
        return None;
    }
    centres.sort_by(|a, b| {
        let differing = a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).find(|order| order.is_ne());
        differing.unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut size = vec![0_usize; k];
    rows.iter().for_each(|&at| size[closest(context.row(at), &centres).0] += 1);
    size.iter().all(|s| *s > 0).then_some(centres)
}

/// The nearest centre (the first of equals) and its distance, and the distance of the next.
fn closest(row: &[f64], centres: &[Vec<f64>]) -> (usize, f64, f64) {
    let (mut best, mut first, mut second) = (0, f64::INFINITY, f64::INFINITY);
    for (class, centre) in centres.iter().enumerate() {
        let distance = square_distance(row, centre);
        if distance < first {
            (best, second, first) = (class, first, distance);
        } else if distance < second {
            second = distance;
        }
    }
    (best, first.sqrt(), second.sqrt())
}

/// Mean over the rows of (b − a) / b, a the distance from the own centre, b from the next.
fn silhouette(context: &Context, centres: &[Vec<f64>]) -> f64 {
    let n = context.rows.len();
    let sum: f64 = (0..n)
        .map(|at| {
            let (_, own, next) = closest(context.row(at), centres);
            if next > 0.0 { (next - own) / next } else { 0.0 }
        })
        .sum();
    sum / n as f64
}

/// For each class its mean greatest Jaccard similarity with a class of each resample (half of the
/// rows, without replacement), counted over the rows of the resample.
fn stability(context: &Context, class: &[usize], k: usize, resamples: u32, seed: u64) -> Vec<f64> {
    let n = class.len();
    let (mut sums, mut counted) = (vec![0.0; k], vec![0_u32; k]);
    for resample in 0..resamples {
        let mut draw = Draw::named(seed, "classes", u64::from(resample));
        let mut rows: Vec<usize> = (0..n).collect();
        draw.shuffle(&mut rows);
        rows.truncate(n.div_ceil(2));
        rows.sort_unstable();
        let Some(centres) = cluster(context, &rows, k) else {
            // The classes fell apart: similar to nothing.
            counted.iter_mut().for_each(|c| *c += 1);
            continue;
        };
        let mut both = vec![vec![0_u32; k]; k];
        for &at in &rows {
            both[class[at]][closest(context.row(at), &centres).0] += 1;
        }
        let theirs: Vec<u32> = (0..k).map(|b| both.iter().map(|row| row[b]).sum()).collect();
        for a in 0..k {
            let mine: u32 = both[a].iter().sum();
            if mine == 0 {
                continue;
            }
            let similarity = |b: usize| f64::from(both[a][b]) / f64::from(mine + theirs[b] - both[a][b]);
            sums[a] += (0..k).map(similarity).fold(0.0, f64::max);
            counted[a] += 1;
        }
    }
    if resamples == 0 {
        return Vec::new();
    }
    sums.iter().zip(&counted).map(|(sum, n)| if *n == 0 { 0.0 } else { sum / f64::from(*n) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(number: [usize; 2]) -> ClassesPolicy {
        ClassesPolicy { columns: vec!["a".into(), "b".into()], log: vec![], number, resamples: 20, peers: 2 }
    }

    /// Three clouds far apart, and noise without structure.
    fn context(centres: &[(f64, f64)], each: usize, spread: f64) -> Context {
        let mut draw = Draw::new(3, 0);
        let mut values = Vec::new();
        for at in 0..centres.len() * each {
            let (x, y) = centres[at % centres.len()];
            values.extend([x + spread * (draw.uniform() - 0.5), y + spread * (draw.uniform() - 0.5)]);
        }
        let rows = (0..(centres.len() * each) as u32).collect();
        Context { rows, values, width: 2, scale: vec![(0.0, 1.0); 2] }
    }

    #[test]
    fn clear_classes_are_found_and_stable() {
        let context = context(&[(0.0, 0.0), (5.0, 0.0), (10.0, 5.0)], 30, 1.0);
        let found = propose(&context, &policy([2, 6]), 1).expect("90 rows");
        assert_eq!(found.centres.len(), 3);
        assert!((0..90).all(|at| found.class[at] == at % 3), "numbered by the first column");
        assert!(found.stability.iter().all(|s| *s > 0.99), "{:?}", found.stability);
    }

    #[test]
    fn noise_is_told_apart_by_its_stability() {
        let context = context(&[(0.0, 0.0)], 120, 1.0);
        let found = propose(&context, &policy([5, 5]), 1).expect("120 rows");
        let mean = found.stability.iter().sum::<f64>() / 5.0;
        assert!(mean < 0.9, "{:?}", found.stability);
    }

    #[test]
    fn too_few_rows_and_equal_rows_propose_nothing() {
        assert_eq!(propose(&context(&[(0.0, 0.0)], 5, 1.0), &policy([2, 4]), 1), None);
        assert_eq!(propose(&context(&[(0.0, 0.0)], 30, 0.0), &policy([2, 4]), 1), None);
    }
}
