//! Stage structure against hand-counted small counties and against properties.

use chrono::NaiveDate;
use polars::prelude::{DataFrame, NamedFrom, PolarsResult, Series};
use proptest::prelude::*;
use touyan::book::Tables;
use touyan::frame::{self, Build};
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::stage::Context;
use touyan::structure::{Structure, structure};

const COUNTY: &str = "石县";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn maybe(text: &str) -> Option<NaiveDate> {
    (!text.is_empty()).then(|| day(text))
}

fn word(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn flag(text: &str) -> Option<bool> {
    word(text).map(|t| t == "yes")
}

/// A frame from rows of text; an empty cell is null. The header's suffix names the type:
/// `:d` date, `:f` yes/no, `:n` number, `:w` whole.
fn sheet(headers: &[&str], rows: &[&[&str]]) -> DataFrame {
    let mut build = Build::new();
    for (at, header) in headers.iter().enumerate() {
        let cells: Vec<&str> = rows.iter().map(|row| row[at]).collect();
        build = match header.split_once(':') {
            Some((name, "d")) => build.date(name, cells.iter().map(|c| maybe(c)).collect()),
            Some((name, "f")) => build.flag(name, cells.iter().map(|c| flag(c)).collect()),
            Some((name, "n")) => build.number(name, cells.iter().map(|c| c.parse().ok()).collect()),
            Some((name, _)) => build.whole(name, cells.iter().map(|c| c.parse().ok()).collect()),
            None => build.text(header, cells.iter().map(|c| word(c)).collect()),
        };
    }
    build.done().unwrap()
}

/// Four villages: a head near the limit with two reserves behind; an empty post with none; a new
/// head, not filed; and a village without any record.
fn county() -> Tables {
    let mut tables = Tables::default();
    let mut set = |name: &str, frame: DataFrame| tables.set(name, frame).unwrap();
    set(
        "villages",
        sheet(
            &["county", "township", "village", "village_name", "class", "weak:f"],
            &[
                &[COUNTY, "白石乡", "v3", "石桥村", "ordinary", "no"],
                &[COUNTY, "白石乡", "v4", "石湾村", "", ""],
                &[COUNTY, "青石镇", "v1", "大泉村", "ordinary", "no"],
                &[COUNTY, "青石镇", "v2", "小泉村", "weak", "yes"],
            ],
        ),
    );
    set(
        "posts",
        sheet(
            &[
                "county",
                "township",
                "village",
                "post",
                "person",
                "since:d",
                "vacant_since:d",
                "dual:f",
                "filed_on:d",
                "filing_number",
            ],
            &[
                &[COUNTY, "青石镇", "v1", "secretary", "P1", "2020-12-01", "", "no", "2021-01-10", "石组备〔2021〕3号"],
                &[COUNTY, "青石镇", "v1", "director", "P2", "2021-01-05", "", "", "", ""],
                &[COUNTY, "青石镇", "v2", "secretary", "", "", "2025-03-01", "", "", ""],
                &[COUNTY, "青石镇", "v2", "committee", "P3", "", "", "", "", ""],
                &[COUNTY, "白石乡", "v3", "secretary", "P4", "2025-01-10", "", "", "", ""],
                &[COUNTY, "白石乡", "v3", "director", "P4", "2025-01-10", "", "", "", ""],
            ],
        ),
    );
    set(
        "people",
        sheet(
            &["county", "person", "sex", "birth:d", "education", "political_status", "source"],
            &[
                &[COUNTY, "P1", "male", "1965-07-01", "senior", "member", "leader"],
                &[COUNTY, "P2", "female", "1990-06-30", "bachelor", "masses", "graduate"],
                &[COUNTY, "P3", "", "", "", "", ""],
                &[COUNTY, "P4", "female", "1989-06-30", "college", "member", ""],
                &[COUNTY, "R1", "male", "1995-02-01", "bachelor", "member", "veteran"],
                &[COUNTY, "R2", "male", "1992-02-01", "bachelor", "masses", "migrant"],
                &[COUNTY, "R3", "male", "1992-02-01", "bachelor", "member", "migrant"],
                &[COUNTY, "R4", "male", "1992-02-01", "bachelor", "member", "migrant"],
                &[COUNTY, "R5", "female", "1998-02-01", "bachelor", "member", "graduate"],
            ],
        ),
    );
    set(
        "pool",
        sheet(
            &["county", "township", "village", "person", "target_post", "entered:d", "status", "left:d"],
            &[
                &[COUNTY, "青石镇", "v1", "R1", "secretary", "2023-05-01", "in_pool", ""],
                &[COUNTY, "青石镇", "v1", "R2", "committee", "2023-05-01", "in_pool", ""],
                &[COUNTY, "青石镇", "v2", "R3", "secretary", "2023-05-01", "left", "2025-01-15"],
                &[COUNTY, "青石镇", "v2", "R4", "secretary", "2026-05-01", "in_pool", ""],
                &[COUNTY, "白石乡", "v3", "R5", "", "", "", ""],
                &[COUNTY, "白石乡", "v3", "P4", "secretary", "2023-05-01", "appointed", "2025-08-01"],
            ],
        ),
    );
    set(
        "indicators",
        sheet(
            &["county", "township", "village", "period:w", "collective_income:n"],
            &[
                &[COUNTY, "青石镇", "v1", "2024", "12.5"],
                &[COUNTY, "青石镇", "v2", "2024", "0"],
                &[COUNTY, "白石乡", "v3", "2024", "4.99"],
                &[COUNTY, "白石乡", "v3", "2025", "0"],
                &[COUNTY, "白石乡", "v4", "2023", "0"],
            ],
        ),
    );
    set(
        "activities",
        sheet(
            &["county", "person", "activity", "start:d", "level"],
            &[
                &[COUNTY, "P1", "training", "2025-03-03", "县级"],
                &[COUNTY, "P1", "training", "2025-04-03", "县委党校"],
                &[COUNTY, "P4", "training", "2025-04-03", ""],
                &[COUNTY, "P4", "training", "2025-05-03", "镇级"],
                &[COUNTY, "P4", "training", "2024-06-30", "县级"],
                &[COUNTY, "P4", "training", "2025-07-01", "县级"],
                &[COUNTY, "P2", "training", "2025-03-03", "省级"],
            ],
        ),
    );
    set(
        "pay",
        sheet(
            &["county", "person", "year:w", "base:n", "performance:n"],
            &[
                &[COUNTY, "P1", "2024", "24000", "12000"],
                &[COUNTY, "P4", "2024", "20000", ""],
                &[COUNTY, "P1", "2023", "1", "1"],
                &[COUNTY, "P2", "2024", "9999999", "1"],
            ],
        ),
    );
    set(
        "events",
        sheet(
            &["county", "township", "village", "date:d", "recorded:d", "kind"],
            &[
                &[COUNTY, "青石镇", "v2", "2025-02-01", "", "weak_listed"],
                &[COUNTY, "青石镇", "v1", "2024-02-01", "", "weak_listed"],
                &[COUNTY, "青石镇", "v1", "2024-12-01", "2025-07-01", "weak_cleared"],
                &[COUNTY, "白石乡", "v3", "2024-02-01", "", "weak_listed"],
                &[COUNTY, "白石乡", "v3", "2024-12-01", "", "weak_cleared"],
            ],
        ),
    );
    tables
}

fn run_at(tables: &Tables, as_of: &str, lang: Lang) -> Structure {
    let policy = Policy::default();
    structure(tables, &Context { policy: &policy, as_of: day(as_of), seed: 1, lang }).unwrap()
}

fn run(tables: &Tables) -> Structure {
    run_at(tables, "2025-06-30", Lang::Zh)
}

/// All rows as text, one string per row.
fn rows(frame: &DataFrame, columns: &[&str]) -> Vec<String> {
    (0..frame.height())
        .map(|row| {
            let cells: Vec<String> =
                columns.iter().map(|c| frame.column(c).unwrap().get(row).unwrap().str_value().into_owned()).collect();
            cells.join(" ")
        })
        .collect()
}

fn having(rows: Vec<String>, start: &str) -> Vec<String> {
    rows.into_iter().filter(|row| row.starts_with(start)).collect()
}

fn item(found: &Structure, code: &str) -> (Option<f64>, String) {
    let form = &found.statistics_form;
    let at = frame::words(form, "item").unwrap().iter().position(|c| *c == code).unwrap_or_else(|| panic!("{code}"));
    (frame::numbers(form, "value").unwrap()[at], frame::words(form, "note").unwrap()[at].to_owned())
}

#[test]
fn generations_are_counted_by_hand() {
    let table = run(&county()).structure;
    let columns = ["dimension", "key", "post", "group", "people", "share"];
    assert_eq!(
        having(rows(&table, &columns), "post secretary"),
        [
            "post secretary secretary old 1 0.5",
            "post secretary secretary middle 1 0.5",
            "post secretary secretary young 0 0.0",
            "post secretary secretary unknown 0 0.0"
        ]
    );
    // P4 is secretary and director and counts once; 35 on the day itself is young, 36 middle.
    assert_eq!(
        having(rows(&table, &columns), "post all"),
        [
            "post all all old 1 0.25",
            "post all all middle 1 0.25",
            "post all all young 1 0.25",
            "post all all unknown 1 0.25"
        ]
    );
    assert_eq!(
        having(rows(&table, &["dimension", "key", "post", "group", "people"]), "township 青石镇"),
        [
            "township 青石镇 secretary old 1",
            "township 青石镇 secretary middle 0",
            "township 青石镇 secretary young 0",
            "township 青石镇 secretary unknown 0",
            "township 青石镇 all old 1",
            "township 青石镇 all middle 0",
            "township 青石镇 all young 1",
            "township 青石镇 all unknown 1"
        ]
    );
    // Nobody sits in a village without a class: the team exists, its shares do not.
    assert_eq!(
        having(rows(&table, &["dimension", "key", "post", "group", "people", "share"]), "class unclassified all"),
        [
            "class unclassified all old 0 null",
            "class unclassified all middle 0 null",
            "class unclassified all young 0 null",
            "class unclassified all unknown 0 null"
        ]
    );
    assert_eq!(
        having(rows(&table, &["dimension", "post", "group", "people", "target_low", "state"]), "pool all"),
        [
            "pool all old 0 0.0 none",
            "pool all middle 1 null none",
            "pool all young 3 0.5 none",
            "pool all unknown 0 null none"
        ]
    );
    let posts: Vec<String> =
        rows(&table, &["dimension", "post"]).into_iter().filter(|r| r.starts_with("pool")).collect();
    assert_eq!(posts.len(), 4 * 4, "secretary, committee, unspecified, all: {posts:?}");
}

#[test]
fn targets_are_judged_from_the_least_number_of_people_on() {
    let mut policy = Policy::default();
    policy.structure.min_people = 2;
    let tables = county();
    let ctx = Context { policy: &policy, as_of: day("2025-06-30"), seed: 1, lang: Lang::En };
    let found = structure(&tables, &ctx).unwrap();
    let states = having(rows(&found.structure, &["dimension", "key", "group", "state"]), "post secretary");
    assert_eq!(
        states,
        [
            "post secretary old high",
            "post secretary middle none",
            "post secretary young low",
            "post secretary unknown none"
        ]
    );
    // Among all four one birth is unknown: 25 to 50% young against 20%, ok; 25 to 50% middle
    // against 30 to 60%, open; 25 to 50% old against 0 to 40%, open.
    let states = having(rows(&found.structure, &["dimension", "key", "group", "state"]), "post all");
    assert_eq!(states, ["post all old none", "post all middle none", "post all young ok", "post all unknown none"]);
}

#[test]
fn ladders_are_judged_with_reasons() {
    let found = run(&county());
    let columns =
        ["village_name", "posts", "in_pool", "members_in_pool", "secretary_age", "years_to_limit", "state", "reason"];
    assert_eq!(
        rows(&found.ladder, &columns),
        [
            "石桥村 2 1 1 36 25 thin 书记36岁，25年后超过60岁；在库后备1人，少于2人；在任书记仍登记在库（1人），未计入后备",
            "石湾村 0 0 0 null null thin 台账中没有书记任职记录，待核实；本村无在库后备人选",
            "大泉村 2 2 1 59 1 held 书记59岁，2026年底前超过60岁；在库后备2人，不少于2人",
            "小泉村 2 0 0 null null broken 书记岗位自2025-03-01起空缺；本村无在库后备人选",
        ]
    );
    let english = rows(&run_at(&county(), "2025-06-30", Lang::En).ladder, &["reason"]);
    assert_eq!(
        english[0],
        "secretary aged 36, past 60 in 25 years; 1 in the pool, fewer than 2; \
         the sitting secretary is still listed in the pool (1) and not counted"
    );
}

#[test]
fn who_passes_the_limit_when() {
    let found = run(&county());
    // P1, born 1965, is 61 on 31 December 2026; P4, born 1989, in 2050, out of sight.
    let table = rows(&found.age_limit, &["year", "secretaries", "cumulative", "share"]);
    assert_eq!(table.len(), 10);
    assert_eq!(table[0], "2025 0 0 0.0");
    assert_eq!(table[1], "2026 1 1 0.5");
    assert_eq!(table[9], "2034 0 1 0.5");
    // On 31 December the year is over: the next ten begin with the following one.
    let table = rows(&run_at(&county(), "2026-12-31", Lang::Zh).age_limit, &["year", "secretaries", "cumulative"]);
    assert_eq!(table[0], "2027 0 1", "P1 has passed already and stays in the cumulative count");
    let table = rows(&run_at(&county(), "2026-12-30", Lang::Zh).age_limit, &["year", "secretaries", "cumulative"]);
    assert_eq!(table[0], "2026 1 1");
}

#[test]
fn the_pyramid_counts_everybody_once() {
    let found = run(&county());
    let full: Vec<String> = rows(&found.pyramid, &["side", "band", "sex", "people"]);
    assert_eq!(full.len(), 2 * 13 * 3);
    let filled: Vec<&str> = full.iter().filter(|r| !r.ends_with(" 0")).map(String::as_str).collect();
    assert_eq!(
        filled,
        [
            "posts 35-39 female 2",
            "posts 55-59 male 1",
            "posts unknown unknown 1",
            "pool 25-29 female 1",
            "pool 30-34 male 2",
            "pool 35-39 female 1"
        ]
    );
}

#[test]
fn the_statistics_form_is_filled_and_says_what_it_cannot_tell() {
    let found = run(&county());
    let value = |code: &str| item(&found, code).0;
    assert_eq!(value("villages"), Some(4.0));
    assert_eq!(value("weak_villages"), Some(1.0));
    // The clearing of v1 was recorded a day after the reference date.
    assert!(item(&found, "weak_villages").1.contains("未销号的为2个村"), "{:?}", item(&found, "weak_villages"));
    assert_eq!(value("secretaries"), Some(2.0));
    assert_eq!(item(&found, "secretaries").1, "空缺1个岗位；1个村没有书记任职记录");
    assert_eq!(
        (value("source_leader"), value("source_migrant"), value("source_unknown")),
        (Some(1.0), Some(0.0), Some(1.0))
    );
    // v3's only other listed person is the sitting head: R5 makes it a village with a reserve.
    assert_eq!((value("villages_with_reserve"), value("villages_without_reserve")), (Some(2.0), Some(2.0)));
    assert_eq!((value("reserves"), value("reserves_per_village")), (Some(4.0), Some(1.0)));
    assert_eq!((value("reserves_for_secretary"), value("reserves_for_unspecified")), (Some(2.0), Some(1.0)));
    assert_eq!((value("reserve_members"), value("reserve_young")), (Some(3.0), Some(3.0)));
    assert_eq!(value("trained"), Some(1.0));
    assert_eq!(item(&found, "trained").1, "2024-07-01至2025-06-30；另有1人参加培训但层级未填，不计入");
    assert_eq!(value("hired_civil_servants"), None);
    assert!(item(&found, "hired_civil_servants").1.contains("另行填报"));
    assert_eq!(value("mean_pay"), Some(28_000.0));
    assert_eq!(item(&found, "mean_pay").1, "2024年度，按2人计算；1人只有基本报酬或绩效报酬一项");
    // 2025 is not over: 2024 counts; v4 has no figure for it.
    assert_eq!((value("villages_no_income"), value("villages_low_income")), (Some(1.0), Some(2.0)));
    assert_eq!(item(&found, "villages_no_income").1, "2024年度；1个村没有数据，不计入");
    assert_eq!((value("women"), value("women_share")), (Some(1.0), Some(50.0)));
    assert_eq!((value("mean_age"), value("young"), value("past_limit")), (Some(47.5), Some(0.0), Some(0.0)));
    assert_eq!(
        (value("education_senior"), value("education_college"), value("college_share")),
        (Some(1.0), Some(1.0), Some(50.0))
    );
    // v1's column says no; v3's two rows name one person.
    assert_eq!(value("dual"), Some(1.0));
}

#[test]
fn posts_that_were_not_filed() {
    let found = run(&county());
    assert_eq!(
        rows(&found.unfiled, &["village", "post", "person", "since", "problem", "detail"]),
        [
            "v3 secretary P4 2025-01-10 changed_unfiled 2025-01-10任职，至基准日171天，未见本次任职备案；备案时间、文号均无"
        ]
    );
    let case = |since: &str, filed: &str, number: &str| {
        let mut tables = county();
        let posts = sheet(
            &["county", "township", "village", "post", "person", "since:d", "filed_on:d", "filing_number"],
            &[
                &[COUNTY, "青石镇", "v1", "secretary", "P1", since, filed, number],
                // The county keeps its filings.
                &[COUNTY, "青石镇", "v2", "secretary", "P2", "2020-01-01", "2020-01-05", "1号"],
            ],
        );
        tables.set("posts", posts).unwrap();
        rows(&run(&tables).unfiled, &["problem"]).join(",")
    };
    assert_eq!(case("2020-01-01", "2020-02-01", "7号"), "");
    assert_eq!(case("2020-01-01", "2020-02-01", ""), "no_number");
    assert_eq!(case("2020-01-01", "", "7号"), "no_date");
    assert_eq!(case("2020-01-01", "", ""), "no_date");
    assert_eq!(case("", "", ""), "no_date");
    assert_eq!(case("2025-03-01", "2025-02-01", "7号"), "", "filed before the start, within the lead");
    assert_eq!(case("2025-03-01", "2021-02-01", "7号"), "changed_unfiled", "the predecessor's filing");
    assert_eq!(case("2025-03-01", "2025-07-15", "7号"), "changed_unfiled", "filed after the reference date");
    assert_eq!(case("2025-03-01", "2025-03-15", ""), "no_number");
    assert_eq!(case("2024-06-30", "2021-02-01", "7号"), "", "more than a year ago");
    assert_eq!(case("2024-07-01", "2021-02-01", "7号"), "changed_unfiled");
    // Sheets without a single filing do not say that posts were not filed.
    let mut tables = county();
    let posts = sheet(
        &["county", "township", "village", "post", "person", "since:d"],
        &[
            &[COUNTY, "青石镇", "v1", "secretary", "P1", "2020-01-01"],
            &[COUNTY, "青石镇", "v2", "secretary", "P2", "2025-05-01"],
        ],
    );
    tables.set("posts", posts).unwrap();
    assert_eq!(rows(&run(&tables).unfiled, &["village", "problem"]), ["v1 unrecorded", "v2 unrecorded"]);
}

#[test]
fn later_knowledge_changes_nothing() {
    // The new head of v3 began on 10 January 2025: on the 9th nobody knew of them.
    let before = run_at(&county(), "2025-01-09", Lang::Zh);
    let reasons = rows(&before.ladder, &["village_name", "state", "reason"]);
    assert!(reasons.iter().any(|r| r.starts_with("石桥村") && r.contains("基准日之后任职")), "{reasons:?}");
    // Nor that v2's post would fall empty in March, nor that R3 would leave on the 15th.
    assert!(reasons.iter().any(|r| r.starts_with("小泉村 thin")), "{reasons:?}");
    assert_eq!(item(&before, "secretaries").0, Some(1.0));
    assert_eq!(before.unfiled.height(), 0);

    // Rows that lie wholly after the reference date leave every byte as it was.
    let mut tables = county();
    let base = run(&tables);
    for (name, extra) in [
        (
            "pool",
            sheet(
                &["county", "township", "village", "person", "entered:d"],
                &[&[COUNTY, "青石镇", "v2", "R3", "2025-07-01"], &[COUNTY, "青石镇", "v1", "R4", "2025-12-01"]],
            ),
        ),
        (
            "events",
            sheet(
                &["county", "township", "village", "date:d", "recorded:d", "kind"],
                &[
                    &[COUNTY, "白石乡", "v4", "2025-07-01", "", "weak_listed"],
                    &[COUNTY, "白石乡", "v4", "2025-06-01", "2025-07-01", "weak_listed"],
                ],
            ),
        ),
        (
            "activities",
            sheet(
                &["county", "person", "activity", "start:d", "level"],
                &[&[COUNTY, "P4", "training", "2025-07-01", "省级"]],
            ),
        ),
        ("pay", sheet(&["county", "person", "year:w", "base:n"], &[&[COUNTY, "P4", "2026", "1"]])),
        (
            "indicators",
            sheet(
                &["county", "township", "village", "period:w", "collective_income:n"],
                &[&[COUNTY, "青石镇", "v1", "2026", "0"]],
            ),
        ),
    ] {
        let mut full = tables.clone();
        full.set(name, extra).unwrap();
        let joined = tables.get(name).vstack(full.get(name)).unwrap();
        tables.set(name, joined).unwrap();
    }
    assert_same(&base, &run(&tables));
}

fn assert_same(a: &Structure, b: &Structure) {
    for ((name, left), (_, right)) in a.tables().iter().zip(b.tables().iter()) {
        assert!(left.equals_missing(right), "{name} differs:\n{left}\n{right}");
    }
}

#[test]
fn empty_tables_give_empty_tables_with_their_columns() {
    let found = run(&Tables::default());
    for (name, frame) in found.tables() {
        assert_eq!(frame.height(), 0, "{name}");
    }
    let names =
        |frame: &DataFrame| frame.get_column_names().iter().map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(names(&found.structure), "dimension key county post group people share target_low target_high state");
    assert_eq!(
        names(&found.ladder),
        "county township village village_name posts in_pool members_in_pool secretary_age years_to_limit state reason"
    );
    assert_eq!(names(&found.age_limit), "county year secretaries cumulative share");
    assert_eq!(names(&found.pyramid), "county side band sex people");
    assert_eq!(names(&found.statistics_form), "county item label unit value note");
    assert_eq!(names(&found.unfiled), "county township village village_name post person since problem detail");
}

#[test]
fn one_row_of_each_table_alone_is_enough() {
    let full = county();
    for (table, frame) in full.iter() {
        let mut tables = Tables::default();
        tables.set(table.name, frame.head(Some(1))).unwrap();
        let found = run(&tables);
        let villages = usize::from(matches!(table.name, "villages" | "posts")) * frame.height().min(1);
        assert_eq!(found.ladder.height(), villages, "{}", table.name);
    }
    // Posts without `people` and `villages`: everybody is of unknown age, the form says what it lacks.
    let mut tables = Tables::default();
    tables.set("posts", full.get("posts").clone()).unwrap();
    let found = run(&tables);
    assert_eq!(item(&found, "secretaries").0, Some(2.0));
    for code in ["weak_villages", "mean_age", "women", "mean_pay", "trained", "villages_no_income", "source_leader"] {
        let (value, note) = item(&found, code);
        assert_eq!(value, None, "{code}");
        assert!(!note.is_empty(), "{code}");
    }
}

#[test]
fn impossible_births_are_unknown() {
    let mut tables = county();
    let people = sheet(
        &["county", "person", "birth:d"],
        &[&[COUNTY, "P1", "2031-01-01"], &[COUNTY, "P2", "1900-01-01"], &[COUNTY, "P4", "2015-01-01"]],
    );
    tables.set("people", people).unwrap();
    let table = run(&tables).structure;
    assert_eq!(
        having(rows(&table, &["dimension", "key", "group", "people"]), "post all unknown"),
        ["post all unknown 4"]
    );
}

/// A random county: (village 0..9, post, person 0..30, birth year or none) and pool rows.
type Draw = (Vec<(u8, u8, u8)>, Vec<(u8, u8)>, Vec<Option<i32>>);

fn draws() -> impl Strategy<Value = Draw> {
    (
        prop::collection::vec((0..9_u8, 0..4_u8, 0..30_u8), 0..40),
        prop::collection::vec((0..10_u8, 0..30_u8), 0..40),
        prop::collection::vec(prop::option::weighted(0.8, 1940..2012_i32), 30),
    )
}

fn drawn((posts, pool, births): &Draw, county: &str) -> Tables {
    let village = |v: u8| format!("{county}{v}");
    let person = |p: u8| format!("{county}R{p:02}");
    let mut tables = Tables::default();
    let townships: Vec<String> = (0..8).map(|v| format!("乡{}", v % 3)).collect();
    let keys: Vec<String> = (0..8).map(village).collect();
    let frame = Build::new()
        .str("county", &[county; 8])
        .str("township", &townships)
        .str("village", &keys)
        .text("class", (0..8).map(|v| ["strong", "weak"].get(v % 3).copied()).collect());
    tables.set("villages", frame.done().unwrap()).unwrap();
    let codes = ["secretary", "director", "clerk", "committee"];
    let frame = Build::new()
        .str("county", &vec![county; posts.len()])
        .str("township", &posts.iter().map(|(v, ..)| format!("乡{}", v % 3)).collect::<Vec<_>>())
        .str("village", &posts.iter().map(|(v, ..)| village(*v)).collect::<Vec<_>>())
        .str("post", &posts.iter().map(|(_, p, _)| codes[*p as usize]).collect::<Vec<_>>())
        .text("person", posts.iter().map(|(.., p)| (*p < 28).then(|| person(*p))).collect());
    tables.set("posts", frame.done().unwrap()).unwrap();
    let frame = Build::new()
        .str("county", &vec![county; births.len()])
        .str("person", &(0..30).map(person).collect::<Vec<_>>())
        .text("sex", (0..30).map(|p| ["male", "female"].get(p % 3).copied()).collect())
        .date("birth", births.iter().map(|y| y.and_then(|y| NaiveDate::from_ymd_opt(y, 6, 15))).collect());
    tables.set("people", frame.done().unwrap()).unwrap();
    let frame = Build::new()
        .str("county", &vec![county; pool.len()])
        .text("village", pool.iter().map(|(v, _)| (*v < 9).then(|| village(*v))).collect())
        .str("person", &pool.iter().map(|(_, p)| person(*p)).collect::<Vec<_>>());
    tables.set("pool", frame.done().unwrap()).unwrap();
    tables
}

/// Rows in another order, by a fixed shuffle.
fn shuffled(tables: &Tables) -> Tables {
    let mut other = Tables::default();
    for (table, frame) in tables.iter() {
        let n = frame.height();
        let key: Vec<u64> = (0..n as u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20).collect();
        let mut order: Vec<u32> = (0..n as u32).collect();
        order.sort_by_key(|i| key[*i as usize]);
        let order = Series::new("order".into(), order);
        let taken: PolarsResult<DataFrame> = frame.take(order.u32().unwrap());
        other.set(table.name, taken.unwrap()).unwrap();
    }
    other
}

fn both(a: &Tables, b: &Tables) -> Tables {
    let mut tables = Tables::default();
    for (table, frame) in a.iter() {
        tables.set(table.name, frame.vstack(b.get(table.name)).unwrap()).unwrap();
    }
    tables
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shares_sum_to_one_and_people_are_conserved(draw in draws()) {
        let tables = drawn(&draw, "甲");
        let found = run(&tables);
        let people = frame::wholes(&found.structure, "people").unwrap();
        let share = frame::numbers(&found.structure, "share").unwrap();
        let keys = rows(&found.structure, &["dimension", "key", "post"]);
        prop_assert_eq!(keys.len() % 4, 0);
        for team in (0..keys.len()).step_by(4) {
            prop_assert!(keys[team..team + 4].iter().all(|k| *k == keys[team]));
            let total: i64 = people[team..team + 4].iter().flatten().sum();
            let shares: Vec<f64> = share[team..team + 4].iter().flatten().copied().collect();
            prop_assert_eq!(shares.len(), if total > 0 { 4 } else { 0 });
            prop_assert!(total == 0 || (shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        // Everybody in a post, and in the pool, is in the pyramid and in the `all` team, once.
        let distinct = |mut all: Vec<u8>| { all.sort_unstable(); all.dedup(); all.len() as i64 };
        let in_posts = distinct(draw.0.iter().map(|p| p.2).filter(|p| *p < 28).collect());
        let in_pool = distinct(draw.1.iter().map(|p| p.1).collect());
        let sides = frame::words(&found.pyramid, "side").unwrap();
        let counts = frame::wholes(&found.pyramid, "people").unwrap();
        let side = |name: &str| -> i64 { sides.iter().zip(&counts).filter(|(s, _)| **s == name).filter_map(|(_, n)| *n).sum() };
        let team = |name: &str| -> i64 { keys.iter().zip(&people).filter(|(k, _)| *k == name).filter_map(|(_, n)| *n).sum() };
        prop_assert_eq!((side("posts"), side("pool")), (in_posts, in_pool));
        prop_assert_eq!((team("post all all"), team("pool pool all")), (in_posts, in_pool));
        prop_assert_eq!(item(&found, "reserves").0, Some(in_pool as f64));
        // The townships' teams hold at least everybody of the county: nobody is lost between them.
        let by_township: i64 = keys.iter().zip(&people)
            .filter(|(k, _)| k.starts_with("township") && k.ends_with(" all")).filter_map(|(_, n)| *n).sum();
        prop_assert!(by_township >= in_posts);
        // Whoever passes the limit does so in one year.
        let passing: i64 = frame::wholes(&found.age_limit, "secretaries").unwrap().iter().flatten().sum();
        let cumulative = frame::wholes(&found.age_limit, "cumulative").unwrap();
        prop_assert!(cumulative.is_sorted());
        prop_assert_eq!(
            cumulative.last().copied().flatten().unwrap_or_default() - cumulative[0].unwrap_or_default()
                + frame::wholes(&found.age_limit, "secretaries").unwrap()[0].unwrap_or_default(),
            passing
        );
    }

    #[test]
    fn the_order_of_rows_and_other_counties_do_not_matter(draw in draws(), other in draws()) {
        let tables = drawn(&draw, "甲");
        let alone = run(&tables);
        assert_same(&alone, &run(&shuffled(&tables)));
        let together = run(&both(&tables, &drawn(&other, "乙")));
        for ((name, mine), (_, all)) in alone.tables().iter().zip(together.tables()) {
            let county = frame::words(&all, "county").unwrap();
            let keep: Vec<u32> = (0..county.len() as u32).filter(|i| county[*i as usize] == "甲").collect();
            let keep = Series::new("keep".into(), keep);
            let part: DataFrame = all.take(keep.u32().unwrap()).unwrap();
            prop_assert!(part.equals_missing(mine), "{} differs", name);
        }
    }

    #[test]
    fn a_ladder_is_broken_only_without_reserves_and_held_only_with_enough(draw in draws()) {
        let found = run(&drawn(&draw, "甲"));
        let state = frame::words(&found.ladder, "state").unwrap();
        let pool = frame::wholes(&found.ladder, "in_pool").unwrap();
        let members = frame::wholes(&found.ladder, "members_in_pool").unwrap();
        for at in 0..state.len() {
            match state[at] {
                "broken" => prop_assert_eq!(pool[at], Some(0)),
                "held" => prop_assert!(pool[at] >= Some(2) && members[at] >= Some(1)),
                other => prop_assert_eq!(other, "thin"),
            }
        }
    }
}

#[test]
fn a_nation_of_villages_in_linear_time() {
    // 100 counties of 413 villages: about the size of a large province.
    let mut villages: [Vec<String>; 4] = Default::default();
    let mut persons = Vec::new();
    for county in 0..100 {
        for village in 0..413 {
            let key = format!("{county:03}{village:03}");
            persons.push(format!("R{key}"));
            let cells = [format!("县{county:03}"), format!("镇{:02}", village % 28), key, "secretary".to_owned()];
            for (column, cell) in villages.iter_mut().zip(cells) {
                column.push(cell);
            }
        }
    }
    let [county, township, village, post] = &villages;
    let base = || Build::new().str("county", county).str("township", township).str("village", village);
    let mut tables = Tables::default();
    tables.set("villages", base().done().unwrap()).unwrap();
    tables.set("posts", base().str("post", post).str("person", &persons).done().unwrap()).unwrap();
    tables.set("pool", base().str("person", &persons).done().unwrap()).unwrap();
    let births = (0..persons.len()).map(|i| NaiveDate::from_ymd_opt(1960 + (i % 45) as i32, 6, 15)).collect();
    let people = Build::new().str("county", county).str("person", &persons).date("birth", births).done().unwrap();
    tables.set("people", people).unwrap();
    let start = std::time::Instant::now();
    let found = run(&tables);
    eprintln!("structure of {} villages: {:?}", persons.len(), start.elapsed());
    assert_eq!(found.ladder.height(), 41_300);
    assert_eq!(found.statistics_form.height() % 100, 0);
}

#[test]
fn every_word_of_the_outputs_is_in_the_catalogue() {
    for lang in [Lang::Zh, Lang::En] {
        let found = run_at(&county(), "2025-06-30", lang);
        for column in ["label", "unit", "note"] {
            for text in frame::words(&found.statistics_form, column).unwrap() {
                assert!(!text.contains("structure-"), "{text}");
            }
        }
        for (column, table, name) in [
            ("dimension", &found.structure, "dimension"),
            ("group", &found.structure, "group"),
            ("state", &found.structure, "state"),
            ("ladder", &found.ladder, "state"),
            ("side", &found.pyramid, "side"),
            ("problem", &found.unfiled, "problem"),
        ] {
            for code in frame::words(table, name).unwrap() {
                assert!(lang.has(&format!("structure-{column}-{}", code.replace("_", "-"))), "{column} {code}");
            }
        }
        for code in ["ok", "low", "high"] {
            assert!(!touyan::structure::label(lang, "state", code).is_empty());
        }
        for code in ["all", "pool", "unspecified", "unclassified"] {
            assert_ne!(touyan::structure::label(lang, "key", code), code);
        }
    }
}
