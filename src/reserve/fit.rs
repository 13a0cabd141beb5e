//! Fit: 0 to 100 points, a sum of contributions. Points are kept in hundredths, whole numbers, so
//! that contributions add up exactly and costs lie on a grid.

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::kernel::round;
use crate::stage::{Context, add_months, age};

use super::facts::Candidate;
use super::policy::{Fact, Factor};
use super::vacancies::reckoning_day;

/// Hundredths in one point.
pub(super) const HUNDREDTHS: i64 = 100;

/// The cost of a fit, both in hundredths of a point: the matching makes total cost least.
pub(super) fn cost(fit: i64) -> i64 {
    -fit
}

/// Points as a number.
pub(super) fn points(hundredths: i64) -> f64 {
    round::to(hundredths as f64 / HUNDREDTHS as f64, 2)
}

pub(super) fn hundredths(points: f64) -> i64 {
    (points * HUNDREDTHS as f64).round() as i64
}

/// What a factor gives a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// Points in hundredths.
    Points(i64),
    /// The fact is missing: no points, and said so.
    Missing,
}

impl Given {
    pub fn hundredths(self) -> i64 {
        match self {
            Given::Points(points) => points,
            Given::Missing => 0,
        }
    }
}

/// All factors for all people.
pub(super) struct Fits {
    /// Person-major: what each factor gives, with `target_post` as for another post than the one
    /// the person is trained for.
    given: Vec<Given>,
    /// Sum without `target_post` factors.
    base: Vec<i64>,
    factors: usize,
    /// Places of `target_post` factors, with points for the same and another post.
    targets: Vec<(usize, i64, i64)>,
    /// Deduction for another village.
    discount: i64,
}

impl Fits {
    pub fn new(people: &[Candidate], ctx: &Context) -> Fits {
        let policy = &ctx.policy.reserve;
        let day = reckoning_day(ctx);
        let factors: Vec<&Factor> = policy.fit.values().collect();
        let given: Vec<Given> = people
            .par_iter()
            .flat_map_iter(|person| factors.iter().map(|factor| give(person, factor, day, ctx.as_of)))
            .collect();
        let is_target: Vec<bool> = factors.iter().map(|f| f.fact == Fact::TargetPost).collect();
        let base = (0..people.len())
            .map(|at| {
                let row = &given[at * factors.len()..(at + 1) * factors.len()];
                row.iter().zip(&is_target).filter(|(_, target)| !**target).map(|(g, _)| g.hundredths()).sum()
            })
            .collect();
        let of = |factor: &Factor, key| hundredths(factor.points.get(key).copied().unwrap_or(0.0));
        let targets = factors
            .iter()
            .enumerate()
            .filter(|(at, _)| is_target[*at])
            .map(|(at, f)| (at, of(f, "same"), of(f, "other")))
            .collect();
        Fits { given, base, factors: factors.len(), targets, discount: hundredths(policy.cross_village_discount) }
    }

    /// Fit of a person for a post, in hundredths, 0 to 10 000.
    pub fn fit(&self, at: usize, person: &Candidate, post: &str, own_village: bool) -> i64 {
        let target: i64 = self.targets.iter().map(|t| target_points(person, post, t).hundredths()).sum();
        let full = self.base[at] + target;
        if own_village { full } else { full - self.discount.min(full) }
    }

    /// The contributions: one per factor in the policy's order, then the deduction for another
    /// village (0 or negative). They add up to the fit exactly.
    pub fn contributions(&self, at: usize, person: &Candidate, post: &str, own_village: bool) -> (Vec<Given>, i64) {
        let mut row = self.given[at * self.factors..(at + 1) * self.factors].to_vec();
        for target in &self.targets {
            row[target.0] = target_points(person, post, target);
        }
        let full: i64 = row.iter().map(|g| g.hundredths()).sum();
        (row, if own_village { 0 } else { -self.discount.min(full) })
    }
}

fn target_points(person: &Candidate, post: &str, target: &(usize, i64, i64)) -> Given {
    match person.target_post {
        None => Given::Missing,
        Some(trained) if trained == post => Given::Points(target.1),
        Some(_) => Given::Points(target.2),
    }
}

fn give(person: &Candidate, factor: &Factor, day: NaiveDate, as_of: NaiveDate) -> Given {
    let word = |code: Option<&str>| match code {
        None => Given::Missing,
        Some(code) => Given::Points(hundredths(factor.points.get(code).copied().unwrap_or(0.0))),
    };
    let flag = |answer: Option<bool>| word(answer.map(|yes| if yes { "yes" } else { "no" }));
    match factor.fact {
        Fact::PoliticalStatus => word(person.political),
        Fact::Education => word(person.education),
        Fact::Thinking => word(person.thinking),
        Fact::Work => word(person.work),
        Fact::Potential => word(person.potential),
        Fact::Source => word(person.source),
        Fact::Grade => word(person.grade),
        Fact::Veteran => flag(person.veteran),
        Fact::InVillage => flag(person.in_village),
        Fact::TargetPost => Given::Points(0),
        Fact::Age => match person.birth {
            None => Given::Missing,
            Some(birth) => {
                let years = age(birth, day);
                let band = factor.bands.iter().find(|b| years <= b.max);
                Given::Points(band.map_or(0, |b| hundredths(b.points)))
            }
        },
        Fact::Practice => {
            let since = add_months(as_of, -factor.months.max(0));
            let counts = |(kind, start): &&(&str, NaiveDate)| {
                factor.kinds.iter().any(|k| k == kind) && (factor.months <= 0 || *start > since)
            };
            let number = person.activities.iter().filter(counts).count() as i64;
            Given::Points(number.saturating_mul(hundredths(factor.each)).min(hundredths(factor.most)))
        }
    }
}
