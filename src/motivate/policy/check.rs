//! Contradictions in `[motivate]` that types cannot express.

use chrono::NaiveDate;
use indexmap::IndexMap;

use super::{Allowance, By, HonourRule, MotivatePolicy, PayRules, RewardBasis};
use crate::book::schema::{Kind, Unit, Vocab, table};
use crate::policy::Words;
use crate::reserve::{ReservePolicy, Test};

/// The key and what is wrong with it.
type Fault = (String, String);

/// Most yuan of a single rate or amount: beyond it sums would no longer be exact.
const MOST: f64 = 10_000_000.0;

fn fault<T>(key: &str, what: impl Into<String>) -> Result<T, Fault> {
    Err((format!("motivate.{key}"), what.into()))
}

fn within(key: &str, value: f64, low: f64, high: f64) -> Result<(), Fault> {
    if value >= low && value <= high { Ok(()) } else { fault(key, format!("must lie between {low} and {high}")) }
}

fn codes<'a>(key: &str, words: &Words, vocab: Vocab, codes: impl IntoIterator<Item = &'a String>) -> Result<(), Fault> {
    match codes.into_iter().find(|code| !words.knows(vocab, code)) {
        Some(code) => fault(key, format!("`{code}` is no code of [words.{}]", vocab.key())),
        None => Ok(()),
    }
}

/// A post of a rule must be one that is looked at, in `[words.post]`.
fn posts(key: &str, words: &Words, listed: &[String]) -> Result<(), Fault> {
    if listed.is_empty() {
        return fault(key, "must name at least one post");
    }
    codes(key, words, Vocab::Post, listed)
}

fn day(key: &str, text: &str) -> Result<(), Fault> {
    if text.is_empty() || text.parse::<NaiveDate>().is_ok() {
        Ok(())
    } else {
        fault(key, format!("`{text}` is no date like 2026-12-31"))
    }
}

fn grades(key: &str, words: &Words, listed: &[String], years: u32, best: u32) -> Result<(), Fault> {
    codes(&format!("{key}.grades"), words, Vocab::Grade, listed)?;
    if years > 20 {
        return fault(&format!("{key}.grade_years"), "must lie between 0 and 20");
    }
    if years > 0 && listed.is_empty() {
        return fault(&format!("{key}.grades"), "must name the grades that do, or set grade_years = 0");
    }
    if best > years {
        return fault(&format!("{key}.best_times"), "must not exceed grade_years");
    }
    Ok(())
}

fn years(key: &str, value: i32) -> Result<(), Fault> {
    if (0..=60).contains(&value) { Ok(()) } else { fault(key, "must lie between 0 and 60") }
}

impl MotivatePolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    pub(crate) fn check(&self, words: &Words, reserve: &ReservePolicy) -> Result<(), Fault> {
        if self.posts.is_empty() {
            return fault("posts", "must name at least one post");
        }
        codes("posts", words, Vocab::Post, self.posts.keys())?;
        self.posts.iter().try_for_each(|(post, share)| within(&format!("posts.{post}"), *share, 0.0, 2.0))?;
        for (key, names) in [("bars", &self.bars), ("cautions", &self.cautions)] {
            for name in names {
                match reserve.gates.get(name) {
                    Some(gate) if gate.test == Test::Event => {}
                    Some(_) => return fault(key, format!("`{name}` of [reserve.gates] does not look at events")),
                    None => return fault(key, format!("`{name}` is no gate of [reserve.gates]")),
                }
            }
        }
        self.pay.check(words)?;
        for (name, rule) in &self.allowances {
            rule.check(&format!("allowances.{name}"), words, &self.posts)?;
        }
        self.check_reward(words)?;
        for (name, award) in &self.awards {
            codes(&format!("awards.{name}.kinds"), words, Vocab::EventKind, &award.kinds)?;
            within(&format!("awards.{name}.amount"), award.amount, 0.0, MOST)?;
        }
        let budget = &self.budget;
        if !(0..=24).contains(&budget.months_ahead) {
            return fault("budget.months_ahead", "must lie between 0 and 24");
        }
        for (key, grade) in
            [("low_grade", &budget.low_grade), ("high_grade", &budget.high_grade), ("rest_grade", &budget.rest_grade)]
        {
            if !self.pay.performance.contains_key(grade) {
                return fault(&format!("budget.{key}"), format!("`{grade}` is no grade of [motivate.pay.performance]"));
            }
        }
        within("budget.high_share", budget.high_share, 0.0, 1.0)?;
        self.honours.iter().try_for_each(|(name, rule)| rule.check(&format!("honours.{name}"), words))?;
        let advancement = &self.advancement;
        posts("advancement.posts", words, &advancement.posts)?;
        years("advancement.min_years", advancement.min_years)?;
        codes("advancement.education", words, Vocab::Education, [&advancement.education])?;
        if !(18..=100).contains(&advancement.max_age) {
            return fault("advancement.max_age", "must lie between 18 and 100");
        }
        grades("advancement", words, &advancement.grades, advancement.grade_years, 0)?;
        day("advancement.effective", &advancement.effective)
    }

    fn check_reward(&self, words: &Words) -> Result<(), Fault> {
        let reward = &self.reward;
        within("reward.rate", reward.rate, 0.0, 1.0)?;
        within("reward.cap", reward.cap, 0.0, MOST)?;
        codes("reward.parts", words, Vocab::Post, reward.parts.keys())?;
        reward.parts.iter().try_for_each(|(post, part)| within(&format!("reward.parts.{post}"), *part, 0.0, 1.0))?;
        day("reward.effective", &reward.effective)?;
        // A column of the book must be in 万元; a county's own indicator is taken at its word.
        let known = table("indicators").and_then(|t| t.column(&reward.indicator));
        if reward.basis != RewardBasis::None && known.is_some_and(|c| c.kind != Kind::Number(Unit::Wan)) {
            return fault("reward.indicator", format!("`{}` is not kept in 万元", reward.indicator));
        }
        Ok(())
    }
}

impl PayRules {
    fn check(&self, words: &Words) -> Result<(), Fault> {
        within("pay.multiple", self.multiple, 0.0, 20.0)?;
        within("pay.base_share", self.base_share, 0.0, 1.0)?;
        if self.income_lag > 5 {
            return fault("pay.income_lag", "must lie between 0 and 5");
        }
        within("pay.income_growth", self.income_growth, -0.5, 0.5)?;
        within("pay.tolerance", self.tolerance, 0.0, MOST)?;
        within("pay.tolerance_share", self.tolerance_share, 0.0, 1.0)?;
        for (county, by_year) in &self.income {
            let key = format!("pay.income.{county}");
            for (year, income) in by_year {
                if !year.parse::<i64>().is_ok_and(|y| (1949..=2100).contains(&y)) {
                    return fault(&key, format!("`{year}` is no year"));
                }
                within(&format!("{key}.{year}"), *income, 1.0, MOST)?;
            }
        }
        codes("pay.performance", words, Vocab::Grade, self.performance.keys())?;
        for (grade, share) in &self.performance {
            within(&format!("pay.performance.{grade}"), *share, 0.0, 5.0)?;
        }
        if let Some(share) = self.ungraded {
            within("pay.ungraded", share, 0.0, 5.0)?;
        }
        // A better grade never earns less. The list of grades descends.
        let mut before: Option<(&str, f64)> = None;
        for grade in words.list(Vocab::Grade).keys() {
            let Some(share) = self.performance.get(grade).copied() else { continue };
            if let Some((better, most)) = before.filter(|(_, most)| share > *most) {
                return fault(
                    &format!("pay.performance.{grade}"),
                    format!("earns {share}, and the better grade `{better}` only {most}"),
                );
            }
            before = Some((grade, share));
        }
        Ok(())
    }
}

impl Allowance {
    fn check(&self, key: &str, words: &Words, paid: &IndexMap<String, f64>) -> Result<(), Fault> {
        if let Some(post) = self.posts.iter().find(|p| !paid.contains_key(*p)) {
            return fault(&format!("{key}.posts"), format!("`{post}` is no post of [motivate.posts]"));
        }
        within(&format!("{key}.monthly"), self.monthly, 0.0, MOST)?;
        codes(&format!("{key}.levels"), words, Vocab::Education, self.levels.keys())?;
        codes(&format!("{key}.classes"), words, Vocab::VillageClass, &self.classes)?;
        for (level, monthly) in &self.levels {
            within(&format!("{key}.levels.{level}"), *monthly, 0.0, MOST)?;
        }
        for step in &self.steps {
            years(&format!("{key}.steps"), step.years)?;
            within(&format!("{key}.steps"), step.monthly, 0.0, MOST)?;
        }
        if !self.steps.is_sorted_by(|a, b| a.years < b.years) {
            return fault(&format!("{key}.steps"), "must ascend by years");
        }
        day(&format!("{key}.effective"), &self.effective)?;
        let stray = match self.by {
            By::Region => !self.steps.is_empty() || !self.levels.is_empty(),
            By::Years => self.monthly > 0.0 || !self.levels.is_empty() || self.regional(),
            By::Education => self.monthly > 0.0 || !self.steps.is_empty() || self.regional(),
            By::Dual => !self.steps.is_empty() || !self.levels.is_empty() || self.regional(),
        };
        if stray { fault(key, "holds amounts that `by` does not use") } else { Ok(()) }
    }

    fn regional(&self) -> bool {
        !self.townships.is_empty() || !self.classes.is_empty()
    }
}

impl HonourRule {
    fn check(&self, key: &str, words: &Words) -> Result<(), Fault> {
        posts(&format!("{key}.posts"), words, &self.posts)?;
        years(&format!("{key}.min_years"), self.min_years)?;
        grades(key, words, &self.grades, self.grade_years, self.best_times)?;
        day(&format!("{key}.effective"), &self.effective)?;
        match (self.cap_share, self.cap_count) {
            (Some(share), None) => within(&format!("{key}.cap_share"), share, 0.0, 1.0),
            (None, Some(_)) => Ok(()),
            _ => fault(&format!("{key}.cap_count"), "exactly one of cap_share and cap_count must be set"),
        }
    }
}
