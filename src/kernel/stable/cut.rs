//! Closures of greatest weight, as least cuts.

use std::collections::VecDeque;

/// A label above all that lead anywhere.
const FAR: u32 = u32::MAX;

/// The smallest of the closed sets of greatest total weight: with an element it holds all that
/// `before` names for it, which have lower numbers. Exact.
///
/// J.-C. Picard, "Maximal closure of a graph and applications to combinatorial problems",
/// *Management Science* 22 (1976) 1268–1272: losses (negative weights) are charged to the gains that
/// need them, a flow; what still reaches a gain that is not used up is worth having. The flow by
/// pushing and relabelling (A. V. Goldberg and R. E. Tarjan, *Journal of the ACM* 35 (1988)
/// 921–940), first in first out, with exact labels now and then.
///
/// The sum of the magnitudes of the weights must stay below 2¹²⁶, which 2³² sums of 64-bit numbers do.
pub(super) fn greatest_closure<'a>(weights: &[i128], before: impl Fn(usize) -> &'a [u32]) -> Vec<bool> {
    let mut network = Network::new(weights, before);
    network.charge();
    network.label.iter().map(|label| *label != FAR).collect()
}

/// Each element with what must come before it. Loss flows from there to the element without limit,
/// and back as far as it came.
struct Network {
    /// Arcs into an element: `starts[e]..starts[e + 1]`, with their tails and what they carry.
    starts: Vec<u32>,
    tails: Vec<u32>,
    flow: Vec<i128>,
    /// Arcs out of an element: numbers of arcs, and their heads.
    out_starts: Vec<u32>,
    out: Vec<(u32, u32)>,
    /// Loss not charged yet, gain not used up.
    loss: Vec<i128>,
    gain: Vec<i128>,
    /// At most the number of residual arcs to a gain that is not used up; [`FAR`]: there is none.
    label: Vec<u32>,
    /// How far each element has tried its arcs at its label.
    tried: Vec<u32>,
}

impl Network {
    fn new<'a>(weights: &[i128], before: impl Fn(usize) -> &'a [u32]) -> Network {
        let elements = weights.len();
        let (mut starts, mut tails) = (vec![0], Vec::new());
        let mut out_starts = vec![0u32; elements + 1];
        for element in 0..elements {
            tails.extend_from_slice(before(element));
            starts.push(tails.len() as u32);
            before(element).iter().for_each(|tail| out_starts[*tail as usize + 1] += 1);
        }
        for at in 0..elements {
            out_starts[at + 1] += out_starts[at];
        }
        let mut next = out_starts.clone();
        let mut out = vec![(0, 0); tails.len()];
        for head in 0..elements {
            for arc in starts[head]..starts[head + 1] {
                let at = &mut next[tails[arc as usize] as usize];
                out[*at as usize] = (arc, head as u32);
                *at += 1;
            }
        }
        Network {
            flow: vec![0; tails.len()],
            starts,
            tails,
            out_starts,
            out,
            loss: weights.iter().map(|w| (-w).max(0)).collect(),
            gain: weights.iter().map(|w| (*w).max(0)).collect(),
            label: vec![FAR; elements],
            tried: vec![0; elements],
        }
    }

    fn arcs_out(&self, element: usize) -> std::ops::Range<usize> {
        self.out_starts[element] as usize..self.out_starts[element + 1] as usize
    }

    fn arcs_in(&self, element: usize) -> std::ops::Range<usize> {
        self.starts[element] as usize..self.starts[element + 1] as usize
    }

    /// Charges losses to gains until no loss reaches a gain; labels are exact then.
    fn charge(&mut self) {
        self.relabel_all();
        let mut waiting: VecDeque<u32> = (0..self.loss.len() as u32).filter(|e| self.loss[*e as usize] > 0).collect();
        let mut lifted = 0;
        while let Some(element) = waiting.pop_front() {
            let element = element as usize;
            while self.loss[element] > 0 && self.label[element] != FAR {
                if !self.push(element, &mut waiting) {
                    self.relabel(element);
                    lifted += 1;
                }
            }
            if lifted > self.loss.len() {
                self.relabel_all();
                lifted = 0;
            }
        }
        self.relabel_all();
    }

    /// Pushes loss along the next arc that leads down, if there is one left to try.
    fn push(&mut self, element: usize, waiting: &mut VecDeque<u32>) -> bool {
        let used = self.loss[element].min(self.gain[element]);
        if used > 0 {
            self.loss[element] -= used;
            self.gain[element] -= used;
            return true;
        }
        let (out, into) = (self.arcs_out(element), self.arcs_in(element));
        while (self.tried[element] as usize) < out.len() + into.len() {
            let at = self.tried[element] as usize;
            let forward = at < out.len();
            let (arc, other) = if forward {
                let (arc, head) = self.out[out.start + at];
                (arc as usize, head as usize)
            } else {
                let arc = into.start + at - out.len();
                (arc, self.tails[arc] as usize)
            };
            let room = if forward { self.loss[element] } else { self.flow[arc].min(self.loss[element]) };
            if room > 0 && self.label[other] < self.label[element] {
                self.flow[arc] += if forward { room } else { -room };
                self.loss[element] -= room;
                if self.loss[other] == 0 {
                    waiting.push_back(other as u32);
                }
                self.loss[other] += room;
                return true;
            }
            self.tried[element] += 1;
        }
        false
    }

    /// One more than the lowest label that an arc with room leads to.
    fn relabel(&mut self, element: usize) {
        let out = self.out[self.arcs_out(element)].iter().map(|(_, head)| self.label[*head as usize]);
        let back = self.arcs_in(element).filter(|arc| self.flow[*arc] > 0);
        let lowest = out.chain(back.map(|arc| self.label[self.tails[arc] as usize])).min().unwrap_or(FAR);
        // No way is longer than there are elements.
        self.label[element] = if lowest as usize >= self.label.len() { FAR } else { lowest + 1 };
        self.tried[element] = 0;
    }

    /// Exact labels: distances to gains that are not used up.
    fn relabel_all(&mut self) {
        self.label.fill(FAR);
        self.tried.fill(0);
        let mut waiting = VecDeque::new();
        for element in 0..self.label.len() {
            if self.gain[element] > 0 {
                self.label[element] = 0;
                waiting.push_back(element);
            }
        }
        while let Some(element) = waiting.pop_front() {
            let next = self.label[element] + 1;
            for arc in self.arcs_in(element) {
                let tail = self.tails[arc] as usize;
                if self.label[tail] == FAR {
                    self.label[tail] = next;
                    waiting.push_back(tail);
                }
            }
            for at in self.arcs_out(element) {
                let (arc, head) = self.out[at];
                if self.flow[arc as usize] > 0 && self.label[head as usize] == FAR {
                    self.label[head as usize] = next;
                    waiting.push_back(head as usize);
                }
            }
        }
    }
}
