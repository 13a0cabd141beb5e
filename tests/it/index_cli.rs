//! Any table from the command line: the manual's own examples, output, verification, errors.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use touyan::frame;
use touyan::index::{self, IndexFile, Overrides};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn touyan(lang: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_touyan")).args(["--lang", lang]).args(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap());
    let files = entries.map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).unwrap()));
    files.filter(|(name, _)| name != touyan::run::TIMINGS).collect()
}

fn manual() -> String {
    fs::read_to_string(root().join("docs/score.md")).unwrap()
}

/// Fenced blocks of the manual: language, file name if any, contents.
fn blocks(text: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let (language, name) = info.split_once(' ').unwrap_or((info, ""));
        let body: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
        found.push((language.to_owned(), name.to_owned(), body.join("\n") + "\n"));
    }
    found
}

/// An example of the folder of small tables.
fn example(name: &str) -> PathBuf {
    root().join("notebooks-data/score").join(name)
}

#[test]
fn the_manual_and_the_schema_follow_the_code() {
    crate::bless("docs/score.md", &index::manual::render(&manual()));
    crate::bless("docs/score.schema.json", &index::schema_json());
}

#[test]
fn every_policy_of_the_manual_is_valid_and_its_files_are_the_examples() {
    let mut count = 0;
    for (language, name, body) in blocks(&manual()) {
        if !name.is_empty() {
            assert_eq!(fs::read_to_string(example(&name)).unwrap(), body, "{name}");
        }
        if language == "toml" {
            count += 1;
            if let Err(error) = IndexFile::parse(&body, Path::new("manual"), &Overrides::default()) {
                panic!("{error}\n{body}");
            }
        }
    }
    assert!(count >= 7, "{count}");
}

/// The manual's table of results, by place and column.
fn promised() -> Vec<(String, BTreeMap<String, String>)> {
    let manual = manual();
    let lines: Vec<&str> = manual.lines().skip_while(|l| !l.starts_with("| place |")).collect();
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>()
    };
    let head = cells(lines[0]);
    let rows = lines[2..].iter().take_while(|l| l.starts_with('|'));
    rows.map(|line| (cells(line)[0].clone(), head.iter().cloned().zip(cells(line)).collect())).collect()
}

#[test]
fn the_worked_example_gives_what_the_manual_says() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("result");
    let (table, policy) = (example("living.csv"), example("living.toml"));
    let ran = touyan("en", &["score", text(&table), "--policy", text(&policy), "--out", text(&out), "--format", "csv"]);
    assert_eq!(code(&ran), 0, "{}", stderr(&ran));
    let said = stdout(&ran);
    assert!(said.contains("Living conditions") && said.contains("Rated 6, not rated 0"), "{said}");
    let scores = frame::read_parquet(&out.join("scores.parquet")).unwrap();
    let nodes = frame::read_parquet(&out.join("aggregated.parquet")).unwrap();
    let names = frame::words(&scores, "unit").unwrap();
    let promised = promised();
    assert_eq!(promised.len(), 6);
    for (place, wanted) in &promised {
        let row = names.iter().position(|n| n == place).unwrap();
        let near = |table, column: &str, wanted: &str| match (frame::numbers(table, column).unwrap()[row], wanted) {
            (None, "") => {}
            (Some(found), wanted) => {
                let wanted: f64 = wanted.parse().unwrap();
                assert!((found - wanted).abs() < 1e-6, "{place} {column}: {found}, the manual says {wanted}");
            }
            (None, wanted) => panic!("{place} {column}: nothing, the manual says {wanted}"),
        };
        for column in ["life", "school", "income", "unrest", "people", "means"] {
            near(&nodes, column, &wanted[column]);
        }
        near(&scores, "score", &wanted["score"]);
        near(&scores, "rank", &wanted["rank"]);
        near(&scores, "measured_weight", &wanted["measured"]);
        assert_eq!(frame::words(&scores, "grade").unwrap()[row], wanted["grade"], "{place}");
    }
    let imputed = frame::read_parquet(&out.join("imputations.parquet")).unwrap();
    assert_eq!(frame::words(&imputed, "unit").unwrap(), ["Fenwick"]);
    assert_eq!(frame::numbers(&imputed, "value").unwrap(), [Some(12.5)]);
    assert!(fs::read(out.join("scores.csv")).unwrap().starts_with("\u{feff}unit,period".as_bytes()));
}

#[test]
fn an_output_verifies_and_tampering_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("result");
    let table = example("panel.csv");
    let ran = touyan("zh", &["score", text(&table), "--policy", text(&example("panel.toml")), "--out", text(&out)]);
    assert_eq!(code(&ran), 0, "{}", stderr(&ran));
    let verified = touyan("en", &["verify", text(&out), "--book", text(&table)]);
    assert_eq!(code(&verified), 0, "{}{}", stdout(&verified), stderr(&verified));
    assert!(stdout(&verified).contains("level 3"), "{}", stdout(&verified));

    // Another table under the same name.
    let other = dir.path().join("panel.csv");
    fs::write(&other, fs::read_to_string(&table).unwrap().replace("2023,72", "2023,73")).unwrap();
    let replayed = touyan("en", &["verify", text(&out), "--book", text(&other)]);
    assert_eq!(code(&replayed), 1, "{}", stdout(&replayed));
    assert!(stdout(&replayed).contains("not the file of the run"), "{}", stdout(&replayed));

    // A score that is no sum of its contributions, with a mended hash.
    let path = out.join("contributions.parquet");
    let parts = frame::read_parquet(&path).unwrap();
    let forged = parts.slice(1, parts.height() - 1);
    let mut bytes = Vec::new();
    frame::write_parquet(&forged, &mut bytes).unwrap();
    fs::write(&path, &bytes).unwrap();
    let log = out.join("run.json");
    let mut json: serde_json::Value = serde_json::from_str(&fs::read_to_string(&log).unwrap()).unwrap();
    json["outputs"]["contributions.parquet"] = blake3::hash(&bytes).to_hex().to_string().into();
    fs::write(&log, format!("{json:#}\n")).unwrap();
    let verified = touyan("en", &["verify", text(&out)]);
    assert_eq!(code(&verified), 1);
    assert!(stdout(&verified).contains("level 1"), "{}", stdout(&verified));
}

#[test]
fn changes_add_up_and_a_class_change_is_no_indicator_change() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("result");
    let policy = example("panel.toml");
    let ran = touyan("en", &["score", text(&example("panel.csv")), "--policy", text(&policy), "--out", text(&out)]);
    assert_eq!(code(&ran), 0, "{}", stderr(&ran));
    let scores = frame::read_parquet(&out.join("scores.parquet")).unwrap();
    let keys = frame::words(&scores, "unit").unwrap().into_iter().zip(frame::wholes(&scores, "period").unwrap());
    let score: BTreeMap<_, _> = keys.zip(frame::numbers(&scores, "score").unwrap()).collect();
    let changes = frame::read_parquet(&out.join("changes.parquet")).unwrap();
    let (units, to) = (frame::words(&changes, "unit").unwrap(), frame::wholes(&changes, "to").unwrap());
    let (part, value) = (frame::words(&changes, "part").unwrap(), frame::numbers(&changes, "change").unwrap());
    let mut sums: BTreeMap<(&str, Option<i64>), f64> = BTreeMap::new();
    for row in 0..units.len() {
        *sums.entry((units[row], to[row])).or_default() += value[row].unwrap();
        // With a reference year parameters change with the class alone, and weights never.
        if part[row] == "parameters" {
            let moved = units[row] == "Cedar" && to[row] == Some(2023);
            assert_eq!(value[row] != Some(0.0), moved, "{} {:?}", units[row], to[row]);
        }
        if matches!(part[row], "weights" | "lines" | "peers") {
            assert!(value[row].unwrap().abs() < 1e-12);
        }
    }
    assert_eq!(sums.len(), 8);
    for ((unit, to), sum) in sums {
        let change = score[&(unit, to)].unwrap() - score[&(unit, to.map(|t| t - 1))].unwrap();
        assert!((change - sum).abs() < 1e-9, "{unit} {to:?}: {change} {sum}");
    }
}

#[test]
fn same_bytes_for_any_thread_count_order_and_format() {
    let dir = tempfile::tempdir().unwrap();
    let policy = dir.path().join("p.toml");
    let declared = "\n[score.uncertainty]\ndraws = 200\n[score.uncertainty.factors.weights]\ntype = \"weights\"\nlaw = { type = \"uniform\" }\n";
    fs::write(&policy, fs::read_to_string(example("living.toml")).unwrap() + declared).unwrap();
    let original = fs::read_to_string(example("living.csv")).unwrap();
    let mut lines: Vec<&str> = original.lines().collect();
    lines[1..].reverse();
    let reversed = dir.path().join("living.csv");
    fs::write(&reversed, lines.join("\r\n")).unwrap();
    let run = |table: &Path, threads: &str| {
        let out = dir.path().join(format!("out-{threads}-{}", table.components().count()));
        let arguments = ["score", text(table), "--policy", text(&policy), "--out", text(&out), "--threads", threads];
        let ran = touyan("en", &arguments);
        assert_eq!(code(&ran), 0, "{}", stderr(&ran));
        files(&out)
    };
    let first = run(&example("living.csv"), "1");
    assert!(first.contains_key("ranks.parquet"), "{:?}", first.keys());
    for threads in ["2", "4"] {
        assert!(run(&example("living.csv"), threads) == first, "{threads} threads");
    }
    // Only the hash of the file itself may differ.
    let mut other = run(&reversed, "1");
    assert!(other.remove("run.json") != first.get("run.json").cloned());
    assert!(other.iter().all(|(name, bytes)| first[name] == *bytes));
}

#[test]
fn permuting_protected_columns_changes_no_byte() {
    let dir = tempfile::tempdir().unwrap();
    let policy = example("living.toml");
    let run = |name: &str, sexes: [&str; 6]| {
        let mut table = String::new();
        for (at, line) in fs::read_to_string(example("living.csv")).unwrap().lines().enumerate() {
            let sex = if at == 0 { "sex" } else { sexes[at - 1] };
            table.push_str(&format!("{sex},{line}\n"));
        }
        let file = dir.path().join("t.csv");
        fs::write(&file, table).unwrap();
        let out = dir.path().join(name);
        let ran = touyan("en", &["score", text(&file), "--policy", text(&policy), "--out", text(&out)]);
        assert_eq!(code(&ran), 0, "{}", stderr(&ran));
        let mut files = files(&out);
        files.remove("run.json");
        files
    };
    assert!(run("a", ["m", "f", "m", "f", "m", "f"]) == run("b", ["f", "f", "f", "m", "m", "m"]));
}

#[test]
fn replayed_parameters_judge_the_same_table_alike_and_another_by_them() {
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = (dir.path().join("first"), dir.path().join("second"));
    let (table, policy) = (example("living.csv"), example("living.toml"));
    let base = ["score", text(&table), "--policy", text(&policy)];
    assert_eq!(code(&touyan("en", &[&base[..], &["--out", text(&first)]].concat())), 0);
    let fitted = first.join("fitted.json");
    let again = touyan("en", &[&base[..], &["--replay", text(&fitted), "--out", text(&second)]].concat());
    assert_eq!(code(&again), 0, "{}", stderr(&again));
    let scores = |out: &Path| fs::read(out.join("scores.parquet")).unwrap();
    assert!(scores(&first) == scores(&second));
    let verified = touyan("en", &["verify", text(&second), "--book", text(&table)]);
    assert_eq!(code(&verified), 0, "{}", stdout(&verified));

    // Alone, a place is compared with those that were there.
    let alone = dir.path().join("alone.csv");
    fs::write(&alone, "place,region,life,school,income,unrest\nGale,north,70,11,15000,3\n").unwrap();
    let third = dir.path().join("third");
    let arguments =
        ["score", text(&alone), "--policy", text(&policy), "--replay", text(&fitted), "--out", text(&third)];
    let ran = touyan("en", &arguments);
    assert_eq!(code(&ran), 0, "{}", stderr(&ran));
    let found = frame::read_parquet(&third.join("scores.parquet")).unwrap();
    let score = frame::numbers(&found, "score").unwrap()[0].unwrap();
    assert!((score - 73.993812).abs() < 1e-6, "{score}");
}

#[test]
fn the_form_is_decided_and_errors_say_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let (table, policy) = (example("living.csv"), example("living.toml"));
    let refused = |arguments: &[&str], words: &[&str]| {
        let ran = touyan("en", &[&["score"], arguments].concat());
        assert_eq!(code(&ran), 2, "{arguments:?}: {}", stdout(&ran));
        let said = stderr(&ran);
        assert!(words.iter().all(|w| said.contains(w)), "{arguments:?}: {said}");
    };
    refused(&[text(&table), "--id", "place"], &["--policy"]);
    refused(&[text(dir.path()), "--policy", text(&policy), "--id", "place"], &["folder"]);
    refused(&[text(&table), "--policy", text(&policy), "--as-of", "2026-01-01"], &["period"]);
    refused(&[text(&table), "--policy", text(&policy), "--id", "plase"], &["plase", "place"]);
    refused(&[text(&table), "--policy", text(&policy), "--class", "性别"], &["protected"]);
    let both = dir.path().join("both.toml");
    fs::write(
        &both,
        "[score.indicators.gdp]\nlabel = \"GDP\"\nlabel_en = \"GDP\"\nweight = 1\nrule = { type = \"rank\" }\n",
    )
    .unwrap();
    let ran = touyan("en", &["score", text(&table), "--policy", text(&both)]);
    assert_eq!(code(&ran), 2);
    let wrong = dir.path().join("wrong.toml");
    fs::write(&wrong, "[score]\nid = \"place\"\n[score.indicators.life]\nrule = { type = \"min_mx\" }\n").unwrap();
    refused(&[text(&table), "--policy", text(&wrong)], &["line 4", "min_max"]);
    let letters = dir.path().join("letters.csv");
    fs::write(&letters, "place,life\nA,13800131234x\nB,2\n").unwrap();
    let one = dir.path().join("one.toml");
    fs::write(&one, "[score]\nid = \"place\"\n[score.indicators.life]\n").unwrap();
    refused(&[text(&letters), "--policy", text(&one)], &["letters.csv", "row 2", "138****1234x"]);
    // Separated text whose rows differ in width; decimal commas.
    let ragged = dir.path().join("ragged.csv");
    fs::write(&ragged, "place,life\nA,1\nB\nC,1,5\n").unwrap();
    refused(&[text(&ragged), "--policy", text(&one)], &["ragged.csv", "row 3: 1", "row 4: 3", "quotes"]);
    fs::write(&ragged, "place;life\nA;1,5\nB;2\n").unwrap();
    refused(&[text(&ragged), "--policy", text(&one)], &["decimal comma", "row 2", "1,5"]);
    // A column that only the other policy asks for.
    let old = dir.path().join("old.toml");
    fs::write(&old, "[score]\nid = \"place\"\n[score.indicators.lief]\n").unwrap();
    fs::write(&ragged, "place,life\nA,1\nB,2\n").unwrap();
    refused(&[text(&ragged), "--policy", text(&one), "--against", text(&old)], &["old.toml", "lief"]);
    // Values of the wrong kind, in the policy's words, with their line.
    for (own, words) in [
        ("reference = \"first\"", ["line 3", "pooled", "2020"]),
        ("rule = \"min_max\"", ["line 3", "{ type = \"min_max\" }", "score.rule"]),
        ("as_of = \"2020\"", ["line 3", "whole number", "without quotes"]),
        (
            "classes = { columns = [\"life\"], resamples = -1 }",
            ["line 3", "score.classes.resamples", "whole number from 0"],
        ),
        ("rule = { type = \"goalposts\", low = \"a\", high = 1 }", ["line 3", "score.rule.low", "a number, such as"]),
        ("bounds = [0]", ["line 3", "a list of 2 values", "[0, 100]"]),
        ("impute = { within = \"region\" }", ["line 3", "needs `type`", "impute = {"]),
        ("min_available = true", ["line 3", "`true`", "a number, such as 0.5"]),
    ] {
        fs::write(&wrong, format!("[score]\nid = \"place\"\n{own}\n[score.indicators.life]\n")).unwrap();
        refused(&[text(&table), "--policy", text(&wrong)], &words);
        let said = stderr(&touyan("en", &["score", text(&table), "--policy", text(&wrong)]));
        assert!(!["enum", "u32", "f64", "invalid", "variant"].iter().any(|word| said.contains(word)), "{said}");
    }
    assert!(!dir.path().join("result").exists());
}

#[test]
fn every_format_is_read_alike() {
    let dir = tempfile::tempdir().unwrap();
    let policy = dir.path().join("p.toml");
    let of = "[score]\nid = \"村名\"\n[score.indicators.income]\ncolumn = \"收入\"\n[score.indicators.debt]\ncolumn = \"债务\"\ndirection = \"lower\"\n";
    fs::write(&policy, of).unwrap();
    let rows = [("大泉村", 12.5, 3.0), ("青石村", 8.0, 0.5), ("柳河村", 10.0, 1.0)];
    let csv = dir.path().join("gb.csv");
    let mut text_of = String::from("附件1,,\n村名,收入,债务\n");
    rows.iter().for_each(|(name, income, debt)| text_of.push_str(&format!("{name},{income},{debt}\n")));
    fs::write(&csv, encoding_rs::GB18030.encode(&text_of).0).unwrap();
    let frame_of = frame::Build::new()
        .str("村名", &rows.map(|r| r.0))
        .number("收入", rows.iter().map(|r| Some(r.1)).collect())
        .number("债务", rows.iter().map(|r| Some(r.2)).collect())
        .done()
        .unwrap();
    let parquet = dir.path().join("t.parquet");
    frame::write_parquet(&frame_of, fs::File::create(&parquet).unwrap()).unwrap();
    let xlsx = dir.path().join("t.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("说明").unwrap().write(0, 0, "见第二张表").unwrap();
    let sheet = book.add_worksheet().set_name("数据").unwrap();
    for (at, header) in ["村名", "收入", "债务"].into_iter().enumerate() {
        sheet.write(0, at as u16, header).unwrap();
    }
    for (row, (name, income, debt)) in (1..).zip(rows) {
        sheet.write(row, 0, name).unwrap();
        sheet.write(row, 1, income).unwrap();
        sheet.write(row, 2, debt).unwrap();
    }
    book.save(&xlsx).unwrap();
    let scores = |table: &Path, more: &[&str]| {
        let out = dir.path().join("out");
        let base = ["score", text(table), "--policy", text(&policy), "--out", text(&out)];
        let ran = touyan("en", &[&base[..], more].concat());
        assert_eq!(code(&ran), 0, "{}", stderr(&ran));
        fs::read(out.join("scores.parquet")).unwrap()
    };
    let first = scores(&csv, &[]);
    assert!(scores(&parquet, &[]) == first);
    assert!(scores(&xlsx, &["--sheet", "数据"]) == first);
    let ran = touyan("en", &["score", text(&xlsx), "--policy", text(&policy), "--sheet", "资料"]);
    assert!(stderr(&ran).contains("数据"), "{}", stderr(&ran));
}

#[test]
fn one_document_for_scripts() {
    let ran = touyan("en", &["score", text(&example("panel.csv")), "--policy", text(&example("panel.toml")), "--json"]);
    assert_eq!(code(&ran), 0, "{}", stderr(&ran));
    let document: serde_json::Value = serde_json::from_str(&stdout(&ran)).unwrap();
    assert_eq!((document["rated"].as_u64(), document["as_of"].as_i64()), (Some(12), Some(2023)));
    assert_eq!(document["tables"]["changes"]["rows"].as_u64(), Some(8 * 6));
    assert!(stderr(&ran).is_empty(), "{}", stderr(&ran));
}

#[test]
fn every_table_has_the_columns_that_the_manual_lists() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("result");
    let policy = dir.path().join("p.toml");
    let more = "goals = { indicators = { jobs = { step = 1, limits = [0, 100] } } }\ngrades = [{ grade = \"A\", min = 60 }, { grade = \"B\", min = 0 }]\nimpute = { type = \"mean\" }\n";
    let declared = "[score.uncertainty]\ndraws = 64\nfactors = { w = { type = \"weights\", law = { type = \"uniform\" } }, n = { type = \"rule\", options = [{ type = \"rank\" }, { type = \"min_max\" }] } }\nsobol = { base = 64 }\n";
    let base = fs::read_to_string(example("panel.toml")).unwrap().replacen("rule = {", &format!("{more}rule = {{"), 1);
    fs::write(&policy, format!("{base}{declared}")).unwrap();
    let table = dir.path().join("panel.csv");
    fs::write(&table, fs::read_to_string(example("panel.csv")).unwrap().replace("2022,36,8", "2022,,8")).unwrap();
    let ran = touyan("en", &["score", text(&table), "--policy", text(&policy), "--out", text(&out)]);
    assert_eq!(code(&ran), 0, "{}", stderr(&ran));
    // Those that this run has nothing to say in are left out.
    let without = ["failures", "comparison", "comparison_effects", "classes", "peers"];
    for doc in index::tables::registered().filter(|doc| !without.contains(&doc.name)) {
        let table = frame::read_parquet(&out.join(format!("{}.parquet", doc.name))).unwrap();
        let found: Vec<&str> = table.get_column_names().into_iter().map(|n| n.as_str()).collect();
        let wanted: Vec<&str> = doc.columns.iter().map(|c| c.name).collect();
        assert!(found.starts_with(&wanted), "{}: {found:?}", doc.name);
        assert_eq!(found.len() > wanted.len(), doc.wide, "{}: {found:?}", doc.name);
        for column in doc.columns {
            let kind = match table.column(column.name).unwrap().dtype().to_string().as_str() {
                "str" => "text",
                "f64" => "number",
                "i64" => "whole number",
                "bool" => "yes/no",
                other => panic!("{}.{}: {other}", doc.name, column.name),
            };
            assert_eq!(kind, column.kind, "{}.{}", doc.name, column.name);
        }
    }
    let verified = touyan("en", &["verify", text(&out), "--book", text(&table)]);
    assert_eq!(code(&verified), 0, "{}", stdout(&verified));
}

#[test]
fn two_policies_side_by_side_verify_and_name_what_causes_a_shift() {
    let dir = tempfile::tempdir().unwrap();
    let table = example("living.csv");
    let other = dir.path().join("other.toml");
    let policy = fs::read_to_string(example("living.toml")).unwrap();
    let changed = policy.replace("weight = 3", "weight = 1").replace("min = 70", "min = 80");
    assert_ne!(policy, changed);
    fs::write(&other, changed).unwrap();
    let out = dir.path().join("out");
    let old = example("living.toml");
    let arguments = ["score", text(&table), "--policy", text(&other), "--against", text(&old)];
    let run = touyan("en", &[&arguments[..], &["--out", text(&out)]].concat());
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    let read = |name: &str| frame::read_parquet(&out.join(format!("{name}.parquet"))).unwrap();
    let (shifts, effects) = (read("comparison"), read("comparison_effects"));
    let choices: std::collections::BTreeSet<&str> = frame::words(&effects, "choice").unwrap().into_iter().collect();
    assert_eq!(choices.into_iter().collect::<Vec<_>>(), ["grades", "weight"]);
    let mut total = BTreeMap::<&str, f64>::new();
    for (unit, effect) in
        frame::words(&effects, "unit").unwrap().into_iter().zip(frame::numbers(&effects, "score_effect").unwrap())
    {
        *total.entry(unit).or_default() += effect.unwrap();
    }
    let (before, after) =
        (frame::numbers(&shifts, "score_before").unwrap(), frame::numbers(&shifts, "score_after").unwrap());
    for (row, unit) in frame::words(&shifts, "unit").unwrap().into_iter().enumerate() {
        let shift = after[row].unwrap() - before[row].unwrap();
        assert!((shift - total[unit]).abs() < 1e-9, "{unit}: {shift} {}", total[unit]);
    }
    // Brook reaches 74 under both weights: only the new bound of `good` moves it.
    let brook = frame::words(&shifts, "unit").unwrap().iter().position(|u| *u == "Brook").unwrap();
    assert_eq!(frame::texts(&shifts, "grade_causes").unwrap()[brook], Some("grades"));
    let verified = touyan("en", &["verify", text(&out), "--book", text(&table)]);
    assert_eq!(code(&verified), 0, "{}{}", stdout(&verified), stderr(&verified));
    // At the terminal the same in a few lines, in both languages.
    let said = stdout(&run);
    let places = frame::wholes(&shifts, "rank_shift").unwrap();
    let moved = places.iter().flatten().filter(|shift| **shift != 0).count();
    assert!(said.contains(&format!("{moved} of 6 units change place")) && said.contains("of it weight:"), "{said}");
    assert!(stdout(&touyan("zh", &arguments)).contains("与 --against 所给政策相比"));
}

#[test]
fn analyses_are_told_at_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let policy = dir.path().join("p.toml");
    let declared = "[score.uncertainty]\ndraws = 64\nfactors = { w = { type = \"weights\", law = { type = \"uniform\" } }, n = { type = \"rule\", options = [{ type = \"rank\" }, { type = \"min_max\" }] } }\nsobol = { base = 64 }\n";
    let base = fs::read_to_string(example("panel.toml")).unwrap();
    fs::write(&policy, format!("{base}{declared}")).unwrap();
    let table = example("panel.csv");
    let said = stdout(&touyan("en", &["score", text(&table), "--policy", text(&policy)]));
    for words in ["Sensitivity ranges of ranks", "the median range is", "Which choice moves ranks", "first order"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let said = stdout(&touyan("zh", &["score", text(&table), "--policy", text(&policy)]));
    assert!(said.contains("敏感性区间") && said.contains("Sobol 总效应"), "{said}");
}

#[test]
fn a_result_that_says_nothing_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let (table, policy, out) = (dir.path().join("t.csv"), dir.path().join("p.toml"), dir.path().join("out"));
    let notes = || fs::read_to_string(out.join("notes.json")).unwrap();
    let run = |lang: &str, rows: &str, own: &str| {
        fs::write(&table, rows).unwrap();
        fs::write(&policy, format!("[score]\nid = 'place'\n{own}[score.indicators.a]\n[score.indicators.b]\n"))
            .unwrap();
        let ran = touyan(lang, &["score", text(&table), "--policy", text(&policy), "--out", text(&out)]);
        assert_eq!(code(&ran), 0, "{}", stderr(&ran));
        stdout(&ran)
    };
    let said = run("en", "place,a,b\np,,\nq,..,NA\n", "");
    assert!(said.contains("no indicator has a value") && notes().contains("no indicator has a value"), "{said}");
    let said = run("zh", "place,a,b\np,,\nq,..,NA\n", "");
    assert!(said.contains("没有一个单位可评定"), "{said}");
    let said = run("en", "place,a,b\np,1,\nq,..,2\n", "min_measured_weight = 0.9\n");
    assert!(said.contains("no unit is rated") && !notes().contains("no indicator has a value"), "{said}");
    run("en", "place,a,b\np,1,\nq,3,\n", "");
    assert!(notes().contains("no unit has a value") && notes().contains("\"b\""), "{}", notes());
    // Four units for two classes of three different ones each.
    let classes = "classes = { columns = ['a'], resamples = 5 }\n";
    let said = run("en", "place,a,b\np,1,2\nq,3,4\nr,5,6\ns,,7\n", classes);
    assert!(said.contains("3 of 4 units") && said.contains("need 6"), "{said}");
    assert!(notes().contains("no classes are proposed"));
    let said = run("en", "place,a,b\np,1,2\nq,2,4\nr,3,6\ns,50,7\nt,51,8\nu,52,8\n", classes);
    assert!(said.contains("2 classes are proposed") && !said.contains("no classes"), "{said}");
    // No declared alternative that changes a rank.
    let fixed = "uncertainty = { draws = 8, sobol = { base = 16 }, factors = { x = { type = 'leave_out' } } }\n";
    run("en", "place,a,b\np,1,2\nq,3,4\nr,5,6\n", fixed);
    assert!(notes().contains("no variance"), "{}", notes());
}

#[test]
fn deciles_by_share_are_equal_tenths_of_the_ranking() {
    let dir = tempfile::tempdir().unwrap();
    let (table, policy, out) = (dir.path().join("t.csv"), dir.path().join("p.toml"), dir.path().join("out"));
    let n = 1_234_usize;
    // A permutation of 0 … n − 1, n being no multiple of 7.
    let rows: String = (0..n).map(|at| format!("area{at},{}\n", at * 7 % n)).collect();
    fs::write(&table, format!("area,score\n{rows}")).unwrap();
    let grades: Vec<String> = (1..=10).map(|d| format!("{{ grade = '{d}', share = 0.1 }}")).collect();
    let own =
        format!("[score]\nid = 'area'\ngrades = [{}]\n[score.indicators.value]\ncolumn = 'score'\n", grades.join(", "));
    let declared = "[score.uncertainty]\ndraws = 20\nfactors = { w = { type = 'error', share = { value = 0.05 } } }\n";
    fs::write(&policy, format!("{own}{declared}")).unwrap();
    let ran = touyan("en", &["score", text(&table), "--policy", text(&policy), "--out", text(&out)]);
    assert_eq!(code(&ran), 0, "{}", stderr(&ran));
    let scores = frame::read_parquet(&out.join("scores.parquet")).unwrap();
    let (ranks, grades) = (frame::wholes(&scores, "rank").unwrap(), frame::words(&scores, "grade").unwrap());
    for (rank, grade) in ranks.iter().zip(&grades) {
        // Decile d ends with rank floor(d · n / 10).
        let decile = (1..=10).find(|d| rank.unwrap() as usize <= d * n / 10).unwrap();
        assert_eq!(*grade, decile.to_string());
    }
    assert_eq!(grades, frame::words(&scores, "grade_reached").unwrap());
    // In every draw each decile is filled: its probabilities sum to its size.
    let ranges = frame::read_parquet(&out.join("ranks.parquet")).unwrap();
    for d in 1..=10 {
        let size = d * n / 10 - (d - 1) * n / 10;
        let sum: f64 = frame::numbers(&ranges, &format!("p_{d}")).unwrap().into_iter().flatten().sum();
        assert!((sum - size as f64).abs() < 1e-6, "{d}: {sum}");
    }
}

#[test]
fn classes_peers_and_benchmarks_are_told_where_context_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let mut rows = String::from("place,size,road,points\n");
    for at in 0..60 {
        // Two clouds of places, the second ten times as large.
        let (scale, shift) = if at % 2 == 0 { (1.0, 0.0) } else { (10.0, 40.0) };
        rows += &format!("p{at:02},{},{},{}\n", scale * (100.0 + f64::from(at)), shift + f64::from(at % 7), at);
    }
    let (table, policy, out) = (dir.path().join("t.csv"), dir.path().join("p.toml"), dir.path().join("out"));
    fs::write(&table, rows).unwrap();
    let classes = "[score.classes]\ncolumns = ['size', 'road']\nlog = ['size']\nnumber = [2, 4]\npeers = 3\n";
    fs::write(&policy, format!("[score]\nid = 'place'\n{classes}[score.indicators.points]\n[score.indicators.road]\n"))
        .unwrap();
    let run = touyan("en", &["score", text(&table), "--policy", text(&policy), "--out", text(&out)]);
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    let read = |name: &str| frame::read_parquet(&out.join(format!("{name}.parquet"))).unwrap();
    let proposed = read("classes");
    let classes = frame::wholes(&proposed, "proposed").unwrap();
    assert!((0..60).all(|at| classes[at] == Some(1 + (at as i64) % 2)));
    assert!(frame::numbers(&proposed, "stability").unwrap().iter().all(|s| s.unwrap() > 0.95));
    assert_eq!(read("peers").height(), 180);
    let marks = read("benchmarks");
    assert!(frame::numbers(&marks, "to_best").unwrap().iter().all(|gap| gap.unwrap() <= 0.0));
    assert_eq!(marks.height(), 60 * 3);
    assert_eq!(read("coherence").height(), 2);
    assert_eq!(read("correlations").height(), 1 + 2);
}

#[test]
fn numbers_whose_squares_overflow_are_refused_and_sobol_needs_draws() {
    let dir = tempfile::tempdir().unwrap();
    let (table, policy) = (dir.path().join("t.csv"), dir.path().join("p.toml"));
    fs::write(&table, "place,a\nx,3e160\ny,1e160\nz,2e160\n").unwrap();
    fs::write(&policy, "[score]\nid = 'place'\n[score.indicators.a]\n").unwrap();
    let ran = touyan("en", &["score", text(&table), "--policy", text(&policy)]);
    assert_eq!(code(&ran), 2);
    assert!(stderr(&ran).contains("the value of x lies beyond"), "{}", stderr(&ran));
    let sobol = "[score.uncertainty]\ndraws = 0\nsobol = { base = 64 }\n[score.uncertainty.factors.w]\ntype = 'weights'\nlaw = { type = 'uniform' }\n";
    fs::write(&policy, format!("[score]\nid = 'place'\n[score.indicators.a]\n{sobol}")).unwrap();
    let ran = touyan("en", &["score", text(&table), "--policy", text(&policy)]);
    assert_eq!(code(&ran), 2);
    assert!(stderr(&ran).contains("score.uncertainty.draws"), "{}", stderr(&ran));
}

#[test]
fn a_table_without_a_policy_is_told_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let table = dir.path().join("t.csv");
    fs::write(&table, "place,a\nx,3\ny,1\n").unwrap();
    for (lang, word) in [("en", "--policy P.toml"), ("zh", "指标政策")] {
        let ran = touyan(lang, &["score", text(&table)]);
        assert_eq!(code(&ran), 2);
        assert!(stderr(&ran).contains(word), "{}", stderr(&ran));
    }
}
