//! The shortcuts against the pipeline itself, stage by stage.

use std::fmt::Write as _;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{Factor, Replicate, Replicator, Reuse, Subject, Uncertainty, assess};
use crate::index::{self, IndexFile, Table};
use crate::kernel::draw::Draw;

/// Units × periods with so many indicators, some values missing or far out.
fn table(units: usize, periods: usize, indicators: usize, missing: f64, seed: u64) -> Table {
    let rows = units * periods;
    let mut draw = Draw::named(seed, "table", 0);
    let column = |draw: &mut Draw| -> Vec<f64> {
        let shape = draw.below(3);
        (0..rows)
            .map(|_| match (draw.chance(missing), shape) {
                (true, _) => f64::NAN,
                (false, 0) => draw.normal(50.0, 10.0),
                (false, 1) => draw.lognormal(1.0, 1.2),
                _ => -draw.lognormal(0.0, 1.0),
            })
            .collect()
    };
    Table {
        names: (0..units).map(|u| format!("u{u:03}")).collect(),
        units: (0..rows).map(|row| (row % units) as u32).collect(),
        periods: (0..rows).map(|row| 2020 + (row / units) as i64).collect(),
        numbers: (0..indicators).map(|i| (format!("i{i}"), column(&mut draw))).collect(),
        texts: [("kind".to_owned(), (0..rows).map(|row| Some(["a", "b", "c"][row % 3].to_owned())).collect())].into(),
        ..Table::default()
    }
}

/// What a random policy is made of.
#[derive(Clone, Debug)]
struct Recipe {
    nodes: usize,
    parents: Vec<usize>,
    lower: Vec<bool>,
    geometric: Vec<bool>,
    impute: bool,
    least: f64,
    class: bool,
    factors: Vec<&'static str>,
}

const FACTORS: [&str; 14] = [
    "type='weights'\nlaw={type='dirichlet',concentration=20}",
    "type='weights'\nspace='leaf'\nlaw={type='dirichlet',concentration=20}",
    "type='weights'\nlaw={type='uniform'}",
    "type='weights'\nlaw={type='noise',share=0.25}\nnodes=['root']",
    "type='weights'\nspace='leaf'\nlaw={type='ranked',order=['i1','i0']}",
    "type='weights'\nspace='leaf'\nlaw={type='bounded',bounds={i0=[0.1,0.6]}}",
    "type='outliers'\noptions=[{type='winsorise',max_points=1},{type='winsorise',max_points=4},{type='none'}]",
    "type='outliers'\nindicators=['i0']\noptions=[{type='percentiles',low=5,high=90},{type='log'},{type='box_cox'}]",
    "type='rule'\noptions=[{type='min_max',floor=1},{type='z_score',mean=10,deviation=2}]",
    "type='rule'\nindicators=['i1']\noptions=[{type='rank'},{type='percentile'}]",
    "type='impute'\noptions=[{type='mean'},{type='median'}]",
    "type='aggregate'\noptions=[{type='arithmetic'},{type='geometric'}]",
    "type='weighting'\nnodes=['root']\noptions=[{type='equal'},{type='entropy'}]",
    "type='leave_out'",
];

const NOISY: [&str; 3] =
    ["type='error'\ndeviation={i0=3.0}\nshare={i1=0.1,i0=0.05}", "type='donors'", "type='donors'\nwithin='kind'"];

fn recipe() -> impl Strategy<Value = Recipe> {
    let factors = prop::sample::subsequence(FACTORS.to_vec(), 1..5);
    (1_usize..4, prop::collection::vec((0_usize..4, any::<bool>()), 3..7), prop::collection::vec(any::<bool>(), 4))
        .prop_flat_map(move |(nodes, leaves, geometric)| {
            let (parents, lower): (Vec<usize>, Vec<bool>) = leaves.into_iter().unzip();
            (
                Just((nodes, parents, lower, geometric)),
                any::<bool>(),
                prop_oneof![Just(0.0), Just(0.5)],
                any::<bool>(),
                factors.clone(),
            )
        })
        .prop_map(|((nodes, parents, lower, geometric), impute, least, class, factors)| Recipe {
            nodes,
            parents,
            lower,
            geometric,
            impute,
            least,
            class,
            factors,
        })
}

/// The policy file of a recipe.
fn policy(recipe: &Recipe) -> IndexFile {
    let kind = |geometric: bool| if geometric { "geometric" } else { "arithmetic" };
    let mut text = format!(
        "[score]\nmin_available = {}\nclass = 'kind'\ncompare = '{}'\naggregate = {{ type = '{}' }}\nrule = {{ type = 'min_max', floor = 2 }}\n",
        recipe.least,
        if recipe.class { "class" } else { "all" },
        kind(recipe.geometric[0]),
    );
    if recipe.impute {
        text += "impute = { type = 'mean' }\n";
    }
    for node in 0..recipe.nodes {
        // Each hangs on the one before, or on the root.
        let parent = if node % 2 == 1 { format!("parent = 'n{}'\n", node - 1) } else { String::new() };
        let _ = write!(
            text,
            "[score.nodes.n{node}]\n{parent}weight = {}\naggregate = {{ type = '{}' }}\n",
            node + 1,
            kind(recipe.geometric[node + 1])
        );
    }
    for (at, (parent, lower)) in recipe.parents.iter().zip(&recipe.lower).enumerate() {
        let parent = if *parent < recipe.nodes { format!("parent = 'n{parent}'\n") } else { String::new() };
        let direction = if *lower { "lower" } else { "higher" };
        let _ = write!(
            text,
            "[score.indicators.i{at}]\n{parent}weight = {}\ndirection = '{direction}'\n",
            1.0 + at as f64 / 2.0
        );
    }
    toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn uncertainty(factors: &[&str]) -> Uncertainty {
    let factor = |(at, text): (usize, &&str)| (format!("f{at}"), toml::from_str::<Factor>(text).expect("a factor"));
    let mut out: Uncertainty = toml::from_str("draws = 1\n[factors]").expect("an uncertainty");
    out.factors = factors.iter().enumerate().map(factor).collect();
    out
}

/// Score and weights of some draws, or the reason of a failure.
type Draws = Vec<Result<(Vec<f64>, Vec<f64>), String>>;

fn draws(replicator: &Replicator, n: u64) -> Draws {
    let mut worker = replicator.worker();
    let factors = replicator.factors().len() as u64;
    let mut draw = |d: u64| {
        // Realisations differ by factor, as in Saltelli's design.
        let realisations: Vec<u64> = (0..factors).map(|f| d + 100 * (f % 3)).collect();
        replicator.replicate(&realisations, &mut worker).map(|o| (o.scores.to_vec(), o.weights.to_vec()))
    };
    (0..n).map(&mut draw).collect()
}

fn close(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * b.abs().max(1.0))
}

fn compare(file: &IndexFile, table: &Table, factors: &[&str], fast: bool) {
    let (plan, recipe) = index::prepare(&file.score, table, NaiveDate::MAX);
    let Ok(index) = index::make(&plan, &recipe, None) else { return };
    let uncertainty = uncertainty(factors);
    let new = |reuse| Replicator::new(&plan, &recipe, &index, &uncertainty, 7, reuse);
    // A key that this tree does not have.
    let Ok(slow) = new(Reuse::Points) else { return };
    let wanted = draws(&slow.by_pipeline(), 12);
    for reuse in [Reuse::Points, Reuse::Nothing] {
        let replicator = new(reuse).expect("the same factors");
        assert!(!fast || !replicator.is_by_pipeline(), "{reuse:?}");
        for (found, wanted) in draws(&replicator, 12).iter().zip(&wanted) {
            match (found, wanted) {
                (Ok(found), Ok(wanted)) => {
                    assert!(close(&found.0, &wanted.0), "{reuse:?} {:?}\n{:?}", found.0, wanted.0);
                    assert!(close(&found.1, &wanted.1), "{reuse:?} {:?} {:?}", found.1, wanted.1);
                    assert!((found.1.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                }
                (found, wanted) => assert_eq!(found.as_ref().err(), wanted.as_ref().err(), "{reuse:?}"),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn shortcuts_are_the_pipeline(
        recipe in recipe(), units in 1_usize..60, periods in 1_usize..3, missing in prop_oneof![Just(0.0), Just(0.02), Just(0.3)], seed in 0_u64..1000,
    ) {
        let table = table(units, periods, recipe.parents.len(), missing, seed);
        compare(&policy(&recipe), &table, &recipe.factors, false);
    }

    #[test]
    fn factors_that_change_values_go_by_the_pipeline(
        recipe in recipe(), units in 1_usize..30, seed in 0_u64..1000, noisy in prop::sample::subsequence(NOISY.to_vec(), 1..3),
    ) {
        let table = table(units, 2, recipe.parents.len(), 0.2, seed);
        let factors: Vec<&str> = recipe.factors.iter().copied().chain(noisy).collect();
        compare(&policy(&recipe), &table, &factors, false);
    }
}

fn plain(factors: Vec<&'static str>) -> Recipe {
    Recipe {
        nodes: 2,
        parents: vec![0, 0, 1, 1, 3],
        lower: vec![false, true, false, false, true],
        geometric: vec![false; 4],
        impute: false,
        least: 0.0,
        class: false,
        factors,
    }
}

#[test]
fn the_usual_factors_take_the_shortcuts() {
    // Many rows, so that common patterns and rare ones occur.
    for missing in [0.0, 0.05] {
        let recipe = plain(vec![FACTORS[0], FACTORS[6], FACTORS[8], FACTORS[11], FACTORS[13]]);
        compare(&policy(&recipe), &table(400, 1, 5, missing, 3), &recipe.factors, true);
    }
}

#[test]
fn years_and_policies_share_their_random_numbers() {
    // Two years with the same values: with the same errors they have the same scores.
    let mut table = table(40, 2, 5, 0.0, 4);
    for column in table.numbers.values_mut() {
        let (first, second) = column.split_at_mut(40);
        second.copy_from_slice(first);
    }
    let found = {
        let file = policy(&plain(vec![]));
        let (plan, recipe) = index::prepare(&file.score, &table, NaiveDate::MAX);
        let index = index::make(&plan, &recipe, None).expect("an index");
        let uncertainty = uncertainty(&[NOISY[0]]);
        let replicator = Replicator::new(&plan, &recipe, &index, &uncertainty, 7, Reuse::Points).expect("a factor");
        draws(&replicator, 3)
    };
    for draw in &found {
        let scores = &draw.as_ref().expect("a draw").0;
        assert_eq!(scores[..40], scores[40..]);
    }
    assert_ne!(found[0], found[1]);
}

#[test]
fn neither_threads_nor_batches_nor_what_a_worker_did_before_change_a_bit() {
    let recipe = plain(vec![FACTORS[0], FACTORS[6], FACTORS[8], FACTORS[11], FACTORS[13]]);
    let (file, table) = (policy(&recipe), table(300, 2, 5, 0.05, 8));
    let (plan, made) = index::prepare(&file.score, &table, NaiveDate::MAX);
    let index = index::make(&plan, &made, None).expect("an index");
    let mut uncertainty = uncertainty(&recipe.factors);
    uncertainty.draws = 150;
    uncertainty.sobol = Some(toml::from_str("base = 20").expect("a base"));
    let subject = Subject::new(&plan, &index.score, &[], &[]);
    for reuse in [Reuse::Points, Reuse::Nothing] {
        let new = || Replicator::new(&plan, &made, &index, &uncertainty, 7, reuse).expect("factors");
        let assessed = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| assess(&new(), &subject, &uncertainty)).expect("an assessment")
        };
        let one = assessed(1);
        assert_eq!(one, assessed(2));
        assert_eq!(one, assessed(4));
        // A new worker for every draw, from the last to the first, and one worker for all.
        let replicator = new();
        let all = draws(&replicator, 20);
        for (d, wanted) in all.iter().enumerate().rev() {
            let realisations: Vec<u64> = (0..5).map(|f| d as u64 + 100 * (f % 3)).collect();
            let mut worker = replicator.worker();
            let found =
                replicator.replicate(&realisations, &mut worker).map(|o| (o.scores.to_vec(), o.weights.to_vec()));
            // Debug output tells every bit, and NaN from numbers.
            assert_eq!(format!("{found:?}"), format!("{wanted:?}"));
        }
    }
}

#[test]
fn a_negative_value_among_missing_ones_fails_whatever_is_kept() {
    // Few rows with the same missing values: these are worked out cell by cell.
    let mut recipe = plain(vec![FACTORS[8]]);
    recipe.geometric[0] = true;
    for seed in 40..50 {
        compare(&policy(&recipe), &table(54, 1, 5, 0.3, seed), &recipe.factors, true);
    }
}

#[test]
fn a_draw_made_ahead_is_the_same_to_the_bit() {
    // In the second draws differ in their options and leaves; in the third some rows are worked out cell by cell.
    let choices = vec![FACTORS[0], FACTORS[8], FACTORS[13]];
    for (factors, missing) in [(vec![FACTORS[0]], 0.0), (choices, 0.0), (vec![FACTORS[0]], 0.2)] {
        let recipe = plain(factors);
        let (file, table) = (policy(&recipe), table(5000, 1, 5, missing, 9));
        let (plan, made) = index::prepare(&file.score, &table, NaiveDate::MAX);
        let index = index::make(&plan, &made, None).expect("an index");
        let uncertainty = uncertainty(&recipe.factors);
        let replicator = Replicator::new(&plan, &made, &index, &uncertainty, 7, Reuse::Points).expect("factors");
        let order = replicator.order().expect("an order").to_vec();
        let realisations = |draw: u64| vec![draw; recipe.factors.len()];
        let mut worker = replicator.worker();
        for draw in 0..12 {
            // Once another draw comes than was told.
            let next = realisations(draw + if draw == 4 { 7 } else { 1 });
            let ahead = replicator.replicate_in_order(&realisations(draw), Some(&next), &mut worker);
            let ahead = ahead.map(|o| (o.scores.to_vec(), o.weights.to_vec())).expect("a replication");
            let mut alone = replicator.worker();
            let alone = replicator.replicate(&realisations(draw), &mut alone).expect("a replication");
            let bits = |score: &f64| score.to_bits();
            let wanted: Vec<u64> = order.iter().map(|&row| bits(&alone.scores[row as usize])).collect();
            assert_eq!(ahead.0.iter().map(bits).collect::<Vec<_>>(), wanted);
            assert_eq!(ahead.1, alone.weights);
        }
    }
}

#[test]
fn a_geometric_mean_of_a_negative_value_fails_by_name() {
    let mut recipe = plain(vec!["type='rule'\noptions=[{type='z_score',mean=0,deviation=1}]"]);
    recipe.geometric = vec![true; 4];
    let (file, table) = (policy(&recipe), table(20, 1, 5, 0.0, 5));
    let (plan, made) = index::prepare(&file.score, &table, NaiveDate::MAX);
    let index = index::make(&plan, &made, None).expect("an index");
    let uncertainty = uncertainty(&recipe.factors);
    let replicator = Replicator::new(&plan, &made, &index, &uncertainty, 7, Reuse::Points).expect("a factor");
    let message = draws(&replicator, 1).remove(0).expect_err("no logarithm of a negative number");
    assert!(message.contains("geometric has no value for u0"), "{message}");
}

#[test]
fn weights_can_be_held() {
    let recipe = plain(vec![FACTORS[0], FACTORS[13]]);
    let (file, table) = (policy(&recipe), table(50, 1, 5, 0.1, 6));
    let (plan, made) = index::prepare(&file.score, &table, NaiveDate::MAX);
    let index = index::make(&plan, &made, None).expect("an index");
    let uncertainty = uncertainty(&recipe.factors);
    let replicator = Replicator::new(&plan, &made, &index, &uncertainty, 7, Reuse::Points).expect("factors");
    let nominal = plan.tree.nominal(&index.aggregated.shares);
    let mut worker = replicator.worker();
    let held = replicator.replicate_held(&nominal, &[3, 4], &mut worker).expect("supported").expect("a replication");
    assert!(close(held.scores, &index.score) && close(held.weights, &nominal));
}

#[test]
fn wrong_factors_are_told_with_their_key() {
    let (file, table) = (policy(&plain(vec![])), table(5, 1, 5, 0.0, 5));
    let (plan, made) = index::prepare(&file.score, &table, NaiveDate::MAX);
    let index = index::make(&plan, &made, None).expect("an index");
    for (factor, key) in [
        ("type='leave_out'\nindicators=['x']", "f0.indicators"),
        ("type='weights'\nlaw={type='uniform'}\nnodes=['i0']", "f0.nodes"),
        ("type='weights'\nlaw={type='ranked',order=['x']}", "f0.law"),
        ("type='weights'\nlaw={type='dirichlet',concentration=-1}", "f0.law"),
        ("type='rule'\noptions=[]", "f0.options"),
        ("type='error'\ndeviation={i0=-1.0}", "f0.deviation"),
        ("type='donors'\nwithin='x'", "f0.within"),
    ] {
        let error = Replicator::new(&plan, &made, &index, &uncertainty(&[factor]), 7, Reuse::Points)
            .map(drop)
            .expect_err(factor);
        assert_eq!(error.key, format!("score.uncertainty.factors.{key}"), "{error}");
    }
}
