//! A matching as numbers: posts with seats, people, and the fits of eligible pairs.

use super::grid::Grid;

/// An instance in whole numbers. Posts and people are numbered in the order of their keys.
#[derive(Clone, Debug, Default)]
pub struct Instance {
    /// The grid of all fits.
    pub grid: Grid,
    /// Seats by post; 0 for a post that is only there to be named.
    pub seats: Vec<u32>,
    /// Class of urgency by post, 0 the most urgent; numbered without gaps.
    pub classes: Vec<u32>,
    /// Number of people.
    pub people: usize,
    /// Edges of post p stand at `starts[p]..starts[p + 1]`.
    pub starts: Vec<u32>,
    /// Person by edge; ascending within a post.
    pub heads: Vec<u32>,
    /// Fit by edge, in grid units.
    pub fits: Vec<i64>,
    /// Rank of the wish by edge, 1 the dearest; empty where nobody was asked.
    pub wishes: Vec<u32>,
    /// Parts of the fit, whose weights may be drawn: part by part, then by edge, in grid units; empty
    /// where the policy names none.
    pub parts: Vec<Vec<i64>>,
    /// Pairs that must be chosen: post, person; sorted.
    pub forced: Vec<(u32, u32)>,
    /// Pairs that must not be chosen: post, person, and the fit that they would have; sorted. They are no
    /// edges.
    pub forbidden: Vec<(u32, u32, i64)>,
    /// The post that a person holds now and may leave only for another.
    pub holds: Vec<Option<u32>>,
    /// What stands for a post in ties; never a name or a number of a person.
    pub post_ties: Vec<u64>,
    /// What stands for a person in ties.
    pub person_ties: Vec<u64>,
    /// Bounds on groups.
    pub bounds: Vec<Bound>,
    /// The post that each person had in an earlier result, if the solution shall be near one.
    pub earlier: Option<Vec<Option<u32>>>,
}

/// A bound on the people of a group within some posts: `least ≤ Σ weights of chosen pairs ≤ most`,
/// where a pair weighs `inside` if its person is of the group and `outside` if not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// Place of its rule in the policy, and the value of the column that it is one of.
    pub quota: usize,
    pub value: String,
    /// Posts that count, ascending.
    pub posts: Vec<u32>,
    /// People of the group, ascending.
    pub people: Vec<u32>,
    pub inside: i64,
    pub outside: i64,
    pub least: Option<i64>,
    pub most: Option<i64>,
    /// What one unit too few or too many costs, in grid units; none if it must hold.
    pub soft: Option<i64>,
    /// Seats of its posts.
    pub seats: i64,
    /// Sitting members of the group and all sitting members, counted already.
    pub sitting: i64,
    pub sitting_all: i64,
}

impl Instance {
    /// Number of posts.
    pub fn posts(&self) -> usize {
        self.seats.len()
    }

    /// All seats.
    pub fn all_seats(&self) -> u64 {
        self.seats.iter().map(|s| u64::from(*s)).sum()
    }

    /// Places of a post's edges.
    pub fn range(&self, post: usize) -> std::ops::Range<usize> {
        self.starts[post] as usize..self.starts[post + 1] as usize
    }

    /// A post's edges: person and fit.
    pub fn edges(&self, post: usize) -> impl Iterator<Item = (u32, i64)> + '_ {
        let range = self.range(post);
        self.heads[range.clone()].iter().copied().zip(self.fits[range].iter().copied())
    }

    /// The same with one pair more, for those who ask what it would bring; draws know nothing of it.
    pub fn with_edge(&self, post: u32, person: u32, fit: i64) -> Instance {
        let range = self.range(post as usize);
        let at = range.start + self.heads[range].partition_point(|head| *head < person);
        let mut with = self.clone();
        with.heads.insert(at, person);
        with.fits.insert(at, fit);
        with.starts[post as usize + 1..].iter_mut().for_each(|start| *start += 1);
        if !with.wishes.is_empty() {
            with.wishes.insert(at, 1);
        }
        with.parts.clear();
        with
    }

    /// Takes a pair out; draws know nothing of it.
    pub fn remove_edge(&mut self, post: u32, person: u32) {
        let Some(edge) = self.find(post, person) else { return };
        self.heads.remove(edge);
        self.fits.remove(edge);
        self.starts[post as usize + 1..].iter_mut().for_each(|start| *start -= 1);
        if !self.wishes.is_empty() {
            self.wishes.remove(edge);
        }
        self.parts.clear();
    }

    /// Takes all pairs of a person out, with what binds them.
    pub fn remove(&mut self, person: u32) {
        (0..self.posts() as u32).for_each(|post| self.remove_edge(post, person));
        self.holds[person as usize] = None;
        self.forced.retain(|pair| pair.1 != person);
    }

    /// Place of an edge.
    pub fn find(&self, post: u32, person: u32) -> Option<usize> {
        let range = self.range(post as usize);
        self.heads[range.clone()].binary_search(&person).ok().map(|at| range.start + at)
    }
}
