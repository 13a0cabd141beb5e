//! Who meets the conditions of selection into township offices and institutions, and when.

use chrono::{Days, NaiveDate};
use polars::prelude::DataFrame;

use super::conditions::{Condition, Finding, Findings, State, Why, bars, grades, member, overall, years};
use super::facts::{Facts, Holder, in_force};
use super::pay::keys;
use super::policy::AdvancementRules;
use super::text::Texts;
use crate::book::schema::Vocab;
use crate::frame::FrameResult;
use crate::ident;
use crate::stage::{Context, add_months, age};

/// The conditions that have a column of their own.
const SHOWN: [(Condition, &str); 6] = [
    (Condition::Years, "years_state"),
    (Condition::Education, "education_state"),
    (Condition::Age, "age_state"),
    (Condition::Grades, "grades_state"),
    (Condition::Member, "member_state"),
    (Condition::Bars, "bars_state"),
];

struct Case<'a> {
    holder: Holder<'a>,
    findings: Findings<'a>,
    window: Option<Window>,
}

/// When the conditions that time alone decides hold.
#[derive(Clone, Copy)]
struct Window {
    from: NaiveDate,
    /// Last day before the age limit is passed.
    until: NaiveDate,
}

fn education<'a>(holder: &Holder<'a>, rules: &AdvancementRules, ctx: &Context) -> Finding<'a> {
    let rank = |code: &str| ctx.policy.words.rank(Vocab::Education, code);
    let condition = Condition::Education;
    match holder.education {
        None => Finding { condition, state: State::Unknown, why: Why::NoEducation },
        Some(level) => {
            let enough = rank(level).is_some_and(|r| rank(&rules.education).is_some_and(|least| r >= least));
            let state = if enough { State::Met } else { State::Missed };
            Finding { condition, state, why: Why::Education(level) }
        }
    }
}

fn young<'a>(holder: &Holder<'a>, rules: &AdvancementRules, ctx: &Context) -> Finding<'a> {
    let condition = Condition::Age;
    match holder.birth {
        None => Finding { condition, state: State::Unknown, why: Why::NoBirth },
        Some(birth) => {
            let years = age(birth, ctx.as_of);
            let state = if years <= rules.max_age { State::Met } else { State::Missed };
            Finding { condition, state, why: Why::Age { age: years, most: rules.max_age } }
        }
    }
}

/// From the day on which the years in post are reached and the last dated bar is gone, to the eve of
/// the birthday that passes the age limit; none if that comes first or lies behind, if a bar has no
/// end, or if a day is not on record.
fn window(holder: &Holder, findings: &Findings, rules: &AdvancementRules, as_of: NaiveDate) -> Option<Window> {
    let served = match rules.min_years {
        0 => holder.since,
        years => holder.since.map(|day| add_months(day, years.saturating_mul(12))),
    };
    let mut from = served?;
    for finding in findings {
        if let Why::Bar(bar) = finding.why {
            from = from.max(bar.until?);
        }
    }
    let past = add_months(holder.birth?, rules.max_age.saturating_add(1).saturating_mul(12));
    let until = past.checked_sub_days(Days::new(1))?;
    (from <= until && as_of <= until).then_some(Window { from, until })
}

fn cases<'a>(facts: &Facts<'a>, ctx: &Context) -> Vec<Case<'a>> {
    let rules = &ctx.policy.motivate.advancement;
    if !in_force(&rules.effective, ctx.as_of) {
        return Vec::new();
    }
    let holders = facts.holders_of(|post| rules.posts.iter().any(|p| p == post).then_some(1.0));
    let case = |holder: &Holder<'a>| {
        let mut findings = vec![years(holder, rules.min_years, ctx), education(holder, rules, ctx)];
        findings.push(young(holder, rules, ctx));
        findings.extend(grades(facts, holder, &rules.grades, rules.grade_years, 0, ctx));
        if rules.member {
            findings.push(member(holder));
        }
        findings.extend(bars(facts, holder, ctx));
        let window = window(holder, &findings, rules, ctx.as_of);
        Case { holder: *holder, findings, window }
    };
    holders.into_iter().map(case).collect()
}

impl Case<'_> {
    fn eligible(&self) -> State {
        overall(self.findings.iter())
    }

    fn state(&self, condition: Condition) -> Option<State> {
        let mut of = self.findings.iter().filter(|f| f.condition == condition).peekable();
        of.peek()?;
        Some(overall(of))
    }

    fn listed(&self, state: State) -> Option<String> {
        let mut codes: Vec<&str> = Vec::new();
        for finding in self.findings.iter().filter(|f| f.state == state) {
            if !codes.contains(&finding.condition.code()) {
                codes.push(finding.condition.code());
            }
        }
        (!codes.is_empty()).then(|| codes.join(";"))
    }

    /// The reasons in words: those against first, as they decide.
    fn reason(&self, texts: &Texts) -> String {
        let order = [State::Missed, State::Unknown, State::Met];
        texts.joined(&order.map(|state| texts.conditions(&self.findings, state)).concat())
    }
}

/// Table `advancement`: see [`super::Motivate`].
pub(super) fn table(facts: &Facts, ctx: &Context) -> FrameResult<DataFrame> {
    let cases = cases(facts, ctx);
    let texts = Texts { ctx };
    let eligible = |case: &Case| match case.eligible() {
        State::Met => "yes",
        State::Missed => "no",
        State::Unknown => "unknown",
    };
    let rec_id = |case: &Case| {
        (case.eligible() != State::Missed)
            .then(|| ident::recommendation("advancement", case.holder.person, "motivate.advancement"))
    };
    let years = |day: Option<NaiveDate>| day.map(|d| i64::from(age(d, ctx.as_of)));
    let mut build = keys(cases.iter().map(|c| &c.holder))
        .date("since", cases.iter().map(|c| c.holder.since).collect())
        .whole("years_in_post", cases.iter().map(|c| years(c.holder.since)).collect())
        .text("education", cases.iter().map(|c| c.holder.education).collect())
        .whole("age", cases.iter().map(|c| years(c.holder.birth)).collect());
    for (condition, name) in SHOWN {
        build = build.text(name, cases.iter().map(|c| c.state(condition).map(State::code)).collect());
    }
    build
        .str("eligible", &cases.iter().map(eligible).collect::<Vec<_>>())
        .date("eligible_on", cases.iter().map(|c| c.window.map(|w| w.from)).collect())
        .date("eligible_until", cases.iter().map(|c| c.window.map(|w| w.until)).collect())
        .text("missed", cases.iter().map(|c| c.listed(State::Missed)).collect())
        .text("to_clarify", cases.iter().map(|c| c.listed(State::Unknown)).collect())
        .str("reason", &cases.iter().map(|c| c.reason(&texts)).collect::<Vec<_>>())
        .text("rec_id", cases.iter().map(rec_id).collect())
        .done()
}
