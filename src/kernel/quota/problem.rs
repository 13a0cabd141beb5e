//! The instance: an assignment problem whose rows have open prices of their own, groups of
//! columns, and quotas over them.

use super::search::NONE;
use crate::kernel::assign::{AssignError, Problem};

/// Largest magnitude of anything the searches add up; see [`Problem`]'s own limit.
pub(super) const LIMIT: i64 = i64::MAX / 64;

/// Largest cost, open price or price of a soft bound.
pub const LARGEST: i64 = LIMIT / 64;

/// Largest magnitude of a quota's coefficient.
pub(super) const COEFFICIENT: i64 = 1_000_000;

/// Most parts of a person that misses are weighed in.
const PARTS: i64 = 1_000_000;

/// Finest grid of multipliers: this many steps to one unit of cost.
const FINEST: i64 = 4_096;

/// A linear condition on the chosen pairs of some rows: with `inside` per pair whose column
/// belongs to the group and `outside` per pair whose column does not,
/// `least <= sum <= most`. A row that stays open counts nothing.
///
/// * a count, "at least 2 women": `inside` 1, `outside` 0, `least` 2;
/// * a share of the filled rows, "women at least 40%": `inside` 60, `outside` −40, `least` 0;
/// * a conflict, "not both of these two": the two are the group, `inside` 1, `most` 1.
///
/// With a price a bound is soft: missing it costs the price per unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The rows it covers, ascending.
    pub rows: Vec<u32>,
    /// Index of the group.
    pub group: u32,
    /// Per chosen pair whose column is in the group.
    pub inside: i64,
    /// Per chosen pair whose column is not.
    pub outside: i64,
    /// Lower bound, if there is one.
    pub least: Option<i64>,
    /// Upper bound, if there is one.
    pub most: Option<i64>,
    /// Cost per unit below `least`; `None`: must not happen.
    pub short_price: Option<i64>,
    /// Cost per unit above `most`; `None`: must not happen.
    pub excess_price: Option<i64>,
}

impl Quota {
    /// A hard count: between `least` and `most` members of the group in the rows.
    pub fn count(rows: Vec<u32>, group: u32, least: Option<i64>, most: Option<i64>) -> Quota {
        Quota { rows, group, inside: 1, outside: 0, least, most, short_price: None, excess_price: None }
    }

    /// How far a sum is below the lower bound and above the upper one.
    pub fn misses(&self, sum: i64) -> (i64, i64) {
        (self.least.map_or(0, |l| (l - sum).max(0)), self.most.map_or(0, |m| (sum - m).max(0)))
    }

    /// Units by which a sum misses hard bounds.
    pub fn violation(&self, sum: i64) -> i64 {
        let (short, excess) = self.misses(sum);
        (if self.short_price.is_none() { short } else { 0 }) + (if self.excess_price.is_none() { excess } else { 0 })
    }

    /// What a sum costs at the prices of soft bounds.
    pub fn fee(&self, sum: i64) -> i128 {
        let (short, excess) = self.misses(sum);
        i128::from(short) * i128::from(self.short_price.unwrap_or(0))
            + i128::from(excess) * i128::from(self.excess_price.unwrap_or(0))
    }
}

/// Why an instance cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuotaError {
    /// The assignment problem itself is not valid.
    #[error(transparent)]
    Assign(#[from] AssignError),
    /// There must be one open price for each row.
    #[error("there are {prices} open prices for {rows} rows")]
    OpenPrices { prices: usize, rows: usize },
    /// A group names a column that does not exist.
    #[error("group {group} names column {column}, but there are {columns}")]
    Group { group: usize, column: u32, columns: usize },
    /// A quota names a row or a group that does not exist, or its rows do not ascend.
    #[error("quota {quota}: its group must exist and its rows must exist and ascend")]
    Quota { quota: usize },
    /// Coefficients or prices outside the range of exact arithmetic, negative prices, or a least
    /// above the most.
    #[error("quota {quota}: {what}")]
    Value { quota: usize, what: &'static str },
}

/// An assignment problem with quotas.
#[derive(Clone, Debug)]
pub struct QuotaProblem {
    pub(super) columns: usize,
    pub(super) starts: Vec<u32>,
    pub(super) heads: Vec<u32>,
    pub(super) costs: Vec<i64>,
    pub(super) open: Vec<i64>,
    pub(super) groups: Vec<Vec<u32>>,
    pub(super) quotas: Vec<Quota>,
    /// For each edge the class of its column: columns in the same groups share a class.
    pub(super) class: Vec<u32>,
    /// For each class its groups.
    pub(super) class_groups: Vec<Vec<u32>>,
    /// Quotas of each row.
    pub(super) row_quotas: Vec<Vec<u32>>,
    /// Those of them in which every pair counts; the others by their group. Where each of many columns has a quota
    /// of its own, a pair counts in few of its row's.
    every_pair: Vec<Vec<u32>>,
    members_only: Vec<Vec<(u32, u32)>>,
    /// The same edges by column: positions in `heads`, and their rows.
    pub(super) by_column: Vec<u32>,
    pub(super) edge_at: Vec<u32>,
    pub(super) tails: Vec<u32>,
    /// Steps of the multipliers' grid to one unit of cost.
    pub(super) scale: i64,
}

impl QuotaProblem {
    /// From compressed rows (see [`Problem::from_csr`]), an open price for each row, the columns
    /// of each group and the quotas.
    ///
    /// # Errors
    /// Whatever is out of range or contradicts itself; see [`QuotaError`].
    pub fn new(
        columns: usize,
        starts: Vec<u32>,
        heads: Vec<u32>,
        costs: Vec<i64>,
        open: Vec<i64>,
        mut groups: Vec<Vec<u32>>,
        quotas: Vec<Quota>,
    ) -> Result<QuotaProblem, QuotaError> {
        // The kernel's own checks of the graph.
        Problem::from_csr(columns, starts.clone(), heads.clone(), costs.clone(), 0)?;
        let rows = starts.len() - 1;
        if open.len() != rows {
            return Err(QuotaError::OpenPrices { prices: open.len(), rows });
        }
        for (group, members) in groups.iter_mut().enumerate() {
            members.sort_unstable();
            members.dedup();
            if let Some(&column) = members.last().filter(|c| **c as usize >= columns) {
                return Err(QuotaError::Group { group, column, columns });
            }
        }
        let largest = costs.iter().chain(&open).map(|c| c.unsigned_abs()).max().unwrap_or(0);
        let largest = i64::try_from(largest).unwrap_or(i64::MAX);
        let mut priced = largest;
        for (at, quota) in quotas.iter().enumerate() {
            check(at, quota, rows, groups.len())?;
            priced = priced.max(quota.short_price.unwrap_or(0)).max(quota.excess_price.unwrap_or(0));
        }
        if priced > LARGEST {
            return Err(QuotaError::Assign(AssignError::Overflow(priced)));
        }
        let mut scale = FINEST;
        while scale > 1 && largest > LARGEST / scale {
            scale /= 2;
        }
        let (class, class_groups) = classes(columns, &groups, &heads);
        let (mut row_quotas, mut every_pair) = (vec![Vec::new(); rows], vec![Vec::new(); rows]);
        let mut members_only = vec![Vec::new(); rows];
        for (quota, at) in quotas.iter().zip(0..) {
            for row in quota.rows.iter().map(|row| *row as usize) {
                row_quotas[row].push(at);
                match quota.outside {
                    0 => members_only[row].push((quota.group, at)),
                    _ => every_pair[row].push(at),
                }
            }
        }
        members_only.iter_mut().for_each(|of| of.sort_unstable());
        let (by_column, edge_at, tails) = transpose(columns, &starts, &heads);
        Ok(QuotaProblem {
            columns,
            starts,
            heads,
            costs,
            open,
            groups,
            quotas,
            class,
            class_groups,
            row_quotas,
            every_pair,
            members_only,
            by_column,
            edge_at,
            tails,
            scale,
        })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.open.len()
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The quotas.
    pub fn quotas(&self) -> &[Quota] {
        &self.quotas
    }

    /// The groups, members ascending.
    pub fn groups(&self) -> &[Vec<u32>] {
        &self.groups
    }

    /// Steps of the multipliers' grid to one unit of cost.
    pub fn scale(&self) -> i64 {
        self.scale
    }

    /// The same graph under other costs, open prices and quotas (over the same groups).
    ///
    /// # Errors
    /// As [`QuotaProblem::new`].
    pub fn with(&self, costs: Vec<i64>, open: Vec<i64>, quotas: Vec<Quota>) -> Result<QuotaProblem, QuotaError> {
        let (starts, heads) = (self.starts.clone(), self.heads.clone());
        QuotaProblem::new(self.columns, starts, heads, costs, open, self.groups.clone(), quotas)
    }

    /// The same without the last quotas.
    pub(super) fn without_last(&self, count: usize) -> Result<QuotaProblem, QuotaError> {
        let quotas = self.quotas[..self.quotas.len() - count].to_vec();
        self.with(self.costs.clone(), self.open.clone(), quotas)
    }

    /// The same without the bounds of a quota.
    pub(super) fn without(&self, quota: usize) -> Result<QuotaProblem, QuotaError> {
        let mut quotas = self.quotas.clone();
        quotas[quota] = Quota { least: None, most: None, ..quotas[quota].clone() };
        self.with(self.costs.clone(), self.open.clone(), quotas)
    }

    /// The graph: see [`Problem::from_csr`].
    pub fn graph(&self) -> (&[u32], &[u32]) {
        (&self.starts, &self.heads)
    }

    pub(super) fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.starts[row] as usize..self.starts[row + 1] as usize
    }

    /// Position of the edge of a row to a column.
    pub(super) fn edge(&self, row: usize, column: u32) -> Option<usize> {
        let range = self.range(row);
        let at = self.heads[range.clone()].binary_search(&column).ok()?;
        Some(range.start + at)
    }

    /// In which quotas of its row an edge counts, and what: those of every pair first.
    pub(super) fn counted(&self, row: usize, edge: usize) -> impl Iterator<Item = (u32, i64)> + '_ {
        let groups = &self.class_groups[self.class[edge] as usize];
        let every = self.every_pair[row].iter().map(|at| {
            let quota = &self.quotas[*at as usize];
            (*at, if groups.binary_search(&quota.group).is_ok() { quota.inside } else { quota.outside })
        });
        let members = self.members_only[row].as_slice();
        let of_group = move |group: &u32| {
            let of = &members[members.partition_point(|of| of.0 < *group)..];
            of[..of.partition_point(|of| of.0 == *group)].iter().map(|of| (of.1, self.quotas[of.1 as usize].inside))
        };
        every.chain(groups.iter().flat_map(of_group))
    }

    /// By how much sums change where a row has one edge ([`NONE`]: stays open) instead of another.
    pub(super) fn changes(&self, row: usize, [from, to]: [u32; 2], into: &mut Vec<(u32, i64)>) {
        into.clear();
        let class = |edge: u32| self.class[edge as usize];
        if from == to || from != NONE && to != NONE && class(from) == class(to) {
            return;
        }
        if to != NONE {
            into.extend(self.counted(row, to as usize));
        }
        let (new, every) = (into.len(), if to == NONE { 0 } else { self.every_pair[row].len() });
        if from != NONE {
            for (at, (quota, before)) in self.counted(row, from as usize).enumerate() {
                let known = match at < every {
                    true => Some(at),
                    false => (every..new).find(|at| into[*at].0 == quota),
                };
                match known {
                    Some(known) => into[known].1 -= before,
                    None => into.push((quota, -before)),
                }
            }
        }
        into.retain(|change| change.1 != 0);
        into.sort_unstable();
    }

    /// What a pair with a column counts in a quota, whatever its row.
    pub fn counts(&self, quota: usize, column: u32) -> i64 {
        let of = &self.quotas[quota];
        if self.members(quota).binary_search(&column).is_ok() { of.inside } else { of.outside }
    }

    /// The columns of a quota's group, ascending.
    pub fn members(&self, quota: usize) -> &[u32] {
        &self.groups[self.quotas[quota].group as usize]
    }

    /// Sums of all quotas under a choice of columns.
    pub fn sums(&self, columns: &[Option<u32>]) -> Vec<i64> {
        let mut sums = vec![0; self.quotas.len()];
        for (row, column) in columns.iter().enumerate().take(self.rows()) {
            let Some(edge) = column.and_then(|c| self.edge(row, c)) else { continue };
            self.counted(row, edge).for_each(|(quota, counts)| sums[quota as usize] += counts);
        }
        sums
    }

    /// Whether a choice is an assignment along edges: no column twice.
    pub fn is_assignment(&self, columns: &[Option<u32>]) -> bool {
        let mut used = vec![false; self.columns];
        columns.len() == self.rows()
            && columns.iter().enumerate().all(|(row, column)| {
                column.is_none_or(|c| self.edge(row, c).is_some() && !std::mem::replace(&mut used[c as usize], true))
            })
    }

    /// Costs, open prices and the fees of soft quotas of an assignment, in units of cost.
    pub fn objective(&self, columns: &[Option<u32>]) -> i128 {
        let costs = columns.iter().enumerate().map(|(row, column)| {
            i128::from(column.and_then(|c| self.edge(row, c)).map_or(self.open[row], |e| self.costs[e]))
        });
        let fees = self.quotas.iter().zip(self.sums(columns)).map(|(quota, sum)| quota.fee(sum));
        costs.sum::<i128>() + fees.sum::<i128>()
    }

    /// Units by which an assignment misses hard quotas.
    pub fn violation(&self, columns: &[Option<u32>]) -> i64 {
        self.quotas.iter().zip(self.sums(columns)).map(|(quota, sum)| quota.violation(sum)).sum()
    }

    /// What misses of hard quotas are weighed in: parts of a person, and by quota how many of them a unit is. One
    /// person more or less in the group is `|inside − outside|` units of a quota, so a share and a count that lack
    /// one person each are missed by as much. Where the least common multiple is too large, it is rounded.
    pub fn miss_weights(&self) -> (i64, Vec<i64>) {
        let exchanged = |quota: &Quota| (quota.inside - quota.outside).abs().max(1);
        let hard = |quota: &&Quota| {
            quota.least.is_some() && quota.short_price.is_none() || quota.most.is_some() && quota.excess_price.is_none()
        };
        let mut person = 1;
        for units in self.quotas.iter().filter(hard).map(exchanged) {
            person = person / gcd(person, units) * units;
            if person > PARTS {
                person = PARTS;
                break;
            }
        }
        let weight = |quota: &Quota| (person / exchanged(quota)).max(1);
        (person, self.quotas.iter().map(weight).collect())
    }

    /// The objective of any two assignments differs by a multiple of this.
    pub(super) fn grain(&self) -> i128 {
        let mut grain = 0i64;
        let mut join = |value: i64| grain = gcd(grain, value.abs());
        for row in 0..self.rows() {
            self.range(row).for_each(|e| join(self.costs[e] - self.open[row]));
        }
        for quota in &self.quotas {
            // Sums are multiples of what both kinds of pairs count.
            let step = gcd(quota.inside.abs(), quota.outside.abs());
            for (bound, price) in [(quota.least, quota.short_price), (quota.most, quota.excess_price)] {
                join(price.unwrap_or(0).saturating_mul(gcd(step, bound.unwrap_or(0).abs())));
            }
        }
        i128::from(grain.max(1))
    }
}

fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn check(at: usize, quota: &Quota, rows: usize, groups: usize) -> Result<(), QuotaError> {
    let ascend = quota.rows.windows(2).all(|w| w[0] < w[1]);
    if quota.group as usize >= groups || !ascend || quota.rows.last().is_some_and(|r| *r as usize >= rows) {
        return Err(QuotaError::Quota { quota: at });
    }
    let wrong = |what| Err(QuotaError::Value { quota: at, what });
    if quota.inside.abs() > COEFFICIENT || quota.outside.abs() > COEFFICIENT {
        return wrong("coefficients must lie within ±1,000,000");
    }
    if quota.short_price.is_some_and(|p| p < 0) || quota.excess_price.is_some_and(|p| p < 0) {
        return wrong("prices of soft bounds must not be negative");
    }
    let bound = i64::MAX / 1_024;
    if [quota.least, quota.most].into_iter().flatten().any(|b| b < -bound || b > bound) {
        return wrong("bounds must lie within the range of exact arithmetic");
    }
    if quota.least.zip(quota.most).is_some_and(|(l, m)| l > m) {
        return wrong("the least is above the most");
    }
    Ok(())
}

/// Columns by the set of groups they belong to; for each edge the class of its column.
fn classes(columns: usize, groups: &[Vec<u32>], heads: &[u32]) -> (Vec<u32>, Vec<Vec<u32>>) {
    let mut of_column = vec![Vec::new(); columns];
    for (group, members) in groups.iter().enumerate() {
        for column in members {
            of_column[*column as usize].push(group as u32);
        }
    }
    let mut sets = of_column.clone();
    sets.sort_unstable();
    sets.dedup();
    let class_of: Vec<u32> =
        of_column.iter().map(|set| sets.binary_search(set).expect("every set is in the list") as u32).collect();
    (heads.iter().map(|head| class_of[*head as usize]).collect(), sets)
}

fn transpose(columns: usize, starts: &[u32], heads: &[u32]) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let mut by_column = vec![0u32; columns + 1];
    for head in heads {
        by_column[*head as usize + 1] += 1;
    }
    for at in 0..columns {
        by_column[at + 1] += by_column[at];
    }
    let mut next = by_column.clone();
    let (mut edge_at, mut tails) = (vec![0u32; heads.len()], vec![0u32; heads.len()]);
    for (row, bounds) in starts.windows(2).enumerate() {
        for edge in bounds[0]..bounds[1] {
            let at = &mut next[heads[edge as usize] as usize];
            edge_at[*at as usize] = edge;
            tails[*at as usize] = row as u32;
            *at += 1;
        }
    }
    (by_column, edge_at, tails)
}
