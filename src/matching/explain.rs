//! What stands beside a solution: the next best, what was missing, ties, why seats stay open.

use std::collections::BTreeMap;

use super::bounded::Bounded;
use super::error::SolveError;
use super::exact::Exact;
use super::further;
use super::instance::Instance;
use super::policy::MatchPolicy;
use super::robust::{Sureness, sureness};
use super::rows::Rows;
use super::solve::{Proof, Solved, solve};
use super::stable::{Stability, stability};
use crate::kernel::assign::{Problem, Shortage, alternatives, components, k_best, lowest_row_prices, shortages};
use crate::kernel::quota::Figure;

/// Seats of one shortage that are looked for, at most: a larger one is no reason that helps.
const SHORTAGE: usize = 1_000;

/// Under bounds, up to so many filled seats the solution is sought again without each person and each pair,
/// until so many steps are done in all.
const AGAIN: usize = 200;
const AGAIN_WORK: u64 = 100_000_000;

/// Why seats of a post stay open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPost {
    pub post: u32,
    /// Seats that stay open.
    pub open: u32,
    pub cause: Cause,
    /// Of a shortage: seats that share too few people, their posts, and those people.
    pub seats: u32,
    pub posts: Vec<u32>,
    pub people: Vec<u32>,
}

/// Why a seat stays open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nobody is eligible.
    Nobody,
    /// More seats than eligible people, with those of other posts.
    Shortage,
    /// Filling it would lose more fit than an open seat costs.
    Price,
    /// A bound on a group, stability, or a pairing kept from an earlier result stands against it.
    Rule,
}

impl Cause {
    /// The code in outputs.
    pub const fn code(self) -> &'static str {
        match self {
            Cause::Nobody => "no_candidate",
            Cause::Shortage => "shortage",
            Cause::Price => "price",
            Cause::Rule => "rule",
        }
    }
}

/// The best whole solution without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// Who takes the seat then; none: it stays open.
    pub person: Option<u32>,
    /// What that loses, in grid units; none if one seat more stays open then.
    pub loss: Option<i64>,
}

/// An order and what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub post: u32,
    pub person: u32,
    pub force: bool,
    /// Grid units: the best solution without it less that with it. None if another number of seats would be
    /// filled, or if it was not worked out.
    pub cost: Option<i64>,
    /// Seats that would be filled more without it; none if it was not worked out.
    pub seats: Option<i64>,
}

/// Orders whose cost is worked out, at most: each takes a solution of its own.
const ORDERS: usize = 200;

/// What explains a solution; lists by placed person follow [`Solved::placed`].
#[derive(Clone, Debug, Default)]
pub struct Explained {
    /// The best whole solution without this person; none where it was not sought.
    pub next: Vec<Option<Next>>,
    /// Another solution that is just as good treats the seat differently; none where that is not known.
    pub tied: Vec<Option<bool>>,
    /// By edge: what the pair would have had to be worth more to be chosen, in grid units: its reduced cost at
    /// the lowest prices of seats. Exact for people who are placed nowhere, at least so much for others and under
    /// bounds; 0 for those that are chosen or could be in another optimal solution; none where seats that come
    /// first rule the pair out, or for solutions without prices.
    pub missing: Vec<Option<i64>>,
    pub open: Vec<OpenPost>,
    /// What orders cost: those that force, then those that forbid, each by post and person.
    pub orders: Vec<Order>,
    /// The best whole solutions after the first: by how much each costs more, and its pairs of post and
    /// person, sorted.
    pub solutions: Vec<(i128, Vec<(u32, u32)>)>,
    /// What the dearest bounds on groups that bind cost.
    pub figures: Vec<Figure>,
    pub stability: Stability,
    /// How sure the solution is, where the policy asks for it.
    pub sureness: Option<Sureness>,
}

/// Explains a solution.
///
/// # Errors
/// Numbers beyond exact arithmetic.
pub fn explain(instance: &Instance, policy: &MatchPolicy, solved: &Solved) -> Result<Explained, SolveError> {
    if matches!(&solved.proof, Proof::Bounded(bounded) if bounded.contradiction.is_some()) {
        // Where there is no solution, nothing stands beside it.
        return Ok(Explained { missing: vec![None; instance.fits.len()], ..Explained::default() });
    }
    let mut explained = Explained {
        open: open_under(instance, policy, solved),
        // Whoever gives orders otherwise knows what they cost.
        orders: if policy.order.is_some() { orders(instance, policy, solved) } else { Vec::new() },
        stability: stability(instance, &solved.placed)?,
        sureness: policy.robustness.as_ref().map(|rule| sureness(instance, policy, rule, solved)).transpose()?,
        ..Explained::default()
    };
    match &solved.proof {
        Proof::Exact(exact) => by_prices(instance, solved, exact, policy.solutions, &mut explained),
        Proof::Bounded(bounded) => by_multipliers(instance, policy, solved, bounded, &mut explained)?,
        Proof::Stable => {
            explained.next = vec![None; solved.placed.len()];
            explained.tied = vec![None; solved.placed.len()];
            explained.missing = vec![None; instance.fits.len()];
        }
    }
    Ok(explained)
}

fn by_prices(instance: &Instance, solved: &Solved, exact: &Exact, wanted: usize, explained: &mut Explained) {
    let (problem, assignment) = (&exact.problem, &exact.assignment);
    explained.missing = missing(instance, solved, exact);
    if exact.loss() > 0 {
        // What is no best solution has no next best and no ties that its prices could tell.
        explained.next = vec![None; solved.placed.len()];
        explained.tied = vec![None; solved.placed.len()];
        return;
    }
    let next = alternatives(problem, assignment);
    // Rows of a post are alike: its placed people may stand on them in another order.
    let row_of = |person: u32| assignment.rows[person as usize].map_or(0, |row| row as usize);
    explained.next = solved
        .placed
        .iter()
        .map(|p| {
            // Without another way a seat stays open.
            let other = next[row_of(p.person)].filter(|other| !other.opens);
            // On a post of several seats the way may begin with a change of seats: then it says no name.
            let here = |person: &u32| {
                let row = assignment.rows[*person as usize];
                row.is_none_or(|row| solved.rows[row as usize] != p.post)
            };
            Some(Next { person: other.and_then(|o| o.column).filter(here), loss: other.map(|o| o.loss) })
        })
        .collect();
    explained.tied = tied(instance, solved, exact).into_iter().map(Some).collect();
    explained.solutions = solutions(solved, exact, wanted);
}

/// By edge: its reduced cost, by the lowest prices of seats that prove the best solution.
fn missing(instance: &Instance, solved: &Solved, exact: &Exact) -> Vec<Option<i64>> {
    let mut missing = vec![None; instance.fits.len()];
    let mut posts = exact.prices.posts.clone();
    let mut people = &exact.prices.people;
    // Prices are those of the best solution: one that loses points to an earlier one is not at them.
    let lowest = (exact.loss() == 0).then(|| lowest_row_prices(&exact.problem, &exact.assignment));
    if let Some((rows, columns)) = &lowest {
        solved.rows.iter().zip(rows).for_each(|(post, price)| posts[*post as usize] = *price);
        people = columns;
    }
    for (post, price) in posts.iter().enumerate() {
        for edge in instance.range(post) {
            let person = instance.heads[edge] as usize;
            // An edge that the filling of seats rules out cannot be bought with fit.
            let ruled_out = exact.levels.as_ref().is_some_and(|l| l.posts[post] != l.people[person]);
            let slack = -instance.fits[edge] - price - people[person];
            missing[edge] = (!ruled_out && slack >= 0).then_some(slack);
        }
    }
    missing
}

/// For each placed person, whether another optimal solution treats them and their post differently: post
/// and person share a strongly connected component of the tight residual arcs, with the seats of a
/// post as one node.
fn tied(instance: &Instance, solved: &Solved, exact: &Exact) -> Vec<bool> {
    let (problem, assignment) = (&exact.problem, &exact.assignment);
    let (u, v) = (&assignment.row_prices, &assignment.column_prices);
    let posts = instance.posts();
    let end = posts + instance.people;
    let mut arcs: Vec<Vec<u32>> = vec![Vec::new(); end + 1];
    let at_post = solved.posts(instance.people);
    let mut last = None;
    for (row, &post) in solved.rows.iter().enumerate() {
        let node = post as usize;
        if last.replace(post) != Some(post) {
            let tight = problem.row(row).filter(|(person, cost)| *cost == u[row] + v[*person]);
            let elsewhere = tight.filter(|(person, _)| at_post[*person] != Some(post));
            arcs[node].extend(elsewhere.map(|(person, _)| (posts + person) as u32));
        }
        let may_be_open = problem.open_price_of(row) == Some(u[row]);
        match assignment.columns[row] {
            Some(_) if may_be_open => arcs[node].push(end as u32),
            Some(_) => {}
            None => arcs[end].push(node as u32),
        }
    }
    for person in 0..instance.people {
        match at_post[person] {
            Some(post) => {
                arcs[posts + person].push(post);
                if v[person] == 0 && !problem.must_place(person) {
                    arcs[end].push((posts + person) as u32);
                }
            }
            None => arcs[posts + person].push(end as u32),
        }
    }
    let mut starts = vec![0_u32];
    for of in &arcs {
        starts.push(starts.last().copied().unwrap_or(0) + of.len() as u32);
    }
    let component = components(&(starts, arcs.into_iter().flatten().collect()));
    let same = |p: &super::Placed| component[p.post as usize] == component[posts + p.person as usize];
    solved.placed.iter().map(same).collect()
}

/// Whole solutions that are looked at for each that is wanted: those that differ only in the seats of
/// a post count once.
const LOOKED_AT: usize = 8;

/// The best whole solutions after the first.
fn solutions(solved: &Solved, exact: &Exact, wanted: usize) -> Vec<(i128, Vec<(u32, u32)>)> {
    if wanted < 2 {
        return Vec::new();
    }
    let pairs = |columns: &[Option<u32>]| {
        let pairs = columns.iter().zip(&solved.rows).filter_map(|(person, post)| Some((*post, (*person)?)));
        let mut pairs: Vec<(u32, u32)> = pairs.collect();
        pairs.sort_unstable();
        pairs
    };
    let several = solved.rows.windows(2).any(|w| w[0] == w[1]);
    let count = if several { wanted * LOOKED_AT } else { wanted };
    let mut seen = std::collections::BTreeSet::from([pairs(&exact.assignment.columns)]);
    let mut found = Vec::new();
    for (cost, columns) in k_best(&exact.problem, &exact.assignment, count) {
        let pairs = pairs(&columns);
        if found.len() + 1 < wanted && seen.insert(pairs.clone()) {
            found.push((cost - exact.assignment.objective, pairs));
        }
    }
    found
}

fn by_multipliers(
    instance: &Instance,
    policy: &MatchPolicy,
    solved: &Solved,
    bounded: &Bounded,
    explained: &mut Explained,
) -> Result<(), SolveError> {
    explained.tied = vec![None; solved.placed.len()];
    explained.missing = bounded.missing(instance, &solved.rows);
    explained.figures = bounded.figures(instance, &solved.rows)?;
    explained.next = vec![None; solved.placed.len()];
    if solved.placed.len() > AGAIN || !bounded.optimal() {
        return Ok(());
    }
    if policy.solutions > 1 {
        explained.solutions = further::solutions(instance, policy, solved, bounded, policy.solutions, AGAIN_WORK);
    }
    // Of several seats of the post: whoever was not there before.
    let before = |post: u32, person: u32| solved.placed.iter().any(|p| p.post == post && p.person == person);
    let mut work = 0;
    for (at, placed) in solved.placed.iter().enumerate() {
        if work > AGAIN_WORK {
            break;
        }
        let mut others = instance.clone();
        others.remove(placed.person);
        let other = compare(&others, policy, bounded, &mut work);
        let person = |other: &Solved| {
            let here = other.placed.iter().filter(|p| p.post == placed.post).map(|p| p.person);
            here.into_iter().find(|person| !before(placed.post, *person))
        };
        explained.next[at] = match other {
            Compared::Unproved => None,
            Compared::None | Compared::Seats => Some(Next { person: None, loss: None }),
            // Where seats have a price, the best solution without somebody may fill fewer.
            Compared::Loss(_, other) if other.placed.len() < solved.placed.len() => {
                Some(Next { person: None, loss: None })
            }
            Compared::Loss(loss, other) => Some(Next { person: person(&other), loss: i64::try_from(loss).ok() }),
        };
        // Who may be had elsewhere is another solution too.
        let mut others = instance.clone();
        others.forced.retain(|pair| *pair != (placed.post, placed.person));
        let ordered = others.forced.len() < instance.forced.len();
        others.remove_edge(placed.post, placed.person);
        explained.tied[at] = match explained.next[at].and_then(|next| next.loss) {
            // Whoever must have a place is missed at no loss, and yet is in every solution.
            Some(0) if instance.holds[placed.person as usize].is_none() && !ordered => Some(true),
            _ if ordered => Some(false),
            _ => match compare(&others, policy, bounded, &mut work) {
                Compared::Unproved => None,
                Compared::None | Compared::Seats => Some(false),
                Compared::Loss(loss, _) => Some(loss == 0),
            },
        };
    }
    Ok(())
}

/// Another whole solution against the one that is recommended.
pub(super) enum Compared {
    /// It is not proved to be the best of its kind.
    Unproved,
    /// There is none.
    None,
    /// It fills other seats.
    Seats,
    /// It fills as many and loses so much, what soft bounds cost included.
    Loss(i128, Box<Solved>),
}

/// Solves another instance and compares; adds the work.
pub(super) fn compare(instance: &Instance, policy: &MatchPolicy, best: &Bounded, work: &mut u64) -> Compared {
    match solve(instance, policy) {
        Ok(other) => {
            let Proof::Bounded(bounded) = &other.proof else { return Compared::Unproved };
            *work += bounded.work();
            if !bounded.optimal() {
                Compared::Unproved
            } else if bounded.filled() != best.filled() {
                Compared::Seats
            } else {
                Compared::Loss(bounded.cost() - best.cost(), Box::new(other))
            }
        }
        Err(SolveError::Unmet(_) | SolveError::Nowhere(_) | SolveError::Held { .. }) => Compared::None,
        Err(_) => Compared::Unproved,
    }
}

/// What each order costs: the matching is solved again without it.
fn orders(instance: &Instance, policy: &MatchPolicy, solved: &Solved) -> Vec<Order> {
    if instance.earlier.is_some() {
        // The best solutions are compared: nearness to an earlier one has its own price.
        let plain = Instance { earlier: None, ..instance.clone() };
        return solve(&plain, policy).map_or_else(|_| Vec::new(), |best| orders(&plain, policy, &best));
    }
    let forced = instance.forced.iter().map(|(post, person)| (*post, *person, None));
    let forbidden = instance.forbidden.iter().map(|(post, person, fit)| (*post, *person, Some(*fit)));
    let cost = |(at, (post, person, fit)): (usize, (u32, u32, Option<i64>))| {
        let mut order = Order { post, person, force: fit.is_none(), cost: None, seats: None };
        if at >= ORDERS {
            return order;
        }
        let without = match fit {
            Some(fit) => instance.with_edge(post, person, fit),
            None => {
                let mut without = instance.clone();
                without.forced.retain(|pair| *pair != (post, person));
                without
            }
        };
        if let Ok(other) = solve(&without, policy) {
            let seats = other.more_seats(solved, instance, policy);
            order.seats = Some(seats);
            order.cost = other.cost_beside(solved).and_then(|cost| i64::try_from(cost).ok()).filter(|_| seats == 0);
        }
        order
    };
    forced.chain(forbidden).enumerate().map(cost).collect()
}

/// Posts with open seats, by post. Under bounds a seat that would stay open without any of them has its cause from
/// there; the others a rule keeps open.
fn open_under(instance: &Instance, policy: &MatchPolicy, solved: &Solved) -> Vec<OpenPost> {
    let mut found = open(instance, solved);
    if !matches!(solved.proof, Proof::Bounded(_)) || found.iter().all(|post| post.cause != Cause::Rule) {
        return found;
    }
    let free = Instance { bounds: Vec::new(), earlier: None, ..instance.clone() };
    let Ok(best) = solve(&free, policy) else { return found };
    let without = open(&free, &best);
    for post in found.iter_mut().filter(|post| post.cause == Cause::Rule) {
        let same = without.iter().find(|other| other.post == post.post && other.open >= post.open);
        if let Some(other) = same {
            *post = OpenPost { open: post.open, ..other.clone() };
        }
    }
    found
}

/// Posts with open seats, by post.
fn open(instance: &Instance, solved: &Solved) -> Vec<OpenPost> {
    let mut filled = vec![0_u32; instance.posts()];
    solved.placed.iter().for_each(|p| filled[p.post as usize] += 1);
    let posts: Vec<usize> = (0..instance.posts()).filter(|post| filled[*post] < instance.seats[*post]).collect();
    let traced = match &solved.proof {
        Proof::Exact(exact) => traced(&posts, instance, solved, exact),
        _ => vec![None; posts.len()],
    };
    let of = |(post, found): (usize, Option<Shortage>)| {
        let cause = match &solved.proof {
            _ if instance.range(post).is_empty() => Cause::Nobody,
            Proof::Bounded(_) | Proof::Stable => Cause::Rule,
            // All who are eligible are ordered to go elsewhere.
            _ if found.as_ref().is_some_and(|f| f.columns.is_empty()) => Cause::Rule,
            // Where seats come first, only a shortage leaves one open.
            Proof::Exact(exact) if exact.levels.is_some() => Cause::Shortage,
            Proof::Exact(_) if found.as_ref().is_none_or(|f| f.hall) => Cause::Shortage,
            // Filling it might pay, were it not for the earlier pairings that are kept.
            Proof::Exact(exact) if exact.loss() > 0 => Cause::Rule,
            Proof::Exact(_) => Cause::Price,
        };
        let found = found.filter(|f| f.hall && cause == Cause::Shortage);
        let mut posts: Vec<u32> = found.iter().flat_map(|f| &f.rows).map(|row| solved.rows[*row as usize]).collect();
        posts.dedup();
        OpenPost {
            post: post as u32,
            open: instance.seats[post] - filled[post],
            cause,
            seats: found.as_ref().map_or(0, |f| f.rows.len() as u32),
            posts,
            people: found.map(|f| f.columns).unwrap_or_default(),
        }
    };
    posts.into_iter().zip(traced).map(of).collect()
}

/// The shortages of open posts, over all pairs that the instance has: of whatever class whoever competes may be.
fn traced(posts: &[usize], instance: &Instance, solved: &Solved, exact: &Exact) -> Vec<Option<Shortage>> {
    let columns = &exact.assignment.columns;
    let open = |post: usize| {
        let first = solved.rows.partition_point(|p| (*p as usize) < post);
        let of_post = (first..columns.len()).take_while(move |row| solved.rows[*row] as usize == post);
        of_post.filter(|row| columns[*row].is_none()).map(|row| row as u32)
    };
    let first: Vec<u32> = posts.iter().map(|post| open(*post).next().unwrap_or(u32::MAX)).collect();
    // Where seats come first, the problem lacks pairs that would take a seat from a more urgent class.
    let all = exact.levels.as_ref().and_then(|_| Rows::new(instance).ok()).and_then(|mut rows| {
        let (starts, heads, costs) = rows.take_edges();
        Problem::from_csr(instance.people, starts, heads, costs, 0).ok()
    });
    let problem = all.as_ref().unwrap_or(&exact.problem);
    let mut found = shortages(problem, &exact.assignment, &first, SHORTAGE);
    // Seats of one post lack the same people.
    for (post, found) in posts.iter().zip(&mut found) {
        let Some(shortage) = found else { continue };
        shortage.rows.extend(open(*post));
        shortage.rows.sort_unstable();
        shortage.rows.dedup();
    }
    together(found)
}

/// Shortages that share people become one, as long as it is not too large: by so many people it is short as
/// seats of it stay open.
fn together(found: Vec<Option<Shortage>>) -> Vec<Option<Shortage>> {
    let mut leader: Vec<usize> = (0..found.len()).collect();
    fn lead(leader: &mut [usize], mut at: usize) -> usize {
        while leader[at] != at {
            leader[at] = leader[leader[at]];
            at = leader[at];
        }
        at
    }
    let mut first: BTreeMap<u32, usize> = BTreeMap::new();
    for (at, shortage) in found.iter().enumerate() {
        for column in shortage.iter().filter(|s| s.hall).flat_map(|s| &s.columns) {
            let (one, other) = (lead(&mut leader, *first.entry(*column).or_insert(at)), lead(&mut leader, at));
            leader[one.max(other)] = one.min(other);
        }
    }
    let mut whole: BTreeMap<usize, Shortage> = BTreeMap::new();
    for (at, shortage) in found.iter().enumerate().filter_map(|(at, s)| Some((at, s.as_ref().filter(|s| s.hall)?))) {
        let none = || Shortage { rows: Vec::new(), columns: Vec::new(), hall: true };
        let all = whole.entry(lead(&mut leader, at)).or_insert_with(none);
        all.rows.extend(&shortage.rows);
        all.columns.extend(&shortage.columns);
    }
    for all in whole.values_mut() {
        for list in [&mut all.rows, &mut all.columns] {
            list.sort_unstable();
            list.dedup();
        }
    }
    let of = |(at, shortage): (usize, Option<Shortage>)| {
        let all = whole.get(&lead(&mut leader, at)).filter(|all| all.rows.len() <= SHORTAGE);
        if shortage.as_ref().is_some_and(|s| s.hall) { all.cloned().or(shortage) } else { shortage }
    };
    found.into_iter().enumerate().map(of).collect()
}
