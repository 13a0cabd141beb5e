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

use polars::prelude::DataFrame;

use super::ids::{Ids, tie};
use super::priced::Priced;
use crate::frame;
use crate::kernel::assign::{NO_LEVEL, check_certificate_with, check_classes};
use crate::kernel::quota::{Certificate, Quota, QuotaProblem, check_bound, lift, miss_problem, seats_problem};
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
    fn counted(&self, tables: &Tables) -> Result<(), String> {
        is_stated(tables, "total_fit", -self.chosen.iter().map(|e| i128::from(e.2)).sum::<i128>())?;
        is_stated(tables, "filled", self.chosen.len() as i128)
    }

    /// The problem under quotas, as the tables tell it.
    fn quota_problem(&self, tables: &Tables) -> Result<QuotaProblem, String> {
        let tell = |e: frame::FrameError| format!("quotas: {e}");
        let [quotas, quota_people, quota_posts] = tables.quotas.ok_or("the quotas are not in this edition")?;
        let column = |name: &str| frame::wholes(quotas, name).map_err(tell);
        let (inside, outside, group) = (column("inside")?, column("outside")?, column("group_no")?);
        let (least, most, soft) = (column("least")?, column("most")?, column("soft")?);
        let bounds = quotas.height();
        let mut rows_of: Vec<Vec<u32>> = vec![Vec::new(); bounds];
        let of = frame::wholes(quota_posts, "rule").map_err(tell)?;
        for (bound, post) in of.into_iter().zip(self.posts.ids.find(quota_posts, "vacancy")?) {
            let rows =
                bound.and_then(|b| rows_of.get_mut(usize::try_from(b).ok()?)).ok_or("quota_posts: no such bound")?;
            rows.extend(self.rows[post as usize]..self.rows[post as usize + 1]);
        }
        rows_of.iter_mut().for_each(|rows| rows.sort_unstable());
        let groups = group.iter().flatten().max().map_or(0, |most| *most as usize + 1);
        let mut people: Vec<Vec<u32>> = vec![Vec::new(); groups];
        let of = frame::wholes(quota_people, "group_no").map_err(tell)?;
        for (group, person) in of.into_iter().zip(self.people.ids.find(quota_people, "candidate")?) {
            let group =
                group.and_then(|g| people.get_mut(usize::try_from(g).ok()?)).ok_or("quota_people: no such group")?;
            group.push(person);
        }
        let list: Vec<Quota> = (0..bounds)
            .map(|at| Quota {
                rows: std::mem::take(&mut rows_of[at]),
                group: group[at].unwrap_or(0) as u32,
                inside: inside[at].unwrap_or(0),
                outside: outside[at].unwrap_or(0),
                least: least[at],
                most: most[at],
                short_price: soft[at],
                excess_price: soft[at],
            })
            .collect();
        let mut edges: Vec<(u32, u32, i64)> = self.by_row().collect();
        edges.sort_unstable();
        let mut starts = vec![0_u32; self.rows.last().copied().unwrap_or(0) as usize + 1];
        edges.iter().for_each(|e| starts[e.0 as usize + 1] += 1);
        (1..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
        let open: Vec<i64> = self.spread(&self.posts.open).into_iter().map(|p| p.unwrap_or(0)).collect();
        QuotaProblem::new(
            self.people.names.len(),
            starts,
            edges.iter().map(|e| e.1).collect(),
            edges.iter().map(|e| e.2).collect(),
            open,
            people,
            list,
        )
        .map_err(|e| format!("quotas: {e}"))
    }

    /// The prices of `prices` and the multipliers of `quotas`.
    fn certificate(&self, tables: &Tables) -> Result<Certificate, String> {
        let tell = |e: frame::FrameError| format!("quotas: {e}");
        let [quotas, ..] = tables.quotas.ok_or("the quotas are not in this edition")?;
        let multipliers = frame::wholes(quotas, "multiplier").map_err(tell)?;
        let prices = |side: &Side| (0..side.names.len()).map(|at| side.price(at)).collect::<Result<Vec<i64>, _>>();
        Ok(Certificate {
            scale: item(tables.summary, "scale")?,
            row_prices: self.spread(&prices(&self.posts)?),
            column_prices: prices(&self.people)?,
            multipliers: multipliers.into_iter().map(|m| m.unwrap_or(0)).collect(),
        })
    }

    /// The bounds that are said to contradict each other do: every solution misses some of them.
    fn refuted(&self, tables: &Tables, by_prices: bool) -> Result<Proved, String> {
        let [quotas, ..] = tables.quotas.ok_or("the quotas are not in this edition")?;
        let flags = frame::flags(quotas, "conflict").map_err(|e| format!("quotas: {e}"))?;
        let conflict: Vec<u32> =
            flags.iter().zip(0..).filter(|(flag, _)| **flag == Some(true)).map(|(_, at)| at).collect();
        if conflict.is_empty() || !self.chosen.is_empty() {
            return Err("quotas: no contradiction is stated, or there is a solution".to_owned());
        }
        // What takes an exhaustive search to prove takes a replay to repeat.
        if by_prices {
            let misses = miss_problem(&self.quota_problem(tables)?, &conflict).map_err(|e| format!("quotas: {e}"))?;
            let steps = check_bound(&misses, &self.certificate(tables)?).map_err(|e| self.name(&e))?;
            let (stated, proved) = (i128::from(item(tables.summary, "missed")?), lift(&misses, steps));
            if stated < 1 || stated > proved {
                return Err(format!("match_summary: {stated} units are missed, the multipliers prove {proved}"));
            }
        }
        Ok(Proved { edges: self.edges.len(), filled: 0, cost: 0, bound: None })
    }

    fn bounded(&self, tables: &Tables) -> Result<Proved, String> {
        let problem = self.quota_problem(tables)?;
        let [quotas, ..] = tables.quotas.ok_or("the quotas are not in this edition")?;
        let sums = frame::wholes(quotas, "sum").map_err(|e| format!("quotas: {e}"))?;
        let open: Vec<i64> = self.spread(&self.posts.open).into_iter().map(|p| p.unwrap_or(0)).collect();

        // The solution keeps what must hold; what it costs.
        let mut columns: Vec<Option<u32>> = vec![None; open.len()];
        self.seat_pairs().into_iter().for_each(|(row, person)| columns[row as usize] = Some(person));
        let found = problem.sums(&columns);
        let mut cost: i128 = self.chosen.iter().map(|e| i128::from(e.2)).sum();
        cost += columns.iter().zip(&open).filter(|(c, _)| c.is_none()).map(|(_, o)| i128::from(*o)).sum::<i128>();
        for (at, (quota, sum)) in problem.quotas().iter().zip(&found).enumerate() {
            if quota.violation(*sum) > 0 || sums[at].is_some_and(|stated| stated != *sum) {
                return Err(format!("quotas: bound {at} has the sum {sum}, which is not what it must be"));
            }
            cost += quota.fee(*sum);
        }

        let certificate = self.certificate(tables)?;
        let steps = check_bound(&problem, &certificate).map_err(|e| self.name(&e))?;
        let proved = lift(&problem, steps);
        if item(tables.summary, "objective")? == 1 {
            self.staged(tables, &problem, &columns)?;
        }
        self.stated(tables, cost)?;
        let stated = i128::from(item(tables.summary, "bound")?);
        // What an exhaustive search proved beyond the multipliers takes a replay to repeat.
        if item(tables.summary, "proof")? == 1 && stated > proved {
            return Err(format!("match_summary: the bound is {stated}, the multipliers prove {proved}"));
        }
        if stated > cost {
            return Err(format!("match_summary: the bound {stated} lies above the cost {cost}"));
        }
        Ok(Proved { edges: self.edges.len(), filled: self.chosen.len(), cost, bound: Some(proved) })
    }

    /// Every class fills the seats that its bound in the problem of fit asks for, and its prices prove that it
    /// cannot fill more than is stated.
    fn staged(&self, tables: &Tables, problem: &QuotaProblem, columns: &[Option<u32>]) -> Result<(), String> {
        let tell = |e: frame::FrameError| format!("seat_stages: {e}");
        let [stages, prices] = tables.stages.ok_or("the stages are not in this edition")?;
        let whole = |name: &str| -> Result<Vec<i64>, String> {
            let values = frame::wholes(stages, name).map_err(tell)?;
            values.into_iter().collect::<Option<_>>().ok_or_else(|| format!("seat_stages: {name} has gaps"))
        };
        let (class, filled, most) = (whole("class")?, whole("filled")?, whole("most")?);
        let (scale, proof) = (whole("scale")?, whole("proof")?);
        let of_row = self.spread(&self.posts.class);
        if class.windows(2).any(|w| w[0] >= w[1])
            || of_row.iter().any(|of| of.is_none_or(|of| class.binary_search(&of).is_err()))
            || self.posts.open.iter().any(|open| *open != Some(0))
        {
            return Err("seat_stages: not one for each class of urgency, in their order".to_owned());
        }
        let own = problem.quotas().len().checked_sub(class.len()).ok_or("quotas: the bounds of classes are missing")?;
        let certificates = self.stage_prices(prices, &class, &scale, own)?;
        let mut floors: Vec<(Vec<u32>, i64)> = Vec::new();
        let mut more = 0;
        for (at, certificate) in certificates.iter().enumerate() {
            let rows: Vec<u32> = (0..of_row.len() as u32).filter(|r| of_row[*r as usize] == Some(class[at])).collect();
            let seats = rows.len() as i64;
            let has = rows.iter().filter(|row| columns[**row as usize].is_some()).count() as i64;
            let floor = &problem.quotas()[own + at];
            let is_floor = floor.rows == rows && [floor.inside, floor.outside] == [1, 1] && floor.most.is_none();
            if has != filled[at] || floor.least != Some(has) || floor.short_price.is_some() || !is_floor {
                return Err(format!("seat_stages: class {} fills {has} seats, which is not what is stated", class[at]));
            }
            let stage = seats_problem(problem, own, &rows, &floors).map_err(|e| format!("seat_stages: {e}"))?;
            let steps = check_bound(&stage, certificate).map_err(|e| self.name(&e))?;
            let proved = i128::from(seats) - lift(&stage, steps);
            if most[at] < has || proof[at] == 1 && i128::from(most[at]) < proved {
                return Err(format!(
                    "seat_stages: class {} can fill {proved} seats, for all that is proved",
                    class[at]
                ));
            }
            if more == 0 {
                more = most[at] - has;
            }
            floors.push((rows, has));
        }
        is_stated(tables, "more_seats", more.into())
    }

    /// The certificate of each stage.
    fn stage_prices(
        &self,
        prices: &DataFrame,
        class: &[i64],
        scale: &[i64],
        own: usize,
    ) -> Result<Vec<Certificate>, String> {
        let tell = |e: frame::FrameError| format!("seat_prices: {e}");
        let (of, side) = (frame::wholes(prices, "class").map_err(tell)?, frame::words(prices, "side").map_err(tell)?);
        let (id, price) = (frame::words(prices, "id").map_err(tell)?, frame::wholes(prices, "price").map_err(tell)?);
        let empty = |(at, scale): (usize, &i64)| {
            let prices = [vec![0; self.posts.names.len()], vec![0; self.people.names.len()]];
            (*scale, prices, vec![0; own + at])
        };
        let mut found: Vec<(i64, [Vec<i64>; 2], Vec<i64>)> = scale.iter().enumerate().map(empty).collect();
        for row in 0..prices.height() {
            let place = |names: &[String]| names.binary_search_by(|name| name.as_str().cmp(id[row])).ok();
            let stage = of[row].and_then(|of| class.binary_search(&of).ok()).and_then(|at| found.get_mut(at));
            let slot = stage.and_then(|(_, [posts, people], rules)| match side[row] {
                "vacancy" => posts.get_mut(place(&self.posts.names)?),
                "candidate" => people.get_mut(place(&self.people.names)?),
                "rule" => rules.get_mut(id[row].parse::<usize>().ok()?),
                _ => None,
            });
            match (slot, price[row]) {
                (Some(slot), Some(price)) => *slot = price,
                _ => return Err(format!("seat_prices: row {} belongs to nothing", row + 1)),
            }
        }
        let certificate = |(scale, [posts, people], multipliers): (i64, [Vec<i64>; 2], Vec<i64>)| Certificate {
            scale,
            row_prices: self.spread(&posts),
            column_prices: people,
            multipliers,
        };
        Ok(found.into_iter().map(certificate).collect())
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
