//! The report: complete in both languages, the same bytes each time, nobody named who should not
//! be, and no text of the book ever taken for markup or a formula.

mod county;
mod demo;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Reader, Xlsx};
use chrono::NaiveDate;
use polars::prelude::DataFrame;
use touyan::book::{CheckReport, Tables};
use touyan::frame::Build;
use touyan::lang::Lang;
use touyan::policy::Policy;
use touyan::report::{Audience, Input, html, xlsx};
use touyan::stage::Context;

use county::{County, NAMES, TOWNSHIPS};

/// Renders with the usual settings.
fn with<T>(county: &County, lang: Lang, audience: Audience, only: Option<&str>, render: impl Fn(&Input) -> T) -> T {
    let mut policy = Policy::default();
    policy.meta.name = "云岭县村党组织书记管理办法".into();
    policy.meta.source = "云县委组〔2026〕3号".into();
    let as_of = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a real day");
    let ctx = Context { policy: &policy, as_of, seed: 7, lang };
    render(&Input {
        ctx: &ctx,
        tables: &county.tables,
        check: &county.check,
        outcome: &county.outcome,
        audience: &audience,
        title: None,
        county: only,
        version: "0.1.0",
        notes: &[],
    })
}

fn one_county() -> County {
    county::county(1, 413).expect("the fixture is well formed")
}

/// Every attribute and rule through which a page could reach outside itself.
fn outside(page: &str) -> Vec<&str> {
    [
        "http:",
        "https:",
        "src=",
        "@import",
        "url(",
        "<link",
        "<iframe",
        "fetch(",
        "XMLHttpRequest",
        "href=\"/",
        "href=\"//",
    ]
    .into_iter()
    .filter(|needle| page.contains(needle))
    .collect()
}

#[test]
fn page_reaches_nothing_outside() {
    let county = one_county();
    for lang in [Lang::Zh, Lang::En] {
        let page = with(&county, lang, Audience::Internal, None, html);
        assert_eq!(outside(&page), Vec::<&str>::new());
    }
}

/// IDs of the sections that a county's report has.
const SECTIONS: [&str; 7] = ["first", "score", "supervise", "reserve", "structure", "data", "method"];

#[test]
fn every_section_in_both_languages() {
    let county = one_county();
    for lang in [Lang::Zh, Lang::En] {
        let page = with(&county, lang, Audience::Internal, None, html);
        for id in SECTIONS {
            assert!(page.contains(&format!("<section id=\"{id}\"")), "{id} is missing in {}", lang.tag());
        }
        // A message that is not in the catalogue shows as its own ID.
        for prefix in [">report-", ">col-", ">code-", ">sheet-", " report-", "\"report-"] {
            let at = page.find(prefix).map(|at| page[at..].chars().take(60).collect::<String>());
            assert_eq!(at, None, "a message is missing in {}", lang.tag());
        }
        for question in ["chart-class", "chart-township", "chart-rate", "chart-supply", "chart-pyramid", "chart-ladder"]
        {
            assert!(page.contains(&format!("id=\"{question}-t\"")), "{question} is not drawn in {}", lang.tag());
        }
    }
}

#[test]
fn summary_names_nobody() {
    let county = one_county();
    for lang in [Lang::Zh, Lang::En] {
        let page = with(&county, lang, Audience::Summary, None, html);
        for name in NAMES.iter().chain(&["甲乙丙", "class=\"stamp\"", "138****"]) {
            assert!(!page.contains(name), "{name} stands in the summary");
        }
        assert!(page.contains("R000000000004"), "people have codes");
        let book = text(&with(&county, lang, Audience::Summary, None, xlsx).expect("a workbook"));
        for name in NAMES.iter().chain(&["甲乙丙", "138****"]) {
            assert!(!book.contains(name), "{name} stands in the summary's workbook");
        }
    }
}

#[test]
fn internal_names_people_and_says_so_on_each_page() {
    let county = one_county();
    let page = with(&county, Lang::Zh, Audience::Internal, None, html);
    assert!(page.contains("甲乙丙4"));
    assert!(page.contains("class=\"stamp\"") && page.contains("@top-right{content:\"内部资料\"}"));
    assert!(page.contains(&format!("{}涉及2起", NAMES[1])), "codes in sentences become names");
    assert!(!page.contains("138****") && !page.contains("身份证号码"));
}

#[test]
fn same_input_same_bytes() {
    let county = one_county();
    let twice = || {
        (
            with(&county, Lang::Zh, Audience::Internal, None, html),
            with(&county, Lang::Zh, Audience::Internal, None, xlsx).expect("a workbook"),
        )
    };
    let (first, second) = (twice(), twice());
    assert!(first == second);
    let now = chrono::Utc::now().format("%Y-%m-%d").to_string();
    assert!(!first.0.contains(&now));
}

#[test]
fn nothing_to_show_is_said() {
    let county = County { tables: Tables::default(), outcome: BTreeMap::new(), check: CheckReport::default() };
    for lang in [Lang::Zh, Lang::En] {
        let page = with(&county, lang, Audience::Summary, None, html);
        assert!(page.contains(&lang.text("report-missing")));
        assert!(page.contains(&lang.text("report-unjudged-stage-why")));
        with(&county, lang, Audience::Summary, None, xlsx).expect("a workbook");
    }
    // Tables without a row, and tables that lost their columns.
    let mut full = one_county();
    for frame in full.outcome.values_mut() {
        *frame = frame.slice(0, 0);
    }
    with(&full, Lang::Zh, Audience::Internal, None, html);
    with(&full, Lang::Zh, Audience::Internal, None, xlsx).expect("a workbook");
    for frame in full.outcome.values_mut() {
        *frame = DataFrame::default();
    }
    with(&full, Lang::Zh, Audience::Internal, None, html);
    with(&full, Lang::Zh, Audience::Internal, None, xlsx).expect("a workbook");
}

#[test]
fn any_column_may_be_missing() {
    let county = one_county();
    for (name, frame) in &county.outcome {
        for column in frame.get_column_names_owned() {
            let mut outcome = county.outcome.clone();
            let less = frame.drop(&column).expect("the column is there").slice(0, 40);
            outcome.insert(*name, less);
            let cut = County { tables: Tables::default(), outcome, check: CheckReport::default() };
            with(&cut, Lang::Zh, Audience::Internal, None, |input| {
                assert!(html(input).contains("</html>"), "{name} without {column}");
            });
        }
    }
}

const HOSTILE: [&str; 6] =
    ["<script>alert(1)</script>", "\"><img src=x onerror=y>", "=HYPERLINK(\"http://x\")", "+1+1", "@SUM(A1)", "-2"];

#[test]
fn hostile_names_stay_text() {
    let mut county = one_county();
    let scores = county.outcome.remove("scores").expect("the fixture has scores");
    let names: Vec<&str> = (0..scores.height()).map(|i| HOSTILE[i % HOSTILE.len()]).collect();
    let hostile = Build::new().str("village_name", &names).str("township", &names).done().expect("two columns");
    let mut scores = scores;
    scores.with_column(hostile.column("village_name").expect("a column").clone()).expect("same height");
    scores.with_column(hostile.column("township").expect("a column").clone()).expect("same height");
    county.outcome.insert("scores", scores);
    let page = with(&county, Lang::Zh, Audience::Internal, None, html);
    assert!(!page.contains("<script>alert") && !page.contains("<img"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let bytes = with(&county, Lang::Zh, Audience::Internal, None, xlsx).expect("a workbook");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("calamine opens it");
    let formulas = book.worksheet_formula("考评结果").expect("the sheet");
    assert!(formulas.used_cells().all(|(_, _, f)| f.is_empty()));
    let range = book.worksheet_range("考评结果").expect("the sheet");
    assert!(range.used_cells().any(|(_, _, cell)| *cell == Data::String("=HYPERLINK(\"http://x\")".into())));
}

/// All text of a workbook.
fn text(bytes: &[u8]) -> String {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("calamine opens it");
    let mut all = String::new();
    for name in book.sheet_names().to_vec() {
        all.push_str(&name);
        let range = book.worksheet_range(&name).expect("the sheet is there");
        for (_, _, cell) in range.used_cells() {
            all.push_str(&cell.to_string());
            all.push('\n');
        }
    }
    all
}

#[test]
fn workbook_has_typed_cells_under_headings() {
    let county = one_county();
    let bytes = with(&county, Lang::Zh, Audience::Internal, None, xlsx).expect("a workbook");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("calamine opens it");
    let sheets = book.sheet_names().to_vec();
    for name in [
        "首页",
        "考评结果",
        "贡献分解",
        "提级管理",
        "谈话名单",
        "空缺与建议人选",
        "人岗匹配",
        "队伍结构",
        "梯次结构",
        "数据来源",
    ] {
        assert!(sheets.iter().any(|s| s == name), "{name} is not among {sheets:?}");
    }
    let range = book.worksheet_range("考评结果").expect("the sheet");
    let heads: Vec<String> = range.rows().next().expect("a header").iter().map(ToString::to_string).collect();
    assert_eq!(range.height(), 414);
    assert!(heads.starts_with(&["乡镇".into(), "村代码".into(), "村".into(), "村类别".into()]));
    assert!(heads.iter().all(|h| !h.is_ascii()), "{heads:?}");
    let at = |name: &str| heads.iter().position(|h| h == name).unwrap_or_else(|| panic!("no column {name}"));
    let rated = range.rows().skip(1).find(|r| r[at("得分")] != Data::Empty).expect("a rated village");
    assert!(matches!(rated[at("得分")], Data::Float(_)));
    assert!(matches!(rated[at("名次")], Data::Float(_) | Data::Int(_)));
    // A village that is not rated has no score, rather than nought.
    let open = range.rows().skip(1).find(|r| r[at("等次")] == *"不定等次").expect("an unrated village");
    assert_eq!(open[at("得分")], Data::Empty);
    let range = book.worksheet_range("提级管理").expect("the sheet");
    let heads: Vec<String> = range.rows().next().expect("a header").iter().map(ToString::to_string).collect();
    let since = heads.iter().position(|h| h == "起始").expect("a date column");
    assert!(matches!(range.rows().nth(1).expect("a row")[since], Data::DateTime(_)));

    let bytes = with(&county, Lang::En, Audience::Internal, None, xlsx).expect("a workbook");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("calamine opens it");
    for name in book.sheet_names().to_vec() {
        let range = book.worksheet_range(&name).expect("the sheet");
        if let Some(heads) = range.rows().next().filter(|_| name != "First page") {
            assert!(
                heads.iter().all(|h| h.to_string().is_ascii() && !h.to_string().contains('_')),
                "{name}: {heads:?}"
            );
        }
    }
}

#[test]
fn areas_add_up_to_the_score() {
    let county = one_county();
    let bytes = with(&county, Lang::En, Audience::Summary, None, xlsx).expect("a workbook");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("calamine opens it");
    let range = book.worksheet_range("Points by area").expect("the sheet");
    let number = |cell: &Data| match cell {
        Data::Float(x) => *x,
        Data::Int(x) => *x as f64,
        _ => 0.0,
    };
    let mut rated = 0;
    for row in range.rows().skip(1).filter(|r| r[3] != Data::Empty) {
        // Each cell is rounded to four digits.
        let sum: f64 = row[4..].iter().map(number).sum();
        assert!((sum - number(&row[3])).abs() < 1e-3, "{row:?}");
        rated += 1;
    }
    assert!(rated > 350);
}

#[test]
fn many_counties_are_summarised_and_one_can_be_asked_for() {
    let county = county::county(24, 56).expect("the fixture is well formed");
    let page = with(&county, Lang::Zh, Audience::Internal, None, html);
    assert!(page.contains("<section id=\"counties\"") && !page.contains("<section id=\"score\""));
    assert!(!page.contains("chart-class-t") && page.matches("<tr").count() < 200, "no table of villages");
    let one = with(&county, Lang::Zh, Audience::Internal, Some("第003县"), html);
    assert!(one.contains("<section id=\"score\"") && one.contains("第003县村党组织书记队伍研判报告"));
    assert!(!one.contains("第004县"));
    let few = county::county(3, 150).expect("the fixture is well formed");
    let page = with(&few, Lang::Zh, Audience::Internal, None, html);
    assert!(page.contains("<section id=\"score\"") && page.contains("第002县"));
    assert!(page.contains("列出前300行，共450行"));
    with(&few, Lang::Zh, Audience::Internal, None, xlsx).expect("a workbook");
}

#[test]
fn every_township_has_its_own_line_in_a_chart() {
    let county = one_county();
    let page = with(&county, Lang::Zh, Audience::Summary, None, html);
    let start = page.find("id=\"chart-township-t\"").expect("the chart");
    let chart = &page[start..start + page[start..].find("</svg>").expect("its end")];
    let mut lines: Vec<f64> = Vec::new();
    for township in TOWNSHIPS {
        // Long names are cut, never dropped.
        let head: String = township.chars().take(6).collect();
        let at = chart.find(&format!(">{head}")).unwrap_or_else(|| panic!("{township} is not drawn"));
        let y = &chart[chart[..at].rfind(" y=\"").expect("a place") + 4..];
        lines.push(y[..y.find('"').expect("a quote")].parse().expect("a number"));
    }
    lines.sort_by(f64::total_cmp);
    assert!(lines.windows(2).all(|w| w[1] - w[0] >= 15.0), "labels overlap");
}

/// Writes the pages for a look at them: `cargo test -- --ignored look`.
#[test]
#[ignore = "writes files to look at"]
fn look() {
    let county = one_county();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for lang in [Lang::Zh, Lang::En] {
        for (audience, name) in [(Audience::Internal, "internal"), (Audience::Summary, "summary")] {
            let start = std::time::Instant::now();
            let page = with(&county, lang, audience.clone(), None, html);
            let paged = start.elapsed();
            let book = with(&county, lang, audience, None, xlsx).expect("a workbook");
            eprintln!(
                "{} {name}: html {paged:?} {} KB, xlsx {:?} {} KB",
                lang.tag(),
                page.len() / 1024,
                start.elapsed() - paged,
                book.len() / 1024
            );
            std::fs::write(folder.join(format!("report-{}-{name}.html", lang.tag())), page).expect("a file");
            std::fs::write(folder.join(format!("report-{}-{name}.xlsx", lang.tag())), book).expect("a file");
        }
    }
    let many = county::county(24, 56).expect("the fixture is well formed");
    let page = with(&many, Lang::Zh, Audience::Summary, None, html);
    std::fs::write(folder.join("report-many.html"), page).expect("a file");
}

/// A column of a table laid anew.
fn put(frame: &mut DataFrame, built: DataFrame) {
    for column in built.columns() {
        frame.with_column(column.clone()).expect("as many rows");
    }
}

#[test]
fn former_members_of_the_list_are_told_apart_from_those_of_a_category() {
    let mut county = one_county();
    let table = county.outcome.get_mut("supervision").expect("the fixture has it");
    let status = touyan::frame::words(table, "status").expect("a column");
    let kinds = touyan::frame::words(table, "kind").expect("a column");
    let listed: Vec<usize> =
        (0..table.height()).filter(|&i| status[i] == "listed" && kinds[i] != "cultivate").collect();
    assert!(listed.len() > 3);
    for former in [0, 1, 2] {
        let none = &listed[..former];
        let codes: Vec<Option<&str>> = (0..table.height()).map(|i| (!none.contains(&i)).then_some("weak")).collect();
        let built = Build::new().text("categories", codes).done().expect("one column");
        let mut county = one_county();
        put(county.outcome.get_mut("supervision").expect("the fixture has it"), built);
        let zh = with(&county, Lang::Zh, Audience::Internal, None, html);
        let en = with(&county, Lang::En, Audience::Internal, None, html);
        assert!(zh.contains(&format!("{}个村在提级管理之列，应纳尽纳（一个村可同属几类）", listed.len())));
        assert_eq!(zh.contains("目前不属各类别"), former > 0);
        let said = ["no category today", "one of them is in no category", "2 of them are in no category"][former];
        assert_eq!(en.contains(said), former > 0, "{former}");
        assert_eq!(zh.contains(&format!("其中{former}个村目前不属各类别")), former > 0);
    }
}

/// Tables of pay for one county: people underpaid, without cover, and the yuan that is told.
fn with_pay(short: &[&str], open: &[&str], told: Option<i64>, yuan: Option<i64>, named: bool) -> County {
    let mut county = one_county();
    let n = Some(10);
    let summary = Build::new().str("county", &["云岭县"]).text("township", vec![None::<&str>]);
    let summary = ["people", "equal", "overpaid", "no_record", "unknown"]
        .into_iter()
        .fold(summary.whole("year", vec![Some(2025)]), |b, c| b.whole(c, vec![n]))
        .whole("underpaid", vec![told])
        .whole("shortfall", vec![yuan]);
    county.outcome.insert("pay_summary", summary.done().expect("one row"));
    let people = |who: &[&str], state: &str| {
        let build = Build::new().str("county", &vec!["云岭县"; who.len()]).str("person", who);
        build.str("state", &vec![state; who.len()]).done().expect("equal lengths")
    };
    county.outcome.insert("cover_gaps", people(open, "gap"));
    if named {
        county.outcome.insert("pay_formula", people(short, "underpaid"));
    }
    county
}

/// The count beside the matter of pay on the first page.
fn pay_count(county: &County, audience: Audience) -> Option<String> {
    let page = with(county, Lang::Zh, audience, None, html);
    let at = page.find("<a href=\"#motivate\">报酬与保障")?;
    let before = &page[..at];
    let count = &before[before.rfind("class=\"count\">")? + "class=\"count\">".len()..];
    Some(count[..count.find('<')?].to_owned())
}

#[test]
fn pay_counts_each_person_once_and_no_withheld_sum_as_nothing() {
    let (short, open) = (["A", "B", "C"], ["C", "D"]);
    let named = with_pay(&short, &open, Some(3), Some(900), true);
    assert_eq!(pay_count(&named, Audience::Internal).as_deref(), Some("4"), "C is one person");
    let unnamed = with_pay(&short, &open, Some(3), Some(900), false);
    assert_eq!(pay_count(&unnamed, Audience::Summary).as_deref(), Some("3"), "at least as many as the larger group");
    let withheld = with_pay(&short, &open, None, None, false);
    assert_eq!(pay_count(&withheld, Audience::Summary).as_deref(), Some("2"));
    let page = with(&withheld, Lang::Zh, Audience::Summary, None, html);
    assert!(page.contains("＊人实发低于测算，共少发＊元"), "a withheld sum is no nought");
    let alone = with_pay(&short, &[], None, None, false);
    assert_eq!(pay_count(&alone, Audience::Summary).as_deref(), Some("＊"));
    let none = with_pay(&[], &[], Some(0), Some(0), false);
    assert_eq!(pay_count(&none, Audience::Summary), None);
}
