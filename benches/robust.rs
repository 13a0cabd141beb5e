//! Robustness of assignments over many scenarios, and re-solving with few changes. Seeds are fixed.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use touyan::kernel::assign::{Problem, solve};
use touyan::kernel::draw::Draw;
use touyan::kernel::robust::{Instance, Perturb, fewest_changes, fewest_changes_within, robustness};

const WEIGHTS: [f64; 8] = [0.25, 0.2, 0.15, 0.1, 0.1, 0.1, 0.05, 0.05];

/// Edges and components of 0 to 10,000 (hundredths of points); 60% of a component is the candidate's.
fn county(posts: usize, candidates: usize) -> (Vec<(u32, u32)>, Vec<i32>) {
    let mut draw = Draw::named(posts as u64, "robust bench", 0);
    let own: Vec<i64> = (0..candidates * 8).map(|_| draw.whole(0, 6_000)).collect();
    let blocks = (posts / 200).max(1);
    let (mut edges, mut parts) = (Vec::new(), Vec::new());
    for post in 0..posts {
        let block = post * blocks / posts;
        let (low, high) = (block * candidates / blocks, (block + 1) * candidates / blocks);
        let mut of: Vec<usize> = (0..30).map(|_| low + draw.index(high - low)).collect();
        of.sort_unstable();
        of.dedup();
        for candidate in of {
            edges.push((post as u32, candidate as u32));
            parts.extend((0..8).map(|k| (own[candidate * 8 + k] + draw.whole(0, 4_000)) as i32));
        }
    }
    (edges, parts)
}

fn main() {
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let mut group = criterion.benchmark_group("robust");
    for (posts, candidates, draws) in [(60, 600, 1_000), (60, 90, 1_000), (2_000, 6_000, 100), (20_000, 60_000, 20)] {
        let (edges, parts) = county(posts, candidates);
        let keys: Vec<u64> = (0..candidates as u64).collect();
        let open = -(posts as i64 + 1) * 100_000_000;
        // As many posts as can be filled, whatever the fits.
        let instance = Instance::new(posts, candidates, &edges, &parts, 8, 0)
            .and_then(|instance| instance.by_classes(&vec![0; posts]))
            .expect("an instance");
        // Weights to one part in ten thousand; a point of noise in a hundred.
        let perturb = Perturb::new(1, &WEIGHTS, 100.0, 10_000, 1e6, &keys).expect("in range");
        let run = || robustness(&instance, &perturb.nominal(), None, draws, |d| perturb.scenario(d)).expect("solved");
        let found = run();
        let name = format!("{posts}x{candidates}x30_{draws}_draws");
        let points = |fit: i128| fit as f64 / 1e6;
        println!(
            "{name}: {} of {posts} rows fragile (<90%); worst case nominal {:.3}, expected {:.3}, best {:.3}, bound {:.3}",
            found.fragile(900).len(),
            points(found.nominal.worst),
            points(found.expected.worst),
            points(found.worst.choice.worst),
            points(found.worst.bound)
        );
        group.bench_function(BenchmarkId::new("robustness", &name), |b| b.iter(|| black_box(run())));

        // The nominal solution against the first scenario's.
        let problem = |d: Option<usize>| {
            let scenario = d.map_or(perturb.nominal(), |d| perturb.scenario(d));
            let fit = |(e, &(r, c)): (usize, &(u32, u32))| {
                let sum: i64 = (0..8).map(|k| i64::from(parts[e * 8 + k]) * scenario.weights[k]).sum();
                (r, c, -(sum + scenario.noise.get(c as usize).unwrap_or(&0)))
            };
            let costs: Vec<(u32, u32, i64)> = edges.iter().enumerate().map(fit).collect();
            Problem::new(posts, candidates, &costs, -open).expect("a problem")
        };
        let earlier = solve(&problem(None)).expect("solved").columns;
        let now = problem(Some(0));
        let optimum = solve(&now).expect("solved");
        // Half a point for each twenty posts.
        let loss = posts as u64 / 20 * 500_000;
        let strict = fewest_changes(&now, &optimum, &earlier).expect("solved");
        let near = fewest_changes_within(&now, &optimum, &earlier, loss).expect("solved");
        let size = format!("{posts}x{candidates}x30");
        println!(
            "{size}: {} rows change at the optimum; within a loss of {:.2} {} (at least {})",
            strict.changed,
            points(loss.into()),
            near.changed,
            near.at_least
        );
        group.bench_function(BenchmarkId::new("fewest_changes", &size), |b| {
            b.iter(|| black_box(fewest_changes(&now, &optimum, &earlier)));
        });
        group.bench_function(BenchmarkId::new("fewest_changes_within", &size), |b| {
            b.iter(|| black_box(fewest_changes_within(&now, &optimum, &earlier, loss)));
        });
    }
    group.finish();
    criterion.final_summary();
}
