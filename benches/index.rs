//! The engine of composite indices under uncertainty. Every figure is time per replication: choose
//! among methods, draw weights, make the scores, rank the units (`rank`), and count ranks and
//! acceptabilities (`assess`).
//!
//! - `four`: the four-assumption analysis of COINr's vignette (winsorising 1 to 5 points × min–max or
//!   z-score × weights ±25% × arithmetic or geometric mean) on the ASEM data, if they are at
//!   `../shared/data/asem`, and on made-up data of the same shape: `anew` repeats treatment,
//!   normalisation and aggregation in every replication, `kept` keeps what does not change.
//! - `weights`: draws of the weights, 33,755 and 413,000 units × 7 indicators.
//! - `sobol`: the design of Sobol indices with six factors.
//! - `triad`: a[i] = b[i] + s · c[i] over as many numbers as the weights' inner loop reads, to tell
//!   how far that is from what memory allows.
//!
//! Order of growth: a replication is O(patterns of missing values × items of the tree) for weights,
//! O(units × indicators) for scores and O(units) for ranks and counts; `anew` adds
//! O(units × indicators × points winsorised). `benches/peers/score.py` times other programs on the
//! same shapes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;

use chrono::NaiveDate;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use touyan::index::uncertain::{Replicate, Replicator, Reuse, Subject, Uncertainty, assess};
use touyan::index::{self, IndexFile, Table};
use touyan::kernel::draw::Draw;
use touyan::kernel::places::Placer;

const FOUR: &str = "draws = 1
[factors.outliers]
type = 'outliers'
options = [
    { type = 'winsorise', max_points = 1 }, { type = 'winsorise', max_points = 2 },
    { type = 'winsorise', max_points = 3 }, { type = 'winsorise', max_points = 4 },
    { type = 'winsorise', max_points = 5 },
]
[factors.normalisation]
type = 'rule'
options = [{ type = 'min_max', floor = 1 }, { type = 'z_score', mean = 10, deviation = 2 }]
[factors.weights]
type = 'weights'
law = { type = 'noise', share = 0.25 }
nodes = ['root', 'Conn', 'Sust']
[factors.aggregation]
type = 'aggregate'
options = [{ type = 'arithmetic' }, { type = 'geometric' }]
";

const WEIGHTS: &str = "draws = 1
[factors.weights]
type = 'weights'
law = { type = 'dirichlet', concentration = 50 }
";

const SIX: &str = "draws = 2
[factors.weights]
type = 'weights'
law = { type = 'dirichlet', concentration = 50 }
[factors.left_out]
type = 'leave_out'
[factors.outliers]
type = 'outliers'
options = [{ type = 'none' }, { type = 'winsorise', max_points = 5 }]
[factors.normalisation]
type = 'rule'
options = [{ type = 'min_max', floor = 1 }, { type = 'z_score', mean = 10, deviation = 2 }]
[factors.first]
type = 'rule'
indicators = ['i0']
options = [{ type = 'min_max', floor = 1 }, { type = 'percentile' }]
[factors.aggregation]
type = 'aggregate'
options = [{ type = 'arithmetic' }, { type = 'geometric' }]
";

type Records = Vec<BTreeMap<String, String>>;

fn read(name: &str) -> Option<Records> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/asem")).join(name);
    let mut reader = csv::Reader::from_path(path).ok()?;
    reader.deserialize().collect::<Result<_, _>>().ok()
}

/// The ASEM data and the policy of the vignette.
fn asem() -> Option<(Table, IndexFile)> {
    let (mut data, meta) = (read("ASEM_iData.csv")?, read("ASEM_iMeta.csv")?);
    data.sort_by_key(|row| row["uCode"].clone());
    let mut text =
        "[score]\nimpute = { type = 'mean', within = 'group' }\noutliers = { type = 'winsorise', max_points = 5 }\n"
            .to_owned();
    for item in meta.iter().filter(|item| !item["Level"].is_empty() && item["iCode"] != "Index") {
        let indicator = item["Type"] == "Indicator";
        let section = if indicator { "indicators" } else { "nodes" };
        let _ = writeln!(text, "[score.{section}.{}]\nweight = {}", item["iCode"], item["Weight"]);
        if item["Parent"] != "Index" {
            let _ = writeln!(text, "parent = '{}'", item["Parent"]);
        }
        if indicator && item["Direction"] == "-1.0" {
            text += "direction = 'lower'\n";
        }
        if indicator && !item["Denominator"].is_empty() {
            let _ = writeln!(text, "denominator = {{ column = '{}' }}", item["Denominator"]);
        }
    }
    let number = |row: &BTreeMap<String, String>, key: &str| row[key].parse().unwrap_or(f64::NAN);
    let columns = meta.iter().filter(|item| matches!(item["Type"].as_str(), "Indicator" | "Denominator"));
    let table = Table {
        names: data.iter().map(|row| row["uCode"].clone()).collect(),
        units: (0..data.len() as u32).collect(),
        periods: vec![0; data.len()],
        numbers: columns
            .map(|item| (item["iCode"].clone(), data.iter().map(|row| number(row, &item["iCode"])).collect()))
            .collect(),
        texts: [("group".to_owned(), data.iter().map(|row| Some(row["EurAsia_group"].clone())).collect())].into(),
        ..Table::default()
    };
    Some((table, toml::from_str(&text).expect("the policy of the vignette")))
}

/// So many units and indicators; every third indicator has a long tail.
fn made_up(units: usize, indicators: usize) -> Table {
    let column = |at: usize| {
        let mut draw = Draw::named(1, "bench", at as u64);
        let values = (0..units).map(|_| if at % 3 == 2 { draw.lognormal(0.0, 1.0) } else { draw.normal(50.0, 10.0) });
        (format!("i{at}"), values.collect())
    };
    Table {
        names: (0..units).map(|unit| format!("u{unit:06}")).collect(),
        units: (0..units as u32).collect(),
        periods: vec![0; units],
        numbers: (0..indicators).map(column).collect(),
        ..Table::default()
    }
}

/// Two nodes of five and three, indicators spread among these.
fn three_levels(indicators: usize) -> IndexFile {
    let mut text = "[score]\n[score.nodes.Conn]\n[score.nodes.Sust]\n".to_owned();
    for node in 0..8 {
        let _ = writeln!(text, "[score.nodes.n{node}]\nparent = '{}'", if node < 5 { "Conn" } else { "Sust" });
    }
    for at in 0..indicators {
        let _ = writeln!(text, "[score.indicators.i{at}]\nparent = 'n{}'", at % 8);
    }
    toml::from_str(&text).expect("a policy")
}

fn flat(indicators: usize) -> IndexFile {
    let mut text = "[score]\n".to_owned();
    (0..indicators).for_each(|at| {
        let _ = writeln!(text, "[score.indicators.i{at}]\nweight = {}", 1 + at % 3);
    });
    toml::from_str(&text).expect("a policy")
}

/// Replications one after the other on one thread: scores alone, and scores and ranks.
fn replications(
    c: &mut Criterion,
    group: &str,
    name: &str,
    (table, file): &(Table, IndexFile),
    text: &str,
    reuse: Reuse,
) {
    let (plan, recipe) = index::prepare(&file.score, table, NaiveDate::MAX);
    let nominal = index::make(&plan, &recipe, None).expect("an index");
    let rule: Uncertainty = toml::from_str(text).expect("what is uncertain");
    let replicator = Replicator::new(&plan, &recipe, &nominal, &rule, 7, reuse).expect("factors of the policy");
    assert!(!replicator.is_by_pipeline(), "{name} takes a shortcut");
    let mut group = c.benchmark_group(group);
    let n = table.rows();
    let (mut first, mut placer) = (vec![0; n], Placer::new());
    let mut realisations = vec![0; replicator.factors().len()];
    let mut worker = replicator.worker();
    for rank in [false, true] {
        let what = if rank { "rank" } else { "score" };
        group.bench_function(BenchmarkId::new(name, what), |b| {
            b.iter(|| {
                realisations.iter_mut().for_each(|r| *r += 1);
                let outcome = replicator.replicate(&realisations, &mut worker).expect("a replication");
                if rank {
                    placer.place(outcome.scores, &mut first);
                    black_box(first[0]);
                }
                black_box(outcome.scores[0]);
            });
        });
    }
    group.finish();
}

/// The assessment whole: `Throughput::Elements` counts replications.
fn assessment(
    c: &mut Criterion,
    (group, name): (&str, &str),
    (table, file): &(Table, IndexFile),
    text: &str,
    (draws, base): (u32, u32),
    (reuse, threads): (Reuse, usize),
) {
    let (plan, recipe) = index::prepare(&file.score, table, NaiveDate::MAX);
    let nominal = index::make(&plan, &recipe, None).expect("an index");
    let mut rule: Uncertainty = toml::from_str(text).expect("what is uncertain");
    rule.draws = draws;
    rule.sobol = (base > 0).then(|| toml::from_str(&format!("base = {base}")).expect("a base"));
    let replicator = Replicator::new(&plan, &recipe, &nominal, &rule, 7, reuse).expect("factors of the policy");
    let subject = Subject::new(&plan, &nominal.score, &[], &[]);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let mut group = c.benchmark_group(group);
    let replications = u64::from(draws) + u64::from(base) * (rule.factors.len() as u64 + 2);
    group.sample_size(10).throughput(Throughput::Elements(replications));
    group.bench_function(BenchmarkId::new(format!("{name}/assess"), format!("{replications}x{threads}")), |b| {
        b.iter(|| pool.install(|| black_box(assess(&replicator, &subject, &rule).expect("an assessment"))));
    });
    group.finish();
}

fn four(c: &mut Criterion) {
    let like = (made_up(51, 49), three_levels(49));
    for (data, name) in [(asem(), "asem_51x49"), (Some(like), "made_up_51x49")] {
        let Some(data) = data else {
            println!("{name}: skipped, the data are not here");
            continue;
        };
        for (reuse, how) in [(Reuse::Nothing, "anew"), (Reuse::Points, "kept")] {
            replications(c, "four", &format!("{name}_{how}"), &data, FOUR, reuse);
            for threads in [1, 2] {
                let name = format!("{name}_{how}");
                assessment(c, ("four", &name), &data, FOUR, (20_000, 0), (reuse, threads));
            }
        }
    }
}

fn weights(c: &mut Criterion) {
    for (units, draws) in [(33_755, 1024), (413_000, 128)] {
        let data = (made_up(units, 7), flat(7));
        let name = format!("{units}x7");
        replications(c, "weights", &name, &data, WEIGHTS, Reuse::Points);
        for threads in [1, 2] {
            assessment(c, ("weights", &name), &data, WEIGHTS, (draws, 0), (Reuse::Points, threads));
        }
    }
}

fn sobol(c: &mut Criterion) {
    let data = (made_up(33_755, 7), flat(7));
    for threads in [1, 2] {
        assessment(c, ("sobol", "33755x7_6_factors"), &data, SIX, (2, 128), (Reuse::Points, threads));
    }
}

fn triad(c: &mut Criterion) {
    let mut group = c.benchmark_group("triad");
    for units in [33_755_usize, 413_000] {
        let n = units * 7;
        let (mut a, b, d) = (vec![0.0; n], vec![1.0; n], vec![2.0; n]);
        group.throughput(Throughput::Bytes(n as u64 * 24));
        group.bench_function(BenchmarkId::from_parameter(format!("{units}x7")), |bench| {
            bench.iter(|| {
                a.iter_mut().zip(&b).zip(&d).for_each(|((a, b), d)| *a = b + 3.0 * d);
                black_box(a[0]);
            });
        });
        // As the inner loop does: read only.
        group.throughput(Throughput::Bytes(n as u64 * 8));
        group.bench_function(BenchmarkId::new("read", format!("{units}x7")), |bench| {
            bench.iter(|| {
                let mut sums = [0.0; 8];
                let chunks = b.as_chunks::<8>().0;
                chunks.iter().for_each(|x| sums.iter_mut().zip(x).for_each(|(sum, x)| *sum += 3.0 * x));
                black_box(sums);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, four, weights, sobol, triad);
criterion_main!(benches);
