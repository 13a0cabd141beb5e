//! Posts with seats as rows of the kernels: one row for each seat.

use super::error::SolveError;
use super::instance::Instance;
use super::solve::Placed;

/// The instance in compressed rows, costs `−fit`. Rows of a post follow each other and are alike.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// Post by row.
    pub posts: Vec<u32>,
    pub starts: Vec<u32>,
    pub heads: Vec<u32>,
    pub costs: Vec<i64>,
    /// Person by person: must be placed (held in place, or forced).
    pub must: Vec<bool>,
}

impl Rows {
    /// Whoever is forced into a post is eligible for it alone.
    pub fn new(instance: &Instance) -> Result<Rows, SolveError> {
        let mut only: Vec<Option<u32>> = vec![None; instance.people];
        for &(post, person) in &instance.forced {
            if let Some(other) = only[person as usize].replace(post) {
                return Err(SolveError::ForcedTwice { person, posts: (other, post) });
            }
        }
        let edges = |(post, seats): (usize, &u32)| instance.range(post).len() as u64 * u64::from(*seats);
        if instance.seats.iter().enumerate().map(edges).sum::<u64>() + instance.all_seats() >= u64::from(u32::MAX) {
            return Err(SolveError::TooLarge(format!("{} seats with their pairs", instance.all_seats())));
        }
        let must = (0..instance.people).map(|p| only[p].is_some() || instance.holds[p].is_some()).collect();
        let mut rows = Rows { starts: vec![0], must, ..Rows::default() };
        rows.heads.reserve(instance.heads.len());
        rows.costs.reserve(instance.heads.len());
        for (post, seats) in instance.seats.iter().enumerate() {
            for _ in 0..*seats {
                rows.posts.push(post as u32);
                if instance.forced.is_empty() {
                    let range = instance.range(post);
                    rows.heads.extend_from_slice(&instance.heads[range.clone()]);
                    rows.costs.extend(instance.fits[range].iter().map(|fit| -fit));
                } else {
                    let elsewhere = |person: u32| only[person as usize].is_some_and(|o| o != post as u32);
                    for (person, fit) in instance.edges(post).filter(|(person, _)| !elsewhere(*person)) {
                        rows.heads.push(person);
                        rows.costs.push(-fit);
                    }
                }
                rows.starts.push(rows.heads.len() as u32);
            }
        }
        Ok(rows)
    }

    /// The edges, for the one who needs no more than posts and people from now on: starts, heads, costs.
    pub fn take_edges(&mut self) -> (Vec<u32>, Vec<u32>, Vec<i64>) {
        use std::mem::take;
        (take(&mut self.starts), take(&mut self.heads), take(&mut self.costs))
    }

    /// Who must be placed and is eligible for no seat.
    pub fn nowhere(&self) -> Vec<u32> {
        if !self.must.contains(&true) {
            return Vec::new();
        }
        let mut eligible = vec![false; self.must.len()];
        self.heads.iter().for_each(|person| eligible[*person as usize] = true);
        (0..self.must.len() as u32).filter(|p| self.must[*p as usize] && !eligible[*p as usize]).collect()
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.posts.len()
    }

    /// Places of a row's edges.
    pub fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.starts[row] as usize..self.starts[row + 1] as usize
    }

    /// Who is placed where, from the column of each row.
    pub fn placed(&self, instance: &Instance, columns: &[Option<u32>]) -> Vec<Placed> {
        let placed = columns.iter().zip(&self.posts).filter_map(|(person, &post)| {
            let person = (*person)?;
            let edge = instance.find(post, person)?;
            Some(Placed { post, person, fit: instance.fits[edge], edge: edge as u32 })
        });
        let mut placed: Vec<Placed> = placed.collect();
        placed.sort_by_key(|p| (p.post, std::cmp::Reverse(p.fit), p.person));
        placed
    }

    /// A value of each row as one of each post; rows of a post have the same.
    pub fn by_post(&self, posts: usize, of_rows: &[i64], without: i64) -> Vec<i64> {
        let mut values = vec![without; posts];
        self.posts.iter().zip(of_rows).for_each(|(post, value)| values[*post as usize] = *value);
        values
    }
}
