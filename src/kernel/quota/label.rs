//! Labels of the search for exchanges: where a chain stands and what it has changed so far.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::search::NONE;

/// A chain, or several, up to a row that waits for a column.
#[derive(Clone, Copy)]
pub(super) struct Label {
    /// The row that waits; [`NONE`]: the chain has closed and another may begin.
    pub row: u32,
    /// How it closed: the edge that the row before took, or [`NONE`] if that row stays open.
    pub closed: u32,
    /// How many chains have closed.
    pub chains: u32,
    /// The label before.
    pub before: u32,
    /// The row that began the present chain.
    pub root: u32,
    /// Rows in it so far.
    pub length: u32,
    /// What has been lost (above 0) or won so far.
    pub merit: i64,
    /// Names the changes of the sums.
    pub key: u64,
    /// Where the changes of the sums are.
    pub from: u32,
    pub to: u32,
}

/// What is looked for, and the best found so far: what it wins, the label of the last row and the
/// edge that this row takes ([`NONE`]: it stays open).
pub(super) struct Quest {
    pub reach: i64,
    pub chains: u32,
    pub merit: i64,
    pub at: u32,
    pub edge: u32,
}

impl Quest {
    /// What a label's merit must stay below.
    pub fn limit(&self) -> i64 {
        self.merit.saturating_add(self.reach)
    }
}

/// A chain that closes: its last label, the edge that the last row takes, merit and key then.
pub(super) struct Stop {
    pub at: u32,
    pub edge: u32,
    pub merit: i64,
    pub key: u64,
}

/// A value by a name that [`mix`] made.
pub(super) type Hopes = HashMap<u64, i128, BuildHasherDefault<Mixed>>;

/// All labels of one search; the memory is used again by the next.
#[derive(Default)]
pub(super) struct Labels {
    pub all: Vec<Label>,
    /// Changes of the sums: quota and by how much.
    pub changes: Vec<(u32, i64)>,
    pub roots: Vec<u32>,
    /// Changes by one row, while it is looked at.
    pub moves: Vec<(u32, i64)>,
    /// What quotas could win at each row; see `Core::hope`.
    pub hopes: Hopes,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    /// Best merit for each waiting row and change of the sums. Only looked up, never listed.
    known: HashMap<u64, i64, BuildHasherDefault<Mixed>>,
}

impl Labels {
    /// Forgets everything and begins with one label that has done nothing yet.
    pub fn restart(&mut self, roots: &[u32]) {
        self.all.clear();
        self.changes.clear();
        self.heap.clear();
        self.known.clear();
        self.hopes.clear();
        self.roots.clear();
        self.roots.extend_from_slice(roots);
        self.push(Label {
            row: NONE,
            closed: NONE,
            chains: 0,
            before: NONE,
            root: NONE,
            length: 0,
            merit: 0,
            key: 0,
            from: 0,
            to: 0,
        });
    }

    pub fn pop(&mut self) -> Option<(i64, u32)> {
        self.heap.pop().map(|Reverse(best)| best)
    }

    pub fn push(&mut self, label: Label) {
        self.heap.push(Reverse((label.merit, self.all.len() as u32)));
        self.all.push(label);
    }

    /// Whether no label of this key was as good; notes it.
    pub fn is_new(&mut self, key: u64, merit: i64) -> bool {
        if self.known.get(&key).is_some_and(|known| *known <= merit) {
            return false;
        }
        self.known.insert(key, merit);
        true
    }

    /// A chain closes: perhaps the best way to end, perhaps only the first of several chains.
    pub fn close(&mut self, quest: &mut Quest, stop: Stop, moves: &[(u32, i64)]) {
        let Stop { at, edge, merit, key } = stop;
        if merit < quest.merit {
            (quest.merit, quest.at, quest.edge) = (merit, at, edge);
        }
        let label = self.all[at as usize];
        if label.chains + 1 >= quest.chains || merit >= quest.limit() || !self.is_new(key ^ mix(1 << 41), merit) {
            return;
        }
        let (from, to) = self.merge(&label, moves);
        let (chains, before) = (label.chains + 1, at);
        self.push(Label { row: NONE, closed: edge, chains, before, root: NONE, length: 0, merit, key, from, to });
    }

    /// A label's changes together with further ones.
    pub fn merge(&mut self, label: &Label, moves: &[(u32, i64)]) -> (u32, u32) {
        if moves.is_empty() {
            return (label.from, label.to);
        }
        let from = self.changes.len();
        self.changes.extend_from_within(label.from as usize..label.to as usize);
        for &(quota, change) in moves {
            match self.changes[from..].iter_mut().find(|c| c.0 == quota) {
                Some(known) => known.1 += change,
                None => self.changes.push((quota, change)),
            }
        }
        (from as u32, self.changes.len() as u32)
    }
}

/// Whether a row is part of a label's chains.
pub(super) fn within(labels: &[Label], mut at: u32, row: u32) -> bool {
    while at != NONE {
        let label = &labels[at as usize];
        if label.row == row {
            return true;
        }
        at = label.before;
    }
    false
}

/// Names a waiting row together with the changes so far.
pub(super) fn waiting(key: u64, row: u32) -> u64 {
    key ^ mix(u64::from(row) | 1 << 40)
}

/// Spreads a number over 64 bits (the finaliser of SplitMix64; S. Vigna).
pub(super) fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Keys are mixed already.
#[derive(Default)]
pub(super) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
