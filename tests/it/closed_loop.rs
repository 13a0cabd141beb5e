//! Decisions come back, the journal's chain, the audit's rules: as a user meets them, and as files
//! that somebody has changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::DataFrame;
use touyan::audit::{self, Finding};
use touyan::book::{self, Book, Tables};
use touyan::decisions::{self, Advice};
use touyan::frame::{self, Build};
use touyan::journal::{self, Change, DecisionNote, Delta, Entry, FaultKind, Journal, Moved, WaiverNote};
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::run::{AsOfSource, Options, Outcome, pipeline};
use touyan::stage::Context;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn touyan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_touyan")).args(["--lang", "zh"]).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn ok(arguments: &[&str]) -> String {
    let output = touyan(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    said(&output)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The demo county's book, with its salt beside it.
fn demo_book(dir: &Path) -> PathBuf {
    let book = dir.join("book");
    fs::create_dir(&book).unwrap();
    for (name, bytes) in touyan::synth::demo() {
        fs::write(book.join(name), bytes).unwrap();
    }
    fs::write(book::salt_file(&book), touyan::synth::DEMO_SALT).unwrap();
    book
}

const AS_OF: &str = "2025-12-31";

/// The demo county, opened and run.
struct Desk {
    _dir: tempfile::TempDir,
    dir: PathBuf,
    book: Book,
    policy: Policy,
    advice: Vec<Advice>,
    outcome: Outcome,
}

impl Desk {
    fn new() -> Desk {
        let dir = tempfile::tempdir().unwrap();
        let path = demo_book(dir.path());
        let policy = Policy::default();
        let book = book::open(&path, &policy).unwrap();
        let options = Options { as_of: Some(day(AS_OF)), ..Options::default() };
        let outcome = pipeline(&book, &policy, &options, &()).unwrap();
        let advice = decisions::collect(&outcome.tables, &book.tables);
        Desk { dir: dir.path().to_owned(), _dir: dir, book, policy, advice, outcome }
    }

    /// The first advice of a list.
    fn first(&self, list: &str) -> &Advice {
        self.advice.iter().find(|a| a.list == list).unwrap()
    }

    /// A row of a CSV sheet as it was sent out, with what was filled in.
    fn row(&self, a: &Advice, fill: [&str; 7]) -> String {
        let check = self.book.seal.check(&[&a.rec_id, &a.list, &a.whom, &a.county]);
        let list = decisions::label(Lang::Zh, &a.list);
        format!("{},{list},{},{},{},{},{check}", a.rec_id, a.township, a.village_name, a.whom, fill.join(","))
    }

    fn sheet(&self, name: &str, rows: &[String]) -> PathBuf {
        let path = self.dir.join(name);
        let mut text = "改过的标题\n".to_owned();
        text.push_str(
            "建议编号,所属清单,乡镇,村,对象,办理意见,理由,研究机构,研究日期,完成时限,完成日期,办理结果,校验码\n",
        );
        text.push_str(&rows.join("\n"));
        text.push_str("\n\n注：以上由县委组织部汇总\n");
        fs::write(&path, text).unwrap();
        path
    }

    /// Runs with sheets of decisions.
    fn run(&self, files: &[PathBuf], as_of: &str) -> (decisions::Decisions, Outcome) {
        let read = decisions::read(files, &self.book, &self.policy, day(as_of), Lang::Zh).unwrap();
        let options = Options { as_of: Some(day(as_of)), decisions: Arc::new(read.clone()), ..Options::default() };
        let outcome = pipeline(&self.book, &self.policy, &options, &()).unwrap();
        (read, outcome)
    }
}

fn followed(outcome: &Outcome, id: &str) -> BTreeMap<&'static str, String> {
    let table = outcome.table(decisions::FOLLOW_UP).unwrap();
    let row = frame::words(table, "rec_id").unwrap().iter().position(|i| *i == id).unwrap();
    ["state", "decision", "reason", "body", "outcome", "list", "village", "whom"]
        .into_iter()
        .map(|c| (c, frame::words(table, c).unwrap()[row].to_owned()))
        .collect()
}

/// Reason → how many rows have it.
fn doubts(outcome: &Outcome) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for doubt in frame::words(outcome.table(decisions::FINDINGS).unwrap(), "doubt").unwrap() {
        *found.entry(doubt.to_owned()).or_insert(0) += 1;
    }
    found
}

fn has(outcome: &Outcome, part: &str) -> bool {
    doubts(outcome).keys().any(|d| d.contains(part))
}

fn counts(outcome: &Outcome) -> [i64; 5] {
    let table = outcome.table(decisions::SHEETS).unwrap();
    ["rows", "accepted", "flagged", "ignored", "quarantined"]
        .map(|c| frame::wholes(table, c).unwrap().into_iter().flatten().sum())
}

// ─── the sheet ───────────────────────────────────────────────────────────────

/// Place of a heading in the row of headings of a sheet that went out.
fn column(sheet: &umya_spreadsheet::Worksheet, heading: &str) -> u32 {
    (1..=20).find(|c| sheet.value((*c, 3)) == heading).unwrap()
}

#[test]
fn a_filled_sheet_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo_book(dir.path());
    let (first, second) = (dir.path().join("first"), dir.path().join("second"));
    ok(&["run", text(&book), "--out", text(&first), "--for", "internal", "--as-of", AS_OF]);
    let sent = first.join(decisions::FILE);

    // Fill in by program, as people do: dates in several forms, a new title, a note below.
    let mut workbook = umya_spreadsheet::reader::xlsx::read(&sent).unwrap();
    let sheet = workbook.sheet_mut(0).unwrap();
    let at = |sheet: &umya_spreadsheet::Worksheet, name: &str| column(sheet, name);
    let (decision, reason, body) = (at(sheet, "办理意见"), at(sheet, "理由"), at(sheet, "研究机构"));
    let (date, due, done) = (at(sheet, "研究日期"), at(sheet, "完成时限"), at(sheet, "完成日期"));
    let ids: Vec<String> = (4..8).map(|row| sheet.value((1, row))).collect();
    let fill = [
        ("采纳", "", "部务会", "2025年3月5日", "2025年6月", ""),
        ("采 纳", "", "部务会", "２０２５.3.5", "2025-12-30", "20251201"),
        ("不采纳", "已有专班", "部务会", "2025/3/5", "", ""),
        ("缓议", "待换届", "部务会", "2025.03", "", ""),
    ];
    for (row, (verdict, why, who, on, until, finished)) in (4..).zip(fill) {
        for (column, value) in
            [(decision, verdict), (reason, why), (body, who), (date, on), (due, until), (done, finished)]
        {
            sheet.cell_mut((column, row)).set_value_string(value);
        }
    }
    sheet.cell_mut((1, 1)).set_value_string("云溪县办理单（终稿）");
    let below = sheet.highest_row() + 2;
    sheet.cell_mut((1, below)).set_value_string("注：已经部务会研究");
    let filled = dir.path().join("终稿.xlsx");
    umya_spreadsheet::writer::xlsx::write(&workbook, &filled).unwrap();

    let told = ok(&["run", text(&book), "--out", text(&second), "--decisions", text(&filled), "--as-of", AS_OF]);
    assert!(told.contains("采纳 2（完成 1，逾期 1），不采纳 1，缓议 1"), "{told}");
    let table = frame::read_parquet(&second.join("decision_follow_up.parquet")).unwrap();
    let (id, state) = (frame::words(&table, "rec_id").unwrap(), frame::words(&table, "state").unwrap());
    let due = frame::dates(&table, "due").unwrap();
    let states: BTreeMap<&str, &str> = id.iter().copied().zip(state).collect();
    let found: Vec<&str> = ids.iter().map(|i| states[i.as_str()]).collect();
    assert_eq!(found, ["overdue", "done", "not_adopted", "deferred"]);
    // A month as a time limit ends on its last day.
    let place = id.iter().position(|i| *i == ids[0]).unwrap();
    assert_eq!(due[place], Some(day("2025-06-30")));

    // The next sheet carries what was decided: given back unchanged, it says the same.
    let third = dir.path().join("third");
    let again = second.join(decisions::FILE);
    let told = ok(&["run", text(&book), "--out", text(&third), "--decisions", text(&again), "--as-of", AS_OF]);
    assert!(told.contains("采纳 2（完成 1，逾期 1），不采纳 1，缓议 1"), "{told}");
    assert_eq!(
        fs::read(&again).unwrap(),
        fs::read(third.join(decisions::FILE)).unwrap(),
        "the same decisions give the same sheet"
    );

    // Verification needs the sheet, and says so.
    let (out, book) = (text(&second), text(&book));
    let without = touyan(&["verify", out, "--book", book]);
    assert_eq!(without.status.code(), Some(1));
    assert!(said(&without).contains("终稿.xlsx") && said(&without).contains("--decisions"), "{}", said(&without));
    let other = touyan(&["verify", out, "--book", book, "--decisions", text(&sent)]);
    assert_eq!(other.status.code(), Some(1), "{}", said(&other));
    let with = ok(&["verify", out, "--book", book, "--decisions", text(&filled)]);
    assert!(with.contains("流水账逐行相连"), "{with}");
}

#[test]
fn every_row_is_counted_and_tampering_is_told() {
    let desk = Desk::new();
    let talks = desk.first("talks").clone();
    let pool: Vec<&Advice> = desk.advice.iter().filter(|a| a.list == "pool_review").collect();
    let fine = ["采纳", "", "部务会", "2025-06-01", "2025-07-01", "", ""];
    let rows = [
        desk.row(&talks, fine),
        // Another person's ID over this row's code.
        desk.row(pool[0], fine).replacen(&pool[0].rec_id, &pool[1].rec_id, 1),
        // Another person beside this row's ID.
        desk.row(pool[2], fine).replacen(&pool[2].whom, &pool[3].whom, 1),
        // An ID that nobody gave, without a check code.
        "T0123456789,后备库调整建议,,,,采纳,,,2025-06-01,,,,".to_owned(),
        // No reason; no word that is known; after the reference date; nothing filled in.
        desk.row(pool[4], ["不采纳", "", "部务会", "2025-06-01", "", "", ""]),
        desk.row(pool[5], ["看情况", "", "部务会", "2025-06-01", "", "", ""]),
        desk.row(pool[6], ["采纳", "", "部务会", "2026-01-01", "", "", ""]),
        desk.row(pool[7], [""; 7]),
        // Two words about one thing on one day.
        desk.row(pool[8], ["采纳", "", "部务会", "2025-06-01", "", "", ""]),
        desk.row(pool[8], ["不采纳", "不妥", "部务会", "2025-06-01", "", "", ""]),
        // A later word over an earlier one.
        desk.row(pool[9], ["缓议", "待查", "部务会", "2025-05-01", "", "", ""]),
        desk.row(pool[9], ["采纳", "", "部务会", "2025-06-01", "", "", ""]),
        // A date that is none.
        desk.row(pool[10], ["采纳", "", "部务会", "2025年13月", "", "", ""]),
    ];
    let sheet = desk.sheet("a.csv", &rows);
    let (_, outcome) = desk.run(std::slice::from_ref(&sheet), AS_OF);
    let [all, accepted, flagged, ignored, quarantined] = counts(&outcome);
    assert_eq!(all, rows.len() as i64 + 4, "title, headings, blank and note are rows too");
    assert_eq!(accepted + ignored + quarantined, all);
    // Not used: two tampered, one unknown, one word, two that contradict each other.
    assert_eq!((accepted, quarantined), (5, 6), "{:?}", doubts(&outcome));
    assert_eq!(ignored, 2 + 4, "after the date, undecided, and the four of the frame");
    assert_eq!(flagged, 3, "no reason, superseded, no date: {:?}", doubts(&outcome));
    for part in ["与本行内容不符", "空着，该行未采用", "只认采纳", "晚于研判基准日", "分不出先后", "请补写理由"]
    {
        assert!(has(&outcome, part), "{part}: {:?}", doubts(&outcome));
    }
    let table = outcome.table(decisions::FINDINGS).unwrap();
    let rows_told = frame::wholes(table, "row").unwrap();
    assert!(rows_told.contains(&Some(4)) && rows_told.contains(&Some(5)), "rows as the file counts: {rows_told:?}");
    assert_eq!(followed(&outcome, &talks.rec_id)["state"], "overdue");
    assert_eq!(followed(&outcome, &pool[4].rec_id)["state"], "not_adopted");
    assert_eq!(followed(&outcome, &pool[6].rec_id)["state"], "undecided");
    // What is dated later is not used, and goes on into the next sheet.
    let later = outcome.table(decisions::LATER).unwrap();
    assert_eq!(frame::words(later, "rec_id").unwrap(), [pool[6].rec_id.as_str()]);
    assert_eq!(frame::words(later, "decision").unwrap(), ["adopted"]);
    assert_eq!(followed(&outcome, &pool[8].rec_id)["state"], "undecided");
    assert_eq!(followed(&outcome, &pool[9].rec_id)["decision"], "adopted");

    // Without a column of check codes an ID that nobody gave is told, and a row of another village.
    let bare = desk.sheet("b.csv", &[]).with_file_name("bare.csv");
    let lines = [
        "建议编号,所属清单,乡镇,村,办理意见,研究日期".to_owned(),
        "T0123456789,后备库调整建议,,,采纳,2025-06-01".to_owned(),
        format!("{},后备库调整建议,别的乡,别的村,采纳,2025-06-01", pool[11].rec_id),
        format!("{},后备库调整建议,,,采纳,2025-06-01", pool[12].rec_id),
    ];
    std::fs::write(&bare, lines.join("\n")).unwrap();
    let (_, loose) = desk.run(std::slice::from_ref(&bare), AS_OF);
    assert_eq!(counts(&loose)[1..], [1, 1, 1, 2], "{:?}", doubts(&loose));
    assert!(has(&loose, "不是本台账发出的建议"), "{:?}", doubts(&loose));

    // As of an earlier day none of it is known.
    let (_, earlier) = desk.run(&[sheet], "2025-04-30");
    let states: Vec<&str> = frame::words(earlier.table(decisions::FOLLOW_UP).unwrap(), "decision").unwrap();
    assert!(states.iter().filter(|s| !s.is_empty()).count() <= 1, "only the undated row is left");
}

#[test]
fn copies_of_townships_join_in_any_order() {
    let desk = Desk::new();
    let pool: Vec<&Advice> = desk.advice.iter().filter(|a| a.list == "pool_review").take(4).collect();
    let row = |a: &Advice, why: &str| desk.row(a, ["不采纳", why, "镇党委", "2025-06-01", "", "", ""]);
    let a = desk.sheet("a.csv", &[row(pool[0], "一"), row(pool[1], "二")]);
    let b = desk.sheet("b.csv", &[row(pool[2], "三"), row(pool[1], "二")]);
    let (one, first) = desk.run(&[a.clone(), b.clone()], AS_OF);
    let (two, second) = desk.run(&[b, a], AS_OF);
    assert_eq!(one.files, two.files);
    for name in [decisions::FOLLOW_UP, decisions::TAKEN, decisions::FINDINGS, decisions::SHEETS] {
        assert!(first.table(name).unwrap().equals_missing(second.table(name).unwrap()), "{name}");
    }
    assert_eq!(counts(&first)[1], 4, "a row that says the same again is accepted");
    assert_eq!(followed(&first, &pool[2].rec_id)["reason"], "三");
}

/// The row of a sheet that holds an advice.
fn row_with(sheet: &umya_spreadsheet::Worksheet, id: &str) -> u32 {
    (4..=sheet.highest_row()).find(|r| sheet.value((1, *r)) == id).unwrap()
}

#[test]
fn what_was_changed_in_a_sheet_is_told() {
    let desk = Desk::new();
    let out = desk.dir.join("sent");
    ok(&["run", text(&desk.dir.join("book")), "--out", text(&out), "--for", "internal", "--as-of", AS_OF]);
    let mut workbook = umya_spreadsheet::reader::xlsx::read(out.join(decisions::FILE)).unwrap();
    let sheet = workbook.sheet_mut(0).unwrap();
    let at = |sheet: &umya_spreadsheet::Worksheet, name: &str| column(sheet, name);
    let (village, advice, verdict) = (at(sheet, "村"), at(sheet, "研判建议"), at(sheet, "办理意见"));
    let (body, date, due) = (at(sheet, "研究机构"), at(sheet, "研究日期"), at(sheet, "完成时限"));
    let reason = at(sheet, "理由");
    let picked: Vec<String> =
        desk.advice.iter().filter(|a| a.list == "supervision").map(|a| a.rec_id.clone()).collect();
    let rows: Vec<u32> = picked.iter().take(5).map(|id| row_with(sheet, id)).collect();
    for row in &rows {
        for (column, value) in [(verdict, "采纳"), (body, "部务会"), (date, "2025-06-01"), (due, "2025-12-30")] {
            sheet.cell_mut((column, *row)).set_value_string(value);
        }
    }
    let other = sheet.value((village, rows[4]));
    assert_ne!(other, sheet.value((village, rows[0])));
    sheet.cell_mut((village, rows[0])).set_value_string(other);
    sheet.cell_mut((advice, rows[1])).set_value_string("另写的建议");
    sheet.cell_mut((due, rows[2])).set_value_string("2025-05-31");
    sheet.cell_mut((body, rows[3])).set_value_string("");
    let spaced = format!(" {} ", sheet.value((advice, rows[4])));
    sheet.cell_mut((advice, rows[4])).set_value_string(spaced);
    let filled = desk.dir.join("改过.xlsx");
    umya_spreadsheet::writer::xlsx::write(&workbook, &filled).unwrap();
    let (_, outcome) = desk.run(std::slice::from_ref(&filled), AS_OF);
    let table = outcome.table(decisions::FINDINGS).unwrap();
    let told: Vec<(i64, &str, &str)> = frame::wholes(table, "row")
        .unwrap()
        .into_iter()
        .flatten()
        .zip(frame::words(table, "column").unwrap())
        .zip(frame::words(table, "doubt").unwrap())
        .map(|((row, column), doubt)| (row, column, doubt))
        .collect();
    let wanted = [
        (0, "村", "与下发时不同"),
        (1, "研判建议", "与下发时不同"),
        (2, "完成时限", "早于研究日期"),
        (3, "研究机构", "请补写研究机构"),
    ];
    for (place, column, part) in wanted {
        let found = told.iter().filter(|t| t.0 == i64::from(rows[place]) && t.1 == column && t.2.contains(part));
        assert_eq!(found.count(), 1, "{column}: {told:?}");
    }
    assert_eq!(told.len(), wanted.len(), "a space is no change: {told:?}");
    // The ID counts: the edited row stays with the village that it was sent out for.
    let own = desk.advice.iter().find(|a| a.rec_id == picked[0]).unwrap();
    assert_eq!(followed(&outcome, &picked[0])["village"], own.village);
    assert_eq!(frame::words(table, "fate").unwrap(), vec!["flagged"; wanted.len()]);

    // A heading under another name is named by what was looked for and by what stands there.
    let sheet = workbook.sheet_mut(0).unwrap();
    sheet.cell_mut((reason, 3)).set_value_string("依据简述");
    umya_spreadsheet::writer::xlsx::write(&workbook, &filled).unwrap();
    let (_, outcome) = desk.run(std::slice::from_ref(&filled), AS_OF);
    let doubt = doubts(&outcome).into_keys().find(|d| d.contains("依据简述")).unwrap();
    assert!(doubt.contains("“理由”"), "{doubt}");
    let sheet = workbook.sheet_mut(0).unwrap();
    sheet.cell_mut((verdict, 3)).set_value_string("怎么办");
    umya_spreadsheet::writer::xlsx::write(&workbook, &filled).unwrap();
    let (_, outcome) = desk.run(&[filled], AS_OF);
    assert!(has(&outcome, "缺少“办理意见”栏"), "{:?}", doubts(&outcome));
    assert_eq!(counts(&outcome)[1], 0);
}

#[test]
fn a_post_whose_holder_is_to_go_is_not_held_by_another() {
    let mut desk = Desk::new();
    let vacancies = desk.outcome.table("vacancies").unwrap();
    let words = |column: &str| frame::words(vacancies, column).unwrap();
    let aged: Vec<(String, String, String)> = (0..vacancies.height())
        .filter(|i| words("cause")[*i] == "age")
        .map(|i| (words("village")[i].to_owned(), words("post")[i].to_owned(), words("holder")[i].to_owned()))
        .collect();
    let found = desk.advice.iter().find_map(|a| {
        let of = matches!(a.list.as_str(), "assignment" | "shortlists");
        let seat = aged.iter().find(|(village, post, _)| *village == a.village && *post == a.post);
        Some((a.clone(), seat.filter(|_| of)?.clone()))
    });
    let (advice, (village, post, holder)) = found.unwrap();
    let sheet = desk.sheet("age.csv", &[desk.row(&advice, ["采纳", "", "部务会", "2025-06-01", "2025-12-30", "", ""])]);
    let (_, outcome) = desk.run(std::slice::from_ref(&sheet), AS_OF);
    let shown = followed(&outcome, &advice.rec_id)["outcome"].clone();
    assert!(shown.contains("原任职者仍在该岗位") && !shown.contains("他人"), "{shown}");

    // Somebody who took office after the decision is another.
    let posts = desk.book.tables.get("posts").clone();
    let (villages, kinds) = (frame::words(&posts, "village").unwrap(), frame::words(&posts, "post").unwrap());
    let mut people: Vec<Option<String>> =
        frame::texts(&posts, "person").unwrap().into_iter().map(|p| p.map(str::to_owned)).collect();
    let mut since = frame::dates(&posts, "since").unwrap();
    let at = (0..posts.height())
        .find(|i| villages[*i] == village && kinds[*i] == post && people[*i].as_deref() == Some(&holder))
        .unwrap();
    people[at] = Some("RAAAAAAAAAAAA".to_owned());
    since[at] = Some(day("2025-08-01"));
    let built = Build::new().text("person", people).date("since", since).done().unwrap();
    let mut posts = posts;
    for column in built.columns() {
        posts.with_column(column.clone()).unwrap();
    }
    desk.book.tables.set("posts", posts).unwrap();
    let (_, outcome) = desk.run(&[sheet], AS_OF);
    let shown = followed(&outcome, &advice.rec_id)["outcome"].clone();
    assert!(shown.contains("已由他人接任（2025-08-01起）"), "{shown}");
}

#[test]
fn bad_sheets_get_a_clear_answer() {
    let desk = Desk::new();
    let write = |name: &str, text: &str| {
        let path = desk.dir.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let nothing = write("x.csv", "甲,乙\n1,2\n");
    let read =
        |file: &PathBuf| decisions::read(std::slice::from_ref(file), &desk.book, &desk.policy, day(AS_OF), Lang::Zh);
    let error = read(&nothing).unwrap_err().render(Lang::Zh);
    assert!(error.contains("x.csv") && error.contains("建议编号"), "{error}");
    assert!(read(&desk.dir.join("nowhere.xlsx")).is_err());
    // A needed column is gone: the sheet is not used, none of its rows is lost.
    let cut = write("cut.csv", "建议编号,所属清单,乡镇,理由\nT0123456789,村,镇,不妥\n");
    let (_, outcome) = desk.run(&[cut], AS_OF);
    assert_eq!(counts(&outcome), [2, 0, 0, 0, 2]);
    assert!(has(&outcome, "办理意见"), "{:?}", doubts(&outcome));
    // Another county's sheet: its codes are keyed by another salt.
    let mut foreign = Desk::new();
    foreign.book.seal = touyan::ident::Salt([9; 32]).seal();
    let a = desk.first("talks");
    let sheet = desk.sheet("other.csv", &[foreign.row(a, ["采纳", "", "部务会", "2025-06-01", "", "", ""])]);
    let (_, outcome) = desk.run(&[sheet], AS_OF);
    assert!(has(&outcome, "别县"), "{:?}", doubts(&outcome));
}

#[test]
fn advice_of_an_earlier_run_is_still_followed() {
    let desk = Desk::new();
    let mut old = desk.first("supervision").clone();
    // As an earlier run would have given it, under another rule.
    old.rec_id = touyan::ident::recommendation("supervise", "earlier", "rule");
    let sheet = desk.sheet("old.csv", &[desk.row(&old, ["采纳", "", "部务会", "2025-06-01", "2025-07-01", "", ""])]);
    let (_, outcome) = desk.run(&[sheet], AS_OF);
    let found = followed(&outcome, &old.rec_id);
    assert_eq!((found["state"].as_str(), found["village"].as_str()), ("overdue", old.village.as_str()));
    let table = outcome.table(decisions::FOLLOW_UP).unwrap();
    let row = frame::words(table, "rec_id").unwrap().iter().position(|i| *i == old.rec_id).unwrap();
    assert_eq!(frame::flags(table, "still_recommended").unwrap()[row], Some(false));
    assert!(found["outcome"].contains("名单"), "{found:?}");
}

#[test]
fn a_summary_names_nobody_whom_a_reason_names() {
    let desk = Desk::new();
    let people = desk.book.tables.get("people");
    let name = frame::words(people, "name").unwrap().into_iter().find(|n| n.chars().count() == 3).unwrap();
    let a = desk.first("talks");
    let row = desk.row(a, ["不采纳", &format!("{name}已调走 13800131234"), "部务会", "2025-06-01", "", "", ""]);
    let (_, outcome) = desk.run(&[desk.sheet("n.csv", &[row])], AS_OF);
    let reason = followed(&outcome, &a.rec_id)["reason"].clone();
    assert!(reason.contains("已调走") && !reason.contains(name) && !reason.contains("13800131234"), "{reason}");
}

// ─── waivers ─────────────────────────────────────────────────────────────────

fn waivers(desk: &Desk, name: &str, rows: &[String]) -> PathBuf {
    let path = desk.dir.join(name);
    fs::write(&path, format!("人选,不宜情形,理由,研究机构,研究日期\n{}\n", rows.join("\n"))).unwrap();
    path
}

#[test]
fn a_waiver_lifts_a_soft_gate_and_never_a_hard_one() {
    let desk = Desk::new();
    let bars = desk.outcome.table("bars").unwrap();
    let (who, gate) = (frame::words(bars, "candidate").unwrap(), frame::words(bars, "gate").unwrap());
    let level = frame::words(bars, "hardness").unwrap();
    let of = |person: &str, wanted: &str| (0..who.len()).filter(|i| who[*i] == person && level[*i] == wanted).count();
    let rows = 0..who.len();
    // Held back by one soft gate alone, in a village (or township) with a vacancy.
    let before: Vec<&str> = frame::words(desk.outcome.table("edges").unwrap(), "candidate").unwrap();
    let soft: Vec<usize> =
        rows.clone().filter(|i| level[*i] == "soft" && of(who[*i], "soft") == 1 && of(who[*i], "hard") == 0).collect();
    let hard = rows.clone().find(|i| level[*i] == "hard").unwrap();
    let label = |i: usize| decisions::gate_label(&desk.policy, Lang::Zh, gate[i]);
    let line = |i: usize, why: &str, body: &str, on: &str| format!("{},{},{why},{body},{on}", who[i], label(i));
    assert!(!soft.is_empty(), "the demo county has soft bars");

    let mut lines: Vec<String> = soft.iter().map(|i| line(*i, "工作需要", "部务会", "2025-06-01")).collect();
    lines.push(line(hard, "工作需要", "部务会", "2025-06-01"));
    let (_, outcome) = desk.run(&[waivers(&desk, "w.csv", &lines)], AS_OF);
    let after: Vec<&str> = frame::words(outcome.table("edges").unwrap(), "candidate").unwrap();
    let gained = soft.iter().filter(|i| !before.contains(&who[**i]) && after.contains(&who[**i])).count();
    assert!(gained > 0, "nobody of {} became eligible", soft.len());
    let granted = outcome.table(decisions::GRANTED).unwrap();
    let states = frame::words(granted, "state").unwrap();
    assert_eq!(states.iter().filter(|s| **s == "granted").count(), soft.len());
    assert_eq!(states.iter().filter(|s| **s == "refused_hard").count(), 1);
    assert!(has(&outcome, "不能"), "{:?}", doubts(&outcome));
    // The hard bar stays, the soft one is marked beside the name.
    let bars = outcome.table("bars").unwrap();
    let now: Vec<(&str, &str, &str)> = frame::words(bars, "candidate")
        .unwrap()
        .into_iter()
        .zip(frame::words(bars, "gate").unwrap())
        .zip(frame::words(bars, "hardness").unwrap())
        .map(|((c, g), h)| (c, g, h))
        .collect();
    assert!(now.contains(&(who[hard], gate[hard], "hard")));
    assert!(soft.iter().all(|i| now.contains(&(who[*i], gate[*i], "waived"))));
    let said = frame::words(outcome.table("shortlists").unwrap(), "soft_bars").unwrap();
    assert!(said.iter().any(|s| s.contains("经豁免") && s.contains("部务会") && s.contains("工作需要")), "{said:?}");

    // Without reason, body or date, or dated after the reference date, nothing is lifted.
    let i = soft[0];
    for (why, body, on, state) in [
        ("", "部务会", "2025-06-01", Some("incomplete")),
        ("需要", "", "2025-06-01", Some("incomplete")),
        ("需要", "部务会", "", Some("incomplete")),
        ("需要", "部务会", "2026-06-01", Some("later")),
    ] {
        let (_, outcome) = desk.run(&[waivers(&desk, "w2.csv", &[line(i, why, body, on)])], AS_OF);
        let found = frame::words(outcome.table(decisions::GRANTED).unwrap(), "state").unwrap();
        assert_eq!(found.first().copied(), state, "{why} {body} {on}");
        assert!(
            outcome.table("bars").unwrap().equals_missing(desk.outcome.table("bars").unwrap()),
            "{why} {body} {on}: a bar was lifted"
        );
    }
}

// ─── the journal ─────────────────────────────────────────────────────────────

fn line(note: &str) -> Entry {
    Entry { kind: "run".into(), note: note.into(), ..Entry::default() }
}

/// A journal of five lines, and its lines.
fn five() -> (tempfile::TempDir, PathBuf, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("b.journal.jsonl");
    for i in 0..5 {
        journal::append(&path, |_| line(&i.to_string())).unwrap();
    }
    let lines = fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
    (dir, path, lines)
}

fn faults(lines: &[String]) -> Vec<(usize, FaultKind)> {
    let mut text = lines.join("\n");
    text.push('\n');
    journal::read_text(&text).faults.iter().map(|f| (f.line, f.kind)).collect()
}

/// A line as a careful forger writes it: its own hash is right.
fn forged(seq: u64, prev: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f.jsonl");
    journal::append(&path, |_| line("forged")).unwrap();
    let plain = fs::read_to_string(&path).unwrap();
    let (content, _) = plain.trim_end().rsplit_once(",\"hash\":\"").unwrap();
    let content = content.replacen("\"seq\":1", &format!("\"seq\":{seq}"), 1).replacen(journal::GENESIS, prev, 1);
    let hash = blake3::hash(format!("{content}}}").as_bytes()).to_hex();
    format!("{content},\"hash\":\"{hash}\"}}")
}

#[test]
fn each_forgery_of_the_journal_is_named_by_line() {
    let (_dir, _, lines) = five();
    assert_eq!(faults(&lines), []);
    let hash = |line: &str| blake3::hash(line.as_bytes()).to_hex().to_string();

    let mut changed = lines.clone();
    changed[2] = changed[2].replacen("\"note\":\"2\"", "\"note\":\"9\"", 1);
    assert_eq!(faults(&changed), [(3, FaultKind::Changed)]);
    // The last line too: it has a hash of its own.
    let mut changed = lines.clone();
    changed[4] = changed[4].replacen("\"note\":\"4\"", "\"note\":\"9\"", 1);
    assert_eq!(faults(&changed), [(5, FaultKind::Changed)]);
    // Its own hash mended: the next line knows it otherwise.
    let mut changed = lines.clone();
    changed[2] = forged(3, &hash(&lines[1]));
    assert_eq!(faults(&changed), [(3, FaultKind::Changed)]);

    let mut removed = lines.clone();
    removed.drain(1..3);
    assert_eq!(faults(&removed), [(2, FaultKind::Removed(2))]);
    let mut removed = lines.clone();
    removed.remove(0);
    assert_eq!(faults(&removed), [(1, FaultKind::Removed(1))]);

    let mut inserted = lines.clone();
    inserted.insert(3, forged(4, &hash(&lines[2])));
    assert_eq!(faults(&inserted), [(4, FaultKind::Inserted)]);
    let mut inserted = lines.clone();
    inserted.insert(3, "nonsense".into());
    assert_eq!(faults(&inserted), [(4, FaultKind::Changed), (4, FaultKind::Inserted)]);
}

#[test]
fn an_unfinished_line_is_told_of_and_never_rewritten() {
    let (_dir, path, lines) = five();
    let whole = fs::read(&path).unwrap();
    for cut in [1, 20, lines[4].len() - 1] {
        let torn = &whole[..whole.len() - 1 - cut];
        fs::write(&path, torn).unwrap();
        let found = journal::read(&path).unwrap().unwrap();
        assert_eq!(found.faults.iter().map(|f| f.kind).collect::<Vec<_>>(), [FaultKind::Cut], "{cut}");
        let recorded = journal::append(&path, |_| line("after")).unwrap();
        assert_eq!(recorded.mended, Some(5));
        let now = fs::read(&path).unwrap();
        assert_eq!(&now[..torn.len()], torn, "what was there stays as it was");
        let found = journal::read(&path).unwrap().unwrap();
        assert_eq!((found.faults.len(), found.mended.as_slice(), found.lines), (0, &[5][..], 7));
    }
}

#[test]
fn two_runs_at_once_keep_the_chain() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("b.journal.jsonl");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let path = &path;
            scope.spawn(move || {
                for i in 0..20 {
                    journal::append(path, |_| line(&format!("{thread}.{i}"))).unwrap();
                }
            });
        }
    });
    let found = journal::read(&path).unwrap().unwrap();
    assert_eq!((found.faults.len(), found.lines, found.entries.len()), (0, 160, 160));
    let notes: std::collections::BTreeSet<&str> = found.entries.iter().map(|e| e.note.as_str()).collect();
    assert_eq!(notes.len(), 160, "no line is lost");
}

#[test]
fn a_change_of_policy_stands_in_the_journal_with_whom_it_moved() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo_book(dir.path());
    let out = dir.path().join("out");
    let policy = dir.path().join("policy.toml");
    fs::write(&policy, "[reserve.gates.education]\nlevel = \"bachelor\"\n[meta]\nname = \"新政策\"\n").unwrap();
    ok(&["run", text(&book), "--out", text(&out), "--as-of", AS_OF]);
    ok(&["run", text(&book), "--out", text(&out), "--as-of", AS_OF]);
    let told = ok(&[
        "run",
        text(&book),
        "--out",
        text(&out),
        "--policy",
        text(&policy),
        "--for",
        "internal",
        "--as-of",
        AS_OF,
    ]);
    assert!(told.contains("政策改动"), "{told}");
    let found = journal::read(&journal::file(&book)).unwrap().unwrap();
    assert_eq!((found.lines, found.faults.len()), (3, 0));
    let [first, second, third] = found.entries.as_slice() else { panic!("three lines") };
    assert!(first.policy.text.is_some() && second.policy.text.is_none() && third.policy.text.is_some());
    assert!(!first.advice.new.is_empty() && second.advice == Delta::default());
    assert_eq!((first.names_shown, third.names_shown), (false, true));
    let keys: Vec<&str> = third.changes.iter().map(|c| c.key.as_str()).collect();
    assert_eq!(keys, ["meta.name", "reserve.gates.education.level"]);
    assert!(!third.moved.is_empty());
    // A gate of the reserve moves nobody's grade, and no village.
    assert!(third.moved.iter().all(|m| matches!(m.list.as_str(), "assignment" | "shortlists")), "{:?}", third.moved);
    let bytes = fs::read_to_string(journal::file(&book)).unwrap();
    let people = frame::read_parquet(&book.join("people.parquet")).unwrap();
    let names = frame::words(&people, "name").unwrap();
    assert!(names.iter().all(|n| n.is_empty() || !bytes.contains(n)), "the journal names nobody");

    // The earlier output stands in the journal as well; a forged journal is named by verify.
    let verified = ok(&["verify", text(&out), "--book", text(&book)]);
    assert!(verified.contains("3 行"), "{verified}");
    fs::write(journal::file(&book), bytes.replacen("\"summary\"", "\"internal\"", 1)).unwrap();
    let verified = touyan(&["verify", text(&out), "--book", text(&book)]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(said(&verified).contains("第1行被改动"), "{}", said(&verified));
}

#[test]
fn a_journal_that_cannot_be_written_stops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo_book(dir.path());
    // A folder in its place: no user, not even root, can write it.
    fs::create_dir(journal::file(&book)).unwrap();
    let out = dir.path().join("out");
    let told = ok(&["run", text(&book), "--out", text(&out)]);
    assert!(told.contains("写不进去"), "{told}");
    assert!(out.join("run.json").is_file());
}

// ─── the audit ───────────────────────────────────────────────────────────────

/// Cells in columns; a name that ends in `:d` is a date, `:f` yes or no.
fn table(headers: &[&str], rows: &[&[&str]]) -> DataFrame {
    let mut build = Build::new();
    for (at, header) in headers.iter().enumerate() {
        let cells: Vec<Option<&str>> = rows.iter().map(|r| Some(r[at]).filter(|c| !c.is_empty())).collect();
        build = match header.split_once(':') {
            Some((name, "d")) => build.date(name, cells.iter().map(|c| c.map(day)).collect()),
            Some((name, _)) => build.flag(name, cells.iter().map(|c| c.map(|c| c == "yes")).collect()),
            None => build.text(header, cells),
        };
    }
    build.done().unwrap()
}

/// A village with a secretary whom nothing can be held against.
fn clean() -> Tables {
    let mut tables = Tables::default();
    let mut set = |name: &str, frame: DataFrame| tables.set(name, frame).unwrap();
    set("villages", table(&["county", "township", "village", "village_name"], &[&["石县", "青石镇", "v1", "大泉村"]]));
    set(
        "townships",
        table(&["county", "township", "secretary", "leader"], &[&["石县", "青石镇", "R00000000000L", "王领导"]]),
    );
    set(
        "people",
        table(
            &["county", "township", "village", "person", "name", "reviewed:d", "review_passed:f"],
            &[
                &["石县", "青石镇", "v1", "R00000000000A", "张三", "2025-01-10", "yes"],
                &["石县", "青石镇", "", "R00000000000L", "李书记", "", ""],
                &["石县", "青石镇", "v1", "R00000000000K", "赵推荐", "", ""],
            ],
        ),
    );
    set(
        "posts",
        table(
            &["county", "township", "village", "post", "person", "since:d", "filed_on:d", "filing_number"],
            &[&["石县", "青石镇", "v1", "secretary", "R00000000000A", "2025-03-01", "2025-03-20", "〔2025〕1号"]],
        ),
    );
    tables
}

fn look(tables: Tables, journal: Option<&Journal>) -> Vec<Finding> {
    let book = Book { tables, ..Book::default() };
    let outcome = Outcome {
        as_of: day(AS_OF),
        as_of_source: AsOfSource::Given,
        tables: BTreeMap::new(),
        stages: Vec::new(),
        notes: Vec::new(),
        unmet: None,
        previous: None,
        plain: BTreeMap::new(),
    };
    let policy = Policy::default();
    let ctx = Context { policy: &policy, as_of: day(AS_OF), seed: 1, lang: Lang::Zh };
    audit::audit(&book, &outcome, journal, &ctx).unwrap()
}

fn rules(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|f| f.rule).collect()
}

#[test]
fn each_rule_of_the_audit_finds_its_case_alone() {
    assert_eq!(rules(&look(clean(), None)), Vec::<&str>::new());
    let posts = |since: &str, filed: &str, number: &str| {
        table(
            &["county", "township", "village", "post", "person", "since:d", "filed_on:d", "filing_number"],
            &[&["石县", "青石镇", "v1", "secretary", "R00000000000A", since, filed, number]],
        )
    };
    let with = |name: &str, frame: DataFrame| {
        let mut tables = clean();
        tables.set(name, frame).unwrap();
        rules(&look(tables, None))
    };
    assert_eq!(with("posts", posts("2025-03-01", "", "")), ["filing_unrecorded"], "no filing at all in the book");
    let headers = ["county", "township", "village", "post", "person", "since:d", "filed_on:d", "filing_number"];
    let old = ["石县", "青石镇", "v1", "director", "R00000000000K", "2019-01-01", "2019-01-05", "3号"];
    let new = ["石县", "青石镇", "v1", "secretary", "R00000000000A", "2025-03-01", "", ""];
    assert_eq!(with("posts", table(&headers, &[&old, &new])), ["unfiled"]);
    assert_eq!(with("posts", posts("2025-03-01", "2025-08-01", "1号")), ["filed_late"]);
    assert_eq!(with("posts", posts("2025-03-01", "2025-03-20", "")), ["filed_without_number"]);
    let new = ["石县", "青石镇", "v1", "secretary", "R00000000000A", "2025-12-20", "", ""];
    assert_eq!(with("posts", table(&headers, &[&old, &new])), Vec::<&str>::new(), "there is still time to file");
    assert_eq!(with("posts", posts("2025-01-05", "2025-01-20", "1号")), ["review_late"]);
    assert_eq!(with("posts", posts("2016-01-05", "", "")), Vec::<&str>::new(), "before the months looked at");

    let event = |kind: &str, date: &str, recorded: &str| {
        table(
            &["county", "township", "village", "date:d", "recorded:d", "kind", "person"],
            &[&["石县", "青石镇", "v1", date, recorded, kind, "R00000000000A"]],
        )
    };
    assert_eq!(with("events", event("warning", "2024-06-01", "")), ["effect_period"]);
    assert_eq!(with("events", event("warning", "2024-02-28", "")), Vec::<&str>::new(), "the year is over");
    assert_eq!(with("events", event("warning", "2025-04-01", "")), Vec::<&str>::new(), "after the appointment");
    assert_eq!(with("events", event("warning", "2024-06-01", "2026-02-01")), Vec::<&str>::new(), "not known yet");
    assert_eq!(with("events", event("review_failed", "2025-02-20", "")), ["review_failed"]);

    let reviewed = |day: &str| {
        table(
            &["county", "township", "village", "person", "name", "reviewed:d", "review_passed:f"],
            &[
                &["石县", "青石镇", "v1", "R00000000000A", "张三", day, ""],
                &["石县", "青石镇", "", "R00000000000L", "李书记", "2025-01-01", "yes"],
            ],
        )
    };
    assert_eq!(with("people", reviewed("2023-12-01")), ["review_expired"]);
    assert_eq!(with("people", reviewed("")), ["review_missing"]);
    let never = table(&["county", "person", "name"], &[&["石县", "R00000000000A", "张三"]]);
    assert_eq!(with("people", never), ["review_unrecorded"], "said once, not of each person");

    let kin = |relative: &str, relation: &str| {
        table(&["county", "person", "relative", "relation"], &[&["石县", relative, "R00000000000A", relation]])
    };
    assert_eq!(with("kin", kin("R00000000000L", "sibling")), ["kin_of_leader"]);
    assert_eq!(with("kin", kin("R00000000000L", "other")), Vec::<&str>::new());
    let mut tables = clean();
    tables.set("kin", kin("R00000000000K", "spouse")).unwrap();
    assert_eq!(rules(&look(tables.clone(), None)), Vec::<&str>::new());
    tables
        .set("pool", table(&["county", "person", "recommended_by"], &[&["石县", "R00000000000A", "赵推荐"]]))
        .unwrap();
    assert_eq!(rules(&look(tables, None)), ["kin_of_recommender"]);
}

#[test]
fn the_audit_reads_the_journal() {
    let note = |date: &str, decision: &str, reasoned: bool| DecisionNote {
        rec_id: "T0000000001".into(),
        list: "supervision".into(),
        county: "石县".into(),
        township: "青石镇".into(),
        village: "v1".into(),
        decision: decision.into(),
        reasoned,
        date: Some(day(date)),
        ..DecisionNote::default()
    };
    let advised = |at: &str| Entry {
        kind: "run".into(),
        at: Some(day(at)),
        complete: true,
        advice: Delta { new: vec!["T0000000001".into()], gone: vec![] },
        ..Entry::default()
    };
    let moved = |village: &str| Entry {
        at: Some(day("2025-06-10")),
        changes: vec![Change { key: "supervise.limit".into(), old: Some("1".into()), new: Some("2".into()) }],
        moved: vec![Moved {
            list: "supervision".into(),
            county: "石县".into(),
            village: village.into(),
            ..Moved::default()
        }],
        ..Entry::default()
    };
    let decided = |d: DecisionNote| Entry { decisions: vec![d], ..Entry::default() };
    let of = |entries: Vec<Entry>| rules(&look(clean(), Some(&Journal { entries, ..Journal::default() })));
    assert_eq!(of(vec![advised("2025-06-01"), decided(note("2025-06-20", "adopted", false))]), Vec::<&str>::new());
    assert_eq!(
        of(vec![advised("2025-06-01"), decided(note("2025-05-20", "adopted", false))]),
        ["decided_before_advice"]
    );
    assert_eq!(of(vec![decided(note("2025-05-20", "not_adopted", false))]), ["against_without_reason"]);
    assert_eq!(of(vec![decided(note("2025-05-20", "not_adopted", true))]), Vec::<&str>::new());
    assert_eq!(of(vec![moved("v1"), decided(note("2025-06-20", "adopted", true))]), ["rule_changed_before_decision"]);
    assert_eq!(of(vec![moved("v2"), decided(note("2025-06-20", "adopted", true))]), Vec::<&str>::new());
    assert_eq!(of(vec![moved("v1"), decided(note("2025-09-20", "adopted", true))]), Vec::<&str>::new(), "long ago");
    let waiver = |body: &str, state: &str| Entry {
        waivers: vec![WaiverNote {
            county: "石县".into(),
            candidate: "R00000000000A".into(),
            gate: "education".into(),
            reason: "需要".into(),
            body: body.into(),
            date: Some(day("2025-06-01")),
            state: state.into(),
            ..WaiverNote::default()
        }],
        ..Entry::default()
    };
    assert_eq!(of(vec![waiver("部务会", "granted")]), Vec::<&str>::new());
    assert_eq!(of(vec![waiver("", "incomplete")]), ["waiver_incomplete"]);
    assert_eq!(of(vec![waiver("部务会", "refused_hard")]), ["waiver_of_hard_bar"]);
    let broken = journal::read_text("nonsense\n");
    assert_eq!(rules(&look(clean(), Some(&broken))), ["journal_broken"]);
}

#[test]
fn the_audit_command_tells_by_its_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo_book(dir.path());
    let out = dir.path().join("audit");
    let found = touyan(&["audit", text(&book), "--out", text(&out), "--format", "csv", "--as-of", AS_OF]);
    assert_eq!(found.status.code(), Some(1), "{}", said(&found));
    for name in ["audit.parquet", "audit.csv", "audit.xlsx"] {
        assert!(out.join(name).is_file(), "{name}");
    }
    let json = touyan(&["审计", text(&book), "--json", "--as-of", AS_OF]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let table = frame::read_parquet(&out.join("audit.parquet")).unwrap();
    assert_eq!(json["found"], table.height());
    let names = frame::read_parquet(&book.join("people.parquet")).unwrap();
    let names: Vec<&str> = frame::words(&names, "name").unwrap();
    let csv = fs::read_to_string(out.join("audit.csv")).unwrap();
    assert!(names.iter().all(|n| n.is_empty() || !csv.contains(n)), "a summary names nobody");
}
