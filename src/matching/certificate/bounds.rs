//! Under bounds on groups: the proof of the gap, of what the classes of urgency can fill, and of a contradiction.

use polars::prelude::DataFrame;

use super::{Proved, Read, Side, Tables, is_stated, item};
use crate::frame;
use crate::kernel::quota::{Certificate, Quota, QuotaProblem, check_bound, lift, miss_problem, seats_problem};

/// What the bounds of a contradiction give way by together is no less than what is proved to be missed, and nothing
/// gives way by less than nothing.
fn relaxed(
    quotas: &DataFrame,
    problem: &QuotaProblem,
    conflict: &[u32],
    stated: i64,
    proved: i128,
) -> Result<(), String> {
    let (person, weights) = problem.miss_weights();
    if stated != person {
        return Err(format!("match_summary: what is missed counts {person} for a person"));
    }
    let relax = frame::wholes(quotas, "relax").map_err(|e| format!("quotas: {e}"))?;
    let by = |at: &u32| i128::from(relax[*at as usize].unwrap_or(0)) * i128::from(weights[*at as usize]);
    let is_less = relax.iter().flatten().any(|units| *units < 0);
    // Without a relaxation that was found nothing is stated.
    let is_stated = relax.iter().flatten().any(|units| *units > 0);
    if is_less || is_stated && conflict.iter().map(by).sum::<i128>() < proved {
        return Err("quotas: the bounds give way by less than they are missed by".to_owned());
    }
    Ok(())
}

impl Read {
    /// The problem under quotas, as the tables tell it.
    fn quota_problem(&self, tables: &Tables) -> Result<QuotaProblem, String> {
        let tell = |e: frame::FrameError| format!("quotas: {e}");
        let [quotas, quota_people, quota_posts] = tables.quotas.ok_or("the quotas are not in this edition")?;
        let column = |name: &str| frame::wholes(quotas, name).map_err(tell);
        let (inside, outside, group) = (column("inside")?, column("outside")?, column("group_no")?);
        let (least, most, soft) = (column("least")?, column("most")?, column("soft")?);
        if column("rule")?.into_iter().zip(0..).any(|(rule, at)| rule != Some(at)) {
            return Err("quotas: the bounds are not numbered in their order".to_owned());
        }
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
    pub(super) fn refuted(&self, tables: &Tables, by_prices: bool) -> Result<Proved, String> {
        let [quotas, ..] = tables.quotas.ok_or("the quotas are not in this edition")?;
        let flags = frame::flags(quotas, "conflict").map_err(|e| format!("quotas: {e}"))?;
        let conflict: Vec<u32> =
            flags.iter().zip(0..).filter(|(flag, _)| **flag == Some(true)).map(|(_, at)| at).collect();
        if conflict.is_empty() || !self.chosen.is_empty() {
            return Err("quotas: no contradiction is stated, or there is a solution".to_owned());
        }
        self.counted(tables)?;
        // What takes an exhaustive search to prove takes a replay to repeat.
        if by_prices {
            let problem = self.quota_problem(tables)?;
            let misses = miss_problem(&problem, &conflict).map_err(|e| format!("quotas: {e}"))?;
            let steps = check_bound(&misses, &self.certificate(tables)?).map_err(|e| self.name(&e))?;
            let proved = lift(&misses, steps);
            // A county's summary does not tell by how much.
            let stated = item(tables.summary, "missed").map_or(1, i128::from);
            if stated < 1 || stated > proved {
                return Err(format!("match_summary: {stated} is missed, the multipliers prove {proved}"));
            }
            if let Ok(stated) = item(tables.summary, "person") {
                relaxed(quotas, &problem, &conflict, stated, proved)?;
            }
        }
        Ok(Proved { edges: self.edges.len(), filled: 0, cost: 0, bound: None })
    }

    pub(super) fn bounded(&self, tables: &Tables) -> Result<Proved, String> {
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
        let names = frame::words(quotas, "quota").map_err(|e| format!("quotas: {e}"))?;
        let stages = tables.stages.map_or(0, |[stages, _]| stages.height());
        if names.iter().rev().take_while(|name| **name == "filled").count() != stages {
            return Err("quotas: not one bound for each class of urgency".to_owned());
        }
        match item(tables.summary, "objective")? {
            1 => self.staged(tables, &problem, &columns)?,
            _ if stages > 0 => return Err("match_summary: seats come first, and the objective is another".to_owned()),
            _ => {}
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
        is_stated(tables, "gap", cost - stated)?;
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
        let (class, stated, filled, most) = (whole("class")?, whole("seats")?, whole("filled")?, whole("most")?);
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
            if seats != stated[at]
                || has != filled[at]
                || floor.least != Some(has)
                || floor.short_price.is_some()
                || !is_floor
            {
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
}
