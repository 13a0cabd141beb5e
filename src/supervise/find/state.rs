//! Rules over posts, indicators and grades.

use super::{Finder, Outcome, Standing};
use crate::book::schema::Vocab;
use crate::kernel::round;
use crate::say;
use crate::supervise::facts::Figure;
use crate::supervise::rule::{Bound, GradeRule, GradeSource, IndicatorsRule, NewHolderRule, VacantRule};
use crate::supervise::year::{Span, months_after, months_before};

impl Finder<'_> {
    pub(super) fn new_holder(&self, rule: &NewHolderRule, village: usize) -> Outcome {
        let facts = self.facts;
        let l = self.lang();
        let span = Span::months(facts.as_of, rule.months);
        let posts =
            facts.posts.of(village).iter().filter(|p| p.person.is_some() && rule.posts.iter().any(|q| q == p.post));
        let (mut days, mut reasons) = (Vec::new(), Vec::new());
        for post in posts {
            if let Some(since) = post.since.filter(|d| span.holds(*d)) {
                reasons.push(say!(
                    l,
                    "supervise-reason-new",
                    post = self.word(Vocab::Post, post.post),
                    day = since,
                    months = rule.months
                ));
                days.push(since);
            }
        }
        let last = days.iter().max().copied()?;
        // The day after the last one that the look-back still holds.
        let clears = say!(l, "supervise-clears-new", day = months_after(last, rule.months));
        Some((Standing::Member, days, self.join(reasons), clears))
    }

    pub(super) fn vacant(&self, rule: &VacantRule, village: usize) -> Outcome {
        let facts = self.facts;
        let l = self.lang();
        let limit = months_before(facts.as_of, rule.months);
        let near = months_before(facts.as_of, rule.months.saturating_sub(rule.near_months));
        let mut best: Outcome = None;
        for post in
            facts.posts.of(village).iter().filter(|p| p.person.is_none() && rule.posts.iter().any(|q| q == p.post))
        {
            let name = self.word(Vocab::Post, post.post);
            let clears = say!(l, "supervise-clears-vacant", post = &name);
            let found = match post.vacant_since {
                None => {
                    let reason = say!(l, "supervise-reason-vacant-unknown", post = name);
                    (Standing::Unclear, Vec::new(), reason, l.text("supervise-clears-vacant-unknown"))
                }
                Some(day) if day < limit => {
                    let reason = say!(l, "supervise-reason-vacant", post = name, day = day, months = rule.months);
                    (Standing::Member, vec![day], reason, clears)
                }
                Some(day) if day < near => {
                    let reason = say!(
                        l,
                        "supervise-near-vacant",
                        post = name,
                        day = day,
                        limit = months_after(day, rule.months)
                    );
                    (Standing::Near, vec![day], reason, clears)
                }
                Some(_) => continue,
            };
            if best.as_ref().is_none_or(|b| found.0 < b.0) {
                best = Some(found);
            }
        }
        best
    }

    pub(super) fn indicators(&self, rule: &IndicatorsRule, village: usize) -> Outcome {
        let figures = self.facts.figures.of(village);
        let latest = figures.first()?;
        // Consecutive periods: a gap ends the run.
        let mut run: Vec<&Figure> = vec![latest];
        for figure in &figures[1..] {
            if figure.period == run[run.len() - 1].period - 1 {
                run.push(figure);
            } else if figure.period < run[run.len() - 1].period - 1 {
                break;
            }
        }
        let l = self.lang();
        let years = rule.years as usize;
        let (mut met, mut near) = (Vec::new(), Vec::new());
        for (name, bound) in &rule.any {
            let Some(value) = self.facts.value(latest, name) else { continue };
            let in_row = run.iter().take_while(|f| self.facts.value(f, name).is_some_and(|v| meets(bound, v))).count();
            let what = self.indicator(name);
            let period = latest.period.to_string();
            if in_row >= years {
                let (id, limit) = match (bound.at_least, bound.below) {
                    (Some(limit), _) => ("supervise-reason-at-least", limit),
                    (_, limit) => ("supervise-reason-below", limit.unwrap_or_default()),
                };
                let mut text = say!(l, id, what = what, period = period, value = value, bound = limit);
                if years > 1 {
                    text += &say!(l, "supervise-reason-years", n = years);
                }
                met.push(text);
            } else if in_row > 0 && in_row + 1 == years {
                near.push(say!(l, "supervise-near-years", what = what, n = in_row, least = years));
            } else if years == 1 && nearly(bound, value) {
                let (id, limit) = match (bound.at_least, bound.below) {
                    (Some(limit), _) => ("supervise-near-at-least", limit),
                    (_, limit) => ("supervise-near-below", limit.unwrap_or_default()),
                };
                let gap = round::to((limit - value).abs(), 6);
                near.push(say!(l, id, what = what, value = value, bound = limit, gap = gap));
            }
        }
        if !met.is_empty() {
            return Some((Standing::Member, Vec::new(), self.join(met), l.text("supervise-clears-indicators")));
        }
        (!near.is_empty()).then(|| (Standing::Near, Vec::new(), self.join(near), String::new()))
    }

    pub(super) fn grade(&self, rule: &GradeRule, village: usize) -> Outcome {
        let facts = self.facts;
        let l = self.lang();
        let counts = |grade: &str| rule.grades.iter().any(|g| g == grade);
        let clears = l.text("supervise-clears-grade");
        if rule.from == GradeSource::Scores {
            let grade = facts.scores[village].grade.filter(|g| counts(g))?;
            let reason = say!(l, "supervise-reason-grade", grade = self.word(Vocab::Grade, grade));
            return Some((Standing::Member, Vec::new(), reason, clears));
        }
        let secretary = facts.holder(village, "secretary")?;
        let mut in_row = 0;
        while in_row < rule.years as usize {
            let year = i64::from(facts.last_year) - in_row as i64;
            let mut of_year =
                facts.appraisals.of(village).iter().filter(|a| a.person == secretary && a.year == year).peekable();
            if of_year.peek().is_none() || !of_year.all(|a| counts(a.grade)) {
                break;
            }
            in_row += 1;
        }
        let grades = self.join(rule.grades.iter().map(|g| self.word(Vocab::Grade, g)));
        if in_row == rule.years as usize {
            let reason = say!(l, "supervise-reason-appraisals", grades = grades, n = in_row);
            return Some((Standing::Member, Vec::new(), reason, clears));
        }
        (in_row > 0 && in_row + 1 == rule.years as usize).then(|| {
            let what = say!(l, "supervise-what-appraisals", grades = grades);
            let reason = say!(l, "supervise-near-years", what = what, n = in_row, least = rule.years);
            (Standing::Near, Vec::new(), reason, String::new())
        })
    }
}

fn meets(bound: &Bound, value: f64) -> bool {
    bound.at_least.is_some_and(|b| value >= b) || bound.below.is_some_and(|b| value < b)
}

fn nearly(bound: &Bound, value: f64) -> bool {
    !meets(bound, value)
        && bound.margin > 0.0
        && (bound.at_least.is_some_and(|b| value >= b - bound.margin)
            || bound.below.is_some_and(|b| value < b + bound.margin))
}
