//! Stage 后备 reserve: which posts need somebody, who may fill them, who fits, and one exact
//! assignment over all of them at once.
//!
//! Gates (不能 hard, 不宜 soft) decide who may be suggested; fit (0–100) only orders those who may.
//! The two never mix. Missing facts are doubts that stand beside the name (待核实, 未联审).
//! Everything here is advice for study (建议人选), never a decision.

mod beyond;
mod chains;
mod effects;
mod facts;
mod fit;
mod gates;
mod matching;
mod open;
mod pairs;
mod policy;
mod quotas;
mod review;
mod shortlist;
mod tables;
mod text;
mod vacancies;
mod waived;

use std::collections::HashMap;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::book::Tables;
use crate::stage::{Context, StageResult, StageTables};

pub use policy::{
    Band, Cause, CrossVillage, Fact, Factor, Gate, Hardness, MatchRobustness, Missing, QuotaArea, QuotaGroup,
    ReservePolicy, ReserveQuota, ReviewPolicy, SoftRule, Test, VacancyPolicy,
};

use facts::Facts;
use fit::Fits;
use text::Texts;
use waived::Waived;

/// What the stage found. Text columns are in the context's language; `candidate`, `holder` and
/// `next_best` hold surrogate codes. Unless said otherwise rows are sorted by county, township and
/// village of the vacancy, or of the person.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// `vacancy, county, township, village, village_name, post, cause, holder, since, priority, detail`;
    /// `cause` is `empty`, `sanction`, `age`, `adjustment`, `term` or `chain` (its holder is recommended for
    /// another post); priority 1 is the most urgent.
    pub vacancies: DataFrame,
    /// `vacancy, candidate, fit, order, county, township, village, village_name, post, own_village,
    /// origin_village, origin_village_name, recommended, gates_passed, soft_bars, reasons_for,
    /// reasons_against, contributions, rec_id`: the N 建议人选 of each post in `order` 1..N, the
    /// recommended one first; `fit` is 0–100 and `contributions` adds up to it.
    pub shortlists: DataFrame,
    /// `vacancy, candidate, fit, cost, county, township, village, village_name, post, own_village,
    /// reasons, next_best, next_best_loss, tied, kept, fragile, rec_id`: one row per filled post. `cost` is
    /// −fit in hundredths. `next_best` is who takes the post in the best whole solution without
    /// this person (null: nobody), `next_best_loss` what that loses in fit points over all posts
    /// (null if one post more stays open then). For somebody who leaves a post for this one it is the solution
    /// without that move; both are null for a move that is ordered, and beyond the first 60 moves. `tied`:
    /// another optimal assignment treats this post differently.
    pub assignment: DataFrame,
    /// `vacancy, county, township, village, village_name, post, cause, detail`; `cause` is
    /// `no_candidate_in_pool`, `all_barred` or `shortage`.
    pub open_posts: DataFrame,
    /// `vacancy, candidate, fit, cost, county, township, village, village_name, post, moves, to_vacancy, detail`: every
    /// post that somebody of the pool, `candidate`, holds and might leave for a vacancy (腾位递补). Whoever does
    /// not move stays, which is worth `fit`; their post is no vacancy then, but stands in `edges`, `prices` and
    /// what else proves the matching.
    pub chains: DataFrame,
    /// `vacancy, candidate, fit, cost, wish`: every eligible pair, by vacancy and candidate; `cost` is −fit in
    /// hundredths. These and the next seven are the engine's: see [`mod@crate::matching::tables`].
    pub edges: DataFrame,
    /// The prices that prove the matching the best.
    pub prices: DataFrame,
    /// The matching in figures.
    pub match_summary: DataFrame,
    /// Quotas and kin conflicts with their prices.
    pub quotas: DataFrame,
    /// Who belongs to the groups of quotas.
    pub quota_people: DataFrame,
    /// Which vacancies count in them.
    pub quota_posts: DataFrame,
    /// Under quotas and conflicts, posts first: how many can be filled.
    pub seat_stages: DataFrame,
    /// The prices that prove it.
    pub seat_prices: DataFrame,
    /// Pairings that are chosen in draws.
    pub robust_pairs: DataFrame,
    /// `vacancy, candidate, county, township, village, village_name, post, decision, cost, posts`: what those
    /// who decide have ordered, what it costs in points of fit, and how many posts more would be filled
    /// without it.
    pub match_orders: DataFrame,
    /// `candidate, county, township, village, gate, hardness, from, until, basis, text`: every bar
    /// and doubt of everybody in the pool; `hardness` is `hard`, `soft` or `to_clarify`.
    pub bars: DataFrame,
    /// `gate, people, posts_opened, fit_gain, text`: what waiving one soft gate alone would bring.
    pub waivers: DataFrame,
    /// `candidate, county, township, village, joined, eligible_on`: probationary members.
    pub probation: DataFrame,
    /// `candidate, county, township, village, advice, reason, rec_id`; `advice` is `exit`, `appraise`
    /// or, where the county's book dates no appraisal at all, `unrecorded`.
    pub pool_review: DataFrame,
    /// `dimension, key, people, appointed, share, still_in_post`: everybody ever in the pool, by
    /// `source` and by `recommender`; `share` is 0–1.
    pub pool_outcomes: DataFrame,
    /// `county, posts_filled_12m, from_pool, share`: posts filled in the last twelve months.
    pub fill: DataFrame,
    /// Where the quotas cannot all be met: which contradict each other, and the least that would have to give.
    /// Nobody is recommended then, and `quotas`, `prices` and `match_summary` prove that no choice keeps them.
    pub unmet: Option<String>,
}

impl Reserve {
    /// All tables, by name.
    pub fn tables(&self) -> StageTables {
        vec![
            ("vacancies", self.vacancies.clone()),
            ("shortlists", self.shortlists.clone()),
            ("assignment", self.assignment.clone()),
            ("open_posts", self.open_posts.clone()),
            ("chains", self.chains.clone()),
            ("edges", self.edges.clone()),
            ("prices", self.prices.clone()),
            ("match_summary", self.match_summary.clone()),
            ("quotas", self.quotas.clone()),
            ("quota_people", self.quota_people.clone()),
            ("quota_posts", self.quota_posts.clone()),
            ("seat_stages", self.seat_stages.clone()),
            ("seat_prices", self.seat_prices.clone()),
            ("robust_pairs", self.robust_pairs.clone()),
            ("match_orders", self.match_orders.clone()),
            ("bars", self.bars.clone()),
            ("waivers", self.waivers.clone()),
            ("probation", self.probation.clone()),
            ("pool_review", self.pool_review.clone()),
            ("pool_outcomes", self.pool_outcomes.clone()),
            ("fill", self.fill.clone()),
        ]
    }
}

/// Runs the stage. `scores` is the table of [`crate::score`]: its `consequence` tells which heads
/// to study; it may be empty.
///
/// # Errors
/// A table without the columns of its schema, or more pairs than 32-bit indices hold.
pub fn reserve(tables: &Tables, scores: &DataFrame, ctx: &Context) -> StageResult<Reserve> {
    let (waivers, orders) = (waived::none(), DataFrame::empty());
    reserve_with(tables, scores, Given { waivers: &waivers, orders: &orders }, ctx)
}

/// What those who decide have said.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Waivers of soft gates: `candidate, gate, reason, body, date`. A waiver that was granted by the
    /// reference date lifts that gate for that person, and stands beside the name. A hard bar of the same
    /// gate stays.
    pub waivers: &'a DataFrame,
    /// Recommendations that were adopted (`force`) or not (`forbid`): `rec_id, candidate, order`.
    /// An order about somebody who may not be suggested any more is not followed.
    pub orders: &'a DataFrame,
}

/// The same with what those who decide have said.
///
/// # Errors
/// See [`reserve`]; also quotas of which it is not known whether they can be met.
pub fn reserve_with(tables: &Tables, scores: &DataFrame, given: Given, ctx: &Context) -> StageResult<Reserve> {
    let waived = Waived::read(given.waivers, ctx)?;
    let mut facts = Facts::read(tables, ctx)?;
    let mut found = vacancies::find(&facts, scores, ctx)?;
    facts.forget_leaving(&found.leaving());
    let findings: Vec<_> = facts
        .candidates
        .par_iter()
        .map(|person| {
            let mut found = gates::examine(person, &facts, ctx);
            waived.lift(person.id, &mut found);
            found
        })
        .collect();
    let fits = Fits::new(&facts.candidates, ctx);
    let lookup = pairs::lookup(&found, &facts, &findings, &fits, &waived, ctx);
    let mut considered = chains::consider(&mut found, &facts, &lookup, ctx);
    let basis = matching::Basis::new(tables, &facts, &found, &fits, ctx)?;
    let orders = matching::orders(given.orders, &basis)?;
    let matching = matching::solve_all(&mut considered, &basis, &lookup, orders)?;
    let effects = effects::waivers(&considered, &matching, &basis)?;
    let of_engine = |name: &str| matching.table(name, ctx.lang);
    let texts = Texts::new(ctx, &facts.candidates);
    let left: HashMap<u32, usize> =
        found.list.iter().enumerate().filter_map(|(row, v)| Some((v.stays?, row))).collect();
    let view = tables::View {
        facts: &facts,
        vacancies: &found,
        findings: &findings,
        fits: &fits,
        considered: &considered,
        matching: &matching,
        texts: &texts,
        waived: &waived,
        placed: if matching.unmet.is_some() { left.clone() } else { matching.placements() },
        left,
    };
    Ok(Reserve {
        vacancies: tables::vacancies(&view)?,
        shortlists: shortlist::shortlists(&view)?,
        assignment: shortlist::assignment(&view)?,
        open_posts: open::open_posts(&view)?,
        chains: chains::chains(&view)?,
        edges: of_engine("edges")?,
        prices: of_engine("prices")?,
        match_summary: tables::match_summary(of_engine("match_summary")?)?,
        quotas: tables::quotas(&of_engine("quotas")?)?,
        quota_people: of_engine("quota_people")?,
        quota_posts: of_engine("quota_posts")?,
        seat_stages: of_engine("seat_stages")?,
        seat_prices: of_engine("seat_prices")?,
        robust_pairs: of_engine("robust_pairs")?,
        match_orders: tables::orders(&view)?,
        bars: tables::bars(&view)?,
        waivers: tables::waivers(&view, &effects)?,
        probation: review::probation(&view)?,
        pool_review: review::pool_review(&view)?,
        pool_outcomes: review::outcomes(tables, &view)?,
        fill: review::fill(tables, &view)?,
        unmet: matching.unmet.clone(),
    })
}
