//! The assignment kernel on county-like instances of several sizes, and on hard families: scarce,
//! tied, dominated by a few strong candidates. Seeds are fixed.
//!
//! A file may be solved instead: `ASSIGN_INSTANCE=FILE.parquet cargo bench --bench assign` reads an
//! edge list (vacancy, candidate, and `score` or `fit`; cost = 1,000,000 − it), solves it once,
//! checks the certificate and prints the objective. Parquet must be uncompressed or Snappy.

use std::hint::black_box;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use touyan::frame;
use touyan::kernel::assign::{Problem, check_certificate, solve};

/// Uniform in 0..n.
fn below(random: &mut ChaCha8Rng, n: u64) -> u64 {
    ((u128::from(random.next_u64()) * u128::from(n)) >> 64) as u64
}

/// Costs of how many levels, how much of it the candidate's quality, how many candidates a post.
struct Family {
    name: &'static str,
    candidates_per_post: f64,
    quality: f64,
    levels: u64,
}

const FAMILIES: [Family; 4] = [
    Family { name: "county", candidates_per_post: 3.0, quality: 0.6, levels: 1_000_000 },
    Family { name: "scarce", candidates_per_post: 0.9, quality: 0.6, levels: 1_000_000 },
    Family { name: "tied", candidates_per_post: 1.02, quality: 0.6, levels: 100 },
    Family { name: "strong", candidates_per_post: 1.02, quality: 0.95, levels: 1_000_000 },
];

fn instance(family: &Family, posts: usize) -> Problem {
    let mut random = ChaCha8Rng::seed_from_u64(posts as u64);
    let candidates = (posts as f64 * family.candidates_per_post) as u64;
    let quality: Vec<u64> =
        (0..candidates).map(|_| (below(&mut random, 1_000_001) + below(&mut random, 1_000_001)) / 2).collect();
    let grain = 1_000_000 / family.levels;
    let blocks = (posts as u64 / 200).max(1);
    let mut edges = Vec::with_capacity(posts * 30);
    for post in 0..posts as u64 {
        let block = post * blocks / posts as u64;
        let (low, high) = (block * candidates / blocks, (block + 1) * candidates / blocks);
        for _ in 0..30 {
            let local = below(&mut random, 10) < 9;
            let candidate = if local { low + below(&mut random, high - low) } else { below(&mut random, candidates) };
            let noise = below(&mut random, 1_000_001) as f64;
            let fit = family.quality * quality[candidate as usize] as f64 + (1.0 - family.quality) * noise;
            let cost = 1_000_000 - (fit as u64 / grain * grain) as i64;
            edges.push((post as u32, candidate as u32, cost));
        }
    }
    Problem::new(posts, candidates as usize, &edges, 1_000_000_000).expect("a valid instance")
}

fn from_file(file: &str) -> Result<(), Box<dyn std::error::Error>> {
    let table = frame::read_parquet(std::path::Path::new(file))?;
    let value = if table.column("score").is_ok() { "score" } else { "fit" };
    let (rows, columns, values) =
        (frame::wholes(&table, "vacancy")?, frame::wholes(&table, "candidate")?, frame::wholes(&table, value)?);
    let edges: Vec<(u32, u32, i64)> = rows
        .iter()
        .zip(&columns)
        .zip(&values)
        .map(|((r, c), v)| (r.unwrap_or(0) as u32, c.unwrap_or(0) as u32, 1_000_000 - v.unwrap_or(0)))
        .collect();
    let rows = edges.iter().map(|e| e.0 as usize + 1).max().unwrap_or(0);
    let columns = edges.iter().map(|e| e.1 as usize + 1).max().unwrap_or(0);
    let open = if file.contains("scarce") { 1_000_000 } else { 1_000_000_000 };
    let start = Instant::now();
    let problem = Problem::new(rows, columns, &edges, open)?;
    let built = start.elapsed();
    let start = Instant::now();
    let solution = solve(&problem)?;
    let solved = start.elapsed();
    let pairs: Vec<(u32, u32)> =
        solution.columns.iter().enumerate().filter_map(|(r, c)| c.map(|c| (r as u32, c))).collect();
    let proved = check_certificate(&edges, open, &solution.row_prices, &solution.column_prices, &pairs)?;
    println!("{file}: objective {proved}, filled {}, build {built:.3?}, solve {solved:.3?}", pairs.len());
    Ok(())
}

fn main() {
    if let Ok(files) = std::env::var("ASSIGN_INSTANCE") {
        for file in files.split(',') {
            if let Err(error) = from_file(file) {
                println!("{file}: {error}");
            }
        }
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("assign");
    group.sample_size(10);
    for family in &FAMILIES {
        for posts in [2_000, 20_000] {
            let problem = instance(family, posts);
            group.bench_with_input(BenchmarkId::new(family.name, posts), &problem, |b, p| {
                b.iter(|| solve(black_box(p)))
            });
        }
    }
    group.finish();
    criterion.final_summary();
}
