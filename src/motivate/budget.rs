//! What the formula will ask for in the coming year, township by township.

use std::collections::{BTreeMap, HashMap};

use chrono::Datelike;
use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::facts::{Facts, Graded, Holder};
use super::formula::{Formula, Part, Reckoning, yuan};
use super::income::{Basis, Income};
use super::pay::Pay;
use super::text::Texts;
use crate::frame::{Build, FrameResult};
use crate::say;
use crate::stage::{Context, add_months};

/// The budget's year.
pub(super) fn year(ctx: &Context) -> i64 {
    i64::from(add_months(ctx.as_of, ctx.policy.motivate.budget.months_ahead).year())
}

/// One person's coming year.
struct Coming<'a> {
    holder: Holder<'a>,
    graded: bool,
    /// By part; reward and awards repeat those of the last year.
    parts: [Option<i64>; 5],
    /// Performance pay at the grades that bound the range: low, high, rest.
    bounds: Option<[i64; 3]>,
}

/// Sums of one county or township.
#[derive(Clone, Default)]
struct Sum {
    people: i64,
    ungraded: i64,
    parts: [i64; 5],
    low: i64,
    high: i64,
    vacant: i64,
    if_filled: i64,
}

fn coming<'a>(
    holder: &Holder<'a>,
    last: Option<&Reckoning>,
    facts: &Facts<'a>,
    formula: &Formula<'a, '_>,
    ctx: &Context,
) -> Coming<'a> {
    let year = year(ctx);
    // This run's grade stands for the coming year's.
    let scored = facts.score(holder).and_then(|s| s.grade);
    let grade = scored.map_or(Graded::Missing, Graded::Computed);
    let at = |grade: Graded<'a>| formula.reckon(holder, year, 12, grade, true);
    let reckoning = at(grade);
    let again = |part: Part| last.and_then(|r| r.part(part));
    let parts = Part::ALL.map(|part| match part {
        Part::Reward | Part::Award => again(part).or(Some(0)),
        _ => reckoning.part(part),
    });
    let rules = &ctx.policy.motivate;
    let bound = |code: &str| {
        let (income, factor) = (formula.income(holder.county, year)?, rules.pay.performance.get(code)?);
        let share = formula.share(holder.post);
        Some(yuan(income.yuan * (rules.pay.multiple * (1.0 - rules.pay.base_share) * share * factor)))
    };
    let bounds = [&rules.budget.low_grade, &rules.budget.high_grade, &rules.budget.rest_grade].map(|g| bound(g));
    let bounds = if let [Some(low), Some(high), Some(rest)] = bounds { Some([low, high, rest]) } else { None };
    Coming { holder: *holder, graded: scored.is_some(), parts, bounds }
}

/// Table `pay_budget`: see [`super::Motivate`].
pub(super) fn table<'a>(
    facts: &Facts<'a>,
    formula: &Formula<'a, '_>,
    pays: &[Pay<'a>],
    ctx: &Context,
) -> FrameResult<DataFrame> {
    let rules = &ctx.policy.motivate;
    let last: HashMap<(&str, &str), &Reckoning> =
        pays.iter().map(|p| ((p.holder.county, p.holder.person), &p.reckoning)).collect();
    let holders = facts.holders_of(|post| rules.posts.get(post).copied());
    let people: Vec<Coming> =
        holders.par_iter().map(|h| coming(h, last.get(&(h.county, h.person)).copied(), facts, formula, ctx)).collect();
    let mut townships: BTreeMap<(&str, &str), Vec<&Coming>> = BTreeMap::new();
    for one in &people {
        townships.entry((one.holder.county, one.holder.township)).or_default().push(one);
    }
    let mut sums: BTreeMap<(&str, Option<&str>), Sum> = BTreeMap::new();
    for (&(county, township), members) in &townships {
        let sum = township_sum(members, ctx);
        sums.entry((county, None)).or_default().add(&sum);
        sums.insert((county, Some(township)), sum);
    }
    for vacancy in facts.vacancies.iter().filter(|v| rules.posts.contains_key(v.post)) {
        let income = formula.income(vacancy.county, year(ctx));
        let factor = rules.pay.performance.get(&rules.budget.rest_grade).copied().unwrap_or(0.0);
        let share = rules.pay.base_share + (1.0 - rules.pay.base_share) * factor;
        let amount = income.map_or(0, |i| yuan(i.yuan * (rules.pay.multiple * formula.share(vacancy.post) * share)));
        for township in [None, Some(vacancy.township)] {
            let sum = sums.entry((vacancy.county, township)).or_default();
            sum.vacant += 1;
            sum.if_filled += amount;
        }
    }
    let rows: Vec<_> = sums.into_iter().collect();
    let texts = Texts { ctx };
    let incomes: HashMap<&str, Option<Income>> =
        facts.counties.iter().map(|c| (*c, formula.income(c, year(ctx)))).collect();
    let income = |county: &str| incomes.get(county).copied().flatten();
    let basis = |income: Income| match (income.basis, income.carried > 0) {
        (Basis::Published, false) => "published",
        (Basis::Published, true) => "published_carried",
        (Basis::Villages, false) => "villages",
        (Basis::Villages, true) => "villages_carried",
    };
    let whole = |read: &dyn Fn(&Sum) -> i64| rows.iter().map(|(_, sum)| Some(read(sum))).collect::<Vec<_>>();
    // Without an income there is no sum.
    let told = |read: &dyn Fn(&Sum) -> i64| {
        rows.iter().map(|((county, _), sum)| income(county).map(|_| read(sum))).collect::<Vec<_>>()
    };
    let notes: Vec<String> = rows.iter().map(|((county, _), sum)| note(income(county), sum, &texts)).collect();
    Build::new()
        .str("county", &rows.iter().map(|((county, _), _)| *county).collect::<Vec<_>>())
        .text("township", rows.iter().map(|((_, township), _)| *township).collect())
        .whole("year", vec![Some(year(ctx)); rows.len()])
        .whole("people", whole(&|s| s.people))
        .whole("ungraded", whole(&|s| s.ungraded))
        .whole("income", rows.iter().map(|((c, _), _)| income(c).map(|i| yuan(i.yuan))).collect())
        .text("income_basis", rows.iter().map(|((c, _), _)| income(c).map(basis)).collect())
        .whole("income_year", rows.iter().map(|((c, _), _)| income(c).map(|i| i.year)).collect())
        .whole("base_pay", told(&|s| s.parts[0]))
        .whole("performance_pay", told(&|s| s.parts[1]))
        .whole("allowances", whole(&|s| s.parts[2]))
        .whole("reward", whole(&|s| s.parts[3]))
        .whole("awards", whole(&|s| s.parts[4]))
        .whole("total", told(&|s| s.parts.iter().sum()))
        .whole("total_low", told(&|s| s.low))
        .whole("total_high", told(&|s| s.high))
        .whole("vacant", whole(&|s| s.vacant))
        .whole("if_filled", told(&|s| s.if_filled))
        .str("note", &notes)
        .done()
}

/// The range: everybody at the low grade; the dearest at the high grade, as many as the share
/// allows, and all others at the rest's. It always holds the total.
fn township_sum(members: &[&Coming], ctx: &Context) -> Sum {
    let rules = &ctx.policy.motivate.budget;
    let mut sum = Sum { people: members.len() as i64, ..Sum::default() };
    for one in members {
        sum.ungraded += i64::from(!one.graded);
        for (part, amount) in sum.parts.iter_mut().zip(one.parts) {
            *part += amount.unwrap_or(0);
        }
    }
    let fixed: i64 = sum.parts.iter().sum::<i64>() - sum.parts[1];
    let bounds: Vec<[i64; 3]> = members.iter().filter_map(|m| m.bounds).collect();
    let mut raises: Vec<i64> = bounds.iter().map(|[_, high, rest]| (high - rest).max(0)).collect();
    raises.sort_unstable_by(|a, b| b.cmp(a));
    // Forgives the rounding error of the product, as the cap on grades does.
    let places = (rules.high_share * members.len() as f64 + 1e-9) as usize;
    sum.low = fixed + bounds.iter().map(|[low, ..]| low).sum::<i64>();
    sum.high = fixed + bounds.iter().map(|[.., rest]| rest).sum::<i64>() + raises.iter().take(places).sum::<i64>();
    let total: i64 = sum.parts.iter().sum();
    (sum.low, sum.high) = (sum.low.min(total), sum.high.max(total));
    sum
}

impl Sum {
    fn add(&mut self, other: &Sum) {
        self.people += other.people;
        self.ungraded += other.ungraded;
        self.low += other.low;
        self.high += other.high;
        for (mine, more) in self.parts.iter_mut().zip(other.parts) {
            *mine += more;
        }
    }
}

fn note(income: Option<Income>, sum: &Sum, texts: &Texts) -> String {
    let lang = texts.ctx.lang;
    let Some(income) = income else { return lang.text("motivate-budget-no-income") };
    let mut said = vec![texts.income(income), lang.text("motivate-budget-basis")];
    if sum.ungraded > 0 {
        said.push(say!(lang, "motivate-budget-ungraded", n = sum.ungraded));
    }
    if sum.vacant > 0 {
        said.push(say!(lang, "motivate-budget-vacant", n = sum.vacant, yuan = sum.if_filled));
    }
    texts.joined(&said)
}
