//! The program as a user meets it: commands, exit codes, output folders, verification.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use touyan::frame;
use touyan::lang::Lang;

/// The binary, in English, away from the machine's locale.
pub(crate) fn touyan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_touyan")).args(["--lang", "en"]).args(arguments).output().unwrap()
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The demo county's book, with its salt beside it.
fn demo_book(dir: &Path) -> PathBuf {
    let book = dir.join("book");
    fs::create_dir(&book).unwrap();
    for (name, bytes) in touyan::synth::demo() {
        fs::write(book.join(name), bytes).unwrap();
    }
    fs::write(touyan::book::salt_file(&book), touyan::synth::DEMO_SALT).unwrap();
    book
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap())
        .map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).unwrap()))
        .filter(|(name, _)| name != touyan::run::TIMINGS)
        .collect()
}

#[test]
fn demo_goes_through_every_stage() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("demo");
    let ran = touyan(&["demo", "--out", out.to_str().unwrap()]);
    assert_eq!(code(&ran), 0, "{}", stderr(&ran));
    let said = stdout(&ran);
    assert!(said.contains("413 villages") && said.contains("report.html"), "{said}");
    for name in ["report.html", "report.xlsx", "run.json", "scores.parquet", "assignment.parquet", "ladder.parquet"] {
        assert!(out.join("out").join(name).is_file(), "{name}");
    }
    let verified = touyan(&["verify", out.join("out").to_str().unwrap(), "--book", out.join("book").to_str().unwrap()]);
    assert_eq!(code(&verified), 0, "{}{}", stdout(&verified), stderr(&verified));
    assert!(stdout(&verified).contains("level 3"), "{}", stdout(&verified));
}

#[test]
fn same_bytes_for_any_thread_count_and_place() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo_book(dir.path());
    let runs: Vec<BTreeMap<String, Vec<u8>>> = ["1", "2", "4"]
        .iter()
        .map(|threads| {
            let out = dir.path().join(format!("out{threads}"));
            let ran = touyan(&[
                "run",
                book.to_str().unwrap(),
                "--out",
                out.to_str().unwrap(),
                "--threads",
                threads,
                "--format",
                "csv",
            ]);
            assert_eq!(code(&ran), 0, "{}", stderr(&ran));
            files(&out)
        })
        .collect();
    for other in &runs[1..] {
        for (name, bytes) in &runs[0] {
            assert!(other.get(name) == Some(bytes), "{name} depends on the thread count");
        }
        assert_eq!(runs[0].len(), other.len());
    }
}

/// What is done to an output, and what it is done to.
type Tamper = (&'static str, fn(&Path));

/// Rewrites one table of an output and mends its hash in `run.json`, as a careful forger would.
pub(crate) fn forge(
    out: &Path,
    name: &str,
    change: impl FnOnce(polars::prelude::DataFrame) -> polars::prelude::DataFrame,
) {
    let path = out.join(format!("{name}.parquet"));
    let changed = change(frame::read_parquet(&path).unwrap());
    let mut bytes = Vec::new();
    frame::write_parquet(&changed, &mut bytes).unwrap();
    fs::write(&path, &bytes).unwrap();
    let log = out.join("run.json");
    let mut json: serde_json::Value = serde_json::from_str(&fs::read_to_string(&log).unwrap()).unwrap();
    json["outputs"][format!("{name}.parquet")] = blake3::hash(&bytes).to_hex().to_string().into();
    fs::write(&log, format!("{json:#}\n")).unwrap();
}

#[test]
fn verify_finds_each_kind_of_tampering() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo_book(dir.path());
    let pristine = dir.path().join("out");
    let ran = touyan(&["run", book.to_str().unwrap(), "--out", pristine.to_str().unwrap()]);
    assert_eq!(code(&ran), 0, "{}", stderr(&ran));

    // Found from the output alone.
    let alone: [Tamper; 5] = [
        ("a file removed", |out| fs::remove_file(out.join("ladder.parquet")).unwrap()),
        ("a file added", |out| fs::write(out.join("extra.csv"), "x").unwrap()),
        ("a byte changed", |out| {
            let mut bytes = fs::read(out.join("report.html")).unwrap();
            bytes[1000] ^= 1;
            fs::write(out.join("report.html"), bytes).unwrap();
        }),
        ("a score changed", |out| {
            forge(out, "scores", |table| {
                let mut values = frame::numbers(&table, "score").unwrap();
                let place = values.iter().position(Option::is_some).unwrap();
                values[place] = values[place].map(|v| v + 0.5);
                replace(table, frame::Build::new().number("score", values))
            });
        }),
        ("two people swapped", |out| {
            forge(out, "assignment", |table| {
                let people: Vec<String> =
                    frame::words(&table, "candidate").unwrap().into_iter().map(str::to_owned).collect();
                let fits = frame::numbers(&table, "fit").unwrap();
                let other = fits.iter().position(|f| *f != fits[0]).unwrap();
                let mut people = people;
                people.swap(0, other);
                replace(table, frame::Build::new().str("candidate", &people))
            });
        }),
    ];
    for (what, tamper) in alone {
        let out = copy(&pristine, dir.path());
        tamper(&out);
        let verified = touyan(&["verify", out.to_str().unwrap()]);
        assert_eq!(code(&verified), 1, "{what} went unnoticed: {}", stdout(&verified));
    }

    // A removed edge leaves a consistent proof; only the book shows that it is missing.
    let out = copy(&pristine, dir.path());
    forge(&out, "edges", |table| {
        let chosen = frame::read_parquet(&out.join("assignment.parquet")).unwrap();
        let pair = |t: &polars::prelude::DataFrame| -> Vec<String> {
            let people = frame::words(t, "candidate").unwrap();
            frame::words(t, "vacancy").unwrap().iter().zip(people).map(|(v, c)| format!("{v} {c}")).collect()
        };
        let chosen = pair(&chosen);
        let spare = pair(&table).iter().position(|p| !chosen.contains(p)).expect("a pair that was not chosen");
        let keep: polars::prelude::BooleanChunked = (0..table.height()).map(|i| Some(i != spare)).collect();
        table.filter(&keep).unwrap()
    });
    let verified = touyan(&["verify", out.to_str().unwrap(), "--book", book.to_str().unwrap()]);
    assert_eq!(code(&verified), 1, "a removed edge went unnoticed: {}", stdout(&verified));
    assert!(stdout(&verified).contains("edges.parquet"), "{}", stdout(&verified));
}

#[test]
fn a_matching_under_quotas_is_verified_in_every_edition() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo_book(dir.path());
    let policy = dir.path().join("quota.toml");
    fs::write(&policy, "[reserve.quotas.women]\nof = { sex = [\"female\"] }\nper = \"county\"\nleast = 1\n").unwrap();
    let [book, policy] = [&book, &policy].map(|path| path.to_str().unwrap());
    for (audience, alone) in [("summary", "– pairs and seats are as stated"), ("internal", "✓ the matching is optimal")]
    {
        let out = dir.path().join(audience);
        let out = out.to_str().unwrap();
        let ran = touyan(&["run", book, "--policy", policy, "--for", audience, "--out", out]);
        assert_eq!(code(&ran), 0, "{}", stderr(&ran));
        // Who belongs to the quota's group is no matter of a summary; a replay proves it all the same.
        let verified = touyan(&["verify", out]);
        assert_eq!(code(&verified), 0, "{}", stdout(&verified));
        assert!(stdout(&verified).contains(alone), "{}", stdout(&verified));
        let replayed = touyan(&["verify", out, "--book", book]);
        assert_eq!(code(&replayed), 0, "{}", stdout(&replayed));
    }
    // What needs no groups is checked in a summary too.
    let forged = copy(&dir.path().join("summary"), dir.path());
    forge(&forged, "match_summary", |table| {
        let items = frame::words(&table, "item").unwrap();
        let at = items.iter().position(|item| *item == "total_fit").unwrap();
        let mut values = frame::wholes(&table, "value").unwrap();
        values[at] = values[at].map(|v| v + 1);
        replace(table, frame::Build::new().whole("value", values))
    });
    let verified = touyan(&["verify", forged.to_str().unwrap()]);
    assert_eq!(code(&verified), 1, "{}", stdout(&verified));
}

fn replace(mut table: polars::prelude::DataFrame, column: frame::Build) -> polars::prelude::DataFrame {
    let column = column.done().unwrap();
    table.with_column(column.columns()[0].clone()).unwrap();
    table
}

pub(crate) fn copy(from: &Path, parent: &Path) -> PathBuf {
    let to = tempfile::Builder::new().prefix("copy-").tempdir_in(parent).unwrap().keep();
    for (name, bytes) in files(from) {
        fs::write(to.join(name), bytes).unwrap();
    }
    to
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    let nowhere = dir.path().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    assert_eq!(code(&touyan(&["--help"])), 0);
    assert_eq!(code(&touyan(&["--version"])), 0);
    for wrong in [
        &[][..],
        &["nonsense"],
        &["run"],
        &["run", nowhere, "--nonsense"],
        &["run", nowhere],
        &["check", nowhere],
        &["verify", nowhere],
        &["run", nowhere, "--as-of", "yesterday"],
    ] {
        let output = touyan(wrong);
        assert_eq!(code(&output), 2, "{wrong:?}");
        assert!(!stderr(&output).is_empty() && stdout(&output).is_empty(), "{wrong:?}");
    }
    let policy = dir.path().join("policy.toml");
    fs::write(&policy, "[meta]\nname = \"x\"\n\n[reserv]\n").unwrap();
    let output = touyan(&["run", nowhere, "--policy", policy.to_str().unwrap()]);
    assert_eq!(code(&output), 2);
    let said = stderr(&output);
    assert!(said.contains("line 4") && said.contains("`reserve`"), "{said}");
}

#[test]
fn an_output_never_replaces_what_is_not_one() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo_book(dir.path());
    let precious = dir.path().join("precious");
    fs::create_dir(&precious).unwrap();
    fs::write(precious.join("thesis.txt"), "x").unwrap();
    let ran = touyan(&["run", book.to_str().unwrap(), "--out", precious.to_str().unwrap()]);
    assert_eq!(code(&ran), 2);
    assert!(precious.join("thesis.txt").is_file());
    assert_eq!(fs::read_dir(&precious).unwrap().count(), 1);
}

#[test]
fn commands_answer_to_their_chinese_names() {
    for name in
        ["检查", "研判", "考评", "提级管理", "后备", "队伍结构", "说明", "审计", "核验", "合成", "演示", "初始化"]
    {
        let output =
            Command::new(env!("CARGO_BIN_EXE_touyan")).args(["--lang", "zh", name, "--help"]).output().unwrap();
        assert_eq!(code(&output), 0, "{name}");
        assert!(stdout(&output).contains("示例"), "{name} has no example");
    }
}

#[test]
fn the_reference_is_up_to_date() {
    for (lang, path) in [(Lang::En, "docs/cli.en.md"), (Lang::Zh, "docs/cli.zh.md")] {
        crate::bless(path, &touyan::cli::reference(lang));
    }
}

#[test]
fn init_twice_overwrites_nothing_and_says_how_to_get_fresh_ones() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("county");
    let place = folder.to_str().unwrap();
    assert_eq!(code(&touyan(&["init", place])), 0);
    let policy = folder.join("policy.toml");
    fs::write(&policy, "[meta]\nname = \"own\"\n").unwrap();
    let again = touyan(&["init", place]);
    assert_eq!(code(&again), 2, "nothing was done");
    let told = stderr(&again);
    assert!(told.contains(place) && told.contains("none was overwritten") && told.contains("another folder"), "{told}");
    assert_eq!(told.trim().lines().count(), 1, "one answer, not one per file: {told}");
    assert_eq!(fs::read_to_string(&policy).unwrap(), "[meta]\nname = \"own\"\n");
    // One is gone: it is written anew, the others are named as left alone.
    fs::remove_file(&policy).unwrap();
    let part = touyan(&["init", place]);
    assert_eq!(code(&part), 0);
    assert!(stdout(&part).contains("was not overwritten"), "{}", stdout(&part));
    assert!(policy.is_file());
}

#[test]
fn the_help_of_every_command_that_may_find_something_says_so() {
    for command in ["check", "verify", "audit"] {
        let help = stdout(&touyan(&[command, "--help"]));
        assert!(help.contains("Exits with 1"), "{command}: {help}");
    }
}

#[test]
fn the_default_policy_has_a_name_in_both_languages() {
    let mut meta = touyan::policy::Policy::default().meta;
    assert_eq!((meta.title(Lang::Zh).as_str(), meta.title(Lang::En).as_str()), ("默认政策", "default policy"));
    meta.name = "云溪县办法".into();
    assert_eq!(meta.title(Lang::En), "云溪县办法");
}
