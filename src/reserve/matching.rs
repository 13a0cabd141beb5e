//! One exact matching over all vacancies at once, each person once, on the matching engine; what a
//! waiver would bring, and what the orders of those who decide cost.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::book::Tables;
use crate::frame;
use crate::ident;
use crate::lang::Lang;
use crate::matching::{
    self, Bound, Explained, Grid, Ids, Instance, Loaded, MatchPolicy, Mode, Next, Objective, Placed, Quota, Robustness,
    SolveError, Solved,
};
use crate::say;
use crate::stage::{Context, StageError, StageResult};

use super::beyond::{all_if, beyond, improving, join};
use super::effects::{Granted, granted, without_move};
use super::facts::Facts;
use super::fit::{Fits, HUNDREDTHS};
use super::pairs::{Considered, Lookup};
use super::policy::ReservePolicy;
use super::quotas;
use super::shortlist::RULE;
use super::vacancies::{Vacancies, Vacancy};

/// The matching with everything that explains it. Posts are vacancies in their order; people are those
/// with at least one edge, numbered in the order of `people`.
pub(super) struct Matching {
    /// Places in `facts.candidates`, ascending.
    pub people: Vec<u32>,
    pub loaded: Loaded,
    pub policy: MatchPolicy,
    pub solved: Solved,
    pub explained: Explained,
    /// By place among the placed: see [`Matching::next`].
    next: Vec<Option<Next>>,
    /// By vacancy: place among the placed.
    at: Vec<Option<usize>>,
    /// Orders with what became of them.
    pub orders: Vec<Order>,
    /// Those recommended thanks to a waiver.
    pub granted: Vec<Granted>,
    /// Where the quotas cannot all be met: which contradict each other, and what would do. Nobody is recommended
    /// then; the tables prove it.
    pub unmet: Option<String>,
}

/// An order of those who decide: this person for this vacancy, or not.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub vacancy: u32,
    /// Place in `facts.candidates`.
    pub candidate: u32,
    pub force: bool,
    /// Whether it is followed.
    pub fate: Fate,
    /// What the order costs in hundredths of fit: the best solution without it less that with it. None if
    /// it was not worked out, or if another number of posts would be filled.
    pub cost: Option<i64>,
    /// Posts that would be filled more without it.
    pub posts: i64,
}

/// What becomes of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Followed,
    /// Several people were adopted for the vacancy, and another one has it.
    Other,
    /// The person was adopted for several vacancies: left to the matching.
    PersonTwice,
    /// The person may not be suggested.
    NotEligible,
    /// The quotas contradict each other: nobody is recommended.
    Unmet,
}

impl Fate {
    pub fn code(self) -> &'static str {
        match self {
            Fate::Followed => "followed",
            Fate::Other => "other_person",
            Fate::PersonTwice => "several_vacancies",
            Fate::NotEligible => "not_eligible",
            Fate::Unmet => "unmet",
        }
    }
}

impl Order {
    /// Whether the matching has to keep it.
    fn binds(&self) -> bool {
        matches!(self.fate, Fate::Followed | Fate::Other)
    }
}

/// Orders, and moves of holders, whose cost is worked out; each takes a solution of its own.
pub(super) const COSTED: usize = 60;

impl Matching {
    /// The person recommended for a vacancy: place in `facts.candidates`.
    pub fn recommended(&self, row: usize) -> Option<u32> {
        self.placed(row).map(|p| self.people[p.person as usize])
    }

    /// Vacancy of everybody placed, by place in `facts.candidates`; holders who stay are.
    pub fn placements(&self) -> HashMap<u32, usize> {
        self.solved.placed.iter().map(|p| (self.people[p.person as usize], p.post as usize)).collect()
    }

    /// Who is placed on a vacancy.
    fn placed(&self, row: usize) -> Option<&Placed> {
        self.at[row].map(|at| &self.solved.placed[at])
    }

    /// The best whole solution without the person recommended, or without their move if they hold a post;
    /// people by their place in `facts.candidates`.
    pub fn next(&self, row: usize) -> Option<Next> {
        self.next[self.at[row]?]
    }

    /// Another solution that is just as good treats the vacancy differently.
    pub fn tied(&self, row: usize) -> Option<bool> {
        self.explained.tied[self.at[row]?]
    }

    /// By how much a pair's fit would have had to be greater for it to be recommended, at least, in hundredths; none
    /// for people beyond the bound on edges, where rules or orders stand against the pair, and where a post would
    /// stay open for it, which no fit makes up for.
    pub fn missing(&self, row: usize, candidate: u32) -> Option<i64> {
        let person = self.people.binary_search(&candidate).ok()?;
        let edge = self.loaded.instance.find(row as u32, person as u32)?;
        // Half the price of an open post or more: one would stay open.
        let posts = self.policy.open_price * HUNDREDTHS as f64 / 2.0;
        let by_price = self.policy.objective == Objective::Fit;
        self.explained.missing[edge].filter(|missing| !by_price || (*missing as f64) < posts)
    }

    /// Share of draws in which the pairing stays.
    pub fn stays(&self, row: usize) -> Option<f64> {
        Some(self.explained.sureness.as_ref()?.stays[self.at[row]?])
    }

    /// A table that the engine writes of it.
    pub fn table(&self, name: &str, lang: crate::lang::Lang) -> frame::FrameResult<DataFrame> {
        let made = matching::Made {
            loaded: &self.loaded,
            policy: &self.policy,
            solved: &self.solved,
            explained: &self.explained,
            lang,
        };
        matching::table(&made, name)
    }
}

/// The rules of the matching in the engine's words.
fn rules(policy: &ReservePolicy, seed: u64) -> MatchPolicy {
    let draws = &policy.robustness;
    let weights = |most: f64| if most > 0.0 { Some(most) } else { None };
    let parts = policy.fit.iter().filter_map(|(key, factor)| Some((key.clone(), weights(factor.most_points())?)));
    let robustness = (draws.draws > 0).then(|| Robustness {
        draws: draws.draws,
        candidate_error: draws.appraisal_error,
        parts: parts.collect(),
        concentration: draws.concentration,
        fragile: draws.fragile,
    });
    MatchPolicy {
        objective: if policy.open_price.is_some() { Objective::Fit } else { Objective::Filled },
        open_price: policy.open_price.unwrap_or(0.0),
        mode: Mode::Optimal,
        seed,
        quotas: policy.quotas.keys().map(|key| (key.clone(), Quota::default())).collect(),
        robustness,
        ..MatchPolicy::default()
    }
}

/// What the instance is made from, besides who is considered.
pub(super) struct Basis<'b, 'a> {
    pub facts: &'b Facts<'a>,
    pub vacancies: &'b Vacancies<'a>,
    pub fits: &'b Fits,
    pub ctx: &'b Context<'b>,
    /// Quotas over vacancies and candidates by place.
    pub(super) bounds: Vec<Bound>,
    kin: Vec<(u32, u32)>,
}

impl<'b, 'a> Basis<'b, 'a> {
    pub fn new(
        tables: &'a Tables,
        facts: &'b Facts<'a>,
        vacancies: &'b Vacancies<'a>,
        fits: &'b Fits,
        ctx: &'b Context<'b>,
    ) -> StageResult<Basis<'b, 'a>> {
        let bounds = quotas::bounds(tables, facts, vacancies, ctx)?;
        let kin = quotas::kin(tables, facts, &ctx.policy.reserve)?;
        Ok(Basis { facts, vacancies, fits, ctx, bounds, kin })
    }

    /// The instance over the eligible pairs, those that waiving one gate adds, and the orders.
    pub(super) fn instance(
        &self,
        considered: &[Considered],
        waived: Option<usize>,
        orders: &[Order],
    ) -> (Vec<u32>, Instance) {
        // Of several adopted for one vacancy it goes to one of them.
        let mut adopted: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        let orders = || orders.iter().filter(|order| order.binds());
        for order in orders().filter(|o| o.force) {
            adopted.entry(order.vacancy).or_default().insert(order.candidate);
        }
        let barred: BTreeSet<(u32, u32)> = orders().filter(|o| !o.force).map(|o| (o.vacancy, o.candidate)).collect();
        let forced = self.forced(&adopted);
        let allowed = |row: u32, candidate: u32| {
            // Whoever is adopted for a post that may be left has it if its holder goes.
            let own = self.vacancies.list[row as usize].stays == Some(candidate) && !forced.contains_key(&candidate);
            let chosen = own || adopted.get(&row).is_none_or(|of| of.contains(&candidate));
            chosen && !barred.contains(&(row, candidate))
        };
        let mut list: Vec<(u32, u32, i64, bool)> = Vec::new();
        for (row, found) in considered.iter().enumerate() {
            let added = found.waivable.iter().filter(|(gate, _)| Some(*gate) == waived).map(|(_, pair)| pair);
            let row = row as u32;
            let pairs = found.eligible.iter().chain(added).filter(|pair| allowed(row, pair.candidate));
            let from = list.len();
            list.extend(pairs.map(|pair| (row, pair.candidate, pair.fit, pair.own_village)));
            list[from..].sort_unstable();
        }
        let mut people: Vec<u32> = list.iter().map(|e| e.1).collect();
        people.sort_unstable();
        people.dedup();
        let number = |candidate: u32| people.binary_search(&candidate).ok().map(|at| at as u32);
        let posts = self.vacancies.list.len();
        let mut starts = vec![0_u32; posts + 1];
        list.iter().for_each(|e| starts[e.0 as usize + 1] += 1);
        (0..posts).for_each(|at| starts[at + 1] += starts[at]);
        let mut forced: Vec<(u32, u32)> = forced.iter().filter_map(|(c, row)| Some((*row, number(*c)?))).collect();
        forced.sort_unstable();
        let mut holds = vec![None; people.len()];
        for (row, vacancy) in self.vacancies.list.iter().enumerate() {
            if let Some(person) = vacancy.stays.and_then(number) {
                holds[person as usize] = Some(row as u32);
            }
        }
        let mut instance = Instance {
            grid: Grid { decimals: 2 },
            seats: vec![1; posts],
            classes: vec![0; posts],
            people: people.len(),
            starts,
            heads: list.iter().filter_map(|e| number(e.1)).collect(),
            fits: list.iter().map(|e| e.2).collect(),
            forced,
            holds,
            parts: self.parts(&list),
            post_ties: self.vacancies.list.iter().map(|v| matching::tie("vacancy", &v.id, self.ctx.seed)).collect(),
            person_ties: people.iter().map(|c| self.tie(*c)).collect(),
            ..Instance::default()
        };
        let within = |of: &[u32]| of.iter().filter_map(|c| number(*c)).collect::<Vec<u32>>();
        instance.bounds = self.bounds.iter().map(|b| Bound { people: within(&b.people), ..b.clone() }).collect();
        let kin: Vec<(u32, u32)> = self.kin.iter().filter_map(|(a, b)| Some((number(*a)?, number(*b)?))).collect();
        let village = |post: u32| Some(self.vacancies.list[post as usize].village);
        let conflicts = matching::conflict_bounds(&instance, &kin, &village);
        let conflicts: Vec<Bound> =
            conflicts.into_iter().filter_map(|bound| quotas::without_sitting(bound, &instance)).collect();
        instance.bounds.extend(conflicts);
        (people, instance)
    }

    /// Who must have which vacancy, by candidate: the one adopted for it. Of a post that may be left only if
    /// its holder must have another.
    fn forced(&self, adopted: &BTreeMap<u32, BTreeSet<u32>>) -> BTreeMap<u32, u32> {
        let one = |(row, of): (&u32, &BTreeSet<u32>)| of.first().filter(|_| of.len() == 1).map(|who| (*who, *row));
        let mut left: Vec<(u32, u32)> = adopted.iter().filter_map(one).collect();
        let mut found = BTreeMap::new();
        // A holder who must go makes their post vacant, which may make another holder go.
        loop {
            let is_vacant = |row: u32| {
                let holder = self.vacancies.list[row as usize].stays;
                holder.is_none_or(|holder| found.contains_key(&holder))
            };
            let (now, later): (Vec<_>, Vec<_>) = left.into_iter().partition(|(_, row)| is_vacant(*row));
            if now.is_empty() {
                return found;
            }
            found.extend(now);
            left = later;
        }
    }

    /// A person's tie: of the surrogate code, which tells nothing about the person.
    fn tie(&self, candidate: u32) -> u64 {
        matching::tie("candidate", self.facts.candidates[candidate as usize].id, self.ctx.seed)
    }

    /// The parts of every fit, for draws of weights: each factor's points as hundredths of its most, less
    /// what serving in another village takes off, or with what staying is worth more.
    fn parts(&self, list: &[(u32, u32, i64, bool)]) -> Vec<Vec<i64>> {
        let policy = &self.ctx.policy.reserve;
        if policy.robustness.draws == 0 {
            return Vec::new();
        }
        let most: Vec<i64> = policy.fit.values().map(|f| super::fit::hundredths(f.most_points())).collect();
        let of: Vec<Vec<i64>> = list
            .par_iter()
            .map(|(row, candidate, fit, own)| {
                let person = &self.facts.candidates[*candidate as usize];
                let post = self.vacancies.list[*row as usize].post;
                let (given, _) = self.fits.contributions(*candidate as usize, person, post, *own);
                // What another village takes off, or staying is worth more.
                let beside = fit - given.iter().map(|g| g.hundredths()).sum::<i64>();
                let share = |(given, most): (&super::fit::Given, &i64)| {
                    given.hundredths() * 100 * HUNDREDTHS / most.max(&1) + beside
                };
                given.iter().zip(&most).filter(|(_, most)| **most > 0).map(share).collect()
            })
            .collect();
        let factors = most.iter().filter(|m| **m > 0).count();
        (0..factors).map(|factor| of.iter().map(|parts| parts[factor]).collect()).collect()
    }

    fn loaded(&self, people: &[u32], instance: Instance) -> Loaded {
        Loaded {
            instance,
            vacancies: Ids::Text(self.vacancies.list.iter().map(|v| v.id.clone()).collect()),
            candidates: Ids::Text(people.iter().map(|c| self.facts.candidates[*c as usize].id.to_owned()).collect()),
            ..Loaded::default()
        }
    }

    /// The error of an instance without a solution, with the codes of posts and people, quotas by label and key,
    /// villages by name.
    pub(super) fn failed(
        &self,
        error: &SolveError,
        people: &[u32],
        instance: &Instance,
        policy: &MatchPolicy,
    ) -> StageError {
        StageError::Data(self.told(error, people, instance, policy))
    }

    fn told(&self, error: &SolveError, people: &[u32], instance: &Instance, policy: &MatchPolicy) -> String {
        let loaded = self.loaded(people, instance.clone());
        let lang = self.ctx.lang;
        let called = |key: &str, value: &str| {
            let place = self.facts.village_names.get(value).copied().filter(|name| !name.is_empty()).unwrap_or(value);
            let label = self.ctx.policy.reserve.quotas.get(key).and_then(|quota| quota.label.as_deref());
            match label.filter(|_| lang == Lang::Zh) {
                Some(label) => matching::quota_name(&say!(lang, "reserve-quota-name", label = label, key = key), place),
                None => matching::quota_name(key, place),
            }
        };
        matching::tell(error, &loaded, policy, lang, &called)
    }
}

/// Orders of a table `rec_id, candidate, order` (`force` or `forbid`) that speak of a vacancy of this run
/// and of somebody in the pool.
pub(super) fn orders(table: &DataFrame, basis: &Basis) -> StageResult<Vec<Order>> {
    if table.height() == 0 {
        return Ok(Vec::new());
    }
    let (id, who, what) =
        (frame::words(table, "rec_id")?, frame::words(table, "candidate")?, frame::words(table, "order")?);
    let place: HashMap<&str, u32> = basis.facts.candidates.iter().map(|c| c.id).zip(0..).collect();
    let mut wanted: BTreeMap<&str, BTreeMap<&str, bool>> = BTreeMap::new();
    for row in 0..table.height() {
        wanted.entry(who[row]).or_default().insert(id[row], what[row] == "force");
    }
    let mut found = Vec::new();
    for (who, ids) in &wanted {
        let Some(&candidate) = place.get(who) else { continue };
        let person = &basis.facts.candidates[candidate as usize];
        // Whoever holds a post was appointed to it already.
        let here = |v: &Vacancy| v.county == person.county && v.stays != Some(candidate);
        for (row, vacancy) in basis.vacancies.list.iter().enumerate().filter(|(_, v)| here(v)) {
            if let Some(force) = ids.get(ident::recommendation(&vacancy.id, who, RULE).as_str()) {
                found.push(Order {
                    vacancy: row as u32,
                    candidate,
                    force: *force,
                    fate: Fate::Followed,
                    cost: None,
                    posts: 0,
                });
            }
        }
    }
    let mut adopted: BTreeMap<u32, usize> = BTreeMap::new();
    found.iter().filter(|o| o.force).for_each(|o| *adopted.entry(o.candidate).or_default() += 1);
    found.iter_mut().filter(|o| o.force && adopted[&o.candidate] > 1).for_each(|order| order.fate = Fate::PersonTwice);
    found.sort_by_key(|o| (o.vacancy, o.candidate));
    Ok(found)
}

/// The matching over all eligible pairs. Pairs beyond the bound on edges are priced: whoever could
/// better the solution joins it, until nobody could.
pub(super) fn solve_all<'a>(
    considered: &mut [Considered],
    basis: &Basis<'_, 'a>,
    lookup: &Lookup<'_, 'a>,
    given: Vec<Order>,
) -> StageResult<Matching> {
    let ctx = basis.ctx;
    let policy = rules(&ctx.policy.reserve, ctx.seed);
    if !given.is_empty() {
        // Whom an order is about is looked at, however many fit better.
        let ordered: BTreeSet<(u32, u32)> = given.iter().map(|o| (o.vacancy, o.candidate)).collect();
        let is_ordered = |row: usize, candidate: u32| ordered.contains(&(row as u32, candidate));
        let found = beyond(considered, basis, lookup, |row, candidate| all_if(is_ordered(row, candidate)));
        join(considered, found);
    }
    // An order about somebody who may not be suggested is not followed.
    let eligible = |o: &Order| considered[o.vacancy as usize].eligible.iter().any(|p| p.candidate == o.candidate);
    let mut orders = given;
    for order in orders.iter_mut().filter(|order| !eligible(order)) {
        order.fate = Fate::NotEligible;
    }
    let (people, instance, solved, unmet) = loop {
        let (people, instance) = basis.instance(considered, None, &orders);
        let solved = matching::solve(&instance, &policy);
        let found = match &solved {
            Ok(solved) => improving(considered, basis, lookup, &people, &instance, solved),
            // Whoever was left out may be whom the quotas need, or would have them give way by less.
            Err(SolveError::Unmet(_)) => {
                let hard = instance.bounds.iter().filter(|bound| bound.soft.is_none());
                let posts: BTreeSet<u32> = hard.flat_map(|bound| bound.posts.iter().copied()).collect();
                beyond(considered, basis, lookup, |row, _| all_if(posts.contains(&(row as u32))))
            }
            Err(SolveError::NotFound) => beyond(considered, basis, lookup, |_, _| all_if(true)),
            Err(_) => Vec::new(),
        };
        if found.iter().all(Vec::is_empty) {
            let (solved, unmet) = match solved {
                Ok(solved) => (solved, None),
                Err(error) => {
                    let told = basis.told(&error, &people, &instance, &policy);
                    match error {
                        SolveError::Unmet(unmet) => (*unmet.refuted, Some(told)),
                        _ => return Err(StageError::Data(told)),
                    }
                }
            };
            break (people, instance, solved, unmet);
        }
        join(considered, found);
    };
    let explained =
        matching::explain(&instance, &policy, &solved).map_err(|e| basis.failed(&e, &people, &instance, &policy))?;
    let named = |next: Next| Next { person: next.person.map(|person| people[person as usize]), ..next };
    let mut next: Vec<Option<Next>> = explained.next.iter().map(|next| next.map(named)).collect();
    let moves = |p: &Placed| instance.holds[p.person as usize].is_some_and(|own| own != p.post);
    let movers = next.iter_mut().zip(&solved.placed).filter(|(_, placed)| moves(placed));
    for (at, (slot, placed)) in movers.enumerate() {
        let mover = (placed.post, people[placed.person as usize]);
        // What an order costs is told with it.
        let ordered = orders.iter().any(|o| o.force && o.binds() && (o.vacancy, o.candidate) == mover);
        let told = at < COSTED && !ordered;
        *slot = if told { without_move(mover, &solved, &policy, considered, basis, &orders) } else { None };
    }
    for order in orders.iter_mut().filter(|order| order.force && order.binds()) {
        let here = |p: &Placed| p.post == order.vacancy && people[p.person as usize] != order.candidate;
        if solved.placed.iter().any(here) {
            order.fate = Fate::Other;
        }
    }
    if unmet.is_some() {
        orders.iter_mut().filter(|order| order.binds()).for_each(|order| order.fate = Fate::Unmet);
    }
    let followed = (0..orders.len()).filter(|at| orders[*at].fate == Fate::Followed).take(COSTED).collect::<Vec<_>>();
    for at in followed {
        // Without the order: whoever else was adopted for the vacancy would take its place.
        let mut others = orders.clone();
        let order = others.remove(at);
        others.retain(|o| !(order.force && o.force && o.vacancy == order.vacancy));
        let (_, free) = basis.instance(considered, None, &others);
        if let Ok(without) = matching::solve(&free, &policy) {
            let posts = without.filled() as i64 - solved.filled() as i64;
            orders[at].posts = posts;
            let cost = without.cost_beside(&solved).and_then(|cost| i64::try_from(cost).ok());
            orders[at].cost = cost.filter(|_| posts == 0);
        }
    }
    let granted = granted(&solved, &people, &policy, considered, basis, &orders);
    let mut at = vec![None; considered.len()];
    solved.placed.iter().enumerate().for_each(|(place, p)| at[p.post as usize] = Some(place));
    let loaded = basis.loaded(&people, instance);
    Ok(Matching { people, loaded, policy, solved, explained, next, at, orders, granted, unmet })
}
