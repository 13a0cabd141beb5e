//! The score stage whole, 1,000 draws of the weights, ranks within the county: one county, ten, a
//! hundred.

use chrono::NaiveDate;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use touyan::book::{Tables, schema};
use touyan::frame::Build;
use touyan::kernel::draw::Draw;
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::score::score;
use touyan::stage::Context;

const VILLAGES: usize = 413;
const TOWNSHIPS: usize = 28;

/// Counties of 413 villages in 28 townships, every indicator of the policy, 3% missing.
fn tables(counties: usize, policy: &Policy) -> Tables {
    let n = counties * VILLAGES;
    let (mut county, mut township, mut village, mut class) = (vec![], vec![], vec![], vec![]);
    for unit in 0..n {
        let (c, v) = (unit / VILLAGES, unit % VILLAGES);
        county.push(format!("{:06}", 990_000 + c));
        township.push(format!("{:02}镇", v % TOWNSHIPS));
        village.push(format!("{:06}{:03}{:03}", 990_000 + c, 100 + v % TOWNSHIPS, 200 + v / TOWNSHIPS));
        class.push(Some(["strong", "ordinary", "weak"][v % 3]));
    }
    let mut tables = Tables::default();
    let keys = || Build::new().str("county", &county).str("township", &township).str("village", &village);
    let villages = keys().text("class", class).done().expect("one length");
    tables.set("villages", villages).expect("the schema's columns");
    let mut frame = keys().whole("period", vec![Some(2025); n]);
    for (at, (key, _)) in policy.score.indicators.iter().enumerate() {
        let range = schema::table("indicators").and_then(|t| t.column(key)).and_then(|c| c.range);
        let top = range.map_or(100.0, |(_, high)| high.min(100.0));
        let values = (0..n).map(|unit| {
            let mut draw = Draw::named(9, key, unit as u64 + at as u64);
            (!draw.chance(0.03)).then(|| (draw.uniform() * top).floor())
        });
        frame = frame.number(key, values.collect());
    }
    tables.set("indicators", frame.done().expect("one length")).expect("the schema's columns");
    tables
}

fn bench(c: &mut Criterion) {
    let policy = Policy::default();
    let mut group = c.benchmark_group("score");
    group.sample_size(10);
    for counties in [1, 10, 100] {
        let tables = tables(counties, &policy);
        let as_of = NaiveDate::from_ymd_opt(2026, 1, 31).expect("a day");
        let ctx = Context { policy: &policy, as_of, seed: 1, lang: Lang::Zh };
        group.throughput(Throughput::Elements((counties * VILLAGES) as u64));
        group.bench_function(BenchmarkId::from_parameter(counties * VILLAGES), |b| {
            b.iter(|| black_box(score(&tables, &ctx).expect("tables of the schema")));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
