//! What follows from a result: rewards, reminders, talks, study of an adjustment. Advice, each with
//! the rule that gives it.

use chrono::NaiveDate;

use super::policy::{ConsequenceRule, ScorePolicy, When, in_force};
use super::units::Units;
use crate::index::grade::places;
use crate::stage::appraisals::Appraisals;

/// Why a rule applies.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Why {
    Grade,
    /// Years in a row, last and first; the last of them computed here, not appraised.
    Consecutive {
        first: i64,
        last: i64,
        computed: bool,
    },
    /// Among the last `places` of `rated` villages of its class.
    Bottom {
        places: usize,
        rated: usize,
    },
    Below,
    Veto,
}

/// A rule that applies.
pub(super) struct Follows<'a> {
    pub key: &'a str,
    pub rule: &'a ConsequenceRule,
    pub why: Why,
}

/// What is known of the villages when consequences are drawn.
pub(super) struct Outcome<'a> {
    /// Grade, none where not rated.
    pub grade: Vec<Option<&'a str>>,
    /// Score key, likewise.
    pub key: Vec<Option<u32>>,
    pub vetoed: Vec<bool>,
    pub period: Option<i64>,
}

/// The rules that apply to each village, gravest first.
pub(super) fn consequences<'a>(
    policy: &'a ScorePolicy,
    units: &Units,
    outcome: &Outcome,
    appraisals: &Appraisals,
    as_of: NaiveDate,
) -> Vec<Vec<Follows<'a>>> {
    let mut out: Vec<Vec<Follows>> = (0..units.len()).map(|_| Vec::new()).collect();
    for (key, rule) in &policy.consequences {
        if rule.off || !in_force(rule.effective.as_ref(), as_of) {
            continue;
        }
        let applies: Vec<Option<Why>> = match &rule.when {
            When::Grade { grade } => each(units, |u| (outcome.grade[u] == Some(grade)).then_some(Why::Grade)),
            When::Veto {} => each(units, |u| outcome.vetoed[u].then_some(Why::Veto)),
            When::Below { score } => {
                let line = super::adjust::key(score.max(0.0));
                each(units, |u| outcome.key[u].is_some_and(|k| k < line).then_some(Why::Below))
            }
            When::Bottom { share } => bottom(units, &outcome.key, *share),
            When::Consecutive { grade, years } => {
                each(units, |u| consecutive(units.secretary[u]?, outcome, u, appraisals, grade, *years))
            }
        };
        for (unit, why) in applies.into_iter().enumerate() {
            out[unit].extend(why.map(|why| Follows { key, rule, why }));
        }
    }
    // Stable: rules of one gravity stay in the policy's order.
    out.iter_mut().for_each(|rules| rules.sort_by_key(|f| std::cmp::Reverse(f.rule.consequence)));
    out
}

fn each(units: &Units, why: impl Fn(usize) -> Option<Why>) -> Vec<Option<Why>> {
    (0..units.len()).map(why).collect()
}

/// Strictly below the best of those left out: a tie across the line stays out.
fn bottom(units: &Units, keys: &[Option<u32>], share: f64) -> Vec<Option<Why>> {
    let lines: Vec<Option<(u32, usize, usize)>> = units
        .groups
        .iter()
        .map(|members| {
            let mut rated: Vec<u32> = members.iter().filter_map(|&u| keys[u as usize]).collect();
            let places = places(share, rated.len());
            rated.sort_unstable();
            // Everyone is in the last 100%: the line lies above all.
            let line = rated.get(places).copied().unwrap_or(u32::MAX);
            (places > 0).then_some((line, places, rated.len()))
        })
        .collect();
    each(units, |unit| {
        let (line, places, rated) = lines[units.group_of[unit] as usize]?;
        keys[unit].is_some_and(|k| k < line).then_some(Why::Bottom { places, rated })
    })
}

/// This grade in so many years running, the last of them the reference period; without an appraisal
/// for that year the grade computed here stands in, and without that either the year before is the
/// last.
fn consecutive(
    person: &str,
    outcome: &Outcome,
    unit: usize,
    appraisals: &Appraisals,
    grade: &str,
    years: usize,
) -> Option<Why> {
    let period = outcome.period?;
    let appraised = |year: i64| appraisals.grade(person, year);
    let computed = appraised(period).is_none() && outcome.grade[unit].is_some();
    let current = appraised(period).or(outcome.grade[unit]);
    let last = if current.is_some() { period } else { period.checked_sub(1)? };
    let first = last.checked_sub(i64::try_from(years).ok()? - 1)?;
    let all = (first..=last).all(|year| if year == period { current } else { appraised(year) } == Some(grade));
    all.then_some(Why::Consecutive { first, last, computed: computed && last == period })
}
