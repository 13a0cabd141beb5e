//! The units that no other surpasses: the only ones that can bound another unit's best weights.

/// A unit's values, none negative.
type Point = Vec<f64>;

/// The undominated units of a group. A unit is dominated where another has at least its value in
/// every child, and more in one.
#[derive(Clone, Debug, Default)]
pub(super) struct Frontier {
    /// Children.
    width: usize,
    /// Distinct undominated points, one after another.
    points: Vec<f64>,
    /// The one unit at each of them; none where several are.
    sole: Vec<Option<u32>>,
    /// Points that this frontier point alone dominates: they bound others if its unit is not there.
    behind: Vec<Vec<f64>>,
}

impl Frontier {
    /// Sorted by sum: whoever dominates comes first. O(n log n + n · f · c), f the frontier's points.
    pub fn new(units: &[(u32, Point)]) -> Frontier {
        let sum = |point: &Point| point.iter().sum::<f64>();
        let mut order: Vec<(f64, &Point, u32)> = units.iter().map(|(unit, point)| (sum(point), point, *unit)).collect();
        // Sums of equal points are equal; values decide, so that the order of units does not.
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| compare(b.1, a.1)));
        let width = order.first().map_or(1, |(_, point, _)| point.len().max(1));
        let mut out = Frontier { width, ..Frontier::default() };
        for (_, point, unit) in order {
            let (first, alone) = {
                let mut covering = out.points().enumerate().filter(|(_, other)| covers(other, point));
                let first = covering.next().map(|(at, other)| (at, other == point.as_slice()));
                (first, covering.next().is_none())
            };
            match first {
                None => {
                    out.points.extend(point);
                    out.sole.push(Some(unit));
                    out.behind.push(Vec::new());
                }
                // Only equal points cover one another.
                Some((same, true)) => out.sole[same] = None,
                Some((only, false)) if alone => out.behind[only].extend(point),
                Some(_) => {}
            }
        }
        // What is behind a point shared by several units is never laid bare.
        for (behind, _) in out.behind.iter_mut().zip(&out.sole).filter(|(_, sole)| sole.is_none()) {
            behind.clear();
        }
        out
    }

    /// The points.
    pub fn points(&self) -> impl Iterator<Item = &[f64]> + Clone {
        self.points.chunks_exact(self.width.max(1))
    }

    /// Points that bound others when one unit is not there: at least its undominated ones.
    pub fn without(&self, unit: u32) -> impl Iterator<Item = &[f64]> + Clone {
        let own = self.sole.iter().position(|sole| *sole == Some(unit));
        let rest = self.points().enumerate().filter(move |(at, _)| Some(*at) != own).map(|(_, point)| point);
        let behind = own.map_or(&[][..], |at| &self.behind[at]);
        rest.chain(behind.chunks_exact(self.width.max(1)))
    }
}

fn compare(a: &Point, b: &Point) -> std::cmp::Ordering {
    let unequal = a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).find(|order| order.is_ne());
    unequal.unwrap_or(std::cmp::Ordering::Equal)
}

/// At least as much in every child.
fn covers(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(x, y)| x >= y)
}
