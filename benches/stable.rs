//! Stable placements and what placements lack, on county-like markets of several sizes, and on markets
//! with opposed tastes, which have many stable placements. Seeds are fixed.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use touyan::kernel::draw::Draw;
use touyan::kernel::stable::{
    Keys, Market, Pair, best_stable, blocking_pairs, candidate_optimal, envy, post_optimal, rank_profile, rotations,
};

struct Input {
    name: String,
    seats: Vec<u32>,
    pairs: Vec<Pair>,
    post_keys: Vec<u64>,
    candidate_keys: Vec<u64>,
}

impl Input {
    fn market(&self) -> Market {
        let keys = Keys { posts: &self.post_keys, candidates: &self.candidate_keys };
        Market::new(&self.seats, self.candidate_keys.len(), &self.pairs, keys).expect("a market")
    }
}

/// Posts with 30 candidates each, nine in ten of their own block of 200 posts; fit is 60% quality;
/// candidates rank what they accept by a taste of their own. Few candidates for many seats, and
/// opposed tastes (`against`), leave more stable placements.
fn county(posts: usize, candidates: usize, most_seats: u64, against: bool) -> Input {
    let mut draw = Draw::named(posts as u64, "stable bench", 0);
    let blocks = (posts / 200).max(1);
    let quality: Vec<i64> = (0..candidates).map(|_| draw.whole(0, 600_000)).collect();
    let mut pairs = Vec::with_capacity(posts * 30);
    for post in 0..posts {
        let block = post * blocks / posts;
        let (low, high) = (block * candidates / blocks, (block + 1) * candidates / blocks);
        let mut of: Vec<usize> = (0..30)
            .map(|_| if draw.chance(0.9) { low + draw.index(high - low) } else { draw.index(candidates) })
            .collect();
        of.sort_unstable();
        of.dedup();
        for candidate in of {
            let noise = draw.whole(0, 400_000);
            let wish = if against { noise } else { draw.whole(0, 400_000) } as u32;
            let fit = if against { noise } else { quality[candidate] + noise };
            pairs.push(Pair { post: post as u32, candidate: candidate as u32, fit, wish: Some(wish) });
        }
    }
    let seats = (0..posts).map(|_| 1 + draw.below(most_seats) as u32).collect();
    let mut keys = |n: usize| (0..n).map(|_| draw.bits()).collect::<Vec<_>>();
    let kind = if against { "opposed" } else { "county" };
    Input {
        name: format!("{kind}_{posts}x{candidates}x30_seats_1_to_{most_seats}"),
        seats,
        pairs,
        post_keys: keys(posts),
        candidate_keys: keys(candidates),
    }
}

fn main() {
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let mut group = criterion.benchmark_group("stable");
    let inputs = [
        county(60, 600, 1, false),
        county(2_000, 6_000, 3, false),
        county(20_000, 60_000, 1, false),
        county(20_000, 60_000, 3, false),
        county(20_000, 20_000, 1, true),
        county(20_000, 40_000, 3, true),
    ];
    for input in inputs {
        let name = &input.name;
        let market = input.market();
        let fits: Vec<i64> = input.pairs.iter().map(|p| p.fit).collect();
        // Values other than the posts' own order: greatest between the two extremes.
        let mut draw = Draw::named(1, "other values", 0);
        let other: Vec<i64> = fits.iter().map(|_| draw.whole(0, 1_000_000)).collect();
        let best = best_stable(&market, &other).expect("a value for each pair");
        println!("{name}: {} pairs, {} rotations, {} made", market.pairs(), best.rotations, best.made);
        let first = candidate_optimal(&market);
        let id = |what: &str| BenchmarkId::new(what, name);
        group.bench_function(id("market"), |b| b.iter(|| black_box(input.market())));
        group.bench_function(id("candidate_optimal"), |b| b.iter(|| black_box(candidate_optimal(&market))));
        group.bench_function(id("post_optimal"), |b| b.iter(|| black_box(post_optimal(&market))));
        group.bench_function(id("rotations"), |b| b.iter(|| black_box(rotations(&market))));
        group.bench_function(id("best_by_fit"), |b| b.iter(|| black_box(best_stable(&market, &fits))));
        group.bench_function(id("best_by_other_values"), |b| b.iter(|| black_box(best_stable(&market, &other))));
        group.bench_function(id("measures"), |b| {
            b.iter(|| {
                black_box((
                    blocking_pairs(&market, &first).map(|b| b.len()),
                    envy(&market, &first),
                    rank_profile(&market, &first),
                ))
            });
        });
    }
    group.finish();
    criterion.final_summary();
}
