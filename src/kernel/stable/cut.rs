//! Closures of greatest weight, as least cuts.

use std::collections::VecDeque;

/// An arc of the network; its reverse has the number with the last bit flipped.
struct Arc {
    head: u32,
    room: i128,
}

/// A flow network for E. A. Dinic, "Algorithm for solution of a problem of maximum flow in a
/// network with power estimation", *Soviet Mathematics Doklady* 11 (1970) 1277–1280.
struct Network {
    arcs: Vec<Arc>,
    from: Vec<Vec<u32>>,
    level: Vec<u32>,
    next: Vec<u32>,
}

const FAR: u32 = u32::MAX;

impl Network {
    fn new(nodes: usize) -> Network {
        Network { arcs: Vec::new(), from: vec![Vec::new(); nodes], level: vec![FAR; nodes], next: vec![0; nodes] }
    }

    fn arc(&mut self, tail: usize, head: usize, room: i128) {
        self.from[tail].push(self.arcs.len() as u32);
        self.arcs.push(Arc { head: head as u32, room });
        self.from[head].push(self.arcs.len() as u32);
        self.arcs.push(Arc { head: tail as u32, room: 0 });
    }

    /// Distances from the source in arcs with room.
    fn layers(&mut self, source: usize) {
        self.level.fill(FAR);
        self.level[source] = 0;
        let mut waiting = VecDeque::from([source]);
        while let Some(node) = waiting.pop_front() {
            for &arc in &self.from[node] {
                let Arc { head, room } = self.arcs[arc as usize];
                if room > 0 && self.level[head as usize] == FAR {
                    self.level[head as usize] = self.level[node] + 1;
                    waiting.push_back(head as usize);
                }
            }
        }
    }

    /// Fills all shortest ways from source to sink.
    fn block(&mut self, source: usize, sink: usize) {
        self.next.fill(0);
        let mut path: Vec<u32> = Vec::new();
        loop {
            let node = path.last().map_or(source, |arc| self.arcs[*arc as usize].head as usize);
            if node == sink {
                let Some(room) = path.iter().map(|arc| self.arcs[*arc as usize].room).min() else { return };
                let mut keep = path.len();
                for (at, &arc) in path.iter().enumerate().rev() {
                    self.arcs[arc as usize].room -= room;
                    self.arcs[arc as usize ^ 1].room += room;
                    if self.arcs[arc as usize].room == 0 {
                        keep = at;
                    }
                }
                path.truncate(keep);
                continue;
            }
            match self.from[node].get(self.next[node] as usize) {
                Some(&arc) => {
                    let Arc { head, room } = self.arcs[arc as usize];
                    if room > 0 && self.level[head as usize] == self.level[node] + 1 {
                        path.push(arc);
                    } else {
                        self.next[node] += 1;
                    }
                }
                None => {
                    let Some(arc) = path.pop() else { return };
                    let tail = self.arcs[arc as usize ^ 1].head as usize;
                    self.next[tail] += 1;
                }
            }
        }
    }
}

/// The smallest of the closed sets of greatest total weight: with an element it holds all that
/// `before` names for it. Exact; J.-C. Picard, "Maximal closure of a graph and applications to
/// combinatorial problems", *Management Science* 22 (1976) 1268–1272.
///
/// The sum of the magnitudes of the weights must stay below 2¹²⁶, which 2³² sums of 64-bit numbers do.
pub(super) fn greatest_closure<'a>(weights: &[i128], before: impl Fn(usize) -> &'a [u32]) -> Vec<bool> {
    let (source, sink) = (weights.len(), weights.len() + 1);
    let unlimited = weights.iter().map(|w| w.abs()).sum::<i128>() + 1;
    let mut network = Network::new(weights.len() + 2);
    for (element, &weight) in weights.iter().enumerate() {
        match weight {
            0 => {}
            1.. => network.arc(source, element, weight),
            _ => network.arc(element, sink, -weight),
        }
        for &other in before(element) {
            network.arc(element, other as usize, unlimited);
        }
    }
    loop {
        network.layers(source);
        if network.level[sink] == FAR {
            return network.level[..weights.len()].iter().map(|level| *level != FAR).collect();
        }
        network.block(source, sink);
    }
}
