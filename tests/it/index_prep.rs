//! The index engine's first stages: against the published stages of the ASEM index, and properties.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;
use touyan::index::uncertain::{Replicate, Replicator, Reuse};
use touyan::index::{
    self, Fitted, Index, IndexFile, IndexPolicy, ScreenCause, Table, aggregate::Aggregate, outlier::Treatment,
};

/// Rows of a file of the ASEM folder: header → cell.
type Records = Vec<BTreeMap<String, String>>;

/// The file's rows; none, with a word, where the folder is not there.
fn asem(name: &str) -> Option<Records> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/asem")).join(name);
    if !path.exists() {
        println!("skipped: {} is not here", path.display());
        return None;
    }
    let mut reader = csv::Reader::from_path(path).unwrap();
    Some(reader.deserialize().map(|record| record.unwrap()).collect())
}

fn number(text: &str) -> f64 {
    if text.is_empty() { f64::NAN } else { text.parse().unwrap() }
}

/// The policy that ASEM_iMeta.csv stands for.
fn policy(head: &str, meta: &Records) -> IndexPolicy {
    let mut text = format!("[score]\n{head}\n");
    for item in meta.iter().filter(|item| !item["Level"].is_empty() && item["iCode"] != "Index") {
        let indicator = item["Type"] == "Indicator";
        let section = if indicator { "indicators" } else { "nodes" };
        writeln!(text, "[score.{section}.{}]\nweight = {}", item["iCode"], item["Weight"]).unwrap();
        if item["Parent"] != "Index" {
            writeln!(text, "parent = \"{}\"", item["Parent"]).unwrap();
        }
        if indicator && item["Direction"] == "-1.0" {
            writeln!(text, "direction = \"lower\"").unwrap();
        }
        if indicator && !item["Denominator"].is_empty() {
            writeln!(text, "denominator = {{ column = \"{}\" }}", item["Denominator"]).unwrap();
        }
    }
    toml::from_str::<IndexFile>(&text).unwrap().score
}

/// The raw data as a table: rows by period and code.
fn table(data: &Records, meta: &Records) -> Table {
    let mut rows: Vec<&BTreeMap<String, String>> = data.iter().collect();
    rows.sort_by_key(|row| (number(&row["Time"]) as i64, row["uCode"].clone()));
    let mut names: Vec<String> = rows.iter().map(|row| row["uCode"].clone()).collect();
    names.sort();
    names.dedup();
    let columns = meta.iter().filter(|item| matches!(item["Type"].as_str(), "Indicator" | "Denominator"));
    Table {
        units: rows.iter().map(|row| names.binary_search(&row["uCode"]).unwrap() as u32).collect(),
        names,
        periods: rows.iter().map(|row| number(&row["Time"]) as i64).collect(),
        class: None,
        numbers: columns
            .map(|item| (item["iCode"].clone(), rows.iter().map(|row| number(&row[&item["iCode"]])).collect()))
            .collect(),
        texts: [("group".to_owned(), rows.iter().map(|row| Some(row["EurAsia_group"].clone())).collect())].into(),
        ..Table::default()
    }
}

/// Greatest relative difference between a stage and its file; both must miss the same cells.
fn distance(plan: &index::Plan, stage: &index::Matrix, file: &str) -> f64 {
    let stored = asem(file).unwrap();
    assert_eq!(stored.len(), plan.table.rows());
    let mut most = 0.0_f64;
    for record in &stored {
        let row = (0..plan.table.rows()).find(|&row| plan.table.name(row) == record["UnitCode"]).unwrap();
        for (leaf, &at) in plan.tree.leaves.iter().enumerate() {
            let (found, wanted) = (stage[leaf][row], number(&record[&plan.tree.items[at].key]));
            assert_eq!(found.is_nan(), wanted.is_nan(), "{file} {} {}", record["UnitCode"], plan.tree.items[at].key);
            if !wanted.is_nan() {
                most = most.max((found - wanted).abs() / wanted.abs().max(1e-9));
            }
        }
    }
    most
}

const HEAD: &str =
    "impute = { type = \"mean\", within = \"group\" }\noutliers = { type = \"winsorise\", max_points = 6 }";

fn made<'a>(
    policy: &'a IndexPolicy,
    table: &'a Table,
    replay: Option<&Fitted>,
) -> (index::Plan<'a>, index::Recipe, Index) {
    let (plan, recipe) = index::prepare(policy, table, chrono::NaiveDate::MAX);
    let index = index::make(&plan, &recipe, replay).unwrap();
    (plan, recipe, index)
}

/// Every stage that the package COINr 1.1.14 stored, from raw to aggregated.
#[test]
fn asem_stages_are_as_published() {
    let (Some(data), Some(meta)) = (asem("ASEM_iData.csv"), asem("ASEM_iMeta.csv")) else { return };
    let (policy, table) = (policy(HEAD, &meta), table(&data, &meta));
    let (plan, _, index) = made(&policy, &table, None);
    for (stage, file) in [
        (&index.denominated, "coin6_denominated.csv"),
        (&index.imputed, "coin6_imputed.csv"),
        (&index.treated, "coin6_treated.csv"),
        (&index.normalised, "coin6_normalised.csv"),
    ] {
        let most = distance(&plan, stage, file);
        println!("{file}: greatest relative difference {most:.1e}");
        assert!(most < 1e-6, "{file}: {most:e}");
    }
    assert_eq!(index.marks.iter().flatten().filter(|mark| **mark).count(), 65);
    assert!(index.screened.indicators.is_empty() && index.screened.rows.iter().all(Option::is_none));

    // How many points were winsorised, and at which end.
    for summary in asem("coin6_treat_summary.csv").unwrap() {
        let wanted = (number(&summary["Low"]) as usize, number(&summary["High"]) as usize);
        let found = match index.fitted.treatment(&summary["IndCode"], 0).unwrap() {
            Treatment::None => (0, 0),
            Treatment::Clamp { low_points, high_points, .. } => (*low_points, *high_points),
            other => panic!("{other:?}"),
        };
        assert_eq!(found, wanted, "{}", summary["IndCode"]);
    }

    // Nodes, the index, and its ranks.
    let aggregated = asem("coin6_aggregated.csv").unwrap();
    let mut better: Vec<(f64, String)> = Vec::new();
    for record in &aggregated {
        let row = (0..table.rows()).find(|&row| table.name(row) == record["UnitCode"]).unwrap();
        for (at, item) in plan.tree.items.iter().enumerate() {
            let wanted = number(&record[if at == 0 { "Index" } else { &item.key }]);
            assert!((index.aggregated.values[at][row] - wanted).abs() < 1e-6 * wanted.abs().max(1.0), "{}", item.key);
        }
        better.push((number(&record["Index"]), record["UnitCode"].clone()));
    }
    better.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (place, (_, code)) in better.iter().enumerate() {
        let row = (0..table.rows()).find(|&row| table.name(row) == code).unwrap();
        assert_eq!(index.rank[row], Some(place as u32 + 1), "{code}");
    }

    // What was fitted repeats the result to the last bit; through a file, whose reader may be off by
    // the last bit of a number, to rounding error.
    let (_, _, again) = made(&policy, &table, Some(&index.fitted));
    assert_eq!(again.score, index.score);
    let fitted: Fitted = serde_json::from_str(&serde_json::to_string(&index.fitted).unwrap()).unwrap();
    let (_, _, again) = made(&policy, &table, Some(&fitted));
    assert!(again.score.iter().zip(&index.score).all(|(a, b)| (a - b).abs() < 1e-9));
    assert_eq!(again.rank, index.rank);
}

/// The nominal index of the package's vignette on uncertainty, in full precision.
#[test]
fn the_nominal_index_of_the_vignette() {
    let (Some(data), Some(meta)) = (asem("ASEM_iData.csv"), asem("ASEM_iMeta.csv")) else { return };
    let head = format!("screen = {{ units = 0.9, at = \"imputed\" }}\n{}", HEAD.replace("= 6", "= 5"));
    let (policy, table) = (policy(&head, &meta), table(&data, &meta));
    let (_, _, index) = made(&policy, &table, None);
    let stored = asem("vignette_UA_nominal.csv").unwrap();
    assert_eq!(stored.len(), index.score.iter().filter(|s| !s.is_nan()).count());
    let mut most = 0.0_f64;
    for record in stored {
        let row = (0..table.rows()).find(|&row| table.name(row) == record["uCode"]).unwrap();
        most = most.max((index.score[row] - number(&record["Score"])).abs());
        assert_eq!(index.rank[row].map(f64::from), Some(number(&record["Rank"])), "{}", record["uCode"]);
    }
    println!("greatest difference {most:.1e}");
    assert!(most < 1e-9, "{most:e}");
}

/// The vignette's four assumptions, declared in a policy: ranks over draws agree with the stored means of
/// 100 replications, |z| below 4.27 for each of 51 units (Bonferroni at 0.1%), and their mean z² lies
/// among those of batches of 100 draws of our own (at most 99% below it).
#[test]
fn the_four_assumptions_of_the_vignette_by_policy() {
    let (Some(data), Some(meta)) = (asem("ASEM_iData.csv"), asem("ASEM_iMeta.csv")) else { return };
    let head = format!("screen = {{ units = 0.9, at = \"imputed\" }}\n{}", HEAD.replace("= 6", "= 5"));
    let winsorise = |most: usize| format!("{{ type = \"winsorise\", max_points = {most} }}");
    let declared = format!(
        "[score.uncertainty]\ndraws = 1\n\
         [score.uncertainty.factors.outliers]\ntype = \"outliers\"\noptions = [{}]\n\
         [score.uncertainty.factors.rule]\ntype = \"rule\"\noptions = [{{ type = \"min_max\", floor = 1 }}, {{ type = \"z_score\", mean = 10, deviation = 2 }}]\n\
         [score.uncertainty.factors.weights]\ntype = \"weights\"\nlaw = {{ type = \"noise\", share = 0.25 }}\nnodes = [\"root\", \"Conn\", \"Sust\"]\n\
         [score.uncertainty.factors.aggregate]\ntype = \"aggregate\"\noptions = [{{ type = \"arithmetic\" }}, {{ type = \"geometric\" }}]",
        (1..=5).map(winsorise).collect::<Vec<_>>().join(", ")
    );
    let (policy, table) = (policy(&format!("{head}\n{declared}"), &meta), table(&data, &meta));
    let (plan, recipe, index) = made(&policy, &table, None);
    let rule = policy.uncertainty.as_ref().unwrap();
    let replicator = Replicator::new(&plan, &recipe, &index, rule, 1, Reuse::Points).unwrap();
    assert!(!replicator.is_by_pipeline(), "the four assumptions have a shortcut");
    let mut worker = replicator.worker();
    let n = table.rows();
    const DRAWS: usize = 20_000;
    let samples: Vec<Vec<usize>> = (0..DRAWS as u64)
        .map(|r| {
            let scores = replicator.replicate(&[r; 4], &mut worker).unwrap().scores;
            scores.iter().map(|s| 1 + scores.iter().filter(|o| *o > s).count()).collect()
        })
        .collect();
    let moments = |unit: usize, samples: &[Vec<usize>]| {
        let of = samples.iter().map(|ranks| ranks[unit] as f64);
        let mean = of.clone().sum::<f64>() / samples.len() as f64;
        (mean, (of.map(|r| (r - mean) * (r - mean)).sum::<f64>() / samples.len() as f64).sqrt())
    };
    let ours: Vec<(f64, f64)> = (0..n).map(|unit| moments(unit, &samples)).collect();
    // 100 replications give a mean this far from ours, in its standard errors.
    let z = |unit: usize, mean: f64| (mean - ours[unit].0) / (ours[unit].1 / 10.0).max(1e-3);
    let stored = asem("vignette_UA_rankstats.csv").unwrap();
    assert_eq!(stored.len(), n);
    let mut square = 0.0;
    for record in &stored {
        let unit = (0..n).find(|&row| table.name(row) == record["uCode"]).unwrap();
        let z = z(unit, number(&record["Mean"]));
        assert!(z.abs() < 4.27, "{} {z}", record["uCode"]);
        square += z * z / n as f64;
    }
    let batch = |batch: &[Vec<usize>]| (0..n).map(|unit| z(unit, moments(unit, batch).0).powi(2)).sum::<f64>() / n as f64;
    let below = samples.chunks_exact(100).filter(|b| batch(b) < square).count();
    println!("mean z² {square:.3}, above {below} of {} batches", DRAWS / 100);
    assert!(below * 100 <= 99 * (DRAWS / 100), "mean z² {square}");
}

/// Screening before imputation leaves five countries out (counted apart, outside this program); they
/// are not rated, with the reason, and the others' index is that of a table without them.
#[test]
fn asem_screened_before_imputation() {
    let (Some(data), Some(meta)) = (asem("ASEM_iData.csv"), asem("ASEM_iMeta.csv")) else { return };
    let head = format!("screen = {{ units = 0.9 }}\n{HEAD}");
    let policy = policy(&head, &meta);
    let whole = table(&data, &meta);
    let (_, _, index) = made(&policy, &whole, None);
    let out: Vec<&str> =
        (0..whole.rows()).filter(|&row| index.rank[row].is_none()).map(|row| whole.name(row)).collect();
    assert_eq!(out, LEFT_OUT);
    let reasons = index.screened.rows.iter().flatten();
    assert!(
        reasons.clone().count() == LEFT_OUT.len() && reasons.into_iter().all(|r| r.cause == ScreenCause::Indicators)
    );
    let kept: Records = data.into_iter().filter(|row| !LEFT_OUT.contains(&row["uCode"].as_str())).collect();
    let part = table(&kept, &meta);
    let (_, _, alone) = made(&policy, &part, None);
    let rated: Vec<f64> = index.score.iter().copied().filter(|s| !s.is_nan()).collect();
    assert_eq!(rated, alone.score);
}

const LEFT_OUT: [&str; 5] = ["BGD", "BRN", "KHM", "LAO", "MMR"];

/// The rank without an imputed cell is that of the whole index made again without it, from a table
/// that has everything else, by the same parameters.
#[test]
fn effects_of_imputed_cells_are_those_of_a_whole_new_index() {
    let (Some(data), Some(meta)) = (asem("ASEM_iData.csv"), asem("ASEM_iMeta.csv")) else { return };
    for aggregate in ["arithmetic", "geometric", "topsis"] {
        let head = format!(
            "aggregate = {{ type = \"{aggregate}\" }}\nmin_available = 0.3\nrule = {{ type = \"min_max\", floor = 1 }}\n\
             adjustments = {{ x = {{ column = \"Area\", each = 0.00001, cap = 3, effect = \"bonus\" }} }}"
        );
        // Below the root units are not compared: there the new index holds the others too.
        let arithmetic = |mut policy: IndexPolicy| {
            if aggregate == "topsis" {
                policy.nodes.values_mut().for_each(|node| node.aggregate = Some(Aggregate::default()));
            }
            policy
        };
        let policy_with = arithmetic(policy(&format!("{head}\n{HEAD}"), &meta));
        let table = table(&data, &meta);
        let (plan, recipe, index) = made(&policy_with, &table, None);
        let cells = index::impute::effects(&plan, &recipe, &index);
        assert_eq!(cells.len(), 65);
        let mut plain = arithmetic(policy(&head, &meta));
        plain.indicators.values_mut().for_each(|indicator| indicator.denominator = None);
        let mut moved = 0;
        for cell in cells {
            let mut filled = table.clone();
            for (leaf, &at) in plan.tree.leaves.iter().enumerate() {
                filled.numbers[&plan.tree.items[at].key].clone_from(&index.imputed[leaf]);
            }
            let key = &plan.tree.items[plan.tree.leaves[cell.leaf]].key;
            assert_eq!(filled.numbers[key][cell.row], cell.value);
            filled.numbers[key][cell.row] = f64::NAN;
            let again = index::build(&plain, &filled, Some(&index.fitted)).unwrap();
            assert!((again.score[cell.row] - cell.score_without).abs() < 1e-9);
            // At the root they move too, by the unit's own new value.
            let rank = again.rank[cell.row].filter(|_| aggregate != "topsis").or(cell.rank_without);
            assert_eq!(rank, cell.rank_without, "{} {key}", table.name(cell.row));
            moved += usize::from(index.rank[cell.row] != cell.rank_without);
        }
        println!("{aggregate}: {moved} of 65 imputed cells move their unit");
        assert!(moved > 0);
    }
}

/// A panel cut at an earlier period has the same imputed values up to there, where values only go
/// forward; and whatever the method nothing is imputed from periods that are not read.
#[test]
fn later_periods_change_nothing_that_goes_forward() {
    let (Some(mut data), Some(meta)) = (asem("ASEM_iData_p.csv"), asem("ASEM_iMeta.csv")) else { return };
    // Further gaps, by a fixed pattern.
    for (at, row) in data.iter_mut().enumerate() {
        for (to, item) in meta.iter().filter(|item| item["Type"] == "Indicator").enumerate() {
            if (at * 31 + to * 17) % 7 == 0 {
                row.insert(item["iCode"].clone(), String::new());
            }
        }
    }
    let policy = policy("impute = { type = \"latest\" }", &meta);
    let whole = table(&data, &meta);
    let (_, _, index) = made(&policy, &whole, None);
    let cut: Records = data.iter().filter(|row| number(&row["Time"]) <= 2020.0).cloned().collect();
    let cut = table(&cut, &meta);
    let (_, _, early) = made(&policy, &cut, None);
    let mut imputed = 0;
    for leaf in 0..early.imputed.len() {
        for row in 0..cut.rows() {
            assert_eq!(early.imputed[leaf][row].to_bits(), index.imputed[leaf][row].to_bits());
            imputed += usize::from(early.marks[leaf][row]);
        }
    }
    assert!(imputed > 100, "{imputed}");
}

/// A small table of two groups and two periods, with gaps.
fn units() -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    prop::collection::vec(prop::collection::vec(prop::option::weighted(0.8, -50.0..500.0f64), 4), 2..24)
}

/// The rows in an order of names; two periods.
fn small(rows: &[Vec<Option<f64>>], name: impl Fn(usize) -> String) -> (Table, Vec<usize>) {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&row| (row % 2, name(row / 2)));
    let mut names: Vec<String> = (0..rows.len().div_ceil(2)).map(&name).collect();
    names.sort();
    let column = |at: usize| order.iter().map(|&row| rows[row][at].unwrap_or(f64::NAN)).collect();
    let people = order.iter().map(|&row| rows[row][3].map_or(f64::NAN, |x| x.abs() + 1.0)).collect();
    let table = Table {
        units: order.iter().map(|&row| names.binary_search(&name(row / 2)).unwrap() as u32).collect(),
        periods: order.iter().map(|&row| (row % 2) as i64).collect(),
        names,
        class: None,
        numbers: [
            ("a".to_owned(), column(0)),
            ("b".to_owned(), column(1)),
            ("c".to_owned(), column(2)),
            ("n".to_owned(), people),
        ]
        .into(),
        texts: [("group".to_owned(), order.iter().map(|&row| Some(format!("{}", row / 2 % 2))).collect())].into(),
        ..Table::default()
    };
    (table, order)
}

const IMPUTE: [&str; 9] = [
    "type='mean'",
    "type='mean', within='group'",
    "type='median', within='group'",
    "type='node'",
    "type='node', by='range'",
    "type='latest'",
    "type='linear'",
    "type='linear_constant'",
    "type='nearest', k=2",
];

proptest! {
    /// Other names, and so another order of rows: every unit keeps its values, marks and score.
    /// Only missing cells are imputed, and measured ones stay as they are.
    #[test]
    fn order_changes_nothing_and_only_gaps_are_filled(rows in units(), method in 0..IMPUTE.len(), salt in 1usize..1000) {
        let text = format!(
            "[score]\nimpute={{{}}}\noutliers={{type='winsorise', max_points=2}}\nscreen={{units=0.5}}\n\
             [score.indicators.a]\n[score.indicators.b]\ndirection='lower'\n\
             [score.indicators.c]\ndenominator={{column='n', per=10, shrink=true}}",
            IMPUTE[method],
        );
        let policy = toml::from_str::<IndexFile>(&text).unwrap().score;
        let (table, order) = small(&rows, |unit| format!("{unit:03}"));
        let index = index::build(&policy, &table, None).unwrap();
        let (other_table, other_order) = small(&rows, |unit| format!("{:05} {unit}", unit * 7919 * salt % 10007));
        let other = index::build(&policy, &other_table, None).unwrap();
        let same = |a: f64, b: f64| a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-9 * a.abs().max(1.0);
        for (row, source) in order.iter().enumerate() {
            let there = other_order.iter().position(|s| s == source).unwrap();
            for leaf in 0..3 {
                prop_assert!(same(index.denominated[leaf][row], other.denominated[leaf][there]));
                prop_assert!(same(index.imputed[leaf][row], other.imputed[leaf][there]), "{}", IMPUTE[method]);
                prop_assert_eq!(index.marks[leaf][row], other.marks[leaf][there]);
                let (before, after) = (index.denominated[leaf][row], index.imputed[leaf][row]);
                if index.marks[leaf][row] {
                    prop_assert!(before.is_nan() && !after.is_nan());
                } else if !index.screened.leaves_out(row) {
                    prop_assert_eq!(before.to_bits(), after.to_bits());
                } else {
                    prop_assert!(after.is_nan());
                }
            }
            prop_assert!(same(index.score[row], other.score[there]));
            prop_assert!(same(index.measured[row], other.measured[there]));
        }
    }

    /// Shrunk rates lie between the unit's own and the mean; weights grow with the population.
    #[test]
    fn shrunk_rates_lie_between(counts in prop::collection::vec((0u32..50, 1u32..1000), 1..30)) {
        let policy = toml::from_str::<IndexFile>("[score.indicators.o]\ndenominator={column='n', shrink=true}").unwrap().score;
        let table = Table {
            names: (0..counts.len()).map(|unit| format!("{unit:03}")).collect(),
            units: (0..counts.len() as u32).collect(),
            periods: vec![0; counts.len()],
            numbers: [
                ("o".to_owned(), counts.iter().map(|c| f64::from(c.0)).collect()),
                ("n".to_owned(), counts.iter().map(|c| f64::from(c.1)).collect()),
            ].into(),
            ..Table::default()
        };
        let index = index::build(&policy, &table, None).unwrap();
        let shrinkage = index.quotients[0].as_ref().unwrap().shrinkage.as_ref().unwrap();
        let mean = shrinkage.priors[0].mean;
        for (row, (_, people)) in counts.iter().enumerate() {
            let (raw, shrunk, weight) = (shrinkage.raw[row], shrinkage.shrunk[row], shrinkage.weight[row]);
            prop_assert!((0.0..=1.0).contains(&weight));
            prop_assert!(shrunk >= raw.min(mean) - 1e-12 && shrunk <= raw.max(mean) + 1e-12);
            for (other, (_, others)) in counts.iter().enumerate() {
                prop_assert!(people <= others || weight >= shrinkage.weight[other] - 1e-12);
            }
        }
    }
}
