//! Laws of weights: one vector of shares drawn around another.

use super::policy::Law;
use crate::kernel::draw::Draw;
use crate::kernel::simplex;

/// Buffers of [`Sampler::draw`].
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    points: Vec<f64>,
    order: Vec<u32>,
}

/// A law made ready for one vector of shares.
#[derive(Clone, Debug, PartialEq)]
pub enum Sampler {
    /// Dirichlet with that concentration, mean the declared shares.
    Dirichlet(f64),
    /// Uniform on the simplex.
    Uniform,
    /// Times 1 ± that share, scaled.
    Noise(f64),
    /// Uniform on w(a) ≥ w(b) ≥ … ≥ those not named, in whatever order these are.
    Ranked(Vec<u32>),
    /// Uniform within bounds.
    Bounded(Bounded),
}

impl Sampler {
    /// The law for items of these keys; `None` where it has nothing to say of them (no key is named).
    ///
    /// # Errors
    /// The parameters contradict themselves: one sentence.
    pub fn new(law: &Law, keys: &[&str]) -> Result<Option<Sampler>, String> {
        Ok(Some(match law {
            Law::Dirichlet { concentration } if *concentration > 0.0 && concentration.is_finite() => {
                Sampler::Dirichlet(*concentration)
            }
            Law::Dirichlet { .. } => return Err("`concentration` must be positive".into()),
            Law::Uniform {} => Sampler::Uniform,
            Law::Noise { share } if (0.0..=1.0).contains(share) => Sampler::Noise(*share),
            Law::Noise { .. } => return Err("`share` must lie between 0 and 1".into()),
            Law::Ranked { order } => {
                let place = |key: &String| keys.iter().position(|k| k == key).map(|at| at as u32);
                let named: Vec<u32> = order.iter().filter_map(place).collect();
                if (1..named.len()).any(|at| named[..at].contains(&named[at])) {
                    return Err("`order` names a key twice".into());
                }
                if named.is_empty() {
                    return Ok(None);
                }
                Sampler::Ranked(named)
            }
            Law::Bounded { bounds } => {
                if !keys.iter().any(|key| bounds.contains_key(*key)) {
                    return Ok(None);
                }
                Sampler::Bounded(Bounded::new(keys.iter().map(|k| bounds.get(*k).copied().unwrap_or([0.0, 1.0])))?)
            }
        }))
    }

    /// Draws shares into `out`; `base` are the declared ones, summing to 1.
    pub fn draw(&self, draw: &mut Draw, base: &[f64], out: &mut [f64], scratch: &mut Scratch) {
        match self {
            Sampler::Dirichlet(concentration) => simplex::dirichlet(draw, base, *concentration, out),
            Sampler::Uniform => simplex::uniform(draw, out),
            Sampler::Noise(share) => {
                out.iter_mut().zip(base).for_each(|(w, b)| *w = b * (1.0 + share * (2.0 * draw.open() - 1.0)));
                scale(out);
            }
            Sampler::Ranked(named) => {
                let Scratch { points, order } = scratch;
                points.resize(out.len(), 0.0);
                simplex::uniform(draw, points);
                points.sort_unstable_by(|a, b| b.total_cmp(a));
                order.clear();
                order.extend(named);
                order.extend((0..out.len() as u32).filter(|at| !named.contains(at)));
                draw.shuffle(&mut order[named.len()..]);
                order.iter().zip(points).for_each(|(&at, weight)| out[at as usize] = *weight);
            }
            Sampler::Bounded(bounded) => bounded.draw(draw, out),
        }
    }
}

fn scale(weights: &mut [f64]) {
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|w| *w /= sum);
}

/// Uniform on the weights that sum to 1 and lie within bounds. Exact: points of a larger set on which
/// the uniform law is easily drawn, until one lies within the bounds. Of three such sets the one that
/// takes fewest trials here is chosen beforehand. Where none hits in [`TRIES`] trials (dozens of
/// weights with bounds that hardly leave room) the point comes from hit-and-run instead (Smith
/// 1984), whose law only approaches the uniform one with the number of steps: 20 n² of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounded {
    low: Vec<f64>,
    high: Vec<f64>,
    /// A point within the bounds.
    inside: Vec<f64>,
    from: Proposal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proposal {
    /// low + (1 − Σ low) · uniform on the simplex.
    AboveLow,
    /// high − (Σ high − 1) · uniform on the simplex.
    BelowHigh,
    /// All but the widest uniform within their bounds, the widest takes the rest.
    Box,
}

const PROPOSALS: [Proposal; 3] = [Proposal::AboveLow, Proposal::BelowHigh, Proposal::Box];
/// Trials before hit-and-run.
const TRIES: usize = 20_000;
/// Trials of each set beforehand.
const PILOT: u64 = 500;
/// Room for rounding error where bounds are compared with 1.
const SLACK: f64 = 1e-9;

impl Bounded {
    /// # Errors
    /// No weights lie within the bounds: one sentence.
    pub fn new(bounds: impl Iterator<Item = [f64; 2]>) -> Result<Bounded, String> {
        let (low, high): (Vec<f64>, Vec<f64>) = bounds.map(|[low, high]| (low, high)).unzip();
        if !low.iter().zip(&high).all(|(l, h)| 0.0 <= *l && l <= h && *h <= 1.0) {
            return Err("`bounds` must be two numbers from 0 to 1, the lower first".into());
        }
        let (least, most) = (low.iter().sum::<f64>(), high.iter().sum::<f64>());
        if least > 1.0 + SLACK || most < 1.0 - SLACK {
            return Err(format!("within `bounds` weights sum to {least} at least and {most} at most, never to 1"));
        }
        let part = if most > least { ((1.0 - least) / (most - least)).clamp(0.0, 1.0) } else { 0.0 };
        let inside: Vec<f64> = low.iter().zip(&high).map(|(l, h)| l + part * (h - l)).collect();
        let mut out = Bounded { low, high, inside, from: Proposal::Box };
        let mut point = vec![0.0; out.low.len()];
        let mut hits = |from: Proposal| {
            let out = Bounded { from, ..out.clone() };
            (0..PILOT).filter(|&trial| out.propose(&mut Draw::named(0, "bounds", trial), &mut point)).count()
        };
        let counts = PROPOSALS.map(&mut hits);
        let best = (0..PROPOSALS.len()).max_by_key(|&at| (counts[at], PROPOSALS.len() - at)).unwrap_or(0);
        out.from = PROPOSALS[best];
        Ok(out)
    }

    /// Is there room to move?
    fn free(&self) -> bool {
        self.low.iter().zip(&self.high).filter(|(l, h)| h > l).count() > 1
            && self.low.iter().sum::<f64>() < 1.0 - SLACK
            && self.high.iter().sum::<f64>() > 1.0 + SLACK
    }

    fn draw(&self, draw: &mut Draw, out: &mut [f64]) {
        if !self.free() {
            out.copy_from_slice(&self.inside);
            return;
        }
        for _ in 0..TRIES {
            if self.propose(draw, out) {
                return;
            }
        }
        self.wander(draw, out);
    }

    /// A point of the proposal; does it lie within the bounds?
    fn propose(&self, draw: &mut Draw, out: &mut [f64]) -> bool {
        match self.from {
            Proposal::AboveLow => {
                let rest = 1.0 - self.low.iter().sum::<f64>();
                simplex::uniform(draw, out);
                out.iter_mut().zip(&self.low).for_each(|(w, low)| *w = low + rest * *w);
                out.iter().zip(&self.high).all(|(w, high)| w <= high)
            }
            Proposal::BelowHigh => {
                let over = self.high.iter().sum::<f64>() - 1.0;
                simplex::uniform(draw, out);
                out.iter_mut().zip(&self.high).for_each(|(w, high)| *w = high - over * *w);
                out.iter().zip(&self.low).all(|(w, low)| w >= low)
            }
            Proposal::Box => {
                let width = |at: usize| self.high[at] - self.low[at];
                let widest = (0..out.len()).max_by(|a, b| width(*a).total_cmp(&width(*b))).unwrap_or(0);
                let mut rest = 1.0;
                for at in (0..out.len()).filter(|&at| at != widest) {
                    out[at] = draw.between(self.low[at], self.high[at]);
                    rest -= out[at];
                }
                out[widest] = rest;
                self.low[widest] <= rest && rest <= self.high[widest]
            }
        }
    }

    /// Hit-and-run: from point to point along random directions in the plane of sum 1.
    fn wander(&self, draw: &mut Draw, out: &mut [f64]) {
        out.copy_from_slice(&self.inside);
        let n = out.len();
        let mut way = vec![0.0; n];
        for _ in 0..20 * n * n {
            way.iter_mut().for_each(|d| *d = draw.normal(0.0, 1.0));
            let mean = way.iter().sum::<f64>() / n as f64;
            let (mut from, mut to) = (f64::NEG_INFINITY, f64::INFINITY);
            for at in 0..n {
                way[at] -= mean;
                let ends = [(self.low[at] - out[at]) / way[at], (self.high[at] - out[at]) / way[at]];
                if way[at] != 0.0 {
                    from = from.max(ends[0].min(ends[1]));
                    to = to.min(ends[0].max(ends[1]));
                }
            }
            // Rounding may leave a point a hair outside.
            let step = draw.between(from.min(0.0), to.max(0.0));
            if step.is_finite() {
                out.iter_mut().zip(&way).for_each(|(w, d)| *w += step * d);
            }
        }
        for (share, (low, high)) in out.iter_mut().zip(self.low.iter().zip(&self.high)) {
            *share = share.clamp(*low, *high);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: u64 = 20_000;

    fn law(text: &str) -> Law {
        toml::from_str(text).expect("a law")
    }

    fn sampler(text: &str, keys: &[&str]) -> Sampler {
        Sampler::new(&law(text), keys).expect("sound parameters").expect("keys that it names")
    }

    /// Means of draws of f.
    fn mean(sampler: &Sampler, base: &[f64], f: &dyn Fn(&[f64]) -> f64) -> f64 {
        let (mut out, mut scratch) = (vec![0.0; base.len()], Scratch::default());
        let draw = |r: u64| {
            sampler.draw(&mut Draw::named(5, "law", r), base, &mut out, &mut scratch);
            assert!((out.iter().sum::<f64>() - 1.0).abs() < 1e-12 && out.iter().all(|w| *w >= 0.0), "{out:?}");
            f(&out)
        };
        (0..DRAWS).map(draw).sum::<f64>() / DRAWS as f64
    }

    #[test]
    fn ranked_weights_are_uniform_on_the_order_cone() {
        // Means of the uniform law on w1 ≥ w2 ≥ … ≥ wn: rank-order centroids, (1/n) Σ_{k≥i} 1/k
        // (Barron & Barrett 1996).
        let sampler = sampler("type='ranked'\norder=['c','a','b']", &["a", "b", "c"]);
        for (at, wanted) in [(2, 11.0 / 18.0), (0, 5.0 / 18.0), (1, 2.0 / 18.0)] {
            let mean = mean(&sampler, &[0.2, 0.3, 0.5], &|w| w[at]);
            assert!((mean - wanted).abs() < 0.006, "{mean} {wanted}");
        }
        // Unnamed keys share what is left in any order.
        let sampler = super::tests::sampler("type='ranked'\norder=['b']", &["a", "b", "c"]);
        assert!((mean(&sampler, &[0.2, 0.3, 0.5], &|w| w[0]) - 3.5 / 18.0).abs() < 0.006);
        assert_eq!(mean(&sampler, &[0.2, 0.3, 0.5], &|w| f64::from(u8::from(w[1] >= w[0].max(w[2])))), 1.0);
    }

    #[test]
    fn noise_keeps_to_its_share() {
        let sampler = sampler("type='noise'\nshare=0.25", &["a", "b"]);
        // Before scaling each is uniform, so w1/(w1 + w2) is symmetric about the declared half.
        assert!((mean(&sampler, &[0.5, 0.5], &|w| w[0]) - 0.5).abs() < 0.003);
        assert_eq!(mean(&sampler, &[0.5, 0.5], &|w| f64::from(u8::from((0.375..=0.625).contains(&w[0])))), 1.0);
    }

    #[test]
    fn bounded_weights_are_uniform_whatever_the_proposal() {
        // w on the simplex of three, a ≤ 0.5 and b ≥ 0.2: area by integration over a and b. With a
        // from 0 to 0.5, b from 0.2 to 1 − a, mean of a = ∫ a (0.8 − a) da / ∫ (0.8 − a) da.
        let sampler = sampler("type='bounded'\nbounds={a=[0,0.5],b=[0.2,1]}", &["a", "b", "c"]);
        let wanted = (0.8 * 0.125 - 0.125 / 3.0) / (0.4 - 0.125);
        let Sampler::Bounded(bounded) = sampler else { panic!("bounded") };
        for from in PROPOSALS {
            let sampler = Sampler::Bounded(Bounded { from, ..bounded.clone() });
            let found = mean(&sampler, &[0.3, 0.3, 0.4], &|w| w[0]);
            assert!((found - wanted).abs() < 0.005, "{from:?} {found} {wanted}");
        }
        // Hit-and-run comes near.
        let mut out = [0.0; 3];
        let walk = (0..2000).map(|r| {
            bounded.wander(&mut Draw::new(8, r), &mut out);
            out[0]
        });
        let found = walk.sum::<f64>() / 2000.0;
        assert!((found - wanted).abs() < 0.015, "{found} {wanted}");
    }

    #[test]
    fn bounds_that_leave_little_room_are_kept() {
        let keys: Vec<String> = (0..40).map(|k| format!("k{k}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let bounds: Vec<String> = keys.iter().map(|k| format!("{k}=[0.02,0.03]")).collect();
        let sampler = sampler(&format!("type='bounded'\nbounds={{{}}}", bounds.join(",")), &keys);
        let (mut out, mut scratch) = (vec![0.0; 40], Scratch::default());
        for r in 0..50 {
            sampler.draw(&mut Draw::new(1, r), &[0.025; 40], &mut out, &mut scratch);
            assert!(out.iter().all(|w| (0.02..=0.03).contains(w)) && (out.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        // No room at all.
        let fixed = super::tests::sampler("type='bounded'\nbounds={a=[0.4,0.4],b=[0.6,0.6]}", &["a", "b"]);
        let mut out = [0.0; 2];
        fixed.draw(&mut Draw::new(1, 1), &[0.5, 0.5], &mut out, &mut scratch);
        assert_eq!(out, [0.4, 0.6]);
    }

    #[test]
    fn contradictions_are_told() {
        for (text, word) in [
            ("type='dirichlet'\nconcentration=0", "concentration"),
            ("type='noise'\nshare=1.5", "share"),
            ("type='ranked'\norder=['a','a']", "twice"),
            ("type='bounded'\nbounds={a=[0.7,1],b=[0.7,1]}", "never to 1"),
            ("type='bounded'\nbounds={a=[0.7,0.6]}", "bounds"),
        ] {
            let message = Sampler::new(&law(text), &["a", "b"]).expect_err(text);
            assert!(message.contains(word), "{message}");
        }
        assert_eq!(Sampler::new(&law("type='ranked'\norder=['x']"), &["a", "b"]), Ok(None));
    }
}
