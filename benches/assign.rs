//! The assignment kernel on easy families (many candidates a post) and on hard ones: tight, scarce,
//! tied, dominated by a few strong candidates. Seeds are fixed; sizes stand in the names. Measured are
//! `solve` (CSR in memory to solution with prices, the graph already checked), `build+solve` (from CSR
//! arrays), `warm` (from a list of changes, each a little, in 0.1 % of the fits to the new solution; in between the
//! changes are taken back), `warm-redrawn` (each became what some other fit was), `warm-people` (one candidate of
//! 1,000 was appraised anew, by up to 20 points of 100), `solve-changed` (`solve` after the changes of `warm`, which
//! leave few fits of tied families off their levels) and `dense`.
//!
//! `ASSIGN_WRITE=DIR cargo bench --bench assign` writes the instances there for
//! `benches/peers/assign.py`, which times other solvers on them, and prints the objectives.
//! `ASSIGN_INSTANCE=FILE.parquet cargo bench --bench assign` reads an edge list (vacancy, candidate,
//! and `score` or `fit`; cost = 1,000,000 − it), solves it once, checks the certificate and prints the
//! objective; scarce ones (by their name) at the open price 1,000,000. Parquet must be uncompressed or
//! Snappy.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BatchSize, BenchmarkId, Criterion};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use touyan::frame;
use touyan::kernel::assign::{Problem, Solver, check_certificate, solve, solve_dense};

/// Uniform in 0..n.
fn below(random: &mut ChaCha8Rng, n: u64) -> u64 {
    ((u128::from(random.next_u64()) * u128::from(n)) >> 64) as u64
}

/// How many candidates a post, how much of the fit is the candidate's quality, how many levels of it,
/// how many of ten candidates are from the post's own block, and what an open post costs.
struct Family {
    name: &'static str,
    candidates_per_post: f64,
    quality: f64,
    levels: u64,
    local: u64,
    open: i64,
}

const NEVER_OPEN: i64 = 1_000_000_000;

const FAMILIES: [Family; 7] = [
    Family { name: "county", candidates_per_post: 3.0, quality: 0.6, levels: 1_000_000, local: 7, open: NEVER_OPEN },
    Family { name: "uniform", candidates_per_post: 3.0, quality: 0.0, levels: 1_000_000, local: 0, open: NEVER_OPEN },
    Family { name: "tight", candidates_per_post: 1.02, quality: 0.6, levels: 1_000_000, local: 9, open: NEVER_OPEN },
    Family { name: "tied", candidates_per_post: 1.02, quality: 0.6, levels: 100, local: 9, open: NEVER_OPEN },
    Family { name: "strong", candidates_per_post: 1.02, quality: 0.95, levels: 1_000_000, local: 9, open: NEVER_OPEN },
    Family { name: "strong_tied", candidates_per_post: 1.02, quality: 0.95, levels: 100, local: 9, open: NEVER_OPEN },
    Family { name: "scarce", candidates_per_post: 0.9, quality: 0.6, levels: 1_000_000, local: 9, open: 1_000_000 },
];

/// An instance in compressed rows.
#[derive(Clone)]
struct Csr {
    columns: usize,
    starts: Vec<u32>,
    heads: Vec<u32>,
    costs: Vec<i64>,
    open: i64,
}

impl Csr {
    fn build(self) -> Problem {
        Problem::from_csr(self.columns, self.starts, self.heads, self.costs, self.open).expect("a valid instance")
    }

    fn write(&self, file: &std::path::Path) -> std::io::Result<()> {
        let counts = [self.starts.len() as i64 - 1, self.columns as i64, self.heads.len() as i64, self.open];
        let wide = |of: &[i64]| of.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
        let narrow = |of: &[u32]| of.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
        std::fs::write(file, [wide(&counts), narrow(&self.starts), narrow(&self.heads), wide(&self.costs)].concat())
    }
}

/// Thirty candidates a post; the first is planted, so that all posts can be filled if there are enough.
fn instance(family: &Family, posts: usize) -> Csr {
    let mut random = ChaCha8Rng::seed_from_u64(posts as u64);
    let candidates = (posts as f64 * family.candidates_per_post) as u64;
    let quality: Vec<u64> =
        (0..candidates).map(|_| (below(&mut random, 1_000_001) + below(&mut random, 1_000_001)) / 2).collect();
    let grain = 1_000_000 / family.levels;
    let blocks = (posts as u64 / 200).max(1);
    let mut csr =
        Csr { columns: candidates as usize, starts: vec![0], heads: vec![], costs: vec![], open: family.open };
    let mut first = 0;
    for post in 0..posts as u64 {
        let block = post * blocks / posts as u64;
        if post > 0 && (post - 1) * blocks / posts as u64 != block {
            first = post;
        }
        let (low, high) = (block * candidates / blocks, (block + 1) * candidates / blocks);
        let mut eligible: Vec<u64> = (0..30)
            .map(|at| match below(&mut random, 10) < family.local {
                _ if at == 0 && candidates >= posts as u64 => low + post - first,
                true => low + below(&mut random, high - low),
                false => below(&mut random, candidates),
            })
            .collect();
        eligible.sort_unstable();
        eligible.dedup();
        for candidate in eligible {
            let noise = below(&mut random, 1_000_001) as f64;
            let fit = family.quality * quality[candidate as usize] as f64 + (1.0 - family.quality) * noise;
            csr.heads.push(candidate as u32);
            csr.costs.push(1_000_000 - (fit as u64 / grain * grain) as i64);
        }
        csr.starts.push(csr.heads.len() as u32);
    }
    csr
}

/// A full table of costs from 1 to a million.
fn table(n: usize) -> Vec<i64> {
    let mut random = ChaCha8Rng::seed_from_u64(n as u64);
    (0..n * n).map(|_| 1 + below(&mut random, 1_000_000) as i64).collect()
}

fn write(directory: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)?;
    for family in &FAMILIES {
        for posts in SIZES {
            let csr = instance(family, posts);
            csr.write(&directory.join(format!("{}_{posts}.csr", family.name)))?;
            let start = Instant::now();
            let problem = csr.build();
            let built = start.elapsed();
            let solved = solve(&problem).map(|s| s.objective);
            println!("{}_{posts}: {solved:?}, build {built:.3?}, solve {:.3?}", family.name, start.elapsed() - built);
        }
    }
    let table = table(DENSE);
    std::fs::write(
        directory.join(format!("dense_{DENSE}.i64")),
        table.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>(),
    )?;
    let start = Instant::now();
    let solved = solve_dense(DENSE, &table, None).map(|s| s.objective);
    println!("dense_{DENSE}: {solved:?}, solve {:.3?}", start.elapsed());
    Ok(())
}

const SIZES: [usize; 2] = [20_000, 200_000];
const DENSE: usize = 5_000;

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
    if let Ok(directory) = std::env::var("ASSIGN_WRITE") {
        if let Err(error) = write(std::path::Path::new(&directory)) {
            println!("{directory}: {error}");
        }
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("assign");
    group.sample_size(10);
    for family in &FAMILIES {
        for posts in SIZES {
            let csr = instance(family, posts);
            let problem = csr.clone().build();
            let name = |what: &str| BenchmarkId::new(format!("{what}/{}", family.name), posts);
            group.bench_with_input(name("solve"), &problem, |b, p| b.iter(|| solve(black_box(p))));
            group.bench_with_input(name("build+solve"), &csr, |b, csr| {
                b.iter_batched(|| csr.clone(), |csr| solve(&csr.build()), BatchSize::LargeInput)
            });
            let mut solver = Solver::new(problem);
            solver.solve().expect("posts may stay open");
            let mut random = ChaCha8Rng::seed_from_u64(1);
            let some_edge = |random: &mut ChaCha8Rng| below(random, csr.heads.len() as u64) as usize;
            let mut changes = |cost: &dyn Fn(&mut ChaCha8Rng, usize) -> i64| -> Vec<(u32, u32, Option<i64>)> {
                let mut change = |_| {
                    let edge = some_edge(&mut random);
                    let row = csr.starts.partition_point(|s| *s as usize <= edge) - 1;
                    (row as u32, csr.heads[edge], Some(cost(&mut random, edge)))
                };
                (0..csr.heads.len() / 1_000).map(&mut change).collect()
            };
            let little = changes(&|random, edge| csr.costs[edge] + below(random, 40_001) as i64 - 20_000);
            let redrawn = changes(&|random, _| csr.costs[some_edge(random)]);
            let mut random = ChaCha8Rng::seed_from_u64(2);
            let anew: BTreeMap<u32, i64> = (0..csr.columns / 1_000)
                .map(|_| (below(&mut random, csr.columns as u64) as u32, below(&mut random, 400_001) as i64 - 200_000))
                .collect();
            let of_row = |row: usize| csr.starts[row] as usize..csr.starts[row + 1] as usize;
            let reappraised: Vec<(u32, u32, Option<i64>)> = (0..posts)
                .flat_map(|row| of_row(row).map(move |edge| (row as u32, edge)))
                .filter_map(|(row, edge)| {
                    let by = anew.get(&csr.heads[edge])?;
                    Some((row, csr.heads[edge], Some(csr.costs[edge] + by)))
                })
                .collect();
            for (what, changes) in [("warm", &little), ("warm-redrawn", &redrawn), ("warm-people", &reappraised)] {
                let back: Vec<(u32, u32, Option<i64>)> = changes
                    .iter()
                    .map(|(row, column, _)| {
                        let of = of_row(*row as usize);
                        let at = csr.heads[of.clone()].binary_search(column).expect("an edge of the instance");
                        (*row, *column, Some(csr.costs[of.start + at]))
                    })
                    .collect();
                group.bench_function(name(what), |b| {
                    b.iter_custom(|times| {
                        let mut spent = Duration::ZERO;
                        for _ in 0..times {
                            let start = Instant::now();
                            solver.change(changes).expect("in range");
                            black_box(solver.solve().expect("posts may stay open"));
                            spent += start.elapsed();
                            solver.change(&back).expect("in range");
                            solver.solve().expect("posts may stay open");
                        }
                        spent
                    });
                });
            }
            solver.change(&little).expect("in range");
            let changed = solver.problem();
            group.bench_with_input(name("solve-changed"), changed, |b, p| b.iter(|| solve(black_box(p))));
        }
    }
    let table = table(DENSE);
    group.bench_with_input(BenchmarkId::new("dense", DENSE), &table, |b, table| {
        b.iter(|| solve_dense(DENSE, table, None))
    });
    group.finish();
    criterion.final_summary();
}
