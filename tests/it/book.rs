//! The county book, end to end: sheets in, canonical tables and a check report out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use touyan::book::{self, Book};
use touyan::ident::Salt;
use touyan::policy::Policy;

fn messy() -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/messy_county")).to_owned();
    if path.is_dir() {
        Some(path)
    } else {
        eprintln!("skipped: no messy county beside the project");
        None
    }
}

fn open(path: &Path) -> Book {
    match book::open_with(path, &Policy::default(), &Salt([7; 32])) {
        Ok(book) => book,
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

/// Flags of a file by reason.
fn flags(book: &Book, file: &str) -> BTreeMap<String, usize> {
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    for sheet in book.report.sheets.iter().filter(|s| s.file.contains(file)) {
        for (reason, count) in &sheet.flagged {
            *all.entry(reason.clone()).or_default() += count;
        }
    }
    all
}

fn json(book: &Book) -> Value {
    book::report_json(book, &Policy::default(), None)
}

#[test]
fn the_messy_county_comes_out_as_its_truth_says() {
    let Some(path) = messy() else { return };
    let truth: Value =
        serde_json::from_str(&std::fs::read_to_string(path.join("truth.json")).unwrap_or_default()).unwrap_or_default();
    let book = open(&path);
    let found = json(&book);
    let tables = &found["tables"];
    assert_eq!(tables["villages"]["rows"], truth["villages"]);
    assert_eq!(tables["townships"]["rows"], truth["townships"]);
    assert_eq!(tables["villages"]["population"], truth["total_population"]);
    assert_eq!(tables["villages"]["weak"], truth["weak_villages"]);
    assert_eq!(tables["indicators"]["collective_income_wan"], truth["total_collective_income_wan"]);
    assert_eq!(tables["posts"]["vacant"], truth["vacant_secretary_posts"]);
    let secretaries = tables["posts"]["rows"].as_u64().unwrap_or(0) - tables["posts"]["vacant"].as_u64().unwrap_or(0);
    assert_eq!(Some(secretaries), truth["secretaries"].as_u64());
    assert_eq!(tables["pool"]["rows"], truth["reserves"]);
    assert_eq!(tables["pool"]["sources"], truth["reserve_sources"]);
    assert_eq!(tables["pool"]["status"], truth["reserve_status"]);
    assert_eq!(tables["events"]["rows"], truth["events"]);
    assert_eq!(tables["events"]["kinds"], truth["event_kinds"]);
    assert_eq!(tables["people"]["rows"].as_u64(), Some(58 + 111));
    assert_eq!(tables["appraisals"]["rows"].as_u64(), Some(58 * 3));
    assert_eq!(found["as_of"], "2026-01-31");

    let people = book.tables.get("people");
    let sanctions = touyan::frame::texts(people, "sanction").unwrap_or_default();
    let dates = touyan::frame::dates(people, "sanction_date").unwrap_or_default();
    let at = sanctions.iter().position(Option::is_some).unwrap_or(0);
    assert_eq!(sanctions.iter().flatten().count(), 1);
    assert_eq!((sanctions[at], dates[at].map(|d| d.to_string())), (Some("warning"), Some("2025-03-01".into())));

    let roster = flags(&book, "花名册");
    let pool = flags(&book, "后备");
    let villages = flags(&book, "村情");
    let count = |flags: &BTreeMap<String, usize>, reason: &str| flags.get(reason).copied().unwrap_or(0) as u64;
    let conflicts = &truth["conflicts"];
    assert_eq!(
        Some(count(&villages, "petitions_differ")),
        conflicts["petitions: village sheet and ledger differ"].as_u64()
    );
    assert_eq!(
        Some(count(&roster, "birth_differs_from_id")),
        conflicts["birth date differs from the ID number"].as_u64()
    );
    assert_eq!(Some(count(&roster, "sex_differs_from_id")), conflicts["sex differs from the ID number"].as_u64());
    assert_eq!(Some(count(&roster, "post_before_party")), conflicts["post held before joining the Party"].as_u64());
    assert_eq!(Some(count(&roster, "damaged_id")), truth["damaged_secretary_ids"].as_u64());
    assert_eq!(Some(count(&roster, "ambiguous_date")), Some(1));
    let faults = &truth["reserve_faults"];
    assert_eq!(Some(count(&pool, "damaged_id")), faults["damaged_id"].as_u64());
    assert_eq!(Some(count(&pool, "bad_check_digit")), faults["bad_check"].as_u64());
    assert_eq!(Some(count(&pool, "unknown_village")), faults["unknown_village"].as_u64());
    assert_eq!(Some(count(&pool, "future_birth")), faults["future_birth"].as_u64());
    assert_eq!(roster.len() + pool.len() + villages.len(), 5 + 4 + 1, "{roster:?} {pool:?} {villages:?}");
    assert_eq!(flags(&book, "台账"), BTreeMap::from([("unknown_word".to_owned(), 2)]));
    for sheet in &book.report.sheets {
        assert!(sheet.quarantined.is_empty(), "{sheet:?}");
    }
}

/// The invented county of these tests: other headers, other habits.
mod invented {
    use std::path::Path;

    use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

    fn row(sheet: &mut Worksheet, at: u32, cells: &[&str]) -> Result<(), XlsxError> {
        for (c, cell) in cells.iter().enumerate() {
            let column = u16::try_from(c).unwrap_or(u16::MAX);
            match cell.strip_prefix('#') {
                Some(number) => sheet.write_number(at, column, number.parse::<f64>().unwrap_or(f64::NAN))?,
                None if cell.is_empty() => continue,
                None => sheet.write_string(at, column, *cell)?,
            };
        }
        Ok(())
    }

    /// One sheet per township without a township column; two header rows, merged both ways; money
    /// in 元; shares as Excel fractions; figures of two years; subtotal and total.
    pub fn villages(folder: &Path) -> Result<(), XlsxError> {
        let mut book = Workbook::new();
        let plain = Format::new();
        for (township, villages, total) in [
            (
                "云台乡",
                [("梨树洼村", "340", "1210", "56000", "0.91"), ("石门坎村", "210", "802", "0", "0.755")],
                "2012",
            ),
            // This total is wrong: the rows add up to 1,350.
            (
                "渡口镇",
                [("河东社区", "500", "900", "1234567", "0.6"), ("河西村", "120", "450", "98000", "0.8")],
                "1351",
            ),
        ] {
            let sheet = book.add_worksheet().set_name(township)?;
            sheet.merge_range(0, 0, 0, 6, "2024年度行政村基本情况一览表", &plain)?;
            sheet.write_string(1, 5, "单位：户、人、元")?;
            sheet.merge_range(2, 0, 3, 0, "序号", &plain)?;
            sheet.merge_range(2, 1, 3, 1, "行政村名称", &plain)?;
            sheet.merge_range(2, 2, 2, 3, "人口状况", &plain)?;
            row(sheet, 3, &["", "", "总户数", "户籍人口数（人）"])?;
            sheet.merge_range(2, 4, 2, 5, "村集体经济收入（元）", &plain)?;
            row(sheet, 3, &["", "", "", "", "2023年", "2024年"])?;
            sheet.merge_range(2, 6, 3, 6, "群众满意度", &plain)?;
            for (i, (name, households, people, income, share)) in villages.into_iter().enumerate() {
                let at = 4 + u32::try_from(i).unwrap_or(0);
                let cells = [
                    format!("#{}", i + 1),
                    name.into(),
                    format!("#{households}"),
                    format!("#{people}"),
                    "#50000".into(),
                    format!("#{income}"),
                    format!("#{share}"),
                ];
                row(sheet, at, &cells.each_ref().map(String::as_str))?;
            }
            row(sheet, 6, &["#3"])?;
            row(sheet, 7, &["", "合　计", "", &format!("#{total}")])?;
            row(sheet, 8, &["说明：人口以公安部门数据为准。截至2024年12月31日"])?;
        }
        // A hidden copy that somebody forgot, and instructions.
        let notes = book.add_worksheet().set_name("填表说明")?;
        row(notes, 0, &["一、本表由各乡镇填写，务必真实准确，不得漏报瞒报。"])?;
        book.save(folder.join("村基本情况.xlsx"))
    }

    /// Committees: village and township once only, several people of a village below each other.
    pub fn cadres(folder: &Path, name: &str, second: &str) -> Result<(), XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let plain = Format::new();
        row(sheet, 0, &["渡口县村（社区）“两委”班子成员名册"])?;
        row(
            sheet,
            1,
            &[
                "所属乡镇",
                "所在村",
                "姓 名",
                "性别",
                "出生日期",
                "公民身份号码",
                "政治面貌",
                "入党日期",
                "文化程度",
                "职务",
                "任职时间",
                "2022年考核等次",
                "2023年考核等次",
            ],
        )?;
        sheet.merge_range(2, 0, 4, 0, "云台乡", &plain)?;
        row(
            sheet,
            2,
            &[
                "",
                "梨树洼",
                "赵 大",
                "男",
                "1970.03",
                "990121197003071217",
                "党员",
                "1995-07-01",
                "大专（函授）",
                "村党支部书记兼村委会主任",
                "2018年3月",
                "优秀",
                "称职",
            ],
        )?;
        row(
            sheet,
            3,
            &["", "", "钱二", "女", "1985.11", "", "党员", "2010.06", "本科", "副书记", "2021.5", "称职", "称职"],
        )?;
        row(
            sheet,
            4,
            &["", "石门坎村", "孙三、李四", "男", "1979.1", "", "群众", "", "初中", "委员", "2021.6", "", ""],
        )?;
        row(
            sheet,
            5,
            &[
                "渡口镇",
                "河东社区",
                second,
                "男",
                "1966.05",
                "",
                "正式党员",
                "1990.1",
                "高中",
                "书记",
                "2011.9",
                "基本称职",
                "不称职",
            ],
        )?;
        row(sheet, 6, &["渡口镇", "河西村", "暂缺", "", "", "", "", "", "", "书记", "", "", ""])?;
        row(sheet, 7, &["所属乡镇", "所在村", "姓 名", "性别", "出生日期", "公民身份号码", "政治面貌"])?;
        row(
            sheet,
            8,
            &["", "河西村", "周五", "男", "1990.13", "990121", "神秘", "", "大专", "文书", "2022.3", "", ""],
        )?;
        row(sheet, 9, &["填表人：王某", "", "", "审核人：李某"])?;
        book.save(folder.join(name))
    }

    pub fn texts(folder: &Path) -> std::io::Result<()> {
        // No codes anywhere; the township once only; names that the roster knows.
        std::fs::write(
            folder.join("线索台账.csv"),
            "发生时间,镇街,村居,事件类型,当事人,移交部门\n2024-03-02,云台乡,梨树洼村,立案,赵大,纪委\n,,石门坎村,信访,,信访局\n2024年5月,,石门坎,信访,,信访局\n2024/6/1,渡口镇,河东,集体上访,无名氏,信访局\n",
        )?;
        std::fs::write(
            folder.join("储备对象.csv"),
            "乡镇,村,姓名,性别,出生年月,学历,人员类别,培养方向,考察评价(思想/工作/潜力)\n云台乡,梨树洼村,钱二,女,1985.11,大专,返乡大学生,书记,好/较好/高\n渡口镇,河西村,吴六,男,1999.02,本科,退伍军人,委员,一般/好/中\n,,,,,,,,\n渡口镇,河西村,,男,1999.02,本科,,委员,\n合计：2人,,,,,,,,\n",
        )?;
        std::fs::write(folder.join("说明.txt"), "随便写的东西\n没有表")
    }
}

fn county() -> Option<(tempfile::TempDir, Book)> {
    let folder = tempfile::tempdir().ok()?;
    let path = folder.path().join("county");
    std::fs::create_dir(&path).ok()?;
    invented::villages(&path).ok()?;
    invented::cadres(&path, "班子名册（终稿）.xlsx", "郑七").ok()?;
    invented::cadres(&path, "班子名册（最终版）.xlsx", "冯八").ok()?;
    invented::texts(&path).ok()?;
    let book = open(&path);
    Some((folder, book))
}

#[test]
fn another_county_needs_no_configuration_either() {
    let Some((_folder, book)) = county() else { panic!("the county could not be written") };
    let found = json(&book);
    let tables = &found["tables"];
    let text = |table: &str, column: &str| -> Vec<String> {
        let frame = book.tables.get(table);
        touyan::frame::texts(frame, column)
            .unwrap_or_default()
            .into_iter()
            .map(|t| t.unwrap_or_default().to_owned())
            .collect()
    };
    let all = format!("{:#?}\n{found:#}", book.report.flags);
    assert_eq!(tables["villages"]["rows"], 4, "{all}");
    assert_eq!(tables["villages"]["population"], 1210 + 802 + 900 + 450);
    assert_eq!(text("villages", "township"), ["云台乡", "云台乡", "渡口镇", "渡口镇"]);
    assert_eq!(text("villages", "village"), ["云台乡/梨树洼村", "云台乡/石门坎村", "渡口镇/河东社区", "渡口镇/河西村"]);
    // Two years of figures; 元 became 万元, fractions became percent.
    assert_eq!(tables["indicators"]["rows"], 8);
    assert_eq!(tables["indicators"]["period"], 2024);
    assert_eq!(tables["indicators"]["collective_income_wan"], 138.8567);
    let shares: Vec<f64> = touyan::frame::numbers(book.tables.get("indicators"), "satisfaction")
        .unwrap_or_default()
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(shares, [91.0, 75.5, 60.0, 80.0]);
    // Two versions of one roster: the final one holds, both are named.
    let names = text("people", "name");
    for name in ["赵大", "钱二", "孙三", "李四", "冯八", "郑七", "周五", "吴六"] {
        assert_eq!(names.iter().filter(|n| *n == name).count(), 1, "{name} in {names:?}");
    }
    assert_eq!(tables["posts"]["vacant"], 1, "{all}");
    let holders: Vec<String> =
        text("posts", "village").into_iter().zip(text("posts", "post")).map(|(v, p)| format!("{v} {p}")).collect();
    assert_eq!(
        holders,
        [
            "云台乡/梨树洼村 deputy_secretary",
            "云台乡/梨树洼村 secretary",
            "云台乡/石门坎村 committee",
            "渡口镇/河东社区 secretary",
            "渡口镇/河西村 clerk",
            "渡口镇/河西村 secretary"
        ],
        "{all}"
    );
    let dual = touyan::frame::flags(book.tables.get("posts"), "dual").unwrap_or_default();
    assert_eq!(dual[1], Some(true));
    let final_flags = flags(&book, "最终版");
    let older_flags = flags(&book, "终稿");
    for reason in ["two_people_in_cell", "bad_date", "unknown_word", "bad_id_length", "two_holders"] {
        assert!(final_flags.contains_key(reason), "{reason}: {final_flags:?}");
    }
    assert!(older_flags.contains_key("two_holders") && older_flags.contains_key("duplicate_record"), "{older_flags:?}");
    // 钱二 stands in the roster and in the pool, with another education in each.
    assert!(flags(&book, "储备").contains_key("sources_differ"), "{all}");
    assert_eq!(flags(&book, "村基本情况").get("total_row_differs"), Some(&1), "{all}");
    // The replaced secretary keeps his grades.
    assert_eq!(tables["appraisals"]["rows"], 8, "{all}");
    assert_eq!(tables["events"]["rows"], 3, "{all}");
    assert_eq!(text("events", "village").iter().filter(|v| *v == "云台乡/石门坎村").count(), 1, "{all}");
    let quarantined: Vec<&str> = book.report.quarantine.iter().map(|q| q.reason.as_str()).collect();
    assert_eq!(quarantined, ["missing_key", "missing_key"], "{:?}", book.report.quarantine);
    let not_read: Vec<&str> = book.report.not_read.iter().map(|n| n.reason.as_str()).collect();
    assert!(not_read.contains(&"not-read-no-header"), "{not_read:?}");
    assert_eq!(book.as_of_found.map(|d| d.to_string()), Some("2024-12-31".into()));
}

#[test]
fn nothing_personal_stands_in_findings() {
    let Some((_folder, book)) = county() else { panic!("the county could not be written") };
    let policy = Policy::default();
    let text =
        format!("{:?}{:?}{}", book.report.flags, book.report.quarantine, book::report_json(&book, &policy, None));
    let csv = String::from_utf8(book::flags_csv(&book.report, touyan::lang::Lang::En)).unwrap_or_default();
    for secret in ["19700307", "赵大", "钱二", "孙三", "李四", "郑七", "冯八"] {
        assert!(!text.contains(secret) && !csv.contains(secret), "{secret}");
    }
    assert!(csv.starts_with('\u{feff}'));
}

#[test]
fn every_reason_has_its_words() {
    use touyan::lang::Lang;
    for lang in [Lang::Zh, Lang::En] {
        for message in touyan::lang::sources(lang).iter().flat_map(|s| s.lines()) {
            let Some(reason) = message.strip_prefix("label-").and_then(|m| m.split_once(" =")).map(|(r, _)| r) else {
                continue;
            };
            assert!(lang.has(&format!("remedy-{reason}")), "{reason}");
            let said = lang.has(&format!("flag-{reason}")) || lang.has(&format!("quarantine-{reason}"));
            assert!(said, "{reason}");
        }
    }
}

#[test]
fn a_table_that_two_forms_fit_says_so_and_book_toml_settles_it() {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("book");
    let written = std::fs::create_dir(&path).and_then(|()| {
        std::fs::write(
            path.join("a.csv"),
            "乡镇,村名,事项,时限\n甲镇,一村,修路,2025-06-01\n甲镇,二村,挖渠,2025-07-01\n",
        )
    });
    assert!(written.is_ok());
    let book = open(&path);
    let fit: Vec<_> = book.report.flags.iter().filter(|f| f.reason == "two_tables_fit").collect();
    assert_eq!(fit.len(), 1, "{:?}", book.report.flags);
    assert!(fit[0].detail.contains("targets") && fit[0].detail.contains("measures"));
    assert_eq!(book.tables.get("targets").height(), 2);
    assert!(
        std::fs::write(
            path.join("book.toml"),
            "as_of = \"2025-12-31\"\n[[sheet]]\nfile = \"a.csv\"\ntable = \"measures\"\n"
        )
        .is_ok()
    );
    let book = open(&path);
    assert_eq!((book.tables.get("targets").height(), book.tables.get("measures").height()), (0, 2));
    assert!(!book.report.flags.iter().any(|f| f.reason == "two_tables_fit"));
    assert_eq!(book.as_of_found.map(|d| d.to_string()), Some("2025-12-31".into()));
    assert!(std::fs::write(path.join("book.toml"), "[[sheet]]\nfile = \"a.csv\"\ntable = \"nonsense\"\n").is_ok());
    assert!(book::open_with(&path, &Policy::default(), &Salt([0; 32])).is_err());
}

#[test]
fn order_of_sheets_does_not_matter() {
    let Some((folder, book)) = county() else { panic!("the county could not be written") };
    let Ok(mut opened) = book::read::open(&folder.path().join("county")) else { panic!("it opens") };
    for turn in 0..3 {
        opened.sheets.rotate_left(1 + turn);
        let Ok(other) = book::assemble(opened.clone(), &Policy::default(), &Salt([7; 32])) else {
            panic!("it assembles")
        };
        for ((table, a), (_, b)) in book.tables.iter().zip(other.tables.iter()) {
            assert!(a.equals_missing(b), "{}", table.name);
        }
        assert_eq!(book.report.flags, other.report.flags);
    }
}

#[test]
fn synthetic_books_are_clean_and_complete() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let options =
        touyan::synth::Options { counties: 2, villages_per_county: Some(24), townships: Some(3), ..Default::default() };
    touyan::synth::write(&options, folder.path())?;
    let book = open(folder.path());
    assert_eq!(book.tables.get("villages").height(), 48);
    assert_eq!(book.tables.get("indicators").height(), 480);
    assert!(book.report.quarantine.is_empty(), "{:?}", book.report.quarantine.first());
    for table in ["people", "posts", "pool", "events", "kin", "wishes"] {
        let drawn: usize = (0..2)
            .filter_map(|i| touyan::synth::county(&options, i).ok())
            .filter_map(|c| c.table(table).map(|t| t.height()))
            .sum();
        assert_eq!(book.tables.get(table).height(), drawn, "{table}");
    }
    Ok(())
}

mod arbitrary {
    use proptest::prelude::*;
    use touyan::book::raw::{Body, Cell, Merge, Opened, RawSheet};
    use touyan::book::{self, BookError};
    use touyan::ident::Salt;
    use touyan::policy::Policy;

    /// Words that sheets are made of, headers first, so that some grids are tables.
    const WORDS: &[&str] = &[
        "序号",
        "乡镇",
        "村名",
        "村",
        "姓名",
        "性别",
        "出生年月",
        "身份证号",
        "学历",
        "任现职时间",
        "拟培养岗位",
        "日期",
        "问题类型",
        "户籍人口",
        "2024年集体收入（元）",
        "考核等次",
        "人员编号",
        "亲属",
        "目标",
        "措施",
        "合计",
        "小计",
        "注：",
        "青石镇",
        "大泉村",
        "大泉",
        "张三",
        "张　三",
        "张三、李四",
        "空缺",
        "无",
        "-",
        "男",
        "信访",
        "立案",
        "2021.1",
        "2025-06-01",
        "9999-12-31",
        "990121198002151017",
        "9.90121E+17",
        "990121100200",
        "本科",
        "书记",
        "是",
        "12",
        "1.5",
        "NaN",
        "=1+1",
        "",
        " ",
        "\u{0}",
        "２０２４年度",
        "（一）青石镇",
        "乡镇/村",
        "/",
        "//",
    ];

    fn cell() -> impl Strategy<Value = Cell> {
        prop_oneof![
            6 => prop::sample::select(WORDS).prop_map(|w| Cell::Text(w.to_owned())),
            2 => Just(Cell::Empty),
            1 => any::<f64>().prop_map(Cell::Number),
            1 => (0_u32..3000).prop_map(|x| Cell::Number(f64::from(x))),
            1 => any::<bool>().prop_map(Cell::YesNo),
            1 => "\\PC{0,6}".prop_map(Cell::Text),
            1 => (0_i32..3_000_000).prop_map(|d| chrono::NaiveDate::from_num_days_from_ce_opt(d).map_or(Cell::Empty, Cell::Date)),
            1 => Just(Cell::Error("#REF!".to_owned())),
        ]
    }

    fn sheet() -> impl Strategy<Value = (Vec<Vec<Cell>>, Vec<Merge>)> {
        let header =
            prop::collection::vec(prop::sample::select(&WORDS[..22]).prop_map(|w| Cell::Text(w.to_owned())), 2..9);
        let rows = prop::collection::vec(prop::collection::vec(cell(), 0..9), 0..14);
        let merge = (0_usize..16, 0_usize..9, 0_usize..4, 0_usize..4).prop_map(|(top, left, h, w)| Merge {
            top,
            left,
            bottom: top + h,
            right: left + w,
        });
        (header, rows, prop::collection::vec(merge, 0..3), any::<bool>()).prop_map(
            |(header, mut rows, merges, headed)| {
                if headed {
                    rows.insert(0, header);
                }
                (rows, merges)
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
        #[test]
        fn rows_add_up_whatever_the_sheets_hold(sheets in prop::collection::vec(sheet(), 1..4)) {
            let sheets = sheets.into_iter().enumerate().map(|(i, (rows, merges))| RawSheet {
                file: format!("表{i}.xlsx"), sheet: "青石镇".into(), hidden: false, body: Body::Grid { rows, merges, fields: vec![] },
            }).collect();
            let opened = Opened { sheets, ..Opened::default() };
            match book::assemble(opened, &Policy::default(), &Salt([1; 32])) {
                Ok(book) => {
                    for s in &book.report.sheets {
                        let ignored: usize = s.ignored.values().sum();
                        let quarantined: usize = s.quarantined.values().sum();
                        prop_assert_eq!(s.rows, s.accepted + ignored + quarantined);
                    }
                    let quarantined: usize = book.report.sheets.iter().flat_map(|s| s.quarantined.values()).sum();
                    prop_assert_eq!(quarantined, book.report.quarantine.len());
                    // Keys are there: no row of a table is without what names it.
                    for name in ["people", "pool", "appraisals"] {
                        let codes = touyan::frame::texts(book.tables.get(name), "person").unwrap_or_default();
                        prop_assert!(codes.iter().all(Option::is_some), "{}", name);
                        if name != "appraisals" {
                            let unique: std::collections::BTreeSet<_> = codes.iter().collect();
                            prop_assert_eq!(unique.len(), codes.len(), "{}", name);
                        }
                    }
                    let _ = book::report_json(&book, &Policy::default(), None);
                    let _ = book::flags_csv(&book.report, touyan::lang::Lang::Zh);
                }
                Err(BookError::NoTable(_)) => {}
                Err(error) => prop_assert!(false, "{}", error),
            }
        }
    }
}

#[test]
fn a_workbook_and_csv_hold_the_same_book_as_parquet() -> Result<(), Box<dyn std::error::Error>> {
    use touyan::synth::{Format, Options, write};
    let folder = tempfile::tempdir()?;
    let options = |format| Options { villages_per_county: Some(20), townships: Some(3), format, ..Options::default() };
    let mut books = Vec::new();
    for (name, format) in [("parquet", Format::Parquet), ("xlsx", Format::Xlsx), ("csv", Format::Csv)] {
        let path = folder.path().join(name);
        write(&options(format), &path)?;
        books.push(open(&path));
    }
    for book in &books[1..] {
        assert!(book.report.quarantine.is_empty() && book.report.not_read.is_empty());
        let unused: Vec<&String> = book.report.sheets.iter().flat_map(|s| &s.unused).collect();
        assert!(unused.is_empty(), "{unused:?}");
        // The same people, whatever the file: codes come from ID numbers.
        let codes = |b: &Book, table: &str| -> std::collections::BTreeSet<String> {
            let frame = b.tables.get(table);
            touyan::frame::texts(frame, "person").unwrap_or_default().into_iter().flatten().map(str::to_owned).collect()
        };
        for table in ["people", "posts", "pool", "appraisals", "activities", "pay", "wishes"] {
            assert_eq!(codes(&books[0], table), codes(book, table), "{table}");
        }
        let reasons = |b: &Book| b.report.flags.iter().map(|f| f.reason.clone()).collect::<Vec<_>>();
        assert_eq!(reasons(&books[0]), reasons(book));
        for ((table, a), (_, b)) in books[0].tables.iter().zip(book.tables.iter()) {
            assert_eq!(a.height(), b.height(), "{}", table.name);
        }
    }
    Ok(())
}

#[test]
fn broken_typed_tables_are_flagged_and_never_stop_the_book() -> Result<(), Box<dyn std::error::Error>> {
    use touyan::book::raw::{Body, Opened, RawSheet};
    use touyan::frame::Build;
    let typed = |file: &str, frame| RawSheet {
        file: file.into(),
        sheet: String::new(),
        hidden: false,
        body: Body::Typed(frame),
    };
    let day = |y, m, d| chrono::NaiveDate::from_ymd_opt(y, m, d);
    let villages = Build::new()
        .str("township", &["甲镇", "乙镇", "甲镇"])
        .str("village", &["990121100200", "990121100200", "990121100201"])
        .str("village_name", &["一村", "一村", "二村"])
        .whole("population", vec![Some(10), Some(10), Some(-5)])
        .done()?;
    let indicators = Build::new()
        .text("village", vec![Some("990121100200"), Some("990121100200"), None])
        .whole("period", vec![Some(2024), Some(2024), Some(2024)])
        .number("collective_income", vec![Some(f64::NAN), Some(3.0), Some(1.0)])
        .number("own_measure", vec![Some(1.0), Some(2.0), Some(3.0)])
        .done()?;
    let people = Build::new()
        .str("person", &["R1", "R1", "R2"])
        .str("name", &["张三", "李四", "王五"])
        .str("id_number", &["990121198002151017", "990121199511302041", "990121198002151017"])
        .date("birth", vec![day(1980, 2, 15), day(9000, 1, 1), None])
        .done()?;
    let posts = Build::new()
        .text("village", vec![Some("990121100200"), Some("甲镇/三村"), Some("990121100201")])
        .text("post", vec![Some("书记"), Some("酋长"), Some("secretary")])
        .text("person", vec![Some("R9"), Some("R2"), None])
        .done()?;
    let opened = Opened {
        sheets: vec![
            typed("villages.parquet", villages),
            typed("indicators/a.parquet", indicators),
            typed("people.parquet", people),
            typed("posts.arrow", posts),
        ],
        ..Opened::default()
    };
    let book = book::assemble(opened, &Policy::default(), &Salt([3; 32]))?;
    let reasons: std::collections::BTreeSet<&str> = book.report.flags.iter().map(|f| f.reason.as_str()).collect();
    for reason in [
        "village_in_two_townships",
        "out_of_range",
        "unreadable_number",
        "duplicate_id",
        "duplicate_number",
        "bad_date",
        "unknown_person",
        "unknown_village",
        "unknown_word",
    ] {
        assert!(reasons.contains(reason), "{reason}: {reasons:?}");
    }
    assert_eq!(book.report.quarantine.len(), 1);
    assert_eq!(book.tables.get("villages").height(), 2);
    assert_eq!(book.tables.get("indicators").height(), 1);
    assert!(touyan::frame::has(book.tables.get("indicators"), "own_measure"));
    assert_eq!(book.tables.get("people").height(), 3);
    assert_eq!(book.tables.get("posts").height(), 3);
    Ok(())
}

#[test]
fn the_schema_document_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/book.md");
    let text = book::schema_doc(touyan::lang::Lang::En);
    if std::env::var_os("TOUYAN_BLESS").is_some() {
        let written = std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs"))
            .and_then(|()| std::fs::write(path, &text));
        assert!(written.is_ok(), "{written:?}");
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        there == text,
        "docs/book.md is out of date: TOUYAN_BLESS=1 cargo test --release --test it book::the_schema writes it anew"
    );
}

#[test]
fn the_code_of_a_village_is_its_key_in_every_table() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "村情统计表.csv",
        "乡镇,村名,行政区划代码,户数,户籍人口,信访件次\n青石镇,大泉村,990121100200,10,30,1\n青石镇,西塘村,990121100201,11,33,0\n",
    );
    write("问题台账.csv", "日期,乡镇,村,问题类型\n2025-03-01,青石镇,大泉,信访\n");
    let book = book::open_with(folder.path(), &Policy::default(), &Salt([7; 32])).unwrap();
    let keys = |table: &str| -> Vec<String> {
        touyan::frame::words(book.tables.get(table), "village").unwrap().into_iter().map(str::to_owned).collect()
    };
    assert_eq!(keys("villages"), ["990121100200", "990121100201"]);
    assert_eq!(keys("indicators"), ["990121100200", "990121100201"]);
    assert_eq!(keys("events"), ["990121100200"]);
    assert_eq!(touyan::frame::words(book.tables.get("villages"), "county").unwrap(), ["990121", "990121"]);
}

/// A village sheet of one county, some codes of which begin otherwise.
fn coded(strays: &[(usize, &str)], rows: usize) -> Book {
    let dir = tempfile::tempdir().unwrap();
    let mut text = String::from("乡镇,村,行政区划代码,户数\n");
    for i in 0..rows {
        let start = strays.iter().find(|(at, _)| *at == i).map_or("990121", |(_, start)| start);
        text.push_str(&format!("青石镇,第{i}村,{start}1002{:02},{}\n", i, 100 + i));
    }
    std::fs::write(dir.path().join("村情.csv"), text).unwrap();
    open(dir.path())
}

#[test]
fn a_wrong_digit_that_makes_a_second_county_is_flagged() {
    let stray = |book: &Book| -> Vec<(usize, String)> {
        let found = book.report.flags.iter().filter(|f| f.reason == "stray_county");
        found.map(|f| (f.row, f.value.clone())).collect()
    };
    // One row of 60 is 1.7%: below two in a hundred.
    let one = coded(&[(7, "990122")], 60);
    assert_eq!(stray(&one), [(9, "第7村 990122100207".to_owned())]);
    let flag = one.report.flags.iter().find(|f| f.reason == "stray_county").unwrap();
    assert_eq!((flag.file.as_str(), flag.column.as_str()), ("村情.csv", "行政区划代码"));
    assert!(flag.detail.contains("990121") && flag.detail.contains("990122"), "{}", flag.detail);
    // One row of 50 is just two in a hundred; three of 90 are too many; all of one county are none.
    assert!(stray(&coded(&[(7, "990122")], 50)).is_empty());
    assert!(stray(&coded(&[(7, "990122"), (8, "990122"), (9, "990122")], 99)).is_empty());
    assert!(stray(&coded(&[], 60)).is_empty());
    // Two counties that are both small are as they are.
    assert!(stray(&coded(&[(0, "990122")], 2)).is_empty());
    let policy = Policy::default();
    assert_eq!((policy.book.stray_villages, policy.book.stray_percent), (2, 2.0));
}
