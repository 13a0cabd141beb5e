//! Conditions of honours and advancement: each met, missed, or not to be told from the records. What
//! is missing never passes in silence.

use chrono::NaiveDate;

use super::facts::{Facts, Holder};
use crate::stage::bars::InForce;
use crate::stage::events::year_ended;
use crate::stage::{Context, age};

/// Does a condition hold?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Met,
    Missed,
    Unknown,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            State::Met => "met",
            State::Missed => "not_met",
            State::Unknown => "unknown",
        }
    }

    const fn of(met: bool) -> State {
        if met { State::Met } else { State::Missed }
    }
}

/// Which condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Years,
    Education,
    Age,
    Grades,
    Member,
    Bars,
    Veto,
    Rated,
}

impl Condition {
    pub const fn code(self) -> &'static str {
        match self {
            Condition::Years => "years",
            Condition::Education => "education",
            Condition::Age => "age",
            Condition::Grades => "grades",
            Condition::Member => "member",
            Condition::Bars => "bars",
            Condition::Veto => "veto",
            Condition::Rated => "rated",
        }
    }
}

/// What was found, for the text.
#[derive(Clone, Debug)]
pub(super) enum Why<'a> {
    NoStart,
    Served {
        years: i32,
        least: i32,
    },
    /// Year and grade, latest first.
    Grades {
        list: Vec<(i64, Option<&'a str>)>,
        years: u32,
    },
    Best {
        times: u32,
        least: u32,
    },
    Member,
    Bars,
    Bar(InForce<'a>),
    Veto,
    NotRated,
    Score(f64),
    Education(&'a str),
    NoEducation,
    Age {
        age: i32,
        most: i32,
    },
    NoBirth,
}

/// One condition of a person.
#[derive(Clone, Debug)]
pub(super) struct Finding<'a> {
    pub condition: Condition,
    pub state: State,
    pub why: Why<'a>,
}

pub(super) type Findings<'a> = Vec<Finding<'a>>;

/// The state of all findings together, or of one condition's.
pub(super) fn overall<'a, 'f>(findings: impl Iterator<Item = &'f Finding<'a>>) -> State
where
    'a: 'f,
{
    let mut state = State::Met;
    for finding in findings {
        match finding.state {
            State::Missed => return State::Missed,
            State::Unknown => state = State::Unknown,
            State::Met => {}
        }
    }
    state
}

/// Full years in the post on the reference date.
pub(super) fn years<'a>(holder: &Holder<'a>, least: i32, ctx: &Context) -> Finding<'a> {
    let condition = Condition::Years;
    match holder.since {
        // Nothing is asked for: nothing need be known.
        _ if least == 0 => Finding { condition, state: State::Met, why: Why::Served { years: 0, least } },
        None => Finding { condition, state: State::Unknown, why: Why::NoStart },
        Some(day) => {
            let years = age(day, ctx.as_of);
            Finding { condition, state: State::of(years >= least), why: Why::Served { years, least } }
        }
    }
}

/// The last year that had ended on the reference date.
pub(super) fn last_year(as_of: NaiveDate) -> i64 {
    let year = i64::from(chrono::Datelike::year(&as_of));
    if year_ended(year, as_of) { year } else { year - 1 }
}

/// Grades of the last years, all of which must do, and the best of all grades often enough among
/// them. A year without a grade leaves it open, unless another year decides.
pub(super) fn grades<'a>(
    facts: &Facts<'a>,
    holder: &Holder<'a>,
    good: &[String],
    years: u32,
    best_times: u32,
    ctx: &Context,
) -> Findings<'a> {
    if years == 0 {
        return Vec::new();
    }
    let last = last_year(ctx.as_of);
    let list: Vec<(i64, Option<&str>)> =
        (0..i64::from(years)).map(|back| (last - back, facts.grade(holder, last - back).code())).collect();
    let failed = list.iter().any(|(_, g)| g.is_some_and(|g| !good.iter().any(|x| x == g)));
    let missing = list.iter().filter(|(_, g)| g.is_none()).count() as u32;
    let state = match (failed, missing) {
        (true, _) => State::Missed,
        (false, 0) => State::Met,
        (false, _) => State::Unknown,
    };
    let best = ctx.policy.words.grade.keys().next().map_or("", String::as_str);
    let times = list.iter().filter(|(_, g)| *g == Some(best)).count() as u32;
    let mut found = vec![Finding { condition: Condition::Grades, state, why: Why::Grades { list, years } }];
    if best_times > 0 {
        let state = match times {
            n if n >= best_times => State::Met,
            n if n + missing >= best_times => State::Unknown,
            _ => State::Missed,
        };
        let why = Why::Best { times, least: best_times };
        found.push(Finding { condition: Condition::Grades, state, why });
    }
    found
}

/// Full membership.
pub(super) fn member<'a>(holder: &Holder<'a>) -> Finding<'a> {
    let state = holder.member.map_or(State::Unknown, State::of);
    Finding { condition: Condition::Member, state, why: Why::Member }
}

/// Nothing in force that bars; a sanction on file without a date is to be clarified.
pub(super) fn bars<'a>(facts: &Facts<'a>, holder: &Holder<'a>, ctx: &Context) -> Findings<'a> {
    let found = facts.barred(holder, &ctx.policy.motivate.bars, ctx);
    if found.is_empty() {
        return vec![Finding { condition: Condition::Bars, state: State::Met, why: Why::Bars }];
    }
    let each = found.into_iter().map(|bar| {
        let state = if bar.from.is_some() { State::Missed } else { State::Unknown };
        Finding { condition: Condition::Bars, state, why: Why::Bar(bar) }
    });
    each.collect()
}
