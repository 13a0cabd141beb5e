//! Who may see what: one place that decides, for every form of output.
//!
//! [`narrow`] takes a book and a run and hands on what one [`Audience`] may see of them, as a
//! [`Shown`]; encoders take nothing else, so that nothing can be written, printed or drawn that has
//! not passed here.
//!
//! | audience | sees |
//! |---|---|
//! | internal | everything, by name |
//! | township | its own villages, its own people by name; candidates from elsewhere for its posts by code alone; findings of its own rows; county-wide comparison as rank, grade and medians |
//! | summary | no names, numbers or addresses of people; no figure about one person; no count of people from 1 to `min_cell − 1`, nor what would let one be worked out |
//!
//! Withheld values are null in tables and ＊ in reports. What each column says about people is
//! declared in [`registry`]: **a new output table needs one entry there**, else it reaches the
//! internal audience alone. Tables of coded people (shortlists, bars, the pool's review) stay in a
//! summary: they are its advice. Whoever counts their rows counts people; what is protected are the
//! aggregates and the persons, not the length of these lists.

mod audience;
mod cells;
mod check;
mod county;
mod names;
mod policy;
mod range;
pub mod registry;
mod system;
mod township;

use std::collections::BTreeSet;

use polars::prelude::*;
use rayon::prelude::*;

pub use audience::{Word, word};
pub use cells::{Outputs, systems};
pub use names::{MASK, Names, Patterns};
pub use policy::PrivacyPolicy;
pub use system::{Audit, System, hide_parts};
pub use township::{NoTownship, Township};

use self::check::Vocabulary;
use self::registry::Class;
use self::township::Own;
use crate::book::schema::{Kind, Vocab};
use crate::book::{Book, CheckReport, Tables, TablesError};
use crate::frame::{self, FrameError, FrameResult};
use crate::policy::Policy;
use crate::report::Audience;
use crate::run::{Options, Outcome};
use crate::say;

/// A run as one audience may see it. Only [`narrow`] makes one.
#[derive(Clone, Debug)]
pub struct Shown {
    book: Book,
    outcome: Outcome,
    audience: Audience,
    township: Option<Township>,
    /// Sheets of decisions that the run was given: name as the audience may see it, and hash.
    sheets: Vec<(String, String)>,
}

impl Shown {
    /// The sheets of decisions that the run was given: name and hash.
    pub fn sheets(&self) -> &[(String, String)] {
        &self.sheets
    }

    /// The book, narrowed.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// The run, narrowed.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Whom it was narrowed for.
    pub fn audience(&self) -> &Audience {
        &self.audience
    }

    /// The township that the audience is, found in the book.
    pub fn township(&self) -> Option<&Township> {
        self.township.as_ref()
    }
}

/// Why a run cannot be narrowed.
#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    /// The audience is a township that the book does not have, or has several times.
    #[error("{0}")]
    Township(#[from] NoTownship),
    /// A table of the book does not fit its schema.
    #[error("{0}")]
    Tables(#[from] TablesError),
    /// A column is of another type than documented.
    #[error("{0}")]
    Frame(#[from] FrameError),
}

impl From<PolarsError> for PrivacyError {
    fn from(error: PolarsError) -> Self {
        PrivacyError::Frame(error.into())
    }
}

/// What `options.audience` may see of a book and of a run over it. Ranks, grades and everything else
/// were found over the whole book; the result is cut and masked afterwards.
///
/// # Errors
/// No such township, or a table that does not fit its schema.
pub fn narrow(book: &Book, outcome: &Outcome, policy: &Policy, options: &Options) -> Result<Shown, PrivacyError> {
    match &options.audience {
        Audience::Internal => {
            let sheets = options.decisions.files.clone();
            Ok(Shown {
                book: book.clone(),
                outcome: outcome.clone(),
                audience: Audience::Internal,
                township: None,
                sheets,
            })
        }
        Audience::Township(name) => {
            let place = Township::find(&book.tables, name)??;
            for_township(book, outcome, policy, options, place)
        }
        Audience::Summary => for_summary(book, outcome, policy, options),
    }
}

// ─── a township ──────────────────────────────────────────────────────────────

fn for_township(
    book: &Book,
    outcome: &Outcome,
    policy: &Policy,
    options: &Options,
    place: Township,
) -> Result<Shown, PrivacyError> {
    let own = Own::new(&book.tables, place)?;
    let names = strangers(book, &own)?;
    let mut tables = own.outputs(&outcome.tables, options.lang)?;
    let mut notes = Vec::new();
    declared(&mut tables, &mut notes, options);
    mask_columns(&mut tables, &names, &[Class::Text, Class::Counted, Class::Name, Class::Person])?;
    let mut shown = Tables::default();
    for (table, frame) in own.book(&book.tables)?.iter() {
        let mut frame = frame.clone();
        for column in table.columns.iter().filter(|c| c.kind == Kind::Text && !is_place(c.name)) {
            // A name that is its bearer's own stays.
            if !(table.name == "people" && column.name == "name") {
                mask_column(&mut frame, column.name, &names)?;
            }
        }
        shown.set(table.name, frame)?;
    }
    let (check, lost) = check::township(&book.report, &own.place, &names);
    notes.insert(0, standing(&outcome.tables, &own, policy, options)?);
    if lost > 0 {
        notes.push(say!(options.lang, "privacy-findings-lost", n = lost));
    }
    let written = own.place.written(&book.tables)?;
    Ok(Shown {
        book: Book { tables: shown, report: check, hashes: check::hashes(&book.hashes, &names), ..book.clone() },
        outcome: Outcome { tables, notes, plain: Default::default(), ..outcome.clone() },
        audience: Audience::Township(written),
        township: Some(own.place),
        sheets: check::hashes(&options.decisions.files, &names),
    })
}

/// Names of people who are not the township's own. A namesake's name stays: it is shown anyway.
fn strangers(book: &Book, own: &Own) -> FrameResult<Names> {
    let people = book.tables.get("people");
    let (codes, all) = (frame::words(people, "person")?, frame::words(people, "name")?);
    let mine: BTreeSet<&str> =
        codes.iter().zip(&all).filter(|(code, _)| own.people.contains(**code)).map(|(_, name)| name.trim()).collect();
    let others = all.iter().map(|n| n.trim()).filter(|n| !mine.contains(n));
    let hidden = book.report.names.iter().map(|n| n.trim()).filter(|n| !mine.contains(n));
    Ok(Names::new(others.chain(hidden), places(&book.tables)?))
}

/// Where the county stands: the only sentence about villages of others.
fn standing(tables: &Outputs, own: &Own, policy: &Policy, options: &Options) -> FrameResult<String> {
    let lang = options.lang;
    let Some(scores) = tables.get("scores") else { return Ok(lang.text("privacy-township-only")) };
    let (county, class) = (frame::words(scores, "county")?, frame::words(scores, "class")?);
    let values = frame::numbers(scores, "score")?;
    let mut all = Vec::new();
    let mut by_class: std::collections::BTreeMap<&str, Vec<f64>> = std::collections::BTreeMap::new();
    for (i, value) in values.iter().enumerate().filter(|(i, _)| county[*i] == own.place.county) {
        if let Some(value) = value {
            all.push(*value);
            by_class.entry(class[i]).or_default().push(*value);
        }
    }
    let villages = county.iter().filter(|c| **c == own.place.county).count();
    let shown = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let (low, high) = (values.len().checked_sub(1)? / 2, values.len() / 2);
        Some(format!("{:.1}", crate::kernel::round::to((values[low] + values[high]) / 2.0, 1)))
    };
    let Some(median) = shown(&mut all) else { return Ok(lang.text("privacy-township-only")) };
    // A class of fewer villages than this would tell of single ones.
    let classes: Vec<String> = by_class
        .iter_mut()
        .filter(|(class, values)| !class.is_empty() && values.len() >= 5)
        .filter_map(|(class, values)| {
            Some(format!("{} {}", policy.words.label(lang, Vocab::VillageClass, class), shown(values)?))
        })
        .collect();
    let classes = classes.join(&lang.text("list-comma"));
    Ok(say!(lang, "privacy-township-standing", villages = villages, median = median, classes = classes))
}

// ─── a summary ───────────────────────────────────────────────────────────────

/// Columns of the book that a summary has no use for: who somebody is, where to find them, and free
/// text. Of a birth the year is left.
fn is_personal(kind: Kind, column: &str) -> bool {
    let named =
        ["name", "school", "note", "leader", "mentor", "recommended_by", "responsible", "left_reason", "ethnicity"];
    matches!(kind, Kind::IdNumber | Kind::Phone) || named.contains(&column)
}

fn for_summary(book: &Book, outcome: &Outcome, policy: &Policy, options: &Options) -> Result<Shown, PrivacyError> {
    let names = all_names(book)?;
    let mut tables = outcome.tables.clone();
    let mut notes = Vec::new();
    tables.retain(|name, _| !registry::form(name).is_some_and(|form| form.personal));
    declared(&mut tables, &mut notes, options);
    for ((name, column), texts) in &outcome.plain {
        if let Some(table) = tables.get_mut(name).filter(|t| t.height() == texts.len()) {
            let plain = StringChunked::from_iter_values((*column).into(), texts.iter().map(String::as_str));
            table.with_column(plain.into_column())?;
        }
    }
    cells::suppress(&mut tables, policy, outcome.as_of)?;
    recommenders(&mut tables, &names, policy)?;
    for (name, table) in &mut tables {
        let Some(form) = registry::form(name) else { continue };
        for column in column_names(table) {
            if matches!(form.class(&column), Some(Class::Name | Class::One)) {
                empty(table, &column)?;
            }
        }
    }
    mask_columns(&mut tables, &names, &[Class::Text, Class::Counted, Class::Person])?;
    numberless(&mut tables)?;
    changed(&mut tables)?;
    let mut shown = Tables::default();
    for (table, frame) in book.tables.iter() {
        let mut frame = frame.clone();
        for column in table.columns {
            if is_personal(column.kind, column.name) {
                empty(&mut frame, column.name)?;
            } else if column.kind == Kind::Text && !is_place(column.name) {
                mask_column(&mut frame, column.name, &names)?;
            } else if column.name == "birth" {
                years_only(&mut frame, column.name)?;
            }
        }
        shown.set(table.name, frame)?;
    }
    let words = Vocabulary::new(&book.tables, policy)?;
    let check: CheckReport = check::summary(&book.report, &names, &words);
    let masked = outcome.notes.iter().map(|note| names.mask(note).into_owned());
    let mut all: Vec<String> = masked.collect();
    if policy.privacy.suppresses() {
        all.push(say!(options.lang, "privacy-legend", least = policy.privacy.min_cell));
    }
    all.extend(notes);
    Ok(Shown {
        book: Book { tables: shown, report: check, hashes: check::hashes(&book.hashes, &names), ..book.clone() },
        outcome: Outcome { tables, notes: all, plain: Default::default(), ..outcome.clone() },
        audience: Audience::Summary,
        township: None,
        sheets: check::hashes(&options.decisions.files, &names),
    })
}

/// Everybody whom the book names: people, people of rows set aside, and those that stand by name in
/// its free text.
fn all_names(book: &Book) -> FrameResult<Names> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let people = frame::words(book.tables.get("people"), "name")?;
    names.extend(people.into_iter().map(|n| n.trim().to_owned()));
    for name in &book.report.names {
        names.insert(name.trim().to_owned());
        // 张三（女）, 张三/李四: the parts are names as well.
        let parts = name.split(|c: char| c.is_whitespace() || "（）()/、，,;；".contains(c));
        names.extend(parts.filter(|p| p.chars().count() > 1).map(str::to_owned));
    }
    for (table, column) in
        [("townships", "leader"), ("pool", "mentor"), ("pool", "recommended_by"), ("measures", "responsible")]
    {
        let mut last = "";
        for text in frame::words(book.tables.get(table), column)? {
            if text != last {
                last = text;
                names.extend(likely_names(text).map(str::to_owned));
            }
        }
    }
    Ok(Names::new(names.iter().map(String::as_str), places(&book.tables)?))
}

/// The commonest surnames: a cell that is one of them and one or two characters more is a name.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金贾夏方邹熊孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔白汤温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌";

/// Words of offices and ways: what holds one of them is no bare name.
const OFFICES: &str = "党委会部组支局办镇乡村群众书记主任干推荐老自本公选联名议长员";

/// Parts of a text that look like a bare name.
fn likely_names(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| c.is_whitespace() || "（）()/、，,;；：:".contains(c));
    parts.filter(|part| {
        let mut chars = part.chars();
        let first = chars.next().is_some_and(|c| SURNAMES.contains(c));
        let rest: Vec<char> = chars.collect();
        first && (1..=2).contains(&rest.len()) && !rest.iter().any(|c| OFFICES.contains(*c))
    })
}

/// Recommenders that may be people, or that named fewer people than may be shown, are left out.
fn recommenders(tables: &mut Outputs, names: &Names, policy: &Policy) -> FrameResult<()> {
    let Some(table) = tables.get_mut("pool_outcomes") else { return Ok(()) };
    let (dimension, key) = (frame::words(table, "dimension")?, frame::words(table, "key")?);
    let people = frame::wholes(table, "people")?;
    let keep = (0..table.height())
        .map(|i| {
            dimension[i] != "recommender"
                || (people[i].is_some() || !policy.privacy.suppresses())
                    && names.find(key[i]).is_empty()
                    && likely_names(key[i]).next().is_none()
        })
        .collect();
    let kept = township::filter(table, keep)?;
    *table = kept;
    Ok(())
}

/// Dates as the first of January of their year.
fn years_only(frame: &mut DataFrame, column: &str) -> FrameResult<()> {
    use chrono::{Datelike, NaiveDate};
    let days: Int32Chunked = frame::dates(frame, column)?
        .into_iter()
        .map(|day| day.and_then(|d| NaiveDate::from_ymd_opt(d.year(), 1, 1)).map(frame::to_days))
        .collect();
    frame.with_column(days.with_name(column.into()).into_date().into_column())?;
    Ok(())
}

// ─── both ────────────────────────────────────────────────────────────────────

/// Names of places are keys.
fn is_place(column: &str) -> bool {
    matches!(column, "county" | "township" | "village" | "village_name" | "code" | "urban_rural")
}

fn places(tables: &Tables) -> FrameResult<BTreeSet<&str>> {
    let mut places = BTreeSet::new();
    for column in ["county", "township", "village_name"] {
        places.extend(frame::words(tables.get("villages"), column)?);
    }
    Ok(places)
}

fn column_names(table: &DataFrame) -> Vec<String> {
    table.get_column_names().into_iter().map(|n| n.to_string()).collect()
}

fn empty(frame: &mut DataFrame, column: &str) -> FrameResult<()> {
    if let Ok(found) = frame.column(column) {
        let empty = Column::full_null(column.into(), frame.height(), found.dtype());
        frame.with_column(empty)?;
    }
    Ok(())
}

/// Withholds what is not declared: whole tables, and columns of declared ones; and says so.
fn declared(tables: &mut Outputs, notes: &mut Vec<String>, options: &Options) {
    let lang = options.lang;
    tables.retain(|name, _| {
        let known = registry::form(name).is_some();
        if !known {
            notes.push(say!(lang, "privacy-undeclared", what = *name));
        }
        known
    });
    for (name, table) in tables.iter_mut() {
        let Some(form) = registry::form(name) else { continue };
        for column in column_names(table) {
            if form.class(&column).is_none() && empty(table, &column).is_ok() {
                notes.push(say!(lang, "privacy-undeclared", what = format!("{name}.{column}")));
            }
        }
    }
}

/// Digits after the `R` of a surrogate code.
const CODE_DIGITS: usize = 12;

fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix('R').unwrap_or_default();
    digits.len() == CODE_DIGITS && digits.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn mask_columns(tables: &mut Outputs, names: &Names, classes: &[Class]) -> FrameResult<()> {
    let mut todo: Vec<(&'static str, &mut DataFrame)> = tables.iter_mut().map(|(name, table)| (*name, table)).collect();
    todo.par_iter_mut().try_for_each(|(name, table)| {
        let Some(form) = registry::form(name) else { return Ok(()) };
        for column in column_names(table) {
            match form.class(&column).filter(|class| classes.contains(class)) {
                Some(Class::Person) => mask_codes(table, &column)?,
                Some(_) => mask_column(table, &column, names)?,
                None => {}
            }
        }
        Ok(())
    })
}

/// Lists of changes whose reasons tell ages, sizes of a village's reserve and the like.
const PRIVATE_REASONS: [&str; 10] = [
    "ladder",
    "vacancies",
    "open_posts",
    "bars",
    "shortlists",
    "placements",
    "training",
    "cover",
    "advancement",
    "representation",
];

/// Numbers out of prose that tells ages and counts of people.
fn numberless(tables: &mut Outputs) -> FrameResult<()> {
    for (name, table) in tables.iter_mut() {
        let Some(form) = registry::form(name) else { continue };
        for column in column_names(table) {
            if form.class(&column) == Some(Class::Counted) {
                rewrite(table, &column, |_, text| without_numbers(text))?;
            }
        }
    }
    Ok(())
}

/// What changed since an earlier run that named people: no pay of single people, no figures about
/// them in the reasons.
fn changed(tables: &mut Outputs) -> FrameResult<()> {
    for name in ["changes", "changes_summary"] {
        let Some(table) = tables.get_mut(name).filter(|t| frame::has(t, "list")) else { continue };
        let keep: BooleanChunked = frame::words(table, "list")?.into_iter().map(|l| Some(l != "pay")).collect();
        *table = table.filter(&keep)?;
        if frame::has(table, "why") {
            let lists: Vec<String> = frame::words(table, "list")?.into_iter().map(str::to_owned).collect();
            let private = |row: usize| lists.get(row).is_some_and(|l| PRIVATE_REASONS.contains(&l.as_str()));
            rewrite(table, "why", |row, text| if private(row) { without_numbers(text) } else { None })?;
        }
    }
    Ok(())
}

/// Rewrites the texts of a column that `change` has another wording for.
fn rewrite(frame: &mut DataFrame, column: &str, change: impl Fn(usize, &str) -> Option<String>) -> FrameResult<()> {
    let Ok(found) = frame.column(column).cloned() else { return Ok(()) };
    let texts: Vec<Option<&str>> = found.str()?.iter().collect();
    let other: Vec<(usize, String)> =
        texts.iter().enumerate().filter_map(|(row, text)| Some((row, change(row, (*text)?)?))).collect();
    replace(frame, column, &texts, &other)
}

/// A text with ＊ for its numbers of up to three digits; dates, codes and larger sums stay. `None` if
/// there are none.
fn without_numbers(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/');
    let (mut written, mut changed, mut at) = (String::with_capacity(text.len()), false, 0);
    while at < chars.len() {
        let end = (at..chars.len()).find(|i| !part(chars[*i])).unwrap_or(chars.len());
        let word: String = chars[at..end].iter().collect();
        // A full stop or a hyphen at the end belongs to the sentence.
        let number = word.trim_end_matches(['.', '-', '/']);
        if !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit()) {
            written.push('＊');
            written.push_str(&word[number.len()..]);
            changed = true;
        } else {
            written.push_str(&word);
        }
        at = end;
        if let Some(c) = chars.get(at) {
            written.push(*c);
            at += 1;
        }
    }
    changed.then_some(written)
}

/// Takes names out of a text column.
fn mask_column(frame: &mut DataFrame, column: &str, names: &Names) -> FrameResult<()> {
    let Ok(found) = frame.column(column).cloned() else { return Ok(()) };
    let texts: Vec<Option<&str>> = found.str()?.iter().collect();
    let masked: Vec<(usize, String)> = texts
        .par_iter()
        .enumerate()
        .filter_map(|(i, text)| match names.mask((*text)?) {
            std::borrow::Cow::Borrowed(_) => None,
            std::borrow::Cow::Owned(masked) => Some((i, masked)),
        })
        .collect();
    replace(frame, column, &texts, &masked)
}

/// Anything in a column of codes that is no code.
fn mask_codes(frame: &mut DataFrame, column: &str) -> FrameResult<()> {
    let Ok(found) = frame.column(column).cloned() else { return Ok(()) };
    let texts: Vec<Option<&str>> = found.str()?.iter().collect();
    let other = |text: &Option<&str>| text.is_some_and(|t| !t.is_empty() && !is_code(t));
    let masked: Vec<(usize, String)> =
        texts.iter().enumerate().filter(|(_, t)| other(t)).map(|(i, _)| (i, MASK.to_owned())).collect();
    replace(frame, column, &texts, &masked)
}

fn replace(frame: &mut DataFrame, column: &str, texts: &[Option<&str>], masked: &[(usize, String)]) -> FrameResult<()> {
    if masked.is_empty() {
        return Ok(());
    }
    let mut all = texts.to_vec();
    for (i, text) in masked {
        all[*i] = Some(text);
    }
    let cells: StringChunked = all.into_iter().collect();
    frame.with_column(cells.with_name(column.into()).into_column())?;
    Ok(())
}

/// Withholds small counts of people in the document of `run --json` for a summary: how many of which
/// source, status and the like the book holds.
pub fn thin(document: &mut serde_json::Value, audience: &Audience, policy: &Policy) {
    if *audience != Audience::Summary || !policy.privacy.suppresses() {
        return;
    }
    for (table, lists) in
        [("people", &["sources", "political_status"][..]), ("pool", &["sources", "status", "pool_status"][..])]
    {
        for list in lists {
            let Some(counts) = document.pointer_mut(&format!("/tables/{table}/{list}")) else { continue };
            let Some(counts) = counts.as_object_mut() else { continue };
            let values: Vec<i64> = counts.values().map(|v| v.as_i64().unwrap_or(0)).collect();
            for (value, hidden) in counts.values_mut().zip(hide_parts(&values, &policy.privacy)) {
                if hidden {
                    *value = serde_json::Value::Null;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_numbers;

    #[test]
    fn numbers_of_people_go_and_dates_stay() {
        let short = |text| without_numbers(text);
        assert_eq!(short("53岁，超过40岁").as_deref(), Some("＊岁，超过＊岁"));
        assert_eq!(
            short("holder is 61 on election day, above 60.").as_deref(),
            Some("holder is ＊ on election day, above ＊.")
        );
        assert_eq!(short("2025-02-09纳入，22368元，RZ5QVKN8CC006"), None);
        assert_eq!(short("，"), None);
    }
}
