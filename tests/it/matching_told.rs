//! What the command says of tables that are not what somebody thought: faults with their remedy, and
//! notices.

use std::fs;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Workbook, XlsxError};
use tempfile::TempDir;
use touyan::frame;

use crate::matching_files::{stderr, text, touyan};

struct Desk {
    dir: TempDir,
}

impl Desk {
    fn new() -> Desk {
        Desk { dir: tempfile::tempdir().unwrap() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn put(&self, name: &str, content: &str) -> PathBuf {
        fs::write(self.at(name), content).unwrap();
        self.at(name)
    }

    /// The command must fail, and say each of the words.
    fn told(&self, edges: &Path, rules: &str, more: &[&str], words: &[&str]) -> String {
        let policy = self.put("p.toml", rules);
        let output = touyan(&[&["match", text(edges), "--policy", text(&policy)], more].concat());
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        words.iter().for_each(|word| assert!(said.contains(word), "{word:?} in {said}"));
        said
    }

    /// The command must succeed: the folder that it writes.
    fn written(&self, edges: &Path, rules: &str, more: &[&str]) -> PathBuf {
        let (policy, out) = (self.put("p.toml", rules), self.at("out"));
        let base = ["match", text(edges), "--policy", text(&policy), "--out", text(&out)];
        let output = touyan(&[&base, more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        out
    }

    /// The command must succeed: what it prints.
    fn shown(&self, edges: &Path, rules: &str) -> String {
        let policy = self.put("p.toml", rules);
        let output = touyan(&["match", text(edges), "--policy", text(&policy)]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }
}

#[test]
fn a_holder_without_a_pair_is_named() {
    let desk = Desk::new();
    let edges = desk.put("e.csv", "vacancy,candidate,fit\na,x,1\n");
    let people = desk.put("c.csv", "candidate,holds\nx,\ny,a\n");
    let rules = "[match.candidates]\nholds = \"holds\"\n";
    let said = desk.told(&edges, rules, &["--candidates", text(&people)], &["y must have a place", "add the pair"]);
    assert!(!said.contains("()"), "{said}");
}

#[test]
fn a_condition_that_is_a_text_is_told_its_forms() {
    let desk = Desk::new();
    let edges = desk.put("e.csv", "vacancy,candidate,fit\na,x,1\n");
    let rules = "[match.quotas.women]\nof = { sex = \"female\" }\nleast = 1\n";
    let said = desk.told(&edges, rules, &[], &["match.quotas.women", "[\"female\"]", "{ min = 18, max = 35 }"]);
    assert!(!said.contains("untagged"), "{said}");
}

#[test]
fn blank_fits_names_of_people_and_folders_have_their_remedy() {
    let desk = Desk::new();
    let blank = desk.put("blank.csv", "vacancy,candidate,fit\na,x,1\na,y,\nb,y,\n");
    let said = desk.told(&blank, "", &[], &["blank.csv", "\"fit\" is empty", "3", "4"]);
    assert!(!said.contains("no number"), "{said}");
    let telephones = desk.put("t.csv", "vacancy,candidate,fit\na,13800000001,1\nb,13800000002,2\n");
    let said = desk.told(&telephones, "", &[], &["telephone", "match.candidate"]);
    assert!(!said.contains("--id"), "{said}");
    desk.told(desk.dir.path(), "", &[], &["is a folder"]);
}

#[test]
fn verify_tells_what_is_missing_and_what_to_do() {
    let desk = Desk::new();
    let said = |folder: &Path| {
        let output = touyan(&["verify", text(folder)]);
        assert_eq!(output.status.code(), Some(2));
        stderr(&output)
    };
    let nothing = said(&desk.at("nowhere"));
    assert!(nothing.contains("no run.json") && nothing.contains("--out"), "{nothing}");
    let edges = desk.put("e.csv", "vacancy,candidate,fit\na,x,1\n");
    let out = desk.at("out");
    assert_eq!(touyan(&["match", text(&edges), "--out", text(&out)]).status.code(), Some(0));
    fs::remove_file(out.join("quota_posts.parquet")).unwrap();
    let lacking = said(&out);
    assert!(lacking.contains("quota_posts") && !lacking.contains("touyan run"), "{lacking}");
}

#[test]
fn what_is_read_otherwise_than_thought_is_noticed() -> Result<(), XlsxError> {
    let desk = Desk::new();
    let mut book = Workbook::new();
    for name in ["pairs", "more"] {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?.write_row(0, 0, ["vacancy", "candidate", "fit"])?;
        sheet.write(1, 0, "a")?.write(1, 1, "x")?.write(1, 2, 1)?;
    }
    book.save(desk.at("e.xlsx"))?;
    let shown = desk.shown(&desk.at("e.xlsx"), "");
    assert!(shown.contains("the sheet \"pairs\" is read") && shown.contains("1 more sheet is not"), "{shown}");

    let fine = desk.put("fine.csv", "vacancy,candidate,fit\na,x,1.25\na,y,1.123456\nb,x,2.00001\n");
    let shown = desk.shown(&fine, "");
    assert!(shown.contains("2 fits have more decimals than 4"), "{shown}");
    let shown = desk.shown(&fine, "[match]\ndecimals = 6\n");
    assert!(!shown.contains("Note"), "{shown}");

    // 0.5 · 3 + 0.5 · 4 = 3.5 is written as 4, within rounding; 9 is not the mean of 3 and 4.
    let rules = "[match.robustness]\ndraws = 10\nparts = { one = 1, two = 1 }\n";
    let parts = desk.put("parts.csv", "vacancy,candidate,fit,one,two\na,x,4,3,4\nb,y,9,3,4\n");
    let shown = desk.shown(&parts, rules);
    assert!(shown.contains("weighted parts of 1 pairs, first in row 3"), "{shown}");
    let parts = desk.put("parts.csv", "vacancy,candidate,fit,one,two\na,x,3.5,3,4\nb,y,3.4,3,4\n");
    assert!(!desk.shown(&parts, rules).contains("Note"));
    Ok(())
}

#[test]
fn a_contradiction_is_written_with_its_proof() {
    let desk = Desk::new();
    // One woman for three posts, and two women are asked for.
    let edges = desk.put("e.csv", "vacancy,candidate,fit\nv1,a,5\nv1,b,4\nv2,b,3\nv2,c,6\nv3,c,2\n");
    let people = desk.put("p.csv", "candidate,sex\na,f\nb,m\nc,m\n");
    let rules = "[match.quotas.women]\nof = { sex = [\"f\"] }\nleast = 2\n";
    let out = desk.at("out");
    let more = ["--candidates", text(&people), "--out", text(&out)];
    desk.told(&edges, rules, &more, &["women", "at least 1 fewer", "verify"]);
    let quotas = frame::read_parquet(&out.join("quotas.parquet")).unwrap();
    assert_eq!(frame::flags(&quotas, "conflict").unwrap(), [Some(true)]);
    assert_eq!(frame::wholes(&quotas, "relax").unwrap(), [Some(1)]);
    assert_eq!(frame::read_parquet(&out.join("assignment.parquet")).unwrap().height(), 0);
    let verified = touyan(&["verify", text(&out), "--book", text(&edges)]);
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert_eq!(verified.status.code(), Some(0), "{said}");
    assert!(said.contains("cannot all be met"), "{said}");
}

#[test]
fn a_share_gives_way_before_a_person_does() {
    let desk = Desk::new();
    // Either no man, or one woman of two, who is a fifth of a person short of six in ten.
    let edges = desk.put("e.csv", "vacancy,candidate,fit\nv1,a,5\nv2,b,3\n");
    let people = desk.put("p.csv", "candidate,sex\na,f\nb,m\n");
    let women = "[match.quotas.women]\nof = { sex = [\"f\"] }\nleast_share = 0.6\nbasis = \"filled\"\n";
    let men = "[match.quotas.men]\nof = { sex = [\"m\"] }\nleast = 1\n";
    let more = ["--candidates", text(&people)];
    let said = desk.told(&edges, &format!("{women}{men}"), &more, &["2 rules", "women at least 1 fewer"]);
    assert!(!said.contains(" men at least"), "{said}");
}

#[test]
fn an_order_is_weighed_against_conflicts_too() {
    let desk = Desk::new();
    let edges = desk.put("e.csv", "vacancy,candidate,fit,order\nv1,a,9,forbid\nv2,b,5,\n");
    let posts = desk.put("v.csv", "vacancy,town\nv1,x\nv2,x\n");
    let kin = desk.put("k.csv", "a,b\na,b\n");
    let rules = "[match]\norder = \"order\"\n[match.conflicts]\none = \"a\"\nother = \"b\"\nwithin = \"town\"\n";
    let out = desk.written(&edges, rules, &["--vacancies", text(&posts), "--conflicts", text(&kin)]);
    let orders = frame::read_parquet(&out.join("orders.parquet")).unwrap();
    // Without the order a would have v1, and b, of their kin, nothing.
    assert_eq!(frame::wholes(&orders, "seats").unwrap(), [Some(0)]);
    assert_eq!(frame::numbers(&orders, "cost").unwrap(), [Some(4.0)]);
}

#[test]
fn a_quota_that_contradicts_itself_is_told_as_such() {
    let desk = Desk::new();
    let edges = desk.put("e.csv", "vacancy,candidate,fit\nv1,a,5\nv2,b,3\nv3,c,2\n");
    let people = desk.put("p.csv", "candidate,sex\na,f\nb,f\nc,m\n");
    let rules = "[match.quotas.women]\nof = { sex = [\"f\"] }\nleast = 2\nmost_share = 0.3\n";
    desk.told(&edges, rules, &["--candidates", text(&people)], &["2 rules cannot all be met", "women"]);
}

#[test]
fn a_seat_that_no_rule_keeps_open_says_why() {
    let desk = Desk::new();
    let edges = desk.put("e.csv", "vacancy,candidate,fit\nv1,a,5\nv2,b,-3\nv3,c,4\nv4,c,2\n");
    let people = desk.put("p.csv", "candidate,sex\na,f\nb,m\nc,m\n");
    let rules = "[match]\nobjective = \"fit\"\n[match.quotas.women]\nof = { sex = [\"f\"] }\nleast = 1\n";
    let out = desk.written(&edges, rules, &["--candidates", text(&people)]);
    let open = frame::read_parquet(&out.join("open_posts.parquet")).unwrap();
    assert_eq!(frame::words(&open, "vacancy").unwrap(), ["v2", "v4"]);
    assert_eq!(frame::words(&open, "cause").unwrap(), ["price", "shortage"]);
}
