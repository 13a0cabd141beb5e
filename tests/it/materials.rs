//! Meeting materials: every file is opened as an office would open it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use calamine::{Data, DataType as _, Reader, Xlsx};
use touyan::book::{self, Book};
use touyan::frame;
use touyan::lang::Lang;
use touyan::materials::{Input, MANIFEST, Options, files, write};
use touyan::policy::Policy;
use touyan::run::{self, Audience, Formats, Options as RunOptions, Outcome, RunError};

/// The demo county's run with materials, for one audience.
struct Made {
    dir: tempfile::TempDir,
    outcome: Outcome,
    book: Book,
    files: BTreeMap<String, Vec<u8>>,
}

impl Made {
    fn out(&self) -> std::path::PathBuf {
        self.dir.path().join("out")
    }

    fn materials(&self) -> BTreeMap<&str, &[u8]> {
        self.files.iter().filter_map(|(n, b)| Some((n.strip_prefix("materials/")?, b.as_slice()))).collect()
    }
}

fn make(audience: Audience) -> Made {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("book");
    std::fs::create_dir(&folder).unwrap();
    for (name, bytes) in touyan::synth::demo() {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    std::fs::write(book::salt_file(&folder), touyan::synth::DEMO_SALT).unwrap();
    let policy = Policy::default();
    let book = book::open(&folder, &policy).unwrap();
    let options = RunOptions { audience, ..RunOptions::default() };
    let outcome = run::pipeline(&book, &policy, &options, &()).unwrap();
    let formats = Formats { materials: true, ..Formats::default() };
    let shown = touyan::privacy::narrow(&book, &outcome, &policy, &options).unwrap();
    let files = run::encode(&shown, &policy, &options, &formats, &()).unwrap();
    let log = run::manifest(&shown, &policy, &options, &formats, &files);
    run::write(&dir.path().join("out"), &files, &log, &BTreeMap::new()).unwrap();
    Made { dir, outcome, book, files: files.into_iter().collect() }
}

fn internal() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| make(Audience::Internal))
}

fn summary() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| make(Audience::Summary))
}

/// The parts of a .docx or .xlsx file, with the year that the archive gives each.
fn parts(bytes: &[u8]) -> BTreeMap<String, (u16, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|i| {
            let mut entry = archive.by_index(i).unwrap();
            let year = entry.last_modified().map_or(0, |t| t.year());
            let mut text = Vec::new();
            let name = entry.name().unwrap().into_owned();
            entry.read_to_end(&mut text).unwrap();
            (name, (year, String::from_utf8_lossy(&text).into_owned()))
        })
        .collect()
}

fn sheet(bytes: &[u8], at: usize) -> Vec<Vec<Data>> {
    let mut book = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let name = book.sheet_names()[at].clone();
    book.worksheet_range(&name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

fn annex(made: &Made, number: usize) -> Vec<u8> {
    let start = format!("附件{number} ");
    let materials = made.materials();
    materials.iter().find(|(name, _)| name.starts_with(&start)).map(|(_, b)| b.to_vec()).unwrap()
}

/// Rows below the header that begin with a running number.
fn body(rows: &[Vec<Data>]) -> Vec<&Vec<Data>> {
    rows.iter().skip(4).filter(|row| row[0].is_float() || row[0].is_int()).collect()
}

#[test]
fn run_and_materials_are_one_path() {
    let made = internal();
    let input = Input::read(&made.out()).unwrap();
    let again: BTreeMap<String, Vec<u8>> = files(&input, &Options::default()).unwrap().into_iter().collect();
    let there = made.materials();
    assert_eq!(again.keys().map(String::as_str).collect::<Vec<_>>(), there.keys().copied().collect::<Vec<_>>());
    for (name, bytes) in &again {
        assert!(bytes.as_slice() == there[name.as_str()], "{name} differs between run and materials");
    }
    let verdict =
        run::verify::verify(&made.out(), &run::verify::Evidence::book(&made.dir.path().join("book")), Lang::Zh, &())
            .unwrap();
    assert!(verdict.holds(), "{verdict:?}");
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let input = Input::read(&internal().out()).unwrap();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| files(&input, &Options::default()).unwrap())
    };
    let one = with(1);
    for threads in [2, 4] {
        for (a, b) in one.iter().zip(&with(threads)) {
            assert!(a == b, "{} and {} differ with {threads} threads", a.0, b.0);
        }
    }
}

#[test]
fn documents_are_in_official_form() {
    let made = internal();
    let as_of = made.outcome.as_of.to_string();
    let mut documents = 0;
    for (name, bytes) in made.materials() {
        let parts = parts(bytes);
        let clock: Vec<&String> = parts.iter().filter(|(_, (year, _))| *year != 1980).map(|(n, _)| n).collect();
        assert!(clock.is_empty(), "{name}: entries with a clock: {clock:?}");
        let core = &parts["docProps/core.xml"].1;
        assert!(core.contains(&as_of), "{name}: {core}");
        if !name.ends_with(".docx") {
            continue;
        }
        documents += 1;
        let styles = &parts["word/styles.xml"].1;
        assert!(styles.contains("方正小标宋简体") && styles.contains("仿宋_GB2312"), "{name}");
        assert!(styles.contains(r#"w:lineRule="exact""#), "{name}");
        assert!(parts["word/fontTable.xml"].1.contains(r#"<w:altName w:val="宋体"/>"#), "{name}");
        for footer in ["word/footer1.xml", "word/footer2.xml"] {
            assert!(parts[footer].1.contains("PAGE") && parts[footer].1.contains("— "), "{name} {footer}");
        }
        let document = &parts["word/document.xml"].1;
        assert!(document.contains(r#"<w:pStyle w:val="GwTitle" />"#), "{name}");
        assert!(document.contains("内部资料"), "{name}: not marked");
    }
    let report = parts(made.materials()["研判报告.docx"]);
    let styles = &report["word/styles.xml"].1;
    let title = styles.split("w:styleId=\"GwTitle\"").nth(1).unwrap().split("</w:style>").next().unwrap();
    assert!(title.contains(r#"<w:sz w:val="44" />"#) && title.contains(r#"w:val="center""#), "{title}");
    let text = styles.split("w:styleId=\"GwBody\"").nth(1).unwrap().split("</w:style>").next().unwrap();
    assert!(text.contains(r#"w:firstLine="640""#) && text.contains(r#"w:line="560""#), "{text}");
    let document = &report["word/document.xml"].1;
    for heading in ["一、基本情况", "二、考评结果", "三、提级管理", "四、空缺岗位与后备人选", "五、队伍结构"]
    {
        assert!(document.contains(heading), "no {heading}");
    }
    // GB/T 9704: 37, 35, 28 and 26 mm in twentieths of a point.
    assert!(document.contains(r#"w:top="2097""#) && document.contains(r#"w:left="1587""#), "margins");
    // A page per supervised village, a file per person on a shortlist.
    let people: BTreeSet<&str> =
        frame::words(made.outcome.table("shortlists").unwrap(), "candidate").unwrap().into_iter().collect();
    assert_eq!(documents, 2 + people.len());
    let pages = made.materials().into_iter().find(|(n, _)| n.contains("一村一策")).unwrap().1.to_vec();
    let pages = parts(&pages)["word/document.xml"].1.matches(r#"<w:pStyle w:val="GwTitle" />"#).count();
    assert_eq!(pages, listed(made));
}

fn listed(made: &Made) -> usize {
    let table = made.outcome.table("supervision").unwrap();
    let kinds = frame::words(table, "kind").unwrap();
    let status = frame::words(table, "status").unwrap();
    let on = |(s, k): (&&str, &&str)| ["listed", "relapse", "leaving"].contains(s) && *k != "cultivate";
    status.iter().zip(&kinds).filter(|pair| on(*pair)).count()
}

#[test]
fn annexes_say_what_the_tables_say() {
    for made in [internal(), summary()] {
        let scores = made.outcome.table("scores").unwrap();
        assert_eq!(body(&sheet(&annex(made, 1), 0)).len(), listed(made));
        assert_eq!(body(&sheet(&annex(made, 2), 0)).len(), made.outcome.table("talks").unwrap().height());
        let rows = sheet(&annex(made, 4), 0);
        let mut there: Vec<String> =
            body(&rows).iter().filter_map(|r| r[4].as_f64()).map(|x| format!("{x:.2}")).collect();
        let mut wanted: Vec<String> = frame::numbers(scores, "score")
            .unwrap()
            .into_iter()
            .flatten()
            .map(|x| format!("{:.2}", touyan::kernel::round::to(x, 2)))
            .collect();
        there.sort();
        wanted.sort();
        assert_eq!(there, wanted);
        let form = body(&sheet(&annex(made, 6), 0)).len();
        assert_eq!(form, made.outcome.table("statistics_form").unwrap().height());
        // Every vacancy stands in annex 3, with its persons or without any.
        let lists = made.outcome.table("shortlists").unwrap();
        let with: BTreeSet<&str> = frame::words(lists, "vacancy").unwrap().into_iter().collect();
        let vacancies = made.outcome.table("vacancies").unwrap().height();
        assert_eq!(body(&sheet(&annex(made, 3), 0)).len(), lists.height() + vacancies - with.len());
    }
}

#[test]
fn sums_by_township_add_up() {
    let made = summary();
    let rows = sheet(&annex(made, 5), 0);
    let lines = body(&rows);
    let heads: Vec<String> = rows[3].iter().map(ToString::to_string).collect();
    let total = rows.iter().find(|row| row[1].get_string() == Some("合计")).unwrap();
    for (at, head) in heads.iter().enumerate().skip(2) {
        let sum: f64 = lines.iter().map(|row| row[at].as_f64().unwrap()).sum();
        assert_eq!(total[at].as_f64(), Some(sum), "{head}");
    }
    let of = |head: &str| total[heads.iter().position(|h| h == head).unwrap()].as_f64().unwrap() as usize;
    let scores = made.outcome.table("scores").unwrap().height();
    assert_eq!(of("村数"), scores);
    assert_eq!(["优秀", "称职", "基本称职", "不称职", "暂不评定"].map(of).iter().sum::<usize>(), scores);
    assert_eq!(of("提级管理村"), listed(made));
    assert_eq!(of("空缺岗位"), made.outcome.table("vacancies").unwrap().height());
    assert_eq!(of("有统筹人选"), made.outcome.table("assignment").unwrap().height());
}

#[test]
fn each_township_begins_a_page() {
    let made = internal();
    let bytes = annex(made, 4);
    let parts = parts(&bytes);
    let xml = &parts["xl/worksheets/sheet1.xml"].1;
    let townships: BTreeSet<&str> =
        frame::words(made.outcome.table("scores").unwrap(), "township").unwrap().into_iter().collect();
    assert!(xml.contains(&format!("<rowBreaks count=\"{}\"", townships.len() - 1)), "breaks");
    assert!(!xml.contains("fitToPage"), "Excel takes no notice of breaks on a page that it fits");
    assert!(xml.contains("orientation=\"landscape\"") && xml.contains("paperSize=\"9\""));
    assert!(parts["xl/workbook.xml"].1.contains("Print_Titles"), "the header is not repeated");
}

#[test]
fn a_summary_names_nobody() {
    let made = summary();
    let people = made.book.tables.get("people");
    // A name of two letters may stand in a village's name; three and more tell a person.
    let names: BTreeSet<&str> =
        frame::words(people, "name").unwrap().into_iter().filter(|n| n.chars().count() > 2).collect();
    assert!(names.len() > 1_000);
    assert!(!made.files.contains_key("people.parquet") && !made.files.contains_key("person_files.parquet"));
    for (name, bytes) in made.materials() {
        assert!(!name.contains("一人一档"), "{name}");
        for (part, (_, text)) in parts(bytes) {
            for person in &names {
                assert!(!text.contains(person), "{name} {part} names {person}");
            }
            assert!(!text.contains("内部资料"), "{name} {part}");
        }
    }
    // The same search does find names where they may stand.
    let report = parts(internal().materials()["附件2 谈话名单.xlsx"]);
    let strings = &report["xl/sharedStrings.xml"].1;
    assert!(frame::words(people, "name").unwrap().iter().any(|n| n.chars().count() > 2 && strings.contains(n)));
}

#[test]
fn damaged_results_and_foreign_folders_are_refused() {
    let made = make(Audience::Summary);
    let out = made.out();
    let input = Input::read(&out).unwrap();
    let files = files(&input, &Options::default()).unwrap();
    let foreign = made.dir.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("thesis.docx"), "x").unwrap();
    let refused = write(&out, &foreign, &input, &Options::default(), &files);
    assert!(matches!(refused, Err(RunError::NotAnOutput(_))), "{refused:?}");
    assert_eq!(std::fs::read_dir(&foreign).unwrap().count(), 1);
    let to = made.dir.path().join("materials");
    for _ in 0..2 {
        write(&out, &to, &input, &Options::default(), &files).unwrap();
    }
    let list: serde_json::Value = serde_json::from_slice(&std::fs::read(to.join(MANIFEST)).unwrap()).unwrap();
    assert_eq!(list["outputs"].as_object().unwrap().len(), files.len());

    let unknown = Options { county: Some("无此县".into()), ..Options::default() };
    let error = touyan::materials::files(&input, &unknown).unwrap_err();
    assert!(error.render(Lang::Zh).contains("无此县"));

    let path = out.join("scores.parquet");
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let error = Input::read(&out).unwrap_err();
    assert!(error.render(Lang::Zh).contains("scores.parquet"), "{}", error.render(Lang::Zh));
}

#[test]
fn english_materials_speak_english() {
    let mut input = Input::read(&internal().out()).unwrap();
    input.lang = Lang::En;
    let files = files(&input, &Options::default()).unwrap();
    let report = files.iter().find(|(n, _)| n == "Study report.docx").unwrap();
    let text = &parts(&report.1)["word/document.xml"].1;
    for heading in ["1. Situation", "2. Appraisal", "3. Escalated supervision", "4. Vacant posts and the reserve"] {
        assert!(text.contains(heading), "no {heading}");
    }
}

/// Everybody in the pool has a file, and no two files share a name.
#[test]
fn the_whole_pool_has_files() {
    let made = internal();
    let input = Input::read(&made.out()).unwrap();
    let options = Options { all_people: true, ..Options::default() };
    let files = files(&input, &options).unwrap();
    let people = files.iter().filter(|(n, _)| n.starts_with("一人一档/")).count();
    let pool = made.book.tables.get("pool");
    let status = frame::words(pool, "status").unwrap();
    let inside = frame::words(pool, "person").unwrap().into_iter().zip(status).filter(|(_, s)| *s == "in_pool");
    let inside: BTreeSet<&str> = inside.map(|(p, _)| p).collect();
    assert!(people >= inside.len() && people > 500, "{people} of {}", inside.len());
    let names: BTreeSet<&String> = files.iter().map(|(n, _)| n).collect();
    assert_eq!(names.len(), files.len());
}

/// Pages of a PDF as LibreOffice writes it.
fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.split("/Type/Page").skip(1).filter(|rest| !rest.starts_with('s')).count()
}

#[test]
fn libreoffice_opens_them() {
    let found = Command::new("soffice").arg("--version").output().is_ok_and(|o| o.status.success());
    if !found {
        println!("skipped: no soffice on this machine");
        return;
    }
    let made = internal();
    let dir = tempfile::tempdir().unwrap();
    let profile = format!("-env:UserInstallation=file://{}", dir.path().join("profile").display());
    let convert = |name: &str, bytes: &[u8]| {
        let file = dir.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let to = dir.path().join("pdf");
        let status = Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
            .arg(&to)
            .arg(&file)
            .output()
            .unwrap();
        let pdf = to.join(Path::new(name).with_extension("pdf"));
        let bytes = std::fs::read(&pdf).unwrap_or_else(|e| panic!("{}: {e}; {status:?}", pdf.display()));
        pages(&bytes)
    };
    let report = convert("report.docx", made.materials()["研判报告.docx"]);
    assert!((2..=20).contains(&report), "{report} pages of the report");
    let townships: BTreeSet<&str> =
        frame::words(made.outcome.table("scores").unwrap(), "township").unwrap().into_iter().collect();
    let scores = convert("annex.xlsx", &annex(made, 4));
    assert!(scores >= townships.len() && scores <= 3 * townships.len(), "{scores} pages of the scores");
}
