//! One side of the bipartite graph in compressed form, and the same edges from the other side.

/// How costs are stored: in 32 bits where all fit, else in 64. Arithmetic is always in 64.
pub(super) trait Cost: Copy + Send + Sync + Into<i64> + 'static {
    /// The stored form; callers have checked the range.
    fn store(cost: i64) -> Self;
}

impl Cost for i32 {
    fn store(cost: i64) -> i32 {
        debug_assert!(i32::try_from(cost).is_ok(), "{cost} in 32 bits");
        cost as i32
    }
}

impl Cost for i64 {
    fn store(cost: i64) -> i64 {
        cost
    }
}

/// An edge as one of its ends sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Arc<C> {
    pub head: u32,
    pub cost: C,
}

/// For each node its edges, in order of their heads.
#[derive(Clone, Debug)]
pub(super) struct Side<C> {
    pub starts: Vec<u32>,
    pub arcs: Vec<Arc<C>>,
}

impl<C: Cost> Side<C> {
    pub fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    /// A node's edges.
    pub fn of(&self, node: usize) -> &[Arc<C>] {
        &self.arcs[self.starts[node] as usize..self.starts[node + 1] as usize]
    }

    /// Has the edges of some nodes in the processor's cache when they are looked at next.
    pub fn touch(&self, nodes: &[u32]) {
        // One edge of each cache line; the loads do not wait for each other.
        let lines = nodes.iter().flat_map(|node| self.of(*node as usize).iter().step_by(64 / size_of::<Arc<C>>()));
        std::hint::black_box(lines.fold(0, |sum, arc| sum ^ arc.head));
    }

    /// A node's edges: head and cost.
    pub fn edges(&self, node: usize) -> impl Iterator<Item = (usize, i64)> + '_ {
        self.of(node).iter().map(|arc| (arc.head as usize, arc.cost.into()))
    }

    /// All costs, node by node.
    pub fn costs(&self) -> impl Iterator<Item = i64> + '_ {
        self.arcs.iter().map(|arc| arc.cost.into())
    }

    /// Cost of the edge to `head`, if there is one.
    pub fn cost(&self, node: usize, head: u32) -> Option<i64> {
        let arcs = self.of(node);
        let at = arcs.binary_search_by_key(&head, |arc| arc.head).ok()?;
        Some(arcs[at].cost.into())
    }

    /// The same edges from the other side, again in order of heads.
    pub fn transpose(&self, others: usize) -> Side<C> {
        let mut starts = vec![0u32; others + 1];
        for arc in &self.arcs {
            starts[arc.head as usize + 1] += 1;
        }
        for at in 0..others {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut arcs = vec![Arc { head: 0, cost: C::store(0) }; self.arcs.len()];
        for node in 0..self.nodes() {
            for arc in self.of(node) {
                let at = &mut next[arc.head as usize];
                arcs[*at as usize] = Arc { head: node as u32, cost: arc.cost };
                *at += 1;
            }
        }
        Side { starts, arcs }
    }
}
