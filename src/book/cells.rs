//! From a cell to the canonical value of its column, with what was repaired and what is doubtful.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::draft::Value;
use super::lexicon::Claim;
use super::raw::Cell;
use super::schema::{Kind, Unit, Vocab};
use super::value::{self, Fault, HeaderUnit, NumberRule, Parsed, Repair, Repairs, Scale};
use crate::policy::Policy;

/// What a cell became.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub value: Value,
    pub repairs: Repairs,
    /// Reasons of doubt, each with what its message needs.
    pub flags: Vec<(&'static str, String)>,
    /// Further columns that the cell fills, such as the date behind a sanction.
    pub further: Vec<(&'static str, Value)>,
    /// The cell holds something that could not be read.
    pub unreadable: bool,
}

/// The policy's words, ready to be looked up.
pub(super) struct Reader<'a> {
    policy: &'a Policy,
    zero: Vec<String>,
    none: Vec<String>,
    words: HashMap<&'static str, HashMap<String, &'a str>>,
    vacant: Vec<String>,
}

impl<'a> Reader<'a> {
    pub fn new(policy: &'a Policy) -> Reader<'a> {
        // 无 is a word for zero; a dash says that nothing is known.
        let (zero, none): (Vec<String>, Vec<String>) =
            policy.book.none_words.iter().cloned().partition(|w| w.chars().any(char::is_alphabetic));
        let mut words = HashMap::new();
        for vocab in Vocab::ALL {
            let mut index = HashMap::new();
            for (code, list) in policy.words.list(vocab) {
                for word in list {
                    index.entry(value::fold(word)).or_insert(code.as_str());
                }
            }
            for code in policy.words.list(vocab).keys() {
                index.entry(value::fold(code)).or_insert(code.as_str());
            }
            words.insert(vocab.key(), index);
        }
        let vacant = policy.book.vacant_words.iter().map(|w| value::fold(w)).collect();
        Reader { policy, zero, none, words, vacant }
    }

    /// Does the text say that a post is empty?
    pub fn is_vacant(&self, text: &str) -> bool {
        let folded = value::fold(text);
        // （空缺）, 空缺（由包村干部代管）
        let bare = folded.trim_matches(['(', ')']);
        let before = bare.split('(').next().unwrap_or_default();
        self.vacant.iter().any(|w| *w == bare || *w == before)
    }

    /// Does the text say that there is nothing?
    pub fn is_none(&self, text: &str) -> bool {
        let folded = value::fold(text);
        self.policy.book.none_words.iter().any(|w| value::fold(w) == folded)
    }

    /// A date in a title or note, such as 填报时间：2026年1月; a month alone means its last day,
    /// because a report speaks for its whole month.
    pub fn report_date(&self, text: &str) -> Option<NaiveDate> {
        let parsed = value::date_text(text, &self.none).ok()?.value?;
        Some(match parsed.precision {
            value::Precision::Day => parsed.date,
            value::Precision::Month => crate::stage::add_months(parsed.date, 1).pred_opt()?,
            value::Precision::Year => crate::stage::add_months(parsed.date, 12).pred_opt()?,
        })
    }

    /// Reads a cell as its column asks.
    pub fn read(&self, claim: &Claim, sheet_unit: Option<HeaderUnit>, cell: &Cell) -> Read {
        if value::is_blank(cell) {
            return Read::default();
        }
        let read = match claim.field.kind {
            Kind::Text | Kind::Person => self.text(claim, cell),
            Kind::IdNumber => id_number(cell),
            Kind::Phone => of(value::phone(cell), Value::Text),
            Kind::YesNo => self.yes_no(cell),
            Kind::Date => self.date(claim, cell),
            Kind::Year => of(value::year(cell), Value::Whole),
            Kind::Whole => {
                let rule = self.rule(claim.unit, Unit::One);
                of(value::whole(cell, &rule), Value::Whole)
            }
            Kind::Number(unit) => {
                let money = matches!(unit, Unit::Wan | Unit::Yuan);
                let header = claim.unit.or(sheet_unit.filter(|_| money));
                self.share(of(value::number(cell, &self.rule(header, unit)), Value::Number), cell, unit)
            }
            Kind::Word(vocab) => self.word(vocab, claim, cell),
        };
        self.in_range(claim, read)
    }

    fn rule(&self, header: Option<HeaderUnit>, unit: Unit) -> NumberRule<'_> {
        // A header's 人 or 件 says nothing about money.
        let header =
            header.filter(|h| !matches!(unit, Unit::Wan | Unit::Yuan) || h.factor() != 1.0 || *h == HeaderUnit::Yuan);
        NumberRule { scale: Scale::new(header, unit), zero_words: &self.zero, none_words: &self.none }
    }

    /// 无 is zero for a count, but a share or points of 无 are unknown.
    fn share(&self, mut read: Read, cell: &Cell, unit: Unit) -> Read {
        if matches!(unit, Unit::Percent | Unit::Points)
            && let Cell::Text(text) = cell
            && self.is_none(text)
        {
            read.value = Value::Nothing;
        }
        read
    }

    fn text(&self, claim: &Claim, cell: &Cell) -> Read {
        let shown = value::shown(cell);
        if let Cell::Error(_) = cell {
            return fault(Fault::SheetError);
        }
        let name = matches!(claim.field.name.as_str(), "name" | "person" | "relative" | "secretary");
        let code = matches!(claim.field.name.as_str(), "code" | "urban_rural" | "filing_number");
        let (text, repairs) = if name {
            value::clean_name(&shown)
        } else if code {
            value::compact(&shown)
        } else {
            value::clean_text(&shown)
        };
        let value = if text.is_empty() || (self.is_none(&text) && claim.field.name != "note") {
            Value::Nothing
        } else {
            Value::Text(text.into_owned())
        };
        Read { value, repairs, ..Read::default() }
    }

    fn yes_no(&self, cell: &Cell) -> Read {
        of(value::yes_no(cell, &self.policy.book.yes_words, &self.policy.book.no_words), Value::YesNo)
    }

    fn date(&self, claim: &Claim, cell: &Cell) -> Read {
        // 无 in a column of dates: it did not happen.
        let none = &self.policy.book.none_words;
        match value::date(cell, none) {
            Ok(parsed) => {
                let mut read = Read { repairs: parsed.repairs, ..Read::default() };
                if let Some(doubt) = parsed.doubt {
                    read.flags.push((doubt.code(), String::new()));
                }
                if let Some(dated) = parsed.value {
                    read.value = Value::Date(dated.date);
                    if let Some(age) = dated.age_said.filter(|_| claim.field.name == "birth") {
                        read.further.push((super::draft::AGE, Value::Whole(i64::from(age))));
                    }
                }
                read
            }
            Err(why) => fault(why),
        }
    }

    fn word(&self, vocab: Vocab, claim: &Claim, cell: &Cell) -> Read {
        if let Cell::Error(_) = cell {
            return fault(Fault::SheetError);
        }
        let shown = value::shown(cell);
        let (text, repairs) = value::clean_text(&shown);
        let mut read = Read { repairs, ..Read::default() };
        if let Some(code) = self.code(vocab, &text) {
            read.value = Value::Text(code.to_owned());
            return read;
        }
        if text.is_empty() || self.is_none(&text) {
            return read;
        }
        let mut word = text.as_ref();
        let dated;
        if claim.field.name == "sanction" {
            let (rest, day) = self.take_date(word);
            if let Some(day) = day {
                read.further.push(("sanction_date", Value::Date(day)));
            }
            dated = rest;
            word = &dated;
        }
        match self.nearly(vocab, word) {
            Some(codes) => {
                if vocab == Vocab::Post && codes.contains(&"secretary") && codes.contains(&"director") {
                    read.further.push(("dual", Value::YesNo(true)));
                } else if codes.len() > 1 {
                    read.flags.push(("several_words", text.clone().into_owned()));
                }
                read.value = Value::Text(codes[0].to_owned());
            }
            None => {
                read.flags.push(("unknown_word", self.known_words(vocab)));
                read.value = Value::Text(word.trim().to_owned());
            }
        }
        read
    }

    /// The code of a word, exactly as the policy lists it.
    pub fn code(&self, vocab: Vocab, text: &str) -> Option<&'a str> {
        self.words.get(vocab.key()).and_then(|index| index.get(&value::fold(text)).copied())
    }

    /// A few words of the list, for the remedy.
    pub fn known_words(&self, vocab: Vocab) -> String {
        self.policy.words.list(vocab).values().filter_map(|w| w.first()).take(8).cloned().collect::<Vec<_>>().join("、")
    }

    /// The codes of a phrase: without its brackets, or of each of its parts, or of the one word
    /// that is left when place names and fillers are taken away.
    fn nearly(&self, vocab: Vocab, text: &str) -> Option<Vec<&'a str>> {
        let folded = value::fold(text);
        let bare = folded.split('(').next().unwrap_or_default().trim();
        if let Some(code) = self.code(vocab, bare) {
            return Some(vec![code]);
        }
        let parts: Vec<&str> =
            bare.split([',', '/', ';', '兼', '和', '及', '+', '\u{3001}', ' ']).filter(|p| !p.is_empty()).collect();
        let codes: Vec<&str> = parts.iter().filter_map(|p| self.stripped(vocab, p)).collect();
        let mut unique: Vec<&str> = Vec::new();
        for code in &codes {
            if !unique.contains(code) {
                unique.push(code);
            }
        }
        (codes.len() == parts.len() && !unique.is_empty()).then_some(unique)
    }

    fn stripped(&self, vocab: Vocab, part: &str) -> Option<&'a str> {
        const FRONT: &[&str] =
            &["原", "受到", "受过", "受", "曾受", "给予", "列入", "被", "全日制", "在职", "中央党校", "党校", "国家"];
        const BACK: &[&str] = &[
            "处分", "学历", "毕业", "文化", "事件", "问题", "案件", "情况", "人员", "类", "型", "村", "等次", "档",
            "级", "学位", "肄业",
        ];
        if let Some(code) = self.code(vocab, part) {
            return Some(code);
        }
        if vocab == Vocab::Post {
            // 青石镇大泉村党支部书记: what stands behind the place.
            if ["原", "前", "曾", "代", "第一"].iter().any(|w| part.contains(w)) {
                return None;
            }
            let behind = part.rfind("村").map(|at| &part[at + "村".len()..]).filter(|b| !b.is_empty())?;
            return self.code(vocab, behind).or_else(|| self.code(vocab, &format!("村{behind}")));
        }
        let mut rest = part;
        loop {
            let shorter = FRONT
                .iter()
                .filter(|w| vocab != Vocab::Post && **w != "原")
                .find_map(|w| rest.strip_prefix(w))
                .or_else(|| BACK.iter().find_map(|w| rest.strip_suffix(w)))
                .filter(|r| !r.is_empty())?;
            if let Some(code) = self.code(vocab, shorter) {
                return Some(code);
            }
            rest = shorter;
        }
    }

    /// Takes a date out of a phrase: 党内警告（2025.03）, 2025年3月党内警告.
    fn take_date(&self, text: &str) -> (String, Option<NaiveDate>) {
        let signs = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '/' | '年' | '月' | '日');
        let narrow = value::compact(text).0.into_owned();
        let Some(from) = narrow.find(|c: char| c.is_ascii_digit()) else { return (text.to_owned(), None) };
        let run: String = narrow[from..].chars().take_while(|c| signs(*c)).collect();
        let day = value::date_text(&run, &self.none).ok().and_then(|p| p.value).map(|d| d.date);
        if day.is_none() {
            return (text.to_owned(), None);
        }
        let rest = format!("{}{}", &narrow[..from], &narrow[from + run.len()..]);
        let rest = rest.replace("()", "");
        (rest.trim_matches([',', ':', '因', '受', '(', ')']).to_owned(), day)
    }

    fn in_range(&self, claim: &Claim, mut read: Read) -> Read {
        if let (Some((low, high)), Some(x)) = (claim.field.range, read.value.number())
            && !(low..=high).contains(&x)
        {
            read.flags.push(("out_of_range", format!("{low}–{high}")));
            read.value = Value::Nothing;
            read.unreadable = true;
        }
        read
    }

    /// Grades of the last years in one cell, oldest first: (year if written, code).
    pub fn recent_grades(&self, text: &str) -> Vec<(Option<i64>, Result<String, String>)> {
        let folded = value::fold(text);
        let mut parts: Vec<String> =
            folded.split([',', '/', ';', '\u{3001}', ' ', '|']).filter(|p| !p.is_empty()).map(str::to_owned).collect();
        if parts.len() == 1 && parts[0].matches('年').count() > 1 {
            // 2023年优秀2024年称职: cut before each year.
            let mut cut = Vec::new();
            let chars: Vec<char> = parts[0].chars().collect();
            let mut part = String::new();
            for (i, c) in chars.iter().enumerate() {
                let starts = c.is_ascii_digit() && (i == 0 || !chars[i - 1].is_ascii_digit());
                if starts && !part.is_empty() {
                    cut.push(std::mem::take(&mut part));
                }
                part.push(*c);
            }
            cut.push(part);
            parts = cut;
        }
        let mut grades = Vec::new();
        for part in parts {
            let header = value::header(&part);
            let word = header.core.trim_matches([':', '-', '(', ')', '为']);
            if word.is_empty() || self.is_none(word) {
                continue;
            }
            let code = self.code(Vocab::Grade, word).or_else(|| self.nearly(Vocab::Grade, word).map(|c| c[0]));
            grades.push((header.year.map(i64::from), code.map(str::to_owned).ok_or_else(|| word.to_owned())));
        }
        grades
    }
}

/// ID numbers stay as they stand until people are told apart; they are masked before anything
/// leaves the book.
fn id_number(cell: &Cell) -> Read {
    match value::identity(cell) {
        Ok(Parsed { value: None, repairs, .. }) => Read { repairs, ..Read::default() },
        Ok(Parsed { repairs, .. }) => {
            // A number that has lost digits must not look like one that is whole.
            let shown = match cell {
                Cell::Number(x) if x.abs() >= 9_007_199_254_740_992.0 => format!("{x:E}").into(),
                cell => value::shown(cell),
            };
            let (text, _) = value::compact(&shown);
            let mut text = text.into_owned();
            if repairs.has(Repair::LowerX) {
                text = text.to_uppercase();
            }
            Read { value: Value::Text(text), repairs, ..Read::default() }
        }
        Err(why) => fault(why),
    }
}

fn of<T>(outcome: Result<Parsed<T>, Fault>, wrap: fn(T) -> Value) -> Read {
    match outcome {
        Ok(parsed) => Read {
            value: parsed.value.map_or(Value::Nothing, wrap),
            repairs: parsed.repairs,
            flags: parsed.doubt.map(|d| (d.code(), String::new())).into_iter().collect(),
            ..Read::default()
        },
        Err(why) => fault(why),
    }
}

fn fault(why: Fault) -> Read {
    let reason = match why {
        Fault::NotANumber | Fault::NumberTooLarge | Fault::NotWhole => "unreadable_number",
        Fault::NotADate | Fault::ImpossibleDate | Fault::NotAYear => "bad_date",
        Fault::UnknownWord => "unknown_word",
        Fault::SheetError => "sheet_error",
    };
    Read { flags: vec![(reason, String::new())], unreadable: true, ..Read::default() }
}
