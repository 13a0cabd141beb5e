//! Words for columns and codes, in the reader's language.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::book::schema::Vocab;
use crate::lang::Lang;
use crate::policy::Policy;

use super::view::codes;

/// Labels by column and code; a code that no list knows stands for itself.
pub(super) struct Labels<'a> {
    lang: Lang,
    policy: &'a Policy,
    /// What was looked up before; never iterated.
    seen: RefCell<HashMap<(&'static str, String), Rc<str>>>,
}

/// The vocabulary whose codes a column holds.
fn vocab(column: &str) -> Option<Vocab> {
    Some(match column {
        "grade" => Vocab::Grade,
        "post" => Vocab::Post,
        "class" => Vocab::VillageClass,
        "measure" => Vocab::Measure,
        "sex" => Vocab::Sex,
        "pool_source" => Vocab::Source,
        "activity" => Vocab::Activity,
        "veto" | "event_kind" => Vocab::EventKind,
        "payer" => Vocab::Payer,
        "education" => Vocab::Education,
        _ => return None,
    })
}

/// Columns that share their codes with others go by the name of what they hold.
fn family(column: &str) -> &str {
    match column {
        "pension" | "medical" => "cover",
        "years_state" | "education_state" | "age_state" | "grades_state" | "member_state" | "bars_state" => {
            "condition_state"
        }
        "missed" | "to_clarify" => "condition",
        "compared_parts" | "unknown_parts" => "part",
        "rule" => "honour_rule",
        column => column,
    }
}

/// The key of a column's label in a table.
pub(super) fn label_key<'n>(table: &str, column: &'n str) -> &'n str {
    match (table, column) {
        // In the tables of villages the person is the secretary.
        ("scores" | "supervision", "person") => "head",
        ("quotas", "price") => "marginal_price",
        ("prices" | "seat_stages" | "seat_prices", "class") => "urgency_class",
        _ => column,
    }
}

impl<'a> Labels<'a> {
    pub(super) fn new(lang: Lang, policy: &'a Policy) -> Self {
        Labels { lang, policy, seen: RefCell::default() }
    }

    /// Heading of a column.
    pub(super) fn column(&self, name: &str) -> String {
        let id = format!("col-{}", name.replace('_', "-"));
        if self.lang.has(&id) {
            return self.lang.text(&id);
        }
        // Columns by grade.
        match name.strip_prefix("p_").filter(|code| self.policy.words.knows(Vocab::Grade, code)) {
            Some(code) => crate::say!(self.lang, "col-p-grade", grade = self.code("grade", code).to_string()),
            None => name.to_owned(),
        }
    }

    /// The word for a code of a column.
    pub(super) fn code(&self, column: &'static str, code: &str) -> Rc<str> {
        if let Some(label) = self.seen.borrow().get(&(column, code.to_owned())) {
            return label.clone();
        }
        let label: Rc<str> = self.look_up(column, code).into();
        self.seen.borrow_mut().insert((column, code.to_owned()), label.clone());
        label
    }

    /// What stands in a text column: one code, codes joined by `;`, or plain text.
    pub(super) fn text(&self, column: &str, text: &str) -> String {
        let words: Vec<String> = text.split(';').map(|part| self.look_up(column, part)).collect();
        if words.iter().zip(text.split(';')).all(|(word, part)| word == part) {
            return text.to_owned();
        }
        words.join(self.comma())
    }

    fn look_up(&self, column: &str, code: &str) -> String {
        if code.is_empty() {
            return String::new();
        }
        let column = family(column);
        if let Some(label) = policy_label(self.policy, self.lang, column, code) {
            return label;
        }
        let id = format!("code-{}-{}", column.replace('_', "-"), code.replace('_', "-"));
        if self.lang.has(&id) {
            return self.lang.text(&id);
        }
        if column == "list" {
            return crate::decisions::label(self.lang, code);
        }
        match vocab(column) {
            Some(vocab) if self.policy.words.knows(vocab, code) => self.policy.words.label(self.lang, vocab, code),
            _ => code.to_owned(),
        }
    }

    /// The words for several codes joined by semicolons.
    pub(super) fn codes(&self, column: &'static str, text: &str) -> String {
        let words: Vec<Rc<str>> = codes(text).map(|code| self.code(column, code)).collect();
        words.join(self.comma())
    }

    /// A basis as a reader knows it: keys of the policy become the names of what they hold.
    pub(super) fn basis(&self, text: &str) -> String {
        let mut named = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = clause_start(rest) {
            let (before, key) = rest.split_at(at);
            let end = key.find(|c: char| !matches!(c, 'a'..='z' | '0'..='9' | '_' | '.')).unwrap_or(key.len());
            let (key, after) = key.split_at(end);
            match self.clause(key) {
                Some(name) => {
                    // Chinese sets no space before a quotation mark.
                    named.push_str(if self.lang == Lang::Zh { before.trim_end() } else { before });
                    named.push_str(&crate::say!(self.lang, "report-clause", name = name));
                }
                None => {
                    named.push_str(before);
                    named.push_str(key);
                }
            }
            rest = after;
        }
        named.push_str(rest);
        named
    }

    fn clause(&self, key: &str) -> Option<String> {
        if let Some(code) = key.strip_prefix("supervise.categories.") {
            return Some(self.code("category", code).to_string());
        }
        if let Some(code) = key.strip_prefix("reserve.gates.") {
            return Some(self.code("gate", code).to_string());
        }
        let id = format!("report-clause-{}", key.strip_prefix("supervise.")?.replace(['_', '.'], "-"));
        self.lang.has(&id).then(|| self.lang.text(&id))
    }

    /// Sign between the items of a list.
    pub(super) fn comma(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "、",
            Lang::En => ", ",
        }
    }

    /// Place of a code in the county's own order (grades from the best, classes, posts); codes
    /// that no list knows come last.
    pub(super) fn order(&self, column: &str, code: &str) -> usize {
        vocab(column).and_then(|v| self.policy.words.rank(v, code)).unwrap_or(usize::MAX)
    }
}

/// Where in a text a key of the policy begins, if any does.
pub(super) fn clause_start(text: &str) -> Option<usize> {
    ["supervise.", "reserve."].iter().filter_map(|section| text.find(section)).min()
}

/// The label that the county's policy gives to one of its own codes.
fn policy_label(policy: &Policy, lang: Lang, column: &str, code: &str) -> Option<String> {
    let own = |zh: &str, en: Option<&String>| match lang {
        Lang::Zh => Some(zh.to_owned()),
        Lang::En => en.cloned(),
    };
    let catalogue = |area: &str| {
        let id = format!("{area}-{}", code.replace('_', "-"));
        lang.has(&id).then(|| lang.text(&id))
    };
    match column {
        "category" => {
            let category = policy.supervise.categories.get(code)?;
            own(&category.label, None).or_else(|| catalogue("supervise-category"))
        }
        "gate" => {
            let gate = policy.reserve.gates.get(code)?;
            gate.label.clone().or_else(|| catalogue("reserve-gate"))
        }
        "area" | "source" => {
            let node = policy.score.nodes.get(code)?;
            own(&node.label, node.label_en.as_ref())
        }
        "indicator" => {
            let indicator = policy.score.indicators.get(code)?;
            own(&indicator.label, indicator.label_en.as_ref())
        }
        "course" => {
            let course = policy.cultivate.courses.get(code)?;
            own(&course.label, course.label_en.as_ref())
        }
        "honour_rule" => {
            let rule = policy.motivate.honours.get(code)?;
            own(&rule.label, rule.label_en.as_ref())
        }
        "quota" => own(policy.reserve.quotas.get(code)?.label.as_ref()?, None),
        "veto" => {
            let veto = policy.score.vetoes.get(code)?;
            own(&veto.label, veto.label_en.as_ref())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_named() {
        let policy = Policy::default();
        let labels = Labels::new(Lang::Zh, &policy);
        let text = labels.basis("政策 supervise.categories.weak；某文〔2025〕1号（supervise.tracking）");
        assert_eq!(text, "政策“软弱涣散村”；某文〔2025〕1号（“销号、回头看与返潮”）");
        assert_eq!(labels.basis("supervise.unheard_of"), "supervise.unheard_of");
        assert_eq!(labels.basis("本县政策 reserve.gates.review"), "本县政策“县级联审”");
    }
}
