//! What is counted over draws: against closed forms, an independent slow count, and properties.

use proptest::prelude::*;
use touyan::index::Groups;
use touyan::index::grade::{Limit, Room};
use touyan::index::uncertain::{Assessed, Estimate, Outcome, Places, Replicate, Sobol, Subject, Uncertainty, assess};
use touyan::kernel::draw::Draw;

/// Scores by a function of the realisations, for any number of factors.
pub struct Model<F> {
    pub factors: usize,
    pub rows: usize,
    pub leaves: usize,
    /// Fills scores and weights.
    pub make: F,
}

impl<F: Fn(&[u64], &mut [f64], &mut [f64]) -> Result<(), String> + Sync> Replicate for Model<F> {
    type Worker = (Vec<f64>, Vec<f64>);

    fn worker(&self) -> Self::Worker {
        (vec![0.0; self.rows], vec![0.0; self.leaves])
    }

    fn factors(&self) -> Vec<String> {
        (0..self.factors).map(|f| format!("f{f}")).collect()
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn leaves(&self) -> usize {
        self.leaves
    }

    fn replicate<'w>(&self, realisations: &[u64], worker: &'w mut Self::Worker) -> Result<Outcome<'w>, String> {
        (self.make)(realisations, &mut worker.0, &mut worker.1)?;
        Ok(Outcome { scores: &worker.0, weights: &worker.1 })
    }
}

/// A setting without periods, grades or vetoes.
pub struct Setting {
    pub groups: Groups,
    pub units: Vec<u32>,
    pub periods: Vec<i64>,
    pub scores: Vec<f64>,
    pub bands: Vec<Limit>,
    pub forced: Vec<Option<usize>>,
}

impl Setting {
    pub fn new(scores: &[f64]) -> Setting {
        let n = scores.len();
        Setting {
            groups: Groups::new(vec![(0..n as u32).collect()], n),
            units: (0..n as u32).collect(),
            periods: vec![0; n],
            scores: scores.to_vec(),
            bands: Vec::new(),
            forced: Vec::new(),
        }
    }

    pub fn subject(&self) -> Subject<'_> {
        Subject {
            groups: &self.groups,
            units: &self.units,
            periods: &self.periods,
            scores: &self.scores,
            bands: &self.bands,
            forced: &self.forced,
            capped: None,
        }
    }
}

pub fn rule(draws: u32, top: u32, sobol: Option<u32>) -> Uncertainty {
    Uncertainty {
        draws,
        seed: 1,
        top: Places::Count(top),
        bottom: Places::Count(top),
        factors: Default::default(),
        sobol: sobol.map(|base| Sobol { base }),
    }
}

/// Uniform on the simplex.
fn simplex(seed: u64, replicate: u64, out: &mut [f64]) {
    let mut draw = Draw::named(seed, "weights", replicate);
    out.iter_mut().for_each(|w| *w = draw.exponential(1.0));
    let sum: f64 = out.iter().sum();
    out.iter_mut().for_each(|w| *w /= sum);
}

/// Two units that differ by `d`, weights uniform on the simplex.
fn pair(d: &[f64], draws: u32) -> Assessed {
    let model = Model {
        factors: 1,
        rows: 2,
        leaves: d.len(),
        make: |r: &[u64], scores: &mut [f64], weights: &mut [f64]| {
            simplex(17, r[0], weights);
            scores[0] = weights.iter().zip(d).map(|(w, d)| w * d).sum::<f64>() + 5.0;
            scores[1] = 5.0;
            Ok(())
        },
    };
    assess(&model, &Setting::new(&[6.0, 5.0]).subject(), &rule(draws, 1, None)).unwrap()
}

#[test]
fn acceptabilities_meet_the_closed_form() {
    // P(Σ w_j d_j > 0) for weights uniform on the simplex: Σ over d_j > 0 of d_j^(n−1) / Π (d_j − d_k).
    let draws = 40_000;
    for (d, p) in [(&[2.0, -1.0][..], 2.0 / 3.0), (&[3.0, -1.0, -2.0], 0.45), (&[0.4, 0.1, -0.3, -0.25], 0.445_055)] {
        let found = pair(d, draws);
        // Stated test: four binomial standard errors.
        let error = (p * (1.0 - p) / f64::from(draws)).sqrt();
        let first = &found.rows[0];
        assert!((first.p_top - p).abs() < 4.0 * error, "{d:?}: {} {p}", first.p_top);
        assert!((found.standard_error / error - 1.0).abs() < 0.02);
        assert_eq!(first.acceptability, [first.p_top]);
        assert!((first.holistic.unwrap() - first.p_top).abs() < 1e-12);
        assert!((first.beats.unwrap() - first.p_top).abs() < 1e-12 && found.rows[1].beats.is_none());
        assert!((first.p_top + found.rows[1].p_top - 1.0).abs() < 1e-12);
    }
    // First where the first weight is above 1/3: mean 2/3 there, 1/6 elsewhere (uniform on each part).
    let found = pair(&[2.0, -1.0], draws);
    for (row, mean, width) in [(0, 2.0 / 3.0, 2.0 / 3.0), (1, 1.0 / 6.0, 1.0 / 3.0)] {
        let central = found.rows[row].central.as_ref().unwrap();
        let error = width / 12.0_f64.sqrt() / (f64::from(draws) * found.rows[row].p_top).sqrt();
        assert!((central[0] - mean).abs() < 4.0 * error, "{central:?}");
        assert!((central[0] + central[1] - 1.0).abs() < 1e-12);
    }
}

/// Errors of the data, and weights.
struct Noisy;

impl Replicate for Noisy {
    type Worker = ([f64; 2], [f64; 2]);

    fn worker(&self) -> Self::Worker {
        Default::default()
    }

    fn factors(&self) -> Vec<String> {
        vec!["weights".into(), "error".into()]
    }

    fn rows(&self) -> usize {
        2
    }

    fn leaves(&self) -> usize {
        2
    }

    fn data(&self) -> Vec<bool> {
        vec![false, true]
    }

    fn replicate<'w>(&self, r: &[u64], worker: &'w mut Self::Worker) -> Result<Outcome<'w>, String> {
        let mut weights = [0.0; 2];
        simplex(5, r[0], &mut weights);
        self.replicate_held(&weights, r, worker).unwrap()
    }

    fn replicate_held<'w>(
        &self,
        weights: &[f64],
        r: &[u64],
        worker: &'w mut Self::Worker,
    ) -> Option<Result<Outcome<'w>, String>> {
        worker.1.copy_from_slice(weights);
        let error = Draw::named(5, "error", r[1]).normal(0.0, 1.0);
        worker.0 = [2.0 * weights[0] - weights[1] + error, 0.0];
        Some(Ok(Outcome { scores: &worker.0, weights: &worker.1 }))
    }
}

#[test]
fn confidence_factors_hold_the_central_weights() {
    let draws = 20_000;
    let found = assess(&Noisy, &Setting::new(&[0.5, 0.0]).subject(), &rule(draws, 1, None)).unwrap();
    for (row, sign) in [(0, 1.0), (1, -1.0)] {
        let central = found.rows[row].central.as_ref().unwrap();
        // The score's difference is normal around what the central weights give.
        let mean = sign * (2.0 * central[0] - central[1]);
        let p = 0.5 * libm::erfc(-mean / 2.0_f64.sqrt());
        let error = (p * (1.0 - p) / 4096.0).sqrt();
        let confidence = found.rows[row].confidence.unwrap();
        assert!((confidence - p).abs() < 4.0 * error, "{confidence} {p}");
    }
    // Without errors of the data there are none.
    assert!(pair(&[2.0, -1.0], 100).rows.iter().all(|row| row.confidence.is_none()));
}

/// Scores of a case: some units on a coarse grid, so that they tie; some are missing now and then.
fn noisy_scores(seed: u64, r: u64, nominal: &[f64], out: &mut [f64]) {
    let mut draw = Draw::named(seed, "scores", r);
    for (at, (score, nominal)) in out.iter_mut().zip(nominal).enumerate() {
        let noise = draw.between(-3.0, 3.0);
        *score = if at % 3 == 0 { nominal + noise } else { (nominal + noise).round() };
        if at % 5 == 0 && draw.chance(0.1) {
            *score = f64::NAN;
        }
    }
}

/// Everything of one row, counted slowly from the scores of all draws.
struct Slow {
    ranks: Vec<i64>,
    top: f64,
    bottom: f64,
    beats: f64,
    grades: [f64; 3],
    places: Vec<f64>,
}

fn slow(setting: &Setting, draws: &[Vec<f64>], k: usize, row: usize, next: Option<usize>) -> Slow {
    let mut out = Slow { ranks: Vec::new(), top: 0.0, bottom: 0.0, beats: 0.0, grades: [0.0; 3], places: vec![0.0; k] };
    let members = &setting.groups.members[setting.groups.of[row] as usize];
    for scores in draws {
        let own = scores[row];
        if let Some(next) = next.map(|next| scores[next]) {
            out.beats += match (own.is_nan(), next.is_nan()) {
                (false, true) => 1.0,
                (true, false) => 0.0,
                (true, true) => 0.5,
                _ => {
                    if own > next {
                        1.0
                    } else if own == next {
                        0.5
                    } else {
                        0.0
                    }
                }
            };
        }
        if own.is_nan() {
            continue;
        }
        let others = || members.iter().map(|&m| scores[m as usize]).filter(|s| !s.is_nan());
        let (above, tied, rated) =
            (others().filter(|s| *s > own).count(), others().filter(|s| *s == own).count(), others().count());
        out.ranks.push(above as i64 + 1);
        let covered = |from: usize, to: usize| (above..above + tied).filter(|p| (from..to).contains(p)).count();
        out.top += covered(0, k) as f64 / tied as f64;
        out.bottom += covered(rated.saturating_sub(k), rated) as f64 / tied as f64;
        (0..k).for_each(|place| out.places[place] += covered(place, place + 1) as f64 / tied as f64);
        // Two bands, the first capped: its rivals are those that reach it and are not vetoed.
        let reaches = |m: usize| scores[m] >= setting.bands[0].0 && setting.forced[m].is_none();
        let Room::Cap(cap) = setting.bands[0].1 else { panic!("a cap") };
        let places = (cap * rated as f64 + 1e-9) as usize;
        let rivals = |own: f64| members.iter().filter(|&&m| reaches(m as usize) && scores[m as usize] >= own).count();
        let grade = if setting.forced[row].is_some() {
            2
        } else if reaches(row) && rivals(own) <= places {
            0
        } else if own >= setting.bands[1].0 {
            1
        } else {
            2
        };
        out.grades[grade] += 1.0;
    }
    let n = draws.len() as f64;
    [&mut out.top, &mut out.bottom, &mut out.beats].into_iter().for_each(|p| *p /= n);
    out.grades.iter_mut().chain(&mut out.places).for_each(|p| *p /= n);
    out
}

#[test]
fn counts_are_those_of_a_slow_count() {
    let (n, k, count) = (300_usize, 7, 150_u64);
    let nominal: Vec<f64> =
        (0..n).map(|row| (row * 37 % 101) as f64 + if row == 11 { f64::NAN } else { 0.25 }).collect();
    let mut setting = Setting::new(&nominal);
    // Two groups that interleave, and one of a single row.
    let group = |row: usize| if row == 5 { 2 } else { row % 2 };
    let members = (0..3).map(|g| (0..n as u32).filter(|&row| group(row as usize) == g).collect()).collect();
    setting.groups = Groups::new(members, n);
    setting.bands = vec![(80.0, Room::Cap(0.1)), (40.0, Room::Open), (0.0, Room::Open)];
    setting.forced = (0..n).map(|row| (row % 29 == 0).then_some(2)).collect();
    let model = Model {
        factors: 1,
        rows: n,
        leaves: 0,
        make: |r: &[u64], scores: &mut [f64], _: &mut [f64]| {
            noisy_scores(3, r[0], &nominal, scores);
            Ok(())
        },
    };
    let found = assess(&model, &setting.subject(), &rule(count as u32, k as u32, None)).unwrap();
    assert_eq!(found.draws, count);
    let mut draws = vec![vec![0.0; n]; count as usize];
    (0..count).zip(&mut draws).for_each(|(r, scores)| noisy_scores(3, r, &nominal, scores));
    for row in 0..n {
        let next = (0..n)
            .filter(|&o| group(o) == group(row) && (nominal[o], -(o as i64)) < (nominal[row], -(row as i64)))
            .max_by(|a, b| nominal[*a].total_cmp(&nominal[*b]).then(b.cmp(a)));
        let mut slow = slow(&setting, &draws, k, row, next);
        let fast = &found.rows[row];
        let near = |a: f64, b: f64, what: &str| assert!((a - b).abs() < 1e-9, "row {row} {what}: {a} {b}");
        near(fast.rated, slow.ranks.len() as f64 / count as f64, "rated");
        near(fast.p_top, slow.top, "top");
        near(fast.p_bottom, slow.bottom, "bottom");
        (0..3).for_each(|g| near(fast.p_grades[g], slow.grades[g], "grade"));
        assert!(fast.acceptability.len() <= k);
        (0..k).for_each(|p| near(fast.acceptability.get(p).copied().unwrap_or(0.0), slow.places[p], "place"));
        match (fast.beats, next) {
            (Some(beats), Some(_)) if row != 11 => near(beats, slow.beats, "beats"),
            (beats, next) => assert!(beats.is_none() && (next.is_none() || row == 11), "row {row}"),
        }
        let Some(rank) = fast.rank else {
            assert!(slow.ranks.is_empty());
            continue;
        };
        slow.ranks.sort_unstable();
        near(rank.mean, slow.ranks.iter().sum::<i64>() as f64 / slow.ranks.len() as f64, "mean");
        for (q, (low, high)) in [(0.05, rank.p05), (0.5, rank.median), (0.95, rank.p95)] {
            let exact = slow.ranks[(q * slow.ranks.len() as f64 - 1e-9).ceil() as usize - 1];
            assert!(low <= exact && exact <= high, "row {row} {q}: {low}..{high} {exact}");
            // 150 units fit into the bins nearly one by one.
            assert!(high - low <= 1, "row {row} {q}: {low}..{high}");
        }
    }
}

/// Weights drawn around equal ones for units × indicators on a grid, so that there are ties.
#[allow(clippy::type_complexity, reason = "an opaque type has no name to factor out")]
fn tied(points: &[Vec<f64>]) -> Model<impl Fn(&[u64], &mut [f64], &mut [f64]) -> Result<(), String> + Sync> {
    Model {
        factors: 2,
        rows: points.len(),
        leaves: 3,
        make: move |r: &[u64], scores: &mut [f64], weights: &mut [f64]| {
            simplex(9, r[0], weights);
            let shift = Draw::named(9, "shift", r[1]).index(3);
            for (score, points) in scores.iter_mut().zip(points) {
                *score = weights.iter().enumerate().map(|(leaf, w)| w * points[(leaf + shift) % 3]).sum();
            }
            if r[0] % 50 == 7 { Err("the seventh of fifty".into()) } else { Ok(()) }
        },
    }
}

fn points(n: usize) -> Vec<Vec<f64>> {
    (0..n).map(|row| (0..3).map(|leaf| ((row * (7 + 2 * leaf)) % 5) as f64).collect()).collect()
}

#[test]
fn places_add_up_to_one_each_and_to_k() {
    let points = points(40);
    let nominal: Vec<f64> = points.iter().map(|p| p.iter().sum()).collect();
    let found = assess(&tied(&points), &Setting::new(&nominal).subject(), &rule(500, 40, None)).unwrap();
    let sum = |of: &dyn Fn(usize) -> f64| (0..40).map(of).sum::<f64>();
    for rank in 0..32 {
        let of = |row: usize| found.rows[row].acceptability.get(rank).copied().unwrap_or(0.0);
        assert!((sum(&of) - 1.0).abs() < 1e-9);
    }
    for k in [1, 3, 13] {
        let found = assess(&tied(&points), &Setting::new(&nominal).subject(), &rule(500, k, None)).unwrap();
        assert!((found.rows.iter().map(|r| r.p_top).sum::<f64>() - f64::from(k)).abs() < 1e-9);
        assert!((found.rows.iter().map(|r| r.p_bottom).sum::<f64>() - f64::from(k)).abs() < 1e-9);
    }
    // Up to 32 units, a unit's acceptabilities are complete.
    let found = assess(&tied(&points[..20]), &Setting::new(&nominal[..20]).subject(), &rule(500, 20, None)).unwrap();
    assert!(found.rows.iter().all(|row| (row.acceptability.iter().sum::<f64>() - 1.0).abs() < 1e-9));
}

#[test]
fn failures_are_counted_and_named() {
    let points = points(10);
    let nominal: Vec<f64> = points.iter().map(|p| p.iter().sum()).collect();
    let setting = Setting::new(&nominal);
    let found = assess(&tied(&points), &setting.subject(), &rule(500, 1, Some(100))).unwrap();
    assert_eq!((found.draws, found.failures.len()), (490, 1));
    assert_eq!((found.failures[0].count, found.failures[0].first), (10, 7));
    assert_eq!(found.failures[0].reason, "the seventh of fifty");
    // 4 of 200 realisations: each in one base sample.
    assert_eq!((found.base, found.sobol_failures[0].count), (96, 4));
    let failing = Model {
        factors: 1,
        rows: 10,
        leaves: 0,
        make: |_: &[u64], _: &mut [f64], _: &mut [f64]| Err("a mean of nothing".to_owned()),
    };
    let error = assess(&failing, &setting.subject(), &rule(20, 1, None)).unwrap_err();
    assert!(error.contains("all 20") && error.contains("a mean of nothing"), "{error}");
    assert!(assess(&failing, &setting.subject(), &rule(0, 1, None)).is_err());
}

#[test]
fn threads_change_nothing() {
    let points = points(700);
    let nominal: Vec<f64> = points.iter().map(|p| p.iter().sum()).collect();
    let mut setting = Setting::new(&nominal);
    setting.bands = vec![(7.0, Room::Cap(0.2)), (0.0, Room::Open)];
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| assess(&tied(&points), &setting.subject(), &rule(333, 20, Some(64))).unwrap())
    };
    let one = run(1);
    for threads in [2, 4] {
        assert!(run(threads) == one, "{threads} threads");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_order_of_rows_changes_nothing(seed in 0_u64..1000, n in 2_usize..60) {
        let mut draw = Draw::named(seed, "case", 0);
        let points: Vec<Vec<f64>> = (0..n).map(|_| (0..3).map(|_| draw.uniform()).collect()).collect();
        let mut order: Vec<usize> = (0..n).collect();
        draw.shuffle(&mut order);
        let run = |points: &[Vec<f64>]| {
            let nominal: Vec<f64> = points.iter().map(|p| p.iter().sum()).collect();
            assess(&tied(points), &Setting::new(&nominal).subject(), &rule(60, 3, Some(20))).unwrap()
        };
        let shuffled: Vec<Vec<f64>> = order.iter().map(|&row| points[row].clone()).collect();
        let (one, other) = (run(&points), run(&shuffled));
        prop_assert!(order.iter().zip(&other.rows).all(|(&row, found)| one.rows[row] == *found));
        prop_assert!(one.sobol == other.sobol && one.standard_error == other.standard_error);
    }
}

#[test]
fn changes_share_their_draws() {
    // Two years of the same three units: what is drawn shifts both years alike, so places may move,
    // but the second unit always gains one place on the year before.
    let nominal = [3.0, 2.0, 1.0, 2.0, 3.0, 1.0];
    let mut setting = Setting::new(&nominal);
    setting.groups = Groups::new(vec![vec![0, 1, 2], vec![3, 4, 5]], 6);
    setting.units = vec![0, 1, 2, 0, 1, 2];
    setting.periods = vec![1, 1, 1, 2, 2, 2];
    let model = Model {
        factors: 1,
        rows: 6,
        leaves: 0,
        make: |r: &[u64], scores: &mut [f64], _: &mut [f64]| {
            let third = Draw::named(1, "third", r[0]).index(2) as f64 * 9.0;
            scores.copy_from_slice(&[3.0, 2.0, 1.0 + third, 2.0, 3.0, 1.0 + third]);
            Ok(())
        },
    };
    let found = assess(&model, &setting.subject(), &rule(400, 1, None)).unwrap();
    assert!((0..3).all(|row| found.rows[row].change.is_none()));
    for (row, change) in [(3, 1), (4, -1), (5, 0)] {
        let found = found.rows[row].change.unwrap();
        assert_eq!((found.mean, found.p05, found.p95), (change as f64, (change, change), (change, change)));
    }
    let rank = found.rows[4].rank.unwrap();
    assert_eq!((rank.p05, rank.p95), ((1, 1), (2, 2)));
}

#[test]
fn variance_is_split_among_factors() {
    // Two units; the first is ahead if a + b > c: three binary factors of which the last is inert.
    let binary = |name: &str, r: u64| Draw::named(2, name, r).index(2) as f64;
    let model = Model {
        factors: 4,
        rows: 3,
        leaves: 0,
        make: |r: &[u64], scores: &mut [f64], _: &mut [f64]| {
            let (a, b) = (binary("a", r[0]), binary("b", r[1]));
            // a alone moves the second; a and b together move the first; nothing moves the third.
            scores.copy_from_slice(&[5.0 * a * b, 2.0 + a, -1.0]);
            Ok(())
        },
    };
    let found = assess(&model, &Setting::new(&[0.0, 2.0, -1.0]).subject(), &rule(100, 1, Some(2048))).unwrap();
    // The third unit is always last.
    assert_eq!(found.rows[2].sobol, None);
    // The first is ahead when ab = 1: V = 3/16, V_a = V_b = 1/16, so S = 1/3 and T = 2/3.
    for row in [0, 1] {
        let indices = found.rows[row].sobol.as_ref().unwrap();
        for factor in [0, 1] {
            let (first, total) = (indices[factor].first, indices[factor].total);
            // Stated test: twice the 95% interval, four standard errors.
            let near = |e: Estimate, known: f64| (e.value - known).abs() <= 2.0 * (e.high - e.value);
            assert!(near(first, 1.0 / 3.0) && near(total, 2.0 / 3.0), "{first:?} {total:?}");
            assert!(first.low <= total.high);
        }
        for factor in [2, 3] {
            assert_eq!((indices[factor].first.value, indices[factor].total.value), (0.0, 0.0));
        }
    }
    assert_eq!(found.sobol.unwrap().len(), 4);
    // Nothing varies: null.
    let still = Model {
        factors: 2,
        rows: 2,
        leaves: 0,
        make: |_: &[u64], scores: &mut [f64], _: &mut [f64]| {
            scores.copy_from_slice(&[1.0, 2.0]);
            Ok(())
        },
    };
    let found = assess(&still, &Setting::new(&[1.0, 2.0]).subject(), &rule(10, 1, Some(64))).unwrap();
    assert!(found.sobol.is_none() && found.rows.iter().all(|row| row.sobol.is_none()));
    assert_eq!(found.rows[1].rank.unwrap().mean, 1.0);
}

#[test]
fn a_ranks_indices_are_those_of_ishigami() {
    // Among units that stand on a fine grid, the rank of one whose score is Ishigami's function is that
    // function, but for rounding: its indices are known (a = 7, b = 0.1).
    const GRID: usize = 150;
    let known = [(0.313_905, 0.557_589), (0.442_411, 0.442_411), (0.0, 0.243_684)];
    let mut hits = [[0_u32; 2]; 3];
    const SEEDS: u64 = 40;
    for seed in 0..SEEDS {
        let x = |name: &str, r: u64| Draw::named(seed, name, r).between(-std::f64::consts::PI, std::f64::consts::PI);
        let model = Model {
            factors: 3,
            rows: GRID + 1,
            leaves: 0,
            make: |r: &[u64], scores: &mut [f64], _: &mut [f64]| {
                let (a, b, c) = (x("a", r[0]), x("b", r[1]), x("c", r[2]));
                let (sa, sb) = (libm::sin(a), libm::sin(b));
                scores[0] = sa + 7.0 * sb * sb + 0.1 * c * c * c * c * sa;
                // The function lies within −10.8 and 17.8.
                (0..GRID).for_each(|at| scores[at + 1] = -11.0 + 29.0 * at as f64 / GRID as f64);
                Ok(())
            },
        };
        let mut nominal: Vec<f64> = (0..=GRID).map(|at| -11.0 + 29.0 * (at as f64 - 1.0) / GRID as f64).collect();
        nominal[0] = 3.5;
        let found = assess(&model, &Setting::new(&nominal).subject(), &rule(1, 1, Some(512))).unwrap();
        let indices = found.rows[0].sobol.as_ref().unwrap();
        for (factor, (first, total)) in known.into_iter().enumerate() {
            for (at, (estimate, known)) in
                [(indices[factor].first, first), (indices[factor].total, total)].into_iter().enumerate()
            {
                hits[factor][at] += u32::from(estimate.low <= known && known <= estimate.high);
            }
        }
    }
    // 95% of 40 is 38; fewer than 32 has a probability of 0.0003.
    assert!(hits.iter().flatten().all(|&h| h >= 32), "{hits:?}");
}

#[test]
fn a_rows_counters_stay_below_one_kilobyte() {
    use touyan::index::uncertain::{Board, DrawnPlaces, Ranker, tally};
    let n = 33_755_usize;
    for (k, grades, panel) in [(1, 0, false), (3375, 5, false), (20, 5, true)] {
        let scores: Vec<f64> = (0..n).map(|row| (row % 4096) as f64).collect();
        let groups = if panel {
            vec![(0..n as u32 / 2).collect(), (n as u32 / 2..n as u32).collect()]
        } else {
            vec![(0..n as u32).collect()]
        };
        let unit = |row: usize| (if panel && row >= n / 2 { row - n / 2 } else { row }) as u32;
        let units: Vec<u32> = (0..n).map(unit).collect();
        let periods: Vec<i64> = (0..n).map(|row| i64::from(panel && row >= n / 2)).collect();
        let board = Board::new(&Groups::new(groups.clone(), n), &units, &periods, &scores);
        let counted =
            tally::Counted { draws: 1_000_000, top: vec![k; groups.len()], bottom: vec![k; groups.len()], grades };
        let mut tally = tally::Tally::new(&board, counted);
        let mut places = DrawnPlaces::default();
        Ranker::default().rank(&board, &scores, &mut places);
        let graded = vec![0; n];
        tally.add(&board, &[(&places, &graded)]);
        assert!(tally.bytes() <= n * tally::BYTES, "{k} {grades}: {} bytes a row", tally.bytes() / n);
    }
}
