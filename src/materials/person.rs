//! 一人一档: a file per person of the pool — who, how appraised, which bars, which fit for which post,
//! what is advised. Written only for readers who see names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::MaterialsError;
use super::desk::Desk;
use super::docx::{Doc, Form, Line};
use super::village::heading;
use crate::book::schema::{self, Kind, Vocab};
use crate::explain;
use crate::lang::Lang;
use crate::report::format::fixed;
use crate::say;

/// Facts of the summary table, two to a line: columns of `people`, each with the column of the book
/// that it comes from.
const FACTS: [(&str, &str, &str); 22] = [
    ("name", "people", "name"),
    ("sex", "people", "sex"),
    ("birth", "people", "birth"),
    ("education", "people", "education"),
    ("political_status", "people", "political_status"),
    ("party_joined", "people", "party_joined"),
    ("pool_source", "people", "source"),
    ("veteran", "people", "veteran"),
    ("township", "people", "township"),
    ("village_name", "villages", "village_name"),
    ("posts_held", "posts", "post"),
    ("in_village", "people", "in_village"),
    ("pool_status", "pool", "status"),
    ("target_post", "pool", "target_post"),
    ("entered", "pool", "entered"),
    ("recommended_by", "pool", "recommended_by"),
    ("mentor", "pool", "mentor"),
    ("appraised", "pool", "appraised"),
    ("thinking", "pool", "thinking"),
    ("work", "pool", "work"),
    ("potential", "pool", "potential"),
    ("reviewed", "people", "reviewed"),
];

/// Sections that are lines of `person_files`: message ID and tables.
const SECTIONS: [(&str, &[&str]); 3] = [
    ("mat-person-appraisals", &["appraisals"]),
    ("mat-person-practice", &["activities"]),
    ("mat-person-wishes", &["wishes"]),
];

/// The files of one county's people.
pub(super) struct Files<'d> {
    desk: &'d Desk<'d>,
    /// Person → row of `people`.
    rows: HashMap<&'d str, usize>,
    /// The facts as text, column by column.
    facts: Vec<(String, Vec<String>)>,
    /// Person → rows of `person_files`.
    lines: HashMap<&'d str, Vec<usize>>,
    sections: Vec<&'d str>,
    orders: Vec<Option<i64>>,
    labels: Vec<&'d str>,
    texts: Vec<&'d str>,
    shortlists: HashMap<&'d str, Vec<usize>>,
    bars: HashMap<&'d str, Vec<usize>>,
    assigned: HashMap<&'d str, Vec<usize>>,
    review: HashMap<&'d str, Vec<usize>>,
    probation: HashMap<&'d str, Vec<usize>>,
    paths: BTreeMap<&'d str, String>,
}

impl<'d> Files<'d> {
    pub(super) fn new(desk: &'d Desk<'d>) -> Files<'d> {
        let people = desk.rows("people");
        let files = desk.rows("person_files");
        let codes = people.words("person");
        let facts = FACTS.iter().map(|(column, table, of)| {
            let declared = schema::table(table).and_then(|t| t.column(of));
            let texts = match (desk.table("people"), declared.map(|c| c.kind)) {
                (None, _) => Vec::new(),
                (Some(_), Some(Kind::Word(vocab))) => {
                    let words = people.words(column).into_iter();
                    words.map(|codes| labels(desk, vocab, codes)).collect()
                }
                (Some(frame), _) => explain::texts(frame, column, &desk.input.policy, desk.lang),
            };
            (book_label(desk.lang, table, of), texts)
        });
        let mut made = Files {
            desk,
            rows: codes.iter().enumerate().map(|(at, code)| (*code, at)).collect(),
            facts: facts.collect(),
            lines: desk.index("person_files", "person"),
            sections: files.words("section"),
            orders: files.wholes("order"),
            labels: files.words("label"),
            texts: files.words("text"),
            shortlists: desk.index("shortlists", "candidate"),
            bars: desk.index("bars", "candidate"),
            assigned: desk.index("assignment", "candidate"),
            review: desk.index("pool_review", "candidate"),
            probation: desk.index("probation", "candidate"),
            paths: BTreeMap::new(),
        };
        made.paths = made.names();
        made
    }

    /// Whose files are made: those on a shortlist, or the whole pool.
    pub(super) fn people(&self, all: bool) -> Vec<&'d str> {
        let mut people: BTreeSet<&str> =
            self.desk.rows("shortlists").words("candidate").into_iter().filter(|c| self.rows.contains_key(c)).collect();
        if all {
            let rows = self.desk.rows("people");
            let pool = rows.words("person").into_iter().zip(rows.words("pool_status"));
            people.extend(pool.filter(|(_, status)| *status == "in_pool").map(|(person, _)| person));
        }
        people.into_iter().collect()
    }

    /// The file's name: township, village, name and a short code, each as Windows allows it.
    pub(super) fn path(&self, person: &str) -> String {
        self.paths.get(person).cloned().unwrap_or_else(|| format!("{}.docx", file_name(person)))
    }

    fn names(&self) -> BTreeMap<&'d str, String> {
        let rows = self.desk.rows("people");
        let (townships, villages, names) = (rows.words("township"), rows.words("village_name"), rows.words("name"));
        let folder = self.desk.lang.text("mat-file-people");
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut paths = BTreeMap::new();
        for (at, code) in rows.words("person").into_iter().enumerate() {
            let place = [townships[at], villages[at], names[at]].map(file_name);
            let place = place.join("_");
            let short: String = code.chars().take(7).collect();
            let mut path = format!("{folder}/{place}_{short}.docx");
            if !taken.insert(path.clone()) {
                path = format!("{folder}/{place}_{}.docx", file_name(code));
                taken.insert(path.clone());
            }
            paths.insert(code, path);
        }
        paths
    }

    /// The bytes of one person's .docx file.
    pub(super) fn document(&self, person: &str) -> Result<Vec<u8>, MaterialsError> {
        let desk = self.desk;
        let lang = desk.lang;
        let mut doc = Doc::new(Form::Sheet, lang);
        doc.add(Line::Mark, &lang.text("report-internal"));
        doc.add(Line::Title, &lang.text("mat-person-title"));
        doc.add(Line::Subtitle, &say!(lang, "mat-person-code", code = person, day = desk.day(desk.input.as_of)));
        self.facts(&mut doc, person);
        let mut number = 0;
        let mut head = |doc: &mut Doc, id: &str| {
            number += 1;
            doc.add(Line::Heading, &heading(desk, number, id));
        };
        for (id, tables) in SECTIONS {
            head(&mut doc, id);
            let lines = self.entries(person, tables);
            if lines.is_empty() {
                doc.add(Line::Body, &lang.text("mat-person-nothing"));
            }
            for line in lines {
                doc.add(Line::Body, &line);
            }
        }
        head(&mut doc, "mat-person-gates");
        self.gates(&mut doc, person);
        head(&mut doc, "mat-person-fit");
        self.fit(&mut doc, person);
        head(&mut doc, "mat-person-advice");
        for line in self.advice(person) {
            doc.add(Line::Body, &line);
        }
        doc.add(Line::Body, &lang.text("for-study"));
        doc.table(
            &[20, 30, 20, 30],
            &[vec![
                (Line::CellHead, lang.text("mat-person-filled")),
                (Line::Cell, String::new()),
                (Line::CellHead, lang.text("mat-person-checked")),
                (Line::Cell, String::new()),
            ]],
        );
        doc.pack(&lang.text("mat-person-title"), desk.input.as_of)
    }

    fn facts(&self, doc: &mut Doc, person: &str) {
        let row = self.rows.get(person).copied();
        let cell = |(label, texts): &(String, Vec<String>)| {
            let text = row.and_then(|at| texts.get(at)).cloned().unwrap_or_default();
            [(Line::CellHead, label.clone()), (Line::CellCentre, self.desk.weave(&text))]
        };
        let rows: Vec<Vec<(Line, String)>> =
            self.facts.chunks(2).map(|pair| pair.iter().flat_map(cell).collect()).collect();
        doc.table(&[16, 34, 16, 34], &rows);
    }

    /// One line per entry of these sections.
    fn entries(&self, person: &str, tables: &[&str]) -> Vec<String> {
        let mut entries: BTreeMap<(usize, i64), Vec<String>> = BTreeMap::new();
        for &i in self.lines.get(person).into_iter().flatten() {
            if let Some(section) = tables.iter().position(|t| *t == self.sections[i]) {
                let colon = self.desk.lang.text("list-colon");
                let line = format!("{}{colon}{}", self.labels[i], self.desk.weave(self.texts[i]));
                entries.entry((section, self.orders[i].unwrap_or(0))).or_default().push(line);
            }
        }
        entries.into_values().map(|parts| self.desk.clauses(&parts)).collect()
    }

    /// Gates passed where the person is on a shortlist, and every bar with its span and basis.
    fn gates(&self, doc: &mut Doc, person: &str) {
        let desk = self.desk;
        let lang = desk.lang;
        if let Some(&i) = self.shortlists.get(person).and_then(|r| r.first()) {
            let passed = desk.rows("shortlists").words("gates_passed")[i];
            doc.add(Line::Body, &say!(lang, "mat-person-passed", gates = passed));
        }
        let rows = desk.rows("bars");
        let mine: Vec<usize> = self.bars.get(person).cloned().unwrap_or_default();
        if mine.is_empty() {
            doc.add(Line::Body, &lang.text("mat-person-no-bars"));
            return;
        }
        let (gates, hardness, texts, basis) =
            (rows.words("gate"), rows.words("hardness"), rows.words("text"), rows.words("basis"));
        let (from, until) = (rows.dates("from"), rows.dates("until"));
        let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |d| d.to_string());
        let heads = ["gate", "hardness", "text", "from", "until", "basis"];
        let mut lines: Vec<Vec<(Line, String)>> =
            vec![heads.iter().map(|id| (Line::CellHead, desk.label(id))).collect()];
        for i in mine {
            lines.push(vec![
                (Line::Cell, desk.code("gate", gates[i])),
                (Line::CellCentre, desk.code("hardness", hardness[i])),
                (Line::Cell, desk.weave(texts[i])),
                (Line::CellCentre, day(from[i])),
                (Line::CellCentre, day(until[i])),
                (Line::Cell, desk.basis(basis[i])),
            ]);
        }
        doc.table(&[16, 11, 26, 14, 14, 19], &lines);
    }

    /// For which posts, with which fit, made of what, for and against.
    fn fit(&self, doc: &mut Doc, person: &str) {
        let desk = self.desk;
        let rows = desk.rows("shortlists");
        let mine: Vec<usize> = self.shortlists.get(person).cloned().unwrap_or_default();
        if mine.is_empty() {
            doc.add(Line::Body, &desk.lang.text("mat-person-no-fit"));
            return;
        }
        let (townships, villages, posts) = (rows.words("township"), rows.words("village_name"), rows.words("post"));
        let (orders, fits) = (rows.wholes("order"), rows.numbers("fit"));
        let (parts, reasons, against, soft) = (
            rows.words("contributions"),
            rows.words("reasons_for"),
            rows.words("reasons_against"),
            rows.words("soft_bars"),
        );
        for i in mine {
            let post = desk.post_at(townships[i], villages[i], posts[i]);
            let fit = fits[i].map_or_else(String::new, |x| fixed(x, 1));
            let or_none = |text: &str| if text.is_empty() { desk.lang.text("mat-none") } else { desk.weave(text) };
            let row = |id: &str, text: String| vec![(Line::CellHead, desk.label(id)), (Line::Cell, text)];
            doc.table(
                &[16, 84],
                &[
                    row("post", say!(desk.lang, "mat-person-place", post = post, n = orders[i].unwrap_or(0))),
                    row("fit", fit),
                    row("contributions", parts[i].to_owned()),
                    row("reasons_for", or_none(reasons[i])),
                    row("reasons_against", or_none(against[i])),
                    row("soft_bars", or_none(soft[i])),
                ],
            );
            doc.add(Line::Cell, "");
        }
    }

    /// What the run advises for this person.
    fn advice(&self, person: &str) -> Vec<String> {
        let desk = self.desk;
        let mut lines = Vec::new();
        let rows = desk.rows("assignment");
        for &i in self.assigned.get(person).into_iter().flatten() {
            let (township, village) = (rows.words("township")[i], rows.words("village_name")[i]);
            let post = desk.post_at(township, village, rows.words("post")[i]);
            lines.push(say!(
                desk.lang,
                "mat-person-assigned",
                post = post,
                reasons = desk.weave(rows.words("reasons")[i])
            ));
        }
        let rows = desk.rows("pool_review");
        for &i in self.review.get(person).into_iter().flatten() {
            let advice = desk.code("advice", rows.words("advice")[i]);
            lines.push(say!(
                desk.lang,
                "mat-person-review",
                advice = advice,
                reason = desk.weave(rows.words("reason")[i])
            ));
        }
        let rows = desk.rows("probation");
        for &i in self.probation.get(person).into_iter().flatten() {
            if let Some(day) = rows.dates("eligible_on")[i] {
                lines.push(say!(desk.lang, "mat-person-probation", day = desk.day(day)));
            }
        }
        if lines.is_empty() {
            lines.push(desk.lang.text("mat-person-no-advice"));
        }
        lines
    }
}

/// The words for codes of a closed list, joined by semicolons.
fn labels(desk: &Desk, vocab: Vocab, codes: &str) -> String {
    let words = &desk.input.policy.words;
    let labels: Vec<String> =
        codes.split(';').filter(|c| !c.is_empty()).map(|c| words.label(desk.lang, vocab, c)).collect();
    desk.list(&labels)
}

/// The book's own heading of a column.
fn book_label(lang: Lang, table: &str, column: &str) -> String {
    match (schema::table(table).and_then(|t| t.column(column)), lang) {
        (Some(column), Lang::Zh) => column.zh.to_owned(),
        _ => column.replace('_', " "),
    }
}

/// Names that Windows keeps for its devices.
const RESERVED: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];
/// Letters of a name that go into a file's name.
const NAME_MOST: usize = 40;

/// A text as part of a file's name, as every system allows it.
pub(super) fn file_name(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() || "\\/:*?\"<>|".contains(c) { '_' } else { c })
        .take(NAME_MOST)
        .collect();
    let plain = plain.trim().trim_matches('.').trim();
    let upper = plain.to_ascii_uppercase();
    let numbered = |device: &str| {
        upper.strip_prefix(device).is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    if plain.is_empty() || RESERVED.contains(&upper.as_str()) || numbered("COM") || numbered("LPT") {
        return format!("_{plain}");
    }
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn file_names_are_as_windows_allows() {
        assert_eq!(file_name("大泉村"), "大泉村");
        assert_eq!(file_name("a/b\\c:d*e?f\"g<h>i|j"), "a_b_c_d_e_f_g_h_i_j");
        assert_eq!(file_name("con"), "_con");
        assert_eq!(file_name("COM1"), "_COM1");
        assert_eq!(file_name(" .. "), "_");
        assert_eq!(file_name("李四."), "李四");
        assert!(file_name(&"村".repeat(500)).chars().count() <= 40);
    }
}
