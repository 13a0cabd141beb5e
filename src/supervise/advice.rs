//! Puts findings, tracking and urgency together: one status per village.

use chrono::NaiveDate;

use super::facts::Facts;
use super::find::{Finder, Finding, Standing};
use super::policy::Purpose;
use super::risk::Learned;
use super::track::{self, Required, State, Track};
use super::urgency::{self, Parts};
use crate::stage::Context;

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
    /// Supervising if any of the categories that count is, else cultivating.
    pub purpose: Purpose,
    pub parts: Parts,
}

impl Case<'_> {
    pub fn of(&self, standing: Standing) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |f| f.standing == standing)
    }

    /// Since when the village is under supervision, or in a category.
    pub fn since(&self) -> Option<NaiveDate> {
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
    let finder = Finder::new(facts, ctx);
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
    let purpose = if member || !track.under {
        let counts = findings.iter().filter(|f| !member || f.standing == Standing::Member);
        let categories = counts.filter_map(|f| policy.categories.get_index(f.category));
        categories.map(|(_, category)| category.purpose).min().unwrap_or_default()
    } else {
        Purpose::Supervise
    };
    // The mechanisms and the "ones" are for supervision; cultivating has its own plan.
    let required = if supervised && (purpose == Purpose::Supervise || track.under) {
        track::required(facts, &policy.measures, village)
    } else {
        Vec::new()
    };
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
    Case { status, findings, track, required, relapse, purpose, parts }
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
