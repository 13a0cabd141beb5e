//! Largest matchings: J. E. Hopcroft and R. M. Karp, "An n^5/2 algorithm for maximum matchings in
//! bipartite graphs", *SIAM Journal on Computing* 2 (1973) 225–231.

use super::problem::NONE;
use super::side::{Cost, Side};

/// Matches as many of the nodes `from` as possible, besides all that are matched already (whose
/// partners may change). `mate` are partners of this side, `far` of the other. Returns those of
/// `from` that remain free, ascending.
pub(super) fn extend<C: Cost>(side: &Side<C>, mate: &mut [u32], far: &mut [u32], from: &[u32]) -> Vec<u32> {
    let mut free: Vec<u32> = Vec::new();
    for &node in from {
        if mate[node as usize] != NONE {
            continue;
        }
        match side.of(node as usize).iter().find(|arc| far[arc.head as usize] == NONE) {
            Some(arc) => {
                mate[node as usize] = arc.head;
                far[arc.head as usize] = node;
            }
            None => free.push(node),
        }
    }
    let mut level = vec![NONE; side.nodes()];
    let mut next = vec![0u32; side.nodes()];
    let mut queue = Vec::new();
    loop {
        // Layers from the free nodes, up to the first that sees a free partner.
        level.fill(NONE);
        queue.clear();
        for &node in &free {
            level[node as usize] = 0;
            next[node as usize] = 0;
            queue.push(node);
        }
        let mut deepest = NONE;
        let mut at = 0;
        while let Some(&node) = queue.get(at) {
            at += 1;
            let depth = level[node as usize];
            if depth >= deepest {
                break;
            }
            for arc in side.of(node as usize) {
                let holder = far[arc.head as usize];
                if holder == NONE {
                    deepest = depth + 1;
                } else if level[holder as usize] == NONE {
                    level[holder as usize] = depth + 1;
                    next[holder as usize] = 0;
                    queue.push(holder);
                }
            }
        }
        if deepest == NONE {
            free.sort_unstable();
            return free;
        }
        free.retain(|node| !advance(side, mate, far, &level, &mut next, *node, deepest));
    }
}

/// One augmenting path along the layers, if there is one left.
fn advance<C: Cost>(
    side: &Side<C>,
    mate: &mut [u32],
    far: &mut [u32],
    level: &[u32],
    next: &mut [u32],
    from: u32,
    deepest: u32,
) -> bool {
    let mut path: Vec<(u32, u32)> = Vec::new();
    let mut node = from;
    loop {
        let at = node as usize;
        let step = side.of(at)[next[at] as usize..].iter().position(|arc| {
            let holder = far[arc.head as usize];
            holder == NONE || (level[at] + 1 < deepest && level[holder as usize] == level[at] + 1)
        });
        let Some(step) = step else {
            // A dead end: the node before tries its next edge.
            next[at] = side.of(at).len() as u32;
            match path.pop() {
                None => return false,
                Some((before, _)) => node = before,
            }
            continue;
        };
        let edge = next[at] + step as u32;
        next[at] = edge + 1;
        let head = side.of(at)[edge as usize].head;
        path.push((node, head));
        match far[head as usize] {
            NONE => break,
            holder => node = holder,
        }
    }
    for (node, head) in path {
        mate[node as usize] = head;
        far[head as usize] = node;
    }
    true
}

/// All that alternating paths reach from the free nodes `from`: nodes of this side and of the other.
/// If no free node of the other side is among them, the first set has fewer neighbours than members.
pub(super) fn reach<C: Cost>(side: &Side<C>, far: &[u32], from: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut seen = vec![false; far.len()];
    let mut nodes = from.to_vec();
    let mut heads = Vec::new();
    let mut at = 0;
    while let Some(&node) = nodes.get(at) {
        at += 1;
        for arc in side.of(node as usize) {
            if !std::mem::replace(&mut seen[arc.head as usize], true) {
                heads.push(arc.head);
                if far[arc.head as usize] != NONE {
                    nodes.push(far[arc.head as usize]);
                }
            }
        }
    }
    nodes.sort_unstable();
    heads.sort_unstable();
    (nodes, heads)
}
