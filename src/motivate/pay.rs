//! Formula against what was paid, person by person, and summed by township.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::conditions::last_year;
use super::facts::{Facts, Graded, Holder};
use super::formula::{Formula, Part, Reckoning, yuan};
use super::text::Texts;
use crate::book::Tables;
use crate::frame::{self, Build, FrameResult};
use crate::stage::Context;
use crate::stage::events::reference_period;
use crate::{ident, say};

/// What somebody was paid in a year, in yuan; a part without a record is none.
pub(super) type Paid = [Option<f64>; 5];

/// The table `pay`.
pub(super) struct Ledger<'a> {
    paid: HashMap<(&'a str, i64), Paid>,
    years: BTreeMap<&'a str, BTreeSet<i64>>,
}

impl<'a> Ledger<'a> {
    /// Several rows of one person and year add up, in whole fen.
    pub fn read(tables: &'a Tables) -> FrameResult<Ledger<'a>> {
        let table = tables.get("pay");
        let (county, person) = (frame::words(table, "county")?, frame::words(table, "person")?);
        let year = frame::wholes(table, "year")?;
        let amounts: Vec<Vec<Option<f64>>> =
            Part::ALL.iter().map(|part| frame::numbers(table, part.code())).collect::<FrameResult<_>>()?;
        let mut fen: HashMap<(&str, i64), [Option<i64>; 5]> = HashMap::new();
        let mut years: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for row in 0..table.height() {
            let Some(year) = year[row] else { continue };
            years.entry(county[row]).or_default().insert(year);
            let sums = fen.entry((person[row], year)).or_default();
            for (sum, column) in sums.iter_mut().zip(&amounts) {
                if let Some(amount) = column[row] {
                    *sum = Some(sum.unwrap_or(0) + yuan(amount * 100.0));
                }
            }
        }
        let paid = fen.into_iter().map(|(key, sums)| (key, sums.map(|s| s.map(|fen| fen as f64 / 100.0)))).collect();
        Ok(Ledger { paid, years })
    }

    /// The year that is compared: the latest on record that had ended on the reference date, else
    /// the latest that had begun; in a county without any record the last year that had ended.
    pub fn year(&self, county: &str, ctx: &Context) -> i64 {
        let years = self.years.get(county).and_then(|years| reference_period(years.iter().copied(), ctx.as_of));
        years.unwrap_or_else(|| last_year(ctx.as_of))
    }

    /// What is on record; none if nothing is.
    pub fn of(&self, person: &'a str, year: i64) -> Option<&Paid> {
        self.paid.get(&(person, year)).filter(|paid| paid.iter().any(Option::is_some))
    }
}

/// How formula and pay stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Equal,
    Underpaid,
    Overpaid,
    /// Nothing was paid, as far as the book tells.
    NoRecord,
    /// Nothing can be compared.
    Unknown,
}

impl State {
    const ALL: [State; 5] = [State::Equal, State::Underpaid, State::Overpaid, State::NoRecord, State::Unknown];

    pub const fn code(self) -> &'static str {
        match self {
            State::Equal => "equal",
            State::Underpaid => "underpaid",
            State::Overpaid => "overpaid",
            State::NoRecord => "no_record",
            State::Unknown => "unknown",
        }
    }
}

/// One person's pay of one year.
pub(super) struct Pay<'a> {
    pub holder: Holder<'a>,
    pub year: i64,
    grade: Graded<'a>,
    pub reckoning: Reckoning,
    paid: Option<f64>,
    /// Parts that stand on both sides.
    compared: Vec<Part>,
    /// Formula and pay over those parts.
    sides: (i64, i64),
    pub state: State,
}

impl Pay<'_> {
    /// Paid less formula over the compared parts.
    pub fn difference(&self) -> Option<i64> {
        (!self.compared.is_empty()).then_some(self.sides.1 - self.sides.0)
    }
}

/// Everybody with a post of `[motivate.posts]` who was in it in their county's year.
pub(super) fn pays<'a>(
    facts: &Facts<'a>,
    formula: &Formula<'a, '_>,
    ledger: &Ledger<'a>,
    ctx: &Context,
) -> Vec<Pay<'a>> {
    let posts = &ctx.policy.motivate.posts;
    let holders = facts.holders_of(|post| posts.get(post).copied());
    let years: HashMap<&str, i64> = facts.counties.iter().map(|c| (*c, ledger.year(c, ctx))).collect();
    holders
        .par_iter()
        .filter_map(|holder| {
            let year = years.get(holder.county).copied()?;
            let months = formula.months(holder.since, year);
            (months > 0).then(|| pay(holder, year, months, facts, formula, ledger, ctx))
        })
        .collect()
}

fn pay<'a>(
    holder: &Holder<'a>,
    year: i64,
    months: i64,
    facts: &Facts<'a>,
    formula: &Formula<'a, '_>,
    ledger: &Ledger<'a>,
    ctx: &Context,
) -> Pay<'a> {
    let grade = facts.grade(holder, year);
    let reckoning = formula.reckon(holder, year, months, grade, false);
    let record = ledger.of(holder.person, year);
    let mut compared = Vec::new();
    let (mut should, mut was) = (0, 0.0);
    for (part, paid) in Part::ALL.into_iter().zip(record.copied().unwrap_or_default()) {
        if let (Some(amount), Some(paid)) = (reckoning.firm(part), paid) {
            compared.push(part);
            should += amount;
            was += paid;
        }
    }
    let was = yuan(was);
    let rules = &ctx.policy.motivate.pay;
    let slack = rules.tolerance.max(rules.tolerance_share * should as f64);
    let state = match (record, was - should) {
        (None, _) => State::NoRecord,
        _ if compared.is_empty() => State::Unknown,
        (_, gap) if gap.abs() as f64 <= slack => State::Equal,
        (_, gap) if gap < 0 => State::Underpaid,
        _ => State::Overpaid,
    };
    let paid = record.map(|paid| paid.iter().flatten().sum());
    Pay { holder: *holder, year, grade, reckoning, paid, compared, sides: (should, was), state }
}

/// The first columns of every table about people.
pub(super) fn keys<'h>(holders: impl Iterator<Item = &'h Holder<'h>> + Clone) -> Build {
    let column = |read: fn(&Holder<'h>) -> &'h str| holders.clone().map(read).collect::<Vec<&str>>();
    Build::new()
        .str("county", &column(|h| h.county))
        .str("township", &column(|h| h.township))
        .str("village", &column(|h| h.village))
        .str("village_name", &column(|h| h.village_name))
        .str("person", &column(|h| h.person))
        .str("post", &column(|h| h.post))
}

fn joined<'c>(codes: impl Iterator<Item = &'c str>) -> Option<String> {
    let codes: Vec<&str> = codes.collect();
    (!codes.is_empty()).then(|| codes.join(";"))
}

/// Table `pay_formula`: see [`super::Motivate`].
pub(super) fn formula_table(pays: &[Pay], ctx: &Context) -> FrameResult<DataFrame> {
    let texts = Texts { ctx };
    let part = |part: Part| pays.iter().map(|p| p.reckoning.part(part)).collect::<Vec<_>>();
    let compared = |side: fn(&Pay) -> i64| pays.iter().map(|p| p.difference().map(|_| side(p))).collect::<Vec<_>>();
    let basis = |pay: &Pay| match pay.grade {
        Graded::Appraised(_) => "appraised",
        Graded::Computed(_) => "computed",
        Graded::Missing => "missing",
    };
    keys(pays.iter().map(|p| &p.holder))
        .whole("year", pays.iter().map(|p| Some(p.year)).collect())
        .whole("months", pays.iter().map(|p| Some(p.reckoning.months)).collect())
        .text("grade", pays.iter().map(|p| p.grade.code()).collect())
        .str("grade_basis", &pays.iter().map(basis).collect::<Vec<_>>())
        .whole("base_pay", part(Part::Base))
        .whole("performance_pay", part(Part::Performance))
        .whole("allowances", part(Part::Allowance))
        .whole("reward", part(Part::Reward))
        .whole("awards", part(Part::Award))
        .whole("total", pays.iter().map(|p| p.reckoning.total()).collect())
        .whole("paid", pays.iter().map(|p| p.paid.map(yuan)).collect())
        .text("compared_parts", pays.iter().map(|p| joined(p.compared.iter().map(|c| c.code()))).collect())
        .whole("formula_compared", compared(|p| p.sides.0))
        .whole("paid_compared", compared(|p| p.sides.1))
        .whole("difference", pays.iter().map(Pay::difference).collect())
        .str("state", &pays.iter().map(|p| p.state.code()).collect::<Vec<_>>())
        .text("assumed", pays.iter().map(|p| joined(p.reckoning.assumed.iter().map(|a| a.code()))).collect())
        .text("unknown_parts", pays.iter().map(|p| joined(p.reckoning.unknown.iter().map(|u| u.code()))).collect())
        .str("reason", &pays.iter().map(|p| reason(p, &texts)).collect::<Vec<_>>())
        .text("rec_id", pays.iter().map(rec_id).collect())
        .done()
}

fn rec_id(pay: &Pay) -> Option<String> {
    let what = match pay.state {
        State::Underpaid | State::Overpaid => "pay_check",
        State::NoRecord => "pay_record",
        State::Equal | State::Unknown => return None,
    };
    Some(ident::recommendation(what, pay.holder.person, "motivate.pay"))
}

fn reason(pay: &Pay, texts: &Texts) -> String {
    let lang = texts.ctx.lang;
    let (should, was) = pay.sides;
    let parts = texts.parts(&pay.compared);
    let verdict = match pay.state {
        State::Equal => say!(lang, "motivate-pay-equal", parts = parts, formula = should, paid = was),
        State::Underpaid => {
            say!(lang, "motivate-pay-underpaid", parts = parts, formula = should, paid = was, gap = should - was)
        }
        State::Overpaid => {
            say!(lang, "motivate-pay-overpaid", parts = parts, formula = should, paid = was, gap = was - should)
        }
        State::NoRecord => say!(lang, "motivate-pay-no-record", year = pay.year.to_string()),
        State::Unknown => lang.text("motivate-pay-unknown"),
    };
    let mut said = vec![verdict];
    if !pay.reckoning.unknown.is_empty() {
        said.push(say!(lang, "motivate-pay-unknown-parts", parts = texts.parts(&pay.reckoning.unknown)));
    }
    said.extend(
        pay.reckoning.assumed.iter().map(|a| lang.text(&format!("code-assumed-{}", a.code().replace('_', "-")))),
    );
    texts.joined(&said)
}

/// Table `pay_parts`: see [`super::Motivate`].
pub(super) fn parts_table(pays: &[Pay]) -> FrameResult<DataFrame> {
    let lines: Vec<(&Pay, &super::formula::Line)> =
        pays.iter().flat_map(|p| p.reckoning.lines.iter().map(move |line| (p, line))).collect();
    keys(lines.iter().map(|(p, _)| &p.holder))
        .whole("year", lines.iter().map(|(p, _)| Some(p.year)).collect())
        .str("part", &lines.iter().map(|(_, l)| l.part.code()).collect::<Vec<_>>())
        .str("rule", &lines.iter().map(|(_, l)| format!("motivate.{}", l.rule)).collect::<Vec<_>>())
        .number("quantity", lines.iter().map(|(_, l)| Some(l.quantity)).collect())
        .number("rate", lines.iter().map(|(_, l)| Some(l.rate)).collect())
        .whole("amount", lines.iter().map(|(_, l)| Some(l.amount)).collect())
        .str("detail", &lines.iter().map(|(_, l)| l.detail.as_str()).collect::<Vec<_>>())
        .done()
}

/// Counts and sums of one county or township.
#[derive(Clone, Copy, Default)]
struct Sum {
    year: i64,
    people: i64,
    states: [i64; 5],
    formula: i64,
    paid: i64,
    shortfall: i64,
    excess: i64,
}

/// Table `pay_summary`: see [`super::Motivate`].
pub(super) fn summary_table(pays: &[Pay]) -> FrameResult<DataFrame> {
    // A county's own line has no township and comes first.
    let mut sums: BTreeMap<(&str, Option<&str>), Sum> = BTreeMap::new();
    for pay in pays {
        for township in [None, Some(pay.holder.township)] {
            let sum = sums.entry((pay.holder.county, township)).or_default();
            sum.year = pay.year;
            sum.people += 1;
            let state = State::ALL.iter().position(|s| *s == pay.state).unwrap_or_default();
            sum.states[state] += 1;
            if let Some(gap) = pay.difference() {
                sum.formula += pay.sides.0;
                sum.paid += pay.sides.1;
                match pay.state {
                    State::Underpaid => sum.shortfall -= gap,
                    State::Overpaid => sum.excess += gap,
                    _ => {}
                }
            }
        }
    }
    let rows: Vec<_> = sums.into_iter().collect();
    let whole = |read: fn(&Sum) -> i64| rows.iter().map(|(_, sum)| Some(read(sum))).collect::<Vec<_>>();
    Build::new()
        .str("county", &rows.iter().map(|((county, _), _)| *county).collect::<Vec<_>>())
        .text("township", rows.iter().map(|((_, township), _)| *township).collect())
        .whole("year", whole(|s| s.year))
        .whole("people", whole(|s| s.people))
        .whole("equal", whole(|s| s.states[0]))
        .whole("underpaid", whole(|s| s.states[1]))
        .whole("overpaid", whole(|s| s.states[2]))
        .whole("no_record", whole(|s| s.states[3]))
        .whole("unknown", whole(|s| s.states[4]))
        .whole("formula_compared", whole(|s| s.formula))
        .whole("paid_compared", whole(|s| s.paid))
        .whole("shortfall", whole(|s| s.shortfall))
        .whole("excess", whole(|s| s.excess))
        .done()
}
