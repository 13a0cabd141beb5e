//! The lexicon: which written header means which column. Headers and aliases pass through the same
//! normalisation, so that units, years, brackets and line breaks never decide.

use std::collections::{BTreeMap, HashSet};

use super::forms::{FORMS, Form};
use super::headers::{Header, level};
use super::schema::{Kind, Unit};
use super::value::HeaderUnit;
use crate::policy::Policy;

/// A column that a header may claim.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub name: String,
    pub zh: String,
    pub kind: Kind,
    pub range: Option<(f64, f64)>,
}

/// A header's claim on a column.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub field: Field,
    /// Year that the header names.
    pub year: Option<i64>,
    /// Unit that the header names.
    pub unit: Option<HeaderUnit>,
}

/// How one form takes a row of headers.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    pub form: &'static Form,
    /// By header: what it claims.
    pub claims: Vec<Option<Claim>>,
    /// Headers that mean a column which another header claims already.
    pub doubled: Vec<usize>,
    /// Headers explained, exact ones full, near ones less; plus half a point for each telling one.
    pub score: f64,
    /// Chinese names of what is missing; empty if the form fits.
    pub missing: Vec<String>,
}

impl Fit {
    /// Which headers are explained.
    pub fn explained(&self) -> Vec<usize> {
        (0..self.claims.len()).filter(|i| self.claims[*i].is_some()).collect()
    }
}

struct FormWords {
    form: &'static Form,
    fields: Vec<Field>,
    exact: BTreeMap<String, usize>,
    /// `None` marks a core that several columns share.
    core: BTreeMap<String, Option<usize>>,
}

/// All headers that any form knows.
pub(super) struct Lexicon {
    forms: Vec<FormWords>,
    known: HashSet<String>,
}

/// Columns that say nothing about which form it is.
const GENERIC: &[&str] = &["county", "township", "village", "village_name", "code", "note", "period"];

impl Lexicon {
    /// The schema's aliases with the policy's own on top, and the policy's own indicators.
    pub fn new(policy: &Policy) -> Lexicon {
        let own = own_indicators(policy);
        let forms: Vec<FormWords> = FORMS.iter().map(|form| form_words(form, policy, &own)).collect();
        let mut known: HashSet<String> = HashSet::new();
        for words in &forms {
            known.extend(words.exact.keys().cloned());
            known.extend(words.core.keys().cloned());
        }
        known.insert("序号".to_owned());
        Lexicon { forms, known }
    }

    /// Does any form know this normalised header?
    pub fn knows(&self, text: &str) -> bool {
        !text.is_empty() && (self.known.contains(text) || self.known.contains(&core(text)))
    }

    /// How every form takes these headers, best first; equal scores stand in the order of the forms.
    pub fn fits(&self, headers: &[Header], hints: &[&str]) -> Vec<Fit> {
        let mut fits: Vec<Fit> = self.forms.iter().map(|words| words.fit(headers, hints)).collect();
        fits.sort_by(|a, b| {
            a.missing.is_empty().cmp(&b.missing.is_empty()).reverse().then(b.score.total_cmp(&a.score))
        });
        fits
    }

    /// How one form takes these headers.
    pub fn fit(&self, form: &Form, headers: &[Header]) -> Option<Fit> {
        self.forms.iter().find(|w| w.form.name == form.name).map(|w| w.fit(headers, &[]))
    }
}

/// Indicators that the policy names and the schema does not: name, label and further headers.
fn own_indicators(policy: &Policy) -> Vec<(String, Vec<String>)> {
    let Ok(score) = serde_json::to_value(&policy.score) else { return Vec::new() };
    let known = super::schema::table("indicators").map(|t| t.columns).unwrap_or_default();
    let mut own: BTreeMap<String, Vec<String>> = BTreeMap::new();
    collect_indicators(&score, &mut own);
    own.retain(|name, words| !words.is_empty() || !known.iter().any(|c| c.name == name));
    own.into_iter().collect()
}

/// Walks to every map called `indicators` or `adjustments`: its keys are columns (unless `column`
/// names another), with `label` and `aliases`.
fn collect_indicators(value: &serde_json::Value, own: &mut BTreeMap<String, Vec<String>>) {
    let Some(map) = value.as_object() else { return };
    for (key, inner) in map {
        match inner.as_object() {
            Some(indicators) if matches!(key.as_str(), "indicators" | "adjustments") => {
                for (name, rule) in indicators {
                    let column = rule.get("column").and_then(|c| c.as_str()).unwrap_or(name);
                    let words = own.entry(column.to_owned()).or_default();
                    let text = |key: &str| rule.get(key).and_then(|v| v.as_str()).map(str::to_owned);
                    words.extend(text("label").or_else(|| text("name")).or_else(|| text("zh")));
                    let aliases = rule.get("aliases").and_then(|a| a.as_array()).into_iter().flatten();
                    words.extend(aliases.filter_map(|a| a.as_str()).map(str::to_owned));
                }
            }
            _ => collect_indicators(inner, own),
        }
    }
}

fn form_words(form: &'static Form, policy: &Policy, own: &[(String, Vec<String>)]) -> FormWords {
    let mut words = FormWords { form, fields: Vec::new(), exact: BTreeMap::new(), core: BTreeMap::new() };
    let mut later: Vec<(usize, &str)> = Vec::new();
    let columns = form.columns();
    for column in &columns {
        let at = words.fields.len();
        words.fields.push(Field {
            name: column.name.to_owned(),
            zh: column.zh.to_owned(),
            kind: column.kind,
            range: column.range,
        });
        // The county's own headers come first: they may take a header away from a built-in column.
        let scoped = form.tables.iter().map(|table| format!("{table}.{}", column.name));
        let keys: Vec<String> = scoped.chain([column.name.to_owned()]).collect();
        for alias in keys.iter().filter_map(|key| policy.book.aliases.get(key)).flatten() {
            words.exact.insert(level(alias).full, at);
        }
        for alias in [column.name, column.zh].iter().chain(column.aliases) {
            later.push((at, alias));
        }
    }
    if form.tables.contains(&"indicators") {
        for (name, aliases) in own {
            let at = words.fields.iter().position(|f| f.name == *name).unwrap_or_else(|| {
                let zh = aliases.first().cloned().unwrap_or_else(|| name.clone());
                words.fields.push(Field { name: name.clone(), zh, kind: Kind::Number(Unit::One), range: None });
                words.fields.len() - 1
            });
            later.extend(aliases.iter().chain([name]).map(|alias| (at, alias.as_str())));
        }
    }
    // Whole headers first, then those without their brackets.
    let levels: Vec<(usize, super::headers::Level)> = later.into_iter().map(|(at, a)| (at, level(a))).collect();
    for text in [|l: &super::headers::Level| l.full.clone(), |l: &super::headers::Level| l.text.clone()] {
        for (at, l) in &levels {
            words.exact.entry(text(l)).or_insert(*at);
        }
    }
    for (text, at) in &words.exact {
        let slot = words.core.entry(core(text)).or_insert(Some(*at));
        if *slot != Some(*at) {
            *slot = None;
        }
    }
    words
}

impl FormWords {
    /// The column that a header means, and how surely (1 exact, 0.8 by its core).
    fn meaning(&self, header: &Header) -> Option<(usize, f64)> {
        // A running number is nobody's number.
        if header.is_serial() {
            return None;
        }
        for text in &header.texts {
            if let Some(at) = self.exact.get(text) {
                return Some((*at, 1.0));
            }
        }
        let by_core =
            header.texts.iter().find_map(|text| self.core.get(&core(text)).copied().flatten().map(|at| (at, 0.8)));
        by_core.or_else(|| header.texts.iter().find_map(|text| self.contained(text)).map(|at| (at, 0.5)))
    }

    /// The column whose known header stands at the start or the end of this one, with no more than
    /// three characters beside it, none of which turns the meaning (女党员数 is not 党员数). The
    /// longest known header decides; two columns with equally long ones decide nothing.
    fn contained(&self, text: &str) -> Option<usize> {
        let length = text.chars().count();
        if !(4..=12).contains(&length) || text.is_ascii() {
            return None;
        }
        let mut best: Option<(usize, usize)> = None;
        let mut tied = false;
        for (known, at) in &self.exact {
            let own = known.chars().count();
            let rest = text.strip_prefix(known.as_str()).or_else(|| text.strip_suffix(known.as_str()));
            let Some(rest) = rest.filter(|r| own >= 3 && r.chars().count() <= 3) else { continue };
            if TURNING.iter().any(|w| rest.contains(w)) {
                continue;
            }
            match best {
                Some((longest, _)) if own < longest => {}
                Some((longest, other)) if own == longest => tied |= other != *at,
                _ => (best, tied) = (Some((own, *at)), false),
            }
        }
        best.filter(|_| !tied).map(|(_, at)| at)
    }

    fn fit(&self, headers: &[Header], hints: &[&str]) -> Fit {
        let meanings: Vec<Option<(usize, f64)>> = headers.iter().map(|h| self.meaning(h)).collect();
        let mut claims: Vec<Option<Claim>> = vec![None; headers.len()];
        let mut doubled = Vec::new();
        let mut score = 0.0;
        let mut taken: BTreeMap<(usize, Option<i64>), usize> = BTreeMap::new();
        // Exact headers first, then near ones, each from the left.
        let mut order: Vec<usize> = (0..headers.len()).collect();
        order.sort_by(|a, b| {
            let surety = |i: &usize| meanings[*i].map_or(0.0, |m| m.1);
            surety(b).total_cmp(&surety(a))
        });
        for i in order {
            let Some((at, surety)) = meanings[i] else { continue };
            let field = &self.fields[at];
            let year = headers[i].year.filter(|_| yearly(&field.name, field.kind));
            match taken.entry((at, year)) {
                std::collections::btree_map::Entry::Occupied(_) => doubled.push(i),
                std::collections::btree_map::Entry::Vacant(slot) => {
                    slot.insert(i);
                    claims[i] = Some(Claim { field: field.clone(), year, unit: headers[i].unit });
                    score += surety;
                }
            }
        }
        doubled.sort_unstable();
        let has = |name: &str| claims.iter().flatten().any(|c| c.field.name == name);
        let hinted = hints.iter().any(|text| self.form.hints.iter().any(|hint| text.contains(hint)));
        score += 0.5 * self.form.tells.iter().filter(|t| has(t)).count() as f64;
        let zh = |name: &&str| self.fields.iter().find(|f| f.name == **name).map_or(*name, |f| &f.zh).to_owned();
        let mut missing: Vec<String> = Vec::new();
        for group in self.form.needs {
            if !group.iter().any(|name| has(name)) {
                missing.push(group.iter().map(zh).collect::<Vec<_>>().join("/"));
            }
        }
        let told = if self.form.tells.is_empty() {
            claims.iter().flatten().any(|c| !GENERIC.contains(&c.field.name.as_str()))
                || headers.iter().zip(&claims).all(|(h, c)| c.is_some() || h.is_serial())
        } else {
            self.form.tells.iter().any(|t| has(t))
        };
        if !told && !hinted {
            missing.push(self.form.tells.iter().take(4).map(zh).collect::<Vec<_>>().join("/"));
        }
        Fit { form: self.form, claims, doubled, score, missing }
    }
}

/// May several headers claim the column, one for each year?
pub(super) fn yearly(name: &str, kind: Kind) -> bool {
    matches!(kind, Kind::Number(_)) || matches!(name, "grade" | "recent_grades")
}

/// Words beside a known header that make it another: other people, other years, parts, changes.
const TURNING: &[&str] = &[
    "女",
    "男",
    "父",
    "母",
    "配偶",
    "子女",
    "家庭",
    "联系人",
    "推荐人",
    "介绍人",
    "非",
    "不",
    "未",
    "无",
    "上年",
    "去年",
    "前年",
    "明年",
    "增",
    "减",
    "同比",
    "占",
    "比",
    "排名",
    "名次",
    "流动",
    "外出",
    "低保",
    "贫困",
    "脱贫",
    "老",
    "新",
    "预备",
    "以上",
    "以下",
    "其中",
    "原",
    "前",
    "拟",
    "副",
    "率",
    "额",
    "债",
    "支",
    "个人",
    "人均",
    "户均",
    "计划",
    "目标",
    "预计",
    "离",
    "届满",
    "截止",
    "备注",
    "说明",
    "单位",
    "地址",
    "原因",
    "岁",
    "起",
    "止",
    "结束",
    "次数",
];

const PREFIXES: &[&str] = &[
    "村党组织书记",
    "党组织书记",
    "党支部书记",
    "村支部书记",
    "村书记",
    "支部书记",
    "书记",
    "后备人选",
    "后备干部",
    "后备人才",
    "后备力量",
    "村干部",
    "人选",
    "本人",
    "个人",
    "干部",
    "所在",
    "所属",
    "目前",
    "当前",
    "年末",
    "全年",
    "本年度",
    "本年",
    "年度",
    "本村",
    "全村",
    "村级",
    "村集体",
    "农村",
    "村内",
    "行政",
    "截至",
    "累计",
    "最近",
    "详细",
    "中共",
    "户籍所在",
];
const SUFFIXES: &[&str] = &[
    "名称",
    "情况",
    "合计",
    "累计",
    "总人数",
    "总数",
    "总量",
    "人数",
    "件数",
    "件次",
    "起数",
    "个数",
    "数量",
    "数",
    "号码",
    "号",
    "全称",
    "等级",
    "年月日",
    "年月",
    "日期",
    "时间",
    "类型",
    "类别",
    "种类",
    "姓名",
    "得分",
    "分数",
    "率",
];

/// What is left of a header without the words that offices add or leave out at will. Suffixes that
/// carry a meaning are reduced to one spelling: every word for a date to 时间, for a kind to 类别.
pub(super) fn core(text: &str) -> String {
    let mut rest = text;
    while let Some(shorter) = PREFIXES.iter().find_map(|p| rest.strip_prefix(p)).filter(|s| s.chars().count() >= 2) {
        rest = shorter;
    }
    if let Some(shorter) = rest.strip_prefix('村').filter(|s| s.chars().count() >= 2) {
        rest = shorter;
    }
    let mut tail = "";
    if let Some((shorter, suffix)) =
        SUFFIXES.iter().find_map(|s| rest.strip_suffix(s).map(|r| (r, *s))).filter(|(s, _)| !s.is_empty())
    {
        tail = match suffix {
            "年月日" | "年月" | "日期" | "时间" => "时间",
            "类型" | "类别" | "种类" => "类别",
            "姓名" => "姓名",
            "得分" | "分数" => "得分",
            "率" => "率",
            _ => "",
        };
        rest = shorter;
    }
    format!("{rest}{tail}")
}
