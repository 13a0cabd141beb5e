//! The analysis of the index of sustainable connectivity (51 countries, 49 indicators) under four
//! uncertain assumptions, against the statistics of 100 replications that another program stored: limit
//! of winsorised points 1 to 5; min–max to 1–100 or z-scores of mean 10 and deviation 2; weights of
//! the upper two levels times uniform noise of ±25%; arithmetic or geometric means.
//!
//! The index is made here in plain sight, apart from the engine's own pipeline: only drawing, ranking
//! and counting are the engine's. The data are not part of the project; without them the test says so.

use std::collections::BTreeMap;
use std::path::PathBuf;

use touyan::index::uncertain::{Outcome, Replicate, assess};
use touyan::kernel::draw::Draw;

use super::index_sobol::{Setting, rule};

fn folder() -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/asem"));
    path.is_dir().then_some(path)
}

type Line = BTreeMap<String, String>;

fn read(name: &str) -> Vec<Line> {
    let path = folder().unwrap().join(name);
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let line =
        |row: csv::StringRecord| header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect::<Line>();
    reader.records().map(|row| line(row.unwrap())).collect()
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// The index, with the treated values for each limit of winsorised points.
pub struct Asem {
    pub units: Vec<String>,
    /// By limit less one, then indicator, then unit; direction respected.
    treated: Vec<Vec<Vec<f64>>>,
    /// Node of each indicator, and node above each node of the second level.
    below: [Vec<usize>; 2],
    weights: [Vec<f64>; 3],
    seed: u64,
}

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    values.clone().sum::<f64>() / values.count() as f64
}

/// Type-2 sample skewness (at least 2 in magnitude) and kurtosis (at least 3.5).
fn is_skewed(x: &[f64]) -> (bool, bool) {
    let n = x.len() as f64;
    let centre = mean(x.iter().copied());
    let moment = |power: i32| mean(x.iter().map(|v| (v - centre).powi(power)));
    let skew = moment(3) / moment(2).powf(1.5) * (n * (n - 1.0)).sqrt() / (n - 2.0);
    let kurtosis = ((n + 1.0) * (moment(4) / moment(2).powi(2) - 3.0) + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0));
    (skew.abs() >= 2.0 && kurtosis >= 3.5, skew > 0.0)
}

/// Winsorised by at most so many points; where that does not do, logarithms.
fn treat(x: &[f64], limit: usize) -> Vec<f64> {
    let (skewed, right) = is_skewed(x);
    if !skewed {
        return x.to_vec();
    }
    let mut sorted = x.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    for points in 1..=limit {
        let bound = if right { sorted[n - 1 - points] } else { sorted[points] };
        let held: Vec<f64> = x.iter().map(|v| if right { v.min(bound) } else { v.max(bound) }).collect();
        if !is_skewed(&held).0 {
            return held;
        }
    }
    let shift = 0.01 * (sorted[n - 1] - sorted[0]);
    let log = |v: &f64| if right { (v - sorted[0] + shift).ln() } else { -(sorted[n - 1] - v + shift).ln() };
    x.iter().map(log).collect()
}

impl Asem {
    pub fn read(seed: u64) -> Asem {
        let (data, meta) = (read("ASEM_iData.csv"), read("ASEM_iMeta.csv"));
        let indicators: Vec<&Line> = meta.iter().filter(|m| m["Type"] == "Indicator").collect();
        let level = |level: &str| -> Vec<&Line> {
            meta.iter().filter(|m| m["Type"] == "Aggregate" && number(&m["Level"]) == number(level)).collect()
        };
        let (second, third) = (level("2"), level("3"));
        let place = |of: &[&Line], code: &str| of.iter().position(|m| m["iCode"] == code).unwrap();
        let column = |indicator: &Line| -> Vec<f64> {
            let divide = |line: &Line| match indicator["Denominator"].as_str() {
                "" | "NA" => 1.0,
                other => number(&line[other]),
            };
            let mut values: Vec<f64> =
                data.iter().map(|line| number(&line[&indicator["iCode"]]) / divide(line)).collect();
            // Missing: the mean of the group.
            let group = |row: usize| data[row]["EurAsia_group"].as_str();
            for row in 0..values.len() {
                if values[row].is_nan() {
                    let same = (0..values.len()).filter(|&o| group(o) == group(row));
                    let known: Vec<f64> = same
                        .map(|other| number(&data[other][&indicator["iCode"]]) / divide(&data[other]))
                        .filter(|v| !v.is_nan())
                        .collect();
                    values[row] = mean(known.into_iter());
                }
            }
            values
        };
        let imputed: Vec<Vec<f64>> = indicators.iter().map(|indicator| column(indicator)).collect();
        let signed = |(values, indicator): (&Vec<f64>, &&Line), limit: usize| -> Vec<f64> {
            treat(values, limit).into_iter().map(|v| v * number(&indicator["Direction"])).collect()
        };
        let weights = |of: &[&Line]| of.iter().map(|m| number(&m["Weight"])).collect::<Vec<f64>>();
        Asem {
            units: data.iter().map(|line| line["uCode"].clone()).collect(),
            treated: (1..=5)
                .map(|limit| imputed.iter().zip(&indicators).map(|pair| signed(pair, limit)).collect())
                .collect(),
            below: [
                indicators.iter().map(|m| place(&second, &m["Parent"])).collect(),
                second.iter().map(|m| place(&third, &m["Parent"])).collect(),
            ],
            weights: [weights(&indicators), weights(&second), weights(&third)],
            seed,
        }
    }

    /// The index: limit of winsorised points, z-scores or not, geometric or not, weights of levels 2, 3.
    pub fn index(&self, limit: usize, scale: (f64, f64), z: bool, geometric: bool, weights: [&[f64]; 2]) -> Vec<f64> {
        let points: Vec<Vec<f64>> = self.treated[limit - 1]
            .iter()
            .map(|x| {
                if z {
                    let centre = mean(x.iter().copied());
                    let sum: f64 = x.iter().map(|v| (v - centre).powi(2)).sum();
                    let deviation = (sum / (x.len() as f64 - 1.0)).sqrt();
                    x.iter().map(|v| 10.0 + 2.0 * (v - centre) / deviation).collect()
                } else {
                    let (low, high) = x.iter().fold((f64::MAX, f64::MIN), |(l, h), &v| (l.min(v), h.max(v)));
                    x.iter().map(|v| scale.0 + (scale.1 - scale.0) * (v - low) / (high - low)).collect()
                }
            })
            .collect();
        let second = merge(&points, &self.weights[0], &self.below[0], geometric);
        let third = merge(&second, weights[0], &self.below[1], geometric);
        merge(&third, weights[1], &vec![0; third.len()], geometric).remove(0)
    }
}

/// Weighted means of the columns that hang on each node.
fn merge(columns: &[Vec<f64>], weights: &[f64], node: &[usize], geometric: bool) -> Vec<Vec<f64>> {
    let nodes = node.iter().max().unwrap() + 1;
    (0..nodes)
        .map(|at| {
            let own: Vec<usize> = (0..columns.len()).filter(|&c| node[c] == at).collect();
            let total: f64 = own.iter().map(|&c| weights[c]).sum();
            let of = |row: usize| {
                if geometric {
                    own.iter().map(|&c| weights[c] * columns[c][row].ln()).sum::<f64>() / total
                } else {
                    own.iter().map(|&c| weights[c] * columns[c][row]).sum::<f64>() / total
                }
            };
            (0..columns[0].len()).map(|row| if geometric { of(row).exp() } else { of(row) }).collect()
        })
        .collect()
}

impl Replicate for Asem {
    type Worker = Vec<f64>;

    fn worker(&self) -> Vec<f64> {
        Vec::new()
    }

    fn factors(&self) -> Vec<String> {
        ["winsorising", "normalisation", "weights", "aggregation"].map(String::from).to_vec()
    }

    fn rows(&self) -> usize {
        self.units.len()
    }

    fn leaves(&self) -> usize {
        0
    }

    fn replicate<'w>(&self, r: &[u64], worker: &'w mut Vec<f64>) -> Result<Outcome<'w>, String> {
        let option = |name: &str, r: u64, n: usize| Draw::named(self.seed, name, r).index(n);
        let mut draw = Draw::named(self.seed, "noise", r[2]);
        let mut noisy = |weights: &[f64]| weights.iter().map(|w| w * draw.between(0.75, 1.25)).collect::<Vec<f64>>();
        let (second, third) = (noisy(&self.weights[1]), noisy(&self.weights[2]));
        let (limit, z) = (option("limit", r[0], 5) + 1, option("rule", r[1], 2) == 1);
        *worker = self.index(limit, (1.0, 100.0), z, option("means", r[3], 2) == 1, [&second, &third]);
        Ok(Outcome { scores: worker, weights: &[] })
    }
}

/// P(at most k of n) for a binomial.
fn binomial(k: usize, n: usize, p: f64) -> f64 {
    let log_choose = |k: f64, n: f64| libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    let power = |p: f64, k: usize| if k == 0 { 0.0 } else { k as f64 * p.ln() };
    (0..=k).map(|k| (log_choose(k as f64, n as f64) + power(p, k) + power(1.0 - p, n - k)).exp()).sum()
}

#[test]
fn stored_rank_statistics_are_a_sample_of_ours() {
    if folder().is_none() {
        eprintln!("skipped: ../shared/data/asem is not there");
        return;
    }
    let asem = Asem::read(4);
    // The nominal index first: what follows would not mean anything without.
    let nominal = asem.index(5, (0.0, 100.0), false, false, [&asem.weights[1], &asem.weights[2]]);
    for line in read("vignette_UA_nominal.csv") {
        let unit = asem.units.iter().position(|u| *u == line["uCode"]).unwrap();
        assert!((nominal[unit] - number(&line["Score"])).abs() < 1e-9, "{line:?}");
    }
    const REPLICATIONS: usize = 100;
    let draws = 20_000;
    let found = assess(&asem, &Setting::new(&nominal).subject(), &rule(draws, 51, Some(1024))).unwrap();

    // Standard deviations and distributions of the ranks, from draws of our own.
    let n = asem.units.len();
    let mut worker = asem.worker();
    let samples: Vec<Vec<usize>> = (0..u64::from(draws) / 4)
        .map(|r| {
            let scores = asem.replicate(&[r + 1_000_000; 4], &mut worker).unwrap().scores.to_vec();
            scores.iter().map(|s| 1 + scores.iter().filter(|o| *o > s).count()).collect()
        })
        .collect();
    let of = |unit: usize| samples.iter().map(move |ranks| ranks[unit] as f64);
    let deviation: Vec<f64> =
        (0..n).map(|unit| (mean(of(unit).map(|r| r * r)) - mean(of(unit)).powi(2)).max(0.0).sqrt()).collect();
    let z = |unit: usize, stored: f64| {
        let error = deviation[unit] / (REPLICATIONS as f64).sqrt();
        (stored - found.rows[unit].rank.unwrap().mean) / error.max(1e-3)
    };

    let stats = read("vignette_UA_rankstats.csv");
    let place = |line: &Line| asem.units.iter().position(|u| *u == line["uCode"]).unwrap();
    assert_eq!(stats.len(), n);
    // 1. No mean lies out of what sampling error allows: |z| with Bonferroni at 0.1% (z = 4.27).
    let mut square = 0.0;
    for line in &stats {
        let z = z(place(line), number(&line["Mean"]));
        assert!(z.abs() < 4.27, "{} {z}", line["uCode"]);
        square += z * z / n as f64;
    }
    // 2. Nor do all together: units share their draws, so their mean z² is compared with that of
    //    batches of 100 draws of ours, of which at most 99% may be below it.
    let batches: Vec<f64> = samples
        .chunks_exact(REPLICATIONS)
        .map(|batch| {
            let of = |unit: usize| z(unit, mean(batch.iter().map(|ranks| ranks[unit] as f64))).powi(2);
            mean((0..n).map(of))
        })
        .collect();
    let below = batches.iter().filter(|b| **b < square).count();
    assert!(below as f64 <= 0.99 * batches.len() as f64, "mean z² {square}, {below} of {}", batches.len());
    // 3. Quantiles: q lies between the order statistics k and k + 1 of the 100 (k = 5, 50, 95), so at
    //    least k are at most ⌊q⌋, and at most k are below ⌈q⌉: binomial tails, Bonferroni at 1%.
    let level = 0.01 / (6.0 * n as f64);
    for line in &stats {
        let unit = place(line);
        let share = |most: f64| of(unit).filter(|r| *r <= most).count() as f64 / samples.len() as f64;
        for (k, key) in [(5, "Q5"), (50, "Median"), (95, "Q95")] {
            let q = number(&line[key]);
            let many = 1.0 - binomial(k - 1, REPLICATIONS, share(q.floor()));
            let few = binomial(k, REPLICATIONS, share(q.ceil() - 1.0));
            assert!(many > level && few > level, "{} {key} {q}: {many} {few}", line["uCode"]);
        }
    }
    // 4. The engine's counts are those of our own draws: means, and quantiles within a place.
    for (unit, deviation) in deviation.iter().enumerate() {
        let rank = found.rows[unit].rank.unwrap();
        let error = deviation * (5.0 / f64::from(draws)).sqrt();
        assert!((rank.mean - mean(of(unit))).abs() <= 4.5 * error + 1e-9, "{}", asem.units[unit]);
        assert!(rank.p05.0 == rank.p05.1 && rank.p95.0 == rank.p95.1);
    }
    assert!((found.rows.iter().map(|row| row.p_top).sum::<f64>() - 51.0).abs() < 1e-9);
    // Of the whole, aggregation moves most, and no first-order index exceeds its total beyond error.
    let whole = found.sobol.unwrap();
    assert!((0..3).all(|f| whole[f].total.value < whole[3].total.value), "{whole:?}");
    assert!(whole.iter().all(|i| i.first.low <= i.total.high && i.total.value > 0.0));
}
