//! Puts findings, tracking and urgency together: one status per village, with reasons, basis and
//! what would clear it.

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::facts::Facts;
use super::find::{Finder, Finding, Standing};
use super::policy::Purpose;
use super::risk::Learned;
use super::track::{self, Required, State, Track};
use super::urgency::{self, Parts};
use crate::book::schema::Vocab;
use crate::frame::Build;
use crate::ident;
use crate::kernel::round;
use crate::lang::Lang;
use crate::say;
use crate::stage::{Context, StageResult};

/// What the stage says of a village.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Listed,
    Relapse,
    Leaving,
    Suggested,
    NearMiss,
    Recheck,
    ToClarify,
}

impl Status {
    pub const fn code(self) -> &'static str {
        match self {
            Status::Listed => "listed",
            Status::Relapse => "relapse",
            Status::Leaving => "leaving",
            Status::Suggested => "suggested",
            Status::NearMiss => "near_miss",
            Status::Recheck => "recheck",
            Status::ToClarify => "to_clarify",
        }
    }

    /// Is a village of this status under supervision now?
    pub const fn supervised(self) -> bool {
        matches!(self, Status::Listed | Status::Relapse | Status::Leaving)
    }
}

/// All that was found about one village.
pub(super) struct Case<'a> {
    pub status: Option<Status>,
    pub findings: Vec<Finding>,
    pub track: Track,
    pub required: Vec<Required<'a>>,
    pub relapse: Option<(NaiveDate, NaiveDate)>,
    pub parts: Parts,
}

impl Case<'_> {
    fn of(&self, standing: Standing) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |f| f.standing == standing)
    }

    fn since(&self) -> Option<NaiveDate> {
        self.track.since.or_else(|| self.of(Standing::Member).filter_map(|f| f.triggers.first().copied()).min())
    }
}

/// One case per village, in the order of [`Facts::villages`].
pub(super) struct Advice<'a> {
    pub villages: Vec<Case<'a>>,
    /// Villages left out of the suggestions because a tie crossed the capacity.
    pub tied: usize,
}

/// Judges every village.
pub(super) fn advise<'a>(facts: &Facts<'a>, learned: &Learned, ctx: &'a Context<'a>) -> Advice<'a> {
    let policy = &ctx.policy.supervise;
    let finder = Finder { facts, ctx };
    let mut villages: Vec<Case<'a>> =
        (0..facts.villages.len()).map(|v| case(facts, &finder, learned.place[v], ctx, v)).collect();
    let mut tied = 0;
    for (_, range) in &facts.counties {
        tied += suggest(&mut villages[range.clone()], &learned.risk[range.clone()], policy.suggest.capacity, |case| {
            case.parts.total() >= policy.suggest.minimum_urgency
        });
    }
    Advice { villages, tied }
}

fn case<'a>(
    facts: &Facts<'a>,
    finder: &Finder<'_>,
    place: Option<f64>,
    ctx: &'a Context<'a>,
    village: usize,
) -> Case<'a> {
    let policy = &ctx.policy.supervise;
    let mut findings: Vec<Finding> = policy
        .categories
        .values()
        .enumerate()
        .filter(|(_, category)| category.enabled)
        .filter_map(|(i, category)| finder.find(i, &category.rule, village))
        .collect();
    if !facts.villages[village].registered {
        // Named by a ledger or roster only: whether there is such a village has to be settled first.
        for finding in findings.iter_mut().filter(|f| f.standing == Standing::Member) {
            finding.standing = Standing::Unclear;
        }
    }
    let track = track::track(facts, &policy.tracking, village);
    let members = findings.iter().filter(|f| f.standing == Standing::Member);
    let member = members.clone().next().is_some();
    let mut triggers: Vec<NaiveDate> = members.clone().flat_map(|f| f.triggers.iter().copied()).collect();
    triggers.sort_unstable();
    let supervised = member || track.under;
    let required = if supervised { track::required(facts, &policy.measures, village) } else { Vec::new() };
    let overdue = required.iter().filter(|r| r.state == State::Overdue).count();
    let relapse = supervised.then(|| track::relapse(&policy.tracking, &track, &triggers)).flatten();
    let parts = urgency::parts(facts, &policy.urgency, village, members.count(), overdue, place);
    let status = if supervised && track::may_leave(&policy.measures, &track, &required, triggers.last().copied()) {
        Some(Status::Leaving)
    } else if relapse.is_some() {
        Some(Status::Relapse)
    } else if supervised {
        Some(Status::Listed)
    } else if findings.iter().any(|f| f.standing == Standing::Unclear) {
        Some(Status::ToClarify)
    } else if track::recheck_due(&policy.tracking, &track, facts.as_of).is_some() {
        Some(Status::Recheck)
    } else if findings.iter().any(|f| f.standing == Standing::Near) {
        Some(Status::NearMiss)
    } else {
        None
    };
    Case { status, findings, track, required, relapse, parts }
}

/// Marks the most urgent villages outside the categories, up to the capacity; what the figures cannot
/// separate at the cut stays out together. Returns how many that were.
fn suggest(cases: &mut [Case<'_>], risk: &[Option<f64>], capacity: usize, enough: impl Fn(&Case<'_>) -> bool) -> usize {
    let open = |s: Option<Status>| matches!(s, None | Some(Status::NearMiss));
    let key = |i: usize, cases: &[Case<'_>]| (cases[i].parts.total(), risk[i].unwrap_or(-1.0));
    let mut order: Vec<usize> = (0..cases.len()).filter(|i| open(cases[*i].status) && enough(&cases[*i])).collect();
    order.sort_by(|a, b| {
        let (a, b) = (key(*a, cases), key(*b, cases));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    let mut end = capacity.min(order.len());
    let mut tied = 0;
    if end > 0 && end < order.len() && key(order[end - 1], cases) == key(order[end], cases) {
        let level = key(order[end], cases);
        tied = order.iter().filter(|i| key(**i, cases) == level).count();
        end = order.iter().position(|i| key(*i, cases) == level).unwrap_or(end);
    }
    for i in &order[..end] {
        cases[*i].status = Some(Status::Suggested);
    }
    tied
}

/// The words of one row of the table `supervision`.
struct Words<'a, 'b> {
    facts: &'b Facts<'a>,
    learned: &'b Learned,
    ctx: &'b Context<'b>,
}

impl Words<'_, '_> {
    fn join(&self, parts: Vec<String>) -> String {
        parts.join(if self.ctx.lang == Lang::Zh { "；" } else { "; " })
    }

    fn label(&self, category: usize) -> String {
        let Some((key, category)) = self.ctx.policy.supervise.categories.get_index(category) else {
            return String::new();
        };
        let id = format!("supervise-category-{}", key.replace('_', "-"));
        match self.ctx.lang {
            Lang::Zh => category.label.clone(),
            Lang::En if Lang::En.has(&id) => Lang::En.text(&id),
            Lang::En => key.replace('_', " "),
        }
    }

    fn reasons(&self, case: &Case<'_>, status: Status, village: usize) -> String {
        let l = self.ctx.lang;
        let mut parts = Vec::new();
        if !self.facts.villages[village].registered {
            parts.push(l.text("supervise-reason-unregistered"));
        }
        for finding in &case.findings {
            let label = self.label(finding.category);
            let id = match finding.standing {
                Standing::Member => "supervise-in",
                Standing::Unclear => "supervise-unclear",
                Standing::Near => "supervise-near",
            };
            parts.push(say!(l, id, category = label, reason = &finding.reason));
        }
        if let Some((released, again)) = case.relapse {
            parts.push(say!(l, "supervise-reason-relapse", released = released, again = again));
        } else if status == Status::Listed
            && let Some(day) = case.track.released
        {
            parts.push(say!(l, "supervise-reason-released", day = day));
        }
        if case.track.under {
            parts.push(match case.track.since {
                Some(day) => say!(l, "supervise-reason-under", day = day),
                None => l.text("supervise-reason-under-undated"),
            });
        }
        if let (Some(check), true) = (case.track.check, status.supervised()) {
            let id = if status == Status::Leaving { "supervise-reason-leaving" } else { "supervise-reason-check" };
            parts.push(say!(l, id, day = check.day, score = check.score, dissatisfied = check.dissatisfied));
        }
        if status == Status::Recheck
            && let Some(released) = case.track.released
            && let Some(due) = track::recheck_due(&self.ctx.policy.supervise.tracking, &case.track, self.facts.as_of)
        {
            parts.push(say!(l, "supervise-reason-recheck", released = released, due = due));
        }
        if let Some(grade) = self.facts.scores[village].grade.filter(|_| case.parts.grade > 0.0) {
            let grade = self.ctx.policy.words.label(l, Vocab::Grade, grade);
            parts.push(match self.facts.scores[village].score {
                Some(score) => say!(l, "supervise-reason-scored", grade = grade, score = round::to(score, 2)),
                None => say!(l, "supervise-reason-grade", grade = grade),
            });
        }
        if let (Some(risk), Some(place)) = (self.learned.risk[village], self.learned.place[village]) {
            let (risk, place) = (round::show(100.0 * risk, 2), round::show(100.0 * place, 1));
            parts.push(say!(l, "supervise-reason-risk", risk = risk, place = place));
        }
        parts.push(self.urgency(&case.parts));
        self.join(parts)
    }

    fn urgency(&self, parts: &Parts) -> String {
        let l = self.ctx.lang;
        let named = parts.list().into_iter().filter(|(_, points)| *points > 0.0);
        let sum: Vec<String> = named
            .map(|(part, points)| format!("{} {}", l.text(&format!("supervise-part-{part}")), round::show(points, 1)))
            .collect();
        let total = round::show(parts.total(), 1);
        if sum.is_empty() {
            say!(l, "supervise-urgency-zero", total = total)
        } else {
            say!(l, "supervise-urgency", total = total, sum = sum.join(" + "))
        }
    }

    fn basis(&self, case: &Case<'_>, status: Status) -> String {
        let l = self.ctx.lang;
        let policy = &self.ctx.policy.supervise;
        let clause = |source: &str, key: &str| {
            let key = format!("supervise.{key}");
            if source.is_empty() {
                say!(l, "supervise-basis", key = key)
            } else {
                say!(l, "supervise-basis-source", source = source, key = key)
            }
        };
        let mut parts: Vec<String> = case
            .findings
            .iter()
            .filter_map(|f| policy.categories.get_index(f.category))
            .map(|(key, category)| clause(&category.source, &format!("categories.{key}")))
            .collect();
        match status {
            Status::Leaving => parts.push(clause(&policy.measures.source, "measures")),
            Status::Relapse | Status::Recheck => parts.push(clause(&policy.tracking.source, "tracking")),
            Status::Suggested => parts.push(clause("", "suggest")),
            Status::Listed if parts.is_empty() => parts.push(clause(&policy.tracking.source, "tracking")),
            _ => {}
        }
        self.join(parts)
    }

    fn clears(&self, case: &Case<'_>, status: Status) -> String {
        let l = self.ctx.lang;
        let policy = &self.ctx.policy.supervise;
        let mut parts: Vec<String> = Vec::new();
        match status {
            Status::Suggested => parts.push(l.text("supervise-clears-suggested")),
            Status::NearMiss => parts.push(l.text("supervise-clears-near")),
            Status::Recheck => parts.push(l.text("supervise-clears-recheck")),
            Status::Leaving => parts.push(l.text("supervise-clears-leaving")),
            Status::Listed | Status::Relapse => {
                let (score, dissatisfied) = (policy.measures.leave_score, policy.measures.leave_dissatisfied);
                parts.extend(case.of(Standing::Member).map(|f| f.clears.clone()).filter(|c| !c.is_empty()));
                parts.push(say!(l, "supervise-clears-measures", score = score, dissatisfied = dissatisfied));
            }
            Status::ToClarify => {}
        }
        parts.extend(case.of(Standing::Unclear).map(|f| f.clears.clone()).filter(|c| !c.is_empty()));
        parts.dedup();
        self.join(parts)
    }

    fn overdue(&self, case: &Case<'_>) -> Option<String> {
        let l = self.ctx.lang;
        let parts: Vec<String> = case
            .required
            .iter()
            .filter(|r| r.state == State::Overdue)
            .filter_map(|r| r.row.and_then(|m| m.due).map(|due| (r, due)))
            .map(|(r, due)| {
                let measure = self.ctx.policy.words.label(l, Vocab::Measure, r.code);
                let days = self.facts.as_of.signed_duration_since(due).num_days();
                say!(l, "supervise-overdue", measure = measure, due = due, days = days)
            })
            .collect();
        (!parts.is_empty()).then(|| self.join(parts))
    }

    /// Codes of the categories that the village is in, would be in, or is close to.
    fn categories(&self, case: &Case<'_>, status: Status) -> Option<String> {
        let standing = match status {
            Status::ToClarify => Standing::Unclear,
            Status::NearMiss => Standing::Near,
            _ => Standing::Member,
        };
        let policy = &self.ctx.policy.supervise.categories;
        let codes: Vec<&str> =
            case.of(standing).filter_map(|f| policy.get_index(f.category)).map(|(key, _)| key.as_str()).collect();
        (!codes.is_empty()).then(|| codes.join(";"))
    }

    /// Supervising if any category is, else cultivating if any is.
    fn purpose(&self, case: &Case<'_>) -> Purpose {
        let policy = &self.ctx.policy.supervise.categories;
        let purposes = case.findings.iter().filter_map(|f| policy.get_index(f.category)).map(|(_, c)| c.purpose);
        purposes.min().unwrap_or_default()
    }
}

/// The table `supervision`; see [`super::Supervision::supervision`].
pub(super) fn table(
    facts: &Facts<'_>,
    learned: &Learned,
    advice: &Advice<'_>,
    ctx: &Context<'_>,
) -> StageResult<DataFrame> {
    let words = Words { facts, learned, ctx };
    let rows: Vec<(usize, Status, &Case<'_>)> =
        advice.villages.iter().enumerate().filter_map(|(v, c)| c.status.map(|s| (v, s, c))).collect();
    let village = |v: usize| &facts.villages[v];
    let done = |case: &Case<'_>, codes: &[String]| {
        let mine = case.required.iter().filter(|r| codes.iter().any(|c| c == r.code));
        let all = mine.clone().count();
        let done = mine.filter(|r| r.state == State::Done).count();
        (!case.required.is_empty()).then_some((done as i64, all as i64))
    };
    let measures = &ctx.policy.supervise.measures;
    let mechanisms: Vec<_> = rows.iter().map(|r| done(r.2, &measures.mechanisms)).collect();
    let ones: Vec<_> = rows.iter().map(|r| done(r.2, &measures.ones)).collect();
    let categories: Vec<Option<String>> = rows.iter().map(|(_, s, c)| words.categories(c, *s)).collect();
    let rec_ids: Vec<String> = rows
        .iter()
        .zip(&categories)
        .map(|((v, status, _), categories)| {
            let whom = format!("{}/{}", village(*v).county, village(*v).key);
            let rule = format!("{}:{}", status.code(), categories.as_deref().unwrap_or_default());
            ident::recommendation("supervise", &whom, &rule)
        })
        .collect();
    let str = |f: &dyn Fn(&(usize, Status, &Case<'_>)) -> String| rows.iter().map(f).collect::<Vec<String>>();
    Ok(Build::new()
        .str("county", &rows.iter().map(|r| village(r.0).county).collect::<Vec<_>>())
        .str("township", &rows.iter().map(|r| village(r.0).township).collect::<Vec<_>>())
        .str("village", &rows.iter().map(|r| village(r.0).key).collect::<Vec<_>>())
        .str("village_name", &rows.iter().map(|r| village(r.0).name).collect::<Vec<_>>())
        .text("person", rows.iter().map(|r| facts.holder(r.0, "secretary")).collect())
        .str("kind", &rows.iter().map(|r| words.purpose(r.2).code()).collect::<Vec<_>>())
        .str("status", &rows.iter().map(|r| r.1.code()).collect::<Vec<_>>())
        .text("categories", categories)
        .date("since", rows.iter().map(|r| r.2.since()).collect())
        .number("urgency", rows.iter().map(|r| Some(r.2.parts.total())).collect())
        .number("risk", rows.iter().map(|r| learned.risk[r.0]).collect())
        .str("reasons", &str(&|r| words.reasons(r.2, r.1, r.0)))
        .str("basis", &str(&|r| words.basis(r.2, r.1)))
        .str("clears", &str(&|r| words.clears(r.2, r.1)))
        .whole("mechanisms_done", mechanisms.iter().map(|m| m.map(|m| m.0)).collect())
        .whole("mechanisms_total", mechanisms.iter().map(|m| m.map(|m| m.1)).collect())
        .whole("ones_done", ones.iter().map(|m| m.map(|m| m.0)).collect())
        .whole("ones_total", ones.iter().map(|m| m.map(|m| m.1)).collect())
        .text("overdue", rows.iter().map(|r| words.overdue(r.2)).collect())
        .str("rec_id", &rec_ids)
        .done()?)
}

/// The table `supervision_measures`: every required measure of every supervised village.
pub(super) fn measures_table(facts: &Facts<'_>, advice: &Advice<'_>) -> StageResult<DataFrame> {
    let rows: Vec<(usize, &Required<'_>)> =
        advice.villages.iter().enumerate().flat_map(|(v, c)| c.required.iter().map(move |r| (v, r))).collect();
    Ok(keyed(facts, &rows.iter().map(|r| r.0).collect::<Vec<_>>())
        .str("measure", &rows.iter().map(|r| r.1.code).collect::<Vec<_>>())
        .text("responsible", rows.iter().map(|r| r.1.row.and_then(|m| m.responsible)).collect())
        .date("due", rows.iter().map(|r| r.1.row.and_then(|m| m.due)).collect())
        .date("done", rows.iter().map(|r| r.1.row.and_then(|m| m.done)).collect())
        .str("state", &rows.iter().map(|r| r.1.state.code()).collect::<Vec<_>>())
        .done()?)
}

/// The table `urgency`: the parts of every village in `supervision`.
pub(super) fn urgency_table(facts: &Facts<'_>, advice: &Advice<'_>) -> StageResult<DataFrame> {
    let cases = advice.villages.iter().enumerate().filter(|(_, c)| c.status.is_some());
    let rows: Vec<(usize, &str, f64)> =
        cases.flat_map(|(v, c)| c.parts.list().into_iter().map(move |(part, points)| (v, part, points))).collect();
    Ok(keyed(facts, &rows.iter().map(|r| r.0).collect::<Vec<_>>())
        .str("part", &rows.iter().map(|r| r.1).collect::<Vec<_>>())
        .number("points", rows.iter().map(|r| Some(r.2)).collect())
        .done()?)
}

fn keyed(facts: &Facts<'_>, villages: &[usize]) -> Build {
    let column = |f: fn(&super::facts::Village<'_>) -> String| {
        villages.iter().map(|v| f(&facts.villages[*v])).collect::<Vec<String>>()
    };
    Build::new()
        .str("county", &column(|v| v.county.to_owned()))
        .str("township", &column(|v| v.township.to_owned()))
        .str("village", &column(|v| v.key.to_owned()))
        .str("village_name", &column(|v| v.name.to_owned()))
}
