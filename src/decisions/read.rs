//! A sheet that comes back: its rows are told apart, checked against their codes and read with the
//! parsers of the book. Nothing is lost: each row is accepted, ignored or quarantined.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::columns::{Head, Kind, heading};
use super::lists::{self, Names};
use super::{Decided, Decisions, DecisionsError, Fate, Place, Remark, Row, Verdict, Waived, What};
use crate::book::raw::{Body, Cell};
use crate::book::value::{self, Precision};
use crate::book::{self, Book, SaltOrigin};
use crate::frame;
use crate::ident::Seal;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::say;
use crate::stage::add_months;

/// Reads sheets of decisions, as known on `as_of`. The result does not depend on the order of the
/// files.
///
/// # Errors
/// A file cannot be read, or holds neither a sheet of decisions nor one of waivers.
pub fn read(
    files: &[PathBuf],
    book: &Book,
    policy: &Policy,
    as_of: NaiveDate,
    lang: Lang,
) -> Result<Decisions, DecisionsError> {
    let mut opened = Vec::new();
    for path in files {
        let file = book::read::file(path).map_err(DecisionsError::Read)?;
        let (name, hash) = file.hashes.first().cloned().unwrap_or_default();
        opened.push((name, hash, file));
    }
    opened.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    // The same file twice says nothing twice.
    opened.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1);
    let mut read = Decisions::default();
    let known = Known::new(book, policy, as_of, lang);
    let mut last = (String::new(), 1);
    for (name, hash, file) in opened {
        // Copies of several townships may have one name.
        last = if last.0 == name { (name.clone(), last.1 + 1) } else { (name.clone(), 1) };
        let shown = if last.1 == 1 { name } else { format!("{name} ({})", last.1) };
        let mut any = false;
        for sheet in file.sheets {
            let Body::Grid { rows, .. } = sheet.body else { continue };
            any |= known.sheet(&shown, &sheet.sheet, &rows, &mut read);
        }
        if !any {
            return Err(DecisionsError::NoSheet { file: shown, headings: needed(lang) });
        }
        read.files.push((shown, hash));
    }
    super::merge::merge(&mut read);
    Ok(read)
}

/// The headings without which no sheet can be read.
fn needed(lang: Lang) -> String {
    ["rec_id", "decision"].map(|name| heading(lang, name)).join(&lang.text("list-comma"))
}

/// What rows are read against.
struct Known<'a> {
    book: &'a Book,
    policy: &'a Policy,
    as_of: NaiveDate,
    lang: Lang,
    names: Names<'a>,
    counties: Vec<&'a str>,
    /// Name → codes of the people who have it.
    people: HashMap<String, Vec<&'a str>>,
    /// Code → name, township.
    persons: HashMap<&'a str, (&'a str, &'a str)>,
    /// Label of a list, folded → its name.
    lists: BTreeMap<String, String>,
    /// Label of a gate, folded → its key.
    gates: BTreeMap<String, String>,
    /// No check code can be compared: the salt follows the book's content.
    unsealed: bool,
}

impl<'a> Known<'a> {
    fn new(book: &'a Book, policy: &'a Policy, as_of: NaiveDate, lang: Lang) -> Known<'a> {
        let frame = book.tables.get("people");
        let words = |column: &str| frame::words(frame, column).unwrap_or_else(|_| vec![""; frame.height()]);
        let (code, name, township) = (words("person"), words("name"), words("township"));
        let mut people: HashMap<String, Vec<&str>> = HashMap::new();
        let mut persons = HashMap::new();
        for row in 0..frame.height() {
            persons.entry(code[row]).or_insert((name[row], township[row]));
            if !name[row].is_empty() {
                people.entry(value::clean_name(name[row]).0.into_owned()).or_default().push(code[row]);
            }
        }
        let villages = book.tables.get("villages");
        let mut counties = frame::words(villages, "county").unwrap_or_default();
        counties.sort_unstable();
        counties.dedup();
        // A stage that is not named in the registry may have sent lists too: their tables have labels.
        let mut known_lists = BTreeMap::new();
        for list in lists::known_lists(std::iter::empty()) {
            known_lists.insert(value::fold(&list), list.clone());
            for lang in [Lang::Zh, Lang::En] {
                known_lists.insert(value::fold(&lists::label(lang, &list)), list.clone());
            }
        }
        let mut gates = BTreeMap::new();
        for key in policy.reserve.gates.keys() {
            for label in [key.clone(), gate_label(policy, Lang::Zh, key), gate_label(policy, Lang::En, key)] {
                gates.entry(value::fold(&label)).or_insert_with(|| key.clone());
            }
        }
        Known {
            book,
            policy,
            as_of,
            lang,
            names: Names::of(&book.tables),
            counties,
            people,
            persons,
            lists: known_lists,
            gates,
            unsealed: book.salt == Some(SaltOrigin::Derived),
        }
    }

    /// Reads one sheet; `false` if it is neither of decisions nor of waivers.
    fn sheet(&self, file: &str, sheet: &str, rows: &[Vec<Cell>], read: &mut Decisions) -> bool {
        let place = |at: usize| Place { file: file.to_owned(), sheet: sheet.to_owned(), row: at + 1 };
        let other = |read: &mut Decisions, fate: Fate| {
            for at in 0..rows.len() {
                read.rows.push(Row { place: place(at), fate, what: What::Nothing });
            }
        };
        let Some(head) = Head::find(rows) else {
            // Notes, or a sheet that somebody added.
            other(read, Fate::Ignored("other_sheet"));
            return false;
        };
        let missing = head.missing();
        if !missing.is_empty() {
            other(read, Fate::Quarantined("missing_column"));
            let names: Vec<String> = missing.iter().map(|name| heading(self.lang, name)).collect();
            read.remarks.push(Remark {
                place: place(head.row),
                column: names.join(&self.lang.text("list-comma")),
                value: String::new(),
                reason: "missing_column",
                quarantined: true,
            });
            return true;
        }
        let (lacking, strange) = head.renamed(&rows[head.row]);
        if !lacking.is_empty() {
            let comma = self.lang.text("list-comma");
            let names: Vec<String> = lacking.iter().map(|name| heading(self.lang, name)).collect();
            read.remarks.push(Remark {
                place: place(head.row),
                column: names.join(&comma),
                value: value::mask(&strange.join(&comma)),
                reason: if strange.is_empty() { "no_column" } else { "renamed_column" },
                quarantined: false,
            });
        }
        for (at, cells) in rows.iter().enumerate() {
            let mut pen = Pen { place: place(at), remarks: Vec::new(), head: &head, lang: self.lang };
            let (fate, what) = if at < head.row {
                (Fate::Ignored(if cells.iter().all(value::is_blank) { "blank" } else { "title" }), What::Nothing)
            } else if at == head.row || head.repeats(cells) {
                (Fate::Ignored("header"), What::Nothing)
            } else if cells.iter().all(value::is_blank) {
                (Fate::Ignored("blank"), What::Nothing)
            } else {
                match head.kind {
                    Kind::Decisions => self.decision(cells, &mut pen),
                    Kind::Waivers => self.waiver(cells, &mut pen),
                }
            };
            read.rows.push(Row { place: pen.place, fate, what });
            read.remarks.extend(pen.remarks);
        }
        true
    }

    fn decision(&self, cells: &[Cell], pen: &mut Pen) -> (Fate, What) {
        let id = rec_id(&pen.text(cells, "rec_id"));
        let fill = ["decision", "reason", "body", "date", "due", "done", "outcome"];
        let filled = fill.iter().filter(|name| !value::is_blank(pen.head.cell(cells, name))).count();
        let Some(id) = id else {
            let written = pen.text(cells, "rec_id");
            if value::is_blank(pen.head.cell(cells, "decision")) || (filled <= 1 && !looks_like_id(&written)) {
                return (Fate::Ignored("note"), What::Nothing);
            }
            return pen.quarantine("bad_id", "rec_id", &written);
        };
        if filled == 0 {
            return (Fate::Ignored("undecided"), What::Nothing);
        }
        let written = pen.text(cells, "decision");
        let township = pen.text(cells, "township");
        let village = pen.text(cells, "village");
        let whom = value::clean_name(&pen.text(cells, "whom")).0.into_owned();
        let mut code = pen.text(cells, "code").to_uppercase();
        if code.is_empty() && is_code(&whom) {
            code.clone_from(&whom);
        }
        let list = pen.text(cells, "list");
        let list = self.lists.get(&value::fold(&list)).cloned().unwrap_or_else(|| super::table_of(&list));
        let key = self.names.key(&township, &village);
        let written_check = pen.text(cells, "check").to_uppercase();
        let (check, prints) = written_check.split_once('-').unwrap_or((&written_check, ""));
        let check = check.to_owned();
        if check.is_empty() && pen.head.place("check").is_some() && !self.unsealed {
            return pen.quarantine("no_check", "check", "");
        }
        let sealed = match self.county(&check, &[&id, &list, &code], pen, cells, key) {
            _ if check.is_empty() || self.unsealed => Sealed::Unknown,
            Some(county) => Sealed::Ours(county.to_owned()),
            None => Sealed::Broken,
        };
        if let Sealed::Broken = sealed {
            return pen.quarantine("tampered", "check", &check);
        }
        if let Some((name, _)) = self.persons.get(code.as_str())
            && !whom.is_empty()
            && !is_code(&whom)
            && !name.is_empty()
            && value::clean_name(name).0 != whom
        {
            // The code holds; the name beside it does not.
            pen.remark("other_name", "whom", "", false);
        }
        if sealed != Sealed::Unknown {
            self.edited(&id, prints, cells, pen);
        }
        if written.is_empty() {
            return pen.quarantine("no_decision", "decision", "");
        }
        let Some(decision) = Verdict::read(&written, self.lang) else {
            return pen.quarantine("unknown_decision", "decision", &written);
        };
        let date = self.date(cells, "date", false, pen);
        let later = date.is_some_and(|d| d > self.as_of);
        if later {
            pen.remark("after_reference_date", "date", &date.map(|d| d.to_string()).unwrap_or_default(), false);
        }
        let due = self.date(cells, "due", true, pen);
        if due.zip(date).is_some_and(|(due, date)| due < date) {
            pen.remark("due_before", "due", &due.map(|d| d.to_string()).unwrap_or_default(), false);
        }
        let mut done = self.date(cells, "done", false, pen);
        let done_later = done.filter(|d| *d > self.as_of);
        if done_later.is_some() && !later {
            pen.remark("done_later", "done", &done.map(|d| d.to_string()).unwrap_or_default(), false);
        }
        done = done.filter(|d| *d <= self.as_of);
        if done.zip(date).is_some_and(|(done, date)| done < date) {
            pen.remark("done_before", "done", &done.map(|d| d.to_string()).unwrap_or_default(), false);
        }
        let reason = pen.free(cells, "reason");
        if reason.is_none() && decision != Verdict::Adopted {
            pen.remark("no_reason", "reason", "", false);
        }
        // Of a column that is gone the heading's row tells.
        if pen.free(cells, "body").is_none() && pen.head.place("body").is_some() {
            pen.remark("no_body", "body", "", false);
        }
        if date.is_none() {
            pen.remark("no_date", "date", "", false);
        }
        if sealed == Sealed::Unknown {
            pen.remark(if self.unsealed { "no_seal" } else { "no_check_column" }, "check", "", false);
        }
        let county = match &sealed {
            Sealed::Ours(county) => county.clone(),
            _ => self.county_of(pen, cells, key).to_owned(),
        };
        let decided = Decided {
            rec_id: id,
            list,
            county,
            township,
            village: key.unwrap_or_default().to_owned(),
            village_name: village,
            whom: code,
            advice: pen.free(cells, "advice").unwrap_or_default(),
            decision,
            reason,
            body: pen.free(cells, "body"),
            date,
            due,
            done,
            done_later,
            outcome: pen.free(cells, "outcome"),
            ours: sealed != Sealed::Unknown,
        };
        if later {
            return (Fate::Ignored("after_reference_date"), What::Later(Box::new(decided)));
        }
        (pen.fate(), What::Decided(Box::new(decided)))
    }

    /// Tells a village or an advice that no longer reads as it was sent out. Sheets of older versions
    /// carry no prints to compare.
    fn edited(&self, id: &str, prints: &str, cells: &[Cell], pen: &mut Pen) {
        let township = pen.text(cells, "township");
        let village = pen.text(cells, "village");
        let advice = pen.text(cells, "advice");
        let now = text_prints(&self.book.seal, id, [&township, &village], &advice);
        for ((was, now), name) in prints.split('-').zip(&now).zip(["village", "advice"]) {
            if !was.is_empty() && was != now && pen.head.place(name).is_some() {
                let written = if name == "village" { village.as_str() } else { "" };
                pen.remark("edited", name, written, false);
            }
        }
    }

    fn waiver(&self, cells: &[Cell], pen: &mut Pen) -> (Fate, What) {
        let candidate = value::clean_name(&pen.text(cells, "candidate")).0.into_owned();
        let gate = pen.text(cells, "gate");
        let filled = ["reason", "body", "date"].iter().any(|n| !value::is_blank(pen.head.cell(cells, n)));
        if candidate.is_empty() && gate.is_empty() {
            return (Fate::Ignored("note"), What::Nothing);
        }
        if !filled {
            return (Fate::Ignored("undecided"), What::Nothing);
        }
        let (township, village) = (pen.text(cells, "township"), pen.text(cells, "village"));
        let key = self.names.key(&township, &village);
        let mut code = pen.text(cells, "code").to_uppercase();
        if code.is_empty() && is_code(&candidate) {
            code.clone_from(&candidate);
        }
        if code.is_empty() {
            let of: Vec<&str> = self.people.get(&candidate).cloned().unwrap_or_default();
            let near = |c: &&str| self.persons.get(c).is_some_and(|p| value::fold(p.1) == value::fold(&township));
            let near: Vec<&str> = of.iter().copied().filter(|c| near(c)).collect();
            match (of.as_slice(), near.as_slice()) {
                ([one], _) | (_, [one]) => code = (*one).to_owned(),
                ([], _) => return pen.quarantine("unknown_person", "candidate", ""),
                _ => return pen.quarantine("several_people", "candidate", ""),
            }
        }
        let Some(gate) = self.gates.get(&value::fold(&gate)).cloned() else {
            return pen.quarantine("unknown_gate", "gate", &gate);
        };
        let check = pen.text(cells, "check").to_uppercase();
        if check.is_empty() && pen.head.place("check").is_some() && !self.unsealed {
            return pen.quarantine("no_check", "check", "");
        }
        let county = self.county(&check, &["waiver", &gate, &code], pen, cells, key);
        if !check.is_empty() && !self.unsealed && county.is_none() {
            return pen.quarantine("tampered", "check", &check);
        }
        if let Some((name, _)) = self.persons.get(code.as_str())
            && !is_code(&candidate)
            && !name.is_empty()
            && value::clean_name(name).0 != candidate
        {
            pen.remark("other_name", "candidate", "", false);
        }
        let date = self.date(cells, "date", false, pen);
        let (reason, body) = (pen.free(cells, "reason"), pen.free(cells, "body"));
        let mut fate = pen.fate();
        let later = date.is_some_and(|d| d > self.as_of);
        let mut state = "granted";
        if later {
            pen.remark("after_reference_date", "date", &date.map(|d| d.to_string()).unwrap_or_default(), false);
            (fate, state) = (Fate::Ignored("after_reference_date"), "later");
        }
        for (name, given) in [("reason", reason.is_some()), ("body", body.is_some()), ("date", date.is_some())] {
            if !given && !later {
                fate = Fate::Quarantined("waiver_incomplete");
                state = "incomplete";
                pen.remark("waiver_incomplete", name, "", true);
            }
        }
        let county = county.unwrap_or_else(|| self.county_of(pen, cells, key)).to_owned();
        let waived = Waived {
            candidate: code,
            gate,
            county,
            township,
            village: key.unwrap_or_default().to_owned(),
            village_name: village,
            reason,
            body,
            date,
            state,
        };
        (fate, What::Waived(Box::new(waived)))
    }

    /// The county under which a check code holds, if under any.
    fn county(&self, check: &str, parts: &[&str], pen: &Pen, cells: &[Cell], village: Option<&str>) -> Option<&str> {
        let own = self.county_of(pen, cells, village);
        let holds = |county: &&str| {
            let all: Vec<&str> = parts.iter().copied().chain([*county]).collect();
            self.book.seal.check(&all) == check
        };
        [own].into_iter().chain(self.counties.iter().copied()).find(holds)
    }

    fn county_of(&self, pen: &Pen, cells: &[Cell], village: Option<&str>) -> &str {
        let written = pen.text(cells, "county");
        let named = self.counties.iter().copied().find(|c| *c == written);
        named.or_else(|| self.names.county(village?)).or(self.counties.first().copied()).unwrap_or_default()
    }

    /// A date in any form the book knows. A month alone is its first day, as in the book; as a time
    /// limit it is its last.
    fn date(&self, cells: &[Cell], name: &'static str, limit: bool, pen: &mut Pen) -> Option<NaiveDate> {
        let cell = pen.head.cell(cells, name);
        match value::date(cell, &self.policy.book.none_words) {
            Ok(parsed) => {
                if let Some(doubt) = parsed.doubt {
                    pen.remark(doubt.code(), name, &value::shown(cell), false);
                }
                let dated = parsed.value?;
                let last = |months| add_months(dated.date, months).pred_opt();
                match dated.precision {
                    Precision::Month if limit => last(1),
                    Precision::Year if limit => last(12),
                    _ => Some(dated.date),
                }
            }
            Err(_) => {
                pen.remark("bad_date", name, &value::shown(cell), false);
                None
            }
        }
    }
}

/// What a check code says about its row.
#[derive(PartialEq, Eq)]
enum Sealed {
    /// This book sent the row out, for this county.
    Ours(String),
    /// There is no code to compare.
    Unknown,
    Broken,
}

/// Reads the cells of one row and notes what is wrong.
struct Pen<'h> {
    place: Place,
    remarks: Vec<Remark>,
    head: &'h Head,
    lang: Lang,
}

impl Pen<'_> {
    fn text(&self, cells: &[Cell], name: &str) -> String {
        value::clean_text(&value::shown(self.head.cell(cells, name))).0.into_owned()
    }

    /// Free text: long numbers in it are masked like everywhere.
    fn free(&self, cells: &[Cell], name: &str) -> Option<String> {
        let text = value::mask(&self.text(cells, name));
        (!text.is_empty()).then_some(text)
    }

    fn remark(&mut self, reason: &'static str, column: &str, written: &str, quarantined: bool) {
        self.remarks.push(Remark {
            place: self.place.clone(),
            column: heading(self.lang, column),
            value: value::mask(written),
            reason,
            quarantined,
        });
    }

    fn quarantine(&mut self, reason: &'static str, column: &str, written: &str) -> (Fate, What) {
        self.remark(reason, column, written, true);
        (Fate::Quarantined(reason), What::Nothing)
    }

    /// Accepted, and flagged if anything was noted.
    fn fate(&self) -> Fate {
        Fate::Accepted { flagged: !self.remarks.is_empty() }
    }
}

/// Prints of a row's place and of its advice as they are written: 3 digits each (15 bits). They stand
/// behind the check code; spaces, signs and the width of letters do not count.
pub(super) fn text_prints(seal: &Seal, id: &str, place: [&str; 2], advice: &str) -> [String; 2] {
    let plain = |text: &str| value::fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let print = |parts: &[&str]| seal.print(parts);
    [print(&["place", id, &plain(place[0]), &plain(place[1])]), print(&["advice", id, &plain(advice)])]
}

/// A recommendation's ID as it is written by hand: letters that stand for digits are put right.
fn rec_id(text: &str) -> Option<String> {
    let compact = value::compact(text).0.to_uppercase();
    let rest = compact.strip_prefix('T')?;
    let digits: String = rest
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    (digits.len() == 10 && digits.chars().all(|c| c.is_ascii_alphanumeric())).then(|| format!("T{digits}"))
}

fn looks_like_id(text: &str) -> bool {
    let compact = value::compact(text).0;
    compact.len() >= 6 && compact.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Is this the surrogate code of a person?
pub(super) fn is_code(text: &str) -> bool {
    text.len() == 13 && text.starts_with('R') && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Name of a gate in the reader's language.
pub(super) fn gate_label(policy: &Policy, lang: Lang, key: &str) -> String {
    let id = format!("reserve-gate-{}", key.replace('_', "-"));
    let own = policy.reserve.gates.get(key).and_then(|g| g.label.clone());
    match own {
        Some(own) if lang == Lang::Zh || !lang.has(&id) => own,
        _ if lang.has(&id) => lang.text(&id),
        _ => key.replace('_', " "),
    }
}

impl Verdict {
    /// Reads the word of a drop-down, or what people write instead.
    pub(super) fn read(text: &str, _lang: Lang) -> Option<Verdict> {
        const WORDS: [(Verdict, &[&str]); 3] = [
            (Verdict::Adopted, &["采纳", "已采纳", "同意", "同意采纳", "adopted", "adopt", "yes", "是", "√"]),
            (
                Verdict::NotAdopted,
                &["不采纳", "未采纳", "不同意", "不予采纳", "notadopted", "rejected", "no", "否", "×"],
            ),
            (Verdict::Deferred, &["缓议", "暂缓", "暂缓研究", "再议", "deferred", "defer"]),
        ];
        let folded: String =
            value::fold(text).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        let folded = folded.trim_matches(['.', '。', ':', '(', ')']);
        WORDS.iter().find(|(_, words)| words.contains(&folded)).map(|(verdict, _)| *verdict)
    }
}

impl Remark {
    /// What is wrong, and how to mend it.
    pub fn say(&self, lang: Lang) -> String {
        let id = format!("decisions-remark-{}", self.reason.replace('_', "-"));
        if lang.has(&id) {
            return say!(lang, &id, column = &self.column, value = &self.value);
        }
        let flag = format!("flag-{}", self.reason.replace('_', "-"));
        if lang.has(&flag) { lang.text(&flag) } else { self.reason.to_owned() }
    }
}

impl DecisionsError {
    /// What is wrong, where, and how to mend it.
    pub fn render(&self, lang: Lang) -> String {
        match self {
            DecisionsError::Read(error) => error.say(lang),
            DecisionsError::NoSheet { file, headings } => {
                say!(lang, "decisions-error-no-sheet", file = file, headings = headings)
            }
        }
    }
}

/// Name of a file, for messages that have a path alone.
pub fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}
