//! Normalisation and weighting of the index engine: against published figures, closed forms and
//! slow independent versions.

use touyan::index::weight::{critic, effective, entropy, merec};
use touyan::index::{self, Index, IndexFile, Plan, Recipe, Table, Tree};
use touyan::kernel::draw::Draw;

fn table(columns: &[(&str, Vec<f64>)]) -> Table {
    let rows = columns[0].1.len();
    Table {
        names: (0..rows).map(|i| format!("u{i:05}")).collect(),
        units: (0..rows as u32).collect(),
        periods: vec![0; rows],
        numbers: columns.iter().map(|(name, values)| ((*name).to_owned(), values.clone())).collect(),
        ..Table::default()
    }
}

fn policy(text: &str) -> IndexFile {
    toml::from_str(text).unwrap()
}

fn build(text: &str, table: &Table) -> Index {
    index::build(&policy(text).score, table, None).unwrap()
}

/// Columns named a, b, c… from the rows of a matrix.
fn columns(matrix: &[&[f64]]) -> Vec<Vec<f64>> {
    (0..matrix[0].len()).map(|j| matrix.iter().map(|row| row[j]).collect()).collect()
}

fn lettered(columns: &[Vec<f64>]) -> Table {
    let names = ["a", "b", "c", "d", "e"];
    table(&names.into_iter().zip(columns.iter().cloned()).collect::<Vec<_>>())
}

fn slices(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

fn near(found: &[f64], wanted: &[f64], tolerance: f64) {
    assert_eq!(found.len(), wanted.len());
    for (f, w) in found.iter().zip(wanted) {
        assert!((f - w).abs() <= tolerance, "{found:?} is not {wanted:?}");
    }
}

const CRITIC: [&[f64]; 8] = [
    &[61.0, 1.08, 4.33],
    &[20.7, 0.26, 4.34],
    &[16.3, 1.98, 2.53],
    &[9.0, 3.29, 1.65],
    &[5.4, 2.77, 2.33],
    &[4.0, 4.12, 1.21],
    &[-6.1, 3.52, 2.1],
    &[-34.6, 3.31, 0.98],
];

/// Diakoulaki et al. (1995), table 3.
#[test]
fn critic_gives_the_published_weights() {
    let columns = columns(&CRITIC);
    let wanted = [0.202_225_54, 0.480_901_73, 0.316_872_73];
    near(&critic(&slices(&columns)), &wanted, 5e-9);
    // In the engine it works on points; any linear rule gives the same.
    for rule in ["type='min_max'", "type='z_score'\nmean=50\ndeviation=10"] {
        let text = format!(
            "[score]\nweights={{type='critic'}}\n[score.rule]\n{rule}\n[score.indicators.a]\n[score.indicators.b]\n[score.indicators.c]"
        );
        near(&build(&text, &lettered(&columns)).aggregated.shares[1..], &wanted, 5e-9);
    }
}

/// Elsayed et al. (2017): on the values in their own unit.
#[test]
fn entropy_gives_the_published_weights() {
    let matrix: [&[f64]; 12] = [
        &[7.0, 312.0, 1891.0, 6613.0, 163.0],
        &[72.0, 88.0, 728.0, 941_804.0, 1078.0],
        &[10.0, 252.0, 2594.0, 3466.0, 117_471.0],
        &[10.0, 145.0, 980.0, 2371.0, 86329.0],
        &[65.0, 54.0, 350.0, 501.0, 29897.0],
        &[29.0, 48.0, 380.0, 912.0, 34051.0],
        &[7.0, 476.0, 3300.0, 78470.0, 2212.0],
        &[70.0, 87.0, 650.0, 733.0, 819_000.0],
        &[4.0, 86.0, 591.0, 3015.0, 103.0],
        &[12.0, 79.0, 579.0, 3240.0, 96098.0],
        &[21.0, 45.0, 261.0, 1253.0, 453.0],
        &[1.0, 72.0, 530.0, 4333.0, 0.1048],
    ];
    let columns = columns(&matrix);
    let wanted = [0.104_991, 0.069_124, 0.071_373, 0.449_937, 0.304_575];
    near(&entropy(&slices(&columns)), &wanted, 5e-7);
    let text = "[score]\nweights={type='entropy',on='treated'}\n[score.indicators.a]\n[score.indicators.b]\ndirection='lower'\n[score.indicators.c]\n[score.indicators.d]\n[score.indicators.e]";
    near(&build(text, &lettered(&columns)).aggregated.shares[1..], &wanted, 5e-7);
    let points = build(&text.replace(",on='treated'", ""), &lettered(&columns));
    assert!((points.aggregated.shares[1] - wanted[0]).abs() > 0.001, "points have another entropy");
}

/// Keshavarz-Ghorabaee et al. (2021), their worked example.
#[test]
fn merec_gives_the_published_weights() {
    let matrix: [&[f64]; 5] = [
        &[450.0, 8000.0, 54.0, 145.0],
        &[10.0, 9100.0, 2.0, 160.0],
        &[100.0, 8200.0, 31.0, 153.0],
        &[220.0, 9300.0, 1.0, 162.0],
        &[5.0, 8400.0, 23.0, 158.0],
    ];
    let columns = columns(&matrix);
    let wanted = [0.5752, 0.0141, 0.4016, 0.0091];
    near(&merec(&slices(&columns), &[1.0, 1.0, -1.0, -1.0]), &wanted, 5e-5);
    let text = "[score]\nweights={type='merec'}\n[score.indicators.a]\n[score.indicators.b]\n[score.indicators.c]\ndirection='lower'\n[score.indicators.d]\ndirection='lower'";
    near(&build(text, &lettered(&columns)).aggregated.shares[1..], &wanted, 5e-5);
    let text = text.replace("'merec'", "'merec',on='normalised'");
    let error = index::build(&policy(&text).score, &lettered(&columns), None).unwrap_err();
    assert!(error.to_string().contains("floor"), "{error}");
}

#[test]
fn comparisons_reach_the_tree_and_what_contradicts_itself_is_said() {
    let text = |value: &str| {
        format!(
            "[score]\n[score.weights]\ntype='ahp'\npairs=[{{a='a',b='b',value=3}},{{a='b',b='c',value=3}},{{a='a',b='c',value={value}}}]\n[score.indicators.a]\n[score.indicators.b]\n[score.indicators.c]"
        )
    };
    let data = lettered(&columns(&CRITIC));
    let sound = build(&text("9"), &data);
    near(&sound.aggregated.shares[1..], &[9.0 / 13.0, 3.0 / 13.0, 1.0 / 13.0], 1e-12);
    assert!(sound.aggregated.notes.is_empty());
    let torn = build(&text("0.2"), &data);
    assert!(torn.aggregated.notes[0].1.contains("consistency ratio"), "{:?}", torn.aggregated.notes);
    let best = "[score]\n[score.weights]\ntype='best_worst'\nbest='a'\nworst='c'\nbest_to={b=2,c=4}\nto_worst={a=4,b=2}\n[score.indicators.a]\n[score.indicators.b]\n[score.indicators.c]";
    near(&build(best, &data).aggregated.shares[1..], &[4.0 / 7.0, 2.0 / 7.0, 1.0 / 7.0], 1e-9);
}

fn normals(seed: u64, purpose: &str, n: usize) -> Vec<f64> {
    let mut draw = Draw::named(seed, purpose, 0);
    (0..n).map(|_| draw.normal(0.0, 1.0)).collect()
}

/// Pearson's correlation, written once more.
fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let sum = |f: &dyn Fn(usize) -> f64| (0..x.len()).map(f).sum::<f64>();
    sum(&|i| (x[i] - mx) * (y[i] - my))
        / (sum(&|i| (x[i] - mx) * (x[i] - mx)) * sum(&|i| (y[i] - my) * (y[i] - my))).sqrt()
}

/// Share of the variance of y between `bins` groups of equal size along x: an estimator of the
/// correlation ratio that has nothing in common with the engine's.
fn binned_ratio(x: &[f64], y: &[f64], bins: usize) -> f64 {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let whole: f64 = y.iter().map(|v| (v - mean) * (v - mean)).sum();
    let size = x.len().div_ceil(bins);
    let between: f64 = order
        .chunks(size)
        .map(|chunk| {
            let m = chunk.iter().map(|&i| y[i]).sum::<f64>() / chunk.len() as f64;
            chunk.len() as f64 * (m - mean) * (m - mean)
        })
        .sum();
    between / whole
}

const BALANCED: &str = "[score]\nweights={type='balanced'}\nrule={type='z_score',mean=50,deviation=10}\n";

/// Three correlated columns of unlike spread, meant to be 0.5, 0.3 and 0.2: the importances found are
/// those, also by an estimator that bins.
#[test]
fn balanced_weights_reach_what_is_meant() {
    let n = 6000;
    let common = normals(1, "common", n);
    let own: Vec<Vec<f64>> = ["a", "b", "c"].iter().map(|name| normals(1, name, n)).collect();
    let mix = |own: &[f64], share: f64, scale: f64| -> Vec<f64> {
        (0..n).map(|i| scale * (share * common[i] + own[i])).collect()
    };
    let data = lettered(&[mix(&own[0], 0.2, 1.0), mix(&own[1], 0.9, 3.0), mix(&own[2], 0.6, 1.0)]);
    for aggregate in ["arithmetic", "geometric"] {
        let text = format!(
            "{}aggregate={{type='{aggregate}'}}\n[score.indicators.a]\nweight=5\n[score.indicators.b]\nweight=3\n[score.indicators.c]\nweight=2",
            BALANCED.replace("mean=50", "mean=500")
        );
        let index = build(&text, &data);
        assert!(index.aggregated.notes.is_empty(), "{:?}", index.aggregated.notes);
        let ratios: Vec<f64> = index.normalised.iter().map(|x| binned_ratio(x, &index.score, 60)).collect();
        let sum: f64 = ratios.iter().sum();
        let shares: Vec<f64> = ratios.iter().map(|r| r / sum).collect();
        // Binning adds noise of some 60 / 6000 to each ratio.
        near(&shares, &[0.5, 0.3, 0.2], 0.01);
        let file = policy(&text);
        let tree = Tree::new(&file.score.nodes, &file.score.indicators, chrono::NaiveDate::MAX, &|_| true);
        let recipe = Recipe::new(&file.score, &tree);
        let found: Vec<f64> = effective(&tree, &recipe, &index.aggregated).iter().map(|e| e.importance).collect();
        near(&found, &[0.5, 0.3, 0.2], 0.001);
        assert!(index.normalised.iter().all(|x| correlation(x, &index.score) > 0.0));
    }
}

/// The third column goes against the first two. Squared correlations can be matched with the third
/// against the index, and also with all going along: the latter is found.
#[test]
fn balanced_weights_never_let_a_child_go_against_the_node() {
    let n = 500;
    let z: Vec<Vec<f64>> = ["a", "b", "c"].iter().map(|name| normals(2, name, n)).collect();
    // Correlations −0.78, 0.12 and −0.39.
    let mix = |w: [f64; 3]| -> Vec<f64> { (0..n).map(|i| (0..3).map(|k| w[k] * z[k][i]).sum()).collect() };
    let data = lettered(&[mix([1.0, 0.0, 0.0]), mix([-0.78, 0.6258, 0.0]), mix([0.12, -0.4736, 0.8725])]);
    let text = format!("{BALANCED}[score.indicators.a]\n[score.indicators.b]\n[score.indicators.c]")
        .replace("'balanced'", "'balanced',knots=2");
    let index = build(&text, &data);
    let found = match_of(&index.normalised, &index.aggregated.shares[1..], &[1.0 / 3.0; 3]);
    assert!(found.0 < 0.001 && found.1 > 0.0, "{found:?} {:?}", index.aggregated.shares);
    let trap = (0..60).flat_map(|i| (0..75).map(move |j| (i, j))).any(|(i, j)| {
        let (a, c) = (0.4 + f64::from(j) / 500.0, f64::from(i) / 500.0);
        let w = [a, 1.0 - a - c, c];
        let (apart, least) = match_of(&index.normalised, &w, &[1.0 / 3.0; 3]);
        apart < 0.03 && least < -0.2
    });
    assert!(trap, "the case should have a match with the third against the index");
}

/// Greatest distance of the shares of squared correlations from what is meant, and the least
/// correlation.
fn match_of(columns: &[Vec<f64>], weights: &[f64], meant: &[f64]) -> (f64, f64) {
    let score: Vec<f64> =
        (0..columns[0].len()).map(|i| columns.iter().zip(weights).map(|(x, w)| w * x[i]).sum()).collect();
    let r: Vec<f64> = columns.iter().map(|x| correlation(x, &score)).collect();
    let sum: f64 = r.iter().map(|r| r * r).sum();
    let apart = r.iter().zip(meant).map(|(r, s)| (r * r / sum - s).abs()).fold(0.0, f64::max);
    (apart, r.iter().copied().fold(f64::INFINITY, f64::min))
}

/// With straight lines the weights that match are unique: C w ∝ σ √s. Where one of them is negative
/// nothing matches, and a grid finds nothing better than what is found.
#[test]
fn what_cannot_be_attained_is_said_with_its_residual() {
    let n = 400;
    let (mut attained, mut missed) = (0, 0);
    for case in 0..12 {
        let base: Vec<Vec<f64>> = ["a", "b", "c"].iter().map(|name| normals(100 + case, name, n)).collect();
        let mut draw = Draw::named(case, "mix", 0);
        let mix: Vec<f64> = (0..9).map(|_| draw.between(-0.6, 1.4)).collect();
        let column =
            |j: usize| -> Vec<f64> { (0..n).map(|i| (0..3).map(|k| mix[3 * j + k] * base[k][i]).sum()).collect() };
        let data = lettered(&[column(0), column(1), column(2)]);
        let text =
            format!("{BALANCED}[score.indicators.a]\nweight=2\n[score.indicators.b]\nweight=2\n[score.indicators.c]")
                .replace("'balanced'", "'balanced',knots=2");
        let index = build(&text, &data);
        let meant = [0.4, 0.4, 0.2];
        let (apart, least) = match_of(&index.normalised, &index.aggregated.shares[1..], &meant);
        assert!(least > 0.0, "case {case}: {least}");
        let said = index.aggregated.notes.iter().any(|(_, note)| note.contains("residual"));
        assert_eq!(said, apart > 0.005, "case {case}: {apart} {:?}", index.aggregated.notes);
        let mut best = f64::INFINITY;
        for i in 0..=80 {
            for j in 0..=80 - i {
                let w = [f64::from(i) / 80.0, f64::from(j) / 80.0, f64::from(80 - i - j) / 80.0];
                let (apart, least) = match_of(&index.normalised, &w, &meant);
                if least > 0.0 {
                    best = best.min(apart);
                }
            }
        }
        assert!(apart <= best + 0.04, "case {case}: {apart} {best}");
        if said { missed += 1 } else { attained += 1 }
    }
    assert!(attained > 1 && missed > 1, "{attained} {missed}");
}

#[test]
fn balanced_weights_of_odd_tables_are_defined() {
    let text = format!("{BALANCED}[score.indicators.a]\nweight=2\n[score.indicators.b]\n[score.indicators.c]");
    // One unit, few units: the declared shares, and why.
    for rows in [1, 4] {
        let few = lettered(&columns(&CRITIC[..rows]));
        let index = build(&text, &few);
        near(&index.aggregated.shares[1..], &[0.5, 0.25, 0.25], 1e-12);
        assert!(index.aggregated.notes[0].1.contains("too few"));
    }
    // A column that does not vary keeps its share; gaps are left out.
    let mut odd = columns(&CRITIC);
    odd[1] = vec![3.0; 8];
    odd[2][4] = f64::NAN;
    let index = build(&text, &lettered(&odd));
    assert!((index.aggregated.shares[2] - 0.25).abs() < 1e-12);
    assert!(index.aggregated.notes[0].1.contains("`b`"), "{:?}", index.aggregated.notes);
    assert!((index.aggregated.shares[1..].iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

/// Nominal weights are equal, but the wider and better connected column tells more; variance shares
/// add up; an item that pulls against its node shows.
#[test]
fn effective_weights_show_what_nominal_ones_hide() {
    let n = 3000;
    let (x, noise) = (normals(3, "x", n), normals(3, "noise", n));
    let wide: Vec<f64> = x.iter().map(|x| 3.0 * x).collect();
    let against: Vec<f64> = (0..n).map(|i| -0.5 * x[i] + 0.3 * noise[i]).collect();
    let text = "[score]\nrule={type='goalposts',low=-40,high=40}\n[score.indicators.a]\n[score.indicators.b]";
    let file = policy(text);
    let data = lettered(&[wide, against]);
    let index = build(text, &data);
    let tree = Tree::new(&file.score.nodes, &file.score.indicators, chrono::NaiveDate::MAX, &|_| true);
    let found = effective(&tree, &Recipe::new(&file.score, &tree), &index.aggregated);
    assert_eq!((found[0].item, found[0].nominal), (1, 0.5));
    assert!(found[0].with_parent > 0.9 && found[1].with_parent < -0.5);
    assert!((found[0].with_parent - correlation(&index.normalised[0], &index.score)).abs() < 1e-12);
    assert_eq!(found[0].with_parent, found[0].with_root);
    assert!((found[0].importance + found[1].importance - 1.0).abs() < 1e-12);
    assert!((found[0].variance.unwrap() + found[1].variance.unwrap() - 1.0).abs() < 1e-9);
    assert!(found[1].variance.unwrap() < 0.0);
    // Straight lines: the ratio is the squared correlation, but for noise.
    assert!((found[0].ratio - found[0].with_parent * found[0].with_parent).abs() < 0.005);
}

#[test]
fn categories_are_read_as_points_and_strangers_are_named() {
    let text = "[score.indicators.grade]\nrule={type='categories',points={'优秀'=100,'良好'=80}}\n[score.indicators.code]\nrule={type='categories',points={1=10,2=20}}";
    let mut data = table(&[("code", vec![1.0, 2.0, f64::NAN])]);
    let words = ["优秀", " 良好 ", ""].map(|w| Some(w.to_owned())).to_vec();
    data.texts.insert("grade".into(), words);
    let index = build(text, &data);
    assert_eq!(index.raw[0][..2], [100.0, 80.0]);
    assert!(index.raw[0][2].is_nan());
    assert_eq!(index.score[..2], [55.0, 50.0]);
    data.texts["grade"][2] = Some("优良".into());
    let error = index::build(&policy(text).score, &data, None).unwrap_err();
    assert_eq!(error.key, "score.indicators.grade.rule");
    assert!(error.message.contains("优良") && error.message.contains("u00002"), "{error}");
    let lenient = text.replace("80}}", "80},otherwise=0}");
    assert_eq!(build(&lenient, &data).raw[0][2], 0.0);
}

#[test]
fn a_unit_of_the_table_is_the_reference() {
    let text = "[score.indicators.a]\nrule={type='distance_to_reference',unit='u00002'}";
    let data = table(&[("a", vec![10.0, 15.0, 20.0, 40.0])]);
    assert_eq!(build(text, &data).score, [0.0, 50.0, 100.0, 100.0]);
    let far = build(&text.replace("'}", "',beyond='extrapolate'}"), &data);
    assert_eq!(far.score, [0.0, 50.0, 100.0, 300.0]);
    let error = index::build(&policy(&text.replace("u00002", "nobody")).score, &data, None).unwrap_err();
    assert!(error.to_string().contains("nobody"), "{error}");
    // In a panel that is judged by one year, the reference is that year's.
    let panel = Table {
        names: vec!["u00002".into(), "v".into()],
        units: vec![0, 1, 0, 1],
        periods: vec![2024, 2024, 2025, 2025],
        numbers: [("a".to_owned(), vec![20.0, 10.0, 90.0, 15.0])].into(),
        ..Table::default()
    };
    let by_first = build(&format!("[score]\nreference=2024\n{text}"), &panel);
    assert_eq!(by_first.score, [100.0, 0.0, 100.0, 50.0]);
}

/// Years compare: what was fitted is replayed on another table, and gives the same bytes on its own.
#[test]
fn what_was_fitted_can_be_replayed() {
    let data = lettered(&columns(&CRITIC));
    for rule in
        ["type='z_score'", "type='rank',ties='dense'", "type='exponential_rank'", "type='vector'", "type='min_max'"]
    {
        let text = format!(
            "[score]\nrule={{{rule}}}\nweights={{type='standard_deviation'}}\n[score.indicators.a]\n[score.indicators.b]\n[score.indicators.c]\ndirection='lower'"
        );
        let file = policy(&text);
        let first = index::build(&file.score, &data, None).unwrap();
        let again = index::build(&file.score, &data, Some(&first.fitted)).unwrap();
        assert_eq!(first.score, again.score, "{rule}");
        let part = lettered(&columns(&CRITIC[2..5]));
        let part = index::build(&file.score, &part, Some(&first.fitted)).unwrap();
        assert_eq!(part.score, first.score[2..5], "{rule}");
    }
}

/// Many units: some seconds in an unoptimised build, so only the sizes are small here.
#[test]
fn effective_weights_are_the_same_for_any_number_of_threads() {
    let n = 2000;
    let names = ["a", "b", "c", "d", "e"];
    let data: Vec<Vec<f64>> = names.iter().map(|name| normals(4, name, n)).collect();
    let text =
        "[score.indicators.a]\n[score.indicators.b]\n[score.indicators.c]\n[score.indicators.d]\n[score.indicators.e]";
    let (file, data) = (policy(text), lettered(&data));
    let tree = Tree::new(&file.score.nodes, &file.score.indicators, chrono::NaiveDate::MAX, &|_| true);
    let plan = Plan::new(&file.score, &data, tree);
    let recipe = Recipe::new(&file.score, &plan.tree);
    let index = index::make(&plan, &recipe, None).unwrap();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| effective(&plan.tree, &recipe, &index.aggregated))
    };
    assert_eq!(with(1), with(4));
}
