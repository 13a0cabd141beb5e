//! The proof of a matching, checked from the written tables alone: no solver, no inputs.
//!
//! A pair costs `−fit` in grid units and a seat left open costs `open`. With a price u for each seat
//! and v for each candidate, whole numbers all, a solution is the best if
//!
//! * u + v ≤ cost on every eligible pair, with equality on the chosen ones;
//! * u ≤ open, with equality where a seat of the vacancy stays open;
//! * v ≤ 0, and v = 0 for whoever is not placed; free in sign for whoever must be placed;
//! * Σ seats·u + Σ v is the cost of the solution, added up in 128 bits.
//!
//! Where seats come first, each seat and candidate also has a level, the class whose shortage it
//! shares: see [`check_classes`].
//!
//! A solution near an earlier one may lose points against the best. Its prices prove by how much: with
//! the cost of each of its pairs and open seats lowered to what the prices give it, it would be the
//! best, and no solution has become dearer by that; so none costs less than it does then.
//!
//! Under quotas the prices and a multiplier for each bound prove how much better any solution could
//! be: see [`crate::kernel::quota::check_bound`]. Where seats come first, every class has prices of its own that
//! prove how many of its seats can be filled, and so many are a bound of the problem of fit. A stable solution is proved by looking for a
//! blocking pair.

mod bounds;

use polars::prelude::DataFrame;

use super::ids::{Ids, tie};
use super::priced::Priced;
use crate::frame;
use crate::kernel::assign::{NO_LEVEL, check_certificate_with, check_classes};
use crate::kernel::stable::{Keys, Market, Pair, Placement, blocking_pairs};

/// The tables of a certificate.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    pub edges: &'a DataFrame,
    pub prices: &'a DataFrame,
    pub assignment: &'a DataFrame,
    pub summary: &'a DataFrame,
    /// The quotas with their people and posts; needed where there are any.
    pub quotas: Option<[&'a DataFrame; 3]>,
    /// Under quotas where seats come first: the stages and their prices.
    pub stages: Option<[&'a DataFrame; 2]>,
}

/// What a valid certificate proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    pub edges: usize,
    pub filled: usize,
    /// Cost of the solution, in grid units.
    pub cost: i128,
    /// No solution costs less, in grid units; none for stable solutions, whose proof is another.
    pub bound: Option<i128>,
}

/// Checks the certificate of a matching.
///
/// # Errors
/// The first difference found, naming the vacancy or candidate.
pub fn check(tables: &Tables) -> Result<Proved, String> {
    let read = Read::new(tables)?;
    let proof = item(tables.summary, "proof")?;
    if (proof == 3) != (item(tables.summary, "mode")? > 0) {
        return Err("match_summary: mode and proof do not belong together".to_owned());
    }
    if let 4 | 5 = proof {
        return read.refuted(tables, proof == 4);
    }
    read.seats()?;
    match proof {
        0 => read.exact(tables),
        1 | 2 => read.bounded(tables),
        3 => read.stable(tables),
        other => Err(format!("match_summary: there is no proof {other}")),
    }
}

/// What holds of a solution under bounds without knowing who belongs to their groups: chosen pairs are
/// eligible ones of the same cost, seats and people are used as stated, and the summary's figures follow.
///
/// # Errors
/// The first thing that does not hold.
pub fn check_pairs(tables: &Tables) -> Result<(), String> {
    let read = Read::new(tables)?;
    if let 4 | 5 = item(tables.summary, "proof")? {
        // Where the bounds contradict each other, there is no solution.
        let is_empty = read.chosen.is_empty();
        return if is_empty { read.counted(tables) } else { Err("assignment: there is no solution".to_owned()) };
    }
    read.seats()?;
    read.counted(tables)?;
    let (cost, bound) = (item(tables.summary, "cost")?, item(tables.summary, "bound")?);
    if bound > cost { Err(format!("match_summary: the bound {bound} lies above the cost {cost}")) } else { Ok(()) }
}

/// An item of the summary.
///
/// # Errors
/// It is not there.
pub fn item(summary: &DataFrame, name: &str) -> Result<i64, String> {
    let items = frame::words(summary, "item").map_err(|e| e.to_string())?;
    let values = frame::wholes(summary, "value").map_err(|e| e.to_string())?;
    let at = items.iter().position(|i| *i == name);
    at.and_then(|at| values[at]).ok_or_else(|| format!("match_summary: no {name}"))
}

/// Vacancies or candidates with what the table of prices says of them.
struct Side {
    ids: Ids,
    names: Vec<String>,
    seats: Vec<i64>,
    used: Vec<i64>,
    price: Vec<Option<i64>>,
    class: Vec<Option<i64>>,
    level: Vec<Option<i64>>,
    open: Vec<Option<i64>>,
    must: Vec<bool>,
    only: Vec<Option<String>>,
}

impl Side {
    fn read(prices: &DataFrame, side: &str) -> Result<Side, String> {
        let tell = |e: frame::FrameError| format!("prices: {e}");
        let sides = frame::words(prices, "side").map_err(tell)?;
        let ids = frame::words(prices, "id").map_err(tell)?;
        let mut rows: Vec<usize> = (0..sides.len()).filter(|row| sides[*row] == side).collect();
        rows.sort_unstable_by_key(|row| ids[*row]);
        if let Some(pair) = rows.windows(2).find(|w| ids[w[0]] == ids[w[1]]) {
            return Err(format!("prices: {} stands twice", ids[pair[0]]));
        }
        let column = |name: &str| -> Result<Vec<Option<i64>>, String> {
            let values = frame::wholes(prices, name).map_err(tell)?;
            Ok(rows.iter().map(|row| values[*row]).collect())
        };
        let whole = |name: &str| -> Result<Vec<i64>, String> {
            let gap = |at: usize| format!("prices: {} has no {name}", ids[rows[at]]);
            column(name)?.into_iter().enumerate().map(|(at, value)| value.ok_or_else(|| gap(at))).collect()
        };
        let must = frame::flags(prices, "must").map_err(tell)?;
        let only = frame::texts(prices, "only").map_err(tell)?;
        let names: Vec<String> = rows.iter().map(|row| ids[*row].to_owned()).collect();
        Ok(Side {
            ids: Ids::Text(names.clone()),
            names,
            seats: whole("seats")?,
            used: whole("used")?,
            price: column("price")?,
            class: column("class")?,
            level: column("level")?,
            open: column("open_price")?,
            must: rows.iter().map(|row| must[*row].unwrap_or(false)).collect(),
            only: rows.iter().map(|row| only[*row].map(str::to_owned)).collect(),
        })
    }

    fn price(&self, at: usize) -> Result<i64, String> {
        self.price[at].ok_or_else(|| format!("prices: {} has no price", self.names[at]))
    }
}

/// A pair of a table: post, person, cost and wish.
type Edge = (u32, u32, i64, Option<u32>);

struct Read {
    posts: Side,
    people: Side,
    /// By post and person.
    edges: Vec<Edge>,
    /// By post and person.
    chosen: Vec<Edge>,
    /// Row of the first seat of each post.
    rows: Vec<u32>,
}

impl Read {
    fn new(tables: &Tables) -> Result<Read, String> {
        let (posts, people) = (Side::read(tables.prices, "vacancy")?, Side::read(tables.prices, "candidate")?);
        let grid = item(tables.summary, "grid")?;
        let edges = pairs(tables.edges, "edges", &posts, &people, grid)?;
        let chosen = pairs(tables.assignment, "assignment", &posts, &people, grid)?;
        let mut rows = vec![0];
        for (name, seats) in posts.names.iter().zip(&posts.seats) {
            let last: u32 = rows.last().copied().unwrap_or(0);
            let next = u32::try_from(*seats).ok().and_then(|seats| last.checked_add(seats));
            rows.push(next.ok_or_else(|| format!("vacancy {name} has {seats} seats"))?);
        }
        Ok(Read { posts, people, edges, chosen, rows })
    }

    /// Every chosen pair is an eligible one, nobody is placed twice, no vacancy has more people than
    /// seats, and whoever must have a place has one.
    fn seats(&self) -> Result<(), String> {
        let (mut filled, mut placed) = (vec![0; self.posts.names.len()], vec![0; self.people.names.len()]);
        for edge in &self.chosen {
            let (post, person) = (&self.posts.names[edge.0 as usize], &self.people.names[edge.1 as usize]);
            match self.edges.binary_search_by_key(&(edge.0, edge.1), |e| (e.0, e.1)) {
                Err(_) => return Err(format!("{post} and {person} are paired, but are no eligible pair")),
                Ok(at) if self.edges[at] != *edge => {
                    return Err(format!("the cost of {post} and {person} differs from that of their edge"));
                }
                Ok(_) => {}
            }
            filled[edge.0 as usize] += 1;
            placed[edge.1 as usize] += 1;
        }
        for (side, counts) in [(&self.posts, &filled), (&self.people, &placed)] {
            for (at, count) in counts.iter().enumerate() {
                let (name, seats) = (&side.names[at], side.seats[at]);
                if *count > seats || side.used[at] != *count || (side.must[at] && *count == 0) {
                    return Err(format!("{name}: {count} of {seats} seats, {} stated", side.used[at]));
                }
            }
        }
        Ok(())
    }

    /// Edges by row of the kernels: once for each seat. A candidate who is forced into one vacancy has
    /// no other edge.
    fn by_row(&self) -> impl Iterator<Item = (u32, u32, i64)> + '_ {
        let allowed = |e: &&Edge| {
            let only = self.people.only[e.1 as usize].as_ref();
            only.is_none_or(|only| *only == self.posts.names[e.0 as usize])
        };
        self.edges.iter().filter(allowed).flat_map(|&(post, person, cost, _)| {
            (self.rows[post as usize]..self.rows[post as usize + 1]).map(move |row| (row, person, cost))
        })
    }

    fn seat_pairs(&self) -> Vec<(u32, u32)> {
        let mut next = self.rows.clone();
        let seat = |e: &Edge, next: &mut Vec<u32>| {
            let row = next[e.0 as usize];
            next[e.0 as usize] += 1;
            (row, e.1)
        };
        self.chosen.iter().map(|e| seat(e, &mut next)).collect()
    }

    /// A value of each post as one of each of its seats.
    fn spread<T: Copy>(&self, of_posts: &[T]) -> Vec<T> {
        let seats = self.posts.seats.iter().zip(of_posts);
        seats.flat_map(|(seats, value)| std::iter::repeat_n(*value, *seats as usize)).collect()
    }

    /// A violation with names in place of numbers.
    fn name(&self, violation: &dyn std::fmt::Display) -> String {
        format!("{violation} (rows count the seats of vacancies in the order of their names, columns the candidates)")
    }

    fn exact(&self, tables: &Tables) -> Result<Proved, String> {
        let prices = |side: &Side| (0..side.names.len()).map(|at| side.price(at)).collect::<Result<Vec<i64>, _>>();
        let (posts, v) = (prices(&self.posts)?, prices(&self.people)?);
        let near = item(tables.summary, "changes_loss").is_ok();
        let mut priced = Priced {
            seat: vec![None; *self.rows.last().unwrap_or(&0) as usize],
            u: self.spread(&posts),
            v,
            pairs: self.seat_pairs(),
            open: self.spread(&self.posts.open),
            further: Vec::new(),
            loss: 0,
        };
        if near {
            let costs: Vec<i64> = self.chosen.iter().map(|edge| edge.2).collect();
            priced.lower(&costs, |person| &self.people.names[person])?;
        }
        let Priced { u, v, pairs, open, seat, further, loss } = priced;
        let must = |person: usize| self.people.must.get(person).copied().unwrap_or(false);
        let open = |row: usize| open[row];
        let lowered = |(row, person, cost): (u32, u32, i64)| {
            let own = seat[row as usize].filter(|(own, _)| *own == person);
            (row, person, own.map_or(cost, |(_, lower)| lower))
        };
        let edges = self.by_row().map(lowered).chain(further);
        let seats_first = item(tables.summary, "objective")? == 1;
        let bound = if seats_first {
            // Classes are told from 1 on.
            let number = |of: &Option<i64>| of.and_then(|n| u32::try_from(n - 1).ok()).unwrap_or(NO_LEVEL);
            let of = |values: &[Option<i64>]| values.iter().map(number).collect::<Vec<u32>>();
            let mut classes = self.spread(&of(&self.posts.class));
            let (mut levels, mut people) = (self.spread(&of(&self.posts.level)), of(&self.people.level));
            classes.resize(u.len(), NO_LEVEL);
            levels.resize(u.len(), NO_LEVEL);
            people.resize(v.len(), NO_LEVEL);
            check_classes(edges, &classes, open, must, &levels, &people, &u, &v, &pairs).map_err(|e| self.name(&e))?
        } else {
            check_certificate_with(edges, open, must, &u, &v, &pairs).map_err(|e| self.name(&e))?
        };
        let cost = bound + loss;
        self.stated(tables, cost)?;
        is_stated(tables, "bound", bound)?;
        is_stated(tables, "gap", cost - bound)?;
        if near {
            self.stated_near(tables, bound, loss)?;
        }
        Ok(Proved { edges: self.edges.len(), filled: self.chosen.len(), cost, bound: Some(bound) })
    }

    /// The figures of the summary about an earlier result are those of the tables. That no solution
    /// changes fewer pairs takes a replay to repeat.
    fn stated_near(&self, tables: &Tables, bound: i128, loss: i128) -> Result<(), String> {
        let kept = frame::flags(tables.assignment, "kept_from_previous").map_err(|e| format!("assignment: {e}"))?;
        let kept = kept.iter().filter(|kept| **kept == Some(true)).count() as i128;
        let whole = |name: &str| item(tables.summary, name).map(i128::from);
        let changed = whole("previous")? - kept;
        for (name, value) in [("bound", bound), ("gap", loss), ("changes_loss", loss), ("changed", changed)] {
            let stated = whole(name)?;
            if stated != value {
                return Err(format!("match_summary: {name} is {stated}, the tables give {value}"));
            }
        }
        if loss > whole("changes_most_loss")? || changed < whole("changed_at_least")? {
            return Err("match_summary: more is lost than may be, or less changed than must be".to_owned());
        }
        Ok(())
    }

    /// The figures of the summary are those of the tables.
    fn stated(&self, tables: &Tables, cost: i128) -> Result<(), String> {
        is_stated(tables, "cost", cost)?;
        self.counted(tables)
    }

    /// So are those that need no prices.
    pub(super) fn counted(&self, tables: &Tables) -> Result<(), String> {
        let seats = self.posts.seats.iter().map(|seats| i128::from(*seats)).sum::<i128>();
        let filled = self.chosen.len() as i128;
        let fit = -self.chosen.iter().map(|e| i128::from(e.2)).sum::<i128>();
        let (posts, people) = (self.posts.names.len() as i128, self.people.names.len() as i128);
        let edges = self.edges.len() as i128;
        let sizes = [("vacancies", posts), ("seats", seats), ("candidates", people), ("edges", edges)];
        let found = [("filled", filled), ("open", seats - filled), ("total_fit", fit)];
        sizes.into_iter().chain(found).try_for_each(|(name, value)| is_stated(tables, name, value))
    }

    fn stable(&self, tables: &Tables) -> Result<Proved, String> {
        let seed = item(tables.summary, "seed")? as u64;
        let ties = |side: &Side, word: &str| side.names.iter().map(|n| tie(word, n, seed)).collect::<Vec<u64>>();
        let (mut posts, people) = (ties(&self.posts, "vacancy"), ties(&self.people, "candidate"));
        // A post without seats accepts nobody.
        let seated: Vec<usize> = (0..posts.len()).filter(|at| self.posts.seats[*at] > 0).collect();
        posts = seated.iter().map(|at| posts[*at]).collect();
        let number = |post: u32| seated.binary_search(&(post as usize)).ok().map(|at| at as u32);
        let pair = |e: &Edge| Some(Pair { post: number(e.0)?, candidate: e.1, fit: -e.2, wish: e.3 });
        let pairs: Vec<Pair> = self.edges.iter().filter_map(pair).collect();
        let seats: Vec<u32> = seated.iter().map(|at| self.posts.seats[*at] as u32).collect();
        let keys = Keys { posts: &posts, candidates: &people };
        let market = Market::new(&seats, people.len(), &pairs, keys).map_err(|e| e.to_string())?;
        let chosen = self.chosen.iter().filter_map(|e| Some((number(e.0)?, e.1)));
        let placement = Placement::from_pairs(people.len(), chosen).map_err(|e| e.to_string())?;
        let blocking = blocking_pairs(&market, &placement).map_err(|e| e.to_string())?;
        if let Some(pair) = blocking.first() {
            let (post, person) = (seated[pair.post as usize], pair.candidate as usize);
            return Err(format!(
                "{} and {} would rather have each other",
                self.posts.names[post], self.people.names[person]
            ));
        }
        let cost = self.chosen.iter().map(|e| i128::from(e.2)).sum();
        self.counted(tables)?;
        Ok(Proved { edges: self.edges.len(), filled: self.chosen.len(), cost, bound: None })
    }
}

/// A figure of the summary is what the tables give.
fn is_stated(tables: &Tables, name: &str, value: i128) -> Result<(), String> {
    match item(tables.summary, name)? {
        stated if i128::from(stated) != value => {
            Err(format!("match_summary: {name} is {stated}, the tables give {value}"))
        }
        _ => Ok(()),
    }
}

/// Pairs of a table with their costs, which must follow from their fits; by post and person.
fn pairs(table: &DataFrame, what: &str, posts: &Side, people: &Side, grid: i64) -> Result<Vec<Edge>, String> {
    let tell = |e: frame::FrameError| format!("{what}: {e}");
    let vacancies = posts.ids.find(table, "vacancy").map_err(|e| format!("{what}: {e}"))?;
    let candidates = people.ids.find(table, "candidate").map_err(|e| format!("{what}: {e}"))?;
    let (fits, costs) = (frame::numbers(table, "fit").map_err(tell)?, frame::wholes(table, "cost").map_err(tell)?);
    let wishes = match frame::has(table, "wish") {
        true => frame::wholes(table, "wish").map_err(tell)?,
        false => vec![None; table.height()],
    };
    let mut edges: Vec<Edge> = (0..table.height())
        .map(|row| {
            let (p, c) = (vacancies[row], candidates[row]);
            match (fits[row], costs[row]) {
                (Some(fit), Some(cost)) if libm::rint(fit * grid as f64) == -(cost as f64) => {
                    Ok((p, c, cost, wishes[row].map(|w| w as u32)))
                }
                _ => Err(format!(
                    "{what}: the cost of {} and {} does not follow from their fit",
                    posts.names[p as usize], people.names[c as usize]
                )),
            }
        })
        .collect::<Result<_, String>>()?;
    edges.sort_unstable();
    match edges.windows(2).find(|w| (w[0].0, w[0].1) == (w[1].0, w[1].1)) {
        Some(w) => {
            Err(format!("{what}: {} and {} stand twice", posts.names[w[0].0 as usize], people.names[w[0].1 as usize]))
        }
        None => Ok(edges),
    }
}
