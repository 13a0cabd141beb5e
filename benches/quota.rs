//! Assignment with quotas on county-like instances of several sizes: women, under-35 and veterans in
//! every block of 200 posts and overall, and at least one woman in every village of 3 to 7 posts.
//! Seeds are fixed.
//!
//! `QUOTA_EXPORT=DIR cargo bench --bench quota` writes the instances as CSV (edges: vacancy,
//! candidate, cost; attributes: candidate, female, under35, veteran) for `benches/peers/quota.py`,
//! and `QUOTA_INSTANCE=DIR` solves one such folder with block quotas once and prints objective,
//! bound, gap and time.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use touyan::kernel::quota::{Effort, Quota, QuotaProblem, RankedOutcome, check_bound, fill_ranked, solve};

type Failure = Box<dyn std::error::Error>;

/// Edges (post, candidate, cost), sorted, and the members of the three groups.
struct Pool {
    posts: u32,
    candidates: u32,
    edges: Vec<(u32, u32, i64)>,
    groups: Vec<Vec<u32>>,
}

/// Uniform in 0..n.
fn below(random: &mut ChaCha8Rng, n: u64) -> u64 {
    ((u128::from(random.next_u64()) * u128::from(n)) >> 64) as u64
}

/// Three candidates a post, 30 edges a post, 70% of them within the block; 35% women, 40% under
/// 35, 20% veterans; fit is 60% the candidate's.
fn pool(posts: u32) -> Pool {
    let mut random = ChaCha8Rng::seed_from_u64(u64::from(posts));
    let candidates = 3 * posts;
    let quality: Vec<u64> =
        (0..candidates).map(|_| (below(&mut random, 1_000_001) + below(&mut random, 1_000_001)) / 2).collect();
    let blocks = u64::from(posts / 200).max(1);
    let mut edges = Vec::with_capacity(posts as usize * 30);
    for post in 0..u64::from(posts) {
        let block = post * blocks / u64::from(posts);
        let (low, high) = (block * u64::from(candidates) / blocks, (block + 1) * u64::from(candidates) / blocks);
        for _ in 0..30 {
            let local = below(&mut random, 10) < 7;
            let candidate =
                if local { low + below(&mut random, high - low) } else { below(&mut random, u64::from(candidates)) };
            let fit = (6 * quality[candidate as usize] + 4 * below(&mut random, 1_000_001)) / 10;
            edges.push((post as u32, candidate as u32, 1_000_000 - fit as i64));
        }
    }
    edges.sort_unstable();
    edges.dedup_by_key(|e| (e.0, e.1));
    let groups =
        [35, 40, 20].map(|share| (0..candidates).filter(|_| below(&mut random, 100) < share).collect()).to_vec();
    Pool { posts, candidates, edges, groups }
}

/// Women at least 40%, under-35 at least 50%, veterans at most 25% in every block of 200 posts;
/// women at least 42% and under-35 at least 52% overall. The same as the peers' rows.
fn block_quotas(posts: u32) -> Vec<Quota> {
    let blocks = (posts / 200).max(1);
    let part = |size: i64, percent: i64| (size * percent + 99) / 100;
    let mut quotas = Vec::new();
    for block in 0..blocks {
        let of = |post: &u32| u64::from(*post) * u64::from(blocks) / u64::from(posts) == u64::from(block);
        let rows: Vec<u32> = (0..posts).filter(of).collect();
        let size = rows.len() as i64;
        quotas.push(Quota::count(rows.clone(), 0, Some(part(size, 40)), None));
        quotas.push(Quota::count(rows.clone(), 1, Some(part(size, 50)), None));
        quotas.push(Quota::count(rows, 2, None, Some(size * 25 / 100)));
    }
    for (group, percent) in [(0, 42), (1, 52)] {
        quotas.push(Quota::count((0..posts).collect(), group, Some(part(i64::from(posts), percent)), None));
    }
    quotas
}

/// At least one woman in every village; villages have 3 to 7 posts.
fn village_quotas(posts: u32) -> Vec<Quota> {
    let mut quotas = Vec::new();
    let mut from = 0;
    while from < posts {
        let to = posts.min(from + 3 + (quotas.len() as u32 * 7) % 5);
        quotas.push(Quota::count((from..to).collect(), 0, Some(1), None));
        from = to;
    }
    quotas
}

fn problem(pool: &Pool, quotas: Vec<Quota>) -> QuotaProblem {
    let mut starts = vec![0u32; pool.posts as usize + 1];
    for edge in &pool.edges {
        starts[edge.0 as usize + 1] += 1;
    }
    for at in 0..pool.posts as usize {
        starts[at + 1] += starts[at];
    }
    let (heads, costs) = pool.edges.iter().map(|e| (e.1, e.2)).unzip();
    let open = vec![1_000_000_000; pool.posts as usize];
    QuotaProblem::new(pool.candidates as usize, starts, heads, costs, open, pool.groups.clone(), quotas)
        .expect("a valid instance")
}

fn report(name: &str, problem: &QuotaProblem) {
    let start = Instant::now();
    let answer = solve(problem, Effort::of(problem));
    let took = start.elapsed();
    let proved = check_bound(problem, &answer.certificate).map(|b| b / i128::from(problem.scale()));
    let objective = answer.solution.as_ref().map(|s| s.objective);
    let gap = answer.gap().map(|g| 100.0 * g as f64 / answer.bound as f64);
    println!(
        "{name}: objective {objective:?}, bound {}, gap {gap:?}%, proof {:?}, multipliers alone {proved:?}, {took:.3?}",
        answer.bound, answer.proof
    );
}

fn export(pool: &Pool, folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let mut text = String::from("vacancy,candidate,cost\n");
    for (post, candidate, cost) in &pool.edges {
        writeln!(text, "{post},{candidate},{cost}")?;
    }
    std::fs::write(folder.join("edges.csv"), text)?;
    let mut text = String::from("candidate,female,under35,veteran\n");
    for candidate in 0..pool.candidates {
        let has = |group: usize| u8::from(pool.groups[group].binary_search(&candidate).is_ok());
        writeln!(text, "{candidate},{},{},{}", has(0), has(1), has(2))?;
    }
    Ok(std::fs::write(folder.join("attributes.csv"), text)?)
}

fn import(folder: &Path) -> Result<Pool, Failure> {
    let table = |name: &str| -> Result<Vec<Vec<i64>>, Failure> {
        let text = std::fs::read_to_string(folder.join(name))?;
        let line = |l: &str| l.split(',').map(|v| v.trim().parse::<i64>()).collect::<Result<Vec<i64>, _>>();
        Ok(text.lines().skip(1).map(line).collect::<Result<_, _>>()?)
    };
    let mut edges: Vec<(u32, u32, i64)> =
        table("edges.csv")?.iter().map(|l| (l[0] as u32, l[1] as u32, l[2])).collect();
    edges.sort_unstable();
    let people = table("attributes.csv")?;
    let groups = (1..4).map(|g| people.iter().filter(|l| l[g] == 1).map(|l| l[0] as u32).collect()).collect();
    let posts = edges.last().map_or(0, |e| e.0 + 1);
    Ok(Pool { posts, candidates: people.len() as u32, edges, groups })
}

fn main() -> Result<(), Failure> {
    if let Ok(folder) = std::env::var("QUOTA_INSTANCE") {
        let pool = import(Path::new(&folder))?;
        report(&format!("{folder} blocks"), &problem(&pool, block_quotas(pool.posts)));
        report(&format!("{folder} villages"), &problem(&pool, village_quotas(pool.posts)));
        return Ok(());
    }
    if let Ok(folder) = std::env::var("QUOTA_EXPORT") {
        for posts in [2_000, 20_000] {
            export(&pool(posts), &Path::new(&folder).join(format!("county_{posts}x{}", 3 * posts)))?;
        }
        return Ok(());
    }
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("quota");
    group.sample_size(10);
    for posts in [2_000, 20_000] {
        let pool = pool(posts);
        let size = format!("{posts}x{}", pool.candidates);
        for (name, quotas) in [("blocks", block_quotas(posts)), ("villages", village_quotas(posts))] {
            let problem = problem(&pool, quotas);
            report(&format!("{name} {size}"), &problem);
            group.bench_with_input(BenchmarkId::new(name, &size), &problem, |b, p| {
                b.iter(|| solve(black_box(p), Effort::of(p)))
            });
        }
        // Seats first, in two classes of urgency.
        let problem = problem(&pool, village_quotas(posts));
        let classes: Vec<u32> = (0..posts).map(|post| post % 2).collect();
        if let Ok(RankedOutcome::Solved(ranked)) = fill_ranked(&problem, &classes, Effort::of(&problem)) {
            let stages: Vec<(i64, i64)> = ranked.stages.iter().map(|stage| (stage.filled, stage.most())).collect();
            println!("seats first {size}: filled and at most {stages:?}, gap {:?}", ranked.answer.gap());
        }
        group.bench_with_input(BenchmarkId::new("villages, seats first", &size), &problem, |b, p| {
            b.iter(|| fill_ranked(black_box(p), &classes, Effort::of(p)))
        });
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}
