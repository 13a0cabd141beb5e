//! Rows about people: a roster row is a person, a post and the grades of three years; a pool row a
//! person and a place in the pool; a cell may name two people.

use std::collections::BTreeMap;

use super::cells::Reader;
use super::draft::{self, Rows, Value};
use super::emit::push;
use super::forms::Form;
use super::lexicon::Claim;
use super::report::Finding;
use super::schema::{Kind, Vocab};
use super::sheet::SheetRead;
use super::value;

/// Where a row's records go.
pub(super) struct Emitter<'a> {
    pub at: usize,
    pub form: &'static Form,
    pub claims: &'a [Option<Claim>],
    pub reader: &'a Reader<'a>,
    /// The post of a roster that has no column for it.
    pub post: &'static str,
    pub rows: &'a mut BTreeMap<&'static str, Rows>,
    pub sink: &'a mut SheetRead,
}

impl Emitter<'_> {
    fn flag(&mut self, name: &str, value: &str, reason: &str, detail: &str) {
        let column = self.sink.source.written.get(name).cloned().unwrap_or_default();
        let (file, sheet, row) = self.sink.source.origin(self.at + 1);
        let (file, sheet) = (file.to_owned(), sheet.to_owned());
        self.sink.flags.push(Finding {
            file,
            sheet,
            row,
            column,
            value: value.to_owned(),
            reason: reason.to_owned(),
            detail: detail.to_owned(),
        });
    }

    fn link(&self, person: usize) -> Option<i64> {
        // 16 people in a cell are more than anyone writes.
        i64::try_from(self.at * 16 + person.min(15)).ok()
    }
}

/// A name as findings show it: the family name alone.
pub(super) fn hide_name(name: &str) -> String {
    let mut chars = name.chars();
    let first: String = chars.next().into_iter().collect();
    first + &"*".repeat(chars.count().min(3))
}

/// Several people's names in one cell. A foreign or minority name with a space is one person.
fn names_in(name: &str) -> Vec<String> {
    let parts = value::split_names(name);
    let han = |part: &&str| (2..=4).contains(&part.chars().count()) && !part.is_ascii();
    if parts.len() > 1 && parts.iter().all(han) {
        parts.into_iter().map(str::to_owned).collect()
    } else {
        vec![name.to_owned()]
    }
}

/// Emits a row of the forms `posts`, `pool` and `people`.
pub(super) fn emit(mut to: Emitter<'_>, mut columns: BTreeMap<String, Value>, values: &[Value]) {
    let text =
        |columns: &BTreeMap<String, Value>, name: &str| columns.get(name).and_then(Value::text).map(str::to_owned);
    let mut name = text(&columns, "name");
    let number = text(&columns, "person");
    let says_vacant = name.as_deref().or(number.as_deref()).is_some_and(|n| to.reader.is_vacant(n));
    // Beside a number 空缺 is no name; in a list of posts it says that nobody holds the post.
    let numbered = columns.get("id_number").is_some_and(|v| !v.is_nothing())
        || number.as_deref().is_some_and(|n| !to.reader.is_vacant(n));
    let vacant = says_vacant && (to.form.name == "posts" || !numbered);
    if says_vacant && !vacant {
        name = None;
        columns.remove("name");
    }
    // Brackets behind a name are a remark: 张三（女）, 张三（代）.
    if let Some(given) = &name
        && let Some(open) = given.find(['(', '（'])
        && open > 0
    {
        let bare = given[..open].trim().to_owned();
        to.flag("name", &hide_name(given), "remark_in_name", "");
        name = Some(bare);
    }
    let people: Vec<String> = if vacant { Vec::new() } else { name.as_deref().map(names_in).unwrap_or_default() };
    if people.len() > 1 {
        let shown = people.iter().map(|n| hide_name(n)).collect::<Vec<_>>().join("、");
        to.flag("name", &shown, "two_people_in_cell", "");
    }
    if let Some(Value::YesNo(member)) = columns.remove("is_member")
        && columns.get("political_status").is_none_or(Value::is_nothing)
        && member
    {
        columns.insert("political_status".into(), Value::Text("member".into()));
    }
    if let Some(age) = columns.remove("age")
        && columns.get(draft::AGE).is_none_or(Value::is_nothing)
        && let Some(age) = age.text().and_then(|t| t.trim_end_matches('岁').trim().parse::<i64>().ok())
    {
        columns.insert(draft::AGE.to_owned(), Value::Whole(age));
    }
    triple(&mut to, &mut columns);
    let identified = !vacant && (!people.is_empty() || columns.get("id_number").is_some_and(|v| !v.is_nothing()));
    let describes = columns.contains_key("name") || columns.contains_key("id_number");
    if let Some(first) = people.first() {
        columns.insert("name".into(), Value::Text(first.clone()));
    }
    if vacant {
        for personal in ["name", "person", "id_number"] {
            columns.remove(personal);
        }
    }
    let link = to.link(0).filter(|_| identified && describes);
    if link.is_some() {
        if people.is_empty() {
            to.flag("name", "", "missing_name", "");
        }
        push(to.rows, "people", to.at, link, columns.clone());
    }
    match to.form.name {
        "posts" => {
            let mut post = columns.clone();
            if !to.claims.iter().flatten().any(|c| c.field.name == "post") {
                post.insert("post".into(), Value::Text(to.post.to_owned()));
            }
            let known_vacant = columns.get("vacant_since").is_some_and(|v| !v.is_nothing());
            if !identified && number.is_none() && !vacant && !known_vacant {
                to.flag("name", "", "empty_name", "");
            }
            let placed = ["village", "code"].iter().any(|n| columns.get(*n).is_some_and(|v| !v.is_nothing()));
            if placed {
                push(to.rows, "posts", to.at, link, post);
            } else {
                to.flag("village", "", "missing_village", "");
            }
            grades(&mut to, &columns, values, link);
        }
        "pool" => {
            if columns.get("village").is_none_or(Value::is_nothing) && columns.get("code").is_none_or(Value::is_nothing)
            {
                to.flag("village", "", "missing_village", "");
            }
            push(to.rows, "pool", to.at, link, columns.clone());
            grades(&mut to, &columns, values, link);
        }
        _ => {}
    }
    // The others named in the cell: what the row says about one person is not theirs.
    for (i, other) in people.iter().enumerate().skip(1) {
        let mut own: BTreeMap<String, Value> = ["county", "township", "village", "code"]
            .iter()
            .filter_map(|n| columns.get(*n).map(|v| ((*n).to_owned(), v.clone())))
            .collect();
        own.insert("name".into(), Value::Text(other.clone()));
        let link = to.link(i);
        push(to.rows, "people", to.at, link, own.clone());
        if to.form.name == "pool" {
            push(to.rows, "pool", to.at, link, own);
        }
    }
}

/// 考察评价（思想/工作/潜力）in one cell: 好/较好/高
fn triple(to: &mut Emitter<'_>, columns: &mut BTreeMap<String, Value>) {
    let Some(Value::Text(said)) = columns.remove("assessment") else { return };
    let folded = value::fold(&said);
    let parts: Vec<&str> = folded.split(['/', ',', ';', '\u{3001}', ' ']).filter(|p| !p.is_empty()).collect();
    let targets = [("thinking", Vocab::Rating), ("work", Vocab::Rating), ("potential", Vocab::Potential)];
    for (i, (name, vocab)) in targets.into_iter().enumerate() {
        let Some(part) = parts.get(i) else { continue };
        // 思想好, 工作较好, 潜力高
        let word =
            ["思想", "工作", "潜力"].iter().find_map(|w| part.strip_prefix(w)).unwrap_or(part).trim_start_matches(':');
        if columns.get(name).is_some_and(|v| !v.is_nothing()) {
            continue;
        }
        match to.reader.code(vocab, word) {
            Some(code) => {
                columns.insert(name.to_owned(), Value::Text(code.to_owned()));
            }
            None => {
                let known = to.reader.known_words(vocab);
                to.flag("assessment", word, "unknown_word", &known);
            }
        }
    }
}

/// Yearly grades that stand in a row about a person: in columns with a year, or a list of the
/// last years in one cell, oldest first. A year that is not written is kept relative to the
/// reference year of the book: −1 the latest, −2 the one before.
fn grades(to: &mut Emitter<'_>, columns: &BTreeMap<String, Value>, values: &[Value], link: Option<i64>) {
    let who = ["county", "township", "village", "code", "person"];
    let person: BTreeMap<String, Value> =
        who.iter().filter_map(|n| columns.get(*n).map(|v| ((*n).to_owned(), v.clone()))).collect();
    if link.is_none() && person.get("person").is_none_or(Value::is_nothing) {
        return;
    }
    let mut found: Vec<(i64, Value)> = Vec::new();
    for (i, claim) in to.claims.iter().enumerate() {
        let Some(claim) = claim else { continue };
        match (claim.field.name.as_str(), &values[i]) {
            ("grade", value) if !value.is_nothing() && matches!(claim.field.kind, Kind::Word(_)) => {
                found.push((claim.year.unwrap_or(-1), value.clone()));
            }
            ("recent_grades", Value::Text(list)) => {
                let list = to.reader.recent_grades(list);
                let count = list.len() as i64;
                for (k, (year, grade)) in list.into_iter().enumerate() {
                    let year = year.or(claim.year).unwrap_or(k as i64 - count);
                    let code = grade.unwrap_or_else(|word| {
                        let known = to.reader.known_words(Vocab::Grade);
                        to.flag("recent_grades", &word, "unknown_word", &known);
                        word
                    });
                    found.push((year, Value::Text(code)));
                }
            }
            _ => {}
        }
    }
    for (year, grade) in found {
        let mut row = person.clone();
        row.insert("year".into(), Value::Whole(year));
        row.insert("grade".into(), grade);
        push(to.rows, "appraisals", to.at, link, row);
    }
}

/// Emits a row of the form `appraisals`.
pub(super) fn emit_appraisals(mut to: Emitter<'_>, mut columns: BTreeMap<String, Value>, values: &[Value]) {
    for (from, hidden) in [("name", draft::NAME), ("id_number", draft::ID)] {
        if let Some(value) = columns.remove(from) {
            columns.insert(hidden.to_owned(), value);
        }
    }
    let many = to
        .claims
        .iter()
        .flatten()
        .any(|c| c.field.name == "recent_grades" || (c.field.name == "grade" && c.year.is_some()));
    if !many {
        if columns.get("year").is_none_or(Value::is_nothing) {
            let year = to.sink.source.year.unwrap_or(-1);
            columns.insert("year".into(), Value::Whole(year));
        }
        push(to.rows, "appraisals", to.at, None, columns);
        return;
    }
    let mut found: Vec<(i64, Value)> = Vec::new();
    for (i, claim) in to.claims.iter().enumerate() {
        let Some(claim) = claim else { continue };
        match (claim.field.name.as_str(), &values[i]) {
            ("grade", value) if !value.is_nothing() => found.push((claim.year.unwrap_or(-1), value.clone())),
            ("recent_grades", Value::Text(list)) => {
                let list = to.reader.recent_grades(list);
                let count = list.len() as i64;
                for (k, (year, grade)) in list.into_iter().enumerate() {
                    match grade {
                        Ok(code) => {
                            let year = year.or(claim.year).unwrap_or(k as i64 - count);
                            found.push((year, Value::Text(code)));
                        }
                        Err(word) => {
                            let known = to.reader.known_words(Vocab::Grade);
                            to.flag("recent_grades", &word, "unknown_word", &known);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for (year, grade) in found {
        let mut row = columns.clone();
        row.insert("year".into(), Value::Whole(year));
        row.insert("grade".into(), grade);
        push(to.rows, "appraisals", to.at, None, row);
    }
}
