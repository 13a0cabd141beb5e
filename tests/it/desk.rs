//! The program without a command line: the conversation, driven as somebody at a keyboard would.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use touyan::cli::{Desk, guide};
use touyan::lang::Lang;
use touyan::run::Log;

/// What was said, and what was opened for the reader.
struct Held {
    said: String,
    opened: Vec<PathBuf>,
}

/// Holds a conversation in `place` about `given`, typing `lines`.
fn hold(lang: Lang, place: &Path, given: &[&Path], lines: &[&str]) -> Held {
    let typed = lines.iter().map(|l| format!("{l}\n")).collect::<String>();
    hold_bytes(lang, place, given, typed.as_bytes())
}

fn hold_bytes(lang: Lang, place: &Path, given: &[&Path], mut typed: &[u8]) -> Held {
    let opened = RefCell::new(Vec::new());
    let open = |path: &Path| {
        opened.borrow_mut().push(path.to_owned());
        Ok(())
    };
    let mut said = Vec::new();
    let places = vec![place.to_owned()];
    let desk = Desk { lang, input: &mut typed, output: &mut said, open: &open, places, quiet: true };
    guide(desk, given.iter().map(|p| p.to_path_buf()).collect()).unwrap();
    Held { said: String::from_utf8(said).unwrap(), opened: opened.into_inner() }
}

/// A folder with a space and Chinese in its name, and the demo county's book in it.
fn county() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("头雁 县");
    let book = place.join("台账（终稿）");
    fs::create_dir_all(&book).unwrap();
    for (name, bytes) in touyan::synth::demo() {
        fs::write(book.join(name), bytes).unwrap();
    }
    fs::write(touyan::book::salt_file(&book), touyan::synth::DEMO_SALT).unwrap();
    (dir, place, book)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_dropped_folder_becomes_a_report_beside_it() {
    let (_dir, place, book) = county();
    let held = hold(
        Lang::Zh,
        &place,
        &[&book],
        &[
            "我要研判", // no number
            "９",       // none of the menu
            "",
            "２", // full-width
            "4",  // no such reader
            "2",  // internal
            "明天",
            "2026.1", // a month is no day
            "2026年1月31日",
            "", // back to the menu
            "0",
            "1", // never read
        ],
    );
    let said = &held.said;
    assert_eq!(said.matches("没有这一项").count(), 2, "{said}");
    assert_eq!(said.matches("请输入 1 到 3 之间的数字").count(), 1, "{said}");
    assert_eq!(said.matches("不是一个日期").count(), 2, "{said}");
    assert!(said.contains("413 个村") && said.contains("主要问题") && said.contains("内置默认政策"), "{said}");
    let result = place.join("研判结果_2026-01-31");
    assert_eq!(held.opened, [result.join("report.html")]);
    assert!(said.contains("研判基准日 2026-01-31（命令行指定）"), "{said}");
    let log = Log::read(&result).unwrap();
    assert_eq!(log.as_of.to_string(), "2026-01-31");
    assert!(log.audience.sees_names());
    assert_eq!(
        names(&place),
        ["台账（终稿）", "台账（终稿）.journal.jsonl", "台账（终稿）.touyan-salt", "研判结果_2026-01-31"]
    );

    // Once more, as a summary on the book's own day: the other result stays as it is; a third time
    // the second is replaced; something that is not ours is not.
    let summary = ["2", "", "", "", "0"];
    let held = hold(Lang::Zh, &place, &[&book], &summary);
    let result = place.join("研判结果_2025-12-31");
    assert_eq!(held.opened, [result.join("report.html")]);
    assert!(!Log::read(&result).unwrap().audience.sees_names());
    assert!(!held.said.contains("将替换"));
    fs::remove_file(result.join("report.html")).unwrap();
    let held = hold(Lang::Zh, &place, &[&book], &summary);
    assert!(held.said.contains("将替换上一次的“研判结果_2025-12-31”") && result.join("report.html").is_file());
    fs::remove_file(result.join("run.json")).unwrap();
    let before = names(&result);
    let held = hold(Lang::Zh, &place, &[&book], &summary);
    assert!(held.said.contains("已被别的文件占用"), "{}", held.said);
    assert_eq!(held.opened, [place.join("研判结果_2025-12-31_2/report.html")]);
    assert_eq!(names(&result), before);
}

#[test]
fn the_book_is_found_typed_or_dropped_on_the_window() {
    let (_dir, place, book) = county();
    let path = book.display().to_string();
    // Enter takes the one that lies at hand; so does its number.
    for choice in ["", "1"] {
        let held = hold(Lang::Zh, &place, &[], &[choice, "0"]);
        assert!(held.said.contains(&format!("  1 {path}\n")), "{}", held.said);
        assert!(held.said.contains(&format!("台账：{path}\n")), "{}", held.said);
    }
    // Nothing at hand: a wrong path, a quoted one.
    let empty = tempfile::tempdir().unwrap();
    let held = hold(Lang::Zh, empty.path(), &[], &["D:\\没有\\台账", &format!("\"{path}\""), "0"]);
    assert!(held.said.contains("没有找到“D:"), "{}", held.said);
    assert!(held.said.contains(&format!("台账：{path}\n")), "{}", held.said);
    // As the file manager of a Chinese Windows would pipe it: GBK.
    let typed = format!("{path}\n0\n");
    let held = hold_bytes(Lang::Zh, empty.path(), &[], &encoding_rs::GB18030.encode(&typed).0);
    assert!(held.said.contains(&format!("台账：{path}\n")), "{}", held.said);
    // No book at all, then one dropped on the menu; and another one instead of it.
    let other = empty.path().join("空");
    fs::create_dir(&other).unwrap();
    let lines = ["", &path, "7", &other.display().to_string(), "1", "", "0"];
    let held = hold(Lang::Zh, empty.path(), &[], &lines);
    assert!(held.said.contains(&format!("台账：{path}\n")), "{}", held.said);
    assert!(held.said.contains("错误：") && held.said.contains("里没有文件"), "{}", held.said);
    assert!(held.opened.is_empty());
    // Some files of a folder: the folder first.
    let files: Vec<PathBuf> = names(&book).iter().take(2).map(|n| book.join(n)).collect();
    let held = hold(Lang::Zh, &place, &[&files[0], &files[1]], &["9", "", "0"]);
    assert!(held.said.contains("共 3 个位置") && held.said.contains(&format!("台账：{path}\n")), "{}", held.said);
}

#[test]
fn a_check_says_in_words_what_is_wrong() {
    let (_dir, place, book) = county();
    fs::write(
        book.join("补充.csv"),
        "乡镇,村,姓名,身份证号,出生年月,职务\n青石镇,大泉村,张三,990121198002151018,1980.02,书记\n,,李四,,,书记\n",
    )
    .unwrap();
    fs::write(book.join("通知.docx"), "x").unwrap();
    fs::write(book.join("~$补充.csv"), "x").unwrap();
    let held = hold(Lang::Zh, &place, &[&book], &["1", "", "0"]);
    let said = &held.said;
    assert!(said.contains("身份证号校验位不符 ") && said.contains("补充.csv 第 2 行 身份证号"), "{said}");
    assert!(said.contains("改法："), "{said}");
    assert!(said.contains("通知.docx：不是表格") && said.contains("“补充.csv”正在表格程序中打开"), "{said}");
    assert!(!said.contains("990121198002151018"), "an ID number on the screen");
    let list = fs::read_to_string(place.join("台账检查/存疑清单.csv")).unwrap();
    assert!(list.starts_with('\u{feff}') && list.contains("补充.csv"));
    assert!(place.join("台账检查/隔离清单.csv").is_file());
    // The lists are no book, though they quote one.
    let held = hold(Lang::Zh, &place, &[], &["0", "0"]);
    assert!(held.said.contains("台账（终稿）") && !held.said.contains("台账检查"), "{}", held.said);
    // What is open in Excel now may be closed when somebody verifies: no report speaks of it.
    hold(Lang::Zh, &place, &[&book], &["2", "", "", "", "0"]);
    let report = fs::read_to_string(place.join("研判结果_2025-12-31/report.html")).unwrap();
    assert!(report.contains("通知.docx") && !report.contains("~$补充"));
}

#[test]
fn the_policy_that_lies_beside_the_book_counts() {
    let (_dir, place, book) = county();
    fs::write(place.join("policy.toml"), "[meta]\nname = \"石河县\"\n\n[reserv]\n").unwrap();
    let held = hold(Lang::Zh, &place, &[&book], &["1", "", "0"]);
    assert!(held.said.contains("policy.toml") && held.said.contains("第 4 行"), "{}", held.said);
    fs::write(place.join("policy.toml"), "[meta]\nname = \"石河县\"\n").unwrap();
    hold(Lang::Zh, &place, &[&book], &["2", "", "", "", "0"]);
    let used = fs::read_to_string(place.join("研判结果_2025-12-31/policy.toml")).unwrap();
    assert!(used.contains("石河县"));
    // Dropped together with the book, another one goes before it.
    let dropped = place.join("试行.toml");
    fs::write(&dropped, "[meta]\nname = \"试行办法\"\n").unwrap();
    hold(Lang::Zh, &place, &[&dropped, &book], &["2", "", "", "", "0"]);
    let used = fs::read_to_string(place.join("研判结果_2025-12-31/policy.toml")).unwrap();
    assert!(used.contains("试行办法"));
}

#[test]
fn the_demo_needs_nothing_and_the_end_of_input_ends_it() {
    let dir = tempfile::tempdir().unwrap();
    let held = hold(Lang::En, dir.path(), &[], &["", "6"]);
    let report = dir.path().join("touyan-demo/touyan-result_2025-12-31/report.html");
    assert!(report.is_file());
    assert_eq!(held.opened, [report]);
    assert!(held.said.contains("413 villages") && held.said.ends_with("Press Enter to go back to the menu …\n"));
    // 0 goes back from every question, and nothing has happened.
    let (_dir, place, book) = county();
    let held = hold(Lang::Zh, &place, &[&book], &["2", "0", "2", "", "0", "0", "2"]);
    assert!(held.opened.is_empty() && names(&place).len() == 2, "{}", held.said);
    // Wherever the input ends, nothing is left half done.
    let (_dir, place, book) = county();
    let lines = ["2", "1", "2026-01-31"];
    for end in 0..lines.len() {
        hold(Lang::Zh, &place, &[&book], &lines[..end]);
        assert_eq!(names(&place).len(), 2, "{:?}", names(&place));
    }
    hold(Lang::Zh, &place, &[&book], &lines);
    assert_eq!(names(&place).len(), 4);
}

/// The program itself, with what a script would pipe in.
fn program(place: &Path, arguments: &[&Path], typed: &[u8]) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_touyan"))
        .current_dir(place)
        .args(["--lang", "zh"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have left before it read everything.
    let _ = child.stdin.take().unwrap().write_all(typed);
    child.wait_with_output().unwrap()
}

#[test]
fn the_program_converses_about_paths_and_helps_scripts() {
    let (_dir, place, book) = county();
    let output = program(&place, &[&book], "2\n\n\n\n0\n".as_bytes());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("请双击打开报告"), "nothing is opened for a pipe: {said}");
    assert!(place.join("研判结果_2025-12-31/report.html").is_file());
    // Garbage from a pipe ends it, and no more.
    let output = program(&place, &[&book], &[0xff, 0xfe, b'\n', 0x81, b'\n', 0, 0, b'2']);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    // Nothing at all from a script: the help, as ever.
    let output = program(&place, &[], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty() && String::from_utf8_lossy(&output.stderr).contains("touyan --help"));
}
